//! The laws of EDXL-HAVE as Vedetta reads it, on fixtures written from the standards.

use super::*;
use app::model::{Quantity, Reading};
use proptest::prelude::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/edxl-have/", $name))
    };
}
const FIXTURES: &[&[u8]] = &[fixture!("have-1.0.xml"), fixture!("have-2.0.xml"), fixture!("bad-records.xml"), fixture!("broken.xml")];

fn now() -> Context<'static> {
    Context { now: Time::parse("2026-11-22T10:32:00+01:00").unwrap(), gtfs: None }
}
fn read(raw: &[u8]) -> Decoded {
    decode(raw, &now()).unwrap()
}
fn place(r: &Report) -> Option<&Place> {
    match &r.body {
        Body::Place(p) => Some(p),
        _ => None,
    }
}
fn readings(out: &Decoded) -> impl Iterator<Item = (&str, &Reading)> {
    out.reports.iter().filter_map(|r| match &r.body {
        Body::Reading(reading) => Some((&*r.id, reading)),
        _ => None,
    })
}
fn values(out: &Decoded, of: &str) -> Vec<(String, Option<f64>)> {
    readings(out).filter(|(_, r)| &*r.of == of).map(|(id, r)| (id.strip_prefix(of).unwrap().to_owned(), r.value)).collect()
}

#[test]
fn hospitals_their_beds_and_their_patients() {
    let out = read(FIXTURES[0]);
    assert_eq!((out.findings.as_slice(), out.rejected, out.complete), (&[][..], 0, true));
    let places: Vec<_> = out.reports.iter().filter_map(|r| Some((&*r.id, place(r)?))).collect();
    let [("fi-careggi", careggi), ("fi-smn", smn)] = places.as_slice() else { panic!("{places:?}") };
    assert_eq!((&*careggi.name, careggi.geometry.anchor()), ("Careggi", Position::new(11.2476, 43.8068)));
    // CRS84 puts longitude first.
    assert_eq!(smn.geometry.anchor(), Position::new(11.2610, 43.7727));
    let want = [
        ("#beds-free:AdultICU", Some(5.0)),
        ("#beds-total:AdultICU", Some(40.0)),
        ("#beds-free:MedicalSurgical/Men", Some(20.0)),
        ("#beds-total:MedicalSurgical/Men", Some(400.0)),
        ("#beds-free:MedicalSurgical/Women", Some(25.0)),
        ("#beds-total:MedicalSurgical/Women", Some(410.0)),
        ("#beds-free:Burn", Some(0.0)),
        ("#patients:Red", Some(4.0)),
        ("#patients:Yellow", Some(17.0)),
    ];
    assert_eq!(values(&out, "fi-careggi"), want.map(|(id, v)| (id.to_owned(), v)));
    // Nothing is counted twice: the sub-categories of a counted type and the total beside the types are attributes.
    let free: f64 =
        readings(&out).filter(|(_, r)| &*r.of == "fi-careggi" && r.quantity == Quantity::BedsFree).filter_map(|(_, r)| r.value).sum();
    assert_eq!(free, 50.0);
    let all: Vec<(&str, &str)> = careggi.attributes.iter().map(|(n, v)| (&**n, &**v)).collect();
    for said in [
        ("Address", "Firenze, Largo Brambilla, 3"),
        ("EMSTrafficStatus", "Advisory"),
        ("EMSAmbulanceStatus.EMSOffloadStatus", "Delayed"),
        ("EMSAirTransportStatus.EMSOffloadStatus", "Normal"),
        ("EMSCapacity.Red", "2"),
        ("AdultICU/Cardiac.AvailableCount", "2"),
        ("Total.BaselineCount", "850"),
        ("FacilityStatus", "Normal"),
        ("Dialysis", "true"),
    ] {
        assert!(all.contains(&said), "{said:?} in {all:?}");
    }
    // A total alone is a reading without qualifier; an empty count says that it is not known.
    assert_eq!(values(&out, "fi-smn"), [("#beds-free".to_owned(), Some(7.0)), ("#beds-total".to_owned(), None)]);
    assert!(out.reports.iter().all(|r| r.observed_at.is_some()));
    let bed = out.reports[1].span.of(FIXTURES[0]);
    assert!(bed.starts_with(b"<BedCapacity>") && bed.ends_with(b"</BedCapacity>"));
}

#[test]
fn version_two_in_its_own_names() {
    let out = read(FIXTURES[1]);
    assert_eq!((out.findings.as_slice(), out.complete), (&[][..], true));
    let meyer = place(&out.reports[0]).unwrap();
    assert_eq!((&*out.reports[0].id, &*meyer.name, meyer.geometry.anchor()), ("fi-meyer", "Meyer", Position::new(11.2555, 43.8052)));
    assert_eq!(out.reports[0].observed_at, Time::parse("2026-11-22T09:31:00Z"));
    let want = [
        ("#beds-free:PediatricICU", 3.0),
        ("#beds-total:PediatricICU", 16.0),
        ("#beds-free:Pediatrics", 12.0),
        ("#beds-total:Pediatrics", 180.0),
    ];
    assert_eq!(values(&out, "fi-meyer"), want.map(|(id, v)| (id.to_owned(), Some(v))));
    assert!(meyer.attributes.iter().any(|(n, v)| (&**n, &**v) == ("colourCode", "yellow")), "{:?}", meyer.attributes);
}

#[test]
fn bad_records_are_found_by_number_and_the_rest_is_kept() {
    let out = read(FIXTURES[2]);
    let mut rules: Vec<&str> = out.findings.iter().map(|f| &*f.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let want: Vec<String> = (1..=13).map(|n| format!("HAVE-{n:03}")).collect();
    assert_eq!(rules, want);
    // A nameless hospital, one that stands twice, a negative count, a second count of a type.
    assert_eq!((out.rejected, out.complete), (4, false));
    let want = [
        ("#beds-total:AdultICU", 10.0),
        ("#beds-free:Suite", 9.0),
        ("#beds-total:Suite", 4.0),
        ("#beds-free:Burn", 1.0),
        ("#beds-free:Pediatrics", 2.0),
    ];
    assert_eq!(values(&out, "Senza codice"), want.map(|(id, v)| (id.to_owned(), Some(v))));
    assert_eq!(out.reports[0].observed_at, None);
}

#[test]
fn what_is_no_have_is_refused_and_an_empty_one_closes_nothing() {
    let broken = decode(FIXTURES[3], &now()).unwrap_err().to_string();
    assert!(broken.starts_with("line 5:3"), "{broken}");
    assert!(decode(b"<alert/>", &now()).unwrap_err().to_string().starts_with("line 1: `alert` is neither"));
    let out = read(b"<HospitalStatus xmlns='urn:oasis:names:tc:emergency:EDXL:HAVE:1.0'/>");
    assert_eq!((&*out.findings[0].rule, out.complete), ("HAVE-014", false));
    let enveloped = format!("<EDXLDistribution>{}</EDXLDistribution>", String::from_utf8_lossy(FIXTURES[1]).split_once("?>").unwrap().1);
    assert_eq!(read(enveloped.as_bytes()).reports.len(), 5);
}

#[test]
fn rules_are_numbered_in_order_and_explained() {
    for (i, rule) in rules::ALL.iter().enumerate() {
        assert_eq!(rule.id, format!("HAVE-{:03}", i + 1));
        assert!(rule.text.len() > 120, "{}", rule.id);
    }
}

proptest! {
    #[test]
    fn no_mutation_panics_and_no_id_stands_twice(
        which in 0..FIXTURES.len(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut raw = FIXTURES[which].to_vec();
        for (index, byte) in cuts {
            let at = index.index(raw.len());
            if byte % 3 == 0 { raw.remove(at); } else { raw[at] = byte; }
        }
        if let Ok(out) = decode(&raw, &now()) {
            let ids: HashSet<_> = out.reports.iter().map(|r| (r.body.kind(), &r.id)).collect();
            prop_assert_eq!(ids.len(), out.reports.len());
        }
    }
    #[test]
    fn no_position_panics(text in "[-0-9., eNaif]{0,40}") {
        let raw = format!("<HAVE><facility><name>a</name><Point srsName='CRS84'><pos>{text}</pos></Point></facility></HAVE>");
        prop_assert_eq!(read(raw.as_bytes()).reports.len(), 1);
    }
}
