//! Random requests of layered pictures. The same seed makes the same requests.

use std::fmt::Write;

/// A small generator of numbers that look random (xorshift64*).
pub struct Rng(pub u64);

const IMAGES: [&str; 7] = [
    "Test/chart",
    "Test/dandelions",
    "Test/grey",
    "Test/inks",
    "Test/turned",
    "Test/tulips",
    "Test/foreign",
];

const MODES: [&str; 13] = [
    "norm",
    "dissolve",
    "lighten",
    "darken",
    "mult",
    "screen",
    "overlay",
    "hardlight",
    "softlight",
    "dodge",
    "burn",
    "difference",
    "exclusion",
];

const PATHS: [&str; 5] = [
    "M10,10L90,20,70,95,20,60Z",
    "M50,0L80,90,5,35,95,35,20,90Z",
    "M0,50C0,20,60,-20,100,50C60,120,30,90,0,50Z",
    "M5,5L95,5,95,95,5,95ZM30,30L30,70,70,70,70,30Z",
    "M-900,40L900,41,900,60,-900,60Z",
];

impl Rng {
    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound.max(1)
    }

    fn of(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len())]
    }

    /// Whether one of so many chances comes true.
    fn once_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    fn hundredths(&mut self, low: i64, high: i64) -> f64 {
        self.between(low, high) as f64 / 100.0
    }

    fn color(&mut self) -> String {
        let [r, g, b] = [0; 3].map(|_| self.below(256));
        let alpha = self.of(&["", ",255", ",128", ",40"]);
        format!("{r},{g},{b}{alpha}")
    }

    /// Modifiers that change where the pixels of a layer lie.
    fn transforms(&mut self, into: &mut String, number: usize) {
        let mut put = |name: &str, value: String| write!(into, "&{name}={value}").unwrap();
        match self.below(6) {
            0 => {
                let [x, y] = [0; 2].map(|_| self.between(-30, 60));
                let [width, height] = [0; 2].map(|_| self.between(1, 150));
                put("crop", format!("{x},{y},{width},{height}"));
            }
            1 => {
                let [x, y] = [0; 2].map(|_| self.hundredths(-20, 50));
                let [width, height] = [0; 2].map(|_| self.hundredths(20, 120));
                put("cropN", format!("{x},{y},{width},{height}"));
            }
            _ => {}
        }
        match self.below(5) {
            0 => put("scale", self.hundredths(20, 170).to_string()),
            1 if number > 0 => {
                put("sizeN", format!("{},{}", self.hundredths(10, 90), self.hundredths(10, 90)));
            }
            2 => put("size", format!("{},0", self.between(1, 190))),
            _ => {}
        }
        if self.once_in(4) && number > 0 {
            put("flip", self.of(&["lr", "ud", "lrud"]).to_owned());
        }
        match self.below(6) {
            0 => put("rotate", self.of(&["90", "180", "-90", "450"]).to_owned()),
            1 => put("rotate", self.hundredths(-18_000, 18_000).to_string()),
            2 => {
                let mut corner = |x: i64, y: i64| {
                    format!("{},{}", self.between(x - 20, x + 20), self.between(y - 20, y + 20))
                };
                let corners =
                    [corner(20, 20), corner(130, 20), corner(130, 130), corner(20, 130)].join(",");
                let sampling = self.of(&["", ",R1", ",R2", ",R3"]);
                put("perspective", format!("{corners}{sampling}"));
            }
            _ => {}
        }
        if self.once_in(4) {
            let sides = [0; 4].map(|_| self.between(-7, 23).to_string());
            put("extend", sides.join(","));
        }
        match self.below(4) {
            0 => put("pos", format!("{},{}", self.between(-60, 60), self.between(-60, 60))),
            1 => put("posN", format!("{},{}", self.hundredths(-50, 50), self.hundredths(-50, 50))),
            _ => {}
        }
        match self.below(6) {
            0 => put("origin", format!("{},{}", self.between(-60, 60), self.between(-60, 60))),
            1 => {
                put(
                    "anchorN",
                    format!("{},{}", self.hundredths(-50, 50), self.hundredths(-50, 50)),
                );
            }
            _ => {}
        }
    }

    /// Operations of a layer or of the composite.
    fn operations(&mut self, into: &mut String) {
        for _ in 0..self.below(3) {
            let (name, value) = match self.below(12) {
                0 => ("op_blur", self.hundredths(10, 1500).to_string()),
                1 => ("op_grow", self.between(-9, 9).to_string()),
                2 => ("op_growMask", self.between(-9, 9).to_string()),
                3 => ("op_noise", self.between(1, 60).to_string()),
                4 => {
                    ("op_usm", format!("{},{}", self.hundredths(20, 300), self.hundredths(10, 900)))
                }
                5 => ("op_sharpen", "1".to_owned()),
                6 => ("op_hue", self.between(-180, 180).to_string()),
                7 => ("op_saturation", self.between(-100, 100).to_string()),
                8 => ("op_invert", "1".to_owned()),
                9 => ("op_colorize", format!("{},30,90", self.below(256))),
                10 => ("op_contrast", self.between(-80, 80).to_string()),
                _ => ("op_brightness", self.between(-80, 80).to_string()),
            };
            write!(into, "&{name}={value}").unwrap();
        }
    }

    /// How a layer or the composite is blended, clipped and shadowed.
    fn treatment(&mut self, into: &mut String) {
        if self.once_in(4) {
            write!(into, "&opac={}", self.of(&["0", "35", "80", "100,0", "60,50"])).unwrap();
        }
        if self.once_in(4) {
            write!(into, "&{}={}", self.of(&["clipPath", "clipXPath"]), self.of(&PATHS)).unwrap();
        }
        self.operations(into);
        for nth in 0..self.below(6).saturating_sub(3) {
            let number = (nth as i64 + 1) * if self.once_in(2) { 1 } else { -1 };
            let (color, mode) = (self.color(), self.of(&MODES));
            write!(into, "&effect={number}&color={color}&blendMode={mode}").unwrap();
            if !self.once_in(3) {
                write!(into, "&pos={},{}", self.between(-25, 25), self.between(-25, 25)).unwrap();
            }
            if self.once_in(2) {
                write!(into, "&op_blur={}", self.between(1, 25)).unwrap();
            }
            if self.once_in(3) {
                write!(into, "&op_grow={}", self.between(-6, 9)).unwrap();
            }
            if self.once_in(4) {
                write!(into, "&opac={}", self.between(0, 100)).unwrap();
            }
            if self.once_in(5) {
                write!(into, "&maskUse={}", self.of(&["invert", "off"])).unwrap();
            }
        }
    }

    /// The image of a layer or of a mask: stored or nested.
    fn image(&mut self, depth: usize) -> String {
        let image = self.of(&IMAGES);
        match depth < 2 && self.once_in(4) {
            true => format!("is{{{}}}", self.picture(depth + 1)),
            false => image.to_owned(),
        }
    }

    /// `rootId/id?modifiers` of a picture, without format.
    pub fn picture(&mut self, depth: usize) -> String {
        let mut query = String::new();
        for number in 0..=self.below(if depth > 0 { 3 } else { 5 }) {
            write!(query, "&layer={number}").unwrap();
            let is_solid = number > 0 && self.once_in(4);
            if is_solid {
                let (color, sides) = (self.color(), [0; 2].map(|_| self.between(1, 120)));
                write!(query, "&color={color}&size={},{}", sides[0], sides[1]).unwrap();
            } else if number > 0 || self.once_in(4) {
                write!(query, "&src={}", self.image(depth)).unwrap();
            }
            self.transforms(&mut query, number);
            if !is_solid && self.once_in(4) {
                write!(query, "&mask={}", self.image(depth.max(1))).unwrap();
            }
            if self.once_in(6) {
                write!(query, "&maskUse={}", self.of(&["norm", "invert", "off"])).unwrap();
            }
            if !is_solid && self.once_in(6) {
                write!(query, "&color={}", self.color()).unwrap();
            }
            if self.once_in(5) {
                write!(query, "&bgColor={}", self.color()).unwrap();
            }
            if number > 0 && self.once_in(2) {
                write!(query, "&blendMode={}", self.of(&MODES)).unwrap();
            }
            self.treatment(&mut query);
        }
        query.push_str("&layer=comp");
        if self.once_in(3) {
            write!(query, "&flip={}", self.of(&["lr", "ud", "lrud"])).unwrap();
        }
        if self.once_in(3) {
            self.treatment(&mut query);
        }
        match self.below(5) {
            0 => write!(query, "&wid={}", self.between(1, 260)).unwrap(),
            1 => {
                write!(query, "&wid={}&hei={}", self.between(1, 260), self.between(1, 260))
                    .unwrap();
            }
            2 => write!(query, "&scl={}", self.hundredths(40, 300)).unwrap(),
            3 => write!(query, "&hei={}&fit=constrain,1", self.between(1, 300)).unwrap(),
            _ => query.push_str("&scl=1"),
        }
        if self.once_in(5) {
            let [x, y] = [0; 2].map(|_| self.between(-20, 90));
            let [width, height] = [0; 2].map(|_| self.between(1, 150));
            write!(query, "&rgn={x},{y},{width},{height}").unwrap();
        }
        let image = self.of(&IMAGES);
        format!("{image}?{}", query.trim_start_matches('&'))
    }
}

/// A request whose colours are inks, and so are most of its images.
pub fn of_inks(request: &str) -> String {
    let mut parts = request.split("olor=");
    let mut made = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find(['&', '}']).unwrap_or(part.len());
        let (color, rest) = part.split_at(end);
        let mut numbers: Vec<u32> = color.split(',').map(|it| it.parse().unwrap()).collect();
        // Percent.
        numbers.iter_mut().for_each(|number| *number = *number * 100 / 255);
        numbers.insert(3, 20);
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        write!(made, "olor={}k{rest}", numbers.join(",")).unwrap();
    }
    made.replace("Test/chart", "Test/inks").replace("Test/foreign", "Test/press")
}
