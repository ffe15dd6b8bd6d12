//! TOML to the common tree.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::lexer::TokenKind;

use crate::document::{Entry, NESTING_LIMIT, Node, Syntax, Value};
use crate::place::{Found, short};

/// Reads a TOML file.
///
/// # Errors
/// Every mistake of its syntax.
pub(crate) fn parse(text: &str) -> Result<Node, Syntax> {
    if let Some(found) = too_deep(text) {
        return Err(vec![found]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(Node { span: 0..0, value: Value::Table(entries(table.into_inner())) });
    }
    let mut found = Vec::new();
    // Of a table that is there twice its header says enough; its keys go up to the next header.
    let mut said_until = 0;
    for error in &errors {
        let span = error.span().unwrap_or(text.len()..text.len());
        let twice = error.message() == DUPLICATE;
        if twice && span.start < said_until {
            continue;
        }
        if twice && is_header(text, span.start) {
            let rest = text.get(span.end..).unwrap_or_default();
            said_until = rest.find("\n[").map_or(text.len(), |next| span.end + next);
        }
        let piece = text.get(span.clone()).unwrap_or_default();
        let said =
            if after_decimal_comma(text, span.start) { DECIMAL_COMMA.to_owned() } else { said(error.message(), piece) };
        found.push(Found::at(span.start, said));
    }
    Err(found)
}

/// What the parser says of a key that is there already.
const DUPLICATE: &str = "duplicate key";

/// What is said of `29,00`.
const DECIMAL_COMMA: &str = "a comma does not belong here; decimals have a point: write 29.00, not 29,00";

/// Whether a place is in or right behind a number that was written with a comma.
fn after_decimal_comma(text: &str, offset: usize) -> bool {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_end_matches(|letter: char| letter.is_ascii_digit());
    let rest = text.get(offset..).unwrap_or_default();
    let comma =
        line.ends_with(',') || (rest.starts_with(',') && rest[1..].starts_with(|letter: char| letter.is_ascii_digit()));
    let value = line.trim_end_matches(',').rsplit('=').next().unwrap_or_default().trim();
    comma && !value.is_empty() && line.contains('=') && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a place is within the header of a table.
fn is_header(text: &str, offset: usize) -> bool {
    let before = text.get(..offset).unwrap_or_default();
    before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('['))
}

/// The parser's message, in other words where it does not say what would be right.
fn said(message: &str, piece: &str) -> String {
    if message == DUPLICATE {
        let key = piece.trim_matches(|quote| quote == '"' || quote == '\'');
        return format!("`{}` is there a second time; keep one of them", short(key));
    }
    match message.split(',').next() {
        Some("string values must be quoted") if piece.is_empty() => "a value is missing here".to_owned(),
        Some("string values must be quoted") => "this is no value; write texts in quotes".to_owned(),
        Some("unexpected key or value") if piece.starts_with(',') => DECIMAL_COMMA.to_owned(),
        _ => message.to_owned(),
    }
}

/// The parser bounds brackets, but not the dotted keys between them, and every level of a key costs stack.
fn too_deep(text: &str) -> Option<Found> {
    // Levels that each open bracket holds: itself and the dots of the key that is being written in it.
    let mut levels = vec![0_usize];
    for token in toml_parser::Source::new(text).lex() {
        match token.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => levels.push(1),
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket if levels.len() > 1 => {
                levels.pop();
            }
            TokenKind::Dot => {
                if let Some(last) = levels.last_mut() {
                    *last += 1;
                }
            }
            TokenKind::Comma | TokenKind::Newline => {
                let bracket = usize::from(levels.len() > 1);
                if let Some(last) = levels.last_mut() {
                    *last = bracket;
                }
                continue;
            }
            _ => continue,
        }
        // Summing for every bracket is bounded, since the first sum above the limit ends the loop.
        if levels.iter().sum::<usize>() > NESTING_LIMIT {
            let text = format!("values are nested deeper than {NESTING_LIMIT} levels");
            return Some(Found::at(token.span().start(), text));
        }
    }
    None
}

fn entries(table: DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_start: key.span().start,
            key: key.into_inner().into_owned(),
            node: node(value),
        })
        .collect();
    // The parser's own order is that of the alphabet; the order of the file decides about ranks and invoices.
    entries.sort_by_key(|entry| entry.key_start);
    entries
}

fn node(spanned: Spanned<DeValue<'_>>) -> Node {
    let span = spanned.span();
    let value = match spanned.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(time) => Value::Date(time.to_string()),
        DeValue::Array(items) => Value::Array(items.into_iter().map(node).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
    };
    Node { span, value }
}
