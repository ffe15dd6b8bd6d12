//! What a mail says, read from its bytes.

use chrono::SecondsFormat;
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders as _};
use serde::Serialize;

/// A mail, as pages and tests look at it.
#[derive(Clone, Debug, Serialize)]
pub struct MailSummary {
    /// Names the mail in addresses.
    pub id: String,
    /// Addresses in the `To` header, without names.
    pub to: Vec<String>,
    /// Addresses the mail was handed over for, whatever its headers say.
    pub delivered_to: Vec<String>,
    /// The `From` header, with the name if it has one.
    pub from: String,
    /// Decoded; empty if missing.
    pub subject: String,
    /// Time of arrival by the clock of this machine, RFC 3339.
    pub date: String,
    /// The plain text the mail carries, if any; never made from its HTML.
    pub text: Option<String>,
    /// The HTML the mail carries, if any.
    pub html: Option<String>,
    /// Without angle brackets; empty if missing.
    pub message_id: String,
    /// What is attached, inline images included.
    pub attachments: Vec<Attachment>,
}

/// What is known of an attachment without opening it.
#[derive(Clone, Debug, Serialize)]
pub struct Attachment {
    /// Its file name, or one made from its number.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its decoded size.
    pub bytes: usize,
    /// What the HTML calls it by (`cid:`), if it is an inline image.
    #[serde(skip)]
    pub content_id: Option<String>,
}

/// Reads a mail. What is missing or cannot be understood is left empty: a person should still see the rest.
pub(super) fn summary(id: &str, bytes: &[u8]) -> MailSummary {
    let message = MessageParser::default().parse(bytes).unwrap_or_default();
    MailSummary {
        id: id.to_owned(),
        to: addresses(message.to()),
        delivered_to: delivered_to(&message),
        from: message.from().and_then(Address::first).map(with_name).unwrap_or_default(),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: super::arrived(id).to_rfc3339_opts(SecondsFormat::Secs, true),
        text: message.text_part(0).filter(|part| !part.is_text_html()).and_then(text),
        html: message.html_part(0).filter(|part| part.is_text_html()).and_then(text),
        message_id: message.message_id().unwrap_or_default().to_owned(),
        attachments: message.attachments().enumerate().map(|(number, part)| attachment(number, part)).collect(),
    }
}

/// The attachment of that number and its content.
pub(super) fn open_attachment(bytes: &[u8], number: usize) -> Option<(Attachment, Vec<u8>)> {
    let message = MessageParser::default().parse(bytes)?;
    let part = message.attachments().nth(number)?;
    Some((attachment(number, part), part.contents().to_vec()))
}

/// The headers as they arrived, encoded words and folds included.
pub(super) fn headers(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let end = text.find("\r\n\r\n").or_else(|| text.find("\n\n")).unwrap_or(text.len());
    text[..end].to_owned()
}

fn attachment(number: usize, part: &MessagePart<'_>) -> Attachment {
    let content_type = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()).to_lowercase(),
        None => kind.ctype().to_lowercase(),
    });
    Attachment {
        name: part.attachment_name().map_or_else(|| format!("attachment-{}", number + 1), str::to_owned),
        content_type: content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        bytes: part.contents().len(),
        content_id: part.content_id().map(str::to_owned),
    }
}

fn addresses(address: Option<&Address<'_>>) -> Vec<String> {
    let all = address.into_iter().flat_map(Address::iter);
    all.filter_map(|one| one.address().map(str::to_owned)).collect()
}

fn with_name(address: &mail_parser::Addr<'_>) -> String {
    let plain = address.address().unwrap_or_default();
    match address.name() {
        Some(name) => format!("{name} <{plain}>"),
        None => plain.to_owned(),
    }
}

/// The line that was put before the mail when it was kept.
fn delivered_to(message: &Message<'_>) -> Vec<String> {
    let line = message.header_raw("Delivered-To").unwrap_or_default();
    line.split(',').map(str::trim).filter(|address| !address.is_empty()).map(str::to_owned).collect()
}

fn text(part: &MessagePart<'_>) -> Option<String> {
    part.text_contents().map(str::to_owned)
}
