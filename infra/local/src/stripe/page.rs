//! The page on which a customer would type a card number, and a person here only clicks.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use maud::{Markup, html};
use serde::Deserialize;

use super::session::{Session, Status};
use super::{Outcome, Stripe};
use crate::{Failure, page};

pub(super) fn router(stripe: Stripe) -> Router {
    Router::new().route("/pay/{id}", get(show).post(choose)).with_state(stripe)
}

/// What a person does on the page.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Pay,
    PayTwiceTold,
    Decline,
}

#[derive(Deserialize)]
struct Chosen {
    choice: Choice,
}

async fn show(State(stripe): State<Stripe>, Path(id): Path<String>) -> Response {
    match stripe.current(&id) {
        Ok(Some(record)) => match record.session.status {
            Status::Open => page::answer(pay_page(&record.session, None)),
            Status::Complete => Redirect::to(&record.session.after_payment()).into_response(),
            Status::Expired => expired(),
        },
        Ok(None) => unknown(),
        Err(error) => failed(&error),
    }
}

async fn choose(State(stripe): State<Stripe>, Path(id): Path<String>, Form(chosen): Form<Chosen>) -> Response {
    let outcome = match chosen.choice {
        Choice::Decline => decline(&stripe, &id),
        choice => pay(&stripe, &id, choice == Choice::PayTwiceTold).await,
    };
    outcome.unwrap_or_else(|error| failed(&error))
}

async fn pay(stripe: &Stripe, id: &str, twice: bool) -> Result<Response, Failure> {
    let (session, event) = match stripe.pay(id)? {
        Outcome::Paid { session, event } => (session, event),
        Outcome::Expired => return Ok(expired()),
        Outcome::Unknown => return Ok(unknown()),
    };
    if let Some(event) = event {
        // Stripe, too, waits for the seller before it sends the customer back, but not for ever.
        if stripe.deliver_once(id, &event).await? {
            if twice {
                stripe.deliver_again(id, &event).await?;
            }
        } else {
            stripe.deliver_in_background(id);
        }
    }
    Ok(Redirect::to(&session.after_payment()).into_response())
}

/// A declined card leaves the session open: the customer may try another one.
fn decline(stripe: &Stripe, id: &str) -> Result<Response, Failure> {
    let Some(record) = stripe.current(id)? else { return Ok(unknown()) };
    if record.session.status != Status::Open {
        return Ok(expired());
    }
    Ok(page::answer(pay_page(&record.session, Some("The card was declined. Nothing was charged."))))
}

fn pay_page(session: &Session, notice: Option<&str>) -> Markup {
    let body = html! {
        @if let Some(notice) = notice { p.notice role="alert" { (notice) } }
        h1 { "Pay " (amount(session.amount)) " " (session.currency.to_uppercase()) }
        div.card.pad {
            table.sum {
                tbody {
                    @for line in &session.lines {
                        tr {
                            td {
                                (line.name) @if line.quantity > 1 { " × " (line.quantity) }
                                @if let Some(description) = &line.description { div.quiet.small { (description) } }
                            }
                            td { (amount(line.unit_amount * line.quantity)) }
                        }
                    }
                }
                tfoot { tr { th scope="row" { "Total" } td { (amount(session.amount)) } } }
            }
            @if let Some(email) = &session.customer_email { p.quiet.small { "Receipt to " (email) } }
            form.choices method="post" {
                button.main name="choice" value="pay" { "Pay" }
                button name="choice" value="pay_twice_told" { "Pay (webhook delivered twice)" }
                button name="choice" value="decline" { "Decline" }
            }
        }
        @if let Some(cancel_url) = &session.cancel_url { p { a href=(cancel_url) { "← Back without paying" } } }
        p.quiet.small { "This page stands in for Stripe Checkout. No money moves." }
    };
    page::plain("Payment", body)
}

fn expired() -> Response {
    let body = html! { h1 { "This payment page has expired" } p { "Go back to where you came from and start again." } };
    page::answer_with(StatusCode::GONE, page::plain("Payment", body))
}

fn unknown() -> Response {
    let body = html! { h1 { "No such payment" } p { "The address of this page is incomplete or wrong." } };
    page::answer_with(StatusCode::NOT_FOUND, page::plain("Payment", body))
}

fn failed(error: &Failure) -> Response {
    tracing::error!(%error, "the payment page failed");
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

/// Cents as people read them.
fn amount(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
