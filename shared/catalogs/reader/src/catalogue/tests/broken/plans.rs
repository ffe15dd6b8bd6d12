//! Plans and promotions.

use super::{Row, check};

const PLANS: &[Row] = &[
    (
        "a rank below zero",
        "rank = 7",
        "rank = -1",
        &["186:8: plans.licence.rank: -1 is below zero, which is not possible here"],
    ),
    (
        "a term without notice",
        "notice_months = 3, ",
        "",
        &[
            "190:8: plans.licence.term.notice_months: this key is missing: months before the end by which it is cancelled",
        ],
    ),
    (
        "a limit that is no number",
        "attendees = 50,",
        r#"attendees = "50","#,
        &[r#"162:24: plans.basic.limits.attendees: expected a whole number, found the text "50""#],
    ),
    (
        "an unknown mark",
        r#"responses = "ignored""#,
        r#"responses = "free""#,
        &[
            r#"167:13: plans.basic.meters.responses: unknown word "free"; possible is `charged`, `included` or `ignored`"#,
        ],
    ),
    (
        "a list that is a text",
        r#"includes = ["level-2"]"#,
        r#"includes = "level-2""#,
        &[r#"191:12: plans.licence.includes: expected a list in brackets, found the text "level-2""#],
    ),
    (
        "an item that is no name",
        r#"includes = ["level-2"]"#,
        r#"includes = ["level-2", 3]"#,
        &["191:24: plans.licence.includes[1]: expected a text in quotes, found the number 3"],
    ),
    (
        "a pool without size",
        "size = 15\n",
        "",
        &["174:1: plans.basic.pools.free-minutes.size: this key is missing: how much is free"],
    ),
    (
        "an unknown reset",
        r#""once""#,
        r#""never""#,
        &[r#"182:9: plans.basic.pools.credit.reset: unknown word "never"; possible is `month` or `once`"#],
    ),
    (
        "a minimum without source",
        r#", rule = "contract" }"#,
        " }",
        &[
            "163:17: plans.basic.minimum_spend.rule: this key is missing: where the price comes from; write sample = true if it is made up",
        ],
    ),
];

#[test]
fn plans() {
    check(PLANS);
}

const PROMOTIONS: &[Row] = &[
    (
        "a discount twice",
        "percent = 10",
        "percent = 10\namount = 5",
        &[
            "198:10: promotions.WELCOME10.amount: a promotion takes off either `percent` or `amount`; remove one of them",
        ],
    ),
    (
        "no discount",
        "percent = 10\n",
        "",
        &["195:1: promotions.WELCOME10.percent: this key is missing: what is taken off; give it or `amount`"],
    ),
    (
        "a code that is too short",
        "[promotions.five-off]",
        "[promotions.ab]",
        &[r#"206:13: promotions.ab: "ab" is no name; use 3 to 40 letters, digits or hyphens"#],
    ),
    (
        "a code twice",
        "[promotions.five-off]",
        "[promotions.Welcome10]",
        &["206:13: promotions.Welcome10: this code is there already; small and capital letters are the same"],
    ),
];

#[test]
fn promotions() {
    check(PROMOTIONS);
}
