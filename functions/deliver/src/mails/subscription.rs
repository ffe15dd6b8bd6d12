//! Mails about a subscription: what it is from now on.

use domain::account::Operator;
use domain::calendar::Day;
use domain::catalog::{Catalogues, PlanKey};
use domain::language::Language;
use domain::message::Notice;
use domain::subscription::Subscription;

use super::{Text, business_letter};

/// What a mail is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Why it is sent.
    pub notice: Notice,
    /// The catalogues the subscription names.
    pub catalogues: &'a Catalogues,
    /// The subscription as it stands.
    pub subscription: &'a Subscription,
    /// The local day.
    pub today: Day,
}

/// The mail about a subscription.
#[must_use]
pub fn subscription(about: &About<'_>, seller: &Operator, link: &str, language: Language) -> Text {
    let (subject, opening) = match about.notice {
        Notice::TrialOver => (
            language.pick("Ihre Testphase ist zu Ende", "Your trial is over"),
            language.pick(
                "Ihre kostenlose Testphase ist zu Ende. Es ist kein kostenpflichtiger Vertrag entstanden. Wenn Sie weitermachen möchten, wandeln Sie Ihr Konto in ein bezahltes um; Ihre Daten sind noch da.",
                "your free trial is over. No contract for pay has come about. If you would like to go on, turn your account into a paid one; your data is still there.",
            ),
        ),
        Notice::PlanChanged => (
            language.pick("Ihr neuer Tarif gilt ab heute", "Your new plan holds from today"),
            language.pick("der bestellte Tarifwechsel ist jetzt wirksam.", "the change of plan you ordered has taken effect."),
        ),
        Notice::SubscriptionOver => (
            language.pick("Ihr Vertrag ist beendet", "Your subscription has ended"),
            language.pick(
                "Ihr Vertrag ist wie gekündigt beendet und Ihr Konto geschlossen. Die letzte Rechnung erhalten Sie Anfang des nächsten Monats.",
                "your subscription has ended as cancelled and your account is closed. The last invoice comes at the beginning of next month.",
            ),
        ),
        _ => (
            language.pick("Änderung an Ihrem Vertrag", "A change to your subscription"),
            language.pick("Ihre Änderung ist gespeichert. So steht Ihr Vertrag jetzt:", "your change has been saved. This is how your subscription stands now:"),
        ),
    };
    Text {
        subject: subject.to_owned(),
        paragraphs: vec![language.pick("Guten Tag,", "Hello,").to_owned(), opening.to_owned()],
        facts: facts(about, language),
        button: Some((language.pick("Tarif ansehen", "See your plan").to_owned(), link.to_owned())),
        closing: business_letter(seller, language),
    }
}

fn facts(about: &About<'_>, language: Language) -> Vec<(String, String)> {
    let Subscription { trial, ends_on, bookings, redemptions, .. } = about.subscription;
    let title = |key: &PlanKey| {
        about.catalogues.plan(key).map_or_else(|| key.plan.clone(), |(_, plan)| plan.title.get(language).to_owned())
    };
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
    let current = about.subscription.phase_on(about.today);
    if let Some(phase) = current {
        fact(language.pick("Tarif", "Plan"), title(&phase.plan));
    }
    if let Some(next) = about.subscription.pending_after(about.today) {
        let from = language.date(next.from);
        fact(
            language.pick("Danach", "After that"),
            language.pick(format!("{} ab {from}", title(&next.plan)), format!("{} from {from}", title(&next.plan))),
        );
    }
    if let Some(trial) = trial.filter(|trial| trial.until >= about.today) {
        let until = language.date(trial.until);
        fact(language.pick("Kostenlos bis", "Free until"), until);
    }
    let booked: Vec<String> = bookings
        .iter()
        .filter(|booking| booking.until.is_none_or(|until| until >= about.today))
        .map(|booking| {
            let catalogue = current.and_then(|phase| about.catalogues.get(&phase.plan.catalogue));
            let add_on = catalogue.and_then(|catalogue| catalogue.add_on(&booking.add_on));
            let name =
                add_on.map_or_else(|| booking.add_on.to_string(), |add_on| add_on.title.get(language).to_owned());
            let label = booking.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
            let until = booking.until.map(|until| language.pick(" bis ", " until ").to_owned() + &language.date(until));
            format!("{} × {name}{label}{}", language.number(booking.quantity), until.unwrap_or_default())
        })
        .collect();
    if !booked.is_empty() {
        fact(language.pick("Gebucht", "Booked"), booked.join("\n"));
    }
    let codes: Vec<&str> = redemptions
        .iter()
        .filter(|redemption| redemption.void_from.is_none_or(|void| void > about.today))
        .map(|redemption| redemption.code.as_str())
        .collect();
    if !codes.is_empty() {
        fact(language.pick("Aktionscodes", "Promotion codes"), codes.join(", "));
    }
    if let Some(last) = ends_on {
        fact(language.pick("Letzter Tag", "Last day"), language.date(*last));
    }
    facts
}
