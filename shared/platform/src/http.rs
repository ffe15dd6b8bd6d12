//! HTTP in and out: reading requests, and the one place that maps errors to replies.
//!
//! Clients get a code, a safe sentence and the list of wrong fields; programs as problem JSON (RFC 9457),
//! browsers as a page. Logs get the chain of causes.

pub mod multipart;
mod told;

use domain::language::Language;
use domain::problem::FieldProblem;
use http::{HeaderValue, Response, StatusCode, header};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt};
use maud::{Markup, html};
use serde::Serialize;

use crate::error::Error;
use crate::page::{Frame, POLICY, banner, page};
use crate::telemetry;
use told::told;

/// Most bytes of a body: a party of twenty with long names needs a fifth of it.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Language of the reply: `?lang=` first, then `Accept-Language`.
#[must_use]
pub fn language(request: &Request) -> Language {
    query(request, "lang").and_then(|code| Language::parse(&code)).unwrap_or_else(|| {
        let header = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::negotiate(header.unwrap_or_default())
    })
}

/// First value of a query parameter.
#[must_use]
pub fn query(request: &Request, name: &str) -> Option<String> {
    request.query_string_parameters_ref().and_then(|parameters| parameters.first(name)).map(str::to_owned)
}

/// All query parameters, in the order sent; none if they cannot be read.
#[must_use]
pub fn queries(request: &Request) -> Vec<(String, String)> {
    serde_urlencoded::from_str(request.uri().query().unwrap_or_default()).unwrap_or_default()
}

/// A header as text.
#[must_use]
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// A cookie (RFC 6265 § 5.4).
#[must_use]
pub fn cookie(request: &Request, name: &str) -> Option<String> {
    let headers = request.headers().get_all(header::COOKIE).iter();
    headers.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// Address of the client, as the gateway saw it; empty where there is no gateway.
#[must_use]
pub fn client(request: &Request) -> String {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

fn request_id(request: &Request) -> String {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The raw body, of the accepted media type, or of one of several with commas between them.
///
/// # Errors
/// [`Error::TooLarge`] or [`Error::UnsupportedMediaType`].
pub fn body<'a>(request: &'a Request, accepted: &'static str) -> Result<&'a [u8], Error> {
    body_within(request, accepted, BODY_LIMIT)
}

/// The raw body, of one of the accepted media types and at most so many bytes.
///
/// # Errors
/// As [`body`].
pub fn body_within<'a>(request: &'a Request, accepted: &'static str, limit: usize) -> Result<&'a [u8], Error> {
    let bytes: &[u8] = request.body();
    if bytes.len() > limit {
        return Err(Error::TooLarge { limit });
    }
    let media_type = media_type(request);
    let fits = accepted.split(", ").any(|one| one.eq_ignore_ascii_case(media_type));
    if fits { Ok(bytes) } else { Err(Error::UnsupportedMediaType { accepted }) }
}

/// The media type of the body, without its parameters; empty if there is none.
#[must_use]
pub fn media_type(request: &Request) -> &str {
    let media_type = header(request, "content-type").unwrap_or_default();
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Fields of a form, in the order sent.
///
/// # Errors
/// As [`body`], or [`Error::Malformed`].
pub fn form(request: &Request) -> Result<Vec<(String, String)>, Error> {
    form_within(request, BODY_LIMIT)
}

/// Fields of a form whose body may be larger than others; the limit is in bytes as sent.
///
/// # Errors
/// As [`form`].
pub fn form_within(request: &Request, limit: usize) -> Result<Vec<(String, String)>, Error> {
    let bytes = body_within(request, "application/x-www-form-urlencoded", limit)?;
    serde_urlencoded::from_bytes(bytes).map_err(|error| Error::Malformed(error.to_string()))
}

/// Value of a form field; empty if it was not sent.
#[must_use]
pub fn field<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

/// A reply with headers that every page and document has: nothing is cached, nothing is embedded,
/// no address of ours (which may hold a token) leaks in a Referer.
#[must_use]
pub fn reply(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A page.
#[must_use]
pub fn html_reply(status: StatusCode, content: Markup) -> Response<Body> {
    let mut response = reply(status, "text/html; charset=utf-8", content.into_string());
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
}

/// JSON.
#[must_use]
pub fn json_reply(status: StatusCode, content: &impl Serialize) -> Response<Body> {
    reply(status, "application/json", serde_json::to_string(content).unwrap_or_else(|_| "{}".to_owned()))
}

/// "See there" (303): the browser fetches the address with GET.
#[must_use]
pub fn see_other(location: &str) -> Response<Body> {
    let mut response = reply(StatusCode::SEE_OTHER, "text/plain", "");
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// What is wrong with a field, for a program.
#[derive(Debug, Serialize)]
pub struct FieldJson {
    field: String,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed: Vec<String>,
}

impl FieldJson {
    /// A problem with its sentence in a language.
    #[must_use]
    pub fn new(problem: &FieldProblem, language: Language) -> Self {
        Self {
            field: problem.field.clone(),
            code: problem.problem.code(),
            message: problem.problem.sentence(language),
            allowed: problem.problem.allowed().to_vec(),
        }
    }
}

#[derive(Serialize)]
struct ProblemJson {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    instance: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldJson>,
}

/// An error for a program: problem JSON (RFC 9457). Logs it unless the caller is at fault.
#[must_use]
pub fn problem_json(error: &Error, request: &Request) -> Response<Body> {
    let (told, language) = (noted(error, request), language(request));
    let errors = match error {
        Error::Invalid(problems) => problems.iter().map(|problem| FieldJson::new(problem, language)).collect(),
        _ => Vec::new(),
    };
    let mut detail = language.pick(told.detail.0, told.detail.1);
    // Whoever writes a program wants to know where its text is wrong; people have no use for it.
    if let Error::Malformed(why) = error {
        detail = format!("{detail} ({why})");
    }
    let content = ProblemJson {
        r#type: format!("urn:einlass:problem:{}", told.code),
        title: language.pick(told.title.0, told.title.1),
        status: told.status.as_u16(),
        detail,
        instance: request_id(request),
        errors,
    };
    let body = serde_json::to_string(&content).unwrap_or_else(|_| "{}".to_owned());
    with_hints(reply(told.status, "application/problem+json", body), error)
}

/// An error for a person: a page. Logs it unless the caller is at fault.
#[must_use]
pub fn problem_page(error: &Error, request: &Request) -> Response<Body> {
    let (told, language) = (noted(error, request), language(request));
    let title = language.pick(told.title.0, told.title.1);
    let id = request_id(request);
    let path = request.uri().path();
    // Two slashes at the beginning would name another host.
    let here = path.starts_with('/') && !path.starts_with("//");
    let other = here.then(|| format!("{path}?lang={}", language.pick("en", "de")));
    let frame = Frame { language, title, navigation: Vec::new(), other_language: other, wide: false };
    let content = html! {
        h1 { (title) }
        (banner(if told.status.is_server_error() { "bad" } else { "note" }, &html! { p { (language.pick(told.detail.0, told.detail.1)) } }))
        @if told.status.is_server_error() && !id.is_empty() {
            p class="hint" { (language.pick("Kennung für Rückfragen: ", "Reference for questions: ")) code { (id) } }
        }
    };
    with_hints(html_reply(told.status, page(&frame, &content)), error)
}

fn noted(error: &Error, request: &Request) -> told::Told {
    let told = told(error);
    if told.status.is_server_error() || told.status == StatusCode::TOO_MANY_REQUESTS {
        telemetry::failure_of(&request_id(request), error);
    }
    told
}

fn with_hints(mut response: Response<Body>, error: &Error) -> Response<Body> {
    if error.retryable() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    if let Error::Key(refusal) = error
        && let Ok(challenge) = HeaderValue::from_str(&told::challenge(*refusal))
    {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let Error::MethodNotAllowed { allowed } = error {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    response
}
