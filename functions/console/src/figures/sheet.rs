//! The invoices of a month as a spreadsheet: the sums, an invoice a row, their lines, their VAT. Sums are formulas over the
//! other sheets, so that a change shows at once, and carry the results that were worked out in decimals here.

mod cells;

use std::collections::BTreeMap;

use domain::calendar::{Day, Month};
use domain::figures::{Figures, Sum};
use domain::language::Language;
use domain::money::{Currency, Money, MoneyError};
use domain::payment::PaymentState;
use platform::table::invoices::Standing;
use rust_xlsxwriter::{Workbook, XlsxError};

use self::cells::{Area, Column, Sheet};
use super::names::{Lists, kind_name, vat_name};

/// Why no spreadsheet came of it.
#[derive(Debug)]
pub(super) enum SheetError {
    Money(MoneyError),
    Xlsx(XlsxError),
}

impl std::fmt::Display for SheetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Money(error) => error.fmt(f),
            Self::Xlsx(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SheetError {}

impl From<MoneyError> for SheetError {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        Self::Xlsx(error)
    }
}

/// What is said of an invoice, in the order of the columns.
pub(super) struct Row {
    pub(super) before: Vec<String>,
    pub(super) dates: [Day; 2],
    pub(super) after: Vec<String>,
    pub(super) amounts: Vec<Money>,
}

/// Columns of invoices that sums go by.
const KIND: u16 = 1;
const SELLER: u16 = 2;
const NET: u16 = 12;
const LAST_AMOUNT: u16 = 18;

/// Headings of the columns of invoices.
pub(super) fn headings(language: Language) -> [&'static str; 19] {
    language.pick(
        [
            "Rechnungsnummer",
            "Art",
            "Im Namen",
            "Rechnungsdatum",
            "Fällig am",
            "Abrechnungsmonat",
            "Konto",
            "Kunde",
            "Land",
            "USt-IdNr.",
            "Bezug",
            "Stand",
            "Netto",
            "USt",
            "Brutto",
            "Guthaben",
            "Zu zahlen",
            "Eingegangen",
            "Offen",
        ],
        [
            "Invoice number",
            "Kind",
            "In the name of",
            "Invoice date",
            "Due on",
            "Billing month",
            "Account",
            "Customer",
            "Country",
            "VAT id",
            "Refers to",
            "State",
            "Net",
            "VAT",
            "Gross",
            "Credit",
            "To be paid",
            "Received",
            "Open",
        ],
    )
}

/// What is said of an invoice.
pub(super) fn row(standing: &Standing, language: Language) -> Row {
    let invoice = &standing.invoice;
    let (draft, totals) = (&invoice.draft, &invoice.draft.totals);
    let country = draft.buyer.address.as_ref().map_or("", |address| address.country.as_str());
    let references: Vec<&str> = draft.references.iter().map(|reference| reference.number.as_str()).collect();
    let state = match standing.payment() {
        PaymentState::Open => language.pick("offen", "open"),
        PaymentState::PartlyPaid => language.pick("teilweise bezahlt", "partly paid"),
        PaymentState::Paid => language.pick("bezahlt", "paid"),
        PaymentState::Overpaid => language.pick("überzahlt", "overpaid"),
        PaymentState::Cancelled => language.pick("storniert", "cancelled"),
    };
    let zero = Money::zero(Currency::Eur);
    // A difference of amounts within the limit, which exists.
    let vat = totals.vat_sum().unwrap_or(zero);
    Row {
        before: vec![invoice.number.to_string(), kind_name(draft.kind, language), invoice.seller.name.clone()],
        dates: [invoice.issued_on, invoice.due_on],
        after: vec![
            draft.month.to_string(),
            draft.buyer.id.to_string(),
            draft.buyer.name.clone(),
            country.to_owned(),
            draft.buyer.vat_id.clone().unwrap_or_default(),
            references.join(", "),
            state.to_owned(),
        ],
        amounts: vec![totals.net, vat, totals.gross, draft.credit, draft.due(), standing.received, standing.open()],
    }
}

/// The document.
///
/// # Errors
/// [`SheetError`] when a sum is beyond the limit, or there are more rows than a sheet takes.
pub(super) fn of(
    month: Month,
    invoices: &[Standing],
    lists: &Lists,
    today: Day,
    language: Language,
) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    cells::describe(&mut book, &format!("{} {month}", language.pick("Rechnungen", "Invoices")), today)?;
    let names = Names::of(language);
    // The sums stand first and refer to what follows, so all sheets are made before any is filled.
    let mut sums = Sheet::new(names.sums, language);
    let of_invoices = invoice_sheet(&names, invoices, language)?;
    let of_lines = line_sheet(&names, invoices, lists, language)?;
    let of_vat = vat_sheet(&names, invoices, lists, language)?;
    fill_sums(&mut sums, month, &names, invoices, lists, language)?;
    for sheet in [sums, of_invoices, of_lines, of_vat] {
        book.push_worksheet(sheet.done()?);
    }
    Ok(book.save_to_buffer()?)
}

/// What the sheets are called.
struct Names {
    sums: &'static str,
    invoices: &'static str,
    lines: &'static str,
    vat: &'static str,
}

impl Names {
    fn of(language: Language) -> Self {
        language.pick(
            Self { sums: "Summen", invoices: "Rechnungen", lines: "Positionen", vat: "Umsatzsteuer" },
            Self { sums: "Sums", invoices: "Invoices", lines: "Lines", vat: "VAT" },
        )
    }
}

fn invoice_sheet(names: &Names, invoices: &[Standing], language: Language) -> Result<Sheet, SheetError> {
    let mut sheet = Sheet::new(names.invoices, language);
    sheet.headings(&headings(language))?;
    let mut totals = vec![Money::zero(Currency::Eur); usize::from(LAST_AMOUNT - NET + 1)];
    for standing in invoices {
        let row = row(standing, language);
        for text in &row.before {
            sheet.text(text)?;
        }
        for day in row.dates {
            sheet.day(day)?;
        }
        for text in &row.after {
            sheet.text(text)?;
        }
        for (amount, total) in row.amounts.iter().zip(&mut totals) {
            sheet.money(*amount)?;
            *total = total.plus(*amount)?;
        }
        sheet.next_row();
    }
    sheet.totals(language.pick("Summe", "Total"), (NET..).zip(totals))?;
    Ok(sheet)
}

fn line_sheet(names: &Names, invoices: &[Standing], lists: &Lists, language: Language) -> Result<Sheet, SheetError> {
    let mut sheet = Sheet::new(names.lines, language);
    sheet.headings(&language.pick(
        [
            "Rechnungsnummer",
            "Art",
            "Konto",
            "Preisliste",
            "Tarif",
            "Preis",
            "Leistung",
            "Von",
            "Bis",
            "Menge",
            "Einheit",
            "Einzelpreis",
            "Anteil",
            "USt %",
            "Netto",
        ],
        [
            "Invoice number",
            "Kind",
            "Account",
            "Price list",
            "Plan",
            "Price",
            "Item",
            "From",
            "To",
            "Quantity",
            "Unit",
            "Unit price",
            "Share",
            "VAT %",
            "Net",
        ],
    ))?;
    let mut total = Money::zero(Currency::Eur);
    for standing in invoices {
        let draft = &standing.invoice.draft;
        for line in &draft.lines {
            let provenance = &line.provenance;
            let list = provenance.is_from_price_list().then_some(provenance.plan.catalogue.as_str());
            sheet.text(&standing.invoice.number.to_string())?;
            sheet.text(&kind_name(draft.kind, language))?;
            sheet.text(draft.buyer.id.as_str())?;
            sheet.text(&lists.name(list))?;
            sheet.text(&provenance.plan.plan)?;
            sheet.text(&provenance.price)?;
            sheet.text(line.text.get(language))?;
            sheet.day(line.first_day)?;
            sheet.day(line.last_day)?;
            sheet.number(line.quantity)?;
            sheet.text(language.pick(&line.unit.de, &line.unit.en))?;
            sheet.price(line.unit_price.amount())?;
            sheet.text(&line.share.map_or_else(String::new, |share| format!("{} / {}", share.days, share.of)))?;
            sheet.number(line.vat.percent())?;
            sheet.money(line.net)?;
            total = total.plus(line.net)?;
            sheet.next_row();
        }
    }
    sheet.totals(language.pick("Summe", "Total"), [(14, total)])?;
    Ok(sheet)
}

/// VAT as it stands on the invoices, by price list: what the sums by price list take theirs from.
fn vat_sheet(names: &Names, invoices: &[Standing], lists: &Lists, language: Language) -> Result<Sheet, SheetError> {
    let mut sheet = Sheet::new(names.vat, language);
    sheet.headings(&language.pick(
        ["Rechnungsnummer", "Art", "Preisliste", "Umsatzsteuer", "Kategorie", "USt %", "Netto", "USt"],
        ["Invoice number", "Kind", "Price list", "VAT", "Category", "VAT %", "Net", "VAT amount"],
    ))?;
    let mut total = Sum::zero();
    for standing in invoices {
        for (cell, sum) in Figures::of(&standing.invoice.draft)?.cells {
            sheet.text(&standing.invoice.number.to_string())?;
            sheet.text(&kind_name(cell.kind, language))?;
            sheet.text(&lists.name(cell.catalogue.as_deref()))?;
            sheet.text(&vat_name(cell.vat, language))?;
            sheet.text(cell.vat.category())?;
            sheet.number(cell.vat.percent())?;
            sheet.money(sum.net)?;
            sheet.money(sum.vat)?;
            total = total.plus(sum)?;
            sheet.next_row();
        }
    }
    sheet.totals(language.pick("Summe", "Total"), [(6, total.net), (7, total.vat)])?;
    Ok(sheet)
}

fn fill_sums(
    sheet: &mut Sheet,
    month: Month,
    names: &Names,
    invoices: &[Standing],
    lists: &Lists,
    language: Language,
) -> Result<(), SheetError> {
    let mut figures = Figures::default();
    let (mut rows, mut lines) = (0_u32, 0_u32);
    for standing in invoices {
        let one = Figures::of(&standing.invoice.draft)?;
        rows = rows.saturating_add(u32::try_from(one.cells.len()).unwrap_or(u32::MAX));
        lines = lines.saturating_add(u32::try_from(standing.invoice.draft.lines.len()).unwrap_or(u32::MAX));
        figures.merge(&one)?;
    }
    let of_vat = |column| Column { sheet: names.vat, column, rows };
    let of_lines = |column| Column { sheet: names.lines, column, rows: lines };
    let of_invoices =
        |column| Column { sheet: names.invoices, column, rows: u32::try_from(invoices.len()).unwrap_or(u32::MAX) };
    let mut by_seller: BTreeMap<String, Sum> = BTreeMap::new();
    for standing in invoices {
        let totals = &standing.invoice.draft.totals;
        let sum = by_seller.entry(standing.invoice.seller.name.clone()).or_insert_with(Sum::zero);
        *sum = sum.plus(Sum { net: totals.net, vat: totals.vat_sum()? })?;
    }
    sheet.title(&format!("{} {}", language.pick("Rechnungen für", "Invoices for"), language.month(month)))?;
    let sums = |by: BTreeMap<String, Sum>| by.into_iter().collect::<Vec<_>>();
    let seller = language.pick("Nach Rechnungssteller", "By issuer");
    sheet.area(
        &Area { heading: seller, key: of_invoices(SELLER), net: of_invoices(NET), vat: of_invoices(NET + 1) },
        &sums(by_seller),
    )?;
    let by_list = sums(figures.by(|cell| lists.name(cell.catalogue.as_deref()))?);
    let list = language.pick("Nach Preisliste", "By price list");
    sheet.area(&Area { heading: list, key: of_vat(2), net: of_vat(6), vat: of_vat(7) }, &by_list)?;
    let by_kind = sums(figures.by(|cell| kind_name(cell.kind, language))?);
    let kind = language.pick("Nach Art der Rechnung", "By kind of invoice");
    sheet.area(
        &Area { heading: kind, key: of_invoices(KIND), net: of_invoices(NET), vat: of_invoices(NET + 1) },
        &by_kind,
    )?;
    let by_vat = sums(figures.by(|cell| vat_name(cell.vat, language))?);
    let vat = language.pick("Nach Umsatzsteuer", "By VAT");
    sheet.area(&Area { heading: vat, key: of_vat(3), net: of_vat(6), vat: of_vat(7) }, &by_vat)?;
    let difference = language.pick("Positionen − Rechnungen (muss 0 sein)", "Lines − invoices (has to be 0)");
    sheet.difference(difference, of_lines(14), of_invoices(NET))
}

#[cfg(test)]
mod tests;
