//! `POST /api/v1/invoices`: invoices written by a program of the operator.

use domain::api_key::KeyOwner;
use serde_json::{Value, json};

use crate::harness::{Reply, TestWorld};
use crate::manual::NOW;
use crate::watch::Trouble;

struct Program {
    world: TestWorld,
    secret: String,
}

impl Program {
    async fn start() -> Self {
        let world = TestWorld::start(NOW).await;
        let secret = make_key(&world, &KeyOwner::Operator, "shop").await;
        Self { world, secret }
    }

    async fn post(&self, body: &Value, key: Option<&str>) -> Reply {
        let request = self.world.request("POST", "/api/v1/invoices?lang=en").bearer_auth(&self.secret).json(body);
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        self.world.send(request).await
    }

    async fn call(&self, method: &str, path: &str) -> Reply {
        self.world.send(self.world.request(method, path).bearer_auth(&self.secret)).await
    }

    async fn numbers(&self) -> Vec<u64> {
        let invoices = self.world.invoices(&self.world.account).await;
        invoices.iter().map(|one| one.invoice.number.sequence).collect()
    }
}

async fn make_key(world: &TestWorld, owner: &KeyOwner, id: &str) -> String {
    let now = world.world.clock.now();
    world.world.table.create_api_key(owner, id, id, true, now).await.unwrap().unwrap()
}

fn body(issue: bool) -> Value {
    json!({
        "account": "acc_10001", "issue": issue, "note": "Bestellung 17", "due_days": 10,
        "lines": [
            { "text": "Badges", "quantity": 12, "unit": "piece", "unit_price": "1.255", "vat": 19,
              "first_day": "2026-11-01", "last_day": "2026-11-26" },
            { "text": "Versand", "quantity": "1", "unit_price": 4.9, "vat": "7", "last_day": "2026-11-26" },
        ],
    })
}

fn changed(path: &str, value: Value) -> Value {
    let mut body = body(true);
    *body.pointer_mut(path).unwrap() = value;
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_writes_looks_at_and_issues() {
    let program = Program::start().await;
    let made = program.post(&body(false), None).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let draft = made.json();
    // 12 × 1.255 = 15.06 and 4.90: VAT 2.86 and 0.34.
    assert_eq!((&draft["state"], &draft["net"], &draft["gross"]), (&json!("draft"), &json!("19.96"), &json!("23.16")));
    assert_eq!(draft["due_on"], "2026-12-07");
    assert!(program.numbers().await.is_empty());
    let path = format!("/api/v1/invoices/{}", draft["id"].as_str().unwrap());
    assert_eq!(program.call("GET", &format!("{path}?account=acc_10001")).await.json(), draft);
    let issue = format!("{path}/issue?account=acc_10001");
    let issued = program.call("POST", &issue).await;
    assert_eq!((issued.status, &issued.json()["number"]), (200, &json!("RE-2026-00001")), "{}", issued.body);
    assert_eq!(program.call("POST", &issue).await.json(), issued.json(), "issued once");
    let seen = program.call("GET", &format!("{path}?account=acc_10001")).await.json();
    assert_eq!((&seen["state"], &seen["payment"], &seen["due"]), (&json!("issued"), &json!("open"), &json!("23.16")));
    let at_once = program.post(&body(true), None).await;
    assert_eq!((at_once.status, &at_once.json()["number"]), (201, &json!("RE-2026-00002")));
    assert_eq!(program.numbers().await, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "a table of what is wrong")]
async fn every_wrong_field_is_named_and_nothing_is_saved() {
    let program = Program::start().await;
    program.world.add_account("acc_nowhere", |account| account.address = None).await;
    for (name, body, fields) in [
        ("no account", changed("/account", json!("")), vec!["account"]),
        ("an account that is none", changed("/account", json!("10001")), vec!["account"]),
        ("an unknown account", changed("/account", json!("acc_unknown")), vec!["account"]),
        ("an account without an address", changed("/account", json!("acc_nowhere")), vec!["account"]),
        ("no lines", changed("/lines", json!([])), vec!["lines"]),
        ("a text for a number", changed("/lines/0/quantity", json!("zwölf")), vec!["lines[0].quantity"]),
        ("a list for a number", changed("/lines/0/quantity", json!([1])), vec!["lines[0].quantity"]),
        ("an exponent", changed("/lines/0/unit_price", json!("1e3")), vec!["lines[0].unit_price"]),
        ("an unknown rate", changed("/lines/1/vat", json!(16)), vec!["lines[1].vat"]),
        ("no such day", changed("/lines/1/last_day", json!("2026-02-30")), vec!["lines[1].last_day"]),
        ("long to pay", changed("/due_days", json!(91)), vec!["due_days"]),
        ("below zero", changed("/lines/0/quantity", json!(-100)), vec!["account"]),
        (
            "everything",
            json!({ "kind": "monthly", "issuer": "partner", "lines": [{}] }),
            vec![
                "account",
                "kind",
                "lines[0].text",
                "lines[0].quantity",
                "lines[0].unit_price",
                "lines[0].last_day",
                "issuer",
            ],
        ),
    ] {
        let reply = program.post(&body, Some("k")).await;
        assert_eq!(
            (reply.status, reply.wrong_fields()),
            (422, fields.iter().map(ToString::to_string).collect()),
            "{name}"
        );
    }
    for (name, text) in [
        ("no JSON", "{"),
        ("a list", "[]"),
        ("an unknown field", r#"{"acount":"acc_10001"}"#),
        ("a text for a list", r#"{"lines":"none"}"#),
    ] {
        let request = program.world.request("POST", "/api/v1/invoices").bearer_auth(&program.secret);
        let reply = program.world.send(request.header("content-type", "application/json").body(text)).await;
        assert_eq!(reply.status, 400, "{name}: {}", reply.body);
    }
    let form = program.world.request("POST", "/api/v1/invoices").bearer_auth(&program.secret).form(&[("a", "b")]);
    assert_eq!(program.world.send(form).await.status, 415);
    let large = program.world.request("POST", "/api/v1/invoices").bearer_auth(&program.secret);
    let large = large.header("content-type", "application/json").body(" ".repeat(256 * 1024 + 1));
    assert_eq!(program.world.send(large).await.status, 413);
    for (method, path, status) in [
        ("GET", "/api/v1/invoices", 405),
        ("POST", "/api/v1/invoices/inv_a", 405),
        ("GET", "/api/v1/invoices/inv_a?account=acc_10001", 404),
        ("GET", "/api/v1/invoices/inv_a", 404),
        ("POST", "/api/v1/invoices/inv_a/issue?account=acc_10001", 404),
    ] {
        assert_eq!(program.call(method, path).await.status, status, "{method} {path}");
    }
    assert!(program.numbers().await.is_empty());
    // Keys of an account write no invoices, and nobody does without a key.
    let world = &program.world;
    let other = make_key(world, &KeyOwner::Account(world.account.clone()), "usage").await;
    for (secret, status) in [(Some(other.as_str()), 403), (Some("elk_x"), 401), (None, 401)] {
        let request = world.request("POST", "/api/v1/invoices").json(&body(true));
        let request = match secret {
            Some(secret) => request.bearer_auth(secret),
            None => request,
        };
        assert_eq!(world.send(request).await.status, status, "{secret:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_a_key_is_answered_once_whatever_happens() {
    let program = Program::start().await;
    let first = program.post(&body(true), Some("order-17")).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(program.post(&body(true), Some("order-17")).await.json(), first.json());
    let reused = program.post(&changed("/note", json!("anders")), Some("order-17")).await;
    assert_eq!(reused.status, 409, "{}", reused.body);
    assert_eq!(program.post(&body(true), Some("")).await.status, 422);
    let mut died = 0;
    for calls in 0..24 {
        let key = format!("crash-{calls}");
        let trouble =
            if calls % 2 == 0 { Trouble::DiesAfter(calls / 2) } else { Trouble::LosesReplyAfter(calls / 2 + 1) };
        program.world.watch.trouble(trouble);
        died += usize::from(program.post(&body(true), Some(&key)).await.status != 201);
        program.world.watch.trouble(Trouble::None);
        let reply = program.post(&body(true), Some(&key)).await;
        assert_eq!((reply.status, &reply.json()["state"]), (201, &json!("issued")), "{trouble:?}: {}", reply.body);
    }
    assert!(died > 14, "{died}");
    assert_eq!(program.numbers().await, (1..=25).collect::<Vec<u64>>());
}
