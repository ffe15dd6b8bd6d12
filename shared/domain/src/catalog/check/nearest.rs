//! What somebody may have meant by a name that does not exist.

/// Longer words are not compared, so that a lookup stays cheap.
const LONGEST: usize = 64;

/// The known name that is most like a wrong one, if one is alike: at most a third of its letters differ,
/// where two letters changed over count as one. Case is not looked at; of several the first.
#[must_use]
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = letters(wrong)?;
    known
        .filter_map(|name| {
            let letters = letters(name)?;
            let most = wrong.len().max(letters.len()) / 3;
            if wrong.len().abs_diff(letters.len()) > most {
                return None;
            }
            let distance = distance(&wrong, &letters);
            (distance <= most).then_some((distance, name))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().take(LONGEST + 1).map(|letter| letter.to_ascii_lowercase()).collect();
    (letters.len() <= LONGEST).then_some(letters)
}

/// Letters to add, leave out, replace or change over with their neighbour (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before = vec![0; right.len() + 1];
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != other);
            let mut least = replaced.min(last[column + 1] + 1).min(next[column] + 1);
            if row > 0 && column > 0 && *letter == right[column - 1] && left[row - 1] == *other {
                least = least.min(before[column - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let long = "x".repeat(100_000);
        for (wrong, known, expected) in [
            ("prise", &["percent", "price"][..], Some("price")),
            ("pirce", &["price"], Some("price")),
            ("Price", &["pride", "price"], Some("price")),
            ("trial-days", &["rank", "trial_days"], Some("trial_days")),
            ("level", &["level-3", "level-2"], Some("level-3")),
            ("levle-2", &["level-3", "level-2"], Some("level-2")),
            ("ids", &["id"], Some("id")),
            ("grosse", &["große"], Some("große")),
            ("rank", &["sold", "free"], None),
            ("a", &["b"], None),
            ("", &["a"], None),
            ("price", &[], None),
            (long.as_str(), &["x"], None),
        ] {
            let found = nearest(wrong, known.iter().copied());
            assert_eq!(found, expected, "{}", wrong.chars().take(20).collect::<String>());
        }
        assert_eq!(nearest("x", [long.as_str()].into_iter()), None, "a known name that is too long");
    }
}
