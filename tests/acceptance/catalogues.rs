//! Price lists in the console: what is published, and how an operator publishes another (G6).

use domain::contact::Email;
use local::world::DEMO_EMAIL;

use crate::harness::TestWorld;
use crate::setup::{Person, hidden};

const NOW: &str = "2026-11-02T09:00:00+01:00";

/// A sixth price list, which no other test knows.
pub(crate) const COURSES: &str = r#"format = 1
id = "courses"
version = "2026-11"
currency = "EUR"
title = { de = "Kurse", en = "Courses" }

[meters.seats]
title = { de = "Plätze", en = "Seats" }
unit = "attendee"
kind = "gauge"
month = "max"

[meters.handouts]
title = { de = "Handzettel", en = "Handouts" }
unit = "page"

[charges.base]
text = { de = "Grundgebühr", en = "Base fee" }
sample = true
model = "flat"
price = "40.00"
billed = "advance"
prorated = true

[charges.handout]
text = { de = "Handzettel", en = "Handouts" }
rule = "Preisblatt 3"
model = "graduated"
meter = "handouts"
tiers = [{ up_to = 100, price = "0.10" }, { price = "on_request" }]

[plans.basic]
title = { de = "Basis", en = "Basic" }
charges = ["base", "handout"]
meters = { seats = "included", handouts = "charged" }

[promotions.EINMAL]
text = { de = "Zur Eröffnung", en = "For the opening" }
percent = 50
months = 2
limit = 1
sample = true
"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_publishes_a_price_list() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = person.get("/console/catalogues?lang=de").await;
    for text in
        ["Teilnehmermanagement", "webinars@2026-01", "40,00\u{a0}€ im Monat", "<b>Lizenz</b>", "299,00\u{a0}€ im Monat"]
    {
        assert!(page.body.contains(text), "{text}");
    }
    let template = person.get("/console/catalogues?lang=de&template=webinars").await;
    assert!(template.body.contains("id = &quot;webinars&quot;") && template.body.contains("[promotions.START20]"));

    // Checking publishes nothing; browsers send line ends as CR LF.
    let sent = COURSES.replace('\n', "\r\n");
    let checked = person.post("/console/catalogues?lang=de", &[("file", &sent), ("do", "check")]).await;
    assert!(checked.status == 200 && checked.body.contains("Keine Fehler gefunden."), "{}", checked.body);
    assert!(
        checked.body.contains("So würde courses@2026-11 veröffentlicht")
            && checked.body.contains("id = &quot;courses&quot;")
    );
    assert_eq!(person.get("/console/catalogues/courses@2026-11").await.status, 404);

    for _ in 0..2 {
        let done = person.post("/console/catalogues?lang=de", &[("file", &sent), ("do", "publish")]).await;
        if done.status == 303 {
            assert!(
                person
                    .get(&done.headers["location"])
                    .await
                    .body
                    .contains("Veröffentlicht. Diese Fassung ändert sich nicht mehr.")
            );
        } else {
            assert!(
                done.status == 200 && done.body.contains("Genau diese Datei ist bereits veröffentlicht"),
                "a second click"
            );
        }
    }
    let page = person.get("/console/catalogues/courses@2026-11?lang=de").await;
    for text in [
        "Staffelpreise (Seiten)",
        "bis 100",
        "0,10\u{a0}€",
        "nach Vereinbarung",
        "Preisblatt 3",
        "Beispielpreis",
        "monatlich kündbar, ohne Mindestlaufzeit",
        "50 % weniger, 2 Monate lang",
        "höchstens 1-mal",
        "<b>berechnet</b>",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    let file = person.get("/console/catalogues/courses@2026-11/file").await;
    assert_eq!((file.body.as_str(), file.headers["content-type"].as_str()), (COURSES, "text/plain; charset=utf-8"));
    assert!(
        person.get("/console/catalogues?lang=de&from=courses@2026-11").await.body.contains("id = &quot;courses&quot;")
    );

    // Another file under the same version changes nothing; a new version can be published.
    let dearer = COURSES.replace("40.00", "45.00");
    let taken = person.post("/console/catalogues?lang=de", &[("file", &dearer), ("do", "publish")]).await;
    assert!(taken.status == 409 && taken.body.contains("lässt sich nicht ändern"), "{}", taken.status);
    assert!(taken.body.contains("45.00"), "what was typed stays");
    assert_eq!(person.get("/console/catalogues/courses@2026-11/file").await.body, COURSES);
    let next = dearer.replace("2026-11", "2026-12");
    assert_eq!(person.post("/console/catalogues", &[("file", &next), ("do", "publish")]).await.status, 303);

    // A new account is offered the newest version alone.
    let form = person.get("/console/accounts/new?lang=de").await;
    assert!(form.body.contains(r#"value="courses@2026-12/basic""#) && !form.body.contains("courses@2026-11/"));
    assert!(form.body.contains("Module: Module (2026-01) – 14 Tage kostenlos"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_of_a_price_list_is_named() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let broken = COURSES
        .replace("40.00", "vierzig")
        .replace("unit = \"page\"", "unit = \"pages\"")
        .replace("\"handout\"]", "\"handouts\"]")
        .replace("percent = 50", "percent = 150");
    for action in ["check", "publish"] {
        let page = person.post("/console/catalogues?lang=de", &[("file", &broken), ("do", action)]).await;
        assert_eq!(page.status, 422, "{action}");
        for path in ["charges.base.price", "meters.handouts.unit", "plans.basic.charges", "promotions.EINMAL.percent"] {
            assert!(page.body.contains(path), "{action}: {path}");
        }
        assert!(page.body.contains("<code>21:"), "the place of the price");
        assert!(page.body.contains("21 │ price = &quot;vierzig&quot;"), "the line itself");
        assert!(page.body.contains("id = &quot;courses&quot;"), "what was typed stays");
    }
    assert_eq!(person.get("/console/catalogues/courses@2026-11").await.status, 404);
    for (name, file, status) in [
        ("nothing", String::new(), 422),
        ("not TOML", "{".repeat(50), 422),
        ("more than is published", format!("{COURSES}# {}", "ä".repeat(100_000)), 422),
        ("more than is read", "x".repeat(700_000), 413),
    ] {
        let page = person.post("/console/catalogues", &[("file", &file), ("do", "publish")]).await;
        assert_eq!(page.status, status, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_price_lists() {
    let world = TestWorld::start(NOW).await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    world.world.table.allow(&Email::parse("user@example.org").unwrap(), &world.account).await.unwrap();
    let user = Person::sign_in(&world, "user@example.org").await;
    for path in
        ["/console/catalogues", "/console/catalogues/webinars@2026-01", "/console/catalogues/webinars@2026-01/file"]
    {
        assert_eq!(user.get(path).await.status, 404, "{path}");
        assert_eq!(world.get(path).await.status, 303, "{path}");
    }
    let publish = [("file", COURSES), ("do", "publish")];
    assert_eq!(user.post("/console/catalogues", &publish).await.status, 404);
    let forged = world.request("POST", "/console/catalogues").header("cookie", &operator.cookie).form(&publish);
    assert_eq!(world.send(forged).await.status, 403, "a form of another site");
    assert!(!hidden(&operator.get("/console/catalogues").await, "form_token").is_empty());
    assert_eq!(operator.get("/console/catalogues/courses@2026-11").await.status, 404);
}
