//! Conditional writes, alone or together in one transaction.

mod answer;

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update};

use rust_decimal::Decimal;

use answer::{Single, pause, reasons, single};

use super::keys::Key;
use super::{Item, Table};
use crate::entropy;
use crate::error::Error;

/// Most attempts of one transaction that others get in the way of.
const ATTEMPTS: u32 = 10;

/// One write with its condition.
#[derive(Clone, Debug)]
pub struct Write {
    kind: Kind,
    key: Key,
    sets: Vec<String>,
    adds: Vec<String>,
    removes: Vec<String>,
    conditions: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

#[derive(Clone, Debug)]
enum Kind {
    Put(Item),
    Update,
    Delete,
    Check,
}

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All writes were made.
    Committed,
    /// No write was made; `true` stands at each write whose condition did not hold.
    Refused(Vec<bool>),
}

impl Outcome {
    /// Whether the condition of a write did not hold.
    #[must_use]
    pub fn refused(&self, index: usize) -> bool {
        match self {
            Self::Committed => false,
            Self::Refused(refused) => refused.get(index).copied().unwrap_or(false),
        }
    }
}

/// A text attribute.
pub fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A whole-number attribute.
#[must_use]
pub fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

impl Write {
    fn of(kind: Kind, key: Key) -> Self {
        let (sets, adds, removes, conditions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { kind, key, sets, adds, removes, conditions, names: HashMap::new(), values: HashMap::new() }
    }

    /// Puts a whole item.
    #[must_use]
    pub fn put(key: Key, item: Item) -> Self {
        Self::of(Kind::Put(item), key)
    }

    /// Changes attributes of an item, which is made if there is none.
    #[must_use]
    pub fn update(key: Key) -> Self {
        Self::of(Kind::Update, key)
    }

    /// Deletes an item.
    #[must_use]
    pub fn delete(key: Key) -> Self {
        Self::of(Kind::Delete, key)
    }

    /// Writes nothing, but the transaction holds only if the condition does.
    #[must_use]
    pub fn check(key: Key) -> Self {
        Self::of(Kind::Check, key)
    }

    fn name(&mut self, attribute: &str) -> String {
        let name = format!("#n{}", self.names.len());
        self.names.insert(name.clone(), attribute.to_owned());
        name
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let name = format!(":v{}", self.values.len());
        self.values.insert(name.clone(), value);
        name
    }

    fn pair(&mut self, attribute: &str, value: AttributeValue) -> (String, String) {
        (self.name(attribute), self.value(value))
    }

    /// Sets an attribute.
    #[must_use]
    pub fn set(mut self, attribute: &str, value: AttributeValue) -> Self {
        let (name, value) = self.pair(attribute, value);
        self.sets.push(format!("{name} = {value}"));
        self
    }

    /// Sets an attribute that is not there yet.
    #[must_use]
    pub fn set_if_missing(mut self, attribute: &str, value: AttributeValue) -> Self {
        let (name, value) = self.pair(attribute, value);
        self.sets.push(format!("{name} = if_not_exists({name}, {value})"));
        self
    }

    /// Adds to a number, which counts as 0 if it is not there; adding 0 is left out.
    #[must_use]
    pub fn add(mut self, attribute: &str, amount: i64) -> Self {
        if amount != 0 {
            let (name, value) = self.pair(attribute, number(amount));
            self.adds.push(format!("{name} {value}"));
        }
        self
    }

    /// Adds a decimal to a number, exactly: the table keeps 38 digits.
    #[must_use]
    pub fn add_decimal(mut self, attribute: &str, amount: Decimal) -> Self {
        let (name, value) = self.pair(attribute, AttributeValue::N(amount.to_string()));
        self.adds.push(format!("{name} {value}"));
        self
    }

    /// Removes an attribute.
    #[must_use]
    pub fn remove(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.removes.push(name);
        self
    }

    /// On the condition that there is no item yet.
    #[must_use]
    pub fn if_absent(self) -> Self {
        self.if_missing("pk")
    }

    /// On the condition that there is an item.
    #[must_use]
    pub fn if_present(mut self) -> Self {
        let name = self.name("pk");
        self.conditions.push(format!("attribute_exists({name})"));
        self
    }

    /// On the condition that an attribute is there.
    #[must_use]
    pub fn if_there(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.conditions.push(format!("attribute_exists({name})"));
        self
    }

    /// On the condition that an attribute is not there.
    #[must_use]
    pub fn if_missing(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.conditions.push(format!("attribute_not_exists({name})"));
        self
    }

    /// On the condition that an attribute has a value; `None`: that it is not there.
    #[must_use]
    pub fn if_equals(mut self, attribute: &str, value: Option<AttributeValue>) -> Self {
        let Some(value) = value else { return self.if_missing(attribute) };
        let (name, value) = self.pair(attribute, value);
        self.conditions.push(format!("{name} = {value}"));
        self
    }

    /// On the condition that a sum is what was read. One that came to nothing may be there as 0, or not at all.
    #[must_use]
    pub fn if_amounts_to(mut self, attribute: &str, sum: i64) -> Self {
        let (name, value) = self.pair(attribute, number(sum));
        self.conditions.push(match sum {
            0 => format!("(attribute_not_exists({name}) OR {name} = {value})"),
            _ => format!("{name} = {value}"),
        });
        self
    }

    /// On the condition that an attribute is not there or has another value.
    #[must_use]
    pub fn if_differs(mut self, attribute: &str, value: AttributeValue) -> Self {
        let (name, value) = self.pair(attribute, value);
        self.conditions.push(format!("(attribute_not_exists({name}) OR {name} <> {value})"));
        self
    }

    /// On the condition that a number is not there or lower than another.
    #[must_use]
    pub fn if_missing_or_below(mut self, attribute: &str, value: i64) -> Self {
        let (name, value) = self.pair(attribute, number(value));
        self.conditions.push(format!("(attribute_not_exists({name}) OR {name} < {value})"));
        self
    }

    /// On the condition that a number is at least another.
    #[must_use]
    pub fn if_at_least(mut self, attribute: &str, value: i64) -> Self {
        let (name, value) = self.pair(attribute, number(value));
        self.conditions.push(format!("{name} >= {value}"));
        self
    }

    fn expression(&self) -> Option<String> {
        let clause = |word: &str, parts: &[String]| (!parts.is_empty()).then(|| format!("{word} {}", parts.join(", ")));
        let clauses = [clause("SET", &self.sets), clause("ADD", &self.adds), clause("REMOVE", &self.removes)];
        let clauses: Vec<String> = clauses.into_iter().flatten().collect();
        (!clauses.is_empty()).then(|| clauses.join(" "))
    }

    fn condition(&self) -> Option<String> {
        (!self.conditions.is_empty()).then(|| self.conditions.join(" AND "))
    }

    fn into_transact(self, table: &str) -> Result<TransactWriteItem, Error> {
        let (condition, expression) = (self.condition(), self.expression());
        let names = (!self.names.is_empty()).then_some(self.names);
        let values = (!self.values.is_empty()).then_some(self.values);
        let key = HashMap::from([("pk".to_owned(), text(self.key.pk)), ("sk".to_owned(), text(self.key.sk))]);
        let item = TransactWriteItem::builder();
        let wrong = |error| Error::internal("transaction", error);
        Ok(match self.kind {
            Kind::Put(content) => item.put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(content))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(wrong)?,
            ),
            Kind::Update => item.update(
                Update::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_update_expression(expression)
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(wrong)?,
            ),
            Kind::Delete => item.delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(wrong)?,
            ),
            Kind::Check => item.condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(wrong)?,
            ),
        }
        .build())
    }
}

impl Table {
    /// Makes a single update or put; costs half of a transaction. Gives whether its condition held.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn commit_one(&self, write: Write) -> Result<bool, Error> {
        for attempt in 0..ATTEMPTS {
            match self.try_one(&write).await? {
                Single::Held => return Ok(true),
                Single::Refused => return Ok(false),
                Single::InTheWay => pause(attempt).await?,
            }
        }
        Err(Error::Contended)
    }

    async fn try_one(&self, write: &Write) -> Result<Single, Error> {
        let (condition, expression) = (write.condition(), write.expression());
        let names = (!write.names.is_empty()).then(|| write.names.clone());
        let values = (!write.values.is_empty()).then(|| write.values.clone());
        let failed = match &write.kind {
            Kind::Put(content) => {
                let put = self.client.put_item().table_name(&self.name).set_item(Some(content.clone()));
                let put = put.set_condition_expression(condition);
                let put = put.set_expression_attribute_names(names).set_expression_attribute_values(values);
                put.send().await.err().map(single)
            }
            Kind::Update => {
                let update = self.client.update_item().table_name(&self.name);
                let update = update.key("pk", text(&write.key.pk)).key("sk", text(&write.key.sk));
                let update = update.set_update_expression(expression).set_condition_expression(condition);
                let update = update.set_expression_attribute_names(names).set_expression_attribute_values(values);
                update.send().await.err().map(single)
            }
            Kind::Delete | Kind::Check => {
                return Err(Error::internal("write", "only an update or put can be made alone"));
            }
        };
        failed.unwrap_or(Ok(Single::Held))
    }

    /// Makes all writes or none.
    ///
    /// Conflicts with other writers are tried again, a bounded number of times with growing random
    /// pauses. All tries carry the same token, so that one whose success was not heard of is not applied twice.
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept getting in the way, [`Error::Unavailable`] otherwise.
    pub async fn commit(&self, writes: Vec<Write>) -> Result<Outcome, Error> {
        let items = writes.into_iter().map(|write| write.into_transact(&self.name)).collect::<Result<Vec<_>, _>>()?;
        let token = entropy::hex::<16>()?;
        for attempt in 0..ATTEMPTS {
            let request = self.client.transact_write_items().set_transact_items(Some(items.clone()));
            let sent = request.client_request_token(&token).send().await;
            let error = match sent {
                Ok(_) => return Ok(Outcome::Committed),
                Err(error) => error,
            };
            match reasons(&error) {
                Some(codes) if codes.iter().any(|code| code == "TransactionConflict") => pause(attempt).await?,
                Some(codes)
                    if codes
                        .iter()
                        .any(|code| code == "ThrottlingError" || code == "ProvisionedThroughputExceeded") =>
                {
                    pause(attempt).await?;
                }
                Some(codes) if codes.iter().any(|code| code == "ConditionalCheckFailed") => {
                    return Ok(Outcome::Refused(codes.iter().map(|code| code == "ConditionalCheckFailed").collect()));
                }
                // An item that is too large, for example: no repetition helps.
                Some(codes) if codes.iter().any(|code| code == "ValidationError") => {
                    return Err(Error::internal("what cannot be stored", error));
                }
                _ if error.code() == Some("ValidationException") => {
                    return Err(Error::internal("what cannot be stored", error));
                }
                _ => return Err(Error::unavailable("DynamoDB", error)),
            }
        }
        Err(Error::Contended)
    }
}
