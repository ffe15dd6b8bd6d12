//! Every mistake of a form at once, and the VAT of what is entered by hand (I1, I4).

pub(crate) mod samples;

use super::form::{LINES_LIMIT, LineForm, ManualForm};
use super::*;
use samples::{buyer, seller};

use crate::account::IssuerTerms;
use crate::money::Money;

fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

fn line() -> LineForm<'static> {
    LineForm {
        text: "Beratung vor Ort",
        quantity: "2.5",
        unit: "hour",
        unit_price: "90",
        vat: "19",
        first_day: "2026-11-02",
        last_day: "2026-11-03",
    }
}

fn form(line: LineForm<'static>) -> ManualForm<'static> {
    ManualForm { kind: "single", issuer: "operator", lines: vec![line], ..ManualForm::default() }
}

#[test]
fn what_is_typed_is_read() {
    let entered = form(line()).read().expect("a sound form");
    assert_eq!((entered.kind, entered.issuer, entered.due_days), (InvoiceKind::Single, Issuer::Operator, None));
    let draft = entered.draft(&seller(), &buyer("DE", None), day("2026-11-27")).expect("a draft");
    assert_eq!((draft.totals.net.plain(), draft.totals.gross.plain()), ("225.00".to_owned(), "267.75".to_owned()));
    assert_eq!(draft.month.to_string(), "2026-11");
    assert_eq!(draft.service_period(), Some((day("2026-11-02"), day("2026-11-03"))));
    assert_eq!(entered.due_on(&seller(), day("2026-11-27")), day("2026-12-11"));

    let usual = LineForm { unit: "", vat: "", first_day: "", ..line() };
    let entered =
        ManualForm { lines: vec![usual], due_days: "0", ..ManualForm::default() }.read().expect("usual values");
    assert_eq!((&entered.lines[0].unit, entered.lines[0].vat), (&Unit::PIECE, VatRate::STANDARD));
    assert_eq!(entered.lines[0].first_day, entered.lines[0].last_day);
    assert_eq!(entered.due_on(&seller(), day("2026-11-27")), day("2026-11-27"));
}

#[test]
fn every_mistake_is_named_at_once() {
    let long: &'static str = Box::leak("x".repeat(201).into_boxed_str());
    let rows: [(&str, LineForm<'static>, &[&str]); 14] = [
        ("no text", LineForm { text: " ", ..line() }, &["lines[0].text"]),
        ("a long text", LineForm { text: long, ..line() }, &["lines[0].text"]),
        ("two lines of text", LineForm { text: "a\nb", ..line() }, &["lines[0].text"]),
        ("no quantity", LineForm { quantity: "", ..line() }, &["lines[0].quantity"]),
        ("a quantity of zero", LineForm { quantity: "0.0", ..line() }, &["lines[0].quantity"]),
        ("no number", LineForm { quantity: "viele", ..line() }, &["lines[0].quantity"]),
        ("an exponent", LineForm { quantity: "1e3", ..line() }, &["lines[0].quantity"]),
        ("too fine", LineForm { quantity: "0.0000001", ..line() }, &["lines[0].quantity"]),
        ("a price below zero", LineForm { unit_price: "-1", ..line() }, &["lines[0].unit_price"]),
        ("no such unit", LineForm { unit: "ells", ..line() }, &["lines[0].unit"]),
        ("no such rate", LineForm { vat: "16", ..line() }, &["lines[0].vat"]),
        ("no day", LineForm { last_day: "30.11.2026", ..line() }, &["lines[0].last_day"]),
        ("a year far away", LineForm { last_day: "0026-11-30", ..line() }, &["lines[0].last_day"]),
        ("ends before it begins", LineForm { first_day: "2026-11-04", ..line() }, &["lines[0].first_day"]),
    ];
    for (name, wrong, expected) in rows {
        let problems = form(wrong).read().expect_err(name);
        assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), expected, "{name}");
    }
    let nothing =
        ManualForm { kind: "monthly", issuer: "nobody", due_days: "91", note: "a\u{7}", ..ManualForm::default() };
    let problems = nothing.read().expect_err("nothing");
    let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["kind", "issuer", "due_days", "note", "lines"]);
    let empty = ManualForm { lines: vec![LineForm::default(), line(), LineForm::default()], ..ManualForm::default() };
    let problems = empty.read().expect_err("empty lines");
    assert_eq!(problems.len(), 8, "text, quantity, price and day of two lines: {problems:?}");
    let many = ManualForm { lines: vec![line(); LINES_LIMIT + 1], ..ManualForm::default() };
    assert_eq!(many.read().expect_err("too many lines").len(), 1);
}

#[test]
fn vat_is_that_of_the_buyer_i4() {
    let entered = form(LineForm { vat: "7", ..line() }).read().expect("a sound form");
    let small = Operator { terms: IssuerTerms { small_business: true, ..IssuerTerms::default() }, ..seller() };
    for (name, seller, buyer, category, gross) in [
        ("at home", seller(), buyer("DE", None), "S", "240.75"),
        ("in another member state", seller(), buyer("AT", Some("ATU12345678")), "AE", "225.00"),
        ("in a third country", seller(), buyer("CH", None), "O", "225.00"),
        ("of a small business", small.clone(), buyer("DE", None), "E", "225.00"),
    ] {
        let draft = entered.draft(&seller, &buyer, day("2026-11-27")).expect(name);
        assert_eq!((draft.lines[0].vat.category(), draft.totals.gross.plain().as_str()), (category, gross), "{name}");
    }
    let held = entered.draft(&seller(), &buyer("FR", None), day("2026-11-27"));
    assert_eq!(held, Err(HoldReason::NoVatId("FR".to_owned())));
    let nowhere = Account { address: None, ..buyer("DE", None) };
    assert_eq!(entered.draft(&seller(), &nowhere, day("2026-11-27")), Err(HoldReason::NoBuyerAddress));
    let back = form(LineForm { quantity: "-1", ..line() }).read().expect("what is taken back");
    let below = back.draft(&seller(), &buyer("DE", None), day("2026-11-27"));
    assert_eq!(below, Err(HoldReason::BelowZero(Money::from_cents(-9_000, Currency::Eur).unwrap())));
}
