//! An account as typed, with the addresses that may sign in to it.

use super::{COMPANY_LENGTH, PLACE_LENGTH, Reader, optional};
use crate::account::check::payment::{mandate_reference, signed_on};
use crate::account::check::public::leitweg_id;
use crate::account::check::vat_ids::vat_id;
use crate::account::check::{country, iban, postal_code};
use crate::account::{Account, Address, BillingTerms, Mandate, PaymentMethod, VatCheck};
use crate::calendar::Day;
use crate::contact::{EMAIL_LENGTH, Email};
use crate::ids::AccountId;
use crate::language::Language;
use crate::problem::{FieldProblem, Problem, line};

/// Most addresses that one form lets sign in.
pub const USERS_LIMIT: usize = 20;

/// An account as typed, with the addresses that may sign in to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccountForm<'a> {
    /// Name of the company or person billed.
    pub name: &'a str,
    /// Street and number.
    pub street: &'a str,
    /// Postal code.
    pub postal_code: &'a str,
    /// Town.
    pub city: &'a str,
    /// Country, two capital letters.
    pub country: &'a str,
    /// VAT id; empty for none.
    pub vat_id: &'a str,
    /// Where invoices are mailed to.
    pub billing_email: &'a str,
    /// Language of invoices and mails: `de` or `en`.
    pub language: &'a str,
    /// Customer number of the account it is billed to, for a sub-account; empty for none.
    pub payer: &'a str,
    /// Leitweg-ID of a public buyer; empty for others.
    pub leitweg_id: &'a str,
    /// The buyer's own order number; empty for none.
    pub order_reference: &'a str,
    /// How it pays the operator; fields named `payment`, `mandate_reference` …
    pub payment: PaymentForm<'a>,
    /// How it pays a service partner (Z7); fields named `partner_payment`, `partner_mandate_reference` …
    pub partner_payment: PaymentForm<'a>,
    /// Why it gets no reminders; empty for one that gets them (I6).
    pub dunning_stopped: &'a str,
    /// Addresses that may sign in, separated by line breaks, blanks, commas or semicolons; empty for none.
    pub users: &'a str,
}

/// A way to pay as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaymentForm<'a> {
    /// `transfer`, which an empty field means too, or `direct_debit`; all else matters only with the latter.
    pub method: &'a str,
    /// Mandate reference.
    pub reference: &'a str,
    /// The day the mandate was signed on, as `2026-11-27`.
    pub signed_on: &'a str,
    /// IBAN that is debited.
    pub iban: &'a str,
    /// Holder of that account.
    pub holder: &'a str,
}

impl AccountForm<'_> {
    /// Reads the form into an account under an id, and the addresses that may sign in to it. Evidence of a check of the VAT id
    /// stays with the id it belongs to.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn read(
        &self,
        id: AccountId,
        vat_check: Option<VatCheck>,
        today: Day,
    ) -> Result<(Account, Vec<Email>), Vec<FieldProblem>> {
        let mut reader = Reader::default();
        let name = reader.take("name", line(self.name, COMPANY_LENGTH));
        let street = reader.take("street", line(self.street, PLACE_LENGTH));
        let country = country(self.country);
        let known = country.as_deref().unwrap_or_default();
        let postal_code = reader.take("postal_code", postal_code(self.postal_code, known));
        let city = reader.take("city", line(self.city, PLACE_LENGTH));
        let country = reader.take("country", country);
        let vat_id = reader.take("vat_id", optional(self.vat_id, vat_id));
        let billing_email = reader.take("billing_email", Email::parse(self.billing_email));
        let language = reader.take("language", read_language(self.language));
        let payer = reader.take("payer", read_payer(self.payer, &id));
        let leitweg_id = reader.take("leitweg_id", optional(self.leitweg_id, leitweg_id));
        let order_reference =
            reader.take("order_reference", optional(self.order_reference, |text| line(text, PLACE_LENGTH)));
        let payment = self.payment.read(&mut reader, "", today);
        let partner_payment = self.partner_payment.read(&mut reader, "partner_", today);
        let dunning_stopped =
            reader.take("dunning_stopped", optional(self.dunning_stopped, |text| line(text, COMPANY_LENGTH)));
        let users = reader.take("users", read_users(self.users));
        let account = || {
            let address = Address { street: street?, postal_code: postal_code?, city: city?, country: country? };
            let vat_id = vat_id?;
            let terms = BillingTerms {
                leitweg_id: leitweg_id?,
                order_reference: order_reference?,
                vat_check: vat_check.filter(|check| vat_id.as_ref() == Some(&check.vat_id)),
                payment: payment?,
                partner_payment: partner_payment?,
                dunning_stopped: dunning_stopped?,
            };
            let account = Account {
                id,
                name: name?,
                address: Some(address),
                vat_id,
                billing_email: billing_email?,
                language: language?,
                payer: payer?,
                terms,
            };
            Some((account, users?))
        };
        account().ok_or(reader.problems)
    }
}

impl PaymentForm<'_> {
    /// Reads it; the names of its fields begin with `before`.
    fn read(&self, reader: &mut Reader, before: &str, today: Day) -> Option<PaymentMethod> {
        let mut take = |field: &str, value: Result<String, Problem>| reader.take(&format!("{before}{field}"), value);
        match self.method {
            "" | "transfer" => return Some(PaymentMethod::Transfer),
            "direct_debit" => {}
            _ => {
                take("payment", Err(Problem::NotAllowed { expected: "transfer, direct_debit".to_owned() }));
                return None;
            }
        }
        let reference = take("mandate_reference", mandate_reference(self.reference));
        let iban = take("mandate_iban", iban(self.iban));
        let holder = take("mandate_holder", line(self.holder, COMPANY_LENGTH));
        let signed_on = reader.take(&format!("{before}mandate_signed_on"), signed_on(self.signed_on, today));
        let (reference, signed_on, iban, holder) = (reference?, signed_on?, iban?, holder?);
        Some(PaymentMethod::DirectDebit(Mandate { reference, signed_on, iban, holder }))
    }
}

/// The account a sub-account is billed to; never itself.
fn read_payer(text: &str, id: &AccountId) -> Result<Option<AccountId>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match AccountId::parse(text) {
        Ok(payer) if payer != *id => Ok(Some(payer)),
        _ => Err(Problem::NotAPayer),
    }
}

fn read_language(text: &str) -> Result<Language, Problem> {
    match text {
        "de" => Ok(Language::De),
        "en" => Ok(Language::En),
        _ => Err(Problem::NotAllowed { expected: "de, en".to_owned() }),
    }
}

/// Addresses, each once.
fn read_users(text: &str) -> Result<Vec<Email>, Problem> {
    let separator = |character: char| character.is_whitespace() || matches!(character, ',' | ';');
    let texts: Vec<&str> = text.split(separator).filter(|text| !text.is_empty()).collect();
    if texts.len() > USERS_LIMIT {
        return Err(Problem::TooManyEmails { most: USERS_LIMIT });
    }
    let (mut emails, mut wrong) = (Vec::<Email>::new(), Vec::new());
    for text in texts {
        match Email::parse(text) {
            Ok(email) if emails.iter().any(|known| known.normal() == email.normal()) => {}
            Ok(email) => emails.push(email),
            Err(_) => wrong.push(text.chars().take(EMAIL_LENGTH).collect()),
        }
    }
    if wrong.is_empty() { Ok(emails) } else { Err(Problem::NotEmails { wrong }) }
}
