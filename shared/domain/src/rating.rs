//! Usage and catalogue → priced lines. The price calculator and the invoice run call the same.
//!
//! [`rate_month`] gives everything an account is charged in a month: fees, usage, orders, what came late
//! for months that are closed, the top-up to a minimum, and what promotion codes take off. It is pure: the
//! same input gives the same lines, in whatever order the records come.

mod blocks;
mod events;
mod exact;
pub mod explain;
mod fees;
mod frame;
mod hold;
mod late;
mod marks;
mod metered;
mod needed;
mod orders;
mod output;
mod percentage;
mod pools;
mod promotions;
mod quantity;
pub mod quote;
mod stepped;
mod told;
mod yearly;

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, Month};
use crate::catalog::Catalogues;
use crate::catalog::names::PoolId;
use crate::invoice::Line;
use crate::subscription::Subscription;
use crate::usage::Usage;

pub use events::count_events;
pub use hold::HoldReason;
pub use needed::{Needed, account_usage, needed_usage};
pub use quantity::month_quantity;

use frame::Frame;
use output::Output;

/// What a month of an account costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rating {
    /// What is charged, in the order of the plan's charges; then what came late, top-ups and discounts.
    pub lines: Vec<RatedLine>,
    /// What cannot be priced. Unless this is empty the lines are not to be invoiced (G7).
    pub held: Vec<HoldReason>,
    /// The allowance pools at the end of the month.
    pub pools: Vec<PoolBalance>,
}

/// A line and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatedLine {
    /// The line of the invoice.
    pub line: Line,
    /// How the amount came about.
    pub basis: Basis,
    /// The usage days behind the quantity, oldest first (G5).
    pub days: Vec<(Day, Decimal)>,
}

/// An allowance pool at the end of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolBalance {
    /// The pool.
    pub pool: PoolId,
    /// What was there at the beginning of the month.
    pub available: Decimal,
    /// What was used in it; never more than was available.
    pub used: Decimal,
}

/// How the amount of a line came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A fee.
    Fee,
    /// A fee for the year that begins.
    Year,
    /// The plan or a booking changed within the month: the difference of two monthly amounts (C1, C2).
    Change {
        /// Amount of a whole month before.
        before: Decimal,
        /// Amount of a whole month from the change on.
        after: Decimal,
    },
    /// An order.
    Order {
        /// What was ordered.
        ordered: Decimal,
        /// What pools covered.
        covered: Decimal,
        /// Whether the price was agreed for this order or account.
        agreed: bool,
    },
    /// Units that were counted, less those from pools, at least the minimum.
    Units {
        /// What the meter says.
        counted: Decimal,
        /// What pools covered.
        covered: Decimal,
        /// The least quantity that is charged, where it decided.
        minimum: Option<Decimal>,
    },
    /// Started packages.
    Packages {
        /// Units that are charged.
        units: Decimal,
        /// Units in a package.
        size: Decimal,
    },
    /// Units of one tier.
    Tier {
        /// Quantity below which the tier does not begin.
        above: Decimal,
        /// Its last quantity.
        up_to: Option<Decimal>,
        /// The whole quantity.
        quantity: Decimal,
        /// Whether the whole quantity has the price of this tier.
        volume: bool,
        /// Whether this is the amount charged once for reaching the tier.
        flat: bool,
    },
    /// The fee of the step an accumulated count reached (A20).
    Step {
        /// The count.
        count: Decimal,
        /// First day it was counted from.
        since: Day,
        /// Quantity above which the step begins.
        above: Decimal,
        /// Its last quantity.
        up_to: Option<Decimal>,
        /// Whether the fee was agreed with the account.
        agreed: bool,
    },
    /// A share of each transaction (A41).
    Transactions {
        /// Percent.
        percent: Decimal,
        /// Amount and fee of each, oldest first.
        each: Vec<(Decimal, Decimal)>,
        /// How many were free.
        free: u64,
    },
    /// Started blocks of time.
    Time {
        /// Minutes of a block.
        block: Decimal,
        /// The entries, oldest first.
        entries: Vec<TimeBasis>,
    },
    /// What came late: the charge of a closed month with it, less what was charged before.
    Late {
        /// The month.
        month: Month,
        /// Net with what came late.
        with: Decimal,
        /// Net without it.
        without: Decimal,
    },
    /// The rest up to a minimum.
    TopUp {
        /// What was charged.
        reached: Decimal,
        /// The minimum.
        minimum: Decimal,
    },
    /// A promotion code.
    Discount {
        /// What it is taken off.
        of: Decimal,
        /// Percent; `None` for an amount.
        percent: Option<Decimal>,
    },
}

/// How one time entry was charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeBasis {
    /// When it started.
    pub start: Instant,
    /// How long it was, in minutes.
    pub minutes: Decimal,
    /// Rounded up to started blocks, in minutes.
    pub started: Decimal,
    /// What pools covered, in minutes.
    pub covered: Decimal,
    /// Price of the first block, where it is charged.
    pub first_price: Option<Decimal>,
    /// Further blocks that are charged.
    pub blocks: Decimal,
}

/// Prices a month of an account.
///
/// Usage of other months may be among the records: earlier months give what accumulates, gauges and
/// pools; what became known in this month is charged in it.
#[must_use]
pub fn rate_month(catalogues: &Catalogues, subscription: &Subscription, usage: &Usage, month: Month) -> Rating {
    let mut out = Output::default();
    let frame = Frame::new(catalogues, subscription, usage, month, month, &mut out);
    marks::check(&frame, &mut out);
    let covered = pools::cover(&frame, &mut out);
    fees::rate(&frame, &mut out);
    late::rate(&frame, &covered, &mut out);
    let mut out = out.in_order();
    promotions::top_up(&frame, &mut out);
    promotions::discount(&frame, &mut out);
    out.held.dedup();
    Rating { lines: out.lines.into_iter().map(|placed| placed.line).collect(), held: out.held, pools: out.pools }
}
