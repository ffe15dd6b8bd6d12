//! The stand-ins that the functions talk to, and what happened before a function starts.
//!
//! The functions have the clock of this machine, so everything here lies around the present moment. Nothing pumps the
//! stream or the queues unless a test says so: what is owed waits for the function under test.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::TimeDelta;
use domain::calendar::{Day, Instant};
use domain::catalog::PlanKey;
use domain::contact::Email;
use domain::event::{Answer, AnswerValue, Event, EventDraft};
use domain::ids::{AccountId, EventId, Slug};
use domain::language::Text;
use domain::registration::Registration;
use domain::subscription::Subscription;
use domain::usage::Counts;
use local::mailbox::MailSummary;
use local::seed;
use local::world::{Options, World};
use platform::clock::{Clock, machine_time};
use platform::table::counters::Counter;
use platform::table::events::Published;
use platform::table::keys::Key;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::template::Function;

/// Where the API of the recorded events is, and all links lead.
pub(crate) const ORIGIN: &str = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";
/// Who may see the account.
pub(crate) const ORGANISER: &str = "organiser@example.org";
/// Endpoints of the stand-ins.
const ENDPOINTS: [&str; 5] = ["DYNAMODB", "S3", "SQS", "SESV2", "SECRETS_MANAGER"];

/// Stand-ins with an operator, price lists and one account.
pub(crate) struct System {
    pub(crate) world: World,
    pub(crate) account: AccountId,
    folder: TempDir,
    client: reqwest::Client,
}

impl System {
    /// Starts them now.
    pub(crate) async fn start() -> Self {
        Self::start_ago(TimeDelta::zero()).await
    }

    /// Starts them some time ago, so that something has happened since.
    pub(crate) async fn start_ago(ago: TimeDelta) -> Self {
        Self::start_at(machine_time() - ago).await
    }

    pub(crate) async fn start_at(now: Instant) -> Self {
        let folder = TempDir::new().unwrap();
        let client = platform::aws::http_client().unwrap();
        let options = Options {
            folder: folder.path().to_owned(),
            port: 0,
            clock: Clock::stopped(now),
            http_clients: Arc::new(move |_| client.clone()),
        };
        let world = World::start(options).await.unwrap();
        let account = seed::account().unwrap();
        world.table.save_operator(&seed::operator().unwrap()).await.unwrap();
        seed::publish_price_lists(&world.table, now).await.unwrap();
        let subscription = Subscription::new(PlanKey::pay_per_attendee(), Day::parse("2020-01-01").unwrap());
        assert!(world.table.create_account(&account, &subscription, Day::of(now)).await.unwrap());
        world.table.allow(&Email::parse(ORGANISER).unwrap(), &account.id).await.unwrap();
        Self { world, account: account.id, folder, client: reqwest::Client::new() }
    }

    /// The variables of a function: all that the template sets, with the names of the stand-ins.
    pub(crate) fn variables(&self, function: &Function) -> BTreeMap<String, String> {
        let known = &self.world.environment.variables;
        let mut variables = BTreeMap::new();
        for (name, expression) in &function.variables {
            let value = match name.as_str() {
                "PUBLIC_ORIGIN" => ORIGIN.to_owned(),
                "SES_CONFIGURATION_SET" => "einlass".to_owned(),
                _ if !expression.is_empty() && !expression.starts_with('!') => expression.clone(),
                _ => known.optional(name).unwrap_or_else(|| panic!("{name} of the template means nothing here")),
            };
            variables.insert(name.clone(), value);
        }
        for service in ENDPOINTS {
            let name = format!("AWS_ENDPOINT_URL_{service}");
            variables.insert(name.clone(), known.optional(&name).unwrap());
        }
        variables
    }

    /// Publishes an event of three hours, for which people may register until it begins.
    pub(crate) async fn publish(&self, slug: &str, ends_at: Instant) -> Published {
        let answer = |key: &str, value| Answer { key: key.to_owned(), label: Text::new(key, key), value: Some(value) };
        let starts_at = ends_at - TimeDelta::hours(3);
        let draft = EventDraft {
            id: EventId::parse(&format!("evt_{slug}")).unwrap(),
            account: self.account.clone(),
            organiser: "Musterhaus".to_owned(),
            slug: Slug::parse(slug).unwrap(),
            title: Text::new(&format!("Fest {slug}"), &format!("Party {slug}")),
            description: Text::new("", ""),
            location: "Saal".to_owned(),
            starts_at,
            ends_at,
            closes_at: starts_at,
            capacity: Some(40),
            party_limit: 5,
            answers: vec![answer("yes", AnswerValue::Accepted), answer("no", AnswerValue::Declined)],
        };
        let event = Event::plan(draft, self.world.clock.now()).unwrap();
        let today = Day::of(self.world.clock.now());
        assert!(self.world.table.publish(&event, today, &"c".repeat(64)).await.unwrap());
        self.event(slug).await
    }

    /// An event that has yet to come.
    pub(crate) async fn fest(&self) -> Published {
        self.publish("fest", machine_time() + TimeDelta::days(10)).await
    }

    pub(crate) async fn event(&self, slug: &str) -> Published {
        let id = EventId::parse(&format!("evt_{slug}")).unwrap();
        self.world.table.event(&self.account, &id).await.unwrap()
    }

    /// Somebody registered, without any function under test.
    pub(crate) async fn registered(&self, slug: &str, email: &str, people: usize) {
        let address = format!("{}/api/v1/events/{slug}/registrations", self.world.origin);
        let reply = self.client.post(address).json(&registration(email, people)).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 201, "{}", reply.text().await.unwrap_or_default());
    }

    pub(crate) async fn registration(&self, published: &Published, email: &str) -> Registration {
        self.world.table.registration(published, &published.contact_hash(email)).await.unwrap()
    }

    pub(crate) async fn counter(&self, published: &Published) -> Counter {
        self.world.table.counter(&published.counter_key(0)).await.unwrap()
    }

    pub(crate) async fn totals(&self, published: &Published) -> Counts {
        self.counter(published).await.totals()
    }

    /// Keys of everything that owes a mail.
    pub(crate) async fn owing(&self) -> Vec<Key> {
        self.world.table.unsent(machine_time() + TimeDelta::days(1), 100).await.unwrap()
    }

    /// Puts an item into the table that no function can read.
    pub(crate) async fn put_unreadable(&self, key: &Key) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let put = self.world.environment.dynamodb().put_item().table_name("einlass");
        let put = put.item("pk", text(&key.pk)).item("sk", text(&key.sk)).item("notify", text("registered#1"));
        put.send().await.unwrap();
    }

    /// Bodies of the messages in a queue, in the order of sending.
    pub(crate) fn queue(&self, name: &str) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.folder.path().join("queue").join(name)) else { return Vec::new() };
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort_unstable();
        let body = |file| {
            let message: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
            message["body"].as_str().unwrap().to_owned()
        };
        files.into_iter().map(body).collect()
    }

    pub(crate) fn mails_to(&self, address: &str) -> Vec<MailSummary> {
        let mails = self.world.mailbox.list().unwrap().into_iter();
        mails.filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }

    /// The link in a mail, as a path.
    pub(crate) fn path_in(mail: &MailSummary) -> String {
        let text = mail.text.clone().unwrap_or_default();
        let start = text.find(ORIGIN).unwrap_or_else(|| panic!("no link in: {text}"));
        text[start + ORIGIN.len()..].split_whitespace().next().unwrap().to_owned()
    }
}

/// A registration as JSON.
pub(crate) fn registration(email: &str, people: usize) -> Value {
    let person = |index| json!({ "first_name": format!("Jörg{index}"), "last_name": "Groß" });
    json!({ "email": email, "answer": "yes", "attendees": (0..people).map(person).collect::<Vec<_>>() })
}
