//! The only place that builds keys.

mod runs;

use domain::calendar::{Day, Instant};
use domain::catalog::charge::Issuer;
use domain::catalog::names::MeterId;
use domain::ids::{AccountId, EventId, InvoiceId, OfferId, Slug};
use sha2::{Digest, Sha256};

pub mod kept;

pub use runs::*;

/// Partitions the directory of accounts is spread over, which are also the shards of an invoice run.
pub const ACCOUNT_SHARDS: u16 = 8;
/// Partitions timers are spread over.
pub const TIMER_SHARDS: u16 = 4;
/// Partitions the reported records of an account are spread over.
pub const REPORT_SHARDS: u16 = 16;

/// Key of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

impl Key {
    /// A key.
    pub fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }
}

/// A key that no item ever has, read to open the connection.
#[must_use]
pub fn nothing() -> Key {
    Key::new("NOTHING", "NOTHING")
}

/// Spreads texts evenly over partitions, the same way in every process.
#[must_use]
pub fn spread(text: &str, partitions: u16) -> u16 {
    let hash = hash(text) % u64::from(partitions.max(1));
    u16::try_from(hash).unwrap_or(0)
}

/// A hash that is the same in every process.
#[must_use]
pub fn hash(text: &str) -> u64 {
    Sha256::digest(text.as_bytes()).iter().take(8).fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
}

/// Text of an instant that sorts by time: seconds, in UTC.
#[must_use]
pub fn moment(instant: Instant) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Partition of everything an account owns.
#[must_use]
pub fn account_partition(account: &AccountId) -> String {
    format!("ACCOUNT#{account}")
}

/// The account itself.
#[must_use]
pub fn account(account: &AccountId) -> Key {
    Key::new(account_partition(account), "PROFILE")
}

/// Partition of the directory that an account is listed in.
#[must_use]
pub fn directory_partition(shard: u16) -> String {
    format!("ACCOUNTS#{shard:02}")
}

/// Entry of an account in the directory.
#[must_use]
pub fn directory(account: &AccountId) -> Key {
    Key::new(directory_partition(part(account)), account.as_str())
}

/// Who issues invoices in a name: the operator, or its service partner.
#[must_use]
pub fn issuer(issuer: Issuer) -> Key {
    Key::new(
        "OPERATOR",
        match issuer {
            Issuer::Operator => "PROFILE",
            Issuer::Partner => "PARTNER",
        },
    )
}

/// The operator.
#[must_use]
pub fn operator() -> Key {
    issuer(Issuer::Operator)
}

/// An issuer as it was at some time, by a digest of its content; invoices refer to it.
#[must_use]
pub fn issuer_version(digest: &str) -> Key {
    Key::new("OPERATOR", format!("VERSION#{digest}"))
}

/// The operator's levels of reminders.
#[must_use]
pub fn dunning_table() -> Key {
    Key::new("OPERATOR", "DUNNING")
}

/// What the operator has set about offers and their down payments.
#[must_use]
pub fn policy() -> Key {
    Key::new("OPERATOR", "POLICY")
}

/// Partition of one event; the account is part of it, so no query can cross accounts.
#[must_use]
pub fn event_partition(account: &AccountId, event: &EventId) -> String {
    format!("EVENT#{account}#{event}")
}

/// The event as it was published.
#[must_use]
pub fn event(account: &AccountId, event: &EventId) -> Key {
    Key::new(event_partition(account, event), "DEFINITION")
}

/// The event by its public name.
#[must_use]
pub fn slug(slug: &Slug) -> Key {
    Key::new(format!("SLUG#{slug}"), "DEFINITION")
}

/// Entry of an event in the list of its account.
#[must_use]
pub fn event_listing(account: &AccountId, event: &EventId) -> Key {
    Key::new(account_partition(account), format!("EVENT#{event}"))
}

/// A seat counter of an event.
#[must_use]
pub fn counter(account: &AccountId, event: &EventId, shard: u16) -> Key {
    Key::new(format!("{}#SEATS#{shard}", event_partition(account, event)), "COUNTER")
}

/// The counter of how often the page of an event was shown. One of its own, so that views are in no registration's way.
#[must_use]
pub fn views(account: &AccountId, event: &EventId) -> Key {
    Key::new(format!("{}#VIEWS", event_partition(account, event)), "COUNTER")
}

/// Partition of registrations of an event.
#[must_use]
pub fn registration_partition(account: &AccountId, event: &EventId, partition: u16) -> String {
    format!("{}#P#{partition}", event_partition(account, event))
}

/// A registration, by the hash of its contact address.
#[must_use]
pub fn registration(account: &AccountId, event: &EventId, partitions: u16, contact: &str) -> Key {
    Key::new(registration_partition(account, event, spread(contact, partitions)), format!("REG#{contact}"))
}

/// Usage of an event on a day, in the partition of who pays. What was counted after the month was closed
/// is kept apart, by the day it became known.
#[must_use]
pub fn usage_day(account: &AccountId, day: Day, event: &EventId, recorded_on: Option<Day>) -> Key {
    let late = recorded_on.map(|known| format!("#{known}")).unwrap_or_default();
    Key::new(account_partition(account), format!("USAGE#{day}#{event}{late}"))
}

/// Reported usage, in the partition of who pays: by its day, or, if its month was closed, by the day it became known,
/// so that the run of each month finds what it bills in one range. `what` names the item within the day.
#[must_use]
pub fn usage(payer: &AccountId, day: Day, recorded_on: Option<Day>, what: &str) -> Key {
    let place = recorded_on.map_or_else(|| format!("{day}"), |known| format!("{known}#late#{day}"));
    Key::new(account_partition(payer), format!("USAGE#{place}#{what}"))
}

/// Prefix of the gauges of an account and those it pays for.
pub const GAUGES: &str = "GAUGE#";

/// What a gauge of an account showed last in each month, in the partition of who pays.
#[must_use]
pub fn gauge(payer: &AccountId, meter: &MeterId, account: &AccountId) -> Key {
    Key::new(account_partition(payer), format!("{GAUGES}{meter}#{account}"))
}

/// The days on which guests can register for an event, in the partition of who pays: sorted by the last of them.
#[must_use]
pub fn form(payer: &AccountId, until: Day, event: &EventId) -> Key {
    Key::new(account_partition(payer), format!("FORM#{until}#{event}"))
}

/// A reported record of an account, by a digest of its source and id: whichever day it names, it is known again.
#[must_use]
pub fn report(account: &AccountId, digest: &str) -> Key {
    let partition = spread(digest, REPORT_SHARDS);
    Key::new(format!("{}#RECORDS#{partition:02}", account_partition(account)), digest)
}

/// What an account has subscribed to.
#[must_use]
pub fn subscription(account: &AccountId) -> Key {
    Key::new(account_partition(account), "SUBSCRIPTION")
}

/// Partition of the published catalogues.
pub const CATALOGUES: &str = "CATALOGUES";

/// An answer about a VAT id of an account.
#[must_use]
pub fn vat_check(account: &AccountId, checked_at: Instant, vat_id: &str) -> Key {
    Key::new(account_partition(account), format!("VATCHECK#{}#{vat_id}", moment(checked_at)))
}

/// A published catalogue version, by `name@version`.
#[must_use]
pub fn catalogue(key: &str) -> Key {
    Key::new(CATALOGUES, key)
}

/// How often a promotion code of a catalogue was redeemed.
#[must_use]
pub fn promotion(catalogue: &str, code: &str) -> Key {
    Key::new(format!("PROMOTION#{catalogue}"), code)
}

/// An invoice.
#[must_use]
pub fn invoice(account: &AccountId, invoice: &InvoiceId) -> Key {
    Key::new(account_partition(account), format!("INVOICE#{invoice}"))
}

/// Posting of an issued invoice.
#[must_use]
pub fn invoice_posting(account: &AccountId, invoice: &InvoiceId) -> Key {
    Key::new(format!("LEDGER#{account}"), format!("INVOICE#{invoice}"))
}

/// Posting of a payment, by the provider's id of it: posted once, whichever event tells of it.
#[must_use]
pub fn payment_posting(account: &AccountId, provider: &str, payment: &str) -> Key {
    Key::new(format!("LEDGER#{account}"), format!("PAYMENT#{provider}#{payment}"))
}

/// Posting of what became credit, by what made it so: a payment or a cancelled invoice.
#[must_use]
pub fn credit_posting(account: &AccountId, cause: &str) -> Key {
    Key::new(format!("LEDGER#{account}"), format!("CREDIT#{cause}"))
}

/// Posting of credit that was paid back, by the id its form brought.
#[must_use]
pub fn pay_back_posting(account: &AccountId, id: &str) -> Key {
    Key::new(format!("LEDGER#{account}"), format!("PAIDBACK#{id}"))
}

/// Credit of an account. It lies between the account and its subscription, so that one query finds all three.
#[must_use]
pub fn credit(account: &AccountId) -> Key {
    Key::new(account_partition(account), "PROFILE#CREDIT")
}

/// An invoice that was entered by hand and not issued yet.
#[must_use]
pub fn manual_draft(account: &AccountId, invoice: &InvoiceId) -> Key {
    Key::new(account_partition(account), format!("DRAFT#{invoice}"))
}

/// A request for an invoice that was answered, by API key and Idempotency-Key.
#[must_use]
pub fn invoice_request(digest: &str) -> Key {
    Key::new(format!("IDEMPOTENCY#invoice#{digest}"), "REPLY")
}

/// Posting of the fee of a reminder.
#[must_use]
pub fn reminder_posting(account: &AccountId, invoice: &InvoiceId, level: usize) -> Key {
    Key::new(format!("LEDGER#{account}"), format!("REMINDER#{invoice}#{level}"))
}

/// Posting that takes back the fee of a reminder that did not go out.
#[must_use]
pub fn reminder_waived_posting(account: &AccountId, invoice: &InvoiceId, level: usize) -> Key {
    Key::new(format!("LEDGER#{account}"), format!("REMINDER#{invoice}#{level}#waived"))
}

/// Posting that takes back what came on top of an invoice that was cancelled.
#[must_use]
pub fn waived_posting(account: &AccountId, invoice: &InvoiceId) -> Key {
    Key::new(format!("LEDGER#{account}"), format!("REMINDER#{invoice}#cancelled"))
}

/// Posting of what a bank charged for a direct debit that came back on a day.
#[must_use]
pub fn debit_posting(account: &AccountId, invoice: &InvoiceId, day: Day) -> Key {
    Key::new(format!("LEDGER#{account}"), format!("DEBIT#{invoice}#{day}"))
}

/// Partition of the offers of an account.
#[must_use]
pub fn offers_partition(account: &AccountId) -> String {
    format!("OFFERS#{account}")
}

/// An offer.
#[must_use]
pub fn offer(account: &AccountId, offer: &OfferId) -> Key {
    Key::new(offers_partition(account), offer.as_str())
}

/// Partition of timers.
#[must_use]
pub fn timer_partition(shard: u16) -> String {
    format!("TIMERS#{shard}")
}

/// A timer: sorted by due time.
#[must_use]
pub fn timer(due: Instant, name: &str) -> Key {
    Key::new(timer_partition(spread(name, TIMER_SHARDS)), format!("{}#{name}", moment(due)))
}

/// An event of a payment provider that was seen.
#[must_use]
pub fn provider_event(provider: &str, id: &str) -> Key {
    Key::new(format!("PROVIDER#{provider}#{id}"), "SEEN")
}

/// A request that was answered, by client, event and Idempotency-Key.
#[must_use]
pub fn idempotency(event: &EventId, digest: &str) -> Key {
    Key::new(format!("IDEMPOTENCY#{event}#{digest}"), "REPLY")
}

/// Who may sign in, by a digest of the address.
#[must_use]
pub fn user(email_digest: &str) -> Key {
    Key::new(format!("USER#{email_digest}"), "ACCESS")
}

/// Entry of somebody who may sign in, in the list of an account.
#[must_use]
pub fn account_user(account: &AccountId, email_digest: &str) -> Key {
    Key::new(account_partition(account), format!("USER#{email_digest}"))
}

/// A link to sign in.
#[must_use]
pub fn sign_in(id: &str) -> Key {
    Key::new(format!("SIGNIN#{id}"), "LINK")
}

/// How many links to sign in an address asked for in an hour.
#[must_use]
pub fn sign_in_window(email_digest: &str, hour: &str) -> Key {
    Key::new(format!("USER#{email_digest}"), format!("SIGNINS#{hour}"))
}

/// A session of the console, by a digest of its token.
#[must_use]
pub fn session(token_digest: &str) -> Key {
    Key::new(format!("SESSION#{token_digest}"), "SESSION")
}

/// A key of a program, by a digest of its secret.
#[must_use]
pub fn api_key(digest: &str) -> Key {
    Key::new(format!("APIKEY#{digest}"), "KEY")
}

/// Entry of a key in the list of its account.
#[must_use]
pub fn account_api_key(account: &AccountId, id: &str) -> Key {
    Key::new(account_partition(account), format!("APIKEY#{id}"))
}

/// Entry of a key in the list of the operator.
#[must_use]
pub fn operator_api_key(id: &str) -> Key {
    Key::new("OPERATOR", format!("APIKEY#{id}"))
}
