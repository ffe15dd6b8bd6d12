//! A customer of the operator, and the operator: who is on the two sides of an invoice.

pub mod check;
pub mod form;

use crate::calendar::{Day, Instant};
use crate::catalog::charge::Issuer;
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
    /// How it is invoiced and pays.
    pub terms: BillingTerms,
}

/// How an account is invoiced and pays, where that differs from the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BillingTerms {
    /// Leitweg-ID of a public buyer, which gets XRechnung (BT-10; I3).
    pub leitweg_id: Option<String>,
    /// The buyer's own order number, printed on its invoices (BT-13).
    pub order_reference: Option<String>,
    /// What was answered when its VAT id was last checked.
    pub vat_check: Option<VatCheck>,
    /// How it pays the operator.
    pub payment: PaymentMethod,
    /// How it pays a service partner, who collects under a mandate and a creditor identifier of its own (Z7).
    pub partner_payment: PaymentMethod,
    /// Why it gets no reminders, if so (I6).
    pub dunning_stopped: Option<String>,
}

/// The answer to a qualified confirmation of a VAT id (§ 18e UStG), kept as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatCheck {
    /// The VAT id that was asked about.
    pub vat_id: String,
    /// When.
    pub checked_at: Instant,
    /// Whether it was valid then.
    pub valid: bool,
    /// Number of the inquiry, if the service gave one.
    pub request_id: Option<String>,
    /// Name it is registered under, if the service told.
    pub name: Option<String>,
}

impl VatCheck {
    /// The local day of the answer.
    #[must_use]
    pub fn day(&self) -> Day {
        Day::of(self.checked_at)
    }
}

/// How an account pays its invoices (Z6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PaymentMethod {
    /// It transfers the amount, or pays online.
    #[default]
    Transfer,
    /// It is collected under a SEPA mandate.
    DirectDebit(Mandate),
}

/// A SEPA direct debit mandate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// Mandate reference (BT-89), up to 35 characters.
    pub reference: String,
    /// The day it was signed on.
    pub signed_on: Day,
    /// IBAN that is debited (BT-91), without spaces.
    pub iban: String,
    /// Holder of that account.
    pub holder: String,
}

impl Account {
    /// The account as a buyer of an issuer: its way to pay is the one agreed with that issuer (Z7).
    #[must_use]
    pub fn as_buyer_of(&self, issuer: Issuer) -> Self {
        let mut buyer = self.clone();
        if issuer == Issuer::Partner {
            buyer.terms.payment = std::mem::take(&mut buyer.terms.partner_payment);
        }
        buyer
    }
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
    /// Letterhead, number format and tax status.
    pub terms: IssuerTerms,
}

/// What an issuer may set beyond the necessary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuerTerms {
    /// Whether it is a small business (§ 19 UStG): no VAT is charged.
    pub small_business: bool,
    /// Whether a buyer in another member state is held until its VAT id was checked (I4).
    pub vat_check_required: bool,
    /// How numbers are written; `None`: [`crate::invoice::NUMBER_FORMAT`].
    pub number_format: Option<String>,
    /// SEPA creditor identifier, without which nothing can be collected (BT-90).
    pub creditor_id: Option<String>,
    /// Person or department to ask (BT-41); the name of the company if there is none.
    pub contact_name: Option<String>,
    /// Web site, as printed.
    pub website: Option<String>,
    /// Colour of the letterhead, `#rrggbb`.
    pub colour: Option<String>,
    /// Key of the logo in the object store; its content never changes.
    pub logo: Option<String>,
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
