//! Parses rule-set XML strictly: unknown elements and attributes are errors.

use azulejo::catalog::{OnMatch, RULE_ATTRIBUTES, Rule, RuleHeader, RuleSet};
use roxmltree::{Document, Node, ParsingOptions};

/// The maximum number of elements and texts of a rule set. Real ones have a few hundred.
const MAX_NODES: u32 = 20_000;

/// An error in a rule set.
#[derive(Debug)]
pub struct RuleError {
    /// Its line, counted from 1.
    pub line: usize,
    /// The message.
    pub message: String,
}

/// Parses a rule set.
pub fn parse(text: &str) -> Result<Vec<Rule>, RuleError> {
    // Without a DTD there are no entities to expand.
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..Default::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| RuleError {
        line: error.pos().row as usize,
        message: error.to_string(),
    })?;
    let at = |node: Node, message: String| RuleError {
        line: document.text_pos_at(node.range().start).row as usize,
        message,
    };
    let root = document.root_element();
    if root.tag_name().name() != "ruleset" {
        return Err(at(root, format!("<{}>: expected <ruleset>", root.tag_name().name())));
    }
    let mut rules = Vec::new();
    for node in root.children().filter(Node::is_element) {
        let rule = rule(node).map_err(|(node, message)| at(node, message))?;
        let label = rule.label(rules.len());
        RuleSet::new(std::slice::from_ref(&rule))
            .map_err(|error| at(node, format!("{label}: {}", error.message)))?;
        rules.push(rule);
    }
    RuleSet::new(&rules).map_err(|error| at(root, error.message))?;
    Ok(rules)
}

/// An error and its node.
type NodeError<'a> = (Node<'a, 'a>, String);

fn rule<'a>(node: Node<'a, 'a>) -> Result<Rule, NodeError<'a>> {
    let name = node.tag_name().name();
    if name != "rule" {
        return Err((node, format!("<{name}>: expected <rule>")));
    }
    let mut rule = Rule::default();
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        set(&mut rule, name, value)
            .map_err(|wanted| (node, format!("{name}={value}: {wanted}")))?;
    }
    for child in node.children().filter(Node::is_element) {
        let text: String = child.children().filter_map(|text| text.text()).collect();
        match child.tag_name().name() {
            "expression" => rule.expression = text,
            "substitution" => rule.substitution = Some(text),
            "addressfilter" => rule.address_filter = Some(text.trim().to_owned()),
            "header" => rule.headers.push(header(child, text)?),
            other => return Err((child, format!("<{other}>: no part of a rule"))),
        }
    }
    Ok(rule)
}

fn set(rule: &mut Rule, name: &str, value: &str) -> Result<(), String> {
    match name {
        "OnMatch" => {
            rule.on_match = match value {
                "break" => OnMatch::Break,
                "continue" => OnMatch::Continue,
                "error" => OnMatch::Error,
                _ => return Err("expected break, continue or error".into()),
            }
        }
        "Replace" => {
            rule.replace_all = match value {
                "first" => false,
                "all" => true,
                _ => return Err("expected first or all".into()),
            }
        }
        "RequestType" => {
            rule.types = value.split(',').map(|kind| kind.trim().to_owned()).collect();
            if rule.types.iter().any(|kind| !["is", "ir", "static"].contains(&kind.as_str())) {
                return Err("expected is, ir or static".into());
            }
        }
        "Name" => value.clone_into(&mut rule.name),
        _ if RULE_ATTRIBUTES.contains(&name) => {
            let mut scratch = azulejo::catalog::Attributes::default();
            scratch.set(name, value).map_err(|error| error.message)?;
            rule.attributes.insert(name.to_owned(), value.to_owned());
        }
        _ => return Err("no attribute of a rule".into()),
    }
    Ok(())
}

fn header<'a>(node: Node<'a, 'a>, value: String) -> Result<RuleHeader, NodeError<'a>> {
    let name = node.attribute("Name").unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err((node, "<header>: expected Name=".into()));
    }
    let add = match node.attribute("Action") {
        None | Some("set") => false,
        Some("add") => true,
        Some(other) => return Err((node, format!("Action={other}: expected set or add"))),
    };
    Ok(RuleHeader { name, value, add })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_reference() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <ruleset>
              <rule OnMatch="continue" Name="hg" MaxPix="10,10">
                <expression>(?i)_hg$</expression>
                <substitution>\?&amp;qlt=95,1&amp;resmode=bicub</substitution>
              </rule>
              <rule RequestType="is,static" Replace="all">
                <expression><![CDATA[&fmt=custom]]></expression>
                <addressfilter>10.0.0.0/8</addressfilter>
                <header Name="Edge-Control">$Edge-Control$</header>
              </rule>
            </ruleset>"#;
        let rules = parse(text).unwrap();
        assert_eq!(rules[0].substitution.as_deref(), Some(r"\?&qlt=95,1&resmode=bicub"));
        assert_eq!(
            (rules[0].on_match, rules[0].attributes["MaxPix"].as_str()),
            (OnMatch::Continue, "10,10")
        );
        assert_eq!((rules[1].expression.as_str(), rules[1].replace_all), ("&fmt=custom", true));
        assert_eq!(rules[1].types, ["is", "static"]);
        assert_eq!(
            (rules[1].headers[0].name.as_str(), rules[1].headers[0].add),
            ("Edge-Control", false)
        );
        assert_eq!(rules[1].substitution, None);
    }

    #[test]
    fn errors_have_their_line() {
        for (line, body) in [
            (2, "<rules/>"),
            (2, "<rule Colour='red'/>"),
            (2, "<rule OnMatch='stop'/>"),
            (2, "<rule MaxPix='big'/>"),
            (3, "<rule>\n<pathrule/></rule>"),
            (2, "<rule><expression>(</expression></rule>"),
            (2, "<rule><addressfilter>here</addressfilter></rule>"),
            (2, "<rule><header>x</header></rule>"),
        ] {
            let error = parse(&format!("<ruleset>\n{body}</ruleset>")).unwrap_err();
            assert_eq!(error.line, line, "{body}: {error:?}");
        }
    }

    #[test]
    fn entities_and_too_many_elements_are_refused() {
        let bomb = "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><ruleset>&b;</ruleset>";
        assert!(parse(bomb).is_err());
        let many = format!("<ruleset>{}</ruleset>", "<rule/>".repeat(30_000));
        assert!(parse(&many).is_err());
    }
}
