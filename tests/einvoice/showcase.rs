//! Invoices to look at: on one page and on several, in both languages.

use domain::catalog::meter::Unit;
use domain::ids::EventId;
use domain::invoice::{Invoice, InvoiceKind, Line};
use domain::language::Language;

use crate::samples::{buyer, day, domestic, draft, issue, line, seller, usual_lines, with_mandate};

/// Title in German and English, attendees, day it ended on.
const EVENTS: [(&str, &str, u32, &str); 26] = [
    ("Herbstempfang der Wirtschaft", "Autumn business reception", 214, "2026-11-02"),
    ("Lange Nacht der Museen", "Long night of museums", 486, "2026-11-03"),
    ("Gründertreffen Rheinland", "Rhineland founders' meeting", 58, "2026-11-04"),
    ("Werkstattabend Holz", "Woodworking evening", 24, "2026-11-05"),
    ("Fachtag Stadtplanung", "Urban planning day", 132, "2026-11-06"),
    ("Benefizkonzert im Dom", "Charity concert in the cathedral", 640, "2026-11-07"),
    ("Weinprobe Mosel und Ahr", "Moselle and Ahr wine tasting", 36, "2026-11-09"),
    ("Elternabend Medienkompetenz", "Parents' evening on media", 75, "2026-11-10"),
    ("Jahrestagung Logistik 2026", "Logistics annual conference 2026", 388, "2026-11-11"),
    ("Sitzungseröffnung der Karnevalsgesellschaft", "Opening of the carnival season", 512, "2026-11-11"),
    ("Kundentag Maschinenbau", "Engineering customer day", 97, "2026-11-12"),
    ("Vortrag: Heizen ohne Gas", "Talk: heating without gas", 143, "2026-11-13"),
    ("Nachwuchspreis Grafik", "Young graphic artists' award", 81, "2026-11-14"),
    ("Workshop Pressearbeit", "Press relations workshop", 18, "2026-11-16"),
    ("Neubürgerempfang", "Welcome for new citizens", 164, "2026-11-17"),
    ("Ausbildungsbörse Handwerk", "Crafts apprenticeship fair", 329, "2026-11-18"),
    ("Podium: Innenstadt im Wandel", "Panel: changing city centres", 118, "2026-11-19"),
    ("Probetag im Orchester", "Rehearsal day with the orchestra", 42, "2026-11-20"),
    ("Adventsmarkt der Vereine", "Clubs' Advent market", 271, "2026-11-21"),
    ("Seminar Arbeitsrecht kompakt", "Labour law in brief", 33, "2026-11-23"),
    ("Netzwerkfrühstück Pflege", "Care network breakfast", 47, "2026-11-24"),
    ("Tag der offenen Werft", "Open shipyard day", 405, "2026-11-25"),
    ("Lesung am Kamin", "Fireside reading", 29, "2026-11-26"),
    ("Messe Nachhaltiges Bauen", "Sustainable building fair", 723, "2026-11-27"),
    ("Ehrung der Ehrenamtlichen", "Honouring volunteers", 156, "2026-11-28"),
    ("Adventssingen", "Advent singing", 198, "2026-11-29"),
];

/// One page, one with the days behind it, several pages, and a cancellation, by name.
pub(crate) fn all() -> Vec<(String, Invoice)> {
    let mut cases = Vec::new();
    for language in [Language::De, Language::En] {
        let monthly = |buyer, lines| issue(draft(InvoiceKind::Monthly, &seller(), buyer, lines), seller());
        let abroad = match language {
            Language::De => domestic(language),
            Language::En => buyer("NL", Some("NL123456782B90"), language),
        };
        let code = language.code();
        cases.push((format!("show-one-page-{code}"), monthly(abroad.clone(), usual_lines())));
        cases.push((format!("show-three-pages-{code}"), monthly(domestic(language), events())));
        cases.push((format!("show-debit-{code}"), monthly(with_mandate(abroad.clone()), counted())));
        let mut cancellation = draft(InvoiceKind::Cancellation, &seller(), abroad, usual_lines());
        cancellation.note = Some(
            language
                .pick("Die Zahl der Teilnehmer war falsch übernommen.", "The number of attendees was wrong.")
                .to_owned(),
        );
        cases.push((format!("show-cancellation-{code}"), issue(cancellation, seller())));
    }
    cases
}

/// Events, each charged by its attendees.
fn events() -> Vec<Line> {
    let event = |(index, (de, en, attendees, over)): (usize, &(&str, &str, u32, &str))| {
        let mut line = line((de, en), &attendees.to_string(), &Unit::ATTENDEE, "3", None);
        (line.first_day, line.last_day) = (day("2026-10-12"), day(over));
        line.provenance.plan.catalogue = "attendees@2021-03".into();
        line.provenance.rule = "A10".into();
        line.provenance.meter = Some("accepted_attendees".into());
        line.provenance.event = EventId::parse(&format!("evt_{index}")).ok();
        line
    };
    EVENTS.iter().enumerate().map(event).collect()
}

/// A month with three meters.
fn counted() -> Vec<Line> {
    let metered = |text, quantity, unit: &str, price, meter: &str| {
        let mut line = line(text, quantity, &Unit::named(unit).unwrap(), price, None);
        line.provenance.meter = Some(meter.into());
        line
    };
    vec![
        line(("Modul Formulare", "Forms module"), "1", &Unit::named("month").unwrap(), "29", None),
        metered(("Seitenaufrufe", "Page views"), "123456", "pageview", "0.0004", "pageviews"),
        metered(("Verarbeitete Seiten (OCR)", "Processed pages (OCR)"), "842", "page", "0.05", "ocr_pages"),
        metered(("Telefonische Hilfe", "Telephone support"), "95", "minute", "0.50", "phone"),
    ]
}
