//! The operator, or a service partner it bills for (Z7), as typed.

use super::{COMPANY_LENGTH, NUMBER_LENGTH, PLACE_LENGTH, Reader, optional, optional_line, ticked};
use crate::account::check::letterhead::{colour, number_format, website};
use crate::account::check::payment::creditor_id;
use crate::account::check::vat_ids::vat_id;
use crate::account::check::{bic, iban, invoice_prefix, postal_code};
use crate::account::{Address, IssuerTerms, Operator};
use crate::contact::Email;
use crate::problem::{FieldProblem, Problem, line};

/// Longest time to pay, in days.
pub const PAYMENT_TERM_LIMIT: u32 = 90;

/// An issuer of invoices as typed. There is no country: its VAT is that of a seller in Germany (I4).
#[derive(Clone, Copy, Debug, Default)]
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
    /// `yes` for a small business (§ 19 UStG).
    pub small_business: &'a str,
    /// `yes` if buyers in other member states are held until their VAT ids were checked.
    pub vat_check_required: &'a str,
    /// Register court and number.
    pub register: &'a str,
    /// Managing directors.
    pub directors: &'a str,
    /// Person or department to ask; empty for none.
    pub contact_name: &'a str,
    /// Contact address.
    pub email: &'a str,
    /// Telephone number.
    pub phone: &'a str,
    /// Web site; empty for none.
    pub website: &'a str,
    /// Bank.
    pub bank_name: &'a str,
    /// IBAN, blanks allowed.
    pub iban: &'a str,
    /// BIC, blanks allowed.
    pub bic: &'a str,
    /// SEPA creditor identifier; empty if nothing is collected.
    pub creditor_id: &'a str,
    /// Letters in front of invoice numbers.
    pub invoice_prefix: &'a str,
    /// How numbers are written; empty for the usual way.
    pub number_format: &'a str,
    /// Days to pay.
    pub payment_term_days: &'a str,
    /// Colour of the letterhead; empty for the usual one.
    pub colour: &'a str,
}

impl OperatorForm<'_> {
    /// Reads the form. The logo, which is sent by itself, stays as it is.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn read(&self, logo: Option<String>) -> Result<Operator, Vec<FieldProblem>> {
        let mut reader = Reader::default();
        let name = reader.take("name", line(self.name, COMPANY_LENGTH));
        let street = reader.take("street", line(self.street, PLACE_LENGTH));
        let postal_code = reader.take("postal_code", postal_code(self.postal_code, "DE"));
        let city = reader.take("city", line(self.city, PLACE_LENGTH));
        let vat_id = reader.take("vat_id", optional(self.vat_id, german_vat_id));
        let tax_number = reader.take("tax_number", optional(self.tax_number, |text| line(text, NUMBER_LENGTH)));
        // One of them has to stand on an invoice (§ 14 (4) No. 2 UStG); a small business often has no VAT id.
        let tax_number = match (&vat_id, tax_number) {
            (Some(None), Some(None)) => reader.take("tax_number", Err(Problem::Missing)),
            (_, tax_number) => tax_number,
        };
        let register = reader.take("register", optional_line(self.register));
        let directors = reader.take("directors", optional_line(self.directors));
        let contact_name = reader.take("contact_name", optional(self.contact_name, |text| line(text, PLACE_LENGTH)));
        let email = reader.take("email", Email::parse(self.email));
        let phone = reader.take("phone", line(self.phone, NUMBER_LENGTH));
        let website = reader.take("website", optional(self.website, website));
        let bank_name = reader.take("bank_name", line(self.bank_name, PLACE_LENGTH));
        let iban = reader.take("iban", iban(self.iban));
        let bic = reader.take("bic", bic(self.bic));
        let creditor_id = reader.take("creditor_id", optional(self.creditor_id, creditor_id));
        let invoice_prefix = reader.take("invoice_prefix", invoice_prefix(self.invoice_prefix));
        let prefix = invoice_prefix.as_deref().unwrap_or_default();
        let number_format =
            reader.take("number_format", optional(self.number_format, |text| number_format(text, prefix)));
        let payment_term_days = reader.take("payment_term_days", payment_term(self.payment_term_days));
        let colour = reader.take("colour", optional(self.colour, colour));
        let operator = || {
            Some(Operator {
                name: name?,
                address: Address { street: street?, postal_code: postal_code?, city: city?, country: "DE".to_owned() },
                vat_id: vat_id?.unwrap_or_default(),
                tax_number: tax_number?.unwrap_or_default(),
                register: register?,
                directors: directors?,
                email: email?,
                phone: phone?,
                bank_name: bank_name?,
                iban: iban?,
                bic: bic?,
                invoice_prefix: invoice_prefix?,
                payment_term_days: payment_term_days?,
                terms: IssuerTerms {
                    small_business: ticked(self.small_business),
                    vat_check_required: ticked(self.vat_check_required),
                    number_format: number_format?,
                    creditor_id: creditor_id?,
                    contact_name: contact_name?,
                    website: website?,
                    colour: colour?,
                    logo,
                },
            })
        };
        operator().ok_or(reader.problems)
    }
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
