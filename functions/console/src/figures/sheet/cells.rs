//! Cells of a spreadsheet. The only place where an amount becomes a floating-point number, which is all a spreadsheet knows.

use domain::calendar::Day;
use domain::figures::Sum;
use domain::language::Language;
use domain::money::{Currency, Money};
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::SheetError;

/// Significant digits that a floating-point number gives back as they were written.
const EXACT_DIGITS: usize = 15;
/// Width of columns, in characters.
const WIDTH: u16 = 16;

/// Title and date of the document.
pub(super) fn describe(book: &mut Workbook, title: &str, today: Day) -> Result<(), SheetError> {
    // Without it the library would ask the machine for the time.
    let properties = DocProperties::new().set_title(title).set_creation_datetime(&date(today)?);
    book.set_properties(&properties);
    Ok(())
}

fn date(day: Day) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::parse_from_str(&day.to_string())
}

/// A number as a spreadsheet keeps it; `None` if it has more digits than come back unchanged.
///
/// Parsing gives the nearest floating-point number, and the document has the shortest decimal that leads to it again: with at
/// most 15 digits that is the very text. Amounts have at most 14 ([`Money::LIMIT`]). Nothing is calculated with it.
fn float(number: Decimal) -> Option<f64> {
    let text = number.normalize().to_string();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > EXACT_DIGITS { None } else { text.parse().ok() }
}

/// A column of a sheet that sums are taken from: below its heading, so many rows.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) sheet: &'static str,
    pub(super) column: u16,
    pub(super) rows: u32,
}

impl Column {
    /// `Invoices!$M$2:$M$38`; at least one row, since a range has to have some.
    fn range(self) -> String {
        let letter = letter(self.column);
        let last = self.rows.max(1).saturating_add(1);
        format!("{}!${letter}$2:${letter}${last}", self.sheet)
    }
}

/// `A`, `B` … `Z`; no sheet has more columns.
fn letter(column: u16) -> char {
    char::from(b'A'.saturating_add(u8::try_from(column).unwrap_or(25)))
}

/// Sums by a key: which column has it, and which columns are added up.
pub(super) struct Area {
    pub(super) heading: &'static str,
    pub(super) key: Column,
    pub(super) net: Column,
    pub(super) vat: Column,
}

/// A sheet that is written from the first row on.
pub(super) struct Sheet {
    sheet: Worksheet,
    language: Language,
    row: u32,
    column: u16,
    failed: Option<XlsxError>,
}

impl Sheet {
    /// An empty sheet.
    pub(super) fn new(name: &str, language: Language) -> Self {
        let mut sheet = Worksheet::new();
        let failed = sheet.set_name(name).err();
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        Self { sheet, language, row: 0, column: 0, failed }
    }

    /// The sheet as it is to be kept.
    pub(super) fn done(self) -> Result<Worksheet, SheetError> {
        match self.failed {
            Some(error) => Err(error.into()),
            None => Ok(self.sheet),
        }
    }

    pub(super) fn next_row(&mut self) {
        self.row += 1;
        self.column = 0;
    }

    fn next(&mut self) -> u16 {
        let column = self.column;
        self.column += 1;
        column
    }

    /// The first row; it stays in sight, and its columns can be filtered.
    pub(super) fn headings(&mut self, headings: &[&str]) -> Result<(), SheetError> {
        let format = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
        for heading in headings {
            let column = self.next();
            self.sheet.write_string_with_format(self.row, column, *heading, &format)?;
            self.sheet.set_column_width(column, WIDTH)?;
        }
        self.sheet.set_freeze_panes(1, 1)?;
        self.next_row();
        Ok(())
    }

    /// Text; never a formula, whatever it begins with.
    pub(super) fn text(&mut self, text: &str) -> Result<(), SheetError> {
        let column = self.next();
        self.sheet.write_string(self.row, column, text)?;
        Ok(())
    }

    pub(super) fn day(&mut self, day: Day) -> Result<(), SheetError> {
        let column = self.next();
        let format = Format::new().set_num_format(self.language.pick("dd.mm.yyyy", "yyyy-mm-dd"));
        self.sheet.write_datetime_with_format(self.row, column, &date(day)?, &format)?;
        Ok(())
    }

    pub(super) fn money(&mut self, amount: Money) -> Result<(), SheetError> {
        self.decimal(amount.amount(), "#,##0.00")
    }

    /// A price, which may have more decimals than amounts.
    pub(super) fn price(&mut self, price: Decimal) -> Result<(), SheetError> {
        self.decimal(price, "#,##0.00######")
    }

    pub(super) fn number(&mut self, number: Decimal) -> Result<(), SheetError> {
        self.decimal(number, "General")
    }

    fn decimal(&mut self, number: Decimal, format: &str) -> Result<(), SheetError> {
        let column = self.next();
        match float(number) {
            Some(value) => {
                let format = Format::new().set_num_format(format);
                self.sheet.write_number_with_format(self.row, column, value, &format)?;
            }
            // As text it can be read, if not summed up.
            None => {
                let format = Format::new().set_align(FormatAlign::Right);
                self.sheet.write_string_with_format(self.row, column, number.normalize().to_string(), &format)?;
            }
        }
        Ok(())
    }

    /// Sums of columns below the last row.
    pub(super) fn totals(
        &mut self,
        word: &str,
        totals: impl IntoIterator<Item = (u16, Money)>,
    ) -> Result<(), SheetError> {
        let format = Format::new().set_bold().set_border_top(FormatBorder::Thin);
        self.sheet.write_string_with_format(self.row, 0, word, &format)?;
        // Rows from the second to the one above; without any, a sum of them would be one of itself.
        for (column, total) in totals {
            let letter = letter(column);
            let formula = match self.row {
                0 | 1 => "0".to_owned(),
                last => format!("ROUND(SUM({letter}2:{letter}{last}),2)"),
            };
            self.formula(column, &formula, total, true)?;
        }
        self.next_row();
        Ok(())
    }

    /// A large line of its own.
    pub(super) fn title(&mut self, title: &str) -> Result<(), SheetError> {
        self.sheet.write_string_with_format(self.row, 0, title, &Format::new().set_bold().set_font_size(14))?;
        self.sheet.set_column_width(0, 3 * WIDTH)?;
        for column in 1..=3 {
            self.sheet.set_column_width(column, WIDTH)?;
        }
        self.next_row();
        Ok(())
    }

    /// Sums by a key, with a total.
    pub(super) fn area(&mut self, area: &Area, sums: &[(String, Sum)]) -> Result<(), SheetError> {
        let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        self.next_row();
        let language = self.language;
        let headings = [
            area.heading,
            language.pick("Netto", "Net"),
            language.pick("USt", "VAT"),
            language.pick("Brutto", "Gross"),
        ];
        for heading in headings {
            let column = self.next();
            self.sheet.write_string_with_format(self.row, column, heading, &bold)?;
        }
        self.next_row();
        let first = self.row;
        let mut all = Sum::zero();
        for (key, sum) in sums {
            self.sheet.write_string(self.row, 0, key)?;
            let line = self.row + 1;
            for (column, of, amount) in [(1, area.net, sum.net), (2, area.vat, sum.vat)] {
                let formula = format!("ROUND(SUMIFS({},{},$A{line}),2)", of.range(), area.key.range());
                self.formula(column, &formula, amount, false)?;
            }
            self.formula(3, &format!("ROUND(B{line}+C{line},2)"), sum.gross()?, false)?;
            all = all.plus(*sum)?;
            self.next_row();
        }
        self.sheet.write_string_with_format(self.row, 0, language.pick("Summe", "Total"), &Format::new().set_bold())?;
        for (column, amount) in [(1, all.net), (2, all.vat), (3, all.gross()?)] {
            let letter = letter(column);
            let formula = match self.row {
                last if last == first => "0".to_owned(),
                last => format!("ROUND(SUM({letter}{}:{letter}{last}),2)", first + 1),
            };
            self.formula(column, &formula, amount, true)?;
        }
        self.next_row();
        Ok(())
    }

    /// What two columns differ by, which is nothing.
    pub(super) fn difference(&mut self, word: &str, one: Column, other: Column) -> Result<(), SheetError> {
        self.next_row();
        self.sheet.write_string(self.row, 0, word)?;
        let formula = format!("ROUND(SUM({})-SUM({}),2)", one.range(), other.range());
        self.formula(1, &formula, Money::zero(Currency::Eur), false)
    }

    fn formula(&mut self, column: u16, formula: &str, result: Money, total: bool) -> Result<(), SheetError> {
        let format = Format::new().set_num_format("#,##0.00");
        let format = if total { format.set_bold().set_border_top(FormatBorder::Thin) } else { format };
        let formula = Formula::new(formula).set_result(result.plain());
        self.sheet.write_formula_with_format(self.row, column, formula, &format)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_it_was_or_as_text() {
        for (number, exact) in [
            ("0.1", true),
            ("132.09", true),
            ("-0.01", true),
            ("999999999999.99", true),
            ("0.00000001", true),
            ("123456789012345", true),
            ("1234567890123.456", false),
            ("0.1234567890123456", false),
        ] {
            let decimal: Decimal = number.parse().expect(number);
            let written = float(decimal).map(|value| value.to_string());
            assert_eq!(written.as_deref(), exact.then_some(number), "{number}");
        }
    }

    #[test]
    fn ranges_leave_headings_and_totals_out() {
        let range = |column, rows| Column { sheet: "Invoices", column, rows }.range();
        assert_eq!(
            (range(0, 1), range(12, 37), range(25, 0)),
            ("Invoices!$A$2:$A$2".to_owned(), "Invoices!$M$2:$M$38".to_owned(), "Invoices!$Z$2:$Z$2".to_owned())
        );
    }
}
