//! `GET /legal`: who runs this, and what happens to personal data (§ 5 DDG, Art. 13 GDPR).

use domain::language::Language;
use http::{Response, StatusCode};
use lambda_http::{Body, Request};
use maud::html;
use platform::error::Error;
use platform::http::language;

use crate::pages::public_page;

/// What happens to personal data, paragraph by paragraph: it says what this program does and nothing else.
const PRIVACY: [(&str, &str); 5] = [
    (
        "Wenn Sie auf eine Einladung antworten, speichern wir die Namen der Teilnehmer, Ihre E-Mail-Adresse, Ihre Antwort und die Zeitpunkte. Verantwortlich ist der Veranstalter, der auf der Anmeldeseite genannt ist; wir verarbeiten die Daten in seinem Auftrag (Art. 28 DSGVO), damit er die Veranstaltung durchführen kann (Art. 6 Abs. 1 Buchst. b und f DSGVO).",
        "When you answer an invitation, we store the names of the attendees, your e-mail address, your answer and the times. The controller is the organiser named on the registration page; we process the data on its behalf (Art. 28 GDPR) so that the event can take place (Art. 6 (1) (b) and (f) GDPR).",
    ),
    (
        "Über den persönlichen Link in der Bestätigung können Sie Ihre Angaben jederzeit ansehen und, solange die Anmeldung offen ist, ändern oder zurückziehen. Für Auskunft, Berichtigung und Löschung wenden Sie sich bitte an den Veranstalter oder an uns; außerdem können Sie sich bei einer Datenschutzaufsicht beschweren.",
        "Through the personal link in the confirmation you can see your entries at any time and, while registration is open, change or withdraw them. For access, correction and erasure please contact the organiser or us; you can also complain to a data protection authority.",
    ),
    (
        "Die Daten liegen verschlüsselt in Rechenzentren von Amazon Web Services in der Europäischen Union. E-Mails verschickt Amazon SES. Wer eine Rechnung online bezahlt, wird zu Stripe weitergeleitet; Stripe erhält dafür Rechnungsnummer, Betrag und E-Mail-Adresse. USt-IdNrn. von Geschäftskunden in anderen EU-Staaten prüfen wir beim Dienst VIES der Europäischen Kommission.",
        "The data is kept encrypted in data centres of Amazon Web Services in the European Union. E-mails are sent by Amazon SES. Whoever pays an invoice online is taken to Stripe, which receives the invoice number, the amount and the e-mail address for that. VAT ids of business customers in other member states are checked with VIES, a service of the European Commission.",
    ),
    (
        "Die öffentlichen Seiten setzen keine Cookies, führen keine Skripte aus und laden nichts von anderen Servern. Nur wer sich in der Konsole anmeldet, erhält ein Cookie für diese Sitzung.",
        "The public pages set no cookies, run no scripts and load nothing from other servers. Only those who sign in to the console get a cookie for that session.",
    ),
    (
        "Unsere Protokolle enthalten weder Namen noch E-Mail-Adressen noch persönliche Links.",
        "Our logs contain neither names nor e-mail addresses nor personal links.",
    ),
];

impl crate::Registration {
    pub(crate) async fn legal(&self, request: &Request) -> Result<Response<Body>, Error> {
        let language: Language = language(request);
        let operator = self.table.operator().await?;
        let address = &operator.address;
        let title = language.pick("Impressum und Datenschutz", "Legal notice and privacy");
        let content = html! {
            h1 { (title) }
            div class="card" {
                h2 { (language.pick("Impressum", "Legal notice")) }
                p { b { (operator.name) } br; (address.street) br; (address.postal_code) " " (address.city) }
                dl class="facts" {
                    @if !operator.directors.is_empty() { dt { (language.pick("Vertreten durch", "Represented by")) } dd { (operator.directors) } }
                    dt { (language.pick("Telefon", "Telephone")) } dd { (operator.phone) }
                    dt { (language.pick("E-Mail", "E-mail")) } dd { a href={ "mailto:" (operator.email.as_str()) } { (operator.email.as_str()) } }
                    @if !operator.register.is_empty() { dt { (language.pick("Register", "Register")) } dd { (operator.register) } }
                    @if !operator.vat_id.is_empty() { dt { (language.pick("USt-IdNr.", "VAT id")) } dd { (operator.vat_id) } }
                }
            }
            div class="card" {
                h2 { (language.pick("Datenschutz", "Privacy")) }
                @for (de, en) in PRIVACY { p { (language.pick(de, en)) } }
            }
        };
        Ok(public_page(StatusCode::OK, language, title, "/legal", &content))
    }
}
