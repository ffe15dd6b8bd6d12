//! Words a message offers: the nearest one, or those there are.

use domain::catalog::check::nearest::nearest;

/// Most words a message lists.
const LISTED_LIMIT: usize = 30;

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
    match nearest(text, known.clone().into_iter()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("possible is {}", listed(known)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
