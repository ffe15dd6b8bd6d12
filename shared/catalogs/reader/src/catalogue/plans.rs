//! Plans with their pools, marks, limits and terms.

use domain::catalog::names::{AddOnId, ChargeId, MeterId, PlanId, PoolId};
use domain::catalog::plan::{Mark, MinimumSpend, Plan, Pool, Reset, Term};
use rust_decimal::Decimal;

use crate::catalogue::charges::source;
use crate::catalogue::title;
use crate::cursor::{Cursor, Fields};

/// Keys of a plan.
pub(crate) const PLAN_KEYS: [&str; 14] = [
    "title",
    "rank",
    "sold",
    "free",
    "trial_days",
    "sub_accounts",
    "lead_days",
    "term",
    "includes",
    "limits",
    "charges",
    "meters",
    "minimum_spend",
    "pools",
];
/// Keys of a binding time.
pub(crate) const TERM_KEYS: [&str; 3] = ["months", "notice_months", "renewal_months"];
/// Keys of a least amount of a month.
pub(crate) const MINIMUM_KEYS: [&str; 5] = ["price", "charges", "prorated", "rule", "sample"];
/// Keys of a pool.
pub(crate) const POOL_KEYS: [&str; 4] = ["title", "size", "reset", "sizes"];
/// What a plan does with a meter.
pub(crate) const MARKS: [(&str, Mark); 3] = [
    (Mark::Charged.code(), Mark::Charged),
    (Mark::Included.code(), Mark::Included),
    (Mark::Ignored.code(), Mark::Ignored),
];
/// When a pool is full again.
pub(crate) const RESETS: [(&str, Reset); 2] = [("month", Reset::Month), ("once", Reset::Once)];
/// Working days that are advised for a downgrade, unless given (C3).
const LEAD_DAYS: u32 = 3;
/// Highest limit a plan can set.
const LIMIT_LIMIT: u64 = 1_000_000_000_000;

/// Reads a plan; its place in the file is its rank, unless given.
pub(super) fn plan(cursor: &Cursor<'_>, rank: u32) -> Option<Plan> {
    let id = cursor.key_name(PlanId::parse);
    let fields = cursor.fields(&PLAN_KEYS)?;
    let small = |key, default| fields.read(key, Cursor::small).unwrap_or(default);
    let plan = Plan {
        title: title(&fields),
        rank: small("rank", rank),
        sold: fields.read("sold", Cursor::flag).unwrap_or(true),
        free: fields.flag("free"),
        trial_days: small("trial_days", 0),
        sub_accounts: fields.flag("sub_accounts"),
        lead_days: small("lead_days", LEAD_DAYS),
        term: fields.read("term", term),
        includes: fields.names("includes", AddOnId::parse),
        limits: fields.section("limits").iter().filter_map(limit).collect(),
        charges: fields.names("charges", ChargeId::parse),
        meters: fields.section("meters").iter().filter_map(mark).collect(),
        pools: fields.section("pools").iter().filter_map(pool).collect(),
        minimum_spend: fields.read("minimum_spend", minimum_spend),
        id: id?,
    };
    Some(plan)
}

fn term(cursor: &Cursor<'_>) -> Option<Term> {
    let fields = cursor.fields(&TERM_KEYS)?;
    let months = |key, purpose| fields.required(key, purpose).and_then(|it: Cursor<'_>| it.small());
    let first = months("months", "months it binds at first");
    let notice = months("notice_months", "months before the end by which it is cancelled");
    let renewal = months("renewal_months", "months it binds again; 0 goes on month by month");
    Some(Term { months: first?, notice_months: notice?, renewal_months: renewal? })
}

fn limit(cursor: &Cursor<'_>) -> Option<(String, u64)> {
    let name = cursor.key_name(PlanId::parse);
    let limit = cursor.whole(0..=LIMIT_LIMIT);
    Some((name?.to_string(), limit?))
}

fn mark(cursor: &Cursor<'_>) -> Option<(MeterId, Mark)> {
    let meter = cursor.key_name(MeterId::parse);
    let mark = cursor.word(&MARKS);
    Some((meter?, mark?))
}

fn pool(cursor: &Cursor<'_>) -> Option<Pool> {
    let id = cursor.key_name(PoolId::parse);
    let fields = cursor.fields(&POOL_KEYS)?;
    let pool = Pool {
        title: title(&fields),
        size: required_decimal(&fields, "size", "how much is free"),
        reset: fields.read("reset", |it| it.word(&RESETS)).unwrap_or(Reset::Month),
        sizes: fields.section("sizes").iter().filter_map(size).collect(),
        id: id?,
    };
    Some(pool)
}

fn size(cursor: &Cursor<'_>) -> Option<(AddOnId, Decimal)> {
    let add_on = cursor.key_name(AddOnId::parse);
    let size = cursor.decimal();
    Some((add_on?, size?))
}

fn minimum_spend(cursor: &Cursor<'_>) -> Option<MinimumSpend> {
    let fields = cursor.fields(&MINIMUM_KEYS)?;
    Some(MinimumSpend {
        amount: required_decimal(&fields, "price", "the least net amount of a month"),
        charges: fields.names("charges", ChargeId::parse),
        source: source(&fields),
        prorated: fields.flag("prorated"),
    })
}

fn required_decimal(fields: &Fields<'_>, key: &str, purpose: &str) -> Decimal {
    fields.required(key, purpose).and_then(|it| it.decimal()).unwrap_or(Decimal::ONE)
}
