//! The dry run: what would be billed, and the difference to the month before, without changing anything.

use domain::calendar::Month;
use local::world::DEMO_EMAIL;
use platform::table::marks::MonthState;
use platform::table::runs::INVOICE;

use crate::harness::{TestWorld, at};
use crate::setup::Person;

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_be_billed_and_changes_nothing() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let table = &world.world.table;
    let (november, december) = (Month::parse("2026-11").unwrap(), Month::parse("2026-12").unwrap());
    let steady = world.add_billed("acc_stetig").await;
    let shrunk = world.add_billed("acc_weniger").await;
    let held = world.add_account("acc_ohne", |account| account.address = None).await;
    world.travel("2026-12-10T09:00:00+01:00").await;
    // December so far: the same, nothing, more than ever, and one without an address.
    world.end_event(&steady, "2026-12", 5).await;
    let grown = world.add_account("acc_mehr", |_| {}).await;
    world.end_event(&grown, "2026-12", 1000).await;
    world.end_event(&held, "2026-12", 7).await;

    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let done = person.post("/console/runs/dry?lang=de", &[("month", "2026-12")]).await;
    assert_eq!((done.status, done.headers["location"].as_str()), (303, "/console/runs/dry/2026-12?lang=de"));
    let page = person.get("/console/runs/dry/2026-12?lang=de").await;
    assert!(page.body.contains("<progress") && page.headers.contains_key("refresh"), "on its way");
    world.settle().await;
    let page = person.get("/console/runs/dry/2026-12?lang=de").await;
    assert_eq!(page.status, 200);
    assert!(!page.headers.contains_key("refresh"));
    // 1000 and 5 people at 3.00, after twice 15.00 in November.
    for text in ["3.015,00\u{a0}€", "+2.985,00\u{a0}€", "Dem Konto fehlt die Rechnungsanschrift.", "acc_ohne"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    // The largest difference comes first; who has nothing in either month is left out.
    let place = |account: &str| page.body.find(&format!("/console/accounts/{account}"));
    let rows = [place("acc_mehr"), place("acc_weniger"), place("acc_stetig")];
    let accounts_at = page.body.find("Die größten Unterschiede").unwrap();
    assert!(rows.iter().all(|row| row.is_some_and(|row| row > accounts_at)), "{rows:?}");
    assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "{rows:?}");
    assert!(place(world.account.as_str()).is_none());

    // The same on the command line.
    let told = world.get("/_local/runs/dry/2026-12").await.json();
    assert_eq!((&told["net_cents"], &told["before_cents"]), (&301_500.into(), &3_000.into()));
    assert_eq!((&told["billed"], &told["held"], &told["done"]), (&2.into(), &1.into(), &true.into()));

    // Nothing has changed: no mark, no run, no number.
    for account in [&steady, &shrunk, &grown, &held] {
        assert_eq!(table.month(account, december).await.unwrap(), MonthState::Open, "{account}");
    }
    assert_eq!(table.last_runs(INVOICE, 12).await.unwrap().len(), 1);
    assert_eq!(world.invoices(&steady).await.len(), 1);
    // And the run bills what was shown.
    world.travel("2027-01-01T03:05:00+01:00").await;
    let mut sum = rust_decimal::Decimal::ZERO;
    for account in [&steady, &grown] {
        sum += world.invoices(account).await.last().unwrap().invoice.draft.totals.net.amount();
    }
    assert_eq!(sum.to_string(), "3015.00");
    assert!(matches!(table.month(&held, december).await.unwrap(), MonthState::Held(_)));
    assert!(matches!(table.month(&shrunk, november).await.unwrap(), MonthState::Drafted { .. }));

    // A month that has not begun, and one that was never tried.
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    assert_eq!(person.post("/console/runs/dry", &[("month", "2027-02")]).await.status, 404);
    assert_eq!(person.get("/console/runs/dry/2026-10").await.status, 404);
    assert!(world.world.clock.now() > at("2026-12-31T23:00:00Z"));
}
