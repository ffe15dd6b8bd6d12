//! The personal link: see, change, withdraw; the newest answer counts (A3).

use domain::usage::Counts;

use crate::harness::TestWorld;

async fn totals(world: &TestWorld, slug: &str) -> Counts {
    let event = domain::ids::EventId::parse(&format!("evt_{slug}")).unwrap();
    let published = world.world.table.event(&world.account, &event).await.unwrap();
    let mut counts = Counts::default();
    for shard in 0..published.event.seat_shards() {
        counts = counts.plus(world.world.table.counter(&published.counter_key(shard)).await.unwrap().totals());
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_answer_counts() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register("fest", "a@example.org", "yes", 2).await;
    world.settle().await;
    let link = world.link_in(&world.mails()[0]);
    let one = [("first_name", "Ute"), ("last_name", "Voss")];
    for (name, fields, counts, mails) in [
        (
            "two decline",
            vec![("answer", "no"), one[0], one[1], ("first_name", "Wim"), ("last_name", "Xaver")],
            (0, 2, 2),
            2,
        ),
        (
            "the same again changes nothing",
            vec![("answer", "no"), one[0], one[1], ("first_name", "Wim"), ("last_name", "Xaver")],
            (0, 2, 2),
            2,
        ),
        ("only one", vec![("answer", "no"), one[0], one[1]], (0, 1, 1), 3),
        ("withdrawn", vec![("action", "withdraw")], (0, 0, 0), 4),
        ("withdrawn again", vec![("action", "withdraw")], (0, 0, 0), 4),
        ("answered again", vec![("answer", "yes"), one[0], one[1]], (1, 0, 1), 5),
        ("an answer without a value", vec![("answer", "maybe"), one[0], one[1]], (0, 0, 1), 6),
        ("a new name only", vec![("answer", "maybe"), ("first_name", "Yara"), one[1]], (0, 0, 1), 7),
    ] {
        let reply = world.post_form(&link, &fields).await;
        assert_eq!(reply.status, 303, "{name}: {}", reply.body);
        world.settle().await;
        let expected = Counts { accepted: counts.0, declined: counts.1, responses: counts.2 };
        assert_eq!(totals(&world, "fest").await, expected, "{name}");
        assert_eq!(world.mails().len(), mails, "{name}");
    }
    let wrong = world.post_form(&link, &[("answer", "never"), ("first_name", "Zoe"), ("last_name", "")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("Zoe"));
    // Opening the link changes nothing, however often scanners do it.
    for _ in 0..3 {
        assert_eq!(world.get(&link).await.status, 200);
    }
    assert_eq!(totals(&world, "fest").await.responses, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_personal() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register("fest", "a@example.org", "yes", 1).await;
    world.register("fest", "b@example.org", "yes", 1).await;
    world.settle().await;
    let [a, b] = ["a@example.org", "b@example.org"].map(|address| world.link_in(&world.mails_to(address)[0]));
    // Somebody else's address with one's own proof opens nothing.
    let (parts_a, parts_b): (Vec<&str>, Vec<&str>) = (a.rsplitn(3, '.').collect(), b.rsplitn(3, '.').collect());
    let mixed = format!("{}.{}.{}", parts_a[2], parts_a[1], parts_b[0]);
    assert_eq!(world.get(&a).await.status, 200);
    assert_eq!(world.get(&mixed).await.status, 404);
    assert_eq!(world.get(&a[..a.len() - 1]).await.status, 404);
}
