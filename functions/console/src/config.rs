//! Configuration of the function.

use domain::contact::Email;
pub use platform::config::ConfigError;
use platform::config::Variables;

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
        };
        reader.finish()?;
        Ok(config)
    }
}
