use rust_decimal::Decimal;

use crate::catalog::charge::{PriceSource, Shape};
use crate::catalog::check::tests::{base, check, decimal};
use crate::catalog::plan::Discount;

#[test]
fn fees_are_bounded() {
    check(&[
        (
            "flat below zero",
            |parts| base::flat(parts).price = base::amount("-0.01"),
            &[("charges.fee.price", "the price is below zero; write 0 or more")],
        ),
        (
            "flat at the limit",
            |parts| base::flat(parts).price = base::amount("1000000000000"),
            &[("charges.fee.price", "too large; write less than 1000000000000")],
        ),
        (
            "the largest number there is",
            |parts| base::flat(parts).price = base::Price::Amount(Decimal::MAX),
            &[("charges.fee.price", "too large")],
        ),
        (
            "nine places",
            |parts| base::flat(parts).price = base::amount("0.123456789"),
            &[("charges.fee.price", "has 9 decimal places; write at most 8")],
        ),
        (
            "one off",
            |parts| base::one_off(parts).price = base::amount("-250"),
            &[("charges.setup.price", "below zero")],
        ),
    ]);
}

#[test]
fn prices_by_quantity_are_bounded() {
    check(&[
        (
            "per unit",
            |parts| base::quantity(parts, "per-attendee").shape = Shape::PerUnit(decimal("-3")),
            &[("charges.per-attendee.price", "below zero")],
        ),
        (
            "a package of nothing",
            |parts| {
                base::quantity(parts, "storage-fee").shape =
                    Shape::Package { size: Decimal::ZERO, price: decimal("-1") };
            },
            &[
                ("charges.storage-fee.size", "the size of a package is not above zero; write more than 0"),
                ("charges.storage-fee.price", "below zero"),
            ],
        ),
        (
            "tiers",
            |parts| {
                let tiers = base::tiers(&[
                    (Some("0.000000001"), base::amount("1e12"), "0"),
                    (Some("2000000000000"), base::amount("1"), "0.000000001"),
                    (None, base::Price::OnRequest, "1e13"),
                ]);
                base::quantity(parts, "users-fee").shape = Shape::Graduated(tiers);
            },
            &[
                ("charges.users-fee.tiers.0.up_to", "9 decimal places"),
                ("charges.users-fee.tiers.0.price", "too large"),
                ("charges.users-fee.tiers.1.up_to", "too large"),
                ("charges.users-fee.tiers.1.flat", "9 decimal places"),
                ("charges.users-fee.tiers.2.flat", "too large"),
            ],
        ),
        (
            "steps",
            |parts| base::stepped(parts).tiers = base::tiers(&[(None, base::amount("1e12"), "0")]),
            &[("charges.steps.tiers.0.price", "too large")],
        ),
        (
            "minimum quantity",
            |parts| base::quantity(parts, "users-fee").minimum_quantity = Some(decimal("-1")),
            &[("charges.users-fee.minimum_quantity", "the quantity is below zero")],
        ),
        (
            "waived below less than nothing",
            |parts| {
                if let Some(waiver) = &mut base::quantity(parts, "per-attendee").waiver {
                    waiver.below = decimal("-1");
                }
            },
            &[("charges.per-attendee.waive_below.quantity", "below zero")],
        ),
    ]);
}

#[test]
fn shares_and_times_are_bounded() {
    check(&[
        (
            "percent below zero",
            |parts| base::percentage(parts).percent = decimal("-1"),
            &[("charges.card-fee.percent", "-1 is out of range; write 0 to 100")],
        ),
        (
            "percent above 100",
            |parts| base::percentage(parts).percent = decimal("100.01"),
            &[("charges.card-fee.percent", "100.01 is out of range")],
        ),
        (
            "percent with nine places",
            |parts| base::percentage(parts).percent = decimal("4.000000001"),
            &[("charges.card-fee.percent", "the percentage has 9 decimal places")],
        ),
        (
            "fixed, minimum and maximum",
            |parts| {
                let percentage = base::percentage(parts);
                percentage.fixed = decimal("-1");
                percentage.minimum = Some(decimal("-1"));
                percentage.maximum = Some(decimal("1e12"));
            },
            &[
                ("charges.card-fee.fixed", "below zero"),
                ("charges.card-fee.minimum", "below zero"),
                ("charges.card-fee.maximum", "too large"),
            ],
        ),
        (
            "A41: minimum above maximum",
            |parts| base::percentage(parts).maximum = Some(decimal("2.49")),
            &[("charges.card-fee.minimum", "the minimum 2.50 is above the maximum 2.49; write 2.49 or less")],
        ),
        (
            "blocks",
            |parts| {
                let blocks = base::blocks(parts, "phone");
                blocks.block = decimal("-15");
                blocks.price = decimal("-1");
                blocks.longest = Some(Decimal::ZERO);
            },
            &[
                ("charges.phone.block", "the length of a block is not above zero"),
                ("charges.phone.price", "below zero"),
                ("charges.phone.longest", "the length of an entry is not above zero"),
            ],
        ),
        (
            "S4: first block",
            |parts| {
                if let Some(first) = &mut base::blocks(parts, "evening").first {
                    first.minutes = Decimal::ZERO;
                    first.price = decimal("-30");
                }
            },
            &[
                ("charges.evening.first.minutes", "the length of the first block is not above zero"),
                ("charges.evening.first.price", "below zero"),
            ],
        ),
    ]);
}

#[test]
fn amounts_of_plans_and_promotions_are_bounded() {
    check(&[
        (
            "an empty pool",
            |parts| {
                parts.plans[0].pools[0].size = Decimal::ZERO;
                parts.plans[0].pools[0].sizes.clear();
            },
            &[("plans.basic.pools.free-minutes.size", "the size of a pool is not above zero")],
        ),
        (
            "a pool below zero",
            |parts| parts.plans[0].pools[0].size = decimal("-1"),
            &[("plans.basic.pools.free-minutes.size", "below zero")],
        ),
        (
            "S1: a pool that gets smaller",
            |parts| parts.plans[0].pools[0].sizes[1].1 = decimal("14"),
            &[("plans.basic.pools.free-minutes.sizes.level-3", "below that without the add-on; write 15 or more")],
        ),
        (
            "a pool without bounds",
            |parts| parts.plans[0].pools[0].sizes[1].1 = decimal("1e12"),
            &[("plans.basic.pools.free-minutes.sizes.level-3", "too large")],
        ),
        (
            "minimum spend",
            |parts| base::minimum_spend(parts).amount = decimal("-50"),
            &[("plans.pro.minimum_spend.price", "below zero")],
        ),
        (
            "a promotion of nothing",
            |parts| parts.promotions[0].discount = Discount::Percent(Decimal::ZERO),
            &[("promotions.WELCOME10.percent", "0 is out of range; write more than 0 and at most 100")],
        ),
        (
            "a promotion of more than all",
            |parts| parts.promotions[0].discount = Discount::Percent(decimal("101")),
            &[("promotions.WELCOME10.percent", "out of range")],
        ),
        (
            "a promotion by an amount of nothing",
            |parts| parts.promotions[0].discount = Discount::Amount(Decimal::ZERO),
            &[("promotions.WELCOME10.amount", "not above zero")],
        ),
    ]);
}

#[test]
fn prices_can_be_traced_g5() {
    check(&[
        (
            "empty",
            |parts| parts.charges[0].source = PriceSource::Rule(String::new()),
            &[("charges.fee.rule", "empty; write 1 to 80 characters")],
        ),
        (
            "too long",
            |parts| parts.charges[0].source = PriceSource::Rule("x".repeat(81)),
            &[("charges.fee.rule", "81 characters")],
        ),
        (
            "minimum spend",
            |parts| base::minimum_spend(parts).source = PriceSource::Rule("a\tb".to_owned()),
            &[("plans.pro.minimum_spend.rule", "control characters")],
        ),
        (
            "promotion",
            |parts| parts.promotions[0].source = PriceSource::Rule(" ".to_owned()),
            &[("promotions.WELCOME10.rule", "empty")],
        ),
    ]);
}
