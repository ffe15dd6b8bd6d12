//! What may become of an offer, and that its invoices add up (O1).

use rust_decimal::Decimal;

use super::billing::{down_payment, settling, total};
use super::form::{OfferForm, name};
use super::policy::{BillingPolicy, DownPayment};
use super::state::{Action, How, Refusal, Standing, State, decide};
use super::*;
use crate::calendar::Instant;
use crate::ids::InvoiceId;
use crate::invoice::{Invoice, InvoiceKind, InvoiceNumber};
use crate::manual::form::LineForm;
use crate::manual::tests::samples::{buyer, seller};
use crate::rating::HoldReason;

const TODAY: &str = "2026-11-27";

fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

fn at(text: &str) -> Instant {
    text.parse().expect(text)
}

fn money(text: &str) -> Money {
    Money::parse(text, Currency::Eur).expect(text)
}

fn item(text: &'static str, quantity: &'static str, unit_price: &'static str, vat: &'static str) -> LineForm<'static> {
    LineForm { text, quantity, unit: "piece", unit_price, vat, ..LineForm::default() }
}

fn form() -> OfferForm<'static> {
    OfferForm {
        title: "Einrichtung",
        items: vec![item("Einrichtung", "1", "250", "19"), item("Handbuch", "3", "11.11", "7")],
        deliver_on: "2026-12-15",
        valid_until: "2026-12-04",
        note: "",
    }
}

fn offer() -> Offer {
    let id = OfferId::parse("off_3f9a1c77").expect("an id");
    form().read(id, (AccountId::parse("acc_a").expect("an id"), Language::De), day(TODAY)).expect("a sound form")
}

#[test]
fn every_mistake_of_an_offer_is_named_at_once() {
    let read = |form: OfferForm<'_>| {
        let id = OfferId::parse("off_a").expect("an id");
        let read = form.read(id, (AccountId::parse("acc_a").expect("an id"), Language::De), day(TODAY));
        read.expect_err("a mistake").into_iter().map(|problem| problem.field).collect::<Vec<_>>()
    };
    let zero = vec![item("A", "1", "0", "19")];
    let discount = vec![item("A", "1", "10", "19"), item("Rabatt", "-1", "11", "19")];
    for (name, form, expected) in [
        ("nothing", OfferForm::default(), vec!["title", "items", "deliver_on", "valid_until"]),
        ("a delivery in the past", OfferForm { deliver_on: "2026-11-26", ..form() }, vec!["deliver_on"]),
        ("over already", OfferForm { valid_until: "2026-11-26", ..form() }, vec!["valid_until"]),
        ("valid without end", OfferForm { valid_until: "2027-12-01", ..form() }, vec!["valid_until"]),
        ("free of charge", OfferForm { items: zero, ..form() }, vec!["items"]),
        ("a discount of more than all", OfferForm { items: discount, ..form() }, vec!["items"]),
        (
            "an item of nothing",
            OfferForm { items: vec![item("A", "0", "1", "19")], ..form() },
            vec!["items[0].quantity"],
        ),
        ("too many", OfferForm { items: vec![item("A", "1", "1", "19"); 51], ..form() }, vec!["items"]),
    ] {
        assert_eq!(read(form), expected, "{name}");
    }
    for text in ["", " ", "x", "12", "a\nb"] {
        assert!(super::form::name(text).is_err(), "{text:?}");
    }
    assert_eq!(name(" Anna Berger "), Ok("Anna Berger".to_owned()));
}

#[test]
fn what_may_become_of_an_offer() {
    let policy = BillingPolicy { down_payment: DownPayment::new(money("283.33"), Decimal::from(30)).ok() };
    let (open, last, late) = (at("2026-11-27T10:00:00Z"), at("2026-12-04T22:59:59Z"), at("2026-12-04T23:00:00Z"));
    let accept =
        |content: &str| Action::Accept { name: "Anna Berger".to_owned(), how: How::Link, content: content.to_owned() };
    let accepted = decide((&offer(), &State::Sent), accept("c"), ("c", &policy), open).expect("can be accepted");
    let delivered =
        decide((&offer(), &accepted), Action::Deliver(day("2026-12-15")), ("c", &policy), at("2026-12-15T10:00:00Z"))
            .expect("can be delivered");
    let (declined, withdrawn) = (State::Declined(open), State::Withdrawn(open));
    let deliver = |text| Action::Deliver(day(text));
    for (name, state, action, now, expected) in [
        ("sent", &State::Draft, Action::Send, open, Ok(Standing::Open)),
        ("sent too late", &State::Draft, Action::Send, late, Err(Refusal::Expired)),
        ("sent twice", &State::Sent, Action::Send, open, Err(Refusal::Sent)),
        ("accepted unsent", &State::Draft, accept("c"), open, Err(Refusal::NotSent)),
        ("accepted", &State::Sent, accept("c"), open, Ok(Standing::Accepted)),
        ("accepted in the last second", &State::Sent, accept("c"), last, Ok(Standing::Accepted)),
        ("accepted a second later", &State::Sent, accept("c"), late, Err(Refusal::Expired)),
        ("another one was shown", &State::Sent, accept("d"), open, Err(Refusal::Changed)),
        ("accepted twice", &accepted, accept("c"), open, Err(Refusal::Accepted)),
        ("accepted after it was declined", &declined, accept("c"), open, Err(Refusal::Declined)),
        ("accepted after it was withdrawn", &withdrawn, accept("c"), open, Err(Refusal::Withdrawn)),
        ("declined", &State::Sent, Action::Decline, open, Ok(Standing::Declined)),
        ("declined unsent", &State::Draft, Action::Decline, open, Err(Refusal::NotSent)),
        ("declined too late", &State::Sent, Action::Decline, late, Err(Refusal::Expired)),
        ("declined after it was accepted", &accepted, Action::Decline, open, Err(Refusal::Accepted)),
        ("withdrawn", &State::Sent, Action::Withdraw, open, Ok(Standing::Withdrawn)),
        ("withdrawn after it was accepted", &accepted, Action::Withdraw, open, Err(Refusal::Accepted)),
        ("delivered unaccepted", &State::Sent, deliver(TODAY), open, Err(Refusal::NotAccepted)),
        ("delivered", &accepted, deliver(TODAY), open, Ok(Standing::Delivered)),
        ("delivered tomorrow", &accepted, deliver("2026-11-28"), open, Err(Refusal::DeliveryDay)),
        ("delivered before", &accepted, deliver("2026-11-26"), open, Err(Refusal::DeliveryDay)),
        ("delivered twice", &delivered, deliver(TODAY), late, Err(Refusal::Delivered)),
    ] {
        let found = decide((&offer(), state), action, ("c", &policy), now);
        assert_eq!(found.map(|state| state.on(&offer(), day(TODAY))), expected, "{name}");
    }
    // Exactly the amount is free of a down payment; a cent above it is not.
    assert_eq!(accepted.acceptance().and_then(|acceptance| acceptance.down_payment), None);
    let lower = BillingPolicy { down_payment: DownPayment::new(money("283.32"), Decimal::from(30)).ok() };
    let asked = decide((&offer(), &State::Sent), accept("c"), ("c", &lower), open).expect("can be accepted");
    assert_eq!(asked.acceptance().and_then(|acceptance| acceptance.down_payment), Some(Decimal::from(30)));
}

#[test]
fn down_payment_and_final_invoice_add_up_to_the_offer() {
    for (percent, country, vat_id) in [("30", "DE", None), ("33.33", "DE", None), ("99.99", "AT", Some("ATU12345678"))]
    {
        let (offer, buyer) = (offer(), buyer(country, vat_id));
        let sides = (&seller(), &buyer);
        let whole = total(&offer, &seller(), &buyer).expect("a total");
        let percent: Decimal = percent.parse().expect(percent);
        let first = down_payment(&offer, percent, sides, day(TODAY)).expect("a down payment");
        assert_eq!((first.kind, first.lines.len()), (InvoiceKind::DownPayment, 2));
        let number = InvoiceNumber::new(&seller(), "RE-2026", 1);
        let id = InvoiceId::parse("inv_a").expect("an id");
        let invoice = Invoice::issue(first.clone(), id, number, day(TODAY), seller());
        let rest = settling(&offer, std::slice::from_ref(&invoice), day("2026-12-15"), sides, day("2026-12-16"))
            .expect("a final one");
        assert_eq!((rest.kind, rest.references.as_slice()), (InvoiceKind::Final, &[invoice.reference()][..]));
        assert_eq!(first.totals.net.plus(rest.totals.net), Ok(whole.totals.net), "{percent}");
        assert!(rest.totals.gross.amount() >= Decimal::ZERO && rest.lines[2].quantity == Decimal::NEGATIVE_ONE);
        // Each of two invoices is rounded for itself (G2): together they may be a cent off for each rate.
        let off = first.totals.gross.plus(rest.totals.gross).and_then(|sum| sum.minus(whole.totals.gross));
        assert!(off.expect("a difference").amount().abs() <= Decimal::new(2, 2), "{percent}");
        let alone = settling(&offer, &[], day("2026-12-15"), sides, day("2026-12-16")).expect("without one");
        assert_eq!((alone.kind, alone.totals), (InvoiceKind::Single, whole.totals));
    }
    // The buyer has moved out of the union: what was taxed and what is not taxable cannot stand on one invoice.
    let home = buyer("DE", None);
    let first = down_payment(&offer(), Decimal::from(30), (&seller(), &home), day(TODAY)).expect("a down payment");
    let number = InvoiceNumber::new(&seller(), "RE-2026", 1);
    let taxed = Invoice::issue(first, InvoiceId::parse("inv_a").expect("an id"), number, day(TODAY), seller());
    let moved = buyer("CH", None);
    let held =
        settling(&offer(), std::slice::from_ref(&taxed), day("2026-12-15"), (&seller(), &moved), day("2026-12-16"));
    assert_eq!(held.err(), Some(HoldReason::OtherVat));
    let abroad = buyer("AT", Some("ATU12345678"));
    let first = down_payment(&offer(), Decimal::from(30), (&seller(), &abroad), day(TODAY)).expect("a down payment");
    let number = InvoiceNumber::new(&seller(), "RE-2026", 1);
    let owed = Invoice::issue(first, InvoiceId::parse("inv_b").expect("an id"), number, day(TODAY), seller());
    let held =
        settling(&offer(), std::slice::from_ref(&owed), day("2026-12-15"), (&seller(), &home), day("2026-12-16"));
    assert_eq!(held.err(), Some(HoldReason::OtherVat), "nobody is named who owes the tax");
    let stayed =
        settling(&offer(), std::slice::from_ref(&taxed), day("2026-12-15"), (&seller(), &home), day("2026-12-16"));
    let stayed = stayed.expect("a final one");
    for group in &taxed.draft.totals.vat {
        let deducted = stayed.lines.iter().find(|line| line.vat == group.treatment && line.quantity < Decimal::ZERO);
        let text = &deducted.expect("a line of each rate").text.de;
        assert!(text.ends_with(&format!(", darauf entfallende USt {}", Language::De.money(group.vat))), "{text}");
    }
    // Down payments of more than all would be money to give back, not an invoice.
    let (offer, buyer) = (offer(), buyer("DE", None));
    let sides = (&seller(), &buyer);
    let part = down_payment(&offer, Decimal::from(60), sides, day(TODAY)).expect("a down payment");
    let number = |sequence| InvoiceNumber::new(&seller(), "RE-2026", sequence);
    let id = |text| InvoiceId::parse(text).expect("an id");
    let twice = [
        Invoice::issue(part.clone(), id("inv_a"), number(1), day(TODAY), seller()),
        Invoice::issue(part, id("inv_b"), number(2), day(TODAY), seller()),
    ];
    let held = settling(&offer, &twice, day("2026-12-15"), sides, day("2026-12-16"));
    assert!(matches!(held, Err(HoldReason::BelowZero(_))), "{held:?}");
}

#[test]
fn the_content_tells_every_change() {
    let same = offer().content();
    assert_eq!(offer().number(), "AN-2026-3F9A1C");
    let mut others =
        vec![Offer { title: "Anders".to_owned(), ..offer() }, Offer { valid_until: day(TODAY), ..offer() }];
    others.push(Offer { note: Some("mehr".to_owned()), ..offer() });
    others.push(Offer { deliver_on: day(TODAY), ..offer() });
    let mut dearer = offer();
    dearer.items[0].unit_price += Decimal::new(1, 2);
    others.push(dearer);
    let mut fewer = offer();
    fewer.items.pop();
    others.push(fewer);
    for other in others {
        assert_ne!(other.content(), same, "{other:?}");
    }
}
