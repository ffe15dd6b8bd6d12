//! Months that are settled one by one: those that were held, or came after the run, and drafts whose number is void.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::calendar::{Day, Instant, Month};
use domain::catalog::charge::Issuer;
use domain::ids::AccountId;
use domain::invoice::{Draft, InvoiceNumber, Issuing, MonthOutcome};
use domain::language::Text;
use domain::money::{Currency, Money};
use domain::rating::HoldReason;
use serde::Deserialize;

use super::credits;
use super::figures;
use super::keys;
use super::marks::{Evaluated, HELD, ISSUERS, Mark};
use super::numbers::{NUMBER_TRIES, PAUSE};
use super::runs::INVOICE;
use super::stored::{some, valid};
use super::write::{Outcome, Write, number, text};
use super::{Item, Range, Table, decode};
use crate::error::Error;

/// An invoice that is held in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The account.
    pub account: AccountId,
    /// In whose name it would be.
    pub issuer: Issuer,
    /// Why (G7).
    pub reasons: Vec<Text>,
}

/// A number that no invoice carries (I1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidNumber {
    /// The number as it would be printed.
    pub number: String,
    /// The day it was given up.
    pub day: Day,
    /// The account whose invoice it was meant for.
    pub account: AccountId,
    /// Why.
    pub reason: String,
}

/// A draft of the run that cannot be issued.
#[derive(Clone, Debug)]
pub struct Unusable<'a> {
    /// The run.
    pub month: Month,
    /// Its mark.
    pub mark: &'a Mark,
    /// The number that was counted for it.
    pub number: &'a InvoiceNumber,
    /// Why.
    pub why: String,
}

/// Reasons as they are stored.
pub(super) fn stored_reasons(reasons: &[HoldReason]) -> AttributeValue {
    told_reasons(&reasons.iter().map(HoldReason::told).collect::<Vec<_>>())
}

/// Sentences as they are stored.
pub(super) fn told_reasons(reasons: &[Text]) -> AttributeValue {
    let both = |told: &Text| {
        AttributeValue::M([("de".to_owned(), text(told.de.as_str())), ("en".to_owned(), text(told.en.as_str()))].into())
    };
    AttributeValue::L(reasons.iter().map(both).collect())
}

/// Reasons as they were stored.
pub(super) fn reasons_of(item: &Item) -> Vec<Text> {
    let list = item.get("reasons").and_then(|value| value.as_l().ok());
    list.into_iter().flatten().filter_map(reason).collect()
}

fn reason(stored: &AttributeValue) -> Option<Text> {
    // Stored in English only before there were German ones.
    if let Ok(english) = stored.as_s() {
        return Some(Text::new(english, english));
    }
    let both = stored.as_m().ok()?;
    let of = |language: &str| both.get(language)?.as_s().ok().cloned();
    Some(Text { de: of("de")?, en: of("en")? })
}

/// The write that notes for the operator that an invoice is held, and why.
pub(super) fn held_note(month: Month, account: &AccountId, issuer: Issuer, reasons: &[HoldReason]) -> Write {
    Write::update(keys::held(month, account, issuer)).set("reasons", stored_reasons(reasons))
}

/// Which issuers' invoices of a month may be evaluated (again), each with the outcome its mark has.
#[must_use]
pub fn open_issuers(marks: &[Mark]) -> Vec<(Issuer, Option<String>)> {
    let outcome = |issuer: Issuer| {
        let mark = marks.iter().find(|mark| mark.issuer().is_ok_and(|of| of == issuer));
        mark.and_then(Mark::outcome).map(ToOwned::to_owned)
    };
    let may = |outcome: &Option<String>| outcome.as_deref().is_none_or(|outcome| outcome == HELD);
    let (own, partner) = (outcome(Issuer::Operator), outcome(Issuer::Partner));
    // Without a mark of its own the partner had nothing to bill, if the month was evaluated at all.
    let partner_too = may(&partner) && (partner.is_some() || may(&own));
    let mut open = Vec::new();
    if may(&own) {
        open.push((Issuer::Operator, own));
    }
    if partner_too {
        open.push((Issuer::Partner, partner));
    }
    open
}

impl Table {
    /// Settles a month that was held, or that came after its part was done. Each invoice takes the next number of its
    /// series in the same transaction. Gives `false` if the month changed meanwhile.
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept taking numbers in between.
    pub async fn settle_month(
        &self,
        month: Month,
        evaluated: &Evaluated,
        open: &[(Issuer, Option<String>)],
        issuing: &Issuing,
        now: Instant,
    ) -> Result<bool, Error> {
        let evaluated = &keeping_holds(evaluated, open);
        let (writes, issued) = settled(month, evaluated, open)?;
        let marks = writes.len();
        for _ in 0..NUMBER_TRIES {
            let mut writes = writes.clone();
            for issuer in &issued {
                let MonthOutcome::Draft(draft) = evaluated.outcomes.of(*issuer) else { continue };
                let missing = || Error::internal("invoice", "its issuer has no series");
                let series = issuing.series(*issuer).ok_or_else(missing)?;
                let (next, series_write) = self.next_number(series, 1).await?;
                let invoice = issuing.invoice(Draft::clone(draft), evaluated.invoice(*issuer).clone(), next);
                writes.push(series_write);
                let invoice = invoice.ok_or_else(missing)?;
                writes.extend(self.issuing(&invoice, now)?);
                writes.push(figures::noting(&invoice)?);
            }
            let outcome = self.commit(writes).await?;
            if outcome == Outcome::Committed {
                return Ok(true);
            }
            if (0..marks).any(|index| outcome.refused(index)) {
                return Ok(false);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Error::Contended)
    }

    /// Gives up a number of the run whose draft cannot be issued: it is void, with its reason, and the invoice is held, so
    /// that it can be evaluated again and take another number.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn void_number(&self, unusable: &Unusable<'_>, today: Day) -> Result<(), Error> {
        let Unusable { month, mark, number: void, why } = unusable;
        let (account, issuer) = (mark.account()?, mark.issuer()?);
        let reasons = [HoldReason::Void { number: void.text.clone(), why: why.clone() }];
        let record = Write::update(keys::void(&void.series, void.sequence))
            .if_absent()
            .set("number", text(&void.text))
            .set("day", text(today.to_string()))
            .set("account", text(account.to_string()))
            .set("reason", text(why));
        let given_up = Write::update(keys::month(&account, *month, issuer))
            .if_missing("void")
            .if_equals("ranked", Some(number(1)))
            .set("void", number(1))
            .set("outcome", text(HELD))
            .set("reasons", stored_reasons(&reasons))
            .remove("draft")
            .remove("invoice")
            .remove("credit_cents");
        let part = Write::update(keys::run_shard(INVOICE, &month.to_string(), keys::part(&account)));
        let counted = part.add("void", 1).add("held", 1);
        let mut writes = vec![record, given_up, held_note(*month, &account, issuer, &reasons), counted];
        if let Some(credit) = valid(Money::from_cents(mark.credit_cents(), Currency::Eur), "month")
            .ok()
            .filter(|credit| !credit.is_zero())
        {
            writes.push(credits::adding(&account, issuer, credit));
        }
        // Refused: another worker has given it up.
        self.commit(writes).await.map(|_| ())
    }

    /// Invoices that are held in a run, by account, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn held(&self, month: Month, limit: i32) -> Result<Vec<Held>, Error> {
        const NOTE: &str = "held invoice";
        let partition = keys::run_partition(INVOICE, &month.to_string());
        let items = self.page(&partition, &Range::Prefix("HELD#".to_owned()), limit, false).await?;
        let held = |item: &Item| {
            let key = item.get("sk").and_then(|value| value.as_s().ok()).map_or("", String::as_str);
            let mut parts = key.split('#').skip(1);
            Ok(Held {
                account: valid(AccountId::parse(parts.next().unwrap_or_default()), NOTE)?,
                issuer: some(Issuer::parse(parts.next().unwrap_or_default()), NOTE)?,
                reasons: reasons_of(item),
            })
        };
        items.iter().map(held).collect()
    }

    /// Void numbers of a series, in order.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn void_numbers(&self, series: &str) -> Result<Vec<VoidNumber>, Error> {
        const NOTE: &str = "void number";
        #[derive(Deserialize)]
        struct Stored {
            number: String,
            day: String,
            account: String,
            reason: String,
        }
        let items = self.all(&keys::series(series).pk, &Range::Prefix("VOID#".to_owned())).await?;
        let read = |item| {
            let stored: Stored = decode(item, NOTE)?;
            Ok(VoidNumber {
                number: stored.number,
                day: valid(Day::parse(&stored.day), NOTE)?,
                account: valid(AccountId::parse(&stored.account), NOTE)?,
                reason: stored.reason,
            })
        };
        items.into_iter().map(read).collect()
    }
}

/// The same, but that a partner's hold is not lifted by an evaluation that could not be made: it tells nothing of the
/// partner's.
fn keeping_holds(evaluated: &Evaluated, open: &[(Issuer, Option<String>)]) -> Evaluated {
    let mut evaluated = evaluated.clone();
    let was_held = open.iter().any(|(issuer, before)| *issuer == Issuer::Partner && before.as_deref() == Some(HELD));
    if let (true, MonthOutcome::Held(reasons), MonthOutcome::Nothing) =
        (was_held, &evaluated.outcomes.operator, &evaluated.outcomes.partner)
    {
        evaluated.outcomes.partner = MonthOutcome::Held(reasons.clone());
    }
    evaluated
}

/// The writes that settle what is open, and the issuers whose invoices are issued with them.
fn settled(
    month: Month,
    evaluated: &Evaluated,
    open: &[(Issuer, Option<String>)],
) -> Result<(Vec<Write>, Vec<Issuer>), Error> {
    let (mut marks, mut notes, mut issued) = (Vec::new(), Vec::new(), Vec::new());
    let (mut held, mut nothing) = (0, 0);
    for issuer in ISSUERS {
        let Some((_, before)) = open.iter().find(|(of, _)| *of == issuer) else { continue };
        let outcome = evaluated.outcomes.of(issuer);
        // Nothing of a partner's needs no mark; one that was held gets rid of its hold.
        if issuer == Issuer::Operator || *outcome != MonthOutcome::Nothing || before.is_some() {
            marks.push(evaluated.mark(month, issuer, before.as_deref(), false)?);
        }
        let was_held = i64::from(before.as_deref() == Some(HELD));
        match outcome {
            MonthOutcome::Held(reasons) => {
                notes.push(held_note(month, &evaluated.account, issuer, reasons));
                held += 1 - was_held;
                continue;
            }
            MonthOutcome::Nothing => nothing += i64::from(issuer == Issuer::Operator),
            MonthOutcome::Draft(_) => issued.push(issuer),
        }
        if was_held > 0 {
            notes.push(Write::delete(keys::held(month, &evaluated.account, issuer)));
        }
        held -= was_held;
    }
    let settled = i64::try_from(issued.len()).unwrap_or(0);
    let part = Write::update(keys::run_shard(INVOICE, &month.to_string(), keys::part(&evaluated.account)));
    marks.extend(evaluated.used_credit(issued.iter().copied())?);
    marks.extend(notes);
    // Without a change there is nothing to write to the part, and a write needs a change.
    if held != 0 || nothing != 0 || settled != 0 {
        marks.push(part.add("held", held).add("nothing", nothing).add("settled", settled));
    }
    Ok((marks, issued))
}
