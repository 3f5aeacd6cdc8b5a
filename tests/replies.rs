//! Kinds of reply with rules of their own: thumbnails, catalog properties, translations, streams.

use crate::shop;

use azulejo::{
    pixel::{ColorModel, PixelFormat},
    pyramid::{
        Metadata,
        write::{WriteOptions, Writer},
    },
    store::MemoryStore,
};
use shop::{TULIPS, catalog, get, headers, record, refusal, shop_with, store, text};

/// Whether two requests give the same picture.
fn same(store: &MemoryStore, one: &str, other: &str) {
    let (one_reply, other_reply) = (get(store, one), get(store, other));
    let shown = String::from_utf8_lossy(&one_reply.body).chars().take(200).collect::<String>();
    assert_eq!((one_reply.status, other_reply.status), (200, 200), "{one}: {shown}");
    assert!(one_reply.body == other_reply.body, "{one} is not {other}");
}

/// The lines of a text of properties, without the two that all have.
fn properties(store: &MemoryStore, request: &str) -> String {
    let text = text(store, request);
    let head = "#S7Z OK\r\n#Thu Jan 01 00:00:00 UTC 1970\r\n";
    text.strip_prefix(head).unwrap_or(&text).replace("\r\n", "\n")
}

#[test]
fn a_thumbnail_fits_and_is_padded_as_its_catalog_says() {
    let attributes = [
        ("DefaultThumbPix", "80,40"),
        ("ThumbBkgColor", "ff0000"),
        ("ThumbHorizAlign", "3"),
        ("ThumbType", "2"),
    ];
    let store = shop_with(&attributes, "{}");
    let thumbnail = "Shop/shoe?req=tmb&fmt=png";
    let fitted = "Shop/shoe?fmt=png&fit=fit,1&align=1,0";
    same(&store, thumbnail, &format!("{fitted}&wid=80&hei=40&bgc=ff0000"));
    same(&store, &format!("{thumbnail}&wid=90"), &format!("{fitted}&wid=90&hei=40&bgc=ff0000"));
    same(&store, &format!("{thumbnail}&bgc=00ff00"), &format!("{fitted}&wid=80&hei=40&bgc=00ff00"));
    // It may be larger than its image (N5).
    same(
        &store,
        &format!("{thumbnail}&wid=500&hei=300"),
        &format!("{fitted}&wid=500&hei=300&bgc=ff0000"),
    );
    let mime =
        ("image/png".to_owned(), "public, max-age=36000, stale-while-revalidate=60".to_owned());
    assert_eq!(headers(&store, thumbnail), mime);
    // A free side follows from the image (N1).
    let free = shop_with(&[("DefaultThumbPix", "0,40")], "{}");
    same(&free, thumbnail, "Shop/shoe?fmt=png&hei=40");
    let free = shop_with(&[("DefaultThumbPix", "0,0")], "{}");
    same(&free, thumbnail, "Shop/shoe?fmt=png&scl=1");
}

/// r-tmb: all commands but `fit=`, wherever they are said.
#[test]
fn a_thumbnail_has_a_layer_size_a_scale_and_a_region() {
    let attributes = [("ThumbHorizAlign", "3"), ("ThumbVertAlign", "1")];
    let pairs = [
        // A region takes the picture's place.
        ("rgn=40,20,60,30", "rgn=40,20,60,30&fit=fit,1&wid=100&hei=100"),
        // A scale goes before that of the type, and the size cuts or pads.
        ("scl=2", "scl=2&wid=100&hei=100"),
        ("scl=9", "scl=9&wid=100&hei=100"),
        // One side of a layer's size leaves no room in it.
        ("size=30,0", "size=30,0&fit=fit,1&wid=100&hei=100"),
    ];
    for (commands, alike) in pairs {
        let alike = format!("Shop/shoe?fmt=png&align=1,-1&{alike}");
        let store = shop_with(&attributes, "{}");
        same(&store, &format!("Shop/shoe?req=tmb&fmt=png&{commands}"), &alike);
        let recorded = shop_with(&attributes, &format!(r#"{{"modifier": "{commands}"}}"#));
        same(&recorded, "Shop/shoe?req=tmb&fmt=png", &alike);
    }
}

/// r-thumbnail-scaling: the layer is the box of `size=`, which its image fits, fills, or lies in.
#[test]
fn a_thumbnail_boxes_a_layer_that_has_a_size() {
    let boxed = "Shop/shoe?req=tmb&size=90,30&wid=90&hei=30&fmt=png";
    for (kind, alike) in [
        ("2", "fit=fit,1&align=-1,0"),
        ("1", "fit=crop,1&align=-1,0"),
        ("3", "scale=.5&scl=1&align=-1,0"),
    ] {
        let attributes = [("ThumbType", kind), ("ThumbHorizAlign", "1"), ("ThumbRes", "36")];
        let store = shop_with(&attributes, "{}");
        let alike = format!("Shop/shoe?wid=90&hei=30&fmt=png&{alike}");
        same(&store, boxed, &alike);
        // A layer is mirrored with its box.
        let flipped = format!("{}&flip=lr", alike.replace("align=-1", "align=1"));
        same(&store, &format!("{boxed}&flip=lr"), &flipped);
        // A larger view scales the box with what is in it, but a texture.
        let larger = boxed.replace("wid=90&hei=30", "wid=180&hei=60");
        let alike = match kind {
            "3" => {
                "Shop/shoe?crop=0,70,180,60&scale=.5&scl=1&wid=180&hei=60&align=-1,0&fmt=png".into()
            }
            _ => alike.replace("wid=90&hei=30", "wid=180&hei=60"),
        };
        same(&store, &larger, &alike);
    }
}

/// A free side leaves room where the scale is fixed: the attributes place the picture there.
#[test]
fn thumbnails_are_aligned_on_a_free_side_too() {
    let attributes =
        |across| [("ThumbType", "3"), ("DefaultThumbPix", "60,0"), ("ThumbHorizAlign", across)];
    for (across, left) in [("1", 0), ("2", 70), ("3", 140)] {
        let store = shop_with(&attributes(across), "{}");
        let cut = format!("Shop/shoe?fmt=png&scl=1&rect={left},0,60,200");
        same(&store, "Shop/shoe?req=tmb&fmt=png", &cut);
        let narrow = "Shop/shoe?fmt=png&scl=1&wid=60&hei=200&align=";
        same(&store, "Shop/shoe?req=tmb&fmt=png", &format!("{narrow}{},0", (left - 70) / 70));
    }
}

#[test]
fn a_thumbnail_is_cut_where_its_type_is_crop() {
    let attributes = [("ThumbType", "1"), ("ThumbVertAlign", "1")];
    let store = shop_with(&attributes, "{}");
    let request = "Shop/shoe?req=tmb&wid=100&hei=50&fmt=png";
    same(&store, request, "Shop/shoe?fmt=png&fit=crop,1&wid=100&hei=50&align=0,-1");
    // catalog::ThumbType goes before the attribute.
    let store = shop_with(&attributes, r#"{"thumbType": 2}"#);
    same(&store, request, "Shop/shoe?fmt=png&fit=fit,1&wid=100&hei=50");
}

/// r-thumbtype-cat: 25 of 100 pixels an inch are a quarter, then cut or padded.
#[test]
fn a_texture_keeps_its_own_resolution() {
    let attributes = [("ThumbType", "3"), ("ThumbRes", "25"), ("Resolution", "100")];
    let store = shop_with(&attributes, "{}");
    let quarter = "Shop/shoe?fmt=png&scale=0.25&scl=1";
    let thumbnail = "Shop/shoe?req=tmb&fmt=png";
    same(&store, thumbnail, &format!("{quarter}&wid=100&hei=100"));
    same(&store, &format!("{thumbnail}&wid=30&hei=70"), &format!("{quarter}&wid=30&hei=70"));
    let store = shop_with(&attributes, r#"{"thumbRes": 10, "resolution": 20}"#);
    same(&store, thumbnail, "Shop/shoe?fmt=png&scale=0.5&scl=1&wid=100&hei=100");
}

#[test]
fn what_a_thumbnail_does_not_have_is_refused_by_name() {
    let store = store();
    let wanted = "fit=…: expected no fit= with req=tmb: the catalog's ThumbType determines it";
    assert_eq!(refusal(&store, "Shop/shoe?req=tmb&wid=9&fit=crop"), wanted);
    let limited = shop_with(&[("MaxPix", "90,90")], "{}");
    assert!(refusal(&limited, "Shop/shoe?req=tmb").contains("larger than MaxPix 90 × 90"));
}

/// r-is-http-defaultimage: of the request four commands stay, or all of them.
#[test]
fn the_default_image_stands_for_a_missing_thumbnail() {
    for (mode, stands_in) in
        [("0", "Shop/shoe?fmt=png&wid=50"), ("1", "Shop/shoe?req=tmb&fmt=png&wid=50")]
    {
        let attributes = [("DefaultImage", "Shop/none-yet"), ("DefaultImageMode", mode)];
        let store = shop_with(&attributes, "{}");
        store.put("assets/Shop/none-yet.tif", TULIPS.to_vec());
        same(&store, "Shop/gone?req=tmb&fmt=png&wid=50", stands_in);
    }
}

#[test]
fn a_catalog_reports_its_properties() {
    let attributes = [
        ("BkgColor", "0a0b0c"),
        ("DefaultExt", ".jpg"),
        ("JpegQuality", "90,1"),
        ("MaxPix", "4000,5000"),
        ("NonImgExpiration", "2"),
        ("PublishInfo", "of May"),
        ("ResMode", "3"),
        ("ThumbType", "1"),
        ("ThumbVertAlign", "3"),
        ("TimeStamp", "03/01/2000 12:00:00 GMT"),
    ];
    let store = shop_with(&attributes, "{}");
    let expected = "catalog.bkgColor=0x0a0b0cff
catalog.defaultExt=.jpg
catalog.defaultPix=1280,1280
catalog.defaultThumbPix=100,100
catalog.expiration=10
catalog.defaultExpiration=1
catalog.nonImgExpiration=2
catalog.fileTime=2000-03-01T12:00:00Z
catalog.jpegQuality=90,1
catalog.maxPix=4000,5000
catalog.printResolution=72
catalog.publishInfo=of May
catalog.resMode=3
catalog.resolution=72
catalog.thumbBkgColor=0xffffffff
catalog.thumbHorizAlign=2
catalog.thumbRes=72
catalog.thumbType=1
catalog.thumbVertAlign=3
catalog.upscale=0
catalog.watermark=
";
    assert_eq!(properties(&store, "Shop?req=catalogprops"), expected);
    // Whether the object is there makes no difference.
    assert_eq!(properties(&store, "Shop/gone?req=catalogprops&locale=xx"), expected);
    let mime = (
        "text/plain; charset=utf-8".to_owned(),
        "public, max-age=7200, stale-while-revalidate=60".to_owned(),
    );
    assert_eq!(headers(&store, "Shop?req=catalogprops"), mime);
    // Without a rootId it is the default catalog.
    for request in ["?req=catalogprops", "/?req=catalogprops"] {
        assert!(properties(&store, request).contains("catalog.maxPix=3000,3000\n"), "{request}");
    }
    let json = text(&store, "Shop?req=catalogprops,json&id=8&handler=told");
    assert!(json.starts_with("/*jsonp*/told({\"catalog.bkgColor\":\"0x0a0b0cff\","), "{json}");
    assert!(json.ends_with("\"catalog.watermark\":\"\"},\"8\");"), "{json}");
    let xml = text(&store, "Shop?req=catalogprops,xml");
    assert!(
        xml.contains("<prop-group name=\"catalog\">\n    <property name=\"bkgColor\""),
        "{xml}"
    );
}

#[test]
fn translations_are_those_that_are_there() {
    let store = shop_with(&[("LocaleMap", "en,|fr,_fr,|de,_de,|at,_at,_de,|ja,_ja,")], "{}");
    let ids = |request: &str| {
        let list = properties(&store, request);
        list.strip_prefix("xlate.translatedIds=").unwrap_or(&list).trim_end().to_owned()
    };
    for id in ["shoe_fr", "shoe_ja", "boot_de"] {
        record(&store, id, "{}");
    }
    store.put("assets/Shop/shoe_de.tif", TULIPS.to_vec());
    record(&store, "shoe_ja", r#"{"published": false}"#);
    assert_eq!(ids("Shop/shoe?req=xlate"), "shoe,shoe_fr,shoe_de");
    assert_eq!(ids("Shop/shoe?req=xlate&locale=xx"), "shoe,shoe_fr,shoe_de");
    assert_eq!(ids("Shop/boot?req=xlate"), "boot_de");
    assert_eq!(ids("Shop/gone?req=xlate"), "");
    assert_eq!(
        text(&store, "Shop/shoe?req=xlate,javascript"),
        "xlate.translatedIds='shoe,shoe_fr,shoe_de'\r\n"
    );
    let cache_control = "public, max-age=36000, stale-while-revalidate=60".to_owned();
    assert_eq!(
        headers(&store, "Shop/shoe?req=xlate,xml"),
        ("text/xml; charset=utf-8".into(), cache_control)
    );
    assert_eq!(
        refusal(&store, "Shop?req=xlate"),
        "req=xlate: expected an object in the path (r-xlate)"
    );
    // Without a map there is the id alone.
    assert_eq!(
        properties(&shop_with(&[], "{}"), "Shop/shoe?req=xlate"),
        "xlate.translatedIds=shoe\n"
    );
}

fn films() -> MemoryStore {
    let contexts = [
        ("HttpAppleStreamingContext", "http://apple.example/hls/"),
        ("HttpFlashStreamingContext", "http://flash.example/hds"),
    ];
    let store = shop_with(&contexts, "{}");
    record(&store, "films", r#"{"imageSet": "Shop/a,Shop/b,Shop/c,Shop/d,Shop/gone"}"#);
    record(
        &store,
        "a",
        r#"{"path": "clips/a.mp4", "videoBitRate": 400000, "audioBitRate": 64000}"#,
    );
    record(&store, "b", r#"{"path": "clips/b.MP4", "totalStreamBitRate": 1000400}"#);
    record(&store, "c", r#"{"path": "clips/c.f4v", "audioBitRate": 64000}"#);
    record(&store, "d", r#"{"path": "clips/d.mp4"}"#);
    store
}

/// Adobe Media Server's names: the file with the list's suffix behind.
#[test]
fn video_sets_list_their_streams() {
    let store = films();
    let apple = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=464000\nhttp://apple.example/hls/clips/a.mp4.m3u8\n\
                 #EXT-X-STREAM-INF:BANDWIDTH=1000400\nhttp://apple.example/hls/clips/b.MP4.m3u8\n";
    let flash = "<manifest xmlns=\"http://ns.adobe.com/f4m/2.0\">\
                 <media href=\"http://flash.example/hds/clips/c.f4v.f4m\" bitrate=\"64\"/></manifest>";
    let document = format!("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n{flash}\n");
    let cache_control = || "public, max-age=360, stale-while-revalidate=60".to_owned();
    for (query, mime, body) in [
        ("req=mbrSet", "text/plain; charset=utf-8", apple),
        ("req=mbrset,text&fmt=m3u8", "application/vnd.apple.mpegurl", apple),
        ("req=mbrSet,xml", "text/xml", &document),
        ("req=mbrSet&fmt=f4m", "application/f4m+xml", &document),
    ] {
        let request = format!("Shop/films?{query}");
        assert_eq!(text(&store, &request), body, "{request}");
        assert_eq!(headers(&store, &request), (mime.to_owned(), cache_control()), "{request}");
    }
    let utf16 = get(&store, "Shop/films?req=mbrSet,xml,UTF-16").body;
    assert_eq!(utf16.get(..4), Some(&[0xfe, 0xff, 0, b'<'][..]));
    // Without videos "the response is empty"; so it is without a set.
    record(&store, "still", r#"{"imageSet": "Shop/d,Shop/front"}"#);
    for id in ["still", "front", "gone"] {
        assert_eq!(text(&store, &format!("Shop/{id}?req=mbrSet")), "");
    }
    assert_eq!(
        refusal(&store, "Shop/films?req=mbrSet,json"),
        "req=mbrSet,json: expected one of text, xml"
    );
    assert_eq!(
        refusal(&store, "Shop/shoe?fmt=m3u8"),
        "fmt=m3u8: only req=mbrSet has it; use fmt=jpeg for an image"
    );
    catalog(&store, &[]);
    let fresh = films();
    catalog(&fresh, &[]);
    assert_eq!(
        refusal(&fresh, "Shop/films?req=mbrSet"),
        "req=mbrSet: the catalog has no HttpAppleStreamingContext; set it to the URL of your streaming server"
    );
}

/// The first request of Adobe's responsive library, of an original above MaxPix; and an error of
/// it, which a browser only runs with status 200.
#[test]
fn the_responsive_librarys_first_request_is_answered() {
    let store = shop_with(&[("MaxPix", "90,90")], "{}");
    let query = "req=props,json&scl=1&id=-9&handler=s7RIJSONResponse";
    let jsonp = text(&store, &format!("Shop/shoe?{query}"));
    assert!(jsonp.starts_with("/*jsonp*/s7RIJSONResponse({"), "{jsonp}");
    assert!(jsonp.contains("\"image.width\":\"200\"") && jsonp.ends_with(",\"-9\");"), "{jsonp}");
    assert!(refusal(&store, "Shop/shoe?scl=1").contains("larger than MaxPix 90 × 90"));
    assert!(refusal(&store, "Shop/shoe?scl=1&req=loadcache").contains("larger than MaxPix"));
    // Nor does what a picture would take of memory count.
    let vast = text(&store, "Shop/shoe?req=props&wid=900000&fit=stretch,1");
    assert!(vast.contains("image.width=900000"), "{vast}");
    let missing = get(&store, &format!("Shop/gone?{query}"));
    assert_eq!((missing.status, missing.header("cache-control")), (200, Some("no-store")));
    assert!(missing.body.starts_with(b"/*jsonp*/s7jsonError({"));
    assert_eq!(get(&store, "Shop/gone?req=props").status, 403);
}

/// Red, grey or brightness, and whether there is alpha, as IHDR tells.
#[test]
fn png_with_alpha_can_be_grey() {
    let store = store();
    let colour_type = |request: &str| get(&store, request).body[25];
    assert_eq!(colour_type("Shop/shoe?wid=20&fmt=png-alpha,gray"), 4);
    assert_eq!(colour_type("Shop/shoe?wid=20&fmt=png-alpha"), 6);
    assert_eq!(colour_type("Shop/shoe?wid=20&fmt=png,gray"), 0);
    let list = properties(&store, "Shop/shoe?wid=20&fmt=png-alpha,gray&req=props");
    assert!(list.contains("image.mask=1\n") && list.contains("image.pixTyp=BW\n"), "{list}");
}

#[test]
fn the_chroma_flag_alone_keeps_the_catalogs_quality() {
    let store = shop_with(&[("JpegQuality", "70")], "{}");
    same(&store, "Shop/shoe?wid=60&qlt=,1", "Shop/shoe?wid=60&qlt=70,1");
    let store = shop_with(&[("JpegQuality", "70,1")], "{}");
    same(&store, "Shop/shoe?wid=60&qlt=,0", "Shop/shoe?wid=60&qlt=70,0");
    same(&store, "Shop/shoe?wid=60&qlt=50", "Shop/shoe?wid=60&qlt=50,0");
    same(&store, "Shop/shoe?wid=60&qlt=", "Shop/shoe?wid=60&qlt=70,1");
}

/// With one layer, its operations are those of the view, sizes scaled as it is (G5).
#[test]
fn layer_0_is_sharpened() {
    let store = store();
    for operation in ["op_usm=2,1.5", "op_sharpen=1"] {
        let plain = get(&store, "Shop/shoe?scl=1&fmt=png");
        let sharp = format!("Shop/shoe?scl=1&fmt=png&layer=0&{operation}");
        assert!(get(&store, &sharp).body != plain.body, "{operation}");
        same(&store, &sharp, &format!("Shop/shoe?scl=1&fmt=png&{operation}"));
    }
    let reduced = "Shop/shoe?scl=2&fmt=png";
    same(&store, &format!("{reduced}&layer=0&op_usm=2,3"), &format!("{reduced}&op_usm=2,1.5"));
    same(&store, &format!("{reduced}&layer=0&op_usm=2,0.15"), reduced);
    let both = "layer=0&op_usm=2,1.5&layer=comp&op_sharpen=1";
    assert!(get(&store, &format!("{reduced}&{both}")).body != get(&store, reduced).body);
}

#[test]
fn a_resolved_request_names_the_same_picture() {
    let store = store();
    catalog(&store, &[]);
    store.put("assets/Shop/tulip.tif", TULIPS.to_vec());
    record(&store, "tulip", r#"{"modifier": "qlt=70", "postModifier": "wid=30"}"#);
    record(&store, "card", r#"{"modifier": "wid=40&src=Shop/tulip"}"#);
    for (request, named) in [
        ("Shop/shoe?src=tulip&hei=50", "src=tulip"),
        ("Shop/shoe?layer=0&src=Shop/tulip&layer=comp&hei=50", "src=Shop%2Ftulip"),
        ("Shop/shoe?template=card&hei=50", "template=card"),
        ("Shop/shoe?$who=tulip&src=$who$&hei=50", "src=tulip"),
    ] {
        let resolved = text(&store, &format!("{request}&req=resolve"));
        let resolved = resolved.trim_end().strip_prefix("/is/image/").unwrap().to_owned();
        assert!(resolved.contains(named), "{request}: {resolved}");
        same(&store, request, &resolved.replace("req=resolve&", ""));
        let explained = text(&store, &format!("{request}&req=explain"));
        let name = named.split('=').next().unwrap();
        assert!(explained.contains(&format!("\"name\": \"{name}\"")), "{request}: {explained}");
    }
}

#[test]
fn the_record_that_src_shows_has_the_last_word() {
    let store = store();
    catalog(&store, &[]);
    store.put("assets/Shop/tulip.tif", TULIPS.to_vec());
    record(&store, "tulip", r#"{"modifier": "wid=70", "postModifier": "hei=30&fit=stretch"}"#);
    same(&store, "Shop/shoe?src=tulip&hei=50", "Shop/shoe?wid=70&hei=30&fit=stretch");
    let store = self::store();
    catalog(&store, &[]);
    record(&store, "tulip", r#"{"postModifier": "src=Shop/shoe"}"#);
    let wanted = "src=Shop/tulip: a record with src= or mask= cannot be a source";
    assert_eq!(refusal(&store, "Shop/shoe?src=tulip"), wanted);
}

#[test]
fn a_missing_picture_is_named_as_the_request_names_it() {
    let store = store();
    catalog(&store, &[]);
    let source = |name: &str, key: &str| format!("src={name}: no such image ({key})");
    let nosuch = source("nosuch", "assets/Shop/nosuch.tif");
    // Whatever the path names: an image, nothing, the catalog alone.
    for path in ["Shop/shoe", "Shop/none", "Shop"] {
        assert_eq!(refusal(&store, &format!("{path}?src=nosuch")), nosuch, "{path}");
    }
    let elsewhere = source("/Else/a/b", "assets/Else/a/b.tif");
    assert_eq!(refusal(&store, "Shop/shoe?src=/Else/a/b"), elsewhere);
    let default = source("/nosuch", "assets/default/nosuch.tif");
    assert_eq!(refusal(&store, "Shop/shoe?src=/nosuch"), default);
    // A record without a picture is none, and so is a template.
    let front = source("front", "assets/Shop/front.tif");
    assert_eq!(refusal(&store, "Shop/shoe?src=front"), front);
    record(&store, "led", r#"{"path": "shoes/boot.jpg"}"#);
    let led = source("led", "its Path leads to assets/Shop/shoes/boot.tif");
    assert_eq!(refusal(&store, "Shop/shoe?src=led"), led);
    let template = "template=nosuch: no such record (records/Shop/nosuch.json)";
    assert_eq!(refusal(&store, "Shop/shoe?template=nosuch"), template);
    let front = "Shop/front: no such image (assets/Shop/front.tif)";
    assert_eq!(refusal(&store, "Shop/shoe?template=front"), front);
    let nosuch = "Shop/nosuch: no such image (assets/Shop/nosuch.tif)";
    assert_eq!(refusal(&store, "Shop/nosuch"), nosuch);
}

/// r-imageprops: what the pyramid holds besides pixels is read for this reply only.
#[test]
fn paths_and_the_profile_are_listed_by_name() {
    let mut blocks = Vec::new();
    for name in [b"Path 1", b"Outlin"] {
        blocks.extend_from_slice(b"8BIM\x07\xd0\x06");
        blocks.extend_from_slice(name);
        blocks.extend_from_slice(&[0, 0, 0, 0, 0]);
    }
    let mut icc = vec![0; 128];
    icc.extend_from_slice(b"\0\0\0\x01desc\0\0\0\x90\0\0\0\x11desc\0\0\0\0\0\0\0\x05Mine\0");
    let metadata = Metadata { icc: Some(icc), photoshop: Some(blocks), ..Metadata::default() };
    let grey = PixelFormat { model: ColorModel::Gray, alpha: false };
    let options = WriteOptions { metadata, ..WriteOptions::default() };
    let mut writer = Writer::new(40, 30, grey, options).unwrap();
    (0..30).for_each(|_| writer.push_row(&[90; 40]).unwrap());
    let store = store();
    store.put("assets/Shop/cut.tif", writer.finish().unwrap());
    for request in ["Shop/cut?req=imageprops", "Shop/cut?req=imageprops&id=again"] {
        let list = properties(&store, request);
        for line in [
            "image.iccProfile=Mine\nimage.embeddedIccProfile=1\n",
            "image.embeddedPhotoshopPaths=1\n",
            "image.photoshopPathNames=Path 1,Outlin\n",
        ] {
            assert!(list.contains(line), "{line}: {list}");
        }
    }
    let list = properties(&store, "Shop/shoe?req=imageprops");
    assert!(list.contains("image.embeddedPhotoshopPaths=0\n"), "{list}");
}
