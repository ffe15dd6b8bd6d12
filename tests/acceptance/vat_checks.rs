//! VAT ids are checked with VIES, and the answer is kept (I4).

use domain::account::VatCheck;
use domain::calendar::Month;
use local::vies::{INVALID, UNAVAILABLE};
use local::world::DEMO_EMAIL;
use platform::table::marks::MonthState;

use crate::harness::TestWorld;
use crate::setup::{ACCOUNT, OPERATOR, Person, with};

const NOW: &str = "2026-11-02T09:00:00+01:00";
const VALID: &str = "ATU13585627";
const ABROAD: &[(&str, &str)] = &[("country", "AT"), ("postal_code", "1010"), ("city", "Wien")];

async fn checks(world: &TestWorld) -> Vec<VatCheck> {
    world.world.table.vat_checks(&world.account).await.unwrap()
}

async fn latest(world: &TestWorld) -> Option<VatCheck> {
    world.world.table.account(&world.account).await.unwrap().terms.vat_check
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_vat_id_is_checked_when_it_is_saved() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = format!("/console/accounts/{}?lang=de", world.account);
    let save = async |vat_id: &str| {
        let account = with(ACCOUNT, ABROAD);
        let done = person.post(&path, &with(&account, &[("vat_id", vat_id)])).await;
        assert_eq!(done.status, 303, "{}", done.body);
        person.get(&done.headers["location"]).await.body
    };
    let page = save(VALID).await;
    assert!(page.contains("Gespeichert.") && page.contains("Die USt-IdNr. ist gültig"), "{page}");
    let check = latest(&world).await.unwrap();
    assert!(check.valid && check.vat_id == VALID && check.day().to_string() == "2026-11-02");
    // The operator's own id was sent along, so there is a number of the inquiry.
    assert!(check.request_id.as_deref().is_some_and(|id| id.starts_with("WAPI") && page.contains(id)));
    assert!(page.contains("Musterfirma ATU13585627"), "the name that was told");

    let page = save(VALID).await;
    assert!(!page.contains("Die USt-IdNr. ist gültig"), "the same id is not asked about again");
    assert_eq!((checks(&world).await.len(), latest(&world).await), (1, Some(check.clone())), "evidence stays");

    let page = save(INVALID).await;
    assert!(page.contains("Die USt-IdNr. ist nicht gültig"));
    assert!(latest(&world).await.is_some_and(|check| !check.valid && check.vat_id == INVALID));

    // Nobody answers: the account is saved, and nothing counts as evidence.
    let page = save(UNAVAILABLE).await;
    assert!(page.contains("Gespeichert.") && page.contains("antwortet gerade nicht"), "{page}");
    assert_eq!(world.world.table.account(&world.account).await.unwrap().vat_id.as_deref(), Some(UNAVAILABLE));
    assert_eq!((latest(&world).await, checks(&world).await.len()), (None, 2), "the old answers are kept");

    // At home nothing depends on it.
    let home = person.post(&path, &with(ACCOUNT, &[("vat_id", "DE123456788")])).await;
    assert!(!home.headers["location"].contains("vat="), "{:?}", home.headers);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_checked_again_at_a_click_and_every_answer_is_kept() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = format!("/console/accounts/{}", world.account);
    person.post(&path, &with(&with(ACCOUNT, ABROAD), &[("vat_id", VALID)])).await;
    world.travel("2027-11-02T09:00:00+01:00").await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = person.get(&format!("{path}?lang=de")).await.body;
    assert!(page.contains("Jetzt prüfen") && page.contains("2. November 2026, 09:00"), "{page}");
    let done = person.post(&format!("{path}/vat-check?lang=de"), &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(done.headers["location"].ends_with("&vat=valid"));
    let days: Vec<String> = checks(&world).await.iter().map(|check| check.day().to_string()).collect();
    assert_eq!(days, ["2027-11-02", "2026-11-02"], "newest first");
    assert_eq!(latest(&world).await.unwrap().day().to_string(), "2027-11-02");
    // Nobody else may ask, and no other site.
    assert_eq!(person.post("/console/accounts/acc_nobody/vat-check", &[]).await.status, 404);
    let forged =
        world.request("POST", &format!("{path}/vat-check")).header("cookie", &person.cookie).form(&[("a", "b")]);
    assert_eq!(world.send(forged).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_on_a_new_account_makes_no_second_one() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let blank = person.get("/console/accounts/new?lang=de").await;
    let id = crate::setup::hidden(&blank, "account");
    let account = with(&with(ACCOUNT, ABROAD), &[("vat_id", VALID), ("account", &id)]);
    let first = person.post("/console/accounts/new", &account).await;
    let second = person.post("/console/accounts/new", &account).await;
    assert_eq!((first.status, second.status), (303, 303), "{}{}", first.body, second.body);
    assert!(second.headers["location"].starts_with(&format!("/console/accounts/{id}?")), "{:?}", second.headers);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_held_until_it_was_checked_if_the_operator_wants_it() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let done = person.post("/console/operator", &with(OPERATOR, &[("vat_check_required", "yes")])).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let path = format!("/console/accounts/{}", world.account);
    person.post(&path, &with(&with(ACCOUNT, ABROAD), &[("vat_id", UNAVAILABLE)])).await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    world.travel("2026-12-01T03:05:00+01:00").await;
    let month = Month::parse("2026-11").unwrap();
    let MonthState::Held(reasons) = world.world.table.month(&world.account, month).await.unwrap() else {
        panic!("not held")
    };
    assert!(reasons.iter().any(|reason| reason.en.contains(UNAVAILABLE)), "{reasons:?}");
    assert!(world.invoices(&world.account).await.is_empty());

    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    person.post(&path, &with(&with(ACCOUNT, ABROAD), &[("vat_id", VALID)])).await;
    world.run_everything("2026-11").await;
    let invoices = world.invoices(&world.account).await;
    assert_eq!(invoices.len(), 1);
    assert_eq!(invoices[0].invoice.draft.totals.vat[0].treatment.category(), "AE", "the buyer owes the tax");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calculator_taxes_as_an_invoice_would_i4() {
    let world = TestWorld::start(NOW).await;
    let plan = "plan=attendees@2021-03/pay-per-attendee&month=2026-11&e.accepted=37";
    let price = async |buyer: &str| world.get(&format!("/prices?lang=de&{plan}{buyer}")).await;
    for (name, buyer, status, words) in [
        ("at home", "", 200, "19\u{a0}% USt"),
        (
            "a business in Austria",
            "&buyer_country=at&buyer_vat_id=ATU13585627",
            200,
            "Steuerschuldnerschaft des Leistungsempfängers",
        ),
        ("Switzerland", "&buyer_country=CH", 200, "Nicht im Inland steuerbare Leistung"),
        ("a wrong check digit", "&buyer_country=AT&buyer_vat_id=ATU13585628", 422, "auch die Prüfziffer muss stimmen"),
        ("no country", "&buyer_country=Austria", 422, "mit den zwei Buchstaben"),
    ] {
        let page = price(buyer).await;
        assert_eq!(page.status, status, "{name}: {}", page.body);
        assert!(page.body.contains(words), "{name}: {}", page.body);
    }
    let shared = price("&buyer_country=AT&buyer_vat_id=ATU13585627").await.body;
    assert!(
        shared.contains("buyer_vat_id=ATU13585627&amp;") || shared.contains("buyer_vat_id=ATU13585627\""),
        "the link keeps it"
    );
    let question = serde_json::json!({
        "catalogue": "attendees@2021-03", "plan": "pay-per-attendee", "month": "2026-11",
        "usage": {
            "events": [{ "id": "evt_fest", "ended": "2026-11-20", "accepted": 37, "declined": 6 }],
            "buyer": { "country": "AT", "vat_id": "ATU13585627" },
        },
    });
    let reply = world.send(world.request("POST", "/api/v1/prices").json(&question)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(
        (reply.json()["vat"][0]["category"].as_str(), reply.json()["gross"].as_str()),
        (Some("AE"), Some("111.00"))
    );

    // A small business charges no VAT, whoever asks (§ 19 UStG).
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    person.post("/console/operator", &with(OPERATOR, &[("small_business", "yes")])).await;
    world.travel("2026-11-02T09:02:00+01:00").await;
    let page = price("").await.body;
    assert!(page.contains("Steuerfreier Umsatz eines Kleinunternehmers") && !page.contains("19\u{a0}% USt"), "{page}");
    let plan = person.get(&format!("/console/plan/{}?lang=de", world.account)).await.body;
    assert!(plan.contains("kommt keine Umsatzsteuer") && !plan.contains("zuzüglich Umsatzsteuer"), "{plan}");
}
