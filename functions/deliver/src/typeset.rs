//! The printed invoice: finished text in, a PDF/A-3 file out.
//!
//! [`PrintInvoice`] is the print model. It holds text a person reads, already formatted: nothing
//! is computed while typesetting, so what is printed is what was decided elsewhere. The template
//! sets every value as plain text and evaluates none, so no customer's text can become markup.
//!
//! Same invoice and same time stamp give the same bytes, in every process.

pub mod labels;

mod glyphs;
mod world;

#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use serde::Serialize;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use self::labels::Labels;
use self::world::{InvoiceWorld, Setup};

/// Everything printed on an invoice or on the invoice that cancels one.
///
/// A no-break space in a value keeps its parts on one line, a line feed starts a new one.
#[derive(Clone, Debug, Serialize)]
pub struct PrintInvoice {
    /// The fixed words, in the buyer's language; they also set the language of the document.
    pub labels: Labels,
    /// Who issues the invoice.
    pub seller: Seller,
    /// Who receives it.
    pub buyer: Buyer,
    /// The invoice number, for example `RE-2026-000123`.
    pub number: String,
    /// The date of issue.
    pub issue_date: String,
    /// When the service was rendered (§ 14 (4) no. 6 UStG): a day or a period.
    pub service_period: String,
    /// The last day to pay; none where nothing is to be paid.
    pub due_date: Option<String>,
    /// The number (and date) of the invoice this one cancels. It changes the title.
    pub cancels: Option<String>,
    /// Paragraphs between the subject and the lines, the greeting among them.
    pub introduction: Vec<String>,
    /// What is charged, in the order printed.
    pub lines: Vec<Line>,
    /// The sums.
    pub totals: Totals,
    /// Paragraphs right below the totals: notes the tax law asks for, such as reverse charge.
    pub notes: Vec<String>,
    /// Paragraphs saying how and by when to pay.
    pub payment_terms: Vec<String>,
    /// Where to pay online, printed as a button that is a link.
    pub payment_url: Option<String>,
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

/// The recipient.
#[derive(Clone, Debug, Serialize)]
pub struct Buyer {
    /// The address as it shows in the window, name first: six lines print in full size.
    pub address_lines: Vec<String>,
    /// The number the seller knows the buyer by.
    pub customer_number: String,
    /// The VAT identification number.
    pub vat_id: Option<String>,
    /// The buyer's own reference: an order number or a Leitweg-ID.
    pub reference: Option<String>,
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
}

/// The sums of the invoice.
#[derive(Clone, Debug, Serialize)]
pub struct Totals {
    /// The sum of all lines.
    pub net: String,
    /// One row for each rate.
    pub vat: Vec<VatRow>,
    /// What is to be paid.
    pub gross: String,
}

/// The VAT of one rate.
#[derive(Clone, Debug, Serialize)]
pub struct VatRow {
    /// Rate and base in words: `zzgl. 19 % USt auf 111,00 €`.
    pub label: String,
    /// The amount of the tax.
    pub amount: String,
}

/// Why an invoice could not be typeset. None of these goes away by trying again.
#[derive(Debug)]
pub enum TypesetError {
    /// The fonts or the template built into this program are unusable.
    Setup(String),
    /// The time stamp cannot be written into a PDF.
    Timestamp(DateTime<FixedOffset>),
    /// The invoice could not be handed to the template.
    Input(serde_json::Error),
    /// The template failed; the diagnostics, with the line of the template where known.
    Layout(String),
    /// The pages could not be written as PDF/A-3.
    Export(String),
}

impl fmt::Display for TypesetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup(message) => write!(formatter, "typesetter cannot start: {message}"),
            Self::Timestamp(instant) => write!(formatter, "no PDF time stamp for {instant}"),
            Self::Input(_) => write!(formatter, "invoice does not convert to JSON"),
            Self::Layout(message) => write!(formatter, "invoice template failed: {message}"),
            Self::Export(message) => write!(formatter, "PDF/A-3 export failed: {message}"),
        }
    }
}

impl std::error::Error for TypesetError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Input(source) => Some(source),
            Self::Setup(_) | Self::Timestamp(_) | Self::Layout(_) | Self::Export(_) => None,
        }
    }
}

/// Results of the typesetter that no render used for this many renders are forgotten. Some kept
/// ones make the next invoice faster, all kept ones would fill the memory.
const CACHE_GENERATIONS: usize = 4;

/// Typesets the invoice as PDF/A-3b, tagged, with its fonts inside.
///
/// The time stamp becomes the creation date of the document; pass the time of issue, not now, so
/// that a repeated render gives the same bytes.
///
/// # Errors
///
/// See [`TypesetError`]; all of them are permanent.
pub fn render(invoice: &PrintInvoice, timestamp: DateTime<FixedOffset>) -> Result<Vec<u8>, TypesetError> {
    let setup = Setup::shared()?;
    let options = pdf_options(invoice, timestamp)?;
    let mut value = serde_json::to_value(invoice).map_err(TypesetError::Input)?;
    glyphs::keep_printable(&mut value, setup);
    let data = serde_json::to_vec(&value).map_err(TypesetError::Input)?;

    let world = InvoiceWorld::new(setup, data);
    let pdf = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|diagnostics| TypesetError::Layout(joined(&world, &diagnostics)))
        .and_then(|document| {
            typst_pdf::pdf(&document, &options)
                .map_err(|diagnostics| TypesetError::Export(joined(&world, &diagnostics)))
        });
    typst::comemo::evict(CACHE_GENERATIONS);
    pdf
}

fn pdf_options(invoice: &PrintInvoice, timestamp: DateTime<FixedOffset>) -> Result<PdfOptions, TypesetError> {
    let standards =
        PdfStandards::new(&[PdfStandard::A_3b]).map_err(|error| TypesetError::Setup(error.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!("{}/{}", invoice.seller.name, invoice.number)),
        creator: Smart::Custom(Some("Einlass".to_owned())),
        timestamp: Some(pdf_timestamp(timestamp).ok_or(TypesetError::Timestamp(timestamp))?),
        standards,
        ..PdfOptions::default()
    })
}

fn pdf_timestamp(instant: DateTime<FixedOffset>) -> Option<Timestamp> {
    let part = |value: u32| u8::try_from(value).ok();
    let datetime = Datetime::from_ymd_hms(
        instant.year(),
        part(instant.month())?,
        part(instant.day())?,
        part(instant.hour())?,
        part(instant.minute())?,
        part(instant.second())?,
    )?;
    Timestamp::new_local(datetime, instant.offset().local_minus_utc() / 60)
}

/// All diagnostics in one line: where in the template, what, and the hints.
fn joined(world: &InvoiceWorld, diagnostics: &[SourceDiagnostic]) -> String {
    let described = diagnostics.iter().map(|diagnostic| {
        let place = world.line_of(diagnostic.span).map(|line| format!("line {line}: "));
        let hints = diagnostic.hints.iter().map(|hint| format!(" ({})", hint.v));
        format!("{}{}{}", place.unwrap_or_default(), diagnostic.message, hints.collect::<String>())
    });
    described.collect::<Vec<_>>().join("; ")
}
