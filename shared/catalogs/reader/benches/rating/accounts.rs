//! Accounts with a month of usage, as they are billed.

use std::fmt::Write;

use catalogs::{PRICE_LISTS, read_catalogue, read_usage};
use domain::calendar::{Day, Month};
use domain::catalog::Catalogues;
use domain::catalog::names::PlanId;
use domain::rating::{Rating, rate_month};
use domain::subscription::Subscription;
use domain::usage::Usage;
use rust_decimal::Decimal;

/// The catalogue of the guide's first page: a fee, and messages by the unit.
const MAILER: &str = r#"
format = 1
id = "mailer"
version = "2026-01"
currency = "EUR"
title = { de = "Versand", en = "Mailer" }
meters = { messages = { title = { de = "Nachrichten", en = "Messages" }, unit = "message" } }

[charges]
fee = { text = { de = "Grundgebühr", en = "Base fee" }, sample = true, model = "flat", price = 29 }

[charges.message]
text = { de = "Nachrichten", en = "Messages" }
sample = true
model = "per_unit"
meter = "messages"
price = "0.02"

[plans.basic]
title = { de = "Basis", en = "Basic" }
charges = ["fee", "message"]
meters = { messages = "charged" }
"#;

/// An account in the month that is rated.
pub(crate) struct Account {
    pub(crate) name: &'static str,
    /// What its lines come to.
    pub(crate) net: &'static str,
    catalogues: Catalogues,
    subscription: Subscription,
    usage: Usage,
    month: Month,
}

impl Account {
    fn new(name: &'static str, net: &'static str, file: &str, plan: &str, usage: &str) -> Self {
        let catalogue = read_catalogue(file).expect(name);
        let (plan, month) = (PlanId::parse(plan).expect(name), Month::parse("2026-11").expect(name));
        let file = read_usage(usage, &catalogue, &plan, month).expect(name);
        let (subscription, usage) = (file.subscription, file.usage);
        Self { name, net, catalogues: Catalogues::one(catalogue), subscription, usage, month }
    }

    /// Rates its month.
    pub(crate) fn rate(&self) -> Rating {
        rate_month(&self.catalogues, &self.subscription, &self.usage, self.month)
    }
}

/// Sum of the lines, and what is held.
pub(crate) fn outcome(rating: &Rating) -> String {
    let net: Decimal = rating.lines.iter().map(|rated| rated.line.net.amount()).sum();
    rating.held.iter().fold(net.to_string(), |text, reason| format!("{text} held {}", reason.code()))
}

/// One account of each kind.
pub(crate) fn accounts() -> [Account; 4] {
    let list = |name: &str| PRICE_LISTS.iter().find(|list| list.0 == name).expect(name).1;
    [
        // 37, 4 (fewer than 5) and 120 accepted: 157 × 3.00.
        Account::new(
            "three events",
            "471.00",
            list("attendees"),
            "pay-per-attendee",
            r#"{"events": [{"id": "evt_a", "ended": "2026-11-05", "accepted": 37, "declined": 6},
                {"id": "evt_b", "ended": "2026-11-12", "accepted": 4},
                {"id": "evt_c", "ended": "2026-11-28", "accepted": 120, "declined": 30}]}"#,
        ),
        // 29.00 and 30 × 40 × 0.02.
        Account::new("thirty days", "53.00", MAILER, "basic", &records("messages", "2026-11-01", 30, 40)),
        // 334 × 7 = 2,338 in the year from 2026-01-01 to the end of November.
        Account::new(
            "a licence year",
            "299.00",
            list("attendees"),
            "licence",
            &records("accepted_attendees", "2026-01-01", 365, 7),
        ),
        // 20 calls of 10 minutes at 10:00, 15 free and 60 of the credit: 125 × 0.50.
        Account::new("twenty calls", "62.50", list("support-levels"), "standard", &calls()),
    ]
}

/// A record on each of some days.
fn records(meter: &str, first: &str, days: u64, quantity: u32) -> String {
    let first = Day::parse(first).expect(first);
    let each = (0..days).map(|days| format!(r#"{{"date": "{}", "quantity": {quantity}}}"#, first.plus_days(days)));
    format!(r#"{{"meters": {{"{meter}": [{}]}}}}"#, each.collect::<Vec<_>>().join(","))
}

/// A call on each of the 20 working days from 2 to 27 November.
fn calls() -> String {
    let mut entries = String::new();
    for day in (2..=27).filter(|day| (day - 2) % 7 < 5) {
        let comma = if entries.is_empty() { "" } else { "," };
        let _ = write!(entries, r#"{comma}{{"start": "2026-11-{day:02}T10:00", "minutes": 10, "channel": "phone"}}"#);
    }
    format!(r#"{{"time_entries": [{entries}]}}"#)
}
