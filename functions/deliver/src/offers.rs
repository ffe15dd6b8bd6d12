//! Mails about offers: to the customer who is asked, and to the operator who is told of the answer.

use domain::language::Language;
use domain::message::{Notice, Owed};
use platform::error::Error;
use platform::mailer::Mail;
use platform::table::Item;
use platform::table::keys::Key;
use platform::table::offers::Kept;

use crate::{Deliver, mails};

impl Deliver {
    pub(crate) async fn offer_mail(&self, key: &Key, item: Item, owed: Owed) -> Result<Mail, Error> {
        let kept = Kept::read(item)?;
        let offer = &kept.offer;
        let account = self.table.account(&offer.account).await?;
        let seller = self.table.operator().await?;
        if owed.notice == Notice::OfferSent {
            let link = format!("{}/o/{}", self.origin, self.links.offer(&offer.account, &offer.id));
            let text = mails::offer_sent(offer, &seller, &link);
            let mut mail = self.mail(key, owed, account.billing_email, seller.name, text, offer.language);
            mail.reply_to = Some(seller.email);
            return Ok(mail);
        }
        let link = format!("{}/console/offers/{}/{}", self.origin, offer.account, offer.id);
        // The operator reads German, as all that is only the operator's.
        let text = mails::offer_told(owed.notice, &kept, &account.name, &link);
        let mut mail = self.mail(key, owed, seller.email, "Einlass".to_owned(), text, Language::De);
        mail.reply_to = Some(account.billing_email);
        Ok(mail)
    }
}
