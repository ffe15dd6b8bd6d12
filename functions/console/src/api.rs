//! The JSON interface for programs, which bring an API key instead of a session.

mod invoices;

use http::Response;
use lambda_http::{Body, Request};
use platform::error::Error;

use crate::Console;

/// What the paths of the interface begin with.
pub(crate) const PREFIX: &str = "/api/v1/";

impl Console {
    /// Answers a program; every error becomes problem JSON.
    pub(crate) async fn api(&self, request: &Request) -> Result<Response<Body>, Error> {
        let path = request.uri().path().trim_end_matches('/').strip_prefix(PREFIX).unwrap_or_default();
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["invoices", rest @ ..] => self.invoices_json(request, rest).await,
            ["usage"] => self.usage(request).await,
            _ => Err(Error::NotFound("path")),
        }
    }
}
