//! Postings of the ledger as items.

use domain::calendar::Day;
use domain::ledger::{LedgerAccount, Posting};
use domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::stored::{some, valid};
use super::{Item, decode, encode, keys};
use crate::error::Error;

const ITEM: &str = "posting";

/// What a posting books to an account of the ledger, and its day.
///
/// # Errors
/// [`Error::Corrupt`] if it books nothing to it.
pub(crate) fn read_posting(item: Item, account: LedgerAccount) -> Result<(Money, Day), Error> {
    #[derive(Deserialize)]
    struct Entry {
        account: String,
        amount: String,
    }
    #[derive(Deserialize)]
    struct StoredPosting {
        day: String,
        entries: Vec<Entry>,
    }
    let StoredPosting { day, entries } = decode(item, ITEM)?;
    let entry = some(entries.into_iter().find(|entry| entry.account == account.code()), ITEM)?;
    Ok((valid(Money::parse(&entry.amount, Currency::Eur), ITEM)?, valid(Day::parse(&day), ITEM)?))
}

/// A ledger posting as an item.
///
/// # Errors
/// [`Error::Internal`]; not for postings of the domain.
pub(crate) fn posting_item(key: &keys::Key, posting: &Posting, day: Day) -> Result<Item, Error> {
    #[derive(Serialize)]
    struct Entry {
        account: &'static str,
        amount: String,
        currency: &'static str,
    }
    #[derive(Serialize)]
    struct StoredPosting {
        day: String,
        entries: Vec<Entry>,
    }
    let entry = |(account, money): &(domain::ledger::LedgerAccount, Money)| Entry {
        account: account.code(),
        amount: money.plain(),
        currency: money.currency().code(),
    };
    encode(key, &StoredPosting { day: day.to_string(), entries: posting.entries().iter().map(entry).collect() })
}
