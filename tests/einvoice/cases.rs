//! The invoices: every kind, VAT case, language, way to pay, form and edge of rounding.

use domain::catalog::charge::Issuer;
use domain::catalog::meter::Unit;
use domain::invoice::{Draft, Invoice, InvoiceKind, Line};
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::vat::{VatRate, VatTreatment};

use crate::samples::{
    buyer, domestic, draft, invoice, issue, line, partner, public, seller, small_business, usual_lines, with_mandate,
};

const LANGUAGES: [Language; 2] = [Language::De, Language::En];

/// Every kind in both languages, hybrid and as XRechnung.
pub(crate) fn kinds() -> Vec<(String, Invoice)> {
    let mut cases = Vec::new();
    for kind in InvoiceKind::ALL {
        for language in LANGUAGES {
            let name = |form: &str| format!("{form}-{}-{}", kind.code(), language.code());
            cases.push((name("kind"), invoice(kind, seller(), domestic(language))));
            cases.push((name("xrechnung"), invoice(kind, seller(), public(language))));
        }
        cases.push((format!("debit-{}", kind.code()), invoice(kind, seller(), with_mandate(domestic(Language::De)))));
    }
    cases
}

fn rated(mut lines: Vec<Line>, rates: &[VatRate]) -> Vec<Line> {
    for (line, rate) in lines.iter_mut().zip(rates.iter().cycle()) {
        line.vat = VatTreatment::Taxed(*rate);
    }
    lines
}

/// Every VAT case, paid in both ways.
pub(crate) fn treatments() -> Vec<(String, Invoice)> {
    let mut cases = Vec::new();
    for (index, language) in [Language::De, Language::En, Language::De, Language::En].into_iter().enumerate() {
        let pays = |account| if index < 2 { account } else { with_mandate(account) };
        let way = if index < 2 { "transfer" } else { "debit" };
        let case = |name: &str| format!("vat-{name}-{way}-{}", language.code());
        let rows = [
            ("reduced", seller(), domestic(language), vec![VatRate::REDUCED]),
            ("mixed", seller(), domestic(language), vec![VatRate::STANDARD, VatRate::REDUCED]),
            ("reverse-charge", seller(), buyer("NL", Some("NL123456782B90"), language), vec![VatRate::STANDARD]),
            ("not-taxable", seller(), buyer("CH", None, language), vec![VatRate::STANDARD]),
            ("not-taxable-with-vat-id", seller(), buyer("CH", Some("CHE123456788"), language), vec![VatRate::STANDARD]),
            ("not-taxable-no-register", partner(), buyer("CH", None, language), vec![VatRate::STANDARD]),
            ("small-business", small_business(), domestic(language), vec![VatRate::STANDARD]),
        ];
        for (name, seller, account, rates) in rows {
            let draft = draft(InvoiceKind::Monthly, &seller, pays(account), rated(usual_lines(), &rates));
            cases.push((case(name), issue(draft, seller)));
        }
        for kind in [InvoiceKind::Cancellation, InvoiceKind::DownPayment] {
            let account = buyer("NL", Some("NL123456782B90"), language);
            cases.push((case(&format!("reverse-charge-{}", kind.code())), invoice(kind, seller(), pays(account))));
        }
    }
    cases
}

fn of_lines(name: &str, lines: Vec<Line>) -> (String, Invoice) {
    let language = if name.len().is_multiple_of(2) { Language::De } else { Language::En };
    (format!("lines-{name}"), issue(draft(InvoiceKind::Monthly, &seller(), domestic(language), lines), seller()))
}

/// Edges of rounding, and long ones.
pub(crate) fn rounding() -> Vec<(String, Invoice)> {
    let (month, user) = (Unit::named("month").unwrap(), Unit::named("user").unwrap());
    let (views, hours) = (Unit::named("pageview").unwrap(), Unit::named("hour").unwrap());
    let fee = |share| line(("Grundgebühr", "Base fee"), "1", &month, "49.99", Some(share));
    let half_cents: Vec<Line> =
        (0..60).map(|_| line(("Ein halber Cent", "Half a cent"), "1", &views, "0.005", None)).collect();
    let months = [(28, 1..=28), (30, 1..=30), (31, 1..=31)];
    let shares = months.into_iter().flat_map(|(of, days)| days.map(move |days| (days, of))).map(fee).collect();
    let long: Vec<Line> = (0..200)
        .map(|index| {
            let text = (format!("Veranstaltung Nummer {}", index + 1), format!("Event number {}", index + 1));
            let quantity = (index * 7 % 90 + 5).to_string();
            line((&text.0, &text.1), &quantity, &Unit::ATTENDEE, "3", None)
        })
        .collect();
    let mut long_rates = rated(long.clone(), &[VatRate::STANDARD, VatRate::REDUCED]);
    long_rates.truncate(199);
    vec![
        of_lines("half-cents", half_cents.clone()),
        of_lines("half-cents-mixed", rated(half_cents, &[VatRate::STANDARD, VatRate::REDUCED])),
        of_lines("each-1000", vec![line(("Seitenaufrufe", "Page views"), "123456", &views, "0.0004", None)]),
        of_lines("each-million", vec![line(("Aufrufe", "Requests"), "987654321", &views, "0.00000123", None)]),
        of_lines("fine-price", vec![line(("Minuten", "Minutes"), "7.25", &hours, "13.33333", None)]),
        of_lines("shares", shares),
        of_lines("share-of-many", vec![line(("Benutzer", "Users"), "7", &user, "9.95", Some((17, 31)))]),
        of_lines("negative-share", vec![fee((30, 30)), line(("Zurück", "Back"), "-2", &user, "9.95", Some((3, 30)))]),
        of_lines("negative-price", vec![fee((30, 30)), line(("Nachlass", "Rebate"), "1", &month, "-10.005", None)]),
        of_lines("difference", vec![line(("Nachberechnung", "Later"), "1", &Unit::LUMP_SUM, "0.01", None)]),
        of_lines("does-not-multiply", vec![unexplained()]),
        of_lines("200", long),
        of_lines("199-mixed", long_rates),
    ]
}

/// A line whose net amount is not what quantity and price give, as no rule makes one.
fn unexplained() -> Line {
    let mut line = line(("Pauschal vereinbart", "Agreed as a whole"), "3", &Unit::PIECE, "33.33", None);
    line.net = Money::round("100".parse().unwrap(), Currency::Eur).unwrap();
    line
}

/// Credit, nothing to pay, and the largest amounts.
pub(crate) fn amounts() -> Vec<(String, Invoice)> {
    let plain = |lines: Vec<Line>, language| draft(InvoiceKind::Monthly, &seller(), domestic(language), lines);
    let credited = |mut draft: Draft, credit: Money| {
        draft.credit = credit;
        issue(draft, seller())
    };
    let some = Money::round("50.01".parse().unwrap(), Currency::Eur).unwrap();
    let all = |draft: &Draft| draft.totals.gross;
    let (covered, covered_public) = (
        plain(usual_lines(), Language::En),
        draft(InvoiceKind::Monthly, &seller(), public(Language::De), usual_lines()),
    );
    let zero = vec![
        line(("Leistung", "Service"), "1", &Unit::PIECE, "20", None),
        line(("Nachlass", "Rebate"), "-1", &Unit::PIECE, "20", None),
    ];
    let below = draft(
        InvoiceKind::Correction,
        &seller(),
        domestic(Language::De),
        vec![line(("Berichtigung", "Correction"), "-1", &Unit::PIECE, "20", None)],
    );
    let large = vec![line(("Viel", "Much"), "99999", &Unit::PIECE, "9999.99", None)];
    let debit = draft(InvoiceKind::Monthly, &seller(), with_mandate(domestic(Language::En)), usual_lines());
    vec![
        ("amount-credit".into(), credited(plain(usual_lines(), Language::De), some)),
        ("amount-credit-debit".into(), credited(debit, some)),
        ("amount-credit-covers".into(), credited(covered.clone(), all(&covered))),
        ("amount-credit-covers-xrechnung".into(), credited(covered_public.clone(), all(&covered_public))),
        ("amount-zero".into(), issue(plain(zero.clone(), Language::De), seller())),
        (
            "amount-zero-xrechnung".into(),
            issue(draft(InvoiceKind::Monthly, &seller(), public(Language::En), zero), seller()),
        ),
        ("amount-below-zero".into(), issue(below, seller())),
        ("amount-large".into(), issue(plain(large, Language::En), seller())),
    ]
}

/// Issuers and names.
pub(crate) fn parties() -> Vec<(String, Invoice)> {
    let mut cases = Vec::new();
    for language in LANGUAGES {
        let name = |text: &str| format!("{text}-{}", language.code());
        let of_partner = |buyer| {
            let mut invoice = invoice(InvoiceKind::Monthly, partner(), buyer);
            invoice.draft.issuer = Issuer::Partner;
            invoice
        };
        cases.push((name("partner"), of_partner(domestic(language))));
        cases.push((name("partner-debit"), of_partner(with_mandate(domestic(language)))));
        cases.push((name("partner-xrechnung"), of_partner(public(language))));
        cases.push((name("debit-xrechnung"), invoice(InvoiceKind::Monthly, seller(), with_mandate(public(language)))));
    }
    let mut odd = domestic(Language::De);
    odd.name = "Müller & <Söhne> \"Łódź\" 株式会社 🎉".into();
    let mut noted = draft(InvoiceKind::Single, &seller(), odd, usual_lines());
    noted.note = Some("Zu Ihrem Auftrag vom 3. November;\nwir danken & grüßen <herzlich>.".into());
    cases.push(("names".into(), issue(noted, seller())));
    let mut formatted = seller();
    formatted.terms.number_format = Some("{yy}/{prefix}/{number:6}".into());
    cases.push(("number-with-slashes".into(), invoice(InvoiceKind::Monthly, formatted, public(Language::De))));
    let mut bare = seller();
    bare.terms = domain::account::IssuerTerms::default();
    bare.bic = String::new();
    cases.push(("bare-seller".into(), invoice(InvoiceKind::Monthly, bare, domestic(Language::De))));
    cases
}
