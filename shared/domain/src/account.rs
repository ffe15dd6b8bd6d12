//! A customer of the operator, and the operator: who is on the two sides of an invoice.

pub mod check;
pub mod form;

use crate::contact::Email;
use crate::ids::AccountId;
use crate::language::Language;

/// A postal address as it stands in an address window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub city: String,
    /// ISO 3166-1 alpha-2 code, in capitals.
    pub country: String,
}

/// A paying customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id, which is also its customer number on invoices.
    pub id: AccountId,
    /// Name of the company or person billed.
    pub name: String,
    /// Where invoices are addressed to; `None` until the customer has given it.
    pub address: Option<Address>,
    /// VAT id of the customer, if it has one.
    pub vat_id: Option<String>,
    /// Where invoices are mailed to.
    pub billing_email: Email,
    /// Language of invoices and mails.
    pub language: Language,
    /// The account its usage is billed to, if it is a sub-account (A22).
    pub payer: Option<AccountId>,
}

/// Who runs this deployment and issues the invoices: what § 14 (4) UStG wants of a seller (I1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Registered name.
    pub name: String,
    /// Registered address.
    pub address: Address,
    /// VAT id (§ 27a UStG).
    pub vat_id: String,
    /// Tax number given by the tax office.
    pub tax_number: String,
    /// Register court and number, as printed; empty for a business without an entry: `Amtsgericht Musterstadt, HRB 12345`.
    pub register: String,
    /// Managing directors, as printed; empty for a business that has none.
    pub directors: String,
    /// Contact address for questions about invoices.
    pub email: Email,
    /// Telephone number as printed.
    pub phone: String,
    /// Bank, as printed.
    pub bank_name: String,
    /// IBAN without spaces.
    pub iban: String,
    /// BIC.
    pub bic: String,
    /// Letters in front of every invoice number: `RE` gives `RE-2026-00001`.
    pub invoice_prefix: String,
    /// Days from the invoice date to the due date.
    pub payment_term_days: u64,
}

impl Operator {
    /// Register entry and directors as a business letter names them (§ 35a GmbHG), those there are.
    #[must_use]
    pub fn register_lines(&self, language: Language) -> Vec<String> {
        let directors = language.pick("Geschäftsführung", "Directors");
        let directors = (!self.directors.is_empty()).then(|| format!("{directors}: {}", self.directors));
        let register = (!self.register.is_empty()).then(|| self.register.clone());
        register.into_iter().chain(directors).collect()
    }
}
