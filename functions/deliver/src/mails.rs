//! What mails say, in German and English, as plain text and as HTML from the same parts.

mod invoice;
mod offer;
mod reminder;
mod subscription;

use domain::account::Operator;
use domain::calendar::Instant;
use domain::language::Language;
use domain::message::Notice;
use domain::registration::{Registration, Standing};
use maud::{DOCTYPE, Markup, html};
use platform::table::events::Published;

pub use invoice::invoice;
pub use offer::{offer_sent, offer_told};
pub use reminder::reminder;
pub use subscription::{About, subscription};

/// The text of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Subject.
    pub subject: String,
    paragraphs: Vec<String>,
    facts: Vec<(String, String)>,
    button: Option<(String, String)>,
    closing: Vec<String>,
}

impl Text {
    /// As plain text.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut parts = self.paragraphs.clone();
        if !self.facts.is_empty() {
            parts
                .push(self.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n"));
        }
        parts.extend(self.button.iter().map(|(label, link)| format!("{label}:\n{link}")));
        parts.extend(self.closing.iter().cloned());
        parts.join("\n\n") + "\n"
    }

    /// As HTML; styles stand at the elements, since mail programs drop style sheets.
    #[must_use]
    pub fn html(&self, language: Language) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(language.code()) {
                head { meta charset="utf-8"; title { (self.subject) } }
                body style="margin:0;background:#f4f6f8;color:#1c2430;font:16px/1.55 -apple-system,Segoe UI,Roboto,Liberation Sans,sans-serif" {
                    div style="max-width:36rem;margin:0 auto;padding:2rem 1rem" {
                        div style="background:#fff;border:1px solid #dfe4ea;border-radius:12px;padding:1.75rem" {
                            @for paragraph in &self.paragraphs { p style="margin:0 0 1rem" { (paragraph) } }
                            @if !self.facts.is_empty() {
                                table role="presentation" style="border-collapse:collapse;margin:0 0 1.25rem" {
                                    @for (name, value) in &self.facts {
                                        tr {
                                            td style="padding:.2rem 1.25rem .2rem 0;color:#5a6675;vertical-align:top;white-space:nowrap" { (name) }
                                            td style="padding:.2rem 0;vertical-align:top;white-space:pre-line" { (value) }
                                        }
                                    }
                                }
                            }
                            @if let Some((label, link)) = &self.button {
                                p style="margin:0 0 1.25rem" {
                                    a href=(link) style="display:inline-block;background:#1d5fbf;color:#fff;text-decoration:none;font-weight:600;border-radius:8px;padding:.65rem 1.4rem" { (label) }
                                }
                            }
                            @for paragraph in &self.closing { p style="margin:0 0 .75rem;color:#5a6675;font-size:.9rem" { (paragraph) } }
                        }
                    }
                }
            }
        }
    }
}

/// Mails about a registration.
#[must_use]
pub fn registration(
    notice: Notice,
    published: &Published,
    registration: &Registration,
    link: &str,
    now: Instant,
) -> Text {
    let language = registration.language;
    let draft = published.event.draft();
    let title = draft.title.get(language);
    let (subject, opening) = match notice {
        Notice::AnswerChanged => (
            language.pick(format!("Ihre geänderte Antwort: {title}"), format!("Your changed answer: {title}")),
            language.pick(format!("wir haben Ihre neue Antwort zu „{title}“ gespeichert."), format!("we have saved your new answer to “{title}”.")),
        ),
        Notice::AnswerWithdrawn => (
            language.pick(format!("Antwort zurückgezogen: {title}"), format!("Answer withdrawn: {title}")),
            language.pick(
                format!("Ihre Antwort zu „{title}“ ist zurückgezogen und zählt nicht mehr."),
                format!("your answer to “{title}” has been withdrawn and no longer counts."),
            ),
        ),
        Notice::AlreadyRegistered => (
            language.pick(format!("Sie sind schon angemeldet: {title}"), format!("You are registered already: {title}")),
            language.pick(
                format!("mit dieser E-Mail-Adresse liegt uns zu „{title}“ schon eine Antwort vor. Sie gilt unverändert weiter. Über Ihren persönlichen Link können Sie sie ändern. Wenn Sie sich nicht noch einmal anmelden wollten, ist nichts zu tun."),
                format!("we already have an answer to “{title}” from this e-mail address. It remains as it is. You can change it through your personal link. If you did not mean to register again, there is nothing to do."),
            ),
        ),
        _ => (
            language.pick(format!("Ihre Antwort: {title}"), format!("Your answer: {title}")),
            language.pick(format!("vielen Dank für Ihre Antwort zu „{title}“."), format!("thank you for your answer to “{title}”.")),
        ),
    };
    let open = published.event.is_open(now);
    let closing = if open {
        language.pick(
            format!("Der Link gehört nur Ihnen: Bitte leiten Sie diese E-Mail nicht weiter. Änderungen sind bis {} möglich.", language.date_time(draft.closes_at)),
            format!("The link is yours alone: please do not forward this e-mail. Changes are possible until {}.", language.date_time(draft.closes_at)),
        )
    } else {
        language.pick("Die Anmeldung ist inzwischen geschlossen.", "Registration has closed meanwhile.").to_owned()
    };
    Text {
        subject,
        paragraphs: vec![greeting(registration, language), opening],
        facts: facts(published, registration, language),
        button: Some((
            language.pick("Antwort ansehen oder ändern", "See or change your answer").to_owned(),
            link.to_owned(),
        )),
        closing: vec![closing],
    }
}

fn greeting(registration: &Registration, language: Language) -> String {
    let name =
        registration.reply.attendees.first().map(|person| format!("{} {}", person.first_name(), person.last_name()));
    language.pick(
        format!("Guten Tag {},", name.as_deref().unwrap_or_default()),
        format!("Hello {},", name.as_deref().unwrap_or_default()),
    )
}

fn facts(published: &Published, registration: &Registration, language: Language) -> Vec<(String, String)> {
    let draft = published.event.draft();
    let answer = published.event.answer(&registration.reply.answer).map_or("", |answer| answer.label.get(language));
    let names =
        registration.reply.attendees.iter().map(|person| format!("{} {}", person.first_name(), person.last_name()));
    let mut facts = vec![
        (language.pick("Wann", "When"), language.span(draft.starts_at, draft.ends_at)),
        (language.pick("Wo", "Where"), draft.location.clone()),
        (language.pick("Veranstalter", "Organiser"), draft.organiser.clone()),
    ];
    if registration.standing == Standing::Answered {
        facts.push((language.pick("Ihre Antwort", "Your answer"), answer.to_owned()));
        facts.push((language.pick("Teilnehmer", "Attendees"), names.collect::<Vec<_>>().join("\n")));
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The mail with a link to sign in.
#[must_use]
pub fn sign_in(link: &str, expires_at: Instant, language: Language) -> Text {
    let until = domain::calendar::local(expires_at).format("%H:%M");
    Text {
        subject: language.pick("Ihr Link zum Anmelden", "Your link to sign in").to_owned(),
        paragraphs: vec![
            language.pick("Guten Tag,", "Hello,").to_owned(),
            language.pick(
                format!("mit diesem Link melden Sie sich an. Er gilt einmal und bis {until} Uhr."),
                format!("this link signs you in. It works once, until {until}."),
            ),
        ],
        facts: Vec::new(),
        button: Some((language.pick("Anmelden", "Sign in").to_owned(), link.to_owned())),
        closing: vec![
            language
                .pick(
                    "Wenn Sie keinen Link angefordert haben, brauchen Sie nichts zu tun.",
                    "If you did not ask for a link, there is nothing to do.",
                )
                .to_owned(),
        ],
    }
}

/// Greeting and sender: what § 35a GmbHG asks of a business letter.
fn business_letter(seller: &Operator, language: Language) -> Vec<String> {
    let address = &seller.address;
    let sender = [format!("{} · {}, {} {}", seller.name, address.street, address.postal_code, address.city)]
        .into_iter()
        .chain(seller.register_lines(language))
        .collect::<Vec<_>>()
        .join(" · ");
    vec![language.pick("Mit freundlichen Grüßen", "Kind regards").to_owned(), sender]
}
