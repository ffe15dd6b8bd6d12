//! What the customers of the demo do from day to day, so that months that are let pass have something on their invoices.
//!
//! All of it comes through the same doors as in earnest: guests register and programs report usage over HTTP. What happens
//! on a day follows from the day alone, so every first start tells the same story. The demo's first account
//! is left to whoever tries the system out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveTime, TimeDelta, Weekday};
use domain::api_key::KeyOwner;
use domain::calendar::{Day, Instant, instant_of};
use domain::catalog::names::AddOnId;
use domain::event::{AnswerValue, Event, EventDraft};
use domain::ids::{AccountId, EventId, Slug};
use domain::language::{Language, Text};
use domain::subscription::change::Change;
use domain::subscription::decide;
use platform::entropy;
use platform::table::Table;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::seed::{CUSTOMERS, answer};
use crate::{Failure, files};

/// Most days that are made up for after the system was not running.
const CATCH_UP: usize = 40;
/// Customers, as they are seeded.
const LICENCE: &str = CUSTOMERS[0].0;
const HELPDESK: &str = CUSTOMERS[2].0;
const MODULES: &str = CUSTOMERS[3].0;
const SUPPORT: &str = CUSTOMERS[4].0;
/// Days after which the modules are bought: within the trial.
const BOUGHT_AFTER: i64 = 9;

/// The customers of the demo.
pub struct Demo {
    table: Table,
    origin: String,
    client: reqwest::Client,
    file: PathBuf,
}

/// What is kept between two starts.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// The last day that was played.
    played: Option<String>,
    /// Secrets of the API keys, by account.
    keys: BTreeMap<String, String>,
}

impl Demo {
    /// The customers of a world that keeps its things in a folder.
    ///
    /// # Errors
    /// A client that cannot be made.
    pub fn new(table: Table, origin: String, folder: &Path) -> Result<Self, Failure> {
        let client = reqwest::Client::builder().build()?;
        Ok(Self { table, origin, client, file: folder.join("demo.json") })
    }

    /// Plays what has not been played up to today.
    ///
    /// # Errors
    /// What was refused or could not be read or written; the next call plays the day again, and nothing counts twice.
    pub async fn play(&self, now: Instant) -> Result<(), Failure> {
        let today = Day::of(now);
        let mut kept = self.kept()?;
        let played = kept.played.as_deref().map(Day::parse).transpose()?;
        let mut day = played.map_or(today, Day::next);
        for _ in 0..CATCH_UP {
            if day > today {
                break;
            }
            self.play_day(day, now, &mut kept).await?;
            kept.played = Some(day.to_string());
            self.keep(&kept)?;
            day = day.next();
        }
        Ok(())
    }

    fn kept(&self) -> Result<Kept, Failure> {
        let bytes = files::read_if_present(&self.file)?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?.unwrap_or_default())
    }

    fn keep(&self, kept: &Kept) -> Result<(), Failure> {
        Ok(files::replace_private(&self.file, &serde_json::to_vec(kept)?)?)
    }

    async fn play_day(&self, day: Day, now: Instant, kept: &mut Kept) -> Result<(), Failure> {
        self.licence(day, now).await?;
        self.buy_modules(day, now).await?;
        for (account, records) in [(HELPDESK, helpdesk(day)), (MODULES, modules(day)), (SUPPORT, support(day))] {
            if !records.is_empty() {
                self.report(account, day, records, now, kept).await?;
            }
        }
        Ok(())
    }

    /// An event in each month, for which somebody registers on most days.
    async fn licence(&self, day: Day, now: Instant) -> Result<(), Failure> {
        let of_month = day.date().day();
        let month = day.month().to_string();
        let slug = format!("fachtag-{month}");
        if of_month == 3 {
            let event = expert_day(&slug, day, now)?;
            // Its id being taken means that it was published before.
            self.table.publish(&event, day, &entropy::hex::<32>()?).await?;
        }
        if !(4..=20).contains(&of_month) || of_month.is_multiple_of(4) {
            return Ok(());
        }
        let people = (of_month + day.date().month()) % 5 + 1;
        let person = |index: u32| json!({ "first_name": format!("Gast {}", index + 1), "last_name": "Musterfrau" });
        let body = json!({
            "email": format!("gast-{of_month}@beispiel.example"),
            "answer": if of_month.is_multiple_of(7) { "no" } else { "yes" },
            "attendees": (0..people).map(person).collect::<Vec<_>>(),
        });
        let address = format!("{}/api/v1/events/{slug}/registrations", self.origin);
        let reply = self.client.post(address).json(&body).send().await?;
        match reply.status().as_u16() {
            // An event of a month that had begun before the demo did was never published.
            200..=299 | 404 | 410 => Ok(()),
            status => Err(format!("a registration of the demo was refused: {status}").into()),
        }
    }

    /// The free start of the modules becomes a paid account, with two modules.
    async fn buy_modules(&self, day: Day, now: Instant) -> Result<(), Failure> {
        let account = AccountId::parse(MODULES)?;
        let subscribed = self.table.subscription(&account).await?;
        let begun = subscribed.subscription.phases.first().map_or(day, |phase| phase.from);
        if !subscribed.subscription.in_trial() || day.days_since(begun) < BOUGHT_AFTER {
            return Ok(());
        }
        let catalogues = self.table.catalogues_of(&subscribed.subscription).await?;
        let book = |add_on: &str| -> Result<Change, Failure> {
            Ok(Change::Book { add_on: AddOnId::parse(add_on)?, quantity: Decimal::ONE, label: None })
        };
        for change in [book("table-module")?, book("page-module")?, Change::Convert] {
            let before = self.table.subscription(&account).await?;
            // What was done before it was interrupted is refused now, which is as well.
            if let Ok(decision) = decide::decide(&catalogues, &before.subscription, &change, day, 0) {
                self.table.change_subscription(&account, &before, &decision, None, now).await?;
            }
        }
        Ok(())
    }

    /// Reports usage as the operator's own product would.
    async fn report(
        &self,
        account: &str,
        day: Day,
        records: Vec<Value>,
        now: Instant,
        kept: &mut Kept,
    ) -> Result<(), Failure> {
        if !kept.keys.contains_key(account) {
            let owner = KeyOwner::Account(AccountId::parse(account)?);
            let secret = self.table.create_api_key(&owner, &entropy::hex::<8>()?, "Demo", true, now).await?;
            kept.keys.insert(account.to_owned(), secret.ok_or("the id of the demo's API key is taken")?);
            self.keep(kept)?;
        }
        let named = |(index, mut record): (usize, Value)| {
            record["source"] = json!("demo");
            record["id"] = json!(format!("{day}-{index}"));
            record
        };
        let records: Vec<Value> = records.into_iter().enumerate().map(named).collect();
        let secret = kept.keys.get(account).map_or("", String::as_str);
        let request = self.client.post(format!("{}/api/v1/usage", self.origin)).bearer_auth(secret);
        let reply = request.json(&json!({ "records": records })).send().await?;
        let (status, said) = (reply.status().as_u16(), reply.text().await?);
        if status == 200 && !said.contains("\"invalid\":[") && !said.contains("\"result\":\"invalid\"") {
            return Ok(());
        }
        Err(format!("usage of the demo was refused: {status} {said}").into())
    }
}

/// More people answer enquiries as the year goes on.
fn helpdesk(day: Day) -> Vec<Value> {
    let date = day.date();
    if date.day() != 2 {
        return Vec::new();
    }
    vec![json!({ "meter": "named_licences", "quantity": 12 + date.month(), "time": at(day, 9, 0) })]
}

/// Pages are looked at every day, and new tables are made on Mondays.
fn modules(day: Day) -> Vec<Value> {
    let date = day.date();
    let views = 600 + 37 * date.day() + 120 * date.month();
    let mut records = vec![json!({ "meter": "pageviews", "quantity": views, "day": day.to_string() })];
    if date.weekday() == Weekday::Mon {
        records.push(json!({ "meter": "tables", "quantity": 10 + date.iso_week().week(), "time": at(day, 10, 0) }));
    }
    records
}

/// Somebody calls on Tuesdays, and in an emergency on the second Saturday of a month.
fn support(day: Day) -> Vec<Value> {
    let date = day.date();
    match (date.weekday(), date.day()) {
        (Weekday::Tue, of_month) => {
            vec![json!({ "meter": "phone", "quantity": 9 + of_month, "time": at(day, 10, 15) })]
        }
        (Weekday::Sat, 8..=14) => vec![json!({ "meter": "phone", "quantity": 12, "time": at(day, 11, 40) })],
        _ => Vec::new(),
    }
}

fn at(day: Day, hour: u32, minute: u32) -> String {
    time(day, hour, minute).to_rfc3339()
}

fn time(day: Day, hour: u32, minute: u32) -> Instant {
    instant_of(day.date().and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()))
}

/// The event of a month, on its 24th.
fn expert_day(slug: &str, day: Day, now: Instant) -> Result<Event, Failure> {
    let over = day.plus_days(21);
    let month = (Language::De.month(day.month()), Language::En.month(day.month()));
    let draft = EventDraft {
        id: EventId::parse(&format!("evt_{slug}"))?,
        account: AccountId::parse(LICENCE)?,
        organiser: "Kongressbüro Weser".to_owned(),
        slug: Slug::parse(slug)?,
        title: Text::new(&format!("Fachtag {}", month.0), &format!("Expert day {}", month.1)),
        description: Text::new("", ""),
        location: "Kongresshaus, Am Wall 3, 28195 Bremen".to_owned(),
        starts_at: time(over, 10, 0),
        ends_at: time(over, 17, 0),
        closes_at: time(over, 10, 0) - TimeDelta::hours(12),
        capacity: None,
        party_limit: 5,
        answers: vec![
            answer("yes", "Ich nehme teil", "I will attend", Some(AnswerValue::Accepted)),
            answer("no", "Ich kann leider nicht", "I cannot attend", Some(AnswerValue::Declined)),
        ],
    };
    Event::plan(draft, now).map_err(|problems| format!("{problems:?}").into())
}
