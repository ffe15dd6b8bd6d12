//! The Runtime API that Lambda gives to a function: it asks for the next event, and says how it went.
//!
//! As in the Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use crate::process::Usage;

/// An event on its way to the function.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) id: String,
    pub(crate) deadline_millis: i64,
    pub(crate) arn: String,
    pub(crate) payload: String,
}

/// What the function said.
#[derive(Debug)]
pub(crate) enum Report {
    /// It asks for an event; what it has used so far.
    Next(Usage),
    /// It answered an event.
    Answer { id: String, body: Value },
    /// It failed at an event.
    Failure { id: String, body: Value },
    /// It could not start.
    InitFailure { kind: String, body: Value },
}

/// One function's Runtime API.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    pub(crate) address: SocketAddr,
    pub(crate) reports: mpsc::UnboundedReceiver<Report>,
    /// The function's process, once there is one.
    pub(crate) process: Arc<OnceLock<u32>>,
    events: mpsc::UnboundedSender<Invocation>,
    server: JoinHandle<()>,
}

struct Inner {
    events: Mutex<mpsc::UnboundedReceiver<Invocation>>,
    reports: mpsc::UnboundedSender<Report>,
    process: Arc<OnceLock<u32>>,
}

impl RuntimeApi {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (events, waiting) = mpsc::unbounded_channel();
        let (said, reports) = mpsc::unbounded_channel();
        let process = Arc::new(OnceLock::new());
        let inner = Inner { events: Mutex::new(waiting), reports: said, process: Arc::clone(&process) };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failure))
            .route("/2018-06-01/runtime/init/error", post(init_failure))
            .with_state(Arc::new(inner));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, reports, process, events, server }
    }

    pub(crate) fn send(&self, invocation: Invocation) {
        self.events.send(invocation).unwrap();
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(inner): State<Arc<Inner>>) -> Response {
    // Read before anything else: the function waits now, so what it has used is what it took to get here.
    let usage = Usage::of(*inner.process.wait());
    let _ = inner.reports.send(Report::Next(usage));
    let Some(event) = inner.events.lock().await.recv().await else { return StatusCode::GONE.into_response() };
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", event.id),
        ("lambda-runtime-deadline-ms", event.deadline_millis.to_string()),
        ("lambda-runtime-invoked-function-arn", event.arn),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0".to_owned(),
        ),
    ];
    (AppendHeaders(headers), event.payload).into_response()
}

async fn answer(State(inner): State<Arc<Inner>>, Path(id): Path<String>, body: Bytes) -> Response {
    accepted(&inner, Report::Answer { id, body: read(&body) })
}

async fn failure(State(inner): State<Arc<Inner>>, Path(id): Path<String>, body: Bytes) -> Response {
    accepted(&inner, Report::Failure { id, body: read(&body) })
}

async fn init_failure(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get("lambda-runtime-function-error-type").and_then(|kind| kind.to_str().ok());
    accepted(&inner, Report::InitFailure { kind: kind.unwrap_or_default().to_owned(), body: read(&body) })
}

fn accepted(inner: &Inner, report: Report) -> Response {
    let _ = inner.reports.send(report);
    (StatusCode::ACCEPTED, r#"{"status":"OK"}"#).into_response()
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(body)))
}
