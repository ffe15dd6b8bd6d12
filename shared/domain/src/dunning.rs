//! Reminders of unpaid invoices: the operator's table of levels, and which level an invoice has come to (I6).
//!
//! An invoice goes up one level at a time, each a set number of days after the one before, and never back. What it costs
//! is damage caused by late payment (§§ 280, 286 BGB): a claim beside the invoice, without VAT.

pub mod form;

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, instant_of, local};
use crate::collection::Collection;
use crate::invoice::Invoice;
use crate::language::{Language, Text};
use crate::money::{Currency, Money};

use chrono::{NaiveTime, Timelike};

/// Most levels of a table.
pub const LEVELS_LIMIT: usize = 5;
/// Local hours in which reminders go out, so that they arrive while somebody can be asked: from eight to six.
const HOURS: std::ops::Range<u32> = 8..18;
/// Days after which an invoice without a further level is looked at again: it may have been paid, or the table changed.
const LOOK_AGAIN_DAYS: u64 = 7;
/// What a business owes in default above the base rate, in percentage points (§ 288 (2) BGB).
const DEFAULT_INTEREST_POINTS: Decimal = Decimal::from_parts(9, 0, 0, false, 0);

/// The levels of an operator, the first first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DunningTable {
    /// At most [`LEVELS_LIMIT`]; none: nobody is reminded.
    pub levels: Vec<DunningLevel>,
    /// The base rate of § 247 BGB, which changes on 1 January and 1 July; `None`: reminders name no percentage.
    pub base_rate: Option<BaseRate>,
}

/// A level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DunningLevel {
    /// Days after the due date, or after the level before.
    pub after_days: u64,
    /// Days from the reminder to the day it asks to be paid by.
    pub pay_within_days: u64,
    /// What it costs.
    pub fee: Money,
    /// What stands above it.
    pub title: Text,
    /// What it says.
    pub text: Text,
    /// Whether it tells of interest and the flat sum of 40 euros (§ 288 (2) and (5) BGB), which businesses owe.
    pub interest_note: bool,
}

/// The base rate of § 247 BGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseRate {
    /// In percent; it has been below zero.
    pub percent: Decimal,
    /// Since when.
    pub since: Day,
}

/// How far an invoice was reminded of, and what came on top of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dunned {
    /// The level reached; 0: none.
    pub level: usize,
    /// The day it was reached.
    pub on: Option<Day>,
    /// Fees of all levels and of debits that failed.
    pub charged: Money,
    /// Why this invoice is not reminded of, if so.
    pub paused: Option<String>,
    /// The day a direct debit came back, if one did.
    pub debit_failed_on: Option<Day>,
    /// The day it was due anew, if its mail first went out after it had been due.
    pub due_anew_on: Option<Day>,
}

impl Default for Dunned {
    fn default() -> Self {
        Self {
            level: 0,
            on: None,
            charged: Money::zero(Currency::Eur),
            paused: None,
            debit_failed_on: None,
            due_anew_on: None,
        }
    }
}

/// An invoice as a reminder sees it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Last day to pay.
    pub due_on: Day,
    /// What the invoice asks for, without what came on top.
    pub asked: Money,
    /// What has been received for it.
    pub received: Money,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Whether it is collected by direct debit.
    pub collected: bool,
    /// Whether its account gets no reminders.
    pub account_stopped: bool,
    /// Whether its last mail did not reach its reader.
    pub undelivered: bool,
    /// How far it was reminded of.
    pub dunned: &'a Dunned,
}

/// What is to be done about an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing any more: paid, cancelled, or nothing was to be paid. Open fees alone are not reminded of.
    Over,
    /// It is collected by direct debit, and none has come back.
    Collected,
    /// Nothing while somebody has stopped it.
    Stopped(Stop),
    /// There is no further level.
    LastReached,
    /// The next level falls due on a day.
    On {
        /// 1 for the first.
        level: usize,
        /// The day.
        day: Day,
    },
}

/// Who stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The account gets no reminders.
    Account,
    /// This invoice is not reminded of.
    Invoice,
    /// Its last mail came back: nobody is reminded of what never reached them.
    Undelivered,
}

impl DunningTable {
    /// What holds until an operator has looked at its table: nobody is reminded in words that nobody read.
    #[must_use]
    pub const fn off() -> Self {
        Self { levels: Vec::new(), base_rate: None }
    }

    /// What an operator is offered to begin with: a reminder without a fee a week after the due date, then two more, two weeks apart.
    #[must_use]
    pub fn usual() -> Self {
        let level = |after_days, fee_cents: i64, title: Text, text: Text, interest_note| DunningLevel {
            after_days,
            pay_within_days: 7,
            fee: Money::from_cents(fee_cents, Currency::Eur).unwrap_or(Money::zero(Currency::Eur)),
            title,
            text,
            interest_note,
        };
        let levels = vec![
            level(
                7,
                0,
                Text::new("Zahlungserinnerung", "Payment reminder"),
                Text::new(
                    "sicher ist es Ihrer Aufmerksamkeit entgangen: Für die folgende Rechnung haben wir noch keinen vollständigen Zahlungseingang festgestellt.",
                    "it may have escaped your notice: we have not yet received full payment of the following invoice.",
                ),
                false,
            ),
            level(
                14,
                500,
                Text::new("1. Mahnung", "First demand for payment"),
                Text::new(
                    "auf unsere Zahlungserinnerung haben wir keinen vollständigen Zahlungseingang festgestellt. Bitte begleichen Sie den offenen Betrag.",
                    "we have not received full payment since our reminder. Please settle the open amount.",
                ),
                true,
            ),
            level(
                14,
                500,
                Text::new("2. und letzte Mahnung", "Second and final demand for payment"),
                Text::new(
                    "trotz unserer Mahnung ist die folgende Rechnung noch offen. Geht der Betrag nicht fristgerecht ein, werden wir unsere Forderung ohne weitere Ankündigung gerichtlich oder durch ein Inkassounternehmen geltend machen.",
                    "despite our demand the following invoice is still open. If the amount does not arrive in time, we shall pursue our claim in court or through a collection agency without further notice.",
                ),
                true,
            ),
        ];
        Self { levels, base_rate: None }
    }

    /// A level by its number, 1 for the first.
    #[must_use]
    pub fn level(&self, number: usize) -> Option<&DunningLevel> {
        self.levels.get(number.checked_sub(1)?)
    }

    /// What is to be done about an invoice.
    #[must_use]
    pub fn next(&self, case: &Case<'_>) -> Next {
        let dunned = case.dunned;
        if case.cancelled || case.asked.amount() <= Decimal::ZERO || case.received.amount() >= case.asked.amount() {
            return Next::Over;
        }
        if case.collected && dunned.debit_failed_on.is_none() {
            return Next::Collected;
        }
        let number = dunned.level + 1;
        let Some(level) = self.level(number) else { return Next::LastReached };
        if case.account_stopped {
            return Next::Stopped(Stop::Account);
        }
        if dunned.paused.is_some() {
            return Next::Stopped(Stop::Invoice);
        }
        if case.undelivered {
            return Next::Stopped(Stop::Undelivered);
        }
        // A debit that comes back after the due date begins it anew; so does the one after a reminder, and a mail that went
        // out late.
        let since =
            [Some(case.due_on), dunned.due_anew_on, dunned.debit_failed_on, dunned.on].into_iter().flatten().max();
        Next::On { level: number, day: since.unwrap_or(case.due_on).plus_days(level.after_days) }
    }

    /// What a reminder says about interest, if its level does (§ 288 (2) and (5) BGB).
    #[must_use]
    pub fn interest_note(&self, level: &DunningLevel, language: Language) -> Option<String> {
        let (de, en) = match self.base_rate {
            None => (String::new(), String::new()),
            Some(BaseRate { percent, since }) => {
                let rate = percent + DEFAULT_INTEREST_POINTS;
                let (de, en) = (Language::De, Language::En);
                (
                    format!(
                        " (zurzeit {}\u{a0}%, Basiszinssatz {}\u{a0}% seit dem {})",
                        de.number(rate),
                        de.number(percent),
                        de.short_date(since)
                    ),
                    format!(
                        " (currently {}%, base rate {}% since {})",
                        en.number(rate),
                        en.number(percent),
                        en.short_date(since)
                    ),
                )
            }
        };
        level.interest_note.then(|| language.pick(
            format!("Unternehmen schulden ab Verzug Zinsen von neun Prozentpunkten über dem Basiszinssatz{de} und eine Pauschale von 40\u{a0}€ (§ 288 Abs. 2 und 5 BGB). Wir behalten uns vor, beides geltend zu machen; Mahngebühren rechnen wir auf die Pauschale an."),
            format!("Businesses in default owe interest of nine percentage points above the base rate{en} and a flat sum of €40 (section 288 (2) and (5) of the German Civil Code). We reserve the right to claim both; reminder fees count towards the flat sum."),
        ))
    }
}

impl Next {
    /// The day to look again; `None`: never, unless something is done about the invoice.
    #[must_use]
    pub fn look_on(self, today: Day) -> Option<Day> {
        match self {
            Self::Over | Self::Collected => None,
            Self::Stopped(_) => Some(today.next()),
            Self::LastReached => Some(today.plus_days(LOOK_AGAIN_DAYS)),
            Self::On { day, .. } => Some(day),
        }
    }
}

/// The day on which an invoice is looked at for the first time: the day after it was due, or was due anew. One that is
/// collected, or asks for nothing, never is.
#[must_use]
pub fn first_look(invoice: &Invoice, due_anew: Option<Day>) -> Option<Day> {
    let asks = invoice.draft.due().amount() > Decimal::ZERO;
    (asks && !is_collected(invoice)).then(|| due_anew.unwrap_or(invoice.due_on).next())
}

/// The day on which an invoice is due anew, if its mail first goes out after it was due: nobody is late with what never
/// reached them, so the time to pay begins with the mail.
#[must_use]
pub fn due_anew(invoice: &Invoice, first_sent: Day) -> Option<Day> {
    let term = u64::try_from(invoice.due_on.days_since(invoice.issued_on)).unwrap_or(0);
    (first_sent > invoice.due_on).then(|| first_sent.plus_days(term))
}

/// Whether an invoice is collected by direct debit (Z6).
#[must_use]
pub fn is_collected(invoice: &Invoice) -> bool {
    matches!(invoice.collection(), Collection::DirectDebit { .. })
}

/// Whether reminders go out at a time.
#[must_use]
pub fn is_open(now: Instant) -> bool {
    HOURS.contains(&local(now).hour())
}

/// The first time from now on at which a reminder of a day can go out.
#[must_use]
pub fn opens(day: Day, now: Instant) -> Instant {
    let opening = |day: Day| {
        let hour = NaiveTime::from_hms_opt(HOURS.start, 0, 0).unwrap_or_default();
        instant_of(day.date().and_time(hour))
    };
    let today = Day::of(now);
    match opening(day) {
        time if time >= now => time,
        _ if is_open(now) => now,
        _ if local(now).hour() < HOURS.start => opening(today),
        _ => opening(today.next()),
    }
}

#[cfg(test)]
mod tests;
