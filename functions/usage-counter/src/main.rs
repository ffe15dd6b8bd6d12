//! Wires the daily count to the Lambda runtime.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use platform::start::start;
use serde_json::Value;
use usage_counter::UsageCounter;

// One request at a time is all that Lambda sends, so one thread is enough and starts sooner.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = &start(async |environment| Ok(UsageCounter::new(environment)?)).await?;
    run(service_fn(|_: LambdaEvent<Value>| async { function.handle().await.map_err(Error::from) })).await
}
