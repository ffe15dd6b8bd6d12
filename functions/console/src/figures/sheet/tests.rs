use domain::account::{Account, Address, BillingTerms, IssuerTerms, Operator};
use domain::catalog::PlanKey;
use domain::catalog::charge::Issuer;
use domain::catalog::meter::Unit;
use domain::contact::Email;
use domain::dunning::Dunned;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Draft, Invoice, InvoiceKind, InvoiceNumber, Line, Provenance};
use domain::language::Text;
use domain::money::UnitPrice;
use domain::vat::VatTreatment;
use rust_decimal::Decimal;

use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

fn address() -> Address {
    let (street, postal_code, city) = ("Speicherstraße 12".into(), "20457".into(), "Hamburg".into());
    Address { street, postal_code, city, country: "DE".into() }
}

fn seller() -> Operator {
    Operator {
        name: "Einlass Betriebs GmbH".into(),
        address: address(),
        vat_id: "DE123456788".into(),
        tax_number: "48/123/45678".into(),
        register: String::new(),
        directors: String::new(),
        email: Email::parse("rechnung@einlass.example").expect("an address"),
        phone: "+49 40 123456-0".into(),
        bank_name: "Musterbank".into(),
        iban: "DE89370400440532013000".into(),
        bic: "COBADEFFXXX".into(),
        invoice_prefix: "RE".into(),
        payment_term_days: 14,
        terms: IssuerTerms::default(),
    }
}

/// An invoice of three lines that have little in common with those of others.
fn standing(index: u32) -> Standing {
    let buyer = Account {
        id: AccountId::parse(&format!("acc_{:08x}", index.wrapping_mul(2_654_435_761))).expect("an id"),
        name: format!("Kundin Nummer {index} Gesellschaft mbH"),
        address: Some(address()),
        vat_id: Some(format!("DE{:09}", index.wrapping_mul(40_503))),
        billing_email: Email::parse("a@example.org").expect("an address"),
        language: Language::De,
        payer: None,
        terms: BillingTerms::default(),
    };
    let line = |number: u32| {
        let mut provenance = Provenance::agreed("accepted-attendee", "A10");
        provenance.plan = PlanKey { catalogue: "attendees@2021-03".into(), plan: "pay-per-attendee".into() };
        let quantity = Decimal::from(index % 97 + number);
        let unit_price = UnitPrice::new(Decimal::from(3), Currency::Eur);
        Line {
            text: Text::new(&format!("Veranstaltung {index}-{number}"), "Event"),
            quantity,
            unit: Unit { code: "C62".into(), de: "Teilnehmer".into(), en: "attendees".into() },
            unit_price,
            share: None,
            net: unit_price.times(quantity).expect("an amount"),
            vat: VatTreatment::STANDARD,
            first_day: day("2026-11-01"),
            last_day: day("2026-11-30"),
            charged_on: day("2026-11-30"),
            issuer: Issuer::Operator,
            provenance,
        }
    };
    let month = Month::parse("2026-11").expect("a month");
    let lines = (1..=3).map(line).collect();
    let draft = Draft::new(InvoiceKind::Monthly, Issuer::Operator, buyer, month, lines).expect("totals");
    let id = InvoiceId::parse(&format!("inv_{index:08x}")).expect("an id");
    let number = InvoiceNumber::unformatted("RE-2026", u64::from(index));
    let invoice = Invoice::issue(draft, id, number, day("2026-12-01"), seller());
    let zero = Money::zero(Currency::Eur);
    Standing {
        invoice,
        received: zero,
        credited: zero,
        cancelled_by: None,
        deducted_by: None,
        dunned: Dunned::default(),
        owes_mail: false,
        link_generation: 0,
        mail_failure: None,
    }
}

#[test]
fn thousands_of_invoices_fit_into_one_answer() {
    const COUNT: u32 = 1_000;
    let lists = Lists::of(&[], Language::De);
    let invoices: Vec<Standing> = (1..=COUNT).map(standing).collect();
    let month = Month::parse("2026-11").expect("a month");
    let bytes = of(month, &invoices, &lists, day("2026-12-02"), Language::De).expect("a spreadsheet").len();
    println!("{} bytes for each invoice of three lines", bytes / invoices.len());
    // What is no text grows by a third, and all of it has to be below 6 MB.
    let sent = bytes / invoices.len() * crate::figures::IN_ONE * 4 / 3;
    assert!(sent < 6_000_000, "{bytes} bytes for {COUNT} invoices");
}
