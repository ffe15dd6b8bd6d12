//! Public HTTP: event pages and registrations, personal links, payment of invoices, the price calculator.
//!
//! Each request is parsed, decided by the domain, and committed as one conditional transaction; an event
//! is read at most once and then kept for some seconds.

mod api;
pub mod cache;
pub mod config;
mod form;
mod legal;
mod offer;
mod pages;
mod pay;
mod personal;
mod prices;
mod public;
mod submit;
mod views;

use std::sync::Arc;

use domain::ids::Slug;
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use platform::clock::Clock;
use platform::environment::Environment;
use platform::error::{Error, Source};
use platform::http::{json_reply, problem_json, problem_page};
use platform::links::LinkKey;
use platform::secrets::{self, StripeSecrets};
use platform::stripe::Stripe;
use platform::table::Table;
use platform::table::events::Published;
use tokio::join;

/// The function.
#[derive(Debug)]
pub struct Registration {
    table: Table,
    links: LinkKey,
    stripe: Stripe,
    origin: String,
    clock: Clock,
    events: cache::Events,
    price_lists: cache::PriceLists,
    views: views::Views,
}

impl Registration {
    /// Reads configuration and secrets and makes the clients.
    ///
    /// # Errors
    /// What is missing or cannot be read.
    pub async fn new(environment: &Environment) -> Result<Self, Source> {
        let config = config::Config::read(&environment.variables)?;
        let client = environment.secrets();
        let table = Table::new(environment.dynamodb(), config.table_name);
        // One secret after the other: side by side they would open two connections.
        let secrets = async {
            let links = secrets::link_key(&client, &config.link_secret_id).await?;
            let now = environment.clock.now();
            Ok::<_, Error>((links, StripeSecrets::open(client.clone(), config.stripe_secret_id, now).await?))
        };
        let (secrets, ()) = join!(secrets, table.connect());
        let (links, stripe) = secrets?;
        Ok(Self {
            table,
            links,
            stripe: Stripe::new(config.stripe_origin, stripe),
            origin: config.public_origin,
            clock: environment.clock.clone(),
            events: cache::Events::default(),
            price_lists: cache::PriceLists::default(),
            views: views::Views::default(),
        })
    }

    /// Answers a request; every error becomes a reply.
    pub async fn handle(&self, request: &Request) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let method = request.method();
        match segments.as_slice() {
            ["healthz"] => json_reply(StatusCode::OK, &serde_json::json!({ "status": "ok" })),
            ["legal"] => page(self.legal(request).await, request),
            ["prices"] => page(self.prices(request).await, request),
            ["e", slug] => page(self.event(request, method, slug).await, request),
            ["r", token] => page(self.personal(request, method, token).await, request),
            ["o", token] => page(self.offer(request, method, token).await, request),
            ["pay", token] => page(self.pay(request, method, token).await, request),
            ["api", "v1", "events", slug, "registrations"] => {
                self.register_json(request, slug).await.unwrap_or_else(|error| problem_json(&error, request))
            }
            ["api", "v1", "prices"] => {
                self.price_json(request).await.unwrap_or_else(|error| problem_json(&error, request))
            }
            ["api", ..] => problem_json(&Error::NotFound("path"), request),
            _ => problem_page(&Error::NotFound("path"), request),
        }
    }

    async fn published(&self, slug: &str) -> Result<Arc<Published>, Error> {
        let slug = Slug::parse(slug).map_err(|_| Error::NotFound("event"))?;
        self.events.get(&self.table, &slug, self.clock.now()).await
    }
}

fn page(result: Result<Response<Body>, Error>, request: &Request) -> Response<Body> {
    result.unwrap_or_else(|error| problem_page(&error, request))
}

/// The method of a page that has a form.
fn is_post(method: &Method) -> Result<bool, Error> {
    match *method {
        Method::GET | Method::HEAD => Ok(false),
        Method::POST => Ok(true),
        _ => Err(Error::MethodNotAllowed { allowed: "GET, POST" }),
    }
}
