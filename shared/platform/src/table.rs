//! The one table: keys, items and conditional writes. The README of this crate lists every access pattern.

pub mod accounts;
pub mod api_keys;
pub mod archive;
pub mod cancellations;
pub mod catalogues;
pub mod checks;
pub mod counters;
pub mod credits;
pub mod debits;
pub mod dry_runs;
pub mod dunning;
pub mod events;
pub mod exports;
pub mod figures;
pub mod invoices;
pub mod issuers;
pub mod keys;
pub mod manual;
pub mod marks;
pub mod months;
pub mod notices;
pub mod numbers;
pub mod offers;
pub(crate) mod parties;
pub mod payments;
pub mod policies;
pub(crate) mod postings;
pub mod registrations;
pub mod resends;
pub mod runs;
pub mod schema;
pub mod sent;
pub mod sessions;
pub mod settling;
pub mod singles;
pub mod stored;
pub mod subscriptions;
pub mod timers;
pub mod usage;
pub mod users;
pub mod vat_checks;
pub mod write;

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Select};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use keys::Key;

/// An item as DynamoDB keeps it.
pub type Item = HashMap<String, AttributeValue>;

/// Most items of one page of a query.
pub const PAGE: i32 = 100;
/// Most pages followed in one loop; a loop that is longer is a mistake, not a workload.
const PAGES: usize = 10_000;

/// The table.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
    known: catalogues::Known,
    defined: usage::built_in::Defined,
    issuers: issuers::Known,
}

/// What a query asks for: items of one partition whose sort key begins with a text or lies between two.
#[derive(Clone, Debug)]
pub enum Range {
    /// Sort key begins with this text.
    Prefix(String),
    /// Sort key from the first to the second, both included.
    Between(String, String),
    /// Sort key after the first (excluded), up to the second (included).
    After(String, String),
}

impl Table {
    /// A table by its name.
    #[must_use]
    pub fn new(client: Client, name: String) -> Self {
        Self {
            client,
            name,
            known: catalogues::Known::default(),
            defined: usage::built_in::Defined::default(),
            issuers: issuers::Known::default(),
        }
    }

    /// Opens the connection, so that the first request need not wait for it: what a function does while it starts
    /// is not throttled to its share of a processor. Reads an item that never exists (0.5 RCU).
    pub async fn connect(&self) {
        let key = keys::nothing();
        let read = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk))
            .key("sk", AttributeValue::S(key.sk));
        if let Err(error) = read.send().await {
            // The first request will say so again, if it lasts.
            tracing::warn!(error = Error::unavailable("DynamoDB", error).chain(), "no connection to the table yet");
        }
    }

    /// Reads an item, strongly consistent; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn get(&self, key: &Key) -> Result<Option<Item>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::unavailable("DynamoDB", error))?;
        Ok(answer.item)
    }

    /// Reads an item into its stored form.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Corrupt`].
    pub async fn read<T: DeserializeOwned>(&self, key: &Key, kind: &'static str) -> Result<Option<T>, Error> {
        self.get(key).await?.map(|item| decode(item, kind)).transpose()
    }

    /// One page of a partition, strongly consistent, in key order.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn page(&self, pk: &str, range: &Range, limit: i32, newest_first: bool) -> Result<Vec<Item>, Error> {
        Ok(self.page_from(pk, range, (limit, newest_first), None, true).await?.0)
    }

    /// All items of a range, eventually consistent, which costs half: for what has not changed for long, and for what
    /// a condition checks again.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn glance(&self, pk: &str, range: &Range) -> Result<Vec<Item>, Error> {
        self.all_of(pk, range, false).await
    }

    /// All items of a range, strongly consistent, in key order; pages are followed to the end.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn all(&self, pk: &str, range: &Range) -> Result<Vec<Item>, Error> {
        self.all_of(pk, range, true).await
    }

    async fn all_of(&self, pk: &str, range: &Range, consistent: bool) -> Result<Vec<Item>, Error> {
        let (mut items, mut start) = (Vec::new(), None);
        for _ in 0..PAGES {
            let (page, next) = self.page_from(pk, range, (PAGE, false), start, consistent).await?;
            items.extend(page);
            if next.is_none() {
                return Ok(items);
            }
            start = next;
        }
        Err(Error::internal("query", "more pages than any partition should have"))
    }

    /// How many items a partition has, eventually consistent; they are read and not sent.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn count(&self, pk: &str) -> Result<u64, Error> {
        let (mut count, mut start) = (0, None);
        for _ in 0..PAGES {
            let answer = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
                .select(Select::Count)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Error::unavailable("DynamoDB", error))?;
            count += u64::try_from(answer.count).unwrap_or(0);
            if answer.last_evaluated_key.is_none() {
                return Ok(count);
            }
            start = answer.last_evaluated_key;
        }
        Err(Error::internal("query", "more pages than any partition should have"))
    }

    async fn page_from(
        &self,
        pk: &str,
        range: &Range,
        (limit, newest_first): (i32, bool),
        start: Option<Item>,
        consistent: bool,
    ) -> Result<(Vec<Item>, Option<Item>), Error> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(consistent)
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .set_exclusive_start_key(start)
            .scan_index_forward(!newest_first)
            .limit(limit);
        let query = match range {
            Range::Prefix(prefix) => query
                .key_condition_expression("pk = :pk AND begins_with(sk, :a)")
                .expression_attribute_values(":a", AttributeValue::S(prefix.clone())),
            Range::Between(from, to) => query
                .key_condition_expression("pk = :pk AND sk BETWEEN :a AND :b")
                .expression_attribute_values(":a", AttributeValue::S(from.clone()))
                .expression_attribute_values(":b", AttributeValue::S(to.clone())),
            // BETWEEN includes its bounds; the text after `from` in key order is `from` and a zero byte's successor.
            Range::After(from, to) => query
                .key_condition_expression("pk = :pk AND sk BETWEEN :a AND :b")
                .expression_attribute_values(":a", AttributeValue::S(format!("{from}\u{1}")))
                .expression_attribute_values(":b", AttributeValue::S(to.clone())),
        };
        let answer = query.send().await.map_err(|error| Error::unavailable("DynamoDB", error))?;
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// Keys of a sparse index up to a bound (included), oldest first, at most `limit`. Eventually
    /// consistent: what is missed now is found by the next run.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn index(&self, index: &Index, bucket: u8, up_to: &str, limit: i32) -> Result<Vec<Key>, Error> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(index.name)
            .key_condition_expression("#p = :p AND #s <= :s")
            .expression_attribute_names("#p", index.partition)
            .expression_attribute_names("#s", index.sort)
            .expression_attribute_values(":p", AttributeValue::S(index.bucket(bucket)))
            .expression_attribute_values(":s", AttributeValue::S(up_to.to_owned()))
            .limit(limit)
            .send()
            .await
            .map_err(|error| Error::unavailable("DynamoDB", error))?;
        let text = |item: &Item, name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        let keys = answer.items.unwrap_or_default();
        Ok(keys.iter().filter_map(|item| Some(Key { pk: text(item, "pk")?, sk: text(item, "sk")? })).collect())
    }
}

/// A sparse index: only items that have its two attributes are in it.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Name of the index.
    pub name: &'static str,
    /// Attribute of its partition.
    pub partition: &'static str,
    /// Attribute of its order.
    pub sort: &'static str,
    /// Partitions it is spread over.
    pub buckets: u8,
    prefix: &'static str,
}

/// Counters with uncounted usage, by the oldest uncounted day.
pub const DIRTY: Index =
    Index { name: "dirty", partition: "dirty_bucket", sort: "dirty_day", buckets: 4, prefix: "DIRTY" };
/// Items whose mail has not gone out, by the time it was owed.
pub const UNSENT: Index =
    Index { name: "unsent", partition: "unsent_bucket", sort: "unsent_since", buckets: 4, prefix: "UNSENT" };

/// Invoices that may be unpaid, by the day to look at them.
pub const OPEN: Index = Index { name: "open", partition: "open_bucket", sort: "open_on", buckets: 4, prefix: "OPEN" };

impl Index {
    /// Partition of a bucket.
    #[must_use]
    pub fn bucket(&self, bucket: u8) -> String {
        format!("{}#{bucket}", self.prefix)
    }

    /// Partition of an item, by its key: the same every time.
    #[must_use]
    pub fn bucket_of(&self, key: &Key) -> String {
        self.bucket(keys::spread(&format!("{}\n{}", key.pk, key.sk), u16::from(self.buckets)).try_into().unwrap_or(0))
    }
}

/// Turns a stored form into an item under its key.
///
/// # Errors
/// [`Error::Internal`]; not for the stored forms of this crate.
pub fn encode<T: Serialize>(key: &Key, stored: &T) -> Result<Item, Error> {
    let mut item: Item = serde_dynamo::to_item(stored).map_err(|error| Error::internal("item", error))?;
    item.insert("pk".to_owned(), AttributeValue::S(key.pk.clone()));
    item.insert("sk".to_owned(), AttributeValue::S(key.sk.clone()));
    Ok(item)
}

/// Turns an item into its stored form.
///
/// # Errors
/// [`Error::Corrupt`].
pub fn decode<T: DeserializeOwned>(item: Item, kind: &'static str) -> Result<T, Error> {
    // The library's message may quote a value, which may be a name or an address.
    serde_dynamo::from_item(item).map_err(|_| Error::corrupt(kind, "its attributes are not those expected"))
}
