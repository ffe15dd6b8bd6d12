//! Mail through Amazon SES v2, as raw MIME made by a library.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::ProvideErrorMetadata;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, MessageTag, RawMessage};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::calendar::Instant;
use domain::contact::Email;
use mail_builder::MessageBuilder;
use mail_builder::headers::date::Date;

use crate::error::Error;
use crate::table::keys::Key;

/// Name of the tag that says which item owes a mail.
pub const ITEM_TAG: &str = "item";
/// Most characters of a tag's value (SES API reference, `MessageTag`).
const TAG_LIMIT: usize = 256;

/// The key of an item in the characters that tags may have; `None` if it is too long for one.
#[must_use]
pub fn item_tag(item: &Key) -> Option<String> {
    Some(URL_SAFE_NO_PAD.encode(format!("{}\n{}", item.pk, item.sk))).filter(|tag| tag.len() <= TAG_LIMIT)
}

/// Reads the item that owed a mail from the mail's tag.
#[must_use]
pub fn read_item_tag(tag: &str) -> Option<Key> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?;
    let (pk, sk) = text.split_once('\n')?;
    Some(Key::new(pk, sk))
}

/// Sends mail from one address.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
    sender: Email,
    configuration_set: Option<String>,
}

/// A file that comes with a mail.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Media type.
    pub content_type: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A mail, ready to be sent.
#[derive(Clone, Debug)]
pub struct Mail {
    /// To whom.
    pub to: Email,
    /// Name shown beside the sender's address.
    pub sender_name: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<Email>,
    /// Subject.
    pub subject: String,
    /// Body for people who read plain text.
    pub text: String,
    /// Body for everybody else.
    pub html: String,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// The item that owes it. SES names it again when the mail bounces.
    pub item: Key,
    /// Names the mail for good in its Message-ID. SES replaces that header on its way out (developer guide,
    /// "Amazon SES header fields"); other relays keep it.
    pub message_name: String,
    /// Date header.
    pub date: Instant,
    /// Language of the texts, ISO 639-1.
    pub language: &'static str,
}

impl Mailer {
    /// A mailer with the verified address it sends from.
    #[must_use]
    pub const fn new(client: Client, sender: Email, configuration_set: Option<String>) -> Self {
        Self { client, sender, configuration_set }
    }

    /// Sends a mail.
    ///
    /// # Errors
    /// [`Error::Throttled`] if SES takes no more mail for now, [`Error::Unavailable`] if it refuses this one or does not
    /// answer.
    pub async fn send(&self, mail: Mail) -> Result<(), Error> {
        let to = mail.to.as_str().to_owned();
        let tag = item_tag(&mail.item).and_then(|tag| MessageTag::builder().name(ITEM_TAG).value(tag).build().ok());
        let mime = self.mime(mail)?;
        let raw = RawMessage::builder()
            .data(Blob::new(mime))
            .build()
            .map_err(|error| Error::internal("raw message", error))?;
        self.client
            .send_email()
            .from_email_address(self.sender.as_str())
            .set_configuration_set_name(self.configuration_set.clone())
            .set_email_tags(tag.map(|tag| vec![tag]))
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().raw(raw).build())
            .send()
            .await
            .map_err(|error| match throttled(error.code(), error.message()) {
                Some(for_long) => Error::Throttled { service: "SES", for_long },
                None => Error::unavailable("SES", error),
            })?;
        Ok(())
    }

    fn mime(&self, mail: Mail) -> Result<Vec<u8>, Error> {
        let domain = self.sender.as_str().rsplit('@').next().unwrap_or("localhost");
        let mut message = MessageBuilder::new()
            .from((mail.sender_name, self.sender.as_str().to_owned()))
            .to(mail.to.as_str().to_owned())
            .subject(mail.subject)
            .date(Date::new(mail.date.timestamp()))
            .message_id(format!("{}@{domain}", mail.message_name))
            .header("Content-Language", mail_builder::headers::raw::Raw::new(mail.language))
            // Answers by machines to mails of a machine help nobody (RFC 3834).
            .header("Auto-Submitted", mail_builder::headers::raw::Raw::new("auto-generated"))
            .text_body(mail.text)
            .html_body(mail.html);
        if let Some(reply_to) = mail.reply_to {
            message = message.reply_to(reply_to.as_str().to_owned());
        }
        for file in mail.attachments {
            message = message.attachment(file.content_type, file.name, file.bytes);
        }
        message.write_to_vec().map_err(|error| Error::internal("MIME", error))
    }
}

/// Whether SES refused because of how much is sent, and if so, whether for long (SES API v2, `SendEmail`, errors; SES
/// developer guide, "Errors related to the sending quotas"). None of these says anything about the mail itself.
fn throttled(code: Option<&str>, message: Option<&str>) -> Option<bool> {
    match code? {
        "TooManyRequestsException" | "LimitExceededException" | "ThrottlingException" | "Throttling" => {
            Some(message.is_some_and(|message| message.to_ascii_lowercase().contains("quota")))
        }
        "SendingPausedException" | "AccountSuspendedException" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_concerns_the_sender_is_told_from_what_concerns_the_mail() {
        for (name, code, message, expected) in [
            ("too fast", Some("TooManyRequestsException"), Some("Maximum sending rate exceeded."), Some(false)),
            (
                "too fast, in the words of version 1",
                Some("Throttling"),
                Some("Maximum sending rate exceeded."),
                Some(false),
            ),
            ("too many a day", Some("TooManyRequestsException"), Some("Daily message quota exceeded."), Some(true)),
            ("too many a day, by its other name", Some("LimitExceededException"), Some("Daily quota"), Some(true)),
            ("no text", Some("TooManyRequestsException"), None, Some(false)),
            ("paused", Some("SendingPausedException"), None, Some(true)),
            ("account stopped", Some("AccountSuspendedException"), None, Some(true)),
            ("an address that is none", Some("BadRequestException"), Some("Invalid email address"), None),
            ("a virus", Some("MessageRejected"), Some("Email address is not verified"), None),
            ("a sender's domain", Some("MailFromDomainNotVerifiedException"), None, None),
            ("no code at all", None, Some("Maximum sending rate exceeded."), None),
        ] {
            assert_eq!(throttled(code, message), expected, "{name}");
        }
    }

    #[test]
    fn an_item_is_found_again_by_its_tag() {
        let key = Key::new("EVENT#acc_10001#evt_fest#P#12", format!("REG#{}", "f".repeat(64)));
        let tag = item_tag(&key).expect("short enough");
        assert!(tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{tag}");
        assert_eq!(read_item_tag(&tag), Some(key));
        assert_eq!(item_tag(&Key::new("p".repeat(200), "s")), None);
        for wrong in ["", "%", "YWJj"] {
            assert_eq!(read_item_tag(wrong), None, "{wrong}");
        }
    }
}
