//! Sentences that stand both on the page and in the XML.

use domain::calendar::Day;
use domain::collection::Collection;
use domain::invoice::{Invoice, InvoiceKind, Line};
use domain::language::Language;

use super::{Texts, fill};

impl Texts {
    /// What an invoice has to do with each of those it names.
    pub(crate) fn reference_sentences(&self, invoice: &Invoice) -> Vec<String> {
        let language = invoice.draft.buyer.language;
        let text = match invoice.draft.kind {
            InvoiceKind::Cancellation => &self.reference.cancellation,
            InvoiceKind::Correction => &self.reference.correction,
            InvoiceKind::Final => &self.reference.r#final,
            InvoiceKind::Monthly | InvoiceKind::Single | InvoiceKind::DownPayment | InvoiceKind::SettlementFee => {
                &self.reference.other
            }
        };
        let sentence = |number: &str, day: Day| fill(text, &[("number", number), ("date", &written(day, language))]);
        invoice.draft.references.iter().map(|reference| sentence(&reference.number, reference.issued_on)).collect()
    }

    /// How the amount comes in, in few words (BT-20).
    pub(crate) fn payment_terms(&self, invoice: &Invoice) -> String {
        let language = invoice.draft.buyer.language;
        match invoice.collection() {
            Collection::Transfer => fill(&self.payment.terms_transfer, &[("date", &written(invoice.due_on, language))]),
            Collection::DirectDebit { on, .. } => {
                fill(&self.payment.terms_direct_debit, &[("date", &written(on, language))])
            }
            Collection::Settled | Collection::Refund => self.nothing_to_pay(invoice).to_owned(),
        }
    }

    /// Why nothing is to be paid, where that is so.
    pub(crate) fn nothing_to_pay(&self, invoice: &Invoice) -> &str {
        let draft = &invoice.draft;
        match invoice.collection() {
            Collection::Refund if draft.kind == InvoiceKind::Cancellation => &self.payment.cancelled,
            Collection::Refund => &self.payment.refund,
            _ if draft.credit.is_zero() => &self.payment.nothing,
            _ => &self.payment.settled,
        }
    }

    /// When the service of a line was rendered, unless that is `known`, and where its price comes from (G5).
    pub(crate) fn line_detail(&self, line: &Line, known: Option<(Day, Day)>, language: Language) -> String {
        let mut parts = Vec::new();
        if line.provenance.event.is_some() {
            parts.push(fill(&self.line.ended_on, &[("date", &written(line.last_day, language))]));
        } else if known != Some((line.first_day, line.last_day)) {
            parts.push(period(line.first_day, line.last_day, language));
        }
        if line.provenance.is_from_price_list() {
            parts.push(fill(&self.line.price_list, &[("catalogue", &line.provenance.plan.catalogue)]));
            parts.push(match line.provenance.rule.as_str() {
                "sample" => self.line.sample.clone(),
                rule => fill(&self.line.rule, &[("rule", rule)]),
            });
        }
        // Where it breaks, the dot stays behind the part before it.
        parts.join("\u{a0}· ")
    }

    /// How the net amount of a line is calculated, as on paper.
    pub(crate) fn calculation(&self, line: &Line, language: Language) -> String {
        let (quantity, price) = (language.number(line.quantity), language.unit_price(line.unit_price));
        let (unit, net) = (line.unit.label(line.quantity, language), language.money(line.net));
        let values = [("quantity", quantity.as_str()), ("unit", unit), ("price", &price), ("net", &net)];
        match line.share {
            None => fill(&self.line.calculation, &values),
            Some(share) => {
                let (days, of) = (share.days.to_string(), share.of.to_string());
                let share = [("days", days.as_str()), ("of", of.as_str())];
                fill(&self.line.shared_calculation, &[&values[..], &share[..]].concat())
            }
        }
    }
}

/// A day as documents write it: `01.12.2026` or `1 December 2026`.
pub(crate) fn written(day: Day, language: Language) -> String {
    language.pick(language.short_date(day), language.date(day))
}

/// A day, or the first and the last one: `01.11.2026 – 30.11.2026` or `1 – 30 November 2026`.
pub(crate) fn period(first: Day, last: Day, language: Language) -> String {
    let (whole, end) = (written(first, language), written(last, language));
    if first == last {
        return end;
    }
    let start = match language {
        Language::En if first.month() == last.month() => first.date().format("%-d").to_string(),
        Language::En if first.month().year() == last.month().year() => {
            whole.rsplit_once(' ').map_or(whole.clone(), |(day, _)| day.to_owned())
        }
        Language::En | Language::De => whole,
    };
    format!("{start} – {end}")
}
