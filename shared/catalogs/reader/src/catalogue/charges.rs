//! Charges: what they have in common.

use domain::catalog::charge::{Charge, Issuer, PriceSource, VatClass};
use domain::catalog::names::{AddOnId, ChargeId};
use domain::language::Text;

use crate::catalogue::meters;
use crate::catalogue::models::{Kind, MODELS, keys, model};
use crate::cursor::{Cursor, Fields};
use crate::words::listed;

/// Keys of every charge.
pub(crate) const COMMON: [&str; 8] = ["text", "rule", "sample", "vat", "issuer", "add_on", "unit", "model"];
/// Classes of VAT.
pub(crate) const VAT: [(&str, VatClass); 2] = [("standard", VatClass::Standard), ("reduced", VatClass::Reduced)];
/// In whose name a charge is invoiced.
pub(crate) const ISSUERS: [(&str, Issuer); 2] =
    [(Issuer::Operator.code(), Issuer::Operator), (Issuer::Partner.code(), Issuer::Partner)];
/// Most characters of a source.
pub(crate) const RULE_LIMIT: usize = 80;

/// Reads a charge. Without a model and its meter there is none, but what all have in common is judged.
pub(super) fn charge(cursor: &Cursor<'_>) -> Option<Charge> {
    let id = cursor.key_name(ChargeId::parse);
    let kind = kind(&cursor.open_fields()?);
    let fields = fields_of(cursor, kind)?;
    fields.required("model", &listed(MODELS.iter().map(|model| model.0)));
    let text = fields.required("text", "what stands on the invoice").and_then(|text| text.bilingual());
    let charge = (
        source(&fields),
        fields.read("vat", |it| it.word(&VAT)).unwrap_or(VatClass::Standard),
        fields.read("issuer", |it| it.word(&ISSUERS)).unwrap_or(Issuer::Operator),
        fields.read("add_on", |it| it.name(AddOnId::parse)),
        fields.read("unit", meters::unit),
    );
    let model = kind.and_then(|kind| model(kind, &fields))?;
    let (source, vat, issuer, add_on, unit) = charge;
    let text = text.unwrap_or_else(|| Text::new("?", "?"));
    Some(Charge { id: id?, text, source, vat, issuer, add_on, unit, model })
}

fn kind(fields: &Fields<'_>) -> Option<Kind> {
    fields.read("model", |model| model.word(&MODELS))
}

/// The fields of a charge of a model; of any model while its own is not known.
fn fields_of<'a>(cursor: &Cursor<'a>, kind: Option<Kind>) -> Option<Fields<'a>> {
    let with_common = |own: Vec<&'static str>| COMMON.into_iter().chain(own).collect::<Vec<_>>();
    let every = with_common(MODELS.iter().flat_map(|model| keys(model.1)).collect());
    let Some(kind) = kind else {
        return cursor.fields(&every);
    };
    let known = with_common(keys(kind));
    let word = MODELS.iter().find(|model| model.1 == kind).map_or("", |model| model.0);
    cursor.fields_or(&known, |key| {
        let elsewhere = every.contains(&key) && !known.contains(&key);
        elsewhere.then(|| format!("the model `{word}` does not have this key; its own are {}", listed(keys(kind))))
    })
}

/// Where a price comes from: exactly one of `rule` and `sample = true`.
pub(super) fn source(fields: &Fields<'_>) -> PriceSource {
    let rule = fields.read("rule", |rule| rule.line(RULE_LIMIT));
    if let Some(sample) = fields.get("sample") {
        if fields.get("rule").is_some() {
            sample.refuse("a price has either a `rule` or is a `sample`; remove one of them");
        } else if sample.flag() == Some(false) {
            sample.refuse("write sample = true, or give the `rule` the price comes from instead");
        }
    } else if !fields.has("rule") && !fields.has("sample") {
        fields
            .refuse_at("rule", "this key is missing: where the price comes from; write sample = true if it is made up");
    }
    rule.map_or(PriceSource::Sample, PriceSource::Rule)
}
