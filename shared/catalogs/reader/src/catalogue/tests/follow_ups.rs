use domain::catalog::check;

use super::{SOUND, edited};
use crate::catalogue::follow_ups::{genuine, located};
use crate::catalogue::parts;
use crate::cursor::Cursor;
use crate::place::{Report, placed};
use crate::toml;

fn mistake(path: &str, text: &str) -> check::Mistake {
    check::Mistake { path: path.split('/').map(str::to_owned).collect(), text: text.to_owned() }
}

/// Whether a mistake of the whole is told beside those of the file.
fn is_told(name: &str, from: &str, to: &str, path: &str, text: &str) -> bool {
    let file = edited(name, from, to);
    let root = toml::parse(&file).expect(name);
    let report = Report::default();
    assert!(parts(&Cursor::root(&root, &report)).is_some(), "{name}");
    let found = report.into_found();
    assert!(!found.is_empty(), "{name}: the file is sound");
    !genuine(&root, &found, std::iter::once(located(&root, mistake(path, text)))).is_empty()
}

/// A name, a piece of the sound file, what stands there instead, and a mistake of the whole.
type Row = (&'static str, &'static str, &'static str, (&'static str, &'static str));

const CONSEQUENCES: &[Row] = &[
    (
        "a name that is none",
        "[meters.phone]",
        "[meters.Phone]",
        ("charges/calls/channel", "there is no meter `phone`; there are"),
    ),
    ("the head of the file", "id = \"everything\"\n", "", ("id", "this cannot be the name of a catalogue")),
    ("the same value", "price = 39.00", "price = -1e3", ("charges/level-2-fee/price", "the price is below zero")),
    ("a value within", "reset = \"once\"", "reset = 1", ("plans/basic/pools/credit/reset", "wrong")),
    (
        "a meter that is there",
        "unit = \"process\"\n",
        "kind = 1\n",
        ("charges/process-packages/meter", "`processes` is of kind counter"),
    ),
    (
        "a charge without model",
        "model = \"one_off\"",
        "model = \"x\"",
        ("plans/basic/charges/2", "there is no charge `setup`; there is `fee`"),
    ),
    (
        "a charge without meter",
        "channel = \"phone\"\nblock = 1",
        "channel = 1\nblock = 1",
        ("plans/basic/meters/phone", "the meter is marked charged, but no charge of the plan prices it"),
    ),
    (
        "a charge without tiers",
        "tiers = [{ up_to = 5, price = 10 }, { price = 8 }]",
        "tiers = []",
        ("plans/basic/meters/users", "no charge of the plan prices it"),
    ),
    (
        "a plan's charges",
        "charges = [\"licence\"]",
        "charges = \"licence\"",
        ("charges/licence", "no plan has this charge"),
    ),
    (
        "an unread list may name it",
        "charges = [\"licence\"]",
        "charges = 1",
        ("charges/setup", "no plan has this charge; list it"),
    ),
    (
        "a misspelt key holds it",
        "charges = [\"licence\"]",
        "chargse = [\"licence\"]",
        ("plans/licence/meters/accepted_attendees", "no charge of the plan prices it"),
    ),
    (
        "a misspelt key of a plan",
        "meters = { accepted_attendees",
        "metres = { accepted_attendees",
        ("plans/licence/meters", "the plan does not mark the meter `phone`; mark it"),
    ),
    ("an unknown key of a plan", "rank = 7", "whatever = 7", ("plans/licence/title/de", "wrong")),
    (
        "a misspelt section",
        "[promotions.WELCOME10]",
        "[promos.WELCOME10]",
        ("charges/setup", "no plan has this charge; list it"),
    ),
    (
        "a section that is none",
        "[add_ons.level-2]\ntitle = { de = \"Stufe 2\", en = \"Level 2\" }\ntrial_days = 14",
        "[add_ons]\nlevel-2 = 14",
        ("charges/level-2-fee/add_on", "there is no add-on `level-2`"),
    ),
    (
        "windows of one of two",
        "\"mon-fri 13:30-17:00\"]",
        "\"13:30\"]",
        ("plans/basic/charges/9", "`emergency` and `calls` both price `phone`"),
    ),
    (
        "a pool that is there",
        "size = 60",
        "size = \"x\"\ntitel = 1",
        ("charges/calls/pools/1", "no plan with this charge has the pool `credit`"),
    ),
];

#[test]
fn consequences_are_not_told() {
    for (name, from, to, (path, text)) in CONSEQUENCES {
        assert!(!is_told(name, from, to, path, text), "{name}");
    }
}

const OF_THEIR_OWN: &[Row] = &[
    (
        "a title elsewhere",
        "title = { de = \"Stufe 2\", en = \"Level 2\" }",
        "title = 1",
        ("charges/fee/price", "the price is below zero; write 0 or more"),
    ),
    (
        "the head of the file",
        "currency = \"EUR\"",
        "currency = \"USD\"",
        ("charges/fee/price", "the price is below zero; write 0 or more"),
    ),
    (
        "a price elsewhere",
        "price = 39.00",
        "price = \"x\"",
        ("charges/fee/price", "the price is below zero; write 0 or more"),
    ),
    ("a price elsewhere, and use", "price = 39.00", "price = \"x\"", ("charges/setup", "no plan has this charge")),
    (
        "a title of the same",
        "rule = \"price list 2026\"",
        "rule = 1",
        ("charges/fee/price", "the price is below zero; write 0 or more"),
    ),
    (
        "a model elsewhere",
        "model = \"one_off\"",
        "model = \"x\"",
        ("charges/fee/price", "the price is below zero; write 0 or more"),
    ),
    (
        "a model elsewhere, and a name",
        "model = \"one_off\"",
        "model = \"x\"",
        ("plans/basic/includes/0", "there is no add-on `gold`; there are `level-2` and `setup`"),
    ),
    ("a promotion", "percent = 10", "percent = \"x\"", ("plans/basic/meters/phone", "no charge of the plan prices it")),
];

#[test]
fn mistakes_of_their_own_are_told() {
    for (name, from, to, (path, text)) in OF_THEIR_OWN {
        assert!(is_told(name, from, to, path, text), "{name}");
    }
}

#[test]
fn a_mistake_of_the_whole_is_where_its_path_leads() {
    for (name, path, expected) in [
        ("a value", "charges/fee/price", "57:9: charges.fee.price: x"),
        ("a table", "charges/fee", "53:1: charges.fee: x"),
        ("an item", "plans/basic/charges/2", "161:34: plans.basic.charges[2]: x"),
        ("a value in an item", "charges/storage/tiers/1/flat", "105:44: charges.storage.tiers[1].flat: x"),
        ("an item written in brackets", "charges/storage/tiers[1]/flat", "105:44: charges.storage.tiers[1].flat: x"),
        ("a key that is not there", "charges/fee/every", "53:1: charges.fee.every: x"),
        ("nothing of it is there", "nothing/of/it", "1:1: nothing.of.it: x"),
        ("a code in capitals", "promotions/FIVE-OFF/amount", "208:10: promotions.FIVE-OFF.amount: x"),
    ] {
        let root = toml::parse(SOUND).expect("a sound file");
        let mistakes = placed(SOUND, vec![located(&root, mistake(path, "x"))]);
        assert_eq!(mistakes[0].to_string(), expected, "{name}");
    }
}

/// Every value made unreadable, every key unknown or mistyped, one at a time: what is told stays within the entity.
#[test]
fn one_mistake_in_the_file_is_told_in_one_place() {
    let lines: Vec<&str> = SOUND.lines().collect();
    let mut entity = String::new();
    for (number, line) in lines.iter().enumerate() {
        if let Some(header) = line.strip_prefix('[') {
            entity = header.trim_end_matches(']').split('.').take(2).collect::<Vec<_>>().join(".");
        }
        let Some((key, value)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '['])) else { continue };
        // A list over several lines cannot be replaced by its first.
        if value == "[" {
            continue;
        }
        for mistaken in [
            format!("{key} = [[]]"),
            format!("{key} = {{ zzzzzzzz = [] }}"),
            format!("zzzzzzzz = {value}"),
            format!("{key}x = {value}"),
        ] {
            let mut file = lines.clone();
            file[number] = &mistaken;
            for mistake in crate::read_catalogue(&file.join("\n")).err().unwrap_or_default() {
                let within = mistake.line == number + 1 || mistake.path.starts_with(&format!("{entity}."));
                assert!(within || entity.is_empty(), "line {}, {mistaken}: {mistake}", number + 1);
            }
        }
    }
}

#[test]
fn a_mistaken_name_is_told_where_it_is_defined() {
    for (number, line) in SOUND.lines().enumerate() {
        let header = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let Some((section, name)) = header.and_then(|header| header.split_once('.')) else { continue };
        if !["meters", "add_ons", "charges"].contains(&section) {
            continue;
        }
        let file = SOUND.replacen(line, &format!("[{section}.{}]", name.to_uppercase()), 1);
        let mistakes = crate::read_catalogue(&file).err().unwrap_or_default();
        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [number + 1], "{line}: {mistakes:?}");
    }
}

#[test]
fn mistakes_of_the_file_and_of_the_whole_are_told_together() {
    let mut file = SOUND.to_owned();
    for (from, to) in [
        ("price = \"49.00\"", "price = \"49,00\""),
        ("price = 250", "price = -250"),
        ("meter = \"responses\"", "meter = \"answers\""),
        ("unit = \"process\"", "unit = \"proces\""),
        ("notice_months = 3", "notice_months = 13"),
        ("payments = \"charged\"\n", ""),
        ("requires = [\"level-2\"]", "requires = [\"level-2\", \"level-9\"]"),
        ("size = 60", "size = 0"),
    ] {
        assert!(file.contains(from), "{from}");
        file = file.replacen(from, to, 1);
    }
    assert_eq!(
        super::mistakes(&file),
        [
            "19:8: meters.processes.unit: unknown unit \"proces\"; did you mean `process`?",
            "50:24: add_ons.level-3.requires[1]: there is no add-on `level-9`; there are `level-2`, `level-3`",
            "57:9: charges.fee.price: decimals have a point; write 49.00",
            "73:9: charges.setup.price: the price is below zero; write 0 or more",
            "83:25: charges.per-attendee.waive_below.meter: there is no meter `answers`; there are `accepted_attendees`, \
             `responses`, `processes`, `storage`, `users`, `phone`, `payments`",
            "165:1: plans.basic.meters: the plan does not mark the meter `payments`; mark it charged, for `payment-fee` \
             prices it",
            "180:8: plans.basic.pools.credit.size: the size of a pool is not above zero; write more than 0",
            "189:39: plans.licence.term.notice_months: a notice of 13 months is longer than the term; write 12 or less",
        ]
    );
}
