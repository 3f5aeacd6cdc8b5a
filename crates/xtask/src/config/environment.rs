//! An environment of the Worker, such as test or live: a Worker of its own, with its own bucket and
//! variables.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use super::{names::bucket, parse};

/// The environment that shows what is not published.
const TEST: &str = "test";

/// The variable that names the bucket in the cache.
const NAMESPACE: &str = "CACHE_NAMESPACE";

/// What is asked of an environment that the configuration does not have yet.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Its name, as in `--env`.
    pub name: String,
    /// The name of its R2 bucket.
    pub bucket: Option<String>,
    /// The name of the bucket in the cache that the Workers of a zone share.
    pub namespace: Option<String>,
    /// The host name that the Worker answers.
    pub domain: Option<String>,
}

impl Environment {
    /// The default of `namespace`: another environment of the same bucket has another one.
    fn default_namespace(&self, bucket: &str) -> String {
        let ending = format!("-{}", self.name);
        if bucket.ends_with(&ending) { bucket.to_owned() } else { format!("{bucket}{ending}") }
    }

    /// The text of the environment. It has the variables of the top, since it inherits none.
    fn text(&self, bucket: &str, top: &Table) -> String {
        let Self { name, namespace, domain, .. } = self;
        let mut text = format!(
            "\n# Added by `cargo xtask deploy --env {name}`. An environment inherits neither variables nor \
             bindings.\n"
        );
        if let Some(domain) = domain {
            let _ = writeln!(text, "[env.{name}]");
            let _ = writeln!(
                text,
                "# Wrangler makes the record and the certificate; the zone has to be in your account.\n\
                 routes = [{{ pattern = \"{domain}\", custom_domain = true }}]\n"
            );
        }
        let _ = writeln!(text, "[env.{name}.vars]");
        for (key, value) in top.get("vars").and_then(Value::as_table).into_iter().flatten() {
            if key != NAMESPACE && key != "PUBLISH_CONTEXT" {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        let default = || self.default_namespace(bucket);
        let namespace = namespace.clone().unwrap_or_else(default);
        let _ = writeln!(text, "{NAMESPACE} = \"{namespace}\"");
        if name == TEST {
            text.push_str(
                "# Shows what is not published: let only your own people reach this one.\n",
            );
            text.push_str("PUBLISH_CONTEXT = \"test\"\n");
        }
        let _ = writeln!(
            text,
            "\n[[env.{name}.r2_buckets]]\nbinding = \"ASSETS\"\nbucket_name = \"{bucket}\""
        );
        text
    }
}

/// Adds the environment to the configuration if it is not there, and returns the added text. `ask` is
/// called for the bucket if it is not given; its argument is a suggestion. Nothing that is there is changed:
/// a value that differs is an error.
pub fn fill_in(
    file: &Path,
    wanted: &Environment,
    ask: impl FnOnce(&str) -> Result<String>,
) -> Result<Option<String>> {
    let written = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let table = parse(file, &written)?;
    let there = table.get("env").and_then(|all| all.get(&wanted.name));
    if let Some(there) = there {
        compare(file, wanted, there)?;
        return Ok(None);
    }
    let bucket = match &wanted.bucket {
        Some(bucket) => bucket.clone(),
        None => bucket(&ask(&suggestion(&table, &wanted.name))?).map_err(anyhow::Error::msg)?,
    };
    let text = wanted.text(&bucket, &table);
    let line = if written.ends_with('\n') { "" } else { "\n" };
    let whole = format!("{written}{line}{text}");
    // What is written must be what wrangler reads.
    parse(file, &whole)?;
    fs::write(file, whole).with_context(|| file.display().to_string())?;
    Ok(Some(text))
}

/// The bucket of the top with the name of the environment.
fn suggestion(table: &Table, name: &str) -> String {
    let bucket = bucket_in(table).unwrap_or("azulejo-assets");
    format!("{bucket}-{name}")
}

/// The name of the bucket in the table of a configuration or of an environment.
fn bucket_in(table: &Table) -> Option<&str> {
    let buckets = table.get("r2_buckets")?.as_array()?;
    let is_ours = |bucket: &&Value| bucket.get("binding").and_then(Value::as_str) == Some("ASSETS");
    buckets.iter().find(is_ours)?.get("bucket_name")?.as_str()
}

/// Fails if the environment has no bucket, or other values than those that are wanted.
fn compare(file: &Path, wanted: &Environment, there: &Value) -> Result<()> {
    let (file, name) = (file.display(), &wanted.name);
    let bucket = there.as_table().and_then(bucket_in);
    if bucket.is_none() {
        bail!(
            "[env.{name}] in {file} has no bucket; add:\n\n[[env.{name}.r2_buckets]]\nbinding = \
             \"ASSETS\"\nbucket_name = \"…\""
        );
    }
    let variable = there.get("vars").and_then(|vars| vars.get(NAMESPACE)).and_then(Value::as_str);
    let routes = there.get("routes").and_then(Value::as_array).into_iter().flatten();
    let mut domains = routes.chain(there.get("route")).filter_map(|route| {
        route.as_str().or_else(|| route.get("pattern").and_then(Value::as_str))
    });
    let domain = match &wanted.domain {
        Some(wanted) => domains.find(|pattern| pattern == wanted),
        None => None,
    };
    for (flag, wanted, there) in [
        ("--bucket", &wanted.bucket, bucket),
        ("--namespace", &wanted.namespace, variable),
        ("--domain", &wanted.domain, domain),
    ] {
        if let Some(wanted) = wanted
            && there != Some(wanted)
        {
            let there =
                there.map_or_else(|| "another value or none".to_owned(), |it| format!("{it:?}"));
            bail!(
                "{flag} is {wanted:?}, but [env.{name}] in {file} has {there}: change the file, or leave out \
                 {flag}"
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOP: &str = "name = 'azulejo'\n[vars]\nPREVIEW_SOURCES = \"Shop\"\nCACHE_NAMESPACE = 'shop'\n\
        [[r2_buckets]]\nbinding = 'ASSETS'\nbucket_name = 'shop'";

    fn wanted(name: &str, bucket: Option<&str>) -> Environment {
        let bucket = bucket.map(str::to_owned);
        Environment { name: name.to_owned(), bucket, ..Environment::default() }
    }

    fn silent(_: &str) -> Result<String> {
        bail!("asked")
    }

    struct Written {
        _folder: tempfile::TempDir,
        file: std::path::PathBuf,
    }

    impl Written {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("wrangler.toml");
            fs::write(&file, TOP).unwrap();
            Self { _folder: folder, file }
        }

        fn table(&self) -> Table {
            fs::read_to_string(&self.file).unwrap().parse().unwrap()
        }
    }

    #[test]
    fn fill_in_adds_an_environment_with_its_bucket_and_the_variables_of_the_top() {
        let written = Written::new();
        let live = Environment {
            domain: Some("images.example.com".into()),
            ..wanted("live", Some("shop-images"))
        };
        let added = fill_in(&written.file, &live, silent).unwrap().unwrap();
        assert!(added.contains("bucket_name = \"shop-images\""), "{added}");
        let live = written.table()["env"]["live"].clone();
        assert_eq!(live["vars"]["PREVIEW_SOURCES"].as_str(), Some("Shop"));
        assert_eq!(live["vars"]["CACHE_NAMESPACE"].as_str(), Some("shop-images-live"));
        assert!(live["vars"].get("PUBLISH_CONTEXT").is_none());
        assert_eq!(live["routes"][0]["pattern"].as_str(), Some("images.example.com"));
        assert!(fs::read_to_string(&written.file).unwrap().starts_with(TOP), "the rest stays");
    }

    #[test]
    fn fill_in_shows_unpublished_assets_in_test_only() {
        let written = Written::new();
        fill_in(&written.file, &wanted("test", Some("shop-test")), silent).unwrap();
        let test = written.table()["env"]["test"].clone();
        assert_eq!(test["vars"]["PUBLISH_CONTEXT"].as_str(), Some("test"));
        assert_eq!(test["vars"]["CACHE_NAMESPACE"].as_str(), Some("shop-test"));
    }

    #[test]
    fn fill_in_asks_for_the_bucket_with_a_suggestion() {
        let written = Written::new();
        let answer = |suggestion: &str| {
            assert_eq!(suggestion, "shop-test");
            Ok("other-bucket".to_owned())
        };
        fill_in(&written.file, &wanted("test", None), answer).unwrap();
        let test = written.table()["env"]["test"].clone();
        assert_eq!(bucket_in(test.as_table().unwrap()), Some("other-bucket"));
        let wrong =
            fill_in(&written.file, &wanted("live", None), |_| Ok("No!".into())).unwrap_err();
        assert!(wrong.to_string().contains("\"No!\" is no name of an R2 bucket"), "{wrong}");
    }

    #[test]
    fn fill_in_changes_nothing_that_is_there() {
        let written = Written::new();
        fill_in(&written.file, &wanted("live", Some("one-bucket")), silent).unwrap();
        let before = fs::read_to_string(&written.file).unwrap();
        assert_eq!(fill_in(&written.file, &wanted("live", None), silent).unwrap(), None);
        let error =
            fill_in(&written.file, &wanted("live", Some("two-bucket")), silent).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("--bucket is \"two-bucket\"") && error.contains("\"one-bucket\""),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&written.file).unwrap(), before);
    }

    #[test]
    fn fill_in_writes_what_the_page_shows() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wrangler.toml");
        fs::copy(crate::config::example(), &file).unwrap();
        let test = wanted("test", Some("shop-images-test"));
        let added = fill_in(&file, &test, silent).unwrap().unwrap();
        let page = fs::read_to_string(crate::paths::root().join("docs/deploy.md")).unwrap();
        assert!(page.contains(&format!("```toml{added}```")), "docs/deploy.md should show:{added}");
    }
}
