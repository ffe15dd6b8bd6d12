//! `/console/runs`: how far the last runs are, and what they hold, for the operator.

mod dry;
mod held;
mod progress;

use domain::calendar::{Day, Month};
use domain::ids::AccountId;
use domain::language::Language;
use http::{HeaderValue, Response, header};
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;
use platform::queue::Part;
use platform::table::runs::{COUNT, INVOICE, Phase, Run, Shard};
use platform::table::settling::{Held, VoidNumber};

use crate::frame::signed_page;
use crate::{Console, Signed};

/// Runs shown of each kind.
const SHOWN: i32 = 12;
/// Held invoices shown of each run.
const HELD_SHOWN: i32 = 100;
/// Seconds after which a browser asks again how far a run is.
const REFRESH: &str = "4";

/// An invoice run as the page shows it.
struct Shown {
    run: Run,
    month: Month,
    parts: Vec<Shard>,
    held: Vec<Held>,
    void: Vec<VoidNumber>,
}

impl Shown {
    fn is_done(&self) -> bool {
        self.parts.iter().all(|part| part.phase == Phase::Done)
    }

    fn sum(&self, of: impl Fn(&Shard) -> u64) -> u64 {
        self.parts.iter().map(of).sum()
    }
}

impl Console {
    pub(crate) async fn runs(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let language = signed.language;
        let mut runs = Vec::new();
        for run in self.table.last_runs(INVOICE, SHOWN).await? {
            runs.push(self.shown(run).await?);
        }
        let counts = self.table.last_runs(COUNT, SHOWN).await?;
        let title = language.pick("Abrechnungsläufe", "Runs");
        let asked = query(signed.request, "asked").and_then(|account| AccountId::parse(&account).ok());
        let content = html! {
            h1 { (title) }
            @if let Some(account) = &asked {
                (banner("good", &html! { p { (language.pick(
                    format!("Das Konto {account} wird neu bewertet. Gelingt es, verschwindet es aus der Liste."),
                    format!("The account {account} is being evaluated again. If that succeeds, it leaves the list."))) } }))
            }
            (progress::card(&runs, language))
            (held::card(&runs, signed))
            (dry::start_card(signed, Month::of(self.clock.now())))
            (held::void_card(&runs, language))
            (count_table(&counts, language))
        };
        let mut page = signed_page(signed, title, &content);
        if asked.is_some() || runs.iter().any(|run| !run.is_done()) {
            // Without a script, this is how a page keeps up.
            refresh(&mut page);
        }
        Ok(page)
    }

    async fn shown(&self, run: Run) -> Result<Shown, Error> {
        let month = Month::parse(&run.period).map_err(|error| Error::corrupt("run", error))?;
        let parts = self.table.shards(INVOICE, &run.period, run.shards).await?;
        let any = |of: fn(&Shard) -> bool| parts.iter().any(of);
        let held = if any(|part| part.held != 0) { self.table.held(month, HELD_SHOWN).await? } else { Vec::new() };
        let mut void = Vec::new();
        if any(|part| part.void > 0) {
            for series in std::iter::once(&run.series).chain(&run.partner_series) {
                void.extend(self.table.void_numbers(series).await?);
            }
        }
        Ok(Shown { run, month, parts, held, void })
    }

    /// Has an account that is held evaluated again, by itself (G7).
    pub(crate) async fn evaluate_again(
        &self,
        signed: &Signed<'_>,
        month: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let month = Month::parse(month).map_err(|_| Error::NotFound("run"))?;
        let account = AccountId::parse(field(fields, "account")).map_err(|_| Error::NotFound("account"))?;
        self.table.run(INVOICE, &month.to_string()).await?;
        self.invoice_queue.send_parts(&[Part::again(month, &account)]).await?;
        Ok(see_other(&format!("/console/runs?asked={account}&lang={}", signed.language.code())))
    }
}

/// Has the browser ask again.
fn refresh(page: &mut Response<Body>) {
    page.headers_mut().insert(header::REFRESH, HeaderValue::from_static(REFRESH));
}

fn count_table(runs: &[Run], language: Language) -> Markup {
    html! {
        div class="card" {
            h2 { (language.pick("Tägliche Zählung", "Daily count")) }
            @if runs.is_empty() { p class="empty" { (language.pick("Noch kein Lauf.", "No run yet.")) } }
            @else { div class="scroll" { table {
                thead { tr { th { (language.pick("Bis einschließlich", "Up to and including")) } th { (language.pick("Gestartet", "Started")) } th class="number" { (language.pick("Nutzungstage gezählt", "Usage days counted")) } } }
                tbody { @for run in runs { tr { td { (short_date(&run.period, language)) } td { (started(&run.started_at, language)) } td class="number" { (run.moved) } } } }
            } } }
        }
    }
}

fn short_date(text: &str, language: Language) -> String {
    Day::parse(text).map_or_else(|_| text.to_owned(), |day| language.short_date(day))
}

fn started(text: &str, language: Language) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |instant| language.date_time(instant))
}
