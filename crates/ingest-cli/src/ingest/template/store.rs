//! Stores the records of templates, after their pictures.

use anyhow::{Result, bail};

use super::{super::report::Report, Prepared};
use crate::{
    record,
    store::{Bucket, Change},
};

/// Stores the templates whose pictures are all stored, and reports what each lacks.
pub async fn store(bucket: &Bucket, templates: &[Prepared], report: &mut Report) {
    for template in templates {
        match write(bucket, template).await {
            Ok(true) => report.template(template, "template"),
            Ok(false) => report.template(template, "unchanged"),
            Err(error) => report.failed(&template.path, &error),
        }
    }
}

/// Writes the record of a template. Returns whether it has changed.
async fn write(bucket: &Bucket, template: &Prepared) -> Result<bool> {
    for picture in &template.pictures {
        if bucket.len(&picture.pyramid()).await?.is_none() {
            bail!("the picture of its layer {} is not stored", picture.id);
        }
    }
    let key = template.asset.record();
    let write = bucket.update(&key, async |stored| {
        let before = record::parse(&key, stored)?;
        let mut record = before.clone().unwrap_or_default();
        // It has no image of its own.
        record.fields.path = Some(String::new());
        record.fields.modifier = Some(template.modifier.clone());
        let change = record::change(before.as_ref(), &record)?;
        let written = change != Change::Keep;
        Ok((change, written))
    });
    write.await
}
