//! Wires the timers to the Lambda runtime.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use platform::environment::Environment;
use serde_json::Value;
use timers::Timers;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let function = &Timers::new(&Environment::load().await)?;
    run(service_fn(|_: LambdaEvent<Value>| async { function.handle().await.map_err(Error::from) })).await
}
