use crate::calendar::Day;
use crate::catalog::check::tests::{base, check};
use crate::catalog::plan::Mark;

#[test]
fn plans_are_checked() {
    check(&[
        ("title", |parts| parts.plans[0].title.de.clear(), &[("plans.basic.title.de", "empty")]),
        ("twice", |parts| parts.plans.push(parts.plans[0].clone()), &[("plans.basic", "another plan `basic`")]),
        ("P1: trial too long", |parts| parts.plans[0].trial_days = 1_000, &[("plans.basic.trial_days", "0 to 366")]),
        ("C3: lead too long", |parts| parts.plans[0].lead_days = u32::MAX, &[("plans.basic.lead_days", "0 to 366")]),
        (
            "A21: no month",
            |parts| {
                base::term(parts).months = 0;
                base::term(parts).notice_months = 0;
            },
            &[("plans.pro.term.months", "0 is out of range; write a whole number from 1 to 120")],
        ),
        ("A21: too many months", |parts| base::term(parts).months = 121, &[("plans.pro.term.months", "from 1 to 120")]),
        (
            "A21: renewed for ever",
            |parts| base::term(parts).renewal_months = 121,
            &[("plans.pro.term.renewal_months", "from 0 to 120")],
        ),
        (
            "A21: notice longer than the term",
            |parts| base::term(parts).notice_months = 13,
            &[("plans.pro.term.notice_months", "a notice of 13 months is longer than the term; write 12 or less")],
        ),
        (
            "C6: limit that is no name",
            |parts| parts.plans[0].limits[0].0 = "Teil nehmer".to_owned(),
            &[("plans.basic.limits.Teil nehmer", "lower-case")],
        ),
        ("limit without a name", |parts| parts.plans[0].limits[0].0.clear(), &[("plans.basic.limits.", "1 to 40")]),
        (
            "limit twice",
            |parts| parts.plans[0].limits[0].0 = "parallel_events".to_owned(),
            &[("plans.basic.limits.parallel_events", "`parallel_events` is listed twice")],
        ),
        (
            "minimum spend of a charge of another plan",
            |parts| {
                base::minimum_spend(parts).charges.push(base::charge_id("per-attendee"));
            },
            &[("plans.pro.minimum_spend.charges.1", "`per-attendee` is no charge of this plan")],
        ),
    ]);
}

#[test]
fn plans_mark_every_meter_g7() {
    check(&[
        (
            "not marked",
            |parts| parts.plans[0].meters.retain(|(meter, _)| meter.as_str() != "users"),
            &[("plans.basic.meters", "does not mark the meter `users`; mark it charged, included or ignored")],
        ),
        (
            "none marked",
            |parts| {
                parts.plans[0].meters.clear();
                parts.meters.truncate(6);
                parts.plans[1].meters.truncate(6);
                parts.plans[1].charges.retain(|id| id.as_str() != "card-fee");
                parts.charges.retain(|charge| charge.id.as_str() != "card-fee");
            },
            &[
                ("plans.basic.meters", "`accepted_attendees`; mark it charged, for `per-attendee` prices it"),
                ("plans.basic.meters", "`responses`"),
                ("plans.basic.meters", "`users`"),
                ("plans.basic.meters", "`storage`"),
                ("plans.basic.meters", "`phone`; mark it charged, for `phone` prices it"),
                ("plans.basic.meters", "`pageviews`"),
            ],
        ),
        (
            "charged without a price",
            |parts| base::mark(parts, 0, "users", Mark::Charged),
            &[("plans.basic.meters.users", "no charge of the plan prices it")],
        ),
        (
            "included with a price",
            |parts| base::mark(parts, 0, "accepted_attendees", Mark::Included),
            &[(
                "plans.basic.meters.accepted_attendees",
                "marked included, but `per-attendee` prices it; mark it charged, or take `per-attendee` out",
            )],
        ),
        (
            "ignored with a price",
            |parts| base::mark(parts, 0, "phone", Mark::Ignored),
            &[("plans.basic.meters.phone", "marked ignored, but `phone` prices it")],
        ),
        (
            "marked twice",
            |parts| parts.plans[0].meters.push((base::meter("users"), Mark::Ignored)),
            &[("plans.basic.meters.users", "`users` is listed twice")],
        ),
        (
            "a meter that does not exist",
            |parts| parts.plans[0].meters.push((base::meter("user"), Mark::Charged)),
            &[(
                "plans.basic.meters.user",
                "there is no meter `user`; there are `users`, `accepted_attendees`, `responses`,",
            )],
        ),
    ]);
}

#[test]
fn pools_and_charges_belong_together() {
    check(&[
        (
            "title",
            |parts| parts.plans[0].pools[0].title.en.clear(),
            &[("plans.basic.pools.free-minutes.title.en", "empty")],
        ),
        (
            "twice",
            |parts| {
                let copy = parts.plans[0].pools[0].clone();
                parts.plans[0].pools.push(copy);
            },
            &[("plans.basic.pools.free-minutes", "another pool `free-minutes`")],
        ),
        (
            "size twice",
            |parts| {
                let copy = parts.plans[0].pools[0].sizes[0].clone();
                parts.plans[0].pools[0].sizes.push(copy);
            },
            &[("plans.basic.pools.free-minutes.sizes.level-2", "listed twice")],
        ),
        (
            "A52: not drawn from",
            |parts| {
                base::blocks(parts, "phone").pools.clear();
                parts.plans[1].pools.clear();
            },
            &[("plans.basic.pools.free-minutes", "no charge of the plan draws from this pool")],
        ),
        (
            "S2: in no plan with the charge",
            |parts| {
                base::one_off(parts).pools = vec![base::pool("free-minutes")];
                parts.plans[1].charges.retain(|id| id.as_str() != "phone");
                parts.plans[1].pools.clear();
            },
            &[(
                "charges.setup.pools.0",
                "no plan with this charge has the pool `free-minutes`; define it in `pro`, or leave it out",
            )],
        ),
        ("in one of the plans", |parts| parts.plans[1].pools.clear(), &[]),
        (
            "drawn from twice",
            |parts| {
                base::blocks(parts, "phone").pools.push(base::pool("free-minutes"));
            },
            &[("charges.phone.pools.1", "listed twice")],
        ),
    ]);
}

#[test]
fn promotions_are_checked() {
    check(&[
        ("text", |parts| parts.promotions[0].text.de.clear(), &[("promotions.WELCOME10.text.de", "empty")]),
        (
            "twice",
            |parts| parts.promotions.push(parts.promotions[0].clone()),
            &[("promotions.WELCOME10", "another promotion `WELCOME10`")],
        ),
        ("no month", |parts| parts.promotions[0].months = Some(0), &[("promotions.WELCOME10.months", "1 to 120")]),
        (
            "ends before it begins",
            |parts| parts.promotions[0].until = Day::parse("2025-12-31").ok(),
            &[("promotions.WELCOME10.until", "2025-12-31 lies before the first day; write 2026-01-01 or later")],
        ),
        ("for nobody", |parts| parts.promotions[0].limit = Some(0), &[("promotions.WELCOME10.limit", "1 or more")]),
    ]);
}
