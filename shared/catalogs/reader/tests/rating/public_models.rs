//! The charge models as Lago's public documentation explains them, with its own numbers (getlago.com/docs, charge
//! models "graduated", "volume", "package" and "percentage", read in November 2026). Stripe documents graduated,
//! volume and package (`transform_quantity`, rounded up) alike.

use crate::{Row, check};

const PUBLIC: &str = r#"
format = 1
id = "public"
version = "1"
currency = "EUR"
title = { de = "Wie dokumentiert", en = "As documented" }

[meters.calls]
title = { de = "Aufrufe", en = "Calls" }
unit = "call"

[meters.transfers]
title = { de = "Überweisungen", en = "Transfers" }
unit = "transaction"
kind = "transaction"

[charges.graduated]
text = { de = "Aufrufe", en = "Calls" }
rule = "Lago: graduated"
model = "graduated"
meter = "calls"
tiers = [{ up_to = 100, price = "1.00" }, { up_to = 200, price = "0.50" }, { price = "0.10" }]

[charges.volume]
text = { de = "Aufrufe", en = "Calls" }
rule = "Lago: volume"
model = "volume"
meter = "calls"
tiers = [
  { up_to = 10000, price = "0.0010", flat = "10.00" },
  { up_to = 50000, price = "0.0008", flat = "10.00" },
  { up_to = 100000, price = "0.0006", flat = "10.00" },
  { price = "0.0004", flat = "10.00" },
]

[charges.package]
text = { de = "Aufrufe", en = "Calls" }
rule = "Lago: package"
model = "package"
meter = "calls"
size = 100
price = "5.00"
pools = ["free"]

[charges.percentage]
text = { de = "Überweisungen", en = "Transfers" }
rule = "Lago: percentage"
model = "percentage"
meter = "transfers"
percent = "1.2"
fixed = "0.10"

[plans.graduated]
title = { de = "Gestuft", en = "Graduated" }
charges = ["graduated"]
meters = { calls = "charged", transfers = "ignored" }

[plans.volume]
title = { de = "Volumen", en = "Volume" }
charges = ["volume"]
meters = { calls = "charged", transfers = "ignored" }

[plans.package]
title = { de = "Paket", en = "Package" }
charges = ["package"]
meters = { calls = "charged", transfers = "ignored" }

[plans.package.pools.free]
title = { de = "Frei", en = "Free" }
size = 100

[plans.percentage]
title = { de = "Anteil", en = "Percentage" }
charges = ["percentage"]
meters = { calls = "ignored", transfers = "charged" }
"#;

#[test]
fn as_publicly_documented() {
    let row = |name, plan, usage, expected| Row { name, plan, month: "2026-11", usage, expected };
    let calls = |name, plan, usage, expected| row(name, plan, usage, expected);
    check(
        PUBLIC,
        &[
            calls(
                "graduated: 100 at 1.00, 100 at 0.50, 50 at 0.10",
                "graduated",
                r#"{"meters": {"calls": 250}}"#,
                "100.00 50.00 5.00",
            ),
            calls(
                "volume: 65,000 at 0.0006 and 10.00 are 49.00",
                "volume",
                r#"{"meters": {"calls": 65000}}"#,
                "39.00 10.00",
            ),
            calls(
                "package: 201 calls, 100 free, 5.00 per 100 are 10.00",
                "package",
                r#"{"meters": {"calls": 201}}"#,
                "10.00",
            ),
            row(
                "percentage: 1.2 % and 0.10 of each of 100.00 and 250.00: 1.30 and 3.10",
                "percentage",
                r#"{"meters": {"transfers": [{"date": "2026-11-02", "quantity": 100}, {"date": "2026-11-03", "quantity": 250}]}}"#,
                "4.40",
            ),
        ],
    );
}
