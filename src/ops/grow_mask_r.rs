//! `op_growMaskR=`: as `op_growMask=`, with a radius in pixels of the view (decision G17).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage, grow_mask::GrowMask,
    operation::hundred,
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_growMaskR=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_growMaskR",
    doc: "r-op-growmaskr",
    usage: Usage::new("Grow mask in reply", "radius (integer −100…100 px)")
        .help(
            "Grows the mask of a layer in pixels of the reply, whatever the scale, or shrinks it \
             with a negative number.",
        )
        .example("size=500,334&layer=1&src=Samples/tulips&size=300,300&op_growMaskR=-6"),
    support: Support::Full,
    family: Family::Layer,
    applies_to: AppliesTo::Mask,
    parse,
}];

/// A dilation, or an erosion if negative. It does not scale with the mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GrowMaskR {
    /// The same in pixels of the view.
    pub drawn: GrowMask,
}

fn parse(args: &Args) -> Result<Parsed> {
    let drawn = |radius: i8| GrowMaskR { drawn: GrowMask { radius: radius.into() } };
    Ok(hundred(args)?.map(|radius| Op::GrowMaskR(drawn(radius))))
}

impl Filter for GrowMaskR {
    fn needs(&self) -> u32 {
        self.drawn.needs()
    }

    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::GrowMaskR(*self))
    }

    fn memory(&self, area: Area, samples: Samples) -> u64 {
        self.drawn.memory(area, samples)
    }

    fn work(&self) -> u64 {
        self.drawn.work()
    }

    fn stage(&self, area: Area, samples: Samples) -> Box<dyn Stage> {
        self.drawn.stage(area, samples)
    }
}
