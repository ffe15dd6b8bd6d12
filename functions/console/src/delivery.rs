//! `/console/delivery`: what could not be done or sent, for the operator: messages that were set aside after all their
//! tries, and mails that were given up. Each can be tried once more.

mod letters;

use domain::language::Language;
use domain::message::Notice;
use futures::future::try_join_all;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::environment::Environment;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;
use platform::queue::{Queue, Waiting};
use platform::table::keys::Key;
use platform::table::resends::GivenUp;

use crate::config::Config;
use crate::fields::form_token;
use crate::frame::signed_page;
use crate::{Console, Signed};

/// A queue of what was set aside.
#[derive(Clone, Debug)]
pub(crate) struct SetAside {
    /// Its name in addresses.
    name: &'static str,
    /// Its name in German and English.
    title: (&'static str, &'static str),
    queue: Queue,
    /// Where its messages came from and can go again; `None` where the work is found again by itself.
    source: Option<Queue>,
}

/// What lies in one of them.
struct Found<'a> {
    aside: &'a SetAside,
    letters: Vec<Letter>,
}

/// Messages that say the same.
struct Letter {
    first: Waiting,
    ids: Vec<String>,
    /// What they are about, if it is in the table, and what it failed of last.
    item: Option<Key>,
    error: Option<String>,
}

/// The queues of what was set aside, by the addresses in the configuration.
pub(crate) fn set_aside(config: &Config, environment: &Environment) -> Vec<SetAside> {
    let client = environment.sqs();
    let queue = |url: &str| Queue::new(client.clone(), url.to_owned());
    let aside = |name, title, url: &str, source: Option<&str>| SetAside {
        name,
        title,
        queue: queue(url),
        source: source.map(queue),
    };
    vec![
        aside(
            "deliver",
            ("E-Mails und Dokumente", "Mails and documents"),
            &config.deliver_dead_letters_url,
            Some(&config.deliver_queue_url),
        ),
        aside(
            "invoice-run",
            ("Rechnungsläufe", "Invoice runs"),
            &config.invoice_dead_letters_url,
            Some(&config.invoice_queue_url),
        ),
        aside("archive", ("Archiv", "Archive"), &config.archive_dead_letters_url, Some(&config.archive_queue_url)),
        aside(
            "mail-events",
            ("Rückmeldungen zu E-Mails", "Reports about mails"),
            &config.mail_events_dead_letters_url,
            Some(&config.mail_events_queue_url),
        ),
        aside("stream", ("Änderungen der Tabelle", "Changes of the table"), &config.stream_dead_letters_url, None),
        aside("schedules", ("Zeitgesteuerte Starts", "Scheduled starts"), &config.schedule_dead_letters_url, None),
    ]
}

impl Console {
    pub(crate) async fn delivery(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let mut found = Vec::new();
        let looks = try_join_all(self.set_aside.iter().map(|aside| aside.queue.look())).await?;
        for (aside, messages) in self.set_aside.iter().zip(looks) {
            let mut letters: Vec<Letter> = Vec::new();
            for message in messages {
                // The same thing may have been tried by several messages.
                if let Some(known) = letters.iter_mut().find(|known| known.first.body == message.body) {
                    known.ids.push(message.id);
                    continue;
                }
                let item = letters::item(&message.body);
                let error = match &item {
                    Some(item) => self.table.delivery_error(item).await?,
                    None => None,
                };
                letters.push(Letter { ids: vec![message.id.clone()], first: message, item, error });
            }
            found.push(Found { aside, letters });
        }
        let given_up = self.table.given_up().await?;
        let errors = try_join_all(given_up.iter().map(|mail| self.table.delivery_error(&mail.item))).await?;
        let given_up: Vec<_> = given_up.into_iter().zip(errors).collect();
        let language = signed.language;
        let title = language.pick("Zustellung", "Delivery");
        let quiet = given_up.is_empty() && found.iter().all(|found| found.letters.is_empty());
        let content = html! {
            h1 { (title) }
            p class="lead" { (language.pick(
                "Was trotz mehrerer Versuche nicht gelang, liegt hier. Beheben Sie zuerst die Ursache; dann lassen Sie es noch einmal versuchen.",
                "What failed in spite of several tries lies here. Remove the cause first, then have it tried once more.")) }
            @if let Some(done) = query(signed.request, "done") { (told(&done, language)) }
            @if quiet { div class="card" { p class="empty" { (language.pick("Alles ist zugestellt.", "Everything has been delivered.")) } } }
            @if !given_up.is_empty() { (given_up_card(signed, &given_up)) }
            @for found in found.iter().filter(|found| !found.letters.is_empty()) { (letters_card(signed, found)) }
        };
        Ok(signed_page(signed, title, &content))
    }

    /// Has messages tried again, or drops those that need nothing: all of a queue, or the one that the form names.
    pub(crate) async fn change_delivery(
        &self,
        signed: &Signed<'_>,
        name: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let done = if name == "given-up" {
            let item = Key::new(field(fields, "pk"), field(fields, "sk"));
            usize::from(self.table.owe_given_up(&item, self.clock.now()).await?)
        } else {
            let aside = self.set_aside.iter().find(|aside| aside.name == name).ok_or(Error::NotFound("queue"))?;
            let message = field(fields, "message");
            let into = aside.source.as_ref().filter(|_| field(fields, "action") != "discard");
            aside
                .queue
                .take_out(into, |waiting| message == "all" || message.split(',').any(|id| id == waiting.id))
                .await?
        };
        Ok(see_other(&format!("/console/delivery?done={done}&lang={}", signed.language.code())))
    }
}

fn told(done: &str, language: Language) -> Markup {
    match done.parse::<u32>() {
        Ok(0) => {
            banner("note", &html! { p { (language.pick("Das lag nicht mehr hier.", "That was no longer here.")) } })
        }
        Ok(1) => banner("good", &html! { p { (language.pick("Erledigt.", "Done.")) } }),
        Ok(many) => banner(
            "good",
            &html! { p { (language.pick(format!("{many} Nachrichten sind erledigt."), format!("{many} messages are done."))) } },
        ),
        Err(_) => html! {},
    }
}

fn given_up_card(signed: &Signed<'_>, given_up: &[(GivenUp, Option<String>)]) -> Markup {
    let language = signed.language;
    html! {
        div class="card" {
            h2 { (language.pick("Aufgegebene E-Mails", "Mails that were given up")) }
            div class="scroll" { table {
                thead { tr {
                    th { (language.pick("E-Mail", "Mail")) } th { (language.pick("Aufgegeben", "Given up")) }
                    th { (language.pick("Woran es lag", "What it failed of")) } th {}
                } }
                tbody { @for (mail, error) in given_up { tr {
                    td { (notice(mail.owed.notice, language)) " – " (linked(Some(&mail.item), &letters::item_words(&mail.item, language), language)) }
                    td { (moment(&mail.at, language)) }
                    td { (reason(error.as_deref(), language)) }
                    td { form method="post" action={ "/console/delivery/given-up?lang=" (language.code()) } {
                        (form_token(signed))
                        input type="hidden" name="pk" value=(mail.item.pk);
                        input type="hidden" name="sk" value=(mail.item.sk);
                        button class="quiet" type="submit" { (language.pick("Noch einmal senden", "Send again")) }
                    } }
                } } }
            } }
        }
    }
}

/// What something is about, as a link where it has a page.
fn linked(item: Option<&Key>, words: &str, language: Language) -> Markup {
    match item.and_then(letters::page) {
        Some(page) => html! { a href={ (page) "?lang=" (language.code()) } { (words) } },
        None => html! { (words) },
    }
}

fn letters_card(signed: &Signed<'_>, found: &Found<'_>) -> Markup {
    let language = signed.language;
    let aside = found.aside;
    let retry = (
        language.pick("Noch einmal versuchen", "Try again"),
        language.pick("Alle noch einmal versuchen", "Try all again"),
    );
    let discard = (language.pick("Verwerfen", "Discard"), language.pick("Alle verwerfen", "Discard all"));
    let buttons = |message: &str, all: bool| {
        let label = |labels: (&'static str, &'static str)| if all { labels.1 } else { labels.0 };
        html! {
            form class="actions" method="post" action={ "/console/delivery/" (aside.name) "?lang=" (language.code()) } {
                (form_token(signed))
                input type="hidden" name="message" value=(message);
                @if aside.source.is_some() { button class="quiet" type="submit" { (label(retry)) } }
                button class="quiet" type="submit" name="action" value="discard" { (label(discard)) }
            }
        }
    };
    html! {
        div class="card" {
            h2 { (language.pick(aside.title.0, aside.title.1)) " " span class="tag bad" { (found.letters.len()) } }
            p class="hint" { (hint(aside.name, language)) }
            div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Was", "What")) } th { (language.pick("Seit", "Since")) }
                    th { (language.pick("Woran es lag", "What it failed of")) } th {}
                } }
                tbody { @for letter in &found.letters { tr {
                    td {
                        (linked(letter.item.as_ref(), &letters::words(&letter.first.body, language), language))
                        @if letter.ids.len() > 1 { " " span class="tag plain" { (letter.ids.len()) "×" } }
                    }
                    td { (letter.first.sent_at.map_or_else(String::new, |at| language.date_time(at))) }
                    td { (reason(letter.error.as_deref(), language)) }
                    td { (buttons(&letter.ids.join(","), false)) }
                } } }
            } }
            @if found.letters.len() > 1 { (buttons("all", true)) }
        }
    }
}

/// What to know before something is tried again or discarded.
fn hint(name: &str, language: Language) -> &'static str {
    match name {
        "stream" => language.pick(
            "Hier liegen nur Stellen im Änderungsstrom. Was deshalb nicht versandt wurde, finden die Zeitgeber von selbst wieder; verwerfen Sie die Einträge, sobald die Ursache behoben ist.",
            "These are places in the stream of changes only. The timers find by themselves what was not sent because of it; discard the entries once the cause is removed."),
        "schedules" => language.pick(
            "Ein Start kam nicht an oder scheiterte. Tägliche Zählung und Rechnungslauf holen Versäumtes beim nächsten Start nach.",
            "A start did not arrive or failed. The daily count and the invoice run make up for it at their next start."),
        _ => language.pick(
            "Zweimal tun schadet nicht: Was schon erledigt ist, wird erkannt.",
            "Doing it twice does no harm: what is done already is recognised."),
    }
}

fn reason(error: Option<&str>, language: Language) -> Markup {
    html! {
        @match error {
            Some(error) => code { (error) },
            None => span class="hint" { (language.pick("steht im Protokoll der Funktion", "is in the function's log")) },
        }
    }
}

fn moment(text: &str, language: Language) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |instant| language.date_time(instant))
}

fn notice(notice: Notice, language: Language) -> &'static str {
    match notice {
        Notice::InvoiceIssued => language.pick("Rechnung", "Invoice"),
        Notice::SignIn => language.pick("Link zum Anmelden", "Link to sign in"),
        Notice::Registered | Notice::AnswerChanged | Notice::AnswerWithdrawn | Notice::AlreadyRegistered => {
            language.pick("Bestätigung einer Antwort", "Confirmation of an answer")
        }
        _ => language.pick("Nachricht zum Konto", "News of the account"),
    }
}
