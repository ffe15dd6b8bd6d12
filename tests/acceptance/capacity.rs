//! Places: never one too many, and freed ones can be taken again.

use futures::future::join_all;

use crate::harness::{Plan, TestWorld, YES_NO};
use crate::watch::Trouble;

const NOW: &str = "2026-11-02T09:00:00+01:00";
const END: &str = "2026-11-20T22:00:00+01:00";

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_at_once_on_forty_places() {
    let world = TestWorld::start(NOW).await;
    world.publish(&world.account, &Plan { slug: "voll", ends_at: END, capacity: Some(40), values: YES_NO }).await;
    let all = (0..200).map(|index| {
        let world = &world;
        async move { world.register("voll", &format!("p{index}@example.org"), "yes", 1).await }
    });
    let replies = join_all(all).await;
    let count = |status| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!((count(201), count(422)), (40, 160));
    let full = replies.iter().find(|reply| reply.status == 422).unwrap();
    assert_eq!(full.wrong_fields(), ["answer"]);

    // Declining takes no place, so it is still possible; so is the answer for a known address.
    assert_eq!(world.register("voll", "neu@example.org", "no", 2).await.status, 201);
    // A full event answers a known address like an unknown one.
    assert_eq!(world.register("voll", "p0@example.org", "yes", 1).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_needs_places_for_all_and_gives_all_back() {
    let world = TestWorld::start(NOW).await;
    world.publish(&world.account, &Plan { slug: "eng", ends_at: END, capacity: Some(5), values: YES_NO }).await;
    assert_eq!(world.register("eng", "drei@example.org", "yes", 3).await.status, 201);
    assert_eq!(world.register("eng", "auch-drei@example.org", "yes", 3).await.status, 422);
    assert_eq!(world.register("eng", "zwei@example.org", "yes", 2).await.status, 201);
    assert_eq!(world.register("eng", "eine@example.org", "yes", 1).await.status, 422);
    world.settle().await;

    // Three people step back; three others fit in again.
    let link = world.link_in(&world.mails_to("drei@example.org")[0]);
    assert_eq!(world.post_form(&link, &[("action", "withdraw")]).await.status, 303);
    assert_eq!(world.register("eng", "auch-drei@example.org", "yes", 3).await.status, 201);
    // Who stepped back finds the event full, and is told so with what was typed.
    let back = world.post_form(&link, &[("answer", "yes"), ("first_name", "Dora"), ("last_name", "Egge")]).await;
    assert_eq!(back.status, 422);
    assert!(back.body.contains("Dora") && back.body.contains("nicht mehr genügend Plätze"));
}

#[tokio::test(flavor = "multi_thread")]
async fn places_spread_over_several_counters_are_all_found() {
    let world = TestWorld::start(NOW).await;
    let event = world
        .publish(&world.account, &Plan { slug: "gross", ends_at: END, capacity: Some(1001), values: YES_NO })
        .await;
    assert_eq!(event.seat_shards(), 3);
    for index in 0..200 {
        assert_eq!(world.register("gross", &format!("p{index}@example.org"), "yes", 5).await.status, 201, "{index}");
    }
    assert_eq!(world.register("gross", "letzte@example.org", "yes", 2).await.status, 422);
    assert_eq!(world.register("gross", "letzte@example.org", "yes", 1).await.status, 201);
    assert_eq!(world.register("gross", "zu-spaet@example.org", "yes", 1).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_in_the_way_are_waited_for_within_bounds() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", END).await;
    world.watch.trouble(Trouble::Conflicts(3));
    assert_eq!(world.register("fest", "geduldig@example.org", "yes", 1).await.status, 201);

    world.watch.trouble(Trouble::Conflicts(1000));
    let busy = world.register("fest", "spaeter@example.org", "yes", 1).await;
    assert_eq!((busy.status, busy.headers["retry-after"].as_str()), (429, "2"));
    let fields = [("email", "form@example.org"), ("answer", "yes"), ("first_name", "Ida"), ("last_name", "Jahn")];
    let form = world.post_form("/e/fest?lang=de", &fields).await;
    assert_eq!(form.status, 429);
    assert!(form.body.contains(r#"value="Ida""#), "what was typed is still there");
    world.watch.trouble(Trouble::None);
    assert_eq!(world.register("fest", "spaeter@example.org", "yes", 1).await.status, 201);
}
