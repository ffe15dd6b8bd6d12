//! Prices of a catalogue as a person reads them.

use domain::catalog::Catalogue;
use domain::catalog::charge::{Blocks, Charge, Every, Flat, Metered, Model, OneOff, Percentage, Shape, Stepped};
use domain::catalog::names::{AddOnId, PoolId};
use domain::catalog::plan::{Plan, Term};
use domain::catalog::tiers::{Price, Tiers};
use domain::language::Language;
use domain::money::UnitPrice;
use rust_decimal::Decimal;

mod details;

pub(crate) use details::{details, window};

/// Puts the prices of one catalogue into words.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) language: Language,
}

impl Words<'_> {
    /// An amount with all its decimals.
    pub(crate) fn amount(self, value: Decimal) -> String {
        self.language.unit_price(UnitPrice::new(value, self.catalogue.parts().currency))
    }

    /// A price, also one that has to be agreed.
    pub(crate) fn price(self, price: Price) -> String {
        match price {
            Price::Amount(amount) => self.amount(amount),
            Price::OnRequest => self.language.pick("nach Vereinbarung", "by agreement").to_owned(),
        }
    }

    /// The price of a charge in a few words.
    pub(crate) fn headline(self, charge: &Charge) -> String {
        match &charge.model {
            Model::Flat(flat) => self.flat(flat),
            Model::OneOff(one_off) => self.one_off(charge, one_off),
            Model::Metered(metered) => self.metered(charge, metered),
            Model::Stepped(stepped) => self.stepped(stepped),
            Model::Percentage(percentage) => self.percentage(percentage),
            Model::Blocks(blocks) => self.blocks(blocks),
        }
    }

    /// The tiers of a charge, if it has any.
    pub(crate) const fn tiers(charge: &Charge) -> Option<&Tiers> {
        match &charge.model {
            Model::Metered(Metered { shape: Shape::Graduated(tiers) | Shape::Volume(tiers), .. })
            | Model::Stepped(Stepped { tiers, .. }) => Some(tiers),
            _ => None,
        }
    }

    /// What a plan costs by itself: each price without those of add-ons and of single orders.
    pub(crate) fn plan(self, plan: &Plan) -> Vec<String> {
        let charges = || self.catalogue.charges_of(plan);
        let basic = |charge: &&Charge| charge.add_on.is_none() && !matches!(charge.model, Model::OneOff(_));
        let mut prices: Vec<String> = charges().filter(basic).map(|charge| self.named(charge)).collect();
        if plan.free {
            prices.insert(0, self.language.pick("kostenlos", "free of charge").to_owned());
        } else if prices.is_empty() && charges().any(|charge| charge.add_on.is_some()) {
            prices.push(
                self.language.pick("Preis nach gebuchten Zusatzleistungen", "price by the add-ons booked").to_owned(),
            );
        }
        if let Some(minimum) = &plan.minimum_spend {
            let amount = self.amount(minimum.amount);
            prices.push(
                self.language
                    .pick(format!("Mindestumsatz: {amount} im Monat"), format!("Minimum spend: {amount} a month")),
            );
        }
        prices
    }

    /// What an add-on costs within a plan.
    pub(crate) fn add_on(self, plan: &Plan, add_on: &AddOnId) -> Vec<String> {
        let of_it = |charge: &&Charge| charge.add_on.as_ref() == Some(add_on);
        self.catalogue.charges_of(plan).filter(of_it).map(|charge| self.named(charge)).collect()
    }

    /// The price of a charge with its text. A fee needs none: it is what the plan or add-on costs; and a text that
    /// ends by saying what the price is for, as in `Seitenaufrufe, je angefangene 10.000`, says it for the price.
    fn named(self, charge: &Charge) -> String {
        let text = charge.text.get(self.language);
        let says_for_what = text.contains(self.language.pick(", je ", ", per "));
        match &charge.model {
            Model::Flat(_) => self.headline(charge),
            Model::Blocks(Blocks { price, first: None, .. })
            | Model::Metered(Metered { shape: Shape::PerUnit(price) | Shape::Package { price, .. }, .. })
                if says_for_what =>
            {
                format!("{text}: {}", self.amount(*price))
            }
            _ => format!("{text}: {}", self.headline(charge)),
        }
    }

    /// How long a plan binds.
    pub(crate) fn term(self, term: Option<Term>) -> String {
        let Some(Term { months, notice_months, renewal_months }) = term else {
            let any_month = self.language.pick(
                "monatlich kündbar, ohne Mindestlaufzeit",
                "no minimum term, can be cancelled to the end of any month",
            );
            return any_month.to_owned();
        };
        let renewal = match renewal_months {
            0 => self.language.pick("danach monatlich kündbar", "then month by month").to_owned(),
            more => {
                self.language.pick(format!("verlängert sich um {more} Monate"), format!("renewed by {more} months"))
            }
        };
        self.language.pick(
            format!("Laufzeit {months} Monate, Kündigungsfrist {notice_months} Monate, {renewal}"),
            format!("term of {months} months, {notice_months} months' notice, {renewal}"),
        )
    }

    /// Title of a pool, from the first plan that has it.
    pub(crate) fn pool(self, id: &PoolId) -> String {
        let pool = self.catalogue.parts().plans.iter().find_map(|plan| plan.pool(id));
        pool.map_or_else(|| id.to_string(), |pool| pool.title.get(self.language).to_owned())
    }

    /// What is counted in: the charge's own unit, or that of its meter.
    pub(crate) fn unit(self, charge: &Charge) -> Option<String> {
        let of_meter = || self.catalogue.meter(charge.model.meter()?).map(|meter| &meter.unit);
        let unit = charge.unit.as_ref().or_else(of_meter)?;
        Some(self.language.pick(&unit.de, &unit.en).to_string())
    }

    /// ` (Teilnehmer)`.
    fn in_units(self, charge: &Charge) -> String {
        self.unit(charge).map(|unit| format!(" ({unit})")).unwrap_or_default()
    }

    fn flat(self, flat: &Flat) -> String {
        let every = match flat.every {
            Every::Month => self.language.pick("im Monat", "a month"),
            Every::Year => self.language.pick("im Jahr", "a year"),
        };
        format!("{} {every}", self.price(flat.price))
    }

    fn one_off(self, charge: &Charge, one_off: &OneOff) -> String {
        let from = if one_off.from { self.language.pick("ab ", "from ") } else { "" };
        let once = match &charge.unit {
            None => self.language.pick(" einmalig", " once").to_owned(),
            Some(_) => self.in_units(charge),
        };
        format!("{from}{}{once}", self.price(one_off.price))
    }

    fn metered(self, charge: &Charge, metered: &Metered) -> String {
        let units = self.in_units(charge);
        let language = self.language;
        match &metered.shape {
            Shape::PerUnit(price) => {
                let price = self.amount(*price);
                language.pick(format!("je {price}"), format!("{price} each"))
            }
            Shape::Package { size, price } => {
                let (price, size) = (self.amount(*price), language.number(*size));
                let unit = self.unit(charge).unwrap_or_default();
                language
                    .pick(format!("{price} je angefangene {size} {unit}"), format!("{price} per started {size} {unit}"))
            }
            Shape::Graduated(_) => {
                format!("{}{units}", language.pick("Staffelpreise", "prices by tier"))
            }
            Shape::Volume(_) => {
                format!("{}{units}", language.pick("Mengenpreise", "prices by volume"))
            }
        }
    }

    fn stepped(self, stepped: &Stepped) -> String {
        let first = stepped.tiers.all().first().map_or(Price::OnRequest, |tier| tier.price);
        let price = self.price(first);
        self.language.pick(format!("ab {price} im Monat, nach Menge"), format!("from {price} a month, by quantity"))
    }

    fn percentage(self, percentage: &Percentage) -> String {
        let percent = self.language.number(percentage.percent);
        let mut text = self.language.pick(format!("{percent} % je Zahlung"), format!("{percent} % of each payment"));
        if !percentage.fixed.is_zero() {
            text.push_str(&format!(" + {}", self.amount(percentage.fixed)));
        }
        if let Some(minimum) = percentage.minimum {
            text.push_str(&format!(", {} {}", self.language.pick("mindestens", "at least"), self.amount(minimum)));
        }
        if let Some(maximum) = percentage.maximum {
            text.push_str(&format!(", {} {}", self.language.pick("höchstens", "at most"), self.amount(maximum)));
        }
        text
    }

    fn blocks(self, blocks: &Blocks) -> String {
        let price = self.amount(blocks.price);
        let minutes = self.language.number(blocks.block);
        let each = if blocks.block == Decimal::ONE {
            self.language.pick(format!("{price} je angefangene Minute"), format!("{price} per started minute"))
        } else {
            self.language.pick(
                format!("{price} je angefangene {minutes} Minuten"),
                format!("{price} per started {minutes} minutes"),
            )
        };
        let Some(first) = blocks.first else { return each };
        let (price, minutes) = (self.amount(first.price), self.language.number(first.minutes));
        self.language.pick(
            format!("{price} für die ersten {minutes} Minuten, dann {each}"),
            format!("{price} for the first {minutes} minutes, then {each}"),
        )
    }
}
