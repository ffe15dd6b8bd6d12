//! What API Gateway does: turns a request into an event, hands it to the function of its path, and turns
//! the reply back. The function reads the event as it does in AWS.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::calendar::Instant;
use serde_json::{Value, json};

use crate::Failure;
use crate::world::Functions;

/// Largest body API Gateway passes on: 10 MB.
const BODY_LIMIT: usize = 10 * 1024 * 1024;

static REQUESTS: AtomicU64 = AtomicU64::new(1);

/// Answers a request with the function of its path.
///
/// # Errors
/// The body could not be read, or is larger than API Gateway passes on.
pub async fn answer(
    functions: &Functions,
    request: Request,
    client: SocketAddr,
    now: Instant,
) -> Result<Response<Body>, Failure> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await?;
    let path = parts.uri.path().to_owned();
    let event =
        event(parts.method.as_str(), &path, parts.uri.query().unwrap_or_default(), &parts.headers, &body, client, now);
    let request = lambda_http::request::from_str(&event.to_string())?;
    let reply = match path.split('/').nth(1) {
        Some("console" | "api") if for_console(&path) => functions.console.handle(&request).await,
        Some("webhooks") => functions.stripe_webhook.handle(&request).await,
        _ => functions.registration.handle(&request).await,
    };
    let (parts, body) = reply.into_parts();
    Ok(Response::from_parts(parts, Body::from(Bytes::copy_from_slice(&body))))
}

/// Which paths the template routes to the console: its pages, and the interface of programs with a key.
fn for_console(path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    match segments.next() {
        Some("console") => true,
        Some("api") => matches!((segments.next(), segments.next()), (Some("v1"), Some("usage" | "invoices"))),
        _ => false,
    }
}

/// An event of an HTTP API, payload format 2.0.
fn event(
    method: &str,
    path: &str,
    query: &str,
    headers: &HeaderMap,
    body: &Bytes,
    client: SocketAddr,
    now: Instant,
) -> Value {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    let mut cookies = Vec::new();
    for (name, value) in headers {
        let Ok(value) = value.to_str() else { continue };
        if name == "cookie" {
            cookies.extend(value.split("; ").map(str::to_owned));
        } else {
            // The gateway joins headers that come more than once.
            joined
                .entry(name.to_string())
                .and_modify(|all| *all = format!("{all},{value}"))
                .or_insert(value.to_owned());
        }
    }
    let id = REQUESTS.fetch_add(1, Ordering::Relaxed);
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": cookies,
        "headers": joined,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": joined.get("host"),
            "domainPrefix": "local",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1",
                "sourceIp": client.ip().to_string(), "userAgent": joined.get("user-agent"),
            },
            "requestId": format!("local-{}-{id}", now.timestamp_millis()),
            "routeKey": "$default",
            "stage": "$default",
            "time": now.format("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.timestamp_millis(),
        },
        "body": (!body.is_empty()).then(|| STANDARD.encode(body)),
        "isBase64Encoded": !body.is_empty(),
    })
}

/// A plain reply of the gateway itself.
#[must_use]
pub fn refusal(status: StatusCode, text: &str) -> Response<Body> {
    let mut reply = Response::new(Body::from(text.to_owned()));
    *reply.status_mut() = status;
    reply
}
