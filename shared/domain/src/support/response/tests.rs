use super::*;
use crate::calendar::instant_of;
use crate::catalog::names::{AddOnId, PlanId};
use crate::catalog::plan::AddOn;
use crate::catalog::{CatalogueParts, PlanKey};
use crate::language::Text;
use crate::money::Currency;
use crate::subscription::Booking;

/// S5.
const OFFICE: &str = "mon-fri 09:00-18:00";
/// S3.
const PHONE: &str = "mon-fri 09:30-12:30; mon-fri 13:30-17:00";
const ALWAYS: &str = "mon-sun 00:00-24:00";

fn windows(text: &str) -> Vec<Window> {
    text.split("; ").filter(|text| !text.is_empty()).map(|text| Window::parse(text).expect(text)).collect()
}

/// Reads `Fri 2026-11-20 16:00`, with seconds if need be, and with `+0100` where the hour is doubled; a wrong weekday is
/// a mistake in the table.
fn at(text: &str) -> Instant {
    if text.contains('+') {
        return chrono::DateTime::parse_from_str(text, "%a %Y-%m-%d %H:%M %z").expect(text).to_utc();
    }
    let wall = NaiveDateTime::parse_from_str(text, "%a %Y-%m-%d %H:%M");
    instant_of(wall.or_else(|_| NaiveDateTime::parse_from_str(text, "%a %Y-%m-%d %H:%M:%S")).expect(text))
}

/// Name, opened, hours, respond by.
type Row = (&'static str, &'static str, u32, &'static str);

fn check(open: &str, region: &str, rows: &[Row]) {
    let open = windows(open);
    let region = (!region.is_empty()).then(|| Region::parse(region).expect(region));
    for (name, opened, hours, expected) in rows {
        let due = respond_by(at(opened), *hours, &open, region).expect(name);
        assert_eq!(local(due), local(at(expected)), "{name}");
        assert_eq!(open_time(at(opened), due, &open, region), TimeDelta::hours(i64::from(*hours)), "{name}");
    }
}

#[test]
fn the_clock_runs_in_office_hours_only_s5() {
    check(
        OFFICE,
        "",
        &[
            ("level 3 on a Friday afternoon S1", "Fri 2026-11-20 16:00", 4, "Mon 2026-11-23 11:00"),
            ("within the day", "Tue 2026-11-24 10:15", 4, "Tue 2026-11-24 14:15"),
            ("before opening", "Tue 2026-11-24 06:30", 4, "Tue 2026-11-24 13:00"),
            ("a second before opening", "Tue 2026-11-24 08:59:59", 4, "Tue 2026-11-24 13:00"),
            ("at opening", "Tue 2026-11-24 09:00", 4, "Tue 2026-11-24 13:00"),
            ("a second after opening", "Tue 2026-11-24 09:00:01", 4, "Tue 2026-11-24 13:00:01"),
            ("midnight", "Tue 2026-11-24 00:00", 4, "Tue 2026-11-24 13:00"),
            ("a whole day from opening ends at closing", "Tue 2026-11-24 09:00", 9, "Tue 2026-11-24 18:00"),
            ("due exactly at closing", "Fri 2026-11-20 16:00", 2, "Fri 2026-11-20 18:00"),
            ("a second late for closing", "Fri 2026-11-20 16:00:01", 2, "Mon 2026-11-23 09:00:01"),
            ("a second before closing", "Fri 2026-11-20 17:59:59", 1, "Mon 2026-11-23 09:59:59"),
            ("at closing", "Tue 2026-11-24 18:00", 1, "Wed 2026-11-25 10:00"),
            ("Friday at closing", "Fri 2026-11-20 18:00", 4, "Mon 2026-11-23 13:00"),
            ("Friday evening", "Fri 2026-11-20 21:00", 4, "Mon 2026-11-23 13:00"),
            ("Saturday", "Sat 2026-11-21 12:00", 4, "Mon 2026-11-23 13:00"),
            ("Sunday, last second", "Sun 2026-11-22 23:59:59", 4, "Mon 2026-11-23 13:00"),
            ("level 2 is 24 h of office hours S1", "Mon 2026-11-23 09:00", 24, "Wed 2026-11-25 15:00"),
            ("24 h over a weekend", "Fri 2026-11-20 16:00", 24, "Wed 2026-11-25 13:00"),
            ("a week of 45 h ends on Friday", "Mon 2026-11-23 09:00", 45, "Fri 2026-11-27 18:00"),
            ("46 h go over the weekend", "Mon 2026-11-23 09:00", 46, "Mon 2026-11-30 10:00"),
            ("zero hours inside", "Tue 2026-11-24 10:00", 0, "Tue 2026-11-24 10:00"),
            ("zero hours before opening", "Tue 2026-11-24 06:00", 0, "Tue 2026-11-24 09:00"),
            ("zero hours at closing: already outside", "Fri 2026-11-20 18:00", 0, "Mon 2026-11-23 09:00"),
            ("zero hours on Sunday", "Sun 2026-11-22 12:00", 0, "Mon 2026-11-23 09:00"),
            ("over the end of the year", "Thu 2026-12-31 17:00", 2, "Fri 2027-01-01 10:00"),
            ("over a leap day", "Mon 2028-02-28 17:00", 10, "Tue 2028-02-29 18:00"),
            ("summer", "Fri 2026-07-17 16:00", 4, "Mon 2026-07-20 11:00"),
        ],
    );
}

#[test]
fn windows_may_pause_overlap_and_pass_midnight_s5() {
    check(
        PHONE,
        "",
        &[
            ("into the lunch break", "Tue 2026-11-24 11:30", 2, "Tue 2026-11-24 14:30"),
            ("due as lunch begins", "Tue 2026-11-24 11:30", 1, "Tue 2026-11-24 12:30"),
            ("opened as lunch begins", "Tue 2026-11-24 12:30", 1, "Tue 2026-11-24 14:30"),
            ("opened during lunch", "Tue 2026-11-24 13:00", 1, "Tue 2026-11-24 14:30"),
            ("zero hours during lunch", "Tue 2026-11-24 13:00", 0, "Tue 2026-11-24 13:30"),
            ("two lunches", "Tue 2026-11-24 11:30", 8, "Wed 2026-11-25 14:00"),
        ],
    );
    check(
        "mon-fri 09:00-14:00; mon-fri 12:00-18:00; mon 10:00-11:00",
        "",
        &[
            ("overlaps count once", "Tue 2026-11-24 11:00", 4, "Tue 2026-11-24 15:00"),
            ("a window within another adds nothing", "Mon 2026-11-23 09:00", 9, "Mon 2026-11-23 18:00"),
            ("overlaps over two days", "Mon 2026-11-23 16:00", 3, "Tue 2026-11-24 10:00"),
        ],
    );
    check("sat 14:00-15:00; sat 10:00-11:00", "", &[("any order", "Sat 2026-11-21 10:30", 1, "Sat 2026-11-21 14:30")]);
    check("wed 09:00-10:00", "", &[("an hour a week", "Wed 2026-11-25 09:30", 2, "Wed 2026-12-09 09:30")]);
    check(
        "mon-fri 22:00-08:00",
        "",
        &[
            ("over midnight S4", "Tue 2026-11-24 23:00", 4, "Wed 2026-11-25 03:00"),
            ("due at midnight", "Tue 2026-11-24 22:00", 2, "Wed 2026-11-25 00:00"),
            ("the night of Friday ends at midnight", "Fri 2026-11-27 23:00", 2, "Mon 2026-11-30 01:00"),
            ("Saturday at 3:00 is outside", "Sat 2026-11-28 03:00", 1, "Mon 2026-11-30 01:00"),
            ("by day", "Tue 2026-11-24 12:00", 9, "Wed 2026-11-25 07:00"),
        ],
    );
    check(
        "mon-fri 18:00-24:00; tue-sat 00:00-06:00",
        "",
        &[("two windows that meet at midnight", "Fri 2026-11-27 23:00", 4, "Sat 2026-11-28 03:00")],
    );
}

#[test]
fn the_clock_stands_still_on_holidays_s5() {
    let good_friday = "Thu 2026-04-02 16:00";
    check(
        OFFICE,
        "",
        &[
            ("Easter does not count without a region", good_friday, 4, "Fri 2026-04-03 11:00"),
            ("nor does Christmas", "Thu 2026-12-24 16:00", 4, "Fri 2026-12-25 11:00"),
        ],
    );
    check(
        OFFICE,
        "DE",
        &[
            ("Easter: Thursday to Tuesday", good_friday, 4, "Tue 2026-04-07 11:00"),
            ("opened on Easter Monday", "Mon 2026-04-06 10:00", 4, "Tue 2026-04-07 13:00"),
            (
                "Christmas Eve is open, Christmas and the weekend are not",
                "Thu 2026-12-24 16:00",
                4,
                "Mon 2026-12-28 11:00",
            ),
            ("due at closing before a holiday", "Thu 2026-12-24 16:00", 2, "Thu 2026-12-24 18:00"),
            ("New Year's Day", "Thu 2026-12-31 17:00", 2, "Mon 2027-01-04 10:00"),
            ("two holidays on 1 May 2008", "Wed 2008-04-30 17:00", 2, "Fri 2008-05-02 10:00"),
            ("Corpus Christi is none everywhere", "Wed 2026-06-03 17:00", 2, "Thu 2026-06-04 10:00"),
            ("Repentance is none everywhere", "Tue 2026-11-17 17:00", 2, "Wed 2026-11-18 10:00"),
            ("the 500th Reformation Day was one everywhere", "Mon 2017-10-30 17:00", 2, "Wed 2017-11-01 10:00"),
        ],
    );
    check(OFFICE, "DE-BY", &[("Corpus Christi in Bavaria", "Wed 2026-06-03 17:00", 2, "Fri 2026-06-05 10:00")]);
    check(OFFICE, "DE-SN", &[("Repentance in Saxony", "Tue 2026-11-17 17:00", 2, "Thu 2026-11-19 10:00")]);
    check(OFFICE, "DE-BE", &[("8 May 2025 in Berlin", "Wed 2025-05-07 17:00", 2, "Fri 2025-05-09 10:00")]);
    check(OFFICE, "DE-HH", &[("8 May 2025 in Hamburg", "Wed 2025-05-07 17:00", 2, "Thu 2025-05-08 10:00")]);
    check(
        "mon-sun 22:00-08:00",
        "DE",
        &[("a holiday is a whole local day, nights included", "Thu 2026-12-31 23:00", 2, "Sat 2027-01-02 01:00")],
    );
}

#[test]
fn what_counts_is_the_time_that_passes_where_the_clock_changes_s5() {
    check(
        ALWAYS,
        "",
        &[
            ("a day of 23 hours", "Sun 2026-03-29 00:00", 23, "Mon 2026-03-30 00:00"),
            ("a day of 25 hours", "Sun 2026-10-25 00:00", 25, "Mon 2026-10-26 00:00"),
            ("24 h into the day of 23", "Sat 2026-03-28 12:00", 24, "Sun 2026-03-29 13:00"),
            ("24 h into the day of 25", "Sat 2026-10-24 12:00", 24, "Sun 2026-10-25 11:00"),
            ("over the skipped hour", "Sun 2026-03-29 01:30", 1, "Sun 2026-03-29 03:30"),
            ("into the doubled hour", "Sun 2026-10-25 02:30 +0200", 1, "Sun 2026-10-25 02:30 +0100"),
        ],
    );
    check(
        "sun 01:00-04:00",
        "",
        &[
            ("two hours long in spring", "Sun 2026-03-29 01:00", 2, "Sun 2026-03-29 04:00"),
            ("the third in the week after", "Sun 2026-03-29 01:00", 3, "Sun 2026-04-05 02:00"),
            ("four hours long in autumn", "Sun 2026-10-25 01:00", 4, "Sun 2026-10-25 04:00"),
        ],
    );
    check(
        "sun 02:00-03:00",
        "",
        &[
            ("never open in spring", "Sun 2026-03-29 00:00", 1, "Sun 2026-04-05 03:00"),
            ("open for two hours in autumn", "Sun 2026-10-25 00:00", 2, "Sun 2026-10-25 03:00"),
        ],
    );
    check(
        "sun 02:30-03:30",
        "",
        &[
            ("opened in the skipped hour's other half", "Sun 2026-03-29 03:15", 0, "Sun 2026-03-29 03:15"),
            ("open twice", "Sun 2026-10-25 02:45 +0200", 1, "Sun 2026-10-25 03:15"),
            ("shut in between", "Sun 2026-10-25 02:15 +0100", 0, "Sun 2026-10-25 02:30 +0100"),
        ],
    );
    check(
        OFFICE,
        "",
        &[
            ("office hours do not notice spring", "Fri 2026-03-27 16:00", 4, "Mon 2026-03-30 11:00"),
            ("office hours do not notice autumn", "Fri 2026-10-23 16:00", 4, "Mon 2026-10-26 11:00"),
        ],
    );
}

#[test]
fn a_clock_that_never_runs_is_never_due() {
    let opened = at("Fri 2026-11-20 16:00");
    let nobody = Window { days: [false; 7], from: 540, to: 1080 };
    for (name, opened, hours, windows) in [
        ("no window", opened, 1, vec![]),
        ("no window and no hours", opened, 0, vec![]),
        ("a window on no day", opened, 1, vec![nobody]),
        ("more hours than five years have", opened, 12_000, windows(OFFICE)),
        ("the most hours there are", opened, u32::MAX, windows(ALWAYS)),
        ("the end of time", Instant::MAX_UTC, 1, windows(ALWAYS)),
        ("the beginning of time", Instant::MIN_UTC, 1, windows(ALWAYS)),
    ] {
        assert_eq!(respond_by(opened, hours, &windows, Some(Region::Germany)), None, "{name}");
    }
}

#[test]
fn an_answer_is_in_time_up_to_the_second_s5_s6() {
    let waiting = |minutes| ResponseState::Waiting { left: TimeDelta::minutes(minutes) };
    let breached = |answered| ResponseState::Breached { answered };
    let opened = at("Fri 2026-11-20 16:00");
    let late = "Tue 2026-11-24 09:00";
    for (name, answered, now, expected) in [
        ("just opened", "", "Fri 2026-11-20 16:00", waiting(240)),
        ("not opened yet", "", "Fri 2026-11-20 10:00", waiting(240)),
        ("an hour later", "", "Fri 2026-11-20 17:00", waiting(180)),
        ("the weekend takes nothing off", "", "Sun 2026-11-22 12:00", waiting(120)),
        ("Monday", "", "Mon 2026-11-23 10:30", waiting(30)),
        ("due now", "", "Mon 2026-11-23 11:00", waiting(0)),
        ("a second past due", "", "Mon 2026-11-23 11:00:01", breached(false)),
        ("answered at once", "Fri 2026-11-20 16:00", late, ResponseState::Answered),
        ("answered a second before due", "Mon 2026-11-23 10:59:59", late, ResponseState::Answered),
        ("answered as it was due", "Mon 2026-11-23 11:00", late, ResponseState::Answered),
        ("answered a second late", "Mon 2026-11-23 11:00:01", late, breached(true)),
        ("answered late, not known before", "Mon 2026-11-23 12:00", "Mon 2026-11-23 11:30", breached(false)),
        ("answered later than now", "Mon 2026-11-23 10:00", "Mon 2026-11-23 09:00", waiting(120)),
    ] {
        let answered = (!answered.is_empty()).then(|| at(answered));
        let open = windows(OFFICE);
        let due = respond_by(opened, 4, &open, None).expect(name);
        assert_eq!(state(opened, answered, due, at(now), &open, None), expected, "{name}");
    }
    let (open, friday) = (windows(OFFICE), at("Fri 2026-11-20 18:00"));
    let saturday = at("Sat 2026-11-21 10:00");
    let answered = state(opened, Some(saturday), friday, saturday, &open, None);
    assert_eq!(answered, breached(true), "due at closing, answered on Saturday");
}

#[test]
fn open_time_is_zero_outside() {
    let open = windows(OFFICE);
    for (name, from, to, minutes) in [
        ("a weekend", "Fri 2026-11-20 18:00", "Mon 2026-11-23 09:00", 0),
        ("nothing", "Tue 2026-11-24 10:00", "Tue 2026-11-24 10:00", 0),
        ("the wrong way round", "Tue 2026-11-24 12:00", "Tue 2026-11-24 10:00", 0),
        ("a week", "Mon 2026-11-23 00:00", "Mon 2026-11-30 00:00", 45 * 60),
        ("part of a window", "Tue 2026-11-24 08:00", "Tue 2026-11-24 09:01", 1),
    ] {
        assert_eq!(open_time(at(from), at(to), &open, None), TimeDelta::minutes(minutes), "{name}");
    }
}

fn add_on(id: &str, hours: Option<u32>) -> AddOn {
    AddOn {
        id: AddOnId::parse(id).expect(id),
        title: Text::new("Stufe", "Level"),
        requires: Vec::new(),
        trial_days: 0,
        response: hours.map(|hours| Response { hours, windows: windows(OFFICE) }),
    }
}

fn plan(id: &str, includes: &[&str]) -> Plan {
    Plan {
        id: PlanId::parse(id).expect(id),
        title: Text::new("Tarif", "Plan"),
        rank: 1,
        sold: true,
        free: false,
        trial_days: 0,
        sub_accounts: false,
        term: None,
        lead_days: 3,
        includes: includes.iter().map(|id| AddOnId::parse(id).expect(id)).collect(),
        limits: Vec::new(),
        charges: Vec::new(),
        meters: Vec::new(),
        pools: Vec::new(),
        minimum_spend: None,
    }
}

#[test]
fn the_shortest_promise_booked_or_included_holds_s1() {
    let catalogue = Catalogue::new(CatalogueParts {
        id: "support".to_owned(),
        version: "1".to_owned(),
        currency: Currency::Eur,
        title: Text::new("Support", "Support"),
        valid_from: None,
        holidays: None,
        meters: Vec::new(),
        add_ons: vec![add_on("level-2", Some(24)), add_on("level-3", Some(4)), add_on("domain", None)],
        charges: Vec::new(),
        plans: vec![plan("basic", &["domain"]), plan("enterprise", &["domain", "level-2"])],
        promotions: Vec::new(),
    })
    .expect("a sound catalogue");
    let day = |text: &str| Day::parse(text).expect(text);
    let (level_2, level_3) = (("level-2", "2026-03-01", ""), ("level-3", "2026-04-10", "2026-05-09"));
    for (name, plan, bookings, on, expected) in [
        ("nothing booked", "basic", vec![], "2026-04-10", None),
        ("an add-on without a promise", "basic", vec![("domain", "2026-01-01", "")], "2026-04-10", None),
        ("an add-on of no catalogue", "basic", vec![("level-9", "2026-01-01", "")], "2026-04-10", None),
        ("the day before the booking", "basic", vec![level_2], "2026-02-28", None),
        ("the first day of the booking", "basic", vec![level_2], "2026-03-01", Some(24)),
        ("the day before level 3", "basic", vec![level_2, level_3], "2026-04-09", Some(24)),
        ("the first day of level 3", "basic", vec![level_2, level_3], "2026-04-10", Some(4)),
        ("in any order", "basic", vec![level_3, level_2], "2026-04-10", Some(4)),
        ("the last day of level 3", "basic", vec![level_2, level_3], "2026-05-09", Some(4)),
        ("the day after level 3", "basic", vec![level_2, level_3], "2026-05-10", Some(24)),
        ("included", "enterprise", vec![], "2026-04-10", Some(24)),
        ("included, and better booked", "enterprise", vec![level_3], "2026-04-10", Some(4)),
        ("included, and better no longer booked", "enterprise", vec![level_3], "2026-05-10", Some(24)),
        ("before the subscription", "enterprise", vec![("level-3", "2025-01-01", "")], "2025-12-31", None),
        ("the last day of the subscription", "enterprise", vec![], "2026-12-31", Some(24)),
        ("after the subscription", "enterprise", vec![level_2], "2027-01-01", None),
    ] {
        let key = PlanKey { catalogue: "support@1".to_owned(), plan: plan.to_owned() };
        let mut subscription = Subscription::new(key, day("2026-01-01"));
        subscription.ends_on = Some(day("2026-12-31"));
        let booking = |(add_on, from, until): (&str, &str, &str)| Booking {
            add_on: AddOnId::parse(add_on).expect(add_on),
            quantity: rust_decimal::Decimal::ONE,
            from: day(from),
            until: (!until.is_empty()).then(|| day(until)),
            label: None,
        };
        subscription.bookings = bookings.into_iter().map(booking).collect();
        let found = promise(&catalogue, catalogue.plan(plan).expect(plan), &subscription, day(on));
        assert_eq!(found.map(|response| response.hours), expected, "{name}");
    }
}
