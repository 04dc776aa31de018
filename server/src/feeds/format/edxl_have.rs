//! EDXL-HAVE 1.0 and 2.0 (Hospital AVailability Exchange, OASIS): hospitals, what they can take, how they are.
//!
//! Owns: which hospital, where, as of when. Its beds are in [`beds`], what is asked of a message in [`rules`]. Must not know what
//! the city makes of it. Names are compared whatever their case and namespace, since 2.0 renamed most of 1.0's elements by case
//! alone and publishers mix the two.

mod beds;
mod rules;

use super::xml::{self, Element};
use super::{Context, Decoded, Format, Refusal, clip};
use app::model::report::Attributes;
use app::model::{Body, Geometry, Place, PlaceKind, Position, Report, Time};
use std::collections::{HashMap, HashSet};

/// The format.
pub const FORMAT: Format = Format {
    id: "edxl-have",
    title: "EDXL Hospital Availability Exchange",
    media_types: &["application/edxl-have+xml", "application/emergency+xml"],
    rules: rules::ALL,
    decode,
    show: xml::pretty,
};

// The words of the status elements of 1.0. An element not named here may hold anything.
const STATUS_WORDS: &[(&str, &[&str])] = &[
    ("EMSTrafficStatus", &["Normal", "Advisory", "Closed", "NotApplicable"]),
    ("EMSOffloadStatus", &["Normal", "Delayed"]),
    ("HospitalEOCStatus", &["Active", "Inactive"]),
    ("HospitalEOCPlan", &["Active", "Inactive"]),
    ("ClinicalStatus", &["Normal", "Full"]),
    ("DeconCapacityStatus", &["Inactive", "Open", "Full", "Exceeded"]),
    ("MorgueCapacityStatus", &["Open", "Full", "Exceeded"]),
    ("FacilityStatus", &["Normal", "Compromised", "Evacuating", "Closed"]),
    ("SecurityStatus", &["Normal", "Elevated", "RestrictedAccess", "Lockdown", "Quarantine"]),
    ("Staffing", &["Adequate", "Insufficient"]),
    ("FacilityOperations", &["Adequate", "Insufficient"]),
    ("ClinicalOperations", &["Adequate", "Insufficient"]),
];
// What says when a report is of: 1.0's name first, then those of 2.0 and of its drafts.
const TIMES: &[&str] = &["LastUpdateTime", "lastUpdate", "lastUpdated", "reportTime", "toDateTime"];

fn decode(raw: &[u8], _: &Context) -> Result<Decoded, Refusal> {
    let document = xml::parse(raw)?;
    // A message under way in an EDXL-DE envelope is somewhere within.
    let is_report = |e: &&Element| ["HospitalStatus", "HAVE"].iter().any(|n| e.name.eq_ignore_ascii_case(n));
    let enveloped = &*document.name == "EDXLDistribution";
    let Some(root) = document.descendants().take(if enveloped { usize::MAX } else { 1 }).find(is_report) else {
        let why = format!("`{}` is neither HospitalStatus (EDXL-HAVE 1.0) nor HAVE (2.0)", clip(&document.name, 60));
        return Err(Refusal::new(format!("line {}", document.line), why));
    };
    let mut out = Decoded::default();
    let ns = root.ns.to_ascii_lowercase();
    if !ns.starts_with("urn:oasis:names:tc:emergency:edxl:have:") {
        out.find(&rules::NAMESPACE, root.place(), format!("the namespace is `{}`", root.ns));
    }
    // The message's own time, for hospitals that give none: not a hospital's, and not one of an envelope around it.
    let hospital = |e: &&Element| ["Hospital", "facility"].iter().any(|n| e.name.eq_ignore_ascii_case(n));
    let common = root.children.iter().filter(|e| !hospital(e)).find_map(|e| TIMES.iter().find_map(|n| stated(e, n)));
    let mut seen = HashSet::new();
    let (mut count, mut set_aside) = (0, 0);
    for e in root.children.iter().filter(hospital) {
        count += 1;
        set_aside += usize::from(!facility(e, common, &mut seen, &mut out));
    }
    if count == 0 {
        out.find(&rules::EMPTY, root.place(), "the message reports no hospital");
    }
    // It lists every hospital it speaks for; but one that could not be read has not closed.
    out.complete = count > 0 && set_aside == 0;
    Ok(out)
}

// Reads one hospital; false when it had to be set aside.
fn facility(e: &Element, common: Option<Time>, seen: &mut HashSet<String>, out: &mut Decoded) -> bool {
    let named = e.find("OrganisationName").or(e.find("OrganizationName")).or(e.find("facilityName"));
    // 2.0 has a plain `name` in the facility or its information block.
    let named = named.or_else(|| plain(e, "name"));
    let name = named.map(words).filter(|n| !n.is_empty());
    let id = named.and_then(|n| n.attribute("OrganisationID")).map(str::to_owned);
    let id = id.or_else(|| ["facilityID", "OrganizationID", "OrganisationID"].iter().find_map(|n| e.find(n)).map(words));
    let id = id.or_else(|| plain(e, "id").map(words)).filter(|i| !i.is_empty());
    let entity = clip(id.as_ref().or(name.as_ref()).unwrap_or(&e.place()), 200);
    let Some(key) = id.clone().or(name.clone()).map(|k| clip(&k, 300)) else {
        out.reject(&rules::NAMELESS, entity, format!("{} has neither a name nor an id", e.place()));
        return false;
    };
    if !seen.insert(key.clone()) {
        out.reject(&rules::TWICE, entity, "the hospital stands twice in this message; the first is kept");
        return false;
    }
    if id.is_none() {
        out.find(&rules::NO_ID, &*entity, "the hospital has no id; its name is used");
    }
    let observed_at = time(e, &entity, out).or(common);
    if observed_at.is_none() {
        out.find(&rules::NO_TIME, &*entity, "the hospital does not say as of when this is");
    }
    let geometry = match position(e) {
        Some(Ok(p)) => Geometry::point(p),
        Some(Err(why)) => {
            out.find(&rules::PLACE, &*entity, why);
            Geometry::default()
        }
        None => {
            out.find(&rules::NO_PLACE, &*entity, "the hospital has no position");
            Geometry::default()
        }
    };
    let mut attributes = attributes(e, &entity, out);
    // The hospital first, then its numbers, which speak of it.
    let at = out.reports.len();
    let report = beds::Of { place: &key, entity: &entity, observed_at };
    beds::read(e, &report, &mut attributes, out);
    beds::patients(e, &report, &mut attributes, out);
    let name = clip(name.as_ref().unwrap_or(&key), 300).into();
    let body = Body::Place(Place { kind: PlaceKind::Hospital, name, geometry, attributes });
    out.reports.insert(at.min(out.reports.len()), Report { id: key.into(), observed_at, span: e.span, body });
    true
}

// A child of a facility, or of its information block, by a name too plain to look for any deeper.
fn plain<'a>(e: &'a Element, name: &str) -> Option<&'a Element> {
    let of = |e: &'a Element| e.children.iter().find(|c| c.name.eq_ignore_ascii_case(name));
    of(e).or_else(|| e.children.iter().filter(|c| c.name.to_ascii_lowercase().ends_with("information")).find_map(of))
}

/// All the text in an element, in one line: CIQ spreads names and addresses over parts, and EDXL wraps words in `Value`.
fn words(e: &Element) -> String {
    // EDXL-CT's value lists name the list beside the value; only the value is a word.
    let value = e.children.iter().find(|c| c.name.eq_ignore_ascii_case("Value")).unwrap_or(e);
    let parts: Vec<&str> = value.descendants().filter_map(Element::own_text).collect();
    parts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn stated(e: &Element, name: &str) -> Option<Time> {
    let named = if e.name.eq_ignore_ascii_case(name) { Some(e) } else { e.find(name) };
    named.and_then(Element::own_text).and_then(Time::parse)
}

fn time(e: &Element, entity: &str, out: &mut Decoded) -> Option<Time> {
    let text = TIMES.iter().find_map(|n| e.find(n)).and_then(Element::own_text)?;
    let time = Time::parse(text);
    if time.is_none() {
        out.find(&rules::NO_TIME, entity, format!("`{text}` is not a time"));
    }
    time
}

// The first point of it. GML 3 has `pos`; older publishers write GML 2's `coordinates`, with a comma.
fn position(e: &Element) -> Option<Result<Position, String>> {
    let point = e.find("Point")?;
    let pos = point.find("pos").or(point.find("coordinates"))?;
    let text = pos.own_text().unwrap_or_default();
    let srs = pos.attribute("srsName").or(point.attribute("srsName")).unwrap_or_default();
    let numbers: Option<Vec<f64>> = text.split([' ', ',', '\n', '\t']).filter(|t| !t.is_empty()).map(|t| t.parse().ok()).collect();
    let Some([a, b] | [a, b, _]) = numbers.as_deref() else {
        return Some(Err(format!("`{text}` is not a position")));
    };
    // EPSG:4326, the standard's default, puts latitude first; OGC's CRS84 is the same with longitude first.
    let (lat, lon) = if srs.to_ascii_uppercase().contains("CRS84") { (b, a) } else { (a, b) };
    Some(Position::new(*lon, *lat).ok_or_else(|| format!("latitude {lat}, longitude {lon} is not on the globe")))
}

// Everything else it says, in the standard's own words: one attribute a leaf, with its parent's name where its own is not enough.
fn attributes(e: &Element, entity: &str, out: &mut Decoded) -> Attributes {
    let mut a = Attributes::new();
    let address = e.find("Addresses").or(e.find("Address")).map(|address| {
        let parts: Vec<&str> = address.descendants().filter_map(Element::own_text).collect();
        parts.join(", ")
    });
    address.iter().for_each(|text| add(&mut a, "Address", text));
    let mut leaves: Vec<(&Element, &Element)> = Vec::new();
    gather(e, &mut leaves);
    let mut uses: HashMap<&str, usize> = HashMap::new();
    leaves.iter().for_each(|(_, leaf)| *uses.entry(&*leaf.name).or_default() += 1);
    for (parent, leaf) in leaves {
        let text = words(leaf);
        let allowed = STATUS_WORDS.iter().find(|(n, _)| leaf.name.eq_ignore_ascii_case(n)).map(|(_, words)| *words);
        // 2.0 lets communities bring their own lists; only 1.0's elements are held to 1.0's words.
        if allowed.is_some_and(|words| !e.ns.ends_with("2.0") && !words.iter().any(|w| w.eq_ignore_ascii_case(&text))) {
            out.find(&rules::STATUS, entity, format!("{} `{text}` is not known", leaf.name));
        }
        let shared = uses.get(&*leaf.name).is_some_and(|n| *n > 1) || leaf.name.eq_ignore_ascii_case("Value");
        let name = if shared { format!("{}.{}", parent.name, leaf.name) } else { leaf.name.to_string() };
        add(&mut a, &name, &text);
    }
    a
}

// The leaves with text below `e`, each with its parent; without those that were given a meaning already.
fn gather<'a>(e: &'a Element, leaves: &mut Vec<(&'a Element, &'a Element)>) {
    const READ: &[&str] = &[
        "OrganisationName",
        "OrganizationName",
        "facilityName",
        "facilityID",
        "Addresses",
        "Address",
        "Point",
        "BedCapacity",
        "TriageCode",
        "TriageCodeListURN",
        "ValueListURI",
        "LastUpdateTime",
    ];
    // A `name` is the facility's own only near the top; deeper down it is a service's or a contact's.
    let near =
        ["Hospital", "facility"].iter().any(|n| e.name.eq_ignore_ascii_case(n)) || e.name.to_ascii_lowercase().ends_with("information");
    let read = |c: &&Element| {
        let is = |n: &&str| c.name.eq_ignore_ascii_case(n);
        READ.iter().any(is) || (near && ["name", "id"].iter().any(is))
    };
    // Depth is bounded by the XML door, so this recursion is.
    for child in e.children.iter().filter(|c| !read(c)) {
        if child.children.is_empty() || child.children.iter().any(|c| c.name.eq_ignore_ascii_case("Value")) {
            if child.descendants().any(|d| d.own_text().is_some()) {
                leaves.push((e, child));
            }
        } else {
            gather(child, leaves);
        }
    }
}

// Cut to what a screen can show; the raw message keeps the whole.
fn add(a: &mut Attributes, name: &str, value: &str) {
    if a.len() < 500 && !value.is_empty() {
        a.push((clip(name, 200).into(), clip(value, 2000).into()));
    }
}

#[cfg(test)]
mod tests;
