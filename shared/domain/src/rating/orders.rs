//! One-off orders, charged in the month they were delivered (A30, A53, Z8, O1).

use rust_decimal::Decimal;

use crate::catalog::charge::{Model, OneOff};
use crate::catalog::meter::Unit;
use crate::catalog::tiers::Price;
use crate::rating::frame::{Frame, Run, within};
use crate::rating::output::{Item, Output};
use crate::rating::pools::{Covered, Source};
use crate::rating::{Basis, HoldReason};
use crate::usage::Order;

/// Charges the orders that became known in the billed month.
pub(super) fn rate(frame: &Frame<'_>, run: &Run<'_>, one_off: &OneOff, covered: &Covered<'_>, out: &mut Output) {
    let mut orders: Vec<(usize, &Order)> = frame
        .usage
        .orders
        .iter()
        .enumerate()
        .filter(|(_, order)| {
            order.charge == run.charge.id && order.billed() == frame.billed && within(&run.spans, order.day)
        })
        .collect();
    // Equal orders stay as they came: pools cover the first of them.
    orders.sort_by_key(|(_, order)| *order);
    for (index, order) in orders {
        let (unit_price, agreed) = match price(frame, run, one_off, order) {
            Ok(price) => price,
            Err(reason) => {
                out.hold(reason);
                continue;
            }
        };
        let free = covered.of(Source::Order(index), run, frame.billed);
        let text = match &order.text {
            Some(what) => run.charge.text.with(&format!(": {what}"), &format!(": {what}")),
            None => run.charge.text.clone(),
        };
        out.push(Item {
            text,
            quantity: order.quantity - free,
            unit: Unit::PIECE,
            unit_price,
            period: (order.day, order.day),
            charged_on: order.day.max(frame.billed.first()),
            days: vec![(order.day, order.quantity)],
            basis: Basis::Order { ordered: order.quantity, covered: free, agreed },
            ..Item::of(frame, run)
        });
    }
}

/// The price of an order and whether it was agreed: that of the order, that of the account, that of the
/// catalogue. A price that the catalogue fixes stays what it is; one it says "from" can be higher (A30).
fn price(frame: &Frame<'_>, run: &Run<'_>, one_off: &OneOff, order: &Order) -> Result<(Decimal, bool), HoldReason> {
    let agreed = order.agreed_price.or_else(|| frame.subscription.agreed_price(&run.charge.id));
    let refused = |allowed: String| {
        Err(HoldReason::AgreedPriceNotAllowed { charge: run.charge.id.clone(), day: order.day, allowed })
    };
    match (one_off.price, agreed) {
        (Price::OnRequest, Some(agreed)) => Ok((agreed, true)),
        (Price::OnRequest, None) => Err(HoldReason::NoAgreedPrice(run.charge.id.clone())),
        (Price::Amount(price), None) => Ok((price, false)),
        (Price::Amount(price), Some(agreed)) if agreed == price => Ok((price, false)),
        (Price::Amount(price), Some(agreed)) if one_off.from && agreed > price => Ok((agreed, true)),
        (Price::Amount(price), Some(_)) if one_off.from => refused(format!("{price} or more")),
        (Price::Amount(price), Some(_)) => refused(price.to_string()),
    }
}

/// Holds orders of something the plan of their day does not sell.
pub(super) fn check(frame: &Frame<'_>, out: &mut Output) {
    let mut orders: Vec<&Order> = frame.usage.orders.iter().filter(|order| order.billed() == frame.billed).collect();
    orders.sort_unstable();
    for order in orders {
        let Some((catalogue, plan)) = frame.plan_on(order.day) else {
            if frame.subscription.phase_on(order.day).is_none() {
                out.hold(HoldReason::NoSubscription { what: order.charge.to_string(), day: order.day });
            }
            continue;
        };
        let sold = catalogue.charges_of(plan).any(|charge| {
            let booked = charge.add_on.as_ref().is_none_or(|add_on| frame.has_add_on(plan, add_on, order.day));
            charge.id == order.charge && matches!(charge.model, Model::OneOff(_)) && booked
        });
        if !sold {
            out.hold(HoldReason::NotSold { plan: catalogue.plan_key(&plan.id), charge: order.charge.clone() });
        }
    }
}
