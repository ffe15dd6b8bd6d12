use std::collections::BTreeMap;

use domain::catalog::meter::Unit;
use domain::support::holidays::Region;

use crate::catalogue::{CURRENCIES, KEYS, add_ons, charges, meters, models, plans, promotions};
use crate::tests::{allowed, assert_same};
use crate::values::TEXT_KEYS;

fn first<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|word| word.0).collect()
}

#[test]
fn schema_and_reader_know_the_same_keys() {
    let mut expected: BTreeMap<String, Vec<&str>> = BTreeMap::from([(String::new(), KEYS.to_vec())]);
    for (table, keys) in [
        ("text", &TEXT_KEYS[..]),
        ("meter", &meters::METER_KEYS),
        ("own_unit", &meters::UNIT_KEYS),
        ("add_on", &add_ons::ADD_ON_KEYS),
        ("response", &add_ons::RESPONSE_KEYS),
        ("waiver", &models::WAIVER_KEYS),
        ("tier", &models::TIER_KEYS),
        ("first", &models::FIRST_KEYS),
        ("plan", &plans::PLAN_KEYS),
        ("term", &plans::TERM_KEYS),
        ("pool", &plans::POOL_KEYS),
        ("minimum_spend", &plans::MINIMUM_KEYS),
        ("promotion", &promotions::PROMOTION_KEYS),
    ] {
        expected.insert(format!("/$defs/{table}"), keys.to_vec());
    }
    for (word, kind) in models::MODELS {
        let keys = charges::COMMON.into_iter().chain(models::keys(kind)).collect();
        expected.insert(format!("/$defs/{word}"), keys);
    }
    assert_same(&allowed(crate::schema_catalogue()).keys, expected);
}

#[test]
fn schema_and_reader_know_the_same_words() {
    let regions: Vec<&str> = Region::ALL.iter().map(|region| region.code()).collect();
    let units: Vec<&str> = Unit::words().collect();
    let mut expected = BTreeMap::new();
    for (place, words) in [
        ("/properties/currency", first(&CURRENCIES)),
        ("/properties/holidays", regions),
        ("/$defs/unit/anyOf/0", units),
        ("/$defs/meter/properties/kind", first(&meters::KINDS)),
        ("/$defs/meter/properties/month", first(&meters::MONTHS)),
        ("/$defs/flat/properties/every", first(&models::EVERY)),
        ("/$defs/flat/properties/billed", first(&models::BILLED)),
        ("/$defs/stepped/properties/accumulates", first(&models::ACCUMULATES)),
        ("/$defs/plan/properties/meters/additionalProperties", first(&plans::MARKS)),
        ("/$defs/pool/properties/reset", first(&plans::RESETS)),
    ] {
        expected.insert(place.to_owned(), words);
    }
    for (model, _) in models::MODELS {
        expected.insert(format!("/$defs/{model}/properties/vat"), first(&charges::VAT));
        expected.insert(format!("/$defs/{model}/properties/issuer"), first(&charges::ISSUERS));
    }
    assert_same(&allowed(crate::schema_catalogue()).words, expected);
}

#[test]
fn the_schema_offers_every_model() {
    let schema = crate::schema_catalogue();
    for (model, _) in models::MODELS {
        assert!(schema.contains(&format!("\"$ref\": \"#/$defs/{model}\"")), "{model}");
        assert!(schema.contains(&format!("\"const\": \"{model}\"")), "{model}");
    }
    assert!(schema.contains(&format!("\"const\": \"{}\"", models::ON_REQUEST)));
    assert!(schema.contains("\"const\": 1"), "the format");
}
