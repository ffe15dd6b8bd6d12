//! Stripe's request bodies: forms whose keys nest with brackets, `line_items[0][price_data][currency]=eur`.

use std::collections::BTreeMap;

use super::refusal::Refusal;

/// Brackets in one key; Stripe's own objects need at most five.
const MAX_DEPTH: usize = 10;

/// A parsed form.
#[derive(Default)]
pub(super) struct Form(BTreeMap<String, Node>);

enum Node {
    Text(String),
    Map(BTreeMap<String, Node>),
}

/// One level of a form, and how its keys are written from the top.
pub(super) struct Params<'form> {
    level: &'form BTreeMap<String, Node>,
    path: String,
}

impl Form {
    /// Nests decoded pairs.
    pub(super) fn parse(pairs: &[(String, String)]) -> Result<Form, Refusal> {
        let mut form = Form::default();
        for (key, value) in pairs {
            let parts =
                split(key).ok_or_else(|| Refusal::invalid(None, key, format!("Invalid parameter name: {key}")))?;
            insert(&mut form.0, &parts, value)
                .ok_or_else(|| Refusal::invalid(None, key, format!("Parameter given in two shapes: {key}")))?;
        }
        Ok(form)
    }

    /// Its first level.
    pub(super) fn params(&self) -> Params<'_> {
        Params { level: &self.0, path: String::new() }
    }
}

impl<'form> Params<'form> {
    /// Refuses every key but these.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        match self.level.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let name = self.name(key);
                let message = format!("Received unknown parameter: {name}");
                Err(Refusal::invalid(Some("parameter_unknown"), name, message))
            }
        }
    }

    /// A text that may be left out, but not empty.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'form str>, Refusal> {
        let name = self.name(key);
        match self.level.get(key) {
            None => Ok(None),
            Some(Node::Text(text)) if !text.is_empty() => Ok(Some(text)),
            Some(Node::Text(_)) => {
                let message = format!(
                    "You passed an empty string for '{name}'. We assume empty values are an attempt to unset a \
                     parameter; however '{name}' cannot be unset."
                );
                Err(Refusal::invalid(Some("parameter_invalid_empty"), name, message))
            }
            Some(Node::Map(_)) => Err(Refusal::invalid(None, name, "Invalid string")),
        }
    }

    /// A text that must be given.
    pub(super) fn required(&self, key: &str) -> Result<&'form str, Refusal> {
        self.text(key)?.ok_or_else(|| Refusal::missing(&self.name(key)))
    }

    /// A whole number that may be left out.
    pub(super) fn integer(&self, key: &str) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let refuse =
            |_| Refusal::invalid(Some("parameter_invalid_integer"), self.name(key), format!("Invalid integer: {text}"));
        text.parse().map(Some).map_err(refuse)
    }

    /// An object that may be left out.
    pub(super) fn map(&self, key: &str) -> Result<Option<Params<'form>>, Refusal> {
        let path = self.name(key);
        match self.level.get(key) {
            None => Ok(None),
            Some(Node::Map(level)) => Ok(Some(Params { level, path })),
            Some(Node::Text(_)) => Err(Refusal::invalid(None, path, "Invalid object")),
        }
    }

    /// An object that must be given.
    pub(super) fn required_map(&self, key: &str) -> Result<Params<'form>, Refusal> {
        self.map(key)?.ok_or_else(|| Refusal::missing(&self.name(key)))
    }

    /// A list of objects, in the order of their numbers; empty if left out.
    pub(super) fn list(&self, key: &str) -> Result<Vec<Params<'form>>, Refusal> {
        let Some(list) = self.map(key)? else { return Ok(Vec::new()) };
        list.numbered()?.into_iter().map(|index| list.required_map(index)).collect()
    }

    /// A list of texts, in the order of their numbers; empty if left out.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, Refusal> {
        let Some(list) = self.map(key)? else { return Ok(Vec::new()) };
        list.numbered()?.into_iter().map(|index| list.required(index).map(str::to_owned)).collect()
    }

    /// Stripe's `metadata`: up to 50 keys of 40 characters, values of 500.
    pub(super) fn metadata(&self, key: &str) -> Result<BTreeMap<String, String>, Refusal> {
        let mut metadata = BTreeMap::new();
        let Some(map) = self.map(key)? else { return Ok(metadata) };
        for (name, node) in map.level {
            let path = map.name(name);
            let Node::Text(value) = node else { return Err(Refusal::invalid(None, path, "Invalid string")) };
            if name.chars().count() > 40 || value.chars().count() > 500 || metadata.len() == 50 {
                let message = "Metadata has up to 50 keys of up to 40 characters, with values of up to 500.";
                return Err(Refusal::invalid(None, path, message));
            }
            metadata.insert(name.clone(), value.clone());
        }
        Ok(metadata)
    }

    /// How a key of this level is written.
    pub(super) fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}[{key}]", self.path) }
    }

    fn numbered(&self) -> Result<Vec<&'form str>, Refusal> {
        let mut indexes = Vec::with_capacity(self.level.len());
        for key in self.level.keys() {
            let index: u32 = key.parse().map_err(|_| Refusal::invalid(None, &self.path, "Invalid array"))?;
            indexes.push((index, key.as_str()));
        }
        // As numbers: as texts, 10 would come before 9.
        indexes.sort_unstable();
        Ok(indexes.into_iter().map(|(_, key)| key).collect())
    }
}

/// `a[b][]` is `a`, `b` and the empty name, which stands for the next number.
fn split(key: &str) -> Option<Vec<&str>> {
    let (first, rest) = key.split_at(key.find('[').unwrap_or(key.len()));
    let mut parts = vec![first];
    if !rest.is_empty() {
        parts.extend(rest.strip_prefix('[')?.strip_suffix(']')?.split("]["));
    }
    let well_formed =
        !first.is_empty() && parts.len() <= MAX_DEPTH && !parts.iter().any(|part| part.contains(['[', ']']));
    well_formed.then_some(parts)
}

fn insert(level: &mut BTreeMap<String, Node>, parts: &[&str], value: &str) -> Option<()> {
    let (part, rest) = parts.split_first()?;
    let part = if part.is_empty() { level.len().to_string() } else { (*part).to_owned() };
    if rest.is_empty() {
        let twice = level.insert(part, Node::Text(value.to_owned()));
        return twice.is_none().then_some(());
    }
    match level.entry(part).or_insert_with(|| Node::Map(BTreeMap::new())) {
        Node::Map(level) => insert(level, rest, value),
        Node::Text(_) => None,
    }
}
