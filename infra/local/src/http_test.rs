//! A server and a client for this crate's tests: what they check goes over a real socket.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;

use crate::Failure;

/// Status, headers and body of an answer.
pub(crate) type Answer = (StatusCode, HeaderMap, Vec<u8>);

/// A router on a loopback port; the test's runtime ends it.
pub(crate) struct Server {
    origin: String,
}

impl Server {
    pub(crate) async fn start(router: Router) -> Result<Server, Failure> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Server { origin })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

pub(crate) async fn get(url: &str) -> Result<Answer, Failure> {
    call(Method::GET, url, &[], String::new()).await
}

pub(crate) async fn post(url: &str, headers: &[(&str, &str)], body: String) -> Result<Answer, Failure> {
    call(Method::POST, url, headers, body).await
}

pub(crate) async fn call(method: Method, url: &str, headers: &[(&str, &str)], body: String) -> Result<Answer, Failure> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let response = client.request(request.body(Body::from(body))?).await?;
    let (parts, body) = response.into_parts();
    Ok((parts.status, parts.headers, axum::body::to_bytes(Body::new(body), usize::MAX).await?.to_vec()))
}
