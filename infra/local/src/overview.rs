//! `/_local/`: what there is to see, as a journey, and the way into the console.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::contact::Email;
use domain::language::Language;
use maud::html;

use crate::page::{answer, answer_with, layout};
use crate::seed::{LIMITED_EVENT, OPEN_EVENT};
use crate::world::{DEMO_EMAIL, Shared};

pub(crate) async fn show(State(shared): State<Shared>) -> Response {
    let now = Language::En.date_time(shared.clock.now());
    answer(layout(
        "Overview",
        html! {
            h1 { "Einlass on this machine" }
            p { "It is " b { (now) } " here (Europe/Berlin). Everything below is real: the functions, the table, the documents. Only the post, the bank and the calendar are stand-ins." }
            div class="card pad" {
                h2 { "The journey" }
                ol {
                    li { "Register for " a href={ "/e/" (OPEN_EVENT) } { "an event without a limit" } " or " a href={ "/e/" (LIMITED_EVENT) } { "one with 40 places" } ". Twelve accepted attendees make a nice invoice; fewer than five answers make none." }
                    li { "Open the " a href="/_local/mail" { "mailbox" } ", read the confirmation and change the answer through the personal link." }
                    li { "See the attendees and totals in the " a href="/_local/console" { "console" } "." }
                    li { "Move the " a href="/_local/clock" { "clock" } " to the start of the next month: the event ends, the days are counted, the invoice is issued." }
                    li { "Find the invoice with its PDF in the " a href="/_local/mail" { "mailbox" } ", or among the " a href="/_local/documents" { "documents" } "." }
                    li { "Ask the " a href="/prices" { "price calculator" } " what a month would have cost; the same code answers." }
                    li { "Pay it through the link in the mail; the payment provider's webhook marks it paid in the " a href="/_local/console" { "console" } "." }
                }
            }
        },
    ))
}

/// A fresh link to sign in, opened at once.
pub(crate) async fn console(State(shared): State<Shared>) -> Response {
    let link = match (shared.functions.get(), Email::parse(DEMO_EMAIL)) {
        (Some(functions), Ok(email)) => functions.console.create_link(&email, Language::De).await,
        _ => Ok(None),
    };
    match link {
        Ok(Some(link)) => Redirect::to(&link).into_response(),
        Ok(None) => Redirect::to("/console/sign-in").into_response(),
        Err(error) => answer_with(
            StatusCode::TOO_MANY_REQUESTS,
            layout(
                "Console",
                html! {
                    h1 { "No new link right now" }
                    p { "The console says: " (error) ". Links asked for earlier are in the " a href="/_local/mail" { "mailbox" } "; if you are signed in, go to the " a href="/console" { "console" } "." }
                },
            ),
        ),
    }
}
