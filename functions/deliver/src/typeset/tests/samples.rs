//! Two invoices as people receive them: domestic in German, reverse charge in English.

use crate::typeset::labels::Labels;
use crate::typeset::{Bank, Buyer, Line, PrintInvoice, Seller, Totals, VatRow};

pub(super) fn german() -> PrintInvoice {
    PrintInvoice {
        labels: Labels::german(),
        seller: seller("Deutschland", "Geschäftsführerin: Dr. Eva Rosenstein"),
        buyer: Buyer {
            address_lines: texts(&[
                "Köln-Düsseldorfer Kongressgesellschaft mbH",
                "Frau Jördis Müller-Lüdenscheidt",
                "Größenwahnallee 12a",
                "50667 Köln",
            ]),
            customer_number: "K-10042".into(),
            vat_id: None,
            reference: Some("PO-2026-0815".into()),
        },
        number: "RE-2026-000123".into(),
        issue_date: "01.11.2026".into(),
        service_period: "01.10.2026 – 31.10.2026".into(),
        due_date: Some("15.11.2026".into()),
        cancels: None,
        introduction: texts(&[
            "Guten Tag Frau Müller-Lüdenscheidt,",
            "für Ihre Veranstaltungen im Oktober 2026 berechnen wir die folgenden Leistungen.",
        ]),
        lines: lines(&[
            "1|Tarif „Professional“|01.10.2026 – 31.10.2026|1|Monat|89,00 €|19 %|89,00 €",
            "2|Teilnehmende über dem Freikontingent|1.250 zugesagt, davon 200 im Tarif enthalten; \
             gezählt je Kalendertag|1.050|Personen|0,40 €|19 %|420,00 €",
            "3|Zusatzmodul „Namensschilder“|ab 12.10.2026, anteilig 20 von 31 Tagen|1|Monat\
             |19,00 €|19 %|12,26 €",
            "4|Telefonische Hilfe, Stufe 2|3 Gespräche, abgerechnet je angefangene 15 Minuten\
             |1,25|Stunden|120,00 €|19 %|150,00 €",
            "5|Nachlass wegen der Störung am 14.10.2026||1|pauschal|−20,00 €|19 %|−20,00 €",
        ]),
        totals: totals("651,26 €", "zzgl. 19 % USt auf 651,26 €", "123,74 €", "775,00 €"),
        notes: Vec::new(),
        payment_terms: texts(&["Bitte überweisen Sie den Gesamtbetrag von 775,00 € bis zum 15.11.2026 unter Angabe \
             der Rechnungsnummer RE-2026-000123 auf das unten genannte Konto."]),
        payment_url: Some("https://billing.rosenstein.example/pay/RE-2026-000123".into()),
    }
}

pub(super) fn english() -> PrintInvoice {
    PrintInvoice {
        labels: Labels::english(),
        seller: seller("Germany", "Managing director: Dr Eva Rosenstein"),
        buyer: Buyer {
            address_lines: texts(&[
                "Grachten Congres B.V.",
                "Accounts payable",
                "Prinsengracht 263",
                "1016 GV AMSTERDAM",
                "NETHERLANDS",
            ]),
            customer_number: "K-10077".into(),
            vat_id: Some("NL123456782B90".into()),
            reference: None,
        },
        number: "RE-2026-000124".into(),
        issue_date: "1 November 2026".into(),
        service_period: "1 – 31 October 2026".into(),
        due_date: Some("15 November 2026".into()),
        cancels: None,
        introduction: texts(&["Dear customer,", "for your events in October 2026 we charge the following services."]),
        lines: lines(&[
            "1|“Professional” plan|1 – 31 October 2026|1|month|€89.00|0%|€89.00",
            "2|Attendees above the allowance|1,250 accepted, 200 of them included in the plan; \
             counted by calendar day|1,050|people|€0.40|0%|€420.00",
        ]),
        totals: totals("€509.00", "plus 0% VAT on €509.00", "€0.00", "€509.00"),
        notes: texts(&["Reverse charge: VAT is due from the recipient of the service \
                        (Steuerschuldnerschaft des Leistungsempfängers, § 13b UStG)."]),
        payment_terms: texts(&["We will collect €509.00 from your account by SEPA direct debit on 15 November 2026. \
             Mandate: M-10077-1. Creditor identifier: DE98ZZZ09999999999."]),
        payment_url: None,
    }
}

fn seller(country: &str, director: &str) -> Seller {
    Seller {
        name: "Rosenstein Veranstaltungssoftware GmbH".into(),
        return_address: "Rosenstein Veranstaltungssoftware GmbH · Lindwurmstraße 88 · 80337 München".into(),
        address_lines: texts(&["Lindwurmstraße 88", "80337 München", country]),
        vat_id: Some("DE123456788".into()),
        tax_number: Some("143/123/45678".into()),
        register_lines: texts(&["Amtsgericht München, HRB 123456", director]),
        email: "rechnung@rosenstein.example".into(),
        phone: "+49 89 1234567".into(),
        website: Some("www.rosenstein.example".into()),
        bank: Some(Bank {
            name: "Isar-Bank München".into(),
            iban: "DE02 1203 0000 0000 2020 51".into(),
            bic: "BYLADEM1001".into(),
        }),
    }
}

/// One line for each row: position, text, detail, quantity, unit, unit price, rate, net.
fn lines(rows: &[&str]) -> Vec<Line> {
    let line = |row: &&str| {
        let mut cells = row.split('|').map(str::to_owned);
        let mut next = || cells.next().unwrap_or_default();
        Line {
            position: next(),
            text: next(),
            detail: Some(next()).filter(|detail| !detail.is_empty()),
            quantity: next(),
            unit: next(),
            unit_price: next(),
            vat_rate: next(),
            net: next(),
        }
    };
    rows.iter().map(line).collect()
}

fn totals(net: &str, label: &str, amount: &str, gross: &str) -> Totals {
    Totals { net: net.into(), vat: vec![VatRow { label: label.into(), amount: amount.into() }], gross: gross.into() }
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}
