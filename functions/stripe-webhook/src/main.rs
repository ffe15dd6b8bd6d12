//! Wires the webhook to the Lambda runtime.

use lambda_http::{Error, Request, run, service_fn};
use platform::environment::Environment;
use stripe_webhook::StripeWebhook;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let function = &StripeWebhook::new(&Environment::load().await).await?;
    run(service_fn(|request: Request| async move { Ok::<_, Error>(function.handle(&request).await) })).await
}
