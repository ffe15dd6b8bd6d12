//! The documents of an invoice: made once, stored once, sent as they were stored (I2, I5).

use domain::invoice::Invoice;
use platform::error::Error;
use platform::files::file_name;
use platform::mailer::Attachment;
use platform::objects::fingerprint;
use platform::table::archive::ArchivedDocument;
use platform::table::invoices::{Standing, document_key, xml_key};

use crate::archive::Found;
use crate::einvoice::EInvoice;
use crate::print::Days;
use crate::texts::Texts;
use crate::typeset::{Logo, PrintInvoice};
use crate::{Deliver, print, typeset};

/// A file that an invoice comes as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Name of the file, as it is attached to the mail.
    pub name: String,
    /// Media type.
    pub content_type: &'static str,
    /// Key in the object store.
    pub key: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What is printed, and the logo it is printed with.
#[derive(Clone, Debug)]
pub struct Pages {
    printed: PrintInvoice,
    logo: Option<Logo>,
}

impl Pages {
    /// The pages of an invoice, with the days behind its lines.
    #[must_use]
    pub fn new(invoice: &Invoice, texts: &Texts, payment_url: &str, days: &[Days], logo: Option<Logo>) -> Self {
        Self { printed: print::invoice(invoice, texts, payment_url, days), logo }
    }
}

impl Deliver {
    /// Makes the documents of an invoice. Same invoice and same usage, same bytes.
    ///
    /// # Errors
    /// [`Error::Internal`] for an invoice that breaks a rule of EN 16931, and what reading its usage gives.
    pub(crate) async fn documents(&self, invoice: &Invoice, payment_url: &str) -> Result<Vec<Document>, Error> {
        let texts = Texts::of(invoice.draft.buyer.language).map_err(|error| Error::internal("texts", error))?;
        let (days, logo) = (self.days_behind(invoice).await?, self.logo(&invoice.seller).await?);
        let pages = Pages::new(invoice, texts, payment_url, &days, logo);
        let invoice = invoice.clone();
        // Typesetting takes milliseconds of CPU and no I/O, but other records wait on this thread meanwhile.
        tokio::task::spawn_blocking(move || make(&invoice, texts, &pages))
            .await
            .map_err(|error| Error::internal("typesetting", error))?
    }

    /// Makes the documents of an invoice, stores and records them; what was stored by an earlier try stays.
    pub(crate) async fn new_documents(&self, standing: &Standing) -> Result<Vec<Attachment>, Error> {
        let invoice = &standing.invoice;
        let (mut attachments, mut archived) = (Vec::new(), Vec::new());
        // From the date of issue, so that the same documents come of it whenever they are made.
        for document in self.documents(invoice, &self.payment_link(standing, invoice.issued_on)).await? {
            let Document { name, content_type, key, bytes } = document;
            let kept = self.objects.keep(&key, content_type, bytes).await?;
            archived.push(ArchivedDocument {
                name: name.clone(),
                key,
                content_type: content_type.to_owned(),
                fingerprint: fingerprint(&kept.bytes),
                version: kept.version,
            });
            attachments.push(Attachment { name, content_type: content_type.to_owned(), bytes: kept.bytes });
        }
        self.record(invoice, archived).await?;
        Ok(attachments)
    }

    /// The documents of an invoice as they are archived; `None` if not all of them are there.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a document that is not as it was recorded: such a one is not sent.
    pub(crate) async fn archived_documents(&self, invoice: &Invoice) -> Result<Option<Vec<Attachment>>, Error> {
        let Some(archived) = self.table.archived(invoice).await? else { return Ok(None) };
        let mut attachments = Vec::new();
        for Found { document, content } in self.found(&archived).await? {
            let ArchivedDocument { name, content_type, .. } = document;
            match content {
                None => return Ok(None),
                Some((bytes, now)) if now == document.fingerprint => {
                    attachments.push(Attachment { name, content_type, bytes });
                }
                Some(_) => {
                    return Err(Error::corrupt("document", format!("{} is not as it was recorded", document.key)));
                }
            }
        }
        Ok(Some(attachments))
    }
}

/// Makes the files: a hybrid PDF, or XRechnung with a PDF to read.
///
/// A public buyer gets the XML as a file of its own, because its portal takes nothing else; then the PDF carries no
/// second original (section 14c of the application decree to the UStG) but says that it is a copy.
///
/// # Errors
/// [`Error::Internal`] for an invoice that breaks a rule of EN 16931 or cannot be typeset; trying again does not help.
pub fn make(invoice: &Invoice, texts: &Texts, pages: &Pages) -> Result<Vec<Document>, Error> {
    let buyer = &invoice.draft.buyer;
    let einvoice = EInvoice::of(invoice, texts).map_err(|error| Error::internal("e-invoice", error))?;
    let issued_at = domain::calendar::local(invoice.issued_on.start()).fixed_offset();
    let pdf = typeset::render(&pages.printed, pages.logo.as_ref(), issued_at);
    let pdf = pdf.map_err(|error| Error::internal("typesetting", error))?;
    let title = title(invoice);
    let key = document_key(&buyer.id, &invoice.id);
    let name = pdf_name(invoice);
    let document = |bytes| Document { name, content_type: "application/pdf", key, bytes };
    if !einvoice.is_xrechnung() {
        let hybrid = einvoice.embed(&pdf, &title, invoice.issued_on);
        return Ok(vec![document(hybrid.map_err(|error| Error::internal("e-invoice", error))?)]);
    }
    let xml = Document {
        name: xrechnung_name(invoice),
        content_type: "application/xml",
        key: xml_key(&buyer.id, &invoice.id),
        bytes: einvoice.xml().into_bytes(),
    };
    Ok(vec![xml, document(pdf)])
}

/// What an invoice is, with its number.
fn title(invoice: &Invoice) -> String {
    format!("{} {}", invoice.draft.kind.title().get(invoice.draft.buyer.language), invoice.number)
}

/// Name of the file that people read.
pub(crate) fn pdf_name(invoice: &Invoice) -> String {
    format!("{}.pdf", file_name(&title(invoice)))
}

/// Name of the file that is the invoice of a public buyer.
pub(crate) fn xrechnung_name(invoice: &Invoice) -> String {
    file_name(&format!("xrechnung-{}.xml", invoice.number))
}
