//! The table of all pairs, as comma-separated values (RFC 4180).

use std::io::Write;

use anyhow::Result;

use crate::{
    check::quoted,
    diff::outcome::{Outcome, Seen},
};

/// Writes the names of the columns.
pub fn header(file: &mut impl Write) -> Result<()> {
    let of = |side: &str| {
        ["status", "type", "bytes", "width", "height", "error"].map(|name| format!("{side}_{name}"))
    };
    let sides = [of("old"), of("new")].concat().join(",");
    Ok(write!(file, "url,class,over,score,shift_x,shift_y,{sides},notes\r\n")?)
}

/// Writes the row of a pair.
pub fn row(file: &mut impl Write, outcome: &Outcome, threshold: f64) -> Result<()> {
    let Outcome { url, class, score, shift, old, new, notes, .. } = outcome;
    let over = if outcome.is_over(threshold) { "yes" } else { "no" };
    let [x, y] = [0, 1].map(|axis| number(shift.map(|shift| shift[axis])));
    write!(file, "{},{},{over},{},{x},{y},", quoted(url), class.slug(), number(*score))?;
    for Seen { status, media_type, bytes, width, height, error } in [old, new] {
        let [media_type, error] = [media_type, error].map(|text| text.as_deref().map(quoted));
        let (media_type, error) = (media_type.unwrap_or_default(), error.unwrap_or_default());
        let [status, bytes] = [number(*status), number(*bytes)];
        let [width, height] = [width, height].map(|side| number(*side));
        write!(file, "{status},{media_type},{bytes},{width},{height},{error},")?;
    }
    Ok(write!(file, "{}\r\n", quoted(&notes.join("; ")))?)
}

fn number(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
