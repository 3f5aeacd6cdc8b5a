//! The names of environments, buckets and hosts, as the platform takes them.

/// Parses the name of an environment.
pub fn name(text: &str) -> Result<String, String> {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=40).contains(&text.len()) && text.chars().all(valid) && !text.starts_with('-') {
        Ok(text.to_owned())
    } else {
        Err("expected 1 to 40 lower-case letters, digits and hyphens, such as test or live".into())
    }
}

/// Parses the name of an R2 bucket.
pub fn bucket(text: &str) -> Result<String, String> {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let ends = !text.starts_with('-') && !text.ends_with('-');
    if (3..=63).contains(&text.len()) && text.chars().all(valid) && ends {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "{text:?} is no name of an R2 bucket: expected 3 to 63 lower-case letters, digits and hyphens, \
             with no hyphen at either end"
        ))
    }
}

/// Parses a name of a bucket in the cache.
pub fn namespace(text: &str) -> Result<String, String> {
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if (1..=100).contains(&text.len()) && text.chars().all(valid) {
        Ok(text.to_owned())
    } else {
        Err("expected 1 to 100 letters, digits, and - _ . /".into())
    }
}

/// Parses a host name.
pub fn domain(text: &str) -> Result<String, String> {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let label = |label: &str| (1..=63).contains(&label.len()) && label.chars().all(valid);
    if text.contains('.') && text.split('.').all(label) {
        Ok(text.to_owned())
    } else {
        Err("expected a host name in lower case, such as images.example.com".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_the_platform_takes() {
        assert!(
            name("live").is_ok()
                && name("").is_err()
                && name("Live").is_err()
                && name("a.b").is_err()
        );
        assert!(bucket("ab").is_err() && bucket("-abc").is_err() && bucket("shop_images").is_err());
        assert!(namespace("a\"b").is_err() && namespace("shop/live").is_ok());
        assert!(
            domain("localhost").is_err() && domain("a..b").is_err() && domain("a.example").is_ok()
        );
    }
}
