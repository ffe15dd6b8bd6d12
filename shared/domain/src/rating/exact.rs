//! Decimal arithmetic that says when a result does not fit, instead of panicking.

use rust_decimal::{Decimal, RoundingStrategy};

/// The sum, or `None` where it does not fit.
pub(super) fn sum(values: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    values.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add)
}

/// How many whole parts of `size` a quantity has begun; 0 for zero and less. `None` where it does not fit.
pub(super) fn started(quantity: Decimal, size: Decimal) -> Option<Decimal> {
    if quantity <= Decimal::ZERO {
        return Some(Decimal::ZERO);
    }
    // Quotients such as 1/3 are cut, never rounded up to a whole, so the remainder decides.
    let whole = quantity.checked_div(size)?.trunc();
    let rest = quantity.checked_sub(whole.checked_mul(size)?)?;
    if rest > Decimal::ZERO { whole.checked_add(Decimal::ONE) } else { Some(whole) }
}

/// Half away from zero (G1).
pub(super) fn rounded(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}
