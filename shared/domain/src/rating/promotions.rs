//! The top-up to a minimum, and what promotion codes take off.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::calendar::Month;
use crate::catalog::charge::{Issuer, VatClass};
use crate::catalog::meter::Unit;
use crate::catalog::plan::{Discount, MinimumSpend, Promotion};
use crate::catalog::{Catalogue, PlanKey};
use crate::invoice::{Line, Provenance, Share};
use crate::language::{Language, Text};
use crate::money::{Money, UnitPrice};
use crate::rating::frame::{Frame, Segment, Span, days_of, overlap};
use crate::rating::output::{Output, Place, Placed, net_of, source, vat_of};
use crate::rating::{Basis, HoldReason, RatedLine, exact};
use crate::subscription::Redemption;
use crate::vat::VatTreatment;

/// The least amount that can be taken off.
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Last of all lines.
const LAST: Place = Place { late: true, segment: usize::MAX, charge: usize::MAX };

/// Adds what is missing to the minimum of the plan: of its share of the month, or of the last plan's whole.
pub(super) fn top_up(frame: &Frame<'_>, out: &mut Output) {
    if frame.segments.iter().all(|segment| segment.plan.minimum_spend.is_none()) {
        return;
    }
    // What is left of each line: what came late belongs to another month.
    let amount = |placed: &Placed| if placed.place.late { Decimal::ZERO } else { placed.line.line.net.amount() };
    let mut left: Vec<Decimal> = out.lines.iter().map(amount).collect();
    for (index, segment) in frame.segments.iter().enumerate() {
        let Some(minimum) = &segment.plan.minimum_spend else { continue };
        let is_last = index + 1 == frame.segments.len();
        if !minimum.prorated && !is_last {
            continue;
        }
        let share = if minimum.prorated { frame.share(days_of(segment.span)) } else { None };
        let Some(least) = net_of(Decimal::ONE, minimum.amount, share).map(|least| exact::rounded(least, 2)) else {
            continue;
        };
        let days = (minimum.prorated && frame.segments.len() > 1).then_some(segment.span);
        let reached = reached(minimum, least, days, &out.lines, &mut left);
        if reached >= least {
            continue;
        }
        let text = Text::new("Auffüllung auf den Mindestumsatz", "Top-up to the minimum spend");
        let text = share.map_or_else(|| text.clone(), |share| text.with(&share.suffix().de, &share.suffix().en));
        push(
            frame,
            segment,
            out,
            Extra {
                text,
                net: least - reached,
                vat: vat_of(VatClass::Standard),
                issuer: Issuer::Operator,
                price: "minimum-spend".to_owned(),
                rule: source(&minimum.source),
                basis: Basis::TopUp { reached, minimum: least },
            },
        );
    }
}

/// What counts towards a minimum: the lines within its days, and of those that run over the days of several plans
/// as much as is missing, so that each cent counts once. Without days all lines count.
fn reached(
    minimum: &MinimumSpend,
    least: Decimal,
    days: Option<Span>,
    lines: &[Placed],
    left: &mut [Decimal],
) -> Decimal {
    let mut reached = Decimal::ZERO;
    for shared in [false, true] {
        for (placed, left) in lines.iter().zip(left.iter_mut()) {
            let line = &placed.line.line;
            let named = minimum.charges.is_empty()
                || minimum.charges.iter().any(|charge| charge.as_str() == line.provenance.price);
            // An event belongs to the plan of the day it ended on, however long before it was published.
            let first = if line.provenance.event.is_some() { line.last_day } else { line.first_day };
            let inside = days.is_none_or(|days| days.0 <= first && line.last_day <= days.1);
            let touches = days.is_some_and(|days| overlap(days, (first, line.last_day)).is_some());
            let counted = match (named, shared) {
                (true, false) if inside => *left,
                (true, true) if touches && !inside => (*left).min(least - reached).max(Decimal::ZERO),
                _ => continue,
            };
            reached += counted;
            *left -= counted;
        }
    }
    reached
}

/// Takes off what redeemed codes give, in the order they were redeemed: percent of what is left of each
/// line, amounts never more than what is left.
pub(super) fn discount(frame: &Frame<'_>, out: &mut Output) {
    let Some(segment) = frame.segments.last() else { return };
    let mut redemptions: Vec<&Redemption> = frame.subscription.redemptions.iter().collect();
    redemptions.sort_unstable_by_key(|redemption| (redemption.on, &redemption.code, redemption.void_from));
    let mut left: Vec<Decimal> = out.lines.iter().map(|placed| placed.line.line.net.amount()).collect();
    for redemption in redemptions {
        // A code holds on under a version that no longer has it (G6): the one it was redeemed in says what it gives.
        let of_month = frame.segments.iter().rev().find_map(|segment| segment.catalogue.promotion(&redemption.code));
        let Some(promotion) = of_month.or_else(|| earlier(frame, redemption)) else {
            if redemption.on.month() <= frame.month && redemption.void_from.is_none_or(|day| day > frame.month.first())
            {
                out.hold(HoldReason::UnknownPromotion(redemption.code.to_string()));
            }
            continue;
        };
        if !applies(promotion, redemption, frame.month) {
            continue;
        }
        for (vat, issuer, of, taken) in taken(promotion, redemption, out, &mut left) {
            let percent = match promotion.discount {
                Discount::Percent(percent) => Some(percent),
                Discount::Amount(_) => None,
            };
            let suffix = percent.map_or_else(String::new, |percent| Language::De.number(percent) + " %");
            let mut text = promotion.text.with(&format!(" ({}", promotion.code), &format!(" ({}", promotion.code));
            text = match percent {
                Some(percent) => text.with(&format!(", {suffix})"), &format!(", {} %)", Language::En.number(percent))),
                None => text.with(")", ")"),
            };
            push(
                frame,
                segment,
                out,
                Extra {
                    text,
                    net: -taken,
                    vat,
                    issuer,
                    price: promotion.code.to_string(),
                    rule: source(&promotion.source),
                    basis: Basis::Discount { of, percent },
                },
            );
        }
    }
}

/// The promotion of a code in the catalogues of the subscription's other plans.
fn earlier<'a>(frame: &Frame<'a>, redemption: &Redemption) -> Option<&'a Promotion> {
    let phases = frame.subscription.phases.iter().rev();
    phases
        .filter_map(|phase| frame.catalogues.get(&phase.plan.catalogue))
        .find_map(|catalogue| catalogue.promotion(&redemption.code))
}

/// Whether a redeemed code holds in a month.
fn applies(promotion: &Promotion, redemption: &Redemption, month: Month) -> bool {
    let first = redemption.on.month();
    let within = promotion.months.is_none_or(|months| {
        let last = first.first().plus_months(months.saturating_sub(1)).month();
        months > 0 && month <= last
    });
    first <= month && within
}

/// What a code takes off each group of lines with the same VAT and issuer: the sum it is taken off, and
/// the amount.
fn taken(
    promotion: &Promotion,
    redemption: &Redemption,
    out: &Output,
    left: &mut [Decimal],
) -> Vec<(VatTreatment, Issuer, Decimal, Decimal)> {
    let eligible = |line: &Line| {
        let plan =
            promotion.plans.is_empty() || promotion.plans.iter().any(|plan| plan.as_str() == line.provenance.plan.plan);
        let charge = promotion.charges.is_empty()
            || promotion.charges.iter().any(|charge| charge.as_str() == line.provenance.price);
        plan && charge && redemption.void_from.is_none_or(|void| line.charged_on < void)
    };
    let mut budget = match promotion.discount {
        Discount::Percent(_) => Decimal::ZERO,
        Discount::Amount(amount) => amount,
    };
    let mut groups: Vec<Group> = Vec::new();
    for (index, placed) in out.lines.iter().enumerate() {
        let (line, left) = (&placed.line.line, left.get(index).copied().unwrap_or_default());
        if !eligible(line) || left.is_zero() {
            continue;
        }
        let part = match promotion.discount {
            Discount::Percent(percent) => {
                left.checked_mul(percent).and_then(|part| part.checked_mul(Decimal::new(1, 2))).unwrap_or_default()
            }
            Discount::Amount(_) => budget.min(left).max(Decimal::ZERO),
        };
        if let Discount::Amount(_) = promotion.discount {
            budget -= part;
        }
        match groups.iter_mut().find(|group| group.vat == line.vat && group.issuer == line.issuer) {
            Some(group) => group.parts.push((index, left, part)),
            None => groups.push(Group { vat: line.vat, issuer: line.issuer, parts: vec![(index, left, part)] }),
        }
    }
    let taken = groups.into_iter().filter_map(|group| {
        let of: Decimal = group.parts.iter().map(|(_, of, _)| *of).sum();
        let taken = exact::rounded(group.parts.iter().map(|(_, _, part)| *part).sum(), 2);
        (taken > Decimal::ZERO).then(|| {
            group.take(taken, left);
            (group.vat, group.issuer, of, taken)
        })
    });
    taken.collect()
}

/// Lines that a code takes something off in one line: their index, what is left of them, and their exact part.
struct Group {
    vat: VatTreatment,
    issuer: Issuer,
    parts: Vec<(usize, Decimal, Decimal)>,
}

impl Group {
    /// Takes whole cents off each line, so that what is left are cents and never less than nothing: parts are cut,
    /// and the cents that are missing come from the first that were.
    fn take(&self, taken: Decimal, left: &mut [Decimal]) {
        let cut = |part: Decimal| part.round_dp_with_strategy(2, RoundingStrategy::ToNegativeInfinity);
        let mut missing = taken - self.parts.iter().map(|(_, _, part)| cut(*part)).sum::<Decimal>();
        for (index, _, part) in &self.parts {
            let Some(left) = left.get_mut(*index) else { continue };
            *left -= cut(*part);
            if missing > Decimal::ZERO && *part > cut(*part) {
                *left -= CENT;
                missing -= CENT;
            }
        }
    }
}

/// A line that belongs to no charge.
struct Extra {
    text: Text,
    net: Decimal,
    vat: VatTreatment,
    issuer: Issuer,
    price: String,
    rule: String,
    basis: Basis,
}

fn push(frame: &Frame<'_>, segment: &Segment<'_>, out: &mut Output, extra: Extra) {
    let catalogue: &Catalogue = segment.catalogue;
    let currency = catalogue.parts().currency;
    let Ok(net) = Money::round(extra.net, currency) else { return };
    let (first_day, last_day) = frame.charged_days().unwrap_or((frame.month.first(), frame.month.last()));
    let plan: PlanKey = catalogue.plan_key(&segment.plan.id);
    let share: Option<Share> = None;
    let line = Line {
        text: extra.text,
        quantity: if net.amount() < Decimal::ZERO { Decimal::NEGATIVE_ONE } else { Decimal::ONE },
        unit: Unit::LUMP_SUM,
        unit_price: UnitPrice::new(net.amount().abs(), currency),
        share,
        net,
        vat: extra.vat,
        first_day,
        last_day,
        charged_on: frame.billed.last(),
        issuer: extra.issuer,
        provenance: Provenance { plan, price: extra.price, rule: extra.rule, meter: None, event: None },
    };
    out.lines.push(Placed { place: LAST, line: RatedLine { line, basis: extra.basis, days: Vec::new() } });
}
