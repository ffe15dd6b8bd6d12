//! Configuration of the function.

use std::num::NonZeroU32;

use domain::contact::Email;
pub use platform::config::ConfigError;
use platform::config::Variables;
use platform::error::{Error, Source};

/// Variables the function reads.
#[derive(Clone, Debug)]
pub struct Config {
    /// `TABLE_NAME`: the table.
    pub table_name: String,
    /// `BUCKET_NAME`: bucket of documents.
    pub bucket_name: String,
    /// `PUBLIC_ORIGIN`: scheme and host of the pages that mails link to.
    pub public_origin: String,
    /// `LINK_SECRET_ID`: secret with the key of personal links.
    pub link_secret_id: String,
    /// `MAIL_SENDER`: verified address that mails come from.
    pub mail_sender: Email,
    /// `SES_CONFIGURATION_SET`: configuration set of SES, if one is used.
    pub ses_configuration_set: Option<String>,
    /// `MAILS_PER_SECOND`: mails a second that SES grants this account (`MaxSendRate`).
    pub mails_per_second: NonZeroU32,
    /// `DELIVER_QUEUE_URL`: queue that mails of a bulk wait in.
    pub deliver_queue_url: String,
    /// `ARCHIVE_QUEUE_URL`: queue of checks and exports of the archive.
    pub archive_queue_url: String,
    /// `EXPORT_BUCKET_NAME`: bucket of exports, which are kept for days.
    pub export_bucket_name: String,
}

impl Config {
    /// Reads them.
    ///
    /// # Errors
    /// [`ConfigError`] naming every missing one, or an address that is none.
    pub fn read(variables: &Variables) -> Result<Self, Source> {
        let mut reader = variables.reader();
        let (table_name, bucket_name) = (reader.required("TABLE_NAME"), reader.required("BUCKET_NAME"));
        let (public_origin, link_secret_id) = (reader.origin("PUBLIC_ORIGIN"), reader.required("LINK_SECRET_ID"));
        let sender = reader.required("MAIL_SENDER");
        let (rate, deliver_queue_url) = (reader.required("MAILS_PER_SECOND"), reader.required("DELIVER_QUEUE_URL"));
        let (archive_queue_url, export_bucket_name) =
            (reader.required("ARCHIVE_QUEUE_URL"), reader.required("EXPORT_BUCKET_NAME"));
        reader.finish()?;
        let mail_sender = Email::parse(&sender)
            .map_err(|_| Error::internal("configuration", "MAIL_SENDER must be a plain e-mail address"))?;
        let mails_per_second = rate
            .parse()
            .map_err(|_| Error::internal("configuration", "MAILS_PER_SECOND must be a whole number above 0"))?;
        let ses_configuration_set = variables.optional("SES_CONFIGURATION_SET");
        Ok(Self {
            table_name,
            bucket_name,
            public_origin,
            link_secret_id,
            mail_sender,
            ses_configuration_set,
            mails_per_second,
            deliver_queue_url,
            archive_queue_url,
            export_bucket_name,
        })
    }
}
