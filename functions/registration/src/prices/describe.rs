//! A price in a few words, as a price list would have it.

use domain::catalog::Catalogue;
use domain::catalog::charge::{Blocks, Charge, Every, Flat, Metered, Model, OneOff, Percentage, PriceSource, Shape};
use domain::catalog::meter::Unit;
use domain::catalog::tiers::{Price, Tier, Tiers};
use domain::catalog::window::{DAY_MINUTES, Window};
use domain::language::Language;
use domain::money::{Currency, UnitPrice};
use rust_decimal::Decimal;

/// Whether nobody has set the price yet.
pub(super) fn is_sample(charge: &Charge) -> bool {
    charge.source == PriceSource::Sample
}

/// An amount with all its decimals.
pub(super) fn amount(value: Decimal, language: Language) -> String {
    language.unit_price(UnitPrice::new(value, Currency::Eur))
}

/// A price, or that it has to be agreed.
fn price(price: Price, language: Language) -> String {
    match price {
        Price::Amount(value) => amount(value, language),
        Price::OnRequest => language.pick("auf Anfrage", "on request").to_owned(),
    }
}

/// What a charge costs.
pub(super) fn describe(catalogue: &Catalogue, charge: &Charge, language: Language) -> String {
    match &charge.model {
        Model::Flat(flat) => fee(flat, language),
        Model::OneOff(one_off) => order(one_off, charge.unit.as_ref(), language),
        Model::Metered(metered) => by_quantity(catalogue, metered, language),
        Model::Stepped(stepped) => {
            let tiers = tiers(&stepped.tiers, language, |price| price);
            language.pick(format!("im Monat: {tiers}"), format!("a month: {tiers}"))
        }
        Model::Percentage(percentage) => share(percentage, language),
        Model::Blocks(blocks) => time(blocks, language),
    }
}

fn fee(flat: &Flat, language: Language) -> String {
    let price = price(flat.price, language);
    match flat.every {
        Every::Month => language.pick(format!("{price} im Monat"), format!("{price} a month")),
        Every::Year => language.pick(format!("{price} im Jahr"), format!("{price} a year")),
    }
}

fn order(one_off: &OneOff, unit: Option<&Unit>, language: Language) -> String {
    let flat = unit.is_some_and(|unit| unit.code == "LS");
    match (one_off.price, one_off.from, flat) {
        (Price::OnRequest, ..) => language.pick("Preis nach Vereinbarung", "price as agreed").to_owned(),
        (Price::Amount(value), true, _) => {
            let value = amount(value, language);
            language.pick(format!("ab {value}"), format!("from {value}"))
        }
        (Price::Amount(value), false, true) => amount(value, language),
        (Price::Amount(value), false, false) => each(&amount(value, language), language),
    }
}

fn each(price: &str, language: Language) -> String {
    language.pick(format!("je {price}"), format!("{price} each"))
}

fn by_quantity(catalogue: &Catalogue, metered: &Metered, language: Language) -> String {
    let mut text = match &metered.shape {
        Shape::PerUnit(price) => each(&amount(*price, language), language),
        Shape::Package { size, price } => {
            let (size, price) = (language.number(*size), amount(*price, language));
            language.pick(format!("{price} je angefangene {size}"), format!("{price} per started {size}"))
        }
        Shape::Graduated(of) => {
            let tiers = tiers(of, language, |price| each(&price, language));
            language.pick(format!("gestaffelt: {tiers}"), format!("in tiers: {tiers}"))
        }
        Shape::Volume(of) => {
            let tiers = tiers(of, language, |price| each(&price, language));
            language.pick(
                format!("alle zum Preis der erreichten Stufe: {tiers}"),
                format!("all at the price of the tier reached: {tiers}"),
            )
        }
    };
    if let Some(waiver) = &metered.waiver {
        let below = language.number(waiver.below);
        let what = catalogue.meter(&waiver.meter).map_or("", |meter| meter.title.get(language));
        text.push_str(&language.pick(
            format!("; kostenlos bei weniger als {below} {what}"),
            format!("; free of charge below {below} {}", what.to_lowercase()),
        ));
    }
    if let Some(least) = metered.minimum_quantity {
        let least = language.number(least);
        text.push_str(&language.pick(format!("; mindestens {least}"), format!("; {least} at least")));
    }
    text
}

fn tiers(tiers: &Tiers, language: Language, written: impl Fn(String) -> String) -> String {
    let tier = |tier: &Tier| {
        let mut text = match tier.price {
            Price::Amount(value) if value.is_zero() => language.pick("kostenlos", "free").to_owned(),
            Price::Amount(value) => written(amount(value, language)),
            Price::OnRequest => price(tier.price, language),
        };
        if !tier.flat.is_zero() {
            text.push_str(&format!(" + {}", amount(tier.flat, language)));
        }
        match tier.up_to {
            Some(up_to) => {
                let up_to = language.number(up_to);
                language.pick(format!("{text} bis {up_to}"), format!("{text} up to {up_to}"))
            }
            None => language.pick(format!("darüber {text}"), format!("above that {text}")),
        }
    };
    match tiers.all() {
        [only] => written(price(only.price, language)),
        all => all.iter().map(tier).collect::<Vec<_>>().join(", "),
    }
}

fn share(percentage: &Percentage, language: Language) -> String {
    let percent = language.number(percentage.percent);
    let mut text = language.pick(format!("{percent} % je Zahlung"), format!("{percent} % of each payment"));
    if !percentage.fixed.is_zero() {
        text.push_str(&format!(" + {}", amount(percentage.fixed, language)));
    }
    if let Some(least) = percentage.minimum {
        let least = amount(least, language);
        text.push_str(&language.pick(format!(", mindestens {least}"), format!(", {least} at least")));
    }
    if let Some(most) = percentage.maximum {
        let most = amount(most, language);
        text.push_str(&language.pick(format!(", höchstens {most}"), format!(", {most} at most")));
    }
    if percentage.free_transactions > 0 {
        let free = percentage.free_transactions;
        text.push_str(&language.pick(
            format!("; die ersten {free} im Monat sind frei"),
            format!("; the first {free} of a month are free"),
        ));
    }
    text
}

fn time(blocks: &Blocks, language: Language) -> String {
    let (price, block) = (amount(blocks.price, language), language.number(blocks.block));
    let further = if blocks.block == Decimal::ONE {
        language.pick(format!("{price} je angefangene Minute"), format!("{price} per started minute"))
    } else {
        language.pick(format!("{price} je angefangene {block} Minuten"), format!("{price} per started {block} minutes"))
    };
    let mut text = match blocks.first {
        None => further,
        Some(first) => {
            let (minutes, price) = (language.number(first.minutes), amount(first.price, language));
            language.pick(
                format!("{price} für die ersten {minutes} Minuten, dann {further}"),
                format!("{price} for the first {minutes} minutes, then {further}"),
            )
        }
    };
    if let Some(longest) = blocks.longest {
        let longest = language.number(longest);
        text.push_str(&language.pick(
            format!("; über {longest} Minuten nur mit Angebot"),
            format!("; above {longest} minutes by offer only"),
        ));
    }
    text
}

/// `Mo–Fr 9:30–12:30, 13:30–17:00`; empty where every hour is meant.
pub(super) fn all_hours(windows: &[Window], language: Language) -> String {
    let mut text = String::new();
    let mut days_before = None;
    for window in windows {
        if !text.is_empty() {
            text.push_str(", ");
        }
        if days_before != Some(window.days) {
            text.push_str(&days(window, language));
            text.push(' ');
        }
        days_before = Some(window.days);
        let time = |minute: u32| format!("{}:{:02}", minute / 60, minute % 60);
        text.push_str(&match (window.from, window.to) {
            (0, DAY_MINUTES) => language.pick("ganztägig", "all day").to_owned(),
            (from, to) => format!("{}–{}", time(from), time(to)),
        });
    }
    text
}

/// `Mo–Fr`.
fn days(window: &Window, language: Language) -> String {
    let names =
        language.pick(["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"], ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for day in (0..names.len()).filter(|day| window.days.get(*day).copied().unwrap_or(false)) {
        match groups.last_mut() {
            Some(group) if group.1 + 1 == day => group.1 = day,
            _ => groups.push((day, day)),
        }
    }
    let name = |day: usize| names.get(day).copied().unwrap_or_default();
    let group = |(first, last): &(usize, usize)| match last - first {
        0 => name(*first).to_owned(),
        _ => format!("{}–{}", name(*first), name(*last)),
    };
    groups.iter().map(group).collect::<Vec<_>>().join(", ")
}
