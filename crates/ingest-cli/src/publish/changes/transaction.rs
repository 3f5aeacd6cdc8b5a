//! Begins and commits a publish in the store. Through the stored publication, concurrent publishes
//! of the same name notice each other.

use std::collections::BTreeMap;

use anyhow::Result;

use super::Changes;
use crate::{
    publish::{folder::Folder, publication::Publication, records::Rows},
    store::Change,
};

/// The result of committing a publish.
pub enum Commit {
    /// The store contains exactly what the folder contains.
    Done,
    /// Another publish of the same name has stored something that must be removed.
    Retry,
    /// Another publish of the same name began later.
    Superseded,
}

impl Changes<'_> {
    /// Writes into the publication what will be stored, before it is stored.
    pub async fn begin(&mut self) -> Result<()> {
        let (key, folder, rows) = (&self.key, self.folder, &self.rows);
        let begin = self.bucket.update(key, async |stored| {
            let before = Publication::parse(key, stored)?;
            let now = current(folder, rows, &before)?;
            let both = before.with_replaced(&now);
            let change = if both == before { Change::Keep } else { both.change()? };
            Ok((change, (before, now)))
        });
        (self.before, self.now) = begin.await?;
        Ok(())
    }

    /// Removes the replaced layers from the publication, unless another publish of this name has
    /// begun meanwhile.
    pub async fn commit(&self) -> Result<Commit> {
        let both = self.before.with_replaced(&self.now);
        let end = self.bucket.update(&self.key, async |stored| {
            let stored = Publication::parse(&self.key, stored)?;
            if stored == self.now {
                return Ok((Change::Keep, Commit::Done));
            }
            if stored == both {
                return Ok((self.now.change()?, Commit::Done));
            }
            if stored.has_same_content(&self.now) {
                return Ok((Change::Keep, Commit::Retry));
            }
            // Objects of this publish may still be stored. If the other publish has not committed
            // yet, it notices by this layer that it has to remove them.
            let mut more = stored;
            more.replaces.push(Publication { replaces: Vec::new(), ..self.now.clone() });
            Ok((more.change()?, Commit::Superseded))
        });
        end.await
    }
}

/// The publication of a folder, with what stays because its lines are bad.
pub fn current(
    folder: &Folder,
    rows: &BTreeMap<String, Rows>,
    before: &Publication,
) -> Result<Publication> {
    let mut now = Publication::new(folder, rows)?;
    now.retain_records(before, &folder.skipped_records);
    let objects = before.layers().flat_map(|layer| &layer.objects);
    now.objects.extend(objects.filter(|key| folder.retained_objects.contains(*key)).cloned());
    Ok(now)
}
