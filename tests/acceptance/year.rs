//! Twelve months of an operator with customers on all price lists, on a clock that is moved. After each month every
//! invoice equals, line by line and to the cent, what `cargo run -- price` says of a usage file: the files below were
//! written by hand from the story, and nothing in them is read back from the system.

mod customers;
mod story;

use std::collections::BTreeMap;
use std::sync::Arc;

use catalogs::price::{Report, price};
use domain::calendar::{Month, instant_of};
use domain::catalog::Catalogues;
use domain::catalog::charge::Issuer;
use domain::figures::{Figures, Sum};
use domain::ids::AccountId;
use domain::invoice::{Invoice, Line};
use domain::language::Language;
use domain::money::{Currency, Money};
use local::seed;
use local::world::DEMO_EMAIL;
use platform::table::invoices::Standing;

use self::customers::{CUSTOMERS, Customer};
use self::story::{STORY, act};
use crate::figures::check_month;
use crate::harness::TestWorld;
use crate::setup::Person;

/// The price lists that come with the system.
fn price_lists() -> Catalogues {
    let mut lists = Catalogues::default();
    for (_, file) in catalogs::PRICE_LISTS {
        lists.add(Arc::new(catalogs::read_catalogue(file).unwrap()));
    }
    lists
}

/// What the price engine says of a customer's usage file for a month.
fn expected(lists: &Catalogues, customer: &Customer, month: Month) -> Report {
    let (list, plan) = customer.plan.split_once('/').unwrap();
    let list = lists.get(list).unwrap();
    let plan = &list.plan(plan).unwrap().id;
    let file = catalogs::read_usage_among(customer.file, list, lists, plan, month)
        .unwrap_or_else(|mistakes| panic!("{}: {}", customer.id, catalogs::render("usage", &mistakes)));
    price(lists, list, plan, month, &file, month.end())
}

/// All that a line says, VAT aside.
fn said(line: &Line) -> String {
    let provenance = &line.provenance;
    format!(
        "{} | {} {} × {} ({}) = {} | {}–{}, {} | {} {} {} {:?} {:?}",
        line.text.de,
        line.quantity.normalize(),
        line.unit.code,
        line.unit_price.amount().normalize(),
        line.share.map_or_else(String::new, |share| share.suffix().de),
        line.net,
        line.first_day,
        line.last_day,
        line.charged_on,
        provenance.plan,
        provenance.price,
        provenance.rule,
        provenance.meter,
        provenance.event,
    )
}

/// Compares the invoices of a customer for a month with the price of its usage file.
fn compare(customer: &Customer, month: Month, invoices: &[Standing], report: &Report) {
    assert!(report.rating.held.is_empty(), "{} {month}: {:?}", customer.id, report.rating.held);
    for issuer in [Issuer::Operator, Issuer::Partner] {
        let of_month =
            |standing: &&Standing| (standing.invoice.draft.month, standing.invoice.draft.issuer) == (month, issuer);
        let found: Vec<&Invoice> = invoices.iter().filter(of_month).map(|standing| &standing.invoice).collect();
        let lines = report.rating.lines.iter().map(|rated| &rated.line);
        let wanted: Vec<String> = lines.filter(|line| line.issuer == issuer).map(said).collect();
        assert_eq!(found.len(), usize::from(!wanted.is_empty()), "{} {month}: invoices", customer.id);
        let Some(invoice) = found.first() else { continue };
        let draft = &invoice.draft;
        assert_eq!(draft.lines.iter().map(said).collect::<Vec<_>>(), wanted, "{} {month}", customer.id);
        let totals = &report.invoices.iter().find(|(known, _)| *known == issuer).unwrap().1;
        assert_eq!(draft.totals.net, totals.net, "{} {month}", customer.id);
        if customer.vat == "S" {
            assert_eq!(draft.totals, *totals, "{} {month}", customer.id);
        } else {
            assert_eq!(draft.totals.gross, draft.totals.net, "{} {month}: no VAT is added (I4)", customer.id);
        }
        assert!(draft.lines.iter().all(|line| line.vat.category() == customer.vat), "{} {month}", customer.id);
    }
}

/// I1: in each series 1, 2, 3 … with no gap and no twin, and dates that never go back.
fn check_numbers(invoices: &[Standing]) {
    let mut series: BTreeMap<&str, Vec<(u64, _)>> = BTreeMap::new();
    for Standing { invoice, .. } in invoices {
        series.entry(&invoice.number.series).or_default().push((invoice.number.sequence, invoice.issued_on));
    }
    for (name, mut numbers) in series {
        numbers.sort_unstable();
        let sequence: Vec<u64> = numbers.iter().map(|(number, _)| *number).collect();
        assert_eq!(sequence, (1..=u64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>(), "{name}");
        assert!(numbers.is_sorted_by_key(|(_, issued_on)| *issued_on), "{name}");
    }
}

async fn all_invoices(world: &TestWorld) -> Vec<(&'static Customer, Vec<Standing>)> {
    let mut all = Vec::new();
    for customer in CUSTOMERS {
        all.push((customer, world.invoices(&AccountId::parse(customer.id).unwrap()).await));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invoice_of_a_year_is_what_the_price_engine_says() {
    // The run of this night is the first of thirteen.
    let world = TestWorld::start("2025-12-31T22:00:00+01:00").await;
    let mut partner = seed::operator().unwrap();
    (partner.name, partner.invoice_prefix) = ("Servicepartner Nord GmbH".to_owned(), "SP".to_owned());
    world.world.table.save_issuer(Issuer::Partner, &partner).await.unwrap();
    let lists = price_lists();
    let mut month = Month::parse("2026-01").unwrap();
    let mut steps = STORY.iter().peekable();
    let mut compared = 0;
    for _ in 0..12 {
        while let Some((at, step)) = steps.next_if(|(at, _)| *at < month.next().first().to_string().as_str()) {
            world.travel(&moment(at)).await;
            act(&world, step).await;
        }
        let after = month.end() + chrono::TimeDelta::hours(4);
        world.travel(&after.to_rfc3339()).await;
        for (customer, invoices) in all_invoices(&world).await {
            // What cannot be priced yet is held, and invoiced once its cause is mended.
            if customer.held_until.is_some_and(|mended| month.to_string().as_str() < mended) {
                assert!(invoices.is_empty(), "{} {month} is held (G7)", customer.id);
                continue;
            }
            compare(customer, month, &invoices, &expected(&lists, customer, month));
            compared += 1;
        }
        month = month.next();
    }
    assert!(steps.next().is_none(), "the whole story was told");

    let all: Vec<Standing> = all_invoices(&world).await.into_iter().flat_map(|(_, invoices)| invoices).collect();
    check_numbers(&all);
    for customer in CUSTOMERS {
        let invoices = world.invoices(&AccountId::parse(customer.id).unwrap()).await;
        for month in months() {
            compare(customer, month, &invoices, &expected(&lists, customer, month));
        }
    }
    check_figures(&world, &all).await;
    assert!(compared > 90 && all.len() > 60, "{compared} months, {} invoices", all.len());
}

fn months() -> impl Iterator<Item = Month> {
    (1..=12).map(|month| Month::parse(&format!("2026-{month:02}")).unwrap())
}

/// A local time of the story.
fn moment(text: &str) -> String {
    let wall = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    instant_of(wall).to_rfc3339()
}

/// Sums, page and spreadsheet of the year against its invoices.
async fn check_figures(world: &TestWorld, all: &[Standing]) {
    let person = Person::sign_in(world, DEMO_EMAIL).await;
    let mut year = Sum::zero();
    for month in months() {
        let of_month: Vec<&Standing> = all.iter().filter(|one| one.invoice.draft.month == month).collect();
        check_month(world, &person, month, &of_month).await;
        let own = world.world.table.figures(month).await.unwrap().of_issuer(Issuer::Operator);
        year = year.plus(own.total().unwrap()).unwrap();
    }
    let own =
        || all.iter().filter(|one| one.invoice.draft.issuer == Issuer::Operator).map(|one| &one.invoice.draft.totals);
    let net = Money::sum(own().map(|totals| totals.net), Currency::Eur).unwrap();
    let gross = Money::sum(own().map(|totals| totals.gross), Currency::Eur).unwrap();
    assert_eq!((year.net, year.gross().unwrap()), (net, gross));
    let page = person.get("/console/figures/2026?lang=de").await.body;
    for amount in [net, gross] {
        assert!(page.contains(&Language::De.money(amount)), "{amount} stands on the page of the year");
    }
    let mut figures = Figures::default();
    for one in all {
        figures.merge(&Figures::of(&one.invoice.draft).unwrap()).unwrap();
    }
    for (list, sum) in figures.of_issuer(Issuer::Operator).by(|cell| cell.catalogue.clone()).unwrap() {
        assert!(page.contains(&Language::De.money(sum.net)), "{list:?}: {} stands on the page", sum.net);
    }
}
