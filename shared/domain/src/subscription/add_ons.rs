//! Booking add-ons and giving them up (Z4, S1).

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::names::AddOnId;
use crate::problem::line;
use crate::subscription::change::Decision;
use crate::subscription::decide::{Current, QUANTITY_LIMIT};
use crate::subscription::needs::{self, Asked, name_add_on};
use crate::subscription::refusal::{Named, Refusal};
use crate::subscription::{Booking, Subscription};

/// Most bookings in force at once.
const BOOKINGS_LIMIT: usize = 200;
/// Most characters of a label.
const LABEL_LIMIT: usize = 100;

/// Books so many in all under a label.
///
/// What comes on top is a booking of its own from today: free days and years count from its own first day. What is
/// less ends with the month, the newest first. Booking what was given up this month takes the giving up back.
pub(super) fn book(
    current: &Current<'_>,
    add_on: &AddOnId,
    quantity: Decimal,
    label: Option<&str>,
) -> Result<Decision, Refusal> {
    let Current { catalogues, before, today, .. } = *current;
    let named = known(current, add_on)?;
    let label = read_label(label)?;
    if quantity <= Decimal::ZERO || quantity > Decimal::from(QUANTITY_LIMIT) {
        return Err(Refusal::NotAQuantity { most: QUANTITY_LIMIT });
    }
    let is_it = |booking: &&mut Booking| same(booking, add_on, label.as_deref()) && booking.covers(today);
    let mut after = before.clone();
    let mut booked = Decimal::ZERO;
    for booking in after.bookings.iter_mut().filter(is_it) {
        booking.until = None;
        booked += booking.quantity;
    }
    if booked < quantity {
        let more = quantity - booked;
        let of_today = after.bookings.iter_mut().filter(is_it).find(|booking| booking.from == today);
        match of_today {
            Some(booking) => booking.quantity += more,
            None => after.bookings.push(Booking {
                add_on: add_on.clone(),
                quantity: more,
                from: today,
                until: None,
                label: label.clone(),
            }),
        }
    } else if quantity < booked {
        let fewer = after
            .bookings
            .iter()
            .enumerate()
            .filter(|(_, booking)| same(booking, add_on, label.as_deref()) && booking.covers(today));
        let fewer: Vec<usize> = fewer.map(|(index, _)| index).collect();
        end_newest(&mut after, &fewer, booked - quantity, today.month().last());
    }
    if after == *before {
        return Err(Refusal::AlreadyBooked { add_on: named, quantity });
    }
    if after.bookings.iter().filter(|booking| booking.until.is_none_or(|last| last >= today)).count() > BOOKINGS_LIMIT {
        return Err(Refusal::TooManyBookings { most: BOOKINGS_LIMIT });
    }
    needs::check(catalogues, before, &after, today, Asked::ToBook)?;
    let effective_on = if quantity < booked { today.month().next().first() } else { today };
    Ok(Decision { after, effective_on, warnings: Vec::new(), timers: Vec::new() })
}

/// Ends all bookings of an add-on under a label with this month (Z4).
pub(super) fn give_up(current: &Current<'_>, add_on: &AddOnId, label: Option<&str>) -> Result<Decision, Refusal> {
    let Current { catalogues, before, today, .. } = *current;
    let named = known(current, add_on)?;
    let label = read_label(label)?;
    let last = today.month().last();
    let mut after = before.clone();
    let mut found = None;
    for booking in after.bookings.iter_mut().filter(|booking| same(booking, add_on, label.as_deref())) {
        if booking.covers(today) {
            let until = booking.until.map_or(last, |until| until.min(last));
            booking.until = Some(until);
            found = found.max(Some(until));
        }
    }
    let until = found.ok_or_else(|| Refusal::NotBooked { add_on: named.clone() })?;
    if after == *before {
        return Err(Refusal::GivenUp { add_on: named, until });
    }
    needs::check(catalogues, before, &after, today, Asked::ToLetGo)?;
    Ok(Decision { after, effective_on: last.next(), warnings: Vec::new(), timers: Vec::new() })
}

fn known(current: &Current<'_>, add_on: &AddOnId) -> Result<Named, Refusal> {
    let booked = current.before.bookings.iter().any(|booking| booking.add_on == *add_on);
    if booked || current.catalogue.add_on(add_on).is_some() {
        Ok(name_add_on(current.catalogues, current.before, add_on))
    } else {
        Err(Refusal::UnknownAddOn { add_on: add_on.to_string() })
    }
}

fn read_label(label: Option<&str>) -> Result<Option<String>, Refusal> {
    label.map(|label| line(label, LABEL_LIMIT)).transpose().map_err(Refusal::Label)
}

fn same(booking: &Booking, add_on: &AddOnId, label: Option<&str>) -> bool {
    booking.add_on == *add_on && booking.label.as_deref() == label
}

/// Ends a quantity of some bookings on a day, the newest first. One of which a part stays becomes two with the same
/// first day: no day that is past has another quantity, and the part that stays keeps its year (A31).
fn end_newest(subscription: &mut Subscription, indices: &[usize], surplus: Decimal, last: Day) {
    let mut left = surplus;
    for index in indices.iter().rev() {
        let Some(booking) = subscription.bookings.get_mut(*index).filter(|_| left > Decimal::ZERO) else { break };
        if booking.quantity <= left {
            left -= booking.quantity;
            booking.until = Some(last);
        } else {
            let ending = Booking { quantity: left, until: Some(last), ..booking.clone() };
            booking.quantity -= left;
            subscription.bookings.push(ending);
            break;
        }
    }
}
