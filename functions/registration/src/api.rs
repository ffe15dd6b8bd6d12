//! `POST /api/v1/events/{event}/registrations`.

use chrono::TimeDelta;
use domain::problem::{FieldProblem, Problem};
use domain::registration::RawRegistration;
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use platform::error::Error;
use platform::http::{body, client, header, json_reply, language};
use platform::links::digest;
use platform::table::keys;
use platform::table::registrations::RequestKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long an Idempotency-Key is remembered.
const KEY_LIFETIME: TimeDelta = TimeDelta::hours(24);
/// Longest Idempotency-Key, in bytes.
const KEY_LENGTH: usize = 255;

#[derive(Deserialize)]
struct RegistrationJson {
    #[serde(default)]
    email: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    attendees: Vec<AttendeeJson>,
}

#[derive(Deserialize)]
struct AttendeeJson {
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
}

#[derive(Serialize)]
struct ReceivedJson<'a> {
    status: &'static str,
    event: &'a str,
    answer: &'a str,
    value: Option<&'static str>,
    attendees: usize,
    message: &'static str,
}

impl crate::Registration {
    /// Registers. The reply says what was received and never whether the address was known: the personal
    /// link comes by mail.
    pub(crate) async fn register_json(&self, request: &Request, slug: &str) -> Result<Response<Body>, Error> {
        if request.method() != Method::POST {
            return Err(Error::MethodNotAllowed { allowed: "POST" });
        }
        let bytes = body(request, "application/json")?;
        let published = self.published(slug).await?;
        let language = language(request);
        let json = read(bytes)?;
        let raw = RawRegistration {
            email: json.email,
            answer: json.answer,
            attendees: json.attendees.into_iter().map(|one| (one.first_name, one.last_name)).collect(),
        };
        let key = match header(request, "idempotency-key") {
            None => None,
            Some(key) if key.is_empty() || key.len() > KEY_LENGTH => {
                let expected = format!("1 to {KEY_LENGTH} characters");
                let problem = FieldProblem::new("Idempotency-Key", Problem::NotAllowed { expected });
                return Err(Error::Invalid(vec![problem]));
            }
            Some(key) => Some(RequestKey {
                // Keys of different clients do not meet: each is kept under the address it came from.
                key: keys::idempotency(&published.event.draft().id, &digest(&format!("{}\n{key}", client(request)))),
                body: digest(&String::from_utf8_lossy(bytes)),
                expires_at: self.clock.now() + KEY_LIFETIME,
            }),
        };
        let submission = self.submit(&published, &raw, language, key.as_ref()).await?;
        let received = ReceivedJson {
            status: "received",
            event: published.event.draft().slug.as_str(),
            answer: &submission.reply.answer,
            value: submission.reply.value.map(domain::event::AnswerValue::code),
            attendees: submission.reply.attendees.len(),
            message: language.pick(
                "Die Bestätigung mit dem persönlichen Link kommt per E-Mail.",
                "The confirmation with the personal link comes by e-mail.",
            ),
        };
        Ok(json_reply(StatusCode::CREATED, &received))
    }
}

/// Reads the body. A struct would be read from a JSON array as well, which nobody means.
fn read(bytes: &[u8]) -> Result<RegistrationJson, Error> {
    let malformed = |error: serde_json::Error| Error::Malformed(error.to_string());
    let value: Value = serde_json::from_slice(bytes).map_err(malformed)?;
    let people = value.get("attendees").and_then(Value::as_array).into_iter().flatten();
    if !value.is_object() || people.into_iter().any(|person| !person.is_object()) {
        return Err(Error::Malformed("expected an object with email, answer and attendees".to_owned()));
    }
    serde_json::from_value(value).map_err(malformed)
}
