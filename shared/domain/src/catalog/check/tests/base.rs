//! A sound catalogue with every model, and ways to change it.

use crate::calendar::Day;
use crate::catalog::CatalogueParts;
use crate::catalog::charge::{
    Accumulates, Billed, Blocks, Charge, Every, FirstBlock, Flat, Issuer, Metered, Model, OneOff, Percentage,
    PriceSource, Shape, Stepped, VatClass, Waiver,
};
use crate::catalog::check::tests::decimal;
use crate::catalog::meter::{Aggregation, Meter, MeterKind, Unit};
use crate::catalog::names::{AddOnId, ChargeId, MeterId, PlanId, PoolId, PromotionCode};
use crate::catalog::plan::{AddOn, Discount, Mark, MinimumSpend, Plan, Pool, Promotion, Reset, Response, Term};
pub(super) use crate::catalog::tiers::Price;
use crate::catalog::tiers::{Tier, Tiers};
use crate::catalog::window::Window;
use crate::language::Text;
use crate::money::Currency;

pub(super) fn meter(id: &str) -> MeterId {
    MeterId::parse(id).expect(id)
}

pub(super) fn charge_id(id: &str) -> ChargeId {
    ChargeId::parse(id).expect(id)
}

pub(super) fn add_on(id: &str) -> AddOnId {
    AddOnId::parse(id).expect(id)
}

pub(super) fn plan_id(id: &str) -> PlanId {
    PlanId::parse(id).expect(id)
}

pub(super) fn pool(id: &str) -> PoolId {
    PoolId::parse(id).expect(id)
}

pub(super) fn amount(text: &str) -> Price {
    Price::Amount(decimal(text))
}

pub(super) fn windows(text: &str) -> Vec<Window> {
    text.split(';').map(|window| Window::parse(window).expect(window)).collect()
}

pub(super) fn tiers(rows: &[(Option<&str>, Price, &str)]) -> Tiers {
    let tier = |(up_to, price, flat): &(Option<&str>, Price, &str)| Tier {
        up_to: up_to.map(decimal),
        price: *price,
        flat: decimal(flat),
    };
    Tiers::new(rows.iter().map(tier).collect()).expect("tiers")
}

fn text() -> Text {
    Text::new("Beispiel", "Example")
}

fn rule() -> PriceSource {
    PriceSource::Rule("A10".to_owned())
}

fn counted(id: &str, kind: MeterKind, month: Aggregation) -> Meter {
    Meter { id: meter(id), title: text(), unit: Unit::PIECE, kind, month, scale: 2 }
}

fn charge(id: &str, model: Model) -> Charge {
    let (vat, issuer) = (VatClass::Standard, Issuer::Operator);
    Charge { id: charge_id(id), text: text(), source: rule(), vat, issuer, add_on: None, unit: None, model }
}

fn metered(id: &str, meter_id: &str, shape: Shape) -> Charge {
    let model = Metered {
        meter: meter(meter_id),
        shape,
        per_event: false,
        waiver: None,
        minimum_quantity: None,
        forecast: false,
        pools: Vec::new(),
        prorated: false,
    };
    charge(id, Model::Metered(model))
}

fn timed(id: &str, hours: &str) -> Charge {
    let model = Blocks {
        channel: meter("phone"),
        windows: windows(hours),
        block: decimal("15"),
        price: decimal("15.00"),
        first: None,
        longest: Some(decimal("60")),
        pools: Vec::new(),
    };
    charge(id, Model::Blocks(model))
}

fn fee(every: Every) -> Model {
    Model::Flat(Flat { price: amount("49.00"), every, billed: Billed::Arrears, prorated: false })
}

fn charges() -> Vec<Charge> {
    let steps = tiers(&[(Some("2499"), amount("299"), "0"), (None, Price::OnRequest, "0")]);
    let volume = tiers(&[(Some("10"), amount("9.90"), "5"), (None, amount("8.90"), "0")]);
    let stepped = Stepped { meter: meter("pageviews"), tiers: steps, accumulates: Accumulates::LicenceYear };
    let percentage = Percentage {
        meter: meter("card"),
        percent: decimal("4"),
        fixed: decimal("0"),
        minimum: Some(decimal("2.50")),
        maximum: Some(decimal("100")),
        free_transactions: 0,
    };
    let mut all = vec![
        charge("fee", fee(Every::Month)),
        charge("domain", fee(Every::Year)),
        charge("setup", Model::OneOff(OneOff { price: amount("250"), from: true, pools: Vec::new() })),
        metered("per-attendee", "accepted_attendees", Shape::PerUnit(decimal("3.00"))),
        metered("users-fee", "users", Shape::Volume(volume)),
        metered("storage-fee", "storage", Shape::Package { size: decimal("10"), price: decimal("1.00") }),
        charge("steps", Model::Stepped(stepped)),
        charge("card-fee", Model::Percentage(percentage)),
        timed("phone", "mon-fri 09:30-12:30;mon-fri 13:30-17:00"),
        timed("evening", "mon-fri 17:00-22:00"),
    ];
    all[1].add_on = Some(add_on("domain"));
    all[4].unit = Unit::named("licence");
    all
}

fn plan(id: &str, marks: [Mark; 7], charges: &[&str]) -> Plan {
    let free_minutes = Pool {
        id: pool("free-minutes"),
        title: text(),
        size: decimal("15"),
        reset: Reset::Month,
        sizes: vec![(add_on("level-2"), decimal("30")), (add_on("level-3"), decimal("90"))],
    };
    let meters = ["accepted_attendees", "responses", "users", "storage", "phone", "pageviews", "card"];
    Plan {
        id: plan_id(id),
        title: text(),
        rank: 1,
        sold: true,
        free: false,
        trial_days: 14,
        sub_accounts: false,
        term: None,
        lead_days: 3,
        includes: Vec::new(),
        limits: vec![("attendees".to_owned(), 50), ("parallel_events".to_owned(), 1)],
        charges: charges.iter().map(|id| charge_id(id)).collect(),
        meters: meters.into_iter().map(meter).zip(marks).collect(),
        pools: vec![free_minutes],
        minimum_spend: None,
    }
}

fn plans() -> Vec<Plan> {
    use Mark::{Charged, Ignored, Included};
    let marks = [Charged, Included, Ignored, Ignored, Charged, Ignored, Ignored];
    let basic = plan("basic", marks, &["fee", "per-attendee", "phone", "evening"]);
    let marks = [Included, Included, Charged, Charged, Charged, Charged, Charged];
    let listed = ["fee", "domain", "setup", "users-fee", "storage-fee", "steps", "card-fee", "phone", "evening"];
    let mut pro = plan("pro", marks, &listed);
    pro.term = Some(Term { months: 12, notice_months: 3, renewal_months: 12 });
    pro.includes = vec![add_on("level-2")];
    pro.minimum_spend = Some(MinimumSpend {
        amount: decimal("50"),
        charges: vec![charge_id("users-fee")],
        source: rule(),
        prorated: false,
    });
    vec![basic, pro]
}

fn booked(id: &str) -> AddOn {
    AddOn { id: add_on(id), title: text(), requires: Vec::new(), trial_days: 0, response: None }
}

/// Every model, two plans, nothing wrong.
pub(super) fn sound() -> CatalogueParts {
    let mut parts = CatalogueParts {
        id: "shop".to_owned(),
        version: "2026-01".to_owned(),
        currency: Currency::Eur,
        title: text(),
        valid_from: None,
        holidays: None,
        meters: vec![
            counted("accepted_attendees", MeterKind::Counter, Aggregation::Sum),
            counted("responses", MeterKind::Counter, Aggregation::Sum),
            counted("users", MeterKind::Gauge, Aggregation::Max),
            counted("storage", MeterKind::Gauge, Aggregation::Mean),
            counted("phone", MeterKind::Time, Aggregation::Sum),
            counted("pageviews", MeterKind::Counter, Aggregation::Sum),
            counted("card", MeterKind::Transaction, Aggregation::Sum),
        ],
        add_ons: vec![booked("level-2"), booked("level-3"), booked("domain")],
        charges: charges(),
        plans: plans(),
        promotions: vec![Promotion {
            code: PromotionCode::parse("WELCOME10").expect("code"),
            text: text(),
            discount: Discount::Percent(decimal("10")),
            months: Some(3),
            plans: vec![plan_id("pro")],
            charges: vec![charge_id("fee")],
            from: Day::parse("2026-01-01").ok(),
            until: Day::parse("2026-12-31").ok(),
            limit: Some(100),
            source: PriceSource::Sample,
        }],
    };
    require(&mut parts, "level-3", "level-2");
    parts.add_ons[1].response = Some(Response { hours: 4, windows: windows("mon-fri 09:00-18:00") });
    let first = FirstBlock { minutes: decimal("5"), price: decimal("30") };
    blocks(&mut parts, "evening").first = Some(first);
    blocks(&mut parts, "phone").pools = vec![pool("free-minutes")];
    let per_attendee = quantity(&mut parts, "per-attendee");
    per_attendee.per_event = true;
    per_attendee.waiver = Some(Waiver { meter: meter("responses"), below: decimal("5") });
    quantity(&mut parts, "users-fee").minimum_quantity = Some(decimal("5"));
    parts
}

pub(super) fn charge_of<'a>(parts: &'a mut CatalogueParts, id: &str) -> &'a mut Charge {
    parts.charges.iter_mut().find(|charge| charge.id.as_str() == id).expect(id)
}

pub(super) fn flat(parts: &mut CatalogueParts) -> &mut Flat {
    yearly_or_monthly(parts, "fee")
}

pub(super) fn yearly(parts: &mut CatalogueParts) -> &mut Flat {
    yearly_or_monthly(parts, "domain")
}

fn yearly_or_monthly<'a>(parts: &'a mut CatalogueParts, id: &str) -> &'a mut Flat {
    let Model::Flat(flat) = &mut charge_of(parts, id).model else { panic!("{id}") };
    flat
}

pub(super) fn one_off(parts: &mut CatalogueParts) -> &mut OneOff {
    let Model::OneOff(one_off) = &mut charge_of(parts, "setup").model else { panic!("setup") };
    one_off
}

pub(super) fn quantity<'a>(parts: &'a mut CatalogueParts, id: &str) -> &'a mut Metered {
    let Model::Metered(metered) = &mut charge_of(parts, id).model else { panic!("{id}") };
    metered
}

pub(super) fn stepped(parts: &mut CatalogueParts) -> &mut Stepped {
    let Model::Stepped(stepped) = &mut charge_of(parts, "steps").model else { panic!("steps") };
    stepped
}

pub(super) fn percentage(parts: &mut CatalogueParts) -> &mut Percentage {
    let Model::Percentage(percentage) = &mut charge_of(parts, "card-fee").model else { panic!("card-fee") };
    percentage
}

pub(super) fn blocks<'a>(parts: &'a mut CatalogueParts, id: &str) -> &'a mut Blocks {
    let Model::Blocks(blocks) = &mut charge_of(parts, id).model else { panic!("{id}") };
    blocks
}

pub(super) fn term(parts: &mut CatalogueParts) -> &mut Term {
    parts.plans[1].term.as_mut().expect("term")
}

pub(super) fn minimum_spend(parts: &mut CatalogueParts) -> &mut MinimumSpend {
    parts.plans[1].minimum_spend.as_mut().expect("minimum spend")
}

pub(super) fn response(parts: &mut CatalogueParts) -> &mut Response {
    parts.add_ons[1].response.as_mut().expect("response")
}

pub(super) fn meter_of<'a>(parts: &'a mut CatalogueParts, id: &str) -> &'a mut Meter {
    parts.meters.iter_mut().find(|meter| meter.id.as_str() == id).expect(id)
}

pub(super) fn copy_meter(parts: &mut CatalogueParts, from: &str, to: &str) {
    let copy = Meter { id: meter(to), ..meter_of(parts, from).clone() };
    parts.meters.push(copy);
}

/// Puts a mark on a meter of a plan, in place of the one it had.
pub(super) fn mark(parts: &mut CatalogueParts, plan: usize, id: &str, mark: Mark) {
    let meters = &mut parts.plans[plan].meters;
    match meters.iter_mut().find(|(marked, _)| marked.as_str() == id) {
        Some(given) => given.1 = mark,
        None => meters.push((meter(id), mark)),
    }
}

pub(super) fn require(parts: &mut CatalogueParts, id: &str, required: &str) {
    let found = parts.add_ons.iter_mut().find(|add_on| add_on.id.as_str() == id).expect(id);
    found.requires.push(add_on(required));
}

pub(super) fn free_add_on(parts: &mut CatalogueParts, id: &str) {
    parts.add_ons.push(booked(id));
}

/// Copies of a charge, all listed in the second plan.
pub(super) fn copies(parts: &mut CatalogueParts, id: &str, count: usize) {
    for number in 0..count {
        let copy = Charge { id: charge_id(&format!("{id}-{number}")), ..charge_of(parts, id).clone() };
        parts.plans[1].charges.push(copy.id.clone());
        parts.charges.push(copy);
    }
}

pub(super) fn month(parts: &mut CatalogueParts, id: &str, word: &str) {
    meter_of(parts, id).month = Aggregation::ALL.into_iter().find(|month| month.code() == word).expect(word);
}
