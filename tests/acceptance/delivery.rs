//! Mails of invoices: throttled, sent once more, given up and tried again; links that end.

use chrono::TimeDelta;
use domain::contact::Email;
use domain::dunning::DunningTable;
use domain::message::{MailFailure, Notice, Owed};
use local::mailbox::Throttle;
use local::world::DEMO_EMAIL;
use platform::table::keys;

use crate::harness::{TestWorld, at};
use crate::setup::Person;
use crate::watch::Trouble;

const BILLING: &str = "buchhaltung@musterhaus.example";

/// A world in which one invoice is about to be issued.
async fn before_billing() -> TestWorld {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    world.travel("2026-12-01T02:59:00+01:00").await;
    world
}

async fn billed() -> TestWorld {
    let world = before_billing().await;
    world.travel("2026-12-01T03:30:00+01:00").await;
    assert_eq!(world.mails_to(BILLING).len(), 1);
    world
}

async fn invoice_path(world: &TestWorld) -> String {
    let invoice = world.invoices(&world.account).await[0].invoice.id.clone();
    format!("/console/invoices/{}/{invoice}", world.account)
}

async fn attribute(world: &TestWorld, name: &str) -> Option<String> {
    let invoice = world.invoices(&world.account).await[0].invoice.id.clone();
    let item = world.world.table.get(&keys::invoice(&world.account, &invoice)).await.unwrap().unwrap();
    item.get(name).map(|value| value.as_s().or(value.as_n()).unwrap().clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_throttled_stays_owed_and_no_try_is_counted() {
    for (throttle, hours) in [(Throttle::Rate, 1), (Throttle::Quota, 3)] {
        let world = before_billing().await;
        world.world.mailbox.throttle(Some(throttle));
        for hour in 0..hours {
            world.world.runner.travel(at("2026-12-01T02:30:00Z") + TimeDelta::hours(hour)).await.unwrap();
        }
        let refused = world.world.mailbox.refused();
        assert!((3..=30).contains(&refused), "{throttle:?}: it was tried now and then, {refused} calls");
        assert_eq!(world.mails_to(BILLING).len(), 0, "{throttle:?}");
        assert!(world.world.runner.dead_letters().is_empty(), "{throttle:?}: nothing failed");
        assert!(attribute(&world, "notify").await.is_some(), "{throttle:?}");
        let tries = attribute(&world, "unsent_tries").await.unwrap_or_else(|| "0".to_owned());
        assert_eq!(tries, "0", "{throttle:?}");
        world.world.mailbox.throttle(None);
        for hour in hours..hours + 3 {
            world.world.runner.travel(at("2026-12-01T02:30:00Z") + TimeDelta::hours(hour)).await.unwrap();
        }
        assert_eq!(world.mails_to(BILLING).len(), 1, "{throttle:?}: it goes out once, by itself");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_sent_once_more_by_the_operator_and_by_the_customer() {
    let world = billed().await;
    let path = invoice_path(&world).await;
    world.world.table.allow(&Email::parse("kasse@example.org").unwrap(), &world.account).await.unwrap();
    let customer = Person::sign_in(&world, "kasse@example.org").await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let resend = format!("{path}/resend?lang=de");
    let reply = customer.post(&resend, &[]).await;
    assert!(reply.headers["location"].contains("mail=sent"), "{:?}", reply.headers);
    let reply = operator.post(&resend, &[]).await;
    assert!(reply.headers["location"].contains("mail=on-its-way"), "one at a time");
    world.settle().await;
    let mails = world.mails_to(BILLING);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].subject, mails[1].subject);
    assert_eq!(mails[0].attachments[0].bytes, mails[1].attachments[0].bytes, "the document as it was stored");
    assert_ne!(mails[0].message_id, mails[1].message_id, "a mail of its own");

    let reply = operator.post(&resend, &[("to", "pruefer@example.org")]).await;
    assert!(reply.headers["location"].contains("mail=sent"));
    world.settle().await;
    assert_eq!((world.mails_to("pruefer@example.org").len(), world.mails_to(BILLING).len()), (1, 2));
    operator.post(&resend, &[("to", "")]).await;
    world.settle().await;
    assert_eq!(world.mails_to(BILLING).len(), 3, "the other address was for one mail");
    for (name, person, to, expected) in [
        ("no address", &operator, "nobody", "mail=address"),
        ("a list of addresses", &operator, "a@example.org, b@example.org", "mail=address"),
    ] {
        assert!(person.post(&resend, &[("to", to)]).await.headers["location"].contains(expected), "{name}");
    }
    assert_eq!(
        customer.post(&resend, &[("to", "freund@example.org")]).await.status,
        403,
        "the customer's own address only"
    );

    // Ten in an hour, then no more until the next.
    let mut said = String::new();
    for _ in 0..12 {
        said = operator.post(&resend, &[]).await.headers["location"].clone();
        world.settle().await;
    }
    assert!(said.contains("mail=too-many"), "{said}");
    assert_eq!(
        world.mails_to(BILLING).len() + world.mails_to("pruefer@example.org").len(),
        11,
        "the first and ten more"
    );
    let page = operator.get(&format!("{path}?lang=de&mail=too-many")).await;
    assert!(page.body.contains("Bitte versuchen Sie es später"));
    let nobody = format!("/console/invoices/{}/inv_nix/resend", world.account);
    assert_eq!(operator.post(&nobody, &[]).await.status, 404);
    world
        .world
        .table
        .allow(&Email::parse("fremd@example.org").unwrap(), &world.add_account("acc_fremd", |_| ()).await)
        .await
        .unwrap();
    let stranger = Person::sign_in(&world, "fremd@example.org").await;
    assert_eq!(stranger.post(&resend, &[]).await.status, 404, "nobody else's");
}

/// Nobody is reminded of an invoice that came back; sent to the right address it is due anew.
#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_whose_mail_came_back_is_not_reminded_of() {
    let world = billed().await;
    world.world.table.save_dunning_table(&DunningTable::usual()).await.unwrap();
    let path = invoice_path(&world).await;
    let invoice = keys::invoice(&world.account, &world.invoices(&world.account).await[0].invoice.id);
    world.world.table.note_mail_failure(&invoice, MailFailure::Bounced, world.world.clock.now()).await.unwrap();
    world.travel("2027-01-20T09:00:00+01:00").await;
    assert_eq!(world.mails_to(BILLING).len(), 1, "no reminder");
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    assert!(operator.get("/console/dunning?lang=de").await.body.contains("E-Mail kam nicht an"));
    operator.post(&format!("{path}/resend?lang=de"), &[]).await;
    world.settle().await;
    assert_eq!(attribute(&world, "due_anew_on").await.as_deref(), Some("2027-02-03"), "two weeks from now");
    world.travel("2027-02-09T20:00:00+01:00").await;
    assert_eq!(world.mails_to(BILLING).len(), 2);
    world.travel("2027-02-10T09:00:00+01:00").await;
    assert!(world.mails_to(BILLING)[2].subject.starts_with("Zahlungserinnerung"));
}

/// What an attempt failed of is noted beside the item: noted on it, it would come through the stream as one more attempt.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_fails_is_tried_as_often_as_its_record_comes_and_no_more() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.watch.trouble(Trouble::NoMail);
    world.register_people("fest", "yes", 1).await;
    world.settle().await;
    let tried = world.watch.take().iter().filter(|operation| *operation == "SendEmail").count();
    assert_eq!(tried, 6, "once, and five times more as the template says");
    world.watch.trouble(Trouble::None);
    world.settle().await;
    assert_eq!(world.mails().len(), 0, "the stream has given it up");
    world.travel("2026-11-02T09:17:00+01:00").await;
    assert_eq!(world.mails().len(), 1, "the timers find what is owed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_given_up_is_listed_and_sent_again() {
    let world = before_billing().await;
    world.watch.trouble(Trouble::NoMail);
    // When its ten tries are due: after an hour, two, three, five, nine, 17 and then every 16 hours, and something.
    for hour in [0, 1, 2, 3, 4, 6, 10, 18, 34, 50, 66, 82, 98] {
        world.world.runner.travel(at("2026-12-01T02:30:00Z") + TimeDelta::hours(hour)).await.unwrap();
    }
    world.watch.trouble(Trouble::None);
    let given_up = world.world.table.given_up().await.unwrap();
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0].owed, Owed { notice: Notice::InvoiceIssued, revision: 1 });
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = operator.get("/console/delivery?lang=de").await;
    for text in ["Aufgegebene E-Mails", "SES is not available", "E-Mails und Dokumente", "von acc_10001"] {
        assert!(page.body.contains(text), "{text}");
    }
    let item = &given_up[0].item;
    let fields = [("pk", item.pk.as_str()), ("sk", item.sk.as_str())];
    let reply = operator.post("/console/delivery/given-up?lang=de", &fields).await;
    assert!(reply.headers["location"].contains("done=1"), "{:?}", reply.headers);
    let reply = operator.post("/console/delivery/given-up?lang=de", &fields).await;
    assert!(reply.headers["location"].contains("done=0"), "a second click finds nothing");
    world.settle().await;
    assert_eq!(world.mails_to(BILLING).len(), 1);
    assert!(world.world.table.given_up().await.unwrap().is_empty());

    // What failed on the way lies in the dead letters. Tried again, it finds the mail sent.
    let dead = world.world.runner.dead_letters().len();
    assert!((10..=15).contains(&dead), "one for each try, {dead} in all");
    let reply = operator.post("/console/delivery/deliver?lang=de", &[("message", "all")]).await;
    assert!(reply.headers["location"].contains(&format!("done={dead}")), "{:?}", reply.headers);
    world.settle().await;
    assert!(world.world.runner.dead_letters().is_empty());
    assert_eq!(world.mails_to(BILLING).len(), 1, "nothing is sent twice");
    let page = operator.get("/console/delivery?lang=de").await;
    assert!(page.body.contains("Alles ist zugestellt"), "{}", page.body);
}

/// Messages of each queue go back to where they came from, or are dropped where nothing needs them.
#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_of_every_queue_are_listed_and_go_back_one_by_one() {
    let world = billed().await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let sqs = world.world.environment.sqs();
    let invoice = world.invoices(&world.account).await[0].invoice.id.clone();
    let place = format!(r#"{{"pk":"ACCOUNT#{}","sk":"INVOICE#{invoice}"}}"#, world.account);
    let letters = [
        ("deliver", place.as_str(), "von acc_10001"),
        ("invoice-run", r#"{"month":"2026-11","shard":2}"#, "Teil 3 des Rechnungslaufs"),
        ("archive", r#"{"export":"nix"}"#, "Export für die Prüfung"),
        ("mail-events", r#"{"source":"aws.ses","detail":{}}"#, "Rückmeldung des Maildienstes"),
        ("stream", r#"{"DDBStreamBatchInfo":{}}"#, "Stelle im Änderungsstrom"),
        ("schedules", "{}", "Start einer Funktion"),
    ];
    for (queue, body, _) in letters {
        let url = format!("{}/_local/aws/sqs/{queue}-dead", world.world.origin);
        // The same twice, and once more in other letters.
        for body in [body.to_owned(), body.to_owned(), format!("{body} ")] {
            sqs.send_message().queue_url(&url).message_body(body).send().await.unwrap();
        }
    }
    for _ in 0..2 {
        let page = operator.get("/console/delivery?lang=de").await;
        for (queue, _, words) in letters {
            assert_eq!(page.body.matches(words).count(), 2, "{queue}: a look takes nothing away");
        }
        assert_eq!(page.body.matches("2×").count(), letters.len(), "the same stands there once");
        assert!(page.body.contains(&format!("/console/invoices/{}/{invoice}", world.account)));
    }
    for (queue, _, words) in letters {
        let page = operator.get("/console/delivery?lang=de").await;
        let form = page.body.split(&format!("/console/delivery/{queue}?")).nth(1).unwrap();
        let message = form.split(r#"name="message" value=""#).nth(1).unwrap().split('"').next().unwrap();
        let address = format!("/console/delivery/{queue}?lang=de");
        let reply = operator.post(&address, &[("message", message)]).await;
        let taken = message.split(',').count();
        assert!(reply.headers["location"].contains(&format!("done={taken}")), "{queue}: {:?}", reply.headers);
        let page = operator.get("/console/delivery?lang=de").await;
        assert_eq!(page.body.matches(words).count(), 1, "{queue}: the other one stays");
        // Where nothing is to be tried again it may as well be discarded.
        operator
            .post(&address, &[("message", "all"), ("action", if queue == "archive" { "discard" } else { "" })])
            .await;
    }
    world.settle().await;
    assert!(world.world.runner.dead_letters().is_empty(), "{:?}", world.world.runner.dead_letters());
    assert_eq!(world.mails_to(BILLING).len(), 1, "what is done is recognised");
    assert_eq!(operator.post("/console/delivery/nix", &[("message", "all")]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_link_ends_after_400_days_or_when_it_is_revoked() {
    let world = billed().await;
    let link = world.link_in(&world.mails_to(BILLING)[0]);
    assert_eq!(world.get(&link).await.status, 200);
    let changed = link.replace("acc_10001", "acc_10002");
    assert_eq!(world.get(&changed).await.status, 404, "another account's");

    // Another mail brings another link, which works from its own day on.
    world.travel("2026-12-08T10:00:00+01:00").await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = invoice_path(&world).await;
    operator.post(&format!("{path}/resend?lang=de"), &[]).await;
    world.settle().await;
    let fresh = world.link_in(world.mails_to(BILLING).last().unwrap());
    assert_ne!(link, fresh);
    let late = async |link: &str, now: &str| {
        let before = world.world.clock.now();
        world.world.clock.set(at(now));
        let page = world.get(link).await;
        let posted = world.post_form(link, &[]).await.status;
        world.world.clock.set(before);
        (page, posted)
    };
    let (page, _) = late(&link, "2028-01-05T12:00:00+01:00").await;
    assert_eq!(page.status, 200, "its last day: 400 days after 2026-12-01");
    let (page, posted) = late(&link, "2028-01-06T00:00:00+01:00").await;
    assert!(page.status == 410 && page.body.contains("Dieser Link ist abgelaufen"), "{}", page.body);
    assert!(!page.body.contains("Musterhaus") && page.body.contains("/console/sign-in"), "nothing of the invoice");
    assert_eq!(posted, 410, "and nothing is paid through it");
    let (page, _) = late(&fresh, "2028-01-12T23:59:00+01:00").await;
    assert_eq!(page.status, 200, "400 days after 2026-12-08");

    let reply = operator.post(&format!("{path}/links?lang=de"), &[]).await;
    assert!(reply.headers["location"].contains("mail=revoked"));
    for revoked in [&link, &fresh] {
        assert_eq!(world.get(revoked).await.status, 404, "revoked");
    }
    operator.post(&format!("{path}/resend?lang=de"), &[]).await;
    world.settle().await;
    assert_eq!(world.get(&world.link_in(world.mails_to(BILLING).last().unwrap())).await.status, 200);
}
