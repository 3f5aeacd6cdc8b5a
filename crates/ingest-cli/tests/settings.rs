//! docs/settings.md is printed from the tables of the engine and of the command line. `BLESS=1` writes it.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use azulejo::{
    catalog::{Attributes, Empty, attributes, files},
    commands::Support,
    serve::settings::SETTINGS,
};
use azulejo_cli::args::Args;
use clap::CommandFactory;

use crate::support::root;

const HEAD: &str = "\
# Settings

This page lists everything that can be set: the variables of a server, the flags of `azulejo serve`,
and the attributes of catalogs. A test prints it from the program's own tables (`cargo xtask bless`).

## Variables

A Worker reads them from `[vars]` in `wrangler.toml`, `azulejo serve` from its environment or from
flags. `SIGNING_KEYS` is a secret: `npx wrangler secret put SIGNING_KEYS`. In an environment
(`[env.live.vars]`), all variables have to be named again.

| variable | default | what it sets |
| --- | --- | --- |
";

const FLAGS: &str = "
`wrangler.toml` also names the bucket, the domain and the CPU limit ([deploying](deploy.md)).

## Flags of the native server

`azulejo serve` takes each setting as a flag or from its environment. A flag wins. [The native
server](serve.md) explains them.

| flag | environment | default | what it sets |
| --- | --- | --- | --- |
";

const STORES: &str = "
Every command that takes a store reads these from the environment:

| environment | what it sets |
| --- | --- |
| `AWS_ENDPOINT_URL` | the address of an S3 server that is not Amazon's, such as R2 or MinIO |
| `AWS_REGION` | its region; `auto` for R2 |
| `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` | the credentials |
| `AWS_CONDITIONAL_PUT` | `disabled`: the server obeys no conditions ([several writers](publish.md#several-writers)) |
| `AZULEJO_STATE` | the folder of the store `local` |
| `XDG_CACHE_HOME` | where `azulejo serve --samples` keeps the samples |

## Attributes of catalogs

An attribute is a line `Name = value` of an `.ini` file ([publishing](publish.md)). The default is
that of `presets/default.ini`, the built-in default catalog. A catalog takes what it does not name
from the default catalog. Where *empty* is a value, `Name =` overrides the default with nothing;
elsewhere it is as if the line were not there. The last column is the short name of the page in
Adobe's reference; attributes of Azulejo are *ours*.

| attribute | default | what it sets | empty | page |
| --- | --- | --- | --- | --- |
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for setting in &SETTINGS {
        writeln!(page, "| `{}` | {} | {} |", setting.name, setting.default, setting.about).unwrap();
    }
    page.push_str(FLAGS);
    page.push_str(&flags());
    page.push_str(STORES);
    page.push_str(&attribute_rows());
    page
}

fn flags() -> String {
    let command = Args::command();
    let serve = command.find_subcommand("serve").unwrap();
    let mut rows = String::new();
    for argument in serve.get_arguments().filter(|argument| argument.get_id() != "help") {
        let flag = argument.get_long().unwrap();
        let value = match argument.get_value_names() {
            Some([name]) if argument.get_action().takes_values() => format!(" {name}"),
            _ => String::new(),
        };
        let env = argument.get_env().map_or(String::new(), |env| format!("`{}`", env.display()));
        let default: Vec<_> =
            argument.get_default_values().iter().map(|value| value.to_str().unwrap()).collect();
        let help = argument.get_help().unwrap().to_string().replace('\n', " ");
        let default = default.join(", ");
        writeln!(rows, "| `--{flag}{value}` | {env} | {default} | {help} |").unwrap();
    }
    rows
}

/// What each attribute sets, and its default if `presets/default.ini` has none, by its name.
fn abouts() -> BTreeMap<&'static str, (&'static str, Option<&'static str>)> {
    let lines = include_str!("settings/attributes.tsv").lines();
    let fields = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    fields.map(|fields| (fields[0], (fields[1], fields.get(2).copied()))).collect()
}

fn attribute_rows() -> String {
    let presets = fs::read_to_string(root().join("presets/default.ini")).unwrap();
    let defaults: BTreeMap<String, String> = files::attributes(&presets)
        .unwrap()
        .into_iter()
        .map(|(_, name, value)| (name, format!("`{value}`")))
        .collect();
    let mut abouts = abouts();
    let mut all: Vec<_> = attributes().collect();
    all.sort_by_key(|row| row.name);
    let mut rows = String::new();
    for row in all {
        let about = abouts.remove(row.name);
        assert!(about.is_some(), "attributes.tsv has no line of {}", row.name);
        let (about, builtin) = about.unwrap();
        let page = if row.doc.is_empty() { "ours" } else { row.doc };
        let note = match row.support {
            Support::Full => String::new(),
            Support::Partial(why) => format!(" (partly: {why})"),
            Support::Accepted(why) if why.starts_with("read by") => format!(" ({why})"),
            Support::Accepted(why) => format!(" (no effect: {why})"),
            Support::Refused => " (refused)".to_owned(),
        };
        let builtin = builtin.map(|value| format!("`{value}`"));
        let default = defaults.get(row.name).cloned().or(builtin).unwrap_or_default();
        let empty = if row.empty == Empty::Counts { "a value" } else { "" };
        let name = row.name;
        writeln!(rows, "| `{name}` | {default} | {about}{note} | {empty} | {page} |").unwrap();
    }
    assert!(abouts.is_empty(), "attributes.tsv has lines of no attribute: {abouts:?}");
    rows
}

#[test]
fn settings_page_is_what_the_tables_print() {
    let file = root().join("docs/settings.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "docs/settings.md is out of date: run `cargo xtask bless`");
}

#[test]
fn settings_have_the_defaults_that_the_page_tells() {
    for (name, (_, builtin)) in abouts() {
        let Some(value) = builtin else { continue };
        let mut attributes = Attributes::default();
        assert_eq!(attributes.set(name, value), Ok(true), "{name}={value}");
        assert!(attributes == Attributes::default(), "{name}={value} is not the default");
    }
}

#[test]
fn settings_of_a_worker_are_flags_of_the_native_server_too() {
    let command = Args::command();
    let serve = command.find_subcommand("serve").unwrap();
    let envs: Vec<_> =
        serve.get_arguments().filter_map(|argument| argument.get_env()?.to_str()).collect();
    for setting in &SETTINGS {
        // Keys are never on the command line: a file or the environment names them.
        let name = setting.name.replace("SIGNING_KEYS", "SIGNING_KEYS_FILE");
        assert!(envs.contains(&name.as_str()), "azulejo serve has no {name}");
    }
}
