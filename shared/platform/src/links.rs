//! Personal links: tokens derived with a server key, so none has to be stored.
//!
//! A token names what it opens and carries a MAC (HMAC-SHA-256, 128 bits of it) over that, the purpose and,
//! for registrations and invoices, the generation. Raising the generation revokes the links given out so far. The token
//! of an invoice carries the last day it works on, inside the MAC.

use domain::calendar::Day;
use domain::ids::{AccountId, InvoiceId, OfferId, RegistrationId, Slug};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::entropy::to_hex;
use crate::error::Error;

const MAC_BYTES: usize = 16;

/// The key all links are derived from. Debug output hides it.
#[derive(Clone)]
pub struct LinkKey(Vec<u8>);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

/// Where a registration is found, from its personal link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationLink {
    /// Public name of the event.
    pub slug: Slug,
    /// Hash of the contact address.
    pub contact: String,
    mac: String,
}

/// Days a payment link works, from the day it is made for: longer than anybody waits before asking for the mail once more.
pub const INVOICE_LINK_DAYS: u64 = 400;

/// Where an invoice is found, from its payment link. Whether the link opens it is decided by [`LinkKey::invoice_link`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLink {
    /// Account the invoice belongs to.
    pub account: AccountId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Last day the link works on; links made before there was one carry none.
    until: Option<Day>,
    mac: String,
}

/// What a payment link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It opens its invoice.
    Open,
    /// It did, until a day that is over.
    Expired,
    /// This key did not make it, or it was revoked.
    Wrong,
}

/// Where an offer is found, from its personal link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferLink {
    /// Account it is made to.
    pub account: AccountId,
    /// The offer.
    pub offer: OfferId,
}

impl LinkKey {
    /// A key.
    ///
    /// # Errors
    /// [`Error::Internal`] for fewer than 32 characters.
    pub fn new(secret: &str) -> Result<Self, Error> {
        if secret.len() < 32 {
            return Err(Error::internal("link key", "the link key has fewer than 32 characters"));
        }
        Ok(Self(secret.as_bytes().to_vec()))
    }

    fn mac(&self, parts: &[&str]) -> String {
        keyed_hash(&self.0, parts)
    }

    /// Token of the personal link of a registration.
    #[must_use]
    pub fn registration(&self, slug: &Slug, contact: &str, id: &RegistrationId, generation: u32) -> String {
        let mac = self.mac(&["registration", id.as_str(), &generation.to_string()]);
        format!("{slug}.{contact}.{mac}")
    }

    /// Whether a link opens this registration at its present generation.
    #[must_use]
    pub fn opens(&self, link: &RegistrationLink, id: &RegistrationId, generation: u32) -> bool {
        let mac = self.mac(&["registration", id.as_str(), &generation.to_string()]);
        equal(&mac, &link.mac)
    }

    /// Token of the payment link of an invoice, for a generation of its links and up to a day (included).
    #[must_use]
    pub fn invoice(&self, account: &AccountId, invoice: &InvoiceId, generation: u32, until: Day) -> String {
        let mac = self.invoice_mac(account, invoice, generation, Some(until));
        format!("{account}.{invoice}.{until}.{mac}")
    }

    /// What a payment link is good for on a day, at the present generation of the invoice's links. A link without a day,
    /// as they were made once, works as long as one made on the day of issue.
    #[must_use]
    pub fn invoice_link(&self, link: &InvoiceLink, generation: u32, issued_on: Day, today: Day) -> LinkState {
        // Without a day there was no generation either, so raising it revokes those links, too.
        if link.until.is_none() && generation > 0
            || !equal(&link.mac, &self.invoice_mac(&link.account, &link.invoice, generation, link.until))
        {
            return LinkState::Wrong;
        }
        let until = link.until.unwrap_or_else(|| issued_on.plus_days(INVOICE_LINK_DAYS));
        if today <= until { LinkState::Open } else { LinkState::Expired }
    }

    fn invoice_mac(&self, account: &AccountId, invoice: &InvoiceId, generation: u32, until: Option<Day>) -> String {
        let named = ["invoice", account.as_str(), invoice.as_str()];
        let Some(until) = until else { return self.mac(&named) };
        let (generation, until) = (generation.to_string(), until.to_string());
        self.mac(&[named.as_slice(), &[&generation, &until]].concat())
    }

    /// Token of the personal link of an offer.
    #[must_use]
    pub fn offer(&self, account: &AccountId, offer: &OfferId) -> String {
        let mac = self.mac(&["offer", account.as_str(), offer.as_str()]);
        format!("{account}.{offer}.{mac}")
    }

    /// Reads the token of the personal link of an offer.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that this key did not make.
    pub fn read_offer(&self, token: &str) -> Result<OfferLink, Error> {
        let wrong = Error::NotFound("offer link");
        let mut parts = token.split('.');
        let (Some(account), Some(offer), Some(mac), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong);
        };
        match (AccountId::parse(account), OfferId::parse(offer)) {
            (Ok(account), Ok(offer)) if equal(mac, &self.mac(&["offer", account.as_str(), offer.as_str()])) => {
                Ok(OfferLink { account, offer })
            }
            _ => Err(wrong),
        }
    }

    /// Token of a link to sign in.
    #[must_use]
    pub fn sign_in(&self, id: &str) -> String {
        format!("{id}.{}", self.mac(&["sign-in", id]))
    }

    /// Reads the token of a link to sign in and gives its id.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that this key did not make.
    pub fn read_sign_in<'a>(&self, token: &'a str) -> Result<&'a str, Error> {
        match token.split_once('.') {
            Some((id, mac)) if equal(mac, &self.mac(&["sign-in", id])) => Ok(id),
            _ => Err(Error::NotFound("sign-in link")),
        }
    }

    /// Token that proves a form was sent from a page of this session.
    #[must_use]
    pub fn form(&self, session: &str) -> String {
        self.mac(&["form", session])
    }
}

impl InvoiceLink {
    /// Reads the token of a payment link; what it is good for is decided by [`LinkKey::invoice_link`].
    ///
    /// # Errors
    /// [`Error::NotFound`] for a text that is no such token.
    pub fn parse(token: &str) -> Result<Self, Error> {
        let wrong = || Error::NotFound("payment link");
        let parts: Vec<&str> = token.split('.').collect();
        let (account, invoice, until, mac) = match parts.as_slice() {
            [account, invoice, until, mac] => (account, invoice, Some(Day::parse(until).map_err(|_| wrong())?), mac),
            [account, invoice, mac] => (account, invoice, None, mac),
            _ => return Err(wrong()),
        };
        Ok(Self {
            account: AccountId::parse(account).map_err(|_| wrong())?,
            invoice: InvoiceId::parse(invoice).map_err(|_| wrong())?,
            until,
            mac: (*mac).to_owned(),
        })
    }
}

impl RegistrationLink {
    /// Reads the token of a personal link; whether it opens anything is decided by [`LinkKey::opens`].
    ///
    /// # Errors
    /// [`Error::NotFound`] for a text that is no such token.
    pub fn parse(token: &str) -> Result<Self, Error> {
        let mut parts = token.split('.');
        let (Some(slug), Some(contact), Some(mac), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::NotFound("personal link"));
        };
        let slug = Slug::parse(slug).map_err(|_| Error::NotFound("personal link"))?;
        let hex = |text: &str| text.len() == MAC_BYTES * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !hex(contact) || !hex(mac) {
            return Err(Error::NotFound("personal link"));
        }
        Ok(Self { slug, contact: contact.to_owned(), mac: mac.to_owned() })
    }
}

/// Hash of a contact address under the key of its event: finds a registration without keeping the
/// address in a key, and is worthless once the event's key is destroyed.
#[must_use]
pub fn contact_hash(event_key: &str, normal_email: &str) -> String {
    keyed_hash(event_key.as_bytes(), &["contact", normal_email])
}

/// Hash of something that must be looked up but not read from the table, such as a session token.
#[must_use]
pub fn digest(text: &str) -> String {
    to_hex(&Sha256::digest(text.as_bytes()))
}

/// Whether two texts are the same, in a time that does not tell where they differ.
#[must_use]
pub fn equal(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

fn keyed_hash(key: &[u8], parts: &[&str]) -> String {
    // A MAC of any key length exists (RFC 2104), so the error cannot occur; an empty result opens nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    for part in parts {
        // The length in front keeps ("ab", "c") and ("a", "bc") apart.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    to_hex(&mac.finalize().into_bytes()[..MAC_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> LinkKey {
        LinkKey::new(&"k".repeat(32)).expect("long enough")
    }

    #[test]
    fn a_personal_link_opens_its_registration_at_its_generation_only() {
        let slug = Slug::parse("fest").expect("a slug");
        let id = RegistrationId::parse("reg_a").expect("an id");
        let other = RegistrationId::parse("reg_b").expect("an id");
        let token = key().registration(&slug, &"0".repeat(32), &id, 1);
        let link = RegistrationLink::parse(&token).expect("our own token");
        assert!(key().opens(&link, &id, 1));
        assert!(!key().opens(&link, &id, 2));
        assert!(!key().opens(&link, &other, 1));
        assert!(!LinkKey::new(&"x".repeat(32)).expect("long enough").opens(&link, &id, 1));
        for text in ["", "fest", "fest.x.y", &token[..token.len() - 1], &format!("{token}.x"), &format!("#{token}")] {
            assert!(RegistrationLink::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tokens_of_one_purpose_do_not_serve_another() {
        let account = AccountId::parse("acc_a").expect("an id");
        let invoice = InvoiceId::parse("inv_a").expect("an id");
        let token = key().invoice(&account, &invoice, 0, day("2028-01-05"));
        assert_eq!(InvoiceLink::parse(&token).expect("our own").invoice, invoice);
        assert!(key().read_sign_in(&token).is_err());
        let offer = OfferId::parse("off_a").expect("an id");
        let offered = key().offer(&account, &offer);
        assert_eq!(key().read_offer(&offered).expect("our own").offer, offer);
        assert!(key().read_offer(&offered.replace("off_a", "off_b")).is_err());
        assert!(key().read_offer(&token).is_err() && InvoiceLink::parse(&offered).is_err());
        assert_eq!(key().read_sign_in(&key().sign_in("abc")).expect("our own"), "abc");
    }

    fn day(text: &str) -> Day {
        Day::parse(text).expect(text)
    }

    #[test]
    fn a_payment_link_opens_its_invoice_until_its_day_and_at_its_generation() {
        let account = AccountId::parse("acc_a").expect("an id");
        let invoice = InvoiceId::parse("inv_a").expect("an id");
        let token = key().invoice(&account, &invoice, 1, day("2028-01-05"));
        let old = format!("acc_a.inv_a.{}", key().mac(&["invoice", "acc_a", "inv_a"]));
        let other_day = token.replace("2028-01-05", "2029-01-05");
        let issued_on = day("2026-12-01");
        for (name, token, generation, today, expected) in [
            ("on its last day", token.as_str(), 1, "2028-01-05", LinkState::Open),
            ("the day after", token.as_str(), 1, "2028-01-06", LinkState::Expired),
            ("revoked", token.as_str(), 2, "2027-01-01", LinkState::Wrong),
            ("of a generation to come", token.as_str(), 0, "2027-01-01", LinkState::Wrong),
            ("with a later day written in", &other_day, 1, "2027-01-01", LinkState::Wrong),
            ("of another invoice", &token.replace("inv_a", "inv_b"), 1, "2027-01-01", LinkState::Wrong),
            ("with the day taken out", &token.replace(".2028-01-05", ""), 1, "2027-01-01", LinkState::Wrong),
            ("made before days were in it", &old, 0, "2028-01-05", LinkState::Open),
            ("the same, 401 days after issue", &old, 0, "2028-01-06", LinkState::Expired),
            ("the same, revoked", &old, 1, "2027-01-01", LinkState::Wrong),
        ] {
            let link = InvoiceLink::parse(token).expect(name);
            assert_eq!(key().invoice_link(&link, generation, issued_on, day(today)), expected, "{name}");
        }
        for text in ["", "acc_a", "acc_a.inv_a", "acc_a.inv_a.soon.mac", &format!("{token}.x"), "a.b.c"] {
            assert!(InvoiceLink::parse(text).is_err(), "{text}");
        }
    }
}
