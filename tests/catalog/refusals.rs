//! What a catalog refuses of its own objects: rules in one spelling, error images, the default catalog.

use azulejo::{
    catalog::{Compiled, OnMatch, Rule, lock::lock_value},
    store::MemoryStore,
};

use super::{
    access::compiled,
    case::{fixture, get, text},
};

/// A store of one catalog, `R`, with rules and attributes.
fn with(attributes: &[(&str, &str)], rules: Vec<Rule>) -> MemoryStore {
    let store = MemoryStore::new();
    for id in ["a", "secret", "none-of-it"] {
        store.put(&format!("assets/R/{id}.tif"), fixture("chart"));
    }
    store.put(&Compiled::key("R"), compiled(attributes, rules).to_json().unwrap());
    store
}

fn refuse(expression: &str) -> Rule {
    Rule { expression: expression.into(), on_match: OnMatch::Error, ..Rule::default() }
}

#[test]
fn rules_see_one_spelling_of_an_object() {
    let store = with(&[], vec![refuse("^R/secret")]);
    for way in [
        "R/secret",
        "R/s%65cret",
        "R//secret",
        "R%2fsecret",
        "R%2Fsecret?wid=9",
        "%52/secret/",
        "R/%2Fsecret",
        "R/./secret",
        "R/../R/secret",
        "R/%2e/secret",
        "R/secret;a=1",
        "R/secret%3Fa",
        // Named by a command, of the catalog's own too.
        "R/a?src=R/secret",
        "R/a?src=secret",
        "R/a?src=s%65cret",
        "R/a?src=/R//secret",
        "R/a?template=secret",
        "R/none?defaultImage=secret",
        "R?src=secret",
        "R/a?$x=cret&src=se$x$",
        "?src=R/secret",
    ] {
        assert_eq!(get(&store, way, 0.0).status, 403, "{way}");
    }
    assert_eq!(get(&store, "R/a?wid=9", 0.0).status, 200);
    assert_eq!(get(&store, "R/Secret?req=exists", 0.0).status, 200, "ids are told apart by case");
    let accent = with(&[], vec![refuse("^R/%C3%A9")]);
    let plain = with(&[], vec![refuse("^R/é")]);
    for way in ["R/é", "R/e\u{301}", "R/e%CC%81", "R/%c3%a9", "R/%C3%A9"] {
        for store in [&accent, &plain] {
            assert!(text(&get(store, way, 0.0)).contains("request refused"), "{way}");
        }
    }
}

#[test]
fn rules_see_one_spelling_of_modifiers() {
    for (expression, ways) in [
        (
            "[?&]fmt=png",
            &["fmt=png", "FMT=png", "f%6Dt=png", "fmt=p%6eg", "amp;fmt=png", "wid=9&%66mt=png"][..],
        ),
        ("resMode=bicub", &["resmode=bicub", "RESMODE=bicub", "resMode=bi%63ub"]),
        (r"\$big\$", &["$big$", "%24big%24", "$BIG$", "$big$="]),
        (r"qlt=80,0", &["qlt=80,0", "qlt=80%2C0", "qlt=80%2c0"]),
        (r"src=is\{", &["src=is{R/a}", "src=is%7BR/a%7D", "src=IS{R/a}"]),
        ("^R/[?]", &["R?wid=9", "R/?wid=9"]),
    ] {
        let store = with(&[], vec![refuse(expression)]);
        for way in ways {
            let way = if way.starts_with("R?") || way.starts_with("R/") {
                (*way).to_owned()
            } else {
                format!("R/a?{way}")
            };
            assert!(
                text(&get(&store, &way, 0.0)).contains("request refused"),
                "{expression}: {way}"
            );
        }
        assert_eq!(get(&store, "R/a?wid=9&$label=a%26fmt=png", 0.0).status, 200, "{expression}");
    }
    // What parts a text stays as it was sent: no value forges a request that a rule lets through.
    let only = Rule { expression: r"^R/a\?wid=9$".into(), ..Rule::default() };
    let store = with(&[], vec![only, refuse("")]);
    assert_eq!(get(&store, "R/a?wid=9", 0.0).status, 200);
    for way in
        ["R/a?wid=8", "R/a%3Fwid=9", "R/a?$x=1%26wid=9", "R/a?wid=9&hei=9", "R/none-of-it?wid=9"]
    {
        assert_eq!(get(&store, way, 0.0).status, 403, "{way}");
    }
}

/// The lock is about what was sent: rules that leave the modifiers alone leave the lock right.
#[test]
fn a_lock_applies_after_rules_that_rewrite_the_request() {
    let far =
        Rule { expression: "^R/b".into(), substitution: Some("R/a".into()), ..Rule::default() };
    let store = with(&[("RequestLock", "1")], vec![far]);
    let query = "wid=9&$n=a%7Eb";
    let locked = format!("{query}&{:04x}", lock_value(query));
    for path in ["R/a", "R/b", "R//%62"] {
        assert_eq!(get(&store, &format!("{path}?{locked}"), 0.0).status, 200, "{path}");
        assert_eq!(get(&store, &format!("{path}?{}", locked.replace("=9", "=8")), 0.0).status, 403);
    }
}

/// A rule's own words are its catalog's; what it captured is the client's.
#[test]
fn captured_text_is_checked_against_the_rules() {
    let of = |substitution: &str| Rule {
        expression: if substitution.contains('$') { "^R/([^/]+)/small$" } else { "^R/a/small$" }
            .into(),
        substitution: Some(substitution.into()),
        ..Rule::default()
    };
    let captures = with(&[], vec![of("R/card?src=R/$1"), refuse("^R/secret")]);
    assert_eq!(get(&captures, "R/a/small", 0.0).status, 200);
    assert_eq!(get(&captures, "R/secret/small", 0.0).status, 403);
    let written = with(&[], vec![of("R/a?src=secret"), refuse("^R/secret")]);
    assert_eq!(get(&written, "R/a/small", 0.0).status, 200);
    assert_eq!(get(&written, "R/a?src=secret", 0.0).status, 403);
    let trusting = [("TrustedCatalogs", "R")];
    let itself = with(&trusting, vec![of("R/card?src=R/$1"), refuse("^R/secret")]);
    assert_eq!(
        get(&itself, "R/secret/small", 0.0).status,
        200,
        "a catalog may trust its own requests"
    );
}

/// A rule set that lists what it lets through keeps its own default image, templates and sets.
#[test]
fn names_in_the_catalog_are_not_checked_against_its_rules() {
    let listed =
        || Rule { expression: r"^R/[a-z]+(\?(\$card\$|req=set))?$".into(), ..Rule::default() };
    let store = with(
        &[("DefaultImage", "secret-1"), ("ErrorImage", "secret-1")],
        vec![listed(), refuse("")],
    );
    let mut catalog = compiled(&[("DefaultImage", "secret-1")], vec![listed(), refuse("")]);
    catalog.macros.push(("card".into(), "template=secret-2".into()));
    store.put(&Compiled::key("R"), catalog.to_json().unwrap());
    store.put("assets/R/secret-1.tif", fixture("tulips"));
    store.put("records/R/secret-1.json", br#"{"width":7,"height":8}"#.to_vec());
    store.put("records/R/secret-2.json", br#"{"path":"","modifier":"src=$object$"}"#.to_vec());
    store.put("records/R/drawn.json", br#"{"path":"","modifier":"src=secret-1"}"#.to_vec());
    store.put("records/R/set.json", br#"{"imageSet":"R/secret-1"}"#.to_vec());
    for way in ["R/gone", "R/a?$card$", "R/drawn"] {
        let reply = get(&store, way, 0.0);
        assert_eq!(reply.status, 200, "{way}: {}", text(&reply));
    }
    assert!(text(&get(&store, "R/set?req=set", 0.0)).contains("dx=\"7\""));
    for way in ["R/secret-1", "R/a?src=secret-1", "R/a?template=secret-2"] {
        assert_eq!(get(&store, way, 0.0).status, 403, "{way}");
    }
}

/// The picture of an error is an object, too: the catalog that refuses a client shows it none of its own.
#[test]
fn an_error_image_is_judged_as_well() {
    let filter = ("ClientAddressFilter", "10.0.0.0/8");
    assert_eq!(get(&with(&[filter, ("ErrorImage", "R/a")], vec![]), "R/x", 0.0).status, 403);
    let elsewhere = with(&[filter, ("ErrorImage", "Other/a")], vec![]);
    elsewhere.put("assets/Other/a.tif", fixture("chart"));
    assert_eq!(get(&elsewhere, "R/x", 0.0).status, 200, "it lies in a catalog that is open");
    elsewhere.put(&Compiled::key("Other"), compiled(&[filter], vec![]).to_json().unwrap());
    elsewhere.put("records/Other/a.json", b"{}".to_vec());
    assert_eq!(get(&elsewhere, "R/x", 61.0).status, 403);
    let locked = with(&[("RequestLock", "1"), ("ErrorImage", "R/a")], vec![refuse("^R/secret")]);
    assert_eq!(
        get(&locked, "R/x?wid=9", 0.0).status,
        200,
        "no lock is asked of what the catalog names"
    );
}

/// Objects of the default catalog are asked of its filter, though a catalog before it is open.
#[test]
fn the_default_catalog_refuses_as_any_other() {
    let store = with(&[("ClientAddressFilter", "0.0.0.0/0")], vec![]);
    store.put("assets/default/logo.tif", fixture("chart"));
    store.put("assets/Free/logo.tif", fixture("chart"));
    let bare = [("ClientAddressFilter", "0.0.0.0/0"), ("RootPath", "")];
    store.put("catalogs/Bare.json", compiled(&bare, vec![]).to_json().unwrap());
    store.put("records/Bare/to-logo.json", br#"{"path":"default/logo"}"#.to_vec());
    let ways = [
        "R/a?src=/logo",
        "R/logo",
        "R/a?src=default/logo",
        "R/a?src=Free/logo",
        "R/none?defaultImage=logo",
        "Bare/default/logo",
        "Bare/to-logo",
    ];
    for (more, status) in [(None, 403), (Some(("TrustedCatalogs", "R, Bare")), 200)] {
        let filter = ("ClientAddressFilter", "10.0.0.0/8");
        let attributes: Vec<_> = std::iter::once(filter).chain(more).collect();
        store.put(&Compiled::key("default"), compiled(&attributes, vec![]).to_json().unwrap());
        store.put(
            "catalogs/S.json",
            compiled(&[("ClientAddressFilter", "0.0.0.0/0")], vec![]).to_json().unwrap(),
        );
        let now = if more.is_some() { 100.0 } else { 0.0 };
        for way in ways {
            assert_eq!(
                get(
                    &store,
                    &format!("{way}{}wid=9", if way.contains('?') { '&' } else { '?' }),
                    now
                )
                .status,
                status,
                "{way}"
            );
        }
        assert_eq!(
            get(&store, "S/a?src=R/a", now).status,
            200,
            "no catalog inherits whom another trusts"
        );
        assert_eq!(get(&store, "S/a?src=/logo", now).status, 403);
    }
}

#[test]
fn a_record_hides_an_unpublished_file_of_its_own_catalog() {
    let store = with(&[], vec![]);
    store.put("records/R/secret.json", br#"{"published":false}"#.to_vec());
    store.put("records/R/shown.json", br#"{"path":"secret.tif"}"#.to_vec());
    store.put("records/R/odd.json", br#"{"path":".//secret.tif"}"#.to_vec());
    store.put("records/R/twice.json", br#"{"path":"/secret//.tif"}"#.to_vec());
    for way in ["R/shown", "R/odd", "R/twice", "R/a?src=shown", "R/shown?req=imageprops"] {
        assert_eq!(get(&store, way, 0.0).status, 403, "{way}");
    }
}
