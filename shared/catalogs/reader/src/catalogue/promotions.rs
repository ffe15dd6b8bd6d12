//! Promotion codes.

use domain::catalog::names::{ChargeId, PlanId, PromotionCode};
use domain::catalog::plan::{Discount, Promotion};
use domain::language::Text;
use rust_decimal::Decimal;

use crate::catalogue::charges::source;
use crate::cursor::{Cursor, Fields};

/// Keys of a promotion.
pub(crate) const PROMOTION_KEYS: [&str; 11] =
    ["text", "percent", "amount", "months", "plans", "charges", "from", "until", "limit", "rule", "sample"];
/// Most redemptions.
const REDEMPTIONS_LIMIT: u64 = 1_000_000_000;

/// Reads the promotions of a file. Codes are the same in any case.
pub(super) fn promotions(fields: &Fields<'_>) -> Vec<Promotion> {
    let mut promotions: Vec<Promotion> = Vec::new();
    for cursor in fields.section("promotions") {
        let Some(promotion) = promotion(&cursor) else { continue };
        if promotions.iter().any(|other| other.code == promotion.code) {
            cursor.refuse_key("this code is there already; small and capital letters are the same");
        } else {
            promotions.push(promotion);
        }
    }
    promotions
}

fn promotion(cursor: &Cursor<'_>) -> Option<Promotion> {
    let code = cursor.key_name(PromotionCode::parse);
    let fields = cursor.fields(&PROMOTION_KEYS)?;
    let text = fields.required("text", "what stands on the invoice").and_then(|text| text.bilingual());
    let promotion = Promotion {
        text: text.unwrap_or_else(|| Text::new("?", "?")),
        discount: discount(&fields),
        months: fields.read("months", Cursor::small),
        plans: fields.names("plans", PlanId::parse),
        charges: fields.names("charges", ChargeId::parse),
        from: fields.read("from", Cursor::day),
        until: fields.read("until", Cursor::day),
        limit: fields.read("limit", |it| it.whole(0..=REDEMPTIONS_LIMIT)),
        source: source(&fields),
        code: code?,
    };
    Some(promotion)
}

/// Exactly one of `percent` and `amount`.
fn discount(fields: &Fields<'_>) -> Discount {
    let percent = fields.read("percent", Cursor::decimal);
    let amount = fields.read("amount", Cursor::decimal);
    match (fields.get("percent"), fields.get("amount")) {
        (Some(_), Some(second)) => {
            second.refuse("a promotion takes off either `percent` or `amount`; remove one of them")
        }
        (None, None) if !fields.has("percent") && !fields.has("amount") => {
            fields.refuse_at("percent", "this key is missing: what is taken off; give it or `amount`");
        }
        _ => {}
    }
    amount.map_or_else(|| Discount::Percent(percent.unwrap_or(Decimal::TEN)), Discount::Amount)
}
