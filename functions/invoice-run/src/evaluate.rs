//! Evaluates a month of an account: what the run, the second try of what is held, and the dry run have in common.

use domain::account::Operator;
use domain::calendar::{Day, Month};
use domain::catalog::charge::Issuer;
use domain::credit::apply_credit;
use domain::ids::AccountId;
use domain::invoice::{Issuers, Issuing, MonthOutcome, MonthOutcomes, draft_month};
use domain::money::Money;
use domain::rating::{self, HoldReason};
use platform::entropy;
use platform::error::Error;
use platform::table::accounts::Contract;
use platform::table::credits::Credits;
use platform::table::marks::Evaluated;
use platform::table::runs::Run;

use crate::InvoiceRun;

/// Those in whose names invoices are issued, read once for each invocation.
#[derive(Clone, Debug)]
pub(crate) struct Sellers {
    operator: Operator,
    partner: Option<Operator>,
}

impl Sellers {
    pub(crate) const fn issuers(&self) -> Issuers<'_> {
        Issuers { operator: &self.operator, partner: self.partner.as_ref() }
    }

    /// As the run knows them: a partner that was entered after it was planned has no series in it. One that would share
    /// the operator's stays, so that it is said.
    pub(crate) fn of_run(self, run: &Run) -> Self {
        let Self { operator, partner } = self;
        let known =
            |partner: &Operator| run.partner_series.is_some() || partner.invoice_prefix == operator.invoice_prefix;
        let partner = partner.filter(known);
        Self { operator, partner }
    }

    /// How invoices of the run are issued.
    pub(crate) fn issuing(&self, run: &Run) -> Result<Issuing, Error> {
        let issued_on = Day::parse(&run.issued_on).map_err(|error| Error::corrupt("run", error))?;
        Ok(Issuing::in_series(self.issuers(), issued_on, run.series.clone(), run.partner_series.clone()))
    }
}

impl InvoiceRun {
    pub(crate) async fn sellers(&self) -> Result<Sellers, Error> {
        let operator = self.table.operator().await?;
        Ok(Sellers { operator, partner: self.table.issuer(Issuer::Partner).await? })
    }

    /// Prices a month of an account. What cannot be read is held like what cannot be priced, so that one
    /// account does not stop the others (G7).
    pub(crate) async fn evaluate(
        &self,
        account: &AccountId,
        month: Month,
        issuers: Issuers<'_>,
    ) -> Result<Evaluated, Error> {
        let (outcomes, credits, ended) = match self.price(account, month, issuers).await {
            Ok((outcomes, credits, ended)) => (outcomes, credits, Some(ended)),
            Err(error) if error.retryable() => return Err(error),
            Err(error) => (unreadable(&error), Credits::none(), None),
        };
        for issuer in [Issuer::Operator, Issuer::Partner] {
            if let MonthOutcome::Held(reasons) = outcomes.of(issuer) {
                let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
                tracing::warn!(account.id = %account, issuer = issuer.code(), reasons = reasons.join("; "), "held");
            }
        }
        let invoices = [entropy::invoice_id()?, entropy::invoice_id()?];
        Ok(Evaluated { account: account.clone(), outcomes, credits, ended, invoices })
    }

    /// What a month of an account comes to, the credit it had, and how many events were closed into it: two queries.
    async fn price(
        &self,
        account: &AccountId,
        month: Month,
        issuers: Issuers<'_>,
    ) -> Result<(MonthOutcomes, Credits, i64), Error> {
        let Contract { account: details, subscription, credits } = self.table.contract(account).await?;
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let (ended, recorded) = self.table.usage_of_month(account, &catalogues, &subscription, month).await?;
        let count = i64::try_from(ended.len()).unwrap_or(i64::MAX);
        let usage = rating::account_usage(&catalogues, &subscription, ended, recorded);
        let rated = rating::rate_month(&catalogues, &subscription, &usage, month);
        let outcomes = draft_month(issuers, &details, month, rated);
        let outcomes = MonthOutcomes {
            operator: less_credit(outcomes.operator, credits.of(Issuer::Operator)),
            partner: less_credit(outcomes.partner, credits.of(Issuer::Partner)),
        };
        Ok((outcomes, credits, count))
    }
}

/// Deducts what the account has to its credit with the issuer.
fn less_credit(outcome: MonthOutcome, balance: Money) -> MonthOutcome {
    match outcome {
        MonthOutcome::Draft(draft) => MonthOutcome::Draft(Box::new(apply_credit(*draft, balance))),
        other => other,
    }
}

/// The outcome of what cannot be read, or kept.
pub(crate) fn unreadable(error: &Error) -> MonthOutcomes {
    MonthOutcomes::held(HoldReason::Unreadable(error.chain()))
}
