//! The template as tests read it. `!Ref X` is read as `X`, `!GetAtt X.Arn` as `X.Arn`, `!Sub` as its text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use platform::table::{DIRTY, OPEN, UNSENT, schema::TTL_ATTRIBUTE};
use yaml_rust2::{Yaml, YamlLoader};

use crate::tidy::root;

/// The functions by the names of their folders.
pub(crate) const FUNCTIONS: [&str; 7] =
    ["registration", "console", "stripe-webhook", "usage-counter", "invoice-run", "timers", "deliver"];

static TEMPLATE: LazyLock<Yaml> = LazyLock::new(|| {
    let text = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    YamlLoader::load_from_str(&text).unwrap().remove(0)
});

/// A statement of a policy.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    /// Patterns of `dynamodb:LeadingKeys`; none if the statement has no such condition.
    pub(crate) leading_keys: Vec<String>,
}

/// The template.
pub(crate) fn template() -> &'static Yaml {
    &TEMPLATE
}

/// A resource of the template.
pub(crate) fn resource(name: &str) -> &'static Yaml {
    let resource = &TEMPLATE["Resources"][name];
    assert!(!resource.is_badvalue(), "the template has no resource {name}");
    resource
}

/// What a function's resources are called: `stripe-webhook` has a `StripeWebhookFunction`.
pub(crate) fn logical_id(function: &str, kind: &str) -> String {
    let words = function.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect::<String>() + kind
}

/// One text, or a list of them; of a choice (`!If`) every text that may come of it.
pub(crate) fn texts(value: &Yaml) -> Vec<String> {
    match value {
        Yaml::String(text) => vec![text.clone()],
        Yaml::Array(values) => values.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Names of the entries of a mapping.
pub(crate) fn names(mapping: &Yaml) -> BTreeSet<String> {
    let entries = mapping.as_hash().into_iter().flatten();
    entries.filter_map(|(name, _)| name.as_str().map(str::to_owned)).collect()
}

/// Environment variables the template sets for a function.
pub(crate) fn variables(function: &str) -> BTreeSet<String> {
    let own = &resource(&logical_id(function, "Function"))["Properties"]["Environment"]["Variables"];
    let all = &TEMPLATE["Globals"]["Function"]["Environment"]["Variables"];
    names(own).union(&names(all)).cloned().collect()
}

/// What the policy of a function allows.
pub(crate) fn statements(function: &str) -> Vec<Statement> {
    let policies = resource(&logical_id(function, "Role"))["Properties"]["Policies"].as_vec().unwrap();
    let mut statements = Vec::new();
    for statement in policies.iter().filter_map(|policy| policy["PolicyDocument"]["Statement"].as_vec()).flatten() {
        assert_eq!(statement["Effect"].as_str(), Some("Allow"), "{statement:?}");
        let condition = &statement["Condition"];
        let leading_keys = ["ForAllValues:StringEquals", "ForAllValues:StringLike"]
            .iter()
            .flat_map(|operator| texts(&condition[*operator]["dynamodb:LeadingKeys"]))
            .collect();
        let (actions, resources) = (texts(&statement["Action"]), texts(&statement["Resource"]));
        assert!(!actions.is_empty() && !resources.is_empty(), "{statement:?}");
        statements.push(Statement { actions, resources, leading_keys });
    }
    statements
}

/// Schedules of the template: function and expression.
pub(crate) fn schedules() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for function in FUNCTIONS {
        let events = &resource(&logical_id(function, "Function"))["Properties"]["Events"];
        for (_, event) in
            events.as_hash().into_iter().flatten().filter(|(_, e)| e["Type"].as_str() == Some("ScheduleV2"))
        {
            let properties = &event["Properties"];
            assert_eq!(properties["ScheduleExpressionTimezone"].as_str(), Some("Europe/Berlin"), "{function}");
            found.insert(function.to_owned(), properties["ScheduleExpression"].as_str().unwrap().to_owned());
        }
    }
    found
}

fn is_variable(text: &str) -> bool {
    text.len() > 5 && text.contains('_') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// Those a `config.rs` reads are those the template sets, and the other way round.
#[test]
fn template_and_configuration_name_the_same_variables() {
    for function in FUNCTIONS {
        let config = std::fs::read_to_string(root().join(format!("functions/{function}/src/config.rs"))).unwrap();
        let mut read: BTreeSet<String> =
            config.split('"').skip(1).step_by(2).filter(|text| is_variable(text)).map(str::to_owned).collect();
        // Where the Stripe API is: Stripe's own address unless somebody tests against another.
        read.remove("STRIPE_ORIGIN");
        // Likewise where VIES is.
        read.remove("VIES_URL");
        // Read by the platform for all of them.
        read.insert("RUST_LOG".to_owned());
        assert_eq!(read, variables(function), "{function}");
    }
}

/// The table of the template is the one the code makes elsewhere.
#[test]
fn template_and_schema_describe_the_same_table() {
    let table = &resource("Table")["Properties"];
    let keys = |schema: &Yaml| -> Vec<String> {
        schema.as_vec().unwrap().iter().map(|key| key["AttributeName"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys(&table["KeySchema"]), ["pk", "sk"]);
    let indexes: BTreeMap<String, Vec<String>> = table["GlobalSecondaryIndexes"]
        .as_vec()
        .unwrap()
        .iter()
        .map(|index| (index["IndexName"].as_str().unwrap().to_owned(), keys(&index["KeySchema"])))
        .collect();
    let expected = [DIRTY, UNSENT, OPEN]
        .map(|index| (index.name.to_owned(), vec![index.partition.to_owned(), index.sort.to_owned()]));
    assert_eq!(indexes, expected.into());
    assert_eq!(table["TimeToLiveSpecification"]["AttributeName"].as_str(), Some(TTL_ATTRIBUTE));
    assert_eq!(table["StreamSpecification"]["StreamViewType"].as_str(), Some("NEW_IMAGE"));
    assert_eq!(table["BillingMode"].as_str(), Some("PAY_PER_REQUEST"));
}

/// The schedules are those the local runner fires (`infra/local/src/schedule.rs`).
#[test]
fn template_and_runner_start_functions_at_the_same_times() {
    let expected = [
        ("deliver", "cron(0 5 2 * ? *)"),
        ("invoice-run", "cron(0 3 1 * ? *)"),
        ("timers", "rate(1 minute)"),
        ("usage-counter", "cron(15 0 * * ? *)"),
    ];
    assert_eq!(schedules(), expected.map(|(function, at)| (function.to_owned(), at.to_owned())).into());
    let noon = "2026-11-22T12:00:00Z".parse().unwrap();
    assert_eq!(local::schedule::next_count(noon).to_rfc3339(), "2026-11-22T23:15:00+00:00");
    assert_eq!(local::schedule::next_invoice_run(noon).to_rfc3339(), "2026-12-01T02:00:00+00:00");
    assert_eq!(local::schedule::next_archive_check(noon).to_rfc3339(), "2026-12-02T04:00:00+00:00");
}

/// Every folder of a function has a function in the template that runs its binary, and the other way round.
#[test]
fn template_and_folders_name_the_same_functions() {
    let folders: BTreeSet<String> = std::fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, FUNCTIONS.map(str::to_owned).into());
    let expected: BTreeSet<String> = FUNCTIONS.iter().map(|function| logical_id(function, "Function")).collect();
    let all = names(&template()["Resources"]);
    let is_function = |name: &&String| resource(name)["Type"].as_str() == Some("AWS::Serverless::Function");
    assert_eq!(all.iter().filter(is_function).cloned().collect::<BTreeSet<_>>(), expected);
    let globals = &template()["Globals"]["Function"];
    assert_eq!(
        (globals["Handler"].as_str(), globals["Runtime"].as_str()),
        (Some("bootstrap"), Some("provided.al2023"))
    );
    for function in FUNCTIONS {
        let code = resource(&logical_id(function, "Function"))["Properties"]["CodeUri"].as_str();
        assert_eq!(code, Some(format!("../functions/{function}").as_str()));
        let manifest = std::fs::read_to_string(root().join(format!("functions/{function}/Cargo.toml"))).unwrap();
        assert!(manifest.contains(&format!("name = \"{function}\"")), "{function}");
    }
}

/// Every public path of the handlers has a route in the template, and the other way round.
#[test]
fn template_routes_what_the_handlers_answer() {
    let routes: BTreeSet<String> = names(&template()["Resources"])
        .iter()
        .filter(|name| resource(name)["Type"].as_str() == Some("AWS::ApiGatewayV2::Route"))
        .map(|name| resource(name)["Properties"]["RouteKey"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "GET /e/{event}",
        "POST /e/{event}",
        "POST /api/v1/events/{event}/registrations",
        "GET /r/{token}",
        "POST /r/{token}",
        "GET /pay/{token}",
        "POST /pay/{token}",
        "GET /o/{token}",
        "POST /o/{token}",
        "POST /api/v1/invoices",
        "GET /api/v1/invoices/{invoice}",
        "POST /api/v1/invoices/{invoice}/issue",
        "GET /healthz",
        "GET /legal",
        "GET /prices",
        "POST /api/v1/prices",
        "POST /api/v1/usage",
        "ANY /console",
        "ANY /console/{proxy+}",
        "POST /webhooks/stripe",
    ];
    assert_eq!(routes, expected.into_iter().map(str::to_owned).collect());
}

/// Every alarm sends whoever is woken by it to a chapter of docs/operations.md, and no chapter is without an alarm.
#[test]
fn every_alarm_is_explained() {
    let text = std::fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let chapters: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let mut named = BTreeSet::new();
    for name in names(&template()["Resources"]) {
        let alarm = resource(&name);
        if alarm["Type"].as_str() != Some("AWS::CloudWatch::Alarm") {
            continue;
        }
        let properties = &alarm["Properties"];
        let described = properties["AlarmDescription"].as_str().unwrap();
        let chapter = described.rsplit_once("docs/operations.md, ").unwrap_or_else(|| panic!("{name}: {described}")).1;
        let chapter = chapter.trim_end_matches('.');
        assert!(chapters.contains(chapter), "{name} names a chapter that is not there: {chapter}");
        assert!(text.contains(&format!("`{name}`")), "docs/operations.md does not name {name}");
        for list in ["AlarmActions", "OKActions"] {
            assert_eq!(texts(&properties[list]), ["AlarmTopic"], "{name}");
        }
        named.insert(chapter.to_owned());
    }
    assert!(named.len() > 5, "{named:?}");
}

/// The alarm on the archive waits for the words that its check logs, and the pace of mails counts on as many executions as
/// the template allows.
#[test]
fn template_and_deliver_agree_about_an_alarm_and_about_executions() {
    let pattern = resource("ArchiveFaults")["Properties"]["FilterPattern"].as_str().unwrap();
    assert!(pattern.contains("$.message = \"archive fault\"") && pattern.contains("$.level = \"ERROR\""), "{pattern}");
    let check = std::fs::read_to_string(root().join("functions/deliver/src/archive/check.rs")).unwrap();
    assert!(
        check.contains("tracing::error!(invoice.id = %archived.invoice, fault = fault.code(), \"archive fault\");")
    );
    let unsent = &resource("DeliverFunction")["Properties"]["Events"]["Unsent"]["Properties"];
    let executions = unsent["ScalingConfig"]["MaximumConcurrency"].as_i64().unwrap();
    let pace = std::fs::read_to_string(root().join("functions/deliver/src/pace.rs")).unwrap();
    assert!(pace.contains(&format!("pub const EXECUTIONS: u32 = {executions};")), "{executions}");
}

/// The alarm on overdue runs waits for the words that the timers log.
#[test]
fn template_and_timers_agree_about_the_words_of_an_alarm() {
    let pattern = resource("RunsOverdue")["Properties"]["FilterPattern"].as_str().unwrap();
    assert!(pattern.contains("$.message = \"run overdue\"") && pattern.contains("$.level = \"ERROR\""), "{pattern}");
    let timers = std::fs::read_to_string(root().join("functions/timers/src/lib.rs")).unwrap();
    assert!(timers.contains("tracing::error!(%overdue, \"run overdue\");"));
}
