//! The laws of CAP as Vedetta reads it, on fixtures written from the standard, and on captures where they are at hand.

use super::*;
use app::model::{Position, Shape};
use proptest::prelude::*;
use std::path::Path;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cap/", $name))
    };
}
const FIXTURES: &[&[u8]] = &[
    fixture!("alert-1.2.xml"),
    fixture!("alert-1.1.xml"),
    fixture!("cancel.xml"),
    fixture!("bad-records.xml"),
    fixture!("index.atom.xml"),
    fixture!("index.rss.xml"),
    fixture!("broken.xml"),
];

fn now() -> Context<'static> {
    Context { now: Time::parse("2026-11-22T10:00:00+01:00").unwrap(), gtfs: None }
}
fn read(raw: &[u8]) -> Decoded {
    decode(raw, &now()).unwrap()
}
fn situation(report: &Report) -> &Situation {
    match &report.body {
        Body::Situation(s) => s,
        other => panic!("{other:?}"),
    }
}
fn only(raw: &[u8]) -> Situation {
    let out = read(raw);
    assert_eq!((out.reports.len(), &out.findings, out.complete), (1, &vec![], false));
    situation(&out.reports[0]).clone()
}
fn at(text: &str) -> Option<Time> {
    Some(Time::parse(text).unwrap())
}
fn attribute<'a>(s: &'a Situation, name: &str) -> Vec<&'a str> {
    s.attributes.iter().filter(|(n, _)| **n == *name).map(|(_, v)| &**v).collect()
}

#[test]
fn an_update_in_two_languages() {
    let raw = FIXTURES[0];
    let s = only(raw);
    assert_eq!(&*s.headline, "Allerta arancione: piena dell'Arno dal pomeriggio");
    assert_eq!(s.description.as_deref(), Some("Il livello a Firenze Uffizi supera la prima soglia.\nIl colmo è atteso alle 21."));
    assert_eq!((s.language.as_deref(), s.area.as_deref()), (Some("it-IT"), Some("Lungarni; Isolotto")));
    assert_eq!((s.severity, s.urgency, s.certainty), (Severity::Severe, Urgency::Expected, Certainty::Likely));
    assert_eq!((s.from, s.to), (at("2026-11-22T08:30:00Z"), at("2026-11-23T11:00:00Z")));
    assert_eq!(s.replaces.iter().map(|r| &**r).collect::<Vec<_>>(), ["IT-FI-2026-0409", "IT-FI-2026-0410"]);
    // The translation repeats the polygon; it is one shape. Latitude comes first in CAP, last here.
    assert_eq!(s.geometry.0.len(), 2);
    let Shape::Polygon(ring) = &s.geometry.0[0] else { panic!() };
    assert_eq!((ring.len(), ring[0].lon(), ring[0].lat()), (6, 11.23, 43.7655));
    assert!(matches!(s.geometry.0[1], Shape::Circle { radius, .. } if radius == 1200.0));
    assert_eq!(attribute(&s, "headline@en-GB"), ["Orange warning: Arno flood from this afternoon"]);
    assert_eq!(attribute(&s, "areaDesc@en-GB"), ["Arno embankments"]);
    assert_eq!(attribute(&s, "geocode:ISTAT"), ["048017"]);
    assert_eq!(attribute(&s, "responseType"), ["Prepare", "Avoid"]);
    assert_eq!(attribute(&s, "category"), ["Met"]);
    let span = read(raw).reports[0].span.of(raw);
    assert!(span.starts_with(b"<alert ") && span.ends_with(b"</alert>"));
    assert!((FORMAT.show)(span).contains("\n  <info>\n    <language>it-IT</language>\n"));
}

#[test]
fn effective_is_sent_when_it_is_not_given_and_onset_is_not_waited_for() {
    let s = only(FIXTURES[1]);
    assert_eq!(s.from, at("2026-07-18T06:00:00Z"));
    assert_eq!(attribute(&s, "onset"), ["2026-07-19T11:00:00+02:00"]);
}

#[test]
fn a_cancellation_withdraws_what_it_names() {
    let s = only(FIXTURES[2]);
    assert!(s.cancels && !s.in_force(now().now));
    assert_eq!(s.replaces.iter().map(|r| &**r).collect::<Vec<_>>(), ["IT-FI-2026-0412"]);
    assert_eq!(&*s.headline, "Piena passata, allerta chiusa");
}

#[test]
fn bad_records_are_found_by_number_and_the_rest_is_kept() {
    let out = read(FIXTURES[3]);
    assert_eq!((out.rejected, out.reports.len(), out.complete), (4, 1, false));
    assert_eq!(out.links, ["https://allerte.firenze.example/cap/7"]);
    let mut rules: Vec<&str> = out.findings.iter().map(|f| &*f.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let want = "1 2 3 4 5 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 24 27 28 29 30";
    let mut want: Vec<String> = want.split(' ').map(|n| format!("CAP-{n:0>3}")).collect();
    // A private alert has a scope after all.
    want.retain(|r| r != "CAP-007");
    assert_eq!(rules, want);
    let s = situation(&out.reports[0]);
    assert_eq!((s.severity, s.urgency, s.cancels), (Severity::Unknown, Urgency::Unknown, true));
    assert_eq!(&*s.headline, "Testo rovesciato");
    // The open triangle, closed, and the circle without extent.
    assert_eq!(s.geometry.0.len(), 2);
}

#[test]
fn an_index_gives_what_it_carries_and_points_at_the_rest() {
    let out = read(FIXTURES[4]);
    assert_eq!((out.findings.as_slice(), out.complete), (&[][..], false));
    assert_eq!(out.links, ["https://allerte.firenze.example/cap/0421"]);
    let s = situation(&out.reports[0]);
    assert_eq!(
        (s.status, &*s.headline, s.description.as_deref()),
        (Status::Exercise, "Vento forte sulle colline", Some("Raffiche fino a 80 km/h."))
    );
    assert_eq!(attribute(s, "geocode:ISTAT"), ["048015"]);

    let out = read(FIXTURES[5]);
    assert_eq!((out.findings.as_slice(), &*out.links), (&[][..], &["https://allerte.firenze.example/cap/0430".to_string()][..]));
    let s = situation(&out.reports[0]);
    assert_eq!((&*out.reports[0].id, &*s.headline, s.severity), ("0431", "Pioggia in città", Severity::Minor));
    assert_eq!((out.reports[0].observed_at, s.geometry.0.len()), (at("2026-11-22T09:30:00Z"), 1));
}

#[test]
fn what_is_no_cap_is_refused_with_its_place() {
    assert!(decode(FIXTURES[6], &now()).unwrap_err().to_string().starts_with("line 2:1: a DOCTYPE"));
    let other = decode(b"\n<alert xmlns='urn:other'/>", &now()).unwrap_err();
    assert_eq!(other.to_string(), "line 2: `alert` in namespace urn:other is neither a CAP alert nor an Atom or RSS index of alerts");
    assert!(decode(b"", &now()).is_err() && decode(b"{}", &now()).is_err());
}

#[test]
fn of_one_identifier_the_latest_stays() {
    let entry = |sent: &str, word: &str| {
        format!(
            "<entry><id>a</id><title>{word}</title><updated>{sent}</updated><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>A</identifier><sender>s</sender><sent>{sent}</sent><status>Test</status><msgType>Ack</msgType><scope>Public</scope><references>s,B,{sent}</references><note>{word}</note></alert></entry>"
        )
    };
    let feed = format!(
        "<feed xmlns='{ATOM}'><id>f</id><title>f</title><updated>x</updated>{}{}</feed>",
        entry("2026-11-22T10:00:00+01:00", "new"),
        entry("2026-11-22T09:00:00+01:00", "old")
    );
    let out = read(feed.as_bytes());
    let s = situation(&out.reports[0]);
    assert_eq!((out.reports.len(), &*out.findings[0].rule, &*s.headline), (1, "CAP-025", "new"));
    // An acknowledgement is for the sender's system and replaces nothing.
    assert_eq!((s.status, s.replaces.len(), out.complete), (Status::System, 0, true));
}

#[test]
fn what_is_missing_is_said_and_the_safe_side_taken() {
    let out = read(b"<alert><identifier>a</identifier><sent>2026-11-22T10:00</sent></alert>");
    let found: Vec<&str> = out.findings.iter().map(|f| &*f.rule).collect();
    assert_eq!(found, ["CAP-013", "CAP-003", "CAP-023", "CAP-005", "CAP-006", "CAP-007", "CAP-031"]);
    let s = situation(&out.reports[0]);
    // Never a drill, never over, never harmless.
    assert_eq!(
        (s.status, s.severity, s.cancels, s.in_force(now().now.shifted(7_200_000))),
        (Status::Actual, Severity::Unknown, false, true)
    );
    let out = read(format!("<feed xmlns='{ATOM}'/>").as_bytes());
    assert_eq!((&*out.findings[0].rule, out.complete), ("CAP-026", false));
}

#[test]
fn links_are_web_addresses_only() {
    for href in ["http://a", "HTTPS://a/b?c", "http://[::1]/"] {
        assert!(is_web(href), "{href}");
    }
    for href in
        ["", "a", "/a", "//a", "file:///etc/passwd", "javascript:alert(1)", "http://", "http:///a", "http://a b", "ftp://a", "httpé://"]
    {
        assert!(!is_web(href), "{href}");
    }
}

#[test]
fn rules_are_numbered_in_order_and_explained() {
    for (i, rule) in rules::ALL.iter().enumerate() {
        assert_eq!(rule.id, format!("CAP-{:03}", i + 1));
        assert!(rule.text.len() > 120, "{}", rule.id);
    }
}

#[test]
fn captures_of_others_are_read_right() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/feeds");
    let feeds = std::env::var_os("VEDETTA_FEEDS").map_or(beside, Into::into);
    if !feeds.join("cap").is_dir() {
        eprintln!("skipped: no captures in {}; set VEDETTA_FEEDS", feeds.display());
        return;
    }
    // File; reports, rejected, links; rules found.
    type Want = (&'static str, [usize; 3], &'static [&'static str]);
    let wanted: &[Want] = &[
        ("amber.atom", [1, 0, 0], &[]),
        ("canada.cap", [1, 0, 0], &[]),
        ("earthquake.cap", [1, 0, 0], &[]),
        ("earthquake_index.atom", [0, 0, 1], &[]),
        ("invalid.cap", [1, 0, 0], &["CAP-007"]),
        ("invalid.rss", [0, 1, 0], &["CAP-026", "CAP-027", "CAP-028"]),
        ("invalid_element.atom", [0, 1, 0], &["CAP-024", "CAP-028"]),
        ("no_id.atom", [0, 1, 0], &["CAP-026", "CAP-027", "CAP-028"]),
        ("no_link.atom", [0, 1, 0], &["CAP-028"]),
        ("no_title.atom", [0, 1, 0], &["CAP-027", "CAP-028"]),
        ("ny_index.rss", [0, 0, 2], &[]),
        ("weather.atom", [1, 0, 0], &[]),
        ("weather_index.atom", [2, 0, 0], &[]),
    ];
    for (name, counts, rules) in wanted {
        let raw = std::fs::read(feeds.join("cap").join(name)).unwrap();
        let out = read(&raw);
        let found: Vec<&str> = out.findings.iter().map(|f| &*f.rule).collect();
        assert_eq!(([out.reports.len(), out.rejected, out.links.len()], &*found), (*counts, *rules), "{name}");
    }
    let first = |name: &str| {
        let out = read(&std::fs::read(feeds.join("cap").join(name)).unwrap());
        situation(&out.reports[0]).clone()
    };
    // Two languages, eight areas, of which four are the same four again; latitude before longitude, off Nova Scotia.
    let s = first("canada.cap");
    assert_eq!(
        (&*s.headline, s.area.as_deref()),
        ("alerte vent de tempête", Some("cône Laurentien; banc Georges; talus Scotian Est; talus Scotian Ouest"))
    );
    assert_eq!((s.geometry.0.len(), s.replaces.len(), s.to), (4, 5, at("2011-02-08T14:00:00-05:00")));
    assert!(s.geometry.positions().all(|p| (-68.0..-54.0).contains(&p.lon()) && (39.0..45.0).contains(&p.lat())));
    let s = first("earthquake.cap");
    assert_eq!((s.geometry.anchor(), s.urgency), (Position::new(-173.274, -16.053), Urgency::Past));
    let s = first("weather_index.atom");
    assert_eq!((s.from, s.to), (at("2010-08-30T23:04:00-04:00"), at("2010-08-31T23:15:00-04:00")));
}

proptest! {
    #[test]
    fn no_mutation_panics(which in 0..FIXTURES.len(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut raw = FIXTURES[which].to_vec();
        for (index, byte) in cuts {
            let at = index.index(raw.len());
            if byte % 3 == 0 { raw.remove(at); } else { raw[at] = byte; }
        }
        let _ = (decode(&raw, &now()), xml::pretty(&raw));
    }
    #[test]
    fn no_coordinates_panic(text in "[-0-9., eNaif\u{2014}]{0,40}") {
        let raw = format!("<alert><identifier>a</identifier><sent>2026-11-22</sent><info><area><polygon>{text}</polygon><circle>{text}</circle></area></info></alert>");
        let _ = read(raw.as_bytes());
    }
    #[test]
    fn no_dates_panic(text in ".{0,30}") { let _ = rfc_2822(&text); }
}
