//! The fields of a record, as its JSON has them.

use serde_json::{Map, Value};

/// By name.
pub type Fields = Map<String, Value>;

/// Takes out of `fields` what still has the value in `said`; true when there was any of it.
pub fn subtract(fields: &mut Fields, said: &Fields) -> bool {
    // The size of a pyramid is ingest's to say.
    let ingested = fields.contains_key("original");
    let mut taken = false;
    for (name, value) in said {
        let sized = matches!(name.as_str(), "width" | "height");
        match (fields.get_mut(name), value) {
            (Some(Value::Object(inner)), Value::Object(said)) => {
                taken |= subtract(inner, said);
                if inner.is_empty() {
                    fields.remove(name);
                }
            }
            (Some(stored), _) if stored == value && !(ingested && sized) => {
                fields.remove(name);
                taken = true;
            }
            (Some(_) | None, _) => {}
        }
    }
    taken
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
    fn the_size_of_a_pyramid_stays() {
        let said = json!({"width": 9, "height": 9});
        assert_eq!(after(json!({"width": 9, "height": 8}), said.clone()), json!({"height": 8}));
        let ingested = json!({"width": 9, "height": 9, "original": {}});
        assert_eq!(after(ingested.clone(), said), ingested);
    }
}
