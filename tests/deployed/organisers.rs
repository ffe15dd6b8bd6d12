//! The function console: signing in by a mailed link, and pages of the session.

use serde_json::{Value, json};

use crate::events;
use crate::lambda::Lambda;
use crate::system::{ORGANISER, System};

const CONSOLE: &str = "ANY /console";
const PAGES: &str = "ANY /console/{proxy+}";

/// A page asked for with a session.
fn as_user(cookie: &str, mut event: Value) -> Value {
    event["cookies"] = json!(["theme=dark", cookie]);
    event
}

fn post(path: &str, fields: &[(&str, &str)]) -> Value {
    let mut event = events::form(PAGES, path, fields);
    event["requestContext"]["http"]["method"] = "POST".into();
    event
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn an_organiser_signs_in_and_sees_the_own_account() {
    let system = System::start().await;
    system.fest().await;
    system.registered("fest", "a@example.org", 2).await;
    let mut console = Lambda::start("console", &system).await;
    let outside = console.reply(&events::page(CONSOLE, "/console")).await;
    assert_eq!((outside.status, outside.headers["location"].as_str()), (303, "/console/sign-in"));

    let before = system.owing().await;
    let asked = console.reply(&post("/console/sign-in", &[("email", ORGANISER)])).await;
    assert_eq!(asked.status, 200);
    let owing: Vec<_> = system.owing().await.into_iter().filter(|key| !before.contains(key)).collect();
    assert_eq!(owing.len(), 1, "the link is owed");
    let mut deliver = Lambda::start("deliver", &system).await;
    deliver.answer(&events::stream(&owing).0).await;
    let link = System::path_in(&system.mails_to(ORGANISER)[0]);

    let opened = console.reply(&events::page(PAGES, &link)).await;
    assert!(opened.status == 200 && opened.cookies.is_empty(), "scanners open links; only the button signs in");
    let entered = console.reply(&post(&link, &[])).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    let [cookie] = entered.cookies.as_slice() else { panic!("one cookie: {:?}", entered.cookies) };
    assert!(
        cookie.contains("; HttpOnly") && cookie.contains("; Secure") && cookie.contains("; SameSite=Lax"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap();

    let home = console.reply(&as_user(cookie, events::page(CONSOLE, "/console"))).await;
    assert!(home.status == 200 && home.body.contains("Party fest"), "{}", home.body);
    let page = as_user(cookie, events::page(PAGES, "/console/events/acc_10001/evt_fest"));
    let page = console.reply(&page).await;
    assert!(page.status == 200 && page.body.contains("a@example.org") && page.body.contains("Jörg1"), "{}", page.body);
    let foreign = as_user(cookie, events::page(PAGES, "/console/events/acc_other/evt_fest"));
    assert_eq!(console.reply(&foreign).await.status, 404);

    let forged = format!("{}0", &cookie[..cookie.len() - 1].trim_end_matches('0'));
    let refused = console.reply(&as_user(&forged, events::page(CONSOLE, "/console"))).await;
    assert_eq!((refused.status, refused.headers["location"].as_str()), (303, "/console/sign-in"));
    let other_site = as_user(cookie, post("/console/sign-out", &[]));
    assert_eq!(console.reply(&other_site).await.status, 403, "a form without the token of the session");
    let text = format!("{:?}", console.logged());
    assert!(!text.contains(ORGANISER) && !text.contains(cookie), "{text}");
}
