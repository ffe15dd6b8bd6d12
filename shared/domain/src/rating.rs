//! Usage and catalogue → priced lines. The price calculator and the invoice run call the same.

use rust_decimal::Decimal;

use crate::catalog::{PayPerAttendee, PlanKey};
use crate::event::CountingScheme;
use crate::ids::EventId;
use crate::invoice::{Line, Provenance, Unit};
use crate::language::Text;
use crate::money::MoneyError;
use crate::usage::EndedEvent;
use crate::vat::VatRate;

/// What an ended event costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rated {
    /// A line of the invoice.
    Line(Box<Line>),
    /// Not billed, and why.
    Free(FreeReason),
}

/// Why an ended event is not billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeReason {
    /// Fewer responses than the plan's minimum (A12).
    FewResponses,
    /// Nobody counts as coming.
    NobodyComing,
}

/// Why something cannot be priced (G7): never guessed, never dropped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldReason {
    /// The subscription names a plan that no published catalogue has.
    #[error("no published catalogue has the plan {0}")]
    UnknownPlan(PlanKey),
    /// Counters that contradict themselves.
    #[error("the counts of event {0} contradict themselves: more or fewer attendees than responses")]
    ImpossibleCounts(EventId),
    /// An amount beyond every limit.
    #[error("an amount of event {0} cannot be computed: {1}")]
    Amount(EventId, MoneyError),
    /// The total cannot be computed.
    #[error("the total cannot be computed: {0}")]
    Total(MoneyError),
    /// An invoice needs the address of the buyer (§ 14 (4) No. 1 UStG; I1).
    #[error("the account has no billing address")]
    NoBuyerAddress,
    /// What is stored of the account or its usage cannot be read.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    /// VAT for a buyer in this country is not decided by this version (I4).
    #[error("VAT for a buyer in {0} is not supported yet; only DE is")]
    BuyerCountry(String),
}

/// Prices one ended event under pay per attendee (A10, A11, A12).
///
/// # Errors
/// [`HoldReason`] when the counts or the amount cannot be right.
pub fn rate_ended_event(
    plan: &PayPerAttendee,
    key: &PlanKey,
    event: &EndedEvent,
    vat_rate: VatRate,
) -> Result<Rated, HoldReason> {
    let counts = event.counts;
    let coming = counts.coming(event.counting);
    let negative = counts.accepted < 0 || counts.declined < 0 || counts.responses < 0;
    if negative || counts.accepted.saturating_add(counts.declined) > counts.responses {
        return Err(HoldReason::ImpossibleCounts(event.event.clone()));
    }
    if counts.responses < plan.minimum_responses {
        return Ok(Rated::Free(FreeReason::FewResponses));
    }
    if coming == 0 {
        return Ok(Rated::Free(FreeReason::NobodyComing));
    }
    let quantity = Decimal::from(coming);
    let net = plan.unit_price.times(quantity).map_err(|error| HoldReason::Amount(event.event.clone(), error))?;
    let (rule, meter) = match event.counting {
        CountingScheme::Accepted => ("A10", "accepted_attendees"),
        CountingScheme::AllExceptDeclined | CountingScheme::All => ("A11", "saved_attendees"),
    };
    Ok(Rated::Line(Box::new(Line {
        text: match event.counting {
            CountingScheme::Accepted => Text {
                de: format!("Teilnehmer mit Zusage: {}", event.title.de),
                en: format!("Accepted attendees: {}", event.title.en),
            },
            CountingScheme::AllExceptDeclined | CountingScheme::All => Text {
                de: format!("Angemeldete Teilnehmer: {}", event.title.de),
                en: format!("Registered attendees: {}", event.title.en),
            },
        },
        quantity,
        unit: Unit::Attendee,
        unit_price: plan.unit_price,
        net,
        vat_rate,
        first_day: event.published_on.min(event.over_on),
        last_day: event.over_on,
        provenance: Provenance {
            plan: key.clone(),
            price: plan.price.to_owned(),
            rule: rule.to_owned(),
            meter: meter.to_owned(),
            event: event.event.clone(),
        },
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;
    use crate::catalog::{OldPlan as Plan, find};
    use crate::usage::Counts;

    fn rate(counting: CountingScheme, accepted: i64, declined: i64, responses: i64) -> Result<Rated, HoldReason> {
        let key = PlanKey::pay_per_attendee();
        let Some(Plan::PayPerAttendee(plan)) = find(&key) else { unreachable!("the plan is published") };
        let event = EndedEvent {
            event: EventId::parse("evt_a").expect("an id"),
            title: Text::new("Fest", "Party"),
            over_on: Day::parse("2026-11-30").expect("a day"),
            published_on: Day::parse("2026-11-01").expect("a day"),
            counting,
            counts: Counts { accepted, declined, responses },
        };
        rate_ended_event(&plan, &key, &event, VatRate::STANDARD)
    }

    #[test]
    fn the_examples_of_the_price_list() {
        use CountingScheme::{Accepted, All, AllExceptDeclined};
        for (name, counting, counts, net) in [
            ("37 accepted, 6 declined (A10)", Accepted, (37, 6, 43), Some("111.00")),
            ("4 accepted (A12)", Accepted, (4, 0, 4), None),
            ("3 accepted, 2 declined: exactly 5 (A12)", Accepted, (3, 2, 5), Some("9.00")),
            ("5 registrations, no values (A11)", All, (0, 0, 5), Some("15.00")),
            ("only declined defined (A11)", AllExceptDeclined, (0, 2, 7), Some("15.00")),
            ("all declined", Accepted, (0, 9, 9), None),
            ("answers without a value are not accepted", Accepted, (2, 0, 8), Some("6.00")),
            ("nobody", All, (0, 0, 0), None),
        ] {
            let rated = rate(counting, counts.0, counts.1, counts.2).expect(name);
            let line = match rated {
                Rated::Line(line) => Some(line.net.plain()),
                Rated::Free(_) => None,
            };
            assert_eq!(line.as_deref(), net, "{name}");
        }
    }

    #[test]
    fn impossible_counts_are_held_g7() {
        for (accepted, declined, responses) in [(6, 0, 5), (-1, 0, 5), (3, 3, 5), (0, 0, -1)] {
            assert!(rate(CountingScheme::Accepted, accepted, declined, responses).is_err());
        }
    }
}
