//! The monthly run: what is billed when, numbers without gap or twin, and what is held.

use domain::calendar::Month;
use domain::event::AnswerValue;
use domain::ids::{AccountId, EventId};
use domain::invoice::Line;
use platform::table::marks::MonthState;

use crate::harness::{Plan, TestWorld, YES_NO, day};

async fn lines(world: &TestWorld, account: &AccountId) -> Vec<(String, String, String)> {
    let invoices = world.invoices(account).await;
    let row = |line: &Line| {
        (line.provenance.event.as_ref().unwrap().to_string(), line.quantity.to_string(), line.net.plain())
    };
    invoices.iter().flat_map(|standing| standing.invoice.draft.lines.iter().map(row)).collect()
}

async fn run(world: &TestWorld, month: &str) -> Result<(), platform::error::Error> {
    let start = invoice_run_start(month);
    let functions = world.world.functions().unwrap();
    functions.invoice_run.handle(start, std::time::Duration::from_secs(900)).await?;
    world.settle().await;
    Ok(())
}

fn invoice_run_start(month: &str) -> serde_json::Value {
    serde_json::json!({ "month": month })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_pay_per_attendee() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let accepted = Some(AnswerValue::Accepted);
    let declined = Some(AnswerValue::Declined);
    for (slug, values, answers) in [
        ("vier", &[("yes", accepted), ("no", declined)][..], vec![("yes", 4)]),
        ("genau-fuenf", &[("yes", accepted), ("no", declined)], vec![("yes", 3), ("no", 2)]),
        ("ohne-werte", &[("da", None)], vec![("da", 5)]),
        ("nur-absage", &[("da", None), ("no", declined)], vec![("da", 5), ("no", 2)]),
        ("nur-absagen", &[("yes", accepted), ("no", declined)], vec![("no", 9)]),
        ("niemand", &[("yes", accepted)], vec![]),
    ] {
        world
            .publish(&world.account, &Plan { slug, ends_at: "2026-11-20T22:00:00+01:00", capacity: None, values })
            .await;
        for (answer, people) in answers {
            world.register_people(slug, answer, people).await;
        }
    }
    world.travel("2026-12-01T03:01:00+01:00").await;
    let row = |event: &str, quantity: &str, net: &str| (event.to_owned(), quantity.to_owned(), net.to_owned());
    assert_eq!(
        lines(&world, &world.account).await,
        [
            row("evt_genau-fuenf", "3", "9.00"), // A12
            row("evt_nur-absage", "5", "15.00"), // A11
            row("evt_ohne-werte", "5", "15.00"), // A11
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_belongs_to_the_month_it_ends_in_by_local_time() {
    let world = TestWorld::start("2026-10-01T09:00:00+02:00").await;
    for (slug, ends_at) in [
        ("oktober", "2026-11-01T00:00:00+01:00"),  // exactly at midnight: still October
        ("november", "2026-11-01T00:00:01+01:00"), // a second later
        ("zeitumstellung", "2026-10-25T02:30:00+01:00"), // the hour that happens twice
    ] {
        world.fest(slug, ends_at).await;
        world.register_people(slug, "yes", 5).await;
    }
    world.travel("2026-11-01T03:05:00+01:00").await;
    let events = |rows: Vec<(String, String, String)>| rows.into_iter().map(|row| row.0).collect::<Vec<_>>();
    assert_eq!(events(lines(&world, &world.account).await), ["evt_zeitumstellung", "evt_oktober"]);
    world.travel("2026-12-01T03:05:00+01:00").await;
    assert_eq!(events(lines(&world, &world.account).await), ["evt_zeitumstellung", "evt_oktober", "evt_november"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_falls_on_its_local_day_where_the_clock_changes() {
    for (start, times, days) in [
        (
            "2026-03-28T23:30:00+01:00",
            ["2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00", "2026-03-30T00:00:00+02:00"],
            ["2026-03-28", "2026-03-29", "2026-03-29", "2026-03-30"],
        ),
        (
            "2026-10-24T23:30:00+02:00",
            ["2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00", "2026-10-26T00:00:00+01:00"],
            ["2026-10-24", "2026-10-25", "2026-10-25", "2026-10-26"],
        ),
    ] {
        let world = TestWorld::start(start).await;
        world.fest("fest", "2026-10-30T22:00:00+01:00").await;
        for (index, time) in std::iter::once(&start).chain(&times).enumerate() {
            world.travel(time).await;
            world.register("fest", &format!("p{index}@example.org"), "yes", 1).await;
        }
        // The last of the days is over at the next midnight, and counted at a quarter past.
        let next = day(days[3]).next();
        let moment = (next.start() + chrono::TimeDelta::minutes(15)).to_rfc3339();
        world.travel(&moment).await;
        let event = EventId::parse("evt_fest").unwrap();
        let counted = world.world.table.usage_days(&world.account, &event, day(days[0]), next).await.unwrap();
        let mut expanded = Vec::new();
        for (day, counts) in counted {
            expanded.extend((0..counts.accepted).map(|_| day.to_string()));
        }
        assert_eq!(expanded, days);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gap_and_no_twin_over_many_accounts_and_months() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let mut accounts = vec![world.account.clone()];
    for index in 0..20 {
        accounts.push(world.add_account(&format!("acc_n{index}"), |_| {}).await);
    }
    for (month, end, next) in [
        ("nov", "2026-11-20T22:00:00+01:00", "2026-12-01T03:05:00+01:00"),
        ("dez", "2026-12-20T22:00:00+01:00", "2027-01-01T03:05:00+01:00"),
    ] {
        // Every third account has nothing to bill.
        for (index, account) in accounts.iter().enumerate().filter(|(index, _)| index % 3 != 0) {
            let slug = format!("{month}-{index}");
            world.publish(account, &Plan { slug: &slug, ends_at: end, capacity: None, values: YES_NO }).await;
            world.register(&slug, "a@example.org", "yes", 5).await;
        }
        world.travel(next).await;
    }
    let mut numbers = Vec::new();
    for account in &accounts {
        numbers.extend(world.invoices(account).await.into_iter().map(|standing| standing.invoice.number));
    }
    numbers.sort();
    let expected: Vec<String> = ["RE-2026", "RE-2027"]
        .iter()
        .flat_map(|series| (1..=14).map(move |sequence| format!("{series}-{sequence:05}")))
        .collect();
    assert_eq!(numbers.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    // One mail each, and nothing failed on the way.
    assert_eq!(world.mails().iter().filter(|mail| mail.subject.starts_with("Rechnung")).count(), 28);
    assert!(world.world.runner.dead_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_priced_is_held_and_the_rest_goes_on() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let nowhere = world.add_account("acc_nowhere", |account| account.address = None).await;
    let vienna = world
        .add_account("acc_vienna", |account| {
            if let Some(address) = &mut account.address {
                address.country = "AT".to_owned();
            }
            account.vat_id = None;
        })
        .await;
    let odd = world.add_account_on("acc_odd", "attendees@1999-01").await;
    for (index, account) in [&world.account, &nowhere, &vienna, &odd].into_iter().enumerate() {
        let slug = format!("f{index}");
        world
            .publish(
                account,
                &Plan { slug: &slug, ends_at: "2026-11-20T22:00:00+01:00", capacity: None, values: YES_NO },
            )
            .await;
        world.register(&slug, "a@example.org", "yes", 5).await;
    }
    world.travel("2026-12-01T03:05:00+01:00").await;
    let month = Month::parse("2026-11").unwrap();
    assert_eq!(world.invoices(&world.account).await.len(), 1);
    for (account, reason) in
        [(&nowhere, "no billing address"), (&vienna, "is in AT and has no VAT id"), (&odd, "attendees@1999-01")]
    {
        assert_eq!(world.invoices(account).await.len(), 0);
        match world.world.table.month(account, month).await.unwrap() {
            MonthState::Held(reasons) => assert!(reasons[0].en.contains(reason), "{reasons:?}"),
            other => panic!("{account} is not held: {other:?}"),
        }
    }
    // The operator sees who is held and why.
    let runs = world.get_as(&world.sign_in(local::world::DEMO_EMAIL).await, "/console/runs?lang=de").await;
    for text in ["acc_nowhere", "Dem Konto fehlt die Rechnungsanschrift.", "acc_vienna", "acc_odd"] {
        assert!(runs.body.contains(text), "{text}");
    }
    // Once the address is there, the next run bills it with the next number, and only it.
    let mut mended = world.world.table.account(&nowhere).await.unwrap();
    mended.address = local::seed::account().unwrap().address;
    world.world.table.save_account(&mended).await.unwrap();
    for _ in 0..2 {
        run(&world, "2026-11").await.unwrap();
        let invoices = world.invoices(&nowhere).await;
        assert_eq!(invoices.iter().map(|one| one.invoice.number.to_string()).collect::<Vec<_>>(), ["RE-2026-00002"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_waits_until_its_month_is_over_and_counted() {
    let world = TestWorld::start("2026-11-29T09:00:00+01:00").await;
    world.fest("fest", "2026-11-30T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    let error = run(&world, "2026-11").await.unwrap_err();
    assert!(error.retryable() && error.to_string().contains("not over"), "{error}");
    assert!(run(&world, "november").await.is_err());
    // Midnight has passed and the count has not run yet.
    world.world.clock.set("2026-11-30T23:05:00Z".parse().unwrap());
    let error = run(&world, "2026-11").await.unwrap_err();
    assert!(error.retryable() && error.to_string().contains("not counted"), "{error}");
    assert!(world.invoices(&world.account).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_closed_late_is_billed_with_the_next_month_and_its_own_date() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-30T23:59:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    // The timers stand still over the end of the month; count and invoice run do not.
    world.world.clock.set("2026-12-01T02:05:00Z".parse().unwrap());
    world.world.functions().unwrap().usage_counter.handle().await.unwrap();
    run(&world, "2026-11").await.unwrap();
    assert!(world.invoices(&world.account).await.is_empty());
    world.travel("2027-01-01T03:05:00+01:00").await;
    let invoices = world.invoices(&world.account).await;
    assert_eq!(invoices.len(), 1);
    assert_eq!(invoices[0].invoice.draft.month, Month::parse("2026-12").unwrap());
    assert_eq!(invoices[0].invoice.draft.lines[0].last_day, day("2026-11-30"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_dated_when_it_is_issued_and_a_run_that_never_started_is_caught_up() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let late = world.add_account("acc_late", |account| account.address = None).await;
    for (slug, account) in [("eins", &world.account), ("zwei", &late)] {
        let ends_at = "2026-11-20T22:00:00+01:00";
        world.publish(account, &Plan { slug, ends_at, capacity: None, values: YES_NO }).await;
        world.register(slug, "a@example.org", "yes", 5).await;
    }
    world.travel("2026-12-01T03:05:00+01:00").await;
    world.fest("dezember", "2026-12-20T22:00:00+01:00").await;
    world.register("dezember", "a@example.org", "yes", 5).await;
    let mut mended = world.world.table.account(&late).await.unwrap();
    mended.address = local::seed::account().unwrap().address;
    world.world.table.save_account(&mended).await.unwrap();

    // The run of January never starts. That of February bills November's hold, December and January.
    for moment in ["2026-12-31T23:10:00Z", "2027-01-31T23:10:00Z"] {
        world.world.clock.set(moment.parse().unwrap());
        world.world.functions().unwrap().timers.handle().await.unwrap();
    }
    world.world.functions().unwrap().usage_counter.handle().await.unwrap();
    let functions = world.world.functions().unwrap();
    functions.invoice_run.handle(serde_json::json!({}), std::time::Duration::from_secs(900)).await.unwrap();
    world.settle().await;
    let held = &world.invoices(&late).await[0].invoice;
    assert_eq!((held.issued_on, held.due_on), (day("2027-02-01"), day("2027-02-15")));
    assert_eq!(held.draft.month, Month::parse("2026-11").unwrap());
    let months: Vec<_> = world
        .invoices(&world.account)
        .await
        .iter()
        .map(|one| (one.invoice.number.to_string(), one.invoice.draft.month.to_string()))
        .collect();
    assert_eq!(months.len(), 2);
    assert_eq!(months[0], ("RE-2026-00001".to_owned(), "2026-11".to_owned()));
    assert_eq!(months[1].1, "2026-12");
    let mut numbers = vec![held.number.to_string(), months[1].0.clone()];
    numbers.sort();
    assert_eq!(numbers, ["RE-2027-00001", "RE-2027-00002"]);
}
