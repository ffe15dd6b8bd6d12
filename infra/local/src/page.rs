//! The frame around every page below `/_local`, and the ways to answer with a page or a file.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The places the navigation leads to. A page belongs to the place its title begins with.
const PLACES: [(&str, &str); 5] = [
    ("Overview", "/_local/"),
    ("Mail", "/_local/mail"),
    ("Documents", "/_local/documents"),
    ("Clock", "/_local/clock"),
    ("Console", "/_local/console"),
];

/// Nothing from elsewhere is loaded and no script runs, not even one that arrived in a mail: the frame that shows a
/// mail inherits this.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-src 'self'; \
    base-uri 'self'; frame-ancestors 'self'";

/// A page with the navigation; `title` is the place's name, or begins with it and a middle dot.
#[must_use]
pub fn layout(title: &str, body: Markup) -> Markup {
    let place = title.split(" · ").next().unwrap_or_default();
    let navigation = html! {
        header {
            nav aria-label="Places" {
                strong { "Einlass" span.here { "on this machine" } }
                @for (name, address) in PLACES {
                    a href=(address) aria-current=[(name == place).then_some("page")] { (name) }
                }
            }
        }
    };
    frame(title, html! { (navigation) main { (body) } })
}

/// A page that stands alone, as one that a customer of someone else's service would see.
#[must_use]
pub fn plain(title: &str, body: Markup) -> Markup {
    frame(title, html! { main.narrow { (body) } })
}

/// Answers with a page.
#[must_use]
pub fn answer(page: Markup) -> Response {
    answer_with(StatusCode::OK, page)
}

/// Answers with a page and a status of its own.
#[must_use]
pub fn answer_with(status: StatusCode, page: Markup) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        // Not `no-referrer`: with it, browsers send forms of this very page with `Origin: null`.
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, page.into_string()).into_response()
}

/// Says that there is nothing here.
#[must_use]
pub fn missing(place: &str, what: &str) -> Response {
    let body = html! { h1 { "Not here" } p { (what) } };
    answer_with(StatusCode::NOT_FOUND, layout(&format!("{place} · not here"), body))
}

/// Answers with a stored file: shown by the browser if its kind is harmless, else offered for saving.
#[must_use]
pub fn file(content_type: &str, name: &str, bytes: Vec<u8>) -> Response {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let (disposition, policy) = match essence {
        // A browser's own PDF viewer is a page that the answer's policy would forbid.
        "application/pdf" => ("inline", None),
        "application/json" | "application/xml" | "image/gif" | "image/jpeg" | "image/png" | "image/webp"
        | "text/calendar" | "text/csv" | "text/plain" | "text/xml" => ("inline", Some("default-src 'none'; sandbox")),
        // Shown here, a page or drawing from outside could act as one of ours.
        _ => ("attachment", Some("default-src 'none'; sandbox")),
    };
    let mut response = (StatusCode::OK, bytes).into_response();
    let mut set = |header: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(header, value);
        }
    };
    set(CONTENT_TYPE, content_type);
    set(CONTENT_DISPOSITION, &format!("{disposition}; filename*=UTF-8''{}", percent_encode(name)));
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(CACHE_CONTROL, "no-store");
    if let Some(policy) = policy {
        set(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// For a part of a path or of a header: all but RFC 3986's unreserved characters becomes `%XX`.
#[must_use]
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// A size as people read it.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

fn frame(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Einlass" }
                // Without this, a browser asks for an icon that is not there.
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
}

const STYLE: &str = include_str!("page/style.css");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_kinds_are_shown_in_the_browser() {
        for (content_type, expected) in [
            ("application/pdf", "inline"),
            ("text/plain; charset=utf-8", "inline"),
            ("application/xml", "inline"),
            ("text/html", "attachment"),
            ("image/svg+xml", "attachment"),
            ("application/xhtml+xml", "attachment"),
            ("", "attachment"),
        ] {
            let response = file(content_type, "Rechnung Ä.pdf", Vec::new());
            let disposition = response.headers()[CONTENT_DISPOSITION].to_str().unwrap_or_default();
            assert_eq!(disposition, format!("{expected}; filename*=UTF-8''Rechnung%20%C3%84.pdf"), "{content_type}");
            assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff", "{content_type}");
        }
    }

    #[test]
    fn a_title_is_text_and_marks_its_place() {
        let page = layout("Mail · <b>", html! {}).into_string();
        assert!(page.contains("<title>Mail · &lt;b&gt; · Einlass</title>"));
        assert!(page.contains("<a href=\"/_local/mail\" aria-current=\"page\">Mail</a>"));
        assert_eq!(page.matches("aria-current=\"page\"").count(), 1);
    }

    #[test]
    fn sizes_are_short() {
        for (bytes, expected) in [(0, "0 B"), (999, "999 B"), (64_512, "64 kB"), (1_250_000, "1.2 MB")] {
            assert_eq!(size(bytes), expected);
        }
    }
}
