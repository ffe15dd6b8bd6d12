//! What is printed: text a person reads, already formatted.

use serde::Serialize;

use crate::texts::{Document, Labels};

/// Everything printed on an invoice.
///
/// A no-break space in a value keeps its parts on one line, a line feed starts a new one.
#[derive(Clone, Debug, Serialize)]
pub struct PrintInvoice {
    /// The language.
    pub document: Document,
    /// The fixed words.
    pub labels: Labels,
    /// The issuer's colours; the name of its logo is added while typesetting.
    pub look: Look,
    /// What kind of invoice it is.
    pub title: String,
    /// The invoice number, for example `RE-2026-00123`.
    pub number: String,
    /// Who issues the invoice.
    pub seller: Seller,
    /// The recipient's address as it shows in the window, name first: six lines print in full size.
    pub recipient: Vec<String>,
    /// The information block: numbers and dates.
    pub facts: Vec<Fact>,
    /// Paragraphs between the subject and the lines, the greeting among them.
    pub introduction: Vec<String>,
    /// What is charged, in the order printed.
    pub lines: Vec<Line>,
    /// The sums.
    pub totals: Totals,
    /// Paragraphs right below the totals: notes the tax law asks for, such as reverse charge.
    pub notes: Vec<String>,
    /// How the amount comes in.
    pub payment: Payment,
    /// The days behind the quantities, on pages of their own (Z5).
    pub appendix: Option<Appendix>,
}

/// How the issuer wants its letters to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Look {
    /// Colour of areas and rules, `#rrggbb`.
    pub accent: String,
    /// Colour of headings: the accent, or ink where that is too light to read.
    pub heading: String,
    /// Colour of text on the accent.
    pub on_accent: String,
}

/// The issuer as printed in the letterhead, above the address and at the foot of each page.
#[derive(Clone, Debug, Serialize)]
pub struct Seller {
    /// The full name with its legal form.
    pub name: String,
    /// Name and address in one line, shown small in the envelope's window.
    pub return_address: String,
    /// Street, town and country, without the name.
    pub address_lines: Vec<String>,
    /// The VAT identification number.
    pub vat_id: Option<String>,
    /// The number given by the tax office; it or the VAT id must be there (§ 14 (4) no. 2 UStG).
    pub tax_number: Option<String>,
    /// What § 35a GmbHG asks of a letter: court, register number, managing directors.
    pub register_lines: Vec<String>,
    /// The e-mail address for questions.
    pub email: String,
    /// The telephone number.
    pub phone: String,
    /// The address of the website.
    pub website: Option<String>,
    /// The account to pay to.
    pub bank: Option<Bank>,
}

/// A bank account.
#[derive(Clone, Debug, Serialize)]
pub struct Bank {
    /// The name of the bank.
    pub name: String,
    /// The account number, in groups of four.
    pub iban: String,
    /// The bank's identifier.
    pub bic: String,
}

/// A value with what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: String,
}

/// One line of the invoice.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The number of the line.
    pub position: String,
    /// What was supplied.
    pub text: String,
    /// Printed small below the text: the period and the rule that led to the amount.
    pub detail: Option<String>,
    /// How much, without its unit.
    pub quantity: String,
    /// The unit of the quantity.
    pub unit: String,
    /// The net price of one unit.
    pub unit_price: String,
    /// The rate of VAT, for example `19 %`.
    pub vat_rate: String,
    /// The net amount of the line.
    pub net: String,
    /// Sum of all lines so far, to carry forward where a page ends.
    pub carry: String,
}

/// The sums of the invoice.
#[derive(Clone, Debug, Serialize)]
pub struct Totals {
    /// The sum of all lines.
    pub net: String,
    /// One row for each rate.
    pub vat: Vec<VatRow>,
    /// The sum with VAT.
    pub gross: String,
    /// Credit that is deducted, if any.
    pub credit: Option<String>,
    /// What is left to pay, where credit is deducted.
    pub due: Option<String>,
}

/// The VAT of one rate.
#[derive(Clone, Debug, Serialize)]
pub struct VatRow {
    /// Rate and base in words: `zzgl. 19 % USt auf 111,00 €`.
    pub label: String,
    /// The amount of the tax.
    pub amount: String,
}

/// How the amount comes in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Payment {
    /// Sentences.
    pub paragraphs: Vec<String>,
    /// What a transfer or a collection needs.
    pub facts: Vec<Fact>,
    /// A QR code for banking apps.
    pub code: Option<Code>,
    /// Where to pay online, printed as a button that is a link.
    pub url: Option<String>,
}

/// A QR code as rows of dark modules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// Modules on each side.
    pub size: usize,
    /// Its rows, each in one line or more.
    pub rows: Vec<CodeRow>,
}

/// A row of a QR code or a part of it, as a dashed line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeRow {
    /// Its number, from 0.
    pub row: usize,
    /// Column of the first dark module.
    pub column: usize,
    /// How many modules are dark, light, dark, light and so on from there. The last number is light.
    pub dashes: Vec<usize>,
}

/// The days behind the quantities.
#[derive(Clone, Debug, Serialize)]
pub struct Appendix {
    /// Heading.
    pub title: String,
    /// What it is.
    pub introduction: String,
    /// One for each line that was counted day by day.
    pub groups: Vec<DayGroup>,
    /// What the mark at a late day means; none if there is no such day.
    pub late: Option<String>,
}

/// The days of one line.
#[derive(Clone, Debug, Serialize)]
pub struct DayGroup {
    /// Number of the line.
    pub position: String,
    /// What was counted.
    pub text: String,
    /// Days with what was counted on them, oldest first.
    pub days: Vec<Fact>,
    /// The sum, or whatever the days come to.
    pub result: Fact,
    /// The quantity that is charged, where it is another one.
    pub billed: Option<Fact>,
}
