//! Takes the layers out of their groups, and names what groups and effects did to them.

use super::blend::EFFECTS;
use crate::psd::{Layer, Section, descriptor};

/// A layer outside of its groups.
pub struct Placed<'a> {
    /// The layer.
    pub layer: Layer<'a>,
    /// Whether it and all its groups are shown.
    pub visible: bool,
}

/// The layers without groups, from bottom to top.
pub fn ungroup<'a>(layers: &[Layer<'a>], losses: &mut Vec<String>) -> Vec<Placed<'a>> {
    let mut placed = Vec::new();
    let mut groups = Vec::new();
    let mut hidden = 0;
    for layer in layers.iter().rev() {
        match layer.section {
            Section::Group => {
                if layer.opacity != 255 || !matches!(&layer.blend, b"pass" | b"norm") {
                    losses.push(format!("group \"{}\": its opacity and blend mode", layer.name));
                }
                if layer.mask.is_some() || layer.has(&[b"vmsk", b"vsms"]) {
                    losses.push(format!("group \"{}\": its mask", layer.name));
                }
                lose_effects(layer, "group", losses);
                groups.push(layer.visible);
                hidden += usize::from(!layer.visible);
            }
            Section::End => hidden -= usize::from(groups.pop() == Some(false)),
            Section::Layer => {
                placed.push(Placed { layer: layer.clone(), visible: layer.visible && hidden == 0 });
            }
        }
    }
    placed.reverse();
    placed
}

/// Names the effects that are switched on.
pub fn lose_effects(layer: &Layer, kind: &str, losses: &mut Vec<String>) {
    let Some(mut block) = layer.block(b"lfx2") else { return };
    let effects = block.u32().and(block.u32()).and_then(|_| descriptor::read(&mut block));
    let names: Vec<&str> = match &effects {
        Ok(effects) if effects.flag(&["masterFXSwitch"]) == Some(false) => return,
        Ok(effects) => {
            let on = |key: &str| effects.flag(&[key, "enab"]) == Some(true);
            EFFECTS.iter().filter(|(key, _)| on(key)).map(|(_, name)| *name).collect()
        }
        Err(_) => vec!["effects"],
    };
    if !names.is_empty() {
        losses.push(format!("{kind} \"{}\": its {}", layer.name, names.join(", ")));
    }
}
