//! The days behind the quantities, as they were counted (Z5, G5).

use chrono::Datelike;
use domain::calendar::Day;
use domain::catalog::meter::Aggregation;
use domain::invoice::{Invoice, Line};
use domain::language::Language;
pub use platform::table::usage::behind::UsageDay;
use rust_decimal::Decimal;

use super::minus;
use crate::texts::{Texts, fill};
use crate::typeset::{Appendix, DayGroup, Fact};

/// Marks a day that was counted after its month had ended.
const LATE: &str = "*";

/// The days behind a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// Index of the line.
    pub line: usize,
    /// How the days become a quantity.
    pub aggregation: Aggregation,
    /// The days, oldest first, each once.
    pub days: Vec<UsageDay>,
}

/// The appendix; none without days.
pub(super) fn appendix(invoice: &Invoice, texts: &Texts, days: &[Days]) -> Option<Appendix> {
    let language = invoice.draft.buyer.language;
    let of_line = |days: &Days| Some(group(days, invoice.draft.lines.get(days.line)?, texts, language));
    let groups: Vec<DayGroup> = days.iter().filter(|days| !days.days.is_empty()).filter_map(of_line).collect();
    let is_late = days.iter().flat_map(|days| &days.days).any(|day| day.is_late);
    let number = invoice.number.to_string();
    (!groups.is_empty()).then(|| Appendix {
        title: texts.appendix.title.clone(),
        introduction: fill(&texts.appendix.introduction, &[("number", &number)]),
        groups,
        late: is_late.then(|| texts.appendix.late.clone()),
    })
}

fn group(days: &Days, line: &Line, texts: &Texts, language: Language) -> DayGroup {
    let same_year = days.days.iter().all(|one| one.day.month().year() == line.last_day.month().year());
    let fact = |one: &UsageDay| {
        let mark = if one.is_late { LATE } else { "" };
        let value = minus(language.number(one.quantity)) + mark;
        Fact { label: short(one.day, same_year, language), value }
    };
    let (label, result) = result(days, line, texts);
    let quantity = |quantity: Decimal| {
        let unit = line.unit.label(quantity, language);
        format!("{} {unit}", minus(language.number(quantity)))
    };
    DayGroup {
        position: fill(&texts.appendix.position, &[("position", &(days.line + 1).to_string())]),
        text: line.text.get(language).to_owned(),
        days: days.days.iter().map(fact).collect(),
        result: Fact { label: label.to_owned(), value: minus(language.number(result)) },
        billed: (result != line.quantity)
            .then(|| Fact { label: texts.appendix.billed.clone(), value: quantity(line.quantity) }),
    }
}

/// What the days come to (P2). What is charged may be less: allowances, packages and shares come in between.
fn result<'a>(days: &Days, line: &Line, texts: &'a Texts) -> (&'a str, Decimal) {
    let quantities = || days.days.iter().map(|day| day.quantity);
    let appendix = &texts.appendix;
    match days.aggregation {
        Aggregation::Max => (&appendix.highest, quantities().max().unwrap_or_default()),
        Aggregation::Last => (&appendix.last, quantities().next_back().unwrap_or_default()),
        // The mean also counts days without a record, which only rating knows; it is what the line charges.
        Aggregation::Mean => (&appendix.mean, line.quantity),
        Aggregation::Sum | Aggregation::Unique => (&appendix.sum, quantities().sum()),
    }
}

/// A day without its year, where that goes without saying: `14.11.` or `14 Nov`.
fn short(day: Day, same_year: bool, language: Language) -> String {
    let date = day.date();
    let year = date.year().rem_euclid(100);
    match language {
        Language::De if same_year => date.format("%d.%m.").to_string(),
        Language::De => format!("{}{year:02}", date.format("%d.%m.")),
        Language::En if same_year => date.format("%-d %b").to_string(),
        Language::En => format!("{} {year:02}", date.format("%-d %b")),
    }
}
