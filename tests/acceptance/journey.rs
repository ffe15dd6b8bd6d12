//! The whole story in one test: somebody registers, the day is counted, the month is invoiced, the PDF
//! arrives by mail, the payment provider tells of the payment.

use domain::payment::PaymentState;
use local::world::DEMO_EMAIL;

use crate::harness::{TestWorld, day};

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in one piece")]
async fn from_a_registration_to_a_paid_invoice() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.fest("klein", "2026-11-21T22:00:00+01:00").await;

    // A person opens the page, forgets the name, and gets the form back as it was.
    let page = world.get("/e/fest?lang=de").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Fest fest") && page.body.contains("Antwort senden"));
    let typed = [("email", "clara@example.org"), ("answer", "yes"), ("first_name", "Clara"), ("last_name", "")];
    let rejected = world.post_form("/e/fest?lang=de", &typed).await;
    assert_eq!(rejected.status, 422);
    assert!(rejected.body.contains("clara@example.org") && rejected.body.contains(r#"value="Clara""#));
    assert!(rejected.body.contains("Bitte füllen Sie dieses Feld aus."));

    let complete = [("email", "clara@example.org"), ("answer", "no"), ("first_name", "Clara"), ("last_name", "Doll")];
    let accepted = world.post_form("/e/fest?lang=de", &complete).await;
    assert_eq!(accepted.status, 303);
    assert!(world.get(&accepted.headers["location"]).await.body.contains("Danke für Ihre Absage"));

    // The confirmation brings the personal link; through it she changes her mind.
    world.settle().await;
    let mails = world.mails_to("clara@example.org");
    assert_eq!(mails.len(), 1);
    let link = world.link_in(&mails[0]);
    assert!(world.get(&link).await.body.contains("Clara Doll"));
    let changed = world.post_form(&link, &[("answer", "yes"), ("first_name", "Clara"), ("last_name", "Doll")]).await;
    assert_eq!(changed.status, 303);

    // 36 others accept and 6 decline over some days; the other event gets 4.
    world.register_people("fest", "yes", 20).await;
    world.travel("2026-11-05T10:00:00+01:00").await;
    world.register_people("klein", "yes", 4).await;
    for party in 10..14 {
        assert_eq!(world.register("fest", &format!("late{party}@example.org"), "yes", 4).await.status, 201);
    }
    world.register_people("fest", "no", 6).await;

    // The organiser sees the totals at any time (A5).
    let organiser = domain::contact::Email::parse("organiser@example.org").unwrap();
    world.world.table.allow(&organiser, &world.account).await.unwrap();
    let cookie = world.sign_in("organiser@example.org").await;
    let event = world.get_as(&cookie, &format!("/console/events/{}/evt_fest?lang=de", world.account)).await;
    for text in ["<b>37</b>", "<b>6</b>", "<b>43</b>", "Doll, Clara"] {
        assert!(event.body.contains(text), "{text}: {}", event.body);
    }

    // The month passes.
    world.travel("2026-12-01T03:30:00+01:00").await;
    let invoices = world.invoices(&world.account).await;
    assert_eq!(invoices.len(), 1);
    let invoice = &invoices[0].invoice;
    let totals = &invoice.draft.totals;
    assert_eq!([totals.net.plain(), totals.gross.plain()], ["111.00", "132.09"]);
    assert_eq!(totals.vat[0].vat.plain(), "21.09");
    assert_eq!(invoice.number.to_string(), "RE-2026-00001");
    assert_eq!((invoice.issued_on, invoice.due_on), (day("2026-12-01"), day("2026-12-15")));
    // Four accepted are not billed (A12): one line only.
    assert_eq!(invoice.draft.lines.len(), 1);

    // The usage days behind the line add up to its quantity (G5).
    let line = &invoice.draft.lines[0];
    let days = world
        .world
        .table
        .usage_days(&world.account, line.provenance.event.as_ref().unwrap(), line.first_day, line.last_day)
        .await
        .unwrap();
    assert_eq!(days.iter().map(|(_, counts)| counts.accepted).sum::<i64>(), 37);
    assert_eq!(days.iter().map(|(_, counts)| counts.responses).sum::<i64>(), 43);
    assert_eq!(days.iter().map(|(day, _)| day.to_string()).collect::<Vec<_>>(), ["2026-11-02", "2026-11-05"]);

    // The invoice is in the mailbox, with its PDF.
    let mails = world.mails_to("buchhaltung@musterhaus.example");
    assert_eq!(mails.len(), 1);
    let text = mails[0].text.clone().unwrap();
    for part in ["RE-2026-00001", "111,00\u{a0}€", "132,09\u{a0}€", "15. Dezember 2026"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(mails[0].attachments[0].name, "Rechnung-RE-2026-00001.pdf");

    // Paying: the link in the mail, the provider's page, its signed webhook.
    let pay = world.link_in(&mails[0]);
    assert!(world.get(&pay).await.body.contains("132,09"));
    let checkout = world.post_form(&pay, &[]).await;
    assert_eq!(checkout.status, 303, "{}", checkout.body);
    let provider = checkout.headers["location"].clone();
    assert!(world.get(&provider).await.body.contains("132.09") || world.get(&provider).await.body.contains("132,09"));
    let paid = world.post_form(&provider, &[("choice", "pay")]).await;
    assert_eq!(paid.status, 303, "{}", paid.body);
    assert_eq!(world.invoices(&world.account).await[0].payment(), PaymentState::Paid);
    assert!(world.get(&paid.headers["location"]).await.body.contains("Diese Rechnung ist bezahlt"));

    let cookie = world.sign_in("organiser@example.org").await;
    let home = world.get_as(&cookie, "/console?lang=de").await;
    assert!(home.body.contains("RE-2026-00001") && home.body.contains("bezahlt"));
    let pdf = world.get_as(&cookie, &format!("/console/invoices/{}/{}/pdf", world.account, invoice.id)).await;
    assert_eq!((pdf.status, pdf.headers["content-type"].as_str()), (200, "application/pdf"));
    assert!(pdf.body.starts_with("%PDF-"));
    let runs = world.get_as(&world.sign_in(DEMO_EMAIL).await, "/console/runs?lang=de").await;
    assert!(runs.body.contains("November 2026") && runs.body.contains("fertig"));

    // Running count and invoice run five times more changes nothing (G4).
    let before = (world.invoices(&world.account).await, world.mails().len());
    for _ in 0..5 {
        world.run_everything("2026-11").await;
    }
    let after = (world.invoices(&world.account).await, world.mails().len());
    assert_eq!(before.0.len(), after.0.len());
    assert_eq!(before.0[0].invoice, after.0[0].invoice);
    assert_eq!(before.1, after.1);

    // And everything is still there after a restart.
    let world = world.restart().await;
    assert_eq!(world.invoices(&world.account).await[0].payment(), PaymentState::Paid);
    assert!(world.world.runner.dead_letters().is_empty());
}
