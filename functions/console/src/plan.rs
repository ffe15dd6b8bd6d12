//! `/console/plan/{account}`: what an account has subscribed to, and every change of it (C1–C3, C7, P1, P3, Z4).
//!
//! Each change is asked for, shown with what it costs, and confirmed: two posts. The confirmation carries the
//! revision and the day of what was shown, so nothing else is ever bought and nothing is bought twice.

mod actions;
mod described;
mod forms;
mod page;
mod preview;
pub(crate) mod said;

pub(crate) use described::discount;

use domain::account::Account;
use domain::calendar::Day;
use domain::catalog::Catalogues;
use domain::catalog::charge::Issuer;
use domain::ids::AccountId;
use domain::language::Language;
use domain::subscription::change::{Change, Decision};
use domain::subscription::decide::decide;
use domain::subscription::refusal::Refusal;
use domain::subscription::state::State;
use domain::vat::{VatTreatment, treatment_for};
use http::{Response, StatusCode};
use lambda_http::Body;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::table::subscriptions::{Redeeming, Subscribed};

use crate::{Console, Signed};

/// All that the pages of a subscription show.
pub(crate) struct Contract<'a> {
    pub(crate) signed: &'a Signed<'a>,
    pub(crate) account: Account,
    /// How its lines are taxed, if not as at home (I4).
    pub(crate) treatment: Option<VatTreatment>,
    pub(crate) subscribed: Subscribed,
    pub(crate) catalogues: Catalogues,
    pub(crate) today: Day,
}

/// What the page says above the subscription.
pub(crate) enum Said<'a> {
    /// Nothing.
    Nothing,
    /// A change was saved.
    Saved,
    /// Somebody changed it since it was shown.
    Meanwhile,
    /// A change was refused; the form keeps what was typed.
    Refused { action: &'a str, wrong: Wrong, fields: &'a [(String, String)] },
}

impl Said<'_> {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Nothing | Self::Saved => StatusCode::OK,
            Self::Meanwhile => StatusCode::CONFLICT,
            Self::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// What was typed into the form of an action that was refused, and why.
    fn of(&self, asked: &str) -> Option<(&Wrong, &[(String, String)])> {
        match self {
            Self::Refused { action, wrong, fields } if *action == asked => Some((wrong, fields)),
            _ => None,
        }
    }
}

/// Why a change is refused.
pub(crate) struct Wrong {
    /// The field it is about; empty where it is about none.
    field: &'static str,
    /// What is wrong and what would be right.
    sentence: String,
}

impl Wrong {
    fn of(refusal: &Refusal, language: Language) -> Self {
        let field = match refusal {
            Refusal::AlreadyBooked { .. } => "quantity",
            Refusal::Label(_) => "label",
            Refusal::NotLater { .. } => "until",
            Refusal::NotAPrice => "price",
            Refusal::UnknownCode { .. }
            | Refusal::CodeNotYet { .. }
            | Refusal::CodeExpired { .. }
            | Refusal::CodeUsedUp
            | Refusal::CodeNotForPlan { .. }
            | Refusal::CodeRedeemed { .. }
            | Refusal::CodeVoid { .. }
            | Refusal::TooManyCodes { .. } => "code",
            _ => "",
        };
        Self { field, sentence: refusal.sentence(language) }
    }
}

impl Console {
    pub(crate) async fn plan(&self, signed: &Signed<'_>, account: &str) -> Result<Response<Body>, Error> {
        let contract = self.contract(signed, account).await?;
        let saved = query(signed.request, "saved").is_some();
        Ok(page::show(&contract, if saved { &Said::Saved } else { &Said::Nothing }))
    }

    pub(crate) async fn change_plan(
        &self,
        signed: &Signed<'_>,
        account: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let contract = self.contract(signed, account).await?;
        let action = field(fields, "action");
        let refuse = |wrong| Ok(page::show(&contract, &Said::Refused { action, wrong, fields }));
        let change = match actions::read(action, fields, signed.language) {
            None => return Err(Error::Malformed("no such action".to_owned())),
            Some(Err(wrong)) => return refuse(wrong),
            Some(Ok(change)) => change,
        };
        let before = &contract.subscribed.subscription;
        if change.operator_only(before) || actions::for_operator(&change) {
            signed.must_be_operator()?;
        }
        let confirmed = field(fields, "step") == "confirm";
        if confirmed && field(fields, "revision") != contract.subscribed.revision.to_string() {
            return Ok(page::show(&contract, &Said::Meanwhile));
        }
        let redeeming = contract.redeeming(&change);
        let redeemed = match &redeeming {
            Some(redeeming) => self.table.redeemed(&redeeming.catalogue, &redeeming.code).await?,
            None => 0,
        };
        let decision = match decide(&contract.catalogues, before, &change, contract.today, redeemed) {
            Ok(decision) => decision,
            Err(refusal) => return refuse(Wrong::of(&refusal, signed.language)),
        };
        // What was shown yesterday costs something else today.
        let of_today = field(fields, "day") == contract.today.to_string();
        if !confirmed || !of_today {
            return Ok(preview::show(
                &contract,
                &preview::Asked { change: &change, decision: &decision, fields, stale: confirmed },
            ));
        }
        self.apply(contract, &decision, redeeming.as_ref(), fields).await
    }

    /// Saves what was confirmed.
    async fn apply(
        &self,
        contract: Contract<'_>,
        decision: &Decision,
        redeeming: Option<&Redeeming>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let (signed, id) = (contract.signed, contract.account.id.clone());
        let before = &contract.subscribed;
        if self.table.change_subscription(&id, before, decision, redeeming, self.clock.now()).await? {
            return Ok(see_other(&format!("/console/plan/{id}?saved=1&lang={}", signed.language.code())));
        }
        let now = self.contract(signed, id.as_str()).await?;
        if now.subscribed.revision == contract.subscribed.revision {
            // Nobody changed it, so another account took the last use of the code.
            let wrong = Wrong::of(&Refusal::CodeUsedUp, signed.language);
            return Ok(page::show(&now, &Said::Refused { action: actions::REDEEM, wrong, fields }));
        }
        Ok(page::show(&now, &Said::Meanwhile))
    }

    async fn contract<'a>(&self, signed: &'a Signed<'a>, account: &str) -> Result<Contract<'a>, Error> {
        let id = signed.account_or_any(account)?;
        let account = self.table.account(&id).await?;
        let seller = self.table.issuer(Issuer::Operator).await?;
        // Where it cannot be told yet, prices are shown as at home; an invoice would be held.
        let treatment = seller.and_then(|seller| treatment_for(&seller, &account).ok().flatten());
        Ok(Contract {
            signed,
            account,
            treatment,
            subscribed: self.table.subscription(&id).await?,
            catalogues: self.table.all_catalogues().await?,
            today: Day::of(self.clock.now()),
        })
    }

    /// Whether an account takes part today.
    pub(crate) async fn account_state(&self, account: &AccountId) -> Result<State, Error> {
        let subscription = self.table.subscription(account).await?.subscription;
        Ok(subscription.state_on(Day::of(self.clock.now())))
    }
}

impl Contract<'_> {
    /// The count that goes with the redemption of a code of the account's own price list.
    fn redeeming(&self, change: &Change) -> Option<Redeeming> {
        let Change::Redeem { code } = change else { return None };
        let phase = self.subscribed.subscription.phase_on(self.today)?;
        let catalogue = self.catalogues.get(&phase.plan.catalogue)?;
        let limit = catalogue.promotion(code)?.limit;
        Some(Redeeming { catalogue: phase.plan.catalogue.clone(), code: code.clone(), limit })
    }
}

impl Signed<'_> {
    /// The account in an address: one of the session, or any for the operator.
    pub(crate) fn account_or_any(&self, text: &str) -> Result<AccountId, Error> {
        if self.access.operator {
            AccountId::parse(text).map_err(|_| Error::NotFound("account"))
        } else {
            self.account(text)
        }
    }
}
