//! The conditions of a price, a sentence each.

use domain::catalog::charge::{Accumulates, Billed, Charge, Every, Issuer, Metered, Model, Shape, VatClass};
use domain::catalog::meter::Meter;
use domain::catalog::names::MeterId;
use domain::catalog::window::{DAY_MINUTES, Window};
use domain::language::Language;

use super::Words;

/// Days of the week, Monday first.
const DAYS: [(&str, &str); 7] =
    [("Mo", "Mon"), ("Di", "Tue"), ("Mi", "Wed"), ("Do", "Thu"), ("Fr", "Fri"), ("Sa", "Sat"), ("So", "Sun")];

/// When and how a charge is made, beyond its price.
pub(crate) fn details(words: Words<'_>, charge: &Charge) -> Vec<String> {
    let language = words.language;
    let mut details = model(words, charge);
    let mut add = |de: String, en: String| details.push(language.pick(de, en));
    if let Some(add_on) = charge.add_on.as_ref().and_then(|id| words.catalogue.add_on(id)) {
        let title = add_on.title.get(language);
        add(format!("nur mit „{title}“"), format!("only with “{title}”"));
    }
    if !charge.model.pools().is_empty() {
        let pools = charge.model.pools().iter().map(|pool| words.pool(pool)).collect::<Vec<_>>().join(", ");
        add(format!("zuerst aus: {pools}"), format!("first taken from: {pools}"));
    }
    if charge.vat == VatClass::Reduced {
        add("ermäßigter Umsatzsteuersatz".to_owned(), "reduced VAT rate".to_owned());
    }
    if charge.issuer == Issuer::Partner {
        add("im Namen des Servicepartners".to_owned(), "in the name of the service partner".to_owned());
    }
    details
}

fn title(words: Words<'_>, id: &MeterId) -> String {
    let meter: Option<&Meter> = words.catalogue.meter(id);
    let title = meter.map_or(id.as_str(), |meter| meter.title.get(words.language));
    words.language.pick(format!("„{title}“"), format!("“{title}”"))
}

fn model(words: Words<'_>, charge: &Charge) -> Vec<String> {
    let pick = |de: &str, en: &str| words.language.pick(de, en).to_owned();
    match &charge.model {
        Model::Flat(flat) if flat.every == Every::Year => {
            vec![pick("jährlich im Voraus", "yearly in advance")]
        }
        Model::Flat(flat) => {
            let billed = match flat.billed {
                Billed::Advance => pick("im Voraus", "in advance"),
                Billed::Arrears => pick("am Monatsende", "at the end of the month"),
            };
            let shared = pick("angebrochene Monate nach Tagen", "parts of a month by the day");
            std::iter::once(billed).chain(flat.prorated.then_some(shared)).collect()
        }
        Model::OneOff(_) => {
            vec![pick("auf Bestellung, im Monat der Leistung", "when ordered, in the month it is delivered")]
        }
        Model::Metered(metered) => metered_details(words, metered),
        Model::Stepped(stepped) => {
            let meter = title(words, &stepped.meter);
            let since = match stepped.accumulates {
                Accumulates::LicenceYear => pick("im Lizenzjahr", "in the licence year"),
                Accumulates::Month => pick("im Monat", "in the month"),
                Accumulates::Always => pick("seit Vertragsbeginn", "since the plan was begun"),
            };
            vec![
                words
                    .language
                    .pick(format!("nach der Summe von {meter} {since}"), format!("by the sum of {meter} {since}")),
            ]
        }
        Model::Percentage(percentage) if percentage.free_transactions > 0 => {
            let free = percentage.free_transactions;
            vec![words.language.pick(
                format!("die ersten {free} Zahlungen im Monat sind frei"),
                format!("the first {free} payments of a month are free"),
            )]
        }
        Model::Percentage(_) => Vec::new(),
        Model::Blocks(blocks) => {
            let windows =
                blocks.windows.iter().map(|hours| window(hours, words.language)).collect::<Vec<_>>().join("; ");
            let longest = blocks.longest.map(|longest| {
                let longest = words.language.number(longest);
                words.language.pick(
                    format!("mehr als {longest} Minuten nach Angebot"),
                    format!("more than {longest} minutes by an offer"),
                )
            });
            (!windows.is_empty()).then_some(windows).into_iter().chain(longest).collect()
        }
    }
}

fn metered_details(words: Words<'_>, metered: &Metered) -> Vec<String> {
    let language = words.language;
    let mut details = Vec::new();
    let mut add = |de: String, en: String| details.push(language.pick(de, en));
    let meter = title(words, &metered.meter);
    match metered.shape {
        Shape::Graduated(_) => add(
            format!("nach {meter}; jede Einheit zum Preis ihrer Stufe"),
            format!("by {meter}; each unit at the price of its tier"),
        ),
        Shape::Volume(_) => add(
            format!("nach {meter}; alle Einheiten zum Preis der erreichten Stufe"),
            format!("by {meter}; all units at the price of the tier reached"),
        ),
        Shape::PerUnit(_) | Shape::Package { .. } => add(format!("nach {meter}"), format!("by {meter}")),
    }
    if metered.per_event {
        add("je Veranstaltung, nach ihrem Ende".to_owned(), "for each event, after it has ended".to_owned());
    }
    if let Some(waiver) = &metered.waiver {
        let below = language.number(waiver.below);
        let meter =
            words.catalogue.meter(&waiver.meter).map_or(waiver.meter.as_str(), |meter| meter.title.get(language));
        add(format!("frei bei weniger als {below} {meter}"), format!("free below {below} {}", meter.to_lowercase()));
    }
    if let Some(minimum) = metered.minimum_quantity {
        let minimum = language.number(minimum);
        add(format!("mindestens {minimum} im Monat"), format!("at least {minimum} a month"));
    }
    if metered.forecast {
        add("mindestens die verbindliche Planmenge".to_owned(), "at least the quantity committed to".to_owned());
    }
    if metered.prorated {
        add("angebrochene Monate nach Tagen".to_owned(), "parts of a month by the day".to_owned());
    }
    details
}

/// `Mo–Fr 9:30–12:30 Uhr`.
pub(crate) fn window(window: &Window, language: Language) -> String {
    let name = |index: usize| DAYS.get(index).map_or("", |(de, en)| language.pick(de, en));
    let mut days: Vec<String> = Vec::new();
    let mut index = 0;
    while index < window.days.len() {
        let run = window.days.iter().skip(index).take_while(|on| **on).count();
        match run {
            0 => {}
            1 => days.push(name(index).to_owned()),
            _ => days.push(format!("{}–{}", name(index), name(index + run - 1))),
        }
        index += run.max(1);
    }
    let time = |minute: u32| format!("{}:{:02}", minute / 60, minute % 60);
    let days = days.join(", ");
    if window.from == 0 && window.to == DAY_MINUTES {
        return language.pick(format!("{days} ganztägig"), format!("{days} all day"));
    }
    let hours = format!("{days} {}–{}", time(window.from), time(window.to));
    language.pick(format!("{hours} Uhr"), hours.clone())
}
