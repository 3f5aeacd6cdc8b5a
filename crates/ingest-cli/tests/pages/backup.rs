//! docs/deploy.md: what its commands back up can be restored.

use std::fs;

use super::{moving::Moving, page};
use crate::support::{programs::installed, root};

/// The blocks of commands of the page below a heading.
fn commands_below(heading: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(root().join("docs/deploy.md")).unwrap();
    let (_, rest) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let part = rest.split("\n## ").next().unwrap();
    page::steps(part).into_iter().map(|step| step.commands).collect()
}

/// Runs a command in the folder. Returns whether it succeeded, and what it printed, without the date of
/// a reply.
fn run(moving: &mut Moving, line: &str) -> (bool, String) {
    let (code, output) = moving.run(line);
    let lines: Vec<&str> = output.lines().filter(|line| !line.starts_with('#')).collect();
    (code == Some(0), lines.join("\n"))
}

fn succeed(moving: &mut Moving, lines: &[impl AsRef<str>]) {
    for line in lines {
        let line = line.as_ref();
        let (succeeded, output) = run(moving, line);
        assert!(succeeded, "{line}: {output}");
    }
}

#[test]
fn backup_of_records_and_publications_can_be_restored() {
    if !installed("aws") {
        return;
    }
    let blocks = commands_below("Backup and restore");
    let [backup, restore] = blocks.as_slice() else { panic!("{blocks:#?}") };
    let mut moving = Moving::new();
    let folder = moving.folder.path().to_owned();
    let bucket = folder.join("s3/shop-images");
    fs::rename(folder.join("export/catalogs"), folder.join("catalogs")).unwrap();
    fs::remove_file(folder.join("export/images/logo.eps")).unwrap();
    let before = [
        "azulejo ingest export/images/landscapes --to s3://shop-images --root Shop --prefix landscapes/",
        "azulejo publish catalogs/ --to s3://shop-images",
        "azulejo unpublish-assets landscapes/dunes --root Shop --to s3://shop-images",
    ];
    succeed(&mut moving, &before);
    succeed(&mut moving, backup);
    let harbour = "azulejo render 'Shop/harbour?req=imageprops' --from s3://shop-images";
    let dunes = "azulejo render 'Shop/landscapes/dunes?req=exists' --from s3://shop-images";
    let [props, hidden] = [harbour, dunes].map(|line| run(&mut moving, line).1);
    assert!(
        props.contains("image.width=") && hidden.contains("catalogRecord.exists=0"),
        "{hidden}"
    );
    let listed = fs::read(bucket.join("publications/catalogs.json")).unwrap();

    for lost in ["records", "publications"] {
        fs::remove_dir_all(bucket.join(lost)).unwrap();
    }
    let (found, output) = run(&mut moving, harbour);
    assert!(!found, "without records, nothing leads to it: {output}");
    assert!(run(&mut moving, dunes).1.contains("catalogRecord.exists=1"), "it is shown again");

    succeed(&mut moving, restore);
    assert_eq!([harbour, dunes].map(|line| run(&mut moving, line).1), [props, hidden]);
    assert_eq!(fs::read(bucket.join("publications/catalogs.json")).unwrap(), listed);
}
