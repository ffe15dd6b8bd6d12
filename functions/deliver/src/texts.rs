//! What invoices and their mails say, in files of its own: `assets/texts/de.toml` and `en.toml`.

pub(crate) mod sentences;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use domain::invoice::InvoiceKind;
use domain::language::Language;
use serde::{Deserialize, Serialize};

const GERMAN: &str = include_str!("../assets/texts/de.toml");
const ENGLISH: &str = include_str!("../assets/texts/en.toml");

/// The texts of one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The language itself.
    pub document: Document,
    /// Words printed around values.
    pub labels: Labels,
    pub(crate) introduction: Introduction,
    pub(crate) reference: References,
    pub(crate) line: Lines,
    pub(crate) totals: Totals,
    pub(crate) payment: Payment,
    pub(crate) copy: Copies,
    pub(crate) appendix: Appendix,
    pub(crate) mail: Mail,
}

/// The files built into this program cannot be read; a test keeps that from happening.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the texts of invoices cannot be read: {0}")]
pub struct TextsError(String);

impl Texts {
    /// The texts of a language, read once in a process.
    ///
    /// # Errors
    /// [`TextsError`] if the file that was built in is not right.
    pub fn of(language: Language) -> Result<&'static Self, TextsError> {
        static DE: LazyLock<Result<Texts, TextsError>> = LazyLock::new(|| Texts::read(GERMAN));
        static EN: LazyLock<Result<Texts, TextsError>> = LazyLock::new(|| Texts::read(ENGLISH));
        language.pick(&DE, &EN).as_ref().map_err(Clone::clone)
    }

    fn read(file: &str) -> Result<Self, TextsError> {
        toml::from_str(file).map_err(|error| TextsError(error.to_string()))
    }
}

macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($field:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $(pub(crate) $field: String,)*
        }
    };
}

/// The language of a document.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// ISO 639-1, declared in the PDF and used to hyphenate.
    pub language: String,
    /// ISO 3166-1.
    pub region: String,
}

macro_rules! labels {
    ($($field:ident),* $(,)?) => {
        /// Words printed around values; each says by its name where it stands.
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "the names are those of the file, which shows what they mean")]
        pub struct Labels {
            $(pub $field: String,)*
        }
    };
}

labels! {
    number, issue_date, service_period, service_date, customer_number, order_reference, leitweg_id, buyer_vat_id,
    due_date, collected_on, position, text, quantity, unit, unit_price, vat_rate, net, net_total, gross_total, credit,
    due_total, carry, payment, pay_online, recipient, remittance, amount, bank, iban, bic, giro_code, mandate,
    creditor_id, debited_account, holder, phone, vat_id, tax_number, page, page_of,
}

texts! {
    /// The sentence before the lines, by kind.
    Introduction { greeting, monthly, single, down_payment, r#final, settlement_fee, cancellation, correction }
}

impl Introduction {
    pub(crate) fn of(&self, kind: InvoiceKind) -> &str {
        match kind {
            InvoiceKind::Monthly => &self.monthly,
            InvoiceKind::Single => &self.single,
            InvoiceKind::DownPayment => &self.down_payment,
            InvoiceKind::Final => &self.r#final,
            InvoiceKind::SettlementFee => &self.settlement_fee,
            InvoiceKind::Cancellation => &self.cancellation,
            InvoiceKind::Correction => &self.correction,
        }
    }
}

texts! {
    /// How other invoices are named.
    References { cancellation, correction, r#final, other }
}

texts! {
    /// Where a line comes from and how it is calculated.
    Lines { ended_on, price_list, sample, rule, calculation, shared_calculation }
}

texts! {
    /// Rows of VAT.
    Totals { taxed, untaxed }
}

texts! {
    /// How the amount comes in.
    Payment {
        transfer, direct_debit, settled, nothing, cancelled, refund, terms_transfer, terms_direct_debit,
    }
}

texts! {
    /// That a PDF is not the invoice itself.
    Copies { xrechnung }
}

texts! {
    /// The days behind the quantities.
    Appendix { title, introduction, position, sum, highest, last, mean, billed, late }
}

texts! {
    /// The mail.
    Mail {
        subject, greeting, monthly, single, down_payment, r#final, settlement_fee, cancellation, correction, xrechnung,
        direct_debit, number, net, vat, gross, credit, due, due_on, pay, questions,
    }
}

impl Mail {
    pub(crate) fn of(&self, kind: InvoiceKind) -> &str {
        match kind {
            InvoiceKind::Monthly => &self.monthly,
            InvoiceKind::Single => &self.single,
            InvoiceKind::DownPayment => &self.down_payment,
            InvoiceKind::Final => &self.r#final,
            InvoiceKind::SettlementFee => &self.settlement_fee,
            InvoiceKind::Cancellation => &self.cancellation,
            InvoiceKind::Correction => &self.correction,
        }
    }
}

/// Puts values where `{name}` stands. What is put in is not looked at again, and a name without a value stays.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = after.split_once('}').and_then(|(name, after)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
        });
        if let Some((value, after)) = known {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}
