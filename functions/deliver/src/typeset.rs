//! The printed invoice: finished text in, a PDF/A-3 file out.
//!
//! [`PrintInvoice`] is the print model. It holds text a person reads, already formatted: nothing
//! is computed while typesetting, so what is printed is what was decided elsewhere. The template
//! sets every value as plain text and evaluates none, so no customer's text can become markup.
//!
//! Same invoice and same time stamp give the same bytes, in every process.

mod fits;
mod glyphs;
mod logo;
mod model;
mod world;

#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use self::logo::Logo;
pub use self::model::{
    Appendix, Bank, Code, CodeRow, DayGroup, Fact, Line, Look, Payment, PrintInvoice, Seller, Totals, VatRow,
};

use self::fits::Fits;
use self::world::{InvoiceWorld, Setup};

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

/// For how many renders results of the typesetter are kept: all of them are forgotten after each. Keeping some was measured
/// to make the next invoice no faster, since each has other figures, and it fills the memory.
const CACHE_GENERATIONS: usize = 0;

/// Typesets the invoice as PDF/A-3b, tagged, with its fonts inside.
///
/// The time stamp becomes the creation date of the document; pass the time of issue, not now, so
/// that a repeated render gives the same bytes. A logo that cannot be drawn is left out: it must not hold an invoice back.
///
/// # Errors
///
/// See [`TypesetError`]; all of them are permanent.
pub fn render(
    invoice: &PrintInvoice,
    logo: Option<&Logo>,
    timestamp: DateTime<FixedOffset>,
) -> Result<Vec<u8>, TypesetError> {
    match set(invoice, logo, timestamp) {
        Err(error @ (TypesetError::Layout(_) | TypesetError::Export(_))) if logo.is_some() => {
            tracing::warn!(%error, "the logo cannot be drawn");
            set(invoice, None, timestamp)
        }
        result => result,
    }
}

fn set(invoice: &PrintInvoice, logo: Option<&Logo>, timestamp: DateTime<FixedOffset>) -> Result<Vec<u8>, TypesetError> {
    let setup = Setup::shared()?;
    let options = pdf_options(invoice, timestamp)?;
    let world = world(invoice, logo, setup)?;
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

fn world(invoice: &PrintInvoice, logo: Option<&Logo>, setup: &'static Setup) -> Result<InvoiceWorld, TypesetError> {
    let data = serde_json::to_vec(&data(invoice, logo, setup)?).map_err(TypesetError::Input)?;
    Ok(InvoiceWorld::new(setup, data, logo.cloned()))
}

/// What the template is given.
fn data(invoice: &PrintInvoice, logo: Option<&Logo>, setup: &Setup) -> Result<Value, TypesetError> {
    let mut value = serde_json::to_value(invoice).map_err(TypesetError::Input)?;
    glyphs::keep_printable(&mut value, setup);
    if let Some(look) = value.get_mut("look").and_then(Value::as_object_mut) {
        look.insert("logo".to_owned(), logo.map(Logo::file_name).into());
    }
    if let Some(fields) = value.as_object_mut() {
        let fits = serde_json::to_value(Fits::of(invoice, setup)).map_err(TypesetError::Input)?;
        fields.insert("fits".to_owned(), fits);
    }
    Ok(value)
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
