//! The fields of a record, as its JSON has them.

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// By name.
pub type Fields = Map<String, Value>;

/// Those of a stored record.
pub fn fields(key: &str, record: &[u8]) -> Result<Fields> {
    serde_json::from_slice(record).with_context(|| format!("{key}: repair or delete it"))
}

/// Takes out of `fields` what still has the value in any of `said`; true when there was any of it.
pub fn subtract_all(fields: &mut Fields, said: &[Fields]) -> bool {
    let mut taken = false;
    for said in said {
        taken |= subtract(fields, said);
    }
    taken
}

/// Takes out of `fields` what still has the value in `said`; true when there was any of it.
fn subtract(fields: &mut Fields, said: &Fields) -> bool {
    // The size of a pyramid is ingest's to say, and what it is made of.
    let ingested = fields.contains_key("original");
    let mut taken = false;
    for (name, value) in said {
        let its = matches!(name.as_str(), "width" | "height" | "svg");
        match (fields.get_mut(name), value) {
            (Some(Value::Object(inner)), Value::Object(said)) => {
                taken |= subtract(inner, said);
                if inner.is_empty() {
                    fields.remove(name);
                }
            }
            (Some(stored), _) if stored == value && !(ingested && its) => {
                fields.remove(name);
                taken = true;
            }
            (Some(_) | None, _) => {}
        }
    }
    taken
}

/// The fields of `before` that `now` does not name; of static content, its own fields.
pub fn no_more(before: &Fields, now: &Fields) -> Fields {
    let left = |(name, value): (&String, &Value)| {
        let left = match (value, now.get(name)) {
            (Value::Object(before), Some(Value::Object(now))) if name == "content" => {
                Value::Object(no_more(before, now))
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

    fn after(fields: Value, said: Value) -> Value {
        let (Value::Object(mut fields), Value::Object(said)) = (fields, said) else {
            panic!("two objects")
        };
        subtract(&mut fields, &said);
        fields.into()
    }

    #[test]
    fn what_was_changed_since_stays() {
        let said = json!({"modifier": "qlt=33", "userData": {"a": "1", "b": "2"}});
        let edited = json!({"modifier": "qlt=50", "userData": {"a": "1", "b": "3", "c": "4"}});
        let left = json!({"modifier": "qlt=50", "userData": {"b": "3", "c": "4"}});
        assert_eq!(after(edited, said.clone()), left);
        assert_eq!(after(said.clone(), said), json!({}));
    }

    #[test]
    fn what_is_said_no_more_is_told_by_field_within_content_too() {
        let before = json!({"modifier": "a", "userData": {"a": "1"}, "content": {"path": "p", "userType": "t"}});
        let now = json!({"userData": {"b": "1"}, "content": {"path": "q"}});
        let (Value::Object(before), Value::Object(now)) = (before, now) else { panic!("objects") };
        let left = json!({"modifier": "a", "content": {"userType": "t"}});
        assert_eq!(Value::Object(no_more(&before, &now)), left);
        assert_eq!(no_more(&before, &before), Fields::new());
    }

    #[test]
    fn the_size_of_a_pyramid_stays() {
        let said = json!({"width": 9, "height": 9});
        assert_eq!(after(json!({"width": 9, "height": 8}), said.clone()), json!({"height": 8}));
        let ingested = json!({"width": 9, "height": 9, "original": {}});
        assert_eq!(after(ingested.clone(), said), ingested);
    }
}
