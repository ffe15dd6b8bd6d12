//! `/console/catalogues`: the price lists that are published, and the form that checks and publishes another, for
//! the operator. `/console/catalogues/{key}` shows one version, `/file` gives it as it was published.

mod show;

use catalogs::{Mistake, PRICE_LISTS, read_catalogue};
use domain::calendar::Day;
use domain::catalog::Catalogue;
use domain::catalog::plan::Plan;
use domain::language::Language;
use http::{HeaderValue, Response, StatusCode, header};
use lambda_http::Body;
use maud::{Markup, PreEscaped, html};
use platform::error::Error;
use platform::http::{field, query, reply, see_other};
use platform::page::banner;
use platform::table::catalogues::{Publication, Published};

use crate::fields::form_token;
use crate::frame::{signed_page, signed_reply};
use crate::prices::Words;
use crate::{Console, Signed};

/// Largest file that is published here, in bytes; an item of the table holds twice that.
const FILE_LIMIT: usize = 200_000;
/// Most bytes of the form: each byte of the file may take three as it is sent.
pub(crate) const FORM_LIMIT: usize = 3 * FILE_LIMIT + 64 * 1024;

/// What became of a file that was sent.
enum Checked {
    /// Nothing was sent.
    Not,
    /// It is larger than is taken.
    TooLarge,
    /// It cannot be published.
    Wrong(Vec<Mistake>),
    /// It could be published.
    Right(Box<Catalogue>),
    /// A file with other contents was published as this version.
    Taken(Box<Catalogue>),
    /// This very file was published.
    Already(Box<Catalogue>),
}

impl Checked {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Not | Self::Right(_) | Self::Already(_) => StatusCode::OK,
            Self::TooLarge | Self::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Taken(_) => StatusCode::CONFLICT,
        }
    }
}

impl Console {
    pub(crate) async fn catalogues(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let published = self.table.published_catalogues().await?;
        let named = |wanted: &str| published.iter().find(|version| version.catalogue.key() == wanted);
        let template = query(signed.request, "template");
        let template = template.and_then(|wanted| PRICE_LISTS.iter().find(|(name, _)| *name == wanted));
        let from = query(signed.request, "from").and_then(|wanted| named(&wanted).map(|version| version.file.clone()));
        let file = from.or_else(|| template.map(|(_, file)| (*file).to_owned())).unwrap_or_default();
        Ok(page(signed, &published, &file, &Checked::Not))
    }

    pub(crate) async fn publish_catalogue(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        // Browsers send the line ends of forms as CR LF; the file has those it was written with.
        let file = field(fields, "file").replace("\r\n", "\n");
        let checked = self.check(&file).await?;
        if let (Checked::Right(catalogue), "publish") = (&checked, field(fields, "do")) {
            // Somebody may publish this version at the same moment.
            match self.table.publish_catalogue(catalogue, &file, self.clock.now()).await? {
                Publication::Published | Publication::Already => {
                    let (key, language) = (catalogue.key(), signed.language.code());
                    return Ok(see_other(&format!("/console/catalogues/{key}?saved=1&lang={language}")));
                }
                Publication::Taken => {
                    let published = self.table.published_catalogues().await?;
                    return Ok(page(signed, &published, &file, &Checked::Taken(catalogue.clone())));
                }
            }
        }
        let published = self.table.published_catalogues().await?;
        Ok(page(signed, &published, &file, &checked))
    }

    async fn check(&self, file: &str) -> Result<Checked, Error> {
        if file.len() > FILE_LIMIT {
            return Ok(Checked::TooLarge);
        }
        let catalogue = match read_catalogue(file) {
            Ok(catalogue) => Box::new(catalogue),
            Err(mistakes) => return Ok(Checked::Wrong(mistakes)),
        };
        Ok(match self.table.published_catalogue(catalogue.key()).await? {
            None => Checked::Right(catalogue),
            Some(known) if known.file == file => Checked::Already(catalogue),
            Some(_) => Checked::Taken(catalogue),
        })
    }

    pub(crate) async fn catalogue(&self, signed: &Signed<'_>, key: &str) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let published = self.published(key).await?;
        let saved = query(signed.request, "saved").is_some();
        let title = format!(
            "{} {}",
            published.catalogue.parts().title.get(signed.language),
            published.catalogue.parts().version
        );
        Ok(signed_page(signed, &title, &show::version(&published, saved, signed.language)))
    }

    pub(crate) async fn catalogue_file(&self, signed: &Signed<'_>, key: &str) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let published = self.published(key).await?;
        let parts = published.catalogue.parts();
        // Names and versions hold nothing that would end the quotes.
        let name = format!("attachment; filename=\"{}-{}.toml\"", parts.id, parts.version);
        let mut response = reply(StatusCode::OK, "text/plain; charset=utf-8", published.file);
        if let Ok(value) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        Ok(response)
    }

    async fn published(&self, key: &str) -> Result<Published, Error> {
        // Some clients write the @ of an address as %40.
        let key = key.replace("%40", "@");
        self.table.published_catalogue(&key).await?.ok_or(Error::NotFound("catalogue"))
    }
}

fn page(signed: &Signed<'_>, published: &[Published], file: &str, checked: &Checked) -> Response<Body> {
    let language = signed.language;
    let title = language.pick("Preislisten", "Price lists");
    let sent = !matches!(checked, Checked::Not);
    let content = html! {
        h1 { (title) }
        p class="lead" { (language.pick(
            "Eine veröffentlichte Fassung ändert sich nie. Konten behalten die Fassung, unter der sie ihren Tarif gewählt haben.",
            "A published version never changes. Accounts keep the version under which they chose their plan.")) }
        @if sent { (outcome(checked, file, language)) (editor(signed, file)) }
        (list(published, language))
        @if !sent { (editor(signed, file)) }
    };
    signed_reply(checked.status(), signed, title, &content)
}

fn list(published: &[Published], language: Language) -> Markup {
    let code = language.code();
    html! {
        div class="card" {
            h2 { (language.pick("Veröffentlicht", "Published")) }
            @if published.is_empty() { p class="empty" { (language.pick("Noch keine Preisliste. Ohne sie lässt sich kein Konto anlegen.", "No price list yet. Without one no account can be made.")) } }
            @for version in published {
                @let parts = version.catalogue.parts();
                @let key = version.catalogue.key();
                div class="offer" {
                    div {
                        a href={ "/console/catalogues/" (key) "?lang=" (code) } { b { (parts.title.get(language)) } }
                        " " span class="hint" { (key) " · " (language.pick("veröffentlicht am ", "published on ")) (language.date(Day::of(version.published_at))) }
                        (plan_lines(&version.catalogue, language))
                    }
                    a class="button quiet" href={ "/console/catalogues?from=" (key) "&lang=" (code) "#edit" } { (language.pick("Neue Fassung", "New version")) }
                }
            }
        }
    }
}

/// The plans of a version, each with its first price.
fn plan_lines(catalogue: &Catalogue, language: Language) -> Markup {
    html! { @for plan in &catalogue.parts().plans { (plan_line(catalogue, plan, language)) } }
}

/// A plan with its first price.
fn plan_line(catalogue: &Catalogue, plan: &Plan, language: Language) -> Markup {
    let prices = Words { catalogue, language }.plan(plan);
    let more = prices.len().saturating_sub(1);
    html! {
        p class="price" {
            b { (plan.title.get(language)) }
            @if !plan.sold { " " span class="tag plain" { (language.pick("nicht mehr im Verkauf", "no longer sold")) } }
            @if let Some(first) = prices.first() { " – " (first) }
            @if more > 0 { span class="hint" { " " (match more {
                1 => language.pick("und ein weiterer Preis", "and one more price").to_owned(),
                more => language.pick(format!("und {more} weitere Preise"), format!("and {more} more prices")),
            }) } }
        }
    }
}

fn outcome(checked: &Checked, file: &str, language: Language) -> Markup {
    let exists = |catalogue: &Catalogue| html! { a href={ "/console/catalogues/" (catalogue.key()) "?lang=" (language.code()) } { (catalogue.key()) } };
    match checked {
        Checked::Not => html! {},
        Checked::TooLarge => banner(
            "bad",
            &html! { p { b { (language.pick(
            "Es wurde nichts veröffentlicht. Die Datei ist größer als 200.000 Bytes; bitte kürzen Sie sie oder teilen Sie sie auf.",
            "Nothing has been published. The file is larger than 200,000 bytes; please shorten or divide it.")) } } },
        ),
        Checked::Wrong(mistakes) => wrong(mistakes, file, language),
        Checked::Already(catalogue) => banner(
            "good",
            &html! { p { (language.pick("Genau diese Datei ist bereits veröffentlicht: ", "This very file is published already: ")) (exists(catalogue)) "." } },
        ),
        Checked::Taken(catalogue) => banner(
            "bad",
            &html! {
                p { b { (language.pick("Es wurde nichts veröffentlicht.", "Nothing has been published.")) } " "
                    (language.pick("Mit anderem Inhalt gibt es diese Fassung schon: ", "This version exists already with other contents: ")) (exists(catalogue)) ". "
                    (language.pick(
                        "Eine veröffentlichte Fassung lässt sich nicht ändern. Bitte tragen Sie bei version eine neue ein.",
                        "A published version cannot be changed. Please enter a new one at version.")) }
            },
        ),
        Checked::Right(catalogue) => html! {
            (banner("good", &html! { p { b { (language.pick("Keine Fehler gefunden.", "No mistakes found.")) } " " (language.pick(
                format!("So würde {} veröffentlicht; noch ist nichts geschehen.", catalogue.key()),
                format!("This is what would be published as {}; nothing has happened yet.", catalogue.key()))) } }))
            div class="card" {
                h2 { (catalogue.parts().title.get(language)) }
                (plan_lines(catalogue, language))
                details {
                    summary { (language.pick("Alles, was die Preisliste sagt", "All the price list says")) }
                    (show::contents(Words { catalogue, language }))
                }
            }
        },
    }
}

/// Every mistake with the line it is in.
fn wrong(mistakes: &[Mistake], file: &str, language: Language) -> Markup {
    let number = mistakes.len();
    html! {
        (banner("bad", &html! { p { b { (language.pick("Es wurde nichts veröffentlicht.", "Nothing has been published.")) } " " (match number {
            1 => language.pick("Die Datei hat einen Fehler.", "The file has one mistake.").to_owned(),
            number => language.pick(format!("Die Datei hat {number} Fehler."), format!("The file has {number} mistakes.")),
        }) } }))
        ol class="card mistakes" lang="en" {
            @for mistake in mistakes {
                li {
                    p { code { (mistake.line) ":" (mistake.column) } @if !mistake.path.is_empty() { " " b { (mistake.path) } } ": " (mistake.text) }
                    @if let Some(line) = file.lines().nth(mistake.line.saturating_sub(1)).filter(|line| !line.trim().is_empty()) {
                        pre { (mistake.line) " │ " (line.chars().take(200).collect::<String>()) }
                    }
                }
            }
        }
    }
}

fn editor(signed: &Signed<'_>, file: &str) -> Markup {
    let language = signed.language;
    let code = language.code();
    let hint = language.pick(
        "Eine TOML-Datei, höchstens 200.000 Bytes. Zum Veröffentlichen muss version neu sein.",
        "A TOML file of at most 200,000 bytes. To be published it needs a new version.",
    );
    html! {
        form id="edit" class="card" method="post" action={ "/console/catalogues?lang=" (code) } novalidate {
            h2 { (language.pick("Prüfen und veröffentlichen", "Check and publish")) }
            (form_token(signed))
            p { (language.pick("Vorlagen: ", "Templates: "))
                @for (index, (name, _)) in PRICE_LISTS.iter().enumerate() {
                    @if index > 0 { " · " }
                    a href={ "/console/catalogues?template=" (name) "&lang=" (code) "#edit" } { (name) }
                }
            }
            div class="field" {
                label for="file" { (language.pick("Preisliste", "Price list")) }
                // Browsers drop one line break at the beginning.
                textarea id="file" name="file" class="code" rows="24" spellcheck="false" autocapitalize="off" wrap="off" { (PreEscaped("\n")) (file) }
                p class="hint" { (hint) }
            }
            div class="actions" {
                button type="submit" name="do" value="check" { (language.pick("Prüfen", "Check")) }
                button class="quiet" type="submit" name="do" value="publish" { (language.pick("Veröffentlichen", "Publish")) }
            }
            p class="hint" { (language.pick(
                "Veröffentlichen lässt sich nicht rückgängig machen.",
                "Publishing cannot be undone.")) }
        }
    }
}
