//! Writes `catalog::Modifier` of a template.

/// The commands of a template so far.
#[derive(Debug)]
pub struct Modifier {
    variables: String,
    commands: String,
}

impl Modifier {
    /// A template whose layer 0 is a transparent canvas, placed by its top left corner.
    pub fn new([width, height]: [u32; 2]) -> Self {
        let commands = format!("layer=0&color=0xffffff00&size={width},{height}&origin=0,0");
        Self { variables: String::new(), commands }
    }

    /// Defines a variable.
    pub fn define(&mut self, variable: &str, value: &str) {
        self.variables.push_str(&format!("${variable}={}&", escaped(value)));
    }

    /// Adds a command to the layer that is selected.
    pub fn command(&mut self, name: &str, value: &str) {
        self.commands.push_str(&format!("&{name}={}", escaped(value)));
    }

    /// The definitions and the commands.
    pub fn finish(self) -> String {
        self.variables + &self.commands
    }
}

/// A value in which no character separates commands, and `+` is no space (c-text-formatting).
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '%' => escaped.push_str("%25"),
            '&' => escaped.push_str("%26"),
            '=' => escaped.push_str("%3D"),
            '+' => escaped.push_str("%2B"),
            _ => escaped.push(character),
        }
    }
    escaped
}
