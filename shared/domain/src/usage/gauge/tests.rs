use super::*;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

#[test]
fn a_day_keeps_its_last_and_its_highest_value_in_whatever_order_they_come() {
    let observed = |values: &[(&str, i64)]| {
        let day = values.iter().fold(None, |day, (time, value)| {
            Some(GaugeDay::observed(day, at(&format!("2026-11-03T{time}:00Z")), Decimal::from(*value)))
        });
        day.map(|day| (day.last, day.highest)).unwrap()
    };
    for (name, values, last, highest) in [
        ("one", &[("10:00", 5)][..], 5, 5),
        ("rising", &[("10:00", 5), ("11:00", 7)], 7, 7),
        ("falling", &[("10:00", 7), ("11:00", 5)], 5, 7),
        ("the newer one first", &[("11:00", 5), ("10:00", 7)], 5, 7),
        ("the same time: what came last", &[("10:00", 7), ("10:00", 5)], 5, 7),
    ] {
        assert_eq!(observed(values), (Decimal::from(last), Decimal::from(highest)), "{name}");
    }
}

#[test]
fn a_month_begins_with_what_held_before_it() {
    let mut history = GaugeHistory::default();
    assert_eq!(history.before(month("2026-08")), None);
    history.observe(at("2026-08-10T08:00:00Z"), Decimal::from(5));
    history.observe(at("2026-11-05T08:00:00Z"), Decimal::from(9));
    for (of, expected) in [("2026-08", None), ("2026-09", Some(5)), ("2026-11", Some(5)), ("2026-12", Some(9))] {
        assert_eq!(history.before(month(of)), expected.map(Decimal::from), "{of}");
    }
    // What comes late for October holds on into November, and an older value of October changes nothing.
    history.observe(at("2026-10-15T08:00:00Z"), Decimal::from(7));
    history.observe(at("2026-10-14T08:00:00Z"), Decimal::from(1));
    for (of, expected) in [("2026-10", 5), ("2026-11", 7), ("2026-12", 9)] {
        assert_eq!(history.before(month(of)), Some(Decimal::from(expected)), "{of}");
    }
    // The last second of a month by local time is none of the next one (G3).
    history.observe(at("2026-12-31T22:59:59Z"), Decimal::from(3));
    assert_eq!(history.before(month("2027-01")), Some(Decimal::from(3)));
    assert_eq!(history.before(month("2026-12")), Some(Decimal::from(9)));
}

#[test]
fn accounts_that_are_billed_together_add_up() {
    let meter = MeterId::parse("users").unwrap();
    let record = |day: &str, quantity: i64| Record {
        day: Day::parse(day).unwrap(),
        at: None,
        meter: meter.clone(),
        quantity: Decimal::from(quantity),
        subject: None,
        recorded_on: None,
    };
    let account = |id: &str| AccountId::parse(id).unwrap();
    let parts = BTreeMap::from([
        (account("acc_a"), vec![record("2026-10-31", 3), record("2026-11-10", 1)]),
        (account("acc_b"), vec![record("2026-11-05", 4)]),
    ]);
    let sums: Vec<(String, String)> =
        together(parts).iter().map(|record| (record.day.to_string(), record.quantity.to_string())).collect();
    let expected = [("2026-10-31", "3"), ("2026-11-05", "7"), ("2026-11-10", "5")];
    assert_eq!(sums, expected.map(|(day, sum)| (day.to_owned(), sum.to_owned())));
}

#[test]
fn days_begin_with_what_held_on_and_have_their_highest_value_p2() {
    let change = |(day, hour, quantity): &(&str, u32, i64)| Record {
        day: Day::parse(day).unwrap(),
        at: Some(at(&format!("{day}T{hour:02}:00:00Z"))),
        meter: MeterId::parse("seats").unwrap(),
        quantity: Decimal::from(*quantity),
        subject: None,
        recorded_on: None,
    };
    for (name, changes, expected) in [
        ("nothing", &[][..], &[][..]),
        ("it held on all month", &[("2026-12-20", 9, 24)], &[("2027-01-01", 24)]),
        ("none held on", &[("2026-12-20", 9, 0), ("2027-01-05", 9, 3)], &[("2027-01-05", 3)]),
        (
            "it fell on the second, and rose and fell on the fifth",
            &[("2026-12-20", 9, 24), ("2027-01-02", 9, 13), ("2027-01-05", 8, 20), ("2027-01-05", 9, 11)],
            &[("2027-01-01", 24), ("2027-01-02", 13), ("2027-01-05", 20)],
        ),
        ("it was observed on the first day", &[("2026-12-20", 9, 24), ("2027-01-01", 9, 13)], &[("2027-01-01", 13)]),
    ] {
        let peaks = daily_peaks(changes.iter().map(change).collect(), Day::parse("2027-01-01").unwrap());
        let peaks: Vec<(String, Decimal)> = peaks.iter().map(|peak| (peak.day.to_string(), peak.quantity)).collect();
        let expected: Vec<(String, Decimal)> =
            expected.iter().map(|(day, quantity)| ((*day).to_owned(), Decimal::from(*quantity))).collect();
        assert_eq!(peaks, expected, "{name}");
    }
}
