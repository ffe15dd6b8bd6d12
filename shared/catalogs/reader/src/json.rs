//! JSON to the common tree.

use std::collections::BTreeSet;

use jsonc_parser::ast::{Object, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::document::{Entry, NESTING_LIMIT, Node, Syntax, Value};
use crate::place::{Found, short};

/// JSON as RFC 8259 has it, without the parser's extensions.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a JSON file.
///
/// # Errors
/// The first mistake of its syntax, or every key that is there twice.
pub(crate) fn parse(text: &str) -> Result<Node, Syntax> {
    if let Some(found) = refused(text) {
        return Err(vec![found]);
    }
    match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Err(error) => Err(vec![Found::at(error.range().start, said(error.kind()))]),
        Ok(parsed) => {
            let mut twice = Vec::new();
            match parsed.value {
                None => Err(vec![Found::at(0, "the file is empty; write at least {}")]),
                Some(value) => {
                    let node = node(value, &mut twice);
                    if twice.is_empty() { Ok(node) } else { Err(twice) }
                }
            }
        }
    }
}

/// What the parser would accept or lose its way in: deep nesting, unusual blanks, line breaks in texts.
fn refused(text: &str) -> Option<Found> {
    let (mut depth, mut inside, mut escaped) = (0_usize, None, false);
    for (offset, byte) in text.bytes().enumerate() {
        match (inside, byte) {
            (Some(start), b'\n' | b'\r') => {
                return Some(Found::at(start, "this text does not end on its line; close it with a quote"));
            }
            (Some(_), 0..=0x1F) => {
                return Some(Found::at(offset, "a control character in a text; write it as \\u and four digits"));
            }
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(_), b'"') => inside = None,
            (None, b'"') => inside = Some(offset),
            (None, b'{' | b'[') => depth += 1,
            (None, b'}' | b']') => depth = depth.saturating_sub(1),
            (None, 0x0B | 0x0C | 0x80..) => {
                return Some(Found::at(offset, "this character does not belong outside of quotes"));
            }
            _ => {}
        }
        if depth > NESTING_LIMIT {
            return Some(Found::at(offset, format!("values are nested deeper than {NESTING_LIMIT} levels")));
        }
    }
    inside.map(|start| Found::at(start, "this text does not end; close it with a quote"))
}

fn said(kind: &ParseErrorKind) -> String {
    use ParseErrorKind as Kind;
    let text = match kind {
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => "JSON has no comments; remove it",
        Kind::TrailingCommasNotAllowed => "remove the comma after the last value",
        Kind::ExpectedComma => "a comma is missing here",
        Kind::ExpectedStringObjectProperty | Kind::SingleQuotedStringsNotAllowed => "write it in double quotes",
        Kind::ExpectedColonAfterObjectKey => "a colon and a value are missing after the key",
        Kind::ExpectedObjectValue => "a value is missing after the colon",
        Kind::UnexpectedCloseBrace => "nothing is open that } could close",
        Kind::UnexpectedCloseBracket => "nothing is open that ] could close",
        Kind::UnexpectedColon => "a colon does not belong here",
        Kind::UnexpectedComma => "a value is missing before the comma",
        Kind::UnexpectedWord => "this is no value; write texts in double quotes",
        Kind::UnexpectedTokenInObject => "expected a key in double quotes, or } to end the table",
        Kind::UnterminatedObject => "this table does not end; close it with }",
        Kind::UnterminatedArray => "this list does not end; close it with ]",
        Kind::MultipleRootJsonValues => "the file goes on after its value; remove the rest",
        Kind::HexadecimalNumbersNotAllowed
        | Kind::UnaryPlusNumbersNotAllowed
        | Kind::BareDecimalPointNumbersNotAllowed
        | Kind::NonFiniteNumbersNotAllowed
        | Kind::ExpectedDigit
        | Kind::ExpectedDigitFollowingNegativeSign
        | Kind::ExpectedPlusMinusOrDigitInNumberLiteral => "this is no number; write digits such as 12 or 12.50",
        Kind::String(_) => "a wrong escape in this text; write a backslash as \\\\",
        Kind::UnexpectedToken | Kind::NestingDepthExceeded => "this does not belong here",
    };
    text.to_owned()
}

fn node(ast: Ast<'_>, twice: &mut Vec<Found>) -> Node {
    let range = ast.range();
    let value = match ast {
        Ast::StringLit(text) => Value::Text(text.value.into_owned()),
        Ast::NumberLit(number) => Value::Number(number.value.to_owned()),
        Ast::BooleanLit(flag) => Value::Flag(flag.value),
        Ast::NullKeyword(_) => Value::Null,
        Ast::Array(array) => Value::Array(array.elements.into_iter().map(|item| node(item, twice)).collect()),
        Ast::Object(object) => Value::Table(entries(object, twice)),
    };
    Node { span: range.start..range.end, value }
}

fn entries(object: Object<'_>, twice: &mut Vec<Found>) -> Vec<Entry> {
    let mut keys = BTreeSet::new();
    let mut entries = Vec::with_capacity(object.properties.len());
    for property in object.properties {
        let key_start = property.name.range().start;
        let key = property.name.into_string();
        if !keys.insert(key.clone()) {
            let text = format!("`{}` is there a second time; keep one of them", short(&key));
            twice.push(Found::at(key_start, text));
        }
        entries.push(Entry { key, key_start, node: node(property.value, twice) });
    }
    entries
}
