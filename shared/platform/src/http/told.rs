//! What clients are told of an error: a row for each kind.

use domain::api_key::KeyRefusal;
use http::StatusCode;

use crate::error::Error;

/// What clients are told of an error: status, code, and texts in German and English.
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) title: (&'static str, &'static str),
    pub(super) detail: (String, String),
}

/// What clients are told of an error.
#[expect(clippy::too_many_lines, reason = "a table with a row for each kind of error")]
pub(super) fn told(error: &Error) -> Told {
    let tell = |status, code, title: (&'static str, &'static str), detail: (&str, &str)| Told {
        status,
        code,
        title,
        detail: (detail.0.to_owned(), detail.1.to_owned()),
    };
    match error {
        Error::NotFound(what) if what.contains("link") => tell(
            StatusCode::NOT_FOUND,
            "not_found",
            ("Dieser Link gilt nicht", "This link is not valid"),
            (
                "Bitte kopieren Sie den Link vollständig aus der E-Mail. Vielleicht wurde er auch schon benutzt oder ist abgelaufen.",
                "Please copy the whole link from the e-mail. It may also have been used already, or be too old.",
            ),
        ),
        Error::NotFound(_) => tell(
            StatusCode::NOT_FOUND,
            "not_found",
            ("Nicht gefunden", "Not found"),
            (
                "Unter dieser Adresse gibt es nichts. Bitte prüfen Sie, ob sie vollständig ist.",
                "There is nothing at this address. Please check whether it is complete.",
            ),
        ),
        Error::Invalid(_) => tell(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            ("Bitte prüfen Sie Ihre Angaben", "Please check your entries"),
            (
                "Einige Angaben fehlen oder passen nicht. Es wurde noch nichts gespeichert.",
                "Some entries are missing or not valid. Nothing has been saved yet.",
            ),
        ),
        Error::Malformed(_) => tell(
            StatusCode::BAD_REQUEST,
            "malformed",
            ("Nicht lesbar", "Not readable"),
            ("Der Inhalt der Anfrage ist nicht lesbar.", "The body of the request cannot be read."),
        ),
        Error::Closed => tell(
            StatusCode::GONE,
            "closed",
            ("Die Anmeldung ist geschlossen", "Registration has closed"),
            (
                "Anmeldungen und Änderungen sind nicht mehr möglich. Bitte wenden Sie sich an den Veranstalter.",
                "Registrations and changes are no longer possible. Please contact the organiser.",
            ),
        ),
        Error::KeyReused => tell(
            StatusCode::CONFLICT,
            "idempotency_key_reused",
            ("Schlüssel schon benutzt", "Key already used"),
            (
                "Dieser Idempotency-Key wurde schon mit einem anderen Inhalt benutzt. Verwenden Sie für eine neue Anfrage einen neuen Schlüssel.",
                "This Idempotency-Key was used with another body before. Use a new key for a new request.",
            ),
        ),
        Error::TooLarge { limit } => Told {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: "too_large",
            title: ("Zu groß", "Too large"),
            detail: (
                format!("Die Anfrage darf höchstens {limit} Bytes groß sein."),
                format!("The request may have at most {limit} bytes."),
            ),
        },
        Error::UnsupportedMediaType { accepted } => Told {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            code: "unsupported_media_type",
            title: ("Format nicht unterstützt", "Unsupported format"),
            detail: (
                format!("Bitte senden Sie den Inhalt als {accepted}."),
                format!("Please send the body as {accepted}."),
            ),
        },
        Error::MethodNotAllowed { allowed } => Told {
            status: StatusCode::METHOD_NOT_ALLOWED,
            code: "method_not_allowed",
            title: ("Methode nicht erlaubt", "Method not allowed"),
            detail: (format!("Erlaubt sind: {allowed}."), format!("Allowed: {allowed}.")),
        },
        Error::Unauthenticated(_) => tell(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            ("Nicht angemeldet", "Not signed in"),
            ("Bitte melden Sie sich an.", "Please sign in."),
        ),
        Error::Forbidden(_) => tell(
            StatusCode::FORBIDDEN,
            "forbidden",
            ("Nicht erlaubt", "Not allowed"),
            (
                "Das ist mit Ihrer Anmeldung nicht möglich. Laden Sie die Seite neu und versuchen Sie es noch einmal.",
                "This is not possible with your sign-in. Reload the page and try once more.",
            ),
        ),
        Error::Key(KeyRefusal::Missing | KeyRefusal::Unknown) => tell(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            ("Kein gültiger API-Schlüssel", "No valid API key"),
            (
                "Bitte senden Sie einen gültigen API-Schlüssel in der Kopfzeile „Authorization: Bearer elk_…“.",
                "Please send a valid API key in the header “Authorization: Bearer elk_…”.",
            ),
        ),
        Error::Key(KeyRefusal::Scope(scope)) => Told {
            status: StatusCode::FORBIDDEN,
            code: "forbidden",
            title: ("Nicht erlaubt", "Not allowed"),
            detail: (
                format!("Dieser API-Schlüssel darf das nicht. Nötig ist die Berechtigung {}.", scope.code()),
                format!("This API key may not do this. The scope {} is needed.", scope.code()),
            ),
        },
        Error::TooMany(_) | Error::Contended => tell(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            ("Gerade zu viele Anfragen", "Too many requests right now"),
            (
                "Es wurde nichts gespeichert. Bitte versuchen Sie es in einigen Sekunden noch einmal.",
                "Nothing has been saved. Please try again in a few seconds.",
            ),
        ),
        Error::Unavailable { .. } | Error::Throttled { .. } | Error::NotYet(_) => tell(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            ("Gerade nicht erreichbar", "Not available right now"),
            (
                "Ein Dienst antwortet gerade nicht. Bitte versuchen Sie es gleich noch einmal.",
                "A service does not answer right now. Please try again in a moment.",
            ),
        ),
        Error::Corrupt { .. } | Error::Internal { .. } => tell(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            ("Das hat nicht geklappt", "Something went wrong"),
            (
                "Der Fehler liegt bei uns und wurde vermerkt. Bitte versuchen Sie es später noch einmal.",
                "The fault is ours and has been noted. Please try again later.",
            ),
        ),
    }
}

/// How a program is told to authenticate (RFC 6750 § 3); without a key there is no error yet.
pub(super) fn challenge(refusal: KeyRefusal) -> String {
    match refusal {
        KeyRefusal::Missing => r#"Bearer realm="einlass""#.to_owned(),
        KeyRefusal::Unknown => r#"Bearer realm="einlass", error="invalid_token""#.to_owned(),
        KeyRefusal::Scope(scope) => {
            format!(r#"Bearer realm="einlass", error="insufficient_scope", scope="{}""#, scope.code())
        }
    }
}
