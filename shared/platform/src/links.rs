//! Personal links: tokens derived with a server key, so none has to be stored.
//!
//! A token names what it opens and carries a MAC (HMAC-SHA-256, 128 bits of it) over that, the purpose and,
//! for registrations, the id and generation. Raising the generation revokes the links given out so far.

use domain::ids::{AccountId, InvoiceId, RegistrationId, Slug};
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

/// Where an invoice is found, from its payment link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLink {
    /// Account the invoice belongs to.
    pub account: AccountId,
    /// The invoice.
    pub invoice: InvoiceId,
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

    /// Token of the payment link of an invoice.
    #[must_use]
    pub fn invoice(&self, account: &AccountId, invoice: &InvoiceId) -> String {
        let mac = self.mac(&["invoice", account.as_str(), invoice.as_str()]);
        format!("{account}.{invoice}.{mac}")
    }

    /// Reads the token of a payment link.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that this key did not make.
    pub fn read_invoice(&self, token: &str) -> Result<InvoiceLink, Error> {
        let wrong = Error::NotFound("payment link");
        let mut parts = token.split('.');
        let (Some(account), Some(invoice), Some(mac), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong);
        };
        match (AccountId::parse(account), InvoiceId::parse(invoice)) {
            (Ok(account), Ok(invoice)) if equal(mac, &self.mac(&["invoice", account.as_str(), invoice.as_str()])) => {
                Ok(InvoiceLink { account, invoice })
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
        let token = key().invoice(&account, &invoice);
        assert_eq!(key().read_invoice(&token).expect("our own").invoice, invoice);
        assert!(key().read_sign_in(&token).is_err());
        assert!(key().read_invoice(&token.replace("inv_a", "inv_b")).is_err());
        assert_eq!(key().read_sign_in(&key().sign_in("abc")).expect("our own"), "abc");
    }
}
