//! How each line came about, as a person would write it on paper.

use rust_decimal::Decimal;

use crate::calendar::local;
use crate::language::Language;
use crate::money::{Currency, Money, UnitPrice};
use crate::rating::{Basis, RatedLine, TimeBasis};

/// The steps from usage to the net amount of a line, one text line each.
#[must_use]
pub fn steps(rated: &RatedLine, language: Language) -> Vec<String> {
    let mut steps = basis(rated, language);
    steps.push(result(rated, language));
    steps
}

fn amount(value: Decimal, language: Language) -> String {
    match Money::round(value, Currency::Eur) {
        Ok(money) if money.amount() == value => language.money(money),
        _ => language.unit_price(UnitPrice::new(value, Currency::Eur)),
    }
}

/// Quantity × unit price × share = net.
fn result(rated: &RatedLine, language: Language) -> String {
    let line = &rated.line;
    let unit = line.unit.label(line.quantity, language);
    let mut text = format!("{} {unit} × {}", language.number(line.quantity), language.unit_price(line.unit_price));
    if let Some(share) = line.share {
        text.push_str(&format!(" × {} ÷ {}", share.days, share.of));
        text.push_str(language.pick(" Tage", " days"));
    }
    format!("{text} = {}", language.money(line.net))
}

fn basis(rated: &RatedLine, language: Language) -> Vec<String> {
    let number = |value: Decimal| language.number(value);
    let amount = |value: Decimal| amount(value, language);
    match &rated.basis {
        Basis::Fee => Vec::new(),
        Basis::Year => vec![language.pick(
            format!("Das Jahr beginnt am {}", language.date(rated.line.first_day)),
            format!("the year begins on {}", language.date(rated.line.first_day)),
        )],
        Basis::Change { before, after } => vec![language.pick(
            format!(
                "Monatsbetrag bisher {}, ab {} {}",
                amount(*before),
                language.date(rated.line.first_day),
                amount(*after)
            ),
            format!(
                "a month was {} and from {} is {}",
                amount(*before),
                language.date(rated.line.first_day),
                amount(*after)
            ),
        )],
        Basis::Order { ordered, covered, agreed } => order(*ordered, *covered, *agreed, language),
        Basis::Units { counted, covered, minimum } => units(rated, *counted, *covered, *minimum, language),
        Basis::Packages { units, size } => vec![language.pick(
            format!(
                "{} ÷ {} je Paket = {} angefangene Pakete",
                number(*units),
                number(*size),
                number(rated.line.quantity)
            ),
            format!(
                "{} ÷ {} per package = {} started packages",
                number(*units),
                number(*size),
                number(rated.line.quantity)
            ),
        )],
        Basis::Tier { quantity, volume, flat, .. } => vec![tier(rated, *quantity, *volume, *flat, language)],
        Basis::Step { count, since, agreed, .. } => {
            let agreed = if *agreed { language.pick(", vereinbarter Preis", ", agreed price") } else { "" };
            vec![language.pick(
                format!("{} gezählt seit {}{agreed}", number(*count), language.date(*since)),
                format!("{} counted since {}{agreed}", number(*count), language.date(*since)),
            )]
        }
        Basis::Transactions { percent, each, free } => transactions(*percent, each, *free, language),
        Basis::Time { block, entries } => entries.iter().map(|entry| time(*block, entry, language)).collect(),
        Basis::Late { .. } | Basis::TopUp { .. } | Basis::Discount { .. } => vec![adjustment(&rated.basis, language)],
    }
}

fn tier(rated: &RatedLine, quantity: Decimal, volume: bool, flat: bool, language: Language) -> String {
    let unit = rated.line.unit.label(quantity, language);
    let (all, part) = (language.number(quantity), language.number(rated.line.quantity));
    match (volume, flat) {
        (_, true) => {
            language.pick("Festbetrag der erreichten Stufe".to_owned(), "flat amount of the tier reached".to_owned())
        }
        (true, false) => language.pick(
            format!("{all} {unit} insgesamt: alle zum Preis der erreichten Stufe"),
            format!("{all} {unit} in all: each at the price of the tier reached"),
        ),
        (false, false) => language.pick(
            format!("{all} {unit} insgesamt, davon {part} in dieser Stufe"),
            format!("{all} {unit} in all, {part} of them in this tier"),
        ),
    }
}

/// What is added to or taken off the lines before.
fn adjustment(basis: &Basis, language: Language) -> String {
    let amount = |value: Decimal| amount(value, language);
    match basis {
        Basis::Late { month, with, without } => language.pick(
            format!(
                "{} mit allem, was nachkam: {}; schon berechnet: {}",
                language.month(*month),
                amount(*with),
                amount(*without)
            ),
            format!(
                "{} with what came late: {}; charged before: {}",
                language.month(*month),
                amount(*with),
                amount(*without)
            ),
        ),
        Basis::TopUp { reached, minimum } => language.pick(
            format!("Mindestumsatz {} − erreicht {}", amount(*minimum), amount(*reached)),
            format!("minimum spend {} − reached {}", amount(*minimum), amount(*reached)),
        ),
        Basis::Discount { of, percent: Some(percent) } => language.pick(
            format!("{} % von {}", language.number(*percent), amount(*of)),
            format!("{} % of {}", language.number(*percent), amount(*of)),
        ),
        Basis::Discount { of, percent: None } => language.pick(
            format!("von {}, höchstens dieser Betrag", amount(*of)),
            format!("off {}, never more than that", amount(*of)),
        ),
        _ => String::new(),
    }
}

fn order(ordered: Decimal, covered: Decimal, agreed: bool, language: Language) -> Vec<String> {
    let mut steps = Vec::new();
    if covered > Decimal::ZERO {
        let (ordered, covered) = (language.number(ordered), language.number(covered));
        steps.push(language.pick(
            format!("{ordered} bestellt, {covered} davon frei"),
            format!("{ordered} ordered, {covered} of them free"),
        ));
    }
    if agreed {
        steps.push(language.pick("vereinbarter Preis", "agreed price").to_owned());
    }
    steps
}

fn units(
    rated: &RatedLine,
    counted: Decimal,
    covered: Decimal,
    minimum: Option<Decimal>,
    language: Language,
) -> Vec<String> {
    let number = |value: Decimal| language.number(value);
    let mut steps = Vec::new();
    if let Some(meter) = &rated.line.provenance.meter
        && !rated.days.is_empty()
    {
        let days: Vec<String> = rated
            .days
            .iter()
            .map(|(day, quantity)| format!("{} {}", language.short_date(*day), number(*quantity)))
            .collect();
        steps.push(language.pick(
            format!("{meter}: {} → {}", days.join(" · "), number(counted)),
            format!("{meter}: {} → {}", days.join(" · "), number(counted)),
        ));
    }
    if covered > Decimal::ZERO {
        let left = number((counted - covered).max(Decimal::ZERO));
        steps.push(language.pick(
            format!("{} − {} frei = {left}", number(counted), number(covered)),
            format!("{} − {} free = {left}", number(counted), number(covered)),
        ));
    }
    if let Some(minimum) = minimum {
        steps.push(language.pick(
            format!("mindestens {} werden berechnet", number(minimum)),
            format!("at least {} are charged", number(minimum)),
        ));
    }
    steps
}

fn transactions(percent: Decimal, each: &[(Decimal, Decimal)], free: u64, language: Language) -> Vec<String> {
    let mut steps: Vec<String> = each
        .iter()
        .map(|(paid, fee)| {
            format!("{} × {} % → {}", amount(*paid, language), language.number(percent), amount(*fee, language))
        })
        .collect();
    if free > 0 {
        let first = match free {
            1 => language
                .pick("die erste Zahlung des Monats ist frei", "the first transaction of the month is free")
                .to_owned(),
            _ => language.pick(
                format!("die ersten {free} Zahlungen des Monats sind frei"),
                format!("the first {free} transactions of the month are free"),
            ),
        };
        steps.insert(0, first);
    }
    steps
}

fn time(block: Decimal, entry: &TimeBasis, language: Language) -> String {
    let number = |value: Decimal| language.number(value);
    let start = local(entry.start).format(language.pick("%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"));
    let minutes = language.pick("Min.", "min");
    let mut text = format!("{start}: {} {minutes} → {} {minutes}", number(entry.minutes), number(entry.started));
    if entry.covered > Decimal::ZERO {
        text.push_str(&format!(" − {} {}", number(entry.covered), language.pick("frei", "free")));
    }
    let mut parts = Vec::new();
    if let Some(first) = entry.first_price {
        parts.push(format!("{} {}", language.pick("Grundpreis", "first block"), amount(first, language)));
    }
    if entry.first_price.is_none() || entry.blocks > Decimal::ZERO {
        parts.push(format!("{} × {} {minutes}", number(entry.blocks), number(block)));
    }
    format!("{text}: {}", parts.join(" + "))
}
