use super::form::{DunningForm, LevelForm, fee};
use super::*;
use crate::problem::{FieldProblem, Problem};

fn money(text: &str) -> Money {
    Money::parse(text, Currency::Eur).expect(text)
}

fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

fn reached(level: usize, on: &str) -> Dunned {
    Dunned { level, on: Some(day(on)), ..Dunned::default() }
}

fn case(dunned: &Dunned) -> Case<'_> {
    Case {
        due_on: day("2026-12-15"),
        asked: money("119.00"),
        received: money("0.00"),
        cancelled: false,
        collected: false,
        account_stopped: false,
        undelivered: false,
        dunned,
    }
}

#[test]
fn levels_follow_one_another_i6() {
    let table = DunningTable::usual();
    let (new, first, third) = (Dunned::default(), reached(1, "2026-12-22"), reached(3, "2027-01-19"));
    let paused = Dunned { paused: Some("Rückfrage".into()), ..first.clone() };
    let returned = Dunned { debit_failed_on: Some(day("2026-12-20")), ..Dunned::default() };
    let returned_late = Dunned { debit_failed_on: Some(day("2027-01-02")), ..first.clone() };
    let sent_late = Dunned { due_anew_on: Some(day("2027-01-04")), ..Dunned::default() };
    let on = |level, text| Next::On { level, day: day(text) };
    for (name, case, expected) in [
        ("a week after the due date", case(&new), on(1, "2026-12-22")),
        ("two weeks after the first, over the year's end", case(&first), on(2, "2027-01-05")),
        // A reminder that went out late leaves the time to pay before the next.
        ("counted from the day it went out", case(&reached(1, "2027-02-01")), on(2, "2027-02-15")),
        ("its mail first went out after it was due", case(&sent_late), on(1, "2027-01-11")),
        ("after the last", case(&third), Next::LastReached),
        ("paid", Case { received: money("119.00"), ..case(&first) }, Next::Over),
        ("paid but for the fee", Case { received: money("119.00"), ..case(&reached(2, "2027-01-05")) }, Next::Over),
        ("paid too much", Case { received: money("120.00"), ..case(&new) }, Next::Over),
        ("a cent is missing", Case { received: money("118.99"), ..case(&new) }, on(1, "2026-12-22")),
        ("cancelled", Case { cancelled: true, ..case(&first) }, Next::Over),
        ("covered by credit", Case { asked: money("0.00"), ..case(&new) }, Next::Over),
        ("a cancellation", Case { asked: money("-119.00"), ..case(&new) }, Next::Over),
        ("collected", Case { collected: true, ..case(&new) }, Next::Collected),
        ("collected, and came back", Case { collected: true, ..case(&returned) }, on(1, "2026-12-27")),
        ("came back after a reminder", Case { collected: true, ..case(&returned_late) }, on(2, "2027-01-16")),
        ("account stopped", Case { account_stopped: true, ..case(&first) }, Next::Stopped(Stop::Account)),
        ("invoice stopped", case(&paused), Next::Stopped(Stop::Invoice)),
        ("its mail came back", Case { undelivered: true, ..case(&new) }, Next::Stopped(Stop::Undelivered)),
        ("stopped, but paid", Case { received: money("119.00"), ..case(&paused) }, Next::Over),
    ] {
        assert_eq!(table.next(&case), expected, "{name}");
    }
    assert_eq!(DunningTable::off().next(&case(&new)), Next::LastReached, "nobody is reminded");
}

#[test]
fn it_is_looked_at_when_something_can_have_changed() {
    let today = day("2026-12-31");
    for (next, expected) in [
        (Next::Over, None),
        (Next::Collected, None),
        (Next::Stopped(Stop::Account), Some("2027-01-01")),
        (Next::LastReached, Some("2027-01-07")),
        (Next::On { level: 1, day: day("2027-01-05") }, Some("2027-01-05")),
    ] {
        assert_eq!(next.look_on(today), expected.map(day), "{next:?}");
    }
}

#[test]
fn reminders_go_out_by_day_also_where_the_clock_changes() {
    let at = |text: &str| text.parse::<Instant>().expect(text);
    for (name, on, now, expected) in [
        ("tomorrow", "2026-12-22", "2026-12-21T12:00:00+01:00", "2026-12-22T08:00:00+01:00"),
        ("before eight", "2026-12-22", "2026-12-22T07:59:00+01:00", "2026-12-22T08:00:00+01:00"),
        ("by day", "2026-12-22", "2026-12-22T12:34:00+01:00", "2026-12-22T12:34:00+01:00"),
        ("after six", "2026-12-22", "2026-12-22T18:00:00+01:00", "2026-12-23T08:00:00+01:00"),
        ("late, before eight", "2026-12-20", "2026-12-22T03:00:00+01:00", "2026-12-22T08:00:00+01:00"),
        ("the day summer begins", "2027-03-28", "2027-03-27T20:00:00+01:00", "2027-03-28T08:00:00+02:00"),
        ("the day summer ends", "2026-10-25", "2026-10-25T01:00:00+02:00", "2026-10-25T08:00:00+01:00"),
    ] {
        assert_eq!(opens(day(on), at(now)), at(expected), "{name}");
        assert!(is_open(at(expected)), "{name}");
    }
    assert!(!is_open(at("2026-12-22T07:59:59+01:00")) && !is_open(at("2026-12-22T18:00:00+01:00")));
}

#[test]
fn interest_is_told_of_with_the_base_rate_of_its_day() {
    let mut table = DunningTable::usual();
    let [first, second, _] = &table.levels.clone()[..] else { panic!("three levels") };
    assert_eq!(table.interest_note(first, Language::De), None, "a friendly reminder");
    let note = table.interest_note(second, Language::De).expect("a note");
    assert!(note.contains("neun Prozentpunkten über dem Basiszinssatz und eine Pauschale von 40\u{a0}€"), "{note}");
    table.base_rate = Some(BaseRate { percent: Decimal::new(127, 2), since: day("2026-01-01") });
    let note = table.interest_note(second, Language::De).expect("a note");
    assert!(note.contains("zurzeit 10,27\u{a0}%, Basiszinssatz 1,27\u{a0}% seit dem 01.01.2026"), "{note}");
    table.base_rate = Some(BaseRate { percent: Decimal::new(-88, 2), since: day("2022-07-01") });
    assert!(table.interest_note(second, Language::En).is_some_and(|note| note.contains("currently 8.12%")));
}

const LEVEL: LevelForm<'static> = LevelForm {
    after_days: "7",
    pay_within_days: "10",
    fee: "2,50 €",
    title_de: "Mahnung",
    title_en: "Demand",
    text_de: "bitte\r\n zahlen Sie.",
    text_en: "please pay.",
    interest_note: "yes",
};

#[test]
fn a_table_is_read_and_every_mistake_is_named() {
    let today = day("2026-11-27");
    let read = |form: DunningForm<'_>| form.read(today);
    let form =
        DunningForm { levels: vec![LEVEL, LevelForm::default()], base_rate: "1,27 %", base_rate_since: "2026-07-01" };
    let table = read(form).expect("a table");
    assert_eq!(table.levels.len(), 1, "an empty level is none");
    let level = table.level(1).expect("a level");
    assert_eq!((level.after_days, level.fee, level.text.de.as_str()), (7, money("2.50"), "bitte zahlen Sie."));
    assert_eq!(table.base_rate.map(|rate| rate.percent), Some(Decimal::new(127, 2)));
    assert_eq!(read(DunningForm::default()), Ok(DunningTable::off()));
    let wrong = LevelForm { after_days: "0", pay_within_days: "", fee: "51", title_de: "", ..LEVEL };
    let problems = read(DunningForm { levels: vec![LEVEL, wrong], base_rate: "viel", base_rate_since: "2026-11-28" });
    let expected = [
        ("levels[1].after_days", Problem::OutOfRange { least: 1, most: 90 }),
        ("levels[1].pay_within_days", Problem::Missing),
        ("levels[1].fee", Problem::NotAnAmount { most: 50 }),
        ("levels[1].title_de", Problem::Missing),
        ("base_rate", Problem::NotAPercentage { least: Decimal::from(-5), most: Decimal::from(20) }),
        ("base_rate_since", Problem::InTheFuture),
    ];
    assert_eq!(problems, Err(expected.map(|(field, problem)| FieldProblem::new(field, problem)).to_vec()));
}

#[test]
fn fees_are_amounts() {
    for (text, expected) in [
        ("", Some("0.00")),
        ("5", Some("5.00")),
        ("7,50", Some("7.50")),
        ("7.5 €", Some("7.50")),
        ("50", Some("50.00")),
        ("50,01", None),
        ("-1", None),
        ("1,234", None),
        ("fünf", None),
    ] {
        assert_eq!(fee(text).ok().map(Money::plain).as_deref(), expected, "{text}");
    }
}
