//! `azulejo commands`: prints the table of protocol commands.

use std::io::Write;

use anyhow::{Result, bail};
use azulejo::{
    check::nearest,
    commands::{Description, Row, find, rows},
};

/// Prints the table, or explains one command; as text, or as JSON.
pub fn run(name: Option<&str>, json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match (name, json) {
        (Some(name), true) => {
            writeln!(out, "{}", serde_json::to_string_pretty(&named(name)?.describe())?)?;
        }
        (Some(name), false) => write!(out, "{}", explained(&named(name)?.describe()))?,
        (None, true) => {
            let all: Vec<Description> = rows().map(Row::describe).collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        }
        (None, false) => {
            for command in rows().map(Row::describe) {
                writeln!(out, "{}", line(&command))?;
            }
        }
    }
    Ok(())
}

/// The row of a command as somebody types it: in any case, perhaps with its `=`.
fn named(name: &str) -> Result<Row> {
    let wanted = name.trim().trim_end_matches('=').to_ascii_lowercase();
    if let Some(entry) = find(&wanted) {
        return Ok(entry.row);
    }
    match nearest(&wanted).as_slice() {
        [] => bail!("{name}: no command of the protocol; `azulejo commands` lists all"),
        near => bail!("{name}: no command of the protocol; did you mean {}?", near.join(" or ")),
    }
}

fn line(command: &Description) -> String {
    let call = format!("{}={}", command.name, command.syntax);
    let note = command.note.unwrap_or_default();
    let line = format!("{:<24} {call:<48} {:<9} {note}", command.title, command.support);
    line.trim_end().to_owned()
}

fn explained(command: &Description) -> String {
    let Description { name, title, help, example, scope, syntax, support, doc, .. } = command;
    let mut text = format!("{title}\n\n  {name}={syntax}\n\n{help}\n");
    if !command.arguments.is_empty() {
        text.push('\n');
    }
    for argument in &command.arguments {
        let optional = if argument.optional { " (optional)" } else { "" };
        text.push_str(&format!("  {:<16} {}{optional}\n", argument.name, argument.value()));
    }
    if !example.is_empty() {
        text.push_str(&format!("\nExample     Samples/pier?{example}\n"));
    }
    let note = command.note.map_or_else(String::new, |note| format!(": {note}"));
    let page = command.url.as_deref().unwrap_or(doc);
    text + &format!("\nApplies to  {scope}\nSupport     {support}{note}\nReference   {page}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_as_typed_and_explained() {
        let text = explained(&named("OP_USM=").unwrap().describe());
        for wanted in [
            "Unsharp mask\n\n  op_usm=amount (0…5)[,radius",
            "\n  threshold        integer, 0 to 255 (optional)\n",
            "\nExample     Samples/pier?wid=400&op_usm=1.5,1,4,0\n",
            "/command-reference/r-op-usm\n",
        ] {
            assert!(text.contains(wanted), "{text}");
        }
    }

    #[test]
    fn an_unknown_command_is_an_error_with_the_nearest_names() {
        let error = named("width").unwrap_err().to_string();
        assert_eq!(error, "width: no command of the protocol; did you mean wid?");
        assert!(named("imwidth").unwrap_err().to_string().contains("lists all"));
    }

    #[test]
    fn the_table_has_a_line_for_each_command() {
        let lines: Vec<String> = rows().map(Row::describe).map(|row| line(&row)).collect();
        assert!(lines.iter().any(|line| line.starts_with("Width ") && line.ends_with("full")));
        assert!(lines.iter().all(|line| !line.contains('\n')));
    }
}
