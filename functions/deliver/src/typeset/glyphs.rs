//! Text the fonts can print.
//!
//! PDF/A forbids a character without a glyph, and the export fails on one. A name in a script the
//! fonts lack must not hold an invoice back: the electronic invoice carries it unchanged.

use serde_json::Value;

use super::world::Setup;

/// Shown for a letter that no font has.
const MISSING: char = '□';

/// Rewrites every text in the value so that each character has a glyph.
pub(super) fn keep_printable(value: &mut Value, setup: &Setup) {
    match value {
        Value::String(text) => {
            if !text.chars().all(|character| is_kept(character, setup)) {
                *text = text.chars().filter_map(|character| printable(character, setup)).collect();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| keep_printable(value, setup)),
        Value::Object(fields) => fields.values_mut().for_each(|value| keep_printable(value, setup)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_kept(character: char, setup: &Setup) -> bool {
    match character {
        '\n' => true,
        // These would show the text that follows in another order than it is read.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        _ => !character.is_control() && setup.can_print(character),
    }
}

/// The character itself, its plain equivalent, or nothing where nothing is lost.
fn printable(character: char, setup: &Setup) -> Option<char> {
    if is_kept(character, setup) {
        return Some(character);
    }
    match character {
        '\u{2028}' | '\u{2029}' => Some('\n'),
        // The no-break hyphen, and spaces of other widths.
        '\u{2011}' => Some('-'),
        '\t' | '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => Some(' '),
        // Controls, joiners, directions and selectors have no shape of their own.
        control if control.is_control() => None,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => None,
        '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}' => None,
        // Pictures decorate the name of an event and carry nothing a bookkeeper needs.
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => None,
        _ => Some(MISSING),
    }
}
