//! The laws of the XML door.

use super::*;
use proptest::prelude::*;

fn why(raw: &[u8]) -> String {
    parse(raw).expect_err("should be refused").to_string()
}

#[test]
fn a_tree_with_names_spaces_and_places() {
    let raw = "\u{FEFF}<?xml version = '1.0' encoding = 'UTF-8'?>\n<!-- x --><a xmlns='urn:a' xmlns:p=\"urn:p\" k='1 &lt; 2'>\r\n  <p:b/>\n  <c xmlns=''>è &amp; <![CDATA[<ù>]]>&#xE9;</c></a>";
    let a = parse(raw.as_bytes()).unwrap();
    assert_eq!((&*a.name, &*a.ns, a.line), ("a", "urn:a", 2));
    assert_eq!(a.attributes.len(), 1);
    assert_eq!(a.attribute("k"), Some("1 < 2"));
    let (b, c) = (a.child("b").unwrap(), a.child("c").unwrap());
    assert_eq!((&*b.ns, &*c.ns), ("urn:p", ""));
    assert_eq!(a.text("c"), Some("è & <ù>é"));
    assert_eq!(c.span.of(raw.as_bytes()), "<c xmlns=''>è &amp; <![CDATA[<ù>]]>&#xE9;</c>".as_bytes());
    assert_eq!(b.span.of(raw.as_bytes()), b"<p:b/>");
    assert_eq!((b.line, c.line), (3, 4));
    assert_eq!(a.descendants().map(|e| &*e.name).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(a.find("C").is_some());
}

#[test]
fn what_can_hurt_is_refused_with_its_place() {
    let bomb = "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;'>]>\n<a>&y;</a>";
    assert_eq!(why(bomb.as_bytes()), "line 2:1: a DOCTYPE is not accepted: it can name files and grow without end");
    assert!(why(b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>").starts_with("line 1:1"));
    assert!(why(b"<a>\n &y;</a>").starts_with("line 2:2: `&y;`"));
    assert!(why(b"<a k='&y;'/>").contains("`&y;`"));
    assert!(why(b"<a>&#0;</a>").contains("`&#0;`"));
    assert!(why(b"<a>&#+65;</a>").contains("stands for nothing"));
    assert!(why(b"<a>\0</a>").contains("U+0000"));
    assert!(why("<a>".repeat(65).as_bytes()).contains("deeper than 64"));
    let wide = |n: usize| format!("<a {}/>", (0..n).map(|i| format!("k{i}='' ")).collect::<String>());
    assert!(parse(wide(256).as_bytes()).is_ok());
    assert!(why(wide(257).as_bytes()).contains("more than 256 attributes"));
    assert!(why(format!("<a>{}</a>", "x".repeat(MAX_TOKEN + 1)).as_bytes()).contains("longer than 1024 KiB"));
    assert!(why(&vec![b' '; MAX_BYTES + 1]).contains("larger than 64 MiB"));
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for (raw, word) in [
        ("", "no XML element"),
        ("  ", "no XML element"),
        ("hello", "text outside"),
        ("<a>\n<b></a>", "line 2:4"),
        ("<a>\n<b>", "before <b> on line 2 is closed"),
        ("<a/><a/>", "second root"),
        ("<a/>x", "text outside"),
        ("<p:a/>", "prefix `p` is not declared"),
        ("<a k='1' k='2'/>", "stands twice"),
        ("<a k='<'/>", "`<` may not"),
        ("<1a/>", "not an element name"),
        ("<a>R & B</a>", "line 1:"),
        ("<?xml version='1.0' encoding='UTF-7'?><a/>", "`utf-7` is not read"),
    ] {
        let why = why(raw.as_bytes());
        assert!(why.contains(word), "{raw}: {why}");
    }
}

#[test]
fn encodings_are_read_as_declared_or_refused() {
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>citt\xE0 \x93x\x94</a>";
    let a = parse(latin).unwrap();
    assert_eq!(a.own_text(), Some("città “x”"));
    // Transcoded: offsets would lie, so the record is the whole message.
    assert_eq!((a.span, a.span.of(latin).len()), (Span::default(), latin.len()));
    assert!(why(b"<a>\ncitt\xE0</a>").starts_with("line 2:5: byte 0xE0 is not UTF-8"));
    for (mark, bytes) in [([0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xFE, 0xFF], u16::to_be_bytes)] {
        let wide: Vec<u8> = mark.into_iter().chain("<a>è</a>".encode_utf16().flat_map(bytes)).collect();
        assert_eq!(parse(&wide).unwrap().own_text(), Some("è"));
        assert!(why(&wide[..wide.len() - 1]).contains("UTF-16"));
    }
    assert!(why(&"<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).contains("U+0000"));
}

#[test]
fn garbage_of_ten_megabytes_is_refused_at_once() {
    let started = std::time::Instant::now();
    let size = 10 << 20;
    let noise: Vec<u8> = (0..size as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for raw in
        [noise, vec![b'<'; size], vec![b'x'; size], b"<a ".repeat(size / 3), b"<a>".repeat(size / 3), b"<!DOCTYPE ".repeat(size / 10)]
    {
        assert!(parse(&raw).is_err());
    }
    // All six, in an unoptimised build.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[test]
fn shown_with_one_element_a_line() {
    let shown = pretty(b"<p:a k='1'><b>x &amp; y</b>\n<c/><!-- z --><d><e>1</e></d></p:a>");
    assert_eq!(shown, "<p:a k='1'>\n  <b>x &amp; y</b>\n  <c/>\n  <!-- z -->\n  <d>\n    <e>1</e>\n  </d>\n</p:a>");
    assert_eq!(pretty(b"</b> <a>\0 <"), "</b>\n<a>  <");
}

proptest! {
    #[test]
    fn nothing_panics_and_spans_hold_their_element(raw in "[<>/a-c &;\"'=!\\[\\]x:\n\u{e8}-]{0,80}") {
        let _ = pretty(raw.as_bytes());
        if let Ok(root) = parse(raw.as_bytes()) {
            for e in root.descendants() {
                prop_assert!(e.span.of(raw.as_bytes()).starts_with(b"<") && e.span.of(raw.as_bytes()).ends_with(b">"));
            }
        }
    }
    #[test]
    fn random_bytes_never_panic(raw in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = (parse(&raw), pretty(&raw));
    }
}
