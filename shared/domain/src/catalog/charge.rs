//! Charges: one price each, with the model that turns usage into an amount.

use rust_decimal::Decimal;

use crate::catalog::meter::Unit;
use crate::catalog::names::{AddOnId, ChargeId, MeterId, PoolId};
use crate::catalog::tiers::{Price, Tiers};
use crate::catalog::window::Window;
use crate::language::Text;

/// Where a price comes from, so that it can be traced (G5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceSource {
    /// A rule, a price list or a contract: `A10`, `price list 2026, page 3`.
    Rule(String),
    /// Nobody has set it yet: an example.
    Sample,
}

/// VAT class of what is sold; the buyer decides the rest (I4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VatClass {
    /// Standard rate, 19 % (§ 12 (1) UStG).
    Standard,
    /// Reduced rate, 7 % (§ 12 (2) UStG).
    Reduced,
}

/// In whose name a charge is invoiced (Z7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Issuer {
    /// The operator.
    Operator,
    /// A service partner, on an invoice of its own.
    Partner,
}

impl Issuer {
    /// The word used in files and storage.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Partner => "partner",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Operator, Self::Partner].into_iter().find(|issuer| issuer.code() == text)
    }
}

/// One price of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Its name: the price id of invoice lines.
    pub id: ChargeId,
    /// What stands on the invoice.
    pub text: Text,
    /// Where the price comes from.
    pub source: PriceSource,
    /// VAT class.
    pub vat: VatClass,
    /// In whose name it is invoiced.
    pub issuer: Issuer,
    /// Charged only while this add-on is booked, times the booked quantity for flat fees.
    pub add_on: Option<AddOnId>,
    /// Unit on the invoice; by default that of the meter or of the model.
    pub unit: Option<Unit>,
    /// How usage becomes an amount.
    pub model: Model,
}

/// How usage becomes an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Model {
    /// A fee for a month or a year.
    Flat(Flat),
    /// A price for something ordered, charged in the month it was delivered (A30, A53, Z8).
    OneOff(OneOff),
    /// Quantity times price, in one of four shapes.
    Metered(Metered),
    /// A monthly fee by a count that accumulates (A20).
    Stepped(Stepped),
    /// A share of each transaction (A41).
    Percentage(Percentage),
    /// Started blocks of time of each entry (A51, S2, S4).
    Blocks(Blocks),
}

impl Model {
    /// The word used in files.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Flat(_) => "flat",
            Self::OneOff(_) => "one_off",
            Self::Metered(metered) => match metered.shape {
                Shape::PerUnit(_) => "per_unit",
                Shape::Package { .. } => "package",
                Shape::Graduated(_) => "graduated",
                Shape::Volume(_) => "volume",
            },
            Self::Stepped(_) => "stepped",
            Self::Percentage(_) => "percentage",
            Self::Blocks(_) => "blocks",
        }
    }

    /// The meter it prices, if it prices one.
    #[must_use]
    pub const fn meter(&self) -> Option<&MeterId> {
        match self {
            Self::Flat(_) | Self::OneOff(_) => None,
            Self::Metered(metered) => Some(&metered.meter),
            Self::Stepped(stepped) => Some(&stepped.meter),
            Self::Percentage(percentage) => Some(&percentage.meter),
            Self::Blocks(blocks) => Some(&blocks.channel),
        }
    }

    /// The pools it draws from, in the order of use.
    #[must_use]
    pub fn pools(&self) -> &[PoolId] {
        match self {
            Self::OneOff(one_off) => &one_off.pools,
            Self::Metered(metered) => &metered.pools,
            Self::Blocks(blocks) => &blocks.pools,
            Self::Flat(_) | Self::Stepped(_) | Self::Percentage(_) => &[],
        }
    }
}

/// How often a fee falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Every {
    /// Each calendar month (G3).
    Month,
    /// Each year from the day it was booked, in the month in which that year begins (A31).
    Year,
}

/// When a monthly fee falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Billed {
    /// On the first day of the month, by the plan and bookings of that day; changes within the month are
    /// charged by their remaining days (C1, C2).
    Advance,
    /// On the last day of the month, by the days of each plan and booking.
    Arrears,
}

/// A fee for a month or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flat {
    /// Net price.
    pub price: Price,
    /// How often.
    pub every: Every,
    /// When within the month; without meaning for a yearly fee, which is always in advance.
    pub billed: Billed,
    /// Whether a month that is not whole is charged by its days.
    pub prorated: bool,
}

/// A price for something ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOff {
    /// Net price of one; on request: every order carries its agreed price.
    pub price: Price,
    /// Whether an order may agree on more (A30: "from 250").
    pub from: bool,
    /// Pools it draws from: pieces that are free.
    pub pools: Vec<PoolId>,
}

/// Not charged while another meter is below a threshold (A12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The meter that is looked at, within the same event or month.
    pub meter: MeterId,
    /// Charged from this quantity on.
    pub below: Decimal,
}

/// A price by quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metered {
    /// What is counted.
    pub meter: MeterId,
    /// The shape of the price.
    pub shape: Shape,
    /// Each ended event is priced by itself, in the month in which it ended (A10).
    pub per_event: bool,
    /// When nothing is charged.
    pub waiver: Option<Waiver>,
    /// Charged at least for this quantity in each month.
    pub minimum_quantity: Option<Decimal>,
    /// Charged at least for the quantity the subscription has committed to (Z7).
    pub forecast: bool,
    /// Pools it draws from, in the order of use.
    pub pools: Vec<PoolId>,
    /// Whether a month that is not whole is charged by its days (Z1a).
    pub prorated: bool,
}

/// Shapes of a price by quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Each unit has the same price.
    PerUnit(Decimal),
    /// Each started package has the same price.
    Package {
        /// Units in a package; above zero.
        size: Decimal,
        /// Price of a package.
        price: Decimal,
    },
    /// Each unit has the price of the tier it falls into.
    Graduated(Tiers),
    /// All units have the price of the tier the whole quantity reaches.
    Volume(Tiers),
}

/// Over which time a count accumulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accumulates {
    /// Twelve months from the day the plan was begun, again and again (A20).
    LicenceYear,
    /// The calendar month.
    Month,
    /// Since the plan was begun.
    Always,
}

impl Accumulates {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LicenceYear, Self::Month, Self::Always];

    /// The word used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LicenceYear => "licence_year",
            Self::Month => "month",
            Self::Always => "always",
        }
    }
}

/// A monthly fee by the count reached at the end of the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stepped {
    /// What accumulates.
    pub meter: MeterId,
    /// The fee of each tier.
    pub tiers: Tiers,
    /// Over which time.
    pub accumulates: Accumulates,
}

/// A share of each transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// The meter of the transactions.
    pub meter: MeterId,
    /// Percent of the amount, 0 to 100.
    pub percent: Decimal,
    /// Added for each transaction.
    pub fixed: Decimal,
    /// Least fee of a transaction.
    pub minimum: Option<Decimal>,
    /// Highest fee of a transaction.
    pub maximum: Option<Decimal>,
    /// The first transactions of each month are free.
    pub free_transactions: u64,
}

/// Price of the first block of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstBlock {
    /// Its length in minutes.
    pub minutes: Decimal,
    /// Its price.
    pub price: Decimal,
}

/// Started blocks of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// The meter of the time entries.
    pub channel: MeterId,
    /// Entries that start in one of these hours; at any hour if there are none.
    pub windows: Vec<Window>,
    /// Length of a block in minutes; above zero.
    pub block: Decimal,
    /// Price of each started block.
    pub price: Decimal,
    /// The first block, where it is priced differently.
    pub first: Option<FirstBlock>,
    /// Longer entries need an offer and are held (A50); in minutes.
    pub longest: Option<Decimal>,
    /// Pools it draws from, in the order of use.
    pub pools: Vec<PoolId>,
}
