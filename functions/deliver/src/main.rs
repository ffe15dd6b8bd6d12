//! Wires the deliverer to the Lambda runtime.

// The types of nested SDK calls are deeper than the compiler's default.
#![recursion_limit = "256"]

use deliver::Deliver;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use platform::clock::time_until;
use platform::start::start;
use serde_json::Value;

// One request at a time is all that Lambda sends, so one thread is enough and starts sooner.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = &start(Deliver::new).await?;
    run(service_fn(|event: LambdaEvent<Value>| async move {
        let time_left = time_until(event.context.deadline());
        function.handle(event.payload, time_left).await.map_err(Error::from)
    }))
    .await
}
