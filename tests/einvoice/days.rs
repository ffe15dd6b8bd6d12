//! Days behind the lines that name a meter, so that they add up to the quantity.

use deliver::print::{Days, UsageDay};
use domain::calendar::Day;
use domain::catalog::meter::Aggregation;
use domain::invoice::Invoice;
use domain::money::allocate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The days of each metered line, spread unevenly over its month.
pub(crate) fn behind(invoice: &Invoice) -> Vec<Days> {
    let mut all = Vec::new();
    for (index, line) in invoice.draft.lines.iter().enumerate() {
        let Some(total) = line.provenance.meter.as_ref().and_then(|_| line.quantity.to_u64()) else { continue };
        let dates: Vec<Day> = std::iter::successors(Some(line.first_day), |day| Some(day.next()))
            .take_while(|day| *day <= line.last_day)
            .take(400)
            .collect();
        let weights: Vec<u64> = (0..dates.len()).map(|day| ((day * 37 + index * 11) % 23 % 9) as u64).collect();
        let quantities = allocate(total, &weights);
        let days = dates.into_iter().zip(quantities).filter(|(_, quantity)| *quantity > 0);
        let day = |(day, quantity)| UsageDay { day, quantity: Decimal::from(quantity), is_late: false };
        all.push(Days { line: index, aggregation: Aggregation::Sum, days: days.map(day).collect() });
    }
    all
}
