//! SES version 2, as far as the functions use it: `SendEmail` with a raw message.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Mailbox, Throttle, message};

/// SES takes messages of 40 MB, which base64 makes a third larger.
const MAX_REQUEST: usize = 40_000_000 / 3 * 4 + 100_000;

/// Recipients of one message.
const MAX_RECIPIENTS: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    content: Content,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    raw: Option<RawMessage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawMessage {
    data: String,
}

/// Why a mail is not taken: SES's name for it, and the reason.
type Refusal = (StatusCode, &'static str, String);

pub(super) fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/v2/email/outbound-emails", post(answer))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .with_state(mailbox)
}

async fn answer(State(mailbox): State<Mailbox>, body: Bytes) -> Response {
    let content_type = (header::CONTENT_TYPE, "application/json");
    match send(&mailbox, &body) {
        Ok(answer) => ([content_type], answer.to_string()).into_response(),
        Err((status, code, reason)) => {
            let kind = (HeaderName::from_static("x-amzn-errortype"), code);
            (status, [content_type, kind], json!({ "message": reason }).to_string()).into_response()
        }
    }
}

fn send(mailbox: &Mailbox, body: &[u8]) -> Result<Value, Refusal> {
    // SES API v2, `SendEmail`: both limits are one error, told apart by its words.
    if let Some(throttle) = mailbox.refusing() {
        let reason = match throttle {
            Throttle::Rate => "Maximum sending rate exceeded.",
            Throttle::Quota => "Daily message quota exceeded.",
        };
        return Err((StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", reason.to_owned()));
    }
    let request: SendEmail = serde_json::from_slice(body).map_err(|error| bad_request(&error.to_string()))?;
    let Some(raw) = request.content.raw else {
        return Err(bad_request("only raw messages are taken here"));
    };
    let mail = STANDARD.decode(raw.data).map_err(|error| bad_request(&error.to_string()))?;
    let summary = message::summary("", &mail);
    if summary.from.is_empty() {
        return Err((StatusCode::BAD_REQUEST, "MessageRejected", "Missing 'From' header".to_owned()));
    }

    let Destination { to_addresses, cc_addresses, bcc_addresses } = request.destination;
    let mut recipients = [to_addresses, cc_addresses, bcc_addresses].concat();
    if recipients.is_empty() {
        // As SES does: who is not named in the request is taken from the message.
        recipients = summary.to;
    }
    if recipients.is_empty() {
        return Err(bad_request("Missing required recipients"));
    }
    if recipients.len() > MAX_RECIPIENTS {
        return Err(bad_request("Recipient count exceeds 50."));
    }
    let sender = request.from_email_address.unwrap_or(summary.from);
    // They become header lines below, where a line break would begin a line of the sender's own making.
    if recipients.iter().chain([&sender]).any(|address| !address.contains('@') || address.contains(['\r', '\n', ','])) {
        return Err(bad_request("Invalid email address"));
    }

    // What any mail server writes above a message it takes over, and the only place where the envelope is kept.
    let envelope = format!("Return-Path: <{}>\r\nDelivered-To: {}\r\n", bare(&sender), recipients.join(", "));
    let kept = mailbox.keep(&[envelope.as_bytes(), &mail].concat()).map_err(|error| {
        tracing::error!(%error, "a mail could not be kept");
        (StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", error.to_string())
    })?;
    Ok(json!({ "MessageId": kept }))
}

/// The address within `Name <address>`.
fn bare(address: &str) -> &str {
    address.rsplit_once('<').map_or(address, |(_, rest)| rest.trim_end_matches('>'))
}

fn bad_request(reason: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, "BadRequestException", reason.to_owned())
}
