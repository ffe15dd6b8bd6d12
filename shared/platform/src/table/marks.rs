//! Marks: what each month of an account came to, which makes the invoice run repeatable (G4).
//!
//! One item for each account, month and issuer, in the partition of the part of the run that works on it, so that a page
//! of them is one query. `ended` counts the events closed in the month, `outcome` is set once: a month with an
//! outcome takes no more events, so nothing slips between reading and drafting. Only what is *held* may become
//! something else. The operator's mark is there for every account that was evaluated, the partner's only where it has an
//! invoice or is held; they are set in one transaction.

use domain::calendar::Month;
use domain::catalog::charge::Issuer;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Draft, MonthOutcome, MonthOutcomes};
use domain::language::Text;

use super::credits::{self, Credits};
use super::invoices::StoredDraft;
use super::keys;
use super::settling::{held_note, reasons_of};
use super::stored::{some, valid};
use super::write::{Outcome, Write, number, text};
use super::{Item, Range, Table};
use crate::error::Error;

const ITEM: &str = "month";
/// Nothing to bill.
pub(super) const NOTHING: &str = "nothing";
/// An invoice was drafted.
pub(super) const DRAFTED: &str = "drafted";
/// Held.
pub(super) const HELD: &str = "held";
/// Attribute of the operator's mark that says that there is one of the partner's.
const WITH_PARTNER: &str = "with_partner";
/// Both of those who may issue an invoice.
pub(super) const ISSUERS: [Issuer; 2] = [Issuer::Operator, Issuer::Partner];

/// How a month of an account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MonthState {
    /// Not evaluated yet.
    Open,
    /// Evaluated: nothing to bill.
    Nothing,
    /// Evaluated: an invoice.
    Drafted {
        /// The invoice.
        invoice: InvoiceId,
    },
    /// Evaluated: cannot be priced, and why (G7).
    Held(Vec<Text>),
}

/// What a month of an account came to in the name of an issuer, as it is stored. Its parts are read one by one, so that
/// a draft that cannot be read does not hide that there is one.
#[derive(Clone, Debug)]
pub struct Mark {
    item: Item,
}

impl Mark {
    fn text(&self, name: &str) -> Option<&str> {
        self.item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
    }

    /// Its place in the order of the part.
    #[must_use]
    pub fn place(&self) -> &str {
        self.text("sk").unwrap_or_default()
    }

    /// The account.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn account(&self) -> Result<AccountId, Error> {
        valid(AccountId::parse(self.place().split('#').next().unwrap_or_default()), ITEM)
    }

    /// The issuer.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn issuer(&self) -> Result<Issuer, Error> {
        some(Issuer::parse(self.place().split('#').nth(1).unwrap_or_default()), ITEM)
    }

    /// What it came to, in the stored word; none while it is open.
    #[must_use]
    pub fn outcome(&self) -> Option<&str> {
        self.text("outcome")
    }

    /// Whether it may be evaluated again.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.outcome() == Some(HELD)
    }

    /// Whether a number of the run was counted for it.
    #[must_use]
    pub fn is_ranked(&self) -> bool {
        self.item.contains_key("ranked")
    }

    /// Whether the number that was counted for it is void.
    #[must_use]
    pub fn is_void(&self) -> bool {
        self.item.contains_key("void")
    }

    /// What of the account's credit its draft has used up, in cents.
    pub(super) fn credit_cents(&self) -> i64 {
        let cents = self.item.get("credit_cents").and_then(|value| value.as_n().ok());
        cents.and_then(|cents| cents.parse().ok()).unwrap_or(0)
    }

    /// The draft with the id of its invoice.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn draft(&self) -> Result<(InvoiceId, Draft), Error> {
        let invoice = valid(InvoiceId::parse(self.text("invoice").unwrap_or_default()), ITEM)?;
        let draft = some(self.item.get("draft").cloned(), ITEM)?;
        let stored: StoredDraft = serde_dynamo::from_attribute_value(draft)
            .map_err(|_| Error::corrupt(ITEM, "its draft is not of the form expected"))?;
        Ok((invoice, stored.read()?))
    }

    /// How the month stands.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn state(&self) -> Result<MonthState, Error> {
        Ok(match self.outcome() {
            None => MonthState::Open,
            Some(NOTHING) => MonthState::Nothing,
            Some(HELD) => MonthState::Held(reasons_of(&self.item)),
            Some(DRAFTED) => MonthState::Drafted {
                invoice: valid(InvoiceId::parse(self.text("invoice").unwrap_or_default()), ITEM)?,
            },
            Some(_) => return Err(Error::corrupt(ITEM, "an unknown outcome")),
        })
    }
}

/// What accounts came to, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Drafts in the operator's name that get a number of the run.
    pub drafted: u64,
    /// Drafts in the partner's name that get one.
    pub partner_drafted: u64,
    /// Accounts with nothing to bill.
    pub nothing: u64,
    /// Invoices that are held.
    pub held: u64,
}

impl Tally {
    /// Adds another one.
    pub const fn add(&mut self, other: Self) {
        self.drafted = self.drafted.saturating_add(other.drafted);
        self.partner_drafted = self.partner_drafted.saturating_add(other.partner_drafted);
        self.nothing = self.nothing.saturating_add(other.nothing);
        self.held = self.held.saturating_add(other.held);
    }

    /// Counts an account that was evaluated.
    #[must_use]
    pub fn of(outcomes: &MonthOutcomes) -> Self {
        let held = |issuer| u64::from(matches!(outcomes.of(issuer), MonthOutcome::Held(_)));
        let drafted = |issuer| u64::from(matches!(outcomes.of(issuer), MonthOutcome::Draft(_)));
        let tally = Self {
            drafted: drafted(Issuer::Operator),
            partner_drafted: drafted(Issuer::Partner),
            nothing: 0,
            held: held(Issuer::Operator) + held(Issuer::Partner),
        };
        Self { nothing: u64::from(tally == Self::default()), ..tally }
    }

    /// Counts an account by its marks, which say what was evaluated before.
    #[must_use]
    pub fn of_marks(marks: &[Mark]) -> Self {
        let mut tally = Self::default();
        for mark in marks {
            match (mark.is_ranked(), mark.issuer()) {
                (true, Ok(Issuer::Partner)) => tally.partner_drafted += 1,
                (true, _) => tally.drafted += 1,
                (false, _) => tally.held += u64::from(mark.is_held()),
            }
        }
        let single = marks.iter().any(|mark| mark.outcome() == Some(DRAFTED));
        tally.nothing = u64::from(tally == Self::default() && !single && is_evaluated(marks));
        tally
    }
}

/// Whether an account was evaluated, by its marks.
#[must_use]
pub fn is_evaluated(marks: &[Mark]) -> bool {
    // The operator's mark is set with the other, and it is the only one that closing an event touches.
    of(marks, Issuer::Operator).is_some_and(|mark| mark.outcome().is_some())
}

/// Whether the marks of an evaluated account are all there: a query may see one of two that were set in one transaction.
#[must_use]
pub fn is_whole(marks: &[Mark]) -> bool {
    let with_partner = of(marks, Issuer::Operator).is_some_and(|mark| mark.item.contains_key(WITH_PARTNER));
    !with_partner || of(marks, Issuer::Partner).is_some()
}

fn of(marks: &[Mark], issuer: Issuer) -> Option<&Mark> {
    marks.iter().find(|mark| mark.issuer().is_ok_and(|of| of == issuer))
}

/// An account evaluated for a month.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// The account.
    pub account: AccountId,
    /// What its month comes to.
    pub outcomes: MonthOutcomes,
    /// The credit its drafts were made with.
    pub credits: Credits,
    /// Number of ended events it was evaluated with; `None` if they cannot be read, so that it is held.
    pub ended: Option<i64>,
    /// Ids for the operator's invoice and the partner's, should there be any.
    pub invoices: [InvoiceId; 2],
}

impl Evaluated {
    /// Id for an invoice in the name of an issuer.
    #[must_use]
    pub const fn invoice(&self, issuer: Issuer) -> &InvoiceId {
        let [operator, partner] = &self.invoices;
        match issuer {
            Issuer::Operator => operator,
            Issuer::Partner => partner,
        }
    }

    /// The write that sets a mark, on the condition that it stands as it was read.
    pub(super) fn mark(
        &self,
        month: Month,
        issuer: Issuer,
        before: Option<&str>,
        ranked: bool,
    ) -> Result<Write, Error> {
        let write = Write::update(keys::month(&self.account, month, issuer)).if_equals("outcome", before.map(text));
        let write = match self.ended {
            Some(ended) if issuer == Issuer::Operator => write.if_equals("ended", (ended > 0).then(|| number(ended))),
            _ => write,
        };
        Ok(match self.outcomes.of(issuer) {
            MonthOutcome::Nothing => write.set("outcome", text(NOTHING)),
            MonthOutcome::Held(reasons) => {
                write.set("outcome", text(HELD)).set("reasons", super::settling::stored_reasons(reasons))
            }
            MonthOutcome::Draft(draft) => {
                let stored = serde_dynamo::to_attribute_value(StoredDraft::new(draft))
                    .map_err(|error| Error::internal("draft", error))?;
                let write = write
                    .set("outcome", text(DRAFTED))
                    .set("invoice", text(self.invoice(issuer).to_string()))
                    .set("draft", stored);
                // What is deducted stands beside the draft, too, to be given back if that turns out unreadable.
                let write = match draft.credit.cents() {
                    0 => write,
                    cents => write.set("credit_cents", number(cents)),
                };
                if ranked { write.set("ranked", number(1)) } else { write }
            }
        })
    }

    /// The write that uses up the credit that is deducted from the drafts of issuers, on the condition that there is
    /// still as much as they were made with.
    pub(super) fn used_credit(&self, issuers: impl IntoIterator<Item = Issuer>) -> Result<Option<Write>, Error> {
        let used = issuers.into_iter().filter_map(|issuer| match self.outcomes.of(issuer) {
            MonthOutcome::Draft(draft) => Some((issuer, draft.credit)),
            MonthOutcome::Nothing | MonthOutcome::Held(_) => None,
        });
        credits::using(&self.account, self.credits, used)
    }
}

impl Table {
    /// How a month of an account stands: held if one of its invoices is.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn month(&self, account: &AccountId, month: Month) -> Result<MonthState, Error> {
        let marks = self.marks_of(account, month).await?;
        match marks.iter().find(|mark| mark.is_held()).or_else(|| marks.first()) {
            Some(mark) => mark.state(),
            None => Ok(MonthState::Open),
        }
    }

    /// The marks of a month of an account.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn marks_of(&self, account: &AccountId, month: Month) -> Result<Vec<Mark>, Error> {
        let partition = keys::months_partition(month, keys::part(account));
        let items = self.all(&partition, &Range::Prefix(format!("{account}#"))).await?;
        Ok(items.into_iter().map(|item| Mark { item }).collect())
    }

    /// The marks of the accounts of a part from one to another, both included. Eventually consistent: what seems open
    /// is set on the condition that it is.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn marks_between(
        &self,
        month: Month,
        part: u16,
        (first, last): (&AccountId, &AccountId),
    ) -> Result<Vec<Mark>, Error> {
        let range = Range::Between(format!("{first}#"), format!("{last}#~"));
        let items = self.glance(&keys::months_partition(month, part), &range).await?;
        Ok(items.into_iter().map(|item| Mark { item }).collect())
    }

    /// The next marks of a part after a place, and whether more may follow.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn marks_after(
        &self,
        month: Month,
        part: u16,
        place: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Mark>, bool), Error> {
        let range = match place {
            None => Range::Prefix(AccountId::PREFIX.to_owned()),
            Some(place) => Range::After(place.to_owned(), "~".to_owned()),
        };
        let partition = keys::months_partition(month, part);
        let (items, next) = self.page_from(&partition, &range, (limit, false), None, true).await?;
        Ok((items.into_iter().map(|item| Mark { item }).collect(), next.is_some()))
    }

    /// Keeps what an account was evaluated to, with a rank for its drafts, on the condition that it was not evaluated
    /// yet and that no event was closed into the month meanwhile. Gives `false` if that does not hold.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn keep(&self, month: Month, evaluated: &Evaluated) -> Result<bool, Error> {
        let mut marks = Vec::new();
        let with_partner = *evaluated.outcomes.of(Issuer::Partner) != MonthOutcome::Nothing;
        for issuer in ISSUERS {
            // Most accounts have nothing of a partner's, and need no mark that says so.
            if issuer == Issuer::Operator || *evaluated.outcomes.of(issuer) != MonthOutcome::Nothing {
                let mark = evaluated.mark(month, issuer, None, true)?;
                marks.push(if with_partner && issuer == Issuer::Operator {
                    mark.set(WITH_PARTNER, number(1))
                } else {
                    mark
                });
            }
            if let MonthOutcome::Held(reasons) = evaluated.outcomes.of(issuer) {
                marks.push(held_note(month, &evaluated.account, issuer, reasons));
            }
        }
        marks.extend(evaluated.used_credit(ISSUERS)?);
        match (marks.len(), marks.pop()) {
            // One write alone costs half of what it does in a transaction.
            (1, Some(mark)) => self.commit_one(mark).await,
            (_, Some(last)) => {
                marks.push(last);
                Ok(self.commit(marks).await? == Outcome::Committed)
            }
            (_, None) => Ok(true),
        }
    }
}
