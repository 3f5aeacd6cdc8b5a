//! Layered pictures that are made to hurt: they are drawn or refused, in bounded time.

use super::*;

/// Numbers at the ends of the ranges, and beyond.
const NUMBERS: [&str; 15] = [
    "1e300",
    "-1e300",
    "1e-300",
    "1e-27",
    "1e18",
    "1e9",
    "-1e9",
    "999999999",
    "10000000",
    "9999999",
    "0.5",
    "-1",
    "0",
    "-0",
    "7",
];

/// Commands, and how many numbers they take.
const COMMANDS: [(&str, usize); 24] = [
    ("rotate", 1),
    ("scale", 1),
    ("size", 2),
    ("sizeN", 2),
    ("crop", 4),
    ("cropN", 4),
    ("extend", 4),
    ("extendN", 4),
    ("pos", 2),
    ("posN", 2),
    ("origin", 2),
    ("originN", 2),
    ("anchor", 2),
    ("anchorN", 2),
    ("perspective", 8),
    ("perspectiveN", 8),
    ("clipPath", 2),
    ("res", 1),
    ("op_blur", 1),
    ("op_grow", 1),
    ("op_growMask", 1),
    ("op_growMaskR", 1),
    ("op_usm", 2),
    ("opac", 2),
];

const CONTENTS: [&str; 5] = [
    "src=Test/chart",
    "color=ff000080&size=40,30",
    "src=is{Test/grey?wid=50}",
    "src=Test/turned&mask=Test/grey",
    "src=Test/inks&effect=-1&color=00ff00&op_blur=9&pos=3,3",
];

/// Views of nothing, of a pixel, of what lies far away.
const VIEWS: [&str; 10] = [
    "scl=1",
    "wid=1&hei=1",
    "scl=1&rect=99999999,5,3,3",
    "scl=1&rect=-9,-9,20,20,7",
    "rgn=5,5,1e9,1&wid=20",
    "rgn=-1000000,0,9,9&wid=20",
    "wid=2000&rect=7,11,3,5,1e-9",
    "scl=1e9",
    "scl=1e-9",
    "wid=9&hei=9&fit=crop,1&align=1e300,-1e300",
];

/// A command with hostile numbers.
fn command(rng: &mut Rng) -> String {
    let (name, count) = COMMANDS[rng.below(COMMANDS.len())];
    let number = |rng: &mut Rng| NUMBERS[rng.below(NUMBERS.len())].to_owned();
    let mut numbers: Vec<String> = (0..count)
        .map(|_| if rng.below(3) == 0 { rng.below(100).to_string() } else { number(rng) })
        .collect();
    if name.starts_with("perspective") {
        // A square of any size, most often with one corner elsewhere.
        let side = [1.0, 1e-6, 1e6, 1e9][rng.below(4)];
        let corners = [0.0, 0.0, 100.0, 0.0, 100.0, 100.0, 0.0, 100.0];
        numbers = corners.map(|at| (at * side).to_string()).to_vec();
        if rng.below(4) > 0 {
            let at = rng.below(8);
            numbers[at] = number(rng);
        }
    }
    match name {
        "clipPath" => format!("&clipPath=M{}L50,60,{},7Z", numbers.join(","), numbers[0]),
        _ => format!("&{name}={}", numbers.join(",")),
    }
}

#[test]
fn numbers_beyond_all_measure_are_drawn_or_refused() {
    let store = store();
    let mut rng = Rng(0x5EED);
    let (mut shown, rounds) = (0, rounds(1500));
    for _ in 0..rounds {
        let mut request = "Test/tulips?scl=1".to_owned();
        (0..rng.below(3)).for_each(|_| request += &command(&mut rng));
        request += &format!("&layer=1&{}", CONTENTS[rng.below(CONTENTS.len())]);
        (0..=rng.below(3)).for_each(|_| request += &command(&mut rng));
        request += &format!("&layer=comp&{}", VIEWS[rng.below(VIEWS.len())]);
        shown += u64::from(drawn(&store, &request).is_ok());
    }
    assert!(shown * 6 > rounds, "only {shown} of {rounds} are drawn");
}
