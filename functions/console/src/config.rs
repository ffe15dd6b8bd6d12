//! Configuration of the function.

use domain::contact::Email;
pub use platform::config::ConfigError;
use platform::config::Variables;
use platform::vies;

/// Variables the function reads.
#[derive(Clone, Debug)]
pub struct Config {
    /// `TABLE_NAME`: the table.
    pub table_name: String,
    /// `BUCKET_NAME`: bucket of documents.
    pub bucket_name: String,
    /// `PUBLIC_ORIGIN`: scheme and host of the pages.
    pub public_origin: String,
    /// `LINK_SECRET_ID`: secret with the key of links to sign in.
    pub link_secret_id: String,
    /// `OPERATOR_EMAILS`: addresses that sign in as operator, separated by commas.
    pub operator_emails: Vec<Email>,
    /// `DELIVER_QUEUE_URL`: queue of mails and documents.
    pub deliver_queue_url: String,
    /// `DELIVER_DEAD_LETTERS_URL`: what failed in it.
    pub deliver_dead_letters_url: String,
    /// `INVOICE_QUEUE_URL`: queue of the parts of invoice runs.
    pub invoice_queue_url: String,
    /// `INVOICE_DEAD_LETTERS_URL`: what failed in it.
    pub invoice_dead_letters_url: String,
    /// `EXPORT_BUCKET_NAME`: bucket of exports, which are kept for days.
    pub export_bucket_name: String,
    /// `ARCHIVE_QUEUE_URL`: queue of checks and exports of the archive.
    pub archive_queue_url: String,
    /// `ARCHIVE_DEAD_LETTERS_URL`: what failed in it.
    pub archive_dead_letters_url: String,
    /// `MAIL_EVENTS_QUEUE_URL`: queue of what SES reports.
    pub mail_events_queue_url: String,
    /// `MAIL_EVENTS_DEAD_LETTERS_URL`: what failed in it.
    pub mail_events_dead_letters_url: String,
    /// `STREAM_DEAD_LETTERS_URL`: places of the stream that were given up.
    pub stream_dead_letters_url: String,
    /// `SCHEDULE_DEAD_LETTERS_URL`: starts that failed.
    pub schedule_dead_letters_url: String,
    /// `VIES_URL`: where VIES is; that of the European Commission if it is not set.
    pub vies_url: String,
}

impl Config {
    /// Reads them.
    ///
    /// # Errors
    /// [`ConfigError`] naming every missing one.
    pub fn read(variables: &Variables) -> Result<Self, ConfigError> {
        let mut reader = variables.reader();
        let config = Self {
            table_name: reader.required("TABLE_NAME"),
            bucket_name: reader.required("BUCKET_NAME"),
            public_origin: reader.origin("PUBLIC_ORIGIN"),
            link_secret_id: reader.required("LINK_SECRET_ID"),
            operator_emails: reader.emails("OPERATOR_EMAILS"),
            deliver_queue_url: reader.required("DELIVER_QUEUE_URL"),
            deliver_dead_letters_url: reader.required("DELIVER_DEAD_LETTERS_URL"),
            invoice_queue_url: reader.required("INVOICE_QUEUE_URL"),
            invoice_dead_letters_url: reader.required("INVOICE_DEAD_LETTERS_URL"),
            export_bucket_name: reader.required("EXPORT_BUCKET_NAME"),
            archive_queue_url: reader.required("ARCHIVE_QUEUE_URL"),
            archive_dead_letters_url: reader.required("ARCHIVE_DEAD_LETTERS_URL"),
            mail_events_queue_url: reader.required("MAIL_EVENTS_QUEUE_URL"),
            mail_events_dead_letters_url: reader.required("MAIL_EVENTS_DEAD_LETTERS_URL"),
            stream_dead_letters_url: reader.required("STREAM_DEAD_LETTERS_URL"),
            schedule_dead_letters_url: reader.required("SCHEDULE_DEAD_LETTERS_URL"),
            vies_url: variables.optional("VIES_URL").unwrap_or_else(|| vies::ORIGIN.to_owned()),
        };
        reader.finish()?;
        Ok(config)
    }
}
