//! The stream's promises, against the embedded database.

use serde_json::{Value, json};

use super::StreamReader;
use crate::Failure;
use crate::files::tests::Folder;
use crate::store::Store;

const TABLE: &str = "einlass";

async fn start(folder: &Folder) -> Result<Store, Failure> {
    let store = Store::start(folder.path()).await?;
    if store.database().table_count()? == 0 {
        store.database().create_table(serde_json::from_value(json!({
            "TableName": TABLE,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
            "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
            "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" },
        }))?)?;
    }
    Ok(store)
}

fn put(store: &Store, key: &str) -> Result<(), Failure> {
    let request = json!({ "TableName": TABLE, "Item": { "pk": { "S": key }, "count": { "N": "3" } } });
    store.database().put_item(serde_json::from_value(request)?)?;
    Ok(())
}

fn keys(records: &[Value]) -> Vec<&str> {
    records.iter().filter_map(|record| record["dynamodb"]["Keys"]["pk"]["S"].as_str()).collect()
}

#[tokio::test]
async fn records_come_in_order_and_again_until_they_are_committed() -> Result<(), Failure> {
    let folder = Folder::new("stream-order")?;
    let checkpoint = folder.path().join("stream.json");
    let store = start(&folder).await?;
    let mut reader = StreamReader::open(&store, TABLE, checkpoint.clone())?;
    assert_eq!(reader.next_batch(10).await?, Vec::<Value>::new());
    for key in ["a", "b", "c"] {
        put(&store, key)?;
    }
    assert_eq!(keys(&reader.next_batch(2).await?), ["a", "b"]);
    assert_eq!(keys(&reader.next_batch(2).await?), ["a", "b"], "not committed, so again");
    reader.commit().await?;
    assert_eq!(keys(&reader.next_batch(2).await?), ["c"]);
    drop(reader);
    store.stop().await?;

    let store = start(&folder).await?;
    let mut reader = StreamReader::open(&store, TABLE, checkpoint)?;
    put(&store, "d")?;
    assert_eq!(keys(&reader.next_batch(9).await?), ["c", "d"], "a restart goes on after the last commit");
    reader.commit().await?;
    assert_eq!(reader.next_batch(9).await?, Vec::<Value>::new());
    Ok(())
}

#[tokio::test]
async fn a_record_is_what_lambda_gets() -> Result<(), Failure> {
    let folder = Folder::new("stream-record")?;
    let store = start(&folder).await?;
    put(&store, "a")?;
    let mut reader = StreamReader::open(&store, TABLE, folder.path().join("stream.json"))?;
    let records = reader.next_batch(1).await?;
    let record = &records[0];
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert_eq!(record["dynamodb"]["NewImage"], json!({ "pk": { "S": "a" }, "count": { "N": "3" } }));
    assert_eq!(record["dynamodb"]["StreamViewType"], "NEW_IMAGE");
    assert!(record["dynamodb"]["OldImage"].is_null());
    assert!(record["dynamodb"]["ApproximateCreationDateTime"].is_number());
    assert!(record["dynamodb"]["SequenceNumber"].is_string());
    assert!(record["eventID"].is_string() && record["awsRegion"].is_string());
    assert!(record["eventSourceARN"].as_str().is_some_and(|arn| arn.contains(":table/einlass/stream/")));
    Ok(())
}

#[tokio::test]
async fn a_place_the_stream_does_not_know_falls_back_to_the_oldest_record() -> Result<(), Failure> {
    let folder = Folder::new("stream-lost")?;
    let checkpoint = folder.path().join("stream.json");
    let store = start(&folder).await?;
    put(&store, "a")?;
    let mut reader = StreamReader::open(&store, TABLE, checkpoint.clone())?;
    let arn = reader.next_batch(1).await?[0]["eventSourceARN"].clone();
    for (name, content) in [
        ("unknown number", json!({ "stream_arn": arn, "sequence_number": "000000000000000000001" }).to_string()),
        ("another stream", json!({ "stream_arn": "arn:x", "sequence_number": "900000000000000000000" }).to_string()),
        ("damaged", "{\"stream_arn\":".to_owned()),
    ] {
        std::fs::write(&checkpoint, content)?;
        let mut reader = StreamReader::open(&store, TABLE, checkpoint.clone())?;
        assert_eq!(keys(&reader.next_batch(9).await?), ["a"], "{name}");
    }
    let mut reader = StreamReader::open(&store, "no-such-table", checkpoint)?;
    assert_eq!(reader.next_batch(9).await?, Vec::<Value>::new(), "a table that is not there yet");
    Ok(())
}
