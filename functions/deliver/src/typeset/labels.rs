//! The fixed words of an invoice in German and English.

use serde::Serialize;

/// The words printed around the values.
#[derive(Clone, Debug, Serialize)]
pub struct Labels {
    /// The language of the document (ISO 639-1), declared in the PDF and used to hyphenate.
    pub language: &'static str,
    /// The region of the language (ISO 3166-1).
    pub region: &'static str,
    /// The title of an invoice.
    pub title: &'static str,
    /// The title of an invoice that cancels another; never 'Gutschrift', which in German tax law
    /// is an invoice written by the buyer (§ 14 (2) UStG).
    pub cancellation_title: &'static str,
    /// Before the invoice number.
    pub number: &'static str,
    /// Before the date of issue.
    pub issue_date: &'static str,
    /// Before the number of the cancelled invoice.
    pub cancels: &'static str,
    /// Before the time of supply.
    pub service_period: &'static str,
    /// Before the customer number.
    pub customer_number: &'static str,
    /// Before the buyer's own reference.
    pub buyer_reference: &'static str,
    /// Before the buyer's VAT id.
    pub buyer_vat_id: &'static str,
    /// Before the due date.
    pub due_date: &'static str,
    /// Head of the column of line numbers.
    pub position: &'static str,
    /// Head of the column of services.
    pub text: &'static str,
    /// Head of the column of quantities.
    pub quantity: &'static str,
    /// Head of the column of units.
    pub unit: &'static str,
    /// Head of the column of unit prices.
    pub unit_price: &'static str,
    /// Head of the column of VAT rates.
    pub vat_rate: &'static str,
    /// Head of the column of net amounts.
    pub net: &'static str,
    /// Before the sum of the lines.
    pub net_total: &'static str,
    /// Before the amount to pay.
    pub gross_total: &'static str,
    /// Heading of the terms of payment.
    pub payment: &'static str,
    /// On the button that leads to the online payment.
    pub pay_online: &'static str,
    /// Before the seller's telephone number.
    pub phone: &'static str,
    /// Before the seller's VAT id.
    pub vat_id: &'static str,
    /// Before the seller's tax number.
    pub tax_number: &'static str,
    /// Before the account number.
    pub iban: &'static str,
    /// Before the bank's identifier.
    pub bic: &'static str,
    /// 'Seite' in 'Seite 1 von 2'.
    pub page: &'static str,
    /// 'von' in 'Seite 1 von 2'.
    pub page_of: &'static str,
}

impl Labels {
    /// The German words.
    pub fn german() -> Self {
        Self {
            language: "de",
            region: "DE",
            title: "Rechnung",
            cancellation_title: "Stornorechnung",
            number: "Rechnungsnummer",
            issue_date: "Rechnungsdatum",
            cancels: "Storno zu Rechnung",
            service_period: "Leistungszeitraum",
            customer_number: "Kundennummer",
            buyer_reference: "Ihre Referenz",
            buyer_vat_id: "Ihre USt-IdNr.",
            due_date: "Fällig am",
            position: "Pos.",
            text: "Leistung",
            quantity: "Menge",
            unit: "Einheit",
            unit_price: "Einzelpreis",
            vat_rate: "USt",
            net: "Betrag",
            net_total: "Summe netto",
            gross_total: "Gesamtbetrag",
            payment: "Zahlung",
            pay_online: "Jetzt online bezahlen",
            phone: "Tel.",
            vat_id: "USt-IdNr.",
            tax_number: "Steuernummer",
            iban: "IBAN",
            bic: "BIC",
            page: "Seite",
            page_of: "von",
        }
    }

    /// The English words.
    pub fn english() -> Self {
        Self {
            language: "en",
            region: "GB",
            title: "Invoice",
            cancellation_title: "Cancellation invoice",
            number: "Invoice number",
            issue_date: "Invoice date",
            cancels: "Cancels invoice",
            service_period: "Service period",
            customer_number: "Customer number",
            buyer_reference: "Your reference",
            buyer_vat_id: "Your VAT ID",
            due_date: "Due date",
            position: "No.",
            text: "Service",
            quantity: "Quantity",
            unit: "Unit",
            unit_price: "Unit price",
            vat_rate: "VAT",
            net: "Amount",
            net_total: "Subtotal, net",
            gross_total: "Total amount",
            payment: "Payment",
            pay_online: "Pay online now",
            phone: "Phone",
            vat_id: "VAT ID",
            tax_number: "Tax number",
            iban: "IBAN",
            bic: "BIC",
            page: "Page",
            page_of: "of",
        }
    }
}
