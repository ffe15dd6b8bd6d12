//! Every step of count, closing, invoicing and delivery interrupted (G4): the process dies before or after
//! each call of the table, starts again, and the result is as if nothing had happened.

use domain::calendar::Month;
use domain::figures::Figures;
use domain::ids::EventId;

use crate::harness::{TestWorld, at};
use crate::watch::Trouble;

/// Months played through: with each the process dies one call later, before the call or with its reply lost.
const MONTHS: usize = 36;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_call_a_process_dies_at_nothing_is_lost_and_nothing_doubled() {
    let world = TestWorld::start("2026-01-02T09:00:00+01:00").await;
    let mut month = Month::parse("2026-01").unwrap();
    for index in 0..MONTHS {
        let slug = format!("fest{index}");
        let end = (month.first().plus_days(19).start() + chrono::TimeDelta::hours(20)).to_rfc3339();
        world.fest(&slug, &end).await;
        world.register(&slug, "a@example.org", "yes", 5).await;
        world.register(&slug, "b@example.org", "no", 2).await;
        // Quiet days in between are not what is tested: go to just before the day is counted.
        world.settle().await;
        let calls = 2 + index * 4;
        let trouble = if index % 2 == 0 { Trouble::DiesAfter(calls) } else { Trouble::LosesReplyAfter(calls) };
        let before_billing = month.end() - chrono::TimeDelta::minutes(1);
        if index % 3 == 0 {
            world.watch.trouble(trouble);
            let _ = world.world.runner.travel(before_billing).await;
            world.watch.trouble(Trouble::None);
        }
        world.world.runner.travel(before_billing.max(world.world.clock.now())).await.unwrap();
        world.watch.trouble(trouble);
        let after_billing = month.end() + chrono::TimeDelta::hours(9);
        let _ = world.world.runner.travel(after_billing).await;
        world.watch.trouble(Trouble::None);
        world.world.runner.travel(after_billing).await.unwrap();
        // What the queue gave up while everything failed is started again, as an operator would.
        world.run_everything(&month.to_string()).await;

        let invoices = world.invoices(&world.account).await;
        assert_eq!(invoices.len(), index + 1, "{month}");
        let invoice = &invoices[index].invoice;
        assert_eq!(invoice.draft.totals.gross.plain(), "17.85", "{month}");
        assert_eq!(invoice.draft.lines.len(), 1, "{month}");
        let event = EventId::parse(&format!("evt_{slug}")).unwrap();
        let days = world.world.table.usage_days(&world.account, &event, month.first(), month.last()).await.unwrap();
        let sum = days.iter().fold((0, 0), |sum, (_, counts)| (sum.0 + counts.accepted, sum.1 + counts.responses));
        assert_eq!(sum, (5, 7), "{month}");
        month = month.next();
    }
    // Numbers: one series per year of issue, each without gap or twin.
    let invoices = world.invoices(&world.account).await;
    for standing in &invoices {
        let kept = world.world.table.figures(standing.invoice.draft.month).await.unwrap();
        assert_eq!(kept, Figures::of(&standing.invoice.draft).unwrap(), "sums count each invoice once");
    }
    let mut expected = (String::new(), 0);
    for standing in &invoices {
        let number = &standing.invoice.number;
        expected = if expected.0 == number.series { (expected.0, expected.1 + 1) } else { (number.series.clone(), 1) };
        assert_eq!((number.series.clone(), number.sequence), expected);
    }
    // Every invoice was mailed; one that was mailed twice around a crash is the same message.
    let mut mailed: Vec<(String, String)> = world
        .mails_to("buchhaltung@musterhaus.example")
        .into_iter()
        .map(|mail| (mail.subject, mail.message_id))
        .collect();
    let sent = mailed.len();
    mailed.sort();
    mailed.dedup();
    assert_eq!(mailed.len(), MONTHS);
    assert!(sent <= MONTHS * 2, "{sent} mails for {MONTHS} invoices");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submit_whose_reply_is_lost_can_be_sent_again() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    for (index, trouble) in
        [Trouble::DiesAfter(0), Trouble::DiesAfter(1), Trouble::LosesReplyAfter(2), Trouble::LosesReplyAfter(1)]
            .into_iter()
            .enumerate()
    {
        let address = format!("p{index}@example.org");
        world.watch.trouble(trouble);
        let failed = world.register("fest", &address, "yes", 1).await;
        world.watch.trouble(Trouble::None);
        if failed.status != 201 {
            assert_eq!((failed.status, failed.headers["retry-after"].as_str()), (503, "2"), "{trouble:?}");
        }
        assert_eq!(world.register("fest", &address, "yes", 1).await.status, 201, "{trouble:?}");
    }
    world.settle().await;
    let event = world.world.table.event(&world.account, &EventId::parse("evt_fest").unwrap()).await.unwrap();
    assert_eq!(world.world.table.registrations(&event).await.unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_could_not_be_sent_goes_out_later_with_the_document_as_first_stored() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    world.settle().await;
    world.watch.trouble(Trouble::NoMail);
    let _ = world.world.runner.travel(at("2026-12-01T04:00:00+01:00")).await;
    let to = "buchhaltung@musterhaus.example";
    assert_eq!((world.invoices(&world.account).await.len(), world.mails_to(to).len()), (1, 0));
    world.watch.trouble(Trouble::None);
    world.travel("2026-12-01T12:00:00+01:00").await;
    assert_eq!(world.mails_to(to).len(), 1);
}
