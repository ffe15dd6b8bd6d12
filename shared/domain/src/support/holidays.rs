//! Public holidays of the German states, as data.
//!
//! The one of 3 October rests on Art. 2 (2) of the Unification Treaty, all others on the states' own acts. They are
//! right from the year 2000 on.
//!
//! Not here, because the place within the state decides: Assumption Day in Bavaria (a holiday where Catholics are the
//! majority, so in most municipalities), Corpus Christi in parts of Saxony and Thuringia, the Peace Festival of
//! Augsburg. Not here either: Easter Sunday and Whit Sunday in Hesse, whose act makes every Sunday a holiday and does
//! not name these two (§ 1 (1) HFeiertagsG); Brandenburg names them. 24 and 31 December are no holidays anywhere.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::calendar::Day;
use crate::language::Text;

/// A German state, or only what holds in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// The nine holidays of all states.
    Germany,
    /// Baden-Württemberg.
    BadenWuerttemberg,
    /// Bavaria.
    Bavaria,
    /// Berlin.
    Berlin,
    /// Brandenburg.
    Brandenburg,
    /// Bremen.
    Bremen,
    /// Hamburg.
    Hamburg,
    /// Hesse.
    Hesse,
    /// Mecklenburg-Western Pomerania.
    MecklenburgWesternPomerania,
    /// Lower Saxony.
    LowerSaxony,
    /// North Rhine-Westphalia.
    NorthRhineWestphalia,
    /// Rhineland-Palatinate.
    RhinelandPalatinate,
    /// Saarland.
    Saarland,
    /// Saxony.
    Saxony,
    /// Saxony-Anhalt.
    SaxonyAnhalt,
    /// Schleswig-Holstein.
    SchleswigHolstein,
    /// Thuringia.
    Thuringia,
}

use Region::{
    BadenWuerttemberg, Bavaria, Berlin, Brandenburg, Bremen, Germany, Hamburg, Hesse, LowerSaxony,
    MecklenburgWesternPomerania, NorthRhineWestphalia, RhinelandPalatinate, Saarland, Saxony, SaxonyAnhalt,
    SchleswigHolstein, Thuringia,
};

impl Region {
    /// All of them, Germany first.
    pub const ALL: [Self; 17] = [
        Germany,
        BadenWuerttemberg,
        Bavaria,
        Berlin,
        Brandenburg,
        Bremen,
        Hamburg,
        Hesse,
        MecklenburgWesternPomerania,
        LowerSaxony,
        NorthRhineWestphalia,
        RhinelandPalatinate,
        Saarland,
        Saxony,
        SaxonyAnhalt,
        SchleswigHolstein,
        Thuringia,
    ];

    /// ISO 3166-2 code, `DE` for Germany.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Germany => "DE",
            BadenWuerttemberg => "DE-BW",
            Bavaria => "DE-BY",
            Berlin => "DE-BE",
            Brandenburg => "DE-BB",
            Bremen => "DE-HB",
            Hamburg => "DE-HH",
            Hesse => "DE-HE",
            MecklenburgWesternPomerania => "DE-MV",
            LowerSaxony => "DE-NI",
            NorthRhineWestphalia => "DE-NW",
            RhinelandPalatinate => "DE-RP",
            Saarland => "DE-SL",
            Saxony => "DE-SN",
            SaxonyAnhalt => "DE-ST",
            SchleswigHolstein => "DE-SH",
            Thuringia => "DE-TH",
        }
    }

    /// Reads a code as [`Region::code`] writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.code() == text)
    }
}

/// A public holiday of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The local day.
    pub day: Day,
    /// What people call it.
    pub name: Text,
}

/// The holidays of a year, earliest first. Two can fall on one day, as Labour Day and Ascension Day did in 2008.
#[must_use]
pub fn holidays(region: Region, year: i32) -> Vec<Holiday> {
    let mut holidays: Vec<_> = rules(region, year)
        .filter_map(|rule| Some(Holiday { day: rule.date.in_year(year)?, name: Text::new(rule.de, rule.en) }))
        .collect();
    holidays.sort_by_key(|holiday| holiday.day);
    holidays
}

/// The holiday of a day; of two on one day, the one with the fixed date.
#[must_use]
pub fn holiday_on(region: Region, day: Day) -> Option<Holiday> {
    let rule = rule_on(region, day)?;
    Some(Holiday { day, name: Text::new(rule.de, rule.en) })
}

/// Whether a day is a holiday.
#[must_use]
pub fn is_holiday(region: Region, day: Day) -> bool {
    rule_on(region, day).is_some()
}

fn rule_on(region: Region, day: Day) -> Option<&'static Rule> {
    let year = day.date().year();
    rules(region, year).find(|rule| rule.date.in_year(year) == Some(day))
}

fn rules(region: Region, year: i32) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |rule| rule.years.contains(&year) && rule.regions.contains(&region))
}

struct Rule {
    date: Date,
    regions: &'static [Region],
    years: RangeInclusive<i32>,
    de: &'static str,
    en: &'static str,
}

enum Date {
    /// Month and day of the month.
    Fixed(u32, u32),
    /// Days after Easter Sunday.
    Easter(i64),
    /// The last Wednesday before 23 November, eleven days before the first Sunday of Advent.
    Repentance,
}

impl Date {
    fn in_year(&self, year: i32) -> Option<Day> {
        let date = match *self {
            Self::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Self::Easter(days) => easter(year)?.checked_add_signed(TimeDelta::days(days)),
            Self::Repentance => {
                let last = NaiveDate::from_ymd_opt(year, 11, 22)?;
                let since_wednesday = (last.weekday().num_days_from_monday() + 5) % 7;
                last.checked_sub_signed(TimeDelta::days(i64::from(since_wednesday)))
            }
        };
        date.map(Day::new)
    }
}

/// Easter Sunday of the Gregorian calendar; `None` before its first whole year, 1583.
///
/// The Meeus/Jones/Butcher algorithm (Jean Meeus, Astronomical Algorithms, 2nd ed. 1998, chapter 8), with its letters.
pub(crate) fn easter(year: i32) -> Option<NaiveDate> {
    if year < 1583 {
        return None;
    }
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(sum / 31).ok()?, u32::try_from(sum % 31 + 1).ok()?)
}

const EVERYWHERE: &[Region] = &Region::ALL;
const ALWAYS: RangeInclusive<i32> = i32::MIN..=i32::MAX;

const fn since(year: i32) -> RangeInclusive<i32> {
    year..=i32::MAX
}

const fn once(year: i32) -> RangeInclusive<i32> {
    year..=year
}

const fn rule(
    date: Date,
    regions: &'static [Region],
    years: RangeInclusive<i32>,
    de: &'static str,
    en: &'static str,
) -> Rule {
    Rule { date, regions, years, de, en }
}

/// Fixed dates first: of two holidays on one day the first one found gives the name.
static RULES: [Rule; 25] = [
    rule(Date::Fixed(1, 1), EVERYWHERE, ALWAYS, "Neujahr", "New Year's Day"),
    rule(Date::Fixed(1, 6), &[BadenWuerttemberg, Bavaria, SaxonyAnhalt], ALWAYS, "Heilige Drei Könige", "Epiphany"),
    rule(Date::Fixed(3, 8), &[Berlin], since(2019), "Internationaler Frauentag", "International Women's Day"),
    rule(
        Date::Fixed(3, 8),
        &[MecklenburgWesternPomerania],
        since(2023),
        "Internationaler Frauentag",
        "International Women's Day",
    ),
    rule(Date::Fixed(5, 1), EVERYWHERE, ALWAYS, "Tag der Arbeit", "Labour Day"),
    rule(Date::Fixed(5, 8), &[Berlin], once(2020), "75. Jahrestag der Befreiung", "75th anniversary of the liberation"),
    rule(Date::Fixed(5, 8), &[Berlin], once(2025), "80. Jahrestag der Befreiung", "80th anniversary of the liberation"),
    rule(
        Date::Fixed(6, 17),
        &[Berlin],
        once(2028),
        "75. Jahrestag des Volksaufstands in der DDR",
        "75th anniversary of the East German uprising",
    ),
    rule(Date::Fixed(8, 15), &[Saarland], ALWAYS, "Mariä Himmelfahrt", "Assumption Day"),
    rule(Date::Fixed(9, 20), &[Thuringia], since(2019), "Weltkindertag", "World Children's Day"),
    rule(Date::Fixed(10, 3), EVERYWHERE, since(1990), "Tag der Deutschen Einheit", "German Unity Day"),
    rule(
        Date::Fixed(10, 31),
        &[Brandenburg, MecklenburgWesternPomerania, Saxony, SaxonyAnhalt, Thuringia],
        ALWAYS,
        "Reformationstag",
        "Reformation Day",
    ),
    // The 500th anniversary, in all other states too.
    rule(
        Date::Fixed(10, 31),
        &[
            Germany,
            BadenWuerttemberg,
            Bavaria,
            Berlin,
            Bremen,
            Hamburg,
            Hesse,
            LowerSaxony,
            NorthRhineWestphalia,
            RhinelandPalatinate,
            Saarland,
            SchleswigHolstein,
        ],
        once(2017),
        "Reformationstag",
        "Reformation Day",
    ),
    rule(
        Date::Fixed(10, 31),
        &[Bremen, Hamburg, LowerSaxony, SchleswigHolstein],
        since(2018),
        "Reformationstag",
        "Reformation Day",
    ),
    rule(
        Date::Fixed(11, 1),
        &[BadenWuerttemberg, Bavaria, NorthRhineWestphalia, RhinelandPalatinate, Saarland],
        ALWAYS,
        "Allerheiligen",
        "All Saints' Day",
    ),
    rule(Date::Fixed(12, 25), EVERYWHERE, ALWAYS, "1. Weihnachtstag", "Christmas Day"),
    rule(Date::Fixed(12, 26), EVERYWHERE, ALWAYS, "2. Weihnachtstag", "Second Day of Christmas"),
    rule(Date::Easter(-2), EVERYWHERE, ALWAYS, "Karfreitag", "Good Friday"),
    rule(Date::Easter(0), &[Brandenburg], ALWAYS, "Ostersonntag", "Easter Sunday"),
    rule(Date::Easter(1), EVERYWHERE, ALWAYS, "Ostermontag", "Easter Monday"),
    rule(Date::Easter(39), EVERYWHERE, ALWAYS, "Christi Himmelfahrt", "Ascension Day"),
    rule(Date::Easter(49), &[Brandenburg], ALWAYS, "Pfingstsonntag", "Whit Sunday"),
    rule(Date::Easter(50), EVERYWHERE, ALWAYS, "Pfingstmontag", "Whit Monday"),
    rule(
        Date::Easter(60),
        &[BadenWuerttemberg, Bavaria, Hesse, NorthRhineWestphalia, RhinelandPalatinate, Saarland],
        ALWAYS,
        "Fronleichnam",
        "Corpus Christi",
    ),
    rule(Date::Repentance, &[Saxony], ALWAYS, "Buß- und Bettag", "Day of Repentance and Prayer"),
];

#[cfg(test)]
mod tests;
