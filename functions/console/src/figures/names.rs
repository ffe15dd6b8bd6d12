//! What price lists, kinds of invoices and VAT are called in figures.

use std::collections::{BTreeMap, BTreeSet};

use domain::figures::Figures;
use domain::invoice::InvoiceKind;
use domain::language::Language;
use domain::vat::VatTreatment;
use platform::table::catalogues::Published;

/// Names of the price lists.
pub(super) struct Lists {
    names: BTreeMap<String, String>,
    none: &'static str,
}

impl Lists {
    /// Titles with their versions.
    pub(super) fn of(published: &[Published], language: Language) -> Self {
        let name = |list: &Published| {
            let parts = list.catalogue.parts();
            let key = list.catalogue.key().to_owned();
            let name = format!("{} {}", parts.title.get(language), parts.version);
            (key, name)
        };
        let none = language.pick("Ohne Preisliste", "Without a price list");
        Self { names: published.iter().map(name).collect(), none }
    }

    /// The name of a price list; one that is not published goes by its key.
    pub(super) fn name(&self, list: Option<&str>) -> String {
        match list {
            None => self.none.to_owned(),
            Some(key) => self.names.get(key).cloned().unwrap_or_else(|| key.to_owned()),
        }
    }

    /// The price lists that figures are of, in the order they are shown in; what is of none comes last.
    pub(super) fn used<'a>(&self, figures: impl Iterator<Item = &'a Figures>) -> Vec<Option<String>> {
        let used: BTreeSet<Option<String>> =
            figures.flat_map(|one| one.cells.keys().map(|cell| cell.catalogue.clone())).collect();
        let mut used: Vec<Option<String>> = used.into_iter().collect();
        used.sort_by_key(|list| (list.is_none(), self.name(list.as_deref())));
        used
    }
}

/// Invoices of a kind, in the plural.
pub(super) fn kind_name(kind: InvoiceKind, language: Language) -> String {
    let (de, en) = match kind {
        InvoiceKind::Monthly => ("Monatsrechnungen", "Monthly invoices"),
        InvoiceKind::Single => ("Einzelrechnungen", "Single invoices"),
        InvoiceKind::DownPayment => ("Anzahlungsrechnungen", "Down payment invoices"),
        InvoiceKind::Final => ("Schlussrechnungen", "Final invoices"),
        InvoiceKind::SettlementFee => ("Gebührenrechnungen", "Fee invoices"),
        InvoiceKind::Cancellation => ("Stornorechnungen", "Cancellation invoices"),
        InvoiceKind::Correction => ("Rechnungskorrekturen", "Correction invoices"),
    };
    language.pick(de, en).to_owned()
}

/// How something is taxed.
pub(super) fn vat_name(vat: VatTreatment, language: Language) -> String {
    match vat {
        // Spreadsheets would take "19 %" alone for a number when they look for it.
        VatTreatment::Taxed(rate) => {
            format!("{}\u{a0}% {}", language.number(rate.percent()), language.pick("USt", "VAT"))
        }
        VatTreatment::ReverseCharge => {
            language.pick("Steuerschuld des Empfängers (EU)", "Reverse charge (EU)").to_owned()
        }
        VatTreatment::NotTaxable => {
            language.pick("Nicht steuerbar (Drittland)", "Not taxable (third country)").to_owned()
        }
        VatTreatment::SmallBusiness => {
            language.pick("Kleinunternehmer (§ 19 UStG)", "Small business (section 19 UStG)").to_owned()
        }
    }
}
