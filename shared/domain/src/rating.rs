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
mod late;
mod marks;
mod metered;
mod orders;
mod output;
mod percentage;
mod pools;
mod promotions;
mod quantity;
pub mod quote;
mod stepped;
mod yearly;

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, Month};
use crate::catalog::charge::{Charge, Model};
use crate::catalog::names::{AddOnId, ChargeId, MeterId, PoolId};
use crate::catalog::{Catalogues, PlanKey};
use crate::ids::EventId;
use crate::invoice::Line;
use crate::money::MoneyError;
use crate::subscription::Subscription;
use crate::usage::{EndedEvent, Record, Usage};

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

/// Why something cannot be priced (G7): never guessed, never dropped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldReason {
    /// The subscription names a plan that no published catalogue has.
    #[error("no published catalogue has the plan {0}")]
    UnknownPlan(PlanKey),
    /// A booking names an add-on that the catalogue does not have.
    #[error("the catalogue has no add-on {0}")]
    UnknownAddOn(AddOnId),
    /// Counters that contradict themselves.
    #[error("the counts of event {0} contradict themselves: more or fewer attendees than responses")]
    ImpossibleCounts(EventId),
    /// An amount beyond every limit.
    #[error("an amount of event {0} cannot be computed: {1}")]
    Amount(EventId, MoneyError),
    /// An amount beyond every limit.
    #[error("the amount of the charge {0} is larger than can be invoiced")]
    TooLarge(ChargeId),
    /// The total cannot be computed.
    #[error("the total cannot be computed: {0}")]
    Total(MoneyError),
    /// Credits are larger than what is charged: that needs a credit note, not an invoice.
    #[error("credits are larger than what is charged: {0} in all")]
    BelowZero(Decimal),
    /// An invoice needs the address of the buyer (§ 14 (4) No. 1 UStG; I1).
    #[error("the account has no billing address")]
    NoBuyerAddress,
    /// What is stored of the account or its usage cannot be read.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    /// VAT for a buyer in this country is not decided by this version (I4).
    #[error("VAT for a buyer in {0} is not supported yet; only DE is")]
    BuyerCountry(String),
    /// The quantity reaches a tier whose price has to be agreed.
    #[error("{charge}: the price from {quantity} on has to be agreed with the account")]
    OnRequest {
        /// The charge.
        charge: ChargeId,
        /// The quantity that was reached.
        quantity: Decimal,
    },
    /// A price has to be agreed for each order, or for the account.
    #[error("{0}: the price has to be agreed")]
    NoAgreedPrice(ChargeId),
    /// An order names a price that the catalogue does not leave open.
    #[error("{charge}: the price agreed for the order of {day} is not allowed; the catalogue says {allowed}")]
    AgreedPriceNotAllowed {
        /// The charge.
        charge: ChargeId,
        /// Day of the order.
        day: Day,
        /// What would be allowed.
        allowed: String,
    },
    /// A binding forecast is needed and the subscription has none (Z7).
    #[error("{0}: the subscription commits to no quantity, and this charge needs a forecast")]
    NoForecast(ChargeId),
    /// Usage of a meter that the plan does not mark.
    #[error("the plan {plan} does not say whether {meter} is charged, included or ignored")]
    UnmarkedMeter {
        /// The plan.
        plan: PlanKey,
        /// The meter.
        meter: MeterId,
    },
    /// Usage of a meter whose charges all belong to add-ons that are not booked.
    #[error("{meter} was used on {day}, but no add-on that prices it is booked")]
    NotBooked {
        /// The meter.
        meter: MeterId,
        /// The first such day.
        day: Day,
    },
    /// Records of a meter that is charged event by event (A10): they do not say of which event.
    #[error("{meter} is charged for each event when it is over; give its events instead of single quantities")]
    PerEvent {
        /// The meter.
        meter: MeterId,
    },
    /// Lines in the name of a service partner come on an invoice of their own (Z7).
    #[error("lines in a service partner's name need an invoice of their own, which is not issued yet")]
    PartnerInvoice,
    /// Usage on a day without a subscription.
    #[error("{what} on {day}: there is no subscription on that day")]
    NoSubscription {
        /// The meter or charge.
        what: String,
        /// The first such day.
        day: Day,
    },
    /// No tariff of the plan covers a time entry.
    #[error("no tariff of the plan covers {channel} at {start}")]
    NoTariff {
        /// The channel.
        channel: MeterId,
        /// Local start.
        start: String,
    },
    /// A time entry is longer than its tariff allows.
    #[error("{channel} at {start} took longer than {longest} minutes: it needs an offer")]
    NeedsOffer {
        /// The channel.
        channel: MeterId,
        /// Local start.
        start: String,
        /// Minutes the tariff covers.
        longest: Decimal,
    },
    /// An order of something the plan does not sell.
    #[error("the plan {plan} has no one-off charge {charge}")]
    NotSold {
        /// The plan.
        plan: PlanKey,
        /// The charge.
        charge: ChargeId,
    },
    /// More was taken back than had been counted.
    #[error("{meter} is below zero in {month}: {quantity}")]
    BelowZeroUsage {
        /// The meter.
        meter: MeterId,
        /// The month.
        month: Month,
        /// The quantity.
        quantity: Decimal,
    },
    /// A redeemed code is in no catalogue the account is sold under.
    #[error("no catalogue of the account has the promotion code {0}")]
    UnknownPromotion(String),
}

impl HoldReason {
    /// The word interfaces use.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownPlan(_) => "unknown_plan",
            Self::UnknownAddOn(_) => "unknown_add_on",
            Self::ImpossibleCounts(_) => "impossible_counts",
            Self::Amount(..) | Self::TooLarge(_) | Self::Total(_) => "too_large",
            Self::BelowZero(_) => "below_zero",
            Self::NoBuyerAddress => "no_buyer_address",
            Self::Unreadable(_) => "unreadable",
            Self::BuyerCountry(_) => "buyer_country",
            Self::OnRequest { .. } => "on_request",
            Self::NoAgreedPrice(_) => "no_agreed_price",
            Self::AgreedPriceNotAllowed { .. } => "agreed_price_not_allowed",
            Self::NoForecast(_) => "no_forecast",
            Self::UnmarkedMeter { .. } => "unmarked_meter",
            Self::NotBooked { .. } => "not_booked",
            Self::PerEvent { .. } => "per_event",
            Self::PartnerInvoice => "partner_invoice",
            Self::NoSubscription { .. } => "no_subscription",
            Self::NoTariff { .. } => "no_tariff",
            Self::NeedsOffer { .. } => "needs_offer",
            Self::NotSold { .. } => "not_sold",
            Self::BelowZeroUsage { .. } => "below_zero_usage",
            Self::UnknownPromotion(_) => "unknown_promotion",
        }
    }
}

/// The first day whose records are needed to rate a month; `None` if no plan of the month prices a meter by
/// its days. Ended events are rated by themselves.
#[must_use]
pub fn needed_records(catalogues: &Catalogues, subscription: &Subscription, month: Month) -> Option<Day> {
    let usage = Usage::default();
    let frame = Frame::new(catalogues, subscription, &usage, month, month, &mut Output::default());
    let by_days = |charge: &&Charge| match &charge.model {
        Model::Metered(metered) => !metered.per_event,
        Model::Stepped(_) => true,
        _ => false,
    };
    let runs = frame.runs();
    let of_events = |run: &&frame::Run<'_>| {
        by_days(&run.charge)
            && run.charge.model.meter().is_some_and(|meter| metered::EVENT_METERS.contains(&meter.as_str()))
    };
    let needed = runs.iter().filter(of_events).map(|run| match &run.charge.model {
        Model::Stepped(stepped) => stepped::since(&frame, run, stepped, month.last()),
        _ => month.first(),
    });
    // What comes late belongs to earlier months; a year is as far back as a licence year reaches.
    needed.min().map(|first| first.min(month.first().previous().month().first()))
}

/// The usage of an account as rating takes it: events where the plan of their day charges event by event,
/// else the records of their days.
#[must_use]
pub fn account_usage(
    catalogues: &Catalogues,
    subscription: &Subscription,
    events: Vec<EndedEvent>,
    records: Vec<Record>,
) -> Usage {
    let per_event = |day| events::is_per_event(catalogues, subscription, day);
    Usage {
        events: events.into_iter().filter(|event| per_event(event.over_on)).collect(),
        records: records.into_iter().filter(|record| !per_event(record.day)).collect(),
        ..Usage::default()
    }
}

/// Prices a month of an account.
///
/// Usage of other months may be among the records: earlier months give what accumulates, gauges and
/// pools; what became known in this month is charged in it.
#[must_use]
pub fn rate_month(catalogues: &Catalogues, subscription: &Subscription, usage: &Usage, month: Month) -> Rating {
    let mut out = Output::default();
    let usage = &*events::counted(catalogues, subscription, usage);
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
