//! The documentation of the rows agrees with their parsers: ranges, kinds and choices.

use super::*;
use crate::{
    check::{Level, typed},
    codec::Format,
    commands::{Request, Scope, find},
    error::Result,
    usage::{Argument, Kind, arguments},
};

/// The corners of a layer, which not every number can be.
const QUAD: [&str; 8] = ["0", "0", "10", "0", "10", "10", "0", "10"];

fn of(row: Row) -> Vec<Argument> {
    arguments(row.usage().syntax).unwrap_or_else(|| panic!("{}: its syntax", row.name()))
}

/// A number in the middle of the range.
fn middle(argument: &Argument) -> f64 {
    match (argument.min, argument.max) {
        (Some(min), Some(max)) if argument.kind == Kind::Integer => f64::midpoint(min, max).floor(),
        (Some(min), Some(max)) => f64::midpoint(min, max),
        (Some(min), None) => min + 0.5,
        (None, _) => 1.0,
    }
}

/// Valid values of all arguments.
fn samples(row: Row, arguments: &[Argument]) -> Vec<String> {
    let sample = |(nth, argument): (usize, &Argument)| match argument.kind {
        _ if row.name().starts_with("perspective") && nth < 8 => QUAD[nth].to_owned(),
        // Not every kind of reply has every format.
        _ if row.name() == "req" && argument.optional => String::new(),
        Kind::Integer | Kind::Number => middle(argument).to_string(),
        Kind::Choice => argument.choices[0].to_owned(),
        Kind::Switch => "1".to_owned(),
        Kind::Color => "ff0000".to_owned(),
        Kind::Object => "a/b".to_owned(),
        Kind::Text if argument.optional => String::new(),
        Kind::Text if argument.name == "pathDefinition" => "M,0,0,L,9,0,L,9,9,z".to_owned(),
        Kind::Text => "a".to_owned(),
    };
    arguments.iter().enumerate().map(sample).collect()
}

/// What the parser makes of these values.
fn parsed(row: Row, values: &[String]) -> Result<String> {
    let mut request = Request::default();
    let place = row.place(Scope { layer: Some(1), effect: None }).unwrap();
    request.set(row, place, &values.join(","))?;
    Ok(format!("{request:?}"))
}

/// The same with another value for one argument.
fn with(row: Row, values: &[String], nth: usize, value: &str) -> Result<String> {
    let mut values = values.to_vec();
    value.clone_into(&mut values[nth]);
    parsed(row, &values)
}

/// All arguments of all rows, with their place and valid values of all arguments of the row.
fn each(check: impl Fn(Row, &Argument, &dyn Fn(&str) -> Result<String>)) {
    for row in rows() {
        let arguments = of(row);
        let values = samples(row, &arguments);
        for (nth, argument) in arguments.iter().enumerate() {
            check(row, argument, &|value: &str| with(row, &values, nth, value));
        }
    }
}

#[test]
fn usage_every_row_has_its_texts() {
    for row in rows() {
        let usage = row.usage();
        let arguments = of(row);
        assert!(!arguments.is_empty(), "{}", row.name());
        assert!((3..=30).contains(&usage.title.len()), "{}: {}", row.name(), usage.title);
        assert!(usage.help.ends_with('.') && usage.help.len() < 260, "{}", row.name());
        assert!(!usage.help.contains("  ") && !usage.syntax.contains("  "), "{}", row.name());
        let first = usage.title.chars().next().unwrap();
        assert!(first.is_uppercase(), "{}", row.name());
    }
    let mut titles: Vec<&str> = rows().map(|row| row.usage().title).collect();
    let count = titles.len();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), count, "two commands share a title");
}

#[test]
fn usage_an_example_has_its_command_and_is_understood() {
    for row in rows().filter(|row| !row.usage().example.is_empty()) {
        let example = row.usage().example;
        let found = typed(example);
        assert!(found.iter().any(|one| one.name == row.name()), "{example}");
        for one in found {
            assert_eq!(one.level, Level::Understood, "{example}: {}", one.name);
        }
    }
}

#[test]
fn usage_valid_values_are_accepted() {
    for row in rows() {
        let values = samples(row, &of(row));
        if matches!(row.name(), "layer" | "effect") {
            continue;
        }
        parsed(row, &values).unwrap_or_else(|error| panic!("{}: {error}", row.name()));
    }
}

#[test]
fn usage_both_ends_of_a_range_are_accepted_and_nothing_beyond() {
    each(|row, argument, read| {
        for (bound, step) in [(argument.min, -1.0), (argument.max, 1.0)] {
            let Some(bound) = bound else { continue };
            let name = format!("{}, {}", row.name(), argument.name);
            let at = read(&bound.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
            match read(&(bound + step).to_string()) {
                Ok(beyond) => assert_eq!(beyond, at, "{name} is not clamped"),
                Err(error) => assert!(error.message.contains("expected"), "{name}: {error}"),
            }
            let inside = read(&middle(argument).to_string()).unwrap();
            assert_ne!(inside, at, "{name} has no effect");
        }
    });
}

#[test]
fn usage_only_integers_ignore_fractions() {
    each(|row, argument, read| {
        let name = format!("{}, {}", row.name(), argument.name);
        if row.name() == "effect" {
            return;
        }
        let low = argument.min.map_or(20.0, |min| min.max(0.0) + 20.0);
        let low = argument.max.map_or(low, |max| max.min(low) * 0.5);
        let low = if argument.kind == Kind::Integer { low.round() } else { low };
        let both = (read(&low.to_string()), read(&(low + 0.25).to_string()));
        match (argument.kind, both) {
            (Kind::Integer, (Ok(one), Ok(other))) => assert_eq!(one, other, "{name}"),
            (Kind::Number, (Ok(one), Ok(other))) => assert_ne!(one, other, "{name}"),
            (Kind::Integer, both) => panic!("{name}: {both:?}"),
            _ => {}
        }
    });
}

#[test]
fn usage_every_choice_is_accepted_and_no_other_is_missing() {
    each(|row, argument, read| {
        let name = format!("{}, {}", row.name(), argument.name);
        for choice in &argument.choices {
            read(choice).unwrap_or_else(|error| panic!("{name}: {choice}: {error}"));
        }
        if argument.kind != Kind::Choice {
            return;
        }
        match read("nonesuch") {
            // The parser names what it knows.
            Err(error) => {
                let list = error.message.split("expected ").nth(1).unwrap_or_default();
                if let Some(list) = list.strip_prefix("one of ") {
                    let mut words: Vec<&str> = list.split(", ").collect();
                    let mut choices = argument.choices.clone();
                    words.sort_unstable();
                    choices.sort_unstable();
                    assert_eq!(words, choices, "{name}");
                }
            }
            Ok(ignored) => assert_eq!(ignored, read("").unwrap(), "{name}"),
        }
        let known: Vec<&str> = Format::all_names().collect();
        if row.name() == "fmt" && argument.name == "format" {
            assert_eq!(argument.choices, known);
        }
    });
}

#[test]
fn usage_rows_are_described_in_groups() {
    let group = |name: &str| find(name).unwrap().row.describe().group;
    use crate::usage::Group::{Advanced, Basic, Layers};
    for name in ["wid", "hei", "fmt", "qlt", "fit", "op_sharpen", "op_usm", "resMode", "bgc"] {
        assert_eq!(group(name), Basic, "{name}");
    }
    for name in ["layer", "src", "text", "pos", "mask", "effect", "blendMode", "op_growMask"] {
        assert_eq!(group(name), Layers, "{name}");
    }
    for name in ["op_blur", "op_hue", "req", "icc", "rect", "dpr"] {
        assert_eq!(group(name), Advanced, "{name}");
    }
    let usm = serde_json::to_value(find("op_usm").unwrap().row.describe()).unwrap();
    assert_eq!(usm["arguments"][2]["max"], 255.0);
    assert_eq!(usm["group"], "basic");
    assert!(usm["url"].as_str().unwrap().ends_with("/command-reference/r-op-usm"));
    assert!(find("handler").unwrap().row.describe().url.is_none());
}
