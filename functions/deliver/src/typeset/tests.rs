//! What the typesetter promises about any invoice.

mod samples;

use std::error::Error;

use chrono::{DateTime, FixedOffset};
use typst::World;
use typst_layout::PagedDocument;

use super::world::{InvoiceWorld, Setup};
use super::{Logo, PrintInvoice, render};

type TestResult = Result<(), Box<dyn Error>>;

/// Characters that mean something in the template's language, and one line feed.
const MARKUP: &str = "#emph[x] $a$ *b* _c_ `d` [e] \\ \"f\" @g <script>alert(1)</script> // h /* i */\n= j";

fn issued_at() -> Result<DateTime<FixedOffset>, chrono::ParseError> {
    DateTime::parse_from_rfc3339("2026-11-01T03:15:00+01:00")
}

/// Lays the invoice out and reports its pages; a warning is a failure too.
fn pages(invoice: &PrintInvoice) -> Result<PagedDocument, Box<dyn Error>> {
    let world = super::world(invoice, None, Setup::shared()?)?;
    let result = typst::compile::<PagedDocument>(&world);
    assert!(result.warnings.is_empty(), "{:?}", result.warnings);
    result.output.map_err(|diagnostics| super::joined(&world, &diagnostics).into())
}

/// All text of the document in the order it is drawn, without spaces.
fn text_of(document: &PagedDocument) -> String {
    fn collect(frame: &typst::layout::Frame, text: &mut String) {
        for (_, item) in frame.items() {
            match item {
                typst::layout::FrameItem::Group(group) => collect(&group.frame, text),
                typst::layout::FrameItem::Text(item) => text.push_str(&item.text),
                _ => {}
            }
        }
    }
    let mut text = String::new();
    for page in document.pages() {
        collect(&page.frame, &mut text);
    }
    text.retain(|character| !character.is_whitespace());
    text
}

/// Every text with its place and size, as it is drawn.
fn drawn(document: &PagedDocument) -> Vec<String> {
    fn collect(frame: &typst::layout::Frame, origin: typst::layout::Point, drawn: &mut Vec<String>) {
        for (at, item) in frame.items() {
            match item {
                typst::layout::FrameItem::Group(group) => collect(&group.frame, origin + *at, drawn),
                typst::layout::FrameItem::Text(item) => {
                    drawn.push(format!("{:?} {:?} {}", origin + *at, item.size, item.text));
                }
                _ => {}
            }
        }
    }
    let mut all = Vec::new();
    for page in document.pages() {
        collect(&page.frame, typst::layout::Point::zero(), &mut all);
    }
    all
}

/// Whatever is said to fit is set as if it had been measured, up to the length from which it does not fit.
#[test]
fn what_is_not_measured_is_set_as_if_it_were() -> TestResult {
    let setup = Setup::shared()?;
    let mut said = std::collections::BTreeSet::new();
    for length in [1, 8, 16, 19, 22, 28, 36, 45, 70, 100] {
        let mut invoice = samples::german();
        let text: String = "Wörterbuch AG & Co. KG Mannheim ".chars().cycle().take(length).collect();
        let text = text.trim().to_owned();
        invoice.seller.name.clone_from(&text);
        invoice.seller.return_address.clone_from(&text);
        invoice.seller.website = Some(text.clone());
        invoice.recipient[0].clone_from(&text);
        invoice.facts[0].value.clone_from(&text);
        invoice.lines[0].unit.clone_from(&text);
        let known = super::data(&invoice, None, setup)?;
        said.extend(known["fits"].as_object().unwrap().iter().map(|(part, fits)| format!("{part} {fits}")));
        let mut unknown = known.clone();
        unknown.as_object_mut().unwrap().remove("fits");
        let [known, unknown] = [known, unknown].map(|data| {
            let world = InvoiceWorld::new(setup, serde_json::to_vec(&data).unwrap(), None);
            drawn(&typst::compile::<PagedDocument>(&world).output.unwrap())
        });
        assert_eq!(known, unknown, "{length}");
    }
    assert_eq!(said.len(), 12, "each part fits and does not fit: {said:?}");
    Ok(())
}

fn with_lines(count: usize) -> PrintInvoice {
    let mut invoice = samples::german();
    invoice.lines = invoice.lines.iter().cycle().take(count).cloned().collect();
    for (index, line) in invoice.lines.iter_mut().enumerate() {
        line.position = format!("{}", index + 1);
    }
    invoice
}

#[test]
fn same_invoice_and_time_stamp_give_the_same_bytes() -> TestResult {
    let first = render(&samples::german(), None, issued_at()?)?;
    render(&samples::english(), None, issued_at()?)?;
    assert!(first.starts_with(b"%PDF-1.7"));
    assert!(first == render(&samples::german(), None, issued_at()?)?, "bytes differ");
    Ok(())
}

#[test]
fn a_short_invoice_fills_one_page() -> TestResult {
    for invoice in [samples::german(), samples::english()] {
        assert_eq!(pages(&invoice)?.pages().len(), 1, "{}", invoice.number);
    }
    Ok(())
}

#[test]
fn sixty_lines_spread_over_pages_under_a_repeated_head() -> TestResult {
    let document = pages(&with_lines(60))?;
    let count = document.pages().len();
    assert!((3..=5).contains(&count), "{count} pages");
    let text = text_of(&document);
    assert_eq!(text.matches("Einzelpreis").count(), count, "one table head on each page");
    assert!(text.contains(&format!("Seite{count}von{count}")), "{text}");
    assert_eq!(text.matches("RechnungRE-2026-00123").count(), count, "subject, then heads");
    assert_eq!(
        text.matches("Übertrag").count(),
        2 * (count - 1),
        "at the foot of each page but the last, at the head of the next"
    );
    Ok(())
}

#[test]
fn totals_never_part_from_the_last_line() -> TestResult {
    for count in 10..=17 {
        let document = pages(&with_lines(count))?;
        let text = text_of(&document);
        let totals = text.find("Summe").ok_or("no totals")?;
        let gross = text.find("Gesamtbetrag627").ok_or("no amount to pay")?;
        let last_head = text[..totals].rfind("Einzelpreis").ok_or("no head")?;
        let rows_on_page = text[last_head..totals].matches("19%").count();
        assert!(rows_on_page > 0, "{count} lines: totals alone below the head");
        assert!(!text[totals..gross].contains("Seite"), "{count} lines: totals split");
    }
    Ok(())
}

#[test]
fn markup_is_printed_as_it_stands() -> TestResult {
    let mut invoice = samples::german();
    for value in invoice.recipient.iter_mut().chain(&mut invoice.introduction) {
        *value = MARKUP.to_owned();
    }
    invoice.seller.name = MARKUP.to_owned();
    invoice.number = MARKUP.to_owned();
    invoice.notes = vec![MARKUP.to_owned()];
    invoice.payment.paragraphs = vec![MARKUP.to_owned()];
    invoice.lines[0].text = MARKUP.to_owned();
    invoice.lines[0].detail = Some(MARKUP.to_owned());
    let mut literal = MARKUP.to_owned();
    literal.retain(|character| !character.is_whitespace());
    let text = text_of(&pages(&invoice)?);
    assert!(text.matches(&literal).count() >= 12, "{text}");
    render(&invoice, None, issued_at()?)?;
    Ok(())
}

#[test]
fn any_script_and_any_length_can_be_rendered() -> TestResult {
    let unbroken = "x".repeat(500);
    let endless = "Ein sehr langer Satz über Größe und Maß. ".repeat(200);
    let rows = [
        ("a script without glyphs", "株式会社 イベント", "□□□□"),
        ("a picture", "Sommerfest 🎉 2026", "Sommerfest2026"),
        ("a no-break hyphen", "E\u{2011}Mail", "E-Mail"),
        ("controls and directions", "a\u{0}b\tc\u{202e}d\u{7f}", "abcd"),
        ("Central Europe", "Łódź, Škoda, Győr, Iași", "Łódź,Škoda,Győr,Iași"),
        ("an unbroken word", &unbroken, "xxxxxxxx"),
        ("several pages in one line", &endless, "Größe"),
        ("nothing", "", ""),
    ];
    for (name, value, expected) in rows {
        let mut invoice = samples::english();
        invoice.recipient = vec![value.to_owned(); 3];
        invoice.lines[1].text = value.to_owned();
        invoice.lines[1].detail = Some(value.to_owned());
        invoice.notes = vec![value.to_owned()];
        let text = text_of(&pages(&invoice).map_err(|error| format!("{name}: {error}"))?);
        assert!(text.contains(expected), "{name}: {text}");
        render(&invoice, None, issued_at()?).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

#[test]
fn everything_optional_may_be_missing() -> TestResult {
    let mut invoice = samples::german();
    invoice.facts.clear();
    invoice.seller.bank = None;
    invoice.seller.website = None;
    invoice.seller.tax_number = None;
    invoice.introduction.clear();
    invoice.lines.clear();
    invoice.totals.vat.clear();
    invoice.payment = super::Payment::default();
    assert!(!text_of(&pages(&invoice)?).contains("Zahlung"));
    render(&invoice, None, issued_at()?)?;
    Ok(())
}

#[test]
fn a_cancellation_says_what_it_cancels_and_asks_for_nothing() -> TestResult {
    let text = text_of(&pages(&samples::cancellation())?);
    assert!(text.contains("StornorechnungRE-2026-00123"), "{text}");
    assert!(text.contains("StornozurRechnungRE-2026-00041vom02.11.2026"), "{text}");
    assert!(!text.contains("überweisen") && !text.contains("onlinebezahlen"), "{text}");
    Ok(())
}

#[test]
fn a_direct_debit_is_announced_with_all_the_scheme_asks_for_z6() -> TestResult {
    let text = text_of(&pages(&samples::english())?);
    for part in ["M-10042-1", "DE98ZZZ09999999999", "€527.00", "4December2026", "6199", "pre-notification"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("DE75512108001245126199"), "the whole IBAN is nobody else's business");
    Ok(())
}

#[test]
fn days_stand_on_pages_of_their_own_z5() -> TestResult {
    let document = pages(&samples::with_appendix())?;
    assert_eq!(document.pages().len(), 2);
    let text = text_of(&document);
    // 0, 13, 26 … below 70: the sum of 30 days, of which one was counted late; 1,050 are charged.
    for part in [
        "VerbrauchimEinzelnen",
        "Pos.2",
        "02.11.13",
        "29.11.14*",
        "Summe965",
        "berechnet1.050Teilnehmer",
        "*nachMonatsende",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    Ok(())
}

#[test]
fn a_logo_is_printed_or_left_out() -> TestResult {
    let png = include_bytes!("../../../../docs/plan.png").to_vec();
    let logo = Logo::read(png.clone()).ok_or("a PNG")?;
    let plain = render(&samples::german(), None, issued_at()?)?;
    let with_logo = render(&samples::german(), Some(&logo), issued_at()?)?;
    assert!(with_logo.len() > plain.len() + 1000, "the logo is inside");
    let broken = Logo::read(png.into_iter().take(300).collect()).ok_or("the beginning of a PNG")?;
    assert!(render(&samples::german(), Some(&broken), issued_at()?)? == plain, "a broken one is left out");
    assert!(Logo::read(b"<svg/>".to_vec()).is_none());
    Ok(())
}

#[test]
fn the_template_reaches_nothing_but_its_data() -> TestResult {
    let world = InvoiceWorld::new(Setup::shared()?, b"{}".to_vec(), None);
    let template = world.main();
    assert!(world.source(template).is_ok());
    assert!(world.file(template).is_err());
    assert!(world.today(None).is_none());
    let failure = typst::compile::<PagedDocument>(&world).output.err().ok_or("no data needed")?;
    let message = super::joined(&world, &failure);
    assert!(message.starts_with("line ") && message.contains("\"labels\""), "{message}");
    Ok(())
}

/// The samples are what a designer opens beside the template, so they must have its shape.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test is told by its caller to write the files anew")]
fn the_sample_files_match_the_print_model() -> TestResult {
    let rows = [("german", samples::with_appendix()), ("english", samples::english())];
    for (name, invoice) in rows {
        let path = format!("{}/assets/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let file: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&path).unwrap_or_default()).unwrap_or_default();
        let mut printed = serde_json::to_value(&invoice)?;
        printed["look"]["logo"] = serde_json::Value::Null;
        if printed != file && std::env::var_os("EINLASS_WRITE_SAMPLES").is_some() {
            std::fs::write(&path, serde_json::to_string_pretty(&printed)? + "\n")?;
            continue;
        }
        assert_eq!(printed, file, "{name}: run it with EINLASS_WRITE_SAMPLES=1 to write the files anew");
    }
    Ok(())
}
