//! What this system counts by itself: events, registration pages, views, users, mails, seats (P2).

use chrono::TimeDelta;
use domain::calendar::Day;
use domain::catalog::names::MeterId;
use domain::contact::Email;
use platform::table::usage::{Change, Reporter};
use rust_decimal::Decimal;

use crate::harness::{Plan, TestWorld, YES_NO, at, day};
use crate::usage::on;
use crate::usage_billed::{month, nets};
use crate::watch::Trouble;

/// Everything this system counts by itself, each at a price that tells it apart.
const BUILT_IN: &str = r#"
format = 1
id = "built-in"
version = "1"
currency = "EUR"
title = { de = "Eingebaut", en = "Built in" }
[meters.published_events]
title = { de = "Veranstaltungen", en = "Events" }
unit = "event"
[meters.registration_forms]
title = { de = "Formulare", en = "Forms" }
unit = "form"
kind = "gauge"
month = "max"
[meters.console_users]
title = { de = "Benutzer", en = "Users" }
unit = "user"
kind = "gauge"
month = "max"
[meters.registration_pageviews]
title = { de = "Seitenaufrufe", en = "Page views" }
unit = "pageview"
[meters.mails]
title = { de = "E-Mails", en = "Mails" }
unit = "message"
[meters.seat_peak]
title = { de = "Plätze", en = "Seats" }
unit = "licence"
kind = "gauge"
month = "max"
[charges.a]
text = { de = "A", en = "A" }
sample = true
model = "per_unit"
meter = "published_events"
price = "1000"
[charges.b]
text = { de = "B", en = "B" }
sample = true
model = "per_unit"
meter = "registration_forms"
price = "100"
[charges.c]
text = { de = "C", en = "C" }
sample = true
model = "per_unit"
meter = "console_users"
price = "10"
[charges.d]
text = { de = "D", en = "D" }
sample = true
model = "per_unit"
meter = "registration_pageviews"
price = "1"
[charges.e]
text = { de = "E", en = "E" }
sample = true
model = "per_unit"
meter = "mails"
price = "0.10"
[charges.f]
text = { de = "F", en = "F" }
sample = true
model = "per_unit"
meter = "seat_peak"
price = "0.01"
[plans.all]
title = { de = "Alles", en = "All" }
charges = ["a", "b", "c", "d", "e", "f"]
meters = { published_events = "charged", registration_forms = "charged", console_users = "charged", registration_pageviews = "charged", mails = "charged", seat_peak = "charged" }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_this_system_counts_by_itself_is_billed_where_a_price_list_defines_it() {
    let world = TestWorld::start("2026-10-05T09:00:00+02:00").await;
    let account = on(&world, "acc_built", BUILT_IN, "all").await;
    let table = &world.world.table;
    let email = |name: &str| Email::parse(&format!("{name}@example.org")).unwrap();
    for name in ["anna", "ben", "ben", "cara"] {
        table.admit(&email(name), &account, world.world.clock.now()).await.unwrap();
    }
    let cara = table.users_of(&account).await.unwrap().into_iter().find(|user| user.email.starts_with("cara")).unwrap();
    for _ in 0..2 {
        table.revoke(&cara.digest, &account, world.world.clock.now()).await.unwrap();
    }
    world
        .publish(&account, &Plan { slug: "eins", ends_at: "2026-10-20T22:00:00+02:00", capacity: None, values: YES_NO })
        .await;
    world.travel("2026-10-10T09:00:00+02:00").await;
    world
        .publish(&account, &Plan { slug: "zwei", ends_at: "2026-11-15T22:00:00+01:00", capacity: None, values: YES_NO })
        .await;
    for minute in 1..=7 {
        world.world.clock.set(at(&format!("2026-10-10T10:0{minute}:00+02:00")));
        // Within a second views are gathered; the next one writes them.
        world.get("/e/zwei").await;
        world.get("/e/zwei").await;
    }
    world.world.clock.set(at("2026-10-10T10:09:00+02:00"));
    world.get("/e/zwei").await;
    world.get("/e/zwei?received=accepted").await;
    world.register("zwei", "gast@example.org", "yes", 1).await;
    world.settle().await;
    world.register("zwei", "gast@example.org", "yes", 1).await;
    world.register("zwei", "zwei@example.org", "no", 1).await;
    world.settle().await;
    assert_eq!(world.mails().len(), 3);
    let seats = MeterId::parse("seat_peak").unwrap();
    for value in [5, 9, 2] {
        let reporter = Reporter { account: &account, payer: &account, now: world.world.clock.now() };
        assert!(table.observe_gauge(reporter, &seats, Change::To(Decimal::from(value)), &[]).await.unwrap());
    }
    world.travel("2026-11-01T04:00:00+01:00").await;
    // Two events, two pages open at once, three users at most, 15 views, 3 mails, 9 seats.
    let october = nets(&world, &account, month("2026-10")).await;
    assert_eq!(october, ["2000.00", "200.00", "30.00", "15.00", "0.30", "0.09"]);
    world.travel("2026-12-01T04:00:00+01:00").await;
    // Nothing happened: the second page was open until the 15th, the users and seats are those of October.
    let november = nets(&world, &account, month("2026-11")).await;
    assert_eq!(november, ["100.00", "20.00", "0.02"]);
    // Accounts whose price lists define none of it are not charged for any of it.
    world.fest("ohne", "2026-12-20T22:00:00+01:00").await;
    world.get("/e/ohne").await;
    world.travel("2027-01-01T04:00:00+01:00").await;
    assert!(nets(&world, &world.account, month("2026-12")).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn page_views_are_counted_once_whatever_call_the_count_dies_at_and_however_late_it_runs() {
    // Days around the end of summer time, which is 25 hours long on 25 October.
    let world = TestWorld::start("2026-10-20T09:00:00+02:00").await;
    let account = on(&world, "acc_built", BUILT_IN, "all").await;
    world
        .publish(&account, &Plan { slug: "eins", ends_at: "2026-12-20T22:00:00+01:00", capacity: None, values: YES_NO })
        .await;
    let table = &world.world.table;
    let seen = async |of: Day| {
        let records = table.usage_between(&account, of, of).await.unwrap().records;
        let views = records.iter().filter(|record| record.meter.as_str() == "registration_pageviews");
        views.map(|record| record.quantity).sum::<Decimal>()
    };
    let mut today = day("2026-10-20");
    for round in 0..9_usize {
        for hour in [0, 12, 23] {
            world.world.clock.set(today.start() + TimeDelta::hours(hour) + TimeDelta::minutes(30));
            world.get("/e/eins").await;
        }
        let trouble = if round % 2 == 0 { Trouble::DiesAfter(round) } else { Trouble::LosesReplyAfter(round) };
        let next = today.next();
        world.world.clock.set(next.start() + TimeDelta::minutes(15));
        world.watch.trouble(trouble);
        let _ = world.world.functions().unwrap().usage_counter.handle().await;
        world.watch.trouble(Trouble::None);
        world.world.functions().unwrap().usage_counter.handle().await.unwrap();
        world.world.functions().unwrap().usage_counter.handle().await.unwrap();
        assert_eq!(seen(today).await, Decimal::from(3), "{today} {trouble:?}");
        today = next;
    }
    // Two days in a row on which nobody counted.
    for _ in 0..2 {
        world.world.clock.set(today.start() + TimeDelta::hours(9));
        world.get("/e/eins").await;
        today = today.next();
    }
    world.world.clock.set(today.start() + TimeDelta::minutes(15));
    assert_eq!(world.world.functions().unwrap().usage_counter.handle().await.unwrap().moved, 2);
    assert_eq!((seen(today.previous()).await, seen(today.previous().previous()).await), (Decimal::ONE, Decimal::ONE));
}
