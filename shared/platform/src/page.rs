//! The frame of every page people see: one style sheet, no scripts, nothing from other hosts.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::language::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../assets/style.css");

/// Content-Security-Policy of pages: only our own style sheet, only forms to ourselves and to Stripe's
/// payment page, no scripts, no frames.
pub static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self' data:; \
         form-action 'self' https://checkout.stripe.com; frame-ancestors 'none'; base-uri 'none'"
    )
});

/// What surrounds the content of a page.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// Language of the page.
    pub language: Language,
    /// Title in the browser's tab.
    pub title: &'a str,
    /// Links at the top: text and address.
    pub navigation: Vec<(&'a str, String)>,
    /// Address of this page in the other language, if it has one.
    pub other_language: Option<String>,
    /// Whether the content is wide, as tables are.
    pub wide: bool,
}

/// A whole page.
#[must_use]
pub fn page(frame: &Frame<'_>, content: &Markup) -> Markup {
    let language = frame.language;
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                // Browsers ask for an icon otherwise.
                link rel="icon" href="data:,";
                title { (frame.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#content" { (language.pick("Zum Inhalt", "Skip to content")) }
                header class={ "top " (if frame.wide { "wide" } else { "narrow" }) } {
                    nav aria-label=(language.pick("Hauptnavigation", "Main navigation")) {
                        span class="brand" { "Einlass" }
                        @for (text, address) in &frame.navigation { a href=(address) { (text) } }
                    }
                    @if let Some(other) = &frame.other_language {
                        a class="language" href=(other) lang=(language.pick("en", "de")) hreflang=(language.pick("en", "de")) {
                            (language.pick("English", "Deutsch"))
                        }
                    }
                }
                main id="content" class=(if frame.wide { "wide" } else { "narrow" }) { (content) }
                footer class={ "bottom " (if frame.wide { "wide" } else { "narrow" }) } {
                    a href={ "/legal?lang=" (language.code()) } { (language.pick("Impressum und Datenschutz", "Legal notice and privacy")) }
                    span {
                    (language.pick(
                        "Diese Seite lädt nichts von anderen Servern und führt keine Skripte aus.",
                        "This page loads nothing from other servers and runs no scripts.",
                    ))
                    }
                }
            }
        }
    }
}

/// A message above the content: `kind` is `good`, `bad` or `note`.
#[must_use]
pub fn banner(kind: &str, content: &Markup) -> Markup {
    let role = if kind == "bad" { "alert" } else { "status" };
    html! { div class={ "banner " (kind) } role=(role) { (content) } }
}
