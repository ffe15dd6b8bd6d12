//! Environment variables: the only place that reads them.

use std::collections::BTreeMap;

use domain::contact::Email;

/// A variable that is missing or unusable. Names every one at once, so a deployment is mended in one go.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {}", problems.join("; "))]
pub struct ConfigError {
    problems: Vec<String>,
}

/// Variables of the process, or of a function run inside another process.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
}

impl Variables {
    /// The variables of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_environment() -> Self {
        Self {
            values: std::env::vars_os()
                .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
        }
    }

    /// Variables given by name and value, as the local runner does.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { values: pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    }

    /// A variable that may be missing; an empty one counts as missing, as templates cannot leave one out.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        self.values.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// Starts reading required variables.
    #[must_use]
    pub const fn reader(&self) -> Reader<'_> {
        Reader { variables: self, problems: Vec::new() }
    }
}

/// Reads required variables and collects what is missing.
#[derive(Debug)]
pub struct Reader<'a> {
    variables: &'a Variables,
    problems: Vec<String>,
}

impl Reader<'_> {
    /// A variable that must be there.
    pub fn required(&mut self, name: &str) -> String {
        self.variables.optional(name).unwrap_or_else(|| {
            self.problems.push(format!("{name} is not set"));
            String::new()
        })
    }

    /// An origin such as `https://anmeldung.example.org`: scheme and host, no path.
    pub fn origin(&mut self, name: &str) -> String {
        let value = self.required(name);
        let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
        if !value.is_empty() && !host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@'])) {
            self.problems
                .push(format!("{name} must be an origin such as https://anmeldung.example.org, without a path"));
        }
        value
    }

    /// E-mail addresses separated by commas; there may be none.
    pub fn emails(&mut self, name: &str) -> Vec<Email> {
        let text = self.variables.optional(name).unwrap_or_default();
        let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let emails: Vec<Email> = parts.iter().filter_map(|part| Email::parse(part).ok()).collect();
        if emails.len() != parts.len() {
            self.problems.push(format!("{name} must be e-mail addresses separated by commas"));
        }
        emails
    }

    /// Ends reading.
    ///
    /// # Errors
    /// [`ConfigError`] naming every missing or unusable variable.
    pub fn finish(self) -> Result<(), ConfigError> {
        if self.problems.is_empty() { Ok(()) } else { Err(ConfigError { problems: self.problems }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_missing_variable() {
        let variables = Variables::from_pairs([
            ("A", String::new()),
            ("ORIGIN", "https://a.example/path".to_owned()),
            ("EMAILS", "a@example.org, b".to_owned()),
        ]);
        let mut reader = variables.reader();
        reader.required("A");
        reader.required("B");
        reader.origin("ORIGIN");
        reader.emails("EMAILS");
        let error = reader.finish().expect_err("nothing is right").to_string();
        assert!(
            error.contains("A is not set")
                && error.contains("B is not set")
                && error.contains("ORIGIN must be")
                && error.contains("EMAILS must be")
        );
    }
}
