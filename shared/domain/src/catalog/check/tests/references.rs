use crate::catalog::check::tests::{base, check};

#[test]
fn charges_and_add_ons_name_what_exists() {
    check(&[
        (
            "meter of a charge",
            |parts| base::quantity(parts, "storage-fee").meter = base::meter("storrage"),
            &[
                (
                    "charges.storage-fee.meter",
                    "there is no meter `storrage`; there are `storage`, `accepted_attendees`, `responses`,",
                ),
                ("plans.pro.meters.storage", "no charge of the plan prices it"),
            ],
        ),
        (
            "channel",
            |parts| base::blocks(parts, "evening").channel = base::meter("fone"),
            &[("charges.evening.channel", "there is no meter `fone`; there are `accepted_attendees`")],
        ),
        (
            "meter of a waiver",
            |parts| {
                if let Some(waiver) = &mut base::quantity(parts, "per-attendee").waiver {
                    waiver.meter = base::meter("response");
                }
            },
            &[("charges.per-attendee.waive_below.meter", "there are `responses`, `accepted_attendees`,")],
        ),
        (
            "add-on of a charge",
            |parts| base::charge_of(parts, "fee").add_on = Some(base::add_on("level3")),
            &[("charges.fee.add_on", "there is no add-on `level3`; there are `level-3`, `level-2`, `domain`")],
        ),
        (
            "pool of a charge",
            |parts| base::one_off(parts).pools = vec![base::pool("credit")],
            &[("charges.setup.pools.0", "there is no pool `credit`; there is only `free-minutes`")],
        ),
        (
            "pool where there are none",
            |parts| parts.plans.iter_mut().for_each(|plan| plan.pools.clear()),
            &[("charges.phone.pools.0", "there is no pool `free-minutes`; the catalogue defines none")],
        ),
        (
            "required add-on",
            |parts| base::require(parts, "level-3", "level-1"),
            &[("add_ons.level-3.requires.1", "there is no add-on `level-1`; there are `level-2`, `level-3`, `domain`")],
        ),
        (
            "required add-on twice",
            |parts| base::require(parts, "level-3", "level-2"),
            &[("add_ons.level-3.requires.1", "`level-2` is listed twice")],
        ),
    ]);
}

#[test]
fn plans_and_promotions_name_what_exists() {
    check(&[
        (
            "included add-on",
            |parts| parts.plans[0].includes = vec![base::add_on("domains")],
            &[("plans.basic.includes.0", "there is no add-on `domains`; there are `domain`, `level-2`, `level-3`")],
        ),
        (
            "included add-on twice",
            |parts| parts.plans[1].includes.push(base::add_on("level-2")),
            &[("plans.pro.includes.1", "listed twice")],
        ),
        (
            "charge of a plan",
            |parts| parts.plans[0].charges.push(base::charge_id("telephone")),
            &[(
                "plans.basic.charges.4",
                "there is no charge `telephone`; there are `fee`, `domain`, `setup`, `per-attendee`, `users-fee`, \
             `storage-fee`, `steps`, `card-fee` and 2 more",
            )],
        ),
        (
            "charge of a plan twice",
            |parts| parts.plans[0].charges.push(base::charge_id("evening")),
            &[("plans.basic.charges.4", "`evening` is listed twice")],
        ),
        (
            "add-on of a pool size",
            |parts| parts.plans[0].pools[0].sizes[0].0 = base::add_on("level-4"),
            &[("plans.basic.pools.free-minutes.sizes.level-4", "there is no add-on `level-4`")],
        ),
        (
            "charge of a minimum spend",
            |parts| base::minimum_spend(parts).charges[0] = base::charge_id("user-fee"),
            &[("plans.pro.minimum_spend.charges.0", "there is no charge `user-fee`; there are `users-fee`,")],
        ),
        (
            "plan of a promotion",
            |parts| parts.promotions[0].plans.push(base::plan_id("por")),
            &[("promotions.WELCOME10.plans.1", "there is no plan `por`; there are `pro`, `basic`")],
        ),
        (
            "charge of a promotion",
            |parts| parts.promotions[0].charges.push(base::charge_id("fees")),
            &[("promotions.WELCOME10.charges.1", "there is no charge `fees`; there are `fee`,")],
        ),
    ]);
}
