//! Whole catalogue files.

mod broken;
mod follow_ups;
mod schema;
mod sound;

/// A catalogue with every model, without a mistake.
const SOUND: &str = include_str!("../../tests/files/sound.toml");

/// The sound file with one piece of it replaced.
fn edited(name: &str, from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{name}: {from:?} is not in the file");
    SOUND.replacen(from, to, 1)
}

/// The mistakes of a file, a line each; none for a sound one.
fn mistakes(text: &str) -> Vec<String> {
    super::read_catalogue(text).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}
