//! Configuration of the function.

pub use platform::config::ConfigError;
use platform::config::Variables;

/// Variables the function reads.
#[derive(Clone, Debug)]
pub struct Config {
    /// `TABLE_NAME`: the table.
    pub table_name: String,
    /// `PUBLIC_ORIGIN`: scheme and host of the public pages; links never come from the Host header.
    pub public_origin: String,
    /// `LINK_SECRET_ID`: secret with the key of personal links.
    pub link_secret_id: String,
    /// `STRIPE_SECRET_ID`: secret with the Stripe API key.
    pub stripe_secret_id: String,
    /// `STRIPE_ORIGIN`: where the Stripe API is; Stripe's own if it is not set.
    pub stripe_origin: String,
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
            public_origin: reader.origin("PUBLIC_ORIGIN"),
            link_secret_id: reader.required("LINK_SECRET_ID"),
            stripe_secret_id: reader.required("STRIPE_SECRET_ID"),
            stripe_origin: variables.optional("STRIPE_ORIGIN").unwrap_or("https://api.stripe.com".to_owned()),
        };
        reader.finish()?;
        Ok(config)
    }
}
