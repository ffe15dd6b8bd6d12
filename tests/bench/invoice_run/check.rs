//! What must be true when the run is done, however often it was killed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::calendar::Month;

use crate::{MAILED, MONTH, account, mail_address, worker};

pub(crate) async fn check(folder: &Path, accounts: usize, kills: usize) {
    let world = worker::open(folder).await;
    let month = Month::parse(MONTH).unwrap();
    let mut sequences = BTreeSet::new();
    for index in 0..accounts {
        let invoices = world.table.invoices(&account(index)).await.unwrap();
        assert_eq!(invoices.len(), 1, "{} has exactly one invoice", account(index));
        let invoice = &invoices[0].invoice;
        assert_eq!(invoice.draft.month, month);
        assert!(sequences.insert(invoice.number.sequence), "{} is there twice", invoice.number);
    }
    let expected: BTreeSet<u64> = (1..=u64::try_from(accounts).unwrap()).collect();
    assert_eq!(sequences, expected, "numbers without gap");
    println!("{accounts} accounts: 0 invoices doubled, 0 lost; numbers 1 to {accounts} without gap");

    let mut mails: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in world.mailbox.list().unwrap() {
        for to in mail.to {
            mails.entry(to).or_default().push(mail.message_id.clone());
        }
    }
    let mut repeated = 0;
    for index in 0..MAILED.min(accounts) {
        let sent = mails.get(&mail_address(index)).map_or(&[][..], Vec::as_slice);
        assert!(!sent.is_empty(), "{} was mailed", account(index));
        assert!(sent.iter().all(|id| *id == sent[0]), "a repeated mail is the same message: {sent:?}");
        repeated += sent.len() - 1;
    }
    assert!(repeated <= kills, "{repeated} mails repeated at {kills} kills: more than those in flight");
    println!("{} mails, {repeated} of them twice around a kill, under the same Message-ID", MAILED.min(accounts));
    world.stop().await.unwrap();
}
