//! An HTTP client of the SDK that counts the operations of the table and can fail them, in order to stop a
//! function at any of its steps as a crash would. It lets a function do what its policy in the template allows and
//! nothing else, so that every test is one of the policies, too.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::Value;

use crate::policy::{Call, Policy};

/// What happens to calls of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trouble {
    #[default]
    None,
    /// This many calls go through, then none does: the process is gone.
    DiesAfter(usize),
    /// As before, but the last call is carried out and only its reply is lost.
    LosesReplyAfter(usize),
    /// This many transactions are cancelled because others are in the way.
    Conflicts(usize),
    /// The mail service does not answer.
    NoMail,
}

#[derive(Clone, Debug)]
pub(crate) struct Watch {
    inner: SharedHttpClient,
    state: Arc<Mutex<State>>,
    /// What its function may do; the world itself may do everything.
    policy: Option<Arc<Policy>>,
}

#[derive(Debug, Default)]
struct State {
    operations: Vec<String>,
    trouble: Trouble,
    /// What calls cost, while that is asked for.
    measuring: Option<Consumed>,
}

/// Capacity units as the table answers them, indexes included.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Consumed {
    pub(crate) read: f64,
    pub(crate) write: f64,
}

enum Verdict {
    Pass,
    LoseReply,
    Fail,
    Conflict,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self { inner: platform::aws::http_client().unwrap(), state: Arc::default(), policy: None }
    }

    /// The client of one function.
    pub(crate) fn of(&self, function: &str) -> Self {
        let policy = (function != "local").then(|| Arc::new(Policy::of(function)));
        Self { policy, ..self.clone() }
    }

    pub(crate) fn trouble(&self, trouble: Trouble) {
        self.state.lock().unwrap().trouble = trouble;
    }

    /// Operations since the last call, in order.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().operations)
    }

    /// Has every call of the table say what it costs, from now on.
    pub(crate) fn measure(&self) {
        self.state.lock().unwrap().measuring = Some(Consumed::default());
    }

    /// What calls have cost since [`Watch::measure`].
    pub(crate) fn consumed(&self) -> Consumed {
        self.state.lock().unwrap().measuring.take().unwrap()
    }

    /// Notes what a reply says its call has cost.
    fn note(&self, operation: &str, reply: &[u8]) {
        let reply: Value = serde_json::from_slice(reply).unwrap_or_default();
        let units = |one: &Value| one["CapacityUnits"].as_f64().unwrap_or(0.0);
        let consumed = &reply["ConsumedCapacity"];
        let units = consumed.as_array().map_or_else(|| units(consumed), |all| all.iter().map(units).sum());
        let mut state = self.state.lock().unwrap();
        let Some(measuring) = &mut state.measuring else { return };
        match operation {
            "GetItem" | "Query" => measuring.read += units,
            _ => measuring.write += units,
        }
    }

    fn judge(&self, operation: &str) -> Verdict {
        let mut state = self.state.lock().unwrap();
        state.operations.push(operation.to_owned());
        match state.trouble {
            Trouble::None => Verdict::Pass,
            Trouble::DiesAfter(0) | Trouble::LosesReplyAfter(0) => Verdict::Fail,
            Trouble::DiesAfter(left) => {
                state.trouble = Trouble::DiesAfter(left - 1);
                Verdict::Pass
            }
            Trouble::LosesReplyAfter(left) => {
                state.trouble = Trouble::LosesReplyAfter(left - 1);
                if left == 1 { Verdict::LoseReply } else { Verdict::Pass }
            }
            Trouble::Conflicts(left) if left > 0 && operation == "TransactWriteItems" => {
                state.trouble = Trouble::Conflicts(left - 1);
                Verdict::Conflict
            }
            Trouble::Conflicts(_) | Trouble::NoMail => Verdict::Pass,
        }
    }
}

impl HttpClient for Watch {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, watch: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    watch: Watch,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if let Some(policy) = &self.watch.policy
            && let Err(denied) = policy.check(&Call::read(&request))
        {
            denied.end();
        }
        let trouble = self.watch.state.lock().unwrap().trouble;
        if trouble == Trouble::NoMail && request.uri().contains("/v2/email/") {
            self.watch.judge("SendEmail");
            return HttpConnectorFuture::ready(Err(ConnectorError::user("nobody answers".into())));
        }
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let Some(operation) = target.strip_prefix("DynamoDB_20120810.") else { return self.inner.call(request) };
        // An error of the user's kind is not tried again by the SDK: a process that is gone tries nothing.
        let gone = || Err(ConnectorError::user("the process is gone".into()));
        match self.watch.judge(operation) {
            Verdict::Pass if self.watch.state.lock().unwrap().measuring.is_some() => {
                let (watch, operation) = (self.watch.clone(), operation.to_owned());
                let call = self.inner.call(asking_for_its_cost(request));
                HttpConnectorFuture::new(async move {
                    let mut response = call.await?;
                    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
                    let body = ByteStream::new(body).collect().await.unwrap().into_bytes();
                    watch.note(&operation, &body);
                    *response.body_mut() = SdkBody::from(body);
                    Ok(response)
                })
            }
            Verdict::Pass => self.inner.call(request),
            Verdict::Fail => HttpConnectorFuture::ready(gone()),
            Verdict::LoseReply => {
                let call = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = call.await;
                    gone()
                })
            }
            Verdict::Conflict => HttpConnectorFuture::ready(Ok(conflict())),
        }
    }
}

/// The functions ask for no figures, so they are asked for here.
fn asking_for_its_cost(mut request: HttpRequest) -> HttpRequest {
    let mut body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
    body["ReturnConsumedCapacity"] = "TOTAL".into();
    let body = body.to_string();
    request.headers_mut().insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
    request
}

/// As DynamoDB answers when another transaction holds an item. The embedded one never does.
fn conflict() -> HttpResponse {
    let body = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict, None]",
        "CancellationReasons":[{"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"},{"Code":"None"}]}"#;
    let mut response = HttpResponse::new(400.try_into().unwrap(), SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}
