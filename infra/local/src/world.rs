//! Starts everything in one process, on one loopback port for people.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use platform::clock::Clock;
use platform::config::Variables;
use platform::environment::Environment;
use platform::table::{Table, schema};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::documents::Documents;
use crate::gateway;
use crate::mailbox::Mailbox;
use crate::objects::Objects;
use crate::queue::Queues;
use crate::runner::Runner;
use crate::runs_page::Runs;
use crate::secrets::Secrets;
use crate::store::Store;
use crate::stream::StreamReader;
use crate::stripe::{Settings, Stripe};
use crate::{Failure, clock_page, overview, vies};

const TABLE: &str = "einlass";
const BUCKET: &str = "einlass-documents";
const EXPORTS: &str = "einlass-exports";
/// Address that signs in to the demo, as its organiser and as the operator.
pub const DEMO_EMAIL: &str = "demo@einlass.example";

/// Gives each function its HTTP client.
pub type HttpClients = Arc<dyn Fn(&str) -> SharedHttpClient + Send + Sync>;

/// How a world is started.
#[derive(Clone)]
pub struct Options {
    /// Folder that keeps everything.
    pub folder: PathBuf,
    /// Port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// The time.
    pub clock: Clock,
    /// HTTP clients of the AWS clients, by the name of the function they belong to; those of the world itself belong to
    /// `local`.
    pub http_clients: HttpClients,
}

/// The functions, as Lambda would keep them.
#[derive(Debug)]
pub struct Functions {
    /// Public pages.
    pub registration: registration::Registration,
    /// Signed-in pages.
    pub console: console::Console,
    /// Payment provider's events.
    pub stripe_webhook: stripe_webhook::StripeWebhook,
    /// Daily count.
    pub usage_counter: usage_counter::UsageCounter,
    /// Monthly invoices.
    pub invoice_run: invoice_run::InvoiceRun,
    /// What is due.
    pub timers: timers::Timers,
    /// Documents and mails.
    pub deliver: deliver::Deliver,
}

/// What the pages of the runner share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) functions: Arc<OnceLock<Functions>>,
    pub(crate) runner: Arc<OnceLock<Runner>>,
    pub(crate) clock: Clock,
    pub(crate) port: u16,
}

/// A running world.
pub struct World {
    /// Where people reach it, without a slash at the end.
    pub origin: String,
    /// The time in it.
    pub clock: Clock,
    /// Its table.
    pub table: Table,
    /// What its functions are started with.
    pub environment: Environment,
    /// Stream, queues and schedules.
    pub runner: Runner,
    /// The mails sent in it.
    pub mailbox: Mailbox,
    /// Its queues.
    pub queues: Queues,
    functions: Arc<OnceLock<Functions>>,
    store: Store,
    objects: Objects,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
}

impl World {
    /// Starts a world on what its folder keeps, or on nothing.
    ///
    /// # Errors
    /// What keeps it from starting, for example a port that is taken.
    pub async fn start(options: Options) -> Result<Self, Failure> {
        let Options { folder, port, clock, http_clients } = options;
        platform::stripe::use_ring();
        std::fs::create_dir_all(&folder)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
            format!("port {port} of 127.0.0.1 cannot be used ({error}); choose another one with --port")
        })?;
        let port = listener.local_addr()?.port();
        let origin = format!("http://127.0.0.1:{port}");
        let time = clock.clone();
        let tell_time: Arc<dyn Fn() -> domain::calendar::Instant + Send + Sync> = Arc::new(move || time.now());

        let store = Store::start(&folder).await?;
        let objects = Objects::start(&folder, BUCKET).await?;
        std::fs::create_dir_all(folder.join(EXPORTS))?;
        let (queues, secrets) = (Queues::open(&folder)?, Secrets::open(&folder)?);
        let mailbox = Mailbox::open(&folder, Arc::clone(&tell_time))?;
        let stripe = Stripe::open(
            &folder,
            Settings {
                public_origin: origin.clone(),
                webhook_url: format!("{origin}/webhooks/stripe"),
                api_key: secrets.stripe_api_key(),
                webhook_secrets: secrets.stripe_webhook_secrets(),
                clock: tell_time,
            },
        )?;

        let environment = Environment {
            variables: variables(&origin, &store, &objects),
            aws: aws(http_clients("local")),
            clock: clock.clone(),
        };
        let client = environment.dynamodb();
        schema::create(&client, TABLE).await?;
        store.index_stream()?;
        let table = Table::new(client, TABLE.to_owned());

        let functions = Arc::new(OnceLock::new());
        let shared =
            Shared { functions: Arc::clone(&functions), runner: Arc::new(OnceLock::new()), clock: clock.clone(), port };
        let runs = Runs { table: table.clone(), queues: queues.clone(), clock: clock.clone() };
        let router = router(&shared, &queues, &secrets, &mailbox, &stripe, &Documents::new(objects.bucket_folder()));
        let router = router.merge(runs.pages().layer(from_fn_with_state(port, own_pages_only)));
        let (stop, stopped) = oneshot::channel::<()>();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move {
            axum::serve(listener, service).with_graceful_shutdown(async { drop(stopped.await) }).await
        });

        // The functions read their secrets through the server, so it has to be there first.
        let made = functions_of(&environment, &http_clients).await?;
        let _ = functions.set(made);
        let stream = StreamReader::open(&store, TABLE, folder.join("stream.json"))?;
        let runner =
            Runner::new(Arc::clone(&functions), table.clone(), clock.clone(), stream, queues.clone(), stripe, &folder)?;
        let _ = shared.runner.set(runner.clone());
        Ok(Self { origin, clock, table, environment, runner, mailbox, queues, functions, store, objects, stop, server })
    }

    /// The functions.
    ///
    /// # Errors
    /// Never after a start that succeeded.
    pub fn functions(&self) -> Result<&Functions, Failure> {
        self.functions.get().ok_or_else(|| "the functions have not been started".into())
    }

    /// Stops everything in order.
    ///
    /// # Errors
    /// What could not be stopped.
    pub async fn stop(self) -> Result<(), Failure> {
        let _ = self.stop.send(());
        self.server.await??;
        self.objects.stop().await?;
        self.store.stop().await
    }
}

async fn functions_of(world: &Environment, http_clients: &HttpClients) -> Result<Functions, Failure> {
    let environment = |function: &str| Environment { aws: aws(http_clients(function)), ..world.clone() };
    Ok(Functions {
        registration: registration::Registration::new(&environment("registration")).await?,
        console: console::Console::new(&environment("console")).await?,
        stripe_webhook: stripe_webhook::StripeWebhook::new(&environment("stripe-webhook")).await?,
        usage_counter: usage_counter::UsageCounter::new(&environment("usage-counter"))?,
        invoice_run: invoice_run::InvoiceRun::new(&environment("invoice-run"))?,
        timers: timers::Timers::new(&environment("timers"))?,
        deliver: deliver::Deliver::new(&environment("deliver")).await?,
    })
}

fn variables(origin: &str, store: &Store, objects: &Objects) -> Variables {
    let at = |service: &str| format!("{origin}/_local/aws/{service}");
    Variables::from_pairs([
        ("TABLE_NAME", TABLE.to_owned()),
        ("BUCKET_NAME", BUCKET.to_owned()),
        ("EXPORT_BUCKET_NAME", EXPORTS.to_owned()),
        ("PUBLIC_ORIGIN", origin.to_owned()),
        ("LINK_SECRET_ID", "links".to_owned()),
        ("STRIPE_SECRET_ID", "stripe".to_owned()),
        ("STRIPE_ORIGIN", format!("{origin}/_local/stripe")),
        ("VIES_URL", format!("{origin}/_local/vies")),
        ("MAIL_SENDER", "anmeldung@einlass.example".to_owned()),
        // What is sent here bothers nobody, so it may go fast.
        ("MAILS_PER_SECOND", "1000".to_owned()),
        ("OPERATOR_EMAILS", DEMO_EMAIL.to_owned()),
        ("INVOICE_QUEUE_URL", format!("{}/invoice-run", at("sqs"))),
        ("DELIVER_QUEUE_URL", format!("{}/deliver", at("sqs"))),
        ("ARCHIVE_QUEUE_URL", format!("{}/archive", at("sqs"))),
        ("MAIL_EVENTS_QUEUE_URL", format!("{}/mail-events", at("sqs"))),
        ("INVOICE_DEAD_LETTERS_URL", format!("{}/invoice-run-dead", at("sqs"))),
        ("DELIVER_DEAD_LETTERS_URL", format!("{}/deliver-dead", at("sqs"))),
        ("ARCHIVE_DEAD_LETTERS_URL", format!("{}/archive-dead", at("sqs"))),
        ("MAIL_EVENTS_DEAD_LETTERS_URL", format!("{}/mail-events-dead", at("sqs"))),
        ("STREAM_DEAD_LETTERS_URL", format!("{}/stream-dead", at("sqs"))),
        ("SCHEDULE_DEAD_LETTERS_URL", format!("{}/schedules-dead", at("sqs"))),
        ("AWS_ENDPOINT_URL_DYNAMODB", store.endpoint()),
        ("AWS_ENDPOINT_URL_S3", objects.endpoint()),
        ("AWS_ENDPOINT_URL_SQS", at("sqs")),
        ("AWS_ENDPOINT_URL_SESV2", at("ses")),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", at("secrets")),
    ])
}

/// Configuration of AWS clients that talk to this machine.
#[must_use]
pub fn aws(http_client: SharedHttpClient) -> SdkConfig {
    let credentials = Credentials::new("local", "local-secret", None, None, "local");
    platform::aws::configuration("eu-central-1".to_owned(), credentials, None, http_client)
}

fn router(
    shared: &Shared,
    queues: &Queues,
    secrets: &Secrets,
    mailbox: &Mailbox,
    stripe: &Stripe,
    documents: &Documents,
) -> Router {
    let local = Router::new()
        .route("/_local/", get(overview::show))
        .route("/_local", get(|| async { Redirect::to("/_local/") }))
        .route("/_local/console", get(overview::console))
        .route("/_local/clock", get(clock_page::show).post(clock_page::set))
        .with_state(shared.clone())
        .merge(mailbox.pages())
        .merge(documents.pages())
        .nest("/_local/stripe", stripe.router())
        .nest("/_local/vies", vies::router())
        .nest("/_local/aws/ses", mailbox.api())
        .nest_service("/_local/aws/sqs", queues.router())
        .nest_service("/_local/aws/secrets", secrets.router())
        .layer(from_fn_with_state(shared.port, own_pages_only));
    Router::new()
        .route("/", get(|| async { Redirect::to("/_local/") }))
        .fallback(public)
        .with_state(shared.clone())
        .merge(local)
}

/// A page of another site, or a name that was pointed at this machine, must not reach the clock or the mails.
async fn own_pages_only(State(port): State<u16>, request: Request, next: Next) -> Response {
    if is_our_own(request.headers(), port) {
        next.run(request).await
    } else {
        gateway::refusal(StatusCode::FORBIDDEN, "only pages of this machine may come here").into_response()
    }
}

fn is_our_own(headers: &HeaderMap, port: u16) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let host_is_ours = header("host").is_some_and(|host| hosts.iter().any(|known| known == host));
    let origin_is_ours =
        header("origin").is_none_or(|origin| hosts.iter().any(|known| origin == format!("http://{known}")));
    host_is_ours && origin_is_ours
}

async fn public(
    State(shared): State<Shared>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let Some(functions) = shared.functions.get() else {
        return gateway::refusal(StatusCode::SERVICE_UNAVAILABLE, "starting").into_response();
    };
    match gateway::answer(functions, request, client, shared.clock.now()).await {
        Ok(reply) => reply,
        Err(error) => {
            tracing::warn!(error = error.to_string(), "a request could not be read");
            gateway::refusal(StatusCode::PAYLOAD_TOO_LARGE, "the request cannot be read or is too large")
                .into_response()
        }
    }
}
