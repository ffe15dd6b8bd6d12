//! What invoices come as: a hybrid PDF, XRechnung for a public buyer, and a notice of the collection instead of a request to pay.

use domain::account::{Mandate, PaymentMethod};
use domain::contact::Email;
use local::mailbox::MailSummary;

use crate::harness::{Plan, TestWorld, YES_NO, day};

const ENDS: &str = "2026-11-20T22:00:00+01:00";

fn names(mail: &MailSummary) -> Vec<&str> {
    mail.attachments.iter().map(|attachment| attachment.name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_buyer_gets_the_documents_it_needs_i3_z5_z6() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let mut operator = world.world.table.operator().await.unwrap();
    operator.terms.creditor_id = Some("DE98ZZZ09999999999".to_owned());
    world.world.table.save_operator(&operator).await.unwrap();
    let public = world
        .add_account("acc_20001", |account| {
            account.billing_email = Email::parse("rechnung@amt.example").unwrap();
            account.terms.leitweg_id = Some("991-01234-44".to_owned());
        })
        .await;
    let debited = world
        .add_account("acc_20002", |account| {
            account.billing_email = Email::parse("konto@verein.example").unwrap();
            account.terms.payment = PaymentMethod::DirectDebit(Mandate {
                reference: "M-20002-1".to_owned(),
                signed_on: day("2026-10-01"),
                iban: "DE75512108001245126199".to_owned(),
                holder: "Verein".to_owned(),
            });
        })
        .await;
    for (account, slug) in [(&world.account, "hybrid"), (&public, "amt"), (&debited, "verein")] {
        world.publish(account, &Plan { slug, ends_at: ENDS, capacity: None, values: YES_NO }).await;
        world.register_people(slug, "yes", 7).await;
    }
    world.travel("2026-12-01T03:30:00+01:00").await;

    // One file that people and programs read.
    let mails = world.mails_to("buchhaltung@musterhaus.example");
    let [mail] = mails.as_slice() else { panic!("{} mails", mails.len()) };
    assert_eq!(mail.attachments.len(), 1);
    assert!(names(mail)[0].ends_with(".pdf"));
    let invoice = &world.invoices(&world.account).await[0].invoice;
    let pdf = world.get(&format!("/_local/documents/{}/invoices/{}.pdf", world.account, invoice.id)).await;
    assert!(pdf.body.contains("factur-x.xml") && pdf.body.contains("urn:factur-x"), "the XML is inside");

    // XRechnung as a file of its own, with a copy that people read and that has no XML.
    let mails = world.mails_to("rechnung@amt.example");
    let [mail] = mails.as_slice() else { panic!("{} mails", mails.len()) };
    let invoice = &world.invoices(&public).await[0].invoice;
    let number = invoice.number.to_string();
    assert_eq!(names(mail), [format!("xrechnung-{number}.xml"), format!("Rechnung-{number}.pdf")]);
    let stored = |ending: &str| format!("/_local/documents/{public}/invoices/{}.{ending}", invoice.id);
    let xml = world.get(&stored("xml")).await.body;
    for part in [":xrechnung_3.0", "991-01234-44", "<ram:BilledQuantity unitCode=\"C62\">7<", ">24.99<"] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert!(!world.get(&stored("pdf")).await.body.contains("factur-x.xml"));

    // What is collected is announced, and nothing asks for a payment.
    let mails = world.mails_to("konto@verein.example");
    let [mail] = mails.as_slice() else { panic!("{} mails", mails.len()) };
    let text = mail.text.clone().unwrap();
    for part in ["4. Dezember 2026", "M-20002-1", "DE98ZZZ09999999999", "24,99\u{a0}€"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("/pay/") && !text.contains("DE75512108001245126199"), "{text}");
    assert!(world.world.runner.dead_letters().is_empty());
}
