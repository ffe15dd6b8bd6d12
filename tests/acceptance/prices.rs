//! The price calculator: the page and the interface, which answer with the code that invoices (P5).

mod interface;

use serde_json::{Value, json};

use crate::harness::{Reply, TestWorld, at};

const NOW: &str = "2026-11-02T09:00:00+01:00";
const PPA: &str = "plan=attendees@2021-03/pay-per-attendee";
const LICENCE: &str = "plan=attendees@2021-03/licence";
const MODULES: &str = "plan=modules@2026-01/modules";
const AGENT: &str = "plan=helpdesk@2026-01/agent";
const MEDIUM: &str = "plan=webinars@2026-01/medium";
const STANDARD: &str = "plan=support-levels@2026-01/standard";
const ENTERPRISE: &str = "plan=support-levels@2026-01/enterprise";

/// The text of a page: no tags, one blank where there is some space.
fn text(reply: &Reply) -> String {
    let mut text = String::new();
    let (_, content) = reply.body.split_once("</style>").unwrap();
    for part in content.split('<') {
        text.push(' ');
        text.push_str(part.split_once('>').map_or(part, |(_, rest)| rest));
    }
    let plain = text.replace("&amp;", "&").replace("&quot;", "\"").replace('\u{a0}', " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The value of the entry that is there to be copied.
fn share(reply: &Reply) -> String {
    let (_, rest) = reply.body.split_once(r#"id="share" readonly value=""#).unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn post(world: &TestWorld, body: &Value) -> Reply {
    world.send(world.request("POST", "/api/v1/prices").header("accept-language", "en").json(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_begins_with_a_plan_and_no_price() {
    let world = TestWorld::start(NOW).await;
    world.watch.take();
    let german = world.get("/prices?lang=de").await;
    assert_eq!(german.status, 200);
    assert_eq!(world.watch.take(), ["GetItem", "Query"], "whether the operator charges VAT, and the price lists");
    let shown = text(&german);
    for part in
        ["Preisrechner", "Pay per Attendee", "Lizenz", "Enterprise", "November 2026", "Zusagen", "Preis berechnen"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(german.body.contains(r#"<optgroup label="Teilnehmermanagement">"#));
    assert!(!shown.contains("Ihr Preis im") && !german.body.contains(r#"id="share""#));
    assert!(!german.body.contains("<script"));
    assert!(german.body.contains(r#"href="/prices?lang=en""#));
    let english = text(&world.get("/prices?lang=en").await);
    assert!(english.contains("Price calculator") && english.contains("Work out the price"), "{english}");
    world.get(&format!("/prices?{LICENCE}&m.accepted_attendees=2500")).await;
    post(&world, &json!({ "catalogue": "attendees@2021-03", "plan": "licence" })).await;
    assert_eq!(world.watch.take(), [""; 0], "kept for a minute, by page and interface");
    world.world.clock.set(at("2026-11-02T09:01:01+01:00"));
    world.get("/prices").await;
    assert_eq!(world.watch.take(), ["GetItem", "Query"]);
    let reply = world.post_form("/prices", &[]).await;
    assert_eq!((reply.status, reply.headers["allow"].as_str()), (405, "GET"));
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "a table with a row for each kind of entry")]
async fn every_kind_of_entry_has_its_price() {
    let world = TestWorld::start(NOW).await;
    let rows: &[(&str, &str, &str, &[&str])] = &[
        (
            "A10 an event",
            PPA,
            "e.accepted=37&e.responses=43",
            &["37 Teilnehmer × 3,00 € = 111,00 €", "Netto 111,00 €", "19 % USt 21,09 €", "Brutto 132,09 €"],
        ),
        ("A12 four responses", PPA, "e.accepted=4", &["In diesem Monat fällt nichts an."]),
        ("A12 five responses", PPA, "e.accepted=3&e.responses=5", &["Netto 9,00 €"]),
        ("nothing at all", PPA, "", &["In diesem Monat fällt nichts an."]),
        (
            "A20 a counter that accumulates",
            LICENCE,
            "m.accepted_attendees=2500",
            &["2.500 gezählt seit 1. November 2026", "Netto 399,00 €"],
        ),
        (
            "A20 on request",
            LICENCE,
            "m.accepted_attendees=20000",
            &[
                "Dafür ginge noch keine Rechnung heraus",
                "Lizenzgebühr: Bei 20.000 wird der Preis individuell vereinbart.",
            ],
        ),
        (
            "A30 a price that begins somewhere",
            PPA,
            "o.setup=2&o.setup.price=400",
            &["vereinbarter Preis", "Netto 800,00 €"],
        ),
        ("A30 the price it begins at", PPA, "o.setup=1", &["Netto 250,00 €"]),
        ("A31 a yearly add-on", PPA, "a.domain=2", &["Das Jahr beginnt am 1. November 2026", "Netto 120,00 €"]),
        (
            "A41 payments",
            PPA,
            "p.card_payments=10; 62,63 1234.56",
            &["10,00 € × 4 % → 2,50 €", "62,63 € × 4 % → 2,51 €", "1.234,56 € × 4 % → 49,38 €", "Netto 54,39 €"],
        ),
        ("A42 a counter", PPA, "m.chargebacks=2", &["Netto 80,00 €"]),
        (
            "A50 longer enquiries need an offer",
            PPA,
            "t.email.1.minutes=16",
            &["E-Mail-Support: Was länger als 15 Minuten dauert, rechnen wir nach Angebot ab."],
        ),
        ("A51 calls at any hour", PPA, "t.phone.1.minutes=16", &["16 Min. → 30 Min.: 2 × 15 Min.", "Netto 30,00 €"]),
        (
            "A52 free minutes",
            LICENCE,
            "t.email.1.minutes=5&t.email.2.minutes=5&t.email.3.minutes=5&t.phone.1.minutes=31",
            &["Netto 329,00 €", "Freiminuten: 60 von 60 Minuten genutzt"],
        ),
        ("A53 the first training", LICENCE, "o.web-training=2", &["2 bestellt, 1 davon frei", "Netto 448,00 €"]),
        ("A53 the first training was before", LICENCE, "o.web-training=2&r.first-training=0", &["Netto 597,00 €"]),
        (
            "C1 C2 a change of plan",
            MEDIUM,
            "to=large&on=2026-11-16&a.parallel-events=1",
            &["Webinare, Mittel → Groß", "29,50 €", "11,50 €", "Netto 97,00 €", "Beispielpreis"],
        ),
        ("a promotion", MEDIUM, "code=start20", &["20 % von 40,00 €", "Netto 32,00 €"]),
        (
            "P2 a gauge and a package",
            MODULES,
            "a.table-module=1&m.tables=12&a.page-module=1&m.pageviews=12500",
            &["Tabellen (über 10 bis 50)", "1,60 €", "2 angefangene Pakete", "Netto 27,60 €"],
        ),
        (
            "P6 a meter whose add-on is not booked",
            MODULES,
            "m.tables=12",
            &["Tabellen: Dafür muss „Modul Tabellen“ gebucht sein."],
        ),
        (
            "Z7 forecast and partner",
            AGENT,
            "m.partner_messages=80&f.partner_messages=100",
            &["Rechnung des Servicepartners", "mindestens 100 werden berechnet", "Zusammen", "Netto 240,00 €"],
        ),
        (
            "Z3 finer than cents",
            AGENT,
            "a.ocr=1&m.ocr_pages=3000",
            &["3.000 Seiten × 0,035 € = 105,00 €", "Beispielpreise hat der Betreiber noch nicht festgelegt."],
        ),
        ("Z8 hours, with a comma", AGENT, "o.online-support=2,5", &["Netto 225,00 €"]),
        ("Z8a without a price", AGENT, "o.expenses=1", &["Auslagen: Hier wird der Preis vereinbart."]),
        ("Z8a with a price", AGENT, "o.expenses=1&o.expenses.price=12.34", &["Netto 12,34 €"]),
        (
            "S1 two levels",
            STANDARD,
            "a.level-2=1&a.level-3=1",
            &["Netto 128,00 €", "Freiminuten: 0 von 90 Minuten genutzt"],
        ),
        ("S1 level 2 is included", ENTERPRISE, "a.level-3=1", &["Netto 89,00 €", "Enthalten Supportlevel 2"]),
        (
            "S2 eighty minutes in the first month",
            STANDARD,
            "t.phone.1.start=2026-11-03T10:00&t.phone.1.minutes=80",
            &["Netto 2,50 €", "Startguthaben: 60 von 60 Minuten genutzt"],
        ),
        (
            "S2 the credit used up",
            STANDARD,
            "t.phone.1.start=2026-11-03T10:00&t.phone.1.minutes=16&r.credit=0",
            &["Netto 0,50 €"],
        ),
        (
            "S4 in the evening",
            STANDARD,
            "t.phone.1.start=2026-11-24T21:59&t.phone.1.minutes=6",
            &["24.11.2026 21:59: 6 Min. → 10 Min.", "Netto 55,00 €"],
        ),
        ("S4 at night", STANDARD, "t.phone.1.start=2026-11-24T22:00&t.phone.1.minutes=6", &["Netto 66,00 €"]),
    ];
    for (name, plan, entries, expected) in rows {
        let reply = world.get(&format!("/prices?lang=de&month=2026-11&{plan}&{entries}")).await;
        assert_eq!(reply.status, 200, "{name}: {}", text(&reply));
        for part in *expected {
            assert!(text(&reply).contains(part), "{name}: {part}: {}", text(&reply));
        }
        // The link brings the same result, in whatever language.
        let address = share(&reply);
        assert!(address.starts_with(&format!("{}/prices?plan=", world.world.origin)), "{name}: {address}");
        let again = world.get(&format!("{address}&lang=de")).await;
        let result = |reply: &Reply| reply.body.split_once(r#"id="result""#).map(|(_, result)| result.to_owned());
        assert_eq!(result(&again), result(&reply), "{name}");
        assert_eq!(world.get(&format!("{address}&lang=en")).await.status, 200, "{name}");
    }
    let english = world.get(&format!("/prices?lang=en&{PPA}&e.accepted=37")).await;
    for part in ["37 attendees × €3.00 = €111.00", "Net €111.00", "19 % VAT €21.09", "Gross €132.09"] {
        assert!(text(&english).contains(part), "{part}: {}", text(&english));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_at_the_entry_and_nothing_is_lost() {
    let world = TestWorld::start(NOW).await;
    let rows = [
        (PPA, "e.accepted", "1.250", "Ist 1250 gemeint oder 1,25?"),
        (PPA, "e.accepted", "12,5", "Bitte geben Sie eine ganze Zahl bis 1.000.000 an."),
        (PPA, "e.accepted", "viele", "Bitte schreiben Sie nur Ziffern"),
        (PPA, "m.chargebacks", "-1", "Bitte schreiben Sie nur Ziffern"),
        (PPA, "m.chargebacks", "1.250,50", "Tausender ohne Trennzeichen"),
        (PPA, "p.card_payments", "62,63 x", "„x“: Bitte schreiben Sie nur Ziffern"),
        (PPA, "o.setup.price", "100", "Der Preis beginnt bei 250,00 €."),
        (PPA, "t.phone.1.minutes", "\"><script>", "Bitte schreiben Sie nur Ziffern"),
        (PPA, "t.phone.1.start", "2026-12-01T10:00", "Das liegt nicht im gewählten Monat November 2026."),
        (PPA, "t.phone.1.start", "gestern", "Bitte geben Sie Datum und Uhrzeit an."),
        (STANDARD, "t.phone.1.minutes", "6", "Bitte geben Sie Datum und Uhrzeit an."),
        (STANDARD, "a.level-3", "1", "Dafür muss auch „Supportlevel 2“ gebucht sein."),
        (STANDARD, "r.credit", "61", "Mehr als 60 gibt es nicht."),
        (MEDIUM, "code", "NOPE", "Diesen Aktionscode gibt es nicht."),
        (MEDIUM, "to", "small", "Ein Wechsel in einen kleineren Tarif gilt erst ab der nächsten Laufzeit"),
        (MEDIUM, "to", "nowhere", "In diesen Tarif kann man von hier nicht wechseln."),
        (MEDIUM, "to", "large", "Bitte geben Sie ein Datum an."),
        (MEDIUM, "on", "2026-11-16", "Bitte wählen Sie den neuen Tarif."),
        (AGENT, "m.partner_messages", "80", "Bitte geben Sie an, welche Menge Sie verbindlich planen."),
        (MEDIUM, "month", "1999-12", "Bitte wählen Sie einen Monat der Jahre 2000 bis 2199."),
        ("plan=attendees@2021-03/gold", "e.accepted", "37", "Diesen Tarif gibt es nicht."),
    ];
    for (plan, name, typed, expected) in rows {
        let pairs = [("lang", "de"), ("month", "2026-11")].into_iter().filter(|(key, _)| *key != name);
        let (key, value) = plan.split_once('=').unwrap();
        let all: Vec<(&str, &str)> = pairs.chain([(key, value), (name, typed)]).collect();
        let pairs: Vec<String> = all.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        let reply = world.get(&format!("/prices?{}", pairs.join("&"))).await;
        assert_eq!(reply.status, 422, "{name}={typed}");
        assert!(text(&reply).contains(expected), "{name}={typed}: {}", text(&reply));
        assert!(reply.body.contains(r#"role="alert""#) && !reply.body.contains(r#"id="share""#), "{name}={typed}");
        assert!(!reply.body.contains("<script"), "{name}={typed}");
        if !["month", "to", "plan"].contains(&name) {
            let shown = typed.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
            assert!(reply.body.contains(&format!(r#"value="{shown}""#)), "{name}={typed}: {}", reply.body);
        }
    }
    let outside = world.get(&format!("/prices?lang=en&month=2026-11&{MEDIUM}&to=large&on=2026-11-01")).await;
    assert!(text(&outside).contains("must be from 2 November 2026 to 30 November 2026."), "{}", text(&outside));
    // Entries of another plan stay, for whoever compares plans.
    let other = world.get(&format!("/prices?{LICENCE}&e.accepted=37")).await;
    assert!(other.body.contains(r#"<input type="hidden" name="e.accepted" value="37">"#), "{}", other.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_list_is_offered_and_old_links_keep_their_prices() {
    let world = TestWorld::start(NOW).await;
    let (_, file) = catalogs::PRICE_LISTS[0];
    for (version, from) in [("2026-11", "2026-11-01"), ("2027-01", "2027-01-01")] {
        let file = file
            .replace("2021-03-01", from)
            .replace("2021-03", version)
            .replace(r#"price = "3.00""#, r#"price = "3.50""#);
        let catalogue = catalogs::read_catalogue(&file).unwrap();
        world.world.table.publish_catalogue(&catalogue, &file, at(NOW)).await.unwrap();
    }
    let offered = world.get("/prices?lang=de").await;
    assert!(offered.body.contains(r#"value="attendees@2026-11/licence""#));
    for version in ["2021-03", "2027-01"] {
        assert!(!offered.body.contains(&format!("attendees@{version}")), "{version} is not sold today");
    }
    let old = world.get(&format!("/prices?lang=de&{PPA}&e.accepted=37")).await;
    assert!(text(&old).contains("Brutto 132,09 €") && text(&old).contains("nicht mehr angeboten"), "{}", text(&old));
    let new = world.get("/prices?lang=de&plan=attendees@2026-11/pay-per-attendee&e.accepted=37").await;
    assert!(text(&new).contains("Netto 129,50 €") && !text(&new).contains("nicht mehr angeboten"), "{}", text(&new));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_price_lists_the_page_says_whom_to_ask() {
    let world = TestWorld::start(NOW).await;
    for (_, file) in catalogs::PRICE_LISTS {
        let catalogue = catalogs::read_catalogue(file).unwrap();
        let key = platform::table::keys::catalogue(catalogue.key());
        world.world.table.commit(vec![platform::table::write::Write::delete(key)]).await.unwrap();
    }
    let page = world.get(&format!("/prices?lang=de&{PPA}")).await;
    assert_eq!(page.status, 200);
    assert!(text(&page).contains("Zurzeit ist keine Preisliste veröffentlicht."), "{}", text(&page));
    assert!(page.body.contains("/legal?lang=de"));
    let reply = post(&world, &json!({ "catalogue": "attendees@2021-03", "plan": "licence" })).await;
    assert_eq!((reply.status, reply.wrong_fields()), (422, vec!["catalogue".to_owned()]));
}
