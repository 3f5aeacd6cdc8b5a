use super::*;
use crate::limits;

fn names(list: &[Found], level: Level) -> Vec<&str> {
    list.iter().filter(|found| found.level == level).map(|found| found.name.as_str()).collect()
}

#[test]
fn a_url_that_is_answered_is_ok() {
    let report = check("https://s7.example.com/is/image/Shop/shoe?$product$&wid=800&imwidth=3");
    assert!(report.ok && report.error.is_none(), "{report:?}");
    assert_eq!(names(&report.commands, Level::Understood), ["$product$", "wid"]);
    assert_eq!(report.ignored, ["imwidth"]);
}

#[test]
fn columns_are_those_of_the_url_as_typed() {
    let report = check("/is/image/Shöp/shoe?wid=3&&amp;hei=abc&fmt=heic");
    let error = report.error.unwrap();
    assert_eq!((error.message.as_str(), error.column), ("hei=abc: expected a number", 32));
    assert_eq!(report.unsupported, ["fmt"]);
    assert_eq!(report.commands.last().unwrap().column, 40);
}

#[test]
fn what_is_not_supported_is_the_error_when_nothing_is_wrong() {
    let report = check("Shop/shoe?wid=3&fmt=heic");
    assert_eq!(report.error.unwrap().column, 17);
    assert_eq!(report.unsupported, ["fmt"]);
}

#[test]
fn every_remote_image_that_the_catalog_does_not_permit_is_a_warning() {
    for (url, name) in [
        ("Shop/shoe?src=(https://images.example.org/b.jpg)", "src"),
        ("Shop/shoe?mask=(https://images.example.org/b.jpg)", "mask"),
        ("Shop/shoe?layer=2&src=(https://images.example.org/b.jpg)", "src"),
        ("Shop/shoe?src=is(Shop/b?src=(https://images.example.org/b.jpg))", "src"),
        ("Shop/shoe?mask=is{Shop/b?src=is{c?mask=(ftp://example.org/b)}}", "mask"),
    ] {
        let warnings = check(url).warnings;
        let [warning] = warnings.as_slice() else { panic!("{url}: {warnings:?}") };
        assert!(warning.contains(&format!("{name}=")), "{warning}");
        assert!(warning.ends_with("; unless your catalog permits it"), "{warning}");
    }
}

#[test]
fn the_sources_of_layers_and_masks_are_supported() {
    for url in [
        "Shop/shoe?src=Shop/b",
        "Shop/shoe?src=(https://images.example.org/b.jpg)&wid=9",
        "Shop/shoe?layer=0&src=Shop/b",
        "Shop/shoe?req=tmb&size=9,9",
        "Shop/shoe?src=is(Shop/b)",
        "Shop/shoe?layer=1&src=Shop/b",
        "Shop/shoe?mask=Shop/b",
    ] {
        let report = check(url);
        assert!(report.ok, "{url}: {:?}", report.unsupported);
    }
    let report = check("Shop/shoe?wid=9&src=(https://images.example.org/b.jpg)");
    let [warning] = report.warnings.as_slice() else { panic!("{:?}", report.warnings) };
    assert!(
        warning.starts_with(
            "column 17: src=(https://images.example.org/b.jpg): AllowDirectUrls is off"
        ),
        "{warning}"
    );
}

#[test]
fn nested_requests_are_read_where_they_stand() {
    let report = check("Shop/shoe?src=is{a/b?wid=3&mask=is(c/d?hei=x)}&wid=4");
    assert_eq!(report.error.unwrap().column, 40);
    assert_eq!(names(&report.commands, Level::Wrong), ["hei"]);
    // An error in a nested request that a variable produced is reported where the variable is used.
    let report = check("Shop/shoe?$v=is%7Ba/b?hei=x%7D&src=$v$");
    assert_eq!(report.error.unwrap().column, 32);
    // A request nested in itself ends with an error.
    let report = check("Shop/shoe?$v=is%7Ba/b?src=$v$%26mask=$v$%7D&src=$v$");
    assert!(report.error.unwrap().message.contains("nested deeper than 8"));
}

#[test]
fn what_a_catalog_may_define_is_a_warning() {
    let report = check("Shop/shoe?$ours$&layer=logo&pos=3,3&layer=2&hide=0");
    assert!(report.warnings.iter().any(|w| w.starts_with("column 11: $ours$")), "{report:?}");
    assert!(report.warnings.iter().any(|w| w.contains("layer=logo: no layer")), "{report:?}");
    assert!(report.warnings.iter().any(|w| w.contains("unless a template does")), "{report:?}");
}

#[test]
fn old_names_are_reported() {
    let report = check("Shop/shoe?resMode=sharp&wid=3");
    assert!(report.ok);
    assert_eq!(report.warnings.len(), 1);
    assert!(report.warnings[0].contains("deprecated: replaced by sharp2"));
}

#[test]
fn what_means_nothing_where_it_stands_is_ignored() {
    let report = check("Shop/shoe?pos=3,3&wid=3");
    assert_eq!((report.ok, report.ignored), (true, vec!["pos".to_owned()]));
}

#[test]
fn static_content_has_few_commands() {
    let report = check("/is/content/Shop/a.svg?wid=abc&type=x");
    assert_eq!((report.ok, report.ignored), (true, vec!["wid".to_owned()]));
}

#[test]
fn a_summary_counts_by_command() {
    let mut summary = Summary::default();
    for url in ["a/b?wid=1", "a/b?wid=2&hei=1", "a/b?wid=x"] {
        summary.add(&check(url));
    }
    assert_eq!((summary.urls, summary.ok), (3, 2));
    assert_eq!(summary.of(Level::Understood), [("wid", 2), ("hei", 1)]);
    assert_eq!(summary.of(Level::Wrong), [("wid", 1)]);
}

#[test]
fn other_services_are_named_and_counted_apart() {
    let mut summary = Summary::default();
    for (url, service) in [
        ("/ir/render/ShopRender/sofa?obj=a&color=1,2,3", "Image Rendering"),
        ("https://s7.example.com/s7viewers/html5/js/ZoomViewer.js", "Viewers"),
        ("//s7.example.com/e2/Shop/catalog", "eCatalog"),
        ("/is/agm/Shop/card?wid=3", "Web-to-print templates"),
        ("/is/video/Shop/a.mp4", "Video"),
        ("/is/realm/Shop", "Platform Server"),
        ("/skins/Scene7SharedAssets/zoom.png", "Viewers"),
        ("https://s7d5.scene7.com/is-viewers-4.1/flash/genericzoom.swf", "Viewers"),
        ("/s7ondemand/spin/viewer.jsp?company=Shop&sku=a", "Viewers"),
        ("//s7ugc1.scene7.com/ugc/image?op=disk_info", "User-generated content"),
        (
            "https://d.example.com/adobe/assets/urn:aaid:aem:1/as/a.jpg?width=3",
            "Dynamic Media with OpenAPI",
        ),
    ] {
        let report = check(url);
        assert!(!report.ok && report.commands.is_empty(), "{url}");
        assert_eq!(report.service, Some(service), "{url}");
        summary.add(&report);
    }
    assert_eq!((summary.urls, summary.services.values().sum::<usize>()), (0, 11));
    // An id can look like the path of a service.
    assert_eq!(check("/is/image/adobe/ir/e2?wid=3").service, None);
}

#[test]
fn a_url_of_another_path_is_not_ok() {
    for url in ["https://shop.example.com/shoes/red?wid=3", "/shoes/red?wid=3", "/is/imagery/a"] {
        let report = check(url);
        assert!(report.error.unwrap().message.starts_with("no Image Serving URL"), "{url}");
    }
}

#[test]
fn the_macros_of_a_catalog_count() {
    let catalog = Catalog::parse("", "ours\twid=abc\n").unwrap();
    assert!(check("Shop/shoe?$ours$").ok);
    let report = check_with("Shop/shoe?$ours$", &catalog);
    assert_eq!(report.error.unwrap().message, "wid=abc: expected a number");
}

#[test]
fn a_warning_of_the_whole_url_has_no_column() {
    let report = check("/is/content/Shop/zoom.swf");
    assert_eq!(report.warnings, ["a Flash file: browsers do not show Flash"]);
    let report = check("/is/image/Shop/a%01?wid=abc");
    assert!(report.warnings.iter().all(|warning| !warning.starts_with("column 1:")), "{report:?}");
    assert!(report.warnings.iter().any(|warning| warning.starts_with("column 21: ")), "{report:?}");
}

#[test]
fn a_signature_is_not_ignored() {
    let report = check("Shop/shoe?wid=3&expires=1700000000&sig=abc");
    assert_eq!(names(&report.commands, Level::Understood), ["wid", "expires", "sig"]);
    assert_eq!(check("Shop/shoe?sig=abc").ignored.len(), 0);
    // In any other position they are not a signature.
    assert_eq!(check("Shop/shoe?sig=abc&wid=3").ignored, ["sig"]);
    assert_eq!(check("Shop/shoe?wid=3&expires=17").ignored, ["expires"]);
}

#[test]
fn a_summary_holds_so_many_names() {
    let mut summary = Summary::default();
    for number in 0..NAMES + 5 {
        summary.add(&check(&format!("a/b?name{number}=1")));
    }
    assert_eq!(summary.of(Level::Ignored).first(), Some(&(OTHERS, 5)));
}

#[test]
fn commands_that_exclude_each_other_are_an_error() {
    let report = check("Shop/shoe?fmt=gif-alpha&quantize=mac");
    assert!(report.error.unwrap().message.starts_with("quantize=mac: expected adaptive or web"));
    assert!(check("Shop/shoe?fmt=gif&quantize=mac").ok);
}

#[test]
fn what_rtf_says_and_is_ignored_is_a_warning() {
    let report = check("Shop/shoe?layer=1&text=%5Cqj%5Chyphauto1+a&layer=2&textPs={\\b b}}");
    let expected = [
        r"column 19: text=: \qj at character 1 is ignored: only textPs= has it",
        r"column 19: text=: \hyphauto at character 4 is ignored: it is none of the RTF commands of the reference",
        r"column 52: textPs=: } at character 7 is ignored: it closes no group",
    ];
    assert_eq!(report.warnings, expected);
}

#[test]
fn rtf_that_cannot_be_read_is_an_error() {
    let text = "{".repeat(limits::RTF_DEPTH + 1);
    let report = check(&format!("Shop/shoe?layer=1&text={text}"));
    let error = report.error.unwrap();
    assert_eq!(error.column, 19);
    assert!(error.message.starts_with("text=…: more than 64 groups"), "{error:?}");
}

#[test]
fn an_unknown_name_that_is_like_a_command_has_suggestions() {
    let report = check("Shop/shoe?width=300&ts=17&src=is(a/b?hej=2)");
    assert_eq!(report.commands[0].suggestions, ["wid"]);
    assert_eq!(report.commands[1].suggestions, Vec::<&str>::new());
    assert_eq!(report.commands.last().unwrap().suggestions, ["hei"]);
    assert!(report.ok, "an unknown command is ignored");
    assert_eq!(report.warnings[0], "column 11: width= is unknown; did you mean wid=?");
    assert!(report.warnings[1].ends_with("hej= is unknown; did you mean hei=?"));
}

#[test]
fn a_fault_has_the_length_of_its_command() {
    for (url, wrong) in [
        ("Shöp/shoe?wid=3&amp;hei=ab😀&fmt=png", "hei=ab😀"),
        ("Shop/shoe?fmt=heic", "fmt=heic"),
        ("Shop/shoe?src=is{a/b?wid=x&hei=1}&wid=4", "wid=x"),
        ("Shop/shoe?$v=is%7Ba/b?hei=x%7D&src=$v$&wid=1", "src=$v$"),
        ("Shop/shoe?wid=1&src=is(a&hei=3", "src=is(a&hei=3"),
        ("https://shop.example.com/shoes/red?wid=3", "/shoes/red?wid=3"),
    ] {
        let fault = check(url).error.unwrap();
        let found: String = url.chars().skip(fault.column - 1).take(fault.length).collect();
        assert_eq!(found, wrong, "{}", fault.message);
    }
}
