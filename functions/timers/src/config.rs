//! Configuration of the function.

pub use platform::config::ConfigError;
use platform::config::Variables;

/// Variables the function reads.
#[derive(Clone, Debug)]
pub struct Config {
    /// `TABLE_NAME`: the table.
    pub table_name: String,
    /// `DELIVER_QUEUE_URL`: queue of mails to be sent again.
    pub deliver_queue_url: String,
}

impl Config {
    /// Reads them.
    ///
    /// # Errors
    /// [`ConfigError`] naming every missing one.
    pub fn read(variables: &Variables) -> Result<Self, ConfigError> {
        let mut reader = variables.reader();
        let config =
            Self { table_name: reader.required("TABLE_NAME"), deliver_queue_url: reader.required("DELIVER_QUEUE_URL") };
        reader.finish()?;
        Ok(config)
    }
}
