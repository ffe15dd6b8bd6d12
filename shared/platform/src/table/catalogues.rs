//! Published catalogues: the file as it was published, immutable (G6), read again by the reader that
//! checked it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::calendar::Instant;
use domain::catalog::{Catalogue, Catalogues};
use domain::subscription::Subscription;
use serde::{Deserialize, Serialize};

use super::keys::{self, moment};
use super::stored::instant;
use super::write::Write;
use super::{Range, Table, decode, encode};
use crate::error::Error;

const ITEM: &str = "catalogue";

/// Versions this process has read. They never change, so they are never read again.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(Arc<Mutex<BTreeMap<String, Arc<Catalogue>>>>);

#[derive(Debug, Serialize, Deserialize)]
struct StoredCatalogue {
    file: String,
    published_at: String,
}

/// A published version.
#[derive(Clone, Debug)]
pub struct Published {
    /// What it says.
    pub catalogue: Arc<Catalogue>,
    /// The file as it was published.
    pub file: String,
    /// When.
    pub published_at: Instant,
}

/// What publishing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// It is published now.
    Published,
    /// The same file was published before.
    Already,
    /// Another file was published as this version: new prices need a new version.
    Taken,
}

impl Table {
    /// Publishes a catalogue file that was checked.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn publish_catalogue(
        &self,
        catalogue: &Catalogue,
        file: &str,
        now: Instant,
    ) -> Result<Publication, Error> {
        let key = keys::catalogue(catalogue.key());
        let stored = StoredCatalogue { file: file.to_owned(), published_at: moment(now) };
        let item = encode(&key, &stored)?;
        if self.commit_one(Write::put(key.clone(), item).if_absent()).await? {
            return Ok(Publication::Published);
        }
        let known: Option<StoredCatalogue> = self.read(&key, ITEM).await?;
        let same = known.is_some_and(|known| known.file == file);
        Ok(if same { Publication::Already } else { Publication::Taken })
    }

    /// A published version by `name@version`; `None` if it was never published.
    ///
    /// # Errors
    /// [`Error`] of the table, or [`Error::Corrupt`] for a file that this version cannot read.
    pub async fn catalogue(&self, key: &str) -> Result<Option<Arc<Catalogue>>, Error> {
        if let Some(known) = self.known_catalogues().get(key) {
            return Ok(Some(known.clone()));
        }
        let Some(stored) = self.read::<StoredCatalogue>(&keys::catalogue(key), ITEM).await? else { return Ok(None) };
        let catalogue = self.remember(&stored.file)?;
        Ok(Some(catalogue))
    }

    /// A published version with its file; `None` if it was never published.
    ///
    /// # Errors
    /// As [`Table::catalogue`].
    pub async fn published_catalogue(&self, key: &str) -> Result<Option<Published>, Error> {
        let stored: Option<StoredCatalogue> = self.read(&keys::catalogue(key), ITEM).await?;
        stored.map(|stored| self.published(stored)).transpose()
    }

    /// All published versions, by name and version.
    ///
    /// # Errors
    /// As [`Table::catalogue`].
    pub async fn published_catalogues(&self) -> Result<Vec<Published>, Error> {
        let mut published = Vec::new();
        // Everything after the empty text: sort keys are names.
        for item in self.all(keys::CATALOGUES, &Range::Between("a".to_owned(), "~".to_owned())).await? {
            // One that this program cannot read must not hide the others; accounts on it are held and say why.
            match decode::<StoredCatalogue>(item, ITEM).and_then(|stored| self.published(stored)) {
                Ok(version) => published.push(version),
                Err(error) => crate::telemetry::failure(&error),
            }
        }
        Ok(published)
    }

    /// The versions a subscription names; those that are not published are not among them.
    ///
    /// # Errors
    /// As [`Table::catalogue`].
    pub async fn catalogues_of(&self, subscription: &Subscription) -> Result<Catalogues, Error> {
        let mut catalogues = Catalogues::default();
        for phase in &subscription.phases {
            if catalogues.get(&phase.plan.catalogue).is_none()
                && let Some(catalogue) = self.catalogue(&phase.plan.catalogue).await?
            {
                catalogues.add(catalogue);
            }
        }
        Ok(catalogues)
    }

    /// All published versions, to choose a plan from.
    ///
    /// # Errors
    /// As [`Table::catalogue`].
    pub async fn all_catalogues(&self) -> Result<Catalogues, Error> {
        let mut catalogues = Catalogues::default();
        for published in self.published_catalogues().await? {
            catalogues.add(published.catalogue);
        }
        Ok(catalogues)
    }

    fn published(&self, stored: StoredCatalogue) -> Result<Published, Error> {
        Ok(Published {
            catalogue: self.remember(&stored.file)?,
            published_at: instant(&stored.published_at, ITEM)?,
            file: stored.file,
        })
    }

    fn known_catalogues(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Catalogue>>> {
        // A panic while the lock was held left the map as it was: inserting is all that is done with it.
        self.known.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, file: &str) -> Result<Arc<Catalogue>, Error> {
        let catalogue = catalogs::read_catalogue(file).map_err(|mistakes| {
            let first = mistakes.first().map(ToString::to_string).unwrap_or_default();
            Error::corrupt(ITEM, first)
        })?;
        let catalogue = Arc::new(catalogue);
        self.known_catalogues().insert(catalogue.key().to_owned(), catalogue.clone());
        Ok(catalogue)
    }
}
