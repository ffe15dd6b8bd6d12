//! The issuer's colour, so that text in it and on it can be read.

use crate::typeset::Look;

/// Colour of an issuer that has named none.
const ACCENT: &str = "#1f4e79";
/// Colour of text.
const INK: &str = "#1b2430";
const WHITE: &str = "#ffffff";
/// Brightness, 0 to 255, above which white on a colour, or the colour on white, is hard to read.
const BRIGHTEST: u32 = 150;

/// The look for a colour as `#rrggbb`; for anything else the usual one.
pub(super) fn look(colour: Option<&str>) -> Look {
    let known = colour.and_then(|colour| brightness(colour).map(|brightness| (colour, brightness)));
    let (accent, brightness) = known.unwrap_or((ACCENT, 0));
    let is_bright = brightness > BRIGHTEST;
    Look {
        accent: accent.to_owned(),
        heading: if is_bright { INK } else { accent }.to_owned(),
        on_accent: if is_bright { INK } else { WHITE }.to_owned(),
    }
}

/// Brightness as the eye weighs red, green and blue (ITU-R BT.601).
fn brightness(colour: &str) -> Option<u32> {
    let digits = colour.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let part = |from: usize| digits.get(from..from + 2).and_then(|part| u32::from_str_radix(part, 16).ok());
    Some((part(0)? * 299 + part(2)? * 587 + part(4)? * 114) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read_on_every_colour() {
        for (name, colour, heading, on_accent) in [
            ("none", None, ACCENT, WHITE),
            ("dark", Some("#7a1f2b"), "#7a1f2b", WHITE),
            ("yellow", Some("#ffd400"), INK, INK),
            ("white", Some("#FFFFFF"), INK, INK),
            ("black", Some("#000000"), "#000000", WHITE),
            ("a word", Some("red"), ACCENT, WHITE),
            ("too short", Some("#fff"), ACCENT, WHITE),
            ("no digits", Some("#zzzzzz"), ACCENT, WHITE),
            ("two bytes for a letter", Some("#ffäff"), ACCENT, WHITE),
        ] {
            let look = look(colour);
            assert_eq!((look.heading.as_str(), look.on_accent.as_str()), (heading, on_accent), "{name}");
        }
    }
}
