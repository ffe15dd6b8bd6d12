//! What fits its place in full size, so that the template need not measure it: measuring lays a part out twice, which
//! took two fifths of the time of a page. What does not surely fit is measured there, and set smaller if need be.

use serde::Serialize;

use super::model::PrintInvoice;
use super::world::{Setup, Weight};

/// Parts of the letter that fit in full size. Widths and sizes are those of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Fits {
    /// The issuer's name in place of a logo.
    name: bool,
    /// The line above the address.
    return_address: bool,
    /// The address in the window.
    recipient: bool,
    /// The information block.
    facts: bool,
    /// The columns at the foot of the page.
    foot: bool,
    /// The units of all lines.
    units: bool,
}

/// Lines of an address and rows of the information block that surely fit.
const RECIPIENT_LINES: usize = 5;
const FACT_ROWS: usize = 9;

impl Fits {
    pub(super) fn of(invoice: &PrintInvoice, setup: &Setup) -> Self {
        let plain =
            |text: &str, tenths, most| is_one_line(text) && setup.width(text, Weight::Regular, tenths) <= mm(most);
        let (seller, recipient, facts) = (&invoice.seller, &invoice.recipient, &invoice.facts);
        let labels = facts.iter().map(|fact| setup.width(&fact.label, Weight::Regular, 85)).max().unwrap_or(0);
        // One of the values is bold.
        let values = facts.iter().map(|fact| setup.width(&fact.value, Weight::Bold, 85)).max().unwrap_or(0);
        Self {
            name: is_one_line(&seller.name) && setup.width(&seller.name, Weight::Bold, 180) <= mm(108),
            return_address: plain(&seller.return_address, 75, 80),
            recipient: recipient.len() <= RECIPIENT_LINES && recipient.iter().all(|line| plain(line, 100, 80)),
            facts: facts.len() <= FACT_ROWS
                && facts.iter().all(|fact| is_one_line(&fact.label) && is_one_line(&fact.value))
                && labels + mm(3) + values <= mm(68),
            foot: foot_fits(invoice, setup),
            units: invoice.lines.iter().all(|line| plain(&line.unit, 90, 22)),
        }
    }
}

/// Whether the columns at the foot stand side by side, as `foot` in the template sets them.
fn foot_fits(invoice: &PrintInvoice, setup: &Setup) -> bool {
    let (seller, labels) = (&invoice.seller, &invoice.labels);
    let width = |text: &str| setup.width(text, Weight::Regular, 70);
    let labelled =
        |label: &str, value: &Option<String>| value.as_ref().map_or(0, |value| width(&format!("{label} {value}")));
    let lines = |lines: &[String]| lines.iter().map(|line| width(line)).max().unwrap_or(0);
    let name = setup.width(&seller.name, Weight::Bold, 70).max(lines(&seller.address_lines));
    let contact = labelled(&labels.phone, &Some(seller.phone.clone()))
        .max(width(&seller.email))
        .max(seller.website.as_deref().map_or(0, width));
    let register = lines(&seller.register_lines)
        .max(labelled(&labels.vat_id, &seller.vat_id))
        .max(labelled(&labels.tax_number, &seller.tax_number));
    let bank = seller.bank.as_ref().map(|bank| {
        let iban = width(&format!("{} {}", labels.iban, bank.iban));
        width(&bank.name).max(iban).max(width(&format!("{} {}", labels.bic, bank.bic)))
    });
    let columns = [Some(name), Some(contact), Some(register), bank];
    let widths: Vec<u64> = columns.into_iter().flatten().collect();
    let gutters = mm(5) * (widths.len() as u64 - 1);
    widths.iter().sum::<u64>() + gutters <= mm(165)
}

fn is_one_line(text: &str) -> bool {
    !text.contains('\n')
}

/// Millimetres in micrometres.
const fn mm(millimetres: u64) -> u64 {
    millimetres * 1_000
}
