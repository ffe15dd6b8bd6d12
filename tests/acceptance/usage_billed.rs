//! What was used is billed as the price engine says, late or in time, month after month (P2, S1, S2, G4, G5).

use catalogs::price::price;
use catalogs::{PRICE_LISTS, UsageFile, read_catalogue, read_usage};
use chrono::TimeDelta;
use domain::calendar::{Day, Month};
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, Catalogues, PlanKey};
use domain::contact::Email;
use domain::ids::AccountId;
use domain::invoice::{Invoice, Line};
use domain::subscription::{Phase, Subscription};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::harness::{TestWorld, day};
use crate::usage::{KINDS, key, on, report, report_all};

pub(crate) fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Nets above zero of the invoice of a month, none if there is none.
pub(crate) async fn nets(world: &TestWorld, account: &AccountId, month: Month) -> Vec<String> {
    let invoices = world.invoices(account).await;
    let of_month = invoices.iter().find(|standing| standing.invoice.draft.month == month);
    let lines = of_month.into_iter().flat_map(|standing| &standing.invoice.draft.lines);
    lines.map(|line| line.net.plain()).filter(|net| net != "0.00").collect()
}

/// What the price engine says of the same month.
fn priced(catalogue: &Catalogue, plan: &str, month: Month, file: &UsageFile) -> Vec<String> {
    let all = Catalogues::one(catalogue.clone());
    let report = price(&all, catalogue, &PlanId::parse(plan).unwrap(), month, file, month.end());
    assert!(report.rating.held.is_empty(), "{month}: {:?}", report.rating.held);
    report.rating.lines.iter().map(|rated| rated.line.net.plain()).filter(|net| net != "0.00").collect()
}

/// The usage of a file on some days, as a program would report it.
fn records_of(file: &UsageFile, within: impl Fn(Day) -> bool) -> Vec<Value> {
    let named = |kind: &str, index: usize, mut record: Value| {
        record["source"] = json!("file");
        record["id"] = json!(format!("{kind}-{index}"));
        record
    };
    let mut all = Vec::new();
    for (index, record) in file.usage.records.iter().enumerate().filter(|(_, record)| within(record.day)) {
        let mut one = json!({ "meter": record.meter.as_str(), "quantity": record.quantity.to_string() });
        match record.at {
            Some(at) => one["time"] = json!(at.to_rfc3339()),
            None => one["day"] = json!(record.day.to_string()),
        }
        if let Some(subject) = &record.subject {
            one["subject"] = json!(subject);
        }
        all.push(named("record", index, one));
    }
    for (index, entry) in file.usage.entries.iter().enumerate().filter(|(_, entry)| within(entry.day())) {
        let one = json!({ "meter": entry.channel.as_str(), "quantity": entry.minutes.to_string(), "time": entry.start.to_rfc3339() });
        all.push(named("entry", index, one));
    }
    all
}

/// Plays a usage file month by month: what is of a month is reported on its last day. Each invoice is what `price` says.
async fn plays(list: &str, plan: &str, usage: &str, first: &str, months: usize) {
    let file = PRICE_LISTS.iter().find(|(name, _)| name.contains(list)).unwrap().1;
    let catalogue = read_catalogue(file).unwrap();
    let mut month = month(first);
    let usage = read_usage(usage, &catalogue, &PlanId::parse(plan).unwrap(), month).unwrap();
    let world = TestWorld::start(&(month.start() + TimeDelta::hours(9)).to_rfc3339()).await;
    let account = world.add_subscribed("acc_played", &usage.subscription, |_| ()).await;
    let key = key(&world, &account, true).await;
    let mut billed = 0;
    for _ in 0..months {
        world.world.runner.travel(month.last().start() + TimeDelta::hours(12)).await.unwrap();
        let records = records_of(&usage, |day| day.month() == month);
        if !records.is_empty() {
            report_all(&world, &key, &records).await;
            let again = report(&world, &key, "application/json", &json!({ "records": records }).to_string()).await;
            assert_eq!(again.json()["duplicate"], records.len(), "{}", again.body);
        }
        world.world.runner.travel(month.end() + TimeDelta::hours(4)).await.unwrap();
        let expected = priced(&catalogue, plan, month, &usage);
        assert_eq!(nets(&world, &account, month).await, expected, "{list} {month}");
        billed += expected.len();
        month = month.next();
    }
    assert!(billed > 0, "nothing was billed, so nothing was shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn modules_are_billed_as_priced_and_gauges_carry_forward_p2() {
    let usage = r#"{
        "subscription": { "from": "2026-07-01", "trial_until": "2026-07-14", "converted_on": "2026-07-10", "bookings": [
            { "add_on": "table-module", "from": "2026-07-01" }, { "add_on": "form-module", "from": "2026-07-01" },
            { "add_on": "user-module", "from": "2026-07-01" }, { "add_on": "page-module", "from": "2026-07-01" }] },
        "meters": {
            "tables": [{ "date": "2026-07-20T10:00", "quantity": 12 }, { "date": "2026-07-20T18:00", "quantity": 9 },
                       { "date": "2026-10-25T02:30", "quantity": 60 }, { "date": "2026-10-31T23:59", "quantity": 11 }],
            "forms": [{ "date": "2026-07-16", "quantity": 3 }, { "date": "2026-09-30", "quantity": 0 }, { "date": "2026-11-15", "quantity": 55 }],
            "users": [{ "date": "2026-08-01", "quantity": 5 }],
            "pageviews": [{ "date": "2026-07-17", "quantity": 9999 }, { "date": "2026-07-31", "quantity": 1 },
                          { "date": "2026-08-11", "quantity": 10001 }, { "date": "2026-11-30T23:59", "quantity": 40000 }]
        }
    }"#;
    // Five months: without a change (August to September), over the end of summer time, and with everything changed.
    plays("modules", "modules", usage, "2026-07", 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn support_is_billed_by_start_and_minute_and_the_credit_once_s1_s2() {
    let usage = r#"{
        "subscription": { "from": "2026-08-01", "bookings": [{ "add_on": "level-2", "from": "2026-09-01" }] },
        "time_entries": [
            { "start": "2026-08-03T10:00", "minutes": 40, "channel": "phone" },
            { "start": "2026-08-05T10:00", "minutes": 7.5, "channel": "email" },
            { "start": "2026-09-01T14:00", "minutes": 50, "channel": "phone" },
            { "start": "2026-09-15T21:59", "minutes": 6, "channel": "phone" },
            { "start": "2026-10-25T02:30", "minutes": 5, "channel": "phone" },
            { "start": "2026-10-26T10:00", "minutes": 61, "channel": "phone" }
        ]
    }"#;
    plays("support-levels", "standard", usage, "2026-08", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_before_the_run_is_billed_with_its_month_and_what_comes_after_on_the_next_invoice() {
    let world = TestWorld::start("2026-11-20T09:00:00+01:00").await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, true).await;
    let record = |id: &str, meter: &str, quantity: u32, time: &str| json!({ "source": "a", "id": id, "meter": meter, "quantity": quantity, "time": time });
    report_all(
        &world,
        &key,
        &[record("1", "pageviews", 100, "2026-11-03T10:00:00Z"), record("2", "tables", 4, "2026-11-03T10:00:00Z")],
    )
    .await;
    // The month is over, its run has not begun.
    world.travel("2026-12-01T02:59:00+01:00").await;
    report_all(
        &world,
        &key,
        &[record("3", "pageviews", 10, "2026-11-30T22:59:59Z"), record("4", "pageviews", 1000, "2026-11-30T23:00:00Z")],
    )
    .await;
    world.travel("2026-12-01T04:00:00+01:00").await;
    assert_eq!(nets(&world, &account, month("2026-11")).await, ["11.00", "8.00"], "110 × 0.10, 4 × 2.00");
    // Now it is billed: what still comes goes on the invoice of December, with its own days, once.
    let late = [
        record("5", "pageviews", 30, "2026-11-29T10:00:00Z"),
        record("6", "tables", 6, "2026-11-29T10:00:00Z"),
        record("7", "phone", 20, "2026-11-29T10:00:00Z"),
        record("8", "sales", 100, "2026-11-29T10:00:00Z"),
    ];
    report_all(&world, &key, &late).await;
    let again = report(&world, &key, "application/json", &json!({ "records": late }).to_string()).await;
    assert_eq!(again.json()["duplicate"], 4, "{}", again.body);
    world.run_everything("2026-11").await;
    assert_eq!(
        nets(&world, &account, month("2026-11")).await,
        ["11.00", "8.00"],
        "an issued invoice never changes (I2)"
    );
    world.travel("2027-01-01T04:00:00+01:00").await;
    let december = nets(&world, &account, month("2026-12")).await;
    let mut sorted = december.clone();
    sorted.sort();
    // December: 1,000 × 0.10 and 6 tables that hold on; November: 30 × 0.10, 2 tables more, two quarter hours, 4 %.
    assert_eq!(sorted, ["100.00", "12.00", "3.00", "30.00", "4.00", "4.00"], "{december:?}");
    let invoices = world.invoices(&account).await;
    let lines = &invoices.last().unwrap().invoice.draft.lines;
    let late = lines.iter().find(|line| line.text.en.contains("late usage of November 2026")).unwrap();
    assert_eq!((late.first_day, late.last_day), (day("2026-11-29"), day("2026-11-29")));
    days_behind_are_those_charged(&world, &invoices[0].invoice, &invoices[1].invoice).await;
    world.travel("2027-02-01T04:00:00+01:00").await;
    assert_eq!(
        nets(&world, &account, month("2027-01")).await,
        ["12.00"],
        "the tables carry forward, nothing else comes back"
    );
}

fn of_tables(line: &&Line) -> bool {
    line.provenance.meter.as_deref() == Some("tables")
}

/// The days behind the lines for tables: the first day of the line, the day, and how many.
async fn days_of_tables(world: &TestWorld, invoice: &Invoice) -> Vec<(Day, Day, Decimal)> {
    let behind = world.world.table.behind(invoice).await.unwrap();
    let mut days: Vec<(Day, Day, Decimal)> = Vec::new();
    for line in invoice.draft.lines.iter().filter(of_tables) {
        days.extend(behind.days(line).iter().map(|record| (line.first_day, record.day, record.quantity)));
    }
    days.sort();
    days
}

fn tables(expected: &[(&str, &str, i64)]) -> Vec<(Day, Day, Decimal)> {
    expected.iter().map(|(from, on, quantity)| (day(from), day(on), Decimal::from(*quantity))).collect()
}

/// The days behind each line are those known when it was charged; a gauge begins with what held on.
async fn days_behind_are_those_charged(world: &TestWorld, november: &Invoice, december: &Invoice) {
    let first = november.draft.lines.iter().find(of_tables).unwrap();
    // A line that begins within a month begins with what was observed before it.
    let mut halved = november.clone();
    halved.draft.lines = vec![Line { first_day: day("2026-11-16"), ..first.clone() }];
    for (invoice, expected) in [
        (november, &[("2026-11-01", "2026-11-03", 4)][..]),
        (&halved, &[("2026-11-16", "2026-11-16", 4)][..]),
        (december, &[("2026-11-29", "2026-11-29", 6), ("2026-12-01", "2026-12-01", 6)][..]),
    ] {
        assert_eq!(days_of_tables(world, invoice).await, tables(expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_that_the_plan_does_not_mark_holds_the_invoice_g7() {
    let world = TestWorld::start("2026-11-20T09:00:00+01:00").await;
    // The meter is one of the price list until October; that of November knows nothing of it.
    let without = |text: &str, head: &str, next: &str| {
        let (before, rest) = text.split_once(head).unwrap();
        format!("{before}{next}{}", rest.split_once(next).unwrap().1)
    };
    let later = without(KINDS, "[meters.tables]", "[meters.readers]");
    let later = without(&later, "[charges.tables]", "[charges.readers]");
    let later = later.replace("tables = \"charged\", ", "").replace("\"tables\", ", "");
    let later = later.replace("version = \"1\"", "version = \"2\"");
    on(&world, "acc_before", KINDS, "all").await;
    on(&world, "acc_after", &later, "all").await;
    let plan = |version: &str| PlanKey { catalogue: format!("kinds@{version}"), plan: "all".to_owned() };
    let mut subscription = Subscription::new(plan("1"), day("2026-09-01"));
    subscription.phases.push(Phase { plan: plan("2"), from: day("2026-11-01") });
    let account = world.add_subscribed("acc_kinds", &subscription, |_| ()).await;
    let key = key(&world, &account, true).await;
    let record = json!({ "source": "a", "id": "1", "meter": "tables", "quantity": 1, "day": "2026-11-03" });
    report_all(&world, &key, &[record]).await;
    world.travel("2026-12-01T04:00:00+01:00").await;
    let state = world.world.table.month(&account, month("2026-11")).await.unwrap();
    assert!(format!("{state:?}").contains("does not say whether tables"), "{state:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sub_accounts_report_for_who_pays_a22() {
    let world = TestWorld::start("2026-11-20T09:00:00+01:00").await;
    let payer = on(&world, "acc_payer", KINDS, "all").await;
    let sub = world.add_account("acc_sub", |account| account.payer = Some(payer.clone())).await;
    let keys = [key(&world, &payer, true).await, key(&world, &sub, true).await];
    for (key, tables) in keys.iter().zip([3, 4]) {
        report_all(&world, key, &[
            json!({ "source": "a", "id": "1", "meter": "pageviews", "quantity": 10, "day": "2026-11-03" }),
            json!({ "source": "a", "id": "2", "meter": "tables", "quantity": tables, "time": "2026-11-03T10:00:00Z" }),
        ]).await;
    }
    world.travel("2026-12-01T04:00:00+01:00").await;
    assert_eq!(nets(&world, &payer, month("2026-11")).await, ["2.00", "14.00"], "20 × 0.10, 3 and 4 tables");
    assert!(nets(&world, &sub, month("2026-11")).await.is_empty());
    // What one of them reports late makes a difference to the sum of all.
    let late = json!({ "source": "a", "id": "3", "meter": "tables", "quantity": 6, "time": "2026-11-29T10:00:00Z" });
    report_all(&world, &keys[1], &[late]).await;
    world.travel("2027-01-01T04:00:00+01:00").await;
    let mut december = nets(&world, &payer, month("2026-12")).await;
    december.sort();
    assert_eq!(december, ["18.00", "4.00"], "both carry forward, and two more in November");
    let invoices = world.invoices(&payer).await;
    let expected = [("2026-11-29", "2026-11-29", 9), ("2026-12-01", "2026-12-01", 9)];
    assert_eq!(days_of_tables(&world, &invoices.last().unwrap().invoice).await, tables(&expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_shows_usage_by_meter_and_day() {
    let world = TestWorld::start("2026-11-20T09:00:00+01:00").await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, true).await;
    let records = [
        json!({ "source": "a", "id": "1", "meter": "pageviews", "quantity": "1234.5", "day": "2026-11-03" }),
        json!({ "source": "a", "id": "2", "meter": "pageviews", "quantity": 1, "day": "2026-11-04" }),
        json!({ "source": "a", "id": "3", "charge": "set-up", "day": "2026-11-04", "text": "Messe" }),
    ];
    report_all(&world, &key, &records).await;
    world.world.table.allow(&Email::parse("me@example.org").unwrap(), &account).await.unwrap();
    let customer = world.sign_in("me@example.org").await;
    let page = world.get_as(&customer, "/console/usage/acc_kinds?lang=de").await;
    for text in ["Nutzung November 2026", "03.11.2026", "1.234,5", "1.235,5 Seitenaufrufe", "Einrichtung", "Messe"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let before = world.get_as(&customer, "/console/usage/acc_kinds?month=2026-10&lang=en").await.body;
    assert!(before.contains("Nothing has been counted in this month yet"), "{before}");
    assert_eq!(world.get_as(&customer, "/console/usage/acc_10001").await.status, 404);
    world.travel("2026-12-01T04:00:00+01:00").await;
    assert_eq!(nets(&world, &account, month("2026-11")).await, ["123.55", "250.00"]);
    // The trace of an invoice shows the days (G5).
    let customer = world.sign_in("me@example.org").await;
    let invoice = world.invoices(&account).await[0].invoice.id.clone();
    let trace = world.get_as(&customer, &format!("/console/invoices/acc_kinds/{invoice}?lang=de")).await.body;
    assert!(trace.contains("1.234,5"), "{trace}");
}

/// The operator's page of support time for an account.
const SUPPORT: &str = "/console/support?account=acc_kinds&lang=de";

/// Sends the form of support time with some fields changed.
async fn enter(world: &TestWorld, cookie: &str, page: &str, changes: &[(&str, &str)]) -> u16 {
    let hidden = |name: &str| {
        page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (token, entry) = (hidden("form_token"), hidden("entry"));
    let mut fields = vec![
        ("form_token", token.as_str()),
        ("account", "acc_kinds"),
        ("entry", entry.as_str()),
        ("channel", "phone"),
        ("start", "2026-11-19T10:00"),
        ("minutes", "16,5"),
        ("text", "Import"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    let request = world.request("POST", "/console/support?lang=de").header("cookie", cookie).form(&fields);
    world.send(request).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_enters_support_time() {
    let world = TestWorld::start("2026-11-20T09:00:00+01:00").await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    world.world.table.allow(&Email::parse("me@example.org").unwrap(), &account).await.unwrap();
    let customer = world.sign_in("me@example.org").await;
    for path in ["/console/support", SUPPORT] {
        assert_eq!(world.get_as(&customer, path).await.status, 404, "{path}");
    }
    let operator = world.sign_in(local::world::DEMO_EMAIL).await;
    let nobody = world.get_as(&operator, "/console/support?account=acc_none&lang=en").await.body;
    assert!(nobody.contains("There is no such account"), "{nobody}");
    let page = world.get_as(&operator, SUPPORT).await.body;
    for (name, changes, status) in [
        ("another site", &[("form_token", "x")][..], 403),
        ("no minutes", &[("minutes", "")], 422),
        ("less than none", &[("minutes", "-5")], 422),
        ("a start that is none", &[("start", "gestern")], 422),
        ("the future", &[("start", "2026-12-24T10:00")], 422),
        ("too long ago", &[("start", "2026-01-02T10:00")], 422),
        ("a channel there is not", &[("channel", "pageviews")], 422),
        ("another account", &[("account", "acc_none")], 404),
    ] {
        assert_eq!(enter(&world, &operator, &page, changes).await, status, "{name}");
    }
    for _ in 0..2 {
        assert_eq!(enter(&world, &operator, &page, &[]).await, 303, "a second click enters nothing more");
    }
    let shown = world.get_as(&operator, &format!("{SUPPORT}&saved=1")).await.body;
    assert!(shown.matches("Import").count() == 1 && shown.contains("16,5") && shown.contains("Gespeichert"), "{shown}");
    world.travel("2026-12-01T04:00:00+01:00").await;
    assert_eq!(nets(&world, &account, month("2026-11")).await, ["30.00"], "two started quarter hours");
}
