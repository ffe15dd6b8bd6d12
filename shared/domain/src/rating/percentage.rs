//! A share of each transaction (A41).

use rust_decimal::Decimal;

use crate::catalog::charge::Percentage;
use crate::catalog::meter::Unit;
use crate::language::Language;
use crate::money::{Currency, Money};
use crate::rating::exact;
use crate::rating::frame::{Frame, Run, within};
use crate::rating::output::{Item, Output};
use crate::rating::{Basis, HoldReason};
use crate::usage::Record;

/// The fee of one transaction, in whole cents: each is kept back by itself, so each is rounded (A41).
/// `None` where it does not fit.
pub(super) fn fee(percentage: &Percentage, amount: Decimal) -> Option<Decimal> {
    // Percent is hundredths: the decimal point moves by two places, exactly.
    let share = amount.checked_mul(percentage.percent)?.checked_mul(Decimal::new(1, 2))?;
    let mut fee = share.checked_add(percentage.fixed)?;
    if let Some(minimum) = percentage.minimum {
        fee = fee.max(minimum);
    }
    if let Some(maximum) = percentage.maximum {
        fee = fee.min(maximum);
    }
    Money::round(fee, Currency::Eur).ok().map(Money::amount)
}

/// Charges the transactions that became known in the billed month, in one line.
pub(super) fn rate(frame: &Frame<'_>, run: &Run<'_>, percentage: &Percentage, out: &mut Output) {
    let of_month = |record: &&Record| record.meter == percentage.meter && within(&run.spans, record.day);
    let mut records: Vec<&Record> = frame.usage.records.iter().filter(of_month).collect();
    records.sort_unstable_by_key(|record| (record.billed(), *record));
    // The free ones of a month are the first that became known, so what comes late never takes their place.
    let before = records.partition_point(|record| record.billed() < frame.billed);
    let end = records.partition_point(|record| record.billed() <= frame.billed);
    let free_left = percentage.free_transactions.saturating_sub(u64::try_from(before).unwrap_or(u64::MAX));
    let now = records.get(before..end).unwrap_or_default();
    let free = usize::try_from(free_left).unwrap_or(usize::MAX).min(now.len());
    let mut each = Vec::with_capacity(now.len());
    for record in now.iter().skip(free) {
        match fee(percentage, record.quantity) {
            Some(fee) => each.push((record.quantity, fee)),
            None => return out.hold(HoldReason::TooLarge(run.charge.id.clone())),
        }
    }
    let (Some(amount), Some(total)) =
        (exact::sum(each.iter().map(|(amount, _)| *amount)), exact::sum(each.iter().map(|(_, fee)| *fee)))
    else {
        return out.hold(HoldReason::TooLarge(run.charge.id.clone()));
    };
    let (count, sum) = (Decimal::from(each.len()), Money::round(amount, run.catalogue.parts().currency));
    let Ok(sum) = sum else { return out.hold(HoldReason::TooLarge(run.charge.id.clone())) };
    let (de, en) = (Language::De, Language::En);
    let text = if count == Decimal::ONE {
        run.charge.text.with(&format!(" (auf {})", de.money(sum)), &format!(" (on {})", en.money(sum)))
    } else {
        run.charge.text.with(
            &format!(" ({} Zahlungen, zusammen {})", de.number(count), de.money(sum)),
            &format!(" ({} transactions, {} in all)", en.number(count), en.money(sum)),
        )
    };
    let days: Vec<_> = now.iter().map(|record| (record.day, record.quantity)).collect();
    let period =
        (days.first().map_or(frame.month.first(), |day| day.0), days.last().map_or(frame.month.last(), |day| day.0));
    out.push(Item {
        text,
        quantity: Decimal::ONE,
        unit: Unit::LUMP_SUM,
        unit_price: total,
        period,
        meter: Some(&percentage.meter),
        days,
        basis: Basis::Transactions { percent: percentage.percent, each, free: u64::try_from(free).unwrap_or(u64::MAX) },
        ..Item::of(frame, run)
    });
}
