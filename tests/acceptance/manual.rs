//! Invoices written by hand: entered, looked at, issued once (I1, I4, G4).

use std::collections::BTreeSet;

use domain::ids::{AccountId, InvoiceId};
use domain::invoice::InvoiceKind;
use local::world::DEMO_EMAIL;

use crate::harness::{Reply, TestWorld};
use crate::setup::{Person, hidden, with, wrong};
use crate::watch::Trouble;

pub(crate) const NOW: &str = "2026-11-27T09:00:00+01:00";

/// A sound invoice of two lines: 2.5 × 90 at 19 %, 10 × 4.20 at 7 %.
pub(crate) const ENTRY: &[(&str, &str)] = &[
    ("action", "save"),
    ("revision", "0"),
    ("kind", "single"),
    ("issuer", "operator"),
    ("lines[0].text", "Schulung vor Ort"),
    ("lines[0].quantity", "2,5"),
    ("lines[0].unit", "hour"),
    ("lines[0].unit_price", "90"),
    ("lines[0].vat", "19"),
    ("lines[0].first_day", "2026-11-02"),
    ("lines[0].last_day", "2026-11-03"),
    ("lines[1].text", "Handbuch, gedruckt"),
    ("lines[1].quantity", "10"),
    ("lines[1].unit", "piece"),
    ("lines[1].unit_price", "4,20"),
    ("lines[1].vat", "7"),
    ("lines[1].first_day", ""),
    ("lines[1].last_day", "2026-11-03"),
    ("note", "Wie besprochen"),
    ("order_reference", "B-4711"),
    ("due_days", "30"),
];

/// Enters an invoice and gives the address of its preview.
pub(crate) async fn enter(person: &Person<'_>, account: &AccountId, changes: &[(&str, &str)]) -> String {
    let form = person.get(&format!("/console/invoices/{account}/new?lang=de")).await;
    let id = hidden(&form, "invoice");
    let fields = with(&with(ENTRY, &[("invoice", &id)]), changes);
    let done = person.post(&format!("/console/invoices/{account}/new?lang=de"), &fields).await;
    assert_eq!(done.status, 303, "{}", done.body);
    done.headers["location"].clone()
}

/// Issues what a preview shows.
pub(crate) async fn issue(person: &Person<'_>, preview: &str) -> Reply {
    let page = person.get(preview).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (revision, gross) = (hidden(&page, "revision"), hidden(&page, "gross"));
    person.post(preview, &[("action", "issue"), ("revision", &revision), ("gross", &gross)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_entered_looked_at_and_issued_once() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let preview = enter(&person, &world.account, &[]).await;
    let page = person.get(&preview).await;
    for text in [
        "Schulung vor Ort",
        "2,5 Stunden",
        "225,00\u{a0}€",
        "267,00\u{a0}€",
        "42,75\u{a0}€",
        "2,94\u{a0}€",
        "312,69\u{a0}€",
        "B-4711",
        "Wie besprochen",
        "27. Dezember 2026",
        "2. November 2026 – 3. November 2026",
        "wird beim Ausstellen vergeben",
        "Einlass Betriebs GmbH",
        "Steuernummer",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(world.invoices(&world.account).await.is_empty(), "nothing is issued by looking");
    assert!(
        person.get(&format!("/console/invoices/{}", world.account)).await.body.contains("Schulung vor Ort"),
        "listed"
    );

    let done = issue(&person, &preview).await;
    assert_eq!(done.status, 303, "{}", done.body);
    // Sent again, by a second click or from another window: the same invoice.
    let again = person.post(&preview, &[("action", "issue"), ("revision", "1"), ("gross", "312.69")]).await;
    assert_eq!((again.status, &again.headers["location"]), (303, &done.headers["location"]));
    assert_eq!(person.get(&preview).await.headers["location"], done.headers["location"]);
    let invoices = world.invoices(&world.account).await;
    assert_eq!(invoices.len(), 1);
    let invoice = &invoices[0].invoice;
    assert_eq!((invoice.number.to_string().as_str(), invoice.draft.kind), ("RE-2026-00001", InvoiceKind::Single));
    assert_eq!(
        (invoice.issued_on.to_string().as_str(), invoice.due_on.to_string().as_str()),
        ("2026-11-27", "2026-12-27")
    );
    assert_eq!(invoice.draft.totals.gross.plain(), "312.69");
    assert_eq!(invoice.draft.buyer.terms.order_reference.as_deref(), Some("B-4711"));
    world.settle().await;
    assert_eq!(world.mails_to("buchhaltung@musterhaus.example").len(), 1);

    let page = person.get(&done.headers["location"]).await;
    assert!(page.body.contains("RE-2026-00001") && page.body.contains("Stornieren"));
    let list = person.get(&format!("/console/invoices/{}?lang=en&year=2026", world.account)).await.body;
    assert!(list.contains("RE-2026-00001") && list.contains("open") && !list.contains("Drafts"));
    assert!(!person.get(&format!("/console/invoices/{}?year=2025", world.account)).await.body.contains("RE-2026"));
    // The customer sees it, and cannot write or cancel any.
    world.world.table.allow(&domain::contact::Email::parse("me@example.org").unwrap(), &world.account).await.unwrap();
    let customer = Person::sign_in(&world, "me@example.org").await;
    let list = customer.get(&format!("/console/invoices/{}?lang=de", world.account)).await.body;
    assert!(list.contains("RE-2026-00001") && !list.contains("Rechnung schreiben"));
    let own = format!("/console/invoices/{}/{}", world.account, invoice.id);
    assert!(!customer.get(&own).await.body.contains("Stornieren"));
    for (method, path) in [
        ("GET", format!("/console/invoices/{}/new", world.account)),
        ("GET", format!("{own}/cancel")),
        ("POST", format!("{own}/cancel")),
        ("POST", format!("{own}/correct")),
        ("POST", format!("/console/invoices/{}/new", world.account)),
        ("POST", format!("/console/invoices/{}/pay-back", world.account)),
    ] {
        let reply = if method == "GET" { customer.get(&path).await } else { customer.post(&path, ENTRY).await };
        assert_eq!(reply.status, 404, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_at_once_and_nothing_typed_is_lost() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = format!("/console/invoices/{}/new?lang=de", world.account);
    let id = hidden(&person.get(&path).await, "invoice");
    let entry = with(ENTRY, &[("invoice", &id)]);
    type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>, Vec<&'a str>);
    let rows: [Row<'_>; 12] = [
        ("no such kind", vec![("kind", "monthly")], vec!["kind"]),
        ("no partner is entered", vec![("issuer", "partner")], vec!["issuer"]),
        ("nobody issues it", vec![("issuer", "x")], vec!["issuer"]),
        ("too long to pay", vec![("due_days", "91")], vec!["due_days"]),
        ("a quantity that is none", vec![("lines[0].quantity", "viel")], vec!["lines[0].quantity"]),
        ("a quantity of nothing", vec![("lines[1].quantity", "0")], vec!["lines[1].quantity"]),
        ("a price below zero", vec![("lines[0].unit_price", "-90")], vec!["lines[0].unit_price"]),
        ("a price too fine", vec![("lines[0].unit_price", "0,0000001")], vec!["lines[0].unit_price"]),
        ("no such unit", vec![("lines[0].unit", "ells")], vec!["lines[0].unit"]),
        ("no such rate", vec![("lines[0].vat", "16")], vec!["lines[0].vat"]),
        ("ends before it begins", vec![("lines[0].first_day", "2026-11-04")], vec!["lines[0].first_day"]),
        (
            "several at once",
            vec![("lines[0].text", ""), ("lines[1].last_day", ""), ("order_reference", "x\u{7}y")],
            vec!["order_reference", "lines[0].text", "lines[1].last_day"],
        ),
    ];
    for (name, changes, expected) in &rows {
        let page = person.post(&path, &with(&entry, changes)).await;
        let found: BTreeSet<&str> = wrong(&page).into_iter().collect();
        assert_eq!(found, expected.iter().copied().collect(), "{name}");
        assert!(page.body.contains("Handbuch, gedruckt") && page.body.contains(&id), "{name}: what was typed stays");
    }
    let none: Vec<(&str, &str)> = entry.iter().filter(|(name, _)| !name.starts_with("lines")).copied().collect();
    assert_eq!(wrong(&person.post(&path, &none).await), ["lines"]);

    // Buttons add and take away lines.
    let page = person.post(&path, &with(&entry, &[("action", "add_line")])).await;
    assert!(page.status == 200 && page.body.contains("lines[2].text") && page.body.contains("Schulung vor Ort"));
    let page = person.post(&path, &with(&entry, &[("action", "remove_0")])).await;
    assert!(
        !page.body.contains("Schulung vor Ort") && page.body.contains("Handbuch") && !page.body.contains("lines[1]")
    );
    // A line nobody filled in is none.
    let blank = [("lines[2].text", ""), ("lines[2].quantity", "1"), ("lines[2].unit_price", "")];
    assert_eq!(person.post(&path, &with(&entry, &blank)).await.status, 303);
    assert!(world.invoices(&world.account).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_changed_or_thrown_away_and_only_what_was_seen_is_issued() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let preview = enter(&person, &world.account, &[]).await;
    let id = preview.split("/drafts/").nth(1).unwrap().split('?').next().unwrap().to_owned();
    let seen = person.get(&preview).await;
    let edit = person.get(&format!("/console/invoices/{}/drafts/{id}/edit?lang=de", world.account)).await;
    assert!(
        edit.body.contains(r#"value="2,5""#) && edit.body.contains(r#"value="4,2""#),
        "numbers as people write them"
    );
    let path = format!("/console/invoices/{}/new?lang=de", world.account);
    let changed = with(ENTRY, &[("invoice", &id), ("revision", "1"), ("lines[0].unit_price", "100,00")]);
    assert_eq!(person.post(&path, &changed).await.status, 303);
    // From a window that still shows the first version.
    let old = [("action", "issue"), ("revision", &hidden(&seen, "revision")), ("gross", &hidden(&seen, "gross"))];
    let refused = person.post(&preview, &old).await;
    assert!(refused.status == 409 && refused.body.contains("342,44\u{a0}€"), "{}", refused.body);
    let stale = person.post(&path, &changed).await;
    assert!(stale.headers["location"].ends_with("&changed=1"), "the revision is not the newest any longer");
    // A buyer that cannot be invoiced: said instead of issued, and mended without entering it again.
    let mut account = world.world.table.account(&world.account).await.unwrap();
    let address = account.address.take();
    world.world.table.save_account(&account).await.unwrap();
    let held = person.get(&preview).await;
    assert!(
        held.status == 422
            && held.body.contains("fehlt die Rechnungsanschrift")
            && !held.body.contains(r#"value="issue""#)
    );
    let forced = person.post(&preview, &[("action", "issue"), ("revision", "2"), ("gross", "342.44")]).await;
    assert_eq!(forced.status, 422);
    account.address = address;
    world.world.table.save_account(&account).await.unwrap();
    assert_eq!(issue(&person, &preview).await.status, 303);
    assert_eq!(world.invoices(&world.account).await[0].invoice.draft.totals.gross.plain(), "342.44");

    let other = enter(&person, &world.account, &[]).await;
    assert_eq!(person.post(&other, &[("action", "discard")]).await.status, 303);
    assert_eq!(person.get(&other).await.status, 404);
    assert_eq!(world.invoices(&world.account).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn vat_is_that_of_the_buyer() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    for (id, country, vat_id, gross, said) in [
        ("acc_wien", "AT", Some("ATU12345678"), "267.00", "Steuerschuldnerschaft des Leistungsempfängers"),
        ("acc_zug", "CH", None, "267.00", "Nicht im Inland steuerbare Leistung"),
        ("acc_bonn", "DE", None, "312.69", "7\u{a0}% USt auf 42,00\u{a0}€"),
    ] {
        let account = world
            .add_account(id, |account| {
                account.vat_id = vat_id.map(ToOwned::to_owned);
                if let Some(address) = &mut account.address {
                    address.country = country.to_owned();
                }
            })
            .await;
        let preview = enter(&person, &account, &[]).await;
        assert!(person.get(&preview).await.body.contains(said), "{id}");
        assert_eq!(issue(&person, &preview).await.status, 303, "{id}");
        assert_eq!(world.invoices(&account).await[0].invoice.draft.totals.gross.plain(), gross, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gap_and_no_twin_however_many_issue_at_once_or_die() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let mut previews = Vec::new();
    for _ in 0..8 {
        previews.push(enter(&person, &world.account, &[]).await);
    }
    // Each of them twice, all at once.
    let twice: Vec<_> = previews.iter().chain(&previews).map(|preview| issue(&person, preview)).collect();
    for reply in futures::future::join_all(twice).await {
        assert_eq!(reply.status, 303, "{}", reply.body);
    }
    assert_eq!(world.invoices(&world.account).await.len(), 8);
    // The process dies at each call, before it or with its reply lost; then the button is pressed again.
    let mut died = 0;
    for calls in 0..20 {
        let preview = enter(&person, &world.account, &[]).await;
        let page = person.get(&preview).await;
        let (revision, gross) = (hidden(&page, "revision"), hidden(&page, "gross"));
        let fields = [("action", "issue"), ("revision", revision.as_str()), ("gross", gross.as_str())];
        let trouble =
            if calls % 2 == 0 { Trouble::DiesAfter(calls / 2) } else { Trouble::LosesReplyAfter(calls / 2 + 1) };
        world.watch.trouble(trouble);
        died += usize::from(person.post(&preview, &fields).await.status == 503);
        world.watch.trouble(Trouble::None);
        assert_eq!(person.post(&preview, &fields).await.status, 303, "{trouble:?}");
    }
    assert!(died > 12, "{died}");
    let mut numbers: Vec<u64> =
        world.invoices(&world.account).await.iter().map(|one| one.invoice.number.sequence).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=28).collect::<Vec<u64>>());
    let ids: BTreeSet<InvoiceId> = world.invoices(&world.account).await.into_iter().map(|one| one.invoice.id).collect();
    assert_eq!(ids.len(), 28);
}
