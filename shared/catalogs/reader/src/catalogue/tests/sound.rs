use domain::calendar::Day;
use domain::catalog::charge::{Billed, Model, PriceSource, Shape};
use domain::catalog::meter::{Aggregation, MeterKind};
use domain::catalog::plan::{Discount, Reset};
use domain::catalog::tiers::Price;
use domain::catalog::{Catalogue, CatalogueParts};
use rust_decimal::Decimal;

use super::SOUND;
use crate::catalogue::models::MODELS;
use crate::render;

fn sound(text: &str) -> Catalogue {
    super::super::read_catalogue(text).unwrap_or_else(|mistakes| panic!("{}", render("sound.toml", &mistakes)))
}

fn model<'a>(parts: &'a CatalogueParts, id: &str) -> &'a Model {
    &parts.charges.iter().find(|charge| charge.id.as_str() == id).expect(id).model
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

#[test]
fn a_sound_file_of_every_model_is_read() {
    let catalogue = sound(SOUND);
    let parts = catalogue.parts();
    assert_eq!(catalogue.key(), "everything@2026-01");
    assert_eq!(parts.valid_from, Day::parse("2026-01-01").ok());
    assert_eq!(parts.holidays.map(|region| region.code()), Some("DE-BW"));
    for (word, _) in MODELS {
        assert!(parts.charges.iter().any(|charge| charge.model.code() == word), "{word}");
    }
}

#[test]
fn the_order_is_that_of_the_file() {
    let catalogue = sound(SOUND);
    let parts = catalogue.parts();
    let meters: Vec<&str> = parts.meters.iter().map(|meter| meter.id.as_str()).collect();
    assert_eq!(meters, ["accepted_attendees", "responses", "processes", "storage", "users", "phone", "payments"]);
    let charges: Vec<&str> = parts.charges.iter().map(|charge| charge.id.as_str()).take(4).collect();
    assert_eq!(charges, ["fee", "level-2-fee", "setup", "per-attendee"]);
    let ranks: Vec<u32> = parts.plans.iter().map(|plan| plan.rank).collect();
    assert_eq!(ranks, [1, 7], "the place in the file is the rank, unless given");
    let pools: Vec<&str> = parts.plans.iter().flat_map(|plan| &plan.pools).map(|pool| pool.id.as_str()).collect();
    assert_eq!(pools, ["free-minutes", "credit"]);
}

#[test]
fn what_is_not_written_has_its_default() {
    let catalogue = sound(SOUND);
    let parts = catalogue.parts();
    let months: Vec<Aggregation> = parts.meters.iter().map(|meter| meter.month).collect();
    assert_eq!((months[0], months[5], months[6]), (Aggregation::Sum, Aggregation::Sum, Aggregation::Sum));
    assert_eq!((months[3], parts.meters[3].scale), (Aggregation::Mean, 3));
    assert_eq!(parts.meters[0].kind, MeterKind::Counter);
    let gauge = sound(&SOUND.replace("month = \"mean\"\nscale = 3\n", ""));
    assert_eq!(gauge.parts().meters[3].month, Aggregation::Max);
    let (first, second) = (&parts.plans[0], &parts.plans[1]);
    assert_eq!((first.lead_days, first.trial_days, first.sold, first.free), (5, 14, true, false));
    assert_eq!((second.lead_days, second.trial_days, second.sub_accounts), (3, 0, true));
    let Model::Flat(flat) = model(parts, "level-2-fee") else { panic!("a flat fee") };
    assert_eq!((flat.billed, flat.prorated, flat.price), (Billed::Arrears, false, Price::Amount(decimal("39.00"))));
    assert_eq!((first.pools[0].reset, first.pools[1].reset), (Reset::Month, Reset::Once));
}

#[test]
fn decimals_are_exact_however_they_are_written_g1() {
    for (name, written, expected) in [
        ("text", "\"0.125\"", "0.125"),
        ("number", "0.125", "0.125"),
        ("a number that no float holds", "0.12345678", "0.12345678"),
        ("eight places", "\"0.00000001\"", "0.00000001"),
        ("underscores", "1_000.5", "1000.5"),
        ("a plus sign", "+3", "3"),
        ("a number of twelve digits", "999999999999", "999999999999"),
        ("zero", "0", "0"),
    ] {
        let text = SOUND.replace("price = \"0.125\"", &format!("price = {written}"));
        let catalogue = sound(&text);
        let Model::Metered(metered) = model(catalogue.parts(), "storage") else { panic!("metered") };
        let Shape::Graduated(tiers) = &metered.shape else { panic!("graduated") };
        assert_eq!(tiers.all()[1].price, Price::Amount(decimal(expected)), "{name}");
    }
}

#[test]
fn sources_and_discounts_are_one_of_two() {
    let catalogue = sound(SOUND);
    let parts = catalogue.parts();
    assert_eq!(parts.charges[0].source, PriceSource::Rule("price list 2026".to_owned()));
    assert_eq!(parts.charges[4].source, PriceSource::Sample);
    assert_eq!(parts.promotions[0].discount, Discount::Percent(Decimal::TEN));
    assert_eq!(parts.promotions[1].discount, Discount::Amount(decimal("5.00")));
    assert_eq!(parts.promotions[1].code.as_str(), "FIVE-OFF");
}

#[test]
fn line_ends_and_the_mark_in_front_do_not_matter() {
    let catalogue = sound(SOUND);
    assert_eq!(sound(&SOUND.replace('\n', "\r\n")), catalogue);
    assert_eq!(sound(&format!("\u{feff}{SOUND}")), catalogue);
}
