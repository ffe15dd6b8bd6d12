//! The electronic invoice: EN 16931 in the syntax CII, alone as XRechnung or inside the PDF as ZUGFeRD / Factur-X (I3).
//!
//! The model and its XML come from crates; this is the only module that knows them. Every amount is the one of the
//! domain, nothing is computed anew, and what breaks a rule of the standard is not sent.

mod lines;
mod parties;

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::SystemTime;

use domain::calendar::Day;
use domain::collection::Collection;
use domain::invoice::{Invoice, InvoiceKind};
use domain::language::Language;
use domain::money::Money;
use domain::vat::{VatGroup, VatTreatment};
use en16931::invoice::{
    Code, CreditTransfer, DocumentTotals, InvoiceNote, PaymentInstructions, PaymentMeans, Period, PrecedingInvoice,
    VatBreakdown,
};
use en16931::profiles::{En16931, XRechnung};
use en16931::validation::ValidationReport;
use en16931::validation::profile::{ProfileMarker, Validated};
use en16931::{Date, DocumentReference, InvoiceAmount, Percentage};
use en16931_formats::Syntax;
use en16931_formats::zugferd::{self, EmbedOptions, Metadata};

use crate::texts::Texts;

/// BT-23 of an invoice that asks for payment (Peppol BIS Billing, process 01).
const BUSINESS_PROCESS: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

/// An invoice that keeps every rule of its profile.
#[derive(Clone, Debug)]
pub struct EInvoice(Profile);

#[derive(Clone, Debug)]
enum Profile {
    /// EN 16931, to be embedded into the PDF.
    Hybrid(Box<Validated<En16931>>),
    /// XRechnung, which is the invoice itself.
    XRechnung(Box<Validated<XRechnung>>),
}

/// Why there is no electronic invoice. Trying again does not help.
#[derive(Debug)]
pub enum EInvoiceError {
    /// A value does not exist in the standard, for example a country.
    Value(String),
    /// Rules are broken: their ids and what they say.
    Rules(Vec<String>),
    /// It could not be put into the PDF.
    Embedding(String),
}

impl fmt::Display for EInvoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(message) => write!(f, "not a value of EN 16931: {message}"),
            Self::Rules(rules) => write!(f, "rules of EN 16931 are broken: {}", rules.join("; ")),
            Self::Embedding(message) => write!(f, "not embedded: {message}"),
        }
    }
}

impl std::error::Error for EInvoiceError {}

impl EInvoice {
    /// The electronic form of an invoice: XRechnung for a buyer with a Leitweg-ID, else the payload of a hybrid PDF.
    ///
    /// # Errors
    /// [`EInvoiceError`], naming every rule that is broken.
    pub fn of(invoice: &Invoice, texts: &Texts) -> Result<Self, EInvoiceError> {
        let is_public = invoice.draft.buyer.terms.leitweg_id.is_some();
        let model = model(invoice, texts, is_public)?;
        if is_public {
            prove(model).map(|proof| Self(Profile::XRechnung(Box::new(proof))))
        } else {
            prove(model).map(|proof| Self(Profile::Hybrid(Box::new(proof))))
        }
    }

    /// Whether the XML is the invoice, and the PDF a copy that people can read.
    #[must_use]
    pub const fn is_xrechnung(&self) -> bool {
        matches!(self.0, Profile::XRechnung(_))
    }

    /// The XML.
    #[must_use]
    pub fn xml(&self) -> String {
        match &self.0 {
            Profile::Hybrid(proof) => en16931_formats::write(proof, Syntax::Cii).xml,
            Profile::XRechnung(proof) => en16931_formats::write(proof, Syntax::Cii).xml,
        }
    }

    /// Puts the XML into a PDF/A-3 file. Same input, same bytes.
    ///
    /// # Errors
    /// [`EInvoiceError::Embedding`].
    pub fn embed(&self, pdf: &[u8], title: &str, issued_on: Day) -> Result<Vec<u8>, EInvoiceError> {
        let author = self.seller().to_owned();
        let metadata = Metadata { title: title.to_owned(), subject: title.to_owned(), author };
        let modified = Some(SystemTime::from(issued_on.start()));
        let options = EmbedOptions { metadata: Some(metadata), modified, ..EmbedOptions::default() };
        let embedded = match &self.0 {
            Profile::Hybrid(proof) => zugferd::embed(pdf, proof, &options),
            Profile::XRechnung(proof) => zugferd::embed(pdf, proof, &options),
        };
        embedded.map_err(|error| EInvoiceError::Embedding(error.to_string()))
    }

    fn seller(&self) -> &str {
        let invoice = match &self.0 {
            Profile::Hybrid(proof) => proof.invoice(),
            Profile::XRechnung(proof) => proof.invoice(),
        };
        invoice.seller.name.as_deref().unwrap_or_default()
    }
}

fn prove<P: ProfileMarker>(model: en16931::Invoice) -> Result<Validated<P>, EInvoiceError> {
    Validated::new(model).map_err(|rejected| EInvoiceError::Rules(broken(rejected.report())))
}

fn broken(report: &ValidationReport) -> Vec<String> {
    report.fatal().map(|finding| format!("{} at {}: {}", finding.rule, finding.path, finding.message)).collect()
}

fn value(error: impl fmt::Display) -> EInvoiceError {
    EInvoiceError::Value(error.to_string())
}

/// A cancellation is a credit note, whose amounts are positive: they are what is taken back.
fn is_credit_note(invoice: &Invoice) -> bool {
    invoice.draft.kind == InvoiceKind::Cancellation
}

/// The document as the standard models it, in the order of its groups.
fn model(invoice: &Invoice, texts: &Texts, is_public: bool) -> Result<en16931::Invoice, EInvoiceError> {
    let draft = &invoice.draft;
    let language = draft.buyer.language;
    let sign = if is_credit_note(invoice) { -1 } else { 1 };
    let (first, last) = invoice.service_period();
    let specification = if is_public { XRechnung::PROFILE } else { En16931::PROFILE }.specification_id;
    let mut builder = en16931::Invoice::builder(
        specification,
        invoice.number.to_string(),
        date(invoice.issued_on)?,
        type_code(draft.kind, is_public),
        draft.totals.net.currency().code(),
    )
    .business_process(BUSINESS_PROCESS)
    .buyer_reference(draft.buyer.terms.leitweg_id.as_deref().unwrap_or(draft.buyer.id.as_str()))
    .seller(parties::seller(invoice)?)
    .buyer(parties::buyer(invoice)?)
    .invoicing_period(Period { start: Some(date(first)?), end: Some(date(last)?) })
    .payment(payment(invoice))
    .payment_terms(texts.payment_terms(invoice))
    .totals(totals(invoice, sign));
    if let Some(order) = &draft.buyer.terms.order_reference {
        builder = builder.purchase_order_reference(DocumentReference::new(order));
    }
    if let Some(due) = due_date(invoice) {
        builder = builder.due_date(date(due)?);
    }
    if is_credit_note(invoice) {
        builder = builder.credit_note();
    }
    for note in notes(invoice, texts) {
        builder = builder.note(InvoiceNote::new(note));
    }
    for group in &draft.totals.vat {
        builder = builder.vat_breakdown(breakdown(group, sign, is_public, language));
    }
    for (index, line) in draft.lines.iter().enumerate() {
        builder = builder.line(lines::line(index + 1, line, sign, texts, language)?);
    }
    let mut model = builder.build();
    for reference in &draft.references {
        let issue_date = Some(date(reference.issued_on)?);
        let reference = DocumentReference::new(&reference.number);
        model.preceding_invoices.push(PrecedingInvoice { reference, issue_date });
    }
    Ok(model)
}

/// UNTDID 1001. XRechnung knows no 386, and a down payment is no partial invoice: there it is a plain invoice whose note
/// says what it is.
const fn type_code(kind: InvoiceKind, is_public: bool) -> &'static str {
    match kind {
        InvoiceKind::DownPayment if !is_public => "386",
        InvoiceKind::Cancellation => "381",
        InvoiceKind::Correction => "384",
        InvoiceKind::Monthly
        | InvoiceKind::Single
        | InvoiceKind::DownPayment
        | InvoiceKind::Final
        | InvoiceKind::SettlementFee => "380",
    }
}

fn date(day: Day) -> Result<Date, EInvoiceError> {
    Date::parse(&day.to_string()).map_err(value)
}

fn amount(money: Money, sign: i64) -> InvoiceAmount {
    InvoiceAmount::from_minor_units(money.cents().saturating_mul(sign))
}

fn totals(invoice: &Invoice, sign: i64) -> DocumentTotals {
    let draft = &invoice.draft;
    let net = amount(draft.totals.net, sign);
    // The difference of two totals of one invoice exists; the sum below is the same.
    let vat = draft.totals.vat.iter().map(|group| group.vat.cents()).sum::<i64>().saturating_mul(sign);
    DocumentTotals {
        line_total: net,
        taxable_total: net,
        vat_total: Some(InvoiceAmount::from_minor_units(vat)),
        gross_total: amount(draft.totals.gross, sign),
        paid: (!draft.credit.is_zero()).then(|| amount(draft.credit, sign)),
        due: amount(draft.due(), sign),
        ..DocumentTotals::default()
    }
}

fn breakdown(group: &VatGroup, sign: i64, is_public: bool, language: Language) -> VatBreakdown {
    let treatment = group.treatment;
    // What is not taxable has no rate, but XRechnung wants one in the breakdown (BR-DE-14).
    let has_rate = treatment != VatTreatment::NotTaxable || is_public;
    VatBreakdown {
        taxable_amount: amount(group.taxable, sign),
        tax_amount: amount(group.vat, sign),
        category: Code::new(treatment.category()),
        rate: has_rate.then(|| Percentage::new(treatment.percent())),
        exemption_reason: treatment.exemption_text(language).map(str::to_owned),
        exemption_reason_code: treatment.exemption_code().map(Code::new),
    }
}

/// The day to pay by, or of the collection; a refund has none.
fn due_date(invoice: &Invoice) -> Option<Day> {
    match invoice.collection() {
        Collection::Transfer => Some(invoice.due_on),
        Collection::DirectDebit { on, .. } => Some(on),
        Collection::Settled | Collection::Refund => None,
    }
}

/// UNTDID 4461: 58 SEPA transfer, 59 SEPA direct debit, 97 clearing between partners.
fn payment(invoice: &Invoice) -> PaymentInstructions {
    let seller = &invoice.seller;
    let mut payment = match invoice.collection() {
        Collection::Transfer => PaymentInstructions {
            means_code: Some(Code::new("58")),
            means: Some(PaymentMeans::CreditTransfer(vec![CreditTransfer {
                account_identifier: Some(seller.iban.clone()),
                account_name: Some(seller.name.clone()),
                provider_identifier: Some(seller.bic.clone()).filter(|bic| !bic.is_empty()),
            }])),
            ..PaymentInstructions::default()
        },
        Collection::DirectDebit { mandate, creditor_id, .. } => {
            PaymentInstructions::sepa_direct_debit(&mandate.reference, creditor_id, Some(&mandate.iban))
        }
        Collection::Settled | Collection::Refund => {
            PaymentInstructions { means_code: Some(Code::new("97")), ..PaymentInstructions::default() }
        }
    };
    payment.remittance_information = Some(invoice.number.to_string());
    payment
}

/// What is said besides: what kind it is where no code tells, what it refers to, and why there is no VAT (BT-22).
fn notes(invoice: &Invoice, texts: &Texts) -> Vec<String> {
    let draft = &invoice.draft;
    let language = draft.buyer.language;
    let told = matches!(draft.kind, InvoiceKind::Monthly | InvoiceKind::Single | InvoiceKind::SettlementFee);
    let kind = (!told).then(|| draft.kind.title().get(language).to_owned());
    let exemptions = draft.totals.vat.iter().filter_map(|group| group.treatment.exemption_text(language));
    kind.into_iter()
        .chain(texts.reference_sentences(invoice))
        .chain(draft.note.clone())
        .chain(exemptions.map(str::to_owned))
        .collect()
}
