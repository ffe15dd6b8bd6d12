//! Binding offers from the first line to the final invoice (O1, G4).

use domain::ids::{InvoiceId, OfferId};
use domain::invoice::InvoiceKind;
use domain::money::{Currency, Money};
use domain::offer::policy::{BillingPolicy, DownPayment};
use domain::offer::state::{How, Standing, State};
use local::world::DEMO_EMAIL;
use platform::table::offers::Kept;

use crate::harness::{Reply, TestWorld};
use crate::manual::{NOW, issue};
use crate::setup::{Person, hidden, with, wrong};
use crate::watch::Trouble;

const BILLING: &str = "buchhaltung@musterhaus.example";

const OFFER: &[(&str, &str)] = &[
    ("action", "save"),
    ("revision", "0"),
    ("title", "Einrichtung und Schulung"),
    ("items[0].text", "Einrichtung"),
    ("items[0].quantity", "1"),
    ("items[0].unit", "lump-sum"),
    ("items[0].unit_price", "1.000"),
    ("items[0].vat", "19"),
    ("items[1].text", "Handbücher"),
    ("items[1].quantity", "10"),
    ("items[1].unit", "piece"),
    ("items[1].unit_price", "12,50"),
    ("items[1].vat", "7"),
    ("deliver_on", "2026-12-15"),
    ("valid_until", "2026-12-11"),
    ("note", "Anfahrt inbegriffen"),
];

/// Writes an offer and gives the address of its page.
async fn write(person: &Person<'_>, world: &TestWorld) -> String {
    let path = format!("/console/offers/{}/new?lang=de", world.account);
    let id = hidden(&person.get(&path).await, "offer");
    let done = person.post(&path, &with(OFFER, &[("offer", &id)])).await;
    assert_eq!(done.status, 303, "{}", done.body);
    done.headers["location"].clone()
}

async fn act(person: &Person<'_>, page: &str, fields: &[(&str, &str)]) -> Reply {
    person.post(page, fields).await
}

async fn kept(world: &TestWorld, page: &str) -> Kept {
    let id = page.split('?').next().unwrap().rsplit('/').next().unwrap();
    world.world.table.offer(&world.account, &OfferId::parse(id).unwrap()).await.unwrap()
}

/// A third of what is above 500 is asked for in advance.
async fn ask_for_a_third(world: &TestWorld) {
    let above = Money::parse("500.00", Currency::Eur).unwrap();
    let down_payment = DownPayment::new(above, "33.33".parse().unwrap()).ok();
    world.world.table.save_policy(&BillingPolicy { down_payment }).await.unwrap();
}

/// Sends an offer and gives the customer's link.
async fn send(person: &Person<'_>, world: &TestWorld, page: &str) -> String {
    assert_eq!(act(person, page, &[("action", "send")]).await.status, 303);
    world.settle().await;
    let number = kept(world, page).await.offer.number();
    world.link_in(world.mails_to(BILLING).iter().find(|mail| mail.subject.contains(&number)).unwrap())
}

async fn accept(world: &TestWorld, link: &str) -> Reply {
    let content = hidden(&world.get(link).await, "content");
    let fields = [("action", "accept"), ("name", "Anna Berger"), ("agreed", "yes"), ("content", content.as_str())];
    world.post_form(link, &fields).await
}

async fn nets(world: &TestWorld) -> Vec<(InvoiceKind, String, String)> {
    let row = |one: &platform::table::invoices::Standing| {
        let totals = &one.invoice.draft.totals;
        (one.invoice.draft.kind, totals.net.plain(), totals.gross.plain())
    };
    world.invoices(&world.account).await.iter().map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story from the first step to the last")]
async fn an_offer_is_written_sent_accepted_paid_in_part_delivered_and_settled() {
    let world = TestWorld::start(NOW).await;
    ask_for_a_third(&world).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = write(&person, &world).await;
    let draft = person.get(&page).await.body;
    for text in [
        "Einrichtung und Schulung",
        "1.125,00\u{a0}€",
        "1.323,75\u{a0}€",
        "15. Dezember 2026",
        "33,33\u{a0}%",
        "Entwurf",
    ] {
        assert!(draft.contains(text), "{text}");
    }
    let number = kept(&world, &page).await.offer.number();
    world.settle().await;
    assert!(world.mails_to(BILLING).is_empty(), "nothing is sent by writing");

    let link = send(&person, &world, &page).await;
    let mail = world.mails_to(BILLING).last().unwrap().clone();
    assert!(mail.subject.contains(&number) && mail.text.unwrap().contains("11. Dezember 2026"));
    let seen = world.get(&link).await;
    for text in [
        number.as_str(),
        "Handbücher",
        "1.323,75\u{a0}€",
        "Anfahrt inbegriffen",
        "Anzahlung von 33,33",
        "Verbindlich annehmen",
    ] {
        assert!(seen.body.contains(text), "{text}");
    }
    assert_eq!(world.get(&format!("{link}0")).await.status, 404, "forged");
    // What is wrong is said, and nothing is accepted by looking or by half.
    let content = hidden(&seen, "content");
    for (name, fields) in [
        ("no name", vec![("name", ""), ("agreed", "yes"), ("content", content.as_str())]),
        ("no tick", vec![("name", "Anna Berger"), ("content", content.as_str())]),
        ("no name with letters", vec![("name", "1"), ("agreed", "yes"), ("content", content.as_str())]),
    ] {
        let reply = world.post_form(&link, &fields).await;
        assert!(reply.status == 422 && reply.body.contains("class=\"problem\""), "{name}: {}", reply.body);
    }
    let other = world.post_form(&link, &[("name", "Anna Berger"), ("agreed", "yes"), ("content", "x")]).await;
    assert!(other.status == 409 && other.body.contains("hat sich geändert"));
    assert_eq!(kept(&world, &page).await.state, State::Sent);

    assert_eq!(accept(&world, &link).await.status, 303);
    assert!(world.get(&link).await.body.contains("Angenommen von Anna Berger am 27. November 2026"));
    let again = [("name", "Berta"), ("agreed", "yes"), ("content", content.as_str())];
    assert_eq!(world.post_form(&link, &again).await.status, 303, "a second click changes nothing");
    let accepted = kept(&world, &page).await;
    let acceptance = accepted.state.acceptance().unwrap();
    assert_eq!(
        (acceptance.name.as_str(), &acceptance.how, &acceptance.content),
        ("Anna Berger", &How::Link, &accepted.content())
    );
    // Within a minute the down payment is invoiced, and the operator knows.
    world.travel("2026-11-27T09:02:00+01:00").await;
    let third = (InvoiceKind::DownPayment, "374.96".to_owned(), "441.21".to_owned());
    assert_eq!(nets(&world).await, std::slice::from_ref(&third));
    assert!(world.mails().iter().any(|mail| mail.subject.contains("angenommen")));
    let page_now = person.get(&page).await.body;
    assert!(page_now.contains("Anzahlungsrechnung") && page_now.contains("stimmt") && page_now.contains("Anna Berger"));

    world.travel("2026-12-16T09:00:00+01:00").await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    for (day, problem) in [("", true), ("2026-12-17", false), ("2026-11-26", false)] {
        let reply = act(&person, &page, &[("action", "deliver"), ("delivered_on", day)]).await;
        assert_eq!(reply.status, 422, "{day}");
        assert_eq!(reply.body.contains("delivered_on-problem"), problem, "{day}");
    }
    let done = act(&person, &page, &[("action", "deliver"), ("delivered_on", "2026-12-15")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(act(&person, &page, &[("action", "deliver"), ("delivered_on", "2026-12-15")]).await.status, 303);
    // 1,125.00 − 374.96 net; by rate 666.70 and 83.34.
    assert_eq!(nets(&world).await, [third, (InvoiceKind::Final, "750.04".to_owned(), "882.54".to_owned())]);
    let last = world.invoices(&world.account).await.into_iter().last().unwrap().invoice;
    assert_eq!(last.draft.references[0].number, "RE-2026-00001");
    assert_eq!(last.draft.lines.iter().filter(|line| line.net.cents() < 0).count(), 2);
    assert_eq!(last.draft.lines[0].last_day.to_string(), "2026-12-15");
    let settled = kept(&world, &page).await;
    assert_eq!(
        (settled.state.on(&settled.offer, world.today()), settled.settled_by),
        (Standing::Delivered, Some(last.id))
    );
    assert!(
        person
            .get(&format!("/console/offers/{}?lang=de", world.account))
            .await
            .body
            .contains("geliefert und abgerechnet")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_changed_declined_withdrawn_or_runs_out() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = format!("/console/offers/{}/new?lang=de", world.account);
    let id = hidden(&person.get(&path).await, "offer");
    let base = with(OFFER, &[("offer", &id)]);
    for (name, changes, expected) in [
        ("no title", vec![("title", "")], vec!["title"]),
        ("a delivery in the past", vec![("deliver_on", "2026-11-26")], vec!["deliver_on"]),
        ("over already", vec![("valid_until", "2026-11-26")], vec!["valid_until"]),
        ("free", vec![("items[0].unit_price", "0"), ("items[1].unit_price", "0")], vec!["items"]),
        (
            "no number",
            vec![("items[1].quantity", "x"), ("items[0].vat", "16")],
            vec!["items[0].vat", "items[1].quantity"],
        ),
    ] {
        assert_eq!(wrong(&person.post(&path, &with(&base, &changes)).await), expected, "{name}");
    }
    // A price of the account's price list becomes an item.
    let listed = person.post(&path, &with(&base, &[("action", "add_price"), ("price", "setup")])).await;
    assert!(
        listed.status == 200 && listed.body.contains(r#"value="Einrichtung einer Veranstaltung""#),
        "{}",
        listed.body
    );
    assert!(listed.body.contains(r#"value="250""#) && listed.body.contains(r#"value="lump-sum" selected"#));
    let page = write(&person, &world).await;
    let own = kept(&world, &page).await.offer.id.to_string();
    let dearer = with(OFFER, &[("offer", &own), ("revision", "1"), ("items[0].unit_price", "2.000")]);
    assert_eq!(person.post(&path, &dearer).await.status, 303);
    assert_eq!(kept(&world, &page).await.offer.net().unwrap().plain(), "2125.00");
    let link = send(&person, &world, &page).await;
    let late = with(OFFER, &[("offer", &own), ("revision", "3")]);
    assert!(person.post(&path, &late).await.headers["location"].contains("changed=1"), "what was sent is not changed");
    assert_eq!(world.post_form(&link, &[("action", "decline")]).await.status, 303);
    assert!(world.get(&link).await.body.contains("abgelehnt"));
    assert_eq!(world.post_form(&link, &[("name", "Anna"), ("agreed", "yes"), ("content", "x")]).await.status, 409);

    let withdrawn = write(&person, &world).await;
    let link = send(&person, &world, &withdrawn).await;
    assert_eq!(act(&person, &withdrawn, &[("action", "withdraw")]).await.status, 303);
    assert!(world.get(&link).await.body.contains("gilt nicht mehr"));
    assert_eq!(accept_anyway(&world, &link).await.status, 409);

    let unanswered = write(&person, &world).await;
    let link = send(&person, &world, &unanswered).await;
    world.travel("2026-12-12T00:02:00+01:00").await;
    assert!(world.get(&link).await.body.contains("abgelaufen"));
    assert_eq!(accept_anyway(&world, &link).await.status, 409);
    assert_eq!(
        world.mails().iter().filter(|mail| mail.subject.contains("abgelaufen")).count(),
        1,
        "told once, and of this one only"
    );
    assert!(world.invoices(&world.account).await.is_empty());
}

async fn accept_anyway(world: &TestWorld, link: &str) -> Reply {
    world.post_form(link, &[("name", "Anna Berger"), ("agreed", "yes"), ("content", "x")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_is_recorded_and_a_cancelled_down_payment_is_not_deducted() {
    let world = TestWorld::start(NOW).await;
    ask_for_a_third(&world).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = write(&person, &world).await;
    send(&person, &world, &page).await;
    let reply = act(&person, &page, &[("action", "accept"), ("name", ""), ("way", "")]).await;
    assert_eq!(wrong(&reply), ["name", "way"]);
    let fields = [("action", "accept"), ("name", "Anna Berger"), ("way", "Brief vom 26. November")];
    assert_eq!(act(&person, &page, &fields).await.status, 303);
    let how = kept(&world, &page).await.state.acceptance().unwrap().how.clone();
    assert_eq!(how, How::Recorded { by: DEMO_EMAIL.to_owned(), way: "Brief vom 26. November".to_owned() });
    // The account cannot be invoiced: held, said, and tried again by hand.
    let mut account = world.world.table.account(&world.account).await.unwrap();
    let address = account.address.take();
    world.world.table.save_account(&account).await.unwrap();
    world.travel("2026-11-27T09:03:00+01:00").await;
    assert!(nets(&world).await.is_empty());
    assert!(person.get(&page).await.body.contains("Anzahlung jetzt in Rechnung stellen"));
    assert_eq!(act(&person, &page, &[("action", "down_payment")]).await.status, 422);
    account.address = address;
    world.world.table.save_account(&account).await.unwrap();
    assert_eq!(act(&person, &page, &[("action", "down_payment")]).await.status, 303);
    assert_eq!(act(&person, &page, &[("action", "down_payment")]).await.status, 303);
    let invoices = world.invoices(&world.account).await;
    assert_eq!((invoices.len(), invoices[0].invoice.draft.kind), (1, InvoiceKind::DownPayment));
    let path = format!("/console/invoices/{}/{}/cancel", world.account, invoices[0].invoice.id);
    assert_eq!(person.post(&path, &[("action", "cancel"), ("reason", "Vereinbart")]).await.status, 303);
    act(&person, &page, &[("action", "deliver"), ("delivered_on", "2026-11-27")]).await;
    let last = world.invoices(&world.account).await.into_iter().last().unwrap().invoice;
    assert_eq!((last.draft.kind, last.draft.totals.gross.plain().as_str()), (InvoiceKind::Single, "1323.75"));
}

/// An offer that was accepted, and its down payment.
async fn down_paid(person: &Person<'_>, world: &TestWorld) -> (String, InvoiceId) {
    let page = write(person, world).await;
    send(person, world, &page).await;
    act(person, &page, &[("action", "accept"), ("name", "Anna Berger"), ("way", "Brief")]).await;
    assert_eq!(act(person, &page, &[("action", "down_payment")]).await.status, 303);
    let invoice = world.invoices(&world.account).await[0].invoice.id.clone();
    (page, invoice)
}

/// What was cancelled and corrected is deducted as it was corrected, and nothing that is deducted is cancelled by itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_down_payment_is_deducted_and_stands_as_long_as_what_deducts_it() {
    let world = TestWorld::start(NOW).await;
    ask_for_a_third(&world).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let (page, down_payment) = down_paid(&person, &world).await;
    let cancel = async |invoice: &InvoiceId| {
        let path = format!("/console/invoices/{}/{invoice}/cancel?lang=de", world.account);
        person.post(&path, &[("action", "cancel"), ("reason", "Falsche Anschrift")]).await
    };
    assert_eq!(cancel(&down_payment).await.status, 303);
    let correct = format!("/console/invoices/{}/{down_payment}/correct?lang=de", world.account);
    let preview = person.post(&correct, &[]).await.headers["location"].clone();
    let deliver = [("action", "deliver"), ("delivered_on", "2026-11-27")];
    let held = act(&person, &page, &deliver).await;
    assert!(held.status == 422 && held.body.contains("ist noch ein Entwurf"), "{}", held.body);
    assert_eq!(issue(&person, &preview).await.status, 303);
    assert_eq!(act(&person, &page, &deliver).await.status, 303);

    let invoices = world.invoices(&world.account).await;
    let of = |kind| &invoices.iter().find(|one| one.invoice.draft.kind == kind).unwrap().invoice;
    let (correction, last) = (of(InvoiceKind::Correction), of(InvoiceKind::Final));
    assert_eq!(last.draft.references, [correction.reference()]);
    let both = last.draft.totals.gross.plus(correction.draft.totals.gross).unwrap();
    assert_eq!(both.plain(), "1323.75", "no more is asked for than was offered");

    // The corrected one could not be cancelled without anybody asking for its part.
    let refused = cancel(&correction.id).await;
    assert!(refused.status == 422 && refused.body.contains("Stornieren Sie zuerst jene"), "{}", refused.body);
    assert_eq!(cancel(&last.id).await.status, 303);
    assert_eq!(cancel(&correction.id).await.status, 303);
    // What deducted a part that is gone is not made again, neither before that part is corrected nor after.
    let correct = async |invoice: &InvoiceId| {
        let path = format!("/console/invoices/{}/{invoice}/correct?lang=de", world.account);
        person.post(&path, &[]).await.headers["location"].clone()
    };
    assert!(correct(&last.id).await.contains("uncorrectable=1"));
    for _ in 0..2 {
        assert!(correct(&correction.id).await.contains("/drafts/"));
    }
    let refused = correct(&last.id).await;
    assert!(
        !refused.contains("/drafts/") && person.get(&refused).await.body.contains("Schreiben Sie eine neue Rechnung"),
        "{refused}"
    );
}

/// One that was cancelled before the whole was invoiced is not invoiced once more after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_down_payment_is_not_corrected_once_the_whole_is_invoiced() {
    let world = TestWorld::start(NOW).await;
    ask_for_a_third(&world).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let (page, down_payment) = down_paid(&person, &world).await;
    let path = format!("/console/invoices/{}/{down_payment}", world.account);
    person.post(&format!("{path}/cancel"), &[("action", "cancel"), ("reason", "Vereinbart")]).await;
    assert!(person.get(&format!("{path}?lang=de")).await.body.contains("Rechnungskorrektur vorbereiten"));
    act(&person, &page, &[("action", "deliver"), ("delivered_on", "2026-11-27")]).await;
    assert!(!person.get(&format!("{path}?lang=de")).await.body.contains("Rechnungskorrektur vorbereiten"));
    assert!(person.post(&format!("{path}/correct"), &[]).await.headers["location"].contains("uncorrectable=1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_dies_an_offer_is_invoiced_once() {
    let world = TestWorld::start(NOW).await;
    ask_for_a_third(&world).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let functions = world.world.functions().unwrap();
    for calls in 0..18 {
        let page = write(&person, &world).await;
        let link = send(&person, &world, &page).await;
        let content = hidden(&world.get(&link).await, "content");
        let fields = [("name", "Anna Berger"), ("agreed", "yes"), ("content", content.as_str())];
        let trouble =
            if calls % 2 == 0 { Trouble::DiesAfter(calls / 2) } else { Trouble::LosesReplyAfter(calls / 2 + 1) };
        world.watch.trouble(trouble);
        let _ = world.post_form(&link, &fields).await;
        world.watch.trouble(Trouble::None);
        assert_eq!(world.post_form(&link, &fields).await.status, 303, "{trouble:?}");
        // The timers read four partitions before they come to the down payment.
        let deeper =
            if calls % 2 == 0 { Trouble::DiesAfter(calls / 2 + 4) } else { Trouble::LosesReplyAfter(calls / 2 + 5) };
        world.watch.trouble(deeper);
        let _ = functions.timers.handle().await;
        world.watch.trouble(Trouble::None);
        functions.timers.handle().await.unwrap();
        functions.timers.handle().await.unwrap();
        let deliver = [("action", "deliver"), ("delivered_on", "2026-11-27")];
        world.watch.trouble(trouble);
        let _ = act(&person, &page, &deliver).await;
        world.watch.trouble(Trouble::None);
        assert_eq!(act(&person, &page, &deliver).await.status, 303, "{trouble:?}");
    }
    let found = nets(&world).await;
    assert_eq!(found.len(), 36);
    for kind in [InvoiceKind::DownPayment, InvoiceKind::Final] {
        assert_eq!(found.iter().filter(|(found, ..)| *found == kind).count(), 18, "{kind:?}");
    }
    let mut numbers: Vec<u64> =
        world.invoices(&world.account).await.iter().map(|one| one.invoice.number.sequence).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=36).collect::<Vec<u64>>());
}
