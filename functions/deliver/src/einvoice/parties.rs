//! Seller and buyer (BG-4, BG-7).

use domain::account::{Address, Operator};
use domain::contact::Email;
use domain::country::is_country;
use domain::invoice::Invoice;
use domain::vat::VatTreatment;
use en16931::Identifier;
use en16931::invoice::{Contact, Party, PostalAddress};

use super::{EInvoiceError, value};

/// With a supply that is not taxable no VAT id of either party may stand on the invoice (BR-O-02 to BR-O-04).
fn names_vat_ids(invoice: &Invoice) -> bool {
    !invoice.draft.lines.iter().any(|line| line.vat == VatTreatment::NotTaxable)
}

/// Whether a VAT id begins as the standard wants it (BR-CO-09). One that does not was kept before that was asked of it.
fn has_prefix(vat_id: &str) -> bool {
    vat_id.get(..2).is_some_and(|prefix| is_country(prefix) || ["EL", "XI"].contains(&prefix))
}

/// The seller, with all that XRechnung asks for.
pub(super) fn seller(invoice: &Invoice) -> Result<Party, EInvoiceError> {
    let seller = &invoice.seller;
    let language = invoice.draft.buyer.language;
    let contact = seller.terms.contact_name.as_deref().unwrap_or(&seller.name);
    let mut party = Party::new(&seller.name, address(&seller.address)?)
        .with_electronic_address(mailbox(&seller.email)?)
        .with_contact(Contact::new(contact, &seller.phone, seller.email.as_str()));
    party.vat_identifier = present(&seller.vat_id).filter(|_| names_vat_ids(invoice));
    party.tax_registration = present(&seller.tax_number);
    party.legal_registration = registration(seller).map(Identifier::new);
    if party.legal_registration.is_none() {
        // A VAT id or a register entry names the seller. Where neither may or can, its tax number does, or the VAT id as any
        // other identifier (BR-CO-26).
        let number = present(&seller.tax_number).or_else(|| present(&seller.vat_id));
        party.identifiers.extend(number.map(Identifier::new));
    }
    party.additional_legal_information = present(&seller.register_lines(language).join(", "));
    Ok(party)
}

/// The buyer.
pub(super) fn buyer(invoice: &Invoice) -> Result<Party, EInvoiceError> {
    let buyer = &invoice.draft.buyer;
    let postal = buyer.address.as_ref().ok_or_else(|| value("the buyer has no address"))?;
    let mut party = Party::new(&buyer.name, address(postal)?).with_electronic_address(mailbox(&buyer.billing_email)?);
    party.identifiers.push(Identifier::new(buyer.id.as_str()));
    party.vat_identifier = buyer.vat_id.clone().filter(|id| names_vat_ids(invoice) && has_prefix(id));
    Ok(party)
}

fn address(address: &Address) -> Result<PostalAddress, EInvoiceError> {
    PostalAddress::new(&address.street, &address.city, &address.postal_code, &address.country).map_err(value)
}

/// An e-mail address as the electronic one (EAS code `EM`).
fn mailbox(email: &Email) -> Result<Identifier, EInvoiceError> {
    Identifier::eas(email.as_str(), "EM").map_err(value)
}

/// The number in the register, without its court: `HRB 12345` of `Amtsgericht Musterstadt, HRB 12345`.
fn registration(seller: &Operator) -> Option<String> {
    let register = present(&seller.register)?;
    let number = register.rsplit_once(',').map(|(_, number)| number.trim());
    let number = number.filter(|number| number.bytes().any(|byte| byte.is_ascii_digit()));
    Some(number.map_or_else(|| register.clone(), str::to_owned))
}

fn present(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}
