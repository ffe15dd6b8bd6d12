//! What was used.

use super::{Row, check};

const RECORDS: &[Row] = &[
    (
        "an unknown meter",
        r#""processes": 12500"#,
        r#""process": 12500"#,
        &["14:5: meters.process: the catalogue has no meter `process`; did you mean `processes`?"],
    ),
    (
        "a number for who was counted",
        r#""users": [{ "date": "2026-11-03", "subject": "anna" }]"#,
        r#""users": 3"#,
        &[
            r#"20:14: meters.users: who was counted is needed, not how many; write records such as [{ "date": "2026-11-03", "subject": "anna" }]"#,
        ],
    ),
    (
        "nobody counted",
        r#""subject": "anna""#,
        r#""quantity": 1"#,
        &[
            "20:15: meters.users[0].subject: this key is missing: who or what was counted; this meter counts each one once",
        ],
    ),
    (
        "records of time",
        r#""processes": 12500"#,
        r#""phone": 12"#,
        &[
            r#"14:14: meters.phone: a meter of time has no records; write { "start": …, "minutes": …, "channel": "phone" } under `time_entries`"#,
        ],
    ),
    (
        "an exponent",
        r#""processes": 12500"#,
        r#""processes": 1e3"#,
        &["14:18: meters.processes: 1e3 has an exponent; write all its digits"],
    ),
    ("too many places", r#""7.5""#, "7.123456789", &["15:16: meters.storage: more than 8 decimal places"]),
    ("a gauge below zero", r#""7.5""#, "-7.5", &["15:16: meters.storage: below zero, which is not possible here"]),
    (
        "a payment below zero",
        r#""62.63""#,
        "-62.63",
        &["21:64: meters.payments[0].quantity: below zero, which is not possible here"],
    ),
    (
        "a quantity that is a flag",
        r#""processes": 12500"#,
        r#""processes": true"#,
        &["14:18: meters.processes: expected a quantity, or a list of records in brackets, found true or false"],
    ),
    (
        "a record that is a number",
        r#"[{ "date": "2026-11-03", "subject": "anna" }]"#,
        r#"["anna"]"#,
        &[r#"20:15: meters.users[0]: expected a table, found the text "anna""#],
    ),
    (
        "a record without a date",
        r#"{ "date": "2026-11-03", "quantity": 5 }"#,
        r#"{ "quantity": 5 }"#,
        &["17:7: meters.accepted_attendees[0].date: this key is missing: the day or time it belongs to"],
    ),
    (
        "a record without a quantity",
        r#"{ "date": "2026-11-03", "quantity": 5 }"#,
        r#"{ "date": "2026-11-03" }"#,
        &["17:7: meters.accepted_attendees[0].quantity: this key is missing: how much"],
    ),
    (
        "a time without minutes",
        "2026-11-05T21:59",
        "2026-11-05T21",
        &[
            r#"18:17: meters.accepted_attendees[1].date: "2026-11-05T21" is no time; write one such as 2026-11-01T09:30 (local) or 2026-11-01T08:30Z"#,
        ],
    ),
    (
        "a time of no day",
        "2026-11-05T21:59",
        "2026-11-05T24:00",
        &[
            r#"18:17: meters.accepted_attendees[1].date: "2026-11-05T24:00" is no time; write one such as 2026-11-01T09:30 (local) or 2026-11-01T08:30Z"#,
        ],
    ),
    (
        "a leap second",
        "2026-11-05T21:59",
        "2026-11-05T23:59:60",
        &[
            r#"18:17: meters.accepted_attendees[1].date: "2026-11-05T23:59:60" is no time; write one such as 2026-11-01T09:30 (local) or 2026-11-01T08:30Z"#,
        ],
    ),
    (
        "an offset of no place",
        "10:00+01:00",
        "10:00+1",
        &[
            r#"29:59: tickets[0].answered: "2026-11-23T10:00+1" is no time; write one such as 2026-11-01T09:30 (local) or 2026-11-01T08:30Z"#,
        ],
    ),
    (
        "a time that is far off",
        "2026-11-24T21:59",
        "2226-11-24T21:59",
        &["27:31: time_entries[0].start: the year must be from 2000 to 2199"],
    ),
];

#[test]
fn records() {
    check(RECORDS);
}

const EVENTS: &[Row] = &[
    (
        "an event of another kind of id",
        r#""evt_fest""#,
        r#""fest""#,
        &[r#"24:13: events[0].id: "fest" is no name; write evt_ and 1 to 40 lower-case letters, digits or hyphens"#],
    ),
    (
        "an event twice",
        r#""evt_ball""#,
        r#""evt_fest""#,
        &["25:13: events[1].id: the event evt_fest is in the file already"],
    ),
    (
        "an event without an end",
        r#""ended": "2026-11-14", "#,
        "",
        &["25:5: events[1].ended: this key is missing: the day it ended"],
    ),
    (
        "an event published after its end",
        r#""published": "2026-09-01""#,
        r#""published": "2026-10-15""#,
        &["24:84: events[0].published: it was published after it had ended"],
    ),
    (
        "more answers than accepted_attendees A12",
        r#""responses": 43"#,
        r#""responses": 42"#,
        &["24:142: events[0].responses: 37 accepted and 6 declined are 43, not 42 or fewer"],
    ),
    (
        "half an attendee",
        r#""accepted": 37"#,
        r#""accepted": 37.5"#,
        &["24:110: events[0].accepted: 37.5 is not a whole number"],
    ),
    (
        "less than nobody",
        r#""declined": 6"#,
        r#""declined": -6"#,
        &["24:126: events[0].declined: -6 is below zero, which is not possible here"],
    ),
    (
        "no counts",
        r#", "responses": 5 }"#,
        " }",
        &[
            "25:5: events[1].responses: this key is missing: how many attendees answered; or give `accepted` and `declined`",
        ],
    ),
    (
        "only those who declined A11",
        r#""responses": 5 }"#,
        r#""declined": 5 }"#,
        &[
            r#"25:5: events[1].defines: this key is missing: without `accepted` say which answers the event has, for example ["declined"]"#,
        ],
    ),
    (
        "answers that the event does not have A11",
        r#""defines": ["accepted", "declined"]"#,
        r#""defines": ["declined"]"#,
        &[
            r#"24:110: events[0].accepted: `defines` does not name this answer, so nobody can have given it; add "accepted""#,
        ],
    ),
    (
        "an unknown answer",
        r#""defines": ["accepted", "declined"]"#,
        r#""defines": ["accepted", "maybe"]"#,
        &[r#"24:170: events[0].defines[1]: unknown word "maybe"; possible is `accepted` or `declined`"#],
    ),
    (
        "a title in one language",
        r#"{ "de": "Ball", "en": "Ball" }"#,
        r#"{ "de": "Ball" }"#,
        &["25:34: events[1].title.en: this key is missing: the English text"],
    ),
];

#[test]
fn events() {
    check(EVENTS);
}

const WHAT_PEOPLE_DID: &[Row] = &[
    (
        "minutes below zero",
        r#""minutes": 6"#,
        r#""minutes": -6"#,
        &["27:62: time_entries[0].minutes: below zero, which is not possible here"],
    ),
    (
        "an unknown channel",
        r#""channel": "phone""#,
        r#""channel": "fax""#,
        &[r#"27:76: time_entries[0].channel: the catalogue has no meter of time "fax"; possible is `phone`"#],
    ),
    (
        "a channel that is not of time",
        r#""channel": "phone""#,
        r#""channel": "users""#,
        &[r#"27:76: time_entries[0].channel: the catalogue has no meter of time "users"; possible is `phone`"#],
    ),
    (
        "a start without a time",
        "2026-11-24T21:59",
        "2026-11-24",
        &[
            r#"27:31: time_entries[0].start: "2026-11-24" is no time; write one such as 2026-11-01T09:30 (local) or 2026-11-01T08:30Z"#,
        ],
    ),
    (
        "an order of an unknown charge",
        r#""charge": "setup""#,
        r#""charge": "set-up""#,
        &[r#"28:48: orders[0].charge: the catalogue has no charge "set-up"; did you mean `setup`?"#],
    ),
    (
        "an order of a fee",
        r#""charge": "setup""#,
        r#""charge": "fee""#,
        &["28:48: orders[0].charge: `fee` cannot be ordered; what can be is `setup`"],
    ),
    (
        "an order below its least price A30",
        r#""400.00""#,
        "249.99",
        &["28:81: orders[0].price: below the price of `setup`, which begins at 250"],
    ),
    (
        "an answer before its question",
        "2026-11-23T10:00+01:00",
        "2026-11-20T14:59Z",
        &["29:59: tickets[0].answered: it was answered before it was opened"],
    ),
    (
        "a pool of no plan",
        r#""credit": 12"#,
        r#""credits": 12"#,
        &["30:27: opening.pools.credits: the catalogue has no pool `credits`; did you mean `credit`?"],
    ),
    (
        "a pool below zero",
        r#""credit": 12"#,
        r#""credit": -12"#,
        &["30:37: opening.pools.credit: below zero, which is not possible here"],
    ),
    (
        "an unknown count",
        r#""accepted_attendees": 2400"#,
        r#""visitors": 2400"#,
        &[
            "30:60: opening.accumulated.visitors: the catalogue has no meter `visitors`; possible is `accepted_attendees`, `responses`, `processes`, `storage`, `users`, `phone` or `payments`",
        ],
    ),
    (
        "null",
        r#""quantity": 1, "price""#,
        r#""quantity": null, "price""#,
        &["28:69: orders[0].quantity: null is no value here; leave the key out"],
    ),
];

#[test]
fn what_people_did() {
    check(WHAT_PEOPLE_DID);
}
