//! A seller and a buyer for tests.

use crate::account::{Account, Address, BillingTerms, IssuerTerms, Operator};
use crate::contact::Email;
use crate::ids::AccountId;
use crate::language::Language;

pub(crate) fn seller() -> Operator {
    Operator {
        name: "Betrieb GmbH".to_owned(),
        address: address("DE"),
        vat_id: "DE123456788".to_owned(),
        tax_number: "48/123/45678".to_owned(),
        register: String::new(),
        directors: String::new(),
        email: Email::parse("rechnung@betrieb.example").expect("an address"),
        phone: "+49 40 1".to_owned(),
        bank_name: "Bank".to_owned(),
        iban: "DE89370400440532013000".to_owned(),
        bic: "COBADEFFXXX".to_owned(),
        invoice_prefix: "RE".to_owned(),
        payment_term_days: 14,
        terms: IssuerTerms::default(),
    }
}

fn address(country: &str) -> Address {
    let text = |text: &str| text.to_owned();
    Address { street: text("Weg 1"), postal_code: text("20459"), city: text("Hamburg"), country: text(country) }
}

pub(crate) fn buyer(country: &str, vat_id: Option<&str>) -> Account {
    Account {
        id: AccountId::parse("acc_a").expect("an id"),
        name: "Kunde".to_owned(),
        address: Some(address(country)),
        vat_id: vat_id.map(ToOwned::to_owned),
        billing_email: Email::parse("kasse@kunde.example").expect("an address"),
        language: Language::De,
        payer: None,
        terms: BillingTerms::default(),
    }
}
