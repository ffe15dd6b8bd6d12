//! `/console/operator/policy`: when an accepted offer is followed by a down payment invoice (O1).

use domain::offer::policy::BillingPolicy;
use domain::offer::policy_form::PolicyForm;
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::html;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;

use crate::fields::{Form, Row, filled, form_token};
use crate::frame::signed_reply;
use crate::numbers::plain;
use crate::{Console, Signed};

const FIELDS: [Row; 2] = [
    (
        "above",
        "Ab einem Auftragswert über",
        "For orders above",
        "text",
        "netto in Euro; leer für jedes Angebot",
        "net, in euros; empty for every offer",
    ),
    (
        "percent",
        "Anzahlung in Prozent",
        "Down payment in percent",
        "text",
        "vom Nettobetrag; beides leer, wenn keine Anzahlung verlangt wird",
        "of the net total; leave both empty if no down payment is asked for",
    ),
];

impl Console {
    pub(super) async fn policy(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        Ok(show(signed, &values(&self.table.policy().await?, signed), &[]))
    }

    pub(super) async fn change_policy(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        // Read as it is shown: with the thousands of the language.
        let typed = |name| plain(field(fields, name).trim().trim_end_matches(['€', '%']), signed.language);
        match (PolicyForm { above: &typed("above"), percent: &typed("percent") }).read() {
            Ok(policy) => self.table.save_policy(&policy).await?,
            Err(problems) => return Ok(show(signed, fields, &problems)),
        }
        Ok(see_other(&format!("/console/operator/policy?saved=1&lang={}", signed.language.code())))
    }
}

fn values(policy: &BillingPolicy, signed: &Signed<'_>) -> Vec<(String, String)> {
    let number = |number| signed.language.number(number);
    let Some(set) = &policy.down_payment else { return Vec::new() };
    filled([("above", &number(set.above().amount())), ("percent", &number(set.percent()))])
}

fn show(signed: &Signed<'_>, values: &[(String, String)], problems: &[FieldProblem]) -> Response<Body> {
    let language = signed.language;
    let form = Form { values, problems, language };
    let title = language.pick("Anzahlungen", "Down payments");
    let content = html! {
        h1 { (title) }
        p class="lead" { (language.pick(
            "Wird ein Angebot angenommen, kann sofort eine Anzahlung berechnet werden. Die Schlussrechnung zieht sie ab.",
            "Once an offer is accepted, a down payment can be invoiced at once. The final invoice deducts it.")) }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        @if problems.is_empty() && query(signed.request, "saved").is_some() {
            (banner("good", &html! { p { (language.pick("Gespeichert.", "Saved.")) } }))
        }
        form class="card" method="post" action={ "/console/operator/policy?lang=" (language.code()) } novalidate {
            (form_token(signed))
            (form.inputs(&FIELDS))
            button type="submit" { (language.pick("Speichern", "Save")) }
        }
        p { a href={ "/console/operator?lang=" (language.code()) } { (language.pick("Betreiber", "Operator")) } }
    };
    signed_reply(form.status(), signed, title, &content)
}
