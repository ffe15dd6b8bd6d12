use std::collections::BTreeMap;

use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

#[test]
fn easter_falls_on_known_days() {
    for sunday in [
        "1818-03-22",
        "1954-04-18",
        "2000-04-23",
        "2001-04-15",
        "2005-03-27",
        "2008-03-23",
        "2011-04-24",
        "2016-03-27",
        "2019-04-21",
        "2020-04-12",
        "2021-04-04",
        "2022-04-17",
        "2023-04-09",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2029-04-01",
        "2030-04-21",
        "2035-03-25",
        "2038-04-25",
        "2049-04-18",
        "2076-04-19",
    ] {
        let expected = day(sunday).date();
        assert_eq!(easter(expected.year()), Some(expected), "{sunday}");
    }
    for year in [i32::MIN, -1, 0, 1582, i32::MAX] {
        assert_eq!(easter(year), None, "{year}");
    }
}

#[test]
fn each_state_has_as_many_holidays_as_its_act_names() {
    let expected: BTreeMap<_, [usize; 6]> = BTreeMap::from([
        ("DE", [9, 10, 9, 9, 9, 9]),
        ("DE-BW", [12, 13, 12, 12, 12, 12]),
        ("DE-BY", [12, 13, 12, 12, 12, 12]),
        ("DE-BE", [9, 10, 9, 10, 11, 10]),
        ("DE-BB", [12, 12, 12, 12, 12, 12]),
        ("DE-HB", [9, 10, 10, 10, 10, 10]),
        ("DE-HH", [9, 10, 10, 10, 10, 10]),
        ("DE-HE", [10, 11, 10, 10, 10, 10]),
        ("DE-MV", [10, 10, 10, 10, 10, 11]),
        ("DE-NI", [9, 10, 10, 10, 10, 10]),
        ("DE-NW", [11, 12, 11, 11, 11, 11]),
        ("DE-RP", [11, 12, 11, 11, 11, 11]),
        ("DE-SL", [12, 13, 12, 12, 12, 12]),
        ("DE-SN", [11, 11, 11, 11, 11, 11]),
        ("DE-ST", [11, 11, 11, 11, 11, 11]),
        ("DE-SH", [9, 10, 10, 10, 10, 10]),
        ("DE-TH", [10, 10, 10, 11, 11, 11]),
    ]);
    for region in Region::ALL {
        let counts = [2016, 2017, 2018, 2019, 2020, 2026].map(|year| holidays(region, year).len());
        assert_eq!(Some(&counts), expected.get(region.code()), "{}", region.code());
    }
}

#[test]
fn a_day_is_a_holiday_in_some_states_and_years_only() {
    let all = "DE BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH";
    for (name, date, states) in [
        ("New Year's Day", "2026-01-01", all),
        ("Epiphany", "2026-01-06", "BW BY ST"),
        ("Women's Day before there was one", "2018-03-08", ""),
        ("Women's Day in Berlin", "2019-03-08", "BE"),
        ("Women's Day, last year in Berlin alone", "2022-03-08", "BE"),
        ("Women's Day in two states", "2023-03-08", "BE MV"),
        ("Maundy Thursday", "2026-04-02", ""),
        ("Good Friday", "2026-04-03", all),
        ("Holy Saturday", "2026-04-04", ""),
        ("Easter Sunday", "2026-04-05", "BB"),
        ("Easter Monday", "2026-04-06", all),
        ("Labour Day", "2026-05-01", all),
        ("anniversary of the liberation, 75th", "2020-05-08", "BE"),
        ("anniversary of the liberation, 76th", "2021-05-08", ""),
        ("anniversary of the liberation, 80th", "2025-05-08", "BE"),
        ("Ascension Day", "2026-05-14", all),
        ("the Friday after Ascension Day", "2026-05-15", ""),
        ("Whit Sunday", "2026-05-24", "BB"),
        ("Whit Monday", "2026-05-25", all),
        ("Corpus Christi", "2026-06-04", "BW BY HE NW RP SL"),
        ("anniversary of the uprising, 74th", "2027-06-17", ""),
        ("anniversary of the uprising, 75th", "2028-06-17", "BE"),
        ("Peace Festival of Augsburg", "2026-08-08", ""),
        ("Assumption Day", "2026-08-15", "SL"),
        ("World Children's Day before there was one", "2018-09-20", ""),
        ("World Children's Day", "2019-09-20", "TH"),
        ("German Unity Day", "2026-10-03", all),
        ("Reformation Day before 2017", "2016-10-31", "BB MV SN ST TH"),
        ("Reformation Day, the 500th", "2017-10-31", all),
        ("Reformation Day since 2018", "2018-10-31", "BB HB HH MV NI SN ST SH TH"),
        ("All Saints' Day", "2026-11-01", "BW BY NW RP SL"),
        ("Day of Repentance, earliest date", "2028-11-22", "SN"),
        ("Day of Repentance, on a Wednesday 16 November", "2022-11-16", "SN"),
        ("Day of Repentance", "2026-11-18", "SN"),
        ("a week after it", "2026-11-25", ""),
        ("Christmas Eve", "2026-12-24", ""),
        ("Christmas Day", "2026-12-25", all),
        ("Second Day of Christmas", "2026-12-26", all),
        ("the day after Christmas", "2026-12-27", ""),
        ("New Year's Eve", "2026-12-31", ""),
        ("a leap day", "2028-02-29", ""),
    ] {
        let date = day(date);
        let free = Region::ALL.into_iter().filter(|region| is_holiday(*region, date));
        let free: Vec<_> = free.map(|region| region.code().trim_start_matches("DE-")).collect();
        assert_eq!(free.join(" "), states, "{name}");
    }
}

#[test]
fn the_holidays_of_a_year_come_in_order_and_with_their_names() {
    let named = |region, year| {
        let line = |holiday: &Holiday| format!("{} {} / {}", holiday.day, holiday.name.de, holiday.name.en);
        holidays(region, year).iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        named(Region::Saxony, 2026),
        [
            "2026-01-01 Neujahr / New Year's Day",
            "2026-04-03 Karfreitag / Good Friday",
            "2026-04-06 Ostermontag / Easter Monday",
            "2026-05-01 Tag der Arbeit / Labour Day",
            "2026-05-14 Christi Himmelfahrt / Ascension Day",
            "2026-05-25 Pfingstmontag / Whit Monday",
            "2026-10-03 Tag der Deutschen Einheit / German Unity Day",
            "2026-10-31 Reformationstag / Reformation Day",
            "2026-11-18 Buß- und Bettag / Day of Repentance and Prayer",
            "2026-12-25 1. Weihnachtstag / Christmas Day",
            "2026-12-26 2. Weihnachtstag / Second Day of Christmas",
        ]
    );
    let on = |date| holiday_on(Region::Germany, day(date)).map(|holiday| holiday.name.de);
    assert_eq!(named(Region::Germany, 2008).len(), 9, "two of them on 1 May");
    assert_eq!(on("2008-05-01").as_deref(), Some("Tag der Arbeit"), "the fixed date gives the name");
    assert_eq!(on("2026-05-14").as_deref(), Some("Christi Himmelfahrt"));
    assert_eq!(on("2026-11-18"), None);
    assert!(holidays(Region::Germany, i32::MAX).is_empty(), "no such year");
}

#[test]
fn regions_read_what_they_wrote() {
    for region in Region::ALL {
        assert_eq!(Region::parse(region.code()), Some(region), "{}", region.code());
    }
    for text in ["", "de", "DE-", "DE-XX", "de-bw", "BW", "DE-BW ", "DE_BW", "AT", "Bayern"] {
        assert_eq!(Region::parse(text), None, "{text}");
    }
}
