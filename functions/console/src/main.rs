//! Wires the console to the Lambda runtime.

// The types of nested SDK calls are deeper than the compiler's default.
#![recursion_limit = "256"]

use console::Console;
use lambda_http::{Error, Request, run, service_fn};
use platform::start::start;

// One request at a time is all that Lambda sends, so one thread is enough and starts sooner.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = &start(Console::new).await?;
    run(service_fn(|request: Request| async move { Ok::<_, Error>(function.handle(&request).await) })).await
}
