//! The sentences of refusals, both languages side by side.

use crate::calendar::Day;
use crate::language::Language;
use crate::subscription::refusal::{Named, Refusal};

/// The sentence of a refusal.
pub(super) fn of(refusal: &Refusal, language: Language) -> String {
    about_time(refusal, language)
        .or_else(|| about_plans(refusal, language))
        .or_else(|| about_add_ons(refusal, language))
        .or_else(|| about_codes(refusal, language))
        .unwrap_or_else(|| about_agreements(refusal, language))
}

fn title(named: &Named, language: Language) -> String {
    let title = named.title.get(language);
    language.pick(format!("„{title}“"), format!("“{title}”"))
}

fn titles(named: &[Named], language: Language) -> String {
    named.iter().map(|named| title(named, language)).collect::<Vec<_>>().join(", ")
}

fn about_time(refusal: &Refusal, language: Language) -> Option<String> {
    let date = |day: &Day| language.date(*day);
    let pick = |de: &str, en: &str| language.pick(de, en).to_owned();
    Some(match refusal {
        Refusal::NotBegun { from } => language.pick(
            format!("Der Vertrag beginnt erst am {}; ändern können Sie ihn ab diesem Tag.", date(from)),
            format!("The subscription begins on {}; it can be changed from that day on.", date(from)),
        ),
        Refusal::Ended { on } => language.pick(
            format!("Der Vertrag ist am {} ausgelaufen. Bitte schließen Sie einen neuen ab.", date(on)),
            format!("The subscription ended on {}. Please take out a new one.", date(on)),
        ),
        Refusal::Cancelled { ends_on } => language.pick(
            format!("Der Vertrag ist zum {} gekündigt. Bitte nehmen Sie zuerst die Kündigung zurück.", date(ends_on)),
            format!(
                "The subscription is cancelled and ends on {}. Please withdraw the cancellation first.",
                date(ends_on)
            ),
        ),
        Refusal::AlreadyCancelled { ends_on } => language.pick(
            format!("Der Vertrag ist bereits zum {} gekündigt.", date(ends_on)),
            format!("The subscription is cancelled already and ends on {}.", date(ends_on)),
        ),
        Refusal::NotCancelled => pick(
            "Der Vertrag ist nicht gekündigt; es gibt nichts zurückzunehmen.",
            "The subscription is not cancelled; there is nothing to withdraw.",
        ),
        Refusal::NoTrial => pick(
            "Dieser Vertrag hat keine Testphase. Einen anderen Tarif erhalten Sie über den Tarifwechsel.",
            "This subscription has no trial. For another plan, please change the plan.",
        ),
        Refusal::Converted { on } => language.pick(
            format!("Die Testphase wurde schon am {} in einen kostenpflichtigen Vertrag umgewandelt.", date(on)),
            format!("The trial was turned into a paid subscription on {} already.", date(on)),
        ),
        Refusal::NotLater { than } => language.pick(
            format!("Bitte geben Sie für das Ende der Testphase einen Tag nach dem {} an.", date(than)),
            format!("Please give a day after {} as the end of the trial.", date(than)),
        ),
        _ => return None,
    })
}

fn about_plans(refusal: &Refusal, language: Language) -> Option<String> {
    let pick = |de: &str, en: &str| language.pick(de, en).to_owned();
    let title = |named: &Named| title(named, language);
    Some(match refusal {
        Refusal::UnknownPlan { plan } => language.pick(
            format!("Den Tarif {plan} gibt es nicht. Bitte wählen Sie einen Tarif aus der Liste."),
            format!("There is no plan {plan}. Please choose one of the list."),
        ),
        Refusal::OtherCatalogue { catalogue } => language.pick(
            format!("Dieser Tarif gehört zu einem anderen Angebot. Möglich sind die Tarife aus „{catalogue}“."),
            format!("This plan belongs to another offer. Possible are the plans of “{catalogue}”."),
        ),
        Refusal::NotSold { plan } => language.pick(
            format!("Der Tarif {} wird nicht mehr angeboten. Bitte wählen Sie einen anderen.", title(plan)),
            format!("The plan {} is no longer sold. Please choose another one.", title(plan)),
        ),
        Refusal::NotSoldYet { plan, from } => language.pick(
            format!("Der Tarif {} wird erst ab dem {} angeboten.", title(plan), language.date(*from)),
            format!("The plan {} is not sold before {}.", title(plan), language.date(*from)),
        ),
        Refusal::SamePlan { plan, pending: false } => language.pick(
            format!("Sie haben bereits den Tarif {}. Bitte wählen Sie einen anderen.", title(plan)),
            format!("You have the plan {} already. Please choose another one.", title(plan)),
        ),
        Refusal::SamePlan { plan, pending: true } => language.pick(
            format!("Sie haben noch den Tarif {}. Um ihn zu behalten, nehmen Sie bitte den Wechsel zurück.", title(plan)),
            format!("You still have the plan {}. To keep it, please withdraw the change.", title(plan)),
        ),
        Refusal::FreePlan { plan } => language.pick(
            format!("In den kostenlosen Tarif {} kann man nicht wechseln. Bitte wählen Sie einen kostenpflichtigen oder kündigen Sie.", title(plan)),
            format!("Nobody can change to the free plan {}. Please choose a paid one or cancel.", title(plan)),
        ),
        Refusal::NoPendingChange => pick(
            "Es ist kein Tarifwechsel vorgemerkt, der sich zurücknehmen ließe.",
            "No change of plan is pending that could be withdrawn.",
        ),
        _ => return None,
    })
}

fn about_add_ons(refusal: &Refusal, language: Language) -> Option<String> {
    let title = |named: &Named| title(named, language);
    let titles = |named: &[Named]| titles(named, language);
    Some(match refusal {
        Refusal::NotInPlan { plan, add_ons } => language.pick(
            format!(
                "Im Tarif {} gibt es nicht: {}. Was davon gebucht ist, bestellen Sie bitte zuerst ab.",
                title(plan),
                titles(add_ons)
            ),
            format!(
                "Not part of the plan {}: {}. What is booked of it, please give up first.",
                title(plan),
                titles(add_ons)
            ),
        ),
        Refusal::UnknownAddOn { add_on } => language.pick(
            format!("Das Add-on {add_on} gibt es nicht. Bitte wählen Sie eines aus der Liste."),
            format!("There is no add-on {add_on}. Please choose one of the list."),
        ),
        Refusal::Requires { add_on, missing } => language.pick(
            format!("{} setzt voraus: {}. Bitte buchen Sie dies zuerst.", title(add_on), titles(missing)),
            format!("{} requires: {}. Please book this first.", title(add_on), titles(missing)),
        ),
        Refusal::Required { add_on, by } => language.pick(
            format!("{} wird noch benötigt für: {}. Bitte bestellen Sie dies zuerst ab.", title(add_on), titles(by)),
            format!("{} is still required by: {}. Please give this up first.", title(add_on), titles(by)),
        ),
        Refusal::AlreadyBooked { add_on, quantity } => language.pick(
            format!("{} ist bereits in dieser Menge gebucht: {}.", title(add_on), language.number(*quantity)),
            format!("{} is booked in this quantity already: {}.", title(add_on), language.number(*quantity)),
        ),
        Refusal::NotBooked { add_on } => language.pick(
            format!(
                "{} ist unter dieser Bezeichnung nicht gebucht. Bitte wählen Sie eine Ihrer Buchungen.",
                title(add_on)
            ),
            format!("{} is not booked under this label. Please choose one of your bookings.", title(add_on)),
        ),
        Refusal::GivenUp { add_on, until } => language.pick(
            format!("{} ist bereits abbestellt und läuft am {} aus.", title(add_on), language.date(*until)),
            format!("{} is given up already and ends on {}.", title(add_on), language.date(*until)),
        ),
        Refusal::TooManyBookings { most } => language.pick(
            format!("Es sind höchstens {most} Buchungen gleichzeitig möglich. Bitte bestellen Sie zuerst andere ab."),
            format!("At most {most} bookings are possible at once. Please give up others first."),
        ),
        Refusal::NotAQuantity { most } => {
            let most = language.number((*most).into());
            language.pick(
                format!("Bitte geben Sie eine Menge über 0 und bis {most} an."),
                format!("Please give a quantity above 0 and up to {most}."),
            )
        }
        Refusal::Label(problem) => problem.sentence(language),
        _ => return None,
    })
}

fn about_codes(refusal: &Refusal, language: Language) -> Option<String> {
    let date = |day: &Day| language.date(*day);
    Some(match refusal {
        Refusal::UnknownCode { code } => language.pick(
            format!("Den Aktionscode {code} gibt es nicht. Bitte prüfen Sie die Schreibweise."),
            format!("There is no promotion code {code}. Please check its spelling."),
        ),
        Refusal::CodeNotYet { from } => language.pick(
            format!("Dieser Aktionscode lässt sich erst ab dem {} einlösen.", date(from)),
            format!("This promotion code can be redeemed from {} on.", date(from)),
        ),
        Refusal::CodeExpired { until } => language.pick(
            format!("Dieser Aktionscode ließ sich nur bis zum {} einlösen.", date(until)),
            format!("This promotion code could be redeemed until {} only.", date(until)),
        ),
        Refusal::CodeUsedUp => language
            .pick(
                "Dieser Aktionscode wurde schon so oft eingelöst, wie er ausgegeben wurde.",
                "This promotion code was redeemed as often as it was given out.",
            )
            .to_owned(),
        Refusal::CodeNotForPlan { plans } => {
            let plans = titles(plans, language);
            language.pick(
                format!("Dieser Aktionscode gilt nicht für Ihren Tarif, sondern für: {plans}."),
                format!("This promotion code is not for your plan but for: {plans}."),
            )
        }
        Refusal::CodeRedeemed { on } => language.pick(
            format!("Sie haben diesen Aktionscode schon am {} eingelöst. Er gilt einmal je Konto.", date(on)),
            format!("You redeemed this promotion code on {} already. It is valid once for an account.", date(on)),
        ),
        Refusal::CodeVoid { from } => language.pick(
            format!("Dieser Aktionscode ist durch einen Tarifwechsel seit dem {} ungültig.", date(from)),
            format!("This promotion code is void since {} because of a change of plan.", date(from)),
        ),
        Refusal::TooManyCodes { most } => language.pick(
            format!("Es sind höchstens {most} Aktionscodes gleichzeitig möglich."),
            format!("At most {most} promotion codes are possible at once."),
        ),
        _ => return None,
    })
}

fn about_agreements(refusal: &Refusal, language: Language) -> String {
    match refusal {
        Refusal::UnknownCharge { charge } => language.pick(
            format!("Ihr Tarif hat keinen Preis {charge}. Bitte wählen Sie einen Preis dieses Tarifs."),
            format!("The plan has no charge {charge}. Please choose one of this plan."),
        ),
        Refusal::NotForecast { meter } => language.pick(
            format!("Für {meter} sieht der Tarif keine verbindliche Planmenge vor."),
            format!("The plan has no binding forecast of {meter}."),
        ),
        // The only one left: every other refusal has its sentence above, and a test reads them all.
        _ => language
            .pick(
                "Bitte geben Sie einen Preis ab 0,00 € mit höchstens acht Nachkommastellen an.",
                "Please give a price from €0.00 with at most eight decimal places.",
            )
            .to_owned(),
    }
}
