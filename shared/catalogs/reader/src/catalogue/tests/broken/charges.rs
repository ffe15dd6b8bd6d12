//! Charges.

use super::{Row, check};

const WHAT_ALL_CHARGES_HAVE: &[Row] = &[
    (
        "no model",
        "model = \"one_off\"\n",
        "",
        &[
            "69:1: charges.setup.model: this key is missing: `flat`, `one_off`, `per_unit`, `package`, `graduated`, `volume`, `stepped`, `percentage` or `blocks`",
        ],
    ),
    (
        "an unknown model",
        r#"model = "one_off""#,
        r#"model = "oneoff""#,
        &[r#"72:9: charges.setup.model: unknown word "oneoff"; did you mean `one_off`?"#],
    ),
    (
        "a key of another model",
        "from = true",
        "from = true\ntiers = []",
        &[
            "75:1: charges.setup.tiers: the model `one_off` does not have this key; its own are `price`, `from` or `pools`",
        ],
    ),
    (
        "no source",
        "rule = \"A30\"\n",
        "",
        &[
            "69:1: charges.setup.rule: this key is missing: where the price comes from; write sample = true if it is made up",
        ],
    ),
    (
        "two sources",
        r#"rule = "A30""#,
        "rule = \"A30\"\nsample = true",
        &["72:10: charges.setup.sample: a price has either a `rule` or is a `sample`; remove one of them"],
    ),
    (
        "a sample that is none",
        "sample = true\nissuer",
        "sample = false\nissuer",
        &[
            "87:10: charges.process-packages.sample: write sample = true, or give the `rule` the price comes from instead",
        ],
    ),
    (
        "a rule that is too long",
        r#"rule = "A30""#,
        r#"rule = "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr""#,
        &["71:8: charges.setup.rule: this text has more than 80 characters"],
    ),
    (
        "VAT as a number",
        r#"vat = "reduced""#,
        "vat = 7",
        &["89:7: charges.process-packages.vat: expected a text in quotes, found the number 7"],
    ),
    (
        "an unknown issuer",
        r#""partner""#,
        r#""partners""#,
        &[r#"88:10: charges.process-packages.issuer: unknown word "partners"; did you mean `partner`?"#],
    ),
];

#[test]
fn what_all_charges_have() {
    check(WHAT_ALL_CHARGES_HAVE);
}

const DECIMALS_G1: &[Row] = &[
    ("a decimal comma", r#""49.00""#, r#""49,00""#, &["57:9: charges.fee.price: decimals have a point; write 49.00"]),
    (
        "a price with its currency",
        r#""49.00""#,
        r#""49.00 EUR""#,
        &[r#"57:9: charges.fee.price: "49.00 EUR" is no decimal; write digits with a point such as 49.00"#],
    ),
    (
        "a price that is a word",
        r#""49.00""#,
        r#""on request""#,
        &[
            r#"57:9: charges.fee.price: "on request" is no price; write digits with a point such as 49.00, or "on_request""#,
        ],
    ),
    (
        "an exponent",
        "price = 39.00",
        "price = 39e2",
        &["66:9: charges.level-2-fee.price: 39e2 has an exponent; write all its digits"],
    ),
    (
        "an exponent in quotes",
        r#""49.00""#,
        r#""4.9E1""#,
        &["57:9: charges.fee.price: 4.9E1 has an exponent; write all its digits"],
    ),
    (
        "infinite",
        "price = 39.00",
        "price = inf",
        &[r#"66:9: charges.level-2-fee.price: "inf" is no decimal; write digits with a point such as 49.00"#],
    ),
    (
        "no number",
        "price = 39.00",
        "price = nan",
        &[r#"66:9: charges.level-2-fee.price: "nan" is no decimal; write digits with a point such as 49.00"#],
    ),
    (
        "hexadecimal",
        "price = 39.00",
        "price = 0x27",
        &[r#"66:9: charges.level-2-fee.price: "0x27" is no decimal; write digits with a point such as 49.00"#],
    ),
    (
        "nine places",
        r#""0.125""#,
        r#""0.123456789""#,
        &["105:28: charges.storage.tiers[1].price: more than 8 decimal places"],
    ),
    (
        "nineteen digits",
        r#""0.125""#,
        "1000000000000000000",
        &["105:28: charges.storage.tiers[1].price: more than 18 digits before the point"],
    ),
    (
        "a point without digits",
        r#""0.125""#,
        r#"".5""#,
        &[r#"105:28: charges.storage.tiers[1].price: ".5" is no decimal; write digits with a point such as 49.00"#],
    ),
    (
        "a price that is a flag",
        r#""0.125""#,
        "true",
        &["105:28: charges.storage.tiers[1].price: expected a decimal such as 49.00, found true or false"],
    ),
];

#[test]
fn decimals_g1() {
    check(DECIMALS_G1);
}

const FLAT_FEES_AND_THRESHOLDS: &[Row] = &[
    (
        "an unknown interval",
        r#"every = "month""#,
        r#"every = "week""#,
        &[r#"67:9: charges.level-2-fee.every: unknown word "week"; possible is `month` or `year`"#],
    ),
    (
        "a yearly fee in arrears",
        r#"every = "month""#,
        "every = \"year\"\nbilled = \"arrears\"",
        &["68:1: charges.level-2-fee.billed: a yearly fee is charged whole and in advance; remove this key"],
    ),
    (
        "a flag in quotes",
        "from = true",
        r#"from = "true""#,
        &[r#"74:8: charges.setup.from: expected true or false, found the text "true""#],
    ),
    (
        "a threshold without quantity",
        r#"waive_below = { meter = "responses", quantity = 5 }"#,
        r#"waive_below = { meter = "responses" }"#,
        &["83:15: charges.per-attendee.waive_below.quantity: this key is missing: charged from this quantity on"],
    ),
];

#[test]
fn flat_fees_and_thresholds() {
    check(FLAT_FEES_AND_THRESHOLDS);
}

const TIERS: &[Row] = &[
    (
        "no tiers",
        "tiers = [{ up_to = 5, price = 10 }, { price = 8 }]",
        "tiers = []",
        &["114:9: charges.users.tiers: there must be at least one tier, the last one without `up_to`"],
    ),
    (
        "tiers that overlap",
        "up_to = 100,",
        "up_to = 10,",
        &["105:5: charges.storage.tiers[1]: `up_to` must be above that of the tier before; the two overlap"],
    ),
    (
        "a first tier of nothing",
        "up_to = 5,",
        "up_to = 0,",
        &["114:10: charges.users.tiers[0]: `up_to` must be above zero"],
    ),
    (
        "an endless tier inside",
        "up_to = 5, ",
        "",
        &["114:10: charges.users.tiers[0]: only the last tier has no `up_to`; give this one its end"],
    ),
    (
        "a gap at the end",
        "{ price = 8 }]",
        "{ up_to = 9, price = 8 }]",
        &[
            "114:37: charges.users.tiers[1]: the last tier has no `up_to`; quantities above this one would have no price",
        ],
    ),
    (
        "a tier below zero",
        "{ price = 8 }]",
        "{ price = -8 }]",
        &["114:37: charges.users.tiers[1]: neither `price` nor `flat` may be below zero"],
    ),
    (
        "a tier without price",
        "{ price = 8 }]",
        "{ flat = 8 }]",
        &[r#"114:37: charges.users.tiers[1].price: this key is missing: the net price, or "on_request""#],
    ),
    (
        "a misspelt end of a tier",
        "up_to = 100,",
        "upto = 100,",
        &["105:7: charges.storage.tiers[1].upto: unknown key; did you mean `up_to`?"],
    ),
    (
        "two mistakes in tiers",
        "tiers = [{ up_to = 5, price = 10 }, { price = 8 }]",
        r#"tiers = [{ up_to = "a", price = 10 }, { price = "b" }]"#,
        &[
            r#"114:20: charges.users.tiers[0].up_to: "a" is no decimal; write digits with a point such as 49.00"#,
            r#"114:49: charges.users.tiers[1].price: "b" is no price; write digits with a point such as 49.00, or "on_request""#,
        ],
    ),
    (
        "tiers that are a table",
        "tiers = [{ up_to = 5, price = 10 }, { price = 8 }]",
        "tiers = { price = 8 }",
        &["114:9: charges.users.tiers: expected a list in brackets, found a table"],
    ),
];

#[test]
fn tiers() {
    check(TIERS);
}

const THE_OTHER_MODELS: &[Row] = &[
    (
        "no time to accumulate over",
        "accumulates = \"licence_year\"\n",
        "",
        &["117:1: charges.licence.accumulates: this key is missing: the time over which the count accumulates"],
    ),
    (
        "an unknown time to accumulate over",
        r#""licence_year""#,
        r#""year""#,
        &[
            r#"123:15: charges.licence.accumulates: unknown word "year"; possible is `licence_year`, `month` or `always`"#,
        ],
    ),
    (
        "a fraction of a transaction",
        "free_transactions = 3",
        "free_transactions = 3.5",
        &["134:21: charges.payment-fee.free_transactions: 3.5 is not a whole number"],
    ),
    (
        "a channel that is no name",
        r#"channel = "phone""#,
        r#"channel = "Phone""#,
        &[
            r#"140:11: charges.calls.channel: "Phone" is no name; use 1 to 40 lower-case letters, digits, hyphens or underscores, beginning with a letter"#,
        ],
    ),
    (
        "a first block without price",
        "first = { minutes = 5, price = 36 }",
        "first = { minutes = 5 }",
        &["154:9: charges.emergency.first.price: this key is missing: the net price of the first block"],
    ),
];

#[test]
fn the_other_models() {
    check(THE_OTHER_MODELS);
}
