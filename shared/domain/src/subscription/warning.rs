//! What whoever changes a subscription should know; nothing of it blocks.

use crate::calendar::Day;
use crate::catalog::names::PromotionCode;
use crate::language::Language;
use crate::subscription::refusal::Named;

/// Something to know about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Fewer working days are left before a downgrade than are advised (C3).
    ShortLead {
        /// Whole working days between today and the change.
        left: u64,
        /// Working days advised.
        advised: u32,
    },
    /// Promotion codes become void (C3).
    CodesVoid {
        /// The codes.
        codes: Vec<PromotionCode>,
        /// First day on which they are.
        from: Day,
    },
    /// A change of plan that was ordered before no longer takes place.
    PendingDropped {
        /// The plan that was ordered.
        plan: Named,
        /// When it would have begun.
        from: Day,
    },
    /// It was too late to cancel for the end of the running term (A21).
    NoticeMissed {
        /// The day by which it would have been in time.
        cancel_by: Day,
        /// The last day now.
        ends_on: Day,
    },
}

impl Warning {
    /// Stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ShortLead { .. } => "short_lead",
            Self::CodesVoid { .. } => "codes_void",
            Self::PendingDropped { .. } => "pending_dropped",
            Self::NoticeMissed { .. } => "notice_missed",
        }
    }

    /// A sentence for people.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let date = |day: &Day| language.date(*day);
        match self {
            Self::ShortLead { left, advised } => language.pick(
                format!("Volle Arbeitstage bis zum Wechsel: {left}. Wir empfehlen mindestens {advised}."),
                format!("Whole working days left before the change: {left}. We advise at least {advised}."),
            ),
            Self::CodesVoid { codes, from } => {
                let codes = codes.iter().map(PromotionCode::as_str).collect::<Vec<_>>().join(", ");
                language.pick(
                    format!("Ab dem {} gelten diese Aktionscodes nicht mehr: {codes}.", date(from)),
                    format!("From {} on these promotion codes are void: {codes}.", date(from)),
                )
            }
            Self::PendingDropped { plan, from } => {
                let title = plan.title.get(language);
                language.pick(
                    format!("Der zum {} vorgemerkte Wechsel zu „{title}“ entfällt.", date(from)),
                    format!("The change to “{title}” ordered for {} no longer takes place.", date(from)),
                )
            }
            Self::NoticeMissed { cancel_by, ends_on } => language.pick(
                format!(
                    "Für das Ende der laufenden Laufzeit hätten Sie bis zum {} kündigen müssen. Der Vertrag endet daher am {}.",
                    date(cancel_by),
                    date(ends_on)
                ),
                format!(
                    "To end with the current term it had to be cancelled by {}. The subscription therefore ends on {}.",
                    date(cancel_by),
                    date(ends_on)
                ),
            ),
        }
    }
}
