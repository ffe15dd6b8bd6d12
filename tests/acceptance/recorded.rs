//! Handlers called with events as AWS sends them. The HTTP event is that of the API Gateway developer
//! guide ("Working with AWS Lambda proxy integrations for HTTP APIs", payload format 2.0), the stream
//! record that of the Lambda developer guide ("Using Lambda with Amazon DynamoDB"), with our keys in them.

use domain::contact::Email;
use serde_json::{Value, json};

use crate::harness::{TestWorld, registration};

/// Time that Lambda gives the deliverer.
const MINUTE: std::time::Duration = std::time::Duration::from_secs(60);

const NOW: &str = "2026-11-02T09:00:00+01:00";

fn http_event(path: &str, body: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
        "cookies": ["cookie1", "cookie2"],
        "headers": { "header1": "value1", "header2": "value1,value2", "content-type": "application/json", "accept-language": "en" },
        "queryStringParameters": { "parameter1": "value1,value2", "parameter2": "value" },
        "requestContext": {
            "accountId": "123456789012", "apiId": "api-id", "domainName": "id.execute-api.eu-central-1.amazonaws.com", "domainPrefix": "id",
            "http": { "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "agent" },
            "requestId": "id-of-the-request", "routeKey": "$default", "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000", "timeEpoch": 1_583_348_638_390_i64,
        },
        "body": body, "pathParameters": { "parameter1": "value1" }, "isBase64Encoded": false,
        "stageVariables": { "stageVariable1": "value1" },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http_event_of_the_gateway() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    let function = &world.world.functions().unwrap().registration;
    let body = registration("a@example.org", "yes", 2).to_string();
    let event = http_event("/api/v1/events/fest/registrations", &body).to_string();
    let reply = function.handle(&lambda_http::request::from_str(&event).unwrap()).await;
    assert_eq!(reply.status(), 201);
    let event = http_event("/api/v1/events/fest/registrations", "{}").to_string();
    let reply = function.handle(&lambda_http::request::from_str(&event).unwrap()).await;
    assert_eq!(reply.status(), 422);
    let problem: Value = serde_json::from_slice(reply.body()).unwrap();
    assert_eq!(problem["instance"], "id-of-the-request");
    assert_eq!(problem["title"], "Please check your entries");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_the_stream_and_of_the_queue() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register("fest", "a@example.org", "yes", 1).await;
    let published =
        world.world.table.event(&world.account, &domain::ids::EventId::parse("evt_fest").unwrap()).await.unwrap();
    let key = published.registration_key(&published.contact_hash("a@example.org"));
    let stream = json!({ "Records": [{
        "eventID": "1", "eventVersion": "1.0", "eventName": "INSERT", "eventSource": "aws:dynamodb", "awsRegion": "eu-central-1",
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/einlass/stream/2026-05-07T00:48:05.899",
        "dynamodb": {
            "Keys": { "pk": { "S": key.pk }, "sk": { "S": key.sk } }, "NewImage": { "notify": { "S": "registered#1" } },
            "SequenceNumber": "111", "SizeBytes": 26, "StreamViewType": "NEW_IMAGE",
        },
    }] });
    let deliver = &world.world.functions().unwrap().deliver;
    let done = json!({ "batchItemFailures": [] });
    // However often the record comes, the mail goes out once.
    for _ in 0..3 {
        assert_eq!(deliver.handle(stream.clone(), MINUTE).await.unwrap(), done);
    }
    assert_eq!(world.mails().len(), 1);
    let queue = |body: &str| {
        json!({ "Records": [{ "messageId": "m-1", "receiptHandle": "r", "body": body, "attributes": {},
        "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "eu-central-1" }] })
    };
    let pointer = json!({ "pk": key.pk, "sk": key.sk }).to_string();
    assert_eq!(deliver.handle(queue(&pointer), MINUTE).await.unwrap(), done);
    assert_eq!(world.mails().len(), 1);
    let failed = json!({ "batchItemFailures": [{ "itemIdentifier": "m-1" }] });
    assert_eq!(deliver.handle(queue("not a pointer"), MINUTE).await.unwrap(), failed);

    let run = &world.world.functions().unwrap().invoice_run;
    let time = std::time::Duration::from_secs(900);
    for body in ["not a part", r#"{"month":"never","shard":0}"#, r#"{"month":"2026-10","shard":99}"#] {
        assert_eq!(run.handle(queue(body), time).await.unwrap(), failed, "{body}");
    }
    // The schedule's event names no month: the one before this is meant.
    let schedule =
        json!({ "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.scheduler", "detail": {} });
    assert_eq!(run.handle(schedule, time).await.unwrap(), json!({ "month": "2026-10", "parts": 8 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_the_stream_lost_is_found_by_the_timers() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register("fest", "a@example.org", "yes", 1).await;
    world.post_form("/console/sign-in?lang=de", &[("email", local::world::DEMO_EMAIL)]).await;
    let timers = &world.world.functions().unwrap().timers;
    assert_eq!(timers.handle().await.unwrap().resent, 0, "they may still be on their way");
    world.world.clock.set("2026-11-02T08:16:00Z".parse().unwrap());
    assert_eq!(timers.handle().await.unwrap().resent, 2);
    assert_eq!(timers.handle().await.unwrap().resent, 0, "not each minute anew");
    world.settle().await;
    assert_eq!(world.mails().len(), 2);
    assert_eq!(timers.handle().await.unwrap().resent, 0);
}

/// The event is that of the SES developer guide ("Bounce", event data published to EventBridge), with our tag in it.
fn mail_event(kind: &str, detail: &str, tags: Value) -> Value {
    let body = json!({
        "version": "0", "id": "8f4f1a1c-4f5a-4b31-8f6e-6f0c0d6b8d11", "detail-type": detail, "source": "aws.ses",
        "account": "123456789012", "time": "2026-11-02T08:00:05Z", "region": "eu-central-1",
        "resources": ["arn:aws:ses:eu-central-1:123456789012:configuration-set/einlass"],
        "detail": {
            "eventType": kind,
            "bounce": {
                "feedbackId": "0107018d", "bounceType": "Permanent", "bounceSubType": "General",
                "bouncedRecipients": [{ "emailAddress": "a@example.org", "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown" }],
                "timestamp": "2026-11-02T08:00:04.500Z", "reportingMTA": "dns; b224-11.smtp-out.eu-central-1.amazonses.com",
            },
            "mail": {
                "timestamp": "2026-11-02T08:00:03.000Z", "source": "noreply@example.org", "sendingAccountId": "123456789012",
                "messageId": "0107018d-1", "destination": ["a@example.org"], "headersTruncated": false, "tags": tags,
            },
        },
    });
    json!({ "Records": [{
        "messageId": "059f36b4", "receiptHandle": "AQEB", "body": body.to_string(),
        "attributes": { "ApproximateReceiveCount": "1", "SentTimestamp": "1", "SenderId": "AIDA", "ApproximateFirstReceiveTimestamp": "2" },
        "messageAttributes": {}, "md5OfBody": "x", "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:mail-events", "awsRegion": "eu-central-1",
    }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_bounced_is_shown_to_the_organiser() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register("fest", "a@example.org", "yes", 1).await;
    let organiser = Email::parse("me@example.org").unwrap();
    world.world.table.allow(&organiser, &world.account).await.unwrap();
    let cookie = world.sign_in(organiser.as_str()).await;
    let published =
        world.world.table.event(&world.account, &domain::ids::EventId::parse("evt_fest").unwrap()).await.unwrap();
    let key = published.registration_key(&published.contact_hash("a@example.org"));
    let tags = json!({ "item": [platform::mailer::item_tag(&key).unwrap()], "ses:configuration-set": ["einlass"] });
    let deliver = &world.world.functions().unwrap().deliver;
    let nothing_failed = json!({ "batchItemFailures": [] });
    let page = format!("/console/events/{}/evt_fest?lang=de", world.account);

    // Events that need nothing done, or come of somebody else's mail, are taken and change nothing.
    for (kind, tags) in [("Delivery", tags.clone()), ("Bounce", json!({})), ("Bounce", json!({ "item": ["%"] }))] {
        assert_eq!(deliver.handle(mail_event(kind, "Email Bounced", tags), MINUTE).await.unwrap(), nothing_failed);
        let shown = world.get_as(&cookie, &page).await.body;
        assert!(shown.contains("a@example.org") && !shown.contains("unzustellbar"), "{kind}");
    }
    assert_eq!(
        deliver.handle(mail_event("Bounce", "Email Bounced", tags.clone()), MINUTE).await.unwrap(),
        nothing_failed
    );
    assert!(world.get_as(&cookie, &page).await.body.contains("E-Mail unzustellbar"));
    assert_eq!(
        deliver.handle(mail_event("Complaint", "Email Complaint Received", tags), MINUTE).await.unwrap(),
        nothing_failed
    );
    assert!(world.get_as(&cookie, &page).await.body.contains("als Spam gemeldet"));

    // The next mail that goes out takes the note away.
    let link = world.link_in(&world.mails_to("a@example.org")[0]);
    world.post_form(&link, &[("answer", "no"), ("first_name", "A"), ("last_name", "B")]).await;
    world.settle().await;
    assert!(!world.get_as(&cookie, &page).await.body.contains("als Spam gemeldet"));
}
