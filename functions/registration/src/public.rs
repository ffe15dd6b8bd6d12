//! `GET` and `POST /e/{event}`: the registration page.

use domain::event::AnswerValue;
use domain::problem::FieldProblem;
use domain::registration::RawRegistration;
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{form as read_form, language, query, see_other};
use platform::page::banner;
use platform::table::events::Published;
use tokio::join;

use crate::form::{self, Filled};
use crate::pages::{event_head, public_page};

/// An event with the places left, where they were looked up.
#[derive(Clone, Copy)]
struct Seen<'a> {
    published: &'a Published,
    free: Option<i64>,
}

impl crate::Registration {
    pub(crate) async fn event(&self, request: &Request, method: &Method, slug: &str) -> Result<Response<Body>, Error> {
        if !crate::is_post(method)? {
            let published = self.published(slug).await?;
            return Ok(match query(request, "received") {
                Some(received) => self.received(request, &published, &received),
                None => {
                    let view = async {
                        if *method == Method::GET {
                            self.views.count(&self.table, &published, self.clock.now()).await;
                        }
                    };
                    let (free, ()) = join!(self.table.free_places(&published), view);
                    let seen = Seen { published: &published, free: free? };
                    self.show(request, seen, StatusCode::OK, &RawRegistration::default(), &[])
                }
            });
        }
        let fields = read_form(request)?;
        let published = self.published(slug).await?;
        let raw = form::read(&fields);
        let language = language(request);
        let seen = Seen { published: &published, free: None };
        match self.submit(&published, &raw, language, None).await {
            Ok(submission) => {
                let received = submission.reply.value.map_or("answer", AnswerValue::code);
                // The browser is sent on, so that reloading the page does not send the form again.
                Ok(see_other(&format!("/e/{slug}?received={received}&lang={}", language.code())))
            }
            Err(Error::Invalid(problems)) => {
                Ok(self.show(request, seen, StatusCode::UNPROCESSABLE_ENTITY, &raw, &problems))
            }
            Err(error @ (Error::Contended | Error::Unavailable { .. })) => {
                platform::telemetry::failure(&error);
                Ok(self.busy(request, seen, &raw, &error))
            }
            Err(Error::Closed) => Ok(self.show(request, seen, StatusCode::GONE, &raw, &[])),
            Err(error) => Err(error),
        }
    }

    /// The page with its form; what was typed comes back as it was, with what is wrong.
    fn show(
        &self,
        request: &Request,
        seen: Seen<'_>,
        status: StatusCode,
        raw: &RawRegistration,
        problems: &[FieldProblem],
    ) -> Response<Body> {
        let above = form::summary(problems, language(request));
        self.form_page(request, seen, status, raw, problems, &above)
    }

    /// Not saved, or not known to be saved: the form is as it was, and sending it again does no harm.
    fn busy(&self, request: &Request, seen: Seen<'_>, raw: &RawRegistration, error: &Error) -> Response<Body> {
        let language = language(request);
        let (status, text) = if matches!(error, Error::Contended) {
            let text = language.pick(
                "Gerade melden sich sehr viele gleichzeitig an. Ihre Angaben sind noch da: Bitte senden Sie das Formular gleich noch einmal ab.",
                "Very many people are registering at this moment. Your entries are still here: please send the form again in a moment.",
            );
            (StatusCode::TOO_MANY_REQUESTS, text)
        } else {
            let text = language.pick(
                "Das hat gerade nicht geklappt. Ihre Angaben sind noch da: Bitte senden Sie das Formular gleich noch einmal ab. Doppelt gezählt wird dabei nichts.",
                "That did not work just now. Your entries are still here: please send the form again in a moment. Nothing is counted twice.",
            );
            (StatusCode::SERVICE_UNAVAILABLE, text)
        };
        let above = banner("note", &html! { p { (text) } });
        self.form_page(request, seen, status, raw, &[], &above)
    }

    fn form_page(
        &self,
        request: &Request,
        seen: Seen<'_>,
        status: StatusCode,
        raw: &RawRegistration,
        problems: &[FieldProblem],
        above: &Markup,
    ) -> Response<Body> {
        let (language, now) = (language(request), self.clock.now());
        let Seen { published, free } = seen;
        let draft = published.event.draft();
        let filled = Filled { raw, problems };
        let path = format!("/e/{}", draft.slug);
        let content = html! {
            (event_head(published, language, now, free))
            @if published.event.is_open(now) {
                (above)
                form class="card" method="post" action={ (path) "?lang=" (language.code()) } novalidate {
                    h2 { (language.pick("Ihre Anmeldung", "Your registration")) }
                    (form::answers(&published.event, &filled, language))
                    (form::attendees(&published.event, &filled, language))
                    (form::email(&filled, language))
                    div class="actions" { button type="submit" { (language.pick("Antwort senden", "Send answer")) } }
                }
            } @else {
                (banner("note", &html! { p { (language.pick(
                    "Die Anmeldung ist geschlossen. Bitte wenden Sie sich an den Veranstalter.",
                    "Registration has closed. Please contact the organiser.")) } }))
            }
        };
        public_page(status, language, draft.title.get(language), &path, &content)
    }

    fn received(&self, request: &Request, published: &Published, received: &str) -> Response<Body> {
        let language = language(request);
        let draft = published.event.draft();
        let thanks = match AnswerValue::parse(received) {
            Some(AnswerValue::Accepted) => language.pick("Vielen Dank für Ihre Zusage!", "Thank you for accepting!"),
            Some(AnswerValue::Declined) => language.pick("Danke für Ihre Absage.", "Thank you for letting us know."),
            None => language.pick("Vielen Dank für Ihre Antwort!", "Thank you for your answer!"),
        };
        let content = html! {
            (event_head(published, language, self.clock.now(), None))
            (banner("good", &html! {
                p { b { (thanks) } }
                p { (language.pick(
                    "Wir haben Ihnen eine E-Mail mit Ihrem persönlichen Link geschickt. Damit können Sie Ihre Antwort ansehen, ändern oder zurückziehen, bis die Anmeldung schließt. Falls nichts ankommt, sehen Sie bitte im Spam-Ordner nach.",
                    "We have sent you an e-mail with your personal link. With it you can see, change or withdraw your answer until registration closes. If nothing arrives, please look in your spam folder.")) }
            }))
            p { a href={ "/e/" (draft.slug) "?lang=" (language.code()) } { (language.pick("Weitere Personen mit anderer E-Mail-Adresse anmelden", "Register others with another e-mail address")) } }
        };
        public_page(StatusCode::OK, language, draft.title.get(language), &format!("/e/{}", draft.slug), &content)
    }
}
