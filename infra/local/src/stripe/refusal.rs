//! Errors in Stripe's shape.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::Failure;

/// A call that is not carried out.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    param: Option<String>,
    message: String,
}

impl Refusal {
    /// The caller asked for something that cannot be done.
    pub(super) fn invalid(code: Option<&'static str>, param: impl Into<String>, message: impl Into<String>) -> Refusal {
        Refusal {
            status: StatusCode::BAD_REQUEST,
            kind: "invalid_request_error",
            code,
            param: Some(param.into()).filter(|param: &String| !param.is_empty()),
            message: message.into(),
        }
    }

    /// A parameter that must be given was not.
    pub(super) fn missing(param: &str) -> Refusal {
        Refusal::invalid(Some("parameter_missing"), param, format!("Missing required param: {param}."))
    }

    /// The key is missing or wrong.
    pub(super) fn unauthorized(message: String) -> Refusal {
        Refusal { status: StatusCode::UNAUTHORIZED, kind: "invalid_request_error", code: None, param: None, message }
    }

    /// There is no object of that id.
    pub(super) fn no_session(id: &str) -> Refusal {
        Refusal {
            status: StatusCode::NOT_FOUND,
            code: Some("resource_missing"),
            ..Refusal::invalid(None, "session", format!("No such checkout.session: '{id}'"))
        }
    }

    /// Nothing is at this address.
    pub(super) fn no_route(method: &str, path: &str) -> Refusal {
        let message = format!("Unrecognized request URL ({method}: {path}).");
        Refusal { status: StatusCode::NOT_FOUND, ..Refusal::invalid(None, "", message) }
    }

    /// An idempotency key was used for two different requests.
    pub(super) fn key_reused(key: &str) -> Refusal {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try \
             using a key other than '{key}' if you meant to execute a different request."
        );
        Refusal { kind: "idempotency_error", ..Refusal::invalid(None, "", message) }
    }
}

impl From<Failure> for Refusal {
    fn from(error: Failure) -> Refusal {
        tracing::error!(%error, "the stand-in for Stripe failed");
        Refusal {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: "api_error",
            ..Refusal::invalid(None, "", error.to_string())
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut error = Map::new();
        error.insert("type".to_owned(), Value::from(self.kind));
        error.insert("message".to_owned(), Value::from(self.message));
        if let Some(code) = self.code {
            error.insert("code".to_owned(), Value::from(code));
        }
        if let Some(param) = self.param {
            error.insert("param".to_owned(), Value::from(param));
        }
        let body = json!({ "error": error }).to_string();
        (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}
