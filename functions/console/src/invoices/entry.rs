//! Invoices entered by hand, for the operator: entered, looked at, issued or thrown away.

use domain::account::{Account, Operator};
use domain::calendar::Day;
use domain::catalog::charge::Issuer;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::InvoiceKind;
use domain::manual::Entered;
use domain::problem::{FieldProblem, Problem};
use http::{Response, StatusCode};
use lambda_http::Body;
use maud::html;
use platform::entropy;
use platform::error::Error;
use platform::http::{field, see_other};
use platform::page::banner;
use platform::table::manual::Kept;
use platform::table::singles::{Issued, Single};

use super::form::{self, Typed};
use super::sheet::{Sheet, sheet};
use crate::fields::form_token;
use crate::frame::signed_reply;
use crate::{Console, Signed};

/// Most bytes of the form: 200 lines of seven fields.
pub(crate) const FORM_LIMIT: usize = 256 * 1024;

/// What a preview says above what it shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    /// It is no longer what was looked at.
    Changed,
}

impl Console {
    /// `GET /console/invoices/{account}/new`.
    pub(crate) async fn new_invoice(&self, signed: &Signed<'_>, account: &AccountId) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let account = self.table.account(account).await?;
        let typed = Typed::new(&entropy::invoice_id()?, Day::of(self.clock.now()));
        Ok(form::page(signed, &account, &typed, &[], self.has_partner().await?))
    }

    /// `GET /console/invoices/{account}/drafts/{id}/edit`.
    pub(crate) async fn edit_draft(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        id: &str,
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let account = self.table.account(account).await?;
        let kept = self.kept(&account.id, id).await?;
        let typed = Typed::of(&kept, signed.language);
        Ok(form::page(signed, &account, &typed, &[], self.has_partner().await?))
    }

    /// `POST` of the form: adds or takes away a line, or keeps what was entered.
    pub(crate) async fn enter_invoice(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let account = self.table.account(account).await?;
        let partner = self.has_partner().await?;
        let mut typed = Typed::read(fields);
        let id = InvoiceId::parse(&typed.id).map_err(|_| Error::NotFound("draft"))?;
        match field(fields, "action") {
            "add_line" => typed.lines.add(),
            action if action.starts_with("remove_") => typed.lines.remove(action),
            _ => {
                typed.lines.keep_filled();
                return match typed.entered(signed.language) {
                    Ok(entered) => self.keep(signed, &account, (id, &typed), entered, partner).await,
                    Err(problems) => Ok(form::page(signed, &account, &typed, &problems, partner)),
                };
            }
        }
        Ok(form::page(signed, &account, &typed, &[], partner))
    }

    async fn keep(
        &self,
        signed: &Signed<'_>,
        account: &Account,
        (id, typed): (InvoiceId, &Typed),
        mut entered: Entered,
        partner: bool,
    ) -> Result<Response<Body>, Error> {
        if entered.issuer == Issuer::Partner && !partner {
            let problem = Problem::NotOneOf { known: vec![Issuer::Operator.code().to_owned()] };
            return Ok(form::page(signed, account, typed, &[FieldProblem::new("issuer", problem)], partner));
        }
        let preview = format!("/console/invoices/{}/drafts/{id}?lang={}", account.id, signed.language.code());
        let today = Day::of(self.clock.now());
        let mut kept = Kept::new(id, entered.clone(), today);
        if typed.revision > 0 {
            let Some(before) = self.table.kept_draft(&account.id, &kept.id).await? else {
                return Ok(see_other(&preview));
            };
            // What it corrects is not typed and stays.
            if before.entered.kind == InvoiceKind::Correction {
                entered.kind = InvoiceKind::Correction;
            }
            entered.references = before.entered.references;
            kept = Kept { entered, revision: typed.revision.saturating_add(1), ..kept };
        }
        // Kept by a click before this one, or changed meanwhile: the preview shows what is kept.
        let done = self.table.keep_draft(&account.id, &kept).await?;
        Ok(see_other(&if done { preview } else { format!("{preview}&changed=1") }))
    }

    /// `GET /console/invoices/{account}/drafts/{id}`: how it would look if it was issued now.
    pub(crate) async fn draft(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        id: &str,
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let said =
            if platform::http::query(signed.request, "changed").is_some() { Said::Changed } else { Said::Nothing };
        let invoice = InvoiceId::parse(id).map_err(|_| Error::NotFound("draft"))?;
        let Some(kept) = self.table.kept_draft(account, &invoice).await? else {
            return self.issued_already(signed, account, &invoice).await;
        };
        let account = self.table.account(account).await?;
        self.preview(signed, &account, &kept, said).await
    }

    /// `POST /console/invoices/{account}/drafts/{id}`: issues or discards it.
    pub(crate) async fn decide_draft(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        id: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let code = signed.language.code();
        let invoice = InvoiceId::parse(id).map_err(|_| Error::NotFound("draft"))?;
        if field(fields, "action") == "discard" {
            self.table.discard_draft(account, &invoice).await?;
            return Ok(see_other(&format!("/console/invoices/{account}?lang={code}")));
        }
        let Some(kept) = self.table.kept_draft(account, &invoice).await? else {
            return self.issued_already(signed, account, &invoice).await;
        };
        let account = self.table.account(account).await?;
        let now = self.clock.now();
        let seller = self.seller(kept.entered.issuer).await?;
        let single = match kept.single(&seller, &account, Day::of(now)) {
            Ok(single) if shown(fields, &kept, &single) => single,
            // Prices are fixed, but the buyer, the seller or the entries are not what was looked at.
            Ok(_) => return self.preview(signed, &account, &kept, Said::Changed).await,
            Err(_) => return self.preview(signed, &account, &kept, Said::Nothing).await,
        };
        match self.table.issue_draft(&kept, &single, now).await? {
            Issued::Now(_) | Issued::Before(_) => {
                Ok(see_other(&format!("/console/invoices/{}/{invoice}?issued=1&lang={code}", account.id)))
            }
            Issued::Refused => {
                Ok(see_other(&format!("/console/invoices/{}/drafts/{invoice}?changed=1&lang={code}", account.id)))
            }
        }
    }

    async fn preview(
        &self,
        signed: &Signed<'_>,
        account: &Account,
        kept: &Kept,
        said: Said,
    ) -> Result<Response<Body>, Error> {
        let (language, today) = (signed.language, Day::of(self.clock.now()));
        let seller = self.seller(kept.entered.issuer).await?;
        let single = kept.single(&seller, account, today);
        let (mut status, mut held) = (StatusCode::OK, None);
        if said == Said::Changed {
            status = StatusCode::CONFLICT;
        }
        if let Err(reason) = &single {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            held = Some(Problem::Held(reason.clone()).sentence(language));
        }
        let credit = self.table.credit(&account.id).await?.of(kept.entered.issuer);
        let single = single.map(|single| {
            let draft = domain::credit::apply_credit(single.draft.clone(), credit);
            Single { draft, ..single }
        });
        let title = language.pick("Entwurf einer Rechnung", "Draft of an invoice");
        let address = format!("/console/invoices/{}/drafts/{}", account.id, kept.id);
        let content = html! {
            h1 { (title) }
            p class="lead" { a href={ "/console/invoices/" (account.id) "?lang=" (language.code()) } { (account.name) } }
            @if said == Said::Changed { (banner("note", &html! { p { (language.pick(
                "Der Entwurf oder das Konto hat sich geändert. So sähe die Rechnung jetzt aus.",
                "The draft or the account has changed. This is how the invoice would look now.")) } })) }
            @if let Some(sentence) = &held { (banner("bad", &html! { p { (sentence) } })) }
            @if let Ok(single) = &single {
                (sheet(&Sheet { seller: &seller, draft: &single.draft, issued_on: today, due_on: single.due_on }, language))
            }
            form class="actions" method="post" action={ (address) "?lang=" (language.code()) } {
                (form_token(signed))
                input type="hidden" name="revision" value=(kept.revision);
                @if let Ok(single) = &single {
                    input type="hidden" name="gross" value=(single.draft.totals.gross.plain());
                    button type="submit" name="action" value="issue" { (language.pick("Rechnung ausstellen", "Issue invoice")) }
                }
                a class="button quiet" href={ (address) "/edit?lang=" (language.code()) } { (language.pick("Bearbeiten", "Edit")) }
                button class="danger" type="submit" name="action" value="discard" { (language.pick("Verwerfen", "Discard")) }
            }
            p class="hint" { (language.pick(
                "Beim Ausstellen bekommt die Rechnung ihre Nummer und geht per E-Mail an den Kunden. Danach ändert sie sich nicht mehr.",
                "When it is issued, the invoice gets its number and is mailed to the customer. It does not change after that.")) }
        };
        Ok(signed_reply(status, signed, title, &content))
    }

    /// A draft that is gone was issued or discarded.
    async fn issued_already(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &InvoiceId,
    ) -> Result<Response<Body>, Error> {
        self.table.invoice(account, invoice).await?;
        Ok(see_other(&format!("/console/invoices/{account}/{invoice}?issued=1&lang={}", signed.language.code())))
    }

    async fn kept(&self, account: &AccountId, id: &str) -> Result<Kept, Error> {
        let id = InvoiceId::parse(id).map_err(|_| Error::NotFound("draft"))?;
        self.table.kept_draft(account, &id).await?.ok_or(Error::NotFound("draft"))
    }

    /// Who issues invoices in a name.
    pub(crate) async fn seller(&self, issuer: Issuer) -> Result<Operator, Error> {
        let missing = || Error::NotYet(format!("the {} has not been entered", issuer.code()));
        self.table.issuer(issuer).await?.ok_or_else(missing)
    }

    /// Whether a service partner was entered, in whose name invoices can be issued (Z7).
    pub(crate) async fn has_partner(&self) -> Result<bool, Error> {
        Ok(self.table.issuer(Issuer::Partner).await?.is_some())
    }
}

/// Whether what is issued is what was looked at.
fn shown(fields: &[(String, String)], kept: &Kept, single: &Single) -> bool {
    field(fields, "revision") == kept.revision.to_string()
        && field(fields, "gross") == single.draft.totals.gross.plain()
}
