//! Postings of the ledger as items.

use domain::calendar::Day;
use domain::ledger::Posting;
use domain::money::Money;
use serde::Serialize;

use super::keys;
use super::{Item, encode};
use crate::error::Error;

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
