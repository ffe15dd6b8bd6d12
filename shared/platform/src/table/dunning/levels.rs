//! The levels as they are stored.

use domain::calendar::Day;
use domain::dunning::{BaseRate, DunningLevel, DunningTable};
use domain::language::Text;
use domain::money::{Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ITEM;
use crate::error::Error;
use crate::table::stored::{StoredText, valid};
use crate::table::write::Write;
use crate::table::{Table, encode, keys};

#[derive(Debug, Serialize, Deserialize)]
struct StoredTable {
    levels: Vec<StoredLevel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base_rate: Option<(String, String)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredLevel {
    after_days: u64,
    pay_within_days: u64,
    fee_cents: i64,
    title: StoredText,
    text: StoredText,
    interest_note: bool,
}

impl StoredTable {
    fn new(table: &DunningTable) -> Self {
        let level = |level: &DunningLevel| StoredLevel {
            after_days: level.after_days,
            pay_within_days: level.pay_within_days,
            fee_cents: level.fee.cents(),
            title: (&level.title).into(),
            text: (&level.text).into(),
            interest_note: level.interest_note,
        };
        let rate = |rate: BaseRate| (rate.percent.to_string(), rate.since.to_string());
        Self { levels: table.levels.iter().map(level).collect(), base_rate: table.base_rate.map(rate) }
    }

    fn read(self) -> Result<DunningTable, Error> {
        let level = |level: StoredLevel| {
            Ok(DunningLevel {
                after_days: level.after_days,
                pay_within_days: level.pay_within_days,
                fee: valid(Money::from_cents(level.fee_cents, Currency::Eur), ITEM)?,
                title: Text::from(level.title),
                text: Text::from(level.text),
                interest_note: level.interest_note,
            })
        };
        let rate = |(percent, since): (String, String)| {
            let percent = valid(percent.parse::<Decimal>(), ITEM)?;
            Ok::<_, Error>(BaseRate { percent, since: valid(Day::parse(&since), ITEM)? })
        };
        Ok(DunningTable {
            levels: self.levels.into_iter().map(level).collect::<Result<_, Error>>()?,
            base_rate: self.base_rate.map(rate).transpose()?,
        })
    }
}

impl Table {
    /// The operator's levels; `None` until it has set them, and nobody is reminded.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn dunning_table(&self) -> Result<Option<DunningTable>, Error> {
        let stored: Option<StoredTable> = self.read(&keys::dunning_table(), ITEM).await?;
        stored.map(StoredTable::read).transpose()
    }

    /// Writes them.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn save_dunning_table(&self, table: &DunningTable) -> Result<(), Error> {
        let key = keys::dunning_table();
        let item = encode(&key, &StoredTable::new(table))?;
        self.commit_one(Write::put(key, item)).await.map(|_| ())
    }
}
