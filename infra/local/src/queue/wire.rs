//! SQS's side of the AWS JSON protocol 1.0.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use md5::{Digest as _, Md5};
use platform::entropy::to_hex;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Queues, Received};

/// What SQS takes in one message and in one batch: 1 MiB.
const MAX_BODY: usize = 1024 * 1024;
/// Seconds a received message stays hidden if its receiver says nothing, and at most.
const DEFAULT_VISIBILITY: u64 = 30;
const MAX_VISIBILITY: u64 = 43_200;
/// Entries in one batch.
const MAX_ENTRIES: usize = 10;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessage {
    queue_url: String,
    message_body: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessageBatch {
    queue_url: String,
    // Left out if it is empty.
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    id: String,
    message_body: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReceiveMessage {
    queue_url: String,
    max_number_of_messages: Option<usize>,
    visibility_timeout: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteMessage {
    queue_url: String,
    receipt_handle: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChangeMessageVisibility {
    queue_url: String,
    receipt_handle: String,
    visibility_timeout: u64,
}

/// An error as SQS names it.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

/// Answers one call.
pub(super) async fn answer(State(queues): State<Queues>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let answer = match target {
        "AmazonSQS.SendMessage" => parse(&body).and_then(|request| send(&queues, request)),
        "AmazonSQS.SendMessageBatch" => parse(&body).and_then(|request| send_batch(&queues, request)),
        "AmazonSQS.ReceiveMessage" => parse(&body).and_then(|request| receive(&queues, &request)),
        "AmazonSQS.DeleteMessage" => parse(&body).and_then(|request| delete(&queues, &request)),
        "AmazonSQS.ChangeMessageVisibility" => parse(&body).and_then(|request| hide(&queues, &request)),
        _ => Err(refuse("AWS.SimpleQueueService.UnsupportedOperation", format!("not answered here: {target:?}"))),
    };
    let content_type = (header::CONTENT_TYPE, "application/x-amz-json-1.0");
    match answer {
        Ok(answer) => ([content_type], answer.to_string()).into_response(),
        Err(Refusal { status, code, message }) => {
            // SQS spoke another protocol once, and the SDK reads the error's name from that one's header.
            let fault = if status.is_server_error() { "Receiver" } else { "Sender" };
            let query_error = (HeaderName::from_static("x-amzn-query-error"), format!("{code};{fault}"));
            let body = json!({ "__type": format!("com.amazonaws.sqs#{code}"), "message": message });
            (status, [content_type], [query_error], body.to_string()).into_response()
        }
    }
}

fn send(queues: &Queues, request: SendMessage) -> Result<Value, Refusal> {
    if request.message_body.is_empty() || request.message_body.len() > MAX_BODY {
        return Err(refuse("InvalidParameterValue", "a message has 1 byte to 1 MiB".to_owned()));
    }
    let name = queue_name(&request.queue_url)?;
    let digest = md5_hex(&request.message_body);
    let id = queues.send(name, request.message_body).map_err(|error| failed(&*error))?;
    Ok(json!({ "MessageId": id, "MD5OfMessageBody": digest }))
}

fn send_batch(queues: &Queues, request: SendMessageBatch) -> Result<Value, Refusal> {
    let refusal = |code, message: &str| Err(refuse(code, message.to_owned()));
    if request.entries.is_empty() {
        return refusal("AWS.SimpleQueueService.EmptyBatchRequest", "the batch is empty");
    }
    if request.entries.len() > MAX_ENTRIES {
        return refusal("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "a batch has 1 to 10 entries");
    }
    if request.entries.iter().map(|entry| entry.message_body.len()).sum::<usize>() > MAX_BODY {
        return refusal("AWS.SimpleQueueService.BatchRequestTooLong", "a batch has at most 1 MiB");
    }
    let ids: BTreeSet<&str> = request.entries.iter().map(|entry| entry.id.as_str()).collect();
    if ids.len() < request.entries.len() {
        return refusal("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "two entries have the same id");
    }

    let name = queue_name(&request.queue_url)?;
    let mut sent = Vec::new();
    let mut not_sent = Vec::new();
    for Entry { id, message_body } in request.entries {
        let digest = md5_hex(&message_body);
        // As in SQS, an entry may fail alone; the caller must look.
        match queues.send(name, message_body) {
            Ok(message_id) => sent.push(json!({ "Id": id, "MessageId": message_id, "MD5OfMessageBody": digest })),
            Err(error) => not_sent
                .push(json!({ "Id": id, "SenderFault": false, "Code": "InternalError", "Message": error.to_string() })),
        }
    }
    Ok(json!({ "Successful": sent, "Failed": not_sent }))
}

/// Of the system attributes both that there are here are always told, whichever were asked for.
fn receive(queues: &Queues, request: &ReceiveMessage) -> Result<Value, Refusal> {
    let name = queue_name(&request.queue_url)?;
    let max = request.max_number_of_messages.unwrap_or(1);
    let seconds = request.visibility_timeout.unwrap_or(DEFAULT_VISIBILITY);
    if !(1..=MAX_ENTRIES).contains(&max) || seconds > MAX_VISIBILITY {
        return Err(refuse("InvalidParameterValue", "1 to 10 messages, hidden for up to 12 hours".to_owned()));
    }
    let messages: Vec<Value> = queues
        .take(name, max, Some(Duration::from_secs(seconds)))
        .into_iter()
        .map(|Received { message, sent_millis }| {
            json!({
                "MessageId": message.id,
                // The handle of SQS names the reception; here the message is enough, as each is handed out once at a time.
                "ReceiptHandle": message.id,
                "MD5OfBody": md5_hex(&message.body),
                "Body": message.body,
                "Attributes": {
                    "SentTimestamp": sent_millis.to_string(),
                    "ApproximateReceiveCount": message.receive_count.to_string(),
                },
            })
        })
        .collect();
    // SQS leaves the list out if there is nothing.
    Ok(if messages.is_empty() { json!({}) } else { json!({ "Messages": messages }) })
}

fn delete(queues: &Queues, request: &DeleteMessage) -> Result<Value, Refusal> {
    let name = queue_name(&request.queue_url)?;
    queues.delete(name, &request.receipt_handle).map_err(|error| failed(&*error))?;
    Ok(json!({}))
}

fn hide(queues: &Queues, request: &ChangeMessageVisibility) -> Result<Value, Refusal> {
    let name = queue_name(&request.queue_url)?;
    if queues.hide(name, &request.receipt_handle, Duration::from_secs(request.visibility_timeout)) {
        return Ok(json!({}));
    }
    Err(refuse("AWS.SimpleQueueService.MessageNotInflight", "the message is in nobody's hands".to_owned()))
}

fn parse<'body, Request: Deserialize<'body>>(body: &'body [u8]) -> Result<Request, Refusal> {
    serde_json::from_slice(body).map_err(|error| refuse("MissingParameter", error.to_string()))
}

/// A queue's URL ends in its name.
fn queue_name(url: &str) -> Result<&str, Refusal> {
    let name = url.rsplit('/').next().unwrap_or_default();
    if super::is_queue_name(name) {
        return Ok(name);
    }
    Err(refuse("AWS.SimpleQueueService.NonExistentQueue", format!("no queue's URL: {url:?}")))
}

fn md5_hex(body: &str) -> String {
    to_hex(&Md5::digest(body.as_bytes()))
}

fn refuse(code: &'static str, message: String) -> Refusal {
    Refusal { status: StatusCode::BAD_REQUEST, code, message }
}

fn failed(error: &(dyn std::error::Error + Send + Sync)) -> Refusal {
    tracing::error!(%error, "a message could not be kept");
    Refusal { status: StatusCode::INTERNAL_SERVER_ERROR, code: "InternalError", message: error.to_string() }
}
