//! The console: who gets in, and what nobody else sees.

use domain::contact::Email;
use domain::ids::AccountId;

use crate::harness::{Plan, TestWorld, YES_NO};

const NOW: &str = "2026-11-02T09:00:00+01:00";
const END: &str = "2026-11-20T22:00:00+01:00";

async fn allow(world: &TestWorld, email: &str, accounts: &[&str]) {
    for id in accounts {
        world.world.table.allow(&Email::parse(email).unwrap(), &AccountId::parse(id).unwrap()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once_and_for_half_an_hour() {
    let world = TestWorld::start(NOW).await;
    allow(&world, "a@example.org", &["acc_10001"]).await;
    assert_eq!(world.get("/console").await.headers["location"], "/console/sign-in");
    let known = world.post_form("/console/sign-in?lang=en", &[("email", "a@example.org")]).await;
    let unknown = world.post_form("/console/sign-in?lang=en", &[("email", "nobody@example.org")]).await;
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body), "nobody learns who is known");
    let wrong = world.post_form("/console/sign-in?lang=en", &[("email", "nobody")]).await;
    assert!(wrong.body.contains("valid e-mail address") && wrong.body.contains(r#"value="nobody""#));
    world.settle().await;
    assert_eq!(world.mails().len(), 1);
    let link = world.link_in(&world.mails()[0]);
    // Scanners open links; only the button signs in.
    assert_eq!(world.get(&link).await.status, 200);
    let first = world.post_form(&link, &[]).await;
    assert_eq!(first.status, 303);
    let cookie = &first.headers["set-cookie"];
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/console"),
        "{cookie}"
    );
    assert_eq!(world.post_form(&link, &[]).await.status, 404, "used");
    assert_eq!(world.post_form(&format!("{link}0"), &[]).await.status, 404, "forged");

    world.post_form("/console/sign-in", &[("email", "a@example.org")]).await;
    world.settle().await;
    let late = world.link_in(&world.mails()[1]);
    world.travel("2026-11-02T09:31:00+01:00").await;
    assert_eq!(world.post_form(&late, &[]).await.status, 404, "too old");

    // A session ends after twelve hours.
    let session = cookie.split(';').next().unwrap();
    assert_eq!(world.get_as(session, "/console").await.status, 200);
    world.travel("2026-11-02T21:30:00+01:00").await;
    assert_eq!(world.get_as(session, "/console").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_not_sent_without_end() {
    let world = TestWorld::start(NOW).await;
    allow(&world, "a@example.org", &["acc_10001"]).await;
    for _ in 0..12 {
        let reply = world.post_form("/console/sign-in", &[("email", "a@example.org")]).await;
        assert_eq!(reply.status, 200, "nobody learns from it who is known");
    }
    world.settle().await;
    assert_eq!(world.mails().len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_sees_its_own_only() {
    let world = TestWorld::start(NOW).await;
    let other = world.add_account("acc_other", |account| account.name = "Fremde GmbH".to_owned()).await;
    world.fest("fest", END).await;
    world.publish(&other, &Plan { slug: "fremd", ends_at: END, capacity: None, values: YES_NO }).await;
    world.register("fremd", "a@example.org", "yes", 5).await;
    world.travel("2026-12-01T03:05:00+01:00").await;
    let foreign = world.invoices(&other).await[0].invoice.id.clone();
    allow(&world, "me@example.org", &["acc_10001"]).await;
    let cookie = world.sign_in("me@example.org").await;
    let home = world.get_as(&cookie, "/console?lang=de").await;
    assert!(home.body.contains("Fest fest") && !home.body.contains("Fremde") && !home.body.contains("fremd"));
    for path in [
        "/console/events/acc_other/evt_fremd".to_owned(),
        "/console/events/acc_10001/evt_fremd".to_owned(),
        "/console/events/acc_10001%23evt/evt_fremd".to_owned(),
        format!("/console/invoices/acc_other/{foreign}"),
        format!("/console/invoices/acc_10001/{foreign}"),
        format!("/console/invoices/acc_10001/{foreign}/pdf"),
        "/console/events/acc_other/new".to_owned(),
        "/console/runs".to_owned(),
        "/console/nix".to_owned(),
    ] {
        assert_eq!(world.get_as(&cookie, &path).await.status, 404, "{path}");
    }
    // The operator takes the right away, and it is gone at once.
    let operator = world.sign_in(local::world::DEMO_EMAIL).await;
    let page = world.get_as(&operator, "/console/accounts/acc_10001?lang=de").await;
    assert!(page.body.contains("me@example.org"));
    let remove = page
        .body
        .split("action=\"")
        .find(|part| part.contains("/remove?"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let token = page.body.split(r#"name="form_token" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let done =
        world.send(world.request("POST", &remove).header("cookie", &operator).form(&[("form_token", token)])).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(world.get_as(&cookie, "/console/events/acc_10001/evt_fest").await.status, 303, "signed out");
    assert!(!world.get_as(&operator, "/console/accounts/acc_10001?lang=de").await.body.contains("me@example.org"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_publishes_an_event() {
    let world = TestWorld::start(NOW).await;
    allow(&world, "me@example.org", &["acc_10001"]).await;
    let cookie = world.sign_in("me@example.org").await;
    let path = "/console/events/acc_10001/new?lang=de";
    let form = world.get_as(&cookie, path).await;
    let token = form.body.split(r#"name="form_token" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = |changes: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("title.de", "Tag der offenen Tür"),
            ("title.en", "Open day"),
            ("slug", "offene-tuer"),
            ("location", "Werk 2"),
            ("starts_at", "2026-11-28T10:00"),
            ("ends_at", "2026-11-28T16:00"),
            ("closes_at", "2026-11-27T18:00"),
            ("capacity", "50"),
            ("party_limit", "4"),
            ("answers", "values"),
        ];
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        fields
    };
    let post = async |token: &str, changes: &[(&'static str, &'static str)]| {
        let mut all = fields(changes);
        all.push(("form_token", token));
        world.send(world.request("POST", path).header("cookie", &cookie).form(&all)).await
    };
    assert_eq!(post("another", &[]).await.status, 403, "a form of another site");
    for (name, changes) in [
        ("no title", vec![("title.de", "")]),
        ("an event that is over", vec![("starts_at", "2026-10-01T09:00"), ("ends_at", "2026-10-01T12:00")]),
        ("registration that never ends", vec![("closes_at", "2099-01-01T00:00")]),
        ("an address with blanks", vec![("slug", "offene tür")]),
        ("an end before the start", vec![("ends_at", "2026-11-28T09:00")]),
        ("no time", vec![("starts_at", "")]),
        ("no number", vec![("capacity", "viele")]),
        ("no places", vec![("capacity", "0")]),
        ("too large a party", vec![("party_limit", "21")]),
    ] {
        let page = post(&token, &changes).await;
        assert!(
            page.status == 422 && page.body.contains("problem") && page.body.contains("Werk 2"),
            "{name}: {}",
            page.status
        );
    }
    assert_eq!(world.get("/e/offene-tuer").await.status, 404);
    let done = post(&token, &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(world.get_as(&cookie, &done.headers["location"]).await.status, 200);
    let page = world.get("/e/offene-tuer?lang=de").await;
    assert!(page.body.contains("Tag der offenen Tür") && page.body.contains("28. November 2026, 10:00 bis 16:00 Uhr"));
    assert_eq!(world.register("offene-tuer", "a@example.org", "yes", 4).await.status, 201);
    let twin = post(&token, &[]).await;
    assert!(twin.status == 422 && twin.body.contains("schon vergeben"), "a public name is given once");

    let out = world
        .send(world.request("POST", "/console/sign-out").header("cookie", &cookie).form(&[("form_token", token)]))
        .await;
    assert_eq!(out.status, 303);
    assert_eq!(world.get_as(&cookie, "/console").await.status, 303);
}
