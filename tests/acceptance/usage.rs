//! `POST /api/v1/usage`: what is taken, what is refused and why, and that nothing counts twice (P2, G4).

mod envelope;
mod events;
mod repeated;
mod wrong;

use domain::api_key::KeyOwner;
use domain::catalog::PlanKey;
use domain::ids::AccountId;
use domain::subscription::Subscription;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::harness::{Reply, TestWorld, day};

pub(crate) const NOW: &str = "2026-11-20T09:00:00+01:00";

/// A price list with a meter of each kind, and something to order.
pub(crate) const KINDS: &str = r#"
format = 1
id = "kinds"
version = "1"
currency = "EUR"
title = { de = "Alle Arten", en = "All kinds" }

[meters.pageviews]
title = { de = "Seitenaufrufe", en = "Page views" }
unit = "pageview"

[meters.tables]
title = { de = "Tabellen", en = "Tables" }
unit = "table"
kind = "gauge"
month = "max"

[meters.readers]
title = { de = "Leser", en = "Readers" }
unit = "user"
month = "unique"

[meters.sales]
title = { de = "Verkäufe", en = "Sales" }
unit = "transaction"
kind = "transaction"

[meters.phone]
title = { de = "Telefon", en = "Phone" }
unit = "minute"
kind = "time"

[meters.mails]
title = { de = "E-Mails", en = "Mails" }
unit = "message"

[charges.pageviews]
text = { de = "Seitenaufrufe", en = "Page views" }
sample = true
model = "per_unit"
meter = "pageviews"
price = "0.10"

[charges.tables]
text = { de = "Tabellen", en = "Tables" }
sample = true
model = "per_unit"
meter = "tables"
price = "2.00"

[charges.readers]
text = { de = "Leser", en = "Readers" }
sample = true
model = "per_unit"
meter = "readers"
price = "1.00"

[charges.sales]
text = { de = "Verkäufe", en = "Sales" }
sample = true
model = "percentage"
meter = "sales"
percent = "4"
minimum = "2.50"

[charges.phone]
text = { de = "Telefon", en = "Phone" }
sample = true
model = "blocks"
channel = "phone"
block = 15
price = "15.00"

[charges.set-up]
text = { de = "Einrichtung", en = "Set-up" }
sample = true
model = "one_off"
price = "250.00"
from = true

[plans.all]
title = { de = "Alles", en = "All" }
charges = ["pageviews", "tables", "readers", "sales", "phone", "set-up"]
meters = { pageviews = "charged", tables = "charged", readers = "charged", sales = "charged", phone = "charged", mails = "ignored" }
"#;

/// An account on a plan of a price list that is published for it, since September.
pub(crate) async fn on(world: &TestWorld, id: &str, file: &str, plan: &str) -> AccountId {
    let catalogue =
        catalogs::read_catalogue(file).unwrap_or_else(|mistakes| panic!("{}", catalogs::render("test", &mistakes)));
    world.world.table.publish_catalogue(&catalogue, file, world.world.clock.now()).await.unwrap();
    let plan = PlanKey { catalogue: catalogue.key().to_owned(), plan: plan.to_owned() };
    world.add_subscribed(id, &Subscription::new(plan, day("2026-09-01")), |_| ()).await
}

/// A key of an account, made by the operator or by the account itself.
pub(crate) async fn key(world: &TestWorld, account: &AccountId, by_operator: bool) -> String {
    let owner = KeyOwner::Account(account.clone());
    let id = platform::entropy::hex::<8>().unwrap();
    let now = world.world.clock.now();
    world.world.table.create_api_key(&owner, &id, "test", by_operator, now).await.unwrap().unwrap()
}

pub(crate) async fn report(world: &TestWorld, key: &str, media_type: &str, body: &str) -> Reply {
    let request = world.request("POST", "/api/v1/usage?lang=en").header("authorization", format!("Bearer {key}"));
    world.send(request.header("content-type", media_type).body(body.to_owned())).await
}

/// Reports as a program does: again while the service does not answer, as it may not on a busy machine.
pub(crate) async fn report_until_answered(world: &TestWorld, key: &str, body: &str) -> Reply {
    for _ in 0..30 {
        let reply = report(world, key, "application/json", body).await;
        if reply.status != 503 {
            return reply;
        }
    }
    panic!("never answered");
}

/// Reports records of our own form; all of them are taken.
pub(crate) async fn report_all(world: &TestWorld, key: &str, records: &[Value]) {
    let reply = report_until_answered(world, key, &json!({ "records": records }).to_string()).await;
    assert_eq!((&reply.json()["invalid"], reply.status), (&json!(0), 200), "{}", reply.body);
}

pub(crate) fn results(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let results = reply.json()["results"].as_array().unwrap().clone();
    results.iter().map(|one| one["result"].as_str().unwrap().to_owned()).collect()
}

/// What stands behind the quantities of November: meter and quantity, summed.
pub(crate) async fn counted(world: &TestWorld, account: &AccountId) -> Vec<(String, String)> {
    let table = &world.world.table;
    let usage = table.usage_between(account, day("2026-10-01"), day("2026-11-30")).await.unwrap();
    let records = usage.records.iter().map(|record| (record.meter.to_string(), record.quantity));
    let entries = usage.entries.iter().map(|entry| (entry.channel.to_string(), entry.minutes));
    let mut sums = std::collections::BTreeMap::<String, Decimal>::new();
    for (meter, quantity) in records.chain(entries) {
        *sums.entry(meter).or_default() += quantity;
    }
    sums.into_iter().map(|(meter, sum)| (meter, sum.normalize().to_string())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_usage_gets_in_exactly() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, true).await;
    let body = r#"{"records": [
        {"source": "app", "id": "1", "meter": "pageviews", "quantity": "0.1", "time": "2026-11-03T10:00:00+01:00"},
        {"source": "app", "id": "2", "meter": "pageviews", "quantity": 0.2, "day": "2026-11-03"},
        {"source": "app", "id": "3", "meter": "pageviews", "quantity": -0.3, "day": "2026-11-03"},
        {"source": "app", "id": "4", "meter": "pageviews", "quantity": 12, "time": "2026-11-04T23:59:59.999+01:00"},
        {"source": "app", "id": "5", "meter": "tables", "quantity": 7, "time": "2026-11-05T10:00:00Z"},
        {"source": "app", "id": "6", "meter": "readers", "subject": "anna", "day": "2026-11-05"},
        {"source": "app", "id": "7", "meter": "readers", "subject": "anna", "day": "2026-11-05"},
        {"source": "app", "id": "8", "meter": "sales", "quantity": "62.63", "time": "2026-11-05T10:00:00Z", "subject": "order 4"},
        {"source": "app", "id": "9", "meter": "phone", "quantity": 16, "time": "2026-11-05T10:00:00Z", "text": "Import"},
        {"source": "app", "id": "10", "charge": "set-up", "price": "300", "day": "2026-11-06", "text": "Messe"}
    ]}"#;
    let reply = report(&world, &key, "application/json", body).await;
    assert_eq!(results(&reply), ["accepted"; 10], "{}", reply.body);
    let expected = [("pageviews", "12"), ("phone", "16"), ("readers", "1"), ("sales", "62.63"), ("tables", "7")];
    assert_eq!(counted(&world, &account).await, expected.map(|(m, q)| (m.to_owned(), q.to_owned())));
    // 23:59:59.999 belongs to its local day.
    let fourth = world.world.table.usage_between(&account, day("2026-11-04"), day("2026-11-04")).await.unwrap();
    assert_eq!(fourth.records.len(), 1);

    world.travel("2026-12-01T03:05:00+01:00").await;
    let invoices = world.invoices(&account).await;
    let lines: Vec<(String, String)> =
        invoices[0].invoice.draft.lines.iter().map(|line| (line.text.en.clone(), line.net.plain())).collect();
    let nets: Vec<&str> = lines.iter().map(|(_, net)| net.as_str()).collect();
    // 12 × 0.10, 7 × 2.00, 1 × 1.00, 4 % of 62.63 (2.51), two started quarter hours, the agreed set-up.
    assert_eq!(nets, ["1.20", "14.00", "1.00", "2.51", "30.00", "300.00"], "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_operator_takes_back_and_agrees_prices() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let records = json!({ "records": [
        { "source": "a", "id": "1", "meter": "pageviews", "quantity": -5, "day": "2026-11-03" },
        { "source": "a", "id": "2", "charge": "set-up", "price": "1.00", "day": "2026-11-03" },
        { "source": "a", "id": "3", "charge": "set-up", "day": "2026-11-03" },
    ] });
    let customer = key(&world, &account, false).await;
    let reply = report(&world, &customer, "application/json", &records.to_string()).await;
    assert_eq!(results(&reply), ["invalid", "invalid", "accepted"], "{}", reply.body);
    assert_eq!(reply.json()["results"][0]["errors"][0]["code"], "operator_only");
    assert_eq!(reply.json()["results"][1]["errors"][0]["code"], "operator_only");
    let operator = key(&world, &account, true).await;
    let reply = report(&world, &operator, "application/json", &records.to_string()).await;
    assert_eq!(results(&reply), ["accepted", "accepted", "duplicate"], "{}", reply.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_reports_for_its_account_alone() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let other = on(&world, "acc_other", KINDS, "all").await;
    let (mine, theirs) = (key(&world, &account, true).await, key(&world, &other, true).await);
    let record =
        json!({ "records": [{ "source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "day": "2026-11-03" }] })
            .to_string();
    assert_eq!(results(&report(&world, &mine, "application/json", &record).await), ["accepted"]);
    // The same name of another account is another record.
    assert_eq!(results(&report(&world, &theirs, "application/json", &record).await), ["accepted"]);
    assert_eq!(counted(&world, &account).await, counted(&world, &other).await);
    let named = json!({ "records": [{ "source": "a", "id": "2", "meter": "pageviews", "quantity": 1, "day": "2026-11-03", "account": "acc_other" }] });
    assert_eq!(results(&report(&world, &mine, "application/json", &named.to_string()).await), ["invalid"]);
}
