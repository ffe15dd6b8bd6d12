//! Why an invoice is held: what cannot be priced is said, never guessed (G7).

use rust_decimal::Decimal;

use crate::calendar::{Day, Month};
use crate::catalog::PlanKey;
use crate::catalog::names::{AddOnId, ChargeId, MeterId};
use crate::ids::EventId;
use crate::language::Language;
use crate::money::{Money, MoneyError};

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
    #[error("the amount of the charge {0} is larger than can be invoiced")]
    TooLarge(ChargeId),
    /// The total cannot be computed.
    #[error("the total cannot be computed: {0}")]
    Total(MoneyError),
    /// Credits are larger than what is charged: that needs a credit note, not an invoice.
    #[error("credits are larger than what is charged: {} in all", Language::En.money(*.0))]
    BelowZero(Money),
    /// A down payment was cancelled, and its correction is entered but not issued.
    #[error("the correction of the down payment is still a draft: issue it or discard it first")]
    OpenCorrection,
    /// A down payment was taxed and the rest is not, or the other way round: the two cannot stand on one invoice.
    #[error("the down payment was taxed otherwise than the rest is now: cancel it first, then the whole is invoiced")]
    OtherVat,
    /// The issuer has no VAT id, which an invoice of reverse charge has to name (§ 14a (1) UStG).
    #[error("the issuer has no VAT id, which an invoice with reverse charge needs")]
    NoSellerVatId,
    /// An invoice needs the address of the buyer (§ 14 (4) No. 1 UStG; I1).
    #[error("the account has no billing address")]
    NoBuyerAddress,
    /// The country of the buyer is none, so that nobody can tell its VAT (I4).
    #[error("the account's country {0} is none of ISO 3166-1")]
    UnknownCountry(String),
    /// What is stored of the account or its usage cannot be read.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    /// A buyer in another member state without a VAT id: consumers there are not invoiced (I4).
    #[error("the account is in {0} and has no VAT id")]
    NoVatId(String),
    /// The VAT id of a buyer in another member state is none of another member state (I4).
    #[error("the account is in {country} and its VAT id {vat_id} is not of another member state")]
    ForeignVatId {
        /// Country of the buyer.
        country: String,
        /// Its VAT id.
        vat_id: String,
    },
    /// The VAT id has to be checked first (I4).
    #[error("the VAT id {0} has not been checked")]
    VatIdUnchecked(String),
    /// The VAT id was not valid when it was checked (I4).
    #[error("the VAT id {vat_id} was not valid when it was checked on {on}")]
    VatIdInvalid {
        /// The VAT id.
        vat_id: String,
        /// When it was checked.
        on: Day,
    },
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
    /// Lines in the name of a service partner come on its own invoice (Z7), and no partner has been entered.
    #[error("there are lines in a service partner's name, and no service partner has been entered")]
    NoPartner,
    /// The partner's numbers would come from the operator's series (I1, Z7).
    #[error("the service partner's invoice numbers begin with {0}, as the operator's do")]
    SharedSeries(String),
    /// A draft could not be issued under the number it had been given, which is void now (I1).
    #[error("the draft could not be issued, so that number {number} is void: {why}")]
    Void {
        /// The number.
        number: String,
        /// Why not.
        why: String,
    },
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
            Self::TooLarge(_) | Self::Total(_) => "too_large",
            Self::BelowZero(_) => "below_zero",
            Self::OpenCorrection => "open_correction",
            Self::OtherVat => "other_vat",
            Self::NoSellerVatId => "no_seller_vat_id",
            Self::NoBuyerAddress => "no_buyer_address",
            Self::UnknownCountry(_) => "unknown_country",
            Self::Unreadable(_) => "unreadable",
            Self::NoVatId(_) => "no_vat_id",
            Self::ForeignVatId { .. } => "foreign_vat_id",
            Self::VatIdUnchecked(_) => "vat_id_unchecked",
            Self::VatIdInvalid { .. } => "vat_id_invalid",
            Self::OnRequest { .. } => "on_request",
            Self::NoAgreedPrice(_) => "no_agreed_price",
            Self::AgreedPriceNotAllowed { .. } => "agreed_price_not_allowed",
            Self::NoForecast(_) => "no_forecast",
            Self::UnmarkedMeter { .. } => "unmarked_meter",
            Self::NotBooked { .. } => "not_booked",
            Self::PerEvent { .. } => "per_event",
            Self::NoPartner => "no_partner",
            Self::SharedSeries(_) => "shared_series",
            Self::Void { .. } => "void_number",
            Self::NoSubscription { .. } => "no_subscription",
            Self::NoTariff { .. } => "no_tariff",
            Self::NeedsOffer { .. } => "needs_offer",
            Self::NotSold { .. } => "not_sold",
            Self::BelowZeroUsage { .. } => "below_zero_usage",
            Self::UnknownPromotion(_) => "unknown_promotion",
        }
    }
}
