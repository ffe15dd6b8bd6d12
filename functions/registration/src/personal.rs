//! `GET` and `POST /r/{token}`: see, change and withdraw an answer. Links act on POST only, because mail
//! scanners open them.

use domain::event::Gathering;
use domain::language::Language;
use domain::message::Notice;
use domain::problem::FieldProblem;
use domain::registration::{RawRegistration, Registration, Standing, decide_change, decide_withdraw, parse_reply};
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{field, form as read_form, language, query, see_other};
use platform::links::RegistrationLink;
use platform::page::banner;
use platform::table::events::Published;
use platform::table::registrations::Saved;

use crate::form::{self, Filled};
use crate::pages::{event_head, public_page};
use crate::submit::refused;

/// Most tries when the registration is changed from two places at once.
const TRIES: usize = 5;

impl crate::Registration {
    pub(crate) async fn personal(
        &self,
        request: &Request,
        method: &Method,
        token: &str,
    ) -> Result<Response<Body>, Error> {
        let link = RegistrationLink::parse(token)?;
        let is_post = crate::is_post(method)?;
        let fields = if is_post { read_form(request)? } else { Vec::new() };
        let published = self.published(link.slug.as_str()).await.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("personal link"),
            other => other,
        })?;
        let saved = self.opened(&published, &link).await?;
        let language = language_of(request, &saved);
        let view = View { published: &published, saved: &saved, token, language };
        if !is_post {
            let done = query(request, "done");
            return Ok(self.view(&view, StatusCode::OK, &typed(&saved), &[], done.as_deref()));
        }
        let raw = RawRegistration { email: saved.email.as_str().to_owned(), ..form::read(&fields) };
        let withdraw = field(&fields, "action") == "withdraw";
        let done = if withdraw {
            self.withdraw(&published, &link, &saved).await
        } else {
            self.change(&published, &link, &saved, (&raw, language)).await
        };
        match done {
            Ok(done) => Ok(see_other(&format!("/r/{token}?done={done}&lang={}", language.code()))),
            Err(Error::Invalid(problems)) => {
                Ok(self.view(&view, StatusCode::UNPROCESSABLE_ENTITY, &raw, &problems, None))
            }
            Err(Error::Closed) => Ok(self.view(&view, StatusCode::GONE, &raw, &[], None)),
            Err(error) => Err(error),
        }
    }

    async fn opened(&self, published: &Published, link: &RegistrationLink) -> Result<Registration, Error> {
        let saved = self.table.registration(published, &link.contact).await?;
        if self.links.opens(link, &saved.id, saved.generation) {
            Ok(saved)
        } else {
            Err(Error::NotFound("personal link"))
        }
    }

    /// Changes the answer, starting from what was read; gives what to tell.
    async fn change(
        &self,
        published: &Published,
        link: &RegistrationLink,
        read: &Registration,
        (raw, language): (&RawRegistration, Language),
    ) -> Result<&'static str, Error> {
        let reply = parse_reply(raw, &published.event).map_err(Error::Invalid)?;
        let (mut saved, mut elsewhere) = (read.clone(), None::<Gathering>);
        for _ in 0..TRIES {
            let now = self.clock.now();
            if saved.reply == reply && saved.standing == Standing::Answered {
                return Ok("same");
            }
            let change = decide_change(&published.event, &saved, &reply, now).map_err(refused)?;
            let next = Registration {
                reply: reply.clone(),
                standing: Standing::Answered,
                revision: saved.revision.saturating_add(1),
                changed_at: now,
                language,
                ..saved.clone()
            };
            let gathering = elsewhere.take().unwrap_or_else(|| Gathering::at(next.shard));
            let places = (change, &gathering);
            match self.table.change_registration(published, &link.contact, &next, places, Notice::AnswerChanged).await?
            {
                Saved::Yes => return Ok("changed"),
                Saved::NoPlace => elsewhere = Some(self.places(published, Some(next.shard), change).await?),
                _ => saved = self.opened(published, link).await?,
            }
        }
        Err(Error::Contended)
    }

    /// Takes the answer back, starting from what was read; gives what to tell.
    async fn withdraw(
        &self,
        published: &Published,
        link: &RegistrationLink,
        read: &Registration,
    ) -> Result<&'static str, Error> {
        let mut saved = read.clone();
        for _ in 0..TRIES {
            let now = self.clock.now();
            if saved.standing == Standing::Withdrawn {
                // Sent twice: what was wanted is so.
                return Ok("withdrawn");
            }
            let change = decide_withdraw(&published.event, &saved, now).map_err(refused)?;
            let next = Registration {
                standing: Standing::Withdrawn,
                revision: saved.revision.saturating_add(1),
                changed_at: now,
                ..saved.clone()
            };
            match self
                .table
                .change_registration(
                    published,
                    &link.contact,
                    &next,
                    (change, &Gathering::at(next.shard)),
                    Notice::AnswerWithdrawn,
                )
                .await?
            {
                Saved::Yes => return Ok("withdrawn"),
                Saved::Changed => saved = self.opened(published, link).await?,
                _ => return Err(Error::Closed),
            }
        }
        Err(Error::Contended)
    }

    fn view(
        &self,
        view: &View<'_>,
        status: StatusCode,
        raw: &RawRegistration,
        problems: &[FieldProblem],
        done: Option<&str>,
    ) -> Response<Body> {
        let View { published, saved, token, language } = *view;
        let now = self.clock.now();
        let path = format!("/r/{token}");
        let action = format!("{path}?lang={}", language.code());
        let filled = Filled { raw, problems };
        let open = published.event.is_open(now);
        let content = html! {
            (event_head(published, language, now, None))
            (done_banner(done, language))
            (form::summary(problems, language))
            (present_answer(published, saved, language))
            @if open {
                form class="card" method="post" action=(action) novalidate {
                    h2 { (language.pick("Antwort ändern", "Change answer")) }
                    (form::answers(&published.event, &filled, language))
                    (form::attendees(&published.event, &filled, language))
                    div class="actions" { button type="submit" name="action" value="change" { (language.pick("Änderung speichern", "Save change")) } }
                }
                @if saved.standing == Standing::Answered {
                    form class="card" method="post" action=(action) {
                        h2 { (language.pick("Antwort zurückziehen", "Withdraw answer")) }
                        p { (language.pick(
                            "Ihre Antwort zählt dann nicht mehr, und reservierte Plätze werden frei. Solange die Anmeldung offen ist, können Sie über diesen Link wieder antworten.",
                            "Your answer no longer counts then, and places held for you become free. While registration is open you can answer again through this link.")) }
                        button class="danger" type="submit" name="action" value="withdraw" { (language.pick("Antwort zurückziehen", "Withdraw answer")) }
                    }
                }
            } @else {
                (banner("note", &html! { p { (language.pick(
                    "Die Anmeldung ist geschlossen; Änderungen sind nicht mehr möglich. Bitte wenden Sie sich an den Veranstalter.",
                    "Registration has closed; changes are no longer possible. Please contact the organiser.")) } }))
            }
        };
        public_page(status, language, published.event.draft().title.get(language), &path, &content)
    }
}

#[derive(Clone, Copy)]
struct View<'a> {
    published: &'a Published,
    saved: &'a Registration,
    token: &'a str,
    language: Language,
}

/// Language of the page: the one asked for, else the one the person registered in.
fn language_of(request: &Request, saved: &Registration) -> Language {
    if query(request, "lang").is_some() { language(request) } else { saved.language }
}

fn typed(saved: &Registration) -> RawRegistration {
    let names =
        |attendee: &domain::contact::Attendee| (attendee.first_name().to_owned(), attendee.last_name().to_owned());
    RawRegistration {
        email: saved.email.as_str().to_owned(),
        answer: saved.reply.answer.clone(),
        attendees: saved.reply.attendees.iter().map(names).collect(),
    }
}

fn done_banner(done: Option<&str>, language: Language) -> Markup {
    let text = match done {
        Some("changed") => language.pick(
            "Ihre Antwort ist gespeichert. Eine Bestätigung ist per E-Mail unterwegs.",
            "Your answer has been saved. A confirmation is on its way by e-mail.",
        ),
        Some("same") => {
            language.pick("Ihre Antwort war schon so gespeichert.", "Your answer was saved like this already.")
        }
        Some("withdrawn") => language.pick(
            "Ihre Antwort ist zurückgezogen. Eine Bestätigung ist per E-Mail unterwegs.",
            "Your answer has been withdrawn. A confirmation is on its way by e-mail.",
        ),
        _ => return html! {},
    };
    banner("good", &html! { p { b { (text) } } })
}

fn present_answer(published: &Published, saved: &Registration, language: Language) -> Markup {
    let label = published.event.answer(&saved.reply.answer).map_or("", |answer| answer.label.get(language));
    html! {
        div class="card" {
            h2 { (language.pick("Ihre Antwort", "Your answer")) }
            dl class="facts" {
                dt { (language.pick("Antwort", "Answer")) }
                dd {
                    @if saved.standing == Standing::Withdrawn { span class="tag note" { (language.pick("zurückgezogen", "withdrawn")) } }
                    @else { b { (label) } }
                }
                dt { (language.pick("Teilnehmer", "Attendees")) }
                dd { @for attendee in &saved.reply.attendees { (attendee.first_name()) " " (attendee.last_name()) br; } }
                dt { (language.pick("E-Mail-Adresse", "E-mail address")) } dd { (saved.email.as_str()) }
                dt { (language.pick("Zuletzt geändert", "Last changed")) } dd { (language.date_time(saved.changed_at)) }
            }
        }
    }
}
