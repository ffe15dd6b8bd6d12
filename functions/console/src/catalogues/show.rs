//! One version of a price list as a person reads it.

use domain::catalog::charge::{Charge, PriceSource};
use domain::catalog::meter::{Aggregation, MeterKind};
use domain::catalog::plan::{AddOn, Mark, Plan, Pool, Promotion, Reset};
use domain::catalog::tiers::Tiers;
use domain::language::Language;
use maud::{Markup, html};
use platform::page::banner;
use platform::table::catalogues::Published;
use rust_decimal::Decimal;

use crate::plan::discount;
use crate::prices::{Words, details, window};

/// The page of a published version.
pub(super) fn version(published: &Published, saved: bool, language: Language) -> Markup {
    let catalogue = &published.catalogue;
    let (parts, code) = (catalogue.parts(), language.code());
    html! {
        h1 { (parts.title.get(language)) }
        p class="lead" {
            (catalogue.key()) " · " (language.pick("veröffentlicht am ", "published on ")) (language.date_time(published.published_at))
            @if let Some(from) = parts.valid_from { " · " (language.pick("im Verkauf ab ", "sold from ")) (language.date(from)) }
        }
        @if saved { (banner("good", &html! { p { (language.pick("Veröffentlicht. Diese Fassung ändert sich nicht mehr.", "Published. This version will not change any more.")) } })) }
        div class="actions" {
            a class="button quiet" href={ "/console/catalogues?from=" (catalogue.key()) "&lang=" (code) "#edit" } { (language.pick("Neue Fassung beginnen", "Begin a new version")) }
            a class="button quiet" href={ "/console/catalogues/" (catalogue.key()) "/file" } { (language.pick("Datei herunterladen", "Download the file")) }
        }
        (contents(Words { catalogue, language }))
        details class="card" {
            summary { (language.pick("Die Datei, wie sie veröffentlicht wurde", "The file as it was published")) }
            pre { (published.file) }
        }
        p { a href={ "/console/catalogues?lang=" (code) } { (language.pick("Alle Preislisten", "All price lists")) } }
    }
}

/// Everything a price list says.
pub(super) fn contents(words: Words<'_>) -> Markup {
    let (parts, language) = (words.catalogue.parts(), words.language);
    html! {
        h2 { (language.pick("Tarife", "Plans")) }
        @for plan in &parts.plans { (plan_card(words, plan)) }
        h2 { (language.pick("Preise (netto)", "Prices (net)")) }
        div class="card" { div class="scroll" { table class="roomy" {
            thead { tr {
                th { (language.pick("Leistung", "Item")) } th { (language.pick("Preis", "Price")) }
                th { (language.pick("Wie berechnet wird", "How it is charged")) } th { (language.pick("Quelle", "Source")) }
            } }
            tbody { @for charge in &parts.charges { (charge_row(words, charge)) } }
        } } }
        @if !parts.meters.is_empty() { (meters(words)) }
        @if !parts.add_ons.is_empty() {
            h2 { (language.pick("Zusatzleistungen", "Add-ons")) }
            div class="card" { @for add_on in &parts.add_ons { (add_on_row(words, add_on)) } }
        }
        @if !parts.promotions.is_empty() {
            h2 { (language.pick("Aktionscodes", "Promotion codes")) }
            div class="card" { @for promotion in &parts.promotions { (promotion_row(words, promotion)) } }
        }
    }
}

fn plan_card(words: Words<'_>, plan: &Plan) -> Markup {
    let language = words.language;
    let add_on = |id| words.catalogue.add_on(id).map_or("", |add_on: &AddOn| add_on.title.get(language));
    let includes: Vec<&str> = plan.includes.iter().map(add_on).collect();
    html! {
        div class="card" {
            h3 { (plan.title.get(language)) " " span class="hint" { (plan.id.as_str()) }
                @if !plan.sold { " " span class="tag plain" { (language.pick("nicht mehr im Verkauf", "no longer sold")) } }
                @if plan.free { " " span class="tag good" { (language.pick("kostenlos", "free of charge")) } } }
            dl class="facts" {
                @let prices = words.plan(plan);
                @if !prices.is_empty() { dt { (language.pick("Preis", "Price")) } dd { @for price in &prices { div { (price) } } } }
                @if let Some(minimum) = &plan.minimum_spend { dt { (language.pick("Quelle des Mindestumsatzes", "Source of the minimum spend")) } dd { (source(&minimum.source, language)) } }
                dt { (language.pick("Bindung", "Term")) } dd { (words.term(plan.term)) }
                @if plan.trial_days > 0 { dt { (language.pick("Testphase", "Trial")) } dd { (language.pick(format!("{} Tage kostenlos", plan.trial_days), format!("{} days free", plan.trial_days))) } }
                @if !includes.is_empty() { dt { (language.pick("Enthält", "Includes")) } dd { (includes.join(", ")) } }
                @for (name, most) in &plan.limits { dt { (limit(name, language)) } dd { (language.pick("höchstens ", "at most ")) (language.number((*most).into())) } }
                @for pool in &plan.pools { dt { (pool.title.get(language)) } dd { (pool_text(words, pool)) } }
                @if plan.sub_accounts { dt { (language.pick("Unterkonten", "Sub-accounts")) } dd { (language.pick("möglich", "possible")) } }
            }
        }
    }
}

/// What a limit is about.
fn limit(name: &str, language: Language) -> &str {
    match name {
        "attendees" => language.pick("Teilnehmer", "Attendees"),
        "parallel_events" => language.pick("Gleichzeitige Veranstaltungen", "Events at the same time"),
        other => other,
    }
}

fn pool_text(words: Words<'_>, pool: &Pool) -> String {
    let language = words.language;
    let size = language.number(pool.size);
    let mut text = match pool.reset {
        Reset::Month => language.pick(format!("{size} im Monat frei"), format!("{size} free a month")),
        Reset::Once => language.pick(format!("{size} einmalig frei"), format!("{size} free once")),
    };
    for (add_on, size) in &pool.sizes {
        let title = words.catalogue.add_on(add_on).map_or(add_on.as_str(), |add_on| add_on.title.get(language));
        let size = language.number(*size);
        text.push_str(&language.pick(format!("; {size} mit „{title}“"), format!("; {size} with “{title}”")));
    }
    text
}

fn charge_row(words: Words<'_>, charge: &Charge) -> Markup {
    let language = words.language;
    html! {
        tr {
            td { (charge.text.get(language)) p class="hint" { (charge.id.as_str()) } }
            td { (words.headline(charge)) @if let Some(tiers) = Words::tiers(charge) { (tier_table(words, tiers)) } }
            td { @for detail in details(words, charge) { div { (detail) } } }
            td { (source(&charge.source, language)) }
        }
    }
}

fn tier_table(words: Words<'_>, tiers: &Tiers) -> Markup {
    let language = words.language;
    let flat = tiers.all().iter().any(|tier| !tier.flat.is_zero());
    let mut above = Decimal::ZERO;
    let mut rows = Vec::new();
    for tier in tiers.all() {
        let range = match (above.is_zero(), tier.up_to) {
            (true, Some(up_to)) => language.pick("bis ", "up to ").to_owned() + &language.number(up_to),
            (false, Some(up_to)) => {
                let (above, up_to) = (language.number(above), language.number(up_to));
                language.pick(format!("über {above} bis {up_to}"), format!("above {above} up to {up_to}"))
            }
            (true, None) => language.pick("jede Menge", "any quantity").to_owned(),
            (false, None) => language.pick("über ", "above ").to_owned() + &language.number(above),
        };
        above = tier.up_to.unwrap_or(above);
        rows.push((range, words.price(tier.price), (!tier.flat.is_zero()).then(|| words.amount(tier.flat))));
    }
    html! {
        table class="tiers" {
            @if flat { thead { tr { th {} th class="number" { (language.pick("Preis", "Price")) } th class="number" { (language.pick("einmal", "once")) } } } }
            tbody { @for (range, price, once) in &rows { tr {
                td { (range) } td class="number" { (price) }
                @if flat { td class="number" { (once.as_deref().unwrap_or("–")) } }
            } } }
        }
    }
}

fn source(source: &PriceSource, language: Language) -> Markup {
    match source {
        PriceSource::Rule(rule) => html! { (rule) },
        PriceSource::Sample => html! { span class="tag note" { (language.pick("Beispielpreis", "sample price")) } },
    }
}

fn meters(words: Words<'_>) -> Markup {
    let (parts, language) = (words.catalogue.parts(), words.language);
    html! {
        h2 { (language.pick("Zähler", "Meters")) }
        div class="card" { div class="scroll" { table {
            thead { tr {
                th { (language.pick("Zähler", "Meter")) } th { (language.pick("Art", "Kind")) }
                @for plan in &parts.plans { th { (plan.title.get(language)) } }
            } }
            tbody { @for meter in &parts.meters { tr {
                td { (meter.title.get(language)) p class="hint" { (meter.id.as_str()) " · " (language.pick(&meter.unit.de, &meter.unit.en)) } }
                td { (kind(meter.kind, language)) p class="hint" { (month(meter.month, language)) } }
                @for plan in &parts.plans { td { (mark(plan.mark(&meter.id), language)) } }
            } } }
        } } }
    }
}

const fn kind(kind: MeterKind, language: Language) -> &'static str {
    let (de, en) = match kind {
        MeterKind::Counter => ("gezählt", "counted"),
        MeterKind::Gauge => ("Bestand", "level"),
        MeterKind::Time => ("Zeit", "time"),
        MeterKind::Transaction => ("Zahlungen", "payments"),
    };
    match language {
        Language::De => de,
        Language::En => en,
    }
}

/// How the days become a month.
const fn month(month: Aggregation, language: Language) -> &'static str {
    let (de, en) = match month {
        Aggregation::Sum => ("Summe des Monats", "sum of the month"),
        Aggregation::Max => ("Höchstwert des Monats", "highest of the month"),
        Aggregation::Mean => ("Mittelwert des Monats", "mean of the month"),
        Aggregation::Last => ("letzter Wert des Monats", "last of the month"),
        Aggregation::Unique => ("verschiedene im Monat", "different ones in the month"),
    };
    match language {
        Language::De => de,
        Language::En => en,
    }
}

fn mark(mark: Option<Mark>, language: Language) -> Markup {
    match mark {
        Some(Mark::Charged) => html! { b { (language.pick("berechnet", "charged")) } },
        Some(Mark::Included) => html! { (language.pick("enthalten", "included")) },
        Some(Mark::Ignored) | None => {
            html! { span class="hint" { (language.pick("nicht betrachtet", "not looked at")) } }
        }
    }
}

fn add_on_row(words: Words<'_>, add_on: &AddOn) -> Markup {
    let language = words.language;
    let titles =
        add_on.requires.iter().map(|id| words.catalogue.add_on(id).map_or("", |other| other.title.get(language)));
    let titles = titles.collect::<Vec<_>>().join(", ");
    let mut notes = Vec::new();
    if !titles.is_empty() {
        notes.push(language.pick(format!("setzt voraus: {titles}"), format!("requires: {titles}")));
    }
    if add_on.trial_days > 0 {
        notes.push(
            language.pick(format!("{} Tage kostenlos", add_on.trial_days), format!("{} days free", add_on.trial_days)),
        );
    }
    if let Some(response) = &add_on.response {
        let hours = response.windows.iter().map(|hours| window(hours, language)).collect::<Vec<_>>().join("; ");
        notes.push(language.pick(
            format!("Antwort in {} Stunden ({hours})", response.hours),
            format!("response within {} hours ({hours})", response.hours),
        ));
    }
    html! {
        div class="offer" { div {
            b { (add_on.title.get(language)) } " " span class="hint" { (add_on.id.as_str()) }
            @for plan in &words.catalogue.parts().plans {
                @let prices = words.add_on(plan, &add_on.id);
                @if !prices.is_empty() { p class="price" { (plan.title.get(language)) ": " (prices.join(" · ")) } }
            }
            @if !notes.is_empty() { p class="hint" { (notes.join(" · ")) } }
        } }
    }
}

fn promotion_row(words: Words<'_>, promotion: &Promotion) -> Markup {
    let (catalogue, language) = (words.catalogue, words.language);
    let plans =
        promotion.plans.iter().filter_map(|id| catalogue.plan(id.as_str())).map(|plan| plan.title.get(language));
    let plans = plans.collect::<Vec<_>>().join(", ");
    let mut notes = vec![discount(catalogue, promotion.discount, promotion.months, language)];
    if !plans.is_empty() {
        notes.push(language.pick(format!("nur für: {plans}"), format!("only for: {plans}")));
    }
    if let Some(from) = promotion.from {
        notes.push(language.pick("ab ", "from ").to_owned() + &language.date(from));
    }
    if let Some(until) = promotion.until {
        notes.push(language.pick("bis ", "until ").to_owned() + &language.date(until));
    }
    if let Some(limit) = promotion.limit {
        notes.push(language.pick(format!("höchstens {limit}-mal"), format!("at most {limit} times")));
    }
    html! {
        div class="offer" { div {
            b { (promotion.code.as_str()) } " – " (promotion.text.get(language)) " " (source(&promotion.source, language))
            p class="hint" { (notes.join(" · ")) }
        } }
    }
}
