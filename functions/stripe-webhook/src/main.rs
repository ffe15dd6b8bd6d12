//! Wires the webhook to the Lambda runtime.

use lambda_http::{Error, Request, run, service_fn};
use platform::start::start;
use stripe_webhook::StripeWebhook;

// One request at a time is all that Lambda sends, so one thread is enough and starts sooner.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = &start(StripeWebhook::new).await?;
    run(service_fn(|request: Request| async move { Ok::<_, Error>(function.handle(&request).await) })).await
}
