//! `/console/usage/{account}`: what an account used in a month, by meter and day (P2, Z5).

use std::collections::{BTreeMap, BTreeSet};

use domain::account::Account;
use domain::calendar::{Day, Month};
use domain::catalog::Catalogues;
use domain::catalog::charge::Charge;
use domain::catalog::meter::{Aggregation, Meter, MeterKind};
use domain::catalog::names::MeterId;
use domain::ids::AccountId;
use domain::language::Language;
use domain::rating::month_quantity;
use domain::usage::gauge::daily_peaks;
use domain::usage::{Record, Usage};
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::query;
use platform::page::banner;
use rust_decimal::Decimal;

use crate::frame::signed_page;
use crate::{Console, Signed};

/// What the page shows.
struct Page<'a> {
    language: Language,
    account: &'a AccountId,
    month: Month,
    catalogues: &'a Catalogues,
    usage: Usage,
}

impl Console {
    pub(crate) async fn usage_page(&self, signed: &Signed<'_>, account: &str) -> Result<Response<Body>, Error> {
        let id = signed.account_or_any(account)?;
        let account = self.table.account(&id).await?;
        let present = Month::of(self.clock.now());
        let asked = query(signed.request, "month").and_then(|month| Month::parse(&month).ok());
        let month = asked.unwrap_or(present).min(present);
        let language = signed.language;
        let subscription = self.table.subscription(&id).await?.subscription;
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let mut usage = self.table.usage_between(&id, month.first(), month.last()).await?;
        // Time counts on its meter by its minutes.
        let minutes = usage.entries.iter().map(|entry| Record {
            day: entry.day(),
            at: Some(entry.start),
            meter: entry.channel.clone(),
            quantity: entry.minutes,
            subject: None,
            recorded_on: entry.recorded_on,
        });
        usage.records.extend(minutes);
        let page = Page { language, account: &id, month, catalogues: &catalogues, usage };
        let title = language.pick("Nutzung", "Usage");
        let content = html! {
            h1 { (title) " " (language.month(month)) }
            p class="lead" { (account.name) " · " (language.pick("Kundennummer ", "customer number ")) (id) }
            (payer(&account, language))
            (page.steps(present))
            (page.table())
            (page.orders())
            p { a href={ "/console/plan/" (id) "?lang=" (language.code()) } { (language.pick("Tarif und Vertrag", "Plan and subscription")) } }
            @if signed.access.operator {
                p { a href={ "/console/support?account=" (id) "&lang=" (language.code()) } { (language.pick("Supportzeit eintragen", "Enter support time")) } }
            }
        };
        Ok(signed_page(signed, title, &content))
    }
}

/// Usage of a sub-account stands with the account that pays for it.
fn payer(account: &Account, language: Language) -> Markup {
    let Some(payer) = &account.payer else { return html! {} };
    banner(
        "note",
        &html! { p { (language.pick(
        format!("Dieses Konto wird über das Konto {payer} abgerechnet. Dort ist auch seine Nutzung aufgeführt."),
        format!("This account is billed to the account {payer}. Its usage is listed there."))) } },
    )
}

impl Page<'_> {
    fn steps(&self, present: Month) -> Markup {
        let link = |month: Month| {
            html! {
                a href={ "/console/usage/" (self.account) "?month=" (month) "&lang=" (self.language.code()) } { (self.language.month(month)) }
            }
        };
        html! {
            p class="actions" {
                span { "← " (link(self.month.previous())) }
                @if self.month < present { span { (link(self.month.next())) " →" } }
            }
        }
    }

    /// The meters that a price list of the account defines and that were used, as the lists order them.
    fn meters(&self) -> Vec<&Meter> {
        let used: BTreeSet<&MeterId> = self.usage.records.iter().map(|record| &record.meter).collect();
        let mut seen = BTreeSet::new();
        let lists = self.catalogues.iter().flat_map(|catalogue| &catalogue.parts().meters);
        lists.filter(|meter| used.contains(&meter.id) && seen.insert(&meter.id)).collect()
    }

    fn table(&self) -> Markup {
        let (language, meters) = (self.language, self.meters());
        let columns: Vec<BTreeMap<Day, Decimal>> = meters.iter().map(|meter| self.days_of(meter)).collect();
        let days: BTreeSet<Day> = columns.iter().flat_map(|column| column.keys().copied()).collect();
        html! {
            div class="card" {
                @if meters.is_empty() {
                    p class="empty" { (language.pick("In diesem Monat wurde noch nichts gezählt.", "Nothing has been counted in this month yet.")) }
                } @else { div class="scroll" { table {
                    thead { tr {
                        th { (language.pick("Tag", "Day")) }
                        @for meter in &meters { th class="number" { (meter.title.get(language)) br; span class="hint" { (how(meter, language)) } } }
                    } }
                    tbody {
                        @for day in &days { tr {
                            td { (language.short_date(*day)) }
                            @for column in &columns {
                                td class="number" { @if let Some(quantity) = column.get(day) { (language.number(*quantity)) } }
                            }
                        } }
                        tr {
                            td { b { (language.pick("Monat", "Month")) } }
                            @for meter in &meters {
                                td class="number" { b { (self.of_month(meter)) } }
                            }
                        }
                    }
                } } }
            }
        }
    }

    /// What the month comes to, with its unit.
    fn of_month(&self, meter: &Meter) -> String {
        let quantity = month_quantity(meter, &self.usage.records, self.month).unwrap_or_default();
        format!("{} {}", self.language.number(quantity), meter.unit.label(quantity, self.language))
    }

    /// A gauge has its highest value of a day, who is counted once a day counts once, all else adds up.
    fn days_of(&self, meter: &Meter) -> BTreeMap<Day, Decimal> {
        if meter.kind == MeterKind::Gauge && meter.month != Aggregation::Unique {
            let of_meter = self.usage.records.iter().filter(|record| record.meter == meter.id).cloned().collect();
            let peaks = daily_peaks(of_meter, self.month.first()).into_iter();
            return peaks.map(|peak| (peak.day, peak.quantity)).collect();
        }
        let inside = |record: &&Record| record.meter == meter.id && record.day.month() == self.month;
        let mut days: BTreeMap<Day, Decimal> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for record in self.usage.records.iter().filter(inside) {
            let day = days.entry(record.day).or_default();
            if meter.month != Aggregation::Unique {
                *day += record.quantity;
            } else if record.quantity > Decimal::ZERO && seen.insert((record.day, record.subject.as_deref())) {
                *day += Decimal::ONE;
            }
        }
        days
    }

    fn orders(&self) -> Markup {
        let language = self.language;
        if self.usage.orders.is_empty() {
            return html! {};
        }
        let charges = || self.catalogues.iter().flat_map(|catalogue| &catalogue.parts().charges);
        html! {
            div class="card" {
                h2 { (language.pick("Bestellt", "Ordered")) }
                div class="scroll" { table {
                    thead { tr {
                        th { (language.pick("Tag", "Day")) } th { (language.pick("Leistung", "Item")) }
                        th class="number" { (language.pick("Menge", "Quantity")) } th class="number" { (language.pick("Vereinbarter Preis", "Agreed price")) }
                    } }
                    tbody { @for order in &self.usage.orders { tr {
                        td { (language.short_date(order.day)) }
                        td {
                            @match charges().find(|charge: &&Charge| charge.id == order.charge) {
                                Some(charge) => (charge.text.get(language)),
                                None => (order.charge),
                            }
                            @if let Some(text) = &order.text { ": " (text) }
                        }
                        td class="number" { (language.number(order.quantity)) }
                        td class="number" { @if let Some(price) = order.agreed_price { (language.number(price)) "\u{a0}€" } }
                    } } }
                } }
            }
        }
    }
}

/// How the days of a meter become its month (P2).
const fn how(meter: &Meter, language: Language) -> &'static str {
    match (meter.month, language) {
        (Aggregation::Sum, Language::De) => "Summe",
        (Aggregation::Sum, Language::En) => "sum",
        (Aggregation::Max, Language::De) => "Höchstwert",
        (Aggregation::Max, Language::En) => "highest value",
        (Aggregation::Mean, Language::De) => "Mittelwert",
        (Aggregation::Mean, Language::En) => "mean",
        (Aggregation::Last, Language::De) => "letzter Wert",
        (Aggregation::Last, Language::En) => "last value",
        (Aggregation::Unique, Language::De) => "verschiedene",
        (Aggregation::Unique, Language::En) => "different ones",
    }
}
