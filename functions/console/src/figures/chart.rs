//! Bars of a year: one for each month, with a part for each price list. Drawn as SVG in whole numbers, without a script;
//! the table below says the same in figures.

use domain::calendar::Month;
use domain::figures::Figures;
use domain::language::Language;
use domain::money::{Currency, Money};
use maud::{Markup, html};
use platform::error::Error;

use super::beyond;
use super::names::Lists;

/// Size of the drawing in tenths of a unit, so that thin parts keep their height.
const WIDTH: i64 = 9_600;
const HEIGHT: i64 = 3_400;
/// Where the bars stand.
const LEFT: i64 = 960;
const RIGHT: i64 = 9_560;
const TOP: i64 = 240;
const BOTTOM: i64 = 2_980;
/// Share of a month's width that its bar takes, in percent.
const BAR: i64 = 64;
/// Parts that have a colour of their own; further price lists share the last one.
const COLOURS: usize = 8;
/// Lines of the scale, about.
const STEPS: i64 = 4;

/// A part of a bar.
struct Part {
    series: usize,
    /// In cents, below zero where more was cancelled than invoiced.
    amount: i64,
}

/// The scale, in cents: from `-below` to `above`, both multiples of `step`.
struct Scale {
    step: i64,
    above: i64,
    below: i64,
}

impl Scale {
    /// The scale for the highest and the lowest bar.
    fn of(highest: i64, lowest: i64) -> Self {
        let step = nice((highest.saturating_add(lowest) / STEPS).max(1));
        let whole = |amount: i64| amount.saturating_add(step - 1) / step * step;
        Self { step, above: whole(highest).max(step), below: whole(lowest) }
    }

    /// Where an amount is.
    fn at(&self, amount: i64) -> i64 {
        let span = i128::from(self.above + self.below);
        let down = i128::from(self.above - amount) * i128::from(BOTTOM - TOP) / span;
        TOP + i64::try_from(down).unwrap_or(0)
    }

    fn lines(&self) -> impl Iterator<Item = i64> {
        let (step, first) = (self.step, -self.below / self.step);
        (first..=self.above / self.step).map(move |line| line * step)
    }
}

/// The next of 1, 2, 5, 10, 20, 50 … euros, in cents.
fn nice(cents: i64) -> i64 {
    let mut power = 100;
    loop {
        for factor in [1, 2, 5] {
            if factor * power >= cents {
                return factor * power;
            }
        }
        power *= 10;
    }
}

/// The chart in a card, with what its colours mean.
///
/// # Errors
/// [`Error::Internal`] when a sum is beyond every limit.
pub(super) fn card(months: &[(Month, Figures)], lists: &Lists, language: Language) -> Result<Markup, Error> {
    let series = lists.used(months.iter().map(|(_, figures)| figures));
    if series.is_empty() {
        return Ok(html! {});
    }
    let mut bars = Vec::new();
    for (month, figures) in months {
        let by_list = figures.by(|cell| cell.catalogue.clone()).map_err(beyond)?;
        let part = |(index, list): (usize, &Option<String>)| {
            let amount = by_list.get(list).map_or(0, |sum| sum.net.cents());
            Part { series: index, amount }
        };
        let parts: Vec<Part> = series.iter().enumerate().map(part).filter(|part| part.amount != 0).collect();
        bars.push((*month, parts));
    }
    let names: Vec<String> = series.iter().map(|list| lists.name(list.as_deref())).collect();
    let heading = language.pick("Netto nach Monat und Preisliste", "Net by month and price list");
    Ok(html! {
        figure class="card chart" {
            figcaption { (heading) }
            div class="scroll" { (drawing(&bars, &names, language)) }
            ul class="legend" { @for (index, name) in names.iter().enumerate() {
                li { svg class="swatch" viewBox="0 0 10 10" aria-hidden="true" { rect class=(colour(index)) width="10" height="10" rx="2" {} } (name) }
            } }
            p class="hint" { a href="#by-month" { (language.pick("Dieselben Zahlen als Tabelle", "The same figures as a table")) } }
        }
    })
}

fn drawing(bars: &[(Month, Vec<Part>)], names: &[String], language: Language) -> Markup {
    let height = |parts: &[Part], sign: i64| -> i64 {
        parts.iter().map(|part| part.amount * sign).filter(|amount| *amount > 0).sum()
    };
    let highest = bars.iter().map(|(_, parts)| height(parts, 1)).max().unwrap_or(0);
    let lowest = bars.iter().map(|(_, parts)| height(parts, -1)).max().unwrap_or(0);
    let scale = Scale::of(highest, lowest);
    let slot = (RIGHT - LEFT) / i64::try_from(bars.len().max(1)).unwrap_or(1);
    let width = slot * BAR / 100;
    let said = language.pick(
        "Säulen: Nettobeträge der Rechnungen je Monat, unterteilt nach Preisliste",
        "Bars: net amounts invoiced in each month, divided by price list",
    );
    html! {
        svg viewBox={ "0 0 " (tenths(WIDTH)) " " (tenths(HEIGHT)) } role="img" aria-label=(said) {
            @for line in scale.lines() {
                line class=(if line == 0 { "axis" } else { "grid" }) x1=(tenths(LEFT)) x2=(tenths(RIGHT)) y1=(tenths(scale.at(line))) y2=(tenths(scale.at(line))) {}
                text class="scale" x=(tenths(LEFT - 80)) y=(tenths(scale.at(line) + 40)) { (whole_euros(line, language)) }
            }
            @for (index, (month, parts)) in (0_i64..).zip(bars) {
                @let left = LEFT + slot * index + (slot - width) / 2;
                @let middle = tenths(left + width / 2);
                (bar(parts, left, width, &scale, &|part| format!(
                    "{}, {}: {}", language.month(*month), names.get(part.series).map_or("", String::as_str), money(part.amount, language))))
                @if !parts.is_empty() {
                    text class="value" x=(middle) y=(tenths(scale.at(height(parts, 1)) - 60)) {
                        (whole_euros(parts.iter().map(|part| part.amount).sum(), language))
                    }
                }
                text class="month" x=(middle) y=(tenths(BOTTOM + 210)) { (short_month(*month, language)) }
            }
        }
    }
}

/// The parts of a bar, one upon the other; those below zero hang from the axis.
fn bar(parts: &[Part], left: i64, width: i64, scale: &Scale, said: &dyn Fn(&Part) -> String) -> Markup {
    let (mut up, mut down) = (0_i64, 0_i64);
    let mut boxes = Vec::new();
    for part in parts {
        let edge = if part.amount > 0 { &mut up } else { &mut down };
        let (from, to) = (*edge, *edge + part.amount);
        *edge = to;
        let (top, bottom) = (scale.at(from.max(to)), scale.at(from.min(to)));
        boxes.push((part, top, bottom - top));
    }
    html! {
        @for (part, top, height) in &boxes {
            rect class=(colour(part.series)) x=(tenths(left)) y=(tenths(*top)) width=(tenths(width)) height=(tenths(*height)) {
                title { (said(part)) }
            }
        }
    }
}

fn colour(series: usize) -> String {
    format!("s{}", series.min(COLOURS - 1))
}

/// Tenths of a unit as a decimal number.
fn tenths(length: i64) -> String {
    format!("{}.{}", length / 10, length % 10)
}

fn money(cents: i64, language: Language) -> String {
    Money::from_cents(cents, Currency::Eur).map_or_else(|_| String::new(), |amount| language.money(amount))
}

/// An amount without its cents, where there is little room; the table has them.
fn whole_euros(cents: i64, language: Language) -> String {
    let half = if cents < 0 { -50 } else { 50 };
    let written = money((cents + half) / 100 * 100, language);
    written.replacen(language.pick(",00", ".00"), "", 1)
}

/// `Nov.` and the like: the month's name to three letters, without its year.
fn short_month(month: Month, language: Language) -> String {
    language.month(month).chars().take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_round_steps_and_holds_every_bar() {
        for (name, highest, lowest, expected) in [
            ("a few cents", 37, 0, (100, 100, 0)),
            ("a month of a small operator", 123_456, 0, (50_000, 150_000, 0)),
            ("exactly on a line", 200_000, 0, (50_000, 200_000, 0)),
            ("more cancelled than invoiced", 0, 99_900, (50_000, 50_000, 100_000)),
            ("both", 100_000, 50_000, (50_000, 100_000, 50_000)),
            ("the largest there is", 99_999_999_999_999, 0, (50_000_000_000_000, 100_000_000_000_000, 0)),
        ] {
            let scale = Scale::of(highest, lowest);
            assert_eq!((scale.step, scale.above, scale.below), expected, "{name}");
            assert!(scale.at(highest) >= TOP && scale.at(-lowest) <= BOTTOM, "{name}");
            assert_eq!((scale.at(scale.above), scale.at(-scale.below)), (TOP, BOTTOM), "{name}");
        }
    }

    #[test]
    fn parts_meet_without_a_gap() {
        let parts: Vec<Part> = [3_333, -1_000, 6_667, -1]
            .iter()
            .zip(0..)
            .map(|(amount, series)| Part { series, amount: *amount })
            .collect();
        let scale = Scale::of(10_000, 1_001);
        let drawn = bar(&parts, LEFT, 100, &scale, &|_| String::new()).into_string();
        let numbers = |name: &str| -> Vec<i64> {
            let before = format!("{name}=\"");
            let values = drawn.split(&before).skip(1).map(|rest| rest.split('"').next().unwrap_or(""));
            values.map(|value| value.replace('.', "").parse().unwrap_or(-1)).collect()
        };
        let (tops, heights) = (numbers(" y"), numbers("height"));
        assert_eq!(tops[0] + heights[0], scale.at(0), "stands on the axis");
        assert_eq!(tops[2] + heights[2], tops[0], "stands on the part before");
        assert_eq!(tops[1], scale.at(0), "hangs from the axis");
        assert_eq!(tops[3], tops[1] + heights[1], "hangs from the part before");
    }

    #[test]
    fn amounts_are_rounded_where_there_is_little_room() {
        for (cents, de, en) in [
            (123_450, "1.235\u{a0}€", "€1,235"),
            (123_449, "1.234\u{a0}€", "€1,234"),
            (-123_450, "-1.235\u{a0}€", "-€1,235"),
            (0, "0\u{a0}€", "€0"),
            (100_000_000, "1.000.000\u{a0}€", "€1,000,000"),
        ] {
            assert_eq!((whole_euros(cents, Language::De), whole_euros(cents, Language::En)), (de.into(), en.into()));
        }
    }
}
