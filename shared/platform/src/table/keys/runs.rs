//! Keys of runs: what months came to, numbers, parts and results.

use domain::calendar::Month;
use domain::catalog::charge::Issuer;
use domain::ids::{AccountId, EventId, InvoiceId};

use super::{ACCOUNT_SHARDS, Key, account_partition, spread};

/// Frozen counts of an event that is over, under the month it is billed in. They stand before the usage days of that
/// month, so that one query finds both; whoever reads usage days over several months meets them, too ([`is_ended`]).
#[must_use]
pub fn ended(account: &AccountId, month: Month, event: &EventId) -> Key {
    Key::new(account_partition(account), format!("{}{event}", ended_prefix(month)))
}

/// How the keys of events begin that are billed in a month.
#[must_use]
pub fn ended_prefix(month: Month) -> String {
    format!("USAGE#{month}#ENDED#")
}

/// Whether an item of the range of usage days is an event that is over.
#[must_use]
pub fn is_ended(sort_key: &str) -> bool {
    // USAGE#2026-11#ENDED#…, where a usage day has USAGE#2026-11-…
    sort_key.get("USAGE#2026-11".len()..).is_some_and(|rest| rest.starts_with("#ENDED#"))
}

/// Partition of what the months of some accounts came to: those of one partition of the directory, which are a part
/// of the invoice run.
#[must_use]
pub fn months_partition(month: Month, shard: u16) -> String {
    format!("MONTHS#{month}#{shard:02}")
}

/// What a month of an account came to in the name of an issuer.
#[must_use]
pub fn month(account: &AccountId, month: Month, issuer: Issuer) -> Key {
    Key::new(months_partition(month, part(account)), format!("{account}#{}", issuer.code()))
}

/// The part of the invoice run an account belongs to.
#[must_use]
pub fn part(account: &AccountId) -> u16 {
    spread(account.as_str(), ACCOUNT_SHARDS)
}

/// A series of invoice numbers.
#[must_use]
pub fn series(series: &str) -> Key {
    Key::new(format!("SERIES#{series}"), "COUNTER")
}

/// A number of a series that no invoice carries.
#[must_use]
pub fn void(series: &str, sequence: u64) -> Key {
    Key::new(format!("SERIES#{series}"), format!("VOID#{sequence:012}"))
}

/// Partition of runs of a kind.
#[must_use]
pub fn runs_partition(kind: &str) -> String {
    format!("RUNS#{kind}")
}

/// A run.
#[must_use]
pub fn run(kind: &str, period: &str) -> Key {
    Key::new(runs_partition(kind), period)
}

/// Partition of the parts of a run.
#[must_use]
pub fn run_partition(kind: &str, period: &str) -> String {
    format!("RUN#{kind}#{period}")
}

/// Partition of the figures of invoices that were issued by themselves, by the month they belong to.
#[must_use]
pub fn figures_partition(month: Month) -> String {
    format!("FIGURES#{month}")
}

/// Figures of an invoice that was issued by itself.
#[must_use]
pub fn figure(month: Month, invoice: &InvoiceId) -> Key {
    Key::new(figures_partition(month), format!("INVOICE#{invoice}"))
}

/// Part of a run.
#[must_use]
pub fn run_shard(kind: &str, period: &str, shard: u16) -> Key {
    Key::new(run_partition(kind, period), format!("SHARD#{shard:02}"))
}

/// Note that an account is held in an invoice run.
#[must_use]
pub fn held(month: Month, account: &AccountId, issuer: Issuer) -> Key {
    Key::new(run_partition("invoice", &month.to_string()), format!("HELD#{account}#{}", issuer.code()))
}

/// What a dry run would bill an account; those that differ most from the month before come first.
#[must_use]
pub fn dry_result(period: &str, difference_cents: u64, account: &AccountId) -> Key {
    let order = DRY_ORDER.saturating_sub(difference_cents);
    Key::new(run_partition("dry", period), format!("RESULT#{order:015}#{account}"))
}

/// An account that a dry run could not price.
#[must_use]
pub fn dry_held(period: &str, account: &AccountId) -> Key {
    Key::new(run_partition("dry", period), format!("HELD#{account}"))
}

/// Fifteen digits.
const DRY_ORDER: u64 = 999_999_999_999_999;
