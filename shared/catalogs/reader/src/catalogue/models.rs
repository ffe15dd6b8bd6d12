//! The models of charges: how usage becomes an amount.

use domain::catalog::charge::{
    Accumulates, Billed, Blocks, Every, FirstBlock, Flat, Metered, Model, OneOff, Percentage, Shape, Stepped, Waiver,
};
use domain::catalog::names::{MeterId, PoolId};
use domain::catalog::tiers::{Price, Tier, TierProblem, Tiers};
use rust_decimal::Decimal;

use crate::catalogue::add_ons::windows;
use crate::cursor::{Cursor, Fields};
use crate::document::Value;
use crate::place::short;

/// A model by its word in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Flat,
    OneOff,
    PerUnit,
    Package,
    Graduated,
    Volume,
    Stepped,
    Percentage,
    Blocks,
}

/// The models.
pub(crate) const MODELS: [(&str, Kind); 9] = [
    ("flat", Kind::Flat),
    ("one_off", Kind::OneOff),
    ("per_unit", Kind::PerUnit),
    ("package", Kind::Package),
    ("graduated", Kind::Graduated),
    ("volume", Kind::Volume),
    ("stepped", Kind::Stepped),
    ("percentage", Kind::Percentage),
    ("blocks", Kind::Blocks),
];

/// Keys of the metered models besides the meter and those of their shape.
const METERED: [&str; 6] = ["per_event", "waive_below", "minimum_quantity", "forecast", "pools", "prorated"];
/// Keys of a threshold below which nothing is charged.
pub(crate) const WAIVER_KEYS: [&str; 2] = ["meter", "quantity"];
/// Keys of a tier.
pub(crate) const TIER_KEYS: [&str; 3] = ["up_to", "price", "flat"];
/// Keys of a first block.
pub(crate) const FIRST_KEYS: [&str; 2] = ["minutes", "price"];
/// How often a fee falls due.
pub(crate) const EVERY: [(&str, Every); 2] = [("month", Every::Month), ("year", Every::Year)];
/// When a monthly fee falls due.
pub(crate) const BILLED: [(&str, Billed); 2] = [("arrears", Billed::Arrears), ("advance", Billed::Advance)];
/// Over which time a count accumulates.
pub(crate) const ACCUMULATES: [(&str, Accumulates); 3] = [
    (Accumulates::LicenceYear.code(), Accumulates::LicenceYear),
    (Accumulates::Month.code(), Accumulates::Month),
    (Accumulates::Always.code(), Accumulates::Always),
];
/// The word of a price that has to be agreed first.
pub(crate) const ON_REQUEST: &str = "on_request";
/// Most free transactions.
const FREE_LIMIT: u64 = 1_000_000_000;

/// The keys of a model besides those of every charge.
pub(crate) fn keys(kind: Kind) -> Vec<&'static str> {
    let metered = |own: &[&'static str]| own.iter().copied().chain(METERED).collect();
    match kind {
        Kind::Flat => vec!["price", "every", "billed", "prorated"],
        Kind::OneOff => vec!["price", "from", "pools"],
        Kind::PerUnit => metered(&["meter", "price"]),
        Kind::Package => metered(&["meter", "size", "price"]),
        Kind::Graduated | Kind::Volume => metered(&["meter", "tiers"]),
        Kind::Stepped => vec!["meter", "tiers", "accumulates"],
        Kind::Percentage => vec!["meter", "percent", "fixed", "minimum", "maximum", "free_transactions"],
        Kind::Blocks => vec!["channel", "block", "price", "first", "windows", "longest", "pools"],
    }
}

/// Reads the fields of a model. `None` if its meter or its tiers are not known.
pub(super) fn model(kind: Kind, fields: &Fields<'_>) -> Option<Model> {
    match kind {
        Kind::Flat => Some(Model::Flat(flat(fields))),
        Kind::OneOff => Some(Model::OneOff(OneOff {
            price: required_price(fields),
            from: fields.flag("from"),
            pools: fields.names("pools", PoolId::parse),
        })),
        Kind::PerUnit => metered(fields, Shape::PerUnit(amount(fields, "price", "the net price of one"))),
        Kind::Package => {
            let size = amount(fields, "size", "units in a package");
            metered(fields, Shape::Package { size, price: amount(fields, "price", "the net price of a package") })
        }
        Kind::Graduated | Kind::Volume => {
            let tiers = tiers(fields);
            // The fields of the model are judged also without its tiers.
            let shape =
                tiers.clone().map(|it| if kind == Kind::Volume { Shape::Volume(it) } else { Shape::Graduated(it) });
            let model = metered(fields, shape.unwrap_or(Shape::PerUnit(Decimal::ONE)));
            tiers.and(model)
        }
        Kind::Stepped => {
            let (meter, tiers) = (meter(fields, "meter"), tiers(fields));
            let accumulates = fields.required("accumulates", "the time over which the count accumulates");
            let accumulates = accumulates.and_then(|it| it.word(&ACCUMULATES)).unwrap_or(Accumulates::Month);
            Some(Model::Stepped(Stepped { meter: meter?, tiers: tiers?, accumulates }))
        }
        Kind::Percentage => percentage(fields),
        Kind::Blocks => blocks(fields),
    }
}

fn flat(fields: &Fields<'_>) -> Flat {
    let every = fields.read("every", |it| it.word(&EVERY)).unwrap_or(Every::Month);
    let flat = Flat {
        price: required_price(fields),
        every,
        billed: fields.read("billed", |it| it.word(&BILLED)).unwrap_or(Billed::Arrears),
        prorated: fields.flag("prorated"),
    };
    if every == Every::Year {
        for key in ["billed", "prorated"] {
            if let Some(cursor) = fields.get(key) {
                cursor.refuse_key("a yearly fee is charged whole and in advance; remove this key");
            }
        }
    }
    flat
}

fn metered(fields: &Fields<'_>, shape: Shape) -> Option<Model> {
    let meter = meter(fields, "meter");
    let metered = Metered {
        shape,
        per_event: fields.flag("per_event"),
        waiver: fields.read("waive_below", waiver),
        minimum_quantity: fields.read("minimum_quantity", Cursor::decimal),
        forecast: fields.flag("forecast"),
        pools: fields.names("pools", PoolId::parse),
        prorated: fields.flag("prorated"),
        meter: meter?,
    };
    Some(Model::Metered(metered))
}

fn waiver(cursor: &Cursor<'_>) -> Option<Waiver> {
    let fields = cursor.fields(&WAIVER_KEYS)?;
    let (meter, below) = (meter(&fields, "meter"), fields.required("quantity", "charged from this quantity on"));
    Some(Waiver { meter: meter?, below: below?.decimal()? })
}

fn percentage(fields: &Fields<'_>) -> Option<Model> {
    let meter = meter(fields, "meter");
    let percentage = Percentage {
        percent: amount(fields, "percent", "percent of each transaction"),
        fixed: fields.read("fixed", Cursor::decimal).unwrap_or(Decimal::ZERO),
        minimum: fields.read("minimum", Cursor::decimal),
        maximum: fields.read("maximum", Cursor::decimal),
        free_transactions: fields.read("free_transactions", |it| it.whole(0..=FREE_LIMIT)).unwrap_or(0),
        meter: meter?,
    };
    Some(Model::Percentage(percentage))
}

fn blocks(fields: &Fields<'_>) -> Option<Model> {
    let (channel, windows) = (meter(fields, "channel"), windows(fields));
    let blocks = Blocks {
        block: amount(fields, "block", "length of a block in minutes"),
        price: amount(fields, "price", "the net price of each started block"),
        first: fields.read("first", first),
        longest: fields.read("longest", Cursor::decimal),
        pools: fields.names("pools", PoolId::parse),
        windows: windows?,
        channel: channel?,
    };
    Some(Model::Blocks(blocks))
}

fn first(cursor: &Cursor<'_>) -> Option<FirstBlock> {
    let fields = cursor.fields(&FIRST_KEYS)?;
    let minutes = amount(&fields, "minutes", "length of the first block in minutes");
    Some(FirstBlock { minutes, price: amount(&fields, "price", "the net price of the first block") })
}

fn meter(fields: &Fields<'_>, key: &str) -> Option<MeterId> {
    fields.required(key, "the meter it looks at")?.name(MeterId::parse)
}

/// A decimal that must be there; one stands in for a mistaken one, since zero would be a mistake elsewhere.
fn amount(fields: &Fields<'_>, key: &str, purpose: &str) -> Decimal {
    fields.required(key, purpose).and_then(|it| it.decimal()).unwrap_or(Decimal::ONE)
}

fn required_price(fields: &Fields<'_>) -> Price {
    let price = fields.required("price", "the net price, or \"on_request\"");
    price.and_then(|it| price_of(&it)).unwrap_or(Price::OnRequest)
}

fn price_of(cursor: &Cursor<'_>) -> Option<Price> {
    match cursor.value() {
        Value::Text(text) if text == ON_REQUEST => Some(Price::OnRequest),
        Value::Text(text) if !text.bytes().any(|byte| byte.is_ascii_digit()) => {
            cursor.refuse(format!(
                "\"{}\" is no price; write digits with a point such as 49.00, or \"{ON_REQUEST}\"",
                short(text)
            ));
            None
        }
        _ => cursor.decimal().map(Price::Amount),
    }
}

fn tiers(fields: &Fields<'_>) -> Option<Tiers> {
    fields.required("tiers", "at least one tier, the last one without `up_to`").and_then(|list| read_tiers(&list))
}

fn read_tiers(list: &Cursor<'_>) -> Option<Tiers> {
    let items = list.items();
    if !matches!(list.value(), Value::Array(_)) {
        return None;
    }
    let read: Vec<Option<Tier>> = items.iter().map(tier).collect();
    let tiers: Vec<Tier> = read.into_iter().collect::<Option<_>>()?;
    let problems = match Tiers::new(tiers) {
        Ok(tiers) => return Some(tiers),
        Err(problems) => problems,
    };
    for problem in problems {
        let (index, text) = match problem {
            TierProblem::Empty => {
                list.refuse("there must be at least one tier, the last one without `up_to`");
                continue;
            }
            TierProblem::Overlap(0) => (0, "`up_to` must be above zero"),
            TierProblem::Overlap(index) => (index, "`up_to` must be above that of the tier before; the two overlap"),
            TierProblem::EndlessInside(index) => (index, "only the last tier has no `up_to`; give this one its end"),
            TierProblem::EndsTooEarly => {
                (items.len() - 1, "the last tier has no `up_to`; quantities above this one would have no price")
            }
            TierProblem::Negative(index) => (index, "neither `price` nor `flat` may be below zero"),
        };
        if let Some(item) = items.get(index) {
            item.refuse(text);
        }
    }
    None
}

fn tier(cursor: &Cursor<'_>) -> Option<Tier> {
    let fields = cursor.fields(&TIER_KEYS)?;
    let price = fields.required("price", "the net price, or \"on_request\"").and_then(|it| price_of(&it));
    let flat = fields.get("flat").map_or(Some(Decimal::ZERO), |it| it.decimal());
    // An end that cannot be read is not the same as none.
    let up_to = fields.get("up_to").map_or(Some(None), |it| it.decimal().map(Some));
    if fields.get("up_to").is_none() && fields.has("up_to") {
        return None;
    }
    Some(Tier { up_to: up_to?, price: price?, flat: flat? })
}
