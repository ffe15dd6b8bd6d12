//! The start of a function. What goes wrong then is logged and told to Lambda, before the process ends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::config::Variables;
use crate::environment::Environment;
use crate::error::{Source, chain};
use crate::telemetry;

/// Longest time the Runtime API, a neighbour on the same machine, is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Makes a function from the environment of this process.
///
/// # Errors
/// Whatever kept it from being made. Its text is in the log already, as a line of level ERROR, and Lambda shows it as
/// the reason why the function did not start.
pub async fn start<T>(make: impl AsyncFnOnce(&Environment) -> Result<T, Source>) -> Result<T, Source> {
    let variables = Variables::from_environment();
    telemetry::start(variables.optional("RUST_LOG").as_deref());
    let made = match Environment::of(variables.clone()) {
        Ok(environment) => make(&environment).await,
        Err(error) => Err(error),
    };
    made.inspect_err(|error| {
        let error = chain(error.as_ref());
        tracing::error!(error, "the function cannot start");
        if let Some(address) = variables.optional("AWS_LAMBDA_RUNTIME_API")
            && let Err(error) = tell(&address, &error)
        {
            tracing::warn!(error = error.to_string(), "the Runtime API was not told");
        }
    })
}

/// Tells the Runtime API (Lambda developer guide, "Runtime API": initialization error). The runtime's own client knows
/// only what happens after a start, and one plain request needs no client.
fn tell(address: &str, error: &str) -> std::io::Result<()> {
    let body = json!({ "errorMessage": error, "errorType": "Runtime.InitError", "stackTrace": [] }).to_string();
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    write!(
        connection,
        "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Lambda-Runtime-Function-Error-Type: Runtime.InitError\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    // The process ends after this; its request must have arrived by then.
    connection.read_to_end(&mut Vec::new()).map(|_| ())
}
