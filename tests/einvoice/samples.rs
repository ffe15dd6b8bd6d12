//! Parts that sample invoices are made of.

use domain::account::{Account, Address, BillingTerms, IssuerTerms, Mandate, Operator, PaymentMethod};
use domain::calendar::{Day, Month};
use domain::catalog::PlanKey;
use domain::catalog::charge::Issuer;
use domain::catalog::meter::Unit;
use domain::contact::Email;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Draft, Invoice, InvoiceKind, InvoiceNumber, Line, Provenance, Reference, Share};
use domain::language::{Language, Text};
use domain::money::{Currency, Money, UnitPrice};
use domain::vat::{VatTreatment, treatment_for};
use rust_decimal::Decimal;

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn address(street: &str, postal_code: &str, city: &str, country: &str) -> Address {
    Address { street: street.into(), postal_code: postal_code.into(), city: city.into(), country: country.into() }
}

/// The operator: a company with everything an issuer can have, but no logo.
pub(crate) fn seller() -> Operator {
    Operator {
        name: "Rosenstein Veranstaltungssoftware GmbH".into(),
        address: address("Lindwurmstraße 88", "80337", "München", "DE"),
        vat_id: "DE123456788".into(),
        tax_number: "143/123/45678".into(),
        register: "Amtsgericht München, HRB 123456".into(),
        directors: "Dr. Eva Rosenstein".into(),
        email: Email::parse("rechnung@rosenstein.example").unwrap(),
        phone: "+49 89 1234567".into(),
        bank_name: "Isar-Bank München".into(),
        iban: "DE02120300000000202051".into(),
        bic: "BYLADEM1001".into(),
        invoice_prefix: "RE".into(),
        payment_term_days: 14,
        terms: IssuerTerms {
            creditor_id: Some("DE98ZZZ09999999999".into()),
            contact_name: Some("Buchhaltung".into()),
            website: Some("www.rosenstein.example".into()),
            colour: Some("#1f4e79".into()),
            ..IssuerTerms::default()
        },
    }
}

/// A service partner, who invoices in its own name and has neither a register entry nor directors.
pub(crate) fn partner() -> Operator {
    Operator {
        name: "Belegservice Anna Öztürk".into(),
        address: address("Hafenweg 3", "28195", "Bremen", "DE"),
        vat_id: "DE811569869".into(),
        tax_number: "60/123/45678".into(),
        register: String::new(),
        directors: String::new(),
        email: Email::parse("post@belegservice.example").unwrap(),
        phone: "+49 421 987654".into(),
        bank_name: "Weserbank".into(),
        iban: "DE89370400440532013000".into(),
        bic: "COBADEFFXXX".into(),
        invoice_prefix: "BS".into(),
        payment_term_days: 7,
        terms: IssuerTerms { creditor_id: Some("DE02ZZZ00000123456".into()), ..IssuerTerms::default() },
    }
}

pub(crate) fn small_business() -> Operator {
    let mut seller = partner();
    seller.terms.small_business = true;
    seller
}

/// A customer in a country, with a VAT id where there is one.
pub(crate) fn buyer(country: &str, vat_id: Option<&str>, language: Language) -> Account {
    let (name, address) = match country {
        "NL" => ("Grachten Congres B.V.", address("Prinsengracht 263", "1016 GV", "Amsterdam", "NL")),
        "CH" => ("Käser & Söhne AG", address("Bahnhofstraße 1", "8001", "Zürich", "CH")),
        _ => (
            "Köln-Düsseldorfer Kongressgesellschaft mbH & Co. KG",
            address("Größenwahnallee 12a", "50667", "Köln", "DE"),
        ),
    };
    Account {
        id: AccountId::parse("acc_10042").unwrap(),
        name: name.into(),
        address: Some(address),
        vat_id: vat_id.map(str::to_owned),
        billing_email: Email::parse("buchhaltung@kongress.example").unwrap(),
        language,
        payer: None,
        terms: BillingTerms::default(),
    }
}

pub(crate) fn domestic(language: Language) -> Account {
    buyer("DE", Some("DE136695976"), language)
}

/// A public buyer, which wants XRechnung.
pub(crate) fn public(language: Language) -> Account {
    let mut account = buyer("DE", None, language);
    account.name = "Bundesamt für Veranstaltungswesen".into();
    account.terms.leitweg_id = Some("991-01234-44".into());
    account.terms.order_reference = Some("4500012345".into());
    account
}

pub(crate) fn with_mandate(mut account: Account) -> Account {
    account.terms.payment = PaymentMethod::DirectDebit(Mandate {
        reference: "M-10042-1".into(),
        signed_on: day("2026-01-15"),
        iban: "DE75512108001245126199".into(),
        holder: account.name.clone(),
    });
    account
}

/// Quantity, unit, unit price and share of a line with the default VAT rate; net as rating computes it (G1).
pub(crate) fn line(text: (&str, &str), quantity: &str, unit: &Unit, price: &str, share: Option<(u32, u32)>) -> Line {
    let (quantity, price) = (decimal(quantity), decimal(price));
    let share = share.map(|(days, of)| Share { days, of });
    let whole = quantity * price;
    let exact = share.map_or(whole, |share| whole * Decimal::from(share.days) / Decimal::from(share.of));
    let text = Text::new(text.0, text.1);
    Line {
        text: match share {
            Some(share) => {
                let suffix = share.suffix();
                text.with(&suffix.de, &suffix.en)
            }
            None => text,
        },
        quantity,
        unit: unit.clone(),
        unit_price: UnitPrice::new(price, Currency::Eur),
        share,
        net: Money::round(exact, Currency::Eur).unwrap(),
        vat: VatTreatment::STANDARD,
        first_day: day("2026-11-01"),
        last_day: day("2026-11-30"),
        charged_on: day("2026-11-30"),
        issuer: Issuer::Operator,
        provenance: Provenance {
            plan: PlanKey { catalogue: "webinars@2026-01".into(), plan: "professional".into() },
            price: "base".into(),
            rule: "sample".into(),
            meter: None,
            event: None,
        },
    }
}

/// A plan and some usage, as a usual month has them.
pub(crate) fn usual_lines() -> Vec<Line> {
    let month = Unit::named("month").unwrap();
    let attendee = Unit::named("attendee").unwrap();
    let user = Unit::named("user").unwrap();
    vec![
        line(("Tarif Professional", "Professional plan"), "1", &month, "89", None),
        line(("Teilnehmer über dem Freikontingent", "Attendees above the allowance"), "1050", &attendee, "0.40", None),
        line(("Zusatzmodul Namensschilder", "Name badges add-on"), "3", &user, "19", Some((20, 30))),
        line(
            ("Nachlass wegen der Störung am 14.11.", "Rebate for the outage on 14 November"),
            "-1",
            &Unit::LUMP_SUM,
            "20",
            None,
        ),
    ]
}

pub(crate) fn draft(kind: InvoiceKind, seller: &Operator, buyer: Account, mut lines: Vec<Line>) -> Draft {
    if let Some(treatment) = treatment_for(seller, &buyer).unwrap() {
        lines.iter_mut().for_each(|line| line.vat = treatment);
    }
    if kind == InvoiceKind::Cancellation {
        for line in &mut lines {
            line.quantity = -line.quantity;
            line.net = Money::round(-line.net.amount(), Currency::Eur).unwrap();
        }
    }
    let mut draft = Draft::new(kind, Issuer::Operator, buyer, Month::parse("2026-11").unwrap(), lines).unwrap();
    if matches!(kind, InvoiceKind::Cancellation | InvoiceKind::Correction | InvoiceKind::Final) {
        draft.references.push(Reference {
            invoice: InvoiceId::parse("inv_00000001").unwrap(),
            number: "RE-2026-00041".into(),
            issued_on: day("2026-11-02"),
        });
    }
    draft
}

pub(crate) fn issue(draft: Draft, seller: Operator) -> Invoice {
    let issued_on = day("2026-12-01");
    let number = InvoiceNumber::new(&seller, &InvoiceNumber::series(&seller, issued_on), 123);
    Invoice::issue(draft, InvoiceId::parse("inv_00000123").unwrap(), number, issued_on, seller)
}

/// An invoice of a kind with usual lines.
pub(crate) fn invoice(kind: InvoiceKind, seller: Operator, buyer: Account) -> Invoice {
    let lines = if kind == InvoiceKind::Final {
        let mut lines = usual_lines();
        lines.push(line(
            ("Anzahlung vom 02.11.2026", "Down payment of 2 November 2026"),
            "-1",
            &Unit::LUMP_SUM,
            "100",
            None,
        ));
        lines
    } else {
        usual_lines()
    };
    issue(draft(kind, &seller, buyer, lines), seller)
}
