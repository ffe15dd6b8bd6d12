//! Whole usage files.

mod broken;
mod schema;
mod sound;

use domain::calendar::Month;
use domain::catalog::Catalogue;
use domain::catalog::names::PlanId;

use crate::{Mistake, UsageFile, read_catalogue};

/// A file with every key, without a mistake.
const SOUND: &str = include_str!("../../tests/files/sound.json");

fn catalogue() -> Catalogue {
    read_catalogue(include_str!("../../tests/files/sound.toml")).expect("a sound catalogue")
}

fn read(text: &str) -> Result<UsageFile, Vec<Mistake>> {
    let plan = PlanId::parse("basic").expect("a name");
    super::read_usage(text, &catalogue(), &plan, Month::parse("2026-11").expect("a month"))
}

/// The sound file with one piece of it replaced.
fn edited(name: &str, from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{name}: {from:?} is not in the file");
    SOUND.replacen(from, to, 1)
}

/// The mistakes of a file, a line each; none for a sound one.
fn mistakes(text: &str) -> Vec<String> {
    read(text).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}
