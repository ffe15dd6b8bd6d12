//! Sends what is owed: mails, and the documents that come with them.
//!
//! A record of the stream, or a message of the queue, only says where to look; the item itself says whether
//! a mail is still owed. So a record that comes twice, late or without a change does no harm. A mail is
//! sent at least once; twice only around a crash between sending and noting. Both are named the same, but SES puts a
//! Message-ID of its own in the place of ours, so that recipients see two.
//!
//! Mails somebody waits for go out as soon as the stream tells of them. Those of a bulk, such as the invoices of a run,
//! wait in a queue and are sent at the pace that SES grants. A mail that SES takes no more of for now stays owed.
//!
//! What SES tells of mails that did not reach their readers comes through a queue as well and is noted on the item.

mod archive;
pub mod config;
pub mod documents;
pub mod einvoice;
pub mod mails;
mod offers;
pub mod pace;
pub mod print;
mod records;
pub mod texts;
pub mod typeset;
mod usage;

#[cfg(test)]
#[path = "../../../tests/einvoice/samples.rs"]
mod samples;

use std::time::Duration;

use chrono::TimeDelta;
use domain::calendar::Day;
use domain::dunning::{DunningTable, due_anew, first_look};
use domain::ids::AccountId;
use domain::language::Language;
use domain::message::{MailFailure, Notice, Owed};
use domain::usage::built_in::MAILS;
use platform::clock::Clock;
use platform::environment::Environment;
use platform::error::{Error, Source};
use platform::links::{INVOICE_LINK_DAYS, LinkKey, digest};
use platform::mailer::{Attachment, Mail, Mailer};
use platform::objects::Objects;
use platform::queue::Queue;
use platform::secrets;
use platform::table::invoices::{Standing, document_key};
use platform::table::keys::Key;
use platform::table::notices::{is_put_off, mail_failure, notified, owed};
use platform::table::registrations::{self, StoredLocation};
use platform::table::resends::mail_to;
use platform::table::sent::Follows;
use platform::table::sessions::read_sign_in;
use platform::table::usage::Reporter;
use platform::table::usage::built_in::counting;
use platform::table::write::Write;
use platform::table::{Item, Table};
use platform::telemetry;
use serde_json::{Value, json};

use archive::Budget;
use pace::Pace;
use records::Task;
use texts::Texts;

/// How long a mail is put off when too many were sent in a second.
const RATE_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// How long it is put off when a quota is used up: it comes free again bit by bit, as it counts the last 24 hours.
const QUOTA_PAUSE: TimeDelta = TimeDelta::hours(1);

/// The function.
#[derive(Clone, Debug)]
pub struct Deliver {
    table: Table,
    objects: Objects,
    mailer: Mailer,
    links: LinkKey,
    origin: String,
    clock: Clock,
    queue: Queue,
    pace: Pace,
    archive_queue: Queue,
    exports: Objects,
    logos: usage::Logos,
}

impl Deliver {
    /// Reads configuration and secrets and makes the clients.
    ///
    /// # Errors
    /// What is missing or cannot be read.
    pub async fn new(environment: &Environment) -> Result<Self, Source> {
        let config = config::Config::read(&environment.variables)?;
        Ok(Self {
            table: Table::new(environment.dynamodb(), config.table_name),
            objects: Objects::new(environment.s3(), config.bucket_name),
            mailer: Mailer::new(environment.ses(), config.mail_sender, config.ses_configuration_set),
            links: secrets::link_key(&environment.secrets(), &config.link_secret_id).await?,
            origin: config.public_origin,
            clock: environment.clock.clone(),
            queue: Queue::new(environment.sqs(), config.deliver_queue_url),
            pace: Pace::new(config.mails_per_second),
            archive_queue: Queue::new(environment.sqs(), config.archive_queue_url),
            exports: Objects::new(environment.s3(), config.export_bucket_name),
            logos: usage::Logos::default(),
        })
    }

    /// The schedule starts the check of the archive; anything else is a batch of records.
    ///
    /// # Errors
    /// What kept the check from being started; records that failed are named in the answer instead.
    pub async fn handle(&self, event: Value, time_left: Duration) -> Result<Value, Error> {
        if event.get("Records").is_none() {
            return self.start_check().await;
        }
        Ok(self.handle_records(event, time_left).await)
    }

    /// Does what the records of a batch ask for; answers with the ids of those that failed, so that only they come
    /// again.
    async fn handle_records(&self, event: Value, time_left: Duration) -> Value {
        let budget = Budget::new(time_left);
        let (mut failed, mut waiting) = (Vec::new(), Vec::new());
        for record in event.get("Records").and_then(Value::as_array).into_iter().flatten() {
            let (id, task) = records::read(record);
            // Each is a future of its own size; in one piece they would take the sum of the stack.
            let done = match task {
                Some(Task::Changed(key)) => Box::pin(self.deliver_changed(&key, &id, &mut waiting)).await,
                Some(Task::Deliver(key)) => Box::pin(self.deliver(&key)).await,
                Some(Task::NoteFailure(key, failure)) => self.note_failure(&key, failure).await,
                Some(Task::Check(id)) => Box::pin(self.check(&id, budget)).await,
                Some(Task::Export(id)) => Box::pin(self.export(&id, budget)).await,
                Some(Task::Nothing) => Ok(()),
                None => Err(Error::Malformed("a record without a key".to_owned())),
            };
            if let Err(error) = done {
                telemetry::failure(&error);
                failed.push(json!({ "itemIdentifier": id }));
            }
        }
        let (ids, bodies): (Vec<Value>, Vec<String>) = waiting.into_iter().unzip();
        if let Err(error) = self.queue.send(&bodies).await {
            telemetry::failure(&error);
            failed.extend(ids.into_iter().map(|id| json!({ "itemIdentifier": id })));
        }
        json!({ "batchItemFailures": failed })
    }

    /// Delivers what an item of the stream owes, or hands it to the queue where mails of a bulk wait.
    async fn deliver_changed(&self, key: &Key, id: &Value, waiting: &mut Vec<(Value, String)>) -> Result<(), Error> {
        let Some(item) = self.table.get(key).await? else { return Ok(()) };
        match owed(&item) {
            None => Ok(()),
            Some(_) if is_put_off(&item, self.clock.now()) => Ok(()),
            Some(owed) if owed.notice.comes_in_bulk() => {
                waiting.push((id.clone(), json!({ "pk": key.pk, "sk": key.sk }).to_string()));
                Ok(())
            }
            Some(owed) => self.deliver_owed(key, item, owed).await,
        }
    }

    async fn note_failure(&self, key: &Key, failure: MailFailure) -> Result<(), Error> {
        tracing::warn!(mail.failure = failure.code(), "a mail did not reach its reader");
        self.table.note_mail_failure(key, failure, self.clock.now()).await
    }

    /// Delivers what an item owes, if anything.
    ///
    /// # Errors
    /// [`Error`] of the table, the object store or the mailer; the mail is owed still.
    #[tracing::instrument(name = "deliver", skip_all)]
    async fn deliver(&self, key: &Key) -> Result<(), Error> {
        let Some(item) = self.table.get(key).await? else { return Ok(()) };
        let Some(owed) = owed(&item) else { return Ok(()) };
        self.deliver_owed(key, item, owed).await
    }

    async fn deliver_owed(&self, key: &Key, item: Item, owed: Owed) -> Result<(), Error> {
        let now = self.clock.now();
        // SES has said so before: the mail waits as long as the others, and the wait grows no longer by it.
        if owed.notice.comes_in_bulk()
            && let Some(until) = self.pace.closed_until(now).await
        {
            return self.table.put_off_notice(key, owed, now, until - now).await;
        }
        match self.send_owed(key, item, owed).await {
            Ok(follows) => {
                self.table.settle_with(key, owed, self.clock.now(), follows).await?;
                tracing::info!(notice = owed.notice.code(), "delivered");
                Ok(())
            }
            // Not a failure of this mail: it stays owed, and its tries are not counted.
            Err(Error::Throttled { for_long, .. }) => {
                let wait = if for_long { QUOTA_PAUSE } else { RATE_PAUSE };
                self.pace.close_until(now + wait).await;
                tracing::warn!(wait.seconds = wait.num_seconds(), "the mail service takes no more for now");
                self.table.put_off_notice(key, owed, now, wait).await
            }
            Err(error) => {
                // What it failed of is for the eyes of whoever looks at the dead letters; the failure itself counts.
                if let Err(other) = self.table.note_delivery_error(key, owed, &error, now).await {
                    telemetry::failure(&other);
                }
                Err(error)
            }
        }
    }

    /// Sends what is owed.
    async fn send_owed(&self, key: &Key, item: Item, owed: Owed) -> Result<Follows, Error> {
        let (in_bulk, mut follows) = (owed.notice.comes_in_bulk(), Follows::default());
        let mail = match owed.notice {
            Notice::Registered | Notice::AnswerChanged | Notice::AnswerWithdrawn | Notice::AlreadyRegistered => {
                let (mail, meter) = self.registration_mail(key, item, owed).await?;
                follows.counted = meter;
                Some(mail)
            }
            Notice::SignIn => self.sign_in_mail(key, item, owed)?,
            Notice::InvoiceIssued => Some(self.invoice_mail(key, item, owed, &mut follows).await?),
            Notice::Reminder => self.reminder_mail(key, item, owed, &mut follows).await?,
            Notice::SubscriptionChanged | Notice::TrialOver | Notice::PlanChanged | Notice::SubscriptionOver => {
                Some(self.subscription_mail(key, owed).await?)
            }
            Notice::OfferSent | Notice::OfferAccepted | Notice::OfferDeclined | Notice::OfferExpired => {
                Some(self.offer_mail(key, item, owed).await?)
            }
        };
        if let Some(mail) = mail {
            if in_bulk {
                self.pace.turn().await;
            }
            self.mailer.send(mail).await?;
        }
        Ok(follows)
    }

    /// The mail to a guest, and the write that counts it if the price list of who pays for the event counts mails.
    async fn registration_mail(&self, key: &Key, item: Item, owed: Owed) -> Result<(Mail, Option<Write>), Error> {
        let location = StoredLocation::of(key)?;
        let published = self.table.event(&location.account, &location.event).await?;
        let registration = registrations::read(item)?;
        let slug = &published.event.draft().slug;
        let token = self.links.registration(slug, &location.contact, &registration.id, registration.generation);
        let link = format!("{}/r/{token}", self.origin);
        let text = mails::registration(owed.notice, &published, &registration, &link, self.clock.now());
        let sender = published.event.draft().title.get(registration.language).to_owned();
        let (payer, now) = (published.payer(), self.clock.now());
        let meter = self.table.built_in_meter(payer, MAILS, now).await?;
        let reporter = Reporter { account: &location.account, payer, now };
        let counted = meter.map(|meter| counting(reporter, &meter, 1));
        Ok((self.mail(key, owed, registration.email.clone(), sender, text, registration.language), counted))
    }

    async fn subscription_mail(&self, key: &Key, owed: Owed) -> Result<Mail, Error> {
        let account = key.pk.strip_prefix("ACCOUNT#").unwrap_or_default();
        let account = AccountId::parse(account).map_err(|error| Error::corrupt("subscription", error))?;
        let details = self.table.account(&account).await?;
        let subscription = self.table.subscription(&account).await?.subscription;
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let seller = self.table.operator().await?;
        let today = Day::of(self.clock.now());
        let link = format!("{}/console/plan/{account}", self.origin);
        let about = mails::About { notice: owed.notice, catalogues: &catalogues, subscription: &subscription, today };
        let text = mails::subscription(&about, &seller, &link, details.language);
        let mut mail = self.mail(key, owed, details.billing_email, seller.name, text, details.language);
        mail.reply_to = Some(seller.email);
        Ok(mail)
    }

    fn sign_in_mail(&self, key: &Key, item: Item, owed: Owed) -> Result<Option<Mail>, Error> {
        let sign_in = read_sign_in(item)?;
        if sign_in.expires_at < self.clock.now() {
            // A link that no longer works helps nobody.
            return Ok(None);
        }
        let id = key.pk.strip_prefix("SIGNIN#").unwrap_or_default();
        let link = format!("{}/console/sign-in/{}", self.origin, self.links.sign_in(id));
        let text = mails::sign_in(&link, sign_in.expires_at, sign_in.language);
        Ok(Some(self.mail(key, owed, sign_in.email, "Einlass".to_owned(), text, sign_in.language)))
    }

    /// A reminder, with the invoice once more; `None` if it was paid or cancelled before it could go out, and its fee is taken
    /// back.
    async fn reminder_mail(
        &self,
        key: &Key,
        item: Item,
        owed: Owed,
        follows: &mut Follows,
    ) -> Result<Option<Mail>, Error> {
        let standing = self.table.standing(item).await?;
        let table = self.table.dunning_table().await?.unwrap_or(DunningTable::off());
        let invoice = &standing.invoice;
        let level = usize::try_from(owed.revision).ok().and_then(|number| table.level(number));
        let (Some(level), true) = (level, standing.is_unpaid()) else {
            follows.waived = self.table.waiving(&standing, owed.revision, Day::of(self.clock.now())).await?;
            return Ok(None);
        };
        let buyer = &invoice.draft.buyer;
        let pay = self.payment_link(&standing, Day::of(self.clock.now()));
        let note = table.interest_note(level, buyer.language);
        let text = mails::reminder(&standing, level, note, &pay);
        // A reminder must not go to an address that has been corrected since.
        let to = self.table.account(&buyer.id).await?.billing_email;
        let mut mail = self.mail(key, owed, to, invoice.seller.name.clone(), text, buyer.language);
        mail.reply_to = Some(invoice.seller.email.clone());
        if let Some(bytes) = self.objects.get(&document_key(&buyer.id, &invoice.id)).await? {
            let name = documents::pdf_name(invoice);
            mail.attachments.push(Attachment { name, content_type: "application/pdf".to_owned(), bytes });
        }
        Ok(Some(mail))
    }

    /// The mail with an invoice.
    async fn invoice_mail(&self, key: &Key, item: Item, owed: Owed, follows: &mut Follows) -> Result<Mail, Error> {
        // Somebody may have asked for it to go elsewhere this time.
        // It has not arrived before, if it came back: not a reminder of it.
        let (elsewhere, went_out_before) = (mail_to(&item), arrived_before(&item));
        let standing = self.table.standing(item).await?;
        let invoice = &standing.invoice;
        let buyer = &invoice.draft.buyer;
        let archived = if owed.revision > 1 { self.archived_documents(invoice).await? } else { None };
        let attachments = match archived {
            Some(attachments) => attachments,
            None => self.new_documents(&standing).await?,
        };
        // In the mail the link works from the day it is sent.
        let pay = self.payment_link(&standing, Day::of(self.clock.now()));
        let texts = Texts::of(buyer.language).map_err(|error| Error::internal("texts", error))?;
        let sent_late = due_anew(invoice, Day::of(self.clock.now())).filter(|_| !went_out_before);
        follows.due_anew = sent_late;
        let text = mails::invoice(invoice, texts, sent_late.unwrap_or(standing.due_on()), &pay);
        let sender = invoice.seller.name.clone();
        let to = match elsewhere {
            Some(to) => to,
            // Who asks for it once more may have corrected the address meanwhile.
            None if owed.revision > 1 => self.table.account(&buyer.id).await?.billing_email,
            None => buyer.billing_email.clone(),
        };
        let mut mail = self.mail(key, owed, to, sender, text, buyer.language);
        mail.reply_to = Some(invoice.seller.email.clone());
        mail.attachments = attachments;
        follows.first_look = first_look(invoice, sent_late.or(standing.dunned.due_anew_on));
        Ok(mail)
    }

    fn payment_link(&self, standing: &Standing, from: Day) -> String {
        let (buyer, invoice) = (&standing.invoice.draft.buyer.id, &standing.invoice.id);
        let until = from.plus_days(INVOICE_LINK_DAYS);
        format!("{}/pay/{}", self.origin, self.links.invoice(buyer, invoice, standing.link_generation, until))
    }

    fn mail(
        &self,
        key: &Key,
        owed: Owed,
        to: domain::contact::Email,
        sender_name: String,
        text: mails::Text,
        language: Language,
    ) -> Mail {
        let mut name = digest(&format!("{}\n{}\n{owed}", key.pk, key.sk));
        name.truncate(32);
        Mail {
            to,
            sender_name,
            reply_to: None,
            subject: text.subject.clone(),
            text: text.plain(),
            html: text.html(language).into_string(),
            attachments: Vec::new(),
            item: key.clone(),
            message_name: name,
            date: self.clock.now(),
            language: language.code(),
        }
    }
}

/// Whether a mail with an invoice has gone out before and did not come back. What came back later may have been a reminder.
fn arrived_before(item: &Item) -> bool {
    let Some(notified) = notified(item) else { return false };
    let came_back = mail_failure(item).is_some_and(MailFailure::is_undelivered);
    !(came_back && notified.notice == Notice::InvoiceIssued)
}
