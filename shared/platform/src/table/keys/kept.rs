//! Keys of what is kept: the archive, its checks and exports, and mails that were given up.

use domain::calendar::Day;
use domain::ids::{AccountId, InvoiceId};

use super::{Key, account_partition};

/// Partition of the mails that were given up.
pub const GIVEN_UP: &str = "GIVENUP";

/// Entry of a mail that was given up, by the item that owes it.
#[must_use]
pub fn given_up(item: &Key) -> Key {
    Key::new(GIVEN_UP, format!("{}|{}", item.pk, item.sk))
}

/// What the last attempt at the mail of an item failed of.
#[must_use]
pub fn mail_error(item: &Key) -> Key {
    Key::new(format!("MAILERROR#{}", item.pk), item.sk.clone())
}

/// How many mails of an account were asked for once more in an hour.
#[must_use]
pub fn resend_window(account: &AccountId, hour: &str) -> Key {
    Key::new(account_partition(account), format!("RESENDS#{hour}"))
}

/// Partition of the archive of a year.
#[must_use]
pub fn archive_partition(year: i32) -> String {
    format!("ARCHIVE#{year}")
}

/// Beginning of the sort keys of a number in the archive, in which numbers of a series are in order.
#[must_use]
pub fn archived_number(series: &str, sequence: u64) -> String {
    format!("{series}#{sequence:010}#")
}

/// Documents of an invoice in the archive.
#[must_use]
pub fn archived(issued_on: Day, (series, sequence): (&str, u64), account: &AccountId, invoice: &InvoiceId) -> Key {
    let sk = format!("{}{account}#{invoice}", archived_number(series, sequence));
    Key::new(archive_partition(issued_on.month().year()), sk)
}

/// Partition of the checks of the archive.
pub const CHECKS: &str = "CHECKS";

/// A check of the archive.
#[must_use]
pub fn check(id: &str) -> Key {
    Key::new(CHECKS, id)
}

/// A document that a check found at fault.
#[must_use]
pub fn check_fault(check: &str, document: &str) -> Key {
    Key::new(format!("CHECK#{check}"), format!("FAULT#{document}"))
}

/// Partition of the exports for auditors.
pub const EXPORTS: &str = "EXPORTS";

/// An export.
#[must_use]
pub fn export(id: &str) -> Key {
    Key::new(EXPORTS, id)
}
