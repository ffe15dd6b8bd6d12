//! A world for a test, and what people and machines do in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use domain::account::Account;
use domain::calendar::{Day, Instant};
use domain::catalog::PlanKey;
use domain::event::{Answer, AnswerValue, Event, EventDraft};
use domain::ids::{AccountId, EventId, Slug};
use domain::language::Text;
use domain::subscription::Subscription;
use local::mailbox::MailSummary;
use local::seed;
use local::world::{Options, World};
use platform::clock::Clock;
use platform::table::invoices::Standing;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::watch::Watch;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap_or_else(|_| panic!("not a time: {text}"))
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A running system with an operator and one account, and no events.
pub(crate) struct TestWorld {
    pub(crate) world: World,
    pub(crate) watch: Watch,
    pub(crate) account: AccountId,
    client: reqwest::Client,
    folder: TempDir,
}

/// A reply.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// Fields that are named as wrong.
    pub(crate) fn wrong_fields(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }
}

/// What an event of a test is like.
pub(crate) struct Plan<'a> {
    pub(crate) slug: &'a str,
    pub(crate) ends_at: &'a str,
    pub(crate) capacity: Option<u32>,
    pub(crate) values: &'a [(&'a str, Option<AnswerValue>)],
}

pub(crate) const YES_NO: &[(&str, Option<AnswerValue>)] =
    &[("yes", Some(AnswerValue::Accepted)), ("no", Some(AnswerValue::Declined)), ("maybe", None)];

/// Pay per attendee, since long before any test.
pub(crate) fn subscription() -> Subscription {
    Subscription::new(PlanKey::pay_per_attendee(), Day::parse("2020-01-01").unwrap())
}

impl TestWorld {
    pub(crate) async fn start(now: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let watch = Watch::new();
        let world = launch(&folder, &watch, Clock::stopped(at(now))).await;
        let account = seed::account().unwrap();
        world.table.save_operator(&seed::operator().unwrap()).await.unwrap();
        seed::publish_price_lists(&world.table, at(now)).await.unwrap();
        assert!(world.table.create_account(&account, &subscription(), Day::of(at(now))).await.unwrap());
        let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { world, watch, account: account.id, client, folder }
    }

    /// Ends the process in an orderly way and starts it again on what it kept.
    pub(crate) async fn restart(self) -> Self {
        let Self { world, watch, account, client, folder } = self;
        let clock = Clock::stopped(world.clock.now());
        world.stop().await.unwrap();
        let world = launch(&folder, &watch, clock).await;
        Self { world, watch, account, client, folder }
    }

    pub(crate) async fn add_account(&self, id: &str, change: impl FnOnce(&mut Account)) -> AccountId {
        self.add_subscribed(id, &subscription(), change).await
    }

    pub(crate) fn today(&self) -> Day {
        Day::of(self.world.clock.now())
    }

    /// An account with a subscription of its own.
    pub(crate) async fn add_subscribed(
        &self,
        id: &str,
        subscription: &Subscription,
        change: impl FnOnce(&mut Account),
    ) -> AccountId {
        let mut account = seed::account().unwrap();
        account.id = AccountId::parse(id).unwrap();
        change(&mut account);
        assert!(self.world.table.create_account(&account, subscription, self.today()).await.unwrap());
        account.id
    }

    /// An account that names the plan of a catalogue version that was never published.
    pub(crate) async fn add_account_on(&self, id: &str, catalogue: &str) -> AccountId {
        let mut subscription = subscription();
        subscription.phases[0].plan.catalogue = catalogue.to_owned();
        self.add_subscribed(id, &subscription, |_| ()).await
    }

    /// Publishes an event that lasts three hours; registration closes when it begins.
    pub(crate) async fn publish(&self, account: &AccountId, plan: &Plan<'_>) -> Event {
        let ends_at = at(plan.ends_at);
        let starts_at = ends_at - chrono::TimeDelta::hours(3);
        let answers = plan.values.iter().map(|(key, value)| Answer {
            key: (*key).to_owned(),
            label: Text::new(&format!("Antwort {key}"), &format!("Answer {key}")),
            value: *value,
        });
        let event = Event::plan(
            EventDraft {
                id: EventId::parse(&format!("evt_{}", plan.slug)).unwrap(),
                account: account.clone(),
                organiser: "Musterhaus".to_owned(),
                slug: Slug::parse(plan.slug).unwrap(),
                title: Text::new(&format!("Fest {}", plan.slug), &format!("Party {}", plan.slug)),
                description: Text::new("", ""),
                location: "Saal".to_owned(),
                starts_at,
                ends_at,
                closes_at: starts_at,
                capacity: plan.capacity,
                party_limit: 5,
                answers: answers.collect(),
            },
            self.world.clock.now(),
        )
        .unwrap();
        let today = Day::of(self.world.clock.now());
        assert!(self.world.table.publish(&event, today, &"c".repeat(64)).await.unwrap());
        event
    }

    pub(crate) async fn fest(&self, slug: &str, ends_at: &str) -> Event {
        self.publish(&self.account, &Plan { slug, ends_at, capacity: None, values: YES_NO }).await
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let headers = response.headers().iter().map(header).collect();
        Reply { status, headers, body: String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned() }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let address = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.world.origin) };
        self.client.request(method.parse().unwrap(), address)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path)).await
    }

    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(self.request("POST", path).form(fields)).await
    }

    pub(crate) fn register_request(&self, slug: &str, body: &Value) -> reqwest::RequestBuilder {
        self.request("POST", &format!("/api/v1/events/{slug}/registrations")).json(body)
    }

    /// Registers a party by the JSON interface.
    pub(crate) async fn register(&self, slug: &str, email: &str, answer: &str, people: usize) -> Reply {
        self.send(self.register_request(slug, &registration(email, answer, people))).await
    }

    /// Registers parties until this many people have given an answer.
    pub(crate) async fn register_people(&self, slug: &str, answer: &str, people: usize) {
        let (mut left, mut party) = (people, 0);
        while left > 0 {
            let size = left.min(5);
            let reply = self.register(slug, &format!("{answer}{party}@example.org"), answer, size).await;
            assert_eq!(reply.status, 201, "{}", reply.body);
            (left, party) = (left - size, party + 1);
        }
    }

    /// Lets time pass; everything that is due in between happens.
    pub(crate) async fn travel(&self, to: &str) {
        self.world.runner.travel(at(to)).await.unwrap();
    }

    /// Lets stream and queues become quiet without time passing.
    pub(crate) async fn settle(&self) {
        self.world.runner.catch_up().await.unwrap();
    }

    pub(crate) fn mails(&self) -> Vec<MailSummary> {
        self.world.mailbox.list().unwrap()
    }

    pub(crate) fn mails_to(&self, address: &str) -> Vec<MailSummary> {
        self.mails().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }

    /// The first address in a mail.
    pub(crate) fn link_in(&self, mail: &MailSummary) -> String {
        let text = mail.text.clone().unwrap_or_default();
        let start = text.find(&self.world.origin).unwrap_or_else(|| panic!("no link in: {text}"));
        text[start..].split_whitespace().next().unwrap().to_owned()
    }

    pub(crate) async fn invoices(&self, account: &AccountId) -> Vec<Standing> {
        let mut invoices = self.world.table.invoices(account).await.unwrap();
        invoices.reverse();
        invoices
    }

    /// Runs the count, the timers and the invoice run of a month once more.
    pub(crate) async fn run_everything(&self, month: &str) {
        let functions = self.world.functions().unwrap();
        functions.timers.handle().await.unwrap();
        functions.usage_counter.handle().await.unwrap();
        let time = std::time::Duration::from_secs(900);
        functions.invoice_run.handle(json!({ "month": month }), time).await.unwrap();
        self.settle().await;
    }

    /// The file of a document in the object store.
    pub(crate) fn document_file(&self, key: &str) -> std::path::PathBuf {
        self.folder.path().join("einlass-documents").join(key)
    }

    /// Signs in to the console and gives the cookie.
    pub(crate) async fn sign_in(&self, email: &str) -> String {
        self.post_form("/console/sign-in?lang=de", &[("email", email)]).await;
        self.settle().await;
        let link = self.link_in(self.mails_to(email).last().unwrap());
        let reply = self.post_form(&link, &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        reply.headers["set-cookie"].split(';').next().unwrap().to_owned()
    }

    pub(crate) async fn get_as(&self, cookie: &str, path: &str) -> Reply {
        self.send(self.request("GET", path).header("cookie", cookie)).await
    }
}

async fn launch(folder: &TempDir, watch: &Watch, clock: Clock) -> World {
    let watch = watch.clone();
    let http_clients = Arc::new(move |function: &str| SharedHttpClient::new(watch.of(function)));
    World::start(Options { folder: folder.path().to_owned(), port: 0, clock, http_clients }).await.unwrap()
}

pub(crate) fn registration(email: &str, answer: &str, people: usize) -> Value {
    let person = |index| json!({ "first_name": format!("Anna{index}"), "last_name": "Berger" });
    json!({ "email": email, "answer": answer, "attendees": (0..people).map(person).collect::<Vec<_>>() })
}
