//! From what was typed to what is priced: a subscription and its usage, as the invoice run has them.

use catalogs::UsageFile;
use chrono::NaiveTime;
use domain::calendar::{Day, Month, instant_of};
use domain::catalog::Catalogue;
use domain::catalog::charge::{Charge, Model, OneOff};
use domain::catalog::meter::{Aggregation, Meter, MeterKind};
use domain::catalog::names::{MeterId, PromotionCode};
use domain::catalog::plan::Plan;
use domain::catalog::tiers::Price;
use domain::event::CountingScheme;
use domain::ids::EventId;
use domain::language::{Language, Text};
use domain::money::{Currency, UnitPrice};
use domain::subscription::{Booking, Phase, Redemption, Subscription};
use domain::usage::{Counts, EndedEvent, Opening, Order, Record, TimeEntry, Usage};
use rust_decimal::Decimal;

use super::asked::{Asked, CALLS, EventAsked, names};
use super::buyer::HOME;
use super::entries::{Reader, amounts, decimal};

/// Most attendees of the event.
const PEOPLE: u32 = 1_000_000;
/// Most subjects of a meter that counts each one once.
const SUBJECTS: u32 = 1_000;
/// Most payments of a month.
const PAYMENTS: usize = 100;
/// What is priced: a plan that begins with the month, and maybe another one within it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) plan: &'a Plan,
    pub(super) change: Option<(Day, &'a Plan)>,
    pub(super) month: Month,
}

impl Case<'_> {
    /// The last day of the month on which the plan does something; the end of the month if no plan does.
    fn last_day(&self, does: impl Fn(&Plan) -> bool) -> Day {
        match self.change {
            Some((on, to)) if !does(to) && does(self.plan) => on.previous(),
            _ => self.month.last(),
        }
    }

    fn charges(&self, plan: &Plan, is: impl Fn(&Charge) -> bool) -> bool {
        plan.charges.iter().filter_map(|id| self.catalogue.charge(id)).any(is)
    }

    /// The last day on which a charge looks at a meter.
    fn last_day_of(&self, meter: &MeterId) -> Day {
        let looks = |charge: &Charge| match &charge.model {
            Model::Metered(metered) if metered.per_event => false,
            Model::Metered(metered) if metered.waiver.as_ref().is_some_and(|waiver| waiver.meter == *meter) => true,
            model => model.meter() == Some(meter),
        };
        self.last_day(|plan| self.charges(plan, looks))
    }
}

/// Reads everything that is asked for. What is wrong is noted, and left out.
pub(super) fn read(reader: &mut Reader<'_>, case: Case<'_>, asked: &Asked<'_>) -> UsageFile {
    let mut subscription = subscription(case);
    bookings(reader, case, asked, &mut subscription);
    redemption(reader, case, asked, &mut subscription);
    let mut usage = Usage::default();
    if let Some(event) = &asked.event {
        usage.events.extend(event_of(reader, case, event));
    }
    for meter in &asked.meters {
        usage.records.extend(records(reader, case, meter.what));
    }
    for meter in &asked.forecasts {
        subscription.forecast.extend(forecast(reader, meter.what));
    }
    for channel in &asked.channels {
        let hours = needs_start(&channel.charges);
        usage.entries.extend((1..=CALLS).filter_map(|call| entry(reader, case, channel.what, hours, call)));
    }
    for meter in &asked.payments {
        usage.records.extend(payments(reader, case, meter.what));
    }
    for (charge, one_off) in &asked.orders {
        usage.orders.extend(order(reader, case, charge, one_off));
    }
    usage.opening = opening(reader, asked);
    UsageFile {
        subscription,
        usage,
        tickets: Vec::new(),
        country: HOME.to_owned(),
        vat_id: None,
        small_business: false,
    }
}

fn subscription(case: Case<'_>) -> Subscription {
    let mut subscription = Subscription::new(case.catalogue.plan_key(&case.plan.id), case.month.first());
    if let Some((from, to)) = case.change {
        subscription.phases.push(Phase { plan: case.catalogue.plan_key(&to.id), from });
    }
    subscription
}

/// Bookings are past their free days, so that a whole month is priced.
fn bookings(reader: &mut Reader<'_>, case: Case<'_>, asked: &Asked<'_>, subscription: &mut Subscription) {
    for add_on in &asked.add_ons {
        let Some(quantity) = reader.decimal(&names::add_on(add_on.what)).filter(|it| !it.is_zero()) else { continue };
        let from = (0..add_on.what.trial_days).fold(case.month.first(), |day, _| day.previous());
        let id = add_on.what.id.clone();
        subscription.bookings.push(Booking { add_on: id, quantity, from, until: None, label: None });
    }
    let booked: Vec<_> = subscription.bookings.iter().map(|booking| booking.add_on.clone()).collect();
    for add_on in asked.add_ons.iter().filter(|add_on| booked.contains(&add_on.what.id)) {
        let missing = add_on.what.requires.iter().filter(|id| !booked.contains(id) && !case.plan.includes.contains(id));
        for title in missing.filter_map(|id| case.catalogue.add_on(id)).map(|required| &required.title) {
            reader.refuse(
                &names::add_on(add_on.what),
                format!("Dafür muss auch „{}“ gebucht sein.", title.de),
                format!("This needs “{}” to be booked as well.", title.en),
            );
        }
    }
}

fn redemption(reader: &mut Reader<'_>, case: Case<'_>, asked: &Asked<'_>, subscription: &mut Subscription) {
    if !asked.promotions || !reader.has(names::CODE) {
        return;
    }
    let code = PromotionCode::parse(reader.typed.value(names::CODE)).ok();
    let Some(promotion) = code.and_then(|code| case.catalogue.promotion(&code)) else {
        return reader.refuse(names::CODE, "Diesen Aktionscode gibt es nicht.", "There is no such promotion code.");
    };
    let (de, en) = (Language::De, Language::En);
    if let Some(from) = promotion.from.filter(|from| *from > case.month.last()) {
        let (de, en) = (de.date(from), en.date(from));
        return reader.refuse(
            names::CODE,
            format!("Dieser Code gilt erst ab dem {de}."),
            format!("This code is valid from {en} on."),
        );
    }
    if let Some(until) = promotion.until.filter(|until| *until < case.month.first()) {
        let (de, en) = (de.date(until), en.date(until));
        return reader.refuse(
            names::CODE,
            format!("Dieser Code konnte nur bis zum {de} eingelöst werden."),
            format!("This code could be redeemed until {en} only."),
        );
    }
    let plans = || std::iter::once(case.plan).chain(case.change.map(|change| change.1));
    if !promotion.plans.is_empty() && !plans().any(|plan| promotion.plans.contains(&plan.id)) {
        let text = ("Dieser Code gilt nicht für diesen Tarif.", "This code is not valid for this plan.");
        return reader.refuse(names::CODE, text.0, text.1);
    }
    let on = promotion.from.map_or(case.month.first(), |from| from.max(case.month.first()));
    subscription.redemptions.push(Redemption { code: promotion.code.clone(), on, void_from: None });
}

fn event_of(reader: &mut Reader<'_>, case: Case<'_>, asked: &EventAsked<'_>) -> Option<EndedEvent> {
    if ![names::ACCEPTED, names::DECLINED, names::RESPONSES].iter().any(|name| reader.has(name)) {
        return None;
    }
    let accepted = if asked.accepted { reader.whole(names::ACCEPTED, PEOPLE).unwrap_or(0) } else { 0 };
    let declined = if asked.declined { reader.whole(names::DECLINED, PEOPLE).unwrap_or(0) } else { 0 };
    let answered = accepted + declined;
    let responses = match reader.whole(names::RESPONSES, PEOPLE) {
        Some(responses) if responses < answered => {
            reader.refuse(
                names::RESPONSES,
                format!("Das müssen mindestens {answered} sein: Auch wer zusagt, meldet sich zurück."),
                format!("There must be {answered} at least: those who accept respond as well."),
            );
            answered
        }
        responses => responses.unwrap_or(answered),
    };
    let per_event = |charge: &Charge| matches!(&charge.model, Model::Metered(metered) if metered.per_event);
    let over_on = case.last_day(|plan| case.charges(plan, per_event));
    Some(EndedEvent {
        event: EventId::parse("evt_calculator").ok()?,
        title: Text::new("Ihre Veranstaltung", "your event"),
        over_on,
        published_on: over_on,
        counting: CountingScheme::Accepted,
        counts: Counts { accepted: accepted.into(), declined: declined.into(), responses: responses.into() },
        recorded_on: None,
    })
}

/// Records that make the quantity of the month what was typed, whatever the meter does with its days.
fn records(reader: &mut Reader<'_>, case: Case<'_>, meter: &Meter) -> Vec<Record> {
    let name = names::meter(meter);
    let record = |day, quantity, subject: Option<String>| Record {
        day,
        at: None,
        meter: meter.id.clone(),
        quantity,
        subject,
        recorded_on: None,
    };
    if meter.month == Aggregation::Unique {
        let subjects = reader.whole(&name, SUBJECTS).unwrap_or(0);
        let day = case.last_day_of(&meter.id);
        return (1..=subjects).map(|subject| record(day, Decimal::ONE, Some(subject.to_string()))).collect();
    }
    let Some(quantity) = reader.decimal(&name) else { return Vec::new() };
    match (meter.kind, meter.month) {
        (MeterKind::Gauge, _) => vec![record(case.month.first(), quantity, None)],
        (_, Aggregation::Mean) => {
            let days = std::iter::successors(Some(case.month.first()), |day| Some(day.next()));
            days.take_while(|day| *day <= case.month.last()).map(|day| record(day, quantity, None)).collect()
        }
        _ => vec![record(case.last_day_of(&meter.id), quantity, None)],
    }
}

/// The quantity committed to (Z7): nothing, where nothing is used either.
fn forecast(reader: &mut Reader<'_>, meter: &Meter) -> Option<(MeterId, Decimal)> {
    let name = names::forecast(meter);
    if !reader.has(&name) && reader.has(&names::meter(meter)) {
        reader.refuse(
            &name,
            "Bitte geben Sie an, welche Menge Sie verbindlich planen.",
            "Please give the quantity you commit to.",
        );
        return None;
    }
    Some((meter.id.clone(), reader.decimal(&name).unwrap_or_default()))
}

/// Whether the price depends on when somebody called.
pub(super) fn needs_start(charges: &[&Charge]) -> bool {
    charges.iter().any(|charge| matches!(&charge.model, Model::Blocks(blocks) if !blocks.windows.is_empty()))
}

fn entry(reader: &mut Reader<'_>, case: Case<'_>, channel: &Meter, hours: bool, call: usize) -> Option<TimeEntry> {
    let [start, minutes] = names::call(channel, call);
    if !reader.has(&start) && !reader.has(&minutes) {
        return None;
    }
    let at = if reader.has(&start) || hours {
        let at = reader.time(&start);
        if at.is_some_and(|at| Day::new(at.date()).month() != case.month) {
            let (de, en) = (Language::De.month(case.month), Language::En.month(case.month));
            reader.refuse(
                &start,
                format!("Das liegt nicht im gewählten Monat {de}."),
                format!("This is not within the chosen month, {en}."),
            );
        }
        at
    } else {
        let day = case.last_day_of(&channel.id);
        NaiveTime::from_hms_opt(12, 0, 0).map(|noon| day.date().and_time(noon))
    };
    if !reader.has(&minutes) {
        reader.refuse(&minutes, "Bitte geben Sie die Dauer an.", "Please give the length.");
    }
    let minutes = reader.decimal(&minutes)?;
    let at = at.filter(|at| Day::new(at.date()).month() == case.month)?;
    Some(TimeEntry { start: instant_of(at), channel: channel.id.clone(), minutes, text: None, recorded_on: None })
}

fn payments(reader: &mut Reader<'_>, case: Case<'_>, meter: &Meter) -> Vec<Record> {
    let name = names::payments(meter);
    let typed = reader.typed.value(&name);
    if amounts(typed).count() > PAYMENTS {
        reader.refuse(
            &name,
            format!("Bitte geben Sie höchstens {PAYMENTS} Beträge an."),
            format!("Please give at most {PAYMENTS} amounts."),
        );
        return Vec::new();
    }
    let day = case.last_day_of(&meter.id);
    let mut records = Vec::new();
    for text in amounts(typed) {
        match decimal(text) {
            Ok(quantity) => {
                let meter = meter.id.clone();
                records.push(Record { day, at: None, meter, quantity, subject: None, recorded_on: None });
            }
            Err((de, en)) => {
                let short: String = text.chars().take(20).collect();
                reader.refuse(&name, format!("„{short}“: {de}"), format!("“{short}”: {en}"));
            }
        }
    }
    records
}

fn order(reader: &mut Reader<'_>, case: Case<'_>, charge: &Charge, one_off: &OneOff) -> Option<Order> {
    let [quantity, price] = names::order(charge);
    if !reader.has(&quantity) && reader.has(&price) {
        reader.refuse(&quantity, "Bitte geben Sie auch die Menge an.", "Please give the quantity as well.");
    }
    let open = one_off.from || one_off.price == Price::OnRequest;
    let agreed_price = if open { reader.decimal(&price) } else { None };
    if let (Price::Amount(least), Some(agreed)) = (one_off.price, agreed_price)
        && agreed < least
    {
        let price_in = |language: Language| language.unit_price(UnitPrice::new(least, Currency::Eur));
        reader.refuse(
            &price,
            format!("Der Preis beginnt bei {}.", price_in(Language::De)),
            format!("The price begins at {}.", price_in(Language::En)),
        );
    }
    let quantity = reader.decimal(&quantity).filter(|quantity| !quantity.is_zero())?;
    let day = case.last_day(|plan| plan.charges.contains(&charge.id));
    Some(Order { day, charge: charge.id.clone(), quantity, agreed_price, text: None, recorded_on: None })
}

fn opening(reader: &mut Reader<'_>, asked: &Asked<'_>) -> Opening {
    let mut opening = Opening::default();
    for pool in &asked.pools {
        let name = names::pool(pool);
        let Some(left) = reader.decimal(&name) else { continue };
        let most = pool.sizes.iter().map(|size| size.1).fold(pool.size, Decimal::max);
        if left > most {
            let (de, en) = (Language::De.number(most), Language::En.number(most));
            reader.refuse(&name, format!("Mehr als {de} gibt es nicht."), format!("There are no more than {en}."));
        }
        opening.pools.push((pool.id.clone(), left));
    }
    opening
}
