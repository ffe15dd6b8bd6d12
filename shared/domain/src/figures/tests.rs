use proptest::prelude::*;

use super::*;
use crate::account::{Account, BillingTerms};
use crate::calendar::{Day, Month};
use crate::catalog::PlanKey;
use crate::catalog::meter::Unit;
use crate::contact::Email;
use crate::ids::AccountId;
use crate::invoice::Provenance;
use crate::language::{Language, Text};
use crate::money::UnitPrice;
use crate::vat::VatRate;

const REDUCED: VatTreatment = VatTreatment::Taxed(VatRate::REDUCED);

fn money(cents: i64) -> Money {
    Money::from_cents(cents, Currency::Eur).expect("an amount")
}

/// A line of a price list (empty: of none) with a net in cents.
fn line(catalogue: &str, vat: VatTreatment, cents: i64) -> Line {
    let day = Day::parse("2026-11-30").expect("a day");
    let mut provenance = Provenance::agreed("price", "O1");
    provenance.plan = PlanKey { catalogue: catalogue.to_owned(), plan: "plan".to_owned() };
    Line {
        text: Text::new("Leistung", "Item"),
        quantity: Decimal::ONE,
        unit: Unit { code: "C62".into(), de: "Stück".into(), en: "pieces".into() },
        unit_price: UnitPrice::new(money(cents).amount(), Currency::Eur),
        share: None,
        net: money(cents),
        vat,
        first_day: day,
        last_day: day,
        charged_on: day,
        issuer: Issuer::Operator,
        provenance,
    }
}

fn draft(kind: InvoiceKind, issuer: Issuer, lines: Vec<Line>) -> Draft {
    let buyer = Account {
        id: AccountId::parse("acc_1").expect("an id"),
        name: "Kunde".into(),
        address: None,
        vat_id: None,
        billing_email: Email::parse("a@example.org").expect("an address"),
        language: Language::De,
        payer: None,
        terms: BillingTerms::default(),
    };
    Draft::new(kind, issuer, buyer, Month::parse("2026-11").expect("a month"), lines).expect("totals")
}

fn monthly(lines: Vec<Line>) -> Draft {
    draft(InvoiceKind::Monthly, Issuer::Operator, lines)
}

/// Price list, category, net and VAT of each cell.
fn rows(figures: &Figures) -> Vec<(&str, &str, String, String)> {
    let mut rows: Vec<_> = figures
        .cells
        .iter()
        .map(|(cell, sum)| {
            (cell.catalogue.as_deref().unwrap_or("-"), cell.vat.category(), sum.net.plain(), sum.vat.plain())
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn vat_is_shared_among_price_lists_to_the_cent_g2() {
    use VatTreatment::{NotTaxable, ReverseCharge};
    let standard = VatTreatment::STANDARD;
    for (name, lines, expected) in [
        ("one list", vec![line("a@1", standard, 11_100)], vec![("a@1", "S", "111.00", "21.09")]),
        (
            // 19 % of 0.03 is 0.01 (0.0057); of 0.01 and 0.02 it is 0.00 each: the cent goes to the larger part.
            "what rounding leaves over",
            vec![line("a@1", standard, 1), line("b@1", standard, 2)],
            vec![("a@1", "S", "0.01", "0.00"), ("b@1", "S", "0.02", "0.01")],
        ),
        (
            // 19 % of 0.06 is 0.01 (0.0114); of 0.03 twice it is 0.01 each: the first of equals gives one back.
            "too much by rounding",
            vec![line("a@1", standard, 3), line("b@1", standard, 3)],
            vec![("a@1", "S", "0.03", "0.00"), ("b@1", "S", "0.03", "0.01")],
        ),
        (
            "two rates and a line of no list",
            vec![line("a@1", standard, 10_000), line("", REDUCED, 1_000), line("a@1", REDUCED, 1_000)],
            vec![("-", "S", "10.00", "0.70"), ("a@1", "S", "10.00", "0.70"), ("a@1", "S", "100.00", "19.00")],
        ),
        (
            "nothing added",
            vec![line("a@1", ReverseCharge, 5_000), line("b@1", NotTaxable, 700)],
            vec![("a@1", "AE", "50.00", "0.00"), ("b@1", "O", "7.00", "0.00")],
        ),
        (
            "a discount of another list",
            vec![line("a@1", standard, 10_000), line("b@1", standard, -3)],
            vec![("a@1", "S", "100.00", "19.00"), ("b@1", "S", "-0.03", "-0.01")],
        ),
    ] {
        let expected: Vec<_> =
            expected.into_iter().map(|(list, vat, net, tax)| (list, vat, net.to_owned(), tax.to_owned())).collect();
        assert_eq!(rows(&Figures::of(&monthly(lines)).expect(name)), expected, "{name}");
    }
}

#[test]
fn a_cancellation_takes_back_what_was_invoiced_i2() {
    let lines = || vec![line("a@1", VatTreatment::STANDARD, 1_234), line("b@1", VatTreatment::STANDARD, 777)];
    let negated = lines().into_iter().map(|line| Line { net: money(-line.net.cents()), ..line }).collect();
    let mut figures = Figures::of(&monthly(lines())).expect("figures");
    let cancellation = draft(InvoiceKind::Cancellation, Issuer::Operator, negated);
    figures.merge(&Figures::of(&cancellation).expect("figures")).expect("a sum");
    assert_eq!(figures.total().expect("a sum"), Sum::zero());
    assert!(figures.by(|cell| cell.catalogue.clone()).expect("sums").values().all(|sum| *sum == Sum::zero()));
    let by_kind = figures.by(|cell| cell.kind).expect("sums");
    assert_eq!(by_kind[&InvoiceKind::Monthly].net.plain(), "20.11");
    assert_eq!(by_kind[&InvoiceKind::Cancellation].net.plain(), "-20.11");
    assert_eq!(figures.count_all(), 2);
}

#[test]
fn what_a_partner_invoices_stands_apart_z7() {
    let mut figures = Figures::of(&monthly(vec![line("a@1", VatTreatment::STANDARD, 1_000)])).expect("figures");
    let partner = draft(
        InvoiceKind::Monthly,
        Issuer::Partner,
        vec![line("a@1", VatTreatment::STANDARD, 240), line("", REDUCED, 1)],
    );
    figures.merge(&Figures::of(&partner).expect("figures")).expect("a sum");
    assert_eq!(figures.of_issuer(Issuer::Operator).total().expect("a sum").net.plain(), "10.00");
    assert_eq!(figures.of_issuer(Issuer::Partner).total().expect("a sum").net.plain(), "2.41");
    assert_eq!(figures.of_issuer(Issuer::Partner).count_all(), 1);
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let treatment = prop::sample::select(vec![
        VatTreatment::STANDARD,
        REDUCED,
        VatTreatment::ReverseCharge,
        VatTreatment::NotTaxable,
        VatTreatment::SmallBusiness,
    ]);
    let line = (prop::sample::select(vec!["", "a@1", "b@1", "c@2"]), treatment, -5_000_i64..2_000_000)
        .prop_map(|(catalogue, vat, cents)| line(catalogue, vat, cents));
    prop::collection::vec(line, 1..12)
}

proptest! {
    /// However the figures of invoices are grouped, they add up to the invoices (G2).
    #[test]
    fn every_grouping_adds_up_to_the_invoices(invoices in prop::collection::vec(lines(), 1..6)) {
        let (mut figures, mut net, mut gross) = (Figures::default(), money(0), money(0));
        for (index, lines) in invoices.into_iter().enumerate() {
            let draft = draft(InvoiceKind::ALL[index], Issuer::Operator, lines);
            net = net.plus(draft.totals.net)?;
            gross = gross.plus(draft.totals.gross)?;
            let of_one = Figures::of(&draft)?;
            prop_assert_eq!(of_one.total()?.gross()?, draft.totals.gross);
            for group in &draft.totals.vat {
                let sums = of_one.by(|cell| cell.vat)?;
                prop_assert_eq!(sums[&group.treatment], Sum { net: group.taxable, vat: group.vat });
            }
            figures.merge(&of_one)?;
        }
        let total = figures.total()?;
        prop_assert_eq!((total.net, total.gross()?), (net, gross));
        let add_up = |sums: Vec<Sum>| sums.into_iter().try_fold(Sum::zero(), Sum::plus);
        prop_assert_eq!(add_up(figures.by(|cell| cell.catalogue.clone())?.into_values().collect())?, total);
        prop_assert_eq!(add_up(figures.by(|cell| cell.vat)?.into_values().collect())?, total);
        prop_assert_eq!(add_up(figures.by(|cell| cell.kind)?.into_values().collect())?, total);
    }
}
