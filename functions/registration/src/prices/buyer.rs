//! Who buys: a country and a VAT id decide how a price is taxed (I4). Without them a buyer in Germany is meant.

use domain::account::check;
use domain::language::Language;
use maud::{Markup, html};

use super::entries::Reader;
use super::form::Form;

/// Entry of the country.
pub(super) const COUNTRY: &str = "buyer_country";
/// Entry of the VAT id.
pub(super) const VAT_ID: &str = "buyer_vat_id";
/// Where a buyer is who says nothing.
pub(super) const HOME: &str = "DE";

/// Country and VAT id as typed.
pub(super) fn read(reader: &mut Reader<'_>) -> (String, Option<String>) {
    let (country, vat_id) = (reader.typed.value(COUNTRY).to_owned(), reader.typed.value(VAT_ID).to_owned());
    let country = if country.is_empty() { Ok(HOME.to_owned()) } else { check::country(&country) };
    let vat_id = if vat_id.is_empty() { Ok(None) } else { check::vat_ids::vat_id(&vat_id).map(Some) };
    let mut wrong = |name, problem: &domain::problem::Problem| {
        reader.refuse(name, problem.sentence(Language::De), problem.sentence(Language::En));
    };
    if let Err(problem) = &country {
        wrong(COUNTRY, problem);
    }
    if let Err(problem) = &vat_id {
        wrong(VAT_ID, problem);
    }
    (country.unwrap_or_else(|_| HOME.to_owned()), vat_id.unwrap_or_default())
}

/// The two entries, folded away while nothing is typed.
pub(super) fn entries(form: &Form<'_>) -> Markup {
    let language = form.language;
    let open = [COUNTRY, VAT_ID].iter().any(|name| !form.typed.value(name).is_empty());
    html! {
        details open[open] {
            summary { (language.pick("Rechnungsanschrift außerhalb Deutschlands", "Billing address outside Germany")) }
            (form.text(COUNTRY, language.pick("Land", "Country"), language.pick("zwei Buchstaben, zum Beispiel AT", "two letters, for example AT")))
            (form.text(VAT_ID, language.pick("USt-IdNr.", "VAT id"), language.pick(
                "nötig in anderen EU-Staaten; dort schuldet der Kunde die Steuer",
                "needed in other member states of the EU, where the customer owes the tax")))
        }
    }
}
