//! Changes said back in a few words.

use domain::catalog::names::AddOnId;
use domain::catalog::plan::Discount;
use domain::catalog::{Catalogue, PlanKey};
use domain::language::Language;
use domain::subscription::Booking;
use domain::subscription::change::Change;
use rust_decimal::Decimal;

use super::Contract;
use crate::prices::Words;

/// A change in a few words, for whoever is asked to confirm it.
pub(super) fn describe(contract: &Contract<'_>, change: &Change) -> String {
    let language = contract.signed.language;
    let own = contract.own();
    let plan = |key: &PlanKey| contract.plan_title(key);
    let current =
        contract.subscribed.subscription.phase_on(contract.today).map_or_else(String::new, |phase| plan(&phase.plan));
    match change {
        Change::ChangePlan { to } => {
            let to = plan(to);
            language.pick(format!("Wechsel von „{current}“ zu „{to}“"), format!("Change from “{current}” to “{to}”"))
        }
        Change::WithdrawPlanChange => language.pick(
            format!("Kein Tarifwechsel: Sie bleiben bei „{current}“"),
            format!("No change of plan: you stay on “{current}”"),
        ),
        Change::Book { add_on, quantity, label } => booking(contract, add_on, *quantity, label.as_deref()),
        Change::GiveUp { add_on, label } => {
            let title = contract.add_on_title(add_on);
            let label = label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
            language.pick(format!("„{title}“{label} abbestellen"), format!("Give up “{title}”{label}"))
        }
        Change::Cancel => language.pick("Kündigung des Vertrags", "Cancellation of the subscription").to_owned(),
        Change::WithdrawCancellation => language
            .pick(
                "Kündigung zurücknehmen: Der Vertrag läuft weiter",
                "Withdraw the cancellation: the subscription goes on",
            )
            .to_owned(),
        Change::Convert => language
            .pick("Testphase in einen kostenpflichtigen Vertrag umwandeln", "Turn the trial into a paid subscription")
            .to_owned(),
        Change::ExtendTrial { until } => {
            let until = language.date(*until);
            language.pick(format!("Testphase verlängern bis {until}"), format!("Extend the trial until {until}"))
        }
        Change::Redeem { code } => match own.and_then(|own| own.promotion(code).map(|promotion| (own, promotion))) {
            Some((own, promotion)) => {
                let discount = discount(own, promotion.discount, promotion.months, language);
                format!("{} – {discount}", promotion.text.get(language))
            }
            None => language.pick(format!("Aktionscode {code}"), format!("Promotion code {code}")),
        },
        Change::Agree { charge, price } => {
            let price =
                own.map_or_else(|| language.number(*price), |catalogue| Words { catalogue, language }.amount(*price));
            let text =
                own.and_then(|own| own.charge(charge)).map_or(charge.as_str(), |charge| charge.text.get(language));
            language
                .pick(format!("Vereinbarter Preis für „{text}“: {price}"), format!("Agreed price of “{text}”: {price}"))
        }
        Change::Commit { meter, quantity } => {
            let number = language.number(*quantity);
            let title = own.and_then(|own| own.meter(meter)).map_or(meter.as_str(), |meter| meter.title.get(language));
            language.pick(
                format!("Verbindliche Planmenge für „{title}“: {number} im Monat"),
                format!("Quantity committed to for “{title}”: {number} a month"),
            )
        }
    }
}

/// How many of an add-on there will be, and how many there were.
fn booking(contract: &Contract<'_>, add_on: &AddOnId, quantity: Decimal, label: Option<&str>) -> String {
    let language = contract.signed.language;

    let (number, title) = (language.number(quantity), contract.add_on_title(add_on));
    let known = |booking: &&Booking| {
        booking.add_on == *add_on && booking.label.as_deref() == label && booking.covers(contract.today)
    };
    let booked: Decimal =
        contract.subscribed.subscription.bookings.iter().filter(known).map(|booking| booking.quantity).sum();
    let label = label.map(|label| format!(" ({label})")).unwrap_or_default();
    if booked.is_zero() {
        language.pick(format!("{number} × „{title}“{label} buchen"), format!("Book {number} × “{title}”{label}"))
    } else {
        let booked = language.number(booked);
        language.pick(
            format!("„{title}“{label}: {number} statt bisher {booked}"),
            format!("“{title}”{label}: {number} instead of {booked}"),
        )
    }
}

/// What a promotion takes off.
pub(crate) fn discount(catalogue: &Catalogue, discount: Discount, months: Option<u32>, language: Language) -> String {
    let off = match discount {
        Discount::Percent(percent) => {
            let percent = language.number(percent);
            language.pick(format!("{percent} % weniger"), format!("{percent} % off"))
        }
        Discount::Amount(amount) => {
            let amount = Words { catalogue, language }.amount(amount);
            language.pick(format!("{amount} weniger im Monat"), format!("{amount} off a month"))
        }
    };
    match months {
        Some(1) => language.pick(format!("{off}, einen Monat lang"), format!("{off} for a month")),
        Some(months) => language.pick(format!("{off}, {months} Monate lang"), format!("{off} for {months} months")),
        None => off,
    }
}
