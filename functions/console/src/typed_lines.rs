//! Lines as somebody types them: of an invoice written by hand, or the items of an offer. Without scripts: one button adds a
//! line, another takes one away.

use domain::catalog::meter::Unit;
use domain::language::{Language, Text};
use domain::manual::form::{LINES_LIMIT, LineForm, RATES};
use domain::offer::form::ITEMS_LIMIT;
use domain::vat::VatRate;
use maud::{Markup, html};
use platform::http::field;
use rust_decimal::Decimal;

use crate::fields::Form;
use crate::numbers::plain;

/// Fields of a line.
const FIELDS: [&str; 7] = ["text", "quantity", "unit", "unit_price", "vat", "first_day", "last_day"];

/// What the lines belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An invoice: each line says when it was supplied.
    Invoice,
    /// An offer: it is delivered as a whole.
    Offer,
}

impl Kind {
    /// Name of all lines in the form.
    const fn name(self) -> &'static str {
        match self {
            Self::Invoice => "lines",
            Self::Offer => "items",
        }
    }

    const fn limit(self) -> usize {
        match self {
            Self::Invoice => LINES_LIMIT,
            Self::Offer => ITEMS_LIMIT,
        }
    }
}

/// Lines as they were typed.
pub(crate) struct TypedLines {
    kind: Kind,
    rows: Vec<[String; 7]>,
}

/// Most lines that are read of a form, which its size allows.
const MOST_SENT: usize = 2_000;

/// A line that is known, to be written as somebody would type it.
pub(crate) struct Known<'a> {
    pub(crate) text: &'a str,
    pub(crate) quantity: Decimal,
    pub(crate) unit: &'a str,
    pub(crate) unit_price: Decimal,
    pub(crate) vat: VatRate,
    /// First and last day of the supply, where they are asked for.
    pub(crate) days: Option<[String; 2]>,
}

impl TypedLines {
    pub(crate) const fn none(kind: Kind) -> Self {
        Self { kind, rows: Vec::new() }
    }

    /// What was sent, lines beyond the limit included: whoever checks the form says that they are too many.
    pub(crate) fn read(kind: Kind, fields: &[(String, String)]) -> Self {
        let count = (0..MOST_SENT).take_while(|index| {
            let prefix = format!("{}[{index}].", kind.name());
            fields.iter().any(|(name, _)| name.starts_with(&prefix))
        });
        let row = |index| FIELDS.map(|name| field(fields, &format!("{}[{index}].{name}", kind.name())).to_owned());
        Self { kind, rows: count.map(row).collect() }
    }

    /// One more line, with the unit and rate most lines have, supplied when the one before was.
    pub(crate) fn add(&mut self) {
        let last_day = self.rows.last().map(|row| row[6].clone()).unwrap_or_default();
        self.push(["", "1", "piece", "", "19", "", &last_day].map(ToOwned::to_owned));
    }

    /// A line that is known.
    pub(crate) fn add_known(&mut self, line: Known<'_>, language: Language) {
        let [first_day, last_day] = line.days.unwrap_or_default();
        let (quantity, unit_price) = (language.number(line.quantity), language.number(line.unit_price));
        let vat = line.vat.percent().to_string();
        // Beyond the limit, too: what is there must not be lost, and saving it tells that it is too much.
        self.rows.push([line.text.to_owned(), quantity, line.unit.to_owned(), unit_price, vat, first_day, last_day]);
    }

    fn push(&mut self, row: [String; 7]) {
        if self.rows.len() < self.kind.limit() {
            self.rows.push(row);
        }
    }

    /// Says until when the first line was supplied.
    pub(crate) fn date(&mut self, day: &str) {
        if let Some([.., last_day]) = self.rows.first_mut() {
            day.clone_into(last_day);
        }
    }

    /// Takes away the line that a button names.
    pub(crate) fn remove(&mut self, action: &str) {
        let index = action.strip_prefix("remove_").and_then(|index| index.parse::<usize>().ok());
        if let Some(index) = index.filter(|index| *index < self.rows.len()) {
            self.rows.remove(index);
        }
    }

    /// Lines that nobody filled in are none.
    pub(crate) fn drop_empty(&mut self) {
        self.rows.retain(|[text, _, _, unit_price, ..]| !text.trim().is_empty() || !unit_price.trim().is_empty());
    }

    /// The same where the form is to be read: if nobody filled in any, the first stays, for what is wrong with it to be told.
    pub(crate) fn keep_filled(&mut self) {
        let first = self.rows.first().cloned();
        self.drop_empty();
        if let (true, Some(first)) = (self.rows.is_empty(), first) {
            self.rows.push(first);
        }
    }

    /// Quantities and prices as interfaces write them, in the order of the lines.
    pub(crate) fn numbers(&self, language: Language) -> Vec<(String, String)> {
        self.rows.iter().map(|row| (plain(&row[1], language), plain(&row[3], language))).collect()
    }

    /// The lines as they are read, with their numbers.
    pub(crate) fn forms<'a>(&'a self, numbers: &'a [(String, String)]) -> Vec<LineForm<'a>> {
        let form = |(row, (quantity, unit_price)): (&'a [String; 7], &'a (String, String))| {
            let [text, _, unit, _, vat, first_day, last_day] = row;
            LineForm { text, quantity, unit, unit_price, vat, first_day, last_day }
        };
        self.rows.iter().zip(numbers).map(form).collect()
    }

    /// The fields of all lines with their values.
    pub(crate) fn values(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.rows.iter().enumerate().flat_map(|(index, row)| {
            let name = self.kind.name();
            FIELDS.iter().zip(row).map(move |(field, value)| (format!("{name}[{index}].{field}"), value.clone()))
        })
    }

    /// The fields of all lines, and what is wrong with them as a whole.
    pub(crate) fn inputs(&self, form: &Form<'_>) -> Markup {
        html! {
            @for index in 0..self.rows.len() { (self.line(form, index)) }
            (form.told(self.kind.name()))
        }
    }

    fn line(&self, form: &Form<'_>, index: usize) -> Markup {
        let language = form.language;
        let name = |field: &str| format!("{}[{index}].{field}", self.kind.name());
        // One and many are told apart by the quantity when it is printed.
        let label = |word: &str| Unit::named(word).map(|unit| unit.label(Decimal::TWO, language).to_owned());
        let units: Vec<(&str, String)> = Unit::words().filter_map(|word| Some((word, label(word)?))).collect();
        let units: Vec<(&str, &str)> = units.iter().map(|(word, label)| (*word, label.as_str())).collect();
        let rates = RATES.map(|(word, _)| (word, format!("{word}\u{a0}%")));
        let rates: Vec<(&str, &str)> = rates.iter().map(|(word, label)| (*word, label.as_str())).collect();
        let noun = match self.kind {
            Kind::Invoice => Text::new("Position", "Line"),
            Kind::Offer => Text::new("Position", "Item"),
        };
        let noun = noun.get(language);
        html! {
            fieldset {
                legend { (noun) " " (index + 1) }
                (form.input(&name("text"), language.pick("Leistung", "Supply"), "text", ""))
                div class="entry" {
                    (form.input(&name("quantity"), language.pick("Menge", "Quantity"), "text", ""))
                    (form.select(&name("unit"), language.pick("Einheit", "Unit"), &units))
                    (form.input(&name("unit_price"), language.pick("Netto je Einheit, €", "Net per unit, €"), "text", ""))
                    (form.select(&name("vat"), language.pick("USt", "VAT"), &rates))
                    @if self.kind == Kind::Invoice {
                        (form.input(&name("first_day"), language.pick("Leistung von", "Supplied from"), "date", ""))
                        (form.input(&name("last_day"), language.pick("bis", "to"), "date", ""))
                    }
                }
                @if self.rows.len() > 1 {
                    button class="quiet" type="submit" name="action" value={ "remove_" (index) } {
                        (language.pick(format!("{noun} {} entfernen", index + 1), format!("Remove {} {}", noun.to_lowercase(), index + 1)))
                    }
                }
            }
        }
    }
}

/// The word of a unit; one that a price list has described itself is known by its code, or counted in pieces.
pub(crate) fn word(unit: &Unit) -> &'static str {
    let alike = |same: fn(&Unit, &Unit) -> bool| {
        Unit::words().find(|word| Unit::named(word).is_some_and(|known| same(&known, unit)))
    };
    let same = alike(|known, unit| known == unit);
    same.or_else(|| alike(|known, unit| known.code == unit.code && known.code != "C62")).unwrap_or("piece")
}
