//! A queue's promises: at least once, five attempts, nothing lost with the process.

use super::{MAX_RECEIVE_COUNT, Queues};
use crate::Failure;
use crate::files::tests::Folder;

fn bodies(queues: &Queues, name: &str, max: usize) -> Vec<(String, u32)> {
    queues.receive(name, max).into_iter().map(|message| (message.body, message.receive_count)).collect()
}

#[test]
fn messages_come_in_order_and_to_one_consumer_only() -> Result<(), Failure> {
    let folder = Folder::new("queue-order")?;
    let queues = Queues::open(folder.path())?;
    for number in 0..12 {
        queues.send("mail", format!("body {number}"))?;
    }
    assert_eq!(bodies(&queues, "mail", 2), [("body 0".to_owned(), 1), ("body 1".to_owned(), 1)]);
    assert_eq!(bodies(&queues, "mail", 100).len(), 10, "what another consumer holds is not handed out");
    assert_eq!(bodies(&queues, "document", 1), [], "an unknown queue is empty");
    assert_eq!(queues.depth("mail"), 12);
    Ok(())
}

#[test]
fn a_deleted_message_is_gone_and_a_held_one_returns_after_a_restart() -> Result<(), Failure> {
    let folder = Folder::new("queue-restart")?;
    let queues = Queues::open(folder.path())?;
    for body in ["done", "failed once", "held"] {
        queues.send("mail", body.to_owned())?;
    }
    let messages = queues.receive("mail", 3);
    queues.delete("mail", &messages[0].id)?;
    queues.fail("mail", &messages[1].id)?;
    drop(queues);

    let queues = Queues::open(folder.path())?;
    assert_eq!(bodies(&queues, "mail", 9), [("failed once".to_owned(), 2), ("held".to_owned(), 1)]);
    let id = queues.send("mail", "new".to_owned())?;
    assert!(id > messages[2].id, "numbers go on after a restart");
    Ok(())
}

#[test]
fn a_message_that_fails_five_times_is_dead() -> Result<(), Failure> {
    let folder = Folder::new("queue-dead")?;
    let queues = Queues::open(folder.path())?;
    queues.send("mail", "poison".to_owned())?;
    for attempt in 1..=MAX_RECEIVE_COUNT {
        assert_eq!(queues.dead(), [], "before attempt {attempt}");
        let messages = queues.receive("mail", 1);
        assert_eq!(messages[0].receive_count, attempt);
        queues.fail("mail", &messages[0].id)?;
    }
    assert_eq!(queues.depth("mail"), 0);
    let check = |queues: &Queues| {
        let dead = queues.dead();
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].queue.as_str(), dead[0].message.body.as_str()), ("mail", "poison"));
        assert_eq!(dead[0].message.receive_count, MAX_RECEIVE_COUNT);
    };
    check(&queues);
    check(&Queues::open(folder.path())?);
    Ok(())
}

#[test]
fn a_write_cut_short_by_a_kill_is_cleared_away() -> Result<(), Failure> {
    let folder = Folder::new("queue-cut")?;
    Queues::open(folder.path())?.send("mail", "whole".to_owned())?;
    let cut = folder.path().join("queue/mail/.00000000000000000009.json.3.part");
    std::fs::write(&cut, "{\"bo")?;
    assert_eq!(bodies(&Queues::open(folder.path())?, "mail", 9), [("whole".to_owned(), 1)]);
    assert!(!cut.exists());
    Ok(())
}

#[test]
fn names_that_leave_the_folder_are_refused() -> Result<(), Failure> {
    let folder = Folder::new("queue-names")?;
    let queues = Queues::open(folder.path())?;
    for name in ["", "..", "a/b", "a b", "../mail", &"a".repeat(81)] {
        assert!(queues.send(name, String::from("body")).is_err(), "{name:?}");
    }
    Ok(())
}
