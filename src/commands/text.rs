//! Text layers: the text, and how it is laid out.

use super::{Apply, Command, OnComp, Path, Support};
use crate::{
    error::{Error, Result},
    protocol::Args,
    ratio::Ratio,
    usage::Usage,
};

/// The text of a layer, and its attributes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Text {
    /// `text=` or `textPs=`; the last one wins.
    pub content: Option<TextContent>,
    /// `textAttr=`: resolution, antialiasing and line breaks.
    pub attributes: TextAttributes,
    /// `textAngle=`: degrees clockwise by which the lines of `textPs=` are rotated.
    pub angle: Ratio,
    /// `textPath=`: the path along which `textPs=` runs.
    pub path: Option<Path>,
    /// `textFlowPath=`: the areas that `textPs=` flows into.
    pub flow: Option<Path>,
    /// `textFlowXPath=`: the areas that `textPs=` flows around.
    pub flow_around: Option<Path>,
    /// `pathAttr=`: which part of its path the text covers, and in which direction.
    pub on_path: OnPath,
}

/// The text of a layer, RTF or plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextContent {
    /// `text=`
    Plain(String),
    /// `textPs=`: laid out as Photoshop does.
    Photoshop(String),
}

/// `textAttr=res,antiAliasing,resMode,wordWrap`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextAttributes {
    /// Dots per inch, 1 or more.
    pub resolution: u32,
    /// How edges are smoothed.
    pub anti_aliasing: AntiAliasing,
    /// How the resolution is applied.
    pub mode: ResolutionMode,
    /// Where lines are broken.
    pub wrap: Wrap,
}

impl Default for TextAttributes {
    fn default() -> Self {
        let (anti_aliasing, mode) = (AntiAliasing::Norm, ResolutionMode::Fixed);
        Self { resolution: 72, anti_aliasing, mode, wrap: Wrap::Wrap }
    }
}

/// Modes of `textAttr=`, its second argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are Photoshop's names")]
pub enum AntiAliasing {
    Off,
    Norm,
    Crisp,
    Sharp,
    Strong,
    Smooth,
}

/// Modes of `textAttr=`, its third argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResolutionMode {
    /// Uses the resolution as given.
    Fixed,
    /// Uses the resolution that fills the layer best.
    Auto,
    /// Uses the resolution as given, or a lower one if text would be cut off.
    Max,
}

/// Where lines break: the fourth argument of `textAttr=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrap {
    /// Between words, or within a word that is too long for a line.
    Wrap,
    /// Nowhere.
    None,
    /// Only between words.
    NonBreaking,
}

/// `pathAttr=direction,startPos,endPos`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OnPath {
    /// Whether the text runs from the path's end to its beginning.
    pub reverse: bool,
    /// Where it begins, as a fraction of the path's length: at least 0, below 1.
    pub start: Ratio,
    /// Where it ends: greater than `start`, at most `start` + 1.
    pub end: Ratio,
}

impl Default for OnPath {
    fn default() -> Self {
        Self { reverse: false, start: Ratio::ZERO, end: Ratio::from(1_u32) }
    }
}

pub(super) const COMMANDS: &[Command] = &[
    full(
        "text",
        "r-text",
        Usage::new("Text", "string")
            .help(
                "Writes a text on a layer: plain, or with RTF commands for font, size and colour. \
                 With size= its lines break at the layer's width.",
            )
            .example(
                "size=500,334&layer=1&text=%7B%5Cfs90%20Summer%20sale%7D&size=400,70&\
                 bgColor=ffffff",
            ),
        Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.text.content = content(args).map(TextContent::Plain);
            Ok(())
        }),
    ),
    full(
        "textPs",
        "r-textps",
        Usage::new("Photoshop text", "string")
            .help(
                "Writes an RTF text laid out as Photoshop does: justified, in a shape, or along a \
                 path.",
            )
            .example(
                "size=500,334&layer=1&textPs=%7B%5Cfs90%20Summer%20sale%7D&size=400,70&\
                 bgColor=ffffff",
            ),
        Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.text.content = content(args).map(TextContent::Photoshop);
            Ok(())
        }),
    ),
    Command {
        name: "textAttr",
        doc: "r-textattr",
        usage: Usage::new(
            "Text attributes",
            "resolution (integer 0… dpi)[,antiAliasing: off|norm|crisp|sharp|strong|smooth[,\
             resMode: fixedRes|autoRes|maxRes[,wordWrap: wrap|noWrap|nbWrap]]]",
        )
        .help(
            "How large a text is drawn, how smooth its edges are, whether it grows to fill \
                 its box (autoRes), and where lines break. The default is 72,norm,fixedRes,wrap.",
        )
        .example(
            "size=500,334&layer=1&text=Summer%20sale&size=400,100&bgColor=ffffff&textAttr=72,\
                 norm,autoRes",
        ),
        support: Support::Partial("crisp, sharp, strong and smooth are drawn as norm"),
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.text.attributes = attributes(args)?;
            Ok(())
        }),
    },
    full(
        "textAngle",
        "r-textangle",
        Usage::new("Text angle", "angle (degrees)")
            .help(
                "Turns the lines of a textPs= within its box, clockwise. 90 writes from top to \
                 bottom.",
            )
            .example(
                "size=500,334&layer=1&textPs=%7B%5Cfs90%20Summer%20sale%7D&size=100,320&\
                 bgColor=ffffff&textAngle=90",
            ),
        Apply::Layer(OnComp::Layer0, |layer, args| {
            let degrees = args.exact(0)?.unwrap_or(Ratio::ZERO);
            layer.text.angle = degrees % Ratio::from(360_i64);
            Ok(())
        }),
    ),
    full(
        "textPath",
        "r-textpath",
        Usage::new("Text on path", "pathDefinition")
            .help("Writes a textPs= along a path.")
            .example(
                "size=500,334&layer=1&textPs=%7B%5Cfs90%20Summer%20sale%7D&size=400,200&\
                 bgColor=ffffff&textPath=M,20,150,C,120,20,280,20,380,150",
            ),
        Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.text.path = Path::parse(args)?;
            Ok(())
        }),
    ),
    full(
        "textFlowPath",
        "r-textflowpath",
        Usage::new("Text in shape", "pathDefinition")
            .help("Fills one or more shapes with the text of a textPs=.")
            .example(
                "size=500,334&layer=1&\
                 textPs=%7B%5Cfs40%20By%20the%20sea%2C%20the%20light\
                 %20stays%20on%20the%20water%7D&\
                 size=300,300&bgColor=ffffff&textFlowPath=M,150,0,L,300,150,L,150,300,L,0,150,z",
            ),
        Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.text.flow = Path::parse(args)?;
            Ok(())
        }),
    ),
    full(
        "textFlowXPath",
        "r-textflowxpath",
        Usage::new("Text around shape", "pathDefinition")
            .help("Keeps a text in a shape, that of textFlowPath=, out of another one within it.")
            .example(
                "size=500,334&layer=1&\
                 textPs=%7B%5Cfs40%20By%20the%20sea%2C%20the%20light\
                 %20stays%20on%20the%20water%7D&\
                 size=300,200&bgColor=ffffff&textFlowPath=M,0,0,L,300,0,L,300,200,L,0,200,z&\
                 textFlowXPath=M,100,0,L,300,0,L,300,80,L,100,80,z",
            ),
        Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.text.flow_around = Path::parse(args)?;
            Ok(())
        }),
    ),
    full(
        "pathAttr",
        "r-pathattr",
        Usage::new(
            "Text on path options",
            "direction: norm|reverse[,startPos (0…)[,endPos (number)]]",
        )
        .help(
            "Where on its path a text begins and ends, from 0 to 1 along the path, and in \
                 which direction it runs. The start is below 1, the end at most 1 after it.",
        )
        .example(
            "size=500,334&layer=1&textPs=%7B%5Cfs90%20Summer%20sale%7D&size=400,200&\
                 bgColor=ffffff&textPath=M,20,150,C,120,20,280,20,380,150&pathAttr=norm,0.2,1",
        ),
        Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.text.on_path = on_path(args)?;
            Ok(())
        }),
    ),
];

/// The row of a command that is supported.
const fn full(name: &'static str, doc: &'static str, usage: Usage, apply: Apply) -> Command {
    Command { name, doc, usage, support: Support::Full, apply }
}

/// The value without surrounding spaces, which the canonical form omits too; `None` if empty.
fn content(args: &Args) -> Option<String> {
    (!args.is_empty()).then(|| args.value.trim().to_owned())
}

fn attributes(args: &Args) -> Result<TextAttributes> {
    use AntiAliasing::{Crisp, Norm, Off, Sharp, Smooth, Strong};
    let edges = [
        ("off", Off),
        ("norm", Norm),
        ("crisp", Crisp),
        ("sharp", Sharp),
        ("strong", Strong),
        ("smooth", Smooth),
    ];
    let modes = [
        ("fixedRes", ResolutionMode::Fixed),
        ("autoRes", ResolutionMode::Auto),
        ("maxRes", ResolutionMode::Max),
    ];
    let wraps = [("wrap", Wrap::Wrap), ("noWrap", Wrap::None), ("nbWrap", Wrap::NonBreaking)];
    let usual = TextAttributes::default();
    Ok(TextAttributes {
        resolution: args.pixels(0)?.unwrap_or(usual.resolution),
        anti_aliasing: args.keyword(1, &edges)?.unwrap_or(usual.anti_aliasing),
        mode: args.keyword(2, &modes)?.unwrap_or(usual.mode),
        wrap: args.keyword(3, &wraps)?.unwrap_or(usual.wrap),
    })
}

fn on_path(args: &Args) -> Result<OnPath> {
    let usual = OnPath::default();
    let reverse = args.keyword(0, &[("norm", false), ("reverse", true)])?.unwrap_or(usual.reverse);
    let start = args.exact(1)?.unwrap_or(usual.start);
    let end = args.exact(2)?.unwrap_or(usual.end);
    let whole = Ratio::from(1_u32);
    if !(Ratio::ZERO..whole).contains(&start) || end <= start || end > start + whole {
        let wanted = "a start of 0 or more and below 1, and an end at most 1 after it";
        return Err::<OnPath, Error>(args.wrong(wanted));
    }
    Ok(OnPath { reverse, start, end })
}
