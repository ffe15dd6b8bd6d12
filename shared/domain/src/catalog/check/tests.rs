use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::catalog::check::{MOST, mistakes};
use crate::catalog::plan::Mark;
use crate::catalog::{Catalogue, CatalogueParts};

mod amounts;
mod base;
mod charges;
mod plans;
mod references;

/// Name, what is changed in the sound catalogue, and the mistakes: path with points, part of the text.
type Row<'a> = (&'a str, fn(&mut CatalogueParts), &'a [(&'a str, &'a str)]);

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

#[track_caller]
fn check(rows: &[Row<'_>]) {
    for (name, change, expected) in rows {
        let mut parts = base::sound();
        change(&mut parts);
        let found: Vec<(String, String)> =
            mistakes(&parts).into_iter().map(|mistake| (mistake.path.join("."), mistake.text)).collect();
        assert_eq!(found.len(), expected.len(), "{name}: {found:#?}");
        for ((path, text), (expected_path, fragment)) in found.iter().zip(*expected) {
            assert_eq!(path, expected_path, "{name}: {text}");
            assert!(text.contains(fragment), "{name}: {text:?} lacks {fragment:?}");
        }
    }
}

#[test]
fn the_sound_catalogue_has_none() {
    assert_eq!(mistakes(&base::sound()), []);
    assert_eq!(
        Catalogue::new(base::sound()).map(|catalogue| catalogue.key().to_owned()),
        Ok("shop@2026-01".to_owned())
    );
}

#[test]
fn what_is_allowed_is_no_mistake() {
    check(&[
        ("a price of zero", |parts| base::flat(parts).price = base::amount("0"), &[]),
        ("eight decimal places", |parts| base::flat(parts).price = base::amount("0.00000001"), &[]),
        ("zeros at the end are no decimal places", |parts| base::flat(parts).price = base::amount("1.0000000000"), &[]),
        ("just below the limit", |parts| base::flat(parts).price = base::amount("999999999999.99"), &[]),
        ("S1: nothing free without the add-on", |parts| parts.plans[0].pools[0].size = Decimal::ZERO, &[]),
        ("a pool that stays the same", |parts| parts.plans[0].pools[0].sizes[0].1 = decimal("15"), &[]),
        ("minimum and maximum alike", |parts| base::percentage(parts).maximum = Some(decimal("2.50")), &[]),
        ("notice of the whole term", |parts| base::term(parts).notice_months = 12, &[]),
        ("P3: a term that goes on by the month", |parts| base::term(parts).renewal_months = 0, &[]),
        ("a promotion of one day", |parts| parts.promotions[0].until = parts.promotions[0].from, &[]),
        ("rank 0", |parts| parts.plans[0].rank = 0, &[]),
        ("no promotions", |parts| parts.promotions.clear(), &[]),
        ("200 characters, more bytes", |parts| parts.title.de = "ü".repeat(200), &[]),
        (
            "S3, S4: windows that meet",
            |parts| base::blocks(parts, "evening").windows = base::windows("mon-fri 17:00-22:00"),
            &[],
        ),
        (
            "two channels at the same hours",
            |parts| {
                base::copy_meter(parts, "phone", "chat");
                base::blocks(parts, "evening").channel = base::meter("chat");
                base::blocks(parts, "evening").windows.clear();
                base::mark(parts, 0, "chat", Mark::Charged);
                base::mark(parts, 1, "chat", Mark::Charged);
            },
            &[],
        ),
        (
            "two plans with the same hours",
            |parts| {
                base::blocks(parts, "evening").windows.clear();
                parts.plans[0].charges.retain(|id| id.as_str() != "evening");
                parts.plans[1].charges.retain(|id| id.as_str() != "phone");
                parts.plans[1].pools.clear();
            },
            &[],
        ),
    ]);
}

#[test]
fn the_head_is_checked() {
    check(&[
        ("id empty", |parts| parts.id.clear(), &[("id", "1 to 40")]),
        ("id too long", |parts| parts.id = "a".repeat(41), &[("id", "1 to 40")]),
        ("id with a capital", |parts| parts.id = "Shop".to_owned(), &[("id", "lower-case")]),
        ("id begins with a digit", |parts| parts.id = "2shop".to_owned(), &[("id", "beginning with a letter")]),
        ("id with the sign between it and the version", |parts| parts.id = "a@b".to_owned(), &[("id", "lower-case")]),
        ("version empty", |parts| parts.version.clear(), &[("version", "1 to 20")]),
        ("version too long", |parts| parts.version = "1".repeat(21), &[("version", "1 to 20")]),
        ("version with a slash", |parts| parts.version = "1/2".to_owned(), &[("version", "points or hyphens")]),
        ("no German", |parts| parts.title.de.clear(), &[("title.de", "empty")]),
        ("blanks only", |parts| parts.title.en = "  ".to_owned(), &[("title.en", "1 to 200 characters")]),
        (
            "too long",
            |parts| parts.title.en = "x".repeat(201),
            &[("title.en", "has 201 characters; write at most 200")],
        ),
        ("two lines", |parts| parts.title.en = "a\nb".to_owned(), &[("title.en", "control characters")]),
        ("a line break at the end", |parts| parts.title.en = "a\n".to_owned(), &[("title.en", "begins or ends")]),
        ("turns the line around", |parts| parts.title.en = "a\u{202e}b".to_owned(), &[("title.en", "control")]),
        (
            "no plan",
            |parts| {
                parts.plans.clear();
                parts.charges.clear();
                parts.add_ons.clear();
                parts.promotions.clear();
            },
            &[("plans", "no plan")],
        ),
    ]);
}

#[test]
fn meters_are_checked() {
    check(&[
        ("title", |parts| parts.meters[0].title.de.clear(), &[("meters.accepted_attendees.title.de", "empty")]),
        (
            "unit code empty",
            |parts| parts.meters[0].unit.code = Cow::Borrowed(""),
            &[("meters.accepted_attendees.unit.code", "C62")],
        ),
        (
            "unit code small",
            |parts| parts.meters[0].unit.code = Cow::Borrowed("c62"),
            &[("meters.accepted_attendees.unit.code", "capital letters")],
        ),
        (
            "unit label",
            |parts| parts.meters[0].unit.en = Cow::Borrowed(""),
            &[("meters.accepted_attendees.unit.en", "empty")],
        ),
        ("P2: gauge summed up", |parts| base::month(parts, "users", "sum"), &[("meters.users.month", "\"max\"")]),
        ("time by its maximum", |parts| base::month(parts, "phone", "max"), &[("meters.phone.month", "kind time")]),
        (
            "transactions by their last",
            |parts| base::month(parts, "card", "last"),
            &[("meters.card.month", "kind transaction is always added up")],
        ),
        (
            "scale too fine",
            |parts| base::meter_of(parts, "storage").scale = 7,
            &[("meters.storage.scale", "from 0 to 6")],
        ),
        (
            "scale without mean",
            |parts| base::meter_of(parts, "users").scale = 3,
            &[("meters.users.scale", "month = \"mean\"")],
        ),
        (
            "twice",
            |parts| parts.meters.push(parts.meters[0].clone()),
            &[("meters.accepted_attendees", "another meter `accepted_attendees`")],
        ),
    ]);
}

#[test]
fn add_ons_are_checked() {
    check(&[
        ("title", |parts| parts.add_ons[0].title.en.clear(), &[("add_ons.level-2.title.en", "empty")]),
        ("twice", |parts| parts.add_ons.push(parts.add_ons[2].clone()), &[("add_ons.domain", "another add-on")]),
        ("trial too long", |parts| parts.add_ons[0].trial_days = 367, &[("add_ons.level-2.trial_days", "0 to 366")]),
        ("no hours", |parts| base::response(parts).hours = 0, &[("add_ons.level-3.response.hours", "1 to 1000")]),
        (
            "no windows",
            |parts| base::response(parts).windows.clear(),
            &[("add_ons.level-3.response.windows", "never run")],
        ),
        (
            "window without days",
            |parts| base::response(parts).windows[0].days = [false; 7],
            &[("add_ons.level-3.response.windows.0", "mon-fri 09:00-17:00")],
        ),
        ("used nowhere", |parts| base::free_add_on(parts, "extra"), &[("add_ons.extra", "nothing uses")]),
        (
            "required by itself only",
            |parts| {
                base::free_add_on(parts, "extra");
                base::require(parts, "extra", "extra");
            },
            &[("add_ons.extra.requires.0", "cannot require itself"), ("add_ons.extra", "nothing uses")],
        ),
        (
            "S1: a circle of two",
            |parts| base::require(parts, "level-2", "level-3"),
            &[("add_ons.level-2.requires", "level-2 → level-3 → level-2")],
        ),
        (
            "a circle of three",
            |parts| {
                base::require(parts, "level-2", "domain");
                base::require(parts, "domain", "level-3");
            },
            &[("add_ons.level-2.requires", "level-2 → domain → level-3 → level-2")],
        ),
        (
            "two circles",
            |parts| {
                base::require(parts, "level-2", "level-3");
                base::require(parts, "level-2", "domain");
                base::require(parts, "domain", "level-2");
            },
            &[
                ("add_ons.level-2.requires", "level-2 → level-3 → level-2"),
                ("add_ons.level-2.requires", "level-2 → domain → level-2"),
            ],
        ),
    ]);
}

#[test]
fn all_mistakes_are_reported_at_once() {
    check(&[(
        "many",
        |parts| {
            parts.version.clear();
            base::month(parts, "users", "sum");
            base::require(parts, "level-2", "level-3");
            base::flat(parts).price = base::amount("-0.000000001");
            base::blocks(parts, "phone").block = Decimal::ZERO;
            base::blocks(parts, "phone").pools = vec![base::pool("free-minute")];
            parts.plans[1].meters.pop();
            base::term(parts).months = 0;
            parts.promotions[0].limit = Some(0);
        },
        &[
            ("version", "cannot be a version"),
            ("meters.users.month", "cannot be added up"),
            ("add_ons.level-2.requires", "level-2 → level-3 → level-2"),
            ("charges.fee.price", "below zero"),
            ("charges.fee.price", "9 decimal places"),
            ("charges.phone.block", "not above zero"),
            ("charges.phone.pools.0", "there is no pool `free-minute`; there is only `free-minutes`"),
            ("plans.basic.pools.free-minutes", "no charge of the plan draws"),
            ("plans.pro.term.months", "0 is out of range"),
            ("plans.pro.term.notice_months", "longer than the term; write 0 or less"),
            ("plans.pro.meters", "does not mark the meter `card`; mark it charged, for `card-fee` prices it"),
            ("plans.pro.pools.free-minutes", "no charge of the plan draws"),
            ("promotions.WELCOME10.limit", "nobody could redeem"),
        ],
    )]);
}

#[test]
fn any_size_is_answered() {
    let mut parts = base::sound();
    base::flat(&mut parts).price = base::Price::Amount(Decimal::MAX);
    base::copies(&mut parts, "fee", MOST);
    let found = mistakes(&parts);
    assert_eq!(found.len(), MOST + 1);
    let last = found.last().map(|mistake| (mistake.path.len(), mistake.text.as_str()));
    assert_eq!(last, Some((0, "no more than 10000 mistakes are listed; correct these first")));

    let mut parts = base::sound();
    base::blocks(&mut parts, "evening").channel = base::meter("fone");
    base::copies(&mut parts, "evening", 4_000);
    assert_eq!(mistakes(&parts).iter().filter(|mistake| mistake.path[0] == "charges").count(), 4_001, "names sought");

    let mut parts = base::sound();
    for number in 0..10_000 {
        base::free_add_on(&mut parts, &format!("ring-{number}"));
        parts.add_ons.last_mut().expect("ring").requires =
            vec![base::add_on(&format!("ring-{}", (number + 1) % 10_000))];
    }
    let circles: Vec<String> = mistakes(&parts).into_iter().map(|mistake| mistake.text).collect();
    assert_eq!(circles.len(), 1, "one long circle");
    assert!(circles[0].contains("ring-0 → ring-1 → ") && circles[0].contains(" → … → ring-0;"), "{}", circles[0]);
}
