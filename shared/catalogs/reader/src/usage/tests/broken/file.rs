//! Syntax, the buyer and the subscription.

use super::{Row, check};

const FILES_THAT_ARE_NO_JSON: &[Row] = &[
    ("no file at all", "", "", &["1:1: the file is empty; write at least {}"]),
    ("a list for the file", "", "[]", &["1:1: expected a table, found a list"]),
    ("two files in one", "", "{} {}", &["1:4: the file goes on after its value; remove the rest"]),
    ("a comment", r#""events": ["#, "// events\n  \"events\": [", &["23:3: JSON has no comments; remove it"]),
    (
        "a comma at the end",
        "\"country\": \"AT\" }\n}",
        "\"country\": \"AT\", }\n}",
        &["31:29: remove the comma after the last value"],
    ),
    ("no comma between values", r#""2026-01-01","#, r#""2026-01-01""#, &["3:25: a comma is missing here"]),
    ("no colon", r#""ends_on":"#, r#""ends_on""#, &["6:15: a colon and a value are missing after the key"]),
    ("a key without quotes", r#""ends_on":"#, "ends_on:", &["6:5: write it in double quotes"]),
    ("single quotes", r#""2026-12-31","#, "'2026-12-31',", &["6:16: write it in double quotes"]),
    (
        "a text that does not end",
        r#""2026-01-14","#,
        r#""2026-01-14,"#,
        &["4:20: this text does not end on its line; close it with a quote"],
    ),
    (
        "a tab in a text",
        r#""Aufbau""#,
        "\"Auf\tbau\"",
        &[r"28:103: a control character in a text; write it as \u and four digits"],
    ),
    (
        "a wrong escape",
        r#""Aufbau""#,
        r#""Auf\bau\x""#,
        &[r"28:107: a wrong escape in this text; write a backslash as \\"],
    ),
    (
        "a hard blank between values",
        r#""quantity": 5"#,
        "\"quantity\":\u{a0}5",
        &["17:42: this character does not belong outside of quotes"],
    ),
    (
        "a word for a value",
        r#""quantity": 5"#,
        r#""quantity": five"#,
        &["17:43: this is no value; write texts in double quotes"],
    ),
    (
        "a plus sign",
        r#""quantity": 5"#,
        r#""quantity": +5"#,
        &["17:43: this is no number; write digits such as 12 or 12.50"],
    ),
    (
        "a brace too few",
        "\"country\": \"AT\" }\n}",
        "\"country\": \"AT\" }\n",
        &["1:1: this table does not end; close it with }"],
    ),
    (
        "a brace too many",
        "\"country\": \"AT\" }\n}",
        "\"country\": \"AT\" }}\n}",
        &["32:1: the file goes on after its value; remove the rest"],
    ),
    ("a key twice", r#""ends_on":"#, r#""from":"#, &["6:5: `from` is there a second time; keep one of them"]),
    (
        "nesting",
        r#""events": ["#,
        r#""events": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["#,
        &["23:76: values are nested deeper than 64 levels"],
    ),
];

#[test]
fn files_that_are_no_json() {
    check(FILES_THAT_ARE_NO_JSON);
}

const WHAT_STANDS_AT_THE_TOP: &[Row] = &[
    (
        "an unknown key",
        r#""buyer":"#,
        r#""seller":"#,
        &[
            "31:3: seller: unknown key; possible is `subscription`, `meters`, `events`, `time_entries`, `orders`, `tickets`, `opening` or `buyer`",
        ],
    ),
    ("a misspelt key", r#""tickets":"#, r#""ticket":"#, &["29:3: ticket: unknown key; did you mean `tickets`?"]),
    (
        "a country as people write it",
        r#""AT""#,
        r#""Austria""#,
        &[r#"31:25: buyer.country: "Austria" is no country; write two capital letters such as DE"#],
    ),
    ("a country that is null", r#""AT""#, "null", &["31:25: buyer.country: null is no value here; leave the key out"]),
    (
        "an unknown key of the buyer",
        r#""country":"#,
        r#""town":"#,
        &["31:14: buyer.town: unknown key; possible is `country` or `vat_id`"],
    ),
    (
        "a VAT id with a wrong check digit",
        r#""country": "AT""#,
        r#""vat_id": "ATU13585628""#,
        &[r#"31:24: buyer.vat_id: "ATU13585628" is no VAT id; write one such as ATU13585627, with its check digit"#],
    ),
];

#[test]
fn what_stands_at_the_top() {
    check(WHAT_STANDS_AT_THE_TOP);
}

const SUBSCRIPTIONS: &[Row] = &[
    (
        "a date without zeros",
        r#""from": "2026-01-01""#,
        r#""from": "2026-1-1""#,
        &[r#"3:13: subscription.from: "2026-1-1" is no date; write one such as 2026-11-01"#],
    ),
    (
        "a date that is a number",
        r#""from": "2026-01-01""#,
        r#""from": 20260101"#,
        &["3:13: subscription.from: expected a date such as 2026-11-01, found the number 20260101"],
    ),
    (
        "a date that does not exist",
        r#""from": "2026-01-01""#,
        r#""from": "2026-02-30""#,
        &[r#"3:13: subscription.from: "2026-02-30" is no date; write one such as 2026-11-01"#],
    ),
    (
        "a date that is long ago",
        r#""from": "2026-01-01""#,
        r#""from": "1999-12-31""#,
        &["3:13: subscription.from: the year must be from 2000 to 2199"],
    ),
    (
        "an end before the beginning",
        r#""ends_on": "2026-12-31""#,
        r#""ends_on": "2025-12-31""#,
        &["6:16: subscription.ends_on: before the subscription begins, on 2026-01-01"],
    ),
    (
        "a trial before the beginning",
        r#""trial_until": "2026-01-14""#,
        r#""trial_until": "2025-12-31""#,
        &["4:20: subscription.trial_until: before the subscription begins, on 2026-01-01"],
    ),
    (
        "a conversion before the beginning",
        r#""converted_on": "2026-02-01""#,
        r#""converted_on": "2025-12-31""#,
        &["5:21: subscription.converted_on: before the subscription begins, on 2026-01-01"],
    ),
    (
        "a conversion without a trial",
        "\"trial_until\": \"2026-01-14\",\n",
        "",
        &[
            "4:9: subscription.converted_on: without `trial_until` there is no trial to convert; give it or remove this key",
        ],
    ),
    (
        "a plan of another catalogue",
        r#""plan": "licence""#,
        r#""plan": "other@1/licence""#,
        &[
            r#"7:47: subscription.changes[0].plan: the catalogue "other@1" is not at hand; give its file too, or a plan of everything@2026-01"#,
        ],
    ),
    (
        "an unknown plan",
        r#""plan": "licence""#,
        r#""plan": "license""#,
        &[r#"7:47: subscription.changes[0].plan: the catalogue has no plan "license"; did you mean `licence`?"#],
    ),
    (
        "an unknown plan of this catalogue",
        r#""plan": "licence""#,
        r#""plan": "everything@2026-01/pro""#,
        &[r#"7:47: subscription.changes[0].plan: the catalogue has no plan "pro"; possible is `basic` or `licence`"#],
    ),
    (
        "a change on the first day",
        r#""on": "2026-11-16""#,
        r#""on": "2026-01-01""#,
        &["7:25: subscription.changes[0].on: must be after 2026-01-01, when the plan before it begins"],
    ),
    (
        "two changes in the wrong order",
        r#"{ "on": "2026-11-16", "plan": "licence" }"#,
        r#"{ "on": "2026-11-16", "plan": "licence" }, { "on": "2026-10-01", "plan": "basic" }"#,
        &["7:68: subscription.changes[1].on: must be after 2026-11-16, when the plan before it begins"],
    ),
    (
        "a change without plan",
        r#", "plan": "licence""#,
        "",
        &["7:17: subscription.changes[0].plan: this key is missing: the new plan"],
    ),
    (
        "an unknown add-on",
        r#""add_on": "level-2""#,
        r#""add_on": "level-4""#,
        &[r#"8:30: subscription.bookings[0].add_on: the catalogue has no add-on "level-4"; did you mean `level-2`?"#],
    ),
    (
        "less than nothing booked",
        r#""quantity": 1, "from""#,
        r#""quantity": -1, "from""#,
        &["8:53: subscription.bookings[0].quantity: below zero, which is not possible here"],
    ),
    (
        "a booking that ends before it begins",
        r#""until": "2027-03-13""#,
        r#""until": "2026-03-13""#,
        &["8:87: subscription.bookings[0].until: before the booking begins, on 2026-03-14"],
    ),
    (
        "a label of two lines",
        r#""fest.example""#,
        r#""fest\nexample""#,
        &["8:110: subscription.bookings[0].label: this text has line breaks or other control characters"],
    ),
    (
        "an unknown code",
        r#""welcome10""#,
        r#""WELCOME11""#,
        &[
            "9:30: subscription.promotions[0].code: the catalogue has no promotion `WELCOME11`; did you mean `WELCOME10`?",
        ],
    ),
    (
        "no code",
        r#""welcome10""#,
        r#""!""#,
        &[r#"9:30: subscription.promotions[0].code: "!" is no name; use 3 to 40 letters, digits or hyphens"#],
    ),
    (
        "a code void before it was redeemed",
        r#""void_from": "2026-12-01""#,
        r#""void_from": "2026-10-01""#,
        &["9:76: subscription.promotions[0].void_from: before it was redeemed, on 2026-10-02"],
    ),
    (
        "a forecast of an unknown meter",
        r#""processes": 1000"#,
        r#""prozesse": 1000"#,
        &["10:19: subscription.forecast.prozesse: the catalogue has no meter `prozesse`; did you mean `processes`?"],
    ),
    (
        "a forecast below zero",
        r#""processes": 1000"#,
        r#""processes": -1"#,
        &["10:32: subscription.forecast.processes: below zero, which is not possible here"],
    ),
    (
        "an agreed price of an unknown charge",
        r#""licence": "1299.00""#,
        r#""lizenz": "1299.00""#,
        &[
            "11:24: subscription.agreed_prices.lizenz: the catalogue has no charge `lizenz`; possible is `fee`, `level-2-fee`, `setup`, `per-attendee`, `process-packages`, `storage`, `users`, `licence`, `payment-fee`, `calls` or `emergency`",
        ],
    ),
    (
        "an agreed price with a comma",
        r#""1299.00""#,
        r#""1299,00""#,
        &["11:35: subscription.agreed_prices.licence: decimals have a point; write 1299.00"],
    ),
];

#[test]
fn subscriptions() {
    check(SUBSCRIPTIONS);
}
