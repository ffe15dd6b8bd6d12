use super::*;
use crate::account::check::tests::table;

#[test]
fn vat_ids() {
    table(
        vat_id,
        &[
            ("DE123456788", "DE123456788"),
            ("de 123 456 788", "DE123456788"),
            ("NL123456782B90", "NL123456782B90"),
            ("ATU 123 456 75", "ATU12345675"),
            ("CHE123456789", "CHE123456789"),
            ("NO123456789MVA", "NO123456789MVA"),
        ],
        &Problem::NotAVatId,
        &[
            "DE12345678",
            "DE1234567890",
            "DE12345678X",
            "DE",
            "D",
            "Ä",
            "DÄ",
            "123456788",
            "D1123456788",
            "AT1",
            "NL1234567890123",
            "AT-U1234567",
            "48/123/45678",
            "ÄT12345678",
            "GR094259216",
            "CH1",
            "UK123456789",
            "EU372000041",
            "DE١٢٣٤٥٦٧٨٨",
        ],
    );
}

/// One id of each member state that a company published; each is refused once a digit is wrong.
#[test]
fn every_member_state_has_its_form_and_its_check_digits() {
    let published = [
        "ATU13585627",
        "BE0428759497",
        "BG175074752",
        "CY10259033P",
        "CZ25123891",
        "DE136695976",
        "DK13585628",
        "EE100931558",
        "EL094259216",
        "ESA13585625",
        "FI20774740",
        "FR40303265045",
        "HR33392005961",
        "HU12892312",
        "IE6433435F",
        "IT00743110157",
        "LT119511515",
        "LU15027442",
        "LV40003521600",
        "MT11679112",
        "NL004495445B01",
        "PL8567346215",
        "PT501964843",
        "RO18547290",
        "SE123456789701",
        "SI50223054",
        "SK2022749619",
    ];
    let states: Vec<&str> = FORMS.iter().map(|(state, _)| *state).filter(|state| *state != "XI").collect();
    assert_eq!(states, published.map(|id| &id[..2]));
    let unchecked = ["BG", "CY", "CZ", "ES", "IE", "LT", "LV", "RO"];
    for id in published {
        assert_eq!(vat_id(id).as_deref(), Ok(id));
        let country = &id[..2];
        // The last digit that a check covers; Dutch and Swedish ids end with a number of their own.
        let place = if matches!(country, "NL" | "SE") { 10 } else { id.len() - 1 };
        let wrong = |digit: u8| format!("{}{digit}{}", &id[..place], &id[place + 1..]);
        let passing = (0..=9).filter(|digit| vat_id(&wrong(*digit)).is_ok()).count();
        if !unchecked.contains(&country) {
            assert_eq!(passing, 1, "{id}: one check digit is right");
        }
        for text in [format!("{id}1"), id[..id.len() - 1].to_owned(), id.replace(country, "XX-")] {
            let longer_ids = ["CZ", "BG", "RO", "IE"].contains(&country);
            assert!(longer_ids || vat_id(&text).is_err(), "{text}");
        }
    }
    // A Dutch sole trader, and an old French id with letters.
    for id in ["NL000099998B57", "FRK7399859412", "XI123456789"] {
        assert_eq!(vat_id(id).as_deref(), Ok(id));
    }
    assert!(vat_id("NL000099998B58").is_err() && vat_id("FRK739985941").is_err());
}
