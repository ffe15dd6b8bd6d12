//! Value added tax: how a line is treated, and the amount per group (G2, I4).

use rust_decimal::Decimal;

use crate::account::{Account, Operator};
use crate::country::is_country;
use crate::language::Language;
use crate::money::{Currency, Money, MoneyError};
use crate::rating::HoldReason;

/// A VAT rate in percent, category S of EN 16931 (standard rate).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VatRate(Decimal);

impl VatRate {
    /// 19 %, § 12 (1) UStG.
    pub const STANDARD: Self = Self(Decimal::from_parts(19, 0, 0, false, 0));

    /// 7 %, § 12 (2) UStG.
    pub const REDUCED: Self = Self(Decimal::from_parts(7, 0, 0, false, 0));

    /// A rate from storage.
    #[must_use]
    pub fn from_percent(percent: Decimal) -> Option<Self> {
        (percent > Decimal::ZERO && percent <= Decimal::ONE_HUNDRED).then_some(Self(percent))
    }

    /// Percent, for example 19.
    #[must_use]
    pub const fn percent(self) -> Decimal {
        self.0
    }
}

/// How a line is taxed (I4). Ordered as the groups stand on an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VatTreatment {
    /// Taxed at a rate; category S.
    Taxed(VatRate),
    /// The buyer owes the tax in its own member state (§ 13b UStG there, Art. 196 of Directive 2006/112/EC); category AE.
    ReverseCharge,
    /// Supplied outside the European Union and not taxable (§ 3a (2) UStG); category O.
    NotTaxable,
    /// The seller is a small business (§ 19 UStG); category E.
    SmallBusiness,
}

impl VatTreatment {
    /// 19 %.
    pub const STANDARD: Self = Self::Taxed(VatRate::STANDARD);

    /// Percent that is added: 0 for all that is not taxed.
    #[must_use]
    pub const fn percent(self) -> Decimal {
        match self {
            Self::Taxed(rate) => rate.percent(),
            Self::ReverseCharge | Self::NotTaxable | Self::SmallBusiness => Decimal::ZERO,
        }
    }

    /// Category of EN 16931 (UNTDID 5305).
    #[must_use]
    pub const fn category(self) -> &'static str {
        match self {
            Self::Taxed(_) => "S",
            Self::ReverseCharge => "AE",
            Self::NotTaxable => "O",
            Self::SmallBusiness => "E",
        }
    }

    /// Reads a category and percentage from storage.
    #[must_use]
    pub fn parse(category: &str, percent: Decimal) -> Option<Self> {
        match category {
            "S" => VatRate::from_percent(percent).map(Self::Taxed),
            "AE" => Some(Self::ReverseCharge),
            "O" => Some(Self::NotTaxable),
            "E" => Some(Self::SmallBusiness),
            _ => None,
        }
    }

    /// Code of the reason why nothing is added (VATEX list), where there is one.
    #[must_use]
    pub const fn exemption_code(self) -> Option<&'static str> {
        match self {
            Self::ReverseCharge => Some("VATEX-EU-AE"),
            Self::NotTaxable => Some("VATEX-EU-O"),
            Self::Taxed(_) | Self::SmallBusiness => None,
        }
    }

    /// What stands beside the amount of VAT: the rate, or why nothing is added.
    #[must_use]
    pub fn label(self, language: Language) -> String {
        match self.exemption_text(language) {
            Some(text) => text.to_owned(),
            None => format!("{}\u{a0}% {}", language.number(self.percent()), language.pick("USt", "VAT")),
        }
    }

    /// The sentence that says why nothing is added (§ 14 (4) No. 8, § 14a (1) and (5), § 34a UStDV).
    #[must_use]
    pub fn exemption_text(self, language: Language) -> Option<&'static str> {
        let (de, en) = match self {
            Self::Taxed(_) => return None,
            Self::ReverseCharge => (
                "Steuerschuldnerschaft des Leistungsempfängers",
                "Reverse charge: the recipient is liable for the VAT (Art. 196 of Directive 2006/112/EC)",
            ),
            Self::NotTaxable => (
                "Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG)",
                "Not taxable in Germany: the place of supply is where the recipient is established (section 3a (2) UStG)",
            ),
            Self::SmallBusiness => (
                "Steuerfreier Umsatz eines Kleinunternehmers (§ 19 UStG)",
                "Exempt: small business under section 19 of the German VAT Act (UStG)",
            ),
        };
        Some(language.pick(de, en))
    }
}

/// One VAT group of an invoice (EN 16931 BG-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VatGroup {
    /// How its lines are taxed.
    pub treatment: VatTreatment,
    /// Sum of the rounded line nets of this group.
    pub taxable: Money,
    /// VAT on that sum, rounded (EN 16931 BR-CO-17).
    pub vat: Money,
}

/// Member states of the European Union, ISO 3166-1 alpha-2. Some of their territories outside the VAT area have no code of
/// their own (Büsingen, Helgoland, the Canary Islands, Ceuta, Melilla, Livigno): buyers there are not told apart.
pub const MEMBER_STATES: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The letters a VAT id of a country begins with: its code, but `EL` for Greece (Art. 215 of Directive 2006/112/EC).
#[must_use]
pub fn vat_prefix(country: &str) -> &str {
    if country == "GR" { "EL" } else { country }
}

/// How what a seller supplies to a buyer is taxed (I4); `None`: at the rate of each line.
///
/// # Errors
/// Why it cannot be told: no address, or a buyer in another member state without a VAT id that holds.
pub fn treatment_for(seller: &Operator, buyer: &Account) -> Result<Option<VatTreatment>, HoldReason> {
    let address = buyer.address.as_ref().ok_or(HoldReason::NoBuyerAddress)?;
    let treatment = treatment_in(&address.country, buyer.vat_id.as_deref())?;
    let vat_id = buyer.vat_id.clone().unwrap_or_default();
    match (treatment, buyer.terms.vat_check.as_ref().filter(|check| check.vat_id == vat_id)) {
        (None, _) => Ok(seller.terms.small_business.then_some(VatTreatment::SmallBusiness)),
        (Some(VatTreatment::ReverseCharge), _) if seller.vat_id.is_empty() => Err(HoldReason::NoSellerVatId),
        (Some(VatTreatment::ReverseCharge), Some(check)) if !check.valid => {
            Err(HoldReason::VatIdInvalid { vat_id, on: check.day() })
        }
        (Some(VatTreatment::ReverseCharge), None) if seller.terms.vat_check_required => {
            Err(HoldReason::VatIdUnchecked(vat_id))
        }
        (treatment, _) => Ok(treatment),
    }
}

/// How what is supplied to a buyer in a country is taxed, by what it says of itself; `None`: as at home.
///
/// # Errors
/// Why it cannot be told: a buyer in another member state without a VAT id of one.
pub fn treatment_in(country: &str, vat_id: Option<&str>) -> Result<Option<VatTreatment>, HoldReason> {
    // Monaco is treated as France, whose ids its businesses have (Art. 7 of Directive 2006/112/EC).
    let state = if country == "MC" { "FR" } else { country };
    if country == "DE" {
        return Ok(None);
    }
    if !is_country(country) {
        return Err(HoldReason::UnknownCountry(country.to_owned()));
    }
    if !MEMBER_STATES.contains(&state) {
        return Ok(Some(VatTreatment::NotTaxable));
    }
    let Some(vat_id) = vat_id else { return Err(HoldReason::NoVatId(country.to_owned())) };
    // A business established in one member state may be registered in another, but not only in Germany: then the
    // supply would have to be looked at by somebody.
    if MEMBER_STATES.iter().any(|state| *state != "DE" && vat_id.starts_with(vat_prefix(state))) {
        return Ok(Some(VatTreatment::ReverseCharge));
    }
    Err(HoldReason::ForeignVatId { country: country.to_owned(), vat_id: vat_id.to_owned() })
}

/// The VAT id on whose validity it rests that a buyer owes the tax itself, if it does: what VIES is asked about (I4).
#[must_use]
pub fn decisive_vat_id(buyer: &Account) -> Option<&str> {
    let (address, vat_id) = (buyer.address.as_ref()?, buyer.vat_id.as_deref()?);
    let treatment = treatment_in(&address.country, Some(vat_id));
    (treatment == Ok(Some(VatTreatment::ReverseCharge))).then_some(vat_id)
}

/// Groups line nets by treatment and taxes each group once, lowest rate first (G2).
///
/// # Errors
/// [`MoneyError`] when a sum is beyond the limit.
pub fn groups(
    lines: impl IntoIterator<Item = (VatTreatment, Money)>,
    currency: Currency,
) -> Result<Vec<VatGroup>, MoneyError> {
    let mut sums = std::collections::BTreeMap::new();
    for (treatment, net) in lines {
        let sum = sums.entry(treatment).or_insert(Money::zero(currency));
        *sum = sum.plus(net)?;
    }
    sums.into_iter()
        .map(|(treatment, taxable)| {
            let vat = taxable.percent(treatment.percent())?;
            Ok(VatGroup { treatment, taxable, vat })
        })
        .collect()
}

#[cfg(test)]
mod tests;
