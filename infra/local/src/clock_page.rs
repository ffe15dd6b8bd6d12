//! `/_local/clock`: see and move the time.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Months, TimeDelta};
use domain::calendar::{Instant, Month, instant_of, local};
use domain::language::Language;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use crate::page::{answer, layout};
use crate::runner::Progress;
use crate::world::Shared;

/// What a daily count says that found nothing.
const IDLE_COUNT: &str = r#"{"moved":0}"#;
/// Most bytes of a request to move the clock.
const BODY: usize = 4096;

#[derive(Deserialize)]
struct Wish {
    now: Instant,
}

pub(crate) async fn show(State(shared): State<Shared>) -> Response {
    let progress = shared.runner.get().map(crate::runner::Runner::progress).unwrap_or_default();
    let now = shared.clock.now();
    let travelling = progress.travelling_to.is_some();
    let mut reply = answer(layout(
        "Clock",
        html! {
            h1 { "Clock" }
            p { "It is " b { (Language::En.date_time(now)) } " (Europe/Berlin), " code { (local(now).format("%Y-%m-%dT%H:%M:%S%:z")) } "." }
            @if let Some(to) = progress.travelling_to {
                p { b { "On the way to " (Language::En.date_time(to)) " …" } " This page refreshes itself." }
            } @else {
                form class="card pad" method="post" action="/_local/clock" {
                    p { "Schedules that would have fired in between fire in order: timers every minute, the count daily at 00:15, invoices on the first at 03:00." }
                    p {
                        @for (value, label) in [("hour", "+1 hour"), ("day", "+1 day"), ("month-end", "To the start of the next month"), ("month", "+1 month")] {
                            button type="submit" name="by" value=(value) { (label) } " "
                        }
                    }
                }
            }
            (fired(&progress))
        },
    ));
    if travelling {
        reply.headers_mut().insert("refresh", axum::http::HeaderValue::from_static("1"));
    }
    reply
}

fn fired(progress: &Progress) -> Markup {
    html! {
        h2 { "What fired" }
        @if progress.fired.is_empty() { p { "Nothing yet since the start." } }
        @else { ul {
            @for (at, schedule, said) in progress.fired.iter().filter(|(_, _, said)| said != IDLE_COUNT) {
                li { (local(*at).format("%Y-%m-%d %H:%M")) " · " b { (schedule.function()) } " " code { (said) } }
            }
        } }
        @let idle = progress.fired.iter().filter(|(_, _, said)| said == IDLE_COUNT).count();
        @if idle > 0 { p { "The daily count ran " (idle) " more times and found nothing to count." } }
    }
}

/// `{"now": "RFC 3339"}` as JSON moves the clock and answers when it is there; the form's buttons answer
/// at once with the page, which shows the progress.
pub(crate) async fn set(State(shared): State<Shared>, request: Request) -> Response {
    let is_json =
        request.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let Ok(body) = to_bytes(request.into_body(), BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "too large").into_response();
    };
    let Some(runner) = shared.runner.get().cloned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "starting").into_response();
    };
    if is_json {
        let wish: Wish = match serde_json::from_slice(&body) {
            Ok(wish) => wish,
            Err(error) => return refuse(&format!("expected {{\"now\": \"2026-12-01T03:00:00+01:00\"}}: {error}")),
        };
        return match runner.travel(wish.now).await {
            Ok(fired) => {
                let fired: Vec<_> = fired
                    .iter()
                    .map(|(at, schedule, said)| json!({ "at": at, "function": schedule.function(), "said": said }))
                    .collect();
                Json(json!({ "now": shared.clock.now(), "fired": fired })).into_response()
            }
            Err(error) => refuse(&error.to_string()),
        };
    }
    let by = String::from_utf8_lossy(&body).into_owned();
    let Some(to) = target(by.strip_prefix("by=").unwrap_or_default(), shared.clock.now()) else {
        return refuse("expected by=hour, by=day, by=month-end or by=month");
    };
    // The journey goes on by itself; the page shows how far it is.
    tokio::spawn(async move {
        if let Err(error) = runner.travel(to).await {
            tracing::warn!(error = error.to_string(), "the clock was not moved");
        }
    });
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    Redirect::to("/_local/clock").into_response()
}

fn refuse(text: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": text }))).into_response()
}

fn target(by: &str, now: Instant) -> Option<Instant> {
    let wall = local(now).naive_local();
    match by {
        "hour" => Some(now + TimeDelta::hours(1)),
        // By the calendar, not by 24 hours: the days the clock changes are shorter and longer.
        "day" => Some(instant_of(wall + TimeDelta::days(1))),
        "month" => wall.checked_add_months(Months::new(1)).map(instant_of),
        // After the run of the first at 03:00.
        "month-end" => Some(Month::of(now).end() + TimeDelta::hours(4)),
        _ => None,
    }
}
