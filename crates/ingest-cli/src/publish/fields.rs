//! Operations on the JSON fields of records.

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// Fields by name.
pub type Fields = Map<String, Value>;

/// Parses the fields of a stored record. The error names the key.
pub fn fields(key: &str, record: &[u8]) -> Result<Fields> {
    serde_json::from_slice(record).with_context(|| format!("{key}: repair or delete it"))
}

/// Removes from `fields` those that still have the value of any of the `published` ones. Returns
/// whether any was removed.
pub fn remove_values(fields: &mut Fields, published: &[Fields]) -> bool {
    let mut removed = false;
    for published in published {
        removed |= remove_values_of(fields, published);
    }
    removed
}

/// Removes from `fields` those that still have the `published` value. Returns whether any was
/// removed.
fn remove_values_of(fields: &mut Fields, published: &Fields) -> bool {
    // Ingest owns the size and the type of an ingested asset.
    let is_ingested = fields.contains_key("original");
    let mut removed = false;
    for (name, value) in published {
        let is_ingests = matches!(name.as_str(), "width" | "height" | "svg");
        match (fields.get_mut(name), value) {
            (Some(Value::Object(inner)), Value::Object(published)) => {
                removed |= remove_values_of(inner, published);
                if inner.is_empty() {
                    fields.remove(name);
                }
            }
            (Some(stored), _) if stored == value && !(is_ingested && is_ingests) => {
                fields.remove(name);
                removed = true;
            }
            (Some(_) | None, _) => {}
        }
    }
    removed
}

/// The fields of `before` that `now` does not have. Compares the fields within `content`, too.
pub fn removed_fields(before: &Fields, now: &Fields) -> Fields {
    let left = |(name, value): (&String, &Value)| {
        let left = match (value, now.get(name)) {
            (Value::Object(before), Some(Value::Object(now))) if name == "content" => {
                Value::Object(removed_fields(before, now))
            }
            (_, Some(_)) => return None,
            (value, None) => value.clone(),
        };
        (left != Value::Object(Fields::new())).then(|| (name.clone(), left))
    };
    before.iter().filter_map(left).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn after(fields: Value, published: Value) -> Value {
        let (Value::Object(mut fields), Value::Object(published)) = (fields, published) else {
            panic!("two objects")
        };
        remove_values_of(&mut fields, &published);
        fields.into()
    }

    #[test]
    fn fields_that_were_changed_since_stay() {
        let published = json!({"modifier": "qlt=33", "userData": {"a": "1", "b": "2"}});
        let edited = json!({"modifier": "qlt=50", "userData": {"a": "1", "b": "3", "c": "4"}});
        let left = json!({"modifier": "qlt=50", "userData": {"b": "3", "c": "4"}});
        assert_eq!(after(edited, published.clone()), left);
        assert_eq!(after(published.clone(), published), json!({}));
    }

    #[test]
    fn removed_fields_are_found_within_content_too() {
        let before = json!({"modifier": "a", "userData": {"a": "1"}, "content": {"path": "p", "userType": "t"}});
        let now = json!({"userData": {"b": "1"}, "content": {"path": "q"}});
        let (Value::Object(before), Value::Object(now)) = (before, now) else { panic!("objects") };
        let left = json!({"modifier": "a", "content": {"userType": "t"}});
        assert_eq!(Value::Object(removed_fields(&before, &now)), left);
        assert_eq!(removed_fields(&before, &before), Fields::new());
    }

    #[test]
    fn the_size_of_an_ingested_pyramid_stays() {
        let published = json!({"width": 9, "height": 9});
        assert_eq!(
            after(json!({"width": 9, "height": 8}), published.clone()),
            json!({"height": 8})
        );
        let ingested = json!({"width": 9, "height": 9, "original": {}});
        assert_eq!(after(ingested.clone(), published), ingested);
    }
}
