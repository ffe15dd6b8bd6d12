//! Names of countries, for addresses abroad.

use domain::language::Language;

/// Code, German and English name: the European Union, its neighbours and its larger partners.
const NAMES: [(&str, &str, &str); 52] = [
    ("AE", "Vereinigte Arabische Emirate", "United Arab Emirates"),
    ("AL", "Albanien", "Albania"),
    ("AR", "Argentinien", "Argentina"),
    ("AT", "Österreich", "Austria"),
    ("AU", "Australien", "Australia"),
    ("BA", "Bosnien und Herzegowina", "Bosnia and Herzegovina"),
    ("BE", "Belgien", "Belgium"),
    ("BG", "Bulgarien", "Bulgaria"),
    ("BR", "Brasilien", "Brazil"),
    ("CA", "Kanada", "Canada"),
    ("CH", "Schweiz", "Switzerland"),
    ("CN", "China", "China"),
    ("CY", "Zypern", "Cyprus"),
    ("CZ", "Tschechien", "Czechia"),
    ("DE", "Deutschland", "Germany"),
    ("DK", "Dänemark", "Denmark"),
    ("EE", "Estland", "Estonia"),
    ("ES", "Spanien", "Spain"),
    ("FI", "Finnland", "Finland"),
    ("FR", "Frankreich", "France"),
    ("GB", "Vereinigtes Königreich", "United Kingdom"),
    ("GR", "Griechenland", "Greece"),
    ("HR", "Kroatien", "Croatia"),
    ("HU", "Ungarn", "Hungary"),
    ("IE", "Irland", "Ireland"),
    ("IL", "Israel", "Israel"),
    ("IN", "Indien", "India"),
    ("IS", "Island", "Iceland"),
    ("IT", "Italien", "Italy"),
    ("JP", "Japan", "Japan"),
    ("KR", "Südkorea", "South Korea"),
    ("LI", "Liechtenstein", "Liechtenstein"),
    ("LT", "Litauen", "Lithuania"),
    ("LU", "Luxemburg", "Luxembourg"),
    ("LV", "Lettland", "Latvia"),
    ("ME", "Montenegro", "Montenegro"),
    ("MT", "Malta", "Malta"),
    ("NL", "Niederlande", "Netherlands"),
    ("NO", "Norwegen", "Norway"),
    ("NZ", "Neuseeland", "New Zealand"),
    ("PL", "Polen", "Poland"),
    ("PT", "Portugal", "Portugal"),
    ("RO", "Rumänien", "Romania"),
    ("RS", "Serbien", "Serbia"),
    ("SE", "Schweden", "Sweden"),
    ("SG", "Singapur", "Singapore"),
    ("SI", "Slowenien", "Slovenia"),
    ("SK", "Slowakei", "Slovakia"),
    ("TR", "Türkei", "Türkiye"),
    ("UA", "Ukraine", "Ukraine"),
    ("US", "USA", "USA"),
    ("ZA", "Südafrika", "South Africa"),
];

/// The name of a country; its code where no name is known, which the post can read, too.
pub(super) fn name(code: &str, language: Language) -> &str {
    NAMES.iter().find(|(known, _, _)| *known == code).map_or(code, |(_, de, en)| language.pick(*de, *en))
}
