//! The table itself, for places where no template makes it. It must be the one in `infra/template.yaml`;
//! a test compares the two.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
};

use super::{DIRTY, Index, UNSENT};
use crate::error::Error;

/// Attribute by which the table removes items that are over.
pub const TTL_ATTRIBUTE: &str = "expires_at";

/// Makes the table if there is none.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn create(client: &Client, name: &str) -> Result<(), Error> {
    let there = client.describe_table().table_name(name).send().await;
    if there.is_ok() {
        return Ok(());
    }
    let wrong = |error| Error::internal("table definition", error);
    let mut request = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for attribute in ["pk", "sk", DIRTY.partition, DIRTY.sort, UNSENT.partition, UNSENT.sort] {
        let definition =
            AttributeDefinition::builder().attribute_name(attribute).attribute_type(ScalarAttributeType::S);
        request = request.attribute_definitions(definition.build().map_err(wrong)?);
    }
    for (attribute, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let key = KeySchemaElement::builder().attribute_name(attribute).key_type(kind).build().map_err(wrong)?;
        request = request.key_schema(key);
    }
    let stream = StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::NewImage).build();
    request
        .global_secondary_indexes(index(&DIRTY)?)
        .global_secondary_indexes(index(&UNSENT)?)
        .stream_specification(stream.map_err(wrong)?)
        .send()
        .await
        .map_err(|error| Error::unavailable("DynamoDB", error))?;
    let ttl = TimeToLiveSpecification::builder().attribute_name(TTL_ATTRIBUTE).enabled(true).build().map_err(wrong)?;
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(ttl)
        .send()
        .await
        .map_err(|error| Error::unavailable("DynamoDB", error))?;
    Ok(())
}

fn index(index: &Index) -> Result<GlobalSecondaryIndex, Error> {
    let wrong = |error| Error::internal("index definition", error);
    let mut definition = GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build());
    for (attribute, kind) in [(index.partition, KeyType::Hash), (index.sort, KeyType::Range)] {
        let key = KeySchemaElement::builder().attribute_name(attribute).key_type(kind).build().map_err(wrong)?;
        definition = definition.key_schema(key);
    }
    definition.build().map_err(wrong)
}
