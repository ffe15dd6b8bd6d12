//! GiroCode: a transfer as a QR code that banking apps read (EPC069-12, version 2.1, of the European Payments Council).

use domain::account::Operator;
use domain::money::Money;
use qrcode::{Color, EcLevel, QrCode, Version};
use rust_decimal::Decimal;

use crate::typeset::{Code, CodeRow};

/// Largest amount of a transfer.
const LARGEST: Decimal = Decimal::from_parts(1_215_752_191, 23, 0, false, 2);
const NAME_LENGTH: usize = 70;
const REMITTANCE_LENGTH: usize = 140;
/// Largest version the guideline allows.
const LARGEST_VERSION: i16 = 13;

/// The code of a transfer to the issuer; none for an amount that no transfer can have.
pub(super) fn code(seller: &Operator, amount: Money, remittance: &str) -> Option<Code> {
    let text = payload(seller, amount, remittance)?;
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    if !matches!(code.version(), Version::Normal(version) if version <= LARGEST_VERSION) {
        return None;
    }
    let size = code.width();
    let colors = code.to_colors();
    let rows = colors.chunks(size).enumerate().flat_map(|(row, modules)| dashed(row, modules)).collect();
    Some(Code { size, rows })
}

/// The text of the code, one element a line.
fn payload(seller: &Operator, amount: Money, remittance: &str) -> Option<String> {
    if amount.amount() <= Decimal::ZERO || amount.amount() > LARGEST {
        return None;
    }
    let amount = format!("{}{}", amount.currency().code(), amount.plain());
    let (name, remittance) = (shortened(&seller.name, NAME_LENGTH), shortened(remittance, REMITTANCE_LENGTH));
    // Service tag, version, UTF-8, SEPA credit transfer; no purpose and no structured reference.
    let elements = ["BCD", "002", "1", "SCT", &seller.bic, &name, &seller.iban, &amount, "", "", &remittance];
    Some(elements.join("\n"))
}

/// One line, not longer than allowed.
fn shortened(text: &str, most: usize) -> String {
    text.chars().filter(|character| !character.is_control()).take(most).collect()
}

/// Most numbers of a dashed line. Some viewers draw no pattern of more than 32, and some none with an odd number.
const DASHES: usize = 16;

/// The dark modules of a row, as dashed lines of dark and light in turn.
fn dashed(row: usize, modules: &[Color]) -> Vec<CodeRow> {
    let (mut rows, mut column) = (Vec::<CodeRow>::new(), 0);
    for run in modules.chunk_by(|one, next| one == next) {
        let dark = run.first() == Some(&Color::Dark);
        match rows.last_mut() {
            Some(last) if !dark || last.dashes.len() < DASHES => last.dashes.push(run.len()),
            _ if dark => rows.push(CodeRow { row, column, dashes: vec![run.len()] }),
            _ => {}
        }
        column += run.len();
    }
    // A line that ends dark: the light that follows is not drawn.
    for row in rows.iter_mut().filter(|row| row.dashes.len() % 2 == 1) {
        row.dashes.push(1);
    }
    rows
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;

    use super::*;
    use crate::samples;

    fn euros(text: &str) -> Money {
        Money::parse(text, Currency::Eur).unwrap()
    }

    #[test]
    fn says_what_the_guideline_wants() {
        let mut seller = samples::seller();
        seller.name = "Größe & Co. KG".into();
        let expected =
            "BCD\n002\n1\nSCT\nBYLADEM1001\nGröße & Co. KG\nDE02120300000000202051\nEUR1234.50\n\n\nRE-2026-00001";
        assert_eq!(payload(&seller, euros("1234.50"), "RE-2026-00001").as_deref(), Some(expected));
        seller.name = "ä".repeat(100);
        seller.bic.clear();
        let text = payload(&seller, euros("0.01"), &"x\n".repeat(200)).unwrap();
        let lines: Vec<&str> = text.split('\n').collect();
        assert_eq!((lines.len(), lines[4], lines[5].chars().count(), lines[10].len()), (11, "", 70, 140));
        assert!(code(&seller, euros("0.01"), &"x".repeat(200)).is_some(), "the longest fits version 13");
    }

    #[test]
    fn no_code_without_a_transfer() {
        for (name, amount, is_some) in [
            ("a cent", "0.01", true),
            ("the largest", "999999999.99", true),
            ("too much", "1000000000.00", false),
            ("nothing", "0.00", false),
            ("money back", "-5.00", false),
        ] {
            assert_eq!(code(&samples::seller(), euros(amount), "RE-1").is_some(), is_some, "{name}");
        }
    }

    #[test]
    fn rows_are_dashed_lines_of_the_dark_modules() {
        let (dark, light) = (Color::Dark, Color::Light);
        let row = |column, dashes: &[usize]| CodeRow { row: 3, column, dashes: dashes.to_vec() };
        assert_eq!(dashed(3, &[light, dark, dark, light, dark, light]), [row(1, &[2, 1, 1, 1])]);
        assert_eq!(dashed(3, &[dark, light, light, dark]), [row(0, &[1, 2, 1, 1])]);
        assert!(dashed(3, &[light, light]).is_empty());
        let long: Vec<Color> = [dark, light].into_iter().cycle().take(21).collect();
        assert_eq!(dashed(3, &long), [row(0, &[1; 16]), row(16, &[1, 1, 1, 1, 1, 1])]);
    }

    /// Every module of the largest code stands where it belongs, in lines that every viewer draws.
    #[test]
    fn the_lines_of_a_code_are_its_modules() {
        let mut seller = samples::seller();
        seller.name = "ä".repeat(100);
        seller.bic.clear();
        let text = payload(&seller, euros("0.01"), &"x".repeat(200)).unwrap();
        let qr = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).unwrap();
        let code = code(&seller, euros("0.01"), &"x".repeat(200)).unwrap();
        let mut drawn = vec![Color::Light; code.size * code.size];
        for CodeRow { row, column, dashes } in &code.rows {
            assert!(dashes.len() <= DASHES && dashes.len() % 2 == 0, "{dashes:?}");
            let mut at = row * code.size + column;
            for dash in dashes.chunks(2) {
                drawn[at..at + dash[0]].fill(Color::Dark);
                at += dash[0] + dash[1];
            }
        }
        assert!(code.size >= 57 && drawn == qr.to_colors());
    }
}
