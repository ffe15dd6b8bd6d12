//! Events that have ended, put into the table as closing them does, for tests that need many of them or large ones.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::calendar::{Day, Month};
use domain::catalog::charge::Issuer;
use domain::ids::{AccountId, EventId};
use platform::table::keys;
use platform::table::write::{Outcome, Write, number, text};

use crate::harness::TestWorld;

/// The writes of closing an event with this many acceptances.
pub(crate) fn closing(account: &AccountId, month: Month, accepted: i64) -> Vec<Write> {
    let event = EventId::parse(&format!("evt_{}", &account.as_str()[4..])).unwrap();
    let title = |text: &str| AttributeValue::S(text.to_owned());
    let title = AttributeValue::M([("de".to_owned(), title("Sommerfest")), ("en".to_owned(), title("Party"))].into());
    let ended = Write::update(keys::ended(account, month, &event))
        .set("event", text(event.as_str()))
        .set("title", title)
        .set("over_on", text(month.last().to_string()))
        .set("published_on", text(month.first().to_string()))
        .set("counting", text("accepted"))
        .set("accepted", number(accepted))
        .set("declined", number(0))
        .set("responses", number(accepted));
    vec![ended, Write::update(keys::month(account, month, Issuer::Operator)).if_missing("outcome").add("ended", 1)]
}

/// Usage of the event on each day of its month, as the daily count leaves it.
pub(crate) fn counted(account: &AccountId, month: Month, accepted: i64) -> Vec<Write> {
    let event = EventId::parse(&format!("evt_{}", &account.as_str()[4..])).unwrap();
    let mut days = Vec::new();
    let mut day: Day = month.first();
    while day.month() == month {
        let usage = Write::update(keys::usage_day(account, day, &event, None));
        days.push(
            usage
                .set("day", text(day.to_string()))
                .set("event", text(event.as_str()))
                .set("counting", text("accepted"))
                .set("accepted", number(accepted / 30))
                .set("responses", number(accepted / 30)),
        );
        day = day.next();
    }
    days
}

impl TestWorld {
    /// Has an event of an account end in a month.
    pub(crate) async fn end_event(&self, account: &AccountId, month: &str, accepted: i64) {
        let writes = closing(account, Month::parse(month).unwrap(), accepted);
        assert_eq!(self.world.table.commit(writes).await.unwrap(), Outcome::Committed);
    }

    /// An account whose event has ended in November.
    pub(crate) async fn add_billed(&self, id: &str) -> AccountId {
        let account = self.add_account(id, |_| {}).await;
        self.end_event(&account, "2026-11", 5).await;
        account
    }
}
