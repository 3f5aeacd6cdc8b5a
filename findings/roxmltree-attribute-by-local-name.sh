#!/usr/bin/env bash
# roxmltree's attribute("href") returns the value of xlink:href if that comes first.
#
# Versions:  roxmltree 0.21.2 (crates.io).
# Input:     an element with two attributes of the local name `href`, one of them in the namespace of
#            XLink, in both orders, as SVGs have them for old and new viewers.
# Behaviour: attribute("href") compares local names only, so it returns the value of whichever
#            attribute comes first. attribute(("", "href")) does not find the one without a namespace.
#            attribute((XLINK, "href")) finds its own in both orders. The documentation shows
#            attribute("a") beside n:a, in the order in which it returns the one without a namespace.
# Source:    https://docs.rs/roxmltree/0.21.2/roxmltree/struct.Node.html#method.attribute;
#            Namespaces in XML 1.0, section 5.3: the two are different attributes.
# Seen:      the three lines at the end of this script.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "attribute"
version = "0.0.0"
edition = "2021"

[dependencies]
roxmltree = "=0.21.2"
TOML
cat > src/main.rs <<'RS'
const XLINK: &str = "http://www.w3.org/1999/xlink";

fn main() {
    for attributes in ["href='new' x:href='old'", "x:href='old' href='new'"] {
        let text = format!("<use xmlns:x='{XLINK}' {attributes}/>");
        let document = roxmltree::Document::parse(&text).unwrap();
        let element = document.root_element();
        let [plain, xlink] = [element.attribute("href"), element.attribute((XLINK, "href"))];
        println!("{attributes}: plain {}, XLink {}", plain.unwrap(), xlink.unwrap());
    }
    let document = roxmltree::Document::parse("<use href='new'/>").unwrap();
    println!("empty namespace: {:?}", document.root_element().attribute(("", "href")));
}
RS
cargo run --quiet | tee seen.txt
expected="href='new' x:href='old': plain new, XLink old
x:href='old' href='new': plain old, XLink old
empty namespace: None"
if [ "$(cat seen.txt)" != "$expected" ]; then
    echo "the behaviour has changed; expected:" >&2
    echo "$expected" >&2
    exit 1
fi
