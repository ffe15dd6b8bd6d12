//! A shop to subscribe in, and scripts of what somebody does there: `2026-01-15 start pro; 2026-11-05 to basic`.

use std::sync::Arc;

use domain::calendar::Day;
use domain::catalog::charge::{Billed, Charge, Every, Flat, Issuer, Metered, Model, PriceSource, Shape, VatClass};
use domain::catalog::meter::{Aggregation, Meter, MeterKind, Unit};
use domain::catalog::names::{AddOnId, ChargeId, MeterId, PlanId, PoolId, PromotionCode};
use domain::catalog::plan::{AddOn, Discount, Mark, Plan, Pool, Promotion, Reset, Response, Term};
use domain::catalog::tiers::Price;
use domain::catalog::window::Window;
use domain::catalog::{Catalogue, CatalogueParts, Catalogues, PlanKey};
use domain::language::Text;
use domain::money::Currency;
use domain::subscription::Subscription;
use domain::subscription::change::{Change, Decision};
use domain::subscription::decide::{decide, subscribe};
use domain::subscription::refusal::Refusal;
use rust_decimal::Decimal;

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

/// `pro` is a plan of the first version of the shop; `shop@2/pro` one of another.
pub(crate) fn plan(name: &str) -> PlanKey {
    let (catalogue, plan) = name.split_once('/').unwrap_or(("shop@1", name));
    PlanKey { catalogue: catalogue.to_owned(), plan: plan.to_owned() }
}

pub(crate) fn add_on(name: &str) -> AddOnId {
    AddOnId::parse(name).expect(name)
}

fn text(name: &str) -> Text {
    Text::new(name, name)
}

fn charge(name: &str, add_on_name: Option<&str>, model: Model) -> Charge {
    Charge {
        id: ChargeId::parse(name).expect(name),
        text: text(name),
        source: PriceSource::Sample,
        vat: VatClass::Standard,
        issuer: Issuer::Operator,
        add_on: add_on_name.map(add_on),
        unit: None,
        model,
    }
}

fn fee(every: Every) -> Model {
    Model::Flat(Flat {
        price: Price::Amount(Decimal::TEN),
        every,
        billed: Billed::Arrears,
        prorated: every == Every::Month,
    })
}

/// Name, rank, term in months (first, notice, renewal), charges.
type Row = (&'static str, u32, Option<(u32, u32, u32)>, &'static [&'static str]);

const PLANS: [Row; 14] = [
    ("free", 0, None, &["fee"]),
    ("basic", 1, None, &["fee"]),
    ("starter", 1, None, &["fee"]),
    ("named", 2, None, &["fee"]),
    ("concurrent", 2, None, &["fee"]),
    ("pro", 3, None, &["fee", "domain-fee", "parallel-fee", "processes"]),
    ("old", 3, None, &["fee"]),
    ("licence", 4, Some((12, 3, 12)), &["fee", "domain-fee"]),
    ("switched", 4, None, &["fee"]),
    ("pilot", 4, Some((12, 3, 0)), &["fee"]),
    ("quarter", 4, Some((3, 3, 1)), &["fee"]),
    ("enterprise", 5, None, &["fee", "domain-fee", "parallel-fee"]),
    ("licence-xl", 6, Some((12, 3, 12)), &["fee", "domain-fee"]),
    ("licence-trial", 4, Some((12, 3, 12)), &["fee"]),
];

fn plans() -> Vec<Plan> {
    let made = PLANS.iter().map(|(name, rank, term, charges)| Plan {
        id: PlanId::parse(name).expect(name),
        title: text(name),
        rank: *rank,
        sold: *name != "old",
        free: *name == "free",
        trial_days: if matches!(*name, "starter" | "licence-trial") { 14 } else { 0 },
        sub_accounts: false,
        term: term.map(|(months, notice_months, renewal_months)| Term { months, notice_months, renewal_months }),
        lead_days: 3,
        includes: if *name == "enterprise" { vec![add_on("level-2")] } else { Vec::new() },
        limits: vec![("attendees".to_owned(), 50), ("parallel_events".to_owned(), u64::from(*rank))],
        charges: charges.iter().map(|id| ChargeId::parse(id).expect(id)).collect(),
        meters: vec![(MeterId::parse("processes").expect("a meter"), Mark::Charged)],
        pools: if charges.contains(&"processes") { vec![pool()] } else { Vec::new() },
        minimum_spend: None,
    });
    made.collect()
}

fn pool() -> Pool {
    Pool {
        id: PoolId::parse("minutes").expect("a pool"),
        title: text("minutes"),
        size: Decimal::TEN,
        reset: Reset::Month,
        sizes: vec![(add_on("more-minutes"), Decimal::ONE_HUNDRED)],
    }
}

fn add_ons() -> Vec<AddOn> {
    let response = || Some(Response { hours: 24, windows: vec![Window::parse("mon-fri 09:00-18:00").expect("hours")] });
    [
        ("level-2", &[][..], response()),
        ("level-3", &["level-2"], response()),
        ("domain", &[], None),
        ("parallel-events", &[], None),
        ("more-minutes", &[], None),
        ("base", &[], None),
        ("on-base", &["base"], response()),
    ]
    .into_iter()
    .map(|(name, requires, response)| AddOn {
        id: add_on(name),
        title: text(name),
        requires: requires.iter().map(|name| add_on(name)).collect(),
        trial_days: 0,
        response,
    })
    .collect()
}

fn promotions() -> Vec<Promotion> {
    let named = [
        ("WELCOME", None, None, None, &[][..]),
        ("LIMITED", None, None, Some(100), &[]),
        ("AUTUMN", Some("2026-09-01"), Some("2026-11-30"), None, &[]),
        ("FOR-PRO", None, None, None, &["pro"]),
    ];
    let many = (0..12).map(|number| (format!("CODE-{number}"), None, None, None, &[][..]));
    named
        .into_iter()
        .map(|(code, from, until, limit, plans)| (code.to_owned(), from, until, limit, plans))
        .chain(many)
        .map(|(code, from, until, limit, plans)| Promotion {
            code: PromotionCode::parse(&code).expect("a code"),
            text: text(&code),
            discount: Discount::Percent(Decimal::TEN),
            months: None,
            plans: plans.iter().map(|id| PlanId::parse(id).expect("a plan")).collect(),
            charges: Vec::new(),
            from: from.map(day),
            until: until.map(day),
            limit,
            source: PriceSource::Sample,
        })
        .collect()
}

fn catalogue(id: &str, version: &str, valid_from: Option<&str>) -> Arc<Catalogue> {
    let processes = MeterId::parse("processes").expect("a meter");
    let by_forecast = Model::Metered(Metered {
        meter: processes.clone(),
        shape: Shape::PerUnit(Decimal::ONE),
        per_event: false,
        waiver: None,
        minimum_quantity: None,
        forecast: true,
        pools: vec![pool().id],
        prorated: false,
    });
    let mut parts = CatalogueParts {
        id: id.to_owned(),
        version: version.to_owned(),
        currency: Currency::Eur,
        title: text(id),
        valid_from: valid_from.map(day),
        holidays: None,
        meters: vec![Meter {
            id: processes,
            title: text("processes"),
            unit: Unit::PIECE,
            kind: MeterKind::Counter,
            month: Aggregation::Sum,
            scale: 0,
        }],
        add_ons: add_ons(),
        charges: vec![
            charge("fee", None, fee(Every::Month)),
            charge("domain-fee", Some("domain"), fee(Every::Year)),
            charge("parallel-fee", Some("parallel-events"), fee(Every::Month)),
            charge("processes", None, by_forecast),
        ],
        plans: plans(),
        promotions: promotions(),
    };
    // A sound catalogue marks a meter as charged only where a charge prices it (G7).
    for plan in &mut parts.plans {
        let priced = plan.charges.iter().any(|id| id.as_str() == "processes");
        plan.meters.iter_mut().filter(|_| !priced).for_each(|(_, mark)| *mark = Mark::Ignored);
    }
    Arc::new(Catalogue::new(parts).expect("a sound catalogue"))
}

/// Two versions of one catalogue, and another one.
pub(crate) fn catalogues() -> Catalogues {
    let mut catalogues = Catalogues::default();
    catalogues.add(catalogue("shop", "1", None));
    catalogues.add(catalogue("shop", "2", Some("2027-01-01")));
    catalogues.add(catalogue("other", "1", None));
    catalogues
}

/// Reads what somebody does.
pub(crate) fn change(words: &[&str]) -> Change {
    let number = |text: &str| text.parse::<Decimal>().expect("a number");
    // `_` stands for a label without characters.
    let label = |index: usize| words.get(index).map(|label| label.replace('_', ""));
    match words[0] {
        "to" => Change::ChangePlan { to: plan(words[1]) },
        "withdraw" => Change::WithdrawPlanChange,
        "book" => Change::Book { add_on: add_on(words[1]), quantity: number(words[2]), label: label(3) },
        "give-up" => Change::GiveUp { add_on: add_on(words[1]), label: label(2) },
        "cancel" => Change::Cancel,
        "uncancel" => Change::WithdrawCancellation,
        "convert" => Change::Convert,
        "extend" => Change::ExtendTrial { until: day(words[1]) },
        "redeem" => Change::Redeem { code: PromotionCode::parse(words[1]).expect("a code") },
        "agree" => Change::Agree { charge: ChargeId::parse(words[1]).expect("a charge"), price: number(words[2]) },
        "commit" => Change::Commit { meter: MeterId::parse(words[1]).expect("a meter"), quantity: number(words[2]) },
        other => panic!("nobody can {other}"),
    }
}

/// Plays a script; only its last step may be refused.
pub(crate) fn play(script: &str) -> Result<Decision, Refusal> {
    let catalogues = catalogues();
    let mut now: Option<Subscription> = None;
    let mut last = None;
    for step in script.split("; ") {
        if let Some(Err(refusal)) = last {
            panic!("refused before “{step}” of “{script}”: {refusal:?}");
        }
        let words: Vec<&str> = step.split(' ').collect();
        let today = day(words[0]);
        let decision = match &now {
            // Sold in earlier times.
            None if words[1] == "hold" => Ok(Decision {
                after: Subscription::new(plan(words[2]), today),
                effective_on: today,
                warnings: Vec::new(),
                timers: Vec::new(),
            }),
            None => subscribe(&catalogues, &plan(words[2]), today),
            Some(before) => decide(&catalogues, before, &change(&words[1..]), today, 99),
        };
        now = decision.as_ref().ok().map(|decision| decision.after.clone());
        last = Some(decision);
    }
    last.expect("a script has steps")
}

/// What came of a script, as one line.
pub(crate) fn outcome(script: &str) -> String {
    let decision = match play(script) {
        Ok(decision) => decision,
        Err(refusal) => return format!("refused: {}", refusal.code()),
    };
    let after = &decision.after;
    let mut line = vec![format!("{}:", decision.effective_on)];
    line.extend(after.phases.iter().map(|phase| format!("{}@{}", phase.plan.plan, phase.from)));
    for booking in &after.bookings {
        let label = booking.label.as_ref().map_or(String::new(), |label| format!("({label})"));
        let until = booking.until.map_or(String::new(), |until| format!("..{until}"));
        line.push(format!("{}×{}{label}@{}{until}", booking.quantity, booking.add_on, booking.from));
    }
    for redemption in &after.redemptions {
        let void = redemption.void_from.map_or(String::new(), |from| format!("..void {from}"));
        line.push(format!("{}@{}{void}", redemption.code, redemption.on));
    }
    if let Some(trial) = after.trial {
        let converted = trial.converted_on.map_or(String::new(), |on| format!(" converted {on}"));
        line.push(format!("trial..{}{converted}", trial.until));
    }
    line.extend(after.ends_on.map(|last| format!("ends {last}")));
    line.extend(decision.warnings.iter().map(|warning| format!("!{}", warning.code())));
    line.join(" ")
}

/// Compares a table with what comes of it: three lines a row, the name, the script and what is expected.
pub(crate) fn check(table: &str, outcome: impl Fn(&str) -> String) {
    let lines: Vec<&str> = table.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(lines.len() >= 3 && lines.len().is_multiple_of(3), "three lines a row");
    let mut wrong = Vec::new();
    for row in lines.chunks_exact(3) {
        let (name, script, expected) = (row[0], row[1], row[2]);
        let got = outcome(script);
        if got != expected {
            wrong.push(format!("{name}\n  {script}\n  expected: {expected}\n  got:      {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
