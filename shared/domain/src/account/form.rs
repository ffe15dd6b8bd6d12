//! What somebody types about an operator or an account, and the one reading of it. Every wrong field is
//! named at once.

use super::check::{bic, country, iban, invoice_prefix, postal_code, vat_id};
use super::{Account, Address, BillingTerms, IssuerTerms, Operator};
use crate::contact::{EMAIL_LENGTH, Email};
use crate::ids::AccountId;
use crate::language::Language;
use crate::problem::{FieldProblem, Problem, line};

/// Longest name of a company, and longest register entry or list of directors, in characters.
pub const COMPANY_LENGTH: usize = 200;
/// Longest street, town or name of a bank, in characters.
pub const PLACE_LENGTH: usize = 100;
/// Longest telephone or tax number, in characters.
pub const NUMBER_LENGTH: usize = 40;
/// Longest time to pay, in days.
pub const PAYMENT_TERM_LIMIT: u32 = 90;
/// Most addresses that one form lets sign in.
pub const USERS_LIMIT: usize = 20;

/// The operator as typed. There is no country: its VAT is that of a seller in Germany (I4).
#[derive(Clone, Copy, Debug)]
pub struct OperatorForm<'a> {
    /// Registered name.
    pub name: &'a str,
    /// Street and number.
    pub street: &'a str,
    /// Postal code.
    pub postal_code: &'a str,
    /// Town.
    pub city: &'a str,
    /// VAT id.
    pub vat_id: &'a str,
    /// Tax number.
    pub tax_number: &'a str,
    /// Register court and number.
    pub register: &'a str,
    /// Managing directors.
    pub directors: &'a str,
    /// Contact address.
    pub email: &'a str,
    /// Telephone number.
    pub phone: &'a str,
    /// Bank.
    pub bank_name: &'a str,
    /// IBAN, blanks allowed.
    pub iban: &'a str,
    /// BIC, blanks allowed.
    pub bic: &'a str,
    /// Letters in front of invoice numbers.
    pub invoice_prefix: &'a str,
    /// Days to pay.
    pub payment_term_days: &'a str,
}

/// An account as typed, with the addresses that may sign in to it.
#[derive(Clone, Copy, Debug)]
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
    /// Addresses that may sign in, separated by line breaks, blanks, commas or semicolons; empty for none.
    pub users: &'a str,
}

impl OperatorForm<'_> {
    /// Reads the form.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn read(&self) -> Result<Operator, Vec<FieldProblem>> {
        let mut reader = Reader::default();
        let name = reader.take("name", line(self.name, COMPANY_LENGTH));
        let street = reader.take("street", line(self.street, PLACE_LENGTH));
        let postal_code = reader.take("postal_code", postal_code(self.postal_code, "DE"));
        let city = reader.take("city", line(self.city, PLACE_LENGTH));
        let vat_id = reader.take("vat_id", german_vat_id(self.vat_id));
        let tax_number = reader.take("tax_number", line(self.tax_number, NUMBER_LENGTH));
        let register = reader.take("register", optional_line(self.register));
        let directors = reader.take("directors", optional_line(self.directors));
        let email = reader.take("email", Email::parse(self.email));
        let phone = reader.take("phone", line(self.phone, NUMBER_LENGTH));
        let bank_name = reader.take("bank_name", line(self.bank_name, PLACE_LENGTH));
        let iban = reader.take("iban", iban(self.iban));
        let bic = reader.take("bic", bic(self.bic));
        let invoice_prefix = reader.take("invoice_prefix", invoice_prefix(self.invoice_prefix));
        let payment_term_days = reader.take("payment_term_days", payment_term(self.payment_term_days));
        let operator = || {
            Some(Operator {
                name: name?,
                address: Address { street: street?, postal_code: postal_code?, city: city?, country: "DE".to_owned() },
                vat_id: vat_id?,
                tax_number: tax_number?,
                register: register?,
                directors: directors?,
                email: email?,
                phone: phone?,
                bank_name: bank_name?,
                iban: iban?,
                bic: bic?,
                invoice_prefix: invoice_prefix?,
                payment_term_days: payment_term_days?,
                terms: IssuerTerms::default(),
            })
        };
        operator().ok_or(reader.problems)
    }
}

impl AccountForm<'_> {
    /// Reads the form into an account under an id, and the addresses that may sign in to it.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn read(&self, id: AccountId) -> Result<(Account, Vec<Email>), Vec<FieldProblem>> {
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
        let users = reader.take("users", read_users(self.users));
        let account = || {
            let address = Address { street: street?, postal_code: postal_code?, city: city?, country: country? };
            let account = Account {
                id,
                name: name?,
                address: Some(address),
                vat_id: vat_id?,
                billing_email: billing_email?,
                language: language?,
                payer: payer?,
                terms: BillingTerms::default(),
            };
            Some((account, users?))
        };
        account().ok_or(reader.problems)
    }
}

/// Collects what is wrong while a form is read.
#[derive(Default)]
struct Reader {
    problems: Vec<FieldProblem>,
}

impl Reader {
    /// The value of a field, or a note of its problem: there is a problem exactly where there is no value.
    fn take<T>(&mut self, field: &str, value: Result<T, Problem>) -> Option<T> {
        value.map_err(|problem| self.problems.push(FieldProblem::new(field, problem))).ok()
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

fn optional(text: &str, check: fn(&str) -> Result<String, Problem>) -> Result<Option<String>, Problem> {
    if text.trim().is_empty() { Ok(None) } else { check(text).map(Some) }
}

/// A line that may be empty: a sole trader has no register entry and no directors.
fn optional_line(text: &str) -> Result<String, Problem> {
    if text.trim().is_empty() { Ok(String::new()) } else { line(text, COMPANY_LENGTH) }
}

fn german_vat_id(text: &str) -> Result<String, Problem> {
    let id = vat_id(text)?;
    if id.starts_with("DE") { Ok(id) } else { Err(Problem::NotAVatId) }
}

fn payment_term(text: &str) -> Result<u64, Problem> {
    match text.trim() {
        "" => Err(Problem::Missing),
        days => match days.parse() {
            Ok(days) if (1..=u64::from(PAYMENT_TERM_LIMIT)).contains(&days) => Ok(days),
            _ => Err(Problem::OutOfRange { least: 1, most: PAYMENT_TERM_LIMIT }),
        },
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

#[cfg(test)]
mod tests;
