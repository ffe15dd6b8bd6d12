//! The function deliver: batches of the stream and of the queue, of which a part fails.

use platform::table::keys::Key;

use crate::events;
use crate::lambda::Lambda;
use crate::payments::last_month;
use crate::system::System;
use crate::work::bill;

/// Two guests whose mails are owed, with their addresses in the order of the keys, and an item that nobody can read.
async fn owing_two_and_one_broken() -> (System, Vec<Key>, Key) {
    let system = System::start().await;
    let event = system.fest().await;
    let mut keys = Vec::new();
    for address in ["a@example.org", "b@example.org"] {
        system.registered("fest", address, 1).await;
        keys.push(event.registration_key(&event.contact_hash(address)));
    }
    let broken = event.registration_key(&event.contact_hash("broken@example.org"));
    system.put_unreadable(&broken).await;
    (system, keys, broken)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_record_of_the_stream_that_fails_in_the_middle_is_named_and_holds_up_no_other() {
    let (system, keys, broken) = owing_two_and_one_broken().await;
    let (batch, numbers) = events::stream(&[keys[0].clone(), broken, keys[1].clone()]);
    let mut function = Lambda::start("deliver", &system).await;
    assert_eq!(function.answer(&batch).await, events::failures(&[&numbers[1]]));
    assert_eq!(system.mails_to("a@example.org").len(), 1);
    // Lambda hands out everything from the failed record on again: nobody gets a second mail.
    assert_eq!(function.answer(&batch).await, events::failures(&[&numbers[1]]));
    for address in ["a@example.org", "b@example.org"] {
        assert_eq!(system.mails_to(address).len(), 1, "{address}");
    }
    let lines = function.logged();
    let errors: Vec<_> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    assert_eq!(errors.len(), 2, "each failure is logged once: {lines:?}");
    assert!(
        errors[0].to_string().contains("registration") && !errors[0].to_string().contains("example.org"),
        "{errors:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn of_two_messages_the_one_that_fails_comes_again() {
    let (system, keys, broken) = owing_two_and_one_broken().await;
    let body = |key: &Key| serde_json::json!({ "pk": key.pk, "sk": key.sk }).to_string();
    let mut function = Lambda::start("deliver", &system).await;
    for (failing, address, key) in
        [(body(&broken), "a@example.org", 0), ("not a pointer".to_owned(), "b@example.org", 1)]
    {
        let (batch, ids) = events::queue(&[&failing, &body(&keys[key])]);
        assert_eq!(function.answer(&batch).await, events::failures(&[&ids[0]]));
        assert_eq!(system.mails_to(address).len(), 1);
    }
    assert_eq!(system.owing().await.len(), 0, "nothing is owed but by the item that is not in the index");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn an_invoice_goes_out_as_a_document() {
    let system = last_month().await;
    bill(&system).await;
    let owing = system.owing().await;
    let (batch, _) = events::stream(&owing);
    let mut function = Lambda::start("deliver", &system).await;
    assert_eq!(function.answer(&batch).await, events::failures(&[]));
    assert_eq!(system.mails_to("buchhaltung@musterhaus.example").len(), 0, "mails of a bulk wait in the queue");
    let bodies: Vec<String> =
        owing.iter().map(|key| serde_json::json!({ "pk": key.pk, "sk": key.sk }).to_string()).collect();
    let (batch, _) = events::queue(&bodies.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(function.answer(&batch).await, events::failures(&[]));
    let mails = system.mails_to("buchhaltung@musterhaus.example");
    let [mail] = mails.as_slice() else { panic!("one mail: {mails:?}") };
    assert_eq!(mail.attachments.len(), 1);
    assert!(mail.attachments[0].content_type == "application/pdf" && mail.attachments[0].bytes > 10_000);
    let invoice = system.world.table.invoices(&system.account).await.unwrap().remove(0).invoice;
    let key = platform::table::invoices::document_key(&system.account, &invoice.id);
    let objects = platform::objects::Objects::new(system.world.environment.s3(), "einlass-documents".to_owned());
    let stored = objects.get(&key).await.unwrap().unwrap();
    assert!(stored.starts_with(b"%PDF-") && stored.len() == mail.attachments[0].bytes);
}
