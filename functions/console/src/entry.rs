//! Signing in by a mailed link, and out.

use domain::contact::Email;
use domain::language::Language;
use http::{HeaderValue, Response, header};
use lambda_http::{Body, Request};
use maud::html;
use platform::entropy;
use platform::error::Error;
use platform::http::{cookie, field, form, language, see_other};
use platform::page::banner;
use platform::table::sessions::SESSION_LIFETIME;

use crate::Console;
use crate::frame::open_page;

/// Name of the session cookie.
pub(crate) const COOKIE: &str = "einlass_session";

impl Console {
    /// Asks for an address and mails it a link. The reply is the same for every address.
    pub(crate) async fn sign_in(&self, request: &Request, post: bool) -> Result<Response<Body>, Error> {
        let language = language(request);
        let title = language.pick("Anmelden", "Sign in");
        let (mut typed, mut problem, mut sent) = (String::new(), None, false);
        if post {
            typed = field(&form(request)?, "email").to_owned();
            match Email::parse(&typed) {
                Ok(email) => {
                    match self.create_link(&email, language).await {
                        // Whether an address is known, nobody learns from being refused either.
                        Ok(_) | Err(Error::TooMany(_)) => sent = true,
                        Err(error) => return Err(error),
                    }
                }
                Err(wrong) => problem = Some(wrong.sentence(language)),
            }
        }
        let content = html! {
            h1 { (title) }
            @if sent {
                (banner("good", &html! { p { (language.pick(
                    "Wenn diese Adresse bei uns bekannt ist, ist ein Link zum Anmelden unterwegs. Er gilt 30 Minuten.",
                    "If this address is known to us, a link to sign in is on its way. It works for 30 minutes.")) } }))
            } @else {
                p class="lead" { (language.pick("Wir schicken Ihnen einen Link; ein Passwort gibt es nicht.", "We send you a link; there is no password.")) }
                form class="card" method="post" action={ "/console/sign-in?lang=" (language.code()) } novalidate {
                    div class=(if problem.is_some() { "field wrong" } else { "field" }) {
                        label for="email" { (language.pick("E-Mail-Adresse", "E-mail address")) }
                        input id="email" name="email" type="email" autocomplete="email" value=(typed);
                        @if let Some(problem) = problem { p class="problem" { (problem) } }
                    }
                    button type="submit" { (language.pick("Link anfordern", "Send me a link")) }
                }
            }
        };
        Ok(open_page(language, title, "/console/sign-in", &content))
    }

    /// Makes a link to sign in, owes its mail, and gives its address; `None` for an address that may not.
    ///
    /// # Errors
    /// [`Error::TooMany`] when the address asked for too many in this hour.
    pub async fn create_link(&self, email: &Email, language: Language) -> Result<Option<String>, Error> {
        if self.access(email).await?.is_none() {
            return Ok(None);
        }
        let id = entropy::hex::<16>()?;
        self.table.create_sign_in(&id, email, language, self.clock.now()).await?;
        Ok(Some(format!("{}/console/sign-in/{}", self.origin, self.links.sign_in(&id))))
    }

    /// The page a mailed link opens. Only its button signs in, because mail scanners open links.
    pub(crate) async fn use_link(&self, request: &Request, post: bool, token: &str) -> Result<Response<Body>, Error> {
        let id = self.links.read_sign_in(token)?;
        let language = language(request);
        let path = format!("/console/sign-in/{token}");
        if post {
            let session = entropy::hex::<32>()?;
            self.table.start_session(id, &session, self.clock.now()).await?;
            return Ok(with_cookie(
                see_other(&format!("/console?lang={}", language.code())),
                &self.cookie(&session, SESSION_LIFETIME.num_seconds()),
            ));
        }
        let title = language.pick("Anmelden", "Sign in");
        let content = html! {
            h1 { (title) }
            form class="card" method="post" action={ (path) "?lang=" (language.code()) } {
                p { (language.pick("Mit einem Klick sind Sie angemeldet.", "One click signs you in.")) }
                button type="submit" { (title) }
            }
        };
        Ok(open_page(language, title, &path, &content))
    }

    pub(crate) async fn sign_out(&self, request: &Request) -> Result<Response<Body>, Error> {
        if let Some(token) = cookie(request, COOKIE) {
            self.table.end_session(&token).await?;
        }
        Ok(with_cookie(see_other("/console/sign-in"), &self.cookie("", 0)))
    }

    fn cookie(&self, value: &str, seconds: i64) -> String {
        // Browsers send a Secure cookie over https only; an http origin is one machine's loopback.
        let secure = if self.origin.starts_with("https://") { "; Secure" } else { "" };
        format!("{COOKIE}={value}; Path=/console; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }
}

fn with_cookie(mut response: Response<Body>, cookie: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}
