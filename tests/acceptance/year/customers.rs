//! The customers of the year, each with its whole year as a usage file, written by hand from the story.

/// A customer and its whole year as a usage file.
pub(super) struct Customer {
    pub(super) id: &'static str,
    /// The plan it begins with.
    pub(super) plan: &'static str,
    /// Category of VAT on all of its invoices (I4).
    pub(super) vat: &'static str,
    /// The first month that is no longer held.
    pub(super) held_until: Option<&'static str>,
    pub(super) file: &'static str,
}

pub(super) const CUSTOMERS: &[Customer] = &[
    Customer {
        id: "acc_10001",
        plan: "attendees@2021-03/pay-per-attendee",
        vat: "S",
        held_until: None,
        // A10, A12: four responses in February cost nothing. G3: both nights on which the clock changes, and midnight.
        file: r#"{
            "subscription": { "from": "2020-01-01" },
            "events": [
                { "id": "evt_neujahr", "title": {"de": "Fest neujahr", "en": "Party neujahr"}, "published": "2026-01-03", "ended": "2026-01-20", "accepted": 12, "declined": 3 },
                { "id": "evt_klein", "title": {"de": "Fest klein", "en": "Party klein"}, "published": "2026-02-02", "ended": "2026-02-10", "accepted": 3, "declined": 1 },
                { "id": "evt_sommerzeit", "title": {"de": "Fest sommerzeit", "en": "Party sommerzeit"}, "published": "2026-03-05", "ended": "2026-03-29", "accepted": 7 },
                { "id": "evt_mai", "title": {"de": "Fest mai", "en": "Party mai"}, "published": "2026-04-20", "ended": "2026-05-01", "accepted": 6, "declined": 2 },
                { "id": "evt_mitternacht", "title": {"de": "Fest mitternacht", "en": "Party mitternacht"}, "published": "2026-04-20", "ended": "2026-05-31", "accepted": 5 },
                { "id": "evt_winterzeit", "title": {"de": "Fest winterzeit", "en": "Party winterzeit"}, "published": "2026-10-02", "ended": "2026-10-25", "accepted": 9, "declined": 9 },
                { "id": "evt_silvester", "title": {"de": "Fest silvester", "en": "Party silvester"}, "published": "2026-12-01", "ended": "2026-12-31", "accepted": 11 }
            ],
            "time_entries": [{ "start": "2026-10-08T10:00", "minutes": 16, "channel": "phone" }],
            "orders": [
                { "date": "2026-04-21", "charge": "setup", "price": 380, "text": "Briefing Maifest" },
                { "date": "2026-05-12", "charge": "web-training" }
            ]
        }"#,
    },
    Customer {
        id: "acc_licence",
        plan: "attendees@2021-03/licence",
        vat: "S",
        held_until: None,
        // A52: 75 of 60 free minutes in March. A53: the first training is part of it.
        // A20, A22: its sub-account's attendees count with its own. A31: a year of a domain in the month it begins.
        file: r#"{
            "subscription": {
                "from": "2026-01-03",
                "bookings": [{ "add_on": "domain", "from": "2026-02-10", "label": "anmeldung.kongress.example" }]
            },
            "meters": { "accepted_attendees": [
                { "date": "2026-03-05", "quantity": 10 },
                { "date": "2026-09-07", "quantity": 5 }
            ] },
            "time_entries": [
                { "start": "2026-03-10T10:00", "minutes": 31, "channel": "phone" },
                { "start": "2026-03-11T10:00", "minutes": 12, "channel": "email" },
                { "start": "2026-03-12T10:00", "minutes": 15, "channel": "email" },
                { "start": "2026-07-01T09:00", "minutes": 61, "channel": "phone" }
            ],
            "orders": [{ "date": "2026-03-13", "charge": "web-training" }, { "date": "2026-11-11", "charge": "web-training" }]
        }"#,
    },
    Customer {
        id: "acc_room",
        plan: "webinars@2026-01/small",
        vat: "S",
        held_until: None,
        // C1, C2: upgrades within a month, the second on its last day. C3: the downgrade waits for the next term and
        // ends the code. P3: cancelled to the end of November.
        file: r#"{
            "subscription": {
                "from": "2026-01-03",
                "changes": [
                    { "on": "2026-03-17", "plan": "medium" },
                    { "on": "2026-06-30", "plan": "large" },
                    { "on": "2026-10-01", "plan": "small" }
                ],
                "bookings": [{ "add_on": "parallel-events", "from": "2026-04-10", "until": "2026-07-31" }],
                "promotions": [{ "code": "START20", "on": "2026-01-03", "void_from": "2026-10-01" }],
                "ends_on": "2026-11-30"
            }
        }"#,
    },
    Customer {
        id: "acc_support",
        plan: "support-levels@2026-01/standard",
        vat: "S",
        held_until: None,
        // S1: with level 3, level 2 stays booked. S2: the credit of 60 minutes is used up in February. S4: nights, Sundays,
        // both changes of the clock and the last minute of the year.
        file: r#"{
            "subscription": {
                "from": "2026-01-03",
                "bookings": [
                    { "add_on": "level-2", "from": "2026-01-03" },
                    { "add_on": "level-3", "from": "2026-05-11", "until": "2026-08-31" }
                ]
            },
            "time_entries": [
                { "start": "2026-01-15T10:00", "minutes": 40, "channel": "phone" },
                { "start": "2026-01-15T11:00", "minutes": 7.5, "channel": "email" },
                { "start": "2026-02-03T14:00", "minutes": 95.5, "channel": "phone" },
                { "start": "2026-03-29T03:10", "minutes": 5, "channel": "phone" },
                { "start": "2026-05-12T10:00", "minutes": 100, "channel": "phone" },
                { "start": "2026-09-15T21:59", "minutes": 6, "channel": "phone" },
                { "start": "2026-10-25T02:30", "minutes": 6, "channel": "phone" },
                { "start": "2026-12-31T23:59", "minutes": 1, "channel": "phone" }
            ]
        }"#,
    },
    Customer {
        id: "acc_modules",
        plan: "modules@2026-01/modules",
        vat: "S",
        held_until: None,
        // P2: the peak of the tables of a month, which stay when nothing is said of them; page views of May that become
        // known after May was billed.
        // P1: fourteen free days of the plan, and of each module; turned into a paid account on the way.
        file: r#"{
            "subscription": {
                "from": "2026-01-12", "trial_until": "2026-01-25", "converted_on": "2026-01-20",
                "bookings": [
                    { "add_on": "table-module", "from": "2026-01-20", "until": "2026-09-30" },
                    { "add_on": "page-module", "from": "2026-04-20" }
                ]
            },
            "meters": {
                "tables": [
                    { "date": "2026-02-03T10:00", "quantity": 12 },
                    { "date": "2026-02-20T10:00", "quantity": 30 },
                    { "date": "2026-06-02T10:00", "quantity": 8 }
                ],
                "pageviews": [
                    { "date": "2026-05-07", "quantity": 9999 },
                    { "date": "2026-05-30", "quantity": 10002, "recorded": "2026-06-02" },
                    { "date": "2026-06-02", "quantity": 20001 },
                    { "date": "2026-12-31", "quantity": 1 }
                ]
            }
        }"#,
    },
    Customer {
        id: "acc_helpdesk",
        plan: "helpdesk@2026-01/agent",
        vat: "S",
        held_until: None,
        // Z1a, Z2: the model of licences changes in August, each is charged for its days. Z3, Z8, Z8a, O1. Z7: what the
        // service partner does is an invoice of its own, of 100 messages at least.
        file: r#"{
            "subscription": {
                "from": "2026-02-10",
                "changes": [{ "on": "2026-08-11", "plan": "team" }],
                "bookings": [
                    { "add_on": "knowledge-base", "from": "2026-02-10" },
                    { "add_on": "ocr", "from": "2026-04-20" }
                ],
                "forecast": { "partner_messages": 100 }
            },
            "meters": {
                "named_licences": [
                    { "date": "2026-02-10T13:00", "quantity": 20 },
                    { "date": "2026-05-07T13:00", "quantity": 24 },
                    { "date": "2026-05-08T13:00", "quantity": 22 },
                    { "date": "2026-08-11T13:00", "quantity": 0 }
                ],
                "ordered_licences": [{ "date": "2026-08-11T13:00", "quantity": 12 }],
                "knowledge_base_users": [{ "date": "2026-02-10T13:00", "quantity": 7 }],
                "ocr_pages": [
                    { "date": "2026-05-07", "quantity": 1234 },
                    { "date": "2026-09-15", "quantity": 77 }
                ],
                "partner_messages": [
                    { "date": "2026-05-07", "quantity": 80 },
                    { "date": "2026-09-15", "quantity": 131 }
                ]
            },
            "orders": [
                { "date": "2026-04-21", "charge": "online-support", "quantity": 2.5 },
                { "date": "2026-05-12", "charge": "fixed-price", "price": 480, "text": "Umzug der Altdaten" },
                { "date": "2026-05-12", "charge": "expenses", "price": 73.4, "text": "Bahnfahrt" },
                { "date": "2026-10-08", "charge": "travel", "quantity": 2 }
            ]
        }"#,
    },
    Customer {
        id: "acc_wien",
        plan: "webinars@2026-01/large",
        vat: "AE",
        held_until: None,
        file: r#"{ "subscription": { "from": "2026-02-10" } }"#,
    },
    Customer {
        id: "acc_zug",
        plan: "modules@2026-01/modules",
        vat: "O",
        held_until: None,
        file: r#"{
            "subscription": {
                "from": "2026-03-05", "trial_until": "2026-03-18", "converted_on": "2026-03-05",
                "bookings": [{ "add_on": "form-module", "from": "2026-04-20" }]
            }
        }"#,
    },
    Customer {
        id: "acc_spaet",
        plan: "attendees@2021-03/pay-per-attendee",
        vat: "S",
        held_until: Some("2026-03"),
        // I1: without an address there is no invoice; that of February comes when there is one.
        file: r#"{
            "subscription": { "from": "2020-01-01" },
            "events": [
                { "id": "evt_spaet", "title": {"de": "Fest spaet", "en": "Party spaet"}, "published": "2026-02-02", "ended": "2026-02-20", "accepted": 8 }
            ]
        }"#,
    },
];
