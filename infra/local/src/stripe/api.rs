//! The API that the functions call.

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, Method, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Form as HtmlForm, Router};
use serde_json::Value;

use super::Stripe;
use super::params::Form;
use super::records::{Record, Remembered, digest};
use super::refusal::Refusal;
use super::session::{Session, Status};

/// Seconds an idempotency key is remembered.
const KEY_LIFETIME: i64 = 24 * 60 * 60;
/// Characters of an idempotency key.
const KEY_LENGTH: usize = 255;

/// What comes of reading a form, kept until the key has been checked.
type FormResult = Result<HtmlForm<Vec<(String, String)>>, FormRejection>;

pub(super) fn router(stripe: Stripe) -> Router {
    Router::new()
        .route("/v1/checkout/sessions", post(create))
        .route("/v1/checkout/sessions/{id}", get(retrieve))
        .route("/v1/checkout/sessions/{id}/expire", post(expire))
        .route("/v1/{*path}", axum::routing::any(no_route))
        .with_state(stripe)
}

async fn create(State(stripe): State<Stripe>, headers: HeaderMap, form: FormResult) -> Result<Response, Refusal> {
    let pairs = stripe.admit(&headers, form)?;
    stripe.answer_once(&headers, "/v1/checkout/sessions", &pairs, || {
        let form = Form::parse(&pairs)?;
        let session = Session::create(&form.params(), stripe.now().timestamp())?;
        Ok(Record { revision: 0, session, events: Vec::new() })
    })
}

async fn retrieve(
    State(stripe): State<Stripe>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    stripe.check_key(&headers)?;
    let record = stripe.current(&id)?.ok_or_else(|| Refusal::no_session(&id))?;
    Ok(reply(&record.session.to_object(&stripe.inner.settings.public_origin), false))
}

async fn expire(
    State(stripe): State<Stripe>,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: FormResult,
) -> Result<Response, Refusal> {
    let pairs = stripe.admit(&headers, form)?;
    let now = stripe.now().timestamp();
    // One whose time is over is expired by this look, and then refused below as no longer open.
    stripe.current(&id)?;
    let answer = stripe.answer_once(&headers, &format!("/v1/checkout/sessions/{id}/expire"), &pairs, || {
        Form::parse(&pairs)?.params().only(&[])?;
        let mut record = stripe.inner.records.load(&id)?.ok_or_else(|| Refusal::no_session(&id))?;
        if record.session.status != Status::Open {
            let status = serde_json::to_value(record.session.status).unwrap_or_default();
            let message = format!(
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status \
                 of {status}."
            );
            return Err(Refusal::invalid(None, "", message));
        }
        stripe.expire(&mut record, now)?;
        Ok(record)
    })?;
    stripe.deliver_in_background(&id);
    Ok(answer)
}

async fn no_route(
    State(stripe): State<Stripe>,
    headers: HeaderMap,
    method: Method,
    uri: Uri,
) -> Result<Response, Refusal> {
    stripe.check_key(&headers)?;
    Err(Refusal::no_route(method.as_str(), uri.path()))
}

impl Stripe {
    /// The decoded form of a caller who may call.
    fn admit(&self, headers: &HeaderMap, form: FormResult) -> Result<Vec<(String, String)>, Refusal> {
        self.check_key(headers)?;
        // A call without parameters comes without a content type as well.
        if headers.get(header::CONTENT_TYPE).is_none() {
            return Ok(Vec::new());
        }
        form.map(|HtmlForm(pairs)| pairs).map_err(|error| Refusal::invalid(None, "", error.to_string()))
    }

    fn check_key(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        match authorization.and_then(|value| value.strip_prefix("Bearer ")) {
            Some(key) if key == self.inner.settings.api_key => Ok(()),
            // Stripe shows the ends of the wrong key; that it was wrong is enough to know.
            Some(_) => Err(Refusal::unauthorized("Invalid API Key provided".to_owned())),
            None => Err(Refusal::unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using \
                 Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
                    .to_owned(),
            )),
        }
    }

    /// Carries a request out, or repeats the answer it had if its idempotency key was used before. As with Stripe, a
    /// refused request is not remembered: it may come again with the same key, corrected.
    fn answer_once(
        &self,
        headers: &HeaderMap,
        path: &str,
        pairs: &[(String, String)],
        work: impl FnOnce() -> Result<Record, Refusal>,
    ) -> Result<Response, Refusal> {
        let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
        if key.is_some_and(|key| key.is_empty() || key.len() > KEY_LENGTH) {
            return Err(Refusal::invalid(None, "", "Idempotency keys have 1 to 255 characters."));
        }
        let fingerprint = fingerprint(path, pairs);
        let now = self.now().timestamp();
        // Held from the look at the key to the last write: of two equal requests at once, one waits and then repeats.
        let mut unfinished = self.lock();
        if let Some(key) = key
            && let Some(mut remembered) = self.inner.records.recall(key)?
            && now - remembered.created < KEY_LIFETIME
        {
            if remembered.fingerprint != fingerprint {
                return Err(Refusal::key_reused(key));
            }
            let saved = self.inner.records.load(&remembered.record.session.id)?;
            if saved.is_none_or(|saved| saved.revision <= remembered.record.revision) {
                self.save(&mut unfinished, &mut remembered.record)?;
            }
            return Ok(reply(&remembered.answer, true));
        }

        let mut record = work()?;
        let answer = record.session.to_object(&self.inner.settings.public_origin);
        if let Some(key) = key {
            let remembered = Remembered { fingerprint, created: now, answer: answer.clone(), record: record.clone() };
            self.inner.records.remember(key, &remembered)?;
        }
        self.save(&mut unfinished, &mut record)?;
        Ok(reply(&answer, false))
    }
}

/// Equal for requests that ask for the same, in whatever order their parameters come.
fn fingerprint(path: &str, pairs: &[(String, String)]) -> String {
    let mut pairs = pairs.to_vec();
    pairs.sort_unstable();
    // Every part ends where its length says: no two requests can run together to the same text.
    let mut text = format!("{}:{path}", path.len());
    for (key, value) in &pairs {
        text.push_str(&format!("{}:{key}{}:{value}", key.len(), value.len()));
    }
    digest(text.as_bytes())
}

fn reply(object: &Value, replayed: bool) -> Response {
    let version = (HeaderName::from_static("stripe-version"), super::API_VERSION);
    let content_type = (header::CONTENT_TYPE, "application/json");
    let body = format!("{object:#}");
    if replayed {
        let replayed = (HeaderName::from_static("idempotent-replayed"), "true");
        return ([content_type, version, replayed], body).into_response();
    }
    ([content_type, version], body).into_response()
}
