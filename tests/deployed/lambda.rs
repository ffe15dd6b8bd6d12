//! A function in a process of its own, as Lambda runs it: nothing in its environment but what the template and Lambda
//! put there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platform::clock::machine_time;
use serde_json::Value;

use crate::process::{Process, Usage};
use crate::runtime_api::{Invocation, Report, RuntimeApi};
use crate::settings;
use crate::system::System;
use crate::template::Function;

/// Longest time a start or an answer may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A function that is to be started.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) bootstrap: PathBuf,
    pub(crate) variables: BTreeMap<String, String>,
    name: String,
    timeout: u64,
    /// Where a tracer writes what the process asks of the kernel.
    pub(crate) trace: Option<PathBuf>,
}

/// A function that has started.
#[derive(Debug)]
pub(crate) struct Lambda {
    pub(crate) process: Process,
    /// What its start used.
    pub(crate) start: Usage,
    api: RuntimeApi,
    arn: String,
    timeout: u64,
    invocations: u32,
}

/// A function that did not start.
#[derive(Debug)]
pub(crate) struct Stillborn {
    pub(crate) status: ExitStatus,
    /// What it told the Runtime API, if anything: the kind and the body.
    pub(crate) told: Option<(String, Value)>,
    pub(crate) said: String,
}

/// How an event went.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The answer, or what the function said it failed with.
    pub(crate) answer: Result<Value, Value>,
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
}

/// A reply of an HTTP function, as API Gateway reads it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u64,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: String,
}

impl Start {
    /// A function of the template.
    pub(crate) fn of(function: &Function, system: &System) -> Self {
        let mut start = Self::binary(settings::bootstrap(&function.id), &function.name, function.memory);
        start.timeout = function.timeout;
        start.variables.extend(system.variables(function));
        start
    }

    /// Any binary, with what Lambda itself sets.
    pub(crate) fn binary(bootstrap: PathBuf, name: &str, memory: u32) -> Self {
        let folder = bootstrap.parent().unwrap().to_str().unwrap().to_owned();
        let log = format!("/einlass/{name}");
        let variables = [
            ("AWS_REGION", "eu-central-1"),
            ("AWS_DEFAULT_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", local::objects::ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", local::objects::SECRET_KEY),
            ("AWS_SESSION_TOKEN", "session-token"),
            ("AWS_LAMBDA_FUNCTION_NAME", name),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory.to_string()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", &log),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/24/[$LATEST]0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
            ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
            ("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"),
            ("AWS_XRAY_DAEMON_ADDRESS", "169.254.79.129:2000"),
            ("LAMBDA_TASK_ROOT", &folder),
            ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
            ("LD_LIBRARY_PATH", "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"),
            ("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin"),
            ("LANG", "en_US.UTF-8"),
            ("TZ", ":UTC"),
            ("_HANDLER", "bootstrap"),
        ];
        let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { bootstrap, variables, name: name.to_owned(), timeout: 60, trace: None }
    }

    fn command(&self, api: &RuntimeApi) -> Command {
        let mut command = match &self.trace {
            None => Command::new(&self.bootstrap),
            Some(file) => {
                let mut command = Command::new("strace");
                command.args(["-f", "-s", "256", "-e", "signal=none", "-o"]).arg(file).arg(&self.bootstrap);
                command
            }
        };
        command.env_clear().envs(&self.variables).env("AWS_LAMBDA_RUNTIME_API", api.address.to_string());
        command.current_dir(self.bootstrap.parent().unwrap());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    async fn attempt(&self) -> Result<Lambda, Stillborn> {
        let mut api = RuntimeApi::start().await;
        let mut process = Process::new(self.command(&api).spawn().unwrap());
        api.process.set(process.id()).unwrap();
        let arn = format!("arn:aws:lambda:eu-central-1:123456789012:function:{}", self.name);
        let (mut told, begun) = (None, Instant::now());
        loop {
            match tokio::time::timeout(Duration::from_millis(20), api.reports.recv()).await {
                Ok(Some(Report::Next(start))) => {
                    return Ok(Lambda { process, start, api, arn, timeout: self.timeout, invocations: 0 });
                }
                Ok(Some(Report::InitFailure { kind, body })) => told = Some((kind, body)),
                Ok(other) => panic!("{} said this before its first event: {other:?}", self.name),
                Err(_) if begun.elapsed() > PATIENCE => panic!("{} does not start:\n{}", self.name, process.said()),
                Err(_) => {}
            }
            if let Some(status) = process.ended() {
                // What it wrote last may still be on its way through the pipe.
                tokio::time::sleep(Duration::from_millis(100)).await;
                return Err(Stillborn { status, told, said: process.said() });
            }
        }
    }

    /// Starts it and waits until it asks for its first event.
    pub(crate) async fn go(&self) -> Lambda {
        self.attempt().await.unwrap_or_else(|dead| panic!("{} does not start: {dead:?}", self.name))
    }

    /// Starts what must not start.
    pub(crate) async fn fail(&self) -> Stillborn {
        self.attempt().await.err().unwrap_or_else(|| panic!("{} starts", self.name))
    }
}

impl Lambda {
    /// Starts a function of the template.
    pub(crate) async fn start(name: &str, system: &System) -> Self {
        Start::of(&crate::template::function(name), system).go().await
    }

    /// Hands it an event and waits for its answer.
    pub(crate) async fn send(&mut self, payload: &str) -> Outcome {
        self.invocations += 1;
        let id = format!("8476a536-e9f4-11e8-9739-{:012}", self.invocations);
        let deadline_millis = machine_time().timestamp_millis() + i64::try_from(self.timeout * 1000).unwrap();
        let (begun, before) = (Instant::now(), Usage::of(self.process.id()).cpu);
        let payload = payload.to_owned();
        self.api.send(Invocation { id: id.clone(), deadline_millis, arn: self.arn.clone(), payload });
        let (answered, answer) = loop {
            match tokio::time::timeout(Duration::from_millis(20), self.api.reports.recv()).await {
                Ok(Some(Report::Next(_))) => {}
                Ok(Some(Report::Answer { id, body })) => break (id, Ok(body)),
                Ok(Some(Report::Failure { id, body })) => break (id, Err(body)),
                Ok(other) => panic!("instead of an answer: {other:?}"),
                Err(_) => {
                    let (ended, said) = (self.process.ended(), self.process.said());
                    assert!(ended.is_none(), "the process ended at an event: {ended:?}\n{said}");
                    assert!(begun.elapsed() < PATIENCE, "no answer:\n{said}");
                }
            }
        };
        let (wall, cpu) = (begun.elapsed(), Usage::of(self.process.id()).cpu.saturating_sub(before));
        assert_eq!(answered, id, "it answered another event");
        Outcome { answer, wall, cpu }
    }

    /// What it answers to an event.
    pub(crate) async fn answer(&mut self, event: &Value) -> Value {
        self.send(&event.to_string()).await.answer.unwrap_or_else(|error| panic!("{error}\n{}", self.process.said()))
    }

    /// What it replies to a request.
    pub(crate) async fn reply(&mut self, event: &Value) -> Reply {
        Reply::read(&self.answer(event).await)
    }

    /// Every line it logged. Each is a JSON object with its level at the top, which the alarms look for.
    pub(crate) fn logged(&self) -> Vec<Value> {
        let lines = self.process.output.all();
        let objects = lines.iter().map(|line| {
            let object: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
            assert!(object["level"].is_string(), "no level: {line}");
            object
        });
        objects.collect()
    }
}

impl Reply {
    /// Reads a reply of payload format 2.0.
    pub(crate) fn read(answer: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned();
        let headers = answer["headers"].as_object().cloned().unwrap_or_default();
        let cookies = answer["cookies"].as_array().cloned().unwrap_or_default();
        let body = answer["body"].as_str().unwrap_or_default();
        let body = if answer["isBase64Encoded"] == true {
            String::from_utf8(STANDARD.decode(body).unwrap()).unwrap()
        } else {
            body.to_owned()
        };
        Self {
            status: answer["statusCode"].as_u64().unwrap_or_else(|| panic!("no reply: {answer}")),
            headers: headers.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
            cookies: cookies.iter().map(text).collect(),
            body,
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}
