//! Saving a new registration, however it came in.

use domain::language::Language;
use domain::registration::{RawRegistration, Refusal, Registration, Standing, Submission, decide_submit, parse};
use domain::problem::{FieldProblem, Problem};
use platform::entropy;
use platform::error::Error;
use platform::table::events::Published;
use platform::table::keys::hash;
use platform::table::registrations::{RequestKey, Saved};

impl crate::Registration {
    /// Parses and saves a registration. An address that is registered already is answered like a new one;
    /// its holder gets a mail.
    ///
    /// One transaction in the normal case. Where an event has several seat counters and that of the
    /// address is full, the others are tried, each once.
    pub(crate) async fn submit(
        &self,
        published: &Published,
        raw: &RawRegistration,
        language: Language,
        request: Option<&RequestKey>,
    ) -> Result<Submission, Error> {
        let now = self.clock.now();
        if !published.event.is_open(now) {
            return Err(Error::Closed);
        }
        let submission = parse(raw, &published.event, language).map_err(Error::Invalid)?;
        let change = decide_submit(&published.event, &submission.reply, now).map_err(refused)?;
        let contact = published.contact_hash(&submission.email.normal());
        let mut registration = Registration {
            id: entropy::registration_id()?,
            email: submission.email.clone(),
            language,
            reply: submission.reply.clone(),
            standing: Standing::Answered,
            shard: 0,
            generation: 1,
            revision: 1,
            created_at: now,
            changed_at: now,
        };
        for shard in published.event.shard_order(hash(&contact)) {
            registration.shard = shard;
            match self.table.save_registration(published, &contact, &registration, change, request).await? {
                Saved::Yes => return Ok(submission),
                Saved::AlreadyRegistered => {
                    self.table.owe_reminder(published, &contact, now, request).await?;
                    return Ok(submission);
                }
                Saved::Repeated => {
                    self.same_body(request).await?;
                    return Ok(submission);
                }
                // An answer that takes no place fails only where the event is over.
                Saved::NoPlace if change.seats == 0 => return Err(Error::Closed),
                Saved::NoPlace => {}
                Saved::Changed => return Err(Error::Contended),
            }
        }
        Err(Error::Invalid(vec![FieldProblem::new("answer", Problem::NoPlaceLeft)]))
    }

    async fn same_body(&self, request: Option<&RequestKey>) -> Result<(), Error> {
        let Some(request) = request else { return Ok(()) };
        match self.table.request_body(&request.key).await? {
            Some(body) if body != request.body => Err(Error::KeyReused),
            _ => Ok(()),
        }
    }
}

pub(crate) fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Closed => Error::Closed,
        Refusal::AlreadyWithdrawn => Error::NotFound("answer"),
    }
}
