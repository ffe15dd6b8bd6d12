//! What somebody types about an offer, or about its acceptance. Every mistake is named at once.

use super::{Item, Offer};
use crate::calendar::Day;
use crate::ids::{AccountId, OfferId};
use crate::language::Language;
use crate::manual::form::{LineForm, NOTE_LENGTH, optional, read_day, take};
use crate::problem::{FieldProblem, Problem, line};

/// Most items of an offer.
pub const ITEMS_LIMIT: usize = 50;
/// Longest title, in characters.
pub const TITLE_LENGTH: usize = 120;
/// Longest name of who accepts, and longest way in which an acceptance came, in characters.
pub const NAME_LENGTH: usize = 120;
/// Furthest last day of an offer, in days from when it is made.
pub const VALID_DAYS: u64 = 366;

/// An offer as typed: numbers with a point and without groups, days as `2026-11-30`.
#[derive(Clone, Debug, Default)]
pub struct OfferForm<'a> {
    /// What it is about.
    pub title: &'a str,
    /// Its items; days are not read.
    pub items: Vec<LineForm<'a>>,
    /// When it will be delivered.
    pub deliver_on: &'a str,
    /// The last day it can be accepted on.
    pub valid_until: &'a str,
    /// What else is agreed; empty for nothing.
    pub note: &'a str,
}

impl OfferForm<'_> {
    /// Reads the form.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn read(
        &self,
        id: OfferId,
        (account, language): (AccountId, Language),
        today: Day,
    ) -> Result<Offer, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let title = take(&mut problems, "title", line(self.title, TITLE_LENGTH));
        let items = self.items(&mut problems);
        let deliver_on = take(&mut problems, "deliver_on", day_from(self.deliver_on, today, None));
        let last = today.plus_days(VALID_DAYS);
        let valid_until = take(&mut problems, "valid_until", day_from(self.valid_until, today, Some(last)));
        let note = take(&mut problems, "note", optional(self.note, NOTE_LENGTH));
        let offer = || {
            let (title, deliver_on, valid_until) = (title?, deliver_on?, valid_until?);
            Some(Offer { id, account, language, title, items, deliver_on, valid_until, note: note?, made_on: today })
        };
        match offer() {
            Some(offer) if problems.is_empty() => match offer.net() {
                Ok(net) if net.cents() > 0 => Ok(offer),
                Ok(_) => Err(vec![FieldProblem::new("items", Problem::NothingToPay)]),
                Err(error) => {
                    Err(vec![FieldProblem::new("items", Problem::Held(crate::rating::HoldReason::Total(error)))])
                }
            },
            _ => Err(problems),
        }
    }

    fn items(&self, problems: &mut Vec<FieldProblem>) -> Vec<Item> {
        match self.items.len() {
            0 => problems.push(FieldProblem::new("items", Problem::Missing)),
            1..=ITEMS_LIMIT => {}
            _ => problems.push(FieldProblem::new("items", Problem::TooManyLines { most: ITEMS_LIMIT })),
        }
        let mut items = Vec::new();
        for (index, form) in self.items.iter().take(ITEMS_LIMIT).enumerate() {
            // Items have no days of their own; the one that is read here is thrown away.
            let form = LineForm { first_day: "", last_day: "2026-01-01", ..*form };
            if let Some(line) = form.read(&format!("items[{index}]"), problems) {
                let crate::manual::EnteredLine { text, quantity, unit, unit_price, vat, .. } = line;
                items.push(Item { text, quantity, unit, unit_price, vat });
            }
        }
        items
    }
}

fn day_from(text: &str, first: Day, last: Option<Day>) -> Result<Day, Problem> {
    match read_day(text)? {
        day if day < first => Err(Problem::InThePast),
        day if last.is_some_and(|last| day > last) => Err(Problem::NotADay),
        day => Ok(day),
    }
}

/// The name of who accepts, typed by themselves.
///
/// # Errors
/// What is wrong with it; a name has two letters at least.
pub fn name(text: &str) -> Result<String, Problem> {
    let name = line(text, NAME_LENGTH)?;
    if name.chars().filter(|letter| letter.is_alphabetic()).count() < 2 { Err(Problem::Missing) } else { Ok(name) }
}
