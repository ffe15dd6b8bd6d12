//! The subscription of an account in the console: what a change costs before it is bought, and what follows.

use domain::catalog::PlanKey;
use domain::contact::Email;
use domain::ids::AccountId;
use domain::subscription::{Subscription, Trial};
use local::seed;
use local::world::DEMO_EMAIL;

use crate::catalogues::COURSES;
use crate::harness::{Reply, TestWorld, at, day};
use crate::setup::{Person, hidden};

const MAILBOX: &str = "buchhaltung@musterhaus.example";

fn plan(catalogue: &str, plan: &str) -> PlanKey {
    PlanKey { catalogue: catalogue.to_owned(), plan: plan.to_owned() }
}

/// An account with a subscription, and somebody who signs in for it.
async fn customer<'a>(world: &'a TestWorld, id: &str, subscription: &Subscription) -> (String, Person<'a>) {
    let mut account = seed::account().unwrap();
    account.id = AccountId::parse(id).unwrap();
    assert!(world.world.table.create_account(&account, subscription, world.today()).await.unwrap());
    let email = format!("{}@example.org", id.replace('_', "."));
    world.world.table.allow(&Email::parse(&email).unwrap(), &account.id).await.unwrap();
    (format!("/console/plan/{id}?lang=de"), Person::sign_in(world, &email).await)
}

async fn stored(world: &TestWorld, id: &str) -> Subscription {
    world.world.table.subscription(&AccountId::parse(id).unwrap()).await.unwrap().subscription
}

/// Asks for a change and gives the page that shows what it costs.
async fn preview(person: &Person<'_>, path: &str, fields: &[(&str, &str)]) -> Reply {
    let page = person.post(path, fields).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("Bitte prüfen Sie Ihre Änderung"));
    page
}

/// Presses the button of such a page.
async fn confirm(person: &Person<'_>, path: &str, page: &Reply, fields: &[(&str, &str)]) -> Reply {
    let (revision, day) = (hidden(page, "revision"), hidden(page, "day"));
    let mut fields = fields.to_vec();
    fields.extend([("step", "confirm"), ("revision", revision.as_str()), ("day", day.as_str())]);
    person.post(path, &fields).await
}

pub(crate) async fn change(person: &Person<'_>, path: &str, fields: &[(&str, &str)]) -> Reply {
    let page = preview(person, path, fields).await;
    let done = confirm(person, path, &page, fields).await;
    assert_eq!(done.status, 303, "{}", done.body);
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_is_shown_before_it_is_bought_and_bought_once() {
    let world = TestWorld::start("2026-11-16T09:00:00+01:00").await;
    let medium = Subscription::new(plan("webinars@2026-01", "medium"), day("2026-11-01"));
    let (path, person) = customer(&world, "acc_room", &medium).await;
    let page = person.get(&path).await;
    for text in [
        "Ihr Tarif: Mittel",
        "40,00\u{a0}€ im Monat",
        "Webinare, Fassung 2026-01",
        "1. November 2026",
        "jederzeit zum Monatsende",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!page.body.contains("Testkonto"), "C3: nobody goes back to a free plan");

    let upgrade = [("action", "change-plan"), ("plan", "webinars@2026-01/large")];
    let page = preview(&person, &path, &upgrade).await;
    for text in [
        "sofort (16. November 2026)",
        "29,50\u{a0}€",
        "Grundgebühren im Dezember 2026",
        "99,00\u{a0}€",
        "Zahlungspflichtig bestellen",
    ] {
        assert!(page.body.contains(text), "C1, C7: {text}");
    }
    assert!(page.body.contains("5,61\u{a0}€") && page.body.contains("35,11\u{a0}€"), "VAT and sum of 29.50");
    assert_eq!(stored(&world, "acc_room").await, medium, "nothing is bought by looking");

    let done = confirm(&person, &path, &page, &upgrade).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let twice = confirm(&person, &path, &page, &upgrade).await;
    assert!(twice.status == 409 && twice.body.contains("doppelt ausgeführt wurde nichts"), "{}", twice.status);
    let saved = person.get(&done.headers["location"]).await;
    assert!(saved.body.contains("Gespeichert.") && saved.body.contains("Ihr Tarif: Groß"));
    let now = stored(&world, "acc_room").await;
    assert_eq!(now.phases.iter().map(|phase| phase.plan.plan.as_str()).collect::<Vec<_>>(), ["medium", "large"]);
    world.settle().await;
    let mails: Vec<_> = world.mails_to(MAILBOX).into_iter().filter(|mail| mail.subject.contains("Vertrag")).collect();
    assert_eq!(mails.len(), 1);
    assert!(world.link_in(&mails[0]).ends_with("/console/plan/acc_room"));

    // What was shown yesterday is shown again, with today's amounts.
    let book = [("action", "book"), ("add_on", "parallel-events"), ("quantity", "1")];
    let page = preview(&person, &path, &book).await;
    assert!(page.body.contains("19,50\u{a0}€"), "39.00 for 15 of 30 days");
    world.travel("2026-11-17T09:00:00+01:00").await;
    let person = Person::sign_in(&world, "acc.room@example.org").await;
    let again = confirm(&person, &path, &page, &book).await;
    assert!(
        again.status == 200 && again.body.contains("ein neuer Tag begonnen") && again.body.contains("18,20\u{a0}€")
    );
    assert!(stored(&world, "acc_room").await.bookings.is_empty());
    assert_eq!(confirm(&person, &path, &again, &book).await.status, 303);
    assert_eq!(stored(&world, "acc_room").await.bookings.len(), 1);

    // The month is invoiced as it was shown: 40.00 + 29.50 + 18.20.
    world.travel("2026-12-01T03:05:00+01:00").await;
    let invoices = world.invoices(&AccountId::parse("acc_room").unwrap()).await;
    assert_eq!(invoices[0].invoice.draft.totals.net.plain(), "87.70");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_downgrade_waits_and_can_be_withdrawn() {
    let world = TestWorld::start("2026-11-27T09:00:00+01:00").await;
    let large = Subscription::new(plan("webinars@2026-01", "large"), day("2026-09-01"));
    let (path, person) = customer(&world, "acc_room", &large).await;
    change(&person, &path, &[("action", "redeem"), ("code", "start20")]).await;
    assert!(person.get(&path).await.body.contains("gilt bis 31. Januar 2027"));

    let downgrade = [("action", "change-plan"), ("plan", "webinars@2026-01/small")];
    let page = change(&person, &path, &downgrade).await;
    for text in [
        "1. Dezember 2026",
        "gelten diese Aktionscodes nicht mehr: START20",
        "Volle Arbeitstage bis zum Wechsel: 1",
        "25,00\u{a0}€",
    ] {
        assert!(page.body.contains(text), "C3: {text}");
    }
    assert!(!page.body.contains("20,00\u{a0}€"), "the code is void when it takes effect");
    let page = person.get(&path).await;
    assert!(page.body.contains("„Klein“ ab 1. Dezember 2026") && page.body.contains("gilt bis 30. November 2026"));

    change(&person, &path, &[("action", "withdraw-change")]).await;
    let page = person.get(&path).await;
    assert!(!page.body.contains("„Klein“ ab") && page.body.contains("gilt bis 31. Januar 2027"));
    change(&person, &path, &downgrade).await;
    world.travel("2026-12-01T09:00:00+01:00").await;
    assert!(world.mails_to(MAILBOX).iter().any(|mail| mail.subject == "Ihr neuer Tarif gilt ab heute"));
    let person = Person::sign_in(&world, "acc.room@example.org").await;
    assert!(person.get(&path).await.body.contains("ungültig seit 1. Dezember 2026"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_account_closes_itself() {
    let world = TestWorld::start("2026-11-16T09:00:00+01:00").await;
    let small = Subscription::new(plan("webinars@2026-01", "small"), day("2026-11-01"));
    let (path, person) = customer(&world, "acc_room", &small).await;
    assert!(person.get(&path).await.body.contains("ist der 30. November 2026 der letzte Tag"));
    let cancel = [("action", "cancel")];
    let page = change(&person, &path, &cancel).await;
    assert!(page.body.contains("30. November 2026") && page.body.contains("Jetzt kündigen"));
    let refused = person.post(&path, &cancel).await;
    assert!(refused.status == 422 && refused.body.contains("bereits zum 30. November 2026 gekündigt"));
    change(&person, &path, &[("action", "withdraw-cancellation")]).await;
    change(&person, &path, &cancel).await;
    assert_eq!(person.get("/console/events/acc_room/new").await.status, 200, "until its last day all stays");

    world.travel("2026-12-01T03:05:00+01:00").await;
    let over: Vec<_> =
        world.mails_to(MAILBOX).into_iter().filter(|mail| mail.subject == "Ihr Vertrag ist beendet").collect();
    assert_eq!(over.len(), 1, "P3");
    let person = Person::sign_in(&world, "acc.room@example.org").await;
    let form = person.get("/console/events/acc_room/new?lang=de").await;
    assert!(form.status == 403 && form.body.contains("Ihr Vertrag ist am 30. November 2026 ausgelaufen"));
    assert!(form.body.contains("/console/plan/acc_room"));
    assert_eq!(person.post("/console/events/acc_room/new", &[("slug", "x")]).await.status, 403);
    let home = person.get("/console?lang=de").await;
    assert!(
        !home.body.contains("Veranstaltung anlegen") && home.body.contains("RE-2026-00001"),
        "P3: the last invoice"
    );
    let page = person.get(&path).await;
    assert!(page.status == 200 && page.body.contains("beendet") && !page.body.contains("Vertrag kündigen"));
    assert_eq!(person.post(&path, &[("action", "convert")]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_ends_and_becomes_a_paid_subscription() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let mut modules = Subscription::new(plan("modules@2026-01", "modules"), day("2026-11-02"));
    modules.trial = Some(Trial { until: day("2026-11-15"), converted_on: None });
    let (path, person) = customer(&world, "acc_free", &modules).await;
    assert!(person.get(&path).await.body.contains("15. November 2026 · noch 14 Tage"));
    let page = change(&person, &path, &[("action", "book"), ("add_on", "page-module"), ("quantity", "1")]).await;
    for text in ["In der Testphase kostet Sie das nichts", "Wenn Sie die Testphase umwandeln", "12,00\u{a0}€"] {
        assert!(page.body.contains(text), "P1: {text}");
    }
    assert!(!page.body.contains("Zahlungspflichtig"));

    world.travel("2026-11-16T09:00:00+01:00").await;
    assert!(world.mails_to(MAILBOX).iter().any(|mail| mail.subject == "Ihre Testphase ist zu Ende"));
    let person = Person::sign_in(&world, "acc.free@example.org").await;
    assert_eq!(person.get("/console/events/acc_free/new").await.status, 403);
    assert!(
        person.get("/console?lang=de").await.body.contains("Ihre Testphase ist am 15. November 2026 zu Ende gegangen")
    );

    // The operator makes it longer; a customer cannot.
    let extend = [("action", "extend-trial"), ("until", "2026-11-20")];
    assert_eq!(person.post(&path, &extend).await.status, 404);
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    change(&operator, &path, &extend).await;
    assert_eq!(person.get("/console/events/acc_free/new").await.status, 200);
    let early = operator.post(&path, &[("action", "extend-trial"), ("until", "2026-11-10")]).await;
    assert!(early.status == 422 && early.body.contains(r#"value="2026-11-10""#), "what was typed stays");

    world.travel("2026-11-21T09:00:00+01:00").await;
    let person = Person::sign_in(&world, "acc.free@example.org").await;
    assert_eq!(person.get("/console/events/acc_free/new").await.status, 403);
    let page = change(&person, &path, &[("action", "convert")]).await;
    assert!(page.body.contains("Zahlungspflichtig bestellen") && page.body.contains("12,00\u{a0}€"));
    assert_eq!(person.get("/console/events/acc_free/new").await.status, 200, "P1: it goes on");
    assert_eq!(person.post(&path, &[("action", "convert")]).await.status, 422);
}

/// What was to come to pass this minute is changed before the timers ran: nobody is told, and no timer is left to fail.
#[tokio::test(flavor = "multi_thread")]
async fn a_timer_of_what_was_changed_on_its_day_is_done_with() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let mut modules = Subscription::new(plan("modules@2026-01", "modules"), day("2026-11-02"));
    modules.trial = Some(Trial { until: day("2026-11-15"), converted_on: None });
    let (path, _) = customer(&world, "acc_free", &modules).await;
    world.travel("2026-11-15T20:00:00+01:00").await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    world.world.clock.set(at("2026-11-16T00:00:05+01:00"));
    change(&operator, &path, &[("action", "extend-trial"), ("until", "2026-11-20")]).await;
    for _ in 0..2 {
        world.world.functions().unwrap().timers.handle().await.unwrap();
    }
    world.settle().await;
    assert!(!world.mails_to(MAILBOX).iter().any(|mail| mail.subject == "Ihre Testphase ist zu Ende"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_redeemed_as_often_as_it_may_be() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let done = operator.post("/console/catalogues", &[("file", COURSES), ("do", "publish")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let basic = Subscription::new(plan("courses@2026-11", "basic"), day("2026-11-01"));
    let (one, first) = customer(&world, "acc_one", &basic).await;
    let (two, second) = customer(&world, "acc_two", &basic).await;
    let redeem = [("action", "redeem"), ("code", " einmal ")];
    // Both look at it while it can be redeemed; the one who confirms first has it.
    let shown = preview(&first, &one, &redeem).await;
    let also = preview(&second, &two, &redeem).await;
    assert!(shown.body.contains("Zur Eröffnung – 50 % weniger, 2 Monate lang"));
    assert_eq!(confirm(&first, &one, &shown, &redeem).await.status, 303);
    let late = confirm(&second, &two, &also, &redeem).await;
    assert!(late.status == 422 && late.body.contains("so oft eingelöst, wie er ausgegeben wurde"));
    assert!(late.body.contains(r#"value=" einmal ""#), "what was typed stays");
    assert!(stored(&world, "acc_two").await.redemptions.is_empty());
    for (code, sentence) in
        [("EINMAL", "schon am 2. November 2026 eingelöst"), ("START20", "gibt es nicht"), ("??", "3 bis 40 Buchstaben")]
    {
        let refused = first.post(&one, &[("action", "redeem"), ("code", code)]).await;
        assert!(refused.status == 422 && refused.body.contains(sentence), "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_version_is_offered_and_the_old_prices_stay() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let dearer = COURSES.replace("40.00", "45.00").replace("\"2026-11\"", "\"2026-12\"");
    for file in [COURSES, &dearer] {
        assert_eq!(operator.post("/console/catalogues", &[("file", file), ("do", "publish")]).await.status, 303);
    }
    let basic = Subscription::new(plan("courses@2026-11", "basic"), day("2026-11-01"));
    let (path, person) = customer(&world, "acc_old", &basic).await;
    let page = person.get(&path).await;
    assert!(page.body.contains("Es gibt die neuere Fassung 2026-12. Ihre Preise bleiben"), "G6");
    assert!(page.body.contains(r#"value="courses@2026-12/basic""#) && page.body.contains("45,00\u{a0}€"));
    for (name, fields, sentence) in [
        ("another offer", [("action", "change-plan"), ("plan", "webinars@2026-01/small")], "anderen Angebot"),
        ("no such plan", [("action", "change-plan"), ("plan", "nix")], "gibt es nicht"),
        ("the same", [("action", "change-plan"), ("plan", "courses@2026-11/basic")], "Basis"),
        ("not booked", [("action", "give-up"), ("add_on", "x")], "gibt es nicht"),
    ] {
        let refused = person.post(&path, &fields).await;
        assert!(refused.status == 422 && refused.body.contains(sentence), "{name}: {}", refused.status);
    }
    assert_eq!(person.post(&path, &[("action", "burn")]).await.status, 400);

    // A price the list leaves open is the operator's to agree on.
    let agree = [("action", "agree"), ("charge", "handout"), ("price", "0,05")];
    assert_eq!(person.post(&path, &agree).await.status, 404);
    assert!(!person.get(&path).await.body.contains("Vereinbarungen"));
    change(&operator, &path, &agree).await;
    assert!(person.get(&path).await.body.contains("Handzettel: 0,05\u{a0}€"));
    let refused = operator.post(&path, &[("action", "agree"), ("charge", "handout"), ("price", "fünf")]).await;
    assert!(refused.status == 422 && refused.body.contains(r#"value="fünf""#));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_sees_its_own_plan_only() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let small = Subscription::new(plan("webinars@2026-01", "small"), day("2026-11-01"));
    let (own, person) = customer(&world, "acc_mine", &small).await;
    let (other, _) = customer(&world, "acc_other", &small).await;
    let cancel = [("action", "cancel"), ("step", "confirm"), ("revision", "1"), ("day", "2026-11-02")];
    for path in [&other, "/console/plan/acc_nobody", "/console/plan/acc_a%23b", "/console/plan/x"] {
        assert_eq!(person.get(path).await.status, 404, "{path}");
        assert_eq!(person.post(path, &cancel).await.status, 404, "{path}");
    }
    let forged = world.request("POST", &own).header("cookie", &person.cookie).form(&cancel);
    assert_eq!(world.send(forged).await.status, 403, "a form of another site");
    assert_eq!(world.get(&own).await.status, 303, "nobody is signed in");
    assert_eq!(stored(&world, "acc_mine").await, small);
    assert_eq!(stored(&world, "acc_other").await, small);
    assert!(person.get("/console?lang=de").await.body.contains("/console/plan/acc_mine"));

    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    assert_eq!(operator.get(&other).await.status, 200);
    assert_eq!(operator.get("/console/plan/acc_nobody").await.status, 404);
    assert!(operator.get("/console/accounts/acc_other").await.body.contains("/console/plan/acc_other"));
}
