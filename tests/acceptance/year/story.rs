//! The story of the year: what customers do when, and by itself what that means as usage files.

use domain::catalog::PlanKey;
use domain::ids::AccountId;
use domain::subscription::{Subscription, decide};
use local::seed;
use local::world::DEMO_EMAIL;

use super::price_lists;
use crate::harness::{Plan, TestWorld, YES_NO, day};
use crate::plans::change;
use crate::setup::Person;

/// A customer and its whole year as a usage file.
pub(super) struct Customer {
    pub(super) id: &'static str,
    /// The plan it begins with.
    pub(super) plan: &'static str,
    /// Category of VAT on all of its invoices (I4).
    pub(super) vat: &'static str,
    /// The first month that is no longer held.
    pub(super) held_until: Option<&'static str>,
    pub(super) file: &'static str,
}

pub(super) const CUSTOMERS: &[Customer] = &[
    Customer {
        id: "acc_10001",
        plan: "attendees@2021-03/pay-per-attendee",
        vat: "S",
        held_until: None,
        // A10, A12: four responses in February cost nothing. G3: both nights on which the clock changes, and midnight.
        file: r#"{
            "subscription": { "from": "2020-01-01" },
            "events": [
                { "id": "evt_neujahr", "title": {"de": "Fest neujahr", "en": "Party neujahr"}, "published": "2026-01-03", "ended": "2026-01-20", "accepted": 12, "declined": 3 },
                { "id": "evt_klein", "title": {"de": "Fest klein", "en": "Party klein"}, "published": "2026-02-02", "ended": "2026-02-10", "accepted": 3, "declined": 1 },
                { "id": "evt_sommerzeit", "title": {"de": "Fest sommerzeit", "en": "Party sommerzeit"}, "published": "2026-03-05", "ended": "2026-03-29", "accepted": 7 },
                { "id": "evt_mai", "title": {"de": "Fest mai", "en": "Party mai"}, "published": "2026-04-20", "ended": "2026-05-01", "accepted": 6, "declined": 2 },
                { "id": "evt_mitternacht", "title": {"de": "Fest mitternacht", "en": "Party mitternacht"}, "published": "2026-04-20", "ended": "2026-05-31", "accepted": 5 },
                { "id": "evt_winterzeit", "title": {"de": "Fest winterzeit", "en": "Party winterzeit"}, "published": "2026-10-02", "ended": "2026-10-25", "accepted": 9, "declined": 9 },
                { "id": "evt_silvester", "title": {"de": "Fest silvester", "en": "Party silvester"}, "published": "2026-12-01", "ended": "2026-12-31", "accepted": 11 }
            ]
        }"#,
    },
    Customer {
        id: "acc_licence",
        plan: "attendees@2021-03/licence",
        vat: "S",
        held_until: None,
        // A20, A22: its sub-account's attendees count with its own. A31: a year of a domain in the month it begins.
        file: r#"{
            "subscription": {
                "from": "2026-01-03",
                "bookings": [{ "add_on": "domain", "from": "2026-02-10", "label": "anmeldung.kongress.example" }]
            },
            "meters": { "accepted_attendees": [
                { "date": "2026-03-05", "quantity": 10 },
                { "date": "2026-09-07", "quantity": 5 }
            ] }
        }"#,
    },
    Customer {
        id: "acc_room",
        plan: "webinars@2026-01/small",
        vat: "S",
        held_until: None,
        // C1, C2: upgrades within a month, the second on its last day. C3: the downgrade waits for the next term and
        // ends the code. P3: cancelled to the end of November.
        file: r#"{
            "subscription": {
                "from": "2026-01-03",
                "changes": [
                    { "on": "2026-03-17", "plan": "medium" },
                    { "on": "2026-06-30", "plan": "large" },
                    { "on": "2026-10-01", "plan": "small" }
                ],
                "bookings": [{ "add_on": "parallel-events", "from": "2026-04-10", "until": "2026-07-31" }],
                "promotions": [{ "code": "START20", "on": "2026-01-03", "void_from": "2026-10-01" }],
                "ends_on": "2026-11-30"
            }
        }"#,
    },
    Customer {
        id: "acc_support",
        plan: "support-levels@2026-01/standard",
        vat: "S",
        held_until: None,
        // S1: with level 3, level 2 stays booked.
        file: r#"{
            "subscription": {
                "from": "2026-01-03",
                "bookings": [
                    { "add_on": "level-2", "from": "2026-01-03" },
                    { "add_on": "level-3", "from": "2026-05-11", "until": "2026-08-31" }
                ]
            }
        }"#,
    },
    Customer {
        id: "acc_modules",
        plan: "modules@2026-01/modules",
        vat: "S",
        held_until: None,
        // P1: fourteen free days of the plan, and of each module; turned into a paid account on the way.
        file: r#"{
            "subscription": {
                "from": "2026-01-12", "trial_until": "2026-01-25", "converted_on": "2026-01-20",
                "bookings": [
                    { "add_on": "table-module", "from": "2026-01-20", "until": "2026-09-30" },
                    { "add_on": "page-module", "from": "2026-04-20" }
                ]
            }
        }"#,
    },
    Customer {
        id: "acc_wien",
        plan: "webinars@2026-01/large",
        vat: "AE",
        held_until: None,
        file: r#"{ "subscription": { "from": "2026-02-10" } }"#,
    },
    Customer {
        id: "acc_zug",
        plan: "modules@2026-01/modules",
        vat: "O",
        held_until: None,
        file: r#"{
            "subscription": {
                "from": "2026-03-05", "trial_until": "2026-03-18", "converted_on": "2026-03-05",
                "bookings": [{ "add_on": "form-module", "from": "2026-04-20" }]
            }
        }"#,
    },
    Customer {
        id: "acc_spaet",
        plan: "attendees@2021-03/pay-per-attendee",
        vat: "S",
        held_until: Some("2026-03"),
        // I1: without an address there is no invoice; that of February comes when there is one.
        file: r#"{
            "subscription": { "from": "2020-01-01" },
            "events": [
                { "id": "evt_spaet", "title": {"de": "Fest spaet", "en": "Party spaet"}, "published": "2026-02-02", "ended": "2026-02-20", "accepted": 8 }
            ]
        }"#,
    },
];

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
    /// The plan of an account is changed on its page of the console.
    Change(&'static str, &'static [(&'static str, &'static str)]),
}

use Act::{Change, Event, Mend, Open, OpenSub, OpenWithoutAddress};

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
    ("2026-01-20 10:00", Change("acc_modules", &[("action", "convert")])),
    ("2026-01-20 10:00", Change("acc_modules", &[("action", "book"), ("add_on", "table-module"), ("quantity", "1")])),
    ("2026-02-02 09:00", OpenWithoutAddress("acc_spaet")),
    ("2026-02-02 09:00", Event("acc_spaet", "spaet", "2026-02-20T22:00:00+01:00", 8, 0)),
    ("2026-02-02 09:00", Event("acc_10001", "klein", "2026-02-10T22:00:00+01:00", 3, 1)),
    ("2026-02-10 12:00", Open("acc_wien", "webinars@2026-01/large", "AT", Some("ATU12345678"))),
    (
        "2026-02-10 12:00",
        Change(
            "acc_licence",
            &[("action", "book"), ("add_on", "domain"), ("quantity", "1"), ("label", "anmeldung.kongress.example")],
        ),
    ),
    ("2026-03-05 09:00", Event("acc_10001", "sommerzeit", "2026-03-29T03:30:00+02:00", 7, 0)),
    ("2026-03-05 09:00", Event("acc_zweig", "zweig", "2026-03-20T20:00:00+01:00", 10, 2)),
    ("2026-03-05 09:00", Open("acc_zug", "modules@2026-01/modules", "CH", None)),
    ("2026-03-05 09:00", Change("acc_zug", &[("action", "convert")])),
    ("2026-03-17 23:30", Change("acc_room", &[("action", "change-plan"), ("plan", "webinars@2026-01/medium")])),
    ("2026-03-20 09:00", Mend("acc_spaet")),
    ("2026-04-10 00:00", Change("acc_room", &[("action", "book"), ("add_on", "parallel-events"), ("quantity", "1")])),
    ("2026-04-20 09:00", Event("acc_10001", "mai", "2026-05-01T18:00:00+02:00", 6, 2)),
    ("2026-04-20 09:00", Event("acc_10001", "mitternacht", "2026-06-01T00:00:00+02:00", 5, 0)),
    ("2026-04-20 09:00", Change("acc_modules", &[("action", "book"), ("add_on", "page-module"), ("quantity", "1")])),
    ("2026-04-20 09:00", Change("acc_zug", &[("action", "book"), ("add_on", "form-module"), ("quantity", "1")])),
    ("2026-05-11 09:00", Change("acc_support", &[("action", "book"), ("add_on", "level-3"), ("quantity", "1")])),
    ("2026-06-30 23:59", Change("acc_room", &[("action", "change-plan"), ("plan", "webinars@2026-01/large")])),
    ("2026-07-15 09:00", Change("acc_room", &[("action", "give-up"), ("add_on", "parallel-events")])),
    ("2026-08-03 09:00", Change("acc_support", &[("action", "give-up"), ("add_on", "level-3")])),
    ("2026-09-07 09:00", Event("acc_licence", "lizenz", "2026-09-25T20:00:00+02:00", 5, 0)),
    ("2026-09-14 09:00", Change("acc_room", &[("action", "change-plan"), ("plan", "webinars@2026-01/small")])),
    ("2026-09-14 09:00", Change("acc_modules", &[("action", "give-up"), ("add_on", "table-module")])),
    ("2026-10-02 09:00", Event("acc_10001", "winterzeit", "2026-10-25T02:30:00+01:00", 9, 9)),
    ("2026-11-20 09:00", Change("acc_room", &[("action", "cancel")])),
    ("2026-12-01 09:00", Event("acc_10001", "silvester", "2026-12-31T23:59:59+01:00", 11, 0)),
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
        Change(id, fields) => {
            let person = Person::sign_in(world, DEMO_EMAIL).await;
            change(&person, &format!("/console/plan/{id}?lang=de"), fields).await;
        }
    }
}
