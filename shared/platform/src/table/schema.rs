//! The table itself, for places where no template makes it. It must be the one in `infra/template.yaml`;
//! a test compares the two.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
    StreamSpecification, StreamViewType, TableDescription, TimeToLiveSpecification,
};

use super::{DIRTY, Index, OPEN, UNSENT};
use crate::error::Error;

/// Attribute by which the table removes items that are over.
pub const TTL_ATTRIBUTE: &str = "expires_at";

/// Makes the table if there is none; adds what a table of an earlier version lacks.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn create(client: &Client, name: &str) -> Result<(), Error> {
    if let Ok(there) = client.describe_table().table_name(name).send().await {
        let indexes = there.table.unwrap_or_else(|| TableDescription::builder().build());
        let known = indexes.global_secondary_indexes().iter().any(|known| known.index_name() == Some(OPEN.name));
        return if known { Ok(()) } else { add(client, name, &OPEN).await };
    }
    let wrong = |error| Error::internal("table definition", error);
    let mut request = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for attribute in ["pk", "sk", DIRTY.partition, DIRTY.sort, UNSENT.partition, UNSENT.sort, OPEN.partition, OPEN.sort]
    {
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
        .global_secondary_indexes(index(&OPEN)?)
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

/// Adds an index to a table that is there.
async fn add(client: &Client, name: &str, added: &Index) -> Result<(), Error> {
    let wrong = |error| Error::internal("index definition", error);
    let definition = index(added)?;
    let made = CreateGlobalSecondaryIndexAction::builder()
        .index_name(added.name)
        .set_key_schema(Some(definition.key_schema().to_vec()))
        .set_projection(definition.projection().cloned())
        .build()
        .map_err(wrong)?;
    let mut request = client.update_table().table_name(name);
    for attribute in ["pk", "sk", added.partition, added.sort] {
        let definition =
            AttributeDefinition::builder().attribute_name(attribute).attribute_type(ScalarAttributeType::S);
        request = request.attribute_definitions(definition.build().map_err(wrong)?);
    }
    let update = GlobalSecondaryIndexUpdate::builder().create(made).build();
    let sent = request.global_secondary_index_updates(update).send().await;
    sent.map(|_| ()).map_err(|error| Error::unavailable("DynamoDB", error))
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
