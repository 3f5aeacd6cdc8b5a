//! docs/settings.md is printed from the tables of the engine and of the command line. `BLESS=1` writes it.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

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
flags. `SIGNING_KEYS` and `PREVIEW_TOKEN` are secrets: `npx wrangler secret put SIGNING_KEYS`. In an
environment (`[env.live.vars]`), all variables have to be named again. A value that is wrong is an
error of every request, and natively of the start.

| variable | default | what it sets |
| --- | --- | --- |
";

const FLAGS: &str = "
A Worker also has bindings:

| binding | what it binds |
| --- | --- |
| `ASSETS` | the R2 bucket, under `[[r2_buckets]]` |
| `ANALYTICS` | a dataset of Analytics Engine, under `[[analytics_engine_datasets]]`; without it, no data points ([counters](observability.md#the-worker)) |

`wrangler.toml` also names the domain, the CPU limit and what Workers Logs keeps
([deploying](deploy.md)).

## Flags of the native server

`azulejo serve` takes each setting as a flag or from its environment. A flag wins. [The native
server](serve.md) explains them.

| flag | environment | default | what it sets |
| --- | --- | --- | --- |
";

const STORES: &str = "
Commands read these from the environment, too; those of a store in every command that takes one:

| environment | what it sets |
| --- | --- |
| `AWS_ENDPOINT_URL` | the address of an S3 server that is not Amazon's, such as R2 or MinIO |
| `AWS_REGION` | its region; `auto` for R2 |
| `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | the credentials |
| `AWS_CONDITIONAL_PUT` | `disabled`: the server obeys no conditions ([several writers](publish.md#several-writers)) |
| `AZULEJO_STATE` | the folder of the store `local` |
| `XDG_CACHE_HOME` | the folder of caches, below which `azulejo serve --samples` keeps the samples; `~/.cache` by default |

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
        // Secrets are never on the command line: a file or the environment names them.
        let name = match setting.name {
            secret @ ("SIGNING_KEYS" | "PREVIEW_TOKEN") => format!("{secret}_FILE"),
            name => name.to_owned(),
        };
        assert!(envs.contains(&name.as_str()), "azulejo serve has no {name}");
    }
}

#[test]
fn settings_of_the_example_are_those_that_are_read() {
    let example = fs::read_to_string(root().join("wrangler.example.toml")).unwrap();
    let lines = example.lines().map(|line| line.trim_start_matches("# "));
    let assigned: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(" = ")).collect();
    let variable = |name: &&str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let mut variables: Vec<&str> =
        assigned.iter().map(|(name, _)| *name).filter(variable).collect();
    // Secrets, and the two that the public must never see or that signing alone needs.
    variables.extend(["SIGNING_KEYS", "PREVIEW_TOKEN", "SIGNING", "PUBLISH_CONTEXT"]);
    variables.sort_unstable();
    let mut settings: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    settings.sort_unstable();
    assert_eq!(variables, settings);
    let page = page();
    let bindings: Vec<&str> =
        assigned.iter().filter(|(name, _)| *name == "binding").map(|(_, value)| *value).collect();
    assert_eq!(bindings, ["\"ANALYTICS\"", "\"ASSETS\""]);
    for binding in bindings {
        assert!(page.contains(&format!("| `{}` |", binding.trim_matches('"'))), "{binding}");
    }
}

#[test]
fn settings_page_has_every_environment_variable_of_every_command() {
    let page = page();
    let command = Args::command();
    let flags = command.get_subcommands().flat_map(clap::Command::get_arguments);
    let mut names: Vec<String> =
        flags.filter_map(|flag| Some(flag.get_env()?.to_str().unwrap().to_owned())).collect();
    names.extend(read_in(&root().join("crates/ingest-cli/src")));
    names.extend(read_in(&root().join("crates/server/src")));
    names.sort_unstable();
    names.dedup();
    assert!(names.len() > 20 && names.iter().any(|name| name == "XDG_CACHE_HOME"), "{names:?}");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "docs/settings.md has no {name}");
    }
}

/// The environment variables that a folder of sources reads itself.
fn read_in(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(read_in(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let calls = text.split("env::var").skip(1);
            let names_here = calls.filter_map(|call| call.split_once('(')?.1.strip_prefix('"'));
            names.extend(names_here.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    names
}
