//! One configuration for all AWS clients.
//!
//! Region and credentials come from the environment only: Lambda sets both, and asking the instance
//! metadata service would cost every cold start a time-out. Every time-out is set.

use std::time::Duration;

use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// Configuration for clients that talk to AWS.
pub async fn from_environment() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(EnvironmentVariableRegionProvider::new())
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(http_client())
        .timeout_config(timeouts())
        .retry_config(retries())
        .load()
        .await
}

/// An HTTP client whose TLS is ring: aws-lc's entropy costs 40 to 90 ms of CPU in every cold start.
///
/// Idle connections are dropped after 20 s, because a sandbox that was frozen longer finds them closed.
#[must_use]
pub fn http_client() -> SharedHttpClient {
    Builder::new()
        .pool_idle_timeout(Duration::from_secs(20))
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https()
}

/// Time-outs of every call.
#[must_use]
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(15))
        .build()
}

/// Retries of every call: three attempts in all.
#[must_use]
pub fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3)
}
