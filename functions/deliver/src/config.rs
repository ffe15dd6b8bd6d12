//! Configuration of the function.

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
        reader.finish()?;
        let mail_sender = Email::parse(&sender)
            .map_err(|_| Error::internal("configuration", "MAIL_SENDER must be a plain e-mail address"))?;
        let ses_configuration_set = variables.optional("SES_CONFIGURATION_SET");
        Ok(Self { table_name, bucket_name, public_origin, link_secret_id, mail_sender, ses_configuration_set })
    }
}
