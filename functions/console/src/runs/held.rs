//! What runs hold, and numbers that are void.

use domain::catalog::charge::Issuer;
use domain::language::{Language, Text};
use maud::{Markup, html};

use super::Shown;
use crate::Signed;
use crate::fields::form_token;

/// Why something is held, one sentence for each reason.
pub(super) fn reasons(reasons: &[Text], language: Language) -> Markup {
    html! { @for reason in reasons { div { (reason.get(language)) } } }
}

/// Accounts whose invoice is held, and why (G7), each with a button to evaluate it again.
pub(super) fn card(runs: &[Shown], signed: &Signed<'_>) -> Markup {
    let language = signed.language;
    if runs.iter().all(|shown| shown.held.is_empty()) {
        return html! {};
    }
    let code = language.code();
    html! {
        div class="card" {
            h2 { (language.pick("Angehaltene Rechnungen", "Held invoices")) }
            p class="hint" { (language.pick(
                "Ist die Ursache behoben, können Sie das Konto sofort neu bewerten lassen; sonst tut es der nächste Rechnungslauf.",
                "Once the cause is mended, you can have the account evaluated again at once; otherwise the next invoice run does it.")) }
            div class="scroll" { table {
                thead { tr { th { (language.pick("Monat", "Month")) } th { (language.pick("Konto", "Account")) } th { (language.pick("Grund", "Reason")) } th {} } }
                tbody { @for shown in runs { @for held in &shown.held {
                    tr {
                        td { (language.month(shown.month)) }
                        td {
                            a href={ "/console/accounts/" (held.account) "?lang=" (code) } { (held.account) }
                            @if held.issuer == Issuer::Partner { " " span class="tag plain" { (language.pick("Servicepartner", "service partner")) } }
                        }
                        td { (reasons(&held.reasons, language)) }
                        td {
                            form method="post" action={ "/console/runs/" (shown.month) "/evaluate?lang=" (code) } {
                                (form_token(signed))
                                input type="hidden" name="account" value=(held.account);
                                button class="quiet" type="submit" { (language.pick("Neu bewerten", "Evaluate again")) }
                            }
                        }
                    }
                } } }
            } }
            @for shown in runs {
                @let more = shown.parts.iter().map(|part| part.held).sum::<i64>() - i64::try_from(shown.held.len()).unwrap_or(0);
                @if more > 0 { p class="hint" { (language.month(shown.month)) ": " (language.pick(format!("und {more} weitere"), format!("and {more} more"))) } }
            }
        }
    }
}

/// Numbers that no invoice carries, for whoever has to explain the gap.
pub(super) fn void_card(runs: &[Shown], language: Language) -> Markup {
    let mut void: Vec<_> = runs.iter().flat_map(|shown| &shown.void).collect();
    void.sort_by(|a, b| a.number.cmp(&b.number));
    void.dedup();
    if void.is_empty() {
        return html! {};
    }
    html! {
        div class="card" {
            h2 { (language.pick("Ungültige Rechnungsnummern", "Void invoice numbers")) }
            p class="hint" { (language.pick(
                "Diese Nummern waren vergeben, als der Entwurf sich als unbrauchbar erwies. Sie werden nicht wieder vergeben; die Rechnung bekommt eine neue Nummer.",
                "These numbers had been given when the draft turned out to be unusable. They are not given again; the invoice gets another number.")) }
            div class="scroll" { table {
                thead { tr { th { (language.pick("Nummer", "Number")) } th { (language.pick("Tag", "Day")) } th { (language.pick("Konto", "Account")) } th { (language.pick("Grund", "Reason")) } } }
                tbody { @for one in void { tr { td { (one.number) } td { (language.short_date(one.day)) } td { (one.account) } td { (one.reason) } } } }
            } }
        }
    }
}
