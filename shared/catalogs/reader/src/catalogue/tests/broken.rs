use super::{edited, mistakes};
#[test]
fn dump() {
    let rows = std::fs::read_to_string("/tmp/target-reader/rows_toml.txt").unwrap();
    let mut out = String::new();
    for row in rows.split('\u{1e}').filter(|row| !row.is_empty()) {
        let parts: Vec<&str> = row.split('\u{1f}').collect();
        out += &format!("{}\u{1f}{}\u{1e}", parts[0], mistakes(&edited(parts[0], parts[1], parts[2])));
    }
    std::fs::write("/tmp/target-reader/out_toml.txt", out).unwrap();
}
