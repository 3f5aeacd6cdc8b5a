//! The examples of the rule set reference, and malicious rules.

use super::*;

fn rule(expression: &str, substitution: &str) -> Rule {
    Rule {
        expression: expression.into(),
        substitution: Some(substitution.into()),
        ..Rule::default()
    }
}

fn applied(rules: &[Rule], request: &str) -> Applied {
    RuleSet::new(rules).unwrap().apply("is", request).unwrap()
}

fn rewritten(rules: &[Rule], request: &str) -> String {
    applied(rules, request).request
}

/// Example A of c-rule-set-reference.
#[test]
fn a_suffix_becomes_modifiers() {
    let rules = [rule("(?i)_hg$", r"\?&qlt=95,1&resmode=bicub")];
    assert_eq!(rewritten(&rules, "cat/shoe_HG"), "cat/shoe?&qlt=95,1&resmode=bicub");
    assert_eq!(rewritten(&rules, "cat/shoe"), "cat/shoe");
}

/// Example B.
#[test]
fn captured_parts_are_put_in_place() {
    let rules = [rule("([^/]+)/(small|medium|large)$", "$2Template?src=sample/$1")];
    let rewritten = rewritten(&rules, "myCat/myImage/small");
    assert_eq!(rewritten, "myCat/smallTemplate?src=sample/myImage");
}

#[test]
fn an_absent_expression_matches_all_and_appends() {
    assert_eq!(rewritten(&[rule("", "&qlt=50")], "a/b?wid=1"), "a/b?wid=1&qlt=50");
}

#[test]
fn an_empty_substitution_removes_and_none_leaves_alone() {
    assert_eq!(rewritten(&[rule(r"\.jpg", "")], "a/b.jpg?wid=1"), "a/b?wid=1");
    let none = Rule { substitution: None, ..rule("b", "") };
    assert_eq!(rewritten(&[none], "a/b"), "a/b");
}

#[test]
fn groups_without_a_reference_replace_the_first_group() {
    assert_eq!(rewritten(&[rule("wid=([0-9]+)", "900")], "a/b?wid=1&hei=1"), "a/b?wid=900&hei=1");
}

#[test]
fn replace_is_first_or_all() {
    let first = rule("x", "y");
    let all = Rule { replace_all: true, ..first.clone() };
    assert_eq!(rewritten(&[first], "x/x?x"), "y/x?x");
    assert_eq!(rewritten(&[all], "x/x?x"), "y/y?y");
}

#[test]
fn on_match_breaks_continues_or_refuses() {
    let go_on = Rule { on_match: OnMatch::Continue, ..rule("a", "b") };
    assert_eq!(rewritten(&[go_on.clone(), rule("b", "c")], "a/x"), "c/x");
    assert_eq!(rewritten(&[rule("a", "b"), rule("b", "c")], "a/x"), "b/x");
    let refuse = Rule { on_match: OnMatch::Error, name: "no".into(), ..rule("secret", "") };
    let error = RuleSet::new(&[refuse]).unwrap().apply("is", "a/secret").unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Forbidden, "request refused"));
}

#[test]
fn rules_are_for_their_types_only() {
    let of = |types: &[&str]| Rule {
        types: types.iter().map(|t| (*t).to_owned()).collect(),
        ..rule("a", "b")
    };
    let apply =
        |rule: Rule, kind| RuleSet::new(&[rule]).unwrap().apply(kind, "a/x").unwrap().request;
    assert_eq!(apply(of(&[]), "is"), "b/x");
    assert_eq!(apply(of(&[]), "static"), "a/x");
    assert_eq!(apply(of(&["is", "static"]), "static"), "b/x");
    assert_eq!(apply(of(&["ir"]), "is"), "a/x");
}

#[test]
fn attributes_filters_and_headers_of_all_matches_come_in_order() {
    let one = Rule {
        on_match: OnMatch::Continue,
        substitution: None,
        attributes: [("MaxPix".to_owned(), "10,10".to_owned())].into(),
        address_filter: Some("10.0.0.0/8".into()),
        ..rule("a", "")
    };
    let mut two = one.clone();
    two.attributes.insert("MaxPix".into(), "20,20".into());
    two.address_filter = Some(String::new());
    let applied = applied(&[one, two], "a/x");
    assert_eq!(applied.attributes.last().unwrap().1, "20,20");
    assert!(applied.addresses.unwrap().allows(None));
}

#[test]
fn an_expression_that_cannot_be_compiled_names_its_rule() {
    for bad in ["(", "(?=x)", r"(a)\1", "a{99999}"] {
        let error = RuleSet::new(&[rule(bad, "")]).unwrap_err();
        assert!(error.message.starts_with("rule 1: "), "{error}");
    }
}

/// A backtracking matcher would practically never finish.
#[test]
fn catastrophic_expressions_end() {
    let long = format!("cat/{}!", "a".repeat(limits::REQUEST_BYTES - 8));
    for expression in ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*)*x(.*)*y"] {
        assert_eq!(rewritten(&[rule(expression, "z")], &long), long, "{expression}");
    }
    let error = RuleSet::new(&[rule("((a{1,100}){1,100}){1,100}", "")]).unwrap_err();
    assert!(error.message.starts_with("rule 1: "), "{error}");
}

#[test]
fn rules_cannot_grow_a_request_without_end() {
    let double = Rule { replace_all: true, on_match: OnMatch::Continue, ..rule("x", "xxxxxxxx") };
    let rules = vec![double; 10];
    let error = RuleSet::new(&rules).unwrap().apply("is", "x/x").unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    let many = vec![rule("a", "b"); limits::RULES + 1];
    assert_eq!(RuleSet::new(&many).unwrap_err().kind, ErrorKind::TooLarge);
    let long = rule(&"a".repeat(limits::EXPRESSION_BYTES + 1), "");
    assert_eq!(RuleSet::new(&[long]).unwrap_err().kind, ErrorKind::TooLarge);
}
