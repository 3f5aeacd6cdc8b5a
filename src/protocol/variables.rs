//! Substitution variables: all definitions are collected, then used once (decisions C8, C9).

use std::collections::HashMap;

use super::lexer::{Token, TokenKind};

/// Puts variables into the values of commands. Definitions count wherever they stand, the last
/// one wins, what they insert is not looked at again, and unknown ones stay as written.
pub fn substitute(tokens: Vec<Token>, object: &str) -> Vec<Token> {
    let mut values: HashMap<String, String> = HashMap::new();
    values.insert("object".to_owned(), object.to_owned());
    for token in &tokens {
        if let TokenKind::Variable { name, value } = &token.kind {
            values.insert(name.clone(), value.clone());
        }
    }
    tokens
        .into_iter()
        .filter(|token| !matches!(token.kind, TokenKind::Variable { .. }))
        .map(|mut token| {
            if let TokenKind::Command { value, .. } = &mut token.kind
                && value.contains('$')
            {
                *value = insert(value, &values);
            }
            token
        })
        .collect()
}

fn insert(value: &str, values: &HashMap<String, String>) -> String {
    let mut result = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, behind)) = rest.split_once('$') {
        result.push_str(before);
        let known = behind
            .split_once('$')
            .and_then(|(name, after)| Some((values.get(&name.to_ascii_lowercase())?, after)));
        match known {
            Some((inserted, after)) => {
                result.push_str(inserted);
                rest = after;
            }
            None => {
                result.push('$');
                rest = behind;
            }
        }
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::tokens;

    fn value_of(query: &str, command: &str) -> String {
        let tokens = substitute(tokens(query, |_| false).unwrap(), "Shop/shoe");
        let values = tokens.into_iter().filter_map(|token| {
            let TokenKind::Command { name, value } = token.kind else { return None };
            (name == command).then_some(value)
        });
        values.reduce(|_, later| later).unwrap()
    }

    #[test]
    fn a_definition_behind_its_use_counts() {
        assert_eq!(value_of("wid=$w$&$w=300", "wid"), "300");
    }

    #[test]
    fn substitution_is_a_single_pass() {
        let query = "$var2=apple&$var1=my$var2$tree&text=$var1$";
        assert_eq!(value_of(query, "text"), "my$var2$tree");
    }

    #[test]
    fn an_unknown_variable_stays_as_written() {
        assert_eq!(value_of("text=a$x$b $", "text"), "a$x$b $");
    }

    #[test]
    fn the_object_is_predefined() {
        assert_eq!(value_of("text=$object$", "text"), "Shop/shoe");
    }
}
