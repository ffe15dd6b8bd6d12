//! What the records of a batch ask for. Shapes: Lambda developer guide, "Using Lambda with Amazon DynamoDB" and "with
//! Amazon SQS"; SES developer guide, "Examples of event data that Amazon SES publishes to EventBridge".

use domain::message::MailFailure;
use platform::mailer::{ITEM_TAG, read_item_tag};
use platform::table::keys::Key;
use serde_json::Value;

/// What a record asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// This item has changed: send what it owes, or let it wait if many come at once.
    Changed(Key),
    /// Send what this item owes.
    Deliver(Key),
    /// Note that the mail of this item did not reach its reader.
    NoteFailure(Key, MailFailure),
    /// Go on with this check of the archive.
    Check(String),
    /// Go on with this export of the archive.
    Export(String),
    /// An event of a mail that is not ours, or that needs nothing done.
    Nothing,
}

/// Id of a record and what it asks for: of the stream (`dynamodb.Keys`), of the queue of what is unsent (`pk`, `sk`), or
/// of the queue of what SES tells.
pub(crate) fn read(record: &Value) -> (Value, Option<Task>) {
    if let Some(body) = record.get("body").and_then(Value::as_str) {
        let id = record.get("messageId").cloned().unwrap_or_default();
        return (id, serde_json::from_str(body).ok().and_then(|body: Value| message(&body)));
    }
    let stream = record.get("dynamodb");
    let id = stream.and_then(|stream| stream.get("SequenceNumber")).cloned().unwrap_or_default();
    let text = |name: &str| stream?.get("Keys")?.get(name)?.get("S")?.as_str();
    (id, text("pk").zip(text("sk")).map(|(pk, sk)| Task::Changed(Key::new(pk, sk))))
}

fn message(body: &Value) -> Option<Task> {
    if body.get("source").and_then(Value::as_str) == Some("aws.ses") {
        return Some(mail_event(body).unwrap_or(Task::Nothing));
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if let Some(id) = text("check") {
        return Some(Task::Check(id.to_owned()));
    }
    if let Some(id) = text("export") {
        return Some(Task::Export(id.to_owned()));
    }
    text("pk").zip(text("sk")).map(|(pk, sk)| Task::Deliver(Key::new(pk, sk)))
}

fn mail_event(body: &Value) -> Option<Task> {
    let detail = body.get("detail")?;
    let failure = match detail.get("eventType")?.as_str()? {
        "Bounce" => MailFailure::Bounced,
        "Complaint" => MailFailure::Complained,
        "Reject" => MailFailure::Rejected,
        _ => return None,
    };
    let tag = detail.get("mail")?.get("tags")?.get(ITEM_TAG)?.get(0)?.as_str()?;
    Some(Task::NoteFailure(read_item_tag(tag)?, failure))
}
