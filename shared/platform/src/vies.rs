//! VIES, the service of the European Commission that tells whether a VAT id of another member state is valid (§ 18e UStG,
//! Art. 31 of Regulation (EU) No 904/2010).
//!
//! The interface is `POST check-vat-number` of its REST service. With the VAT id of whoever asks, an answer carries the
//! number of the inquiry, which is the evidence. Refusals come with status 200 as well as with others; none of them says
//! anything about the id, so all are the same here: nobody could tell.

use std::time::Duration;

use domain::account::VatCheck;
use domain::calendar::Instant;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::outgoing::Outgoing;

/// Where VIES is.
pub const ORIGIN: &str = "https://ec.europa.eu/taxation_customs/vies/rest-api";
/// Longest wait for an answer. Some member states take longer; whoever saved a form does not wait for them.
const TIME: Duration = Duration::from_secs(8);
/// Longest name and number that are kept of an answer, in characters.
const KEPT: usize = 200;

/// Client of VIES.
#[derive(Debug)]
pub struct Vies {
    outgoing: Outgoing,
    origin: String,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Valid or not, with the evidence.
    Evidence(VatCheck),
    /// Nobody could tell: try again later. This is no evidence, neither way.
    Unavailable,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    country_code: &'a str,
    vat_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requester_member_state_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requester_number: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    valid: Option<bool>,
    #[serde(default)]
    user_error: Option<String>,
    #[serde(default)]
    request_identifier: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    error_wrappers: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Vies {
    /// A client; every call ends within 8 s.
    #[must_use]
    pub const fn new(origin: String) -> Self {
        Self { outgoing: Outgoing::within(TIME), origin }
    }

    /// Asks about a VAT id in the name of a requester, who is told the number of the inquiry.
    pub async fn check(&self, vat_id: &str, requester: &str, now: Instant) -> Answer {
        match self.ask(vat_id, requester).await {
            Ok(reply) => read(reply, vat_id, now),
            Err(error) => {
                tracing::warn!(error = error.chain(), "VIES does not answer");
                Answer::Unavailable
            }
        }
    }

    async fn ask(&self, vat_id: &str, requester: &str) -> Result<Reply, Error> {
        let wrong = |error: reqwest::Error| Error::unavailable("VIES", error.without_url());
        let (country_code, vat_number) = vat_id.split_at_checked(2).unwrap_or((vat_id, ""));
        let requester = requester.split_at_checked(2);
        let question = Question {
            country_code,
            vat_number,
            requester_member_state_code: requester.map(|(country, _)| country),
            requester_number: requester.map(|(_, number)| number),
        };
        let url = format!("{}/check-vat-number", self.origin);
        let reply = self.outgoing.client()?.post(url).json(&question).send().await.map_err(wrong)?;
        reply.json().await.map_err(wrong)
    }
}

/// What a reply says. Only `valid` without an error is an answer.
fn read(reply: Reply, vat_id: &str, now: Instant) -> Answer {
    let error = reply.error_wrappers.first().map(|refusal| refusal.error.clone()).or(reply.user_error);
    let answered = error.as_deref().is_none_or(|code| matches!(code, "VALID" | "INVALID" | ""));
    let Some(valid) = reply.valid.filter(|_| answered) else {
        tracing::warn!(code = error.unwrap_or_default(), "VIES gives no answer");
        return Answer::Unavailable;
    };
    // What a member state does not tell stands as dashes.
    let told = |text: Option<String>| {
        let text = text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        text.filter(|text| !text.is_empty() && text.chars().any(|character| character != '-'))
            .map(|text| text.chars().take(KEPT).collect())
    };
    Answer::Evidence(VatCheck {
        vat_id: vat_id.to_owned(),
        checked_at: now,
        valid,
        request_id: told(reply.request_identifier),
        name: told(reply.name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2026-11-27T09:00:00Z".parse().expect("a time")
    }

    fn answer(json: &str) -> Option<Answer> {
        Some(read(serde_json::from_str(json).ok()?, "ATU13585627", now()))
    }

    /// Replies as the service gives them.
    #[test]
    fn only_an_answer_is_evidence_i4() {
        let evidence = |valid, request_id: Option<&str>, name: Option<&str>| {
            Some(Answer::Evidence(VatCheck {
                vat_id: "ATU13585627".to_owned(),
                checked_at: now(),
                valid,
                request_id: request_id.map(str::to_owned),
                name: name.map(str::to_owned),
            }))
        };
        for (name, json, expected) in [
            (
                "qualified",
                r#"{"countryCode":"AT","vatNumber":"U13585627","requestDate":"2026-11-27T09:00:00.000Z","valid":true,
                    "requestIdentifier":"WAPIAAAAYx1","name":"Muster\n  GmbH","address":"Wien","traderNameMatch":"NOT_PROCESSED"}"#,
                evidence(true, Some("WAPIAAAAYx1"), Some("Muster GmbH")),
            ),
            ("no name is told", r#"{"valid":true,"requestIdentifier":"","name":"---"}"#, evidence(true, None, None)),
            ("not valid", r#"{"valid":false,"name":"---"}"#, evidence(false, None, None)),
            ("not valid, as a code", r#"{"valid":false,"userError":"INVALID"}"#, evidence(false, None, None)),
            (
                "the member state does not answer",
                r#"{"actionSucceed":false,"errorWrappers":[{"error":"MS_UNAVAILABLE","message":"…"}]}"#,
                Some(Answer::Unavailable),
            ),
            (
                "too many at once",
                r#"{"actionSucceed":false,"errorWrappers":[{"error":"MS_MAX_CONCURRENT_REQ"}]}"#,
                Some(Answer::Unavailable),
            ),
            ("an error beside a value", r#"{"valid":false,"userError":"MS_UNAVAILABLE"}"#, Some(Answer::Unavailable)),
            (
                "the requester is wrong",
                r#"{"valid":false,"errorWrappers":[{"error":"INVALID_REQUESTER_INFO"}]}"#,
                Some(Answer::Unavailable),
            ),
            ("nothing", "{}", Some(Answer::Unavailable)),
            ("not an answer", "<html>", None),
        ] {
            assert_eq!(answer(json), expected, "{name}");
        }
    }
}
