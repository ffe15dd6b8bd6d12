//! What the operator is shown of what was invoiced: sums, chart and spreadsheet add up to the invoices.

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx, open_workbook_from_rs};
use domain::calendar::{Day, Month};
use domain::catalog::PlanKey;
use domain::figures::{Figures, Sum};
use domain::ids::AccountId;
use domain::money::{Currency, Money};
use domain::payment::PaymentState;
use domain::subscription::Subscription;
use local::world::DEMO_EMAIL;
use platform::table::invoices::Standing;
use rust_decimal::Decimal;

use crate::harness::{TestWorld, day};
use crate::setup::Person;

/// A month's document as the operator's browser gets it.
async fn document(person: &Person<'_>, period: &str, kind: &str) -> Vec<u8> {
    let reply = person.bytes(&format!("/console/figures/{period}.{kind}?lang=en")).await;
    assert_eq!(reply.status, 200, "{period}.{kind}");
    assert!(reply.headers["content-disposition"].contains(&format!("invoices-{period}.{kind}")));
    reply.bytes
}

fn money(text: &str) -> Money {
    Money::parse(text, Currency::Eur).unwrap()
}

/// An amount in a cell, to the cent: what a spreadsheet shows of it.
fn amount(cell: &Data) -> Money {
    let value = cell.get_float().unwrap_or_else(|| panic!("no number: {cell:?}"));
    let decimal: Decimal = value.to_string().parse().unwrap();
    assert_eq!(decimal, decimal.round_dp(2), "an amount has no fractions of a cent");
    Money::round(decimal, Currency::Eur).unwrap()
}

/// A date as spreadsheets count it: days since 30 December 1899.
fn serial(cell: &Data) -> String {
    cell.get_datetime().unwrap_or_else(|| panic!("no date: {cell:?}")).as_f64().to_string()
}

fn serial_of(date: Day) -> String {
    date.days_since(day("1899-12-30")).to_string()
}

fn sum(amounts: impl Iterator<Item = Money>) -> Money {
    Money::sum(amounts, Currency::Eur).unwrap()
}

/// A sheet's rows without its heading.
fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<Data>> {
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().skip(1).map(<[Data]>::to_vec).collect()
}

/// What a spreadsheet of a month says, read by a program that had no part in writing it, against the invoices of
/// that month: each amount of each row, each sum, and that the sums are formulas.
pub(crate) async fn check_month(world: &TestWorld, person: &Person<'_>, month: Month, invoices: &[&Standing]) {
    let mut figures = Figures::default();
    for standing in invoices {
        figures.merge(&Figures::of(&standing.invoice.draft).unwrap()).unwrap();
    }
    assert_eq!(world.world.table.figures(month).await.unwrap(), figures, "{month}: the figures that are kept");
    let bytes = document(person, &month.to_string(), "xlsx").await;
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Sums", "Invoices", "Lines", "VAT"]);

    let mut of_invoices = rows(&mut book, "Invoices");
    let totals = of_invoices.pop().unwrap();
    assert_eq!(of_invoices.len(), invoices.len(), "{month}");
    for standing in invoices {
        let (invoice, draft) = (&standing.invoice, &standing.invoice.draft);
        let number = invoice.number.to_string();
        let row = of_invoices.iter().find(|row| row[0] == Data::String(number.clone())).unwrap();
        assert_eq!(serial(&row[3]), serial_of(invoice.issued_on), "{number}: a date is a date");
        assert_eq!(row[5], Data::String(month.to_string()), "{number}");
        let amounts: Vec<Money> = row[12..19].iter().map(amount).collect();
        let totals = &draft.totals;
        let open = match standing.payment() {
            PaymentState::Cancelled => money("0"),
            _ => draft.due().minus(standing.kept()).unwrap(),
        };
        let vat = totals.vat_sum().unwrap();
        let expected = [totals.net, vat, totals.gross, draft.credit, draft.due(), standing.received, open];
        assert_eq!(amounts, expected, "{number}");
    }
    for column in 12..19 {
        let of_rows = sum(of_invoices.iter().map(|row| amount(&row[column])));
        assert_eq!(amount(&totals[column]), of_rows, "{month}: total of column {column}");
    }

    let mut of_lines = rows(&mut book, "Lines");
    let total = of_lines.pop().unwrap();
    assert_eq!(of_lines.len(), invoices.iter().map(|one| one.invoice.draft.lines.len()).sum::<usize>());
    assert_eq!(amount(&total[14]), sum(of_lines.iter().map(|row| amount(&row[14]))));
    assert_eq!(amount(&total[14]), figures.total().unwrap().net, "{month}: lines add up to invoices");

    check_sums(&mut book, &figures);
}

/// The sheet of sums: four breakdowns, each with a total, and formulas that lead to them.
fn check_sums(book: &mut Xlsx<Cursor<Vec<u8>>>, figures: &Figures) {
    let all = figures.total().unwrap();
    let range = book.worksheet_range("Sums").unwrap();
    let mut area: Vec<Sum> = Vec::new();
    let mut totals = Vec::new();
    for row in range.rows() {
        match (row[0].get_string(), row.get(1).and_then(DataType::get_float)) {
            (Some("Total"), Some(_)) => {
                let total = Sum { net: amount(&row[1]), vat: amount(&row[2]) };
                let added = area.drain(..).try_fold(Sum::zero(), Sum::plus).unwrap();
                assert_eq!(total, added, "a total is the sum of its rows");
                totals.push(total);
            }
            (Some(word), Some(_)) if word.starts_with("Lines") => assert!(amount(&row[1]).is_zero(), "{word}"),
            (Some(_), Some(_)) => {
                let sum = Sum { net: amount(&row[1]), vat: amount(&row[2]) };
                assert_eq!(amount(&row[3]), sum.gross().unwrap());
                area.push(sum);
            }
            _ => {}
        }
    }
    assert_eq!(totals, [all; 4], "by issuer, by price list, by kind, by VAT");
    let formulas = book.worksheet_formula("Sums").unwrap();
    let formulas: Vec<&String> = formulas.rows().flatten().filter(|formula| !formula.is_empty()).collect();
    let of_kind = |kind: &str| formulas.iter().filter(|formula| formula.contains(kind)).count();
    let rows = totals.len() * 2 * usize::from(!figures.cells.is_empty());
    assert!(of_kind("SUMIFS(") >= rows && formulas.len() >= 9 + rows, "{formulas:?}");
}

/// November of five accounts, one of them in Austria, one held at first, one with a name that looks like a formula.
async fn november() -> (TestWorld, Vec<Standing>) {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let formula = world.add_account("acc_formula", |account| account.name = "=1+1 GmbH; \"Söhne\"".to_owned()).await;
    let vienna = world
        .add_account("acc_wien", |account| {
            account.vat_id = Some("ATU12345678".to_owned());
            account.address.as_mut().unwrap().country = "AT".to_owned();
        })
        .await;
    let webinars = PlanKey { catalogue: "webinars@2026-01".to_owned(), plan: "medium".to_owned() };
    let room = world.add_subscribed("acc_room", &Subscription::new(webinars, day("2026-11-17")), |_| ()).await;
    let held = world.add_account("acc_held", |account| account.address = None).await;
    for (slug, account, people) in
        [("eins", &world.account, 37), ("zwei", &formula, 5), ("drei", &vienna, 11), ("vier", &held, 7)]
    {
        let plan = crate::harness::Plan {
            slug,
            ends_at: "2026-11-20T22:00:00+01:00",
            capacity: None,
            values: crate::harness::YES_NO,
        };
        world.publish(account, &plan).await;
        world.register_people(slug, "yes", people).await;
    }
    world.travel("2026-12-01T04:00:00+01:00").await;
    // What was held is invoiced by itself when its cause is mended: it counts for November all the same.
    let mut mended = world.world.table.account(&held).await.unwrap();
    mended.address = local::seed::account().unwrap().address;
    world.world.table.save_account(&mended).await.unwrap();
    for _ in 0..2 {
        world.run_everything("2026-11").await;
    }

    let mut invoices = Vec::new();
    for account in [&world.account, &formula, &vienna, &room, &held] {
        invoices.extend(world.invoices(account).await);
    }
    assert_eq!(invoices.len(), 5);
    (world, invoices)
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_and_spreadsheet_add_up_to_the_invoices() {
    let (world, invoices) = november().await;
    let month = Month::parse("2026-11").unwrap();
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    check_month(&world, &person, month, &invoices.iter().collect::<Vec<_>>()).await;

    // 111.00 + 15.00 + 33.00 + 21.00 by attendees, 18.67 for 14 days of a room; no VAT on the 33.00.
    let year = person.get("/console/figures/2026?lang=de").await.body;
    for text in [
        "Auswertung 2026",
        "198,67\u{a0}€",
        "31,48\u{a0}€",
        "230,15\u{a0}€",
        "180,00\u{a0}€",
        "18,67\u{a0}€",
        "Teilnehmermanagement 2021-03",
        "Webinare 2026-01",
        "Steuerschuld des Empfängers (EU)",
        "33,00\u{a0}€",
        "<svg viewBox=",
        "role=\"img\"",
        "Dieselben Zahlen als Tabelle",
        "November 2026, Webinare 2026-01: 18,67\u{a0}€",
    ] {
        assert!(year.contains(text), "{text}");
    }
    assert!(!year.contains("<script") && !year.contains("style=\""), "nothing that the policy of pages forbids");
    assert_eq!(money("198.67").plus(money("31.48")).unwrap(), money("230.15"));
    let page = person.get("/console/figures/2026-11?lang=en").await.body;
    for text in [
        "Figures for November 2026",
        "€198.67",
        "Monthly invoices",
        "€230.15",
        "of which overdue",
        "/console/figures/2026-11.xlsx?part=1&amp;lang=en",
    ] {
        assert!(page.contains(text), "{text}");
    }

    for part in ["0", "2", "x", "-1"] {
        assert_eq!(person.get(&format!("/console/figures/2026-11.xlsx?part={part}")).await.status, 404, "{part}");
    }

    let csv = String::from_utf8(document(&person, "2026-11", "csv").await).unwrap();
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').split("\r\n").collect();
    assert_eq!(lines.len(), 7, "a heading, five invoices, and the end of the last line");
    assert!(lines.iter().any(|line| line.contains("\"'=1+1 GmbH; \"\"Söhne\"\"\"")), "no formula: {csv}");
    assert!(lines.iter().any(|line| line.ends_with(",33.00,0.00,33.00,0.00,33.00,0.00,33.00")), "{csv}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_is_subtracted_i2() {
    let (world, invoices) = november().await;
    let month = Month::parse("2026-11").unwrap();
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    // In the month of the cancellation, and nothing of it is open any more.
    let cancelled = format!("/console/invoices/{}/{}/cancel", world.account, invoices[0].invoice.id);
    let done = person.post(&cancelled, &[("action", "cancel"), ("reason", "Falscher Empfänger")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let of_account = world.invoices(&world.account).await;
    let december: Vec<&Standing> = of_account.iter().filter(|one| one.invoice.draft.month != month).collect();
    assert_eq!(december.len(), 1);
    check_month(&world, &person, month.next(), &december).await;
    let november = of_account.iter().filter(|one| one.invoice.draft.month == month).chain(&invoices[1..]);
    check_month(&world, &person, month, &november.collect::<Vec<_>>()).await;
    let year = person.get("/console/figures/2026?lang=de").await.body;
    for text in ["Stornorechnungen", "-111,00\u{a0}€", "87,67\u{a0}€", "Monatsrechnungen"] {
        assert!(year.contains(text), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_operator_sees_figures_and_only_of_periods() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    for period in ["1999", "2200", "26", "2026-13", "2026-00", "2026-1", "2026-11.pdf", "2026.xlsx", ".xlsx", "x"] {
        assert_eq!(operator.get(&format!("/console/figures/{period}")).await.status, 404, "{period}");
    }
    let empty = operator.get("/console/figures?lang=de").await;
    assert!(empty.status == 200 && empty.body.contains("Noch keine Rechnung.") && !empty.body.contains("<svg"));
    let none: &[&Standing] = &[];
    check_month(&world, &operator, Month::parse("2026-10").unwrap(), none).await;

    let email = domain::contact::Email::parse("user@example.org").unwrap();
    world.world.table.allow(&email, &AccountId::parse(local::seed::ACCOUNT).unwrap()).await.unwrap();
    let user = Person::sign_in(&world, "user@example.org").await;
    for path in
        ["/console/figures", "/console/figures/2026", "/console/figures/2026-11", "/console/figures/2026-11.xlsx"]
    {
        assert_eq!(user.get(path).await.status, 404, "{path}");
    }
    assert!(!user.get("/console").await.body.contains("/console/figures"), "nothing leads there");
}
