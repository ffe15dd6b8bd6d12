//! Records that are sent again, after a crash or beside others.

use serde_json::{Value, json};

use crate::harness::TestWorld;
use crate::usage::{KINDS, NOW, counted, key, on, report, report_until_answered, results};
use crate::watch::Trouble;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_call_a_report_dies_at_it_counts_once_when_it_is_sent_again() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, true).await;
    let mut sent = 0;
    for round in 0..14_usize {
        // Two transactions: 97 records of a counter and one each of the other kinds.
        let mut records: Vec<Value> = (0..97)
            .map(|id| json!({ "source": "a", "id": format!("{round}-{id}"), "meter": "pageviews", "quantity": 1, "day": "2026-11-03" }))
            .collect();
        for (id, meter) in [("t", "tables"), ("s", "sales"), ("p", "phone")] {
            records.push(json!({ "source": "a", "id": format!("{round}-{id}"), "meter": meter, "quantity": 1, "time": "2026-11-03T10:00:00Z" }));
        }
        sent += 1;
        let body = json!({ "records": records }).to_string();
        let calls = 1 + round / 2;
        let trouble = if round % 2 == 0 { Trouble::DiesAfter(calls) } else { Trouble::LosesReplyAfter(calls) };
        world.watch.trouble(trouble);
        let failed = report(&world, &key, "application/json", &body).await;
        world.watch.trouble(Trouble::None);
        assert!([200, 503].contains(&failed.status), "{trouble:?}: {}", failed.body);
        let reply = report_until_answered(&world, &key, &body).await;
        assert_eq!(reply.json()["invalid"], 0, "{trouble:?}: {}", reply.body);
        let expected = [("pageviews", 97 * sent), ("phone", sent), ("sales", sent), ("tables", 1)];
        assert_eq!(
            counted(&world, &account).await,
            expected.map(|(m, q)| (m.to_owned(), q.to_string())),
            "{trouble:?}"
        );
    }
    // Others in the way: it is tried again.
    world.watch.trouble(Trouble::Conflicts(3));
    let reply = report(
        &world,
        &key,
        "application/json",
        &json!({ "records": [{ "source": "a", "id": "x", "meter": "pageviews", "quantity": 1, "day": "2026-11-03" }] })
            .to_string(),
    )
    .await;
    world.watch.trouble(Trouble::None);
    assert_eq!(results(&reply), ["accepted"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_reports_at_once_lose_nothing() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, true).await;
    let one = async |id: usize| {
        let records = json!({ "records": [
            { "source": "a", "id": format!("{id}"), "meter": "pageviews", "quantity": 1, "day": "2026-11-03" },
            { "source": "a", "id": format!("t{id}"), "meter": "tables", "quantity": id, "time": format!("2026-11-03T10:00:{id:02}Z") },
        ] });
        let mut reply = report(&world, &key, "application/json", &records.to_string()).await;
        for _ in 0..20 {
            if reply.status == 200 {
                break;
            }
            reply = report(&world, &key, "application/json", &records.to_string()).await;
        }
        assert_eq!(reply.status, 200, "{}", reply.body);
    };
    futures::future::join_all((0..12).map(one)).await;
    assert_eq!(
        counted(&world, &account).await,
        [("pageviews", "12"), ("tables", "11")].map(|(m, q)| (m.to_owned(), q.to_owned()))
    );
}
