//! Words a message offers: the nearest one, or those there are.

/// Longest word that is compared; longer ones are no misspelling.
const COMPARED_LIMIT: usize = 60;
/// Most words a message lists.
const LISTED_LIMIT: usize = 30;

/// The known word that differs from a text least, if it differs by little: a third of its letters.
pub(crate) fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > COMPARED_LIMIT {
        return None;
    }
    let (distance, word) = known.into_iter().map(|word| (distance(text, word), word)).min_by_key(|near| near.0)?;
    let most = (text.chars().count().max(word.chars().count()) / 3).max(1);
    (distance <= most).then_some(word)
}

/// Letters to insert, remove, replace or swap with their neighbour to make one word of another.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) =
        (from.to_lowercase().chars().collect(), to.to_lowercase().chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let cell = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let replaced = cell(&last, column) + usize::from(letter != other);
            let mut least = replaced.min(cell(&last, column + 1) + 1).min(cell(&current, column) + 1);
            let swapped =
                row > 0 && column > 0 && from.get(row - 1) == Some(other) && to.get(column - 1) == Some(letter);
            if swapped {
                least = least.min(cell(&before_last, column - 1) + 1);
            }
            current.push(least);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(0)
}

/// The words as a message lists them: `a`, `b` or `c`.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    if words.len() > LISTED_LIMIT {
        words.truncate(LISTED_LIMIT);
        return format!("{} …", words.join(", "));
    }
    match words.pop() {
        None => "none".to_owned(),
        Some(only) if words.is_empty() => only,
        Some(last) => format!("{} or {last}", words.join(", ")),
    }
}

/// The end of a message about an unknown word: what was probably meant, or what there is.
pub(crate) fn hint<'a>(text: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(text, known.clone()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("possible is {}", listed(known)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered() {
        for (text, expected) in [
            ("pirce", Some("price")),
            ("prices", Some("price")),
            ("PRICE", Some("price")),
            ("meters", Some("meter")),
            ("bananas", None),
            ("", None),
            ("p", None),
        ] {
            assert_eq!(nearest(text, ["price", "meter", "tiers"]), expected, "{text}");
        }
        assert_eq!(nearest(&"a".repeat(1000), ["a"]), None);
    }

    #[test]
    fn words_are_listed_as_people_list_them() {
        for (words, expected) in [
            (vec![], "none"),
            (vec!["a"], "`a`"),
            (vec!["a", "b"], "`a` or `b`"),
            (vec!["a", "b", "c"], "`a`, `b` or `c`"),
        ] {
            assert_eq!(listed(words), expected);
        }
    }
}
