//! The top-up to a minimum, and what promotion codes take off.

use rust_decimal::Decimal;

use crate::calendar::Month;
use crate::catalog::charge::{Issuer, VatClass};
use crate::catalog::meter::Unit;
use crate::catalog::plan::{Discount, Promotion};
use crate::catalog::{Catalogue, PlanKey};
use crate::invoice::{Line, Provenance, Share};
use crate::language::{Language, Text};
use crate::money::{Money, UnitPrice};
use crate::rating::frame::{Frame, Segment, days_of};
use crate::rating::output::{Output, Place, Placed, net_of, source, vat_rate};
use crate::rating::{Basis, HoldReason, RatedLine, exact};
use crate::subscription::Redemption;
use crate::vat::VatRate;

/// Last of all lines.
const LAST: Place = Place { late: true, segment: usize::MAX, charge: usize::MAX };

/// Adds what is missing to the minimum of the plan: of its share of the month, or of the last plan's whole.
pub(super) fn top_up(frame: &Frame<'_>, out: &mut Output) {
    for (index, segment) in frame.segments.iter().enumerate() {
        let Some(minimum) = &segment.plan.minimum_spend else { continue };
        let is_last = index + 1 == frame.segments.len();
        if !minimum.prorated && !is_last {
            continue;
        }
        let share = if minimum.prorated { frame.share(days_of(segment.span)) } else { None };
        let counts = |placed: &&Placed| {
            let of_plan = !minimum.prorated || frame.segments.len() == 1 || placed.place.segment == index;
            let named = minimum.charges.is_empty()
                || minimum.charges.iter().any(|charge| charge.as_str() == placed.line.line.provenance.price);
            !placed.place.late && of_plan && named
        };
        let reached = exact::sum(out.lines.iter().filter(counts).map(|placed| placed.line.line.net.amount()));
        let least = net_of(Decimal::ONE, minimum.amount, share).map(|least| exact::rounded(least, 2));
        let (Some(reached), Some(least)) = (reached, least) else { continue };
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
                vat_rate: vat_rate(VatClass::Standard),
                issuer: Issuer::Operator,
                price: "minimum-spend".to_owned(),
                rule: source(&minimum.source),
                basis: Basis::TopUp { reached, minimum: least },
            },
        );
    }
}

/// Takes off what redeemed codes give, in the order they were redeemed: percent of what is left of each
/// line, amounts never more than what is left.
pub(super) fn discount(frame: &Frame<'_>, out: &mut Output) {
    let Some(segment) = frame.segments.last() else { return };
    let mut redemptions: Vec<&Redemption> = frame.subscription.redemptions.iter().collect();
    redemptions.sort_unstable_by_key(|redemption| (redemption.on, &redemption.code));
    let mut left: Vec<Decimal> = out.lines.iter().map(|placed| placed.line.line.net.amount()).collect();
    for redemption in redemptions {
        let known = frame.segments.iter().rev().find_map(|segment| segment.catalogue.promotion(&redemption.code));
        let Some(promotion) = known else {
            if redemption.on.month() <= frame.month && redemption.void_from.is_none_or(|day| day > frame.month.first())
            {
                out.hold(HoldReason::UnknownPromotion(redemption.code.to_string()));
            }
            continue;
        };
        if !applies(promotion, redemption, frame.month) {
            continue;
        }
        for (vat_rate, issuer, of, taken) in taken(promotion, redemption, out, &mut left) {
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
                    vat_rate,
                    issuer,
                    price: promotion.code.to_string(),
                    rule: source(&promotion.source),
                    basis: Basis::Discount { of, percent },
                },
            );
        }
    }
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

/// What a code takes off each group of lines with the same rate and issuer: the sum it is taken off, and
/// the amount.
fn taken(
    promotion: &Promotion,
    redemption: &Redemption,
    out: &Output,
    left: &mut [Decimal],
) -> Vec<(VatRate, Issuer, Decimal, Decimal)> {
    let eligible = |line: &Line| {
        let plan =
            promotion.plans.is_empty() || promotion.plans.iter().any(|plan| plan.as_str() == line.provenance.plan.plan);
        let charge = promotion.charges.is_empty()
            || promotion.charges.iter().any(|charge| charge.as_str() == line.provenance.price);
        plan && charge && redemption.void_from.is_none_or(|void| line.charged_on < void)
    };
    let mut groups: Vec<(VatRate, Issuer, Decimal, Decimal)> = Vec::new();
    let mut budget = match promotion.discount {
        Discount::Percent(_) => Decimal::ZERO,
        Discount::Amount(amount) => amount,
    };
    for (placed, left) in out.lines.iter().zip(left.iter_mut()) {
        let line = &placed.line.line;
        if !eligible(line) || left.is_zero() {
            continue;
        }
        let part = match promotion.discount {
            Discount::Percent(percent) => {
                left.checked_mul(percent).and_then(|part| part.checked_mul(Decimal::new(1, 2))).unwrap_or_default()
            }
            Discount::Amount(_) => budget.min(*left).max(Decimal::ZERO),
        };
        if let Discount::Amount(_) = promotion.discount {
            budget -= part;
        }
        match groups.iter_mut().find(|group| group.0 == line.vat_rate && group.1 == line.issuer) {
            Some(group) => {
                group.2 += *left;
                group.3 += part;
            }
            None => groups.push((line.vat_rate, line.issuer, *left, part)),
        }
        *left -= part;
    }
    for group in &mut groups {
        group.3 = exact::rounded(group.3, 2);
    }
    groups.retain(|group| group.3 > Decimal::ZERO);
    groups
}

/// A line that belongs to no charge.
struct Extra {
    text: Text,
    net: Decimal,
    vat_rate: VatRate,
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
        vat_rate: extra.vat_rate,
        first_day,
        last_day,
        charged_on: frame.billed.last(),
        issuer: extra.issuer,
        provenance: Provenance { plan, price: extra.price, rule: extra.rule, meter: None, event: None },
    };
    out.lines.push(Placed { place: LAST, line: RatedLine { line, basis: extra.basis, days: Vec::new() } });
}
