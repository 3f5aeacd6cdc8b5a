//! Which settings of the example a configuration lacks.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// The table of variables. An environment does not inherit it.
const VARIABLES: &str = "vars";

/// The dotted keys of `example`, and the items of its lists, that `own` lacks. Its environments inherit neither variables nor
/// bindings, so they need those of `example` and of the top of `own`. A key in a comment of `text`, as in
/// `# cpu_ms = 5000` or `# [[env.test.kv_namespaces]]`, is not reported.
pub fn keys(text: &str, own: &Table, example: &Table) -> BTreeSet<String> {
    let commented = commented(text);
    let mut lacking = BTreeSet::new();
    compare("", own, example, &commented, &mut lacking);
    let environments = own.get("env").and_then(Value::as_table);
    for (name, environment) in environments.into_iter().flatten() {
        let Some(environment) = environment.as_table() else { continue };
        for (key, value) in example.into_iter().chain(own) {
            if key != VARIABLES && !is_bindings(value) {
                continue;
            }
            let whole = format!("env.{name}.{key}");
            match (environment.get(key), value) {
                (Some(Value::Table(own)), Value::Table(wanted)) => {
                    compare(&format!("{whole}."), own, wanted, &commented, &mut lacking);
                }
                (Some(_), _) => {}
                (None, _) if commented.contains(whole.as_str()) => {}
                (None, _) => drop(lacking.insert(whole)),
            }
        }
    }
    lacking
}

fn compare(
    prefix: &str,
    own: &Table,
    example: &Table,
    commented: &BTreeSet<&str>,
    lacking: &mut BTreeSet<String>,
) {
    for (key, value) in example {
        match (own.get(key), value) {
            (Some(Value::Table(own)), Value::Table(example)) => {
                compare(&format!("{prefix}{key}."), own, example, commented, lacking);
            }
            (_, _) if commented.contains(key.as_str()) => {}
            (Some(Value::Array(own)), Value::Array(example)) if !is_bindings(value) => {
                let items = example.iter().filter(|item| !own.contains(item));
                lacking.extend(items.map(|item| format!("{item} in {prefix}{key}")));
            }
            (Some(_), _) => {}
            // All keys of a table may be in comments, with its name or without.
            (None, Value::Table(table))
                if table.keys().all(|key| commented.contains(key.as_str())) => {}
            (None, _) => drop(lacking.insert(format!("{prefix}{key}"))),
        }
    }
}

/// The keys and tables that stand in comments.
fn commented(text: &str) -> BTreeSet<&str> {
    let comments = text.lines().filter_map(|line| line.trim_start().strip_prefix('#'));
    comments
        .filter_map(|line| {
            let line = line.trim();
            let table = line.strip_prefix('[').map(|line| line.trim_start_matches('['));
            match table {
                Some(table) => Some(table.split_once(']')?.0.trim()),
                None => Some(line.split_once('=')?.0.trim()),
            }
        })
        .collect()
}

/// Whether a value is a list of bindings, such as buckets.
fn is_bindings(value: &Value) -> bool {
    let named = |binding: &Value| binding.get("binding").is_some();
    value.as_array().is_some_and(|all| all.iter().any(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "name = 'a'\nflags = ['x']\n[limits]\ncpu_ms = 5000\n[vars]\nA = ''\nB = ''\n\
        [[r2_buckets]]\nbinding = 'ASSETS'\n";

    fn lacking(own: &str) -> Vec<String> {
        keys(own, &own.parse().unwrap(), &EXAMPLE.parse().unwrap()).into_iter().collect()
    }

    #[test]
    fn missing_names_keys_within_tables() {
        assert_eq!(lacking(EXAMPLE), Vec::<String>::new());
        let own = "name = 'mine'\n[limits]\n[vars]\nA = 'x'\n[[r2_buckets]]\n";
        assert_eq!(lacking(own), ["flags", "limits.cpu_ms", "vars.B"]);
        assert_eq!(lacking("[vars]\nA=''\nB=''\n"), ["flags", "limits", "name", "r2_buckets"]);
    }

    #[test]
    fn missing_names_the_items_of_a_list() {
        let own = EXAMPLE.replace("['x']", "['y']");
        assert_eq!(lacking(&own), ["\"x\" in flags"]);
        assert_eq!(lacking(&own.replace("flags", "# flags = ['x']\nflags")), Vec::<String>::new());
    }

    #[test]
    fn missing_accepts_a_key_in_a_comment() {
        let own = "name = 'mine'\n# flags = []\n# [limits]\n#cpu_ms = 1\n[vars]\nA = ''\n# B = 'x'\n\
            [[r2_buckets]]\n";
        assert_eq!(lacking(own), Vec::<String>::new());
    }

    #[test]
    fn missing_asks_environments_for_what_they_do_not_inherit() {
        let own = format!("{EXAMPLE}[env.live.vars]\nA = 'x'\n[env.test]\nname = 'b'\n");
        let wanted =
            ["env.live.r2_buckets", "env.live.vars.B", "env.test.r2_buckets", "env.test.vars"];
        assert_eq!(lacking(&own), wanted);
    }

    #[test]
    fn missing_asks_environments_for_what_the_top_has_besides() {
        let own = "name = 'a'\nflags = ['x']\nroutes = [{ pattern = 'a.example' }]\n[limits]\ncpu_ms = 1\n\
            [vars]\nA = ''\nB = ''\nMINE = ''\n[[r2_buckets]]\nbinding = 'ASSETS'\n\
            [[analytics_engine_datasets]]\nbinding = 'ANALYTICS'\n[env.live.vars]\nA = ''\nB = ''\n\
            [[env.live.r2_buckets]]\nbinding = 'ASSETS'\n";
        assert_eq!(lacking(own), ["env.live.analytics_engine_datasets", "env.live.vars.MINE"]);
        let refused = format!("{own}# MINE = 'x'\n# [[env.live.analytics_engine_datasets]]\n");
        assert_eq!(lacking(&refused), Vec::<String>::new());
    }
}
