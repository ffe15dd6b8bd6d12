//! `/console/offers/{account}`: binding offers to an account (O1), for the operator: written, sent, their acceptance
//! recorded where it came in another way, delivered and invoiced.

mod form;
mod page;

use domain::calendar::Day;
use domain::ids::{AccountId, OfferId};
use domain::offer::form::{NAME_LENGTH, name as read_name};
use domain::offer::state::{Action, How, Refusal, Standing, State, decide};
use domain::problem::{FieldProblem, Problem, line};
use http::{Response, StatusCode};
use lambda_http::Body;
use platform::entropy;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::table::offers::{DownPaid, Kept, Settled};

use crate::{Console, Signed};
use form::Typed;
use page::Said;

impl Console {
    pub(crate) async fn show_offers(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        rest: &[&str],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let details = self.table.account(account).await?;
        let today = Day::of(self.clock.now());
        match rest {
            [] => Ok(page::list(signed, &details, &self.table.offers(account).await?, today)),
            ["new"] => {
                let typed = Typed::new(&entropy::offer_id()?, today);
                Ok(form::page(signed, &details, &typed, &[], &self.one_off_prices(account).await?))
            }
            [offer] => {
                let kept = self.table.offer(account, &id(offer)?).await?;
                let changed = query(signed.request, "changed").is_some();
                let said = if changed { Said::Changed } else { Said::Nothing };
                Ok(self.offer_page(signed, &kept, &said, &[]).await?)
            }
            [offer, "edit"] => {
                let kept = self.table.offer(account, &id(offer)?).await?;
                if kept.state != State::Draft {
                    return Err(Error::NotFound("draft of an offer"));
                }
                let typed = Typed::of(&kept, signed.language);
                Ok(form::page(signed, &details, &typed, &[], &self.one_off_prices(account).await?))
            }
            _ => Err(Error::NotFound("path")),
        }
    }

    pub(crate) async fn change_offers(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        rest: &[&str],
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        match rest {
            ["new"] => self.write_offer(signed, account, fields).await,
            [offer] => self.act_on_offer(signed, account, &id(offer)?, fields).await,
            _ => Err(Error::NotFound("path")),
        }
    }

    async fn write_offer(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let details = self.table.account(account).await?;
        let (today, prices) = (Day::of(self.clock.now()), self.one_off_prices(account).await?);
        let mut typed = Typed::read(fields);
        let offer = id(&typed.id)?;
        match field(fields, "action") {
            "add_item" => typed.items.add(),
            "add_price" => typed.add_price(field(fields, "price"), &prices, signed.language),
            action if action.starts_with("remove_") => typed.items.remove(action),
            _ => {
                typed.items.keep_filled();
                let read = typed.offer(offer, (details.id.clone(), details.language), today, signed.language);
                return match read {
                    Ok(offer) => self.keep_offer(signed, offer, typed.revision).await,
                    Err(problems) => Ok(form::page(signed, &details, &typed, &problems, &prices)),
                };
            }
        }
        Ok(form::page(signed, &details, &typed, &[], &prices))
    }

    async fn keep_offer(
        &self,
        signed: &Signed<'_>,
        offer: domain::offer::Offer,
        revision: u32,
    ) -> Result<Response<Body>, Error> {
        let address = format!("/console/offers/{}/{}?lang={}", offer.account, offer.id, signed.language.code());
        let mut kept = Kept::new(offer);
        if revision > 0 {
            let known = self.table.offer(&kept.offer.account, &kept.offer.id).await?;
            // What was sent meanwhile is not changed any more.
            if known.state != State::Draft || known.revision != revision {
                return Ok(see_other(&format!("{address}&changed=1")));
            }
            kept.revision = revision.saturating_add(1);
        }
        let done = self.table.keep_offer(&kept).await?;
        Ok(see_other(&if done || revision == 0 { address } else { format!("{address}&changed=1") }))
    }

    async fn act_on_offer(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        offer: &OfferId,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let (now, kept) = (self.clock.now(), self.table.offer(account, offer).await?);
        let address = format!("/console/offers/{account}/{offer}?lang={}", signed.language.code());
        if field(fields, "action") == "down_payment" {
            return match self.table.invoice_down_payment((account, offer), None, now).await? {
                DownPaid::Invoiced(_) | DownPaid::Nothing => Ok(see_other(&address)),
                DownPaid::Held(reason) => self.offer_page(signed, &kept, &Said::Held(reason), fields).await,
            };
        }
        let action = match self.action(signed, &kept, fields) {
            Ok(action) => action,
            Err(problems) => return self.offer_page(signed, &kept, &Said::Wrong(problems), fields).await,
        };
        let policy = self.table.policy().await?;
        let state = match decide((&kept.offer, &kept.state), action, (&kept.content(), &policy), now) {
            Ok(state) => state,
            // A second click finds what the first one did.
            Err(Refusal::Delivered) => return Ok(see_other(&address)),
            Err(refusal) => return self.offer_page(signed, &kept, &Said::Refused(refusal), fields).await,
        };
        if let State::Delivered(..) = &state {
            return match self.table.settle_offer(&kept, state, now).await? {
                Settled::By(invoice) => Ok(see_other(&format!(
                    "/console/invoices/{account}/{invoice}?issued=1&lang={}",
                    signed.language.code()
                ))),
                Settled::Held(reason) => self.offer_page(signed, &kept, &Said::Held(reason), fields).await,
                Settled::Meanwhile => Ok(see_other(&format!("{address}&changed=1"))),
            };
        }
        let done = self.table.move_offer(&kept, state, now).await?;
        Ok(see_other(&if done { address } else { format!("{address}&changed=1") }))
    }

    /// What a button asks for, with what was typed beside it.
    fn action(
        &self,
        signed: &Signed<'_>,
        kept: &Kept,
        fields: &[(String, String)],
    ) -> Result<Action, Vec<FieldProblem>> {
        match field(fields, "action") {
            "send" => Ok(Action::Send),
            "decline" => Ok(Action::Decline),
            "withdraw" => Ok(Action::Withdraw),
            "deliver" => {
                let day = Day::parse(field(fields, "delivered_on").trim());
                day.map(Action::Deliver).map_err(|_| vec![FieldProblem::new("delivered_on", Problem::NotADay)])
            }
            _ => {
                let (name, way) = (read_name(field(fields, "name")), line(field(fields, "way"), NAME_LENGTH));
                let mut problems = Vec::new();
                problems.extend(name.as_ref().err().map(|problem| FieldProblem::new("name", problem.clone())));
                problems.extend(way.as_ref().err().map(|problem| FieldProblem::new("way", problem.clone())));
                match (name, way) {
                    (Ok(name), Ok(way)) => {
                        let how = How::Recorded { by: signed.email.as_str().to_owned(), way };
                        Ok(Action::Accept { name, how, content: kept.content() })
                    }
                    _ => Err(problems),
                }
            }
        }
    }

    async fn offer_page(
        &self,
        signed: &Signed<'_>,
        kept: &Kept,
        said: &Said,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let account = self.table.account(&kept.offer.account).await?;
        let seller = self.table.operator().await?;
        let policy = self.table.policy().await?;
        let standing = kept.state.on(&kept.offer, Day::of(self.clock.now()));
        let link = format!("/o/{}", self.links.offer(&kept.offer.account, &kept.offer.id));
        let shown = page::Shown { kept, account: &account, seller: &seller, policy: &policy, standing, link: &link };
        let status = match said {
            Said::Nothing => StatusCode::OK,
            Said::Changed => StatusCode::CONFLICT,
            Said::Wrong(_) | Said::Refused(_) | Said::Held(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Ok(page::show(signed, &shown, said, fields, status, Day::of(self.clock.now())))
    }

    /// One-off prices of the account's price list, as items of an offer: their text, unit and price.
    async fn one_off_prices(&self, account: &AccountId) -> Result<Vec<form::OneOffPrice>, Error> {
        let subscription = match self.table.subscription(account).await {
            Ok(subscribed) => subscribed.subscription,
            Err(Error::NotFound(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let plan = subscription.phase_on(Day::of(self.clock.now()));
        let plan = plan.and_then(|phase| catalogues.plan(&phase.plan));
        Ok(plan.map(|(catalogue, plan)| form::one_offs(catalogue, plan)).unwrap_or_default())
    }
}

/// Standings that a link can still be opened for.
pub(crate) const fn has_link(standing: Standing) -> bool {
    !matches!(standing, Standing::Draft)
}

fn id(text: &str) -> Result<OfferId, Error> {
    OfferId::parse(text).map_err(|_| Error::NotFound("offer"))
}
