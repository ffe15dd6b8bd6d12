//! Messages in words.

use domain::language::Language;
use platform::table::keys::Key;
use serde_json::Value;

/// The item a message is about, if it names one.
pub(super) fn item(body: &str) -> Option<Key> {
    let body: Value = serde_json::from_str(body).ok()?;
    Some(Key::new(body.get("pk")?.as_str()?, body.get("sk")?.as_str()?))
}

/// What a message is about.
pub(super) fn words(body: &str, language: Language) -> String {
    if let Some(item) = item(body) {
        return item_words(&item, language);
    }
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if let Some(shard) = body.get("shard").and_then(Value::as_u64) {
        let (month, part) = (text("month"), shard + 1);
        return language.pick(
            format!("Teil {part} des Rechnungslaufs für {month}"),
            format!("part {part} of the invoice run of {month}"),
        );
    }
    if body.get("check").is_some() {
        return language.pick("Prüfung des Archivs", "check of the archive").to_owned();
    }
    if body.get("export").is_some() {
        return language.pick("Export für die Prüfung", "export for an auditor").to_owned();
    }
    if text("source") == "aws.ses" {
        return language.pick("Rückmeldung des Maildienstes", "report of the mail service").to_owned();
    }
    if body.get("DDBStreamBatchInfo").is_some() {
        return language.pick("Stelle im Änderungsstrom", "place in the stream of changes").to_owned();
    }
    language
        .pick("Start einer Funktion oder unbekannte Nachricht", "start of a function, or an unknown message")
        .to_owned()
}

/// The page of an item, if it has one.
pub(super) fn page(item: &Key) -> Option<String> {
    let account = item.pk.strip_prefix("ACCOUNT#")?;
    match item.sk.split_once('#') {
        Some(("INVOICE", invoice)) => Some(format!("/console/invoices/{account}/{invoice}")),
        _ => Some(format!("/console/accounts/{account}")),
    }
}

/// What an item is, with its ids and without anybody's name.
pub(super) fn item_words(item: &Key, language: Language) -> String {
    if let Some(account) = item.pk.strip_prefix("ACCOUNT#") {
        return match item.sk.split_once('#') {
            Some(("INVOICE", invoice)) => {
                language.pick(format!("{invoice} von {account}"), format!("{invoice} of {account}"))
            }
            _ => account.to_owned(),
        };
    }
    let parts: Vec<&str> = item.pk.split('#').collect();
    match parts.as_slice() {
        ["EVENT", account, event, ..] => {
            language.pick(format!("Antwort zu {event} von {account}"), format!("answer to {event} of {account}"))
        }
        ["SIGNIN", ..] => language.pick("Link zum Anmelden", "link to sign in").to_owned(),
        [kind, ..] => (*kind).to_owned(),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_in_words() {
        for (name, body, expected) in [
            ("an invoice", r#"{"pk":"ACCOUNT#acc_a","sk":"INVOICE#inv_b"}"#, "inv_b von acc_a"),
            ("a subscription", r#"{"pk":"ACCOUNT#acc_a","sk":"SUBSCRIPTION"}"#, "acc_a"),
            ("a registration", r#"{"pk":"EVENT#acc_a#evt_b#P#3","sk":"REG#00"}"#, "Antwort zu evt_b von acc_a"),
            ("a link", r#"{"pk":"SIGNIN#ab","sk":"LINK"}"#, "Link zum Anmelden"),
            ("a part of a run", r#"{"month":"2026-11","shard":2}"#, "Teil 3 des Rechnungslaufs für 2026-11"),
            ("a check", r#"{"check":"2026-12"}"#, "Prüfung des Archivs"),
            ("an export", r#"{"export":"x"}"#, "Export für die Prüfung"),
            ("a bounce", r#"{"source":"aws.ses","detail":{}}"#, "Rückmeldung des Maildienstes"),
            ("a stream record", r#"{"DDBStreamBatchInfo":{}}"#, "Stelle im Änderungsstrom"),
            ("anything", "{}", "Start einer Funktion oder unbekannte Nachricht"),
            ("no JSON", "<html>", "Start einer Funktion oder unbekannte Nachricht"),
        ] {
            assert_eq!(words(body, Language::De), expected, "{name}");
        }
    }
}
