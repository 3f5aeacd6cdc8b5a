//! Concurrent commands that write the same records: no change of either is lost.

use crate::s3_server;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use hyper::{StatusCode, header};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const ROUNDS: u32 = 50;

/// A store that several processes write to.
struct Store {
    folder: tempfile::TempDir,
    server: Option<(Runtime, u16)>,
    /// Whether requests to the server are signed.
    signs: bool,
}

impl Store {
    fn folder() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: None, signs: true }
    }

    fn s3() -> Self {
        Self::s3_with(|folder| Box::pin(s3_server::serve(folder)))
    }

    fn s3_with(
        serve: impl FnOnce(&Path) -> std::pin::Pin<Box<dyn Future<Output = u16> + '_>>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("bucket")).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let port = runtime.block_on(serve(folder.path()));
        Self { folder, server: Some((runtime, port)), signs: true }
    }

    fn start(&self, arguments: &[&str]) -> Child {
        let to = match self.server {
            Some(_) => "s3://bucket".to_owned(),
            None => format!("dir:{}", self.folder.path().display()),
        };
        let arguments = [arguments, &["--to", &to]].concat();
        let mut command = match &self.server {
            Some((_, port)) => s3_server::command(*port, s3_server::SECRET, &arguments),
            None => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_azulejo"));
                command.args(arguments);
                command
            }
        };
        if !self.signs {
            command.env("AWS_SKIP_SIGNATURE", "true");
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs commands concurrently. Returns the standard error of each.
    fn run(&self, commands: &[&[&str]]) -> Vec<String> {
        let ends = self.try_run(commands);
        assert!(ends.iter().all(|(good, _)| *good), "{ends:?}");
        ends.into_iter().map(|(_, stderr)| stderr).collect()
    }

    fn try_run(&self, commands: &[&[&str]]) -> Vec<(bool, String)> {
        let children: Vec<Child> = commands.iter().map(|command| self.start(command)).collect();
        let end = |child: Child| {
            let done = child.wait_with_output().unwrap();
            (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
        };
        children.into_iter().map(end).collect()
    }

    fn path(&self, key: &str) -> PathBuf {
        let bucket = if self.server.is_some() { "bucket" } else { "" };
        self.folder.path().join(bucket).join(key)
    }

    /// Reads a record. An empty object stands for a removed one.
    fn record(&self, id: &str) -> Value {
        let path = self.path(&format!("records/Shop/{id}.json"));
        let bytes = fs::read(path).unwrap_or_default();
        if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() }
    }
}

/// Writes a picture that is recognised by its width.
fn picture(path: &Path, width: u32) {
    let pixel = |x: u32, y: u32| image::Rgb([(x * 7) as u8, (y * 9) as u8, width as u8]);
    image::RgbImage::from_fn(width, 8, pixel).save(path).unwrap();
}

/// A catalog folder with one data file.
fn catalog(folder: &Path, data: &str) -> String {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("shop.ini"), "RootId=Shop\nCatalogFile=data.txt\n").unwrap();
    fs::write(folder.join("data.txt"), data).unwrap();
    folder.to_str().unwrap().to_owned()
}

fn on_both(test: fn(&Store)) {
    thread::scope(|scope| {
        let folder = scope.spawn(move || test(&Store::folder()));
        let s3 = scope.spawn(move || test(&Store::s3()));
        for (name, end) in [("a folder", folder.join()), ("S3", s3.join())] {
            assert!(end.is_ok(), "on {name}");
        }
    });
}

#[test]
fn an_ingest_and_what_is_published_meanwhile() {
    on_both(|store| {
        let originals = tempfile::tempdir().unwrap();
        let file = originals.path().join("shoe.png");
        let ingest = ["ingest", file.to_str().unwrap(), "--root", "Shop"];
        picture(&file, 8);
        store.run(&[&ingest]);
        for round in 0..ROUNDS {
            picture(&file, 9 + round);
            let published = round % 2 == 1;
            let command = if published { "publish-assets" } else { "unpublish-assets" };
            store.run(&[&ingest, &[command, "--root", "Shop"]]);
            let record = store.record("shoe");
            assert_eq!(record["published"], json!(published), "round {round}: {record}");
            assert_eq!(record["width"], json!(9 + round), "round {round}: {record}");
        }
    });
}

#[test]
fn an_ingest_and_a_publish_that_sets_and_removes_fields() {
    on_both(|store| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shoe.png");
        let ingest = ["ingest", file.to_str().unwrap(), "--root", "Shop"];
        for round in 0..ROUNDS {
            picture(&file, 8 + round);
            let data = match round % 2 {
                0 => format!("Id\tModifier\tUserData\nshoe\tqlt={}\tround={round}\n", round + 1),
                _ => format!("Id\tUserData\nboot\tround={round}\n"),
            };
            let shop = catalog(&folder.path().join("shop"), &data);
            let publish = ["publish", &shop, "--name", "shop"];
            store.run(&[&ingest, &publish]);
            let shoe = store.record("shoe");
            assert_eq!(shoe["width"], json!(8 + round), "round {round}: {shoe}");
            let there = round % 2 == 0;
            let modifier = if there { json!(format!("qlt={}", round + 1)) } else { Value::Null };
            assert_eq!(shoe["modifier"], modifier, "round {round}: {shoe}");
            assert_eq!(shoe["userData"].is_null(), !there, "round {round}: {shoe}");
            assert_eq!(store.record("boot").is_null(), there, "round {round}");
        }
    });
}

/// The record of a row without a pyramid has no other fields. It is removed while an ingest writes it.
#[test]
fn a_record_that_is_removed_while_it_is_written() {
    on_both(|store| {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..ROUNDS {
            let id = format!("shoe{round}");
            let file = folder.path().join(format!("{id}.png"));
            picture(&file, 8 + round);
            let with =
                catalog(&folder.path().join("with"), &format!("Id\tModifier\n{id}\tqlt=1\n"));
            store.run(&[&["publish", &with, "--name", "shop"]]);
            let without = catalog(&folder.path().join("without"), "Id\tModifier\n");
            let publish = ["publish", &without, "--name", "shop"];
            store.run(&[&["ingest", file.to_str().unwrap(), "--root", "Shop"], &publish]);
            let record = store.record(&id);
            assert_eq!(record["width"], json!(8 + round), "round {round}: {record}");
            assert!(record["modifier"].is_null(), "round {round}: {record}");
        }
    });
}

#[test]
fn two_publishes_of_different_fields() {
    on_both(|store| {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..ROUNDS {
            let rows = |column: &str, value: &str| {
                let ids = (0..20).map(|id| format!("id{id}\t{value}\n"));
                format!("Id\t{column}\n{}", ids.collect::<String>())
            };
            let quality = format!("qlt={}", round + 1);
            let one = catalog(&folder.path().join("one"), &rows("Modifier", &quality));
            let two = catalog(&folder.path().join("two"), &rows("UserType", &round.to_string()));
            store.run(&[&["publish", &one], &["publish", &two]]);
            for id in 0..20 {
                let record = store.record(&format!("id{id}"));
                assert_eq!(record["modifier"], json!(quality), "round {round}: {record}");
                assert_eq!(record["userType"], json!(round.to_string()), "round {round}: {record}");
            }
        }
    });
}

/// One of them wins, and nothing of the other remains.
#[test]
fn two_publishes_of_one_name() {
    on_both(|store| {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..ROUNDS {
            let rows = |from: u32| {
                let ids = (from..from + 8).map(|id| format!("id{id}\tqlt={}\n", from + 1));
                format!("Id\tModifier\n{}", ids.collect::<String>())
            };
            let at = |name: &str, from: u32| catalog(&folder.path().join(name), &rows(from));
            let (one, two) = (at("one", round % 5), at("two", 4 + round % 7));
            let publish = |from| ["publish", from, "--name", "shop"];
            let ends = store.try_run(&[&publish(&one), &publish(&two)]);
            let good: Vec<bool> = ends.iter().map(|(good, _)| *good).collect();
            for (good, stderr) in &ends {
                assert!(*good || stderr.contains("publish this folder again"), "{stderr}");
            }
            // A publish that lost is repeated.
            let mut counts = match good.as_slice() {
                [true, false] => vec![round % 5],
                [false, true] => vec![4 + round % 7],
                // One after the other.
                [true, true] => vec![round % 5, 4 + round % 7],
                _ => panic!("nobody published: {ends:?}"),
            };
            if !good.iter().all(|good| *good) {
                store.run(&[&publish(&two)]);
                counts = vec![4 + round % 7];
            }
            let stands: Vec<Value> = (0..20).map(|id| store.record(&format!("id{id}"))).collect();
            let fits = counts.iter().any(|&from| {
                (0..20).zip(&stands).all(|(id, record)| {
                    let there = (from..from + 8).contains(&id);
                    let wanted = there.then(|| json!({"modifier": format!("qlt={}", from + 1)}));
                    *record == wanted.unwrap_or_default()
                })
            });
            assert!(fits, "round {round}: {ends:?} {stands:?}");
        }
    });
}

#[test]
fn a_set_that_grows_and_what_is_published_meanwhile() {
    on_both(|store| {
        let originals = tempfile::tempdir().unwrap();
        let preset = "[[set]]\ntype = 'ImageSet'\nmatch = '(shoe)-\\d+'\nsuffix = '-SET'\n";
        fs::write(originals.path().join("azulejo.toml"), preset).unwrap();
        let ingest = ["ingest", originals.path().to_str().unwrap(), "--root", "Shop"];
        picture(&originals.path().join("shoe-1000.png"), 8);
        picture(&originals.path().join("shoe-1001.png"), 8);
        let stderr = store.run(&[&ingest]);
        assert!(stderr[0].contains("a set of 2"), "{stderr:?}");
        for round in 0..ROUNDS {
            picture(&originals.path().join(format!("shoe-{}.png", 1002 + round)), 8);
            let published = round % 2 == 1;
            let command = if published { "publish-assets" } else { "unpublish-assets" };
            store.run(&[&ingest, &[command, "--root", "Shop"]]);
            let set = store.record("shoe-SET");
            assert_eq!(set["published"], json!(published), "round {round}: {set}");
            let members = set["imageSet"].as_str().unwrap_or_default().split(',').count();
            assert_eq!(members, 3 + round as usize, "round {round}: {set}");
        }
    });
}

/// The lock of a folder is released when its process is killed.
#[test]
fn killed_writers_leave_nothing_that_blocks_others() {
    let store = Store::folder();
    let originals = tempfile::tempdir().unwrap();
    for number in 0..30 {
        picture(&originals.path().join(format!("{number}.png")), 8 + number);
    }
    let ingest = ["ingest", originals.path().to_str().unwrap(), "--root", "Shop"];
    for round in 0..30 {
        let command = if round % 2 == 0 { "unpublish-assets" } else { "publish-assets" };
        let mut killed = [store.start(&ingest), store.start(&[command, "--root", "Shop"])];
        thread::sleep(Duration::from_millis(5 + 3 * round));
        for child in &mut killed {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
    let begin = Instant::now();
    store.run(&[&ingest]);
    store.run(&[&["unpublish-assets", "--root", "Shop"]]);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    for number in 0..30 {
        let record = store.record(&number.to_string());
        assert_eq!(record["published"], json!(false), "{record}");
    }
}

/// A store without conditional writes is used nevertheless, with one warning.
#[test]
fn a_store_that_refuses_or_ignores_conditions_gives_a_warning() {
    let originals = tempfile::tempdir().unwrap();
    for number in 0..3 {
        picture(&originals.path().join(format!("{number}.png")), 8 + number);
    }
    let ingest = ["ingest", originals.path().to_str().unwrap(), "--root", "Shop"];
    for (does, status) in [("refuses", Some(StatusCode::NOT_IMPLEMENTED)), ("ignores", None)] {
        let store = Store::s3_with(|folder| {
            Box::pin(s3_server::serve_changed(folder, move |request| {
                let headers = request.headers_mut();
                let removed = [header::IF_MATCH, header::IF_NONE_MATCH]
                    .into_iter()
                    .filter(|name| headers.remove(name).is_some())
                    .count();
                status.filter(|_| removed > 0)
            }))
        });
        let store = Store { signs: false, ..store };
        let put = store.run(&[&ingest]);
        let warning = format!("azulejo: s3://bucket {does} conditions of a put (If-Match)");
        assert_eq!(put[0].matches(&warning).count(), usize::from(status.is_some()), "{put:?}");
        let changed = store.run(&[&["unpublish-assets", "--root", "Shop"]]);
        assert_eq!(changed[0].matches(&warning).count(), 1, "{changed:?}");
        assert!(changed[0].contains("3 unpublished"), "{changed:?}");
        assert_eq!(store.record("2")["published"], json!(false));
    }
}
