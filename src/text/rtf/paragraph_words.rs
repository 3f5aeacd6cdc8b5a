//! The words that change the format of paragraphs (r-paragraph-formatting).

use super::{
    group::ParagraphState,
    words::{Action, Word, both, text_ps},
};
use crate::{
    limits,
    text::{Alignment, TabAlign, TabStop},
};

pub const WORDS: &[Word] = &[
    text_ps("pard", Action::Pard),
    both("ql", Action::Paragraphs(|to, _| set(&mut to.format.alignment, Alignment::Left))),
    both("qr", Action::Paragraphs(|to, _| set(&mut to.format.alignment, Alignment::Right))),
    both("qc", Action::Paragraphs(|to, _| set(&mut to.format.alignment, Alignment::Center))),
    text_ps("qj", Action::Paragraphs(|to, _| set(&mut to.format.alignment, Alignment::Justify))),
    text_ps("lastql", Action::Paragraphs(|to, _| set(&mut to.format.last_line, Alignment::Left))),
    text_ps("lastqr", Action::Paragraphs(|to, _| set(&mut to.format.last_line, Alignment::Right))),
    text_ps("lastqc", Action::Paragraphs(|to, _| set(&mut to.format.last_line, Alignment::Center))),
    text_ps(
        "lastqj",
        Action::Paragraphs(|to, _| set(&mut to.format.last_line, Alignment::Justify)),
    ),
    text_ps("fi", Action::Paragraphs(|to, twips| set(&mut to.format.first_line, twips))),
    text_ps("li", Action::Paragraphs(|to, twips| set(&mut to.format.left, twips))),
    text_ps("ri", Action::Paragraphs(|to, twips| set(&mut to.format.right, twips))),
    both("sb", Action::Paragraphs(|to, twips| set(&mut to.format.space_before, twips))),
    both("sa", Action::Paragraphs(|to, twips| set(&mut to.format.space_after, twips))),
    both("sl", Action::Paragraphs(|to, number| to.set_spacing(number))),
    both("slmult", Action::Paragraphs(|to, number| to.set_multiple(number == 1))),
    // Tab stops are of RTF, not of the reference.
    both("tx", Action::Paragraphs(tab_stop)),
    both("tqr", Action::Paragraphs(|to, _| set(&mut to.tab, TabAlign::Right))),
    both("tqc", Action::Paragraphs(|to, _| set(&mut to.tab, TabAlign::Center))),
    both("tqdec", Action::Paragraphs(|to, _| set(&mut to.tab, TabAlign::Decimal))),
];

fn set<T>(to: &mut T, value: T) -> bool {
    *to = value;
    true
}

/// Adds a tab stop in its place. A later one replaces an earlier one at its position.
fn tab_stop(to: &mut ParagraphState, position: i32) -> bool {
    let stop = TabStop { position, align: std::mem::take(&mut to.tab) };
    let tabs = &mut to.format.tabs;
    match tabs.binary_search_by_key(&position, |tab| tab.position) {
        Ok(place) => {
            tabs.splice(place..=place, [stop]);
        }
        Err(place) if position >= 0 && tabs.len() < limits::TAB_STOPS => tabs.insert(place, stop),
        Err(_) => return false,
    }
    true
}
