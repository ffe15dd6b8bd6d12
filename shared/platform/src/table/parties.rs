//! Stored forms of the two sides of an invoice: accounts and issuers.

use domain::account::{Account, Address, BillingTerms, IssuerTerms, Mandate, Operator, PaymentMethod, VatCheck};
use domain::calendar::Day;
use domain::contact::Email;
use domain::ids::AccountId;
use domain::language::Language;
use serde::{Deserialize, Serialize};

use super::keys::moment;
use super::stored::{instant, some, valid};
use crate::error::Error;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredAddress {
    street: String,
    postal_code: String,
    city: String,
    country: String,
}

impl From<&Address> for StoredAddress {
    fn from(a: &Address) -> Self {
        let Address { street, postal_code, city, country } = a.clone();
        Self { street, postal_code, city, country }
    }
}

impl From<StoredAddress> for Address {
    fn from(a: StoredAddress) -> Self {
        Self { street: a.street, postal_code: a.postal_code, city: a.city, country: a.country }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredAccount {
    id: String,
    name: String,
    address: Option<StoredAddress>,
    vat_id: Option<String>,
    billing_email: String,
    language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    leitweg_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vat_check: Option<StoredVatCheck>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mandate: Option<StoredMandate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    partner_mandate: Option<StoredMandate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dunning_stopped: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredVatCheck {
    vat_id: String,
    checked_at: String,
    valid: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredMandate {
    reference: String,
    signed_on: String,
    iban: String,
    holder: String,
}

impl From<&VatCheck> for StoredVatCheck {
    fn from(check: &VatCheck) -> Self {
        Self {
            vat_id: check.vat_id.clone(),
            checked_at: moment(check.checked_at),
            valid: check.valid,
            request_id: check.request_id.clone(),
            name: check.name.clone(),
        }
    }
}

impl StoredVatCheck {
    pub(super) fn read(self) -> Result<VatCheck, Error> {
        let checked_at = instant(&self.checked_at, "account")?;
        Ok(VatCheck {
            vat_id: self.vat_id,
            checked_at,
            valid: self.valid,
            request_id: self.request_id,
            name: self.name,
        })
    }
}

impl StoredMandate {
    fn new(payment: &PaymentMethod) -> Option<Self> {
        match payment {
            PaymentMethod::Transfer => None,
            PaymentMethod::DirectDebit(mandate) => Some(Self {
                reference: mandate.reference.clone(),
                signed_on: mandate.signed_on.to_string(),
                iban: mandate.iban.clone(),
                holder: mandate.holder.clone(),
            }),
        }
    }

    fn read(self) -> Result<PaymentMethod, Error> {
        let signed_on = valid(Day::parse(&self.signed_on), "account")?;
        Ok(PaymentMethod::DirectDebit(Mandate {
            reference: self.reference,
            signed_on,
            iban: self.iban,
            holder: self.holder,
        }))
    }
}

impl From<&Account> for StoredAccount {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            name: account.name.clone(),
            address: account.address.as_ref().map(Into::into),
            vat_id: account.vat_id.clone(),
            billing_email: account.billing_email.as_str().to_owned(),
            language: account.language.code().to_owned(),
            payer: account.payer.as_ref().map(ToString::to_string),
            leitweg_id: account.terms.leitweg_id.clone(),
            order_reference: account.terms.order_reference.clone(),
            vat_check: account.terms.vat_check.as_ref().map(Into::into),
            mandate: StoredMandate::new(&account.terms.payment),
            partner_mandate: StoredMandate::new(&account.terms.partner_payment),
            dunning_stopped: account.terms.dunning_stopped.clone(),
        }
    }
}

impl StoredAccount {
    pub(crate) fn read(self) -> Result<Account, Error> {
        const ITEM: &str = "account";
        Ok(Account {
            id: valid(AccountId::parse(&self.id), ITEM)?,
            name: self.name,
            address: self.address.map(Into::into),
            vat_id: self.vat_id,
            billing_email: valid(Email::parse(&self.billing_email), ITEM)?,
            language: some(Language::parse(&self.language), ITEM)?,
            payer: self.payer.map(|payer| valid(AccountId::parse(&payer), ITEM)).transpose()?,
            terms: BillingTerms {
                leitweg_id: self.leitweg_id,
                order_reference: self.order_reference,
                vat_check: self.vat_check.map(StoredVatCheck::read).transpose()?,
                payment: self.mandate.map(StoredMandate::read).transpose()?.unwrap_or_default(),
                partner_payment: self.partner_mandate.map(StoredMandate::read).transpose()?.unwrap_or_default(),
                dunning_stopped: self.dunning_stopped,
            },
        })
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredOperator {
    name: String,
    address: StoredAddress,
    vat_id: String,
    tax_number: String,
    register: String,
    directors: String,
    email: String,
    phone: String,
    bank_name: String,
    iban: String,
    bic: String,
    invoice_prefix: String,
    payment_term_days: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    small_business: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    vat_check_required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number_format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    creditor_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    website: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    colour: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
}

impl From<&Operator> for StoredOperator {
    fn from(o: &Operator) -> Self {
        Self {
            name: o.name.clone(),
            address: (&o.address).into(),
            vat_id: o.vat_id.clone(),
            tax_number: o.tax_number.clone(),
            register: o.register.clone(),
            directors: o.directors.clone(),
            email: o.email.as_str().to_owned(),
            phone: o.phone.clone(),
            bank_name: o.bank_name.clone(),
            iban: o.iban.clone(),
            bic: o.bic.clone(),
            invoice_prefix: o.invoice_prefix.clone(),
            payment_term_days: o.payment_term_days,
            small_business: o.terms.small_business,
            vat_check_required: o.terms.vat_check_required,
            number_format: o.terms.number_format.clone(),
            creditor_id: o.terms.creditor_id.clone(),
            contact_name: o.terms.contact_name.clone(),
            website: o.terms.website.clone(),
            colour: o.terms.colour.clone(),
            logo: o.terms.logo.clone(),
        }
    }
}

impl StoredOperator {
    pub(crate) fn read(self) -> Result<Operator, Error> {
        Ok(Operator {
            name: self.name,
            address: self.address.into(),
            vat_id: self.vat_id,
            tax_number: self.tax_number,
            register: self.register,
            directors: self.directors,
            email: valid(Email::parse(&self.email), "operator")?,
            phone: self.phone,
            bank_name: self.bank_name,
            iban: self.iban,
            bic: self.bic,
            invoice_prefix: self.invoice_prefix,
            payment_term_days: self.payment_term_days,
            terms: IssuerTerms {
                small_business: self.small_business,
                vat_check_required: self.vat_check_required,
                number_format: self.number_format,
                creditor_id: self.creditor_id,
                contact_name: self.contact_name,
                website: self.website,
                colour: self.colour,
                logo: self.logo,
            },
        })
    }
}
