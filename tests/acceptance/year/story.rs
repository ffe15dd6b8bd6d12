//! The story of the year: what customers do when, and how they do it.

use domain::catalog::PlanKey;
use domain::ids::AccountId;
use domain::subscription::{Subscription, decide};
use local::seed;
use local::world::DEMO_EMAIL;
use serde_json::Value;

use super::price_lists;
use crate::harness::{Plan, TestWorld, YES_NO, day};
use crate::plans::change;
use crate::setup::Person;
use crate::usage::{key, report_all};

/// What somebody does.
pub(super) enum Act {
    /// An account with a plan begins, in a country, with a VAT id where one is needed.
    Open(&'static str, &'static str, &'static str, Option<&'static str>),
    /// An account of which another one pays the bills (A22).
    OpenSub(&'static str, &'static str),
    /// An account without an address, on pay per attendee.
    OpenWithoutAddress(&'static str),
    /// Its address is entered.
    Mend(&'static str),
    /// An account publishes an event that ends at a time; so many accept and decline on the same day.
    Event(&'static str, &'static str, &'static str, usize, usize),
    /// What an account used is reported to the interface.
    Report(&'static str, &'static str),
    /// The plan of an account is changed on its page of the console.
    Change(&'static str, &'static [(&'static str, &'static str)]),
}

use Act::{Change, Event, Mend, Open, OpenSub, OpenWithoutAddress, Report};

/// What happens when, by local time.
pub(super) const STORY: &[(&str, Act)] = &[
    ("2026-01-03 09:00", Open("acc_licence", "attendees@2021-03/licence", "DE", None)),
    ("2026-01-03 09:00", OpenSub("acc_zweig", "acc_licence")),
    ("2026-01-03 09:00", Open("acc_room", "webinars@2026-01/small", "DE", None)),
    ("2026-01-03 09:00", Change("acc_room", &[("action", "redeem"), ("code", "START20")])),
    ("2026-01-03 09:00", Open("acc_support", "support-levels@2026-01/standard", "DE", None)),
    ("2026-01-03 09:00", Change("acc_support", &[("action", "book"), ("add_on", "level-2"), ("quantity", "1")])),
    ("2026-01-03 09:00", Event("acc_10001", "neujahr", "2026-01-20T22:00:00+01:00", 12, 3)),
    ("2026-01-12 10:00", Open("acc_modules", "modules@2026-01/modules", "DE", None)),
    (
        "2026-01-16 08:00",
        Report(
            "acc_support",
            r#"[
        { "meter": "phone", "quantity": 40, "time": "2026-01-15T10:00:00+01:00" },
        { "meter": "email", "quantity": 7.5, "time": "2026-01-15T11:00:00+01:00" }]"#,
        ),
    ),
    ("2026-01-20 10:00", Change("acc_modules", &[("action", "convert")])),
    ("2026-01-20 10:00", Change("acc_modules", &[("action", "book"), ("add_on", "table-module"), ("quantity", "1")])),
    ("2026-02-02 09:00", OpenWithoutAddress("acc_spaet")),
    ("2026-02-02 09:00", Event("acc_spaet", "spaet", "2026-02-20T22:00:00+01:00", 8, 0)),
    ("2026-02-02 09:00", Event("acc_10001", "klein", "2026-02-10T22:00:00+01:00", 3, 1)),
    (
        "2026-02-04 08:00",
        Report("acc_support", r#"[{ "meter": "phone", "quantity": "95.5", "time": "2026-02-03T13:00:00Z" }]"#),
    ),
    (
        "2026-02-04 08:00",
        Report("acc_modules", r#"[{ "meter": "tables", "quantity": 12, "time": "2026-02-03T10:00:00+01:00" }]"#),
    ),
    ("2026-02-10 12:00", Open("acc_wien", "webinars@2026-01/large", "AT", Some("ATU12345678"))),
    (
        "2026-02-10 12:00",
        Change(
            "acc_licence",
            &[("action", "book"), ("add_on", "domain"), ("quantity", "1"), ("label", "anmeldung.kongress.example")],
        ),
    ),
    ("2026-02-10 12:00", Open("acc_helpdesk", "helpdesk@2026-01/agent", "DE", None)),
    (
        "2026-02-10 12:00",
        Change("acc_helpdesk", &[("action", "book"), ("add_on", "knowledge-base"), ("quantity", "1")]),
    ),
    (
        "2026-02-10 12:00",
        Change("acc_helpdesk", &[("action", "commit"), ("meter", "partner_messages"), ("committed", "100")]),
    ),
    (
        "2026-02-10 13:00",
        Report(
            "acc_helpdesk",
            r#"[
        { "meter": "named_licences", "quantity": 20, "time": "2026-02-10T13:00:00+01:00" },
        { "meter": "knowledge_base_users", "quantity": 7, "time": "2026-02-10T13:00:00+01:00" }]"#,
        ),
    ),
    (
        "2026-02-20 11:00",
        Report("acc_modules", r#"[{ "meter": "tables", "quantity": 30, "time": "2026-02-20T10:00:00+01:00" }]"#),
    ),
    ("2026-03-05 09:00", Event("acc_10001", "sommerzeit", "2026-03-29T03:30:00+02:00", 7, 0)),
    ("2026-03-05 09:00", Event("acc_zweig", "zweig", "2026-03-20T20:00:00+01:00", 10, 2)),
    ("2026-03-05 09:00", Open("acc_zug", "modules@2026-01/modules", "CH", None)),
    ("2026-03-05 09:00", Change("acc_zug", &[("action", "convert")])),
    (
        "2026-03-13 18:00",
        Report(
            "acc_licence",
            r#"[
        { "meter": "phone", "quantity": 31, "time": "2026-03-10T10:00:00+01:00" },
        { "meter": "email", "quantity": 12, "time": "2026-03-11T10:00:00+01:00" },
        { "meter": "email", "quantity": 15, "time": "2026-03-12T10:00:00+01:00" },
        { "charge": "web-training", "day": "2026-03-13" }]"#,
        ),
    ),
    ("2026-03-17 23:30", Change("acc_room", &[("action", "change-plan"), ("plan", "webinars@2026-01/medium")])),
    ("2026-03-20 09:00", Mend("acc_spaet")),
    (
        "2026-03-30 08:00",
        Report("acc_support", r#"[{ "meter": "phone", "quantity": 5, "time": "2026-03-29T03:10:00+02:00" }]"#),
    ),
    ("2026-04-10 00:00", Change("acc_room", &[("action", "book"), ("add_on", "parallel-events"), ("quantity", "1")])),
    ("2026-04-20 09:00", Event("acc_10001", "mai", "2026-05-01T18:00:00+02:00", 6, 2)),
    ("2026-04-20 09:00", Event("acc_10001", "mitternacht", "2026-06-01T00:00:00+02:00", 5, 0)),
    ("2026-04-20 09:00", Change("acc_modules", &[("action", "book"), ("add_on", "page-module"), ("quantity", "1")])),
    ("2026-04-20 09:00", Change("acc_zug", &[("action", "book"), ("add_on", "form-module"), ("quantity", "1")])),
    ("2026-04-20 09:00", Change("acc_helpdesk", &[("action", "book"), ("add_on", "ocr"), ("quantity", "1")])),
    (
        "2026-04-21 18:00",
        Report("acc_helpdesk", r#"[{ "charge": "online-support", "quantity": "2.5", "day": "2026-04-21" }]"#),
    ),
    (
        "2026-04-21 18:00",
        Report(
            "acc_10001",
            r#"[{ "charge": "setup", "price": "380", "day": "2026-04-21", "text": "Briefing Maifest" }]"#,
        ),
    ),
    (
        "2026-05-08 18:00",
        Report(
            "acc_helpdesk",
            r#"[
        { "meter": "named_licences", "quantity": 24, "time": "2026-05-07T13:00:00+02:00" },
        { "meter": "named_licences", "quantity": 22, "time": "2026-05-08T13:00:00+02:00" },
        { "meter": "ocr_pages", "quantity": 1234, "day": "2026-05-07" },
        { "meter": "partner_messages", "quantity": 80, "day": "2026-05-07" }]"#,
        ),
    ),
    ("2026-05-08 18:00", Report("acc_modules", r#"[{ "meter": "pageviews", "quantity": 9999, "day": "2026-05-07" }]"#)),
    ("2026-05-11 09:00", Change("acc_support", &[("action", "book"), ("add_on", "level-3"), ("quantity", "1")])),
    (
        "2026-05-12 18:00",
        Report("acc_support", r#"[{ "meter": "phone", "quantity": 100, "time": "2026-05-12T10:00:00+02:00" }]"#),
    ),
    ("2026-05-12 18:00", Report("acc_10001", r#"[{ "charge": "web-training", "day": "2026-05-12" }]"#)),
    (
        "2026-05-12 18:00",
        Report(
            "acc_helpdesk",
            r#"[
        { "charge": "fixed-price", "price": "480", "day": "2026-05-12", "text": "Umzug der Altdaten" },
        { "charge": "expenses", "price": "73.40", "day": "2026-05-12", "text": "Bahnfahrt" }]"#,
        ),
    ),
    (
        "2026-06-02 12:00",
        Report(
            "acc_modules",
            r#"[
        { "meter": "pageviews", "quantity": 10002, "day": "2026-05-30" },
        { "meter": "pageviews", "quantity": 20001, "day": "2026-06-02" },
        { "meter": "tables", "quantity": 8, "time": "2026-06-02T10:00:00+02:00" }]"#,
        ),
    ),
    ("2026-06-30 23:59", Change("acc_room", &[("action", "change-plan"), ("plan", "webinars@2026-01/large")])),
    (
        "2026-07-01 18:00",
        Report("acc_licence", r#"[{ "meter": "phone", "quantity": 61, "time": "2026-07-01T09:00:00+02:00" }]"#),
    ),
    ("2026-07-15 09:00", Change("acc_room", &[("action", "give-up"), ("add_on", "parallel-events")])),
    ("2026-08-03 09:00", Change("acc_support", &[("action", "give-up"), ("add_on", "level-3")])),
    ("2026-08-11 12:00", Change("acc_helpdesk", &[("action", "change-plan"), ("plan", "helpdesk@2026-01/team")])),
    (
        "2026-08-11 13:00",
        Report(
            "acc_helpdesk",
            r#"[
        { "meter": "named_licences", "quantity": 0, "time": "2026-08-11T13:00:00+02:00" },
        { "meter": "ordered_licences", "quantity": 12, "time": "2026-08-11T13:00:00+02:00" }]"#,
        ),
    ),
    ("2026-09-07 09:00", Event("acc_licence", "lizenz", "2026-09-25T20:00:00+02:00", 5, 0)),
    ("2026-09-14 09:00", Change("acc_room", &[("action", "change-plan"), ("plan", "webinars@2026-01/small")])),
    ("2026-09-14 09:00", Change("acc_modules", &[("action", "give-up"), ("add_on", "table-module")])),
    (
        "2026-09-16 08:00",
        Report("acc_support", r#"[{ "meter": "phone", "quantity": 6, "time": "2026-09-15T21:59:00+02:00" }]"#),
    ),
    (
        "2026-09-16 08:00",
        Report(
            "acc_helpdesk",
            r#"[
        { "meter": "ocr_pages", "quantity": 77, "day": "2026-09-15" },
        { "meter": "partner_messages", "quantity": 131, "day": "2026-09-15" }]"#,
        ),
    ),
    ("2026-10-02 09:00", Event("acc_10001", "winterzeit", "2026-10-25T02:30:00+01:00", 9, 9)),
    (
        "2026-10-08 18:00",
        Report("acc_10001", r#"[{ "meter": "phone", "quantity": 16, "time": "2026-10-08T10:00:00+02:00" }]"#),
    ),
    ("2026-10-08 18:00", Report("acc_helpdesk", r#"[{ "charge": "travel", "quantity": 2, "day": "2026-10-08" }]"#)),
    (
        "2026-10-26 08:00",
        Report("acc_support", r#"[{ "meter": "phone", "quantity": 6, "time": "2026-10-25T02:30:00+02:00" }]"#),
    ),
    ("2026-11-11 18:00", Report("acc_licence", r#"[{ "charge": "web-training", "day": "2026-11-11" }]"#)),
    ("2026-11-20 09:00", Change("acc_room", &[("action", "cancel")])),
    ("2026-12-01 09:00", Event("acc_10001", "silvester", "2026-12-31T23:59:59+01:00", 11, 0)),
    (
        "2026-12-31 23:59",
        Report("acc_support", r#"[{ "meter": "phone", "quantity": 1, "time": "2026-12-31T23:59:00+01:00" }]"#),
    ),
    ("2026-12-31 23:59", Report("acc_modules", r#"[{ "meter": "pageviews", "quantity": 1, "day": "2026-12-31" }]"#)),
];

/// Does it, as people do.
pub(super) async fn act(world: &TestWorld, act: &Act) {
    match act {
        Open(id, plan, country, vat_id) => {
            let (list, plan) = plan.split_once('/').unwrap();
            let plan = PlanKey { catalogue: list.to_owned(), plan: plan.to_owned() };
            let subscription = decide::subscribe(&price_lists(), &plan, world.today()).unwrap().after;
            world
                .add_subscribed(id, &subscription, |account| {
                    account.name = format!("Kunde {id}");
                    account.vat_id = vat_id.map(str::to_owned);
                    account.address.as_mut().unwrap().country = (*country).to_owned();
                })
                .await;
        }
        OpenSub(id, payer) => {
            let payer = AccountId::parse(payer).unwrap();
            let none = Subscription::new(PlanKey::pay_per_attendee(), world.today());
            world.add_subscribed(id, &none, |account| account.payer = Some(payer)).await;
        }
        OpenWithoutAddress(id) => {
            let since = Subscription::new(PlanKey::pay_per_attendee(), day("2020-01-01"));
            world.add_subscribed(id, &since, |account| account.address = None).await;
        }
        Mend(id) => {
            let mut account = world.world.table.account(&AccountId::parse(id).unwrap()).await.unwrap();
            account.address = seed::account().unwrap().address;
            world.world.table.save_account(&account).await.unwrap();
        }
        Event(id, slug, ends_at, accepted, declined) => {
            let plan = Plan { slug, ends_at, capacity: None, values: YES_NO };
            world.publish(&AccountId::parse(id).unwrap(), &plan).await;
            world.register_people(slug, "yes", *accepted).await;
            world.register_people(slug, "no", *declined).await;
        }
        Report(id, records) => {
            let account = AccountId::parse(id).unwrap();
            let mut records: Vec<Value> = serde_json::from_str(records).unwrap();
            for (index, record) in records.iter_mut().enumerate() {
                record["source"] = "story".into();
                record["id"] = format!("{}-{index}", world.world.clock.now()).into();
            }
            report_all(world, &key(world, &account, true).await, &records).await;
        }
        Change(id, fields) => {
            let person = Person::sign_in(world, DEMO_EMAIL).await;
            change(&person, &format!("/console/plan/{id}?lang=de"), fields).await;
        }
    }
}
