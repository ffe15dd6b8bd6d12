//! Setting up: the operator enters who issues the invoices, and makes the accounts others sign in to.

use std::collections::BTreeMap;

use domain::contact::Email;
use domain::ids::AccountId;
use domain::language::Language;
use local::world::DEMO_EMAIL;
use platform::table::keys;
use platform::table::write::Write;

use crate::harness::{Reply, TestWorld};

const NOW: &str = "2026-11-02T09:00:00+01:00";

pub(crate) const OPERATOR: &[(&str, &str)] = &[
    ("name", "Neue Betriebs GmbH"),
    ("street", "Deichstraße 3"),
    ("postal_code", "20459"),
    ("city", "Hamburg"),
    ("vat_id", "DE 123 456 788"),
    ("tax_number", "48/123/45678"),
    ("register", "Amtsgericht Hamburg, HRB 654321"),
    ("directors", "Jan Petersen"),
    ("email", "rechnung@neu.example"),
    ("phone", "+49 40 654321-0"),
    ("bank_name", "Musterbank Hamburg"),
    ("iban", "DE89 3704 0044 0532 0130 00"),
    ("bic", "COBADEFFXXX"),
    ("invoice_prefix", "NB"),
    ("payment_term_days", "30"),
];

pub(crate) const ACCOUNT: &[(&str, &str)] = &[
    ("name", "Kulturverein Wümme e. V."),
    ("street", "Am Wasser 1"),
    ("postal_code", "27356"),
    ("city", "Rotenburg (Wümme)"),
    ("country", "DE"),
    ("vat_id", ""),
    ("billing_email", "kasse@verein.example"),
    ("plan", "attendees@2021-03/pay-per-attendee"),
    ("language", "de"),
    ("users", "vorstand@verein.example\r\nKasse@verein.example"),
    ("plan", "attendees@2021-03/pay-per-attendee"),
];

/// Somebody who is signed in and fills in forms.
pub(crate) struct Person<'a> {
    world: &'a TestWorld,
    pub(crate) cookie: String,
    pub(crate) token: String,
}

/// A document as it was answered.
pub(crate) struct Document {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) bytes: Vec<u8>,
}

impl<'a> Person<'a> {
    pub(crate) async fn sign_in(world: &'a TestWorld, email: &str) -> Self {
        let cookie = world.sign_in(email).await;
        let home = world.get_as(&cookie, "/console?lang=de").await;
        let token = hidden(&home, "form_token");
        Self { world, cookie, token }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.world.get_as(&self.cookie, path).await
    }

    /// A document.
    pub(crate) async fn bytes(&self, path: &str) -> Document {
        let response = self.world.request("GET", path).header("cookie", &self.cookie).send().await.unwrap();
        let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let headers = response.headers().iter().map(header).collect();
        Document { status: response.status().as_u16(), headers, bytes: response.bytes().await.unwrap().to_vec() }
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut fields = fields.to_vec();
        fields.push(("form_token", &self.token));
        self.world.send(self.world.request("POST", path).header("cookie", &self.cookie).form(&fields)).await
    }
}

/// Value of a hidden field of a page.
pub(crate) fn hidden(page: &Reply, name: &str) -> String {
    let rest = page.body.split(&format!(r#"name="{name}" value=""#)).nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

pub(crate) fn with<'a>(fields: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes).copied().collect()
}

/// Fields that a page marks as wrong.
pub(crate) fn wrong(page: &Reply) -> Vec<&str> {
    assert_eq!(page.status, 422, "{}", page.body);
    let marks = page.body.split(r#"class="problem" id=""#).skip(1);
    marks.map(|rest| rest.split("-problem").next().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_enters_who_issues_the_invoices() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = person.get("/console/operator?lang=de").await;
    assert!(page.status == 200 && page.body.contains(r#"value="Einlass Betriebs GmbH""#), "what is stored");
    assert!(page.body.contains("gelten für künftige Rechnungen; ausgestellte ändern sich nicht"));

    world.world.table.commit(vec![Write::delete(keys::operator())]).await.unwrap();
    let page = person.get("/console/operator?lang=de").await;
    assert!(page.status == 200 && page.body.contains("Ohne sie wird keine Rechnung ausgestellt"), "a first start");
    assert!(page.body.contains(r#"value="RE""#) && page.body.contains(r#"value="14""#), "usual values");

    let empty: Vec<(&str, &str)> = OPERATOR.iter().map(|(name, _)| (*name, "")).collect();
    // Of the VAT id and the tax number one is enough.
    let free = ["register", "directors", "vat_id"];
    let names: Vec<&str> = OPERATOR.iter().map(|(name, _)| *name).filter(|name| !free.contains(name)).collect();
    assert_eq!(wrong(&person.post("/console/operator", &empty).await), names, "every field that is needed, at once");
    let refused = [
        ("postal_code", "2045"),
        ("vat_id", "DE12"),
        ("email", "rechnung"),
        ("iban", "DE89 3704 0044 0532 0130 01"),
        ("bic", "COBA"),
        ("invoice_prefix", "NB26"),
        ("payment_term_days", "91"),
    ];
    let page = person.post("/console/operator?lang=en", &with(OPERATOR, &refused)).await;
    assert_eq!(wrong(&page), refused.map(|(name, _)| name));
    for (name, value) in with(OPERATOR, &refused) {
        assert!(
            page.body.contains(&format!(r#"name="{name}" type="{}" value="{value}""#, kind(name))),
            "{name} is kept"
        );
    }
    assert!(page.body.contains("This IBAN is not right"));
    assert!(world.world.table.operator().await.is_err(), "nothing was saved");

    let done = person.post("/console/operator?lang=de", OPERATOR).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let page = person.get(&done.headers["location"]).await;
    assert!(page.body.contains("Gespeichert.") && page.body.contains(r#"value="Neue Betriebs GmbH""#));
    let operator = world.world.table.operator().await.unwrap();
    assert_eq!((operator.iban.as_str(), operator.vat_id.as_str()), ("DE89370400440532013000", "DE123456788"));
    assert_eq!((operator.address.country.as_str(), operator.payment_term_days), ("DE", 30));
    assert!(world.get("/legal?lang=de").await.body.contains("Neue Betriebs GmbH"));
}

fn kind(name: &str) -> &str {
    if name == "email" { "email" } else { "text" }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_and_its_people_sign_in() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    world.post_form("/console/sign-in", &[("email", "vorstand@verein.example")]).await;
    world.settle().await;
    assert!(world.mails_to("vorstand@verein.example").is_empty(), "nobody yet");

    let blank = person.get("/console/accounts/new?lang=de").await;
    let id = hidden(&blank, "account");
    let account = with(ACCOUNT, &[("account", &id)]);
    let refused = [
        ("name", ""),
        ("postal_code", "273"),
        ("country", "Deutschland"),
        ("vat_id", "123"),
        ("billing_email", "kasse"),
        ("language", "fr"),
        ("users", "vorstand@verein.example, kasse"),
    ];
    let page = person.post("/console/accounts/new?lang=de", &with(&account, &refused)).await;
    assert_eq!(wrong(&page), ["name", "country", "vat_id", "billing_email", "language", "users"]);
    assert!(
        page.body.contains("Keine gültige E-Mail-Adresse: kasse.")
            && page.body.contains(">vorstand@verein.example, kasse<")
    );
    let page = person.post("/console/accounts/new", &with(&account, &[("postal_code", "273")])).await;
    assert_eq!(wrong(&page), ["postal_code"]);
    assert_eq!(hidden(&page, "account"), id, "the id stays with the form");
    assert!(!person.get("/console/accounts").await.body.contains("Kulturverein"), "nothing was saved");

    // A second click makes no second account; another customer in the same form is another account.
    let done = person.post("/console/accounts/new?lang=de", &account).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(
        person.post("/console/accounts/new?lang=de", &account).await.headers["location"],
        done.headers["location"]
    );
    let other =
        person.post("/console/accounts/new?lang=de", &with(&account, &[("name", "Andere GmbH"), ("users", "")])).await;
    assert_ne!(other.headers["location"], done.headers["location"]);
    let list = person.get("/console/accounts?lang=de").await.body;
    for name in ["Kulturverein Wümme e. V.", "Andere GmbH", "Musterhaus Veranstaltungen e. K."] {
        assert_eq!(list.matches(name).count(), 1, "{name}");
    }

    for email in ["vorstand@verein.example", "kasse@verein.example"] {
        let user = Person::sign_in(&world, email).await;
        let home = user.get("/console?lang=de").await.body;
        assert!(home.contains("Kulturverein Wümme e. V.") && home.contains(&id), "{email}");
        assert!(!home.contains("Musterhaus") && !home.contains("/console/accounts"), "{email}");
        assert_eq!(user.get(&format!("/console/events/{id}/new")).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_changed_and_more_people_are_let_in() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let other = world.add_account("acc_other", |account| account.name = "Andere GmbH".to_owned()).await;
    let path = format!("/console/accounts/{}", world.account);
    let page = person.get(&format!("{path}?lang=de")).await;
    assert!(page.body.contains(r#"value="Musterhaus Veranstaltungen e. K.""#), "what is stored");

    let changes = [("name", "Musterhaus GmbH"), ("country", "AT"), ("postal_code", "1010"), ("language", "en")];
    let changes = [
        changes,
        [("users", "both@example.org"), ("account", "acc_other"), ("vat_id", "ATU12345675"), ("city", "Wien")],
    ]
    .concat();
    assert_eq!(wrong(&person.post(&path, &with(ACCOUNT, &[("postal_code", "1010")])).await), ["postal_code"]);
    for _ in 0..2 {
        let done = person.post(&path, &with(ACCOUNT, &changes)).await;
        assert_eq!(done.status, 303, "{}", done.body);
    }
    let account = world.world.table.account(&world.account).await.unwrap();
    assert_eq!((account.name.as_str(), account.language), ("Musterhaus GmbH", Language::En));
    assert_eq!((account.vat_id.as_deref(), account.address.unwrap().country.as_str()), (Some("ATU12345675"), "AT"));
    assert_eq!(world.world.table.account(&other).await.unwrap().name, "Andere GmbH", "another account stays");

    // Somebody who works for two customers sees both, each once.
    let done = person.post("/console/accounts/acc_other", &with(ACCOUNT, &[("users", "both@example.org")])).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let access = world.world.table.user(&Email::parse("both@example.org").unwrap()).await.unwrap().unwrap();
    assert_eq!(access, [world.account.clone(), other.clone()]);

    for path in ["/console/accounts/acc_nobody", "/console/accounts/evt_1", "/console/accounts/acc_a%23b"] {
        assert_eq!(person.get(path).await.status, 404, "{path}");
        assert_eq!(person.post(path, ACCOUNT).await.status, 404, "{path}");
    }
    let nobody = world.world.table.account(&AccountId::parse("acc_nobody").unwrap()).await;
    assert!(nobody.is_err(), "an edit makes no account");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_finds_these_pages() {
    let world = TestWorld::start(NOW).await;
    let operator = Person::sign_in(&world, DEMO_EMAIL).await;
    let own = format!("/console/accounts/{}", world.account);
    let done = operator.post(&own, &with(ACCOUNT, &[("users", "user@example.org")])).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let user = Person::sign_in(&world, "user@example.org").await;
    for path in
        ["/console/operator", "/console/accounts", "/console/accounts/new", "/console/accounts/acc_nobody", &own]
    {
        assert_eq!(user.get(path).await.status, 404, "{path}");
        for fields in [OPERATOR, ACCOUNT, &[]] {
            assert_eq!(user.post(path, fields).await.status, 404, "{path}");
        }
        let stranger = world.get(path).await;
        assert_eq!((stranger.status, stranger.headers["location"].as_str()), (303, "/console/sign-in"), "{path}");
        // An operator's form of another site changes nothing either.
        let forged = world.request("POST", path).header("cookie", &operator.cookie).form(OPERATOR);
        assert_eq!(world.send(forged).await.status, 403, "{path}");
    }
    assert_eq!(world.world.table.operator().await.unwrap().name, "Einlass Betriebs GmbH");
}
