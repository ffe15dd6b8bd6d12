//! What an account has subscribed to.

use domain::calendar::Day;
use domain::catalog::PlanKey;
use domain::catalog::names::PromotionCode;
use domain::subscription::{Booking, Phase, Redemption, Subscription, Trial};
use rust_decimal::Decimal;

use crate::cursor::{Cursor, Fields};
use crate::document::Value;
use crate::place::short;
use crate::usage::consumption::meter_key;
use crate::usage::dates::Dates;
use crate::usage::{Context, line, named, unknown_key};
use crate::words::hint;

/// Keys of the subscription.
pub(crate) const SUBSCRIPTION_KEYS: [&str; 9] = [
    "from",
    "trial_until",
    "converted_on",
    "ends_on",
    "changes",
    "bookings",
    "promotions",
    "forecast",
    "agreed_prices",
];
/// Keys of a change of plan.
pub(crate) const CHANGE_KEYS: [&str; 2] = ["on", "plan"];
/// Keys of a booking.
pub(crate) const BOOKING_KEYS: [&str; 5] = ["add_on", "quantity", "from", "until", "label"];
/// Keys of a redeemed promotion code.
pub(crate) const REDEMPTION_KEYS: [&str; 3] = ["code", "on", "void_from"];

/// Reads the subscription; the plan the file is read for is its first.
pub(super) fn subscription(file: &Fields<'_>, context: Context<'_>, mut dates: Dates) -> Subscription {
    let key = context.catalogue.plan_key(context.plan);
    let Some(fields) = file.get("subscription").and_then(|it| it.fields(&SUBSCRIPTION_KEYS)) else {
        return Subscription::new(key, dates.earliest());
    };
    for day in named_days(&fields) {
        dates.add(day);
    }
    let given = fields.read("from", Cursor::day);
    let from = given.unwrap_or(dates.earliest());
    let mut subscription = Subscription::new(key, from);
    let ends_on = fields.read("ends_on", Cursor::day);
    // Without a first day that can be read, nothing is known to lie before it.
    let known = given.is_some() || fields.get("from").is_none();
    if known && ends_on.is_some_and(|last| last < from) {
        fields.refuse_at("ends_on", before(from));
    }
    subscription.ends_on = ends_on;
    subscription.trial = trial(&fields, known.then_some(from));
    subscription.phases.extend(changes(&fields, context, known.then_some(from)));
    subscription.bookings = bookings(&fields, context, from);
    subscription.redemptions = redemptions(&fields, context, from);
    for entry in fields.section("forecast") {
        let meter = meter_key(&entry, context);
        if let (Some(meter), Some(quantity)) = (meter, entry.not_negative()) {
            subscription.forecast.push((meter.id.clone(), quantity));
        }
    }
    let charges = &context.catalogue.parts().charges;
    for entry in fields.section("agreed_prices") {
        let charge = charges.iter().find(|charge| charge.id.as_str() == entry.key());
        if charge.is_none() {
            unknown_key(&entry, "charge", charges.iter().map(|charge| charge.id.as_str()));
        }
        if let (Some(charge), Some(price)) = (charge, entry.not_negative()) {
            subscription.agreed_prices.push((charge.id.clone(), price));
        }
    }
    subscription
}

/// The days on which something begins, without a word about those that are none: their readers say it.
fn named_days(fields: &Fields<'_>) -> Vec<Day> {
    let quiet = |cursor: &Cursor<'_>| match cursor.value() {
        Value::Text(text) => Day::parse(text).ok(),
        _ => None,
    };
    let mut days: Vec<Day> = ["trial_until", "ends_on"].iter().filter_map(|key| quiet(&fields.get(key)?)).collect();
    for (list, key) in [("changes", "on"), ("bookings", "from"), ("promotions", "on")] {
        if let Some(list) = fields.get(list)
            && let Value::Array(items) = list.value()
        {
            let day = |item: &crate::document::Node| match &item.child(key)?.value {
                Value::Text(text) => Day::parse(text).ok(),
                _ => None,
            };
            days.extend(items.iter().filter_map(day));
        }
    }
    days
}

fn before(from: Day) -> String {
    format!("before the subscription begins, on {from}")
}

/// A trial is turned into a paid subscription on the day after it, unless the file says otherwise; null is never (P1).
fn trial(fields: &Fields<'_>, from: Option<Day>) -> Option<Trial> {
    let converted = fields.get("converted_on");
    let Some(until) = fields.get("trial_until") else {
        if let Some(converted) = converted
            && !fields.has("trial_until")
        {
            converted.refuse_key("without `trial_until` there is no trial to convert; give it or remove this key");
        }
        return None;
    };
    let until_day = until.day();
    let converted_on = match &converted {
        None => until_day.map(Day::next),
        Some(converted) if *converted.value() == Value::Null => None,
        Some(converted) => converted.day(),
    };
    if let Some(from) = from {
        for (cursor, day) in [(Some(&until), until_day), (converted.as_ref(), converted_on)] {
            if let (Some(cursor), Some(day)) = (cursor, day)
                && day < from
            {
                cursor.refuse(before(from));
            }
        }
    }
    Some(Trial { until: until_day?, converted_on })
}

/// The changes of plan; each after the one before.
fn changes(fields: &Fields<'_>, context: Context<'_>, from: Option<Day>) -> Vec<Phase> {
    let (mut phases, mut last) = (Vec::new(), from);
    for item in fields.items("changes") {
        let Some(fields) = item.fields(&CHANGE_KEYS) else { continue };
        let on = fields.required("on", "the first day of the new plan").and_then(|it| it.day());
        let plan = fields.required("plan", "the new plan").and_then(|it| plan(&it, context));
        if let (Some(on), Some(last)) = (on, last)
            && on <= last
        {
            fields.refuse_at("on", format!("must be after {last}, when the plan before it begins"));
        }
        last = last.max(on);
        if let (Some(on), Some(plan)) = (on, plan) {
            phases.push(Phase { plan, from: on });
        }
    }
    phases
}

/// A plan by its name, or by that of the catalogue in front of it.
fn plan(cursor: &Cursor<'_>, context: Context<'_>) -> Option<PlanKey> {
    let text = cursor.text()?;
    let (catalogue, name) = match text.split_once('/') {
        Some((key, name)) if key == context.catalogue.key() => (context.catalogue, name),
        Some((key, name)) => match context.others.get(key) {
            Some(other) => (&**other, name),
            None => {
                let here = context.catalogue.key();
                let text =
                    format!("the catalogue \"{}\" is not at hand; give its file too, or a plan of {here}", short(key));
                cursor.refuse(text);
                return None;
            }
        },
        None => (context.catalogue, text),
    };
    let plans = &catalogue.parts().plans;
    let plan = plans.iter().find(|plan| plan.id.as_str() == name);
    if plan.is_none() {
        let hint = hint(name, plans.iter().map(|plan| plan.id.as_str()));
        cursor.refuse(format!("the catalogue has no plan \"{}\"; {hint}", short(name)));
    }
    plan.map(|plan| catalogue.plan_key(&plan.id))
}

/// Bookings of one from the first day of the subscription on, unless given.
fn bookings(fields: &Fields<'_>, context: Context<'_>, begin: Day) -> Vec<Booking> {
    let add_ons = &context.catalogue.parts().add_ons;
    let booking = |item: &Cursor<'_>| {
        let fields = item.fields(&BOOKING_KEYS)?;
        let add_on = fields.required("add_on", "what is booked");
        let add_on = add_on.and_then(|it| named(&it, "add-on", add_ons, |add_on| add_on.id.as_str()));
        let quantity = fields.get("quantity").map_or(Some(Decimal::ONE), |it| it.not_negative());
        let from = fields.get("from").map_or(Some(begin), |it| it.day());
        let until = fields.read("until", Cursor::day);
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            fields.refuse_at("until", format!("before the booking begins, on {from}"));
        }
        let label = line(&fields, "label");
        Some(Booking { add_on: add_on?.id.clone(), quantity: quantity?, from: from?, until, label })
    };
    fields.items("bookings").iter().filter_map(booking).collect()
}

/// Codes that were redeemed, on the first day of the subscription unless given.
fn redemptions(fields: &Fields<'_>, context: Context<'_>, begin: Day) -> Vec<Redemption> {
    let promotions = &context.catalogue.parts().promotions;
    let redemption = |item: &Cursor<'_>| {
        let fields = item.fields(&REDEMPTION_KEYS)?;
        let code = fields.required("code", "the promotion code").and_then(|it| {
            let code = it.name(PromotionCode::parse)?;
            let known = promotions.iter().any(|promotion| promotion.code == code);
            if !known {
                let hint = hint(code.as_str(), promotions.iter().map(|promotion| promotion.code.as_str()));
                it.refuse(format!("the catalogue has no promotion `{code}`; {hint}"));
            }
            known.then_some(code)
        });
        let on = fields.get("on").map_or(Some(begin), |it| it.day());
        let void_from = fields.read("void_from", Cursor::day);
        if let (Some(on), Some(void)) = (on, void_from)
            && void < on
        {
            fields.refuse_at("void_from", format!("before it was redeemed, on {on}"));
        }
        Some(Redemption { code: code?, on: on?, void_from })
    };
    fields.items("promotions").iter().filter_map(redemption).collect()
}
