//! Syntax, and what stands before the charges.

use super::{Row, check};

const FILES_THAT_ARE_NO_TOML: &[Row] = &[
    ("a value is missing", r#"version = "2026-01""#, "version =", &["3:10: a value is missing here"]),
    (
        "a quote is missing",
        r#"id = "everything""#,
        r#"id = "everything"#,
        &[r#"2:17: invalid basic string, expected `"`"#],
    ),
    (
        "two mistakes of syntax",
        "id = \"everything\"\nversion = \"2026-01\"",
        "id = everything\nversion = 2026 01",
        &["2:6: this is no value; write texts in quotes", "3:11: this is no value; write texts in quotes"],
    ),
    (
        "a decimal comma without quotes",
        "price = 39.00",
        "price = 39,00",
        &["66:11: unexpected key or value, expected newline, `#`"],
    ),
    (
        "a key twice",
        r#"version = "2026-01""#,
        "version = \"2026-01\"\nversion = \"2026-02\"",
        &["4:1: `version` is there a second time; keep one of them"],
    ),
    ("a table twice", "[charges.setup]", "[charges.fee]", &["69:10: `fee` is there a second time; keep one of them"]),
    (
        "a table that goes on in dots",
        "[meters.responses]",
        "title.fr = \"x\"\n[meters.responses]",
        &["13:1: cannot extend value of type inline table with a dotted key"],
    ),
    (
        "nesting in brackets",
        "limit = 100",
        "limit = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        &["203:73: values are nested deeper than 64 levels"],
    ),
    (
        "nesting in dots",
        "limit = 100",
        "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1",
        &["203:130: values are nested deeper than 64 levels"],
    ),
];

#[test]
fn files_that_are_no_toml() {
    check(FILES_THAT_ARE_NO_TOML);
}

const FORMATS: &[Row] = &[
    (
        "another format",
        "format = 1",
        "format = 2\nwhatever = true",
        &["1:10: format: format 2 is not known here; this program reads 1"],
    ),
    (
        "a format in quotes",
        "format = 1",
        r#"format = "1""#,
        &[r#"1:10: format: expected the number 1, found the text "1""#],
    ),
    ("no format", "format = 1\n", "", &["1:1: format: this key is missing: the version of the file format, 1"]),
];

#[test]
fn formats() {
    check(FORMATS);
}

const WHAT_STANDS_AT_THE_TOP: &[Row] = &[
    ("no id", "id = \"everything\"\n", "", &["1:1: id: this key is missing: the name of the catalogue"]),
    (
        "a name with capitals",
        r#"id = "everything""#,
        r#"id = "Everything""#,
        &[
            r#"2:6: id: "Everything" is no name; use 1 to 40 lower-case letters, digits, hyphens or underscores, beginning with a letter"#,
        ],
    ),
    (
        "a number for a text",
        r#"id = "everything""#,
        "id = 7",
        &["2:6: id: expected a text in quotes, found the number 7"],
    ),
    (
        "a version with a blank",
        "\"2026-01\"\ncurrency",
        "\"2026 01\"\ncurrency",
        &[r#"3:11: version: "2026 01" is no version; use 1 to 20 lower-case letters, digits, points or hyphens"#],
    ),
    ("an unknown currency", r#""EUR""#, r#""USD""#, &[r#"4:12: currency: unknown word "USD"; possible is `EUR`"#]),
    (
        "a misspelt key is not missing as well",
        "currency =",
        "curency =",
        &["4:1: curency: unknown key; did you mean `currency`?"],
    ),
    (
        "an unknown key at the top",
        "currency =",
        "colour = \"red\"\ncurrency =",
        &[
            "4:1: colour: unknown key; possible is `format`, `id`, `version`, `currency`, `title`, `valid_from`, `holidays`, `meters`, `add_ons`, `charges`, `plans` or `promotions`",
        ],
    ),
    (
        "a misspelt section",
        "[promotions.WELCOME10]",
        "[promotion.WELCOME10]",
        &["195:2: promotion: unknown key; did you mean `promotions`?"],
    ),
    (
        "no English",
        r#"title = { de = "Alle Modelle", en = "Every model" }"#,
        r#"title = { de = "Alle Modelle" }"#,
        &["5:9: title.en: this key is missing: the English text"],
    ),
    (
        "one text for both languages",
        r#"title = { de = "Alle Modelle", en = "Every model" }"#,
        r#"title = "Alle Modelle""#,
        &[
            r#"5:9: title: expected a text in both languages such as { de = "Preis", en = "Price" }, found the text "Alle Modelle""#,
        ],
    ),
    (
        "a third language",
        r#"en = "Every model" }"#,
        r#"en = "Every model", fr = "Tous" }"#,
        &["5:52: title.fr: unknown key; possible is `de` or `en`"],
    ),
    ("an empty text", r#"de = "Alle Modelle""#, r#"de = "  ""#, &["5:16: title.de: this text is empty"]),
    (
        "a text that is too long",
        r#"de = "Alle Modelle""#,
        r#"de = "äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää""#,
        &["5:16: title.de: this text has more than 200 characters"],
    ),
    (
        "a line break in a text",
        r#"de = "Alle Modelle""#,
        r#"de = "Alle\nModelle""#,
        &["5:16: title.de: this text has line breaks or other control characters"],
    ),
    (
        "columns count characters",
        r#"title = { de = "Alle Modelle", en = "Every model" }"#,
        r#"title = { de = "ÄÖÜ…", en = 5 }"#,
        &["5:29: title.en: expected a text in quotes, found the number 5"],
    ),
    (
        "a date with a time",
        "valid_from = 2026-01-01",
        "valid_from = 2026-01-01T10:00:00",
        &[r#"6:14: valid_from: "2026-01-01T10:00:00" is no date; write one such as 2026-11-01"#],
    ),
    (
        "no date",
        "valid_from = 2026-01-01",
        r#"valid_from = "2026-02-30""#,
        &[r#"6:14: valid_from: "2026-02-30" is no date; write one such as 2026-11-01"#],
    ),
    (
        "a date as people write it",
        "valid_from = 2026-01-01",
        r#"valid_from = "1.1.2026""#,
        &[r#"6:14: valid_from: "1.1.2026" is no date; write one such as 2026-11-01"#],
    ),
    (
        "a date that is long ago",
        "valid_from = 2026-01-01",
        "valid_from = 1999-12-31",
        &["6:14: valid_from: the year must be from 2000 to 2199"],
    ),
    (
        "a date that is far off",
        "valid_from = 2026-01-01",
        "valid_from = 2200-01-01",
        &["6:14: valid_from: the year must be from 2000 to 2199"],
    ),
    (
        "an unknown state",
        r#""DE-BW""#,
        r#""DE-BX""#,
        &[r#"7:12: holidays: unknown region "DE-BX"; did you mean `DE-BW`?"#],
    ),
];

#[test]
fn what_stands_at_the_top() {
    check(WHAT_STANDS_AT_THE_TOP);
}

const METERS: &[Row] = &[
    (
        "a meter's name",
        "[meters.accepted_attendees]",
        r#"[meters."Accepted_attendees!"]"#,
        &[
            r#"9:9: meters."Accepted_attendees!": "Accepted_attendees!" is no name; use 1 to 40 lower-case letters, digits, hyphens or underscores, beginning with a letter"#,
        ],
    ),
    (
        "a meter that is no table",
        "[meters.accepted_attendees]\ntitle",
        "[meters]\naccepted_attendees = 5\n[meters.others]\ntitle",
        &["10:22: meters.accepted_attendees: expected a table, found the number 5"],
    ),
    (
        "an unknown unit",
        r#"unit = "process""#,
        r#"unit = "proces""#,
        &[r#"19:8: meters.processes.unit: unknown unit "proces"; did you mean `process`?"#],
    ),
    (
        "a unit of another kind",
        r#"unit = "process""#,
        r#"unit = "Vorgänge""#,
        &[
            r#"19:8: meters.processes.unit: unknown unit "Vorgänge"; possible is `attendee`, `call`, `day`, `domain`, `enquiry`, `event`, `form`, `gigabyte`, `hour`, `licence`, `lump-sum`, `message`, `minute`, `month`, `package`, `page`, `pageview`, `piece`, `process`, `quarter-hour`, `table`, `training`, `transaction`, `trip`, `user`, `week`, `year` or `{ code, de, en }`"#,
        ],
    ),
    (
        "a unit without labels",
        r#"unit = { code = "C62", de = "benannte Benutzer", en = "named users" }"#,
        r#"unit = { code = "c62" }"#,
        &[
            "30:8: meters.users.unit.de: this key is missing: the German label",
            "30:8: meters.users.unit.en: this key is missing: the English label",
            r#"30:17: meters.users.unit.code: "c62" is no code; write 1 to 3 capital letters or digits such as C62"#,
        ],
    ),
    (
        "a unit that is a number",
        r#"unit = "process""#,
        "unit = 1",
        &[
            r#"19:8: meters.processes.unit: expected a unit such as "attendee" or { code = "C62", de = "…", en = "…" }, found the number 1"#,
        ],
    ),
    (
        "an unknown kind",
        r#"kind = "time""#,
        r#"kind = "clock""#,
        &[r#"37:8: meters.phone.kind: unknown word "clock"; possible is `counter`, `gauge`, `time` or `transaction`"#],
    ),
    (
        "an unknown month",
        r#"month = "unique""#,
        r#"month = "uniq""#,
        &[r#"32:9: meters.users.month: unknown word "uniq"; did you mean `unique`?"#],
    ),
    (
        "a scale without a mean",
        r#"month = "mean""#,
        r#"month = "last""#,
        &[r#"26:9: meters.storage.scale: only a meter with month = "mean" is rounded; remove this or write that"#],
    ),
    (
        "a scale that is no whole number",
        "scale = 3",
        "scale = 2.5",
        &["26:9: meters.storage.scale: 2.5 is not a whole number"],
    ),
];

#[test]
fn meters() {
    check(METERS);
}

const ADD_ONS: &[Row] = &[
    (
        "hours as people write them",
        r#""mon-fri 09:00-18:00""#,
        r#""mo-fr 9-18""#,
        &[
            r#"51:36: add_ons.level-3.response.windows[0]: "mo-fr 9-18" are no hours; write days and hours such as "mon-fri 09:00-17:00", "sat,sun 00:00-24:00" or "mon-fri 22:00-08:00""#,
        ],
    ),
    (
        "windows that are no list",
        r#"windows = ["mon-fri 09:00-18:00"]"#,
        r#"windows = "mon-fri 09:00-18:00""#,
        &[
            r#"51:35: add_ons.level-3.response.windows: expected a list in brackets, found the text "mon-fri 09:00-18:00""#,
        ],
    ),
    (
        "no hours",
        "response = { hours = 4, ",
        "response = { ",
        &[
            "51:12: add_ons.level-3.response.hours: this key is missing: hours of business within which the answer is given",
        ],
    ),
];

#[test]
fn add_ons() {
    check(ADD_ONS);
}
