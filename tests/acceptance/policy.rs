//! The functions' policies, enforced as AWS does: by action, resource and leading key. In every test a call that the
//! template does not allow ends the test, and what is allowed but used by no test is found when all have run.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

use crate::template::{FUNCTIONS, Statement, statements};

/// A folder in which tests note what they used; set by `tests/run`.
const USED: &str = "EINLASS_USED_ACTIONS";

/// One thing a call does: a transaction does several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    action: String,
    /// As the template writes it: `Table.Arn`.
    resource: String,
    /// Partition key of the item, where there is one.
    leading_key: Option<String>,
}

/// A call of an AWS service.
#[derive(Debug)]
pub(crate) struct Call {
    deeds: Vec<Deed>,
}

/// A call that a policy does not allow.
#[derive(Debug)]
pub(crate) struct Denied(String);

/// What a function may do.
#[derive(Debug)]
pub(crate) struct Policy {
    function: String,
    statements: Vec<Statement>,
}

impl Policy {
    pub(crate) fn of(function: &str) -> Self {
        Self { function: function.to_owned(), statements: statements(function) }
    }

    pub(crate) fn check(&self, call: &Call) -> Result<(), Denied> {
        for deed in &call.deeds {
            // LeadingKeys holds all keys of a call, so one statement has to allow an action on all of its items.
            let alike = |other: &&Deed| (&other.action, &other.resource) == (&deed.action, &deed.resource);
            let all = |statement: &Statement| call.deeds.iter().filter(alike).all(|other| allows(statement, other));
            let Some(number) = self.statements.iter().position(all) else {
                let Deed { action, resource, leading_key } = deed;
                let key = leading_key.as_deref().unwrap_or("no key");
                let denied = format!("{} is not authorized to perform {action} on {resource} ({key})", self.function);
                return Err(Denied(denied));
            };
            self.note(number, deed);
        }
        Ok(())
    }

    /// Notes a deed for [`every_action_of_every_policy_is_used`].
    fn note(&self, statement: usize, deed: &Deed) {
        let Some(folder) = std::env::var_os(USED).map(PathBuf::from) else { return };
        let statement = &self.statements[statement];
        let mut lines = vec![used(&self.function, &deed.action, &deed.resource, None)];
        let key = deed.leading_key.as_deref().unwrap_or_default();
        lines.extend(
            statement
                .leading_keys
                .iter()
                .filter(|pattern| matches(pattern, key))
                .map(|pattern| used(&self.function, &deed.action, &deed.resource, Some(pattern))),
        );
        // One file for each process; each line at once, because threads write to it side by side.
        let file = folder.join(std::process::id().to_string());
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        file.write_all(text.as_bytes()).unwrap();
    }
}

fn used(function: &str, action: &str, resource: &str, pattern: Option<&str>) -> String {
    format!("{function} {action} {resource} {}", pattern.unwrap_or("-"))
}

fn allows(statement: &Statement, deed: &Deed) -> bool {
    let key_fits = || match (&deed.leading_key, statement.leading_keys.as_slice()) {
        (_, []) => true,
        (Some(key), patterns) => patterns.iter().any(|pattern| matches(pattern, key)),
        (None, _) => false,
    };
    statement.actions.contains(&deed.action)
        && statement.resources.iter().any(|resource| matches(resource, &deed.resource))
        && key_fits()
}

/// A pattern of IAM with stars, of which only one at the end is used here.
fn matches(pattern: &str, text: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == text, |start| text.starts_with(start))
}

impl Call {
    pub(crate) fn read(request: &HttpRequest) -> Self {
        let body: Value = request.body().bytes().and_then(|b| serde_json::from_slice(b).ok()).unwrap_or_default();
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let deeds = match target.split_once('.') {
            Some(("DynamoDB_20120810", operation)) => table_deeds(operation, &body),
            Some(("AmazonSQS", operation)) => {
                let queue = queue(body["QueueUrl"].as_str().unwrap());
                vec![deed(&format!("sqs:{}", operation.trim_end_matches("Batch")), &format!("{queue}.Arn"))]
            }
            Some(("secretsmanager", operation)) => {
                let secret = if body["SecretId"] == "links" { "LinkSecret" } else { "StripeSecret" };
                vec![deed(&format!("secretsmanager:{operation}"), secret)]
            }
            _ if request.uri().contains("/v2/email/") => {
                vec![deed(
                    "ses:SendRawEmail",
                    "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailIdentity}",
                )]
            }
            _ => {
                let bucket = if request.uri().contains("/einlass-exports/") { "Exports" } else { "Documents" };
                let folder = if request.uri().contains("/logos/") { "logos/*" } else { "*" };
                let action = if request.method() == "PUT" { "s3:PutObject" } else { "s3:GetObject" };
                vec![deed(action, &format!("${{{bucket}.Arn}}/{folder}"))]
            }
        };
        Self { deeds }
    }
}

/// What the template calls a queue of the local runner.
fn queue(url: &str) -> &'static str {
    match url.rsplit('/').next().unwrap() {
        "deliver" => "DeliverQueue",
        "deliver-dead" => "DeliverDeadLetters",
        "invoice-run" => "InvoiceRunQueue",
        "invoice-run-dead" => "InvoiceRunDeadLetters",
        "archive" => "ArchiveQueue",
        "archive-dead" => "ArchiveDeadLetters",
        "mail-events" => "MailEventsQueue",
        "mail-events-dead" => "MailEventsDeadLetters",
        "stream-dead" => "DeliverStreamDeadLetters",
        "schedules-dead" => "ScheduleDeadLetters",
        other => panic!("no queue {other}"),
    }
}

fn deed(action: &str, resource: &str) -> Deed {
    Deed { action: action.to_owned(), resource: resource.to_owned(), leading_key: None }
}

/// A transaction needs the permission of every item operation in it ("Amazon DynamoDB Transactions: How it works",
/// IAM for transactions).
fn table_deeds(operation: &str, body: &Value) -> Vec<Deed> {
    let item = |operation: &str, key: &Value| Deed {
        action: format!("dynamodb:{operation}"),
        resource: "Table.Arn".to_owned(),
        leading_key: Some(key["pk"]["S"].as_str().unwrap().to_owned()),
    };
    match operation {
        "TransactWriteItems" => body["TransactItems"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|one| one.as_object().unwrap())
            .map(|(kind, one)| match kind.as_str() {
                "Put" => item("PutItem", &one["Item"]),
                "ConditionCheck" => item("ConditionCheckItem", &one["Key"]),
                kind => item(&format!("{kind}Item"), &one["Key"]),
            })
            .collect(),
        "Query" => {
            let index = body["IndexName"].as_str();
            let value = if index.is_some() { ":p" } else { ":pk" };
            vec![Deed {
                action: "dynamodb:Query".to_owned(),
                resource: index.map_or("Table.Arn".to_owned(), |index| format!("${{Table.Arn}}/index/{index}")),
                leading_key: Some(body["ExpressionAttributeValues"][value]["S"].as_str().unwrap().to_owned()),
            }]
        }
        "PutItem" => vec![item(operation, &body["Item"])],
        "GetItem" | "UpdateItem" | "DeleteItem" => vec![item(operation, &body["Key"])],
        other => panic!("no rule for {other}"),
    }
}

impl Denied {
    /// Ends the test: answered as AWS does, it might be handled somewhere and never be seen. Each test is a process of its own.
    pub(crate) fn end(&self) -> ! {
        eprintln!("{}", self.0);
        std::process::abort()
    }
}

#[test]
fn a_call_is_refused_without_its_action_its_resource_or_its_key() {
    let statement = |action: &str, resource: &str, keys: &[&str]| Statement {
        actions: vec![action.to_owned()],
        resources: vec![resource.to_owned()],
        leading_keys: keys.iter().map(|&key| key.to_owned()).collect(),
    };
    let put = Deed {
        action: "dynamodb:PutItem".to_owned(),
        resource: "Table.Arn".to_owned(),
        leading_key: Some("EVENT#a".to_owned()),
    };
    for (allowed, action, resource, keys) in [
        (true, "dynamodb:PutItem", "Table.Arn", &[][..]),
        (true, "dynamodb:PutItem", "Table.Arn", &["ACCOUNT#*", "EVENT#*"][..]),
        (false, "dynamodb:PutItem", "Table.Arn", &["ACCOUNT#*"][..]),
        (false, "dynamodb:PutItem", "Table.Arn", &["EVENT#"][..]),
        (false, "dynamodb:UpdateItem", "Table.Arn", &[][..]),
        (false, "dynamodb:PutItem", "${Table.Arn}/index/dirty", &[][..]),
    ] {
        assert_eq!(allows(&statement(action, resource, keys), &put), allowed, "{action} {resource} {keys:?}");
    }
}

/// What AWS itself does in a function's name, and no test sees.
fn done_by_aws(action: &str) -> bool {
    let services = [
        "logs:",
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
    ];
    services.iter().any(|service| action.starts_with(service))
        // A mail built by us is raw to SES, whose own documents name either action for it.
        || ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "s3:ListBucket", "ses:SendEmail"]
            .contains(&action)
}

/// What a function signs addresses with, for others to use.
fn given_to_others(function: &str, resource: &str) -> bool {
    function == "console" && resource == "${Exports.Arn}/*"
}

/// Where Lambda and the scheduler put what they give up, and what comes with every mail.
fn used_by_aws(resource: &str) -> bool {
    resource.ends_with("DeadLetters.Arn") || resource.to_lowercase().contains("configuration")
}

#[test]
#[ignore = "needs the notes of all other tests; tests/run starts it after them"]
fn every_action_of_every_policy_is_used() {
    let folder = PathBuf::from(std::env::var_os(USED).unwrap_or_else(|| panic!("{USED} is not set")));
    let mut seen = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        seen.extend(std::fs::read_to_string(file.unwrap().path()).unwrap().lines().map(str::to_owned));
    }
    let mut unused = Vec::new();
    for function in FUNCTIONS {
        for statement in statements(function) {
            let patterns: Vec<Option<&str>> = match statement.leading_keys.as_slice() {
                [] => vec![None],
                patterns => patterns.iter().map(|pattern| Some(pattern.as_str())).collect(),
            };
            for action in statement.actions.iter().filter(|action| !done_by_aws(action)) {
                for resource in statement
                    .resources
                    .iter()
                    .filter(|resource| !used_by_aws(resource) && !given_to_others(function, resource))
                {
                    let lines = patterns.iter().map(|pattern| used(function, action, resource, *pattern));
                    unused.extend(lines.filter(|line| !seen.contains(line)));
                }
            }
        }
    }
    assert!(unused.is_empty(), "allowed, but used by no test:\n{}", unused.join("\n"));
}
