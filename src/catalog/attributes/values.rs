//! Parsers and types of attribute values.

use super::Attributes;
use crate::{error::Result, protocol::Args};

/// The object types of `AllowDirectAccess`.
pub const TYPES: [&str; 7] = ["SVG", "IS", "STATIC", "FXG", "FLA", "IR_VNT", "IR_MAT"];

/// Whether images without a record are served.
pub fn is_image_allowed(attributes: &Attributes) -> bool {
    attributes.direct_access.contains(&"IS")
}

/// Whether static content without a record is served.
pub fn is_static_allowed(attributes: &Attributes) -> bool {
    attributes.direct_access.contains(&"STATIC")
}

/// A flag, 0 or 1.
pub fn flag(args: &Args) -> Result<bool> {
    args.switch(0)?.ok_or_else(|| args.wrong("0 or 1"))
}

/// The types that `include:IS,STATIC`, `exclude:IS` or a list without a mode permits.
pub fn direct_access(args: &Args) -> Result<Vec<&'static str>> {
    let (mode, list) = args.value.split_once(':').unwrap_or(("include", args.value));
    let included = match mode.trim().to_ascii_lowercase().as_str() {
        "include" => true,
        "exclude" => false,
        _ => return Err(args.wrong("include: or exclude: and a list of types")),
    };
    let mut named = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let kind = TYPES.iter().find(|kind| kind.eq_ignore_ascii_case(name));
        named.push(*kind.ok_or_else(|| args.wrong(&format!("types out of {}", TYPES.join(", "))))?);
    }
    Ok(TYPES.into_iter().filter(|name| named.contains(name) == included).collect())
}

/// A folder below `top/`, without slashes at its ends. Fails for `.`, `..` and colons.
pub fn folder(args: &Args, top: &str) -> Result<String> {
    let folder = args.value.replace('\\', "/");
    let folder = folder.trim_matches('/');
    if folder.split('/').any(|element| matches!(element, "." | "..")) || folder.contains(':') {
        return Err(args.wrong(&format!("a folder below {top}/ in the bucket")));
    }
    Ok(folder.to_owned())
}

/// An object: an id, `rootId/id` or a path. It cannot contain a comma (r-object), `?` or `&`.
pub fn object(args: &Args) -> Result<String> {
    if args.value.contains([',', '?', '&']) {
        return Err(args.wrong("an object such as rootId/id"));
    }
    Ok(args.value.to_owned())
}

/// Parses a time into milliseconds since 1970; `None` if it is malformed. It is a number of
/// milliseconds, or `mm/dd/yyyy hh:mm:ss zone`. The zone is a code such as GMT or PST, or `GMT`
/// and an offset in hours or hours:minutes.
pub fn timestamp(text: &str) -> Option<f64> {
    if let Ok(milliseconds) = text.trim().parse::<i64>() {
        return Some(milliseconds as f64);
    }
    let mut parts = text.split_whitespace();
    let (date, time, zone) = (parts.next()?, parts.next()?, parts.next()?);
    let offset = parts.next();
    let numbers = |text: &str, by: char| -> Option<[i64; 3]> {
        let numbers: Vec<i64> = text.split(by).map(|n| n.parse().ok()).collect::<Option<_>>()?;
        numbers.try_into().ok()
    };
    let [month, day, year] = numbers(date, '/')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let sound = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (1..=9999).contains(&year)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..61).contains(&second);
    let east = match offset {
        Some(offset) if zone.eq_ignore_ascii_case("GMT") => minutes(offset)?,
        Some(_) => return None,
        None => zone_minutes(zone)?,
    };
    let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - east;
    sound.then_some((minutes * 60 + second) as f64 * 1000.0)
}

/// Parses an offset such as `-7` or `+5:30` into minutes east of Greenwich, up to ±14:59.
fn minutes(offset: &str) -> Option<i64> {
    let (sign, rest) = match offset.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, offset.strip_prefix('+').unwrap_or(offset)),
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=14).contains(&hours) && (0..60).contains(&minutes))
        .then_some(sign * (hours * 60 + minutes))
}

/// Minutes east of Greenwich of a zone code that Java knows and that is not ambiguous in practice.
fn zone_minutes(code: &str) -> Option<i64> {
    let hours = match code.to_ascii_uppercase().as_str() {
        "GMT" | "UTC" | "WET" => 0,
        "EST" | "CDT" => -5,
        "EDT" | "AST" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" | "AKDT" => -8,
        "AKST" => -9,
        "HST" => -10,
        "BST" | "CET" | "WEST" => 1,
        "CEST" | "EET" => 2,
        "EEST" | "MSK" => 3,
        "JST" | "KST" => 9,
        _ => return None,
    };
    Some(hours * 60)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last day of a year.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stamps_are_numbers_or_dates_with_a_zone() {
        assert_eq!(timestamp("86400000"), Some(86_400_000.0));
        assert_eq!(timestamp("01/02/1970 00:00:00 GMT"), Some(86_400_000.0));
        // "PDT is equivalent to GMT -7."
        assert_eq!(timestamp("03/01/2000 12:00:00 PDT"), timestamp("03/01/2000 12:00:00 GMT -7"));
        assert_eq!(timestamp("03/01/2000 12:00:00 GMT"), Some(951_912_000_000.0));
        assert_eq!(timestamp("03/01/2000 12:00:00 GMT +5:30"), Some(951_892_200_000.0));
    }

    #[test]
    fn all_elements_must_be_there() {
        assert_eq!(timestamp("03/01/2000"), None);
        assert_eq!(timestamp("13/01/2000 12:00:00 GMT"), None);
        assert_eq!(timestamp("03/01/2000 12:00:00 XYZ"), None);
    }
}
