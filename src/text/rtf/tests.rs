use super::*;
use crate::{
    color::{Color, Components},
    error::ErrorKind,
    pixel::ColorModel,
    text::{
        Alignment, CharacterFormat, Face, Kerning, LineLimit, LineSpacing, Margins, Orientation,
        Paragraph, Script, TabAlign, TabStop, TextFlow, VerticalAlign,
    },
};

fn text(rtf: &str) -> Reading {
    read(rtf, Renderer::Text).unwrap()
}

fn text_ps(rtf: &str) -> Reading {
    read(rtf, Renderer::TextPs).unwrap()
}

/// The characters, with `¶` between paragraphs and `/` for line breaks.
fn shown(reading: &Reading) -> String {
    let paragraph = |one: &Paragraph| one.runs.iter().map(|run| run.text.as_str()).collect();
    let paragraphs: Vec<String> = reading.document.paragraphs.iter().map(paragraph).collect();
    paragraphs.join("¶").replace('\u{2028}', "/")
}

fn ignored(reading: &Reading) -> Vec<String> {
    reading.ignored.iter().map(ToString::to_string).collect()
}

/// The format of the first run that has this text.
fn format(reading: &Reading, text: &str) -> CharacterFormat {
    let mut runs = reading.document.paragraphs.iter().flat_map(|paragraph| &paragraph.runs);
    runs.find(|run| run.text == text).unwrap_or_else(|| panic!("{text}: {reading:?}")).format
}

const PLAIN: CharacterFormat = CharacterFormat {
    face: None,
    size: 24,
    color: Color::BLACK,
    bold: false,
    italic: false,
    underline: false,
    strike: false,
    caps: false,
    small_caps: false,
    script: Script::Normal,
    baseline_shift: 0,
    tracking: 0,
    kerning_from: 1,
    kerning: Kerning::Metric,
    scale_x: 100,
    scale_y: 100,
    right_to_left: false,
    orientation: Orientation::Upright,
    copy_fit: 0,
    copy_fit_lines: LineLimit::None,
};

#[test]
fn plain_text_is_rtf_without_commands() {
    for reading in [text("Hello, world"), text_ps("Hello, world")] {
        assert_eq!(shown(&reading), "Hello, world");
        assert_eq!(format(&reading, "Hello, world"), PLAIN);
        assert!(reading.ignored.is_empty());
    }
    let empty = text("");
    assert!(empty.document.is_empty());
    assert_eq!(empty.document.paragraphs.len(), 1);
}

#[test]
fn characters_that_other_readers_lose_are_kept() {
    // The default of \uc is one character that stands in.
    assert_eq!(shown(&text(r"5 \u8364? a")), "5 € a");
    assert_eq!(shown(&text(r"\uc0\u8364 a")), "€a");
    assert_eq!(shown(&text(r"\uc2\u26085\'93\'fa!")), "日!");
    assert_eq!(shown(&text(r"\u-3913?")), "\u{f0b7}");
    assert_eq!(shown(&text(r"\u-10179?\u-8704?!")), "😀!");
    assert_eq!(shown(&text(r"\uc0\u-10179\u-8704!")), "😀!");
    assert_eq!(shown(&text(r"\u-10179?a\u-8704?")), "\u{fffd}a\u{fffd}");
    assert_eq!(shown(&text(r"\u128512?")), "😀");
    assert_eq!(shown(&text(r"\'e9t\'e9 10\'80")), "été 10€");
    assert_eq!(shown(&text(r"10\~kg, a\_b")), "10\u{a0}kg, a\u{2011}b");
    assert_eq!(shown(&text(r"one\par two\line three\tab four")), "one¶two/three\tfour");
    assert_eq!(shown(&text(r"\{a\}\\")), r"{a}\");
    assert_eq!(shown(&text(r"\ldblquote a\rdblquote\emdash\bullet  b")), "“a”—• b");
    assert_eq!(shown(&text("Größe 日本 שלום")), "Größe 日本 שלום");
    assert_eq!(shown(&text("one\\\ntwo")), "one¶two");
}

#[test]
fn what_stands_in_for_a_character_ends_with_its_group() {
    assert_eq!(shown(&text(r"{\uc3\u8364 ab}cd")), "€cd");
    assert_eq!(shown(&text(r"\uc3\u8364 a\b b")), "€b");
    assert_eq!(shown(&text(r"\uc2\u8364 a\bullet b")), "€b");
    assert_eq!(shown(&text("\\u8364\r\n?b")), "€b");
}

#[test]
fn control_characters_are_dropped_and_tabs_kept() {
    assert_eq!(shown(&text("a\r\nb\tc\u{7}\u{85}d")), "ab\tcd");
    assert_eq!(shown(&text("a\u{2029}b\u{2028}c")), "a/b/c");
}

#[test]
fn a_blank_after_a_word_belongs_to_it_and_further_ones_to_the_text() {
    assert_eq!(shown(&text(r"\b  a\b0 b")), " ab");
    assert_eq!(shown(&text(r"\up20raised")), "raised");
}

#[test]
fn a_group_restores_what_it_changed() {
    let reading = text(r"a{\b\fs40 b{\i c}d}e");
    assert_eq!(format(&reading, "a"), PLAIN);
    assert_eq!(format(&reading, "b"), CharacterFormat { bold: true, size: 40, ..PLAIN });
    let inner = CharacterFormat { bold: true, italic: true, size: 40, ..PLAIN };
    assert_eq!(format(&reading, "c"), inner);
    assert_eq!(format(&reading, "e"), PLAIN);
}

#[test]
fn formats_of_characters_are_those_of_the_reference() {
    let cases: [(&str, CharacterFormat); 32] = [
        (r"\fs100", CharacterFormat { size: 100, ..PLAIN }),
        (r"\fs10\fs", PLAIN),
        (r"\fs99999", CharacterFormat { size: u16::MAX, ..PLAIN }),
        (r"\b1", CharacterFormat { bold: true, ..PLAIN }),
        (r"\b\b0", PLAIN),
        (r"\i", CharacterFormat { italic: true, ..PLAIN }),
        (r"\super", CharacterFormat { script: Script::Super, ..PLAIN }),
        (r"\super\sub", CharacterFormat { script: Script::Sub, ..PLAIN }),
        (r"\super\nosupersub", PLAIN),
        (r"\ul", CharacterFormat { underline: true, ..PLAIN }),
        (r"\uldashdd", CharacterFormat { underline: true, ..PLAIN }),
        (r"\ulwave\ulnone", PLAIN),
        (r"\ul\ul0", PLAIN),
        (r"\strike", CharacterFormat { strike: true, ..PLAIN }),
        (r"\caps", CharacterFormat { caps: true, ..PLAIN }),
        (r"\scaps", CharacterFormat { small_caps: true, ..PLAIN }),
        (r"\up", CharacterFormat { baseline_shift: 6, ..PLAIN }),
        (r"\dn20", CharacterFormat { baseline_shift: -20, ..PLAIN }),
        (r"\dn20\up0", PLAIN),
        (r"\kerning0", CharacterFormat { kerning_from: 0, ..PLAIN }),
        (r"\kerning28", CharacterFormat { kerning_from: 28, ..PLAIN }),
        (r"\kerningoptical", CharacterFormat { kerning: Kerning::Optical, ..PLAIN }),
        (r"\expnd-4", CharacterFormat { tracking: -20, ..PLAIN }),
        (r"\expnd4\expndtw21", CharacterFormat { tracking: 21, ..PLAIN }),
        (r"\charscalex50", CharacterFormat { scale_x: 50, ..PLAIN }),
        (r"\charscaley-200", CharacterFormat { scale_y: -200, ..PLAIN }),
        (r"\copyfit100", CharacterFormat { copy_fit: 100, ..PLAIN }),
        (r"\copyfitlines2", CharacterFormat { copy_fit_lines: LineLimit::Soft(2), ..PLAIN }),
        (r"\copyfitmaxlines1", CharacterFormat { copy_fit_lines: LineLimit::Hard(1), ..PLAIN }),
        (r"\copyfitlines2\copyfitlines0", PLAIN),
        (r"\baselinedir1", CharacterFormat { orientation: Orientation::Turned, ..PLAIN }),
        (r"\b\i\fs9\plain", PLAIN),
    ];
    for (rtf, expected) in cases {
        let reading = text_ps(&format!("{rtf} x"));
        assert_eq!(format(&reading, "x"), expected, "{rtf}");
        assert!(reading.ignored.is_empty(), "{rtf}: {reading:?}");
    }
    let reversed = format(&text(r"{\rtlch desrever}"), "desrever");
    assert_eq!(reversed, CharacterFormat { right_to_left: true, ..PLAIN });
}

#[test]
fn formats_of_paragraphs_are_those_of_the_reference() {
    let reading = text_ps(
        r"\qj\lastqc\fi-360\li720\ri10\sb100\sa50\sl-480\tqr\tx900\tx300\tqdec\tx900 a\par\pard b",
    );
    let [first, second] = reading.document.paragraphs.as_slice() else { panic!("{reading:?}") };
    assert_eq!(first.format.alignment, Alignment::Justify);
    assert_eq!(first.format.last_line, Alignment::Center);
    assert_eq!([first.format.first_line, first.format.left, first.format.right], [-360, 720, 10]);
    assert_eq!([first.format.space_before, first.format.space_after], [100, 50]);
    assert_eq!(first.format.line_spacing, LineSpacing::Exactly(480));
    let left = TabStop { position: 300, align: TabAlign::Left };
    let decimal = TabStop { position: 900, align: TabAlign::Decimal };
    assert_eq!(first.format.tabs, [left, decimal]);
    assert_eq!(second.format, crate::text::ParagraphFormat::default());
    assert!(reading.ignored.is_empty(), "{reading:?}");
}

#[test]
fn line_spacing_is_a_length_or_a_multiple() {
    for (rtf, expected) in [
        (r"\sl0", LineSpacing::Auto),
        (r"\sl240", LineSpacing::AtLeast(240)),
        (r"\sl-240\slmult0", LineSpacing::Exactly(240)),
        (r"\sl360\slmult1", LineSpacing::Multiple(360)),
        (r"\slmult1\sl-360", LineSpacing::Multiple(360)),
        (r"\sl-99999999999", LineSpacing::Exactly(i32::MAX)),
    ] {
        let spacing = text(&format!("{rtf} x")).document.paragraphs[0].format.line_spacing;
        assert_eq!(spacing, expected, "{rtf}");
    }
}

#[test]
fn a_paragraph_has_the_format_of_its_last_character() {
    let alignments = |rtf: &str| -> Vec<Alignment> {
        text(rtf).document.paragraphs.iter().map(|one| one.format.alignment).collect()
    };
    assert_eq!(alignments(r"{\qc a}"), [Alignment::Center]);
    assert_eq!(alignments(r"{\qc a}\par{\qr b}"), [Alignment::Center, Alignment::Right]);
    assert_eq!(alignments(r"\qr\par b"), [Alignment::Right, Alignment::Right]);
    assert_eq!(alignments(r"{\rtf1\qc a\par}"), [Alignment::Center]);
}

#[test]
fn mixed_alignments_are_found() {
    assert_eq!(text(r"\qc a\par b").document.mixed_alignments(), None);
    let mixed = text(r"a\par\qr b").document.mixed_alignments();
    assert_eq!(mixed, Some([Alignment::Left, Alignment::Right]));
}

#[test]
fn the_last_end_of_a_paragraph_begins_none() {
    assert_eq!(shown(&text(r"{\rtf1 a\par b\par}")), "a¶b");
    assert_eq!(shown(&text(r"a\par\par b")), "a¶¶b");
    assert_eq!(shown(&text(r"\par")), "");
    let reading = text(r"\fs80\par\fs20 a\line");
    let sizes: Vec<u16> = reading.document.paragraphs.iter().map(|one| one.end.size).collect();
    assert_eq!(sizes, [80, 20], "the end of a paragraph has a format");
}

#[test]
fn the_text_box_has_margins_an_alignment_and_a_direction() {
    let document = text_ps(r"\margl10\margt-20\margr30{\margb40\vertalb\stextflow1 a}").document;
    assert_eq!(document.margins, Margins { left: 10, top: -20, right: 30, bottom: 40 });
    assert_eq!(document.vertical_align, VerticalAlign::Bottom);
    assert_eq!(document.flow, TextFlow::Vertical);
    assert_eq!(text_ps(r"\stextFlow1").document.flow, TextFlow::Vertical);
    assert_eq!(text(r"\vertalc").document.vertical_align, VerticalAlign::Center);
}

#[test]
fn fonts_come_from_the_table() {
    let face = |name: &str, charset| Face { name: name.to_owned(), charset };
    let table = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fmodern\fprq1\fcharset0 Courier New;}{\f2 Palatino{\*\falt Times} Linotype}}";
    let reading = text(&format!(r"{table}\f2 a\f1 b\f2 c\f9 e"));
    assert_eq!(reading.document.faces, [face("Palatino Linotype", 1), face("Courier New", 0)]);
    let faces = ["a", "b", "c"].map(|text| format(&reading, text).face);
    assert_eq!(faces, [Some(0), Some(1), Some(0)]);
    assert_eq!(format(&reading, "e").face, None);
    let unused = text("{\\fonttbl{\\f0 A;}}{\\f0\r\n}a");
    assert_eq!(unused.document.faces, [], "no text has it");
    let flat = text(r"{\fonttbl\f0\fswiss Helvetica;\f1 B\'fccher;}\f1 a\f0 b");
    assert_eq!(flat.document.faces, [face("Bücher", 1), face("Helvetica", 1)]);
}

#[test]
fn the_default_font_is_that_of_deff() {
    let table = r"{\fonttbl{\f3 Arial;}{\f4 Times;}}";
    assert_eq!(text(&format!("{table}a")).document.faces, []);
    let reading = text_ps(&format!(r"{{\rtf1\ansi\deff3{table}a\f4 b\plain c}}"));
    assert_eq!(reading.document.faces.len(), 2);
    assert_eq!(["a", "b", "c"].map(|text| format(&reading, text).face), [0, 1, 0].map(Some));
}

#[test]
fn bytes_are_in_the_code_page_of_their_font() {
    let table = r"{\fonttbl{\f0\fcharset204 A;}{\f1\fcharset161 B;}{\f2 C;}{\f3\fcharset2 D;}}";
    assert_eq!(shown(&text(&format!(r"{table}\f0\'c6\f1\'e1\f2\'e9"))), "Жαé");
    assert_eq!(shown(&text(&format!(r"\ansicpg1250{table}\f2\'b9\f0\'c6"))), "ąЖ");
    assert_eq!(shown(&text(&format!(r"{table}\f3\'b7"))), "\u{f0b7}");
    assert_eq!(shown(&text(r"\ansicpg65001\'e2\'82\'ac")), "€");
    assert_eq!(shown(&text(r"\mac\'8e\pc\'82\pca\'d5")), "ééı");
}

#[test]
fn bytes_of_an_unsupported_code_page_are_an_error() {
    let table = r"{\fonttbl{\f0\fcharset128 \'82\'6c;}}\f0";
    let error = read(&format!(r"{table} a\'93\'fa"), Renderer::Text).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    let expected = r"text=…: \'93 is in code page 932, which is unsupported; write the characters as \u or in UTF-8";
    assert_eq!(error.message, expected);
    assert_eq!(shown(&text(&format!(r"{table} a\uc2\u26085\'93\'fa 日"))), "a日 日");
}

#[test]
fn colours_come_from_the_tables() {
    let table = r"{\colortbl ;\red255\green0\blue0;\red0\green128\blue0;}";
    let reading = text(&format!(r"{table}\cf1 a\cf2 b{{\i\cf0 c}}\cf7 d"));
    let colors = ["a", "b"].map(|text| format(&reading, text).color.rgb());
    assert_eq!(colors, [[255, 0, 0], [0, 128, 0]]);
    assert_eq!(format(&reading, "c").color, Color::BLACK, "0 is the automatic colour");
    let expected =
        [r"\cf at character 78 is ignored: no colour table has such an entry; the text is black"];
    assert_eq!(ignored(&reading), expected);
    let reading = text_ps(&format!(r"{{{{\*\iscolortbl;0000ff80}}{table}}}\cf1 a\cf2 b"));
    assert_eq!(format(&reading, "a").color, Color::new(Components::Rgb([0, 0, 255]), 128));
    assert_eq!(format(&reading, "b").color.rgb(), [0, 128, 0]);
    let table = r"{\*\iscolortbl;50,30gs;ff0000s;1,2,3,4;0,100,9,3k;0x0102030405ks}";
    let reading = text_ps(&format!(r"{table}\cf1 a\cf2 b\cf3 c\cf4 d\cf5 e"));
    let again = text_ps(&write(&reading.document));
    assert_eq!(again.document, reading.document);
    let model = |text| format(&again, text).color.model();
    let models = [ColorModel::Gray, ColorModel::Rgb, ColorModel::Rgb, ColorModel::Cmyk];
    assert_eq!(["a", "b", "c", "d"].map(model), models);
    assert!(format(&again, "e").color.is_source && !format(&again, "d").color.is_source);
    let reading = text(r"{\cmykcolortbl;\cyan0\magenta100\yellow100\black0;}\cf1 a");
    assert_eq!(format(&reading, "a").color.rgb(), [255, 0, 0]);
    assert!(reading.ignored.is_empty());
}

#[test]
fn a_renderer_ignores_words_of_the_other() {
    let reading = text(r"\qj\pard{\*\iscolortbl;ff0000;}\caps\b\plain a\- b");
    assert_eq!(shown(&reading), "a b");
    assert!(format(&reading, "a b").bold);
    let expected = [
        r"\qj at character 1 is ignored: only textPs= has it",
        r"\pard at character 4 is ignored: only textPs= has it",
        r"\*\iscolortbl at character 12 is ignored: only textPs= has it",
        r"\caps at character 32 is ignored: only textPs= has it",
        r"\plain at character 39 is ignored: only textPs= has it",
        r"\- at character 47 is ignored: only textPs= has it",
    ];
    assert_eq!(ignored(&reading), expected);
    let reading = text_ps(r"{\cmykcolortbl;\cyan0;}\rtlch a\- b");
    assert_eq!(shown(&reading), "a\u{ad} b");
    let expected = [
        r"\cmykcolortbl at character 2 is ignored: only text= has it",
        r"\rtlch at character 24 is ignored: only text= has it",
    ];
    assert_eq!(ignored(&reading), expected);
}

#[test]
fn what_is_ignored_is_listed_once() {
    let reading = text(r"é\foo1 a\foo2 b\fs0{\*\bar x{y}}\|\tx-5{\pict 00ff}\red3 }{c");
    assert_eq!(shown(&reading), "éabc");
    let expected = [
        r"\foo at character 2 is ignored: it is none of the RTF commands of the reference",
        r"\fs at character 16 is ignored: its number is out of range",
        r"\*\bar at character 23 is ignored: it is none of the RTF commands of the reference",
        r"\| at character 33 is ignored: it is none of the RTF commands of the reference",
        r"\tx at character 35 is ignored: its number is out of range",
        r"\pict at character 41 is ignored: its group is not drawn",
        r"\red at character 52 is ignored: it is out of place",
        r"} at character 58 is ignored: it closes no group",
        r"{ at character 61 is ignored: a group is not closed",
    ];
    assert_eq!(ignored(&reading), expected);
}

#[test]
fn a_file_of_a_word_processor_is_read() {
    let reading = text_ps(concat!(
        r"{\rtf1\ansi\ansicpg1252\deff0\nouicompat\deflang1033{\fonttbl{\f0\fnil\fcharset0 Calibri;}}",
        "\r\n",
        r"{\colortbl ;\red255\green0\blue0;}",
        "\r\n",
        r"{\*\generator Riched20 10.0.19041}\viewkind4\uc1 ",
        "\r\n",
        r"\pard\sa200\sl276\slmult1\cf1\b\f0\fs22\lang9 Sale\b0 : 20\u8239?% \endash  today\par",
        "\r\n}\r\n\0",
    ));
    assert_eq!(shown(&reading), "Sale: 20\u{202f}% – today");
    assert_eq!(reading.document.paragraphs[0].format.line_spacing, LineSpacing::Multiple(276));
    assert!(reading.ignored.is_empty(), "{reading:?}");
}

#[test]
fn variables_are_rtf() {
    // What `$line$` of `textPs=\fs20 $line$` becomes.
    assert_eq!(shown(&text_ps(r"\fs20 One \par Two")), "One ¶Two");
}

#[test]
fn groups_are_not_deeper_than_the_limit() {
    let nested = |depth: usize| format!("{}x{}", "{".repeat(depth), "}".repeat(depth));
    assert_eq!(shown(&text(&nested(limits::RTF_DEPTH))), "x");
    let error = read(&nested(limits::RTF_DEPTH + 1), Renderer::TextPs).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert_eq!(error.message, "textPs=…: more than 64 groups {…} in one another");
    let error = read(&"{}".repeat(1_000_000), Renderer::Text).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
}

#[test]
fn the_longest_texts_of_one_kind_are_read() {
    for part in
        [r"\b", "{}", "}", r"\par", r"{\par", r"\tx1", r"\'e9", r"\u1", r"\*", r"\foo{", "a\\b0"]
    {
        let whole = part.repeat(limits::EXPANDED_BYTES / part.len());
        for renderer in [Renderer::Text, Renderer::TextPs] {
            if let Err(error) = read(&whole, renderer) {
                assert_eq!(error.kind, ErrorKind::TooLarge, "{part}");
            }
        }
    }
    let words: String = (0..3000).map(|number| format!(r"\tx{number}\par\foo{number} ")).collect();
    assert_eq!(text_ps(&words).document.paragraphs[0].format.tabs.len(), 1);
    let names: String = (0..9000).map(|nth| format!(r"\z{} ", letters(nth))).collect();
    assert_eq!(text(&names).ignored.len(), limits::RTF_IGNORED);
}

fn letters(nth: u32) -> String {
    [676, 26, 1].iter().map(|unit| char::from(b'a' + (nth / unit % 26) as u8)).collect()
}

#[test]
fn a_written_text_is_read_as_the_same_document() {
    for rtf in [
        "",
        "a b",
        r"\qc",
        r"\b\fs40 a{\i\{b\}\\}\tab\~c\_d\-e\line",
        r"{\fonttbl{\f0\fcharset2 A;}{\f1 B C;}}\f1 a\par\f0 b\par",
        r"{\*\iscolortbl;ff0000;00ff0080;}{\cf1 a}{\cf2 b}\par\cf1 c\par",
        r"{\colortbl;\red1\green2\blue3;}{\cf1 a}b",
        r"\margl1\margt-2\margr3\margb4\vertalc\stextflow1 a",
        r"\qj\lastqr\fi-1\li2\ri3\sb4\sa5\sl-6\tqc\tx7\tqdec\tx9 a\par\sl7\slmult1 b\par\sl8 c",
        r"\dn3\expnd1\kerning0\kerningoptical\charscalex50\charscaley-1\copyfit9\copyfitmaxlines2 a\par",
        r"\super\caps a\sub\scaps b\copyfitlines3\baselinedir1\ul\strike c{\fs2\par}",
        r"\rtlch a  b\par\par c",
        r"\fs9 a\par{\qc\fs8\par}",
        r"{\colortbl;;\red9\green8\blue7;}{\cmykcolortbl;\cyan1\magenta50\yellow99\black33;}\cf1 a\cf2 b",
        r"a\'adb",
    ] {
        for renderer in [Renderer::Text, Renderer::TextPs] {
            let document = read(rtf, renderer).unwrap().document;
            let written = write(&document);
            let again = read(&written, renderer).unwrap();
            assert_eq!(again.document, document, "{rtf}: {written}");
            assert!(again.ignored.is_empty(), "{rtf}: {written}");
        }
    }
}

#[test]
fn what_is_written_is_short() {
    let written = |rtf: &str| write(&text_ps(rtf).document);
    assert_eq!(written(r"{\rtf1\pard\qc{\b\fs40 Sale }\par}"), r"\qc\fs40\b Sale ");
    assert_eq!(written(r"a\par\qc{\b b}\par"), r"{a\par}{\qc\b b}");
}

#[test]
fn the_page_lists_each_word_that_has_an_effect() {
    let page = include_str!("../../../docs/rtf.md");
    for word in words::words() {
        let listed = page.contains(&format!("\\{}`", word.name));
        let silent = matches!(
            word.action,
            words::Action::Nothing | words::Action::Data | words::Action::Unsupported
        );
        assert!(listed || silent, "{}", word.name);
    }
}
