//! The table of levels as typed, and the one reading of it.

use rust_decimal::Decimal;

use super::{BaseRate, DunningLevel, DunningTable, LEVELS_LIMIT};
use crate::account::check::payment::signed_on;
use crate::account::form::Reader;
use crate::calendar::Day;
use crate::language::Text;
use crate::money::{Currency, Money};
use crate::problem::{FieldProblem, Problem, line};

/// Longest wait, in days.
const DAYS_LIMIT: u32 = 90;
/// Highest fee of a level, or of a bank for a debit that came back, in euros: it stands for what a letter costs, not for a fine.
pub const FEE_LIMIT: u32 = 50;
/// Longest title and text, in characters.
const TITLE_LENGTH: usize = 60;
const TEXT_LENGTH: usize = 600;

/// A level as typed. One whose days and titles are all empty is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct LevelForm<'a> {
    /// Days after the due date, or the level before.
    pub after_days: &'a str,
    /// Days to pay.
    pub pay_within_days: &'a str,
    /// Fee in euros, with a comma or a dot.
    pub fee: &'a str,
    /// German title.
    pub title_de: &'a str,
    /// English title.
    pub title_en: &'a str,
    /// German text.
    pub text_de: &'a str,
    /// English text.
    pub text_en: &'a str,
    /// `yes` if it tells of interest.
    pub interest_note: &'a str,
}

/// The table as typed; fields of a level are named `levels[0].after_days`.
#[derive(Clone, Debug, Default)]
pub struct DunningForm<'a> {
    /// The levels.
    pub levels: Vec<LevelForm<'a>>,
    /// Base rate in percent; empty for none.
    pub base_rate: &'a str,
    /// Since when.
    pub base_rate_since: &'a str,
}

impl DunningForm<'_> {
    /// Reads the form.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn read(&self, today: Day) -> Result<DunningTable, Vec<FieldProblem>> {
        let mut reader = Reader::default();
        let levels = self.levels.iter().take(LEVELS_LIMIT).enumerate().filter(|(_, level)| !level.is_empty());
        let levels: Vec<_> = levels.map(|(number, level)| level.read(&mut reader, number)).collect();
        let base_rate = match self.base_rate.trim() {
            "" => Some(None),
            text => {
                let percent = reader.take("base_rate", base_rate(text));
                let since = reader.take("base_rate_since", signed_on(self.base_rate_since, today));
                percent.zip(since).map(|(percent, since)| Some(BaseRate { percent, since }))
            }
        };
        let levels: Option<Vec<DunningLevel>> = levels.into_iter().collect();
        match (levels, base_rate) {
            (Some(levels), Some(base_rate)) if reader.problems.is_empty() => Ok(DunningTable { levels, base_rate }),
            _ => Err(reader.problems),
        }
    }
}

impl LevelForm<'_> {
    fn is_empty(&self) -> bool {
        [self.after_days, self.title_de, self.title_en, self.text_de, self.text_en]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    fn read(&self, reader: &mut Reader, number: usize) -> Option<DunningLevel> {
        let name = |field: &str| format!("levels[{number}].{field}");
        let after_days = reader.take(&name("after_days"), days(self.after_days));
        let pay_within_days = reader.take(&name("pay_within_days"), days(self.pay_within_days));
        let fee = reader.take(&name("fee"), fee(self.fee));
        let title_de = reader.take(&name("title_de"), line(self.title_de, TITLE_LENGTH));
        let title_en = reader.take(&name("title_en"), line(self.title_en, TITLE_LENGTH));
        let text_de = reader.take(&name("text_de"), paragraph(self.text_de));
        let text_en = reader.take(&name("text_en"), paragraph(self.text_en));
        Some(DunningLevel {
            after_days: after_days?,
            pay_within_days: pay_within_days?,
            fee: fee?,
            title: Text { de: title_de?, en: title_en? },
            text: Text { de: text_de?, en: text_en? },
            interest_note: self.interest_note == "yes",
        })
    }
}

/// A text whose line breaks count as blanks.
fn paragraph(text: &str) -> Result<String, Problem> {
    line(&text.split_whitespace().collect::<Vec<_>>().join(" "), TEXT_LENGTH)
}

fn days(text: &str) -> Result<u64, Problem> {
    match text.trim() {
        "" => Err(Problem::Missing),
        days => match days.parse() {
            Ok(days) if (1..=u64::from(DAYS_LIMIT)).contains(&days) => Ok(days),
            _ => Err(Problem::OutOfRange { least: 1, most: DAYS_LIMIT }),
        },
    }
}

/// A fee in euros; empty for none.
///
/// # Errors
/// [`Problem::NotAnAmount`].
pub fn fee(text: &str) -> Result<Money, Problem> {
    let text = text.trim().trim_end_matches('€').trim_end().replace(',', ".");
    if text.is_empty() {
        return Ok(Money::zero(Currency::Eur));
    }
    let wrong = Problem::NotAnAmount { most: FEE_LIMIT };
    let amount: Decimal = text.parse().map_err(|_| wrong.clone())?;
    let fits = amount >= Decimal::ZERO && amount <= Decimal::from(FEE_LIMIT) && amount.normalize().scale() <= 2;
    if fits { Money::round(amount, Currency::Eur).map_err(|_| wrong) } else { Err(wrong) }
}

fn base_rate(text: &str) -> Result<Decimal, Problem> {
    let wrong = || Problem::NotAPercentage { least: Decimal::from(-5), most: Decimal::from(20) };
    let percent: Decimal = text.trim_end_matches('%').trim_end().replace(',', ".").parse().map_err(|_| wrong())?;
    let fits = percent >= Decimal::from(-5) && percent <= Decimal::from(20) && percent.normalize().scale() <= 2;
    if fits { Ok(percent.normalize()) } else { Err(wrong()) }
}
