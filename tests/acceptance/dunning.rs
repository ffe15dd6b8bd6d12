//! Reminders of unpaid invoices over months of a movable clock (I6): every level once, nothing after payment or a stop.

use aws_sdk_dynamodb::types::{DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate};
use domain::dunning::DunningTable;
use domain::payment::PaymentState;
use local::mailbox::MailSummary;
use local::world::DEMO_EMAIL;
use platform::table::Range;
use platform::table::dunning::When;
use platform::table::invoices::Standing;
use platform::table::keys;

use crate::harness::{TestWorld, at, day};
use crate::setup::{ACCOUNT, OPERATOR, Person, hidden, with, wrong};
use crate::watch::Trouble;

const TO: &str = "buchhaltung@musterhaus.example";

/// A world with an invoice of 1 December 2026 over 17.85 €, due on 15 December, and the usual levels.
async fn invoiced() -> TestWorld {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.world.table.save_dunning_table(&DunningTable::usual()).await.unwrap();
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    world.travel("2026-12-01T09:00:00+01:00").await;
    assert_eq!(standing(&world).await.invoice.due_on, day("2026-12-15"));
    world
}

async fn standing(world: &TestWorld) -> Standing {
    world.invoices(&world.account).await.remove(0)
}

/// Subjects of the reminders, in the order sent.
fn reminders(world: &TestWorld) -> Vec<MailSummary> {
    let all = world.mails_to(TO).into_iter();
    all.filter(|mail| mail.subject.contains(": Rechnung ")).collect()
}

fn titles(world: &TestWorld) -> Vec<String> {
    reminders(world).iter().map(|mail| mail.subject.split(':').next().unwrap().to_owned()).collect()
}

async fn page(world: &TestWorld) -> String {
    format!("/console/dunning/{}/{}", world.account, standing(world).await.invoice.id)
}

/// Pays as the provider tells it: the amount in cents is added to what was received.
async fn pay(world: &TestWorld, cents: i64) {
    let received = domain::payment::Received {
        account: world.account.clone(),
        invoice: standing(world).await.invoice.id,
        amount: domain::money::Money::from_cents(cents, domain::money::Currency::Eur).unwrap(),
        payment: format!("pi_{cents}_{}", world.world.clock.now().timestamp()),
    };
    let now = world.world.clock.now();
    world.world.table.book_payment("stripe", &format!("evt_{}", received.payment), &received, now).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_level_goes_out_once_on_its_day_with_its_fee() {
    let world = invoiced().await;
    for (time, expected) in [
        ("2026-12-22T07:59:00+01:00", &[][..]),
        ("2026-12-22T08:01:00+01:00", &["Zahlungserinnerung"]),
        ("2027-01-05T07:59:00+01:00", &["Zahlungserinnerung"]),
        ("2027-01-05T09:00:00+01:00", &["Zahlungserinnerung", "1. Mahnung"]),
        ("2027-01-19T09:00:00+01:00", &["Zahlungserinnerung", "1. Mahnung", "2. und letzte Mahnung"]),
        // Through both changes of the clock, and never again.
        ("2027-11-02T09:00:00+01:00", &["Zahlungserinnerung", "1. Mahnung", "2. und letzte Mahnung"]),
    ] {
        world.travel(time).await;
        assert_eq!(titles(&world), expected, "{time}");
    }
    // The same pass again adds nothing (G4).
    world.run_everything("2026-11").await;
    assert_eq!(reminders(&world).len(), 3);
    let standing = standing(&world).await;
    assert_eq!((standing.dunned.level, standing.dunned.charged.plain().as_str()), (3, "10.00"));
    assert_eq!(standing.claim().plain(), "27.85");

    let mails = reminders(&world);
    let texts: Vec<String> = mails.iter().map(|mail| mail.text.clone().unwrap()).collect();
    for (text, words) in [
        (
            &texts[0],
            ["Offener Betrag: 17,85\u{a0}€", "Fällig seit: 15. Dezember 2026", "Zahlbar bis: 29. Dezember 2026"],
        ),
        (
            &texts[1],
            ["Gebühren: 5,00\u{a0}€", "Offener Betrag: 22,85\u{a0}€", "neun Prozentpunkten über dem Basiszinssatz"],
        ),
        (
            &texts[2],
            ["Gebühren: 10,00\u{a0}€", "Offener Betrag: 27,85\u{a0}€", "gerichtlich oder durch ein Inkassounternehmen"],
        ),
    ] {
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
    assert!(!texts[0].contains("Gebühren") && !texts[0].contains("Basiszinssatz"), "the first is friendly");
    // What is paid online is the claim with its fees.
    let pay = world.get(&world.link_in(&mails[2])).await.body;
    assert!(pay.contains("Gebühren für verspätete Zahlung") && pay.contains("10,00\u{a0}€"), "{pay}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_before_the_operator_has_seen_the_levels() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    world.travel("2027-02-01T02:00:00+01:00").await;
    assert!(titles(&world).is_empty());
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = person.get("/console/dunning?lang=de").await.body;
    assert!(page.contains("Noch wird niemand gemahnt") && page.contains("RE-2026-00001"), "{page}");
    let form = person.get("/console/dunning/levels?lang=de").await.body;
    assert!(form.contains("Dies ist ein Vorschlag") && form.contains("Zahlungserinnerung"), "{form}");
    let level = [
        ("levels[0].title_de", "Erinnerung"),
        ("levels[0].title_en", "Reminder"),
        ("levels[0].after_days", "3"),
        ("levels[0].pay_within_days", "5"),
        ("levels[0].fee", "2,50"),
        ("levels[0].text_de", "bitte denken Sie an die Rechnung."),
        ("levels[0].text_en", "please think of the invoice."),
    ];
    let path = "/console/dunning/levels?lang=de";
    let refused = person.post(path, &with(&level, &[("levels[0].fee", "51"), ("levels[0].after_days", "")])).await;
    assert_eq!(wrong(&refused), ["levels[0].after_days", "levels[0].fee"]);
    assert_eq!(person.post(path, &level).await.status, 303);
    assert!(person.get(path).await.body.contains(r#"value="2,5""#));
    // What has been due for long is reminded of within a week.
    world.travel("2027-02-08T20:00:00+01:00").await;
    assert_eq!(titles(&world), ["Erinnerung"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paid_or_stopped_is_not_reminded_of() {
    // Paid the evening before the first level, in two parts.
    let world = invoiced().await;
    world.travel("2026-12-21T20:00:00+01:00").await;
    pay(&world, 1000).await;
    pay(&world, 785).await;
    world.travel("2027-03-01T09:00:00+01:00").await;
    assert!(titles(&world).is_empty(), "paid");

    // A part is not enough; the invoice without its fees is.
    let world = invoiced().await;
    pay(&world, 1784).await;
    world.travel("2027-01-05T09:00:00+01:00").await;
    assert_eq!(titles(&world), ["Zahlungserinnerung", "1. Mahnung"]);
    assert!(reminders(&world)[1].text.as_deref().unwrap().contains("Offener Betrag: 5,01\u{a0}€"));
    pay(&world, 1).await;
    world.travel("2027-03-01T09:00:00+01:00").await;
    assert_eq!(titles(&world).len(), 2, "fees alone are not reminded of");

    // The account is stopped, and goes on later with the level it had reached.
    let world = invoiced().await;
    world.travel("2026-12-22T09:00:00+01:00").await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = format!("/console/accounts/{}", world.account);
    let account = with(ACCOUNT, &[("billing_email", TO)]);
    person.post(&path, &with(&account, &[("dunning_stopped", "Ratenzahlung vereinbart")])).await;
    world.travel("2027-02-01T09:00:00+01:00").await;
    assert_eq!(titles(&world), ["Zahlungserinnerung"], "stopped");
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    assert!(person.get("/console/dunning?lang=de").await.body.contains("Konto wird nicht gemahnt"));
    person.post(&path, &account).await;
    world.travel("2027-02-02T09:00:00+01:00").await;
    assert_eq!(titles(&world), ["Zahlungserinnerung", "1. Mahnung"]);
    world.travel("2027-02-15T20:00:00+01:00").await;
    assert_eq!(titles(&world).len(), 2, "the next one two weeks later, not at once");
}

/// Who pays before the reminder could go out was never asked for its fee.
#[tokio::test(flavor = "multi_thread")]
async fn the_fee_of_a_reminder_that_need_not_go_out_is_taken_back() {
    let world = invoiced().await;
    world.travel("2027-01-04T20:00:00+01:00").await;
    world.watch.trouble(Trouble::NoMail);
    world.travel("2027-01-05T08:05:00+01:00").await;
    assert_eq!(standing(&world).await.dunned.charged.plain(), "5.00");
    pay(&world, 1785).await;
    world.watch.trouble(Trouble::None);
    world.travel("2027-01-05T10:00:00+01:00").await;
    let paid = standing(&world).await;
    assert_eq!((paid.payment(), paid.dunned.charged.plain().as_str()), (PaymentState::Paid, "0.00"));
    assert_eq!(titles(&world), ["Zahlungserinnerung"], "nobody is asked for what is paid");
    let postings = Range::Prefix("REMINDER#".to_owned());
    let postings = world.world.table.all(&format!("LEDGER#{}", world.account), &postings).await.unwrap();
    assert_eq!(postings.len(), 2, "the fee and what takes it back");
}

/// Nobody is late with what never reached them: the time to pay begins with the first mail.
#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_whose_mail_first_went_out_late_is_due_anew() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.world.table.save_dunning_table(&DunningTable::usual()).await.unwrap();
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    world.watch.trouble(Trouble::NoMail);
    world.travel("2026-12-01T09:00:00+01:00").await;
    world.travel("2026-12-21T09:00:00+01:00").await;
    world.watch.trouble(Trouble::None);
    world.travel("2026-12-21T18:00:00+01:00").await;
    let late = standing(&world).await;
    assert_eq!(late.due_on(), day("2027-01-04"), "two weeks, as at first");
    assert!(!late.is_overdue(day("2027-01-04")) && late.is_overdue(day("2027-01-05")));
    let mail = world.mails_to(TO).pop().unwrap();
    assert!(mail.text.as_deref().unwrap().contains("4. Januar 2027"), "{mail:?}");
    world.travel("2027-01-10T20:00:00+01:00").await;
    assert!(titles(&world).is_empty());
    world.travel("2027-01-11T09:00:00+01:00").await;
    assert_eq!(titles(&world), ["Zahlungserinnerung"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paid_with_its_fees_is_no_credit() {
    let world = invoiced().await;
    world.travel("2027-01-05T09:00:00+01:00").await;
    pay(&world, 1785).await;
    assert_eq!(standing(&world).await.payment(), PaymentState::PartlyPaid, "the fee is open");
    pay(&world, 500).await;
    let paid = standing(&world).await;
    assert_eq!((paid.payment(), paid.credited.is_zero()), (PaymentState::Paid, true));
    pay(&world, 100).await;
    assert_eq!(standing(&world).await.credited.plain(), "1.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_stops_an_invoice_sends_at_once_and_passes_on_a_bank_fee() {
    let world = invoiced().await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    assert!(person.get("/console/dunning?lang=de").await.body.contains("Nichts ist überfällig"), "not due yet");
    world.travel("2026-12-16T09:00:00+01:00").await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let list = person.get("/console/dunning?lang=de").await.body;
    assert!(list.contains("RE-2026-00001") && list.contains("Zahlungserinnerung, am 22.12.2026"), "{list}");
    let path = page(&world).await;
    assert_eq!(wrong(&person.post(&format!("{path}/pause"), &[("reason", "")]).await), ["reason"]);
    person.post(&format!("{path}/pause"), &[("reason", "Rückfrage")]).await;
    world.travel("2027-01-04T09:00:00+01:00").await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    assert!(titles(&world).is_empty() && person.get(&path).await.body.contains("Rückfrage"));
    person.post(&format!("{path}/resume"), &[]).await;
    world.travel("2027-01-04T09:05:00+01:00").await;
    assert_eq!(titles(&world), ["Zahlungserinnerung"]);

    // At once, and a second click on the same form sends nothing more.
    for _ in 0..2 {
        assert_eq!(person.post(&format!("{path}/now"), &[("level", "2")]).await.status, 303);
    }
    world.settle().await;
    assert_eq!(titles(&world), ["Zahlungserinnerung", "1. Mahnung"]);
    assert_eq!(wrong(&person.post(&format!("{path}/debit"), &[("fee", "viel")]).await), ["fee"]);
    for _ in 0..2 {
        assert_eq!(person.post(&format!("{path}/debit"), &[("fee", "3,20")]).await.status, 303);
    }
    assert_eq!(standing(&world).await.dunned.charged.plain(), "8.20", "noted once a day");
    world.travel("2027-01-18T09:00:00+01:00").await;
    let last = reminders(&world).pop().unwrap();
    let text = last.text.unwrap();
    assert!(last.subject.starts_with("2. und letzte Mahnung"), "{}", last.subject);
    for word in ["Gebühren: 13,20\u{a0}€", "Lastschrift wurde am 4. Januar 2027 zurückgegeben"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    // Nobody else finds these pages.
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    person
        .post(&format!("/console/accounts/{}", world.account), &with(ACCOUNT, &[("users", "user@example.org")]))
        .await;
    let user = Person::sign_in(&world, "user@example.org").await;
    for path in ["/console/dunning", "/console/dunning/levels", &path] {
        assert_eq!(user.get(path).await.status, 404, "{path}");
    }
    assert_eq!(user.post(&format!("{path}/now"), &[("level", "3")]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_debit_is_reminded_of_only_when_it_came_back_z6() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.world.table.save_dunning_table(&DunningTable::usual()).await.unwrap();
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    person
        .post(
            "/console/operator",
            &with(OPERATOR, &[("creditor_id", "DE98ZZZ09999999999"), ("payment_term_days", "14")]),
        )
        .await;
    let mandate = [
        ("billing_email", TO),
        ("payment", "direct_debit"),
        ("mandate_reference", "M-1"),
        ("mandate_signed_on", "2026-10-15"),
        ("mandate_iban", "DE89370400440532013000"),
        ("mandate_holder", "Verein"),
    ];
    let done = person.post(&format!("/console/accounts/{}", world.account), &with(ACCOUNT, &mandate)).await;
    assert_eq!(done.status, 303, "{}", done.body);
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    world.travel("2027-02-01T09:00:00+01:00").await;
    assert!(titles(&world).is_empty(), "it is being collected");
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let invoice = page(&world).await.replace("/dunning/", "/invoices/");
    assert!(!person.get(&format!("{invoice}?lang=de")).await.body.contains("Online bezahlen"), "it is collected");
    // It was entered as collected, before the bank took it back.
    let form = person.get(&format!("{invoice}/payment?lang=de")).await;
    let id = hidden(&form, "payment");
    assert!(form.body.contains("Die Bank hat eine Lastschrift zurückgegeben"), "{}", form.body);
    let fields = [("payment", id.as_str()), ("amount", "17,85"), ("received_on", "2026-12-04")];
    assert_eq!(person.post(&format!("{invoice}/payment?lang=de"), &fields).await.status, 303);
    let debit = page(&world).await;
    assert!(person.get(&format!("{debit}?lang=de")).await.body.contains(r#"name="amount" type="text" value="17,85""#));
    let refused = person.post(&format!("{debit}/debit?lang=de"), &[("amount", "1.000 €"), ("fee", "viel")]).await;
    assert_eq!(wrong(&refused), ["amount", "fee"]);
    for _ in 0..2 {
        let noted = person.post(&format!("{debit}/debit"), &[("amount", "17,85 €"), ("fee", "3,00 €")]).await;
        assert_eq!(noted.status, 303, "{}", noted.body);
    }
    assert_eq!(crate::cancellations::ledger(&world, "bank").await, (0, 0));
    assert!(person.get(&format!("{invoice}?lang=de")).await.body.contains("Online bezahlen"), "it came back");
    world.travel("2027-02-07T20:00:00+01:00").await;
    assert!(titles(&world).is_empty());
    world.travel("2027-02-08T09:00:00+01:00").await;
    assert_eq!(titles(&world), ["Zahlungserinnerung"]);
    assert!(reminders(&world)[0].text.as_deref().unwrap().contains("Gebühren: 3,00\u{a0}€"));
}

/// The pass dies at each of its calls, or loses the reply; in the end the level was reached once, with one fee (G4).
#[tokio::test(flavor = "multi_thread")]
async fn whatever_call_the_pass_dies_at_a_level_is_reached_once() {
    let world = invoiced().await;
    world.travel("2027-01-05T07:59:00+01:00").await;
    world.world.clock.set(at("2027-01-05T08:30:00+01:00"));
    let functions = world.world.functions().unwrap();
    for calls in 0..24 {
        let trouble = if calls % 2 == 0 { Trouble::DiesAfter(calls) } else { Trouble::LosesReplyAfter(calls + 1) };
        world.watch.trouble(trouble);
        let _ = functions.timers.handle().await;
        world.watch.trouble(Trouble::None);
    }
    world.travel("2027-01-06T09:00:00+01:00").await;
    let standing = standing(&world).await;
    assert_eq!((standing.dunned.level, standing.dunned.charged.plain().as_str()), (2, "5.00"));
    let mut sent: Vec<String> = reminders(&world).into_iter().map(|mail| mail.message_id).collect();
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 2, "a mail that went out twice around a crash is the same message");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_passes_at_once_and_a_payment_in_between_reach_no_level_twice() {
    let world = invoiced().await;
    world.travel("2026-12-22T07:00:00+01:00").await;
    let key = keys::invoice(&world.account, &standing(&world).await.invoice.id);
    let table = DunningTable::usual();
    let now = at("2026-12-22T09:00:00+01:00");
    let remind = || world.world.table.remind(&key, &table, When::Due, now);
    let (first, second, third) = tokio::join!(remind(), remind(), remind());
    let reached = [first, second, third]
        .into_iter()
        .filter(|looked| matches!(looked, Ok(platform::table::dunning::Looked::Reached(_))));
    assert_eq!(reached.count(), 1);
    assert_eq!(standing(&world).await.dunned.level, 1);
    // The mail of the first level has not gone out: nobody is reminded of what never reached them.
    let later = at("2027-01-06T09:00:00+01:00");
    let looked = world.world.table.remind(&key, &table, When::Due, later).await.unwrap();
    assert_eq!((looked, standing(&world).await.dunned.level), (platform::table::dunning::Looked::Noted, 1));
    // Paid before its mail could go out: it does not.
    pay(&world, 1785).await;
    world.settle().await;
    assert!(titles(&world).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_an_earlier_version_gets_the_index_at_the_next_start() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let client = world.world.environment.dynamodb();
    let tables = client.list_tables().send().await.unwrap();
    let name = tables.table_names().first().unwrap();
    let delete = DeleteGlobalSecondaryIndexAction::builder().index_name("open").build().unwrap();
    let update = GlobalSecondaryIndexUpdate::builder().delete(delete).build();
    client.update_table().table_name(name).global_secondary_index_updates(update).send().await.unwrap();
    assert!(world.world.table.open_invoices(None, 1).await.is_err());
    let world = world.restart().await;
    assert!(world.world.table.open_invoices(None, 1).await.unwrap().is_empty());
}
