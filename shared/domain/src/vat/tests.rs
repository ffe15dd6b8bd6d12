use super::*;
use crate::account::{Address, BillingTerms, IssuerTerms, VatCheck};
use crate::contact::Email;
use crate::ids::AccountId;

fn address(country: &str) -> Address {
    Address { street: "Weg 1".into(), postal_code: "1010".into(), city: "Ort".into(), country: country.into() }
}

fn email() -> Email {
    Email::parse("a@example.org").expect("an address")
}

fn seller(small_business: bool, vat_check_required: bool) -> Operator {
    Operator {
        name: "Anbieter GmbH".into(),
        address: address("DE"),
        vat_id: "DE123456788".into(),
        tax_number: "48/123/45678".into(),
        register: String::new(),
        directors: String::new(),
        email: email(),
        phone: "1".into(),
        bank_name: "Bank".into(),
        iban: "DE89370400440532013000".into(),
        bic: "COBADEFFXXX".into(),
        invoice_prefix: "RE".into(),
        payment_term_days: 14,
        terms: IssuerTerms { small_business, vat_check_required, ..IssuerTerms::default() },
    }
}

/// A buyer in a country, with a VAT id and what was answered about which id.
fn buyer(country: &str, vat_id: Option<&str>, check: Option<(&str, bool)>) -> Account {
    let vat_check = check.map(|(vat_id, valid)| VatCheck {
        vat_id: vat_id.into(),
        checked_at: "2026-11-30T23:30:00Z".parse().expect("a time"),
        valid,
        request_id: None,
        name: None,
    });
    Account {
        id: AccountId::parse("acc_1").expect("an id"),
        name: "Kunde".into(),
        address: Some(address(country)),
        vat_id: vat_id.map(Into::into),
        billing_email: email(),
        language: Language::De,
        payer: None,
        terms: BillingTerms { vat_check, ..BillingTerms::default() },
    }
}

#[test]
fn buyers_decide_the_treatment_i4() {
    use VatTreatment::{NotTaxable, ReverseCharge, SmallBusiness};
    let good = ("ATU12345678", true);
    for (name, (small, required), country, vat_id, check, expected) in [
        ("at home", (false, false), "DE", None, None, Ok(None)),
        ("at home with a VAT id", (false, true), "DE", Some("DE987654324"), None, Ok(None)),
        ("small business at home", (true, false), "DE", None, None, Ok(Some(SmallBusiness))),
        ("business in Austria", (false, false), "AT", Some("ATU12345678"), None, Ok(Some(ReverseCharge))),
        ("checked", (false, true), "AT", Some("ATU12345678"), Some(good), Ok(Some(ReverseCharge))),
        ("Greece writes EL", (false, false), "GR", Some("EL123456789"), None, Ok(Some(ReverseCharge))),
        ("registered in a third state", (false, false), "AT", Some("NL123456782B90"), None, Ok(Some(ReverseCharge))),
        ("small business abroad", (true, false), "AT", Some("ATU12345678"), None, Ok(Some(ReverseCharge))),
        ("Switzerland", (false, true), "CH", None, None, Ok(Some(NotTaxable))),
        ("United Kingdom", (false, false), "GB", Some("GB123456789"), None, Ok(Some(NotTaxable))),
        ("Switzerland, small business", (true, false), "CH", None, None, Ok(Some(NotTaxable))),
        ("no country at all", (false, false), "XX", None, None, Err("unknown_country")),
        ("Greece under its VAT letters", (false, false), "EL", None, None, Err("unknown_country")),
        ("Monaco counts as France", (false, false), "MC", Some("FR40303265045"), None, Ok(Some(ReverseCharge))),
        ("Monaco without an id", (false, false), "MC", None, None, Err("no_vat_id")),
        ("Martinique is outside the VAT area", (false, false), "MQ", None, None, Ok(Some(NotTaxable))),
        ("no VAT id", (false, false), "AT", None, None, Err("no_vat_id")),
        ("German VAT id only", (false, false), "AT", Some("DE987654324"), None, Err("foreign_vat_id")),
        ("British VAT id", (false, false), "IE", Some("GB123456789"), None, Err("foreign_vat_id")),
        ("Greece under its country code", (false, false), "GR", Some("GR123456789"), None, Err("foreign_vat_id")),
        ("not checked", (false, true), "AT", Some("ATU12345678"), None, Err("vat_id_unchecked")),
        ("another was checked", (false, true), "AT", Some("ATU99999999"), Some(good), Err("vat_id_unchecked")),
        ("not valid", (false, true), "AT", Some("ATU12345678"), Some(("ATU12345678", false)), Err("vat_id_invalid")),
        ("not valid, not required", (false, false), "AT", Some("ATU1"), Some(("ATU1", false)), Err("vat_id_invalid")),
    ] {
        let treatment = treatment_for(&seller(small, required), &buyer(country, vat_id, check));
        assert_eq!(treatment.as_ref().map_err(HoldReason::code), expected.as_ref().map_err(|code| *code), "{name}");
    }
    let nowhere = Account { address: None, ..buyer("DE", None, None) };
    assert_eq!(treatment_for(&seller(false, false), &nowhere), Err(HoldReason::NoBuyerAddress));
}

#[test]
fn only_ids_that_decide_are_asked_about_i4() {
    for (name, country, vat_id, expected) in [
        ("business in Austria", "AT", Some("ATU12345675"), Some("ATU12345675")),
        ("at home", "DE", Some("DE123456788"), None),
        ("in Switzerland", "CH", Some("CHE123456789"), None),
        ("without an id", "AT", None, None),
        ("with a German id", "AT", Some("DE123456788"), None),
    ] {
        assert_eq!(decisive_vat_id(&buyer(country, vat_id, None)), expected, "{name}");
    }
}

#[test]
fn the_day_of_a_check_is_the_local_one() {
    let checked = buyer("AT", Some("ATU1"), Some(("ATU1", false)));
    let reason = treatment_for(&seller(false, false), &checked).expect_err("not valid");
    assert_eq!(reason.to_string(), "the VAT id ATU1 was not valid when it was checked on 2026-12-01");
}

#[test]
fn what_is_not_taxed_says_why_and_costs_nothing() {
    for treatment in [VatTreatment::ReverseCharge, VatTreatment::NotTaxable, VatTreatment::SmallBusiness] {
        assert!(treatment.exemption_text(Language::De).is_some_and(|text| !text.is_empty()), "{treatment:?}");
        assert_eq!(treatment.percent(), Decimal::ZERO);
        assert_eq!(VatTreatment::parse(treatment.category(), Decimal::ZERO), Some(treatment));
    }
    assert_eq!(VatTreatment::STANDARD.exemption_text(Language::De), None);
    assert_eq!(VatTreatment::parse("S", Decimal::ZERO), None);
    assert_eq!(VatTreatment::parse("Z", Decimal::ZERO), None);
    // Both notes are prescribed words: § 14a (5) UStG and § 34a sentence 1 No. 5 UStDV.
    assert_eq!(
        VatTreatment::ReverseCharge.exemption_text(Language::De),
        Some("Steuerschuldnerschaft des Leistungsempfängers")
    );
}

#[test]
fn each_group_is_taxed_once_g2() {
    let money = |text: &str| Money::parse(text, Currency::Eur).expect(text);
    // Line by line 0.33 × 19 % would be 0.06 each, 0.18 in all; the group is 0.99 × 19 % = 0.1881.
    let lines = [(VatTreatment::STANDARD, money("0.33")); 3];
    let groups = groups(lines.into_iter().chain([(VatTreatment::NotTaxable, money("5.00"))]), Currency::Eur);
    let rows: Vec<_> = groups.expect("small").iter().map(|g| (g.treatment, g.taxable, g.vat)).collect();
    assert_eq!(
        rows,
        [
            (VatTreatment::STANDARD, money("0.99"), money("0.19")),
            (VatTreatment::NotTaxable, money("5.00"), money("0.00"))
        ]
    );
}
