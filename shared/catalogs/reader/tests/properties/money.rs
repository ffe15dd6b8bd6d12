//! Sums, shares and tiers (G1, G2, C1).

use catalogs::price::price;
use catalogs::{UsageFile, read_usage};
use domain::calendar::Day;
use domain::catalog::charge::{Model, Shape};
use domain::catalog::names::PlanId;
use domain::catalog::tiers::{Price, Tier, Tiers};
use domain::catalog::{Catalogue, Catalogues};
use domain::event::CountingScheme;
use domain::ids::EventId;
use domain::language::Text;
use domain::rating::Rating;
use domain::subscription::{Phase, Subscription};
use domain::usage::{Counts, EndedEvent, Record, Usage};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::samples::{meter, subscription, usage};
use crate::{MIX, day, list, month, months, net, plan, rate, read, with};

const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

fn cents(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

fn on(day: Day, name: &str, quantity: Decimal) -> Record {
    Record { day, at: None, meter: meter(name), quantity, subject: None, recorded_on: None }
}

/// Up to four tiers: how wide each is, the price of a unit and the flat amount, both in cents.
fn tiers() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
    vec((1_i64..60, 0_i64..500, prop_oneof![Just(0_i64), 0_i64..900]), 1..5)
}

fn made(tiers: &[(i64, i64, i64)]) -> Tiers {
    let mut end = 0;
    let tier = |(index, (width, price, flat)): (usize, &(i64, i64, i64))| {
        end += width;
        Tier {
            up_to: (index + 1 < tiers.len()).then(|| Decimal::from(end)),
            price: Price::Amount(Decimal::new(*price, 2)),
            flat: Decimal::new(*flat, 2),
        }
    };
    Tiers::new(tiers.iter().enumerate().map(tier).collect()).expect("tiers")
}

/// What two quantities cost in November by a shape of the price.
fn prices(shape: &Shape, quantities: [Decimal; 2]) -> [Decimal; 2] {
    let catalogue = with(&MIX, |parts| {
        for charge in &mut parts.charges {
            if let Model::Metered(metered) = &mut charge.model
                && charge.id.as_str() == "packs"
            {
                metered.shape = shape.clone();
            }
        }
    });
    let subscription = Subscription::new(plan(&catalogue, "a"), day("2026-01-01"));
    quantities.map(|quantity| {
        let usage = Usage { records: vec![on(day("2026-11-10"), "packs", quantity)], ..Usage::default() };
        let rating = rate(&catalogue, &subscription, &usage, month("2026-11"));
        let packs = rating.lines.iter().filter(|rated| rated.line.provenance.price == "packs");
        packs.map(|rated| rated.line.net.amount()).sum()
    })
}

/// Two plans with a fee of the same price, by days: a change changes nothing but the name.
const TWINS: &str = r#"
format = 1
id = "twins"
version = "1"
currency = "EUR"
title = { de = "Zwillinge", en = "Twins" }

[charges]
one = { text = { de = "F", en = "F" }, sample = true, model = "flat", price = PRICE, prorated = true }
two = { text = { de = "F", en = "F" }, sample = true, model = "flat", price = PRICE, prorated = true }

[plans]
one = { title = { de = "Eins", en = "One" }, charges = ["one"], meters = {} }
two = { title = { de = "Zwei", en = "Two" }, charges = ["two"], meters = {} }
"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lines_add_up_and_each_is_rounded_once_g1_g2(subscription in subscription(), usage in usage()) {
        let file = UsageFile { subscription, usage, tickets: Vec::new(), country: "DE".to_owned(), vat_id: None, small_business: false };
        for month in months() {
            let name = PlanId::parse("a").expect("a plan");
            let report = price(&Catalogues::one(MIX.clone()), &MIX, &name, month, &file, day("2026-12-01").start());
            for rated in &report.rating.lines {
                let line = &rated.line;
                let (days, of) = line.share.map_or((1, 1), |share| (share.days, share.of));
                let exact = line.quantity * line.unit_price.amount() * Decimal::from(days) / Decimal::from(of);
                prop_assert_eq!(line.net.amount(), cents(exact), "{:?}", line);
            }
            prop_assert_eq!(report.totals.net.amount(), net(&report.rating));
            for totals in report.invoices.iter().map(|(_, totals)| totals).chain([&report.totals]) {
                let vat: Decimal = totals.vat.iter().map(|group| group.vat.amount()).sum();
                let taxable: Decimal = totals.vat.iter().map(|group| group.taxable.amount()).sum();
                prop_assert_eq!(totals.net.amount() + vat, totals.gross.amount());
                prop_assert_eq!(taxable, totals.net.amount());
            }
            let net: Decimal = report.invoices.iter().map(|(_, totals)| totals.net.amount()).sum();
            prop_assert_eq!(net, report.totals.net.amount());
        }
    }

    #[test]
    fn the_same_input_gives_the_same_bytes_g4(subscription in subscription(), usage in usage()) {
        let name = PlanId::parse("a").expect("a plan");
        let file = UsageFile { subscription, usage, tickets: Vec::new(), country: "DE".to_owned(), vat_id: None, small_business: false };
        let report = |catalogue: &Catalogue| {
            let (month, now) = (month("2026-11"), day("2026-12-01").start());
            price(&Catalogues::one(catalogue.clone()), catalogue, &name, month, &file, now).json().to_string()
        };
        prop_assert_eq!(report(&MIX), report(&read(include_str!("mix.toml"))));
    }

    #[test]
    fn more_is_never_cheaper_in_graduated_tiers_g1(tiers in tiers(), less in 0_i64..30_000, more in 0_i64..30_000) {
        let [less, more] = [less.min(more), less.max(more)].map(|hundredths| Decimal::new(hundredths, 2));
        let [low, high] = prices(&Shape::Graduated(made(&tiers)), [less, more]);
        prop_assert!(low <= high, "{less} cost {low}, {more} cost {high}");
    }

    #[test]
    fn more_is_never_cheaper_by_volume_where_prices_rise_g1(
        tiers in tiers(),
        less in 0_i64..30_000,
        more in 0_i64..30_000,
    ) {
        let (mut prices_of, mut flats): (Vec<i64>, Vec<i64>) = tiers.iter().map(|tier| (tier.1, tier.2)).unzip();
        prices_of.sort_unstable();
        flats.sort_unstable();
        let rising: Vec<_> =
            tiers.iter().zip(prices_of).zip(flats).map(|((tier, price), flat)| (tier.0, price, flat)).collect();
        let [less, more] = [less.min(more), less.max(more)].map(|hundredths| Decimal::new(hundredths, 2));
        let [low, high] = prices(&Shape::Volume(made(&rising)), [less, more]);
        prop_assert!(low <= high, "{less} cost {low}, {more} cost {high}");
    }

    /// In either direction: each part is rounded half away from zero by itself, so by half a cent at most.
    #[test]
    fn the_parts_of_a_month_cost_the_month_by_half_a_cent_each_c1(
        price in 1_i64..100_000,
        changes in btree_set(1_u64..30, 0..12),
    ) {
        let price = Decimal::new(price, 3);
        let catalogue = read(&TWINS.replace("PRICE", &price.to_string()));
        let first = day("2026-11-01");
        let plans = ["one", "two"].iter().cycle().map(|name| plan(&catalogue, name));
        let days = std::iter::once(first).chain(changes.iter().map(|days| first.plus_days(*days)));
        let mut subscription = Subscription::new(plan(&catalogue, "one"), first);
        subscription.phases = days.zip(plans).map(|(from, plan)| Phase { plan, from }).collect();
        let rating = rate(&catalogue, &subscription, &Usage::default(), month("2026-11"));
        let parts = Decimal::from(rating.lines.len());
        let difference = net(&rating) - price;
        prop_assert!(parts <= Decimal::TWO, "each plan's days are one line");
        prop_assert!(difference.abs() * Decimal::TWO <= CENT * parts, "{difference} in {parts} parts of {price}");
    }

    #[test]
    fn an_upgrade_and_the_rest_cost_both_plans_by_days_c1(
        lower in 0_usize..2,
        higher in 1_usize..3,
        change in 2_u64..=31,
        in_month in select(&[("2026-10", 31), ("2026-11", 30), ("2027-02", 28), ("2028-02", 29)][..]),
    ) {
        let higher = higher.max(lower + 1);
        let webinars = list("webinars");
        let plans = [("small", 25), ("medium", 40), ("large", 99)];
        let (name, days) = in_month;
        let (first, days, change) = (month(name).first(), Decimal::from(days), change.min(days));
        let mut subscription = Subscription::new(plan(&webinars, plans[lower].0), day("2026-01-01"));
        let from = first.plus_days(change - 1);
        subscription.phases.push(Phase { plan: plan(&webinars, plans[higher].0), from });
        let rating = rate(&webinars, &subscription, &Usage::default(), month(name));
        let before = Decimal::from(plans[lower].1) * Decimal::from(change - 1);
        let after = Decimal::from(plans[higher].1) * (days - Decimal::from(change - 1));
        let difference = net(&rating) - (before + after) / days;
        prop_assert_eq!(rating.lines.len(), 2);
        prop_assert!(difference.abs() <= CENT, "{difference}");
    }

    #[test]
    fn one_acceptance_less_is_never_dearer_a10_a12_a20(
        accepted in 1_i64..12,
        declined in 0_i64..8,
        counted in 1_i64..=19_999,
    ) {
        let attendees = list("attendees");
        let november = |name: &str, usage: &Usage| -> Rating {
            rate(&attendees, &Subscription::new(plan(&attendees, name), day("2026-11-01")), usage, month("2026-11"))
        };
        let event = |accepted: i64| EndedEvent {
            event: EventId::parse("evt_a").expect("an id"),
            title: Text::new("Fest", "Party"),
            over_on: day("2026-11-20"),
            published_on: day("2026-11-01"),
            counting: CountingScheme::Accepted,
            counts: Counts { accepted, declined, responses: accepted + declined },
            recorded_on: None,
        };
        let each = |accepted| {
            november("pay-per-attendee", &Usage { events: vec![event(accepted)], ..Usage::default() })
        };
        let (less, more) = (net(&each(accepted - 1)), net(&each(accepted)));
        prop_assert!(less <= more);
        if accepted + declined > 5 {
            prop_assert_eq!(more - less, Decimal::from(3));
        }
        let licence = |count: i64| {
            let records = vec![on(day("2026-11-20"), "accepted_attendees", Decimal::from(count))];
            november("licence", &Usage { records, ..Usage::default() })
        };
        let (less, more) = (net(&licence(counted - 1)), net(&licence(counted)));
        prop_assert!(less <= more);
        if ![2_500, 5_000, 10_000].contains(&counted) {
            prop_assert_eq!(more, less, "within a step");
        }
    }
}

#[test]
fn usage_files_and_values_are_priced_alike_p5() {
    let attendees = list("attendees");
    let name = PlanId::parse("licence").expect("a plan");
    let file = read_usage(r#"{"meters": {"accepted_attendees": 2500}}"#, &attendees, &name, month("2026-11"));
    let file = file.expect("a usage file");
    let rating = rate(&attendees, &file.subscription, &file.usage, month("2026-11"));
    assert_eq!(net(&rating), Decimal::from(399));
}
