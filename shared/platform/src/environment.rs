//! What a function is started with: variables, AWS configuration and clock. Clients are made from it on
//! demand, so that no binary links a service it does not call.

use aws_sdk_s3::config::ResponseChecksumValidation;
use aws_types::SdkConfig;

use crate::aws;
use crate::clock::Clock;
use crate::config::Variables;
use crate::error::Source;

/// What a function is started with.
///
/// The variables `AWS_ENDPOINT_URL_…` name another endpoint for one service, and `AWS_ENDPOINT_URL` one for all, as in
/// every AWS SDK.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Environment variables.
    pub variables: Variables,
    /// Region, credentials, HTTP client, time-outs.
    pub aws: SdkConfig,
    /// The time.
    pub clock: Clock,
}

macro_rules! clients {
    ($($(#[$doc:meta])* $name:ident: $sdk:ident, $variable:literal;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> $sdk::Client {
            let mut config = $sdk::config::Builder::from(&self.aws);
            if let Some(endpoint) = self.variables.optional($variable) {
                config.set_endpoint_url(Some(endpoint));
            }
            $sdk::Client::from_conf(config.build())
        }
    )*};
}

impl Environment {
    /// The environment that these variables describe.
    ///
    /// # Errors
    /// What Lambda sets and is missing here, or TLS cannot be set up.
    pub fn of(variables: Variables) -> Result<Self, Source> {
        let aws = aws::from_environment(&variables, aws::http_client()?)?;
        Ok(Self { variables, aws, clock: Clock::system() })
    }

    clients! {
        /// A client of DynamoDB.
        dynamodb: aws_sdk_dynamodb, "AWS_ENDPOINT_URL_DYNAMODB";
        /// A client of Secrets Manager.
        secrets: aws_sdk_secretsmanager, "AWS_ENDPOINT_URL_SECRETS_MANAGER";
        /// A client of SES v2.
        ses: aws_sdk_sesv2, "AWS_ENDPOINT_URL_SESV2";
        /// A client of SQS.
        sqs: aws_sdk_sqs, "AWS_ENDPOINT_URL_SQS";
    }

    /// A client of S3. Buckets stand in the path, which every endpoint understands.
    #[must_use]
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let mut config = aws_sdk_s3::config::Builder::from(&self.aws)
            .force_path_style(true)
            // A document whose content is another is for us to find and to tell of, by its SHA-256; to the client it
            // would be an answer cut short, to be asked for again.
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        if let Some(endpoint) = self.variables.optional("AWS_ENDPOINT_URL_S3") {
            config.set_endpoint_url(Some(endpoint));
        }
        aws_sdk_s3::Client::from_conf(config.build())
    }
}
