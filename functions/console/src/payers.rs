//! Sub-accounts: whether an account can be billed to another one (A22).

use domain::account::Account;
use domain::calendar::Day;
use domain::problem::{FieldProblem, Problem};
use platform::error::Error;

use crate::Console;

impl Console {
    /// What is wrong with the payer an account names: there is none, its plan allows no sub-accounts, or it
    /// is a sub-account itself.
    pub(crate) async fn payer_problem(&self, account: &Account) -> Result<Option<FieldProblem>, Error> {
        let Some(payer) = &account.payer else { return Ok(None) };
        let problem = Some(FieldProblem::new("payer", Problem::NotAPayer));
        let payer = match self.table.account(payer).await {
            Ok(payer) if payer.payer.is_none() => payer,
            Ok(_) | Err(Error::NotFound(_)) => return Ok(problem),
            Err(error) => return Err(error),
        };
        let subscription = self.table.subscription(&payer.id).await?.subscription;
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let phase = subscription.phase_on(Day::of(self.clock.now()));
        let plan = phase.and_then(|phase| catalogues.plan(&phase.plan));
        Ok(if plan.is_some_and(|(_, plan)| plan.sub_accounts) { None } else { problem })
    }
}
