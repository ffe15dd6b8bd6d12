//! The index of an export: tables that any program reads, with the words and numbers of a German tax audit. Columns are
//! separated by semicolons, amounts have a comma, dates are as in ISO 8601.

use std::collections::BTreeMap;

use domain::account::Account;
use domain::archive::{Fault, YearTotals};
use domain::invoice::{Invoice, InvoiceKind};
use domain::money::Money;
use platform::files::field;
use platform::table::archive::ArchivedDocument;
use serde::{Deserialize, Serialize};

/// Rows of the three tables that grow with the invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tables {
    /// One row for each invoice.
    pub(super) invoices: String,
    /// One row for each VAT group of an invoice.
    pub(super) vat: String,
    /// One row for each document.
    pub(super) documents: String,
}

pub(super) const INVOICES: &str = "rechnungen.csv";
pub(super) const VAT: &str = "steuer.csv";
pub(super) const DOCUMENTS: &str = "belege.csv";
pub(super) const TOTALS: &str = "summen.csv";
pub(super) const NUMBERS: &str = "nummern.csv";
pub(super) const READ_ME: &str = "LIESMICH.txt";

/// A number without an invoice in the export, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) series: String,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) why: String,
}

impl Tables {
    /// The same with the heads of the tables, which programs read as the names of columns.
    pub(super) fn heads() -> Self {
        Self {
            invoices: row(&[
                "Rechnungsnummer",
                "Nummernkreis",
                "Lfd. Nummer",
                "Art",
                "Rechnungsdatum",
                "Fällig am",
                "Kundennummer",
                "Name",
                "Land",
                "USt-IdNr.",
                "Aussteller",
                "Währung",
                "Netto",
                "Umsatzsteuer",
                "Brutto",
                "Bezug auf",
            ]),
            vat: row(&["Rechnungsnummer", "Kategorie", "Steuersatz", "Netto", "Umsatzsteuer"]),
            documents: row(&["Rechnungsnummer", "Datei", "Teil", "Medientyp", "Bytes", "SHA-256", "Prüfung"]),
        }
    }

    pub(super) fn push(&mut self, other: &Self) {
        self.invoices.push_str(&other.invoices);
        self.vat.push_str(&other.vat);
        self.documents.push_str(&other.documents);
    }

    /// Adds an invoice and its VAT groups.
    pub(super) fn add_invoice(&mut self, invoice: &Invoice) {
        let Invoice { number, draft, .. } = invoice;
        let Account { id, name, address, vat_id, .. } = &draft.buyer;
        let references: Vec<&str> = draft.references.iter().map(|reference| reference.number.as_str()).collect();
        let vat = draft.totals.gross.minus(draft.totals.net).map(amount).unwrap_or_default();
        self.invoices.push_str(&row(&[
            &number.to_string(),
            &number.series,
            &number.sequence.to_string(),
            kind(draft.kind),
            &invoice.issued_on.to_string(),
            &invoice.due_on.to_string(),
            id.as_str(),
            name,
            address.as_ref().map_or("", |address| &address.country),
            vat_id.as_deref().unwrap_or_default(),
            &invoice.seller.name,
            draft.totals.net.currency().code(),
            &amount(draft.totals.net),
            &vat,
            &amount(draft.totals.gross),
            &references.join(", "),
        ]));
        for group in &draft.totals.vat {
            self.vat.push_str(&row(&[
                &number.to_string(),
                group.treatment.category(),
                &group.treatment.percent().to_string().replace('.', ","),
                &amount(group.taxable),
                &amount(group.vat),
            ]));
        }
    }

    /// Adds a document, with the file it is in and what comparing it came to.
    pub(super) fn add_document(
        &mut self,
        number: &str,
        document: &ArchivedDocument,
        (path, part): (&str, usize),
        fault: Option<Fault>,
    ) {
        let checked = match fault {
            None => "unverändert",
            Some(Fault::Missing) => "fehlt",
            Some(Fault::Differs) => "weicht ab",
        };
        self.documents.push_str(&row(&[
            number,
            path,
            &part.to_string(),
            &document.content_type,
            &document.fingerprint.size.to_string(),
            &document.fingerprint.sha256,
            checked,
        ]));
    }

    /// Notes that an invoice has no document yet.
    pub(super) fn add_nothing(&mut self, number: &str) {
        self.documents.push_str(&row(&[number, "", "", "", "", "", "noch nicht erstellt"]));
    }
}

/// What an invoice is; titles such as „Rechnung“ do not tell a monthly one from another.
const fn kind(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::Monthly => "Monatsrechnung",
        InvoiceKind::Single => "Einzelrechnung",
        InvoiceKind::DownPayment => "Anzahlungsrechnung",
        InvoiceKind::Final => "Schlussrechnung",
        InvoiceKind::SettlementFee => "Abrechnungsgebühr",
        InvoiceKind::Cancellation => "Stornorechnung",
        InvoiceKind::Correction => "Rechnungskorrektur",
    }
}

/// Sums of the year: of each issuer by VAT, and of all.
pub(super) fn totals(issuers: &BTreeMap<String, YearTotals>, all: &YearTotals) -> String {
    let mut text = row(&["Aussteller", "Kategorie", "Steuersatz", "Netto", "Umsatzsteuer", "Brutto"]);
    for (issuer, totals) in issuers {
        for group in &totals.vat {
            let gross = group.taxable.plus(group.vat).map(amount).unwrap_or_default();
            let percent = group.treatment.percent().to_string().replace('.', ",");
            let (taxable, vat) = (amount(group.taxable), amount(group.vat));
            text.push_str(&row(&[issuer, group.treatment.category(), &percent, &taxable, &vat, &gross]));
        }
        text.push_str(&sum(issuer, totals));
    }
    // One issuer's sum is that of all.
    if issuers.len() != 1 {
        text.push_str(&sum("Alle", all));
    }
    text
}

fn sum(issuer: &str, totals: &YearTotals) -> String {
    let vat = totals.gross.minus(totals.net).map(amount).unwrap_or_default();
    row(&[issuer, "Summe", "", &amount(totals.net), &vat, &amount(totals.gross)])
}

/// Numbers that have no invoice in the export.
pub(super) fn numbers(left_out: &[LeftOut]) -> String {
    let mut text = row(&["Nummernkreis", "Von", "Bis", "Grund"]);
    for LeftOut { series, first, last, why } in left_out {
        text.push_str(&row(&[series, &first.to_string(), &last.to_string(), why]));
    }
    text
}

fn amount(money: Money) -> String {
    money.plain().replace('.', ",")
}

fn row(fields: &[&str]) -> String {
    fields.iter().map(|text| field(text)).collect::<Vec<_>>().join(";") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::invoice::Totals;
    use domain::money::Currency;
    use domain::vat::{VatGroup, VatRate, VatTreatment};

    fn invoice(net: i64, vat: i64) -> Totals {
        let money = |cents| Money::from_cents(cents, Currency::Eur).unwrap();
        let group =
            VatGroup { treatment: VatTreatment::Taxed(VatRate::STANDARD), taxable: money(net), vat: money(vat) };
        Totals { net: money(net), vat: vec![group], gross: money(net + vat) }
    }

    #[test]
    fn each_issuer_has_sums_of_its_own_z7() {
        let (mut issuers, mut all) = (BTreeMap::new(), YearTotals::zero(Currency::Eur));
        for (issuer, net, vat) in
            [("Betreiber GmbH", 10_000, 1_900), ("Partner; KG", 5_000, 950), ("Betreiber GmbH", 1, 0)]
        {
            let of_issuer = issuers.entry(issuer.to_owned()).or_insert_with(|| YearTotals::zero(Currency::Eur));
            of_issuer.add(&invoice(net, vat)).unwrap();
            all.add(&invoice(net, vat)).unwrap();
        }
        let expected = [
            "Aussteller;Kategorie;Steuersatz;Netto;Umsatzsteuer;Brutto",
            "Betreiber GmbH;S;19;\"100,01\";\"19,00\";\"119,01\"",
            "Betreiber GmbH;Summe;;\"100,01\";\"19,00\";\"119,01\"",
            "\"Partner; KG\";S;19;\"50,00\";\"9,50\";\"59,50\"",
            "\"Partner; KG\";Summe;;\"50,00\";\"9,50\";\"59,50\"",
            "Alle;Summe;;\"150,01\";\"28,50\";\"178,51\"",
        ];
        assert_eq!(totals(&issuers, &all).lines().collect::<Vec<_>>(), expected);
        issuers.remove("Partner; KG");
        assert_eq!(totals(&issuers, &all).lines().count(), 3, "one issuer's sum is that of all");
    }
}
