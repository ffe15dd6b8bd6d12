//! What a first start finds: an operator, the price lists, an account for each of them, and two events.

use chrono::{NaiveTime, TimeDelta};
use domain::account::{Account, Address, BillingTerms, IssuerTerms, Operator};
use domain::calendar::{Day, Instant, instant_of};
use domain::catalog::PlanKey;
use domain::catalog::names::AddOnId;
use domain::contact::Email;
use domain::event::{Answer, AnswerValue, Event, EventDraft};
use domain::ids::{AccountId, EventId, Slug};
use domain::language::{Language, Text};
use domain::subscription::change::Change;
use domain::subscription::refusal::Refusal;
use domain::subscription::{Subscription, decide};
use platform::entropy;
use platform::error::Error;
use platform::table::Table;
use rust_decimal::Decimal;

use crate::Failure;
use crate::world::DEMO_EMAIL;

/// Public name of the event without a limit.
pub const OPEN_EVENT: &str = "empfang";
/// Public name of the event with 40 places.
pub const LIMITED_EVENT: &str = "werkstattabend";
/// Account of the demo.
pub const ACCOUNT: &str = "acc_10001";

fn address(street: &str, postal_code: &str, city: &str) -> Address {
    Address { street: street.into(), postal_code: postal_code.into(), city: city.into(), country: "DE".into() }
}

fn email(text: &str) -> Result<Email, Failure> {
    Email::parse(text).map_err(|problem| problem.sentence(Language::En).into())
}

/// The operator of the demo.
///
/// # Errors
/// Never; its address is one.
pub fn operator() -> Result<Operator, Failure> {
    Ok(Operator {
        name: "Einlass Betriebs GmbH".into(),
        address: address("Speicherstraße 12", "20457", "Hamburg"),
        vat_id: "DE123456788".into(),
        tax_number: "48/123/45678".into(),
        register: "Amtsgericht Hamburg, HRB 123456".into(),
        directors: "Johanna Petersen".into(),
        email: email("rechnung@einlass.example")?,
        phone: "+49 40 123456-0".into(),
        bank_name: "Musterbank Hamburg".into(),
        // The example IBAN of the German central bank's description of the format.
        iban: "DE89370400440532013000".into(),
        bic: "COBADEFFXXX".into(),
        invoice_prefix: "RE".into(),
        payment_term_days: 14,
        terms: IssuerTerms::default(),
    })
}

/// The account of the demo.
///
/// # Errors
/// Never; its id and address are right.
pub fn account() -> Result<Account, Failure> {
    Ok(Account {
        id: AccountId::parse(ACCOUNT)?,
        name: "Musterhaus Veranstaltungen e. K.".into(),
        address: Some(address("Am Markt 7", "27356", "Rotenburg (Wümme)")),
        vat_id: Some("DE987654328".into()),
        billing_email: email("buchhaltung@musterhaus.example")?,
        language: Language::De,
        payer: None,
        terms: BillingTerms::default(),
    })
}

/// Publishes the price lists that come with the system.
///
/// # Errors
/// What could not be written.
pub async fn publish_price_lists(table: &Table, now: Instant) -> Result<(), Failure> {
    for (name, file) in catalogs::PRICE_LISTS {
        let catalogue = catalogs::read_catalogue(file).map_err(|mistakes| catalogs::render(name, &mistakes))?;
        table.publish_catalogue(&catalogue, file, now).await?;
    }
    Ok(())
}

/// Seeds an empty table; one that is seeded stays as it is.
///
/// # Errors
/// What could not be written.
pub async fn seed(table: &Table, now: Instant) -> Result<(), Failure> {
    match table.operator().await {
        Err(Error::NotYet(_)) => table.save_operator(&operator()?).await?,
        known => drop(known?),
    }
    publish_price_lists(table, now).await?;
    let account = account()?;
    if let Err(Error::NotFound(_)) = table.account(&account.id).await {
        // The person first: whoever is killed in between does both again.
        table.allow(&email(DEMO_EMAIL)?, &account.id).await?;
        let subscription = Subscription::new(PlanKey::pay_per_attendee(), Day::of(now).month().first());
        table.create_account(&account, &subscription, Day::of(now)).await?;
    }
    seed_customers(table, now).await?;
    for event in events(&account.id, now)? {
        // Its id or public name being taken means that it was published before.
        table.publish(&event, Day::of(now), &entropy::hex::<32>()?).await?;
    }
    Ok(())
}

/// Number, name, street with postal code and town, plan, and an add-on that is booked.
pub(crate) type Customer = (&'static str, &'static str, [&'static str; 3], &'static str, Option<&'static str>);

/// Further customers, so that each price list has one.
pub(crate) const CUSTOMERS: [Customer; 5] = [
    (
        "acc_10002",
        "Kongressbüro Weser GmbH",
        ["Am Wall 3", "28195", "Bremen"],
        "attendees@2021-03/licence",
        Some("domain"),
    ),
    (
        "acc_10003",
        "Lernkurve Akademie GmbH",
        ["Hafenstraße 40", "24103", "Kiel"],
        "webinars@2026-01/medium",
        Some("parallel-events"),
    ),
    ("acc_10004", "Hansekontor Service GmbH", ["Breite Straße 7", "23552", "Lübeck"], "helpdesk@2026-01/agent", None),
    ("acc_10005", "Formwerk Digital e. K.", ["Lange Straße 12", "26122", "Oldenburg"], "modules@2026-01/modules", None),
    (
        "acc_10006",
        "Praxisgruppe Süderelbe",
        ["Sand 5", "21073", "Hamburg"],
        "support-levels@2026-01/standard",
        Some("level-2"),
    ),
];

/// They subscribe as anybody does: with the free days of their plan.
async fn seed_customers(table: &Table, now: Instant) -> Result<(), Failure> {
    let today = Day::of(now);
    let catalogues = table.all_catalogues().await?;
    for (id, name, [street, postal_code, city], plan, add_on) in CUSTOMERS {
        let account = Account {
            id: AccountId::parse(id)?,
            name: name.to_owned(),
            address: Some(address(street, postal_code, city)),
            vat_id: None,
            billing_email: email(&format!("rechnung@{}.example", id.replace('_', "-")))?,
            language: Language::De,
            payer: None,
            terms: BillingTerms::default(),
        };
        let (catalogue, plan) = plan.split_once('/').unwrap_or_default();
        let plan = PlanKey { catalogue: catalogue.to_owned(), plan: plan.to_owned() };
        let refused = |refusal: Refusal| -> Failure { refusal.sentence(Language::En).into() };
        let mut subscription = decide::subscribe(&catalogues, &plan, today).map_err(refused)?.after;
        if let Some(add_on) = add_on {
            let label = (add_on == "domain").then(|| "anmeldung.kongress-weser.example".to_owned());
            let book = Change::Book { add_on: AddOnId::parse(add_on)?, quantity: Decimal::ONE, label };
            subscription = decide::decide(&catalogues, &subscription, &book, today, 0).map_err(refused)?.after;
        }
        // One that is there already stays as it is.
        table.create_account(&account, &subscription, today).await?;
    }
    Ok(())
}

fn events(account: &AccountId, now: Instant) -> Result<[Event; 2], Failure> {
    let today = Day::of(now);
    // This month if there is time, so that the invoice is one click away.
    let soon = if today.plus_days(5) <= today.month().last() { today.plus_days(5) } else { today.plus_days(2) };
    let yes_no = vec![
        answer("yes", "Ja, ich komme gern", "Yes, I will come", Some(AnswerValue::Accepted)),
        answer("no", "Nein, ich kann leider nicht", "No, I cannot come", Some(AnswerValue::Declined)),
    ];
    let at =
        |day: Day, hour: u32| instant_of(day.date().and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()));
    let plan = |id: &str,
                slug: &str,
                title,
                description,
                location: &str,
                hours: (u32, u32),
                capacity|
     -> Result<Event, Failure> {
        Event::plan(
            EventDraft {
                id: EventId::parse(id)?,
                account: account.clone(),
                organiser: "Musterhaus Veranstaltungen".to_owned(),
                slug: Slug::parse(slug)?,
                title,
                description,
                location: location.to_owned(),
                starts_at: at(soon, hours.0),
                ends_at: at(soon, hours.1),
                closes_at: at(soon, hours.0) - TimeDelta::hours(2),
                capacity,
                party_limit: 5,
                answers: yes_no.clone(),
            },
            now,
        )
        .map_err(|problems| format!("{problems:?}").into())
    };
    Ok([
        plan(
            "evt_empfang",
            OPEN_EVENT,
            Text::new("Empfang der Wirtschaftsförderung", "Business development reception"),
            Text::new(
                "Ein Abend mit kurzen Vorträgen, Gesprächen und einem Buffet. Die Teilnahme ist kostenfrei.",
                "An evening of short talks, conversation and a buffet. Attendance is free of charge.",
            ),
            "Rathaus, Großer Saal, Große Straße 1, 27356 Rotenburg (Wümme)",
            (18, 22),
            None,
        )?,
        plan(
            "evt_werkstattabend",
            LIMITED_EVENT,
            Text::new("Werkstattabend Holzbau", "Timber workshop evening"),
            Text::new(
                "Vierzig Plätze an den Werkbänken: Wir bauen gemeinsam einen Hocker.",
                "Forty places at the benches: together we build a stool.",
            ),
            "Alte Tischlerei, Bahnhofstraße 20, 27356 Rotenburg (Wümme)",
            (17, 21),
            Some(40),
        )?,
    ])
}

pub(crate) fn answer(key: &str, de: &str, en: &str, value: Option<AnswerValue>) -> Answer {
    Answer { key: key.into(), label: Text::new(de, en), value }
}
