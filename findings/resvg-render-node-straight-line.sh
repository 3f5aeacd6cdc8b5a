#!/usr/bin/env bash
# resvg's render_node draws nothing for a stroked line that is exactly horizontal or vertical.
#
# Versions:  resvg 0.49.0 (crates.io).
# Input:     an SVG with three stroked lines: horizontal, vertical, and one that rises by 1.
# Behaviour: render() draws all three. render_node() returns None and draws nothing for the first two,
#            although their stroke is 4 pixels thick; the third is drawn. The bounding box that it asks
#            for is that of the path without its stroke, and one without an area counts as none. The
#            documentation says that None means "a zero size", and a comment in usvg that a path
#            without a stroke can have none.
# Source:    https://docs.rs/resvg/0.49.0/resvg/fn.render_node.html
# Seen:      the four lines at the end of this script.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "lines"
version = "0.0.0"
edition = "2021"

[dependencies]
resvg = { version = "=0.49.0", default-features = false }
TOML
cat > src/main.rs <<'RS'
use resvg::{tiny_skia::{Pixmap, Transform}, usvg::{Options, Tree}};

fn inked(pixmap: &Pixmap) -> usize {
    pixmap.pixels().iter().filter(|pixel| pixel.alpha() > 0).count()
}

fn main() {
    let lines = [("horizontal", "10,20 50,20"), ("vertical", "20,10 20,50"), ("rising", "10,20 50,21")];
    let mut all = 0;
    for (name, points) in lines {
        let text = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='60'>\
             <polyline points='{points}' stroke='black' stroke-width='4'/></svg>"
        );
        let tree = Tree::from_str(&text, &Options::default()).unwrap();
        let mut whole = Pixmap::new(60, 60).unwrap();
        resvg::render(&tree, Transform::default(), &mut whole.as_mut());
        all += usize::from(inked(&whole) > 100);
        let mut single = Pixmap::new(60, 60).unwrap();
        let node = &tree.root().children()[0];
        let done = resvg::render_node(node, Transform::default(), &mut single.as_mut());
        println!("{name}: render_node {}, any pixels: {}", if done.is_some() { "Some" } else { "None" }, inked(&single) > 0);
    }
    println!("render draws {all} of 3");
}
RS
cargo run --quiet | tee seen.txt
expected="horizontal: render_node None, any pixels: false
vertical: render_node None, any pixels: false
rising: render_node Some, any pixels: true
render draws 3 of 3"
if [ "$(cat seen.txt)" != "$expected" ]; then
    echo "the behaviour has changed; expected:" >&2
    echo "$expected" >&2
    exit 1
fi
