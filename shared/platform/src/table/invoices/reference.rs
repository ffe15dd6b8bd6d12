//! Another invoice that one names, as it is stored.

use domain::calendar::Day;
use domain::ids::InvoiceId;
use domain::invoice::Reference;
use serde::{Deserialize, Serialize};

use super::ITEM;
use crate::error::Error;
use crate::table::stored::valid;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::table) struct StoredReference {
    invoice: String,
    number: String,
    issued_on: String,
}

impl StoredReference {
    pub(in crate::table) fn new(reference: &Reference) -> Self {
        Self {
            invoice: reference.invoice.to_string(),
            number: reference.number.clone(),
            issued_on: reference.issued_on.to_string(),
        }
    }

    pub(in crate::table) fn read(self) -> Result<Reference, Error> {
        Ok(Reference {
            invoice: valid(InvoiceId::parse(&self.invoice), ITEM)?,
            number: self.number,
            issued_on: valid(Day::parse(&self.issued_on), ITEM)?,
        })
    }
}
