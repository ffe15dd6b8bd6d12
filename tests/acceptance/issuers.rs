//! Issuers and how accounts are billed: letterhead, logo, number format, partner (Z7), mandates (Z6), Leitweg-ID (I3).

use domain::account::PaymentMethod;
use domain::catalog::charge::Issuer;
use domain::problem::Problem;
use local::world::DEMO_EMAIL;

use crate::harness::{Reply, TestWorld};
use crate::setup::{ACCOUNT, OPERATOR, Person, with, wrong};

const NOW: &str = "2026-11-02T09:00:00+01:00";
const CREDITOR: &str = "DE98ZZZ09999999999";

/// The smallest red square that is taken, as a program wrote it.
const PNG: &[u8] = include_bytes!("files/logo.png");

async fn upload(world: &TestWorld, person: &Person<'_>, path: &str, token: &str, file: &[u8]) -> Reply {
    let mut body = Vec::new();
    for (head, content) in [
        ("name=\"form_token\"", token.as_bytes()),
        ("name=\"logo\"; filename=\"Logo, neu.png\"\r\nContent-Type: image/png", file),
    ] {
        body.extend(format!("--b0undary\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes());
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--b0undary--\r\n");
    let request = world.request("POST", path).header("cookie", &person.cookie);
    world.send(request.header("content-type", "multipart/form-data; boundary=b0undary").body(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn letterhead_and_number_format_are_entered_and_kept() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let terms = [
        ("small_business", "yes"),
        ("vat_check_required", "yes"),
        ("contact_name", "Buchhaltung"),
        ("website", "www.neu.example"),
        ("creditor_id", "DE98 ZZZ 0999 9999 999"),
        ("number_format", "{prefix}.{yy}-{number:4}"),
        ("colour", "#1F6F54"),
    ];
    let refused = [
        ("website", "neu"),
        ("creditor_id", "DE97ZZZ09999999999"),
        ("number_format", "{year}{number}"),
        ("colour", "#ffff00"),
    ];
    let page = person.post("/console/operator?lang=de", &with(OPERATOR, &refused)).await;
    assert_eq!(wrong(&page), refused.map(|(name, _)| name));
    assert!(
        page.body.contains("Kontrast ist 1,0 : 1") && page.body.contains("auch wenn sich das Format später ändert")
    );

    let done = person.post("/console/operator?lang=de", &with(OPERATOR, &terms)).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let page = person.get("/console/operator?lang=de").await.body;
    assert!(page.contains("die erste Rechnung eines Jahres zum Beispiel NB.26-0001"));
    assert_eq!(page.matches(r#"value="yes" checked"#).count(), 2, "both boxes");
    let operator = world.world.table.operator().await.unwrap();
    assert!(operator.terms.small_business && operator.terms.vat_check_required);
    assert_eq!(operator.terms.creditor_id.as_deref(), Some(CREDITOR));
    // A box that is not sent is not ticked.
    person.post("/console/operator?lang=de", OPERATOR).await;
    assert!(!world.world.table.operator().await.unwrap().terms.small_business);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_taken_once_it_can_be_printed() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = "/console/operator/logo?lang=de";
    assert_eq!(person.get(path).await.status, 404, "none yet");
    assert_eq!(upload(&world, &person, path, "another", PNG).await.status, 403, "a form of another site");
    for (name, file, words) in [
        ("no file", &b""[..], "Bitte füllen Sie dieses Feld aus."),
        ("no picture", &b"<svg/>"[..], "kein Bild, das gedruckt werden kann"),
        ("a picture that breaks off", &PNG[..PNG.len() - 1], "kein Bild, das gedruckt werden kann"),
    ] {
        let page = upload(&world, &person, path, &person.token, file).await;
        assert_eq!(wrong(&page), ["logo"], "{name}");
        assert!(page.body.contains(words), "{name}");
        assert!(page.body.contains(r#"value="Einlass Betriebs GmbH""#), "{name}: the rest of the page stays");
    }
    let large = upload(&world, &person, path, &person.token, &vec![0; 300 * 1024]).await;
    assert_eq!(large.status, 413);
    assert_eq!(upload(&world, &person, path, &person.token, PNG).await.status, 303);
    let shown = person.get(path).await;
    assert_eq!((shown.status, shown.headers["content-type"].as_str()), (200, "image/png"));
    assert!(person.get("/console/operator?lang=de").await.body.contains(r#"src="/console/operator/logo""#));
    let key = world.world.table.operator().await.unwrap().terms.logo.unwrap();
    assert!(key.starts_with("logos/") && key.ends_with(".png"), "{key}");

    // The form leaves it as it is; a button takes it off.
    person.post("/console/operator?lang=de", OPERATOR).await;
    assert_eq!(world.world.table.operator().await.unwrap().terms.logo, Some(key));
    assert_eq!(person.post("/console/operator/logo/remove", &[]).await.status, 303);
    assert_eq!(world.world.table.operator().await.unwrap().terms.logo, None);
    assert_eq!(
        upload(&world, &person, "/console/partner/logo", &person.token, PNG).await.status,
        404,
        "no partner yet"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_bills_in_its_own_name_z7() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = person.get("/console/partner?lang=de").await.body;
    assert!(page.contains("Noch ist kein Servicepartner eingetragen") && page.contains(r#"value="PA""#));
    let partner = with(OPERATOR, &[("name", "Nordlicht Beratung GmbH"), ("invoice_prefix", "RE")]);
    let refused = person.post("/console/partner?lang=de", &partner).await;
    assert_eq!(wrong(&refused), ["invoice_prefix"], "its numbers would not be gapless");
    assert!(refused.body.contains(&Problem::PrefixTaken.sentence(domain::language::Language::De)));
    assert!(world.world.table.issuer(Issuer::Partner).await.unwrap().is_none());
    let done = person.post("/console/partner", &with(&partner, &[("invoice_prefix", "NB")])).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(world.world.table.issuer(Issuer::Partner).await.unwrap().unwrap().name, "Nordlicht Beratung GmbH");
    assert_eq!(world.world.table.operator().await.unwrap().name, "Einlass Betriebs GmbH", "the operator stays");
    // Nor may the operator take the partner's letters.
    assert_eq!(wrong(&person.post("/console/operator", OPERATOR).await), ["invoice_prefix"]);
    // One of the two numbers is enough (§ 14 (4) No. 2 UStG).
    for (vat_id, tax_number, expected) in [("", "48/123/45678", 303), ("DE136695976", "", 303), ("", "", 422)] {
        let fields = [("vat_id", vat_id), ("tax_number", tax_number), ("invoice_prefix", "ZZ")];
        let reply = person.post("/console/operator", &with(OPERATOR, &fields)).await;
        assert_eq!(reply.status, expected, "{vat_id} {tax_number}: {}", reply.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_collected_from_and_billed_as_a_public_buyer() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = format!("/console/accounts/{}?lang=de", world.account);
    let terms = [
        ("leitweg_id", "04011000-1234512345-06"),
        ("order_reference", "B-2026-17"),
        ("payment", "direct_debit"),
        ("mandate_reference", "M-10001"),
        ("mandate_signed_on", "2026-10-15"),
        ("mandate_iban", "DE89 3704 0044 0532 0130 00"),
        ("mandate_holder", "Kulturverein Wümme e. V."),
        ("dunning_stopped", "Ratenzahlung vereinbart"),
    ];
    let account = with(ACCOUNT, &terms);
    let page = person.post(&path, &account).await;
    assert_eq!(wrong(&page), ["payment"]);
    assert!(page.body.contains("fehlt die Gläubiger-Identifikationsnummer"));
    person.post("/console/operator", &with(OPERATOR, &[("creditor_id", CREDITOR)])).await;
    let refused = [
        ("leitweg_id", "04011000-1234512345-07"),
        ("mandate_reference", "M 1"),
        ("mandate_signed_on", "2026-11-03"),
        ("mandate_iban", "DE00"),
    ];
    assert_eq!(wrong(&person.post(&path, &with(&account, &refused)).await), refused.map(|(name, _)| name));
    let done = person.post(&path, &account).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let stored = world.world.table.account(&world.account).await.unwrap().terms;
    let PaymentMethod::DirectDebit(mandate) = &stored.payment else { panic!("{:?}", stored.payment) };
    assert_eq!((mandate.reference.as_str(), mandate.signed_on.to_string().as_str()), ("M-10001", "2026-10-15"));
    assert_eq!(stored.leitweg_id.as_deref(), Some("04011000-1234512345-06"));
    // What is stored comes back, and is kept when it is sent again.
    let page = person.get(&path).await.body;
    for (name, value) in terms.iter().filter(|(name, _)| !name.contains("iban") && *name != "payment") {
        assert!(page.contains(&format!(r#"value="{value}""#)), "{name}");
    }
    assert!(page.contains(r#"name="payment" value="direct_debit" checked"#));
    person.post(&path, &account).await;
    assert_eq!(world.world.table.account(&world.account).await.unwrap().terms, stored);
    // The partner collects under a mandate of its own, for which it has no identifier.
    let partner = [
        ("partner_payment", "direct_debit"),
        ("partner_mandate_reference", "P-1"),
        ("partner_mandate_signed_on", "2026-10-15"),
    ];
    let partner =
        [&partner[..], &[("partner_mandate_iban", "DE89370400440532013000"), ("partner_mandate_holder", "Verein")]]
            .concat();
    assert_eq!(wrong(&person.post(&path, &with(&account, &partner)).await), ["partner_payment"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn down_payments_are_set_by_the_operator_o1() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = "/console/operator/policy?lang=de";
    assert_eq!(wrong(&person.post(path, &[("above", "viel"), ("percent", "100")]).await), ["above"]);
    assert_eq!(wrong(&person.post(path, &[("above", "500"), ("percent", "100")]).await), ["percent"]);
    assert_eq!(person.post(path, &[("above", "1000,50"), ("percent", "30")]).await.status, 303);
    let set = world.world.table.policy().await.unwrap().down_payment.unwrap();
    assert_eq!((set.above().plain().as_str(), set.percent().to_string().as_str()), ("1000.50", "30"));
    assert!(person.get(path).await.body.contains(r#"value="30""#));
    assert_eq!(person.post(path, &[("above", ""), ("percent", "")]).await.status, 303);
    assert!(world.world.table.policy().await.unwrap().down_payment.is_none());
    assert_eq!(person.get("/console/partner/policy").await.status, 404);
}
