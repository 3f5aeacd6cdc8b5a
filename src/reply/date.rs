//! Formats dates as Java, HTTP and ISO 8601 do, always in UTC. Input is milliseconds since 1970.

/// Year, month, day, hour, minute, second and day of the week (0 is Thursday).
fn civil(milliseconds: f64) -> [i64; 7] {
    let seconds = (milliseconds / 1000.0).floor() as i64;
    let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": civil_from_days.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    [year, month, day, time / 3600, time / 60 % 60, time % 60, days.rem_euclid(7)]
}

/// `Sat Nov 21 05:18:04 UTC 2026`, as `java.util.Date` prints itself.
pub fn java(milliseconds: f64) -> String {
    let [year, month, day, hour, minute, second, weekday] = civil(milliseconds);
    let (weekday, month) = (pick(WEEKDAYS, weekday), pick(MONTHS, month - 1));
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} UTC {year}")
}

/// `Sat, 21 Nov 2026 05:18:04 GMT`, as in HTTP (RFC 9110, 5.6.7).
pub fn http(milliseconds: f64) -> String {
    let [year, month, day, hour, minute, second, weekday] = civil(milliseconds);
    let (weekday, month) = (pick(WEEKDAYS, weekday), pick(MONTHS, month - 1));
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

const WEEKDAYS: &str = "Thu Fri Sat Sun Mon Tue Wed";
const MONTHS: &str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

fn pick(names: &'static str, at: i64) -> &'static str {
    names.split(' ').nth(at as usize).unwrap_or("")
}

/// `2026-11-21T05:18:04Z`
pub fn iso(milliseconds: f64) -> String {
    let [year, month, day, hour, minute, second, _] = civil(milliseconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `2026-11-21T05:18:04.123Z`
pub fn iso_milliseconds(milliseconds: f64) -> String {
    let seconds = iso(milliseconds);
    let fraction = milliseconds.rem_euclid(1000.0) as u32;
    format!("{}.{fraction:03}Z", seconds.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(java(0.0), "Thu Jan 01 00:00:00 UTC 1970");
        assert_eq!(java(1_795_238_284_999.0), "Sat Nov 21 05:18:04 UTC 2026");
        assert_eq!(http(1_795_238_284_999.0), "Sat, 21 Nov 2026 05:18:04 GMT");
        assert_eq!(iso(951_782_400_000.0), "2000-02-29T00:00:00Z");
        assert_eq!(iso_milliseconds(951_782_400_007.9), "2000-02-29T00:00:00.007Z");
    }
}
