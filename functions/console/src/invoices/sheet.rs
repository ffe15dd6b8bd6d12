//! An invoice as a page: all that § 14 (4) UStG asks for, with a number or before it has one.

use domain::account::{Account, Operator};
use domain::calendar::Day;
use domain::invoice::Draft;
use domain::language::Language;
use domain::vat::VatTreatment;
use maud::{Markup, html};

/// What is shown.
pub(super) struct Sheet<'a> {
    pub(super) seller: &'a Operator,
    pub(super) draft: &'a Draft,
    pub(super) issued_on: Day,
    pub(super) due_on: Day,
}

/// The whole of it, as it would be issued today.
pub(super) fn sheet(sheet: &Sheet<'_>, language: Language) -> Markup {
    let Sheet { seller, draft, issued_on, due_on } = sheet;
    let address = &seller.address;
    html! {
        div class="card" {
            p class="hint" { (seller.name) " · " (address.street) " · " (address.postal_code) " " (address.city) }
            (buyer(&draft.buyer))
            h2 { (draft.kind.title().get(language)) }
            dl class="facts" {
                dt { (language.pick("Nummer", "Number")) }
                dd { (language.pick("wird beim Ausstellen vergeben", "given when it is issued")) }
                dt { (language.pick("Datum", "Date")) } dd { (language.date(*issued_on)) }
                @if let Some((first, last)) = draft.service_period() {
                    dt { (language.pick("Leistungszeitraum", "Period of service")) }
                    dd { (language.date(first)) @if first != last { " – " (language.date(last)) } }
                }
                dt { (language.pick("Fällig am", "Due on")) } dd { (language.date(*due_on)) }
                dt { (language.pick("Kundennummer", "Customer number")) } dd { (draft.buyer.id) }
                @if let Some(vat_id) = &draft.buyer.vat_id { dt { (language.pick("USt-IdNr. des Kunden", "Customer's VAT id")) } dd { (vat_id) } }
                @if let Some(reference) = &draft.buyer.terms.order_reference { dt { (language.pick("Bestellnummer", "Order number")) } dd { (reference) } }
                @for reference in &draft.references {
                    dt { (language.pick("Bezug", "Refers to")) }
                    dd { (reference.number) (language.pick(" vom ", " of ")) (language.date(reference.issued_on)) }
                }
            }
            (lines(draft, language))
            @if let Some(note) = &draft.note { p { (note) } }
            p class="hint" {
                @if !seller.vat_id.is_empty() { (language.pick("USt-IdNr. ", "VAT id ")) (seller.vat_id) " · " }
                @if !seller.tax_number.is_empty() { (language.pick("Steuernummer ", "tax number ")) (seller.tax_number) " · " }
                "IBAN " (seller.iban) " · BIC " (seller.bic)
                @for line in seller.register_lines(language) { " · " (line) }
            }
        }
    }
}

fn buyer(account: &Account) -> Markup {
    html! {
        p {
            b { (account.name) }
            @if let Some(address) = &account.address {
                br; (address.street) br; (address.postal_code) " " (address.city)
                @if address.country != "DE" { br; (address.country) }
            }
        }
    }
}

/// Lines and totals.
pub(crate) fn lines(draft: &Draft, language: Language) -> Markup {
    let totals = &draft.totals;
    html! {
        div class="scroll" { table {
            thead { tr {
                th { (language.pick("Leistung", "Item")) } th class="number" { (language.pick("Menge", "Quantity")) }
                th class="number" { (language.pick("Einzelpreis", "Unit price")) } th class="number" { (language.pick("Netto", "Net")) }
            } }
            tbody {
                @for line in &draft.lines { tr {
                    td { (line.text.get(language)) }
                    td class="number" { (language.number(line.quantity)) " " (line.unit.label(line.quantity, language)) }
                    td class="number" { (language.unit_price(line.unit_price)) }
                    td class="number" { (language.money(line.net)) }
                } }
                tr { td colspan="3" { (language.pick("Summe netto", "Net total")) } td class="number" { (language.money(totals.net)) } }
                @for group in &totals.vat { tr {
                    td colspan="3" { (rate(group.treatment, language)) @if totals.vat.len() > 1 { (language.pick(" auf ", " on ")) (language.money(group.taxable)) } }
                    td class="number" { (language.money(group.vat)) }
                } }
                tr { td colspan="3" { b { (language.pick("Gesamtbetrag", "Total")) } } td class="number" { b { (language.money(totals.gross)) } } }
                @if !draft.credit.is_zero() {
                    tr { td colspan="3" { (language.pick("Guthaben", "Credit")) } td class="number" { "−" (language.money(draft.credit)) } }
                    tr { td colspan="3" { b { (language.pick("Zu zahlen", "To be paid")) } } td class="number" { b { (language.money(draft.due())) } } }
                }
            }
        } }
    }
}

/// A rate, or why there is none.
fn rate(treatment: VatTreatment, language: Language) -> String {
    treatment.exemption_text(language).map_or_else(
        || format!("{}\u{a0}% {}", language.number(treatment.percent()), language.pick("USt", "VAT")),
        ToOwned::to_owned,
    )
}
