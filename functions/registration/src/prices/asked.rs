//! What has to be known to price a plan: exactly what its charges look at.

use domain::catalog::Catalogue;
use domain::catalog::charge::{Charge, Metered, Model, OneOff};
use domain::catalog::meter::Meter;
use domain::catalog::names::{AddOnId, MeterId};
use domain::catalog::plan::{AddOn, Plan, Pool, Reset};

/// Time entries that can be given of each channel.
pub(super) const CALLS: usize = 5;

/// Something that is asked for, with the charges that look at it.
#[derive(Clone, Debug)]
pub(super) struct Priced<'a, T> {
    pub(super) what: &'a T,
    pub(super) charges: Vec<&'a Charge>,
}

/// The counts of one event, for plans that charge event by event (A10).
#[derive(Clone, Debug, Default)]
pub(super) struct EventAsked<'a> {
    pub(super) charges: Vec<&'a Charge>,
    pub(super) accepted: bool,
    pub(super) declined: bool,
}

/// What one or more plans of a catalogue look at, in the order of the invoice.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked<'a> {
    /// Fees that need nothing.
    pub(super) fees: Vec<&'a Charge>,
    pub(super) event: Option<EventAsked<'a>>,
    pub(super) meters: Vec<Priced<'a, Meter>>,
    pub(super) forecasts: Vec<Priced<'a, Meter>>,
    pub(super) channels: Vec<Priced<'a, Meter>>,
    pub(super) payments: Vec<Priced<'a, Meter>>,
    pub(super) orders: Vec<(&'a Charge, &'a OneOff)>,
    pub(super) add_ons: Vec<Priced<'a, AddOn>>,
    /// Pools that are used once: what is left of them.
    pub(super) pools: Vec<&'a Pool>,
    /// Whether there are promotion codes.
    pub(super) promotions: bool,
}

impl<'a> Asked<'a> {
    /// What the plans of a month look at.
    pub(super) fn of(catalogue: &'a Catalogue, plans: &[&'a Plan]) -> Self {
        let mut asked = Self { promotions: !catalogue.parts().promotions.is_empty(), ..Self::default() };
        for plan in plans {
            for charge in catalogue.charges_of(plan) {
                asked.add(catalogue, plan, charge);
            }
            for pool in &plan.pools {
                for (add_on, _) in &pool.sizes {
                    asked.add_add_on(catalogue, plan, add_on, None);
                }
                if pool.reset == Reset::Once && !asked.pools.iter().any(|known| known.id == pool.id) {
                    asked.pools.push(pool);
                }
            }
        }
        asked
    }

    fn add(&mut self, catalogue: &'a Catalogue, plan: &Plan, charge: &'a Charge) {
        if let Some(add_on) = &charge.add_on {
            self.add_add_on(catalogue, plan, add_on, Some(charge));
        }
        let meter = |id: &MeterId| catalogue.meter(id);
        match &charge.model {
            Model::Flat(_) if charge.add_on.is_some() => {}
            Model::Flat(_) => push(&mut self.fees, charge, |known| known.id == charge.id),
            Model::OneOff(one_off) => {
                push(&mut self.orders, (charge, one_off), |(known, _)| known.id == charge.id);
            }
            Model::Metered(metered) if metered.per_event => self.add_event(charge, metered),
            Model::Metered(metered) => {
                add_meter(&mut self.meters, meter(&metered.meter), Some(charge));
                if let Some(waiver) = &metered.waiver {
                    add_meter(&mut self.meters, meter(&waiver.meter), None);
                }
                if metered.forecast {
                    add_meter(&mut self.forecasts, meter(&metered.meter), Some(charge));
                }
            }
            Model::Stepped(stepped) => add_meter(&mut self.meters, meter(&stepped.meter), Some(charge)),
            Model::Percentage(percentage) => add_meter(&mut self.payments, meter(&percentage.meter), Some(charge)),
            Model::Blocks(blocks) => add_meter(&mut self.channels, meter(&blocks.channel), Some(charge)),
        }
    }

    fn add_event(&mut self, charge: &'a Charge, metered: &Metered) {
        let event = self.event.get_or_insert_default();
        let waiver = metered.waiver.as_ref().map(|waiver| &waiver.meter);
        for looked_at in [&metered.meter].into_iter().chain(waiver) {
            event.accepted |= looked_at.as_str() == "accepted_attendees";
            event.declined |= looked_at.as_str() == "declined_attendees";
        }
        push(&mut event.charges, charge, |known| known.id == charge.id);
    }

    /// An add-on that is not part of the plan, after those it requires.
    fn add_add_on(&mut self, catalogue: &'a Catalogue, plan: &Plan, id: &AddOnId, charge: Option<&'a Charge>) {
        let Some(add_on) = catalogue.add_on(id).filter(|_| !plan.includes.contains(id)) else { return };
        if !self.add_ons.iter().any(|known| known.what.id == *id) {
            for required in &add_on.requires {
                self.add_add_on(catalogue, plan, required, None);
            }
            self.add_ons.push(Priced { what: add_on, charges: Vec::new() });
        }
        if let Some(charge) = charge
            && let Some(known) = self.add_ons.iter_mut().find(|known| known.what.id == *id)
        {
            push(&mut known.charges, charge, |known| known.id == charge.id);
        }
    }

    /// Names of all entries, in the order of the form.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.add_ons.iter().map(|add_on| names::add_on(add_on.what)).collect();
        if let Some(event) = &self.event {
            names.extend(event.accepted.then(|| names::ACCEPTED.to_owned()));
            names.extend(event.declined.then(|| names::DECLINED.to_owned()));
            names.push(names::RESPONSES.to_owned());
        }
        names.extend(self.meters.iter().map(|meter| names::meter(meter.what)));
        names.extend(self.forecasts.iter().map(|meter| names::forecast(meter.what)));
        for channel in &self.channels {
            names.extend((1..=CALLS).flat_map(|call| names::call(channel.what, call)));
        }
        names.extend(self.payments.iter().map(|meter| names::payments(meter.what)));
        for (charge, _) in &self.orders {
            names.extend(names::order(charge));
        }
        names.extend(self.pools.iter().map(|pool| names::pool(pool)));
        names.extend(self.promotions.then(|| names::CODE.to_owned()));
        names.extend([names::CHANGE_ON, names::CHANGE_TO].map(str::to_owned));
        names
    }
}

fn push<T>(list: &mut Vec<T>, item: T, same: impl Fn(&T) -> bool) {
    if !list.iter().any(same) {
        list.push(item);
    }
}

fn add_meter<'a>(list: &mut Vec<Priced<'a, Meter>>, meter: Option<&'a Meter>, charge: Option<&'a Charge>) {
    let Some(meter) = meter else { return };
    if !list.iter().any(|known| known.what.id == meter.id) {
        list.push(Priced { what: meter, charges: Vec::new() });
    }
    if let (Some(charge), Some(known)) = (charge, list.iter_mut().find(|known| known.what.id == meter.id)) {
        push(&mut known.charges, charge, |known| known.id == charge.id);
    }
}

/// Names of entries in addresses: a letter for the kind, then the name within the catalogue.
pub(super) mod names {
    use domain::catalog::charge::Charge;
    use domain::catalog::meter::Meter;
    use domain::catalog::plan::{AddOn, Pool};

    /// Accepted attendees of the event.
    pub(in crate::prices) const ACCEPTED: &str = "e.accepted";
    /// Declined attendees of the event.
    pub(in crate::prices) const DECLINED: &str = "e.declined";
    /// Responses to the event.
    pub(in crate::prices) const RESPONSES: &str = "e.responses";
    /// The promotion code.
    pub(in crate::prices) const CODE: &str = "code";
    /// The day of a change of plan.
    pub(in crate::prices) const CHANGE_ON: &str = "on";
    /// The plan that is changed to.
    pub(in crate::prices) const CHANGE_TO: &str = "to";
    /// What all names begin with that depend on the plan.
    pub(in crate::prices) const PREFIXES: [&str; 8] = ["a.", "e.", "m.", "f.", "t.", "p.", "o.", "r."];

    pub(in crate::prices) fn add_on(add_on: &AddOn) -> String {
        format!("a.{}", add_on.id)
    }

    pub(in crate::prices) fn meter(meter: &Meter) -> String {
        format!("m.{}", meter.id)
    }

    pub(in crate::prices) fn forecast(meter: &Meter) -> String {
        format!("f.{}", meter.id)
    }

    /// Start and minutes of a call.
    pub(in crate::prices) fn call(channel: &Meter, call: usize) -> [String; 2] {
        [format!("t.{}.{call}.start", channel.id), format!("t.{}.{call}.minutes", channel.id)]
    }

    pub(in crate::prices) fn payments(meter: &Meter) -> String {
        format!("p.{}", meter.id)
    }

    /// Quantity and price of an order.
    pub(in crate::prices) fn order(charge: &Charge) -> [String; 2] {
        [format!("o.{}", charge.id), format!("o.{}.price", charge.id)]
    }

    pub(in crate::prices) fn pool(pool: &Pool) -> String {
        format!("r.{}", pool.id)
    }
}
