//! Configuration of the function.

pub use platform::config::ConfigError;
use platform::config::Variables;

/// Variables the function reads.
#[derive(Clone, Debug)]
pub struct Config {
    /// `TABLE_NAME`: the table.
    pub table_name: String,
    /// `STRIPE_SECRET_ID`: secret with the signing secrets of the webhook endpoint.
    pub stripe_secret_id: String,
}

impl Config {
    /// Reads them.
    ///
    /// # Errors
    /// [`ConfigError`] naming every missing one.
    pub fn read(variables: &Variables) -> Result<Self, ConfigError> {
        let mut reader = variables.reader();
        let config =
            Self { table_name: reader.required("TABLE_NAME"), stripe_secret_id: reader.required("STRIPE_SECRET_ID") };
        reader.finish()?;
        Ok(config)
    }
}
