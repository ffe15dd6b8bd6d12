//! The pages of the mailbox.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;

use super::message::{self, MailSummary};
use super::{Mailbox, arrived};
use crate::{Failure, page};

/// Mails on one page of the list.
const PAGE: usize = 100;

pub(super) fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/_local/mail", get(list))
        .route("/_local/mail.json", get(json))
        .route("/_local/mail/{id}", get(mail))
        .route("/_local/mail/{id}/raw", get(raw))
        .route("/_local/mail/{id}/attachments/{number}", get(attachment))
        .with_state(mailbox)
}

#[derive(Deserialize)]
struct ListQuery {
    /// Show what is older than this mail.
    before: Option<String>,
}

async fn list(State(mailbox): State<Mailbox>, Query(query): Query<ListQuery>) -> Response {
    read(move || {
        let mut ids = mailbox.ids()?;
        let total = ids.len();
        if let Some(before) = &query.before {
            ids.retain(|id| id < before);
        }
        let shown = &ids[ids.len().saturating_sub(PAGE)..];
        let mut mails = Vec::with_capacity(shown.len());
        for id in shown.iter().rev() {
            // One deleted by hand in this moment is simply not listed.
            if let Some(bytes) = mailbox.read(id)? {
                mails.push(message::summary(id, &bytes));
            }
        }
        let older = shown.first().filter(|_| ids.len() > shown.len());
        Ok(page::answer(page::layout("Mail", list_body(&mails, total, older.map(String::as_str)))))
    })
    .await
}

fn list_body(mails: &[MailSummary], total: usize, older: Option<&str>) -> Markup {
    html! {
        div.bar {
            h1 { "Mail" }
            p.quiet.small { (total) @if total == 1 { " mail" } @else { " mails" } " · nothing leaves this machine" }
        }
        @if mails.is_empty() {
            div.card { p.empty { "No mail yet. Register for an event, and its confirmation is delivered here." } }
        } @else {
            ul.list.card {
                @for mail in mails {
                    li { a href={ "/_local/mail/" (mail.id) } {
                        span.who { (mail.to.join(", ")) }
                        span.what { (subject(mail)) }
                        time datetime=(mail.date) { (time(mail)) }
                        span.under {
                            "from " (mail.from)
                            @if !mail.attachments.is_empty() { " · 📎 " (names(mail)) }
                        }
                    } }
                }
            }
            @if let Some(older) = older {
                p { a href={ "/_local/mail?before=" (older) } { "Older mails" } }
            }
        }
    }
}

async fn mail(State(mailbox): State<Mailbox>, Path(id): Path<String>) -> Response {
    read(move || {
        let Some(bytes) = mailbox.read(&id)? else { return Ok(no_mail()) };
        let mail = message::summary(&id, &bytes);
        let title = format!("Mail · {}", subject(&mail));
        Ok(page::answer(page::layout(&title, mail_body(&mail, &message::headers(&bytes)))))
    })
    .await
}

fn mail_body(mail: &MailSummary, headers: &str) -> Markup {
    let address = format!("/_local/mail/{}", mail.id);
    html! {
        p.small { a href="/_local/mail" { "← All mail" } }
        h1 { (subject(mail)) }
        article.card {
            dl.head {
                dt { "From" } dd { (mail.from) }
                dt { "To" } dd { (mail.to.join(", ")) }
                @if mail.delivered_to != mail.to { dt { "Delivered to" } dd { (mail.delivered_to.join(", ")) } }
                dt { "Arrived" } dd { time datetime=(mail.date) { (time(mail)) } }
            }
            @if let Some(html) = &mail.html {
                // No script, no form, no access to this page: only its links work, and only when a person clicks.
                iframe.mail title="Content of the mail" srcdoc=(framed(html, mail, &address))
                    sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation" {}
            } @else {
                div.text { (linked(mail.text.as_deref().unwrap_or_default())) }
            }
            @if !mail.attachments.is_empty() {
                div.attachments {
                    @for (number, attachment) in mail.attachments.iter().enumerate() {
                        a href={ (address) "/attachments/" (number) } {
                            "📎 " (attachment.name) " " span.quiet.small { (page::size(attachment.bytes as u64)) }
                        }
                    }
                }
            }
        }
        @if let (Some(_), Some(text)) = (&mail.html, &mail.text) {
            details { summary { "Plain text" } div.card { div.text { (linked(text)) } } }
        }
        details { summary { "Headers" } pre { (headers) } }
        p.small { a href={ (address) "/raw" } { "Raw message" } }
    }
}

async fn raw(State(mailbox): State<Mailbox>, Path(id): Path<String>) -> Response {
    read(move || {
        let Some(bytes) = mailbox.read(&id)? else { return Ok(no_mail()) };
        Ok(page::file("text/plain; charset=utf-8", &format!("{id}.eml"), bytes))
    })
    .await
}

async fn attachment(State(mailbox): State<Mailbox>, Path((id, number)): Path<(String, usize)>) -> Response {
    read(move || {
        let opened = mailbox.read(&id)?.and_then(|bytes| message::open_attachment(&bytes, number));
        let Some((attachment, content)) = opened else { return Ok(no_mail()) };
        Ok(page::file(&attachment.content_type, &attachment.name, content))
    })
    .await
}

#[derive(Deserialize)]
struct JsonQuery {
    /// Only mails whose id sorts after this one.
    #[serde(default)]
    after: String,
}

async fn json(State(mailbox): State<Mailbox>, Query(query): Query<JsonQuery>) -> Response {
    read(move || {
        let mails = serde_json::to_string(&mailbox.list_after(&query.after)?)?;
        Ok(([(header::CONTENT_TYPE, "application/json")], mails).into_response())
    })
    .await
}

/// Runs what reads many files on a thread that may wait.
async fn read(work: impl FnOnce() -> Result<Response, Failure> + Send + 'static) -> Response {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(Failure::from).flatten().unwrap_or_else(|error| {
        tracing::error!(%error, "the mailbox could not be read");
        (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
    })
}

fn no_mail() -> Response {
    page::missing("Mail", "There is no such mail.")
}

fn subject(mail: &MailSummary) -> &str {
    if mail.subject.is_empty() { "(no subject)" } else { &mail.subject }
}

fn time(mail: &MailSummary) -> String {
    domain::calendar::local(arrived(&mail.id)).format("%-d %b %Y, %H:%M").to_string()
}

fn names(mail: &MailSummary) -> String {
    mail.attachments.iter().map(|attachment| attachment.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The mail's HTML as a page of its own: links lead out of the frame, inline images lead to the attachments.
fn framed(html: &str, mail: &MailSummary, address: &str) -> String {
    let mut framed = format!("<base target=\"_top\">{html}");
    for (number, attachment) in mail.attachments.iter().enumerate() {
        if let Some(content_id) = &attachment.content_id {
            framed = framed.replace(&format!("cid:{content_id}"), &format!("{address}/attachments/{number}"));
        }
    }
    framed
}

/// Plain text with its web addresses made links.
pub(super) fn linked(text: &str) -> Markup {
    html! {
        @for piece in text.split_inclusive(char::is_whitespace) {
            @let start = piece.find("https://").or_else(|| piece.find("http://")).unwrap_or(piece.len());
            @let (before, address) = piece.split_at(start);
            // What ends the sentence, or encloses the address, is not part of it.
            @let (address, after) = address.split_at(address.trim_end_matches(|end: char| {
                end.is_whitespace() || ".,;:!?)>]\"'".contains(end)
            }).len());
            (before)
            @if !address.is_empty() { a href=(address) rel="noreferrer" { (address) } }
            (after)
        }
    }
}
