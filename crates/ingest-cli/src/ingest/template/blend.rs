//! Blend modes and effects of Photoshop, by their four characters.

/// The value of `blendMode=`; `None` if the protocol has no such mode.
pub fn mode(blend: [u8; 4]) -> Option<&'static str> {
    Some(match &blend {
        b"norm" | b"pass" => "norm",
        b"diss" => "dissolve",
        b"lite" => "lighten",
        b"dark" => "darken",
        b"mul " => "mult",
        b"scrn" => "screen",
        b"over" => "overlay",
        b"hLit" => "hardlight",
        b"sLit" => "softlight",
        b"div " => "dodge",
        b"idiv" => "burn",
        b"diff" => "difference",
        b"smud" => "exclusion",
        _ => return None,
    })
}

/// The effects of a layer, by their keys in its descriptor.
pub const EFFECTS: [(&str, &str); 10] = [
    ("DrSh", "drop shadow"),
    ("IrSh", "inner shadow"),
    ("OrGl", "outer glow"),
    ("IrGl", "inner glow"),
    ("ebbl", "bevel and emboss"),
    ("ChFX", "satin"),
    ("SoFi", "colour overlay"),
    ("GrFl", "gradient overlay"),
    ("patternFill", "pattern overlay"),
    ("FrFX", "stroke"),
];

/// The blocks of adjustment layers.
pub const ADJUSTMENTS: [&[u8; 4]; 18] = [
    b"levl", b"curv", b"expA", b"vibA", b"hue ", b"hue2", b"blnc", b"brit", b"nvrt", b"post",
    b"thrs", b"grdm", b"selc", b"mixr", b"blwh", b"phfl", b"clrL", b"CgEd",
];
