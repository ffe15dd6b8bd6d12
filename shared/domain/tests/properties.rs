//! What must hold for every input.
#![expect(clippy::expect_used, reason = "a test ends by a panic")]

use chrono::{DateTime, TimeDelta};
use domain::calendar::{Day, Month};
use domain::catalog::charge::Issuer;
use domain::catalog::meter::Unit;
use domain::contact::Attendee;
use domain::event::{AnswerValue, CountingScheme, Gathering};
use domain::invoice::{Line, Provenance, Totals};
use domain::language::{Language, Text};
use domain::ledger::Posting;
use domain::message::Owed;
use domain::money::{Currency, Money, UnitPrice, allocate};
use domain::payment::PaymentState;
use domain::registration::{Registration, Reply, Standing, decide_change, decide_submit, decide_withdraw};
use domain::usage::Counts;
use domain::vat::{VatRate, VatTreatment};
use proptest::prelude::*;
use rust_decimal::Decimal;

mod samples {
    use domain::contact::Email;
    use domain::event::{Answer, Event, EventDraft};
    use domain::ids::{AccountId, EventId, RegistrationId, Slug};

    use super::*;

    pub(crate) fn event(values: &[Option<AnswerValue>], capacity: Option<u32>) -> Event {
        let text = Text::new("Titel", "Title");
        let answer = |(index, value): (usize, &Option<AnswerValue>)| Answer {
            key: format!("a{index}"),
            label: text.clone(),
            value: *value,
        };
        Event::plan(
            EventDraft {
                id: EventId::parse("evt_a").expect("an id"),
                account: AccountId::parse("acc_a").expect("an id"),
                organiser: "Haus".to_owned(),
                slug: Slug::parse("a").expect("a slug"),
                title: text.clone(),
                description: text.clone(),
                location: "Saal".to_owned(),
                starts_at: "2026-11-30T17:00:00Z".parse().expect("a time"),
                ends_at: "2026-11-30T22:00:00Z".parse().expect("a time"),
                closes_at: "2026-11-29T22:00:00Z".parse().expect("a time"),
                capacity,
                party_limit: 20,
                answers: values.iter().enumerate().map(answer).collect(),
            },
            "2026-11-01T10:00:00Z".parse().expect("a time"),
        )
        .expect("a valid event")
    }

    pub(crate) fn reply(value: (usize, Option<AnswerValue>), people: usize) -> Reply {
        let attendee = Attendee::new("Anna", "Berger").expect("names");
        Reply { answer: format!("a{}", value.0), value: value.1, attendees: vec![attendee; people] }
    }

    pub(crate) fn saved(reply: Reply, standing: Standing) -> Registration {
        let at = "2026-11-01T10:00:00Z".parse().expect("a time");
        Registration {
            id: RegistrationId::parse("reg_a").expect("an id"),
            email: Email::parse("anna@example.org").expect("an address"),
            language: Language::De,
            reply,
            standing,
            shard: 0,
            generation: 1,
            revision: 1,
            created_at: at,
            changed_at: at,
        }
    }
}

fn value() -> impl Strategy<Value = Option<AnswerValue>> {
    prop_oneof![Just(None), Just(Some(AnswerValue::Accepted)), Just(Some(AnswerValue::Declined))]
}

fn cents() -> impl Strategy<Value = i64> {
    -10_000_000_000_i64..10_000_000_000
}

proptest! {
    #[test]
    fn allocation_conserves(total in 0_u64..1_000_000, weights in prop::collection::vec(0_u64..1000, 1..40)) {
        prop_assert_eq!(allocate(total, &weights).iter().sum::<u64>(), total);
    }

    #[test]
    fn shard_capacities_add_up_to_the_capacity(places in 1_u32..100_000) {
        let event = samples::event(&[None], Some(places));
        let seats = event.seats_per_shard().expect("limited");
        prop_assert_eq!(seats.iter().sum::<u64>(), u64::from(places));
        prop_assert!(event.home_shard(u64::from(places) * 7919) < event.seat_shards());
    }

    /// A party is refused exactly if there are not enough places in all, and no counter gives more than it has.
    #[test]
    fn places_are_found_wherever_they_are(
        free in prop::collection::vec(-2_i64..8, 1..33),
        fixed in prop::option::of(0_u16..33),
        seats in 1_i64..21,
    ) {
        let fixed = fixed.filter(|shard| usize::from(*shard) < free.len());
        let available: i64 = free.iter().map(|places| (*places).max(0)).sum();
        match Gathering::find(&free, fixed, seats) {
            None => prop_assert!(available < seats),
            Some(found) => {
                prop_assert!(available >= seats);
                prop_assert!(fixed.is_none_or(|shard| shard == found.home));
                let at_home = free[usize::from(found.home)].max(0);
                prop_assert!(at_home + found.moved_places() >= seats);
                for (shard, places) in &found.moved {
                    prop_assert!(*shard != found.home && *places > 0 && *places <= free[usize::from(*shard)]);
                }
            }
        }
    }

    #[test]
    fn money_reads_what_it_wrote(cents in cents()) {
        let money = Money::from_cents(cents, Currency::Eur).expect("small enough");
        prop_assert_eq!(Money::parse(&money.plain(), Currency::Eur), Ok(money));
        prop_assert_eq!(money.cents(), cents);
    }

    #[test]
    fn rounding_moves_by_half_a_cent_at_most(mantissa in any::<i64>(), scale in 0_u32..12) {
        let exact = Decimal::new(mantissa, scale);
        if let Ok(money) = Money::round(exact, Currency::Eur) {
            prop_assert!((money.amount() - exact).abs() <= Decimal::new(5, 3));
        }
    }

    /// G2: net + VAT = gross, sum of lines = net; and the ledger posting balances.
    #[test]
    fn totals_add_up(lines in prop::collection::vec((1_i64..5000, 0_i64..1_000_000, 1_i64..40), 0..30)) {
        let day = Day::parse("2026-11-30").expect("a day");
        let lines: Vec<Line> = lines.into_iter().map(|(quantity, price, percent)| {
            let unit_price = UnitPrice::new(Decimal::new(price, 4), Currency::Eur);
            Line {
                text: Text::new("a", "a"),
                quantity: Decimal::from(quantity),
                unit: Unit::ATTENDEE,
                share: None,
                charged_on: Day::parse("2026-11-01").expect("a day"),
                issuer: Issuer::Operator,
                unit_price,
                net: unit_price.times(Decimal::from(quantity)).expect("small enough"),
                vat: VatTreatment::Taxed(VatRate::from_percent(Decimal::from(percent)).expect("a rate")),
                first_day: day,
                last_day: day,
                provenance: Provenance {
                    plan: domain::catalog::PlanKey::pay_per_attendee(),
                    price: String::new(),
                    rule: String::new(),
                    meter: None,
                    event: None,
                },
            }
        }).collect();
        let totals = Totals::of(&lines, Currency::Eur).expect("small enough");
        let line_sum: Decimal = lines.iter().map(|line| line.net.amount()).sum();
        let vat_sum: Decimal = totals.vat.iter().map(|group| group.vat.amount()).sum();
        prop_assert_eq!(line_sum, totals.net.amount());
        prop_assert_eq!(totals.net.amount() + vat_sum, totals.gross.amount());
        let posting = Posting::invoice(&totals, Money::zero(Currency::Eur)).expect("small enough");
        prop_assert_eq!(posting.entries().iter().map(|(_, money)| money.amount()).sum::<Decimal>(), Decimal::ZERO);
    }

    /// Whatever a person answers, changes and withdraws: the counters hold exactly what is saved in the end.
    #[test]
    fn changes_add_up_to_the_newest_answer(
        values in prop::collection::vec(value(), 3),
        steps in prop::collection::vec((0_usize..3, 1_usize..5, prop::bool::ANY), 1..12),
    ) {
        let event = samples::event(&values, None);
        let now = "2026-11-02T10:00:00Z".parse().expect("a time");
        let (first, rest) = steps.split_first().expect("at least one step");
        let reply = samples::reply((first.0, values[first.0]), first.1);
        let mut change = decide_submit(&event, &reply, now).expect("open");
        let mut sum = [change.accepted, change.declined, change.responses, change.seats];
        let mut saved = samples::saved(reply, Standing::Answered);
        for (answer, people, withdraw) in rest {
            if *withdraw && saved.standing == Standing::Answered {
                change = decide_withdraw(&event, &saved, now).expect("open and answered");
                saved.standing = Standing::Withdrawn;
            } else {
                let reply = samples::reply((*answer, values[*answer]), *people);
                change = decide_change(&event, &saved, &reply, now).expect("open");
                saved = samples::saved(reply, Standing::Answered);
            }
            for (sum, moved) in sum.iter_mut().zip([change.accepted, change.declined, change.responses, change.seats]) {
                *sum += moved;
                prop_assert!(*sum >= 0);
            }
        }
        let people = i64::try_from(saved.reply.attendees.len()).expect("few");
        let when = |condition: bool| if condition && saved.standing == Standing::Answered { people } else { 0 };
        let counts = Counts { accepted: sum[0], declined: sum[1], responses: sum[2] };
        prop_assert_eq!(sum[0], when(saved.reply.value == Some(AnswerValue::Accepted)));
        prop_assert_eq!(sum[1], when(saved.reply.value == Some(AnswerValue::Declined)));
        prop_assert_eq!(sum[2], when(true));
        // Places taken and attendees billed follow the same scheme (A10, A11).
        prop_assert_eq!(counts.coming(event.counting()), sum[3]);
        prop_assert_eq!(event.counting(), CountingScheme::of(&event.draft().answers));
    }

    #[test]
    fn payments_may_come_in_any_order(gross in 1_i64..100_000, mut parts in prop::collection::vec(1_i64..50_000, 0..6)) {
        let euro = |cents| Money::from_cents(cents, Currency::Eur).expect("small");
        let state = |parts: &[i64]| {
            let sum = Money::sum(parts.iter().map(|part| euro(*part)), Currency::Eur).expect("small");
            PaymentState::of(euro(gross), sum)
        };
        let forwards = state(&parts);
        parts.reverse();
        prop_assert_eq!(forwards, state(&parts));
        let total: i64 = parts.iter().sum();
        prop_assert_eq!(forwards == PaymentState::Paid, total == gross);
    }

    #[test]
    fn days_and_months_read_what_they_wrote(seconds in 0_i64..4_102_444_800) {
        let instant = DateTime::from_timestamp(seconds, 0).expect("in range");
        let day = Day::of(instant);
        prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
        prop_assert_eq!(Month::parse(&day.month().to_string()), Ok(day.month()));
        prop_assert!(day.start() <= instant && instant < day.next().start());
        prop_assert!(day.month().start() <= instant && instant < day.month().end());
        prop_assert_eq!(day.next().previous(), day);
        prop_assert!(day.next().start() - day.start() >= TimeDelta::hours(23));
    }

    #[test]
    fn no_text_makes_parsers_panic(text in "\\PC{0,60}") {
        let _ = domain::ids::AccountId::parse(&text);
        let _ = domain::ids::Slug::parse(&text);
        let _ = domain::contact::Email::parse(&text);
        let _ = Day::parse(&text);
        let _ = Month::parse(&text);
        let _ = Money::parse(&text, Currency::Eur);
        let _ = Owed::parse(&text);
        let _ = Language::negotiate(&text);
    }
}
