//! One configuration for all AWS clients, made so that a cold start does nothing it need not do.
//!
//! Region and credentials come from the environment only, because Lambda sets both: no file is looked for, and the
//! instance metadata service is never asked, which would cost a time-out. The roots of TLS are part of the binary,
//! because reading the system's costs 3 to 5 ms of CPU. Every time-out is set.

use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;

use crate::config::{ConfigError, Variables};
use crate::error::Error;

/// The five roots that the endpoints of AWS chain to (Amazon Trust Services, "Root CAs").
const ROOTS: &[u8] = include_bytes!("../certificates/amazon.pem");

/// Configuration for clients that talk to AWS, from what Lambda sets.
///
/// # Errors
/// [`ConfigError`] naming every variable that is missing.
pub fn from_environment(variables: &Variables, http_client: SharedHttpClient) -> Result<SdkConfig, ConfigError> {
    let mut reader = variables.reader();
    let region = reader.required("AWS_REGION");
    let (key, secret) = (reader.required("AWS_ACCESS_KEY_ID"), reader.required("AWS_SECRET_ACCESS_KEY"));
    reader.finish()?;
    let credentials = Credentials::new(key, secret, variables.optional("AWS_SESSION_TOKEN"), None, "environment");
    let endpoint = variables.optional("AWS_ENDPOINT_URL");
    Ok(configuration(region, credentials, endpoint, http_client))
}

/// Configuration for clients, with every time-out set.
#[must_use]
pub fn configuration(
    region: String,
    credentials: Credentials,
    endpoint: Option<String>,
    http_client: SharedHttpClient,
) -> SdkConfig {
    let mut config = SdkConfig::builder()
        // Named and not `latest`, so that an update of a crate does not change how calls behave.
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client)
        .timeout_config(timeouts())
        .retry_config(retries());
    config.set_endpoint_url(endpoint);
    config.build()
}

/// An HTTP client whose TLS is ring: aws-lc's entropy costs 40 to 90 ms of CPU in every cold start.
///
/// Idle connections are dropped after 20 s, because servers close them soon after, and a sandbox that was frozen
/// finds them closed.
///
/// # Errors
/// [`Error::Internal`] if TLS cannot be set up.
pub fn http_client() -> Result<SharedHttpClient, Error> {
    let roots = tls::TrustStore::empty().with_pem_certificate(ROOTS);
    let context = tls::TlsContext::builder()
        .with_trust_store(roots)
        .build()
        .map_err(|error| Error::internal("TLS", error.to_string()))?;
    Ok(Builder::new()
        .pool_idle_timeout(Duration::from_secs(20))
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .tls_context(context)
        .build_https())
}

/// Time-outs of every call, in all shorter than that of any function and than the 10 s that a start may take: so what
/// hangs ends in an answer and a line of the log, not in a function that is stopped.
#[must_use]
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(8))
        .build()
}

/// Retries of every call: three attempts in all.
#[must_use]
pub fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3)
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::{CertificateDer, pem::PemObject};

    use super::*;

    #[test]
    fn the_roots_are_five_that_everybody_trusts() {
        let ours: Vec<CertificateDer<'_>> =
            CertificateDer::pem_slice_iter(ROOTS).collect::<Result<_, _>>().expect("valid PEM");
        assert_eq!(ours.len(), 5);
        for root in &ours {
            assert!(webpki_root_certs::TLS_SERVER_ROOT_CERTS.contains(root), "a root that is not in Mozilla's list");
        }
    }

    #[test]
    fn region_and_keys_come_from_the_environment_and_every_missing_one_is_named() {
        let variables = Variables::from_pairs([("AWS_SECRET_ACCESS_KEY", "secret".to_owned())]);
        let error = from_environment(&variables, http_client().expect("TLS")).expect_err("two are missing").to_string();
        assert!(error.contains("AWS_REGION is not set") && error.contains("AWS_ACCESS_KEY_ID is not set"), "{error}");
        let variables = Variables::from_pairs([
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1".to_owned()),
        ]);
        let config = from_environment(&variables, http_client().expect("TLS")).expect("all there");
        assert_eq!(config.region().map(Region::as_ref), Some("eu-central-1"));
        assert_eq!(config.endpoint_url(), Some("http://127.0.0.1:1"));
    }
}
