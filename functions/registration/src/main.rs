//! Wires the public pages to the Lambda runtime.

// The types of nested SDK calls are deeper than the compiler's default.
#![recursion_limit = "256"]

use lambda_http::{Error, Request, run, service_fn};
use platform::environment::Environment;
use registration::Registration;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let function = &Registration::new(&Environment::load().await).await?;
    run(service_fn(|request: Request| async move { Ok::<_, Error>(function.handle(&request).await) })).await
}
