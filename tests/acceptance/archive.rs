//! The archive (I5): what is recorded, that a change is found, and that a year goes out whole.

use std::collections::BTreeMap;
use std::io::Read;

use domain::archive::Fault;
use domain::invoice::Invoice;
use local::world::DEMO_EMAIL;
use platform::objects::fingerprint;
use platform::table::keys;
use platform::table::write::{Write, text};
use rust_decimal::Decimal;

use crate::harness::{Plan, TestWorld, YES_NO, at};
use crate::setup::Person;
use crate::watch::Trouble;

/// Three accounts with an event each in November, billed on the first of December.
async fn billed() -> TestWorld {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let formula = world.add_account("acc_formula", |account| account.name = "=cmd|' /C calc'!A0".to_owned()).await;
    let third = world.add_account("acc_third", |account| account.name = "Dritte; GmbH \"Nord\"".to_owned()).await;
    for (index, account) in [&world.account, &formula, &third].into_iter().enumerate() {
        let slug = format!("fest{index}");
        let ends_at = "2026-11-20T22:00:00+01:00";
        world.publish(account, &Plan { slug: &slug, ends_at, capacity: None, values: YES_NO }).await;
        world.register_people(&slug, "yes", 5 + index).await;
    }
    world.travel("2026-12-01T03:30:00+01:00").await;
    world
}

/// All invoices, in the order of their numbers.
async fn invoices(world: &TestWorld) -> Vec<Invoice> {
    let mut all = Vec::new();
    for id in ["acc_10001", "acc_formula", "acc_third"] {
        let account = domain::ids::AccountId::parse(id).unwrap();
        all.extend(world.invoices(&account).await.into_iter().map(|standing| standing.invoice));
    }
    all.sort_by_key(|invoice| invoice.number.sequence);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_document_is_recorded_and_a_check_finds_exactly_what_was_changed() {
    let world = billed().await;
    let invoices = invoices(&world).await;
    assert_eq!(invoices.len(), 3);
    let mut documents = 0;
    for invoice in &invoices {
        let archived = world.world.table.archived(invoice).await.unwrap().unwrap();
        assert_eq!((archived.number.as_str(), archived.issued_on), (invoice.number.text.as_str(), invoice.issued_on));
        for document in &archived.documents {
            let bytes = std::fs::read(world.document_file(&document.key)).unwrap();
            assert_eq!(fingerprint(&bytes), document.fingerprint, "{}", document.key);
            documents += 1;
        }
    }
    world.travel("2026-12-02T05:01:00+01:00").await;
    let first = world.world.table.check("2026-12").await.unwrap();
    assert_eq!((first.documents, first.faults), (documents, 0), "{first:?}");
    assert!(first.done_at.is_some() && first.bytes > 10_000);

    // One byte of one document, and another document as a whole.
    let key =
        |index: usize| platform::table::invoices::document_key(&invoices[index].draft.buyer.id, &invoices[index].id);
    let changed = world.document_file(&key(0));
    let mut bytes = std::fs::read(&changed).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&changed, bytes).unwrap();
    std::fs::remove_file(world.document_file(&key(1))).unwrap();
    world.travel("2027-01-02T05:01:00+01:00").await;
    let second = world.world.table.check("2027-01").await.unwrap();
    assert_eq!((second.documents, second.faults), (documents, 2), "{second:?}");
    let faults = world.world.table.faults("2027-01").await.unwrap();
    let found: BTreeMap<&str, &str> =
        faults.iter().map(|fault| (fault.document.as_str(), fault.fault.as_str())).collect();
    let (differs, missing) = (Fault::Differs.code(), Fault::Missing.code());
    assert_eq!(found, BTreeMap::from([(key(0).as_str(), differs), (key(1).as_str(), missing)]));
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = operator.get("/console/archive?lang=de").await;
    for text in ["Dokumente, die nicht stimmen", "Inhalt weicht ab", "fehlt", &key(0), &invoices[1].number.text] {
        assert!(page.body.contains(text), "{text}");
    }
}

/// G4: wherever a check dies, it ends with each document counted once.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_interrupted_goes_on_and_counts_nothing_twice() {
    let world = billed().await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    for calls in 0..8 {
        let reply = operator.post("/console/archive/check?lang=de", &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        world.watch.trouble(if calls % 2 == 0 { Trouble::DiesAfter(calls) } else { Trouble::LosesReplyAfter(calls) });
        let _ = world.world.runner.catch_up().await;
        world.watch.trouble(Trouble::None);
        // It failed five times in a row; the operator has it tried once more, or goes on with what stands still.
        operator.post("/console/delivery/archive?lang=de", &[("message", "all")]).await;
        let newest = world.world.table.checks(1).await.unwrap().remove(0);
        operator.post("/console/archive/check?lang=de", &[("check", &newest.id)]).await;
        world.settle().await;
        let newest = world.world.table.checks(1).await.unwrap().remove(0);
        assert!(newest.done_at.is_some(), "{calls}: {newest:?}");
        assert_eq!((newest.documents, newest.faults), (3, 0), "{calls}");
        world.world.clock.set(world.world.clock.now() + chrono::TimeDelta::seconds(5));
    }
    assert!(world.world.runner.dead_letters().is_empty());
}

/// The files of an export, by name.
async fn download(operator: &Person<'_>, world: &TestWorld) -> (String, BTreeMap<String, Vec<u8>>) {
    let page = operator.get("/console/archive?lang=de").await;
    let mut files = BTreeMap::new();
    let mut id = String::new();
    for link in page.body.split("href=\"/console/archive/exports/").skip(1) {
        let link = link.split('"').next().unwrap();
        let (export, name) = link.split_once('/').unwrap();
        if id.is_empty() {
            id = export.to_owned();
        }
        if export != id {
            continue;
        }
        let reply = operator.get(&format!("/console/archive/exports/{link}")).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        let response = world.request("GET", &reply.headers["location"]).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{name}");
        let bytes = response.bytes().await.unwrap().to_vec();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        for index in 0..zip.len() {
            let mut file = zip.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            let name = file.name().unwrap().into_owned();
            assert!(files.insert(name, content).is_none(), "a file is there twice");
        }
    }
    (id, files)
}

/// Rows of a table of an export, without its head.
fn rows(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<Vec<String>> {
    let text = String::from_utf8(files[name].clone()).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    text.split_terminator("\r\n").skip(1).map(cells).collect()
}

/// Cells of a row as RFC 4180 writes them.
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = row.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => cell.push(characters.next().unwrap()),
            '"' => quoted = !quoted,
            ';' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

fn amount(text: &str) -> Decimal {
    text.replace(',', ".").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_goes_out_whole_and_adds_up_to_the_cent() {
    let world = billed().await;
    let invoices = invoices(&world).await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let reply = operator.post("/console/archive/export?lang=de", &[("year", "2026"), ("account", "")]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let waiting = operator.get("/console/archive?lang=de").await;
    assert!(waiting.body.contains("0 / 3") && waiting.headers.contains_key("refresh"), "progress is shown");
    world.settle().await;
    let (_, files) = download(&operator, &world).await;

    let listed = rows(&files, "rechnungen.csv");
    assert_eq!(listed.len(), 3);
    let sum = |column: usize| listed.iter().map(|row| amount(&row[column])).sum::<Decimal>();
    let expected = |part: fn(&Invoice) -> Decimal| invoices.iter().map(part).sum::<Decimal>();
    let (net, gross) = (expected(|one| one.draft.totals.net.amount()), expected(|one| one.draft.totals.gross.amount()));
    assert_eq!((sum(12), sum(13), sum(14)), (net, gross - net, gross));
    let groups: Decimal = rows(&files, "steuer.csv").iter().map(|row| amount(&row[4])).sum();
    assert_eq!(groups, gross - net);
    let totals = rows(&files, "summen.csv").pop().unwrap();
    assert_eq!((amount(&totals[3]), amount(&totals[5])), (net, gross));
    for (row, invoice) in listed.iter().zip(&invoices) {
        assert_eq!(row[0], invoice.number.text);
        assert_eq!(amount(&row[14]), invoice.draft.totals.gross.amount());
    }
    let names: Vec<&str> = listed.iter().map(|row| row[7].as_str()).collect();
    assert!(names.contains(&"'=cmd|' /C calc'!A0"), "no cell is a formula: {names:?}");
    assert!(names.contains(&"Dritte; GmbH \"Nord\""), "{names:?}");

    let documents = rows(&files, "belege.csv");
    assert!(documents.len() >= 3 && documents.iter().all(|row| row[6] == "unverändert"), "{documents:?}");
    for row in &documents {
        let found = fingerprint(&files[&row[1]]);
        assert_eq!((found.size.to_string(), &found.sha256), (row[4].clone(), &row[5]), "{}", row[1]);
    }
    assert!(rows(&files, "nummern.csv").is_empty(), "every number has its invoice");
    let read_me = String::from_utf8(files["LIESMICH.txt"].clone()).unwrap();
    assert!(read_me.contains("Rechnungen  3") && read_me.contains("SHA-256"), "{read_me}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_tells_what_is_missing_and_can_be_of_one_account() {
    let world = billed().await;
    let invoices = invoices(&world).await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    // The second number has no record, as if its documents had never been stored; the first has lost its document.
    let lost = &invoices[1];
    let number = (lost.number.series.as_str(), lost.number.sequence);
    let record = keys::kept::archived(lost.issued_on, number, &lost.draft.buyer.id, &lost.id);
    world.world.table.commit(vec![Write::delete(record)]).await.unwrap();
    let first = platform::table::invoices::document_key(&invoices[0].draft.buyer.id, &invoices[0].id);
    std::fs::remove_file(world.document_file(&first)).unwrap();
    // A mail that was given up is looked at, too, when a number is missing.
    let owing = keys::invoice(&invoices[2].draft.buyer.id, &invoices[2].id);
    let given_up = Write::update(keys::kept::given_up(&owing))
        .set("item_pk", text(&owing.pk))
        .set("item_sk", text(&owing.sk))
        .set("given_up_at", text("2026-12-01T02:30:00Z"));
    let again = Write::update(owing.clone())
        .set("notify", text("invoice_issued#1"))
        .set("undeliverable_at", text("2026-12-01T02:30:00Z"));
    world.watch.trouble(Trouble::NoMail);
    world.world.table.commit(vec![given_up, again]).await.unwrap();
    assert_eq!(world.world.table.given_up().await.unwrap().len(), 1);
    operator.post("/console/archive/export?lang=de", &[("year", "2026"), ("account", "")]).await;
    world.settle().await;
    let (all, files) = download(&operator, &world).await;
    assert_eq!(rows(&files, "rechnungen.csv").len(), 2);
    let left_out = rows(&files, "nummern.csv");
    assert_eq!(left_out, [["RE-2026", "2", "2", "ungeklärt"].map(str::to_owned).to_vec()]);
    let states: Vec<String> = rows(&files, "belege.csv").into_iter().map(|row| row[6].clone()).collect();
    assert_eq!(states, ["fehlt", "unverändert"]);

    world.world.clock.set(world.world.clock.now() + chrono::TimeDelta::seconds(5));
    let account = invoices[1].draft.buyer.id.to_string();
    operator.post("/console/archive/export?lang=de", &[("year", "2026"), ("account", &account)]).await;
    world.settle().await;
    let (one, files) = download(&operator, &world).await;
    assert_ne!(all, one);
    let listed = rows(&files, "rechnungen.csv");
    assert_eq!(listed.iter().map(|row| row[6].as_str()).collect::<Vec<_>>(), [account.as_str()]);
    assert_eq!(rows(&files, "belege.csv")[0][6], "noch nicht erstellt");

    for (name, fields, wrong) in [
        ("a year to come", [("year", "2027"), ("account", "")], vec!["year"]),
        ("no year and no such account", [("year", "x"), ("account", "acc_nobody")], vec!["year", "account"]),
        ("an account that is none", [("year", "2026"), ("account", "../x")], vec!["account"]),
    ] {
        let page = operator.post("/console/archive/export?lang=de", &fields).await;
        assert_eq!(page.status, 422, "{name}");
        for field in wrong {
            assert!(page.body.contains(&format!("id=\"{field}-problem\"")), "{name}: {field}");
        }
    }
    for path in
        [format!("/console/archive/exports/{one}/rows-001.json"), "/console/archive/exports/nix/index.zip".to_owned()]
    {
        assert_eq!(operator.get(&path).await.status, 404, "{path}");
    }
    // Files are gone after a week, and with them the item that names them.
    assert!(at("2026-12-01T02:30:00Z") < world.world.clock.now());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_sees_its_documents_by_the_year_and_nobody_elses() {
    let world = billed().await;
    let invoices = invoices(&world).await;
    let email = domain::contact::Email::parse("kasse@musterhaus.example").unwrap();
    world.world.table.allow(&email, &world.account).await.unwrap();
    let customer = Person::sign_in(&world, email.as_str()).await;
    let own = invoices.iter().find(|invoice| invoice.draft.buyer.id == world.account).unwrap();
    let page = customer.get(&format!("/console/archive/{}?lang=de", world.account)).await;
    let archived = world.world.table.archived(own).await.unwrap().unwrap();
    for text in [&own.number.text, "Rechnungsarchiv</h1>", "2026", &archived.documents[0].fingerprint.sha256] {
        let text = text.trim_end_matches("</h1>");
        assert!(page.status == 200 && page.body.contains(text), "{text}: {}", page.body);
    }
    let none = customer.get(&format!("/console/archive/{}?lang=de&year=2025", world.account)).await;
    assert!(none.body.contains("In diesem Jahr gibt es keine Rechnung"));
    let file = customer.get(&format!("/console/archive/{}/{}/0", world.account, own.id)).await;
    assert_eq!((file.status, file.headers["content-type"].as_str()), (200, "application/pdf"));
    assert!(file.headers["content-disposition"].contains(".pdf"));
    let other = invoices.iter().find(|invoice| invoice.draft.buyer.id != world.account).unwrap();
    for path in [
        format!("/console/archive/{}", other.draft.buyer.id),
        format!("/console/archive/{}/{}/0", other.draft.buyer.id, other.id),
        format!("/console/archive/{}/{}/0", world.account, other.id),
        format!("/console/archive/{}/{}/9", world.account, own.id),
        "/console/archive".to_owned(),
        "/console/delivery".to_owned(),
    ] {
        assert_eq!(customer.get(&path).await.status, 404, "{path}");
    }
    let page = customer.get(&format!("/console/invoices/{}/{}?lang=en", world.account, own.id)).await;
    assert!(page.body.contains("Checksums") && page.body.contains("Send the mail once more"));
}

/// G4: wherever an export dies, each invoice is in it once and the sums are the same.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_interrupted_goes_on_and_packs_nothing_twice() {
    let world = billed().await;
    let invoices = invoices(&world).await;
    let gross: Decimal = invoices.iter().map(|invoice| invoice.draft.totals.gross.amount()).sum();
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    for calls in [1, 4, 7, 8, 9, 10, 12] {
        operator.post("/console/archive/export?lang=de", &[("year", "2026"), ("account", "")]).await;
        world.watch.trouble(if calls % 2 == 0 { Trouble::DiesAfter(calls) } else { Trouble::LosesReplyAfter(calls) });
        let _ = world.world.runner.catch_up().await;
        world.watch.trouble(Trouble::None);
        operator.post("/console/delivery/archive?lang=de", &[("message", "all")]).await;
        let newest = world.world.table.exports(1).await.unwrap().remove(0);
        operator.post("/console/archive/export?lang=de", &[("export", &newest.id)]).await;
        world.settle().await;
        let newest = world.world.table.export(&newest.id).await.unwrap();
        assert!(newest.done_at.is_some() && newest.totals.adds_up(), "{calls}");
        assert_eq!((newest.totals.invoices, newest.documents, newest.faults), (3, 3, 0), "{calls}");
        assert_eq!(newest.totals.gross.amount(), gross, "{calls}");
        let names: Vec<&str> = newest.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["belege-001.zip", "index.zip"], "{calls}");
        let (_, files) = download(&operator, &world).await;
        assert_eq!(rows(&files, "rechnungen.csv").len(), 3, "{calls}");
        world.world.clock.set(world.world.clock.now() + chrono::TimeDelta::seconds(5));
    }
}
