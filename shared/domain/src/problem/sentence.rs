//! What people read about a wrong field, in both languages.

use super::{Problem, held};
use crate::language::Language;

impl Problem {
    /// A sentence for people that says what would be right.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table with a row for each problem")]
    pub fn sentence(&self, language: Language) -> String {
        let pick = |de: &str, en: &str| language.pick(de, en).to_owned();
        match self {
            Self::Missing => pick("Bitte füllen Sie dieses Feld aus.", "Please fill in this field."),
            Self::TooLong { most } => language.pick(
                format!("Bitte verwenden Sie höchstens {most} Zeichen."),
                format!("Please use at most {most} characters."),
            ),
            Self::ControlCharacters => pick(
                "Bitte verwenden Sie hier keine Zeilenumbrüche oder Steuerzeichen.",
                "Please use no line breaks or control characters here.",
            ),
            Self::NotAnEmail => pick(
                "Bitte geben Sie eine gültige E-Mail-Adresse an, zum Beispiel name@beispiel.de.",
                "Please give a valid e-mail address, for example name@example.org.",
            ),
            Self::UnknownAnswer { .. } => pick("Bitte wählen Sie eine Antwort aus.", "Please choose an answer."),
            Self::TooManyAttendees { most } => language.pick(
                format!("Je Anmeldung sind höchstens {most} Teilnehmer möglich."),
                format!("One registration can name at most {most} attendees."),
            ),
            Self::NoPlaceLeft => pick(
                "Für diese Anmeldung sind leider nicht mehr genügend Plätze frei. Sie können weniger Teilnehmer angeben oder absagen.",
                "Sorry, there are not enough places left for this registration. You can name fewer attendees or decline.",
            ),
            Self::OutOfRange { least, most } => language.pick(
                format!("Bitte geben Sie eine ganze Zahl von {least} bis {most} an."),
                format!("Please give a whole number from {least} to {most}."),
            ),
            Self::Answers => pick(
                "Bitte geben Sie 1 bis 10 Antworten mit je eigenem Schlüssel an.",
                "Please give 1 to 10 answers, each with a key of its own.",
            ),
            Self::EndNotAfterStart => {
                pick("Das Ende muss nach dem Beginn liegen.", "The end has to be after the start.")
            }
            Self::InThePast => pick("Das liegt schon in der Vergangenheit.", "This lies in the past already."),
            Self::ClosesAfterEnd => pick(
                "Die Anmeldung muss spätestens mit dem Ende der Veranstaltung schließen.",
                "Registration has to close by the end of the event.",
            ),
            Self::HoldsAddress => pick(
                "Bitte geben Sie nur den Namen an, keine Internetadresse.",
                "Please give the name only, no web address.",
            ),
            Self::NotATime => pick("Bitte geben Sie Datum und Uhrzeit an.", "Please give a date and a time."),
            Self::NotASlug => pick(
                "Bitte verwenden Sie 1 bis 63 Kleinbuchstaben, Ziffern und Bindestriche, am Anfang und Ende keinen Bindestrich.",
                "Please use 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end.",
            ),
            Self::SlugTaken => pick(
                "Diese Adresse ist schon vergeben. Bitte wählen Sie eine andere.",
                "This address is taken. Please choose another one.",
            ),
            Self::NotAPostalCode => pick(
                "Bitte geben Sie eine Postleitzahl aus fünf Ziffern an.",
                "Please give a postal code of five digits.",
            ),
            Self::NotACountry => pick(
                "Bitte geben Sie das Land mit den zwei Buchstaben nach ISO 3166-1 an, zum Beispiel DE. Griechenland ist GR, das Vereinigte Königreich GB.",
                "Please give the country by its two letters of ISO 3166-1, for example DE. Greece is GR, the United Kingdom GB.",
            ),
            Self::NotAVatId => pick(
                "Bitte prüfen Sie die USt-IdNr. Eine deutsche besteht aus DE und neun Ziffern, jede andere beginnt mit dem Kürzel ihres Landes; auch die Prüfziffer muss stimmen.",
                "Please check the VAT id. A German one is DE and nine digits, any other begins with the letters of its country; its check digit has to be right, too.",
            ),
            Self::NotAnIban => pick(
                "Diese IBAN stimmt nicht. Bitte prüfen Sie, ob alle Zeichen richtig und vollständig sind.",
                "This IBAN is not right. Please check that all its characters are there and correct.",
            ),
            Self::NotABic => pick(
                "Bitte geben Sie einen BIC aus 8 oder 11 Buchstaben und Ziffern an, zum Beispiel COBADEFFXXX.",
                "Please give a BIC of 8 or 11 letters and digits, for example COBADEFFXXX.",
            ),
            Self::NotAPrefix => pick(
                "Bitte verwenden Sie 1 bis 10 Großbuchstaben von A bis Z, keine Ziffern.",
                "Please use 1 to 10 capital letters from A to Z, no digits.",
            ),
            Self::NotACreditorId => pick(
                "Diese Gläubiger-Identifikationsnummer stimmt nicht. Eine deutsche hat 18 Stellen, zum Beispiel DE98ZZZ09999999999.",
                "This creditor identifier is not right. A German one has 18 characters, for example DE98ZZZ09999999999.",
            ),
            Self::NotAMandateReference => pick(
                "Bitte verwenden Sie nur Buchstaben von A bis Z, Ziffern und + ? - : ( ) . , ' / ohne Leerzeichen; kein Schrägstrich am Anfang, nie zwei hintereinander.",
                "Please use only letters from A to Z, digits and + ? - : ( ) . , ' / without blanks; no slash at the beginning, never two in a row.",
            ),
            Self::NoCreditorId => pick(
                "Für Lastschriften fehlt die Gläubiger-Identifikationsnummer. Tragen Sie sie zuerst beim Rechnungssteller ein.",
                "Direct debits need a creditor identifier. Please enter it for the issuer of the invoices first.",
            ),
            Self::NotALeitwegId => pick(
                "Diese Leitweg-ID stimmt nicht. Sie besteht aus Grobadresse, Feinadresse und zwei Prüfziffern, zum Beispiel 04011000-1234512345-06.",
                "This Leitweg-ID is not right. It consists of a coarse address, a fine address and two check digits, for example 04011000-1234512345-06.",
            ),
            Self::InTheFuture => pick("Dieser Tag liegt in der Zukunft.", "This day lies in the future."),
            Self::NotAWebsite => pick(
                "Bitte geben Sie eine Internetadresse an, zum Beispiel www.beispiel.de.",
                "Please give the address of a web site, for example www.example.org.",
            ),
            Self::NotAColour => pick(
                "Bitte geben Sie die Farbe mit # und sechs Zeichen von 0 bis f an, zum Beispiel #1f6f54.",
                "Please give the colour as # and six characters from 0 to f, for example #1f6f54.",
            ),
            Self::TooLight { contrast_tenths } => {
                let (whole, tenth) = (contrast_tenths / 10, contrast_tenths % 10);
                language.pick(
                    format!("Diese Farbe ist zu hell, um auf weißem Papier lesbar zu sein: Ihr Kontrast ist {whole},{tenth} : 1, nötig sind 4,5 : 1."),
                    format!("This colour is too light to be read on white paper: its contrast is {whole}.{tenth} : 1, but 4.5 : 1 is needed."),
                )
            }
            Self::NotANumberFormat => pick(
                "Möglich sind {prefix}, dann {year} oder {yy}, dann {number} oder etwa {number:5}, jeweils mit Bindestrich, Punkt oder Unterstrich dazwischen. So bleibt jede Nummer einmalig, auch wenn sich das Format später ändert.",
                "It has to be {prefix}, then {year} or {yy}, then {number} or for example {number:5}, with a hyphen, dot or underscore in between. So each number stays unique, even if the format changes later.",
            ),
            Self::PrefixTaken => pick(
                "Dieses Kürzel verwendet schon der andere Rechnungssteller. Jeder braucht ein eigenes, damit seine Nummern lückenlos sind.",
                "The other issuer uses these letters already. Each needs its own, so that its numbers have no gaps.",
            ),
            Self::NotAnImage => pick(
                "Das ist kein Bild, das gedruckt werden kann. Bitte wählen Sie eine unbeschädigte PNG- oder JPEG-Datei (kein CMYK).",
                "This is not a picture that can be printed. Please choose an undamaged PNG or JPEG file (no CMYK).",
            ),
            Self::ImageSize { least, most } => language.pick(
                format!("Breite und Höhe des Bildes müssen zwischen {least} und {most} Pixeln liegen."),
                format!("Width and height of the picture have to be between {least} and {most} pixels."),
            ),
            Self::FileTooLarge { most_kilobytes } => language.pick(
                format!("Die Datei darf höchstens {most_kilobytes} KB groß sein."),
                format!("The file may have at most {most_kilobytes} KB."),
            ),
            Self::NotAnAmount { most } => language.pick(
                format!(
                    "Bitte geben Sie einen Betrag von 0 bis {} Euro an, zum Beispiel 7,50.",
                    Language::De.number((*most).into())
                ),
                format!(
                    "Please give an amount from 0 to {} euros, for example 7.50.",
                    Language::En.number((*most).into())
                ),
            ),
            Self::NotAPayment { most } => {
                let most = language.number((*most).into());
                language.pick(
                    format!("Bitte geben Sie einen Betrag über null bis {most} Euro an, zum Beispiel 119,00. Was zurückgenommen wird, bekommt ein Minus davor."),
                    format!("Please give an amount above zero, up to {most} euros, for example 119.00. Put a minus in front of what is taken back."),
                )
            }
            Self::MoreThanReceived { received } => {
                let received = language.money(*received);
                language.pick(
                    format!("Zurücknehmen lässt sich höchstens, was für diese Rechnung gebucht ist: {received}. Was darüber hinaus eingegangen war, ist Guthaben des Kontos."),
                    format!("No more can be taken back than is booked for this invoice: {received}. What had arrived beyond it is credit of the account."),
                )
            }
            Self::EnteredBefore { amount } => {
                let amount = language.money(*amount);
                language.pick(
                    format!("Mit diesem Formular wurden schon {amount} gebucht. Für eine weitere Zahlung öffnen Sie es bitte neu."),
                    format!("{amount} has been entered with this form already. Please open it again for another payment."),
                )
            }
            Self::Deducted => pick(
                "Eine andere Rechnung zieht diese Anzahlung ab. Stornieren Sie zuerst jene, oder verwerfen Sie den Entwurf ihrer Korrektur.",
                "Another invoice deducts this down payment. Please cancel that one first, or discard the draft of its correction.",
            ),
            Self::NotAPercentage { least, most } => {
                let [least, most] = [least, most].map(|bound| language.number(*bound));
                language.pick(
                    format!("Bitte geben Sie einen Prozentsatz von {least} bis {most} an, mit höchstens zwei Nachkommastellen."),
                    format!("Please give a percentage from {least} to {most}, with at most two decimal places."),
                )
            }
            Self::NotEmails { wrong } => language.pick(
                format!("Keine gültige E-Mail-Adresse: {}.", wrong.join(", ")),
                format!("Not a valid e-mail address: {}.", wrong.join(", ")),
            ),
            Self::TooManyEmails { most } => language.pick(
                format!("Bitte geben Sie höchstens {most} E-Mail-Adressen auf einmal an."),
                format!("Please give at most {most} e-mail addresses at once."),
            ),
            Self::TooManyKeys { most } => language.pick(
                format!(
                    "Es gelten schon {most} Schlüssel. Bitte widerrufen Sie zuerst einen, den Sie nicht mehr brauchen."
                ),
                format!("{most} keys work already. Please revoke one that you no longer need first."),
            ),
            Self::NotAPayer => pick(
                "Bitte geben Sie die Kundennummer eines anderen Kontos an, dessen Tarif Unterkonten erlaubt und das selbst kein Unterkonto ist.",
                "Please give the customer number of another account whose plan allows sub-accounts and that is no sub-account itself.",
            ),
            Self::NotAllowed { expected } => language
                .pick(format!("Möglich ist hier nur: {expected}."), format!("Only this is possible here: {expected}.")),
            Self::NotOneOf { known } => {
                let known = known.join(", ");
                language.pick(
                    format!("Das gibt es nicht. Es gibt: {known}."),
                    format!("There is none. There are: {known}."),
                )
            }
            Self::TooManyLines { most } => language.pick(
                format!("Möglich sind höchstens {most} Positionen."),
                format!("There can be at most {most} lines."),
            ),
            Self::NotADecimal { places } => language.pick(
                format!("Bitte geben Sie eine Zahl mit höchstens {places} Nachkommastellen an."),
                format!("Please give a number with at most {places} decimal places."),
            ),
            Self::Zero => {
                pick("Bitte geben Sie eine andere Zahl als null an.", "Please give a number other than zero.")
            }
            Self::NothingToPay => pick("Die Summe muss größer als null sein.", "The total has to be above zero."),
            Self::UnknownAccount => {
                pick("Ein Konto mit dieser Kundennummer gibt es nicht.", "There is no account of this customer number.")
            }
            Self::BelowZero => pick(
                "Das darf nicht negativ sein. Was abgezogen wird, bekommt eine negative Menge.",
                "This cannot be negative. What is deducted gets a negative quantity.",
            ),
            Self::NotADay => pick("Bitte geben Sie einen Tag an.", "Please give a day."),
            Self::EndsBeforeStart => {
                pick("Der letzte Tag liegt vor dem ersten.", "The last day lies before the first.")
            }
            Self::Held(reason) => held::sentence(reason, language),
            Self::Record(problem) => problem.sentence(language),
            Self::Mistake { text } => text.clone(),
        }
    }
}
