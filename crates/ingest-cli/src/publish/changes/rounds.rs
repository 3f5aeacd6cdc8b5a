//! The beginning and the end of a publish in the store: by them, publishes of one name that run at
//! the same time see each other.

use std::collections::BTreeMap;

use anyhow::Result;

use super::Changes;
use crate::{
    publish::{folder::Folder, publication::Publication, records::Rows},
    store::Change,
};

/// How a publish ends.
pub enum End {
    /// What the folder says is all that is there.
    Done,
    /// Another of the same name left something that is to be taken back.
    Again,
    /// Another of the same name began later.
    Overtaken,
}

impl Changes<'_> {
    /// Remembers what will be there before it is.
    pub async fn begin(&mut self) -> Result<()> {
        let (key, folder, rows) = (&self.key, self.folder, &self.rows);
        let begin = self.bucket.update(key, async |stored| {
            let before = Publication::parse(key, stored)?;
            let now = now(folder, rows, &before)?;
            let both = before.replaced_by(&now);
            let change = if both == before { Change::Keep } else { both.change()? };
            Ok((change, (before, now)))
        });
        (self.before, self.now) = begin.await?;
        Ok(())
    }

    /// Forgets what was taken back, unless another publish of this name came in between.
    pub async fn end(&self) -> Result<End> {
        let both = self.before.replaced_by(&self.now);
        let end = self.bucket.update(&self.key, async |stored| {
            let stands = Publication::parse(&self.key, stored)?;
            if stands == self.now {
                return Ok((Change::Keep, End::Done));
            }
            if stands == both {
                return Ok((self.now.change()?, End::Done));
            }
            if stands.says_the_same(&self.now) {
                return Ok((Change::Keep, End::Again));
            }
            // What was put here may stand there still. If the other is not done yet, it sees by
            // this that it has to take back once more.
            let mut more = stands;
            more.replaces.push(Publication { replaces: Vec::new(), ..self.now.clone() });
            Ok((more.change()?, End::Overtaken))
        });
        end.await
    }
}

/// What a folder says now, and what stays of rows that are bad.
pub fn now(
    folder: &Folder,
    rows: &BTreeMap<String, Rows>,
    before: &Publication,
) -> Result<Publication> {
    let mut now = Publication::of(folder, rows)?;
    now.stays(before, &folder.left_out);
    let objects = before.layers().flat_map(|layer| &layer.objects);
    now.objects.extend(objects.filter(|key| folder.kept.contains(*key)).cloned());
    Ok(now)
}
