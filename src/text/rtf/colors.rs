//! The colour tables of RTF (r-color-handling).

use crate::color::{Color, Components};

/// The kinds of colour tables, in the order in which an index is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `\*\iscolortbl`: colours as the protocol spells them.
    ImageServing,
    /// `\colortbl`
    Rgb,
    /// `\cmykcolortbl`
    Cmyk,
}

/// A component of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Red,
    Green,
    Blue,
    Cyan,
    Magenta,
    Yellow,
    Black,
}

/// The colour tables of a text, and the entry that is being read.
#[derive(Debug, Clone, Default)]
pub struct Colors {
    /// The entries of each table. An empty one has no colour.
    tables: [Vec<Option<Color>>; 3],
    /// The components of the entry; `None` where it has none yet.
    channels: Option<[u8; 4]>,
    /// The text of the entry.
    text: String,
}

impl Colors {
    /// Begins a table. It replaces an earlier one of its kind.
    pub fn begin(&mut self, table: Table) {
        self.tables[table as usize].clear();
        self.discard();
    }

    /// Sets a component of the entry, which is `full` at most.
    pub fn set(&mut self, channel: Channel, number: i32, full: i32) {
        let place = match channel {
            Channel::Red | Channel::Cyan => 0,
            Channel::Green | Channel::Magenta => 1,
            Channel::Blue | Channel::Yellow => 2,
            Channel::Black => 3,
        };
        let full = full.max(1);
        let scaled = (number.clamp(0, full) * 255 + full / 2) / full;
        self.channels.get_or_insert_default()[place] = scaled as u8;
    }

    /// Adds a character of a table's text. A semicolon ends the entry. False if the entry that ends
    /// has a text that is no colour.
    pub fn push(&mut self, table: Table, character: char) -> bool {
        if character == ';' {
            return self.end_entry(table);
        }
        self.text.push(character);
        true
    }

    /// Ends a table, whose last entry may lack its semicolon. False as for [`Colors::push`].
    pub fn end(&mut self, table: Table) -> bool {
        let open = self.channels.is_some() || !self.text.trim().is_empty();
        !open || self.end_entry(table)
    }

    fn end_entry(&mut self, table: Table) -> bool {
        let text = self.text.trim();
        let color = match (table, self.channels) {
            (Table::ImageServing, _) => Color::parse("", text).ok(),
            (Table::Rgb, Some([r, g, b, _])) => Some(Color::new(Components::Rgb([r, g, b]), 255)),
            (Table::Cmyk, Some(channels)) => Some(Color::new(Components::Cmyk(channels), 255)),
            (Table::Rgb | Table::Cmyk, None) => None,
        };
        let valid = color.is_some() || text.is_empty();
        self.tables[table as usize].push(color);
        self.discard();
        valid
    }

    fn discard(&mut self) {
        self.channels = None;
        self.text.clear();
    }

    /// The colour of an index: that of the first table that has one. `None` if none has.
    pub fn get(&self, index: i32) -> Option<Color> {
        let index = usize::try_from(index).ok()?;
        self.tables.iter().find_map(|table| table.get(index).copied().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(colors: &mut Colors, table: Table, text: &str) -> bool {
        text.chars().all(|character| colors.push(table, character))
    }

    const RED: Color = Color::new(Components::Rgb([255, 0, 0]), 255);
    const RED_INKS: Color = Color::new(Components::Cmyk([0, 255, 255, 0]), 255);

    #[test]
    fn an_index_is_looked_up_in_one_table_after_the_other() {
        let mut colors = Colors::default();
        colors.begin(Table::Rgb);
        for [red, green] in [[0, 0], [0, 128], [255, 0]] {
            colors.set(Channel::Red, red, 255);
            colors.set(Channel::Green, green, 255);
            assert!(colors.push(Table::Rgb, ';'));
        }
        colors.begin(Table::ImageServing);
        assert!(push(&mut colors, Table::ImageServing, ";ff0000;"));
        assert!(colors.end(Table::ImageServing));
        assert_eq!(colors.get(0), Some(Color::BLACK));
        assert_eq!(colors.get(1), Some(RED));
        assert_eq!(colors.get(2), Some(RED));
        assert_eq!(colors.get(3), None);
        assert_eq!(colors.get(-1), None);
    }

    #[test]
    fn entries_of_image_serving_are_colours_of_the_protocol() {
        let mut colors = Colors::default();
        colors.begin(Table::ImageServing);
        assert!(push(&mut colors, Table::ImageServing, " 255,0,0 ;0x00ff0080; 0,100,100,0k;"));
        assert_eq!(colors.get(0), Some(RED));
        assert_eq!(colors.get(1), Some(Color::new(Components::Rgb([0, 255, 0]), 128)));
        assert_eq!(colors.get(2), Some(RED_INKS));
    }

    #[test]
    fn an_entry_that_is_no_colour_has_none() {
        let mut colors = Colors::default();
        colors.begin(Table::ImageServing);
        assert!(!push(&mut colors, Table::ImageServing, ";pink;"));
        assert_eq!(colors.get(1), None);
    }

    #[test]
    fn the_last_entry_may_lack_its_semicolon() {
        let mut colors = Colors::default();
        colors.begin(Table::Cmyk);
        colors.set(Channel::Magenta, 100, 100);
        colors.set(Channel::Yellow, 1000, 100);
        assert!(colors.end(Table::Cmyk));
        assert_eq!(colors.get(0), Some(RED_INKS));
        assert!(colors.end(Table::Cmyk), "there is none");
        assert_eq!(colors.get(1), None);
    }
}
