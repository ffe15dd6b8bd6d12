//! `/console/operator` and `/console/partner`: who issues the invoices, and in the partner's name (Z7), for the operator.

mod form;
mod logo;
mod policy;

use domain::account::Operator;
use domain::catalog::charge::Issuer;
use domain::problem::{FieldProblem, Problem};
use http::Response;
use lambda_http::Body;
use platform::error::Error;
use platform::http::multipart::{multipart, text};
use platform::http::{query, see_other};
use platform::links::equal;

use crate::fields::filled;
use crate::{Console, Signed};
use form::{State, show};

/// The issuer that a path names.
fn named(path: &str) -> Option<Issuer> {
    match path {
        "operator" => Some(Issuer::Operator),
        "partner" => Some(Issuer::Partner),
        _ => None,
    }
}

const fn path(issuer: Issuer) -> &'static str {
    match issuer {
        Issuer::Operator => "operator",
        Issuer::Partner => "partner",
    }
}

const fn other(issuer: Issuer) -> Issuer {
    match issuer {
        Issuer::Operator => Issuer::Partner,
        Issuer::Partner => Issuer::Operator,
    }
}

impl Console {
    /// Pages below `/console/operator` and `/console/partner`.
    pub(crate) async fn issuers(&self, signed: &Signed<'_>, segments: &[&str]) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        match (segments.first().and_then(|path| named(path)), segments.get(1..)) {
            (Some(issuer), Some([])) => self.issuer(signed, issuer).await,
            (Some(issuer), Some(["logo"])) => self.logo(issuer).await,
            (Some(Issuer::Operator), Some(["policy"])) => self.policy(signed).await,
            _ => Err(Error::NotFound("path")),
        }
    }

    /// Forms sent to them, but for the file.
    pub(crate) async fn change_issuers(
        &self,
        signed: &Signed<'_>,
        segments: &[&str],
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        match (segments.first().and_then(|path| named(path)), segments.get(1..)) {
            (Some(issuer), Some([])) => self.change_issuer(signed, issuer, fields).await,
            (Some(Issuer::Operator), Some(["policy"])) => self.change_policy(signed, fields).await,
            (Some(issuer), Some(["logo", "remove"])) => self.remove_logo(signed, issuer).await,
            _ => Err(Error::NotFound("path")),
        }
    }

    /// The file of a logo.
    pub(crate) async fn upload_logo(&self, signed: &Signed<'_>, segments: &[&str]) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let issuer = segments.first().and_then(|path| named(path)).ok_or(Error::NotFound("path"))?;
        let parts = multipart(signed.request, logo::FORM_LIMIT)?;
        // A form of another site cannot know the token (CSRF).
        if !equal(text(&parts, "form_token"), &signed.form_token) {
            return Err(Error::Forbidden("the form's token"));
        }
        self.change_logo(signed, issuer, &parts).await
    }

    async fn issuer(&self, signed: &Signed<'_>, issuer: Issuer) -> Result<Response<Body>, Error> {
        let operator = self.table.issuer(issuer).await?;
        let state = match &operator {
            None => State::Missing,
            Some(_) if query(signed.request, "saved").is_some() => State::Saved,
            Some(_) => State::Entered,
        };
        let values = operator.as_ref().map_or_else(|| suggested(issuer), form::values);
        Ok(show(signed, issuer, operator.as_ref(), &values, &[], state))
    }

    async fn change_issuer(
        &self,
        signed: &Signed<'_>,
        issuer: Issuer,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let known = self.table.issuer(issuer).await?;
        let logo = known.as_ref().and_then(|known| known.terms.logo.clone());
        let problems = match form::form(fields).read(logo) {
            Ok(read) => match self.prefix_problem(issuer, &read).await? {
                None => {
                    self.table.save_issuer(issuer, &read).await?;
                    return Ok(saved(signed, issuer));
                }
                Some(problem) => vec![problem],
            },
            Err(problems) => problems,
        };
        Ok(show(signed, issuer, known.as_ref(), fields, &problems, State::Entered))
    }

    /// Two issuers with the same letters would take numbers from one series, and each would have gaps (I1).
    async fn prefix_problem(&self, issuer: Issuer, read: &Operator) -> Result<Option<FieldProblem>, Error> {
        let other = self.table.issuer(other(issuer)).await?;
        let taken = other.is_some_and(|other| other.invoice_prefix == read.invoice_prefix);
        Ok(taken.then(|| FieldProblem::new("invoice_prefix", Problem::PrefixTaken)))
    }
}

fn saved(signed: &Signed<'_>, issuer: Issuer) -> Response<Body> {
    see_other(&format!("/console/{}?saved=1&lang={}", path(issuer), signed.language.code()))
}

/// What stands in a form that was never filled in.
fn suggested(issuer: Issuer) -> Vec<(String, String)> {
    let prefix = if issuer == Issuer::Partner { "PA" } else { "RE" };
    filled([("invoice_prefix", prefix), ("payment_term_days", "14")])
}

impl Signed<'_> {
    /// The operator's pages do not exist for anybody else.
    pub(crate) const fn must_be_operator(&self) -> Result<(), Error> {
        if self.access.operator { Ok(()) } else { Err(Error::NotFound("path")) }
    }
}
