//! A mail as it comes in over SES's interface, is kept, and is looked at.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Mailbox, is_id, page};
use crate::Failure;
use crate::files::tests::Folder;
use crate::http_test::{Server, get, post};

const MAIL: &str = "From: =?utf-8?Q?M=C3=BCller_GmbH?= <noreply@example.org>\r\n\
To: Anna <anna@example.org>\r\n\
Subject: =?utf-8?Q?Ihre_Anmeldung_best=C3=A4tigt?=\r\n\
Message-ID: <reg-1@example.org>\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n\
--outer\r\n\
Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n\
--inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSehen Sie https://example.org/r/abc.\r\n\
--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
<p>Sehen Sie <a href=\"https://example.org/r/abc\">hier</a></p>\r\n\
--inner--\r\n\
--outer\r\n\
Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"Rechnung.pdf\"\r\n\
Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcK\r\n\
--outer--\r\n";

fn open(folder: &Folder) -> Result<Mailbox, Failure> {
    let clock = || DateTime::<Utc>::from_timestamp(1_796_083_200, 0).unwrap_or_default();
    Mailbox::open(folder.path(), Arc::new(clock))
}

async fn serve(mailbox: &Mailbox) -> Result<Server, Failure> {
    Server::start(Router::new().merge(mailbox.api()).merge(mailbox.pages())).await
}

async fn send(server: &Server, request: Value) -> Result<(StatusCode, Value), Failure> {
    let (status, _, body) = post(&server.url("/v2/email/outbound-emails"), &[], request.to_string()).await?;
    Ok((status, serde_json::from_slice(&body)?))
}

fn request(mail: &str) -> Value {
    json!({
        "FromEmailAddress": "Müller GmbH <noreply@example.org>",
        "Destination": { "ToAddresses": ["anna@example.org"], "BccAddresses": ["archive@example.org"] },
        "Content": { "Raw": { "Data": STANDARD.encode(mail) } },
    })
}

#[tokio::test]
async fn a_sent_mail_is_kept_decoded_and_twice_if_sent_twice() -> Result<(), Failure> {
    let folder = Folder::new("mailbox-kept")?;
    let server = serve(&open(&folder)?).await?;
    let (status, first) = send(&server, request(MAIL)).await?;
    assert_eq!(status, StatusCode::OK, "{first}");
    send(&server, request(MAIL)).await?;

    // Opened anew, as after a kill.
    let mails = open(&folder)?.list()?;
    assert_eq!(mails.len(), 2);
    let mail = &mails[0];
    assert_eq!(first["MessageId"], mail.id.as_str());
    assert_eq!(mail.from, "Müller GmbH <noreply@example.org>");
    assert_eq!(mail.to, ["anna@example.org"]);
    assert_eq!(mail.delivered_to, ["anna@example.org", "archive@example.org"]);
    assert_eq!(mail.subject, "Ihre Anmeldung bestätigt");
    assert_eq!(mail.message_id, "reg-1@example.org");
    assert_eq!(mails[1].message_id, "reg-1@example.org");
    assert_eq!(mail.date, "2026-12-01T00:00:00Z");
    assert_eq!(mail.text.as_deref().map(str::trim), Some("Sehen Sie https://example.org/r/abc."));
    assert!(mail.html.as_deref().is_some_and(|html| html.starts_with("<p>Sehen")));
    assert_eq!(mail.attachments.len(), 1);
    assert_eq!(mail.attachments[0].name, "Rechnung.pdf");
    assert_eq!((mail.attachments[0].content_type.as_str(), mail.attachments[0].bytes), ("application/pdf", 9));
    Ok(())
}

#[tokio::test]
async fn pages_show_the_mail_and_its_attachment() -> Result<(), Failure> {
    let folder = Folder::new("mailbox-pages")?;
    let mailbox = open(&folder)?;
    let server = serve(&mailbox).await?;
    send(&server, request(MAIL)).await?;
    let id = &mailbox.list()?[0].id;

    let (status, _, list) = get(&server.url("/_local/mail")).await?;
    let list = String::from_utf8(list)?;
    assert_eq!(status, StatusCode::OK);
    assert!(list.contains("Ihre Anmeldung bestätigt") && list.contains("Rechnung.pdf"), "{list}");

    let (_, _, mail) = get(&server.url(&format!("/_local/mail/{id}"))).await?;
    let mail = String::from_utf8(mail)?;
    assert!(mail.contains("sandbox=\"allow-popups"), "{mail}");
    assert!(mail.contains("srcdoc=\"&lt;base target=&quot;_top&quot;&gt;&lt;p&gt;"), "{mail}");

    let (_, headers, pdf) = get(&server.url(&format!("/_local/mail/{id}/attachments/0"))).await?;
    assert_eq!((headers["content-type"].to_str()?, pdf.as_slice()), ("application/pdf", b"%PDF-1.7\n".as_slice()));
    let (_, _, raw) = get(&server.url(&format!("/_local/mail/{id}/raw"))).await?;
    assert!(raw.ends_with(MAIL.as_bytes()));

    let (_, _, json) = get(&server.url("/_local/mail.json")).await?;
    let json: Value = serde_json::from_slice(&json)?;
    assert_eq!(json[0]["subject"], "Ihre Anmeldung bestätigt");
    let (_, _, json) = get(&server.url(&format!("/_local/mail.json?after={id}"))).await?;
    assert_eq!(json, b"[]");

    for address in ["/_local/mail/1-2", "/_local/mail/..%2F..%2Fsecrets", &format!("/_local/mail/{id}/attachments/1")] {
        assert_eq!(get(&server.url(address)).await?.0, StatusCode::NOT_FOUND, "{address}");
    }
    Ok(())
}

#[tokio::test]
async fn what_ses_refuses_is_refused() -> Result<(), Failure> {
    let folder = Folder::new("mailbox-refused")?;
    let mailbox = open(&folder)?;
    let server = serve(&mailbox).await?;
    let mut simple = request(MAIL);
    simple["Content"] = json!({ "Simple": {} });
    let mut broken = request(MAIL);
    broken["Content"]["Raw"]["Data"] = json!("not base64!");
    let mut header_injection = request(MAIL);
    header_injection["Destination"] = json!({ "ToAddresses": ["a@example.org\r\nBcc: b@example.org"] });
    let mut nobody = request("From: a@example.org\r\n\r\nto nobody");
    nobody["Destination"] = json!({});
    let mut crowd = request(MAIL);
    crowd["Destination"]["ToAddresses"] = json!(vec!["a@example.org"; 51]);
    for (name, request) in [
        ("no body", json!({})),
        ("not raw", simple),
        ("not base64", broken),
        ("line break in an address", header_injection),
        ("no recipient", nobody),
        ("too many recipients", crowd),
        ("no sender", request("To: a@example.org\r\n\r\nhello")),
    ] {
        let (status, answer) = send(&server, request).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name}: {answer}");
    }
    assert!(mailbox.list()?.is_empty());
    Ok(())
}

#[test]
fn web_addresses_in_plain_text_become_links() {
    for (text, expected) in [
        ("no address", "no address"),
        ("<b>", "&lt;b&gt;"),
        (
            "see https://a.example/x?y=1&z=2.",
            "see <a href=\"https://a.example/x?y=1&amp;z=2\" rel=\"noreferrer\">https://a.example/x?y=1&amp;z=2</a>.",
        ),
        ("(http://a.example)\nnext", "(<a href=\"http://a.example\" rel=\"noreferrer\">http://a.example</a>)\nnext"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ] {
        assert_eq!(page::linked(text).into_string(), expected);
    }
}

#[test]
fn ids_never_name_other_files() {
    for (id, expected) in [("001796083200000-0000001", true), ("../secrets", false), ("1.eml", false), ("1/2", false)] {
        assert_eq!(is_id(id), expected, "{id}");
    }
}
