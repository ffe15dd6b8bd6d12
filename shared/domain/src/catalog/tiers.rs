//! Tiers of a price: ascending, without gap or overlap, the last one without end.

use rust_decimal::Decimal;

/// A price that is known, or one that has to be agreed first (G7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// Currency units; never below zero.
    Amount(Decimal),
    /// Individual agreement: without an agreed price the invoice is held.
    OnRequest,
}

/// One tier: quantities above the tier before it, up to its own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Last quantity that belongs to it; `None` for the last tier.
    pub up_to: Option<Decimal>,
    /// Price of a unit (graduated, volume) or of the month (stepped).
    pub price: Price,
    /// Amount charged once when the tier is reached; 0 if there is none.
    pub flat: Decimal,
}

/// What is wrong with a list of tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierProblem {
    /// There is none.
    Empty,
    /// The tier of this index ends at or below the end of the one before: they overlap.
    Overlap(usize),
    /// The tier of this index has no end, yet another follows.
    EndlessInside(usize),
    /// The last tier has an end: quantities above it would have no price.
    EndsTooEarly,
    /// The tier of this index has a price or flat amount below zero.
    Negative(usize),
}

/// Tiers without gap or overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers(Vec<Tier>);

impl Tiers {
    /// Checks a list of tiers.
    ///
    /// # Errors
    /// Every [`TierProblem`] it has.
    pub fn new(tiers: Vec<Tier>) -> Result<Self, Vec<TierProblem>> {
        let mut problems = Vec::new();
        let mut end = Decimal::ZERO;
        for (index, tier) in tiers.iter().enumerate() {
            let negative =
                matches!(tier.price, Price::Amount(amount) if amount.is_sign_negative() && !amount.is_zero());
            if negative || (tier.flat.is_sign_negative() && !tier.flat.is_zero()) {
                problems.push(TierProblem::Negative(index));
            }
            match tier.up_to {
                Some(up_to) if up_to <= end => problems.push(TierProblem::Overlap(index)),
                Some(up_to) => end = up_to,
                None if index + 1 < tiers.len() => problems.push(TierProblem::EndlessInside(index)),
                None => {}
            }
        }
        match tiers.last() {
            None => problems.push(TierProblem::Empty),
            Some(last) if last.up_to.is_some() => problems.push(TierProblem::EndsTooEarly),
            Some(_) => {}
        }
        if problems.is_empty() { Ok(Self(tiers)) } else { Err(problems) }
    }

    /// The tiers, lowest first; at least one.
    #[must_use]
    pub fn all(&self) -> &[Tier] {
        &self.0
    }

    /// The tier a quantity reaches, with the end of the tier below it. Zero and less reach the first.
    #[must_use]
    pub fn reached(&self, quantity: Decimal) -> (Tier, Decimal) {
        let mut below = Decimal::ZERO;
        for tier in &self.0 {
            match tier.up_to {
                Some(up_to) if quantity > up_to => below = up_to,
                _ => return (*tier, below),
            }
        }
        // The last tier has no end, so the loop returns; a price on request is the safe answer.
        (Tier { up_to: None, price: Price::OnRequest, flat: Decimal::ZERO }, below)
    }
}
