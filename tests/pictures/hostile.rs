//! Layered pictures that are made to hurt: they are drawn or refused, in bounded time.

use std::{cell::Cell, fs};

use azulejo::{
    codec::Codecs,
    http::HttpRequest,
    serve::serve,
    store::{Block, Read, ReadError, Store},
};

use super::*;
use crate::golden::cases;

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

/// Layers with the widest dilation, each a page of its own.
fn many(layers: u32) -> String {
    let layer = |nth| format!("&layer={nth}&src=Test/chart&size=900,900&op_grow=100&op_hue={nth}");
    format!("Test/tulips?size=900,900&wid=900{}", (1..=layers).map(layer).collect::<String>())
}

#[test]
fn what_takes_too_long_is_refused_before_it_is_drawn() {
    let store = store();
    let message = drawn(&store, &many(100)).err().unwrap();
    assert!(message.contains("million pixels of an image, the limit is 400 million"), "{message}");
}

const KEY: &str = "assets/Test/tulips.tif";

/// A store in which an image is replaced, or removed, before one of its reads.
struct Replaced {
    store: MemoryStore,
    with: Option<Vec<u8>>,
    /// The reads of the image before it is replaced.
    left: Cell<usize>,
}

impl Store for Replaced {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        if read.key == KEY {
            match (self.left.get(), &self.with) {
                (0, None) => return Err(ReadError::NotFound),
                (0, Some(_)) => {}
                (1, Some(with)) => {
                    self.store.put(KEY, with.clone());
                    self.left.set(0);
                }
                (left, _) => self.left.set(left - 1),
            }
        }
        self.store.read(read).await
    }
}

impl Codecs for Replaced {}

/// A layer, a mask and a nested picture whose image is replaced at any moment are all of the old
/// image or all of the new one, and so is the entity tag.
#[test]
fn a_picture_whose_image_is_replaced_is_never_torn() {
    let request = HttpRequest {
        path: "/is/image/Test/chart".to_owned(),
        query:
            "scl=1&fmt=png&layer=1&src=Test/tulips&scale=2&layer=2&src=is{Test/tulips?rotate=9}&\
                layer=3&color=ff0000&mask=Test/tulips&rotate=30&effect=-1&$shadow$"
                .to_owned(),
        ..HttpRequest::default()
    };
    let reply = |store: &Replaced| pollster::block_on(serve(&request, store, || 0.0));
    let new = fs::read(cases::root().join("fixtures/dandelions.tif")).unwrap();
    let with = |left: usize, with: Option<Vec<u8>>| Replaced {
        store: store(),
        with,
        left: Cell::new(left),
    };
    let replies = [usize::MAX, 1].map(|left| reply(&with(left, Some(new.clone()))));
    assert!(replies.iter().all(|reply| reply.status == 200));
    assert_ne!(replies[0].body, replies[1].body);
    let same = |one: &HttpReply, other: &HttpReply| {
        one.body == other.body && one.header("etag") == other.header("etag")
    };
    for left in 1..12 {
        let made = reply(&with(left, Some(new.clone())));
        assert!(replies.iter().any(|whole| same(whole, &made)), "{left}: {}", made.status);
        let gone = reply(&with(left, None));
        let refused = matches!(gone.status, 403 | 404 | 503);
        assert!(refused || same(&replies[0], &gone), "{left}: {}", gone.status);
    }
}
