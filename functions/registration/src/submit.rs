//! Saving a new registration, however it came in.

use domain::event::Gathering;
use domain::language::Language;
use domain::problem::{FieldProblem, Problem};
use domain::registration::{
    CountChange, RawRegistration, Refusal, Registration, Standing, Submission, decide_submit, parse,
};
use platform::entropy;
use platform::error::Error;
use platform::table::counters::Places;
use platform::table::events::Published;
use platform::table::keys::hash;
use platform::table::registrations::{RequestKey, Saved};

/// Most tries to get places that others take in the same moment.
const TRIES: usize = 8;

impl crate::Registration {
    /// Parses and saves a registration. An address that is registered already is answered like a new one;
    /// its holder gets a mail.
    ///
    /// One transaction in the normal case. Where an event has several seat counters and that of the
    /// address has not enough places, all are read and the places gathered from where they are.
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
        let submission = parse(raw, &published.event).map_err(Error::Invalid)?;
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
        let mut gathering = Gathering::at(published.event.home_shard(hash(&contact)));
        for _ in 0..TRIES {
            registration.shard = gathering.home;
            let places = (change, &gathering);
            match self.table.save_registration(published, &contact, &registration, places, request).await? {
                Saved::Yes => return Ok(submission),
                Saved::AlreadyRegistered => {
                    self.table.owe_reminder(published, &contact, now, request).await?;
                    return Ok(submission);
                }
                Saved::Repeated => {
                    self.same_body(request).await?;
                    return Ok(submission);
                }
                Saved::NoPlace => gathering = self.places(published, None, change).await?,
                Saved::Changed => {}
            }
        }
        Err(Error::Contended)
    }

    /// Where else a party may find its places. An event with one counter has been asked already.
    pub(crate) async fn places(
        &self,
        published: &Published,
        fixed: Option<u16>,
        change: CountChange,
    ) -> Result<Gathering, Error> {
        // An answer that takes no place is refused only where the event is over.
        if change.seats <= 0 {
            return Err(Error::Closed);
        }
        let full = || Error::Invalid(vec![FieldProblem::new("answer", Problem::NoPlaceLeft)]);
        if published.event.seat_shards() == 1 && published.event.draft().capacity.is_some() {
            return Err(full());
        }
        match self.table.find_places(published, fixed, change.seats).await? {
            Places::Found(gathering) => Ok(gathering),
            Places::Full => Err(full()),
            Places::Closed => Err(Error::Closed),
        }
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
