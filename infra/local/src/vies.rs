//! A stand-in for VIES: the same path, questions and answers; what it knows follows from simple rules.

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::account::check::vat_ids::vat_id;
use platform::table::keys::hash;
use serde_json::{Value, json};

/// Well-formed VAT id that is answered as not valid.
pub const INVALID: &str = "NL004495445B01";
/// Well-formed VAT id whose member state does not answer.
pub const UNAVAILABLE: &str = "FI20774740";

/// The interface; to be nested at `/_local/vies`.
pub fn router() -> Router {
    Router::new().route("/check-vat-number", post(answer))
}

/// Ids of the right form are valid, but for [`INVALID`] and [`UNAVAILABLE`].
async fn answer(body: Bytes) -> Response {
    let Ok(question) = serde_json::from_slice::<Value>(&body) else {
        return reply(StatusCode::BAD_REQUEST, &refusal("INVALID_INPUT"));
    };
    let text = |name: &str| question.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = format!("{}{}", text("countryCode"), text("vatNumber"));
    if id == UNAVAILABLE {
        return reply(StatusCode::OK, &refusal("MS_UNAVAILABLE"));
    }
    let valid = id != INVALID && vat_id(&id).as_deref() == Ok(id.as_str());
    // Only who says who asks is told the number of the inquiry.
    let asked = !text("requesterNumber").is_empty();
    let number = if asked { format!("WAPI{:012X}", hash(&id) >> 16) } else { String::new() };
    let name = if valid { format!("Musterfirma {id}") } else { "---".to_owned() };
    reply(
        StatusCode::OK,
        &json!({
            "countryCode": text("countryCode"), "vatNumber": text("vatNumber"), "valid": valid,
            "requestIdentifier": number, "name": name, "address": "---",
        }),
    )
}

fn refusal(code: &str) -> Value {
    json!({ "actionSucceed": false, "errorWrappers": [{ "error": code }] })
}

fn reply(status: StatusCode, content: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], content.to_string()).into_response()
}
