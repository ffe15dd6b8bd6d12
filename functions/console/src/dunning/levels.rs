//! The form of the levels.

use domain::dunning::form::{DunningForm, LevelForm};
use domain::dunning::{DunningTable, LEVELS_LIMIT};
use domain::language::Language;
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;

use crate::fields::{Form, form_token};
use crate::frame::signed_reply;
use crate::numbers::plain;
use crate::{Console, Signed};

/// Fields of a level.
const FIELDS: [&str; 8] =
    ["after_days", "pay_within_days", "fee", "title_de", "title_en", "text_de", "text_en", "interest_note"];

impl Console {
    pub(super) async fn levels(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        let known = self.table.dunning_table().await?;
        let missing = known.is_none();
        let values = values(&known.unwrap_or_else(DunningTable::usual), signed.language);
        Ok(show(signed, &values, &[], missing))
    }

    pub(super) async fn change_levels(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let names = names();
        let typed = |name: &str| plain(field(fields, name), signed.language);
        let fees: Vec<String> = names.iter().map(|[_, _, fee, ..]| typed(fee)).collect();
        let levels = names.iter().zip(&fees).map(
            |([after_days, pay_within_days, _, title_de, title_en, text_de, text_en, note], fee)| {
                let text = |name: &str| field(fields, name);
                LevelForm {
                    after_days: text(after_days),
                    pay_within_days: text(pay_within_days),
                    fee,
                    title_de: text(title_de),
                    title_en: text(title_en),
                    text_de: text(text_de),
                    text_en: text(text_en),
                    interest_note: text(note),
                }
            },
        );
        let (base_rate, base_rate_since) = (typed("base_rate"), field(fields, "base_rate_since"));
        match (DunningForm { levels: levels.collect(), base_rate: &base_rate, base_rate_since }).read(signed.today) {
            Ok(table) => self.table.save_dunning_table(&table).await?,
            Err(problems) => return Ok(show(signed, fields, &problems, false)),
        }
        Ok(see_other(&format!("/console/dunning/levels?saved=1&lang={}", signed.language.code())))
    }
}

/// Names of the fields of all levels.
fn names() -> Vec<[String; 8]> {
    (0..LEVELS_LIMIT).map(|number| FIELDS.map(|field| format!("levels[{number}].{field}"))).collect()
}

fn values(table: &DunningTable, language: Language) -> Vec<(String, String)> {
    let mut values = Vec::new();
    for (names, level) in names().into_iter().zip(&table.levels) {
        let fee = if level.fee.is_zero() { String::new() } else { language.number(level.fee.amount()) };
        let held = [
            level.after_days.to_string(),
            level.pay_within_days.to_string(),
            fee,
            level.title.de.clone(),
            level.title.en.clone(),
            level.text.de.clone(),
            level.text.en.clone(),
            if level.interest_note { "yes".to_owned() } else { String::new() },
        ];
        values.extend(names.into_iter().zip(held));
    }
    if let Some(rate) = table.base_rate {
        values.push(("base_rate".to_owned(), language.number(rate.percent)));
        values.push(("base_rate_since".to_owned(), rate.since.to_string()));
    }
    values
}

fn show(signed: &Signed<'_>, values: &[(String, String)], problems: &[FieldProblem], missing: bool) -> Response<Body> {
    let language = signed.language;
    let form = Form { values, problems, language };
    let title = language.pick("Mahnstufen", "Levels of reminders");
    let content = html! {
        h1 { (title) }
        p class="lead" { (language.pick(
            "Wann eine unbezahlte Rechnung angemahnt wird, was es kostet und was darin steht. Jede Stufe folgt frühestens nach ihrer Frist auf die vorige.",
            "When an unpaid invoice is reminded of, what it costs and what the reminder says. Each level follows the one before after its wait at the earliest.")) }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        @if missing { (banner("note", &html! { p { (language.pick(
            "Dies ist ein Vorschlag. Gemahnt wird erst, wenn Sie ihn gespeichert haben.",
            "This is a suggestion. Nobody is reminded before you have saved it.")) } })) }
        @if problems.is_empty() && query(signed.request, "saved").is_some() {
            (banner("good", &html! { p { (language.pick("Gespeichert.", "Saved.")) } }))
        }
        form class="card" method="post" action={ "/console/dunning/levels?lang=" (language.code()) } novalidate {
            (form_token(signed))
            @for (number, names) in names().iter().enumerate() { (level(&form, number, names)) }
            h2 { (language.pick("Verzugszinsen", "Interest")) }
            (form.input("base_rate", language.pick("Basiszinssatz in Prozent", "Base rate in percent"), "text", language.pick(
                "freiwillig (§ 247 BGB); ändert sich zum 1. Januar und 1. Juli. Steht in Mahnungen mit Zinshinweis.",
                "optional (section 247 BGB); changes on 1 January and 1 July. Stands in reminders that tell of interest.")))
            (form.input("base_rate_since", language.pick("gilt seit", "since"), "date", ""))
            p class="hint" { (language.pick(
                "Gebühren sind Schadenersatz für Verzug, ohne Umsatzsteuer; sie dürfen nur die tatsächlichen Kosten einer Mahnung decken.",
                "Fees are damages for late payment, without VAT; they may only cover what a reminder really costs.")) }
            button type="submit" { (language.pick("Speichern", "Save")) }
        }
        p { a href={ "/console/dunning?lang=" (language.code()) } { (language.pick("Überfällige Rechnungen", "Overdue invoices")) } }
    };
    signed_reply(form.status(), signed, title, &content)
}

/// The fields of a level; those of an unused one are folded away.
fn level(form: &Form<'_>, number: usize, names: &[String; 8]) -> Markup {
    let language = form.language;
    let [after_days, pay_within_days, fee, title_de, title_en, text_de, text_en, note] = names;
    let used = names.iter().any(|name| !form.value(name).is_empty() || form.has_problem(name));
    let since = if number == 0 {
        language.pick("Tage nach dem Fälligkeitstag", "Days after the due date")
    } else {
        language.pick("Tage nach der vorigen Stufe", "Days after the level before")
    };
    html! {
        details open[used] {
            summary { (language.pick("Stufe", "Level")) " " (number + 1) }
            (form.input(title_de, language.pick("Überschrift auf Deutsch", "Title in German"), "text", ""))
            (form.input(title_en, language.pick("Überschrift auf Englisch", "Title in English"), "text", ""))
            (form.input(after_days, since, "text", "1–90"))
            (form.input(pay_within_days, language.pick("Zahlungsfrist in Tagen", "Days to pay"), "text", "1–90"))
            (form.input(fee, language.pick("Gebühr in Euro", "Fee in euros"), "text", language.pick("leer für keine, höchstens 50", "empty for none, at most 50")))
            (form.area(text_de, language.pick("Text auf Deutsch", "Text in German"), language.pick("nach der Anrede, deshalb klein beginnend", "follows the greeting, so it begins with a small letter")))
            (form.area(text_en, language.pick("Text auf Englisch", "Text in English"), ""))
            (form.tick(note, language.pick("Hinweis auf Verzugszinsen und die Pauschale von 40 €", "Tells of interest and the flat sum of €40"), ""))
        }
    }
}
