//! The logo of an issuer: sent as a file, stored once under a digest of its content, shown on the form.

use domain::account::Operator;
use domain::catalog::charge::Issuer;
use domain::image::{self, ImageKind, LOGO_LIMIT};
use domain::problem::FieldProblem;
use http::{Response, StatusCode};
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::multipart::Part;
use platform::http::reply;
use platform::objects::logo_key;

use super::form::{State, show, values};
use super::saved;
use crate::fields::{Form, form_token};
use crate::{Console, Signed};

/// Most bytes of a form with a logo: fields and boundaries come on top.
pub(super) const FORM_LIMIT: usize = LOGO_LIMIT + 8 * 1024;

impl Console {
    /// The logo as it is stored.
    pub(super) async fn logo(&self, issuer: Issuer) -> Result<Response<Body>, Error> {
        let known = self.table.issuer(issuer).await?;
        let key = known.and_then(|known| known.terms.logo).ok_or(Error::NotFound("logo"))?;
        let bytes = self.objects.get(&key).await?.ok_or(Error::NotFound("logo"))?;
        let kind = ImageKind::of_name(&key).ok_or(Error::NotFound("logo"))?;
        Ok(reply(StatusCode::OK, kind.media_type(), bytes))
    }

    /// Takes a logo: the file first, then its key, so that a key never names what is not there.
    pub(super) async fn change_logo(
        &self,
        signed: &Signed<'_>,
        issuer: Issuer,
        parts: &[Part],
    ) -> Result<Response<Body>, Error> {
        let mut known = self.known_issuer(issuer).await?;
        let bytes = parts.iter().find(|part| part.name == "logo").map_or(&[][..], |part| &part.bytes);
        let kind = match image::logo(bytes) {
            Ok(kind) => kind,
            Err(problem) => {
                let problems = [FieldProblem::new("logo", problem)];
                return Ok(show(signed, issuer, Some(&known), &values(&known), &problems, State::Entered));
            }
        };
        let key = logo_key(bytes, kind);
        self.objects.put_once(&key, kind.media_type(), bytes.to_vec()).await?;
        known.terms.logo = Some(key);
        self.table.save_issuer(issuer, &known).await?;
        Ok(saved(signed, issuer))
    }

    /// Takes the logo off future invoices; the file stays for those that show it.
    pub(super) async fn remove_logo(&self, signed: &Signed<'_>, issuer: Issuer) -> Result<Response<Body>, Error> {
        let mut known = self.known_issuer(issuer).await?;
        known.terms.logo = None;
        self.table.save_issuer(issuer, &known).await?;
        Ok(saved(signed, issuer))
    }

    async fn known_issuer(&self, issuer: Issuer) -> Result<Operator, Error> {
        self.table.issuer(issuer).await?.ok_or(Error::NotFound("issuer"))
    }
}

/// The logo, and the form that sends another one.
pub(super) fn card(signed: &Signed<'_>, path: &str, known: &Operator, form: &Form<'_>) -> Markup {
    let language = form.language;
    html! {
        form class="card" method="post" enctype="multipart/form-data" action={ "/console/" (path) "/logo?lang=" (language.code()) } {
            h2 { "Logo" }
            @if known.terms.logo.is_some() {
                p { img src={ "/console/" (path) "/logo" } alt=(language.pick("Logo, wie es auf Rechnungen steht", "The logo as it stands on invoices")) width="240"; }
            }
            (form_token(signed))
            (form.file("logo", language.pick("Bilddatei", "Picture file"), "image/png,image/jpeg", language.pick(
                "PNG oder JPEG, höchstens 200 KB und 2000 Pixel breit und hoch",
                "PNG or JPEG, at most 200 KB and 2,000 pixels wide and high")))
            button type="submit" { (language.pick("Logo hochladen", "Upload logo")) }
        }
        @if known.terms.logo.is_some() {
            form class="actions" method="post" action={ "/console/" (path) "/logo/remove?lang=" (language.code()) } {
                (form_token(signed))
                button class="danger" type="submit" { (language.pick("Logo entfernen", "Remove logo")) }
            }
        }
    }
}
