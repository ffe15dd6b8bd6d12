//! What the XML says, read back.

use domain::catalog::meter::Unit;
use domain::invoice::{Invoice, InvoiceKind, Line};
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::vat::{VatRate, VatTreatment};
use en16931_formats::Syntax;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::lines::priced;
use super::*;
use crate::samples;

fn texts(invoice: &Invoice) -> &'static Texts {
    Texts::of(invoice.draft.buyer.language).expect("texts")
}

/// What a receiver reads.
fn received(invoice: &Invoice) -> en16931::Invoice {
    let einvoice = EInvoice::of(invoice, texts(invoice)).unwrap_or_else(|error| panic!("{error}"));
    let read = en16931_formats::read(einvoice.xml().as_bytes()).expect("XML");
    assert_eq!(read.syntax, Syntax::Cii);
    assert!(read.entries.is_empty(), "{:?}", read.entries);
    read.invoice
}

#[test]
fn kinds_have_their_codes() {
    let rows = [
        (InvoiceKind::Monthly, "380", "380"),
        (InvoiceKind::Single, "380", "380"),
        (InvoiceKind::DownPayment, "386", "380"),
        (InvoiceKind::Final, "380", "380"),
        (InvoiceKind::SettlementFee, "380", "380"),
        (InvoiceKind::Cancellation, "381", "381"),
        (InvoiceKind::Correction, "384", "384"),
    ];
    assert_eq!(rows.map(|(kind, _, _)| kind), InvoiceKind::ALL);
    for (kind, hybrid, public) in rows {
        for (buyer, code) in [(samples::domestic(Language::De), hybrid), (samples::public(Language::De), public)] {
            let read = received(&samples::invoice(kind, samples::seller(), buyer));
            assert_eq!(read.type_code, Some(Code::new(code)), "{}", kind.code());
        }
    }
}

#[test]
fn a_cancellation_takes_back_positive_amounts_and_names_the_invoice_i2() {
    let cancellation = samples::invoice(InvoiceKind::Cancellation, samples::seller(), samples::domestic(Language::De));
    let original = samples::invoice(InvoiceKind::Monthly, samples::seller(), samples::domestic(Language::De));
    let (taken, asked) = (received(&cancellation), received(&original));
    assert_eq!(taken.totals, asked.totals);
    assert_eq!(taken.vat_breakdown, asked.vat_breakdown);
    let amounts = |invoice: &en16931::Invoice| {
        invoice.lines.iter().map(|line| (line.quantity, line.net_amount)).collect::<Vec<_>>()
    };
    assert_eq!(amounts(&taken), amounts(&asked));
    assert_eq!(taken.preceding_invoices[0].reference.as_str(), "RE-2026-00041");
    assert_eq!(taken.preceding_invoices[0].issue_date, Date::parse("2026-11-02").ok());
    assert_eq!(taken.payment.and_then(|payment| payment.means_code), Some(Code::new("97")));
}

#[test]
fn parties_and_references_are_filled() {
    let read = received(&samples::invoice(
        InvoiceKind::Monthly,
        samples::seller(),
        samples::with_mandate(samples::public(Language::De)),
    ));
    assert_eq!(read.buyer_reference.as_deref(), Some("991-01234-44"));
    assert_eq!(read.purchase_order_reference.as_ref().map(DocumentReference::as_str), Some("4500012345"));
    assert_eq!(read.seller.contact.name.as_deref(), Some("Buchhaltung"));
    assert_eq!(read.seller.legal_registration.map(|id| id.content().to_owned()).as_deref(), Some("HRB 123456"));
    let payment = read.payment.expect("payment");
    assert_eq!(payment.means_code, Some(Code::new("59")));
    assert_eq!(payment.mandate_reference(), Some("M-10042-1"));
    // Collected on the first TARGET day that leaves the bank its time (Z6).
    assert_eq!(read.due_date, Date::parse("2026-12-04").ok());
    let plain = received(&samples::invoice(InvoiceKind::Monthly, samples::seller(), samples::domestic(Language::De)));
    assert_eq!(plain.buyer_reference.as_deref(), Some("acc_10042"), "the customer number where no Leitweg-ID is");
    assert_eq!(plain.payment.expect("payment").account_identifier(), Some("DE02120300000000202051"));
}

#[test]
fn no_vat_id_stands_on_what_is_not_taxable_i4() {
    let buyer = samples::buyer("CH", Some("CHE123456788"), Language::De);
    let read = received(&samples::invoice(InvoiceKind::Monthly, samples::partner(), buyer));
    assert_eq!((read.seller.vat_identifier, read.buyer.vat_identifier), (None, None));
    assert!(!read.seller.identifiers.is_empty(), "BR-CO-26: something else names the seller");
    // A freelancer may have nothing but a VAT id.
    let mut seller = samples::seller();
    seller.tax_number.clear();
    seller.register.clear();
    let buyer = samples::buyer("CH", None, Language::De);
    let read = received(&samples::invoice(InvoiceKind::Monthly, seller, buyer));
    assert!(read.seller.vat_identifier.is_none() && !read.seller.identifiers.is_empty(), "BR-CO-26");
}

#[test]
fn prices_are_put_as_the_standard_wants_them() {
    let month = Unit::named("month").expect("a unit");
    let line = |quantity, price, share| samples::line(("Text", "Text"), quantity, &month, price, share);
    let mut odd = line("3", "33.33", None);
    odd.net = Money::parse("100.00", Currency::Eur).expect("money");
    for (name, line, sign, quantity, unit, price, base) in [
        ("plain", line("3", "49.99", None), 1, "3", "MON", "49.99", "1"),
        ("a share is days", line("2", "9", Some((15, 30))), 1, "30", "DAY", "9", "30"),
        ("a thousand", line("123456", "0.0004", None), 1, "123456", "MON", "0.4", "1000"),
        ("a million", line("5", "0.00000123", None), 1, "5", "MON", "1.23", "1000000"),
        ("five places", line("2", "0.12345", None), 1, "2", "MON", "123.45", "1000"),
        ("half a cent", line("1", "0.005", None), 1, "1", "MON", "5", "1000"),
        ("a deduction", line("-1", "20", None), 1, "-1", "MON", "20", "1"),
        ("a price below zero", line("1", "-20", None), 1, "-1", "MON", "20", "1"),
        ("taken back", line("-3", "49.99", None), -1, "3", "MON", "49.99", "1"),
        ("a deduction taken back", line("1", "20", None), -1, "-1", "MON", "20", "1"),
        ("what does not multiply", odd.clone(), 1, "1", "C62", "100", "1"),
    ] {
        let priced = priced(&line, sign);
        let expected = [quantity, price, base].map(samples::decimal);
        assert_eq!([priced.quantity, priced.price, priced.base], expected, "{name}");
        assert_eq!(priced.unit, unit, "{name}");
    }
}

#[test]
fn what_breaks_a_rule_is_refused_by_its_name() {
    let mut invoice = samples::invoice(InvoiceKind::Monthly, samples::seller(), samples::domestic(Language::De));
    invoice.draft.totals.gross = Money::parse("1.00", Currency::Eur).expect("money");
    let error = EInvoice::of(&invoice, texts(&invoice)).expect_err("a wrong total").to_string();
    assert!(error.contains("BR-CO-15"), "{error}");
    let mut invoice = samples::invoice(InvoiceKind::Monthly, samples::seller(), samples::domestic(Language::De));
    invoice.draft.lines.clear();
    assert!(matches!(EInvoice::of(&invoice, texts(&invoice)), Err(EInvoiceError::Rules(_))));
    let mut invoice = samples::invoice(InvoiceKind::Monthly, samples::seller(), samples::domestic(Language::De));
    invoice.draft.buyer.address.as_mut().expect("an address").country = "XX".to_owned();
    assert!(matches!(EInvoice::of(&invoice, texts(&invoice)), Err(EInvoiceError::Value(_))));
}

/// Any line that rating could make.
fn any_line() -> impl Strategy<Value = Line> {
    let share = proptest::option::of((1_u32..=31).prop_map(|days| (days, 31)));
    (1_i64..10_000, 0_u32..3, 1_i64..1_000_000, 0_u32..9, share, any::<(bool, bool)>()).prop_map(
        |(quantity, quantity_scale, price, price_scale, share, (is_reduced, is_negative))| {
            let quantity = Decimal::new(if is_negative { -quantity } else { quantity }, quantity_scale).to_string();
            let price = Decimal::new(price, price_scale).to_string();
            let mut line = samples::line(("Leistung", "Service"), &quantity, &Unit::PIECE, &price, share);
            line.vat = if is_reduced { VatTreatment::Taxed(VatRate::REDUCED) } else { VatTreatment::STANDARD };
            line
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// BT-106 to BT-115 add up in what a receiver reads, and so does every line, to the cent (G2, BR-CO-10 to 17).
    #[test]
    fn totals_add_up(lines in proptest::collection::vec(any_line(), 1..30), credit in 0_i64..100) {
        let mut draft =
            samples::draft(InvoiceKind::Monthly, &samples::seller(), samples::domestic(Language::De), lines);
        let gross = draft.totals.gross.cents();
        draft.credit = Money::from_cents(if gross > 0 { gross / 100 * credit } else { 0 }, Currency::Eur).expect("money");
        let read = received(&samples::issue(draft, samples::seller()));
        let cents = |amount: InvoiceAmount| amount.to_minor_units();
        let totals = &read.totals;
        prop_assert_eq!(cents(totals.line_total), read.lines.iter().map(|line| cents(line.net_amount)).sum::<i64>());
        prop_assert_eq!(totals.taxable_total, totals.line_total);
        let vat: i64 = read.vat_breakdown.iter().map(|group| cents(group.tax_amount)).sum();
        prop_assert_eq!(totals.vat_total.map(cents), Some(vat));
        prop_assert_eq!(cents(totals.gross_total), cents(totals.taxable_total) + vat);
        prop_assert_eq!(cents(totals.due), cents(totals.gross_total) - totals.paid.map_or(0, cents));
        for group in &read.vat_breakdown {
            let rate = group.rate.map(Percentage::into_decimal).unwrap_or_default();
            let exact = group.taxable_amount.into_decimal() * rate / Decimal::ONE_HUNDRED;
            prop_assert_eq!(Money::round(exact, Currency::Eur).expect("money").cents(), cents(group.tax_amount));
        }
        for line in &read.lines {
            let base = line.price.base_quantity.map_or(Decimal::ONE, en16931::Quantity::into_decimal);
            let exact = line.quantity.into_decimal() * line.price.net_price.into_decimal() / base;
            prop_assert_eq!(Money::round(exact, Currency::Eur).expect("money").cents(), cents(line.net_amount));
            prop_assert!(line.price.net_price.into_decimal() >= Decimal::ZERO);
        }
    }
}
