//! `/console/dunning`: what is overdue and how far it was reminded of, for the operator (I6).

mod levels;

use domain::calendar::Day;
use domain::dunning::form::fee;
use domain::dunning::{DunningTable, Next, Stop, is_collected};
use domain::ids::{AccountId, InvoiceId};
use domain::language::Language;
use domain::payment::form::returned;
use domain::problem::{FieldProblem, line};
use futures::future::try_join_all;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;
use platform::table::debits::ReturnedDebit;
use platform::table::dunning::{Looked, Reminding, When};
use platform::table::keys::{self, Key};

use crate::fields::{Form, form_token};
use crate::frame::{signed_page, signed_reply};
use crate::numbers::plain;
use crate::{Console, Signed};

/// Most open invoices of each part of the index that are shown.
const SHOWN: i32 = 100;
/// Invoices read at the same time.
const AT_ONCE: usize = 25;
/// Longest reason to stop, in characters.
const REASON_LENGTH: usize = 200;

impl Console {
    /// Pages below `/console/dunning`.
    pub(crate) async fn dunning(&self, signed: &Signed<'_>, segments: &[&str]) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        match segments {
            [] => self.overdue(signed).await,
            ["levels"] => self.levels(signed).await,
            [account, invoice] => {
                let (account, invoice) = read_path(account, invoice)?;
                self.reminded(signed, &account, &invoice, &[], &[]).await
            }
            _ => Err(Error::NotFound("path")),
        }
    }

    /// Forms sent to them.
    pub(crate) async fn change_dunning(
        &self,
        signed: &Signed<'_>,
        segments: &[&str],
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        match segments {
            ["levels"] => self.change_levels(signed, fields).await,
            [account, invoice, action] => {
                let (account, invoice) = read_path(account, invoice)?;
                self.act(signed, (&account, &invoice), action, fields).await
            }
            _ => Err(Error::NotFound("path")),
        }
    }

    async fn overdue(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let table = self.table.dunning_table().await?;
        let levels = table.clone().unwrap_or(DunningTable::off());
        let mut rows = Vec::new();
        for keys in self.table.open_invoices(None, SHOWN).await?.chunks(AT_ONCE) {
            rows.extend(try_join_all(keys.iter().map(|key| self.look(key, &levels))).await?);
        }
        let mut rows: Vec<Reminding> = rows
            .into_iter()
            .flatten()
            .filter(|row| row.next != Next::Over && row.standing.due_on() < signed.today)
            .collect();
        rows.sort_by_key(|row| (row.standing.due_on(), row.standing.invoice.number.clone()));
        let title = language.pick("Mahnungen", "Reminders");
        let content = html! {
            h1 { (title) }
            p class="lead" { (language.pick(
                "Rechnungen, die nach ihrem Fälligkeitstag nicht vollständig bezahlt sind.",
                "Invoices that have not been paid in full after the day they were due.")) }
            @if table.is_none() { (banner("note", &html! { p { (language.pick(
                "Noch wird niemand gemahnt: Prüfen Sie zuerst die Mahnstufen und speichern Sie sie.",
                "Nobody is reminded yet: please look through the levels first and save them.")) } })) }
            (list(&rows, &levels, language))
            p { a class="button quiet" href={ "/console/dunning/levels?lang=" (language.code()) } { (language.pick("Mahnstufen", "Levels")) } }
        };
        Ok(signed_page(signed, title, &content))
    }

    /// An invoice of the list; `None` if it is gone.
    async fn look(&self, key: &Key, levels: &DunningTable) -> Result<Option<Reminding>, Error> {
        match self.table.reminding(key, levels).await {
            Ok(reminding) => Ok(Some(reminding)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn reminded(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &InvoiceId,
        values: &[(String, String)],
        problems: &[FieldProblem],
    ) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let levels = self.table.dunning_table().await?.unwrap_or(DunningTable::off());
        let reminding = self.table.reminding(&keys::invoice(account, invoice), &levels).await?;
        let form = Form { values, problems, language };
        let title = format!("{} {}", language.pick("Rechnung", "Invoice"), reminding.standing.invoice.number);
        let content = html! {
            h1 { (title) }
            (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
            @if problems.is_empty() && query(signed.request, "saved").is_some() {
                (banner("good", &html! { p { (language.pick("Gespeichert.", "Saved.")) } }))
            }
            @if problems.is_empty() && query(signed.request, "sent").is_some() {
                (banner("good", &html! { p { (language.pick("Die Mahnung ist unterwegs.", "The reminder is on its way.")) } }))
            }
            (facts(&reminding, &levels, language))
            (actions(signed, &reminding, &form))
            p { a href={ "/console/dunning?lang=" (language.code()) } { (language.pick("Alle überfälligen Rechnungen", "All overdue invoices")) } }
        };
        Ok(signed_reply(form.status(), signed, &title, &content))
    }

    /// A click on the page of an invoice.
    async fn act(
        &self,
        signed: &Signed<'_>,
        (account, invoice): (&AccountId, &InvoiceId),
        action: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let key = keys::invoice(account, invoice);
        let mut done = "saved";
        match action {
            "pause" => match line(field(fields, "reason"), REASON_LENGTH) {
                Ok(reason) => self.table.pause_reminders(&key, Some(&reason), signed.today).await?,
                Err(problem) => {
                    let problems = [FieldProblem::new("reason", problem)];
                    return self.reminded(signed, account, invoice, fields, &problems).await;
                }
            },
            "resume" => self.table.pause_reminders(&key, None, signed.today).await?,
            "debit" => {
                if let Err(problems) = self.note_debit(signed, account, invoice, fields).await? {
                    return self.reminded(signed, account, invoice, fields, &problems).await;
                }
            }
            "now" => {
                let levels = self.table.dunning_table().await?.unwrap_or(DunningTable::off());
                // The form names the level it stands for, so that a second click does not send the one after.
                if let Ok(level) = field(fields, "level").parse()
                    && let Looked::Reached(_) =
                        self.table.remind(&key, &levels, When::Now { level }, self.clock.now()).await?
                {
                    done = "sent";
                }
            }
            _ => return Err(Error::NotFound("path")),
        }
        Ok(see_other(&format!("/console/dunning/{account}/{invoice}?{done}=1&lang={}", signed.language.code())))
    }
}

impl Console {
    /// Notes a direct debit that came back, or gives what is wrong in the form.
    async fn note_debit(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &InvoiceId,
        fields: &[(String, String)],
    ) -> Result<Result<(), Vec<FieldProblem>>, Error> {
        let standing = self.table.invoice(account, invoice).await?;
        let before = Day::parse(field(fields, "before")).ok();
        if standing.dunned.debit_failed_on != before {
            // The same form was sent twice, or somebody else was faster.
            return Ok(Ok(()));
        }
        let kept = standing.kept();
        let typed = |name| plain(field(fields, name).trim().trim_end_matches('€').trim_end(), signed.language);
        match (returned(&typed("amount"), kept), fee(&typed("fee"))) {
            (Ok(amount), Ok(fee)) => {
                let debit = ReturnedDebit { amount, fee, before };
                match self.table.debit_failed(account, invoice, debit, self.clock.now()).await {
                    Err(Error::Invalid(problems)) => Ok(Err(problems)),
                    noted => noted.map(Ok),
                }
            }
            (amount, fee) => {
                let amount = amount.err().map(|problem| FieldProblem::new("amount", problem));
                let fee = fee.err().map(|problem| FieldProblem::new("fee", problem));
                Ok(Err(amount.into_iter().chain(fee).collect()))
            }
        }
    }
}

fn read_path(account: &str, invoice: &str) -> Result<(AccountId, InvoiceId), Error> {
    let account = AccountId::parse(account).map_err(|_| Error::NotFound("account"))?;
    Ok((account, InvoiceId::parse(invoice).map_err(|_| Error::NotFound("invoice"))?))
}

fn list(rows: &[Reminding], levels: &DunningTable, language: Language) -> Markup {
    html! {
        div class="card" {
            @if rows.is_empty() { p class="empty" { (language.pick("Nichts ist überfällig.", "Nothing is overdue.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Rechnung", "Invoice")) } th { (language.pick("Kunde", "Customer")) }
                    th { (language.pick("Fällig am", "Due on")) } th class="number" { (language.pick("Offen", "Open")) }
                    th { (language.pick("Mahnstufe", "Level")) } th { (language.pick("Als Nächstes", "Next")) }
                } }
                tbody { @for row in rows { (line_of(row, levels, language)) } }
            } } }
        }
    }
}

fn line_of(row: &Reminding, levels: &DunningTable, language: Language) -> Markup {
    let (standing, invoice) = (&row.standing, &row.standing.invoice);
    let buyer = &invoice.draft.buyer;
    html! { tr {
        td class="nowrap" { a href={ "/console/dunning/" (buyer.id) "/" (invoice.id) "?lang=" (language.code()) } { (invoice.number) } }
        td { (buyer.name) }
        td class="nowrap" { (language.date(standing.due_on())) }
        td class="number" { (language.money(standing.open())) }
        td { (level_of(row, levels, language)) }
        td { (next_of(row, levels, language)) }
    } }
}

/// The level reached, with its day.
fn level_of(row: &Reminding, levels: &DunningTable, language: Language) -> String {
    let dunned = &row.standing.dunned;
    let title = levels.level(dunned.level).map(|level| level.title.get(language).to_owned());
    match (dunned.level, dunned.on) {
        (0, _) | (_, None) => "–".to_owned(),
        (number, Some(day)) => {
            let title = title.unwrap_or_else(|| format!("{} {number}", language.pick("Stufe", "Level")));
            format!("{title} ({})", language.short_date(day))
        }
    }
}

/// What happens next, or why nothing does.
fn next_of(row: &Reminding, levels: &DunningTable, language: Language) -> String {
    let paused = row.standing.dunned.paused.clone().unwrap_or_default();
    match row.next {
        Next::Over => language.pick("erledigt", "settled").to_owned(),
        Next::Collected => language.pick("wird per Lastschrift eingezogen", "collected by direct debit").to_owned(),
        Next::Stopped(Stop::Account) => {
            language.pick("Konto wird nicht gemahnt", "account gets no reminders").to_owned()
        }
        Next::Stopped(Stop::Undelivered) => language
            .pick(
                "E-Mail kam nicht an: Adresse prüfen und noch einmal senden",
                "mail did not arrive: check the address and send it again",
            )
            .to_owned(),
        Next::Stopped(Stop::Invoice) => format!("{} {paused}", language.pick("angehalten:", "stopped:")),
        Next::LastReached if levels.levels.is_empty() => "–".to_owned(),
        Next::LastReached => language.pick("letzte Stufe erreicht", "last level reached").to_owned(),
        Next::On { level, day } => {
            let title = levels.level(level).map_or("", |level| level.title.get(language));
            format!("{title}, {} {}", language.pick("am", "on"), language.short_date(day))
        }
    }
}

fn facts(reminding: &Reminding, levels: &DunningTable, language: Language) -> Markup {
    let (standing, invoice) = (&reminding.standing, &reminding.standing.invoice);
    html! {
        div class="card" { dl class="facts" {
            dt { (language.pick("Kunde", "Customer")) }
            dd { a href={ "/console/accounts/" (invoice.draft.buyer.id) "?lang=" (language.code()) } { (invoice.draft.buyer.name) } }
            dt { (language.pick("Fällig am", "Due on")) } dd { (language.date(standing.due_on())) }
            dt { (language.pick("Rechnungsbetrag", "Invoice amount")) } dd { (language.money(invoice.draft.due())) }
            dt { (language.pick("Gebühren", "Fees")) } dd { (language.money(standing.dunned.charged)) }
            dt { (language.pick("Eingegangen", "Received")) } dd { (language.money(standing.kept())) }
            dt { b { (language.pick("Offen", "Open")) } } dd { b { (language.money(standing.open())) } }
            dt { (language.pick("Mahnstufe", "Level")) } dd { (level_of(reminding, levels, language)) }
            dt { (language.pick("Als Nächstes", "Next")) } dd { (next_of(reminding, levels, language)) }
            @if let Some(day) = standing.dunned.debit_failed_on {
                dt { (language.pick("Lastschrift zurückgegeben am", "Direct debit returned on")) } dd { (language.date(day)) }
            }
        } }
    }
}

/// What the operator can do about an invoice.
fn actions(signed: &Signed<'_>, reminding: &Reminding, form: &Form<'_>) -> Markup {
    let (language, invoice) = (signed.language, &reminding.standing.invoice);
    let is_over = reminding.next == Next::Over;
    let noted_today = reminding.standing.dunned.debit_failed_on == Some(signed.today);
    let path = |action: &str| {
        format!("/console/dunning/{}/{}/{action}?lang={}", invoice.draft.buyer.id, invoice.id, language.code())
    };
    let page = format!("/console/invoices/{}/{}", invoice.draft.buyer.id, invoice.id);
    html! {
        div class="actions" {
            @if !is_over { a class="button quiet" href={ (page) "/payment?lang=" (language.code()) } { (language.pick("Zahlungseingang buchen", "Enter a payment")) } }
            a class="button quiet" href={ (page) "?lang=" (language.code()) } { (language.pick("Rechnung ansehen", "See the invoice")) }
        }
        @if let Next::On { level, .. } = reminding.next {
            form class="actions" method="post" action=(path("now")) {
                (form_token(signed))
                input type="hidden" name="level" value=(level);
                button type="submit" { (language.pick("Nächste Stufe jetzt senden", "Send next level now")) }
            }
        }
        @if is_over {
            // Nothing is reminded of, so there is nothing to stop.
        } @else if reminding.standing.dunned.paused.is_some() {
            form class="actions" method="post" action=(path("resume")) {
                (form_token(signed))
                button class="quiet" type="submit" { (language.pick("Wieder mahnen", "Go on with reminders")) }
            }
        } @else {
            form class="card" method="post" action=(path("pause")) novalidate {
                h2 { (language.pick("Mahnungen dieser Rechnung anhalten", "Stop reminders of this invoice")) }
                (form_token(signed))
                (form.input("reason", language.pick("Grund", "Reason"), "text", language.pick("zum Beispiel: Rückfrage des Kunden", "for example: customer has a question")))
                button class="quiet" type="submit" { (language.pick("Anhalten", "Stop")) }
            }
        }
        @if is_collected(invoice) && reminding.standing.cancelled_by.is_some() {
            p { (language.pick(
                "Diese Rechnung ist storniert, und was dafür eingegangen war, ist Guthaben des Kontos. Gibt die Bank die Lastschrift danach zurück, vermerken Sie das Guthaben als ausgezahlt: ",
                "This invoice has been cancelled, and what had arrived for it is credit of the account. If the bank returns the direct debit after that, note the credit as paid back: "))
                a href={ "/console/invoices/" (invoice.draft.buyer.id) "?lang=" (language.code()) } { (language.pick("Guthaben des Kontos", "credit of the account")) }
            }
        } @else if (is_collected(invoice) || form.has_problem("fee")) && !noted_today {
            (debit_form(signed, reminding, form, &path("debit")))
        }
    }
}

/// A direct debit that the bank returned, whether it was entered as paid or not.
fn debit_form(signed: &Signed<'_>, reminding: &Reminding, form: &Form<'_>, path: &str) -> Markup {
    let (language, kept) = (signed.language, reminding.standing.kept());
    let before = reminding.standing.dunned.debit_failed_on.map(|day| day.to_string()).unwrap_or_default();
    // What came after a debit was returned came in another way.
    let all = if before.is_empty() { kept.plain().replace('.', language.pick(",", ".")) } else { String::new() };
    let typed = form.values.iter().any(|(name, _)| name == "amount");
    let prefilled = [("amount".to_owned(), all)];
    let amount = if typed { *form } else { Form { values: &prefilled, ..*form } };
    html! {
        form class="card" method="post" action=(path) novalidate {
            h2 { (language.pick("Lastschrift wurde zurückgegeben", "A direct debit was returned")) }
            (form_token(signed))
            input type="hidden" name="before" value=(before);
            @if !kept.is_zero() {
                (amount.input("amount", language.pick("Zurückgegebener Betrag in Euro", "Amount returned, in euros"), "text", language.pick(
                    "Er war als Zahlung gebucht und wird zurückgenommen; die Rechnung ist dann wieder offen.",
                    "It was entered as a payment and is taken back; the invoice is open again then.")))
            }
            (form.input("fee", language.pick("Gebühr der Bank in Euro", "What the bank charged, in euros"), "text", language.pick(
                "Sie wird weitergegeben und steht in der nächsten Mahnung. Leer, wenn Sie keine weitergeben.",
                "It is passed on and stands in the next reminder. Empty if you pass none on.")))
            button class="quiet" type="submit" { (language.pick("Vermerken", "Note it")) }
        }
    }
}
