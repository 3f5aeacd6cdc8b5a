//! Compares the two replies of a pair.

use compare::{
    Comparison, Decoded, Likeness, Shift,
    Undecoded::{self, Damaged, NotPicture, Unsupported},
    decode, unify,
};

use super::{
    Class,
    outcome::{Outcome, Seen, start_of},
    reply::{Fetched, Reply, is_transient},
};

/// Compares two replies.
pub fn judge(url: String, old: &Fetched, new: &Fetched) -> Outcome {
    let mut outcome = Outcome {
        url,
        class: Class::Equal,
        score: None,
        shift: None,
        old: Seen::of(old),
        new: Seen::of(new),
        notes: Vec::new(),
        transient: is_transient(old) || is_transient(new),
    };
    for (side, fetched) in [("old", old), ("new", new)] {
        if let Ok(Reply { redirected: Some(to), .. }) = fetched {
            outcome.notes.push(format!("{side} redirects to {to}"));
        }
    }
    outcome.class = match (old, new) {
        (Err(_), _) => Class::OldFailed,
        (_, Err(_)) => Class::NewFailed,
        (Ok(old), Ok(new)) => match (old.is_success(), new.is_success()) {
            (true, true) => contents(&mut outcome, old, new),
            (true, false) => Class::NewFailed,
            (false, true) => Class::OldFailed,
            (false, false) if old.status == new.status => Class::FailedAlike,
            (false, false) => Class::FailedDifferently,
        },
    };
    outcome
}

/// Compares the contents of two successful replies.
fn contents(outcome: &mut Outcome, old: &Reply, new: &Reply) -> Class {
    let other_type = match (&old.media_type, &new.media_type) {
        (Some(old), Some(new)) if old != new => {
            outcome.notes.push(format!("{new} instead of {old}"));
            true
        }
        _ => false,
    };
    let unless = |class| if other_type { Class::WrongType } else { class };
    if old.body == new.body {
        return unless(Class::Equal);
    }
    let [old_picture, new_picture] = [old, new].map(picture);
    let sides = [(&old_picture, &mut outcome.old), (&new_picture, &mut outcome.new)];
    for (decoded, seen) in sides {
        match decoded {
            Ok(Decoded { picture, .. }) => {
                (seen.width, seen.height) = (Some(picture.width), Some(picture.height));
            }
            Err(Damaged(why)) => seen.error = Some(why.clone()),
            Err(Unsupported(_) | NotPicture) => {}
        }
    }
    match (old_picture, new_picture) {
        (Ok(old), Ok(new)) => unless(pictures(outcome, old, new)),
        (Err(Damaged(_)), _) => Class::OldFailed,
        (_, Err(Damaged(_))) => Class::NewFailed,
        _ if other_type => Class::WrongType,
        (Err(Unsupported(why)), _) | (_, Err(Unsupported(why))) => {
            outcome.notes.push(why);
            Class::NotCompared
        }
        (Err(NotPicture), Err(NotPicture)) => match [old, new].map(|reply| is_text(&reply.body)) {
            [true, true] => match first_line(&old.body, &new.body) {
                Some(line) => {
                    outcome.notes.push(line);
                    unless(Class::DifferentText)
                }
                None => unless(Class::Equal),
            },
            _ => {
                outcome.notes.push("neither a picture nor text".to_owned());
                Class::NotCompared
            }
        },
        (Ok(_), Err(NotPicture)) | (Err(NotPicture), Ok(_)) => {
            outcome.notes.push("only one of both is a picture".to_owned());
            Class::WrongType
        }
    }
}

/// The picture of a reply. One that claims to be a picture and is none is damaged.
fn picture(reply: &Reply) -> Result<Decoded, Undecoded> {
    let claim = reply.media_type.as_deref().filter(|name| name.starts_with("image/"));
    match (decode(&reply.body), claim) {
        // SVG is text.
        (Err(NotPicture), Some(claim)) if claim != "image/svg+xml" => {
            let bytes = reply.body.len();
            let why = format!("its type is {claim}, and its {bytes} bytes are no picture");
            Err(Damaged(why))
        }
        (decoded, _) => decoded,
    }
}

/// The first line that differs, apart from the ends of lines, from comments of properties, which have
/// the date of the reply, and from the versions of images in sets.
fn first_line(old: &[u8], new: &[u8]) -> Option<String> {
    let [old, new] = [old, new].map(|text| without_versions(&String::from_utf8_lossy(text)));
    let is_compared = |(_, line): &(usize, &str)| !line.starts_with('#');
    let [mut old, mut new] = [&old, &new].map(|text| text.lines().enumerate().filter(is_compared));
    loop {
        let (was, is) = (old.next(), new.next());
        if was.is_none() && is.is_none() {
            return None;
        }
        let [was_line, is_line] = [was, is].map(|line| line.map(|(_, line)| line));
        if was_line != is_line {
            let [was_line, is_line] = [was_line, is_line].map(|line| match line {
                Some(line) => format!("“{}”", start_of(line)),
                None => "nothing".to_owned(),
            });
            let number = was.or(is).map_or(0, |(at, _)| at + 1);
            return Some(format!("line {number}: {is_line} instead of {was_line}"));
        }
    }
}

/// A text of sets without the values of `iv`, in JSON and in XML. They name the version of a stored
/// image, so each server has its own.
fn without_versions(text: &str) -> String {
    let mut text = text.to_owned();
    for name in ["\"iv\":\"", " iv=\""] {
        let mut pieces = text.split(name);
        let first = pieces.next().unwrap_or_default().to_owned();
        let value_removed = |piece: &str| {
            piece.split_once('"').map(|(_, rest)| format!("\"{rest}")).unwrap_or_default()
        };
        text = pieces.fold(first, |whole, piece| whole + name + &value_removed(piece));
    }
    text
}

/// Whether a body is text.
pub fn is_text(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| !text.contains('\0'))
}

/// Compares two pictures.
fn pictures(outcome: &mut Outcome, mut old: Decoded, mut new: Decoded) -> Class {
    let notes = &mut outcome.notes;
    if old.cmyk != new.cmyk {
        let [was, is] = [old.cmyk, new.cmyk].map(|cmyk| if cmyk { "CMYK" } else { "RGB" });
        notes.push(format!("{is} instead of {was}"));
        return Class::WrongType;
    }
    let size = |picture: &Decoded| (picture.picture.width, picture.picture.height);
    if size(&old) != size(&new) {
        return Class::WrongSize;
    }
    if old.cmyk {
        notes.push("CMYK, compared by a plain conversion to RGB".to_owned());
    }
    if unify(&mut old, &mut new) {
        notes.push("the profiles differ; compared in sRGB".to_owned());
    }
    let alpha = [&old, &new].map(|decoded| decoded.picture.has_alpha());
    match alpha {
        [true, false] => notes.push("the new picture is opaque".to_owned()),
        [false, true] => notes.push("the new picture is transparent in part".to_owned()),
        [true, true] | [false, false] => {}
    }
    let Some(Comparison { likeness, measures }) = compare::compare(&old, &new) else {
        notes.push("pictures without pixels".to_owned());
        return Class::NotCompared;
    };
    outcome.score = Some(hundredths(measures.score));
    match likeness {
        Likeness::Equal => Class::Equal,
        Likeness::Encoder => Class::EncoderOnly,
        Likeness::Resampling => {
            let (percent, by) = ((measures.gain.abs() * 100.0).round(), measures.gain);
            if percent > 0.0 {
                let word = if by > 0.0 { "sharper" } else { "softer" };
                notes.push(format!("{word} by {percent} %"));
            }
            Class::Resampling
        }
        Likeness::Shifted => {
            let Shift { x, y, .. } = measures.shift;
            outcome.shift = Some([hundredths(x), hundredths(y)]);
            notes.push(shifted(x, y));
            Class::Shifted
        }
        Likeness::Colours => Class::OtherColours,
        Likeness::Different => Class::DifferentPicture,
    }
}

fn hundredths(value: f64) -> f64 {
    // Not -0.
    (value * 100.0).round() / 100.0 + 0.0
}

/// A shift in words, rounded to tenths of a pixel.
fn shifted(x: f64, y: f64) -> String {
    let word = |by: f64, more: &'static str, less: &'static str| {
        let tenths = (by.abs() * 10.0).round() / 10.0;
        (tenths > 0.0).then(|| format!("{tenths} px {}", if by > 0.0 { more } else { less }))
    };
    let words = [word(x, "to the right", "to the left"), word(y, "down", "up")];
    let words: Vec<String> = words.into_iter().flatten().collect();
    format!("shifted {}", words.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_by_their_lines_without_comments() {
        let first = |old: &str, new: &str| first_line(old.as_bytes(), new.as_bytes());
        assert_eq!(first("#Mon\na=1\nb=2\n", "#Tue\r\na=1\r\nb=2"), None);
        let line = first("#Mon\na=1\nb=2", "a=1\nb=3");
        assert_eq!(line.as_deref(), Some("line 3: “b=3” instead of “b=2”"));
        let line = first("a=1", "a=1\nb=3");
        assert_eq!(line.as_deref(), Some("line 2: “b=3” instead of nothing"));
        assert_eq!(first("", "x").as_deref(), Some("line 1: “x” instead of nothing"));
    }

    #[test]
    fn texts_of_sets_are_compared_without_the_versions_of_images() {
        let first = |old: &str, new: &str| first_line(old.as_bytes(), new.as_bytes()).is_none();
        assert!(first(
            r#"[{"iv":"a1","n":"x"},{"iv":"b"}]"#,
            r#"[{"iv":"Zz9","n":"x"},{"iv":""}]"#
        ));
        assert!(first(r#"<item iv="a" dx="1"/>"#, r#"<item iv="bcd" dx="1"/>"#));
        assert!(!first(r#"{"iv":"a","n":"x"}"#, r#"{"iv":"a","n":"y"}"#));
        assert!(!first(r#"<item iv="a" dx="1"/>"#, r#"<item dx="1"/>"#));
        assert!(!first(r#"<item iv="a" dx="1"/>"#, r#"<item iv="a" dx="2"/>"#));
        assert_eq!(without_versions(r#"{"iv":"cut off"#), r#"{"iv":""#);
    }

    #[test]
    fn shifts_are_told_in_tenths_of_a_pixel() {
        assert_eq!(shifted(1.04, -0.5), "shifted 1 px to the right and 0.5 px up");
        assert_eq!(shifted(-0.04, 2.0), "shifted 2 px down");
        assert_eq!(shifted(-0.26, 0.0), "shifted 0.3 px to the left");
    }
}
