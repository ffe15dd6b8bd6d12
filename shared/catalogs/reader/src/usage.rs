//! Usage files: what an account has subscribed to and used.

mod consumption;
mod dates;
mod events;
mod subscription;

use domain::account::check::vat_ids::vat_id;
use domain::calendar::{Instant, Month};
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, Catalogues};
use domain::subscription::Subscription;
use domain::usage::{Opening, Usage};

use crate::cursor::{Cursor, Fields};
use crate::place::{Found, Mistake, Report, placed, short};
use crate::usage::dates::Dates;
use crate::values::LINE_LIMIT;
use crate::words::listed;
use crate::{bounded, json};

/// Keys at the top of the file.
pub(crate) const KEYS: [&str; 8] =
    ["subscription", "meters", "events", "time_entries", "orders", "tickets", "opening", "buyer"];
/// Keys of a ticket.
pub(crate) const TICKET_KEYS: [&str; 3] = ["opened", "answered", "text"];
/// Keys of what was there before.
pub(crate) const OPENING_KEYS: [&str; 2] = ["pools", "accumulated"];
/// Keys of the buyer.
pub(crate) const BUYER_KEYS: [&str; 2] = ["country", "vat_id"];
/// Where a buyer is, unless given.
const COUNTRY: &str = "DE";

/// A usage file that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageFile {
    /// What the account has subscribed to.
    pub subscription: Subscription,
    /// What it has used.
    pub usage: Usage,
    /// Enquiries whose response times are to be checked (S5).
    pub tickets: Vec<Ticket>,
    /// Country of the buyer, ISO 3166-1 alpha-2; Germany unless given.
    pub country: String,
    /// VAT id of the buyer, by which a business in another member state owes the tax itself (I4).
    pub vat_id: Option<String>,
    /// Whether the seller is a small business (§ 19 UStG). Not in the file: set by whoever prices for one.
    pub small_business: bool,
}

/// An enquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// When it came.
    pub opened: Instant,
    /// When it was answered, if it was.
    pub answered: Option<Instant>,
    /// What it was about.
    pub text: Option<String>,
}

/// What a usage file is read against.
#[derive(Clone, Copy, Debug)]
struct Context<'a> {
    catalogue: &'a Catalogue,
    /// Further catalogues that changes of plan can name.
    others: &'a Catalogues,
    plan: &'a PlanId,
    month: Month,
}

/// Reads a usage file (JSON) of an account that has a plan of a catalogue, to price a month.
///
/// Without `subscription.from` the plan begins on the earliest day the file names, or on the first of the priced month
/// if that is earlier.
///
/// # Errors
/// Every mistake there is, in the order of the file; of mistakes of syntax the first.
pub fn read_usage(text: &str, catalogue: &Catalogue, plan: &PlanId, month: Month) -> Result<UsageFile, Vec<Mistake>> {
    read_usage_among(text, catalogue, &Catalogues::default(), plan, month)
}

/// As [`read_usage`], for accounts whose plan changes to that of another catalogue or version. Meters, add-ons and
/// charges are named as in the first.
///
/// # Errors
/// As [`read_usage`].
pub fn read_usage_among(
    text: &str,
    catalogue: &Catalogue,
    others: &Catalogues,
    plan: &PlanId,
    month: Month,
) -> Result<UsageFile, Vec<Mistake>> {
    let text = bounded(text)?;
    let root = json::parse(text).map_err(|found| placed(text, found))?;
    let report = Report::default();
    if catalogue.plan(plan.as_str()).is_none() {
        let plans = listed(catalogue.parts().plans.iter().map(|plan| plan.id.as_str()));
        report.add(Found::at(
            0,
            format!("the catalogue {} has no plan `{plan}`; its plans are {plans}", catalogue.key()),
        ));
    }
    let file = file(&Cursor::root(&root, &report), Context { catalogue, others, plan, month });
    match (file, report.into_found()) {
        (Some(file), found) if found.is_empty() => Ok(file),
        (_, found) => Err(placed(text, found)),
    }
}

fn file(root: &Cursor<'_>, context: Context<'_>) -> Option<UsageFile> {
    let fields = root.fields(&KEYS)?;
    let usage = Usage {
        records: consumption::records(&fields, context),
        events: events::events(&fields),
        entries: consumption::entries(&fields, context),
        orders: consumption::orders(&fields, context),
        opening: fields.read("opening", |it| opening(it, context)).unwrap_or_default(),
    };
    let tickets: Vec<Ticket> = fields.items("tickets").iter().filter_map(ticket).collect();
    let mut dates = Dates::new(context.month.first());
    dates.add_usage(&usage, &tickets);
    let counted_before = !usage.opening.accumulated.is_empty();
    if counted_before {
        dates.add(context.month.first().previous());
    }
    let subscription = subscription::subscription(&fields, context, dates);
    let begins = subscription.phases.first().map(|phase| phase.from);
    if counted_before && begins.is_some_and(|from| from >= context.month.first()) {
        fields.refuse_at(
            "opening",
            "`accumulated` is what was counted before the priced month, but the subscription begins in it; \
             leave it out, or give an earlier `subscription.from`"
                .to_owned(),
        );
    }
    let buyer = fields.read("buyer", buyer).unwrap_or_default();
    Some(UsageFile {
        subscription,
        usage,
        tickets,
        country: buyer.0.unwrap_or_else(|| COUNTRY.to_owned()),
        vat_id: buyer.1,
        small_business: false,
    })
}

fn ticket(cursor: &Cursor<'_>) -> Option<Ticket> {
    let fields = cursor.fields(&TICKET_KEYS)?;
    let opened = fields.required("opened", "when it came").and_then(|it| it.instant());
    let answered = fields.read("answered", Cursor::instant);
    let text = line(&fields, "text");
    if let (Some(opened), Some(answered)) = (opened, answered)
        && answered < opened
    {
        fields.refuse_at("answered", "it was answered before it was opened");
    }
    Some(Ticket { opened: opened?, answered, text })
}

fn opening(cursor: &Cursor<'_>, context: Context<'_>) -> Option<Opening> {
    let fields = cursor.fields(&OPENING_KEYS)?;
    let mut opening = Opening::default();
    let plans = &context.catalogue.parts().plans;
    for entry in fields.section("pools") {
        let pools = || plans.iter().flat_map(|plan| &plan.pools);
        let known = || pools().map(|pool| pool.id.as_str());
        let pool = pools().find(|pool| pool.id.as_str() == entry.key());
        if pool.is_none() {
            unknown_key(&entry, "pool", known());
        }
        if let (Some(pool), Some(quantity)) = (pool, entry.not_negative()) {
            opening.pools.push((pool.id.clone(), quantity));
        }
    }
    for entry in fields.section("accumulated") {
        let meter = consumption::meter_key(&entry, context);
        if let (Some(meter), Some(quantity)) = (meter, entry.decimal()) {
            opening.accumulated.push((meter.id.clone(), quantity));
        }
    }
    Some(opening)
}

/// Country and VAT id.
fn buyer(cursor: &Cursor<'_>) -> Option<(Option<String>, Option<String>)> {
    let fields = cursor.fields(&BUYER_KEYS)?;
    Some((fields.read("country", country), fields.read("vat_id", buyer_vat_id)))
}

fn country(cursor: &Cursor<'_>) -> Option<String> {
    let text = cursor.text()?;
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(text.to_owned());
    }
    cursor.refuse(format!("\"{}\" is no country; write two capital letters such as DE", short(text)));
    None
}

fn buyer_vat_id(cursor: &Cursor<'_>) -> Option<String> {
    let text = cursor.text()?;
    let read = vat_id(text).ok();
    if read.is_none() {
        cursor.refuse(format!("\"{}\" is no VAT id; write one such as ATU13585627, with its check digit", short(text)));
    }
    read
}

/// One line of text under a key, if it is there.
fn line(fields: &Fields<'_>, key: &str) -> Option<String> {
    fields.read(key, |it| it.line(LINE_LIMIT))
}

/// Notes that a key names nothing of the catalogue.
fn unknown_key<'a>(cursor: &Cursor<'_>, what: &str, known: impl Iterator<Item = &'a str> + Clone) {
    let hint = crate::words::hint(cursor.key(), known);
    cursor.refuse_key(format!("the catalogue has no {what} `{}`; {hint}", short(cursor.key())));
}

/// The part of a catalogue that a text names, or the mistake that there is none.
fn named<'a, T>(
    cursor: &Cursor<'_>,
    what: &str,
    parts: &'a [T],
    name: impl Fn(&'a T) -> &'a str + Copy,
) -> Option<&'a T> {
    let text = cursor.text()?;
    let found = parts.iter().find(|part| name(part) == text);
    if found.is_none() {
        let hint = crate::words::hint(text, parts.iter().map(name));
        cursor.refuse(format!("the catalogue has no {what} \"{}\"; {hint}", short(text)));
    }
    found
}

#[cfg(test)]
mod tests;
