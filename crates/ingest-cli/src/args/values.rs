//! Parsers of argument values.

use std::path::PathBuf;

use azulejo::protocol::composed;

/// An error in the command line that is found after parsing. The exit code is 2, as for clap's
/// errors.
#[derive(Debug)]
pub struct Usage(pub String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Parses a duration such as `90s`, `15m`, `24h` or `7d` into seconds.
pub fn seconds(text: &str) -> Result<u64, String> {
    let wanted = || "expected a duration such as 90s, 15m, 24h or 7d".to_owned();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..).unwrap_or_default() {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wanted()),
    };
    let number = digits.parse::<u64>().ok().filter(|number| *number > 0);
    number.and_then(|number| number.checked_mul(factor)).ok_or_else(wanted)
}

/// Parses a rate such as `10/s`, `30/m` or `10` into requests in a second.
pub fn rate(text: &str) -> Result<f64, String> {
    let (number, unit) = text.split_once('/').unwrap_or((text, "s"));
    let seconds = match unit {
        "s" => 1.0,
        "m" => 60.0,
        _ => f64::NAN,
    };
    match number.parse::<f64>().map(|number| number / seconds) {
        Ok(rate) if (0.001..=10_000.0).contains(&rate) => Ok(rate),
        _ => Err("expected a rate such as 10/s or 30/m, from 0.001/s to 10000/s".into()),
    }
}

/// Parses a rootId: a non-empty name without `/`, `\` and `%`, in Unicode NFC.
pub fn root_id(text: &str) -> Result<String, String> {
    let harmful = text.is_empty() || text == "." || text == ".." || text.contains(['/', '\\', '%']);
    if harmful {
        Err("expected a name without / and %".into())
    } else {
        Ok(composed(text).into_owned())
    }
}

/// Parses the size of a tile in pixels: a multiple of 16 from 16 to 4096.
pub fn tile(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(tile @ 16..=4096_u32) if tile.is_multiple_of(16) => Ok(tile),
        _ => Err("expected a multiple of 16, from 16 to 4096".into()),
    }
}

/// Parses the name of a report, which ends in `.json` or `.csv`.
pub fn report(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("json" | "csv") => Ok(path),
        _ => Err("expected a name that ends in .json or .csv".into()),
    }
}

/// Parses a size such as `3GiB`, `500MB` or `1000000` into bytes.
pub fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim();
    let unit = text.get(digits.len()..).unwrap_or("").trim().to_ascii_lowercase();
    let factor: f64 = match unit.as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "k" | "kib" => 1024.0,
        "m" | "mib" => 1024.0 * 1024.0,
        "g" | "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err("expected a size such as 3GiB or 500MB".into()),
    };
    match digits.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok((number * factor) as u64),
        _ => Err("expected a size such as 3GiB or 500MB".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("7d"), Ok(604_800));
        assert!(seconds("0").is_err() && seconds("soon").is_err() && seconds("-1h").is_err());
    }

    #[test]
    fn rates_have_units() {
        assert_eq!(rate("10/s"), Ok(10.0));
        assert_eq!(rate("30/m"), Ok(0.5));
        assert_eq!(rate("2"), Ok(2.0));
        for wrong in ["0", "-1/s", "5/h", "nan", "inf", "1e9/s", ""] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn reports_have_a_format() {
        assert_eq!(report("out/report.CSV"), Ok("out/report.CSV".into()));
        for wrong in ["report", "report.xml", ".json", "json"] {
            assert!(report(wrong).unwrap_err().contains(".json or .csv"), "{wrong}");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("3GiB"), Ok(3 << 30));
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("17"), Ok(17));
        assert!(bytes("-1").is_err() && bytes("3 parsecs").is_err());
    }
}
