//! What a month costs, for people and scripts: the report that the command line, the calculator and the
//! interface give, all of it worked out by the engine that invoices (P5).

use std::fmt::Write;

use domain::calendar::{Instant, Month};
use domain::catalog::charge::Issuer;
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, Catalogues};
use domain::invoice::{Line, Totals};
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::rating::{HoldReason, RatedLine, Rating, count_events, explain, rate_month};
use domain::support::response::{ResponseState, promise, respond_by, state};
use domain::vat::{VatGroup, VatTreatment, treatment_in};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::usage::UsageFile;

/// The price of a month.
#[derive(Clone, Debug)]
pub struct Report {
    /// Catalogue version, `name@version`.
    pub catalogue: String,
    /// Plan that was asked for.
    pub plan: PlanId,
    /// The month.
    pub month: Month,
    /// Lines, holds and pools.
    pub rating: Rating,
    /// One per issuer that has lines, the operator first.
    pub invoices: Vec<(Issuer, Totals)>,
    /// Sums over all invoices.
    pub totals: Totals,
    tickets: Vec<TicketReport>,
}

#[derive(Clone, Debug)]
struct TicketReport {
    opened: Instant,
    respond_by: Option<Instant>,
    answered: Option<Instant>,
    state: &'static str,
}

/// Prices a month of what a usage file says. `now` decides whether an open ticket is overdue.
#[must_use]
pub fn price(
    catalogues: &Catalogues,
    catalogue: &Catalogue,
    plan: &PlanId,
    month: Month,
    file: &UsageFile,
    now: Instant,
) -> Report {
    let usage = count_events(catalogues, &file.subscription, &file.usage);
    let mut rating = rate_month(catalogues, &file.subscription, &usage, month);
    let at_home = file.small_business.then_some(VatTreatment::SmallBusiness);
    match treatment_in(&file.country, file.vat_id.as_deref()).map(|treatment| treatment.or(at_home)) {
        Ok(Some(treatment)) => rating.lines.iter_mut().for_each(|rated| rated.line.vat = treatment),
        Err(reason) if !rating.lines.is_empty() => rating.held.push(reason),
        Ok(None) | Err(_) => {}
    }
    let (invoices, totals) = totals(&mut rating, catalogue.parts().currency);
    let tickets = file.tickets.iter().map(|ticket| {
        let plan = catalogue.plan(plan.as_str());
        let promised = plan
            .and_then(|plan| promise(catalogue, plan, &file.subscription, domain::calendar::Day::of(ticket.opened)));
        let holidays = catalogue.parts().holidays;
        let due = promised.and_then(|response| {
            Some((response, respond_by(ticket.opened, response.hours, &response.windows, holidays)?))
        });
        // What a file says has been answered has been, whatever the clock says.
        let now = ticket.answered.map_or(now, |answered| now.max(answered));
        let state = match due {
            None => "no_promise",
            Some((response, due)) => {
                match state(ticket.opened, ticket.answered, due, now, &response.windows, holidays) {
                    ResponseState::Waiting { .. } => "waiting",
                    ResponseState::Answered => "answered",
                    ResponseState::Breached { .. } => "breached",
                }
            }
        };
        TicketReport { opened: ticket.opened, respond_by: due.map(|due| due.1), answered: ticket.answered, state }
    });
    let tickets = tickets.collect();
    Report { catalogue: catalogue.key().to_owned(), plan: plan.clone(), month, rating, invoices, totals, tickets }
}

/// Totals of each issuer's invoice and of all together. VAT is worked out on each invoice by itself (G2).
fn totals(rating: &mut Rating, currency: Currency) -> (Vec<(Issuer, Totals)>, Totals) {
    let zero = Money::zero(currency);
    let mut all = Totals { net: zero, vat: Vec::new(), gross: zero };
    let mut invoices = Vec::new();
    for issuer in [Issuer::Operator, Issuer::Partner] {
        let of_issuer = |rated: &&RatedLine| rated.line.issuer == issuer;
        let lines: Vec<Line> = rating.lines.iter().filter(of_issuer).map(|rated| rated.line.clone()).collect();
        if lines.is_empty() {
            continue;
        }
        match Totals::of(&lines, currency).and_then(|totals| Ok((add(&all, &totals)?, totals))) {
            Ok((sum, totals)) => {
                if totals.gross.amount() < Decimal::ZERO {
                    rating.held.push(HoldReason::BelowZero(totals.net));
                }
                all = sum;
                invoices.push((issuer, totals));
            }
            Err(error) => rating.held.push(HoldReason::Total(error)),
        }
    }
    (invoices, all)
}

fn add(a: &Totals, b: &Totals) -> Result<Totals, domain::money::MoneyError> {
    let mut vat = a.vat.clone();
    for group in &b.vat {
        match vat.iter_mut().find(|known| known.treatment == group.treatment) {
            Some(known) => {
                known.taxable = known.taxable.plus(group.taxable)?;
                known.vat = known.vat.plus(group.vat)?;
            }
            None => vat.push(*group),
        }
    }
    vat.sort_by_key(|group| group.treatment);
    Ok(Totals { net: a.net.plus(b.net)?, vat, gross: a.gross.plus(b.gross)? })
}

fn instant(instant: Instant) -> String {
    domain::calendar::local(instant).to_rfc3339()
}

fn vat_json(groups: &[VatGroup]) -> Value {
    let group = |group: &VatGroup| {
        json!({
            "category": group.treatment.category(),
            "percent": group.treatment.percent().to_string(),
            "taxable": group.taxable.plain(),
            "vat": group.vat.plain(),
        })
    };
    groups.iter().map(group).collect()
}

fn line_json(rated: &RatedLine, language: Language) -> Value {
    let line = &rated.line;
    let days = rated
        .days
        .iter()
        .map(|(day, quantity)| json!({ "day": day.to_string(), "quantity": quantity.normalize().to_string() }));
    json!({
        "text": { "de": line.text.de, "en": line.text.en },
        "quantity": line.quantity.to_string(),
        "unit": { "code": line.unit.code, "de": line.unit.de, "en": line.unit.en },
        "unit_price": plain(line.unit_price.amount()),
        "share": line.share.map(|share| json!({ "days": share.days, "of": share.of })),
        "net": line.net.plain(),
        "vat_percent": line.vat.percent().to_string(),
        "period": { "from": line.first_day.to_string(), "to": line.last_day.to_string() },
        "charged_on": line.charged_on.to_string(),
        "issuer": line.issuer.code(),
        "plan": line.provenance.plan.to_string(),
        "price_id": line.provenance.price,
        "rule": line.provenance.rule,
        "meter": line.provenance.meter,
        "event": line.provenance.event.as_ref().map(ToString::to_string),
        "usage_days": days.collect::<Value>(),
        "explanation": explain::steps(rated, language),
    })
}

/// A decimal with two places at least: `3.00`, `0.0125`.
fn plain(value: Decimal) -> String {
    let mut value = value.normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    value.to_string()
}

impl Report {
    /// The report as `POST /api/v1/prices` and `--json` give it; every amount is a string. Texts are in both
    /// languages, explanations in English.
    #[must_use]
    pub fn json(&self) -> Value {
        self.json_in(Language::En)
    }

    /// The report with explanations in a language.
    #[must_use]
    pub fn json_in(&self, language: Language) -> Value {
        let invoice = |(issuer, totals): &(Issuer, Totals)| {
            json!({
                "issuer": issuer.code(),
                "net": totals.net.plain(),
                "vat": vat_json(&totals.vat),
                "gross": totals.gross.plain(),
            })
        };
        let held = |reason: &HoldReason| json!({ "code": reason.code(), "message": reason.to_string() });
        let ticket = |ticket: &TicketReport| {
            json!({
                "opened": instant(ticket.opened),
                "respond_by": ticket.respond_by.map(instant),
                "answered": ticket.answered.map(instant),
                "state": ticket.state,
            })
        };
        let pools = self.rating.pools.iter().map(|pool| {
            json!({
                "pool": pool.pool.to_string(),
                "available": pool.available.normalize().to_string(),
                "used": pool.used.normalize().to_string(),
                "left": (pool.available - pool.used).normalize().to_string(),
            })
        });
        json!({
            "catalogue": self.catalogue,
            "plan": self.plan.to_string(),
            "month": self.month.to_string(),
            "currency": self.totals.net.currency().code(),
            "lines": self.rating.lines.iter().map(|line| line_json(line, language)).collect::<Value>(),
            "net": self.totals.net.plain(),
            "vat": vat_json(&self.totals.vat),
            "gross": self.totals.gross.plain(),
            "invoices": self.invoices.iter().map(invoice).collect::<Value>(),
            "held": self.rating.held.iter().map(held).collect::<Value>(),
            "pools": pools.collect::<Value>(),
            "tickets": self.tickets.iter().map(ticket).collect::<Value>(),
        })
    }

    /// The report as a person reads it at the terminal; with every step if `explained`.
    #[must_use]
    pub fn text(&self, language: Language, explained: bool) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{}/{}, {}\n", self.catalogue, self.plan, language.month(self.month));
        self.held(language, &mut text);
        let width = self.rating.lines.iter().map(|rated| rated.line.text.get(language).chars().count()).max();
        let width = width.unwrap_or_default().max(20);
        for rated in &self.rating.lines {
            let line = &rated.line;
            let _ = writeln!(text, "{:<width$}  {:>14}", line.text.get(language), language.money(line.net));
            if explained {
                for step in explain::steps(rated, language) {
                    let _ = writeln!(text, "    {step}");
                }
                let period = language.pick("Leistung", "service");
                let _ = writeln!(
                    text,
                    "    {period} {} – {} · {} {} · {} {}\n",
                    language.short_date(line.first_day),
                    language.short_date(line.last_day),
                    language.pick("Preis", "price"),
                    line.provenance.price,
                    language.pick("Regel", "rule"),
                    line.provenance.rule
                );
            }
        }
        if self.rating.lines.is_empty() {
            let _ = writeln!(text, "{}", language.pick("Nichts zu berechnen.", "Nothing is charged."));
        }
        let mut sum = |label: String, amount: Money| {
            let _ = writeln!(text, "{label:<width$}  {:>14}", language.money(amount));
        };
        sum(language.pick("Netto", "Net").to_owned(), self.totals.net);
        for group in &self.totals.vat {
            let taxable = language.money(group.taxable);
            let rate = language.number(group.treatment.percent());
            let label = match group.treatment.exemption_text(language) {
                Some(text) => text.to_owned(),
                None => language.pick(format!("USt {rate} % auf {taxable}"), format!("VAT {rate} % on {taxable}")),
            };
            sum(label, group.vat);
        }
        sum(language.pick("Gesamt", "Total").to_owned(), self.totals.gross);
        self.notes(language, &mut text);
        text
    }

    fn notes(&self, language: Language, text: &mut String) {
        if self.invoices.iter().any(|(issuer, _)| *issuer == Issuer::Partner) {
            for (issuer, totals) in &self.invoices {
                let name = match issuer {
                    Issuer::Operator => language.pick("Rechnung des Betreibers", "operator's invoice"),
                    Issuer::Partner => language.pick("Rechnung des Partners", "partner's invoice"),
                };
                let _ = writeln!(text, "  {name}: {}", language.money(totals.gross));
            }
        }
        if !self.rating.pools.is_empty() {
            let _ = writeln!(text, "\n{}", language.pick("Freikontingente", "Allowance pools"));
        }
        for pool in &self.rating.pools {
            let (used, available) = (language.number(pool.used), language.number(pool.available));
            let _ = writeln!(
                text,
                "  {}: {}",
                pool.pool,
                language.pick(format!("{used} von {available} genutzt"), format!("{used} of {available} used"))
            );
        }
        if !self.tickets.is_empty() {
            let _ = writeln!(text, "\n{}", language.pick("Anfragen", "Enquiries"));
        }
        for ticket in &self.tickets {
            let due = ticket.respond_by.map_or_else(|| "–".to_owned(), |due| language.date_time(due));
            let opened = language.date_time(ticket.opened);
            let _ = writeln!(
                text,
                "  {}",
                language.pick(
                    format!("Anfrage vom {opened}: Antwort bis {due} ({})", ticket.state),
                    format!("enquiry of {opened}: respond by {due} ({})", ticket.state)
                )
            );
        }
    }

    /// What is held stands first: the amounts below it are not invoiced as they are.
    fn held(&self, language: Language, text: &mut String) {
        if self.rating.held.is_empty() {
            return;
        }
        let head = language.pick(
            "Zurückgehalten: Es wird keine Rechnung gestellt, bis Folgendes geklärt ist.",
            "Held: no invoice is issued until this is settled.",
        );
        let _ = writeln!(text, "{head}");
        for reason in &self.rating.held {
            let _ = writeln!(text, "  {reason}");
        }
        let _ = writeln!(text);
    }
}
