//! A hospital's numbers: beds by type, patients by triage colour.
//!
//! Owns one promise: adding up a hospital's readings of one quantity never counts a bed twice. So a sub-category is a reading only
//! when its parent type gives no number itself, and a total only when no type does; what is left over is kept as an attribute.

use super::{add, rules, words};
use crate::feeds::format::{Decoded, clip, xml::Element};
use app::model::report::Attributes;
use app::model::{Body, Quantity, Reading, Report, Span, Time, Unit};
use std::collections::HashSet;

const BED_TYPES: &[&str] = &[
    "AdultICU",
    "PediatricICU",
    "NeonatalICU",
    "EmergencyDepartment",
    "NurseryBeds",
    "MedicalSurgical",
    "RehabLongTermCare",
    "Burn",
    "Pediatrics",
    "AdultPsychiatric",
    "PediatricPsychiatric",
    "NegativeFlowIsolation",
    "OtherIsolation",
    "OperatingRooms",
];
// No city has a hospital of so many beds; a number beyond it is a slip.
const MOST: i64 = 100_000;

/// Whose numbers these are, and as of when.
pub struct Of<'a> {
    /// The id of the hospital.
    pub place: &'a str,
    /// Its name in findings.
    pub entity: &'a str,
    /// When it was so.
    pub observed_at: Option<Time>,
}

impl Of<'_> {
    fn reading(&self, quantity: Quantity, qualifier: Option<&str>, value: Option<f64>, span: Span) -> Report {
        let token = quantity.token();
        let id = qualifier.map_or_else(|| format!("{}#{token}", self.place), |q| format!("{}#{token}:{q}", self.place));
        let body = Body::Reading(Reading { of: self.place.into(), quantity, qualifier: qualifier.map(Into::into), value, unit: Unit::One });
        Report { id: id.into(), observed_at: self.observed_at, span, body }
    }
}

/// Reads every `BedCapacity` of a hospital.
pub fn read(hospital: &Element, of: &Of, a: &mut Attributes, out: &mut Decoded) {
    let mut blocks = Vec::new();
    gather(hospital, None, &mut blocks);
    let typed = blocks.iter().any(|(name, ..)| name.is_some());
    let mut seen: HashSet<Option<String>> = HashSet::new();
    for (name, block, counts) in blocks {
        if name.is_none() && typed {
            // A total beside its parts: added up with them, it would count every bed twice.
            keep(&counts, "Total", a);
            continue;
        }
        let (types, subs) = name.unwrap_or_default();
        let names: Vec<String> = types.iter().cloned().chain(subs.iter().map(|s| join(types.first(), s))).collect();
        for unknown in types.iter().filter(|t| !block.ns.ends_with("2.0") && !BED_TYPES.iter().any(|b| b.eq_ignore_ascii_case(t))) {
            out.find(&rules::BED_TYPE, of.entity, format!("bed type `{unknown}` is not of the standard"));
        }
        // Which count is whose: all of them, or the sub-categories' alone, or the type's alone.
        let whose: &[String] = match counts.len() {
            n if n == names.len() || n == 1 => &names,
            n if n == subs.len() => names.get(types.len()..).unwrap_or_default(),
            0 => continue,
            n => {
                if !names.is_empty() {
                    out.find(&rules::PAIRS, of.entity, format!("{} has {} bed types and {n} capacities", block.place(), names.len()));
                }
                &names
            }
        };
        let parent_counts = whose.len() == names.len() && !types.is_empty();
        for (i, capacity) in counts.iter().enumerate() {
            let name = whose.get(i).map(|n| clip(n, 100));
            if i >= whose.len().max(1) || (parent_counts && i >= types.len()) {
                keep(std::slice::from_ref(capacity), name.as_deref().unwrap_or("Other"), a);
            } else if seen.insert(name.clone()) {
                one(capacity, name.as_deref(), block.span, of, a, out);
            } else {
                let what = name.as_deref().unwrap_or("all beds");
                out.reject(&rules::TWICE, of.entity, format!("{what}: a second count in {}; the first is kept", block.place()));
            }
        }
    }
}

type Names = (Vec<String>, Vec<String>);

// Every block of beds with the types it names (or the service it stands in) and its capacities.
fn gather<'a>(e: &'a Element, service: Option<&'a Element>, blocks: &mut Vec<(Option<Names>, &'a Element, Vec<&'a Element>)>) {
    for child in &e.children {
        let is = |n: &str| child.name.eq_ignore_ascii_case(n);
        if is("BedCapacity") {
            let all = |n: &str| -> Vec<String> {
                child.children.iter().filter(|c| c.name.eq_ignore_ascii_case(n)).map(words).filter(|w| !w.is_empty()).collect()
            };
            let (mut types, subs) = (all("BedType"), all("SubCategoryBedType"));
            if types.is_empty() {
                types.extend(service.map(words).filter(|w| !w.is_empty()));
            }
            let mut counts: Vec<&Element> = child.children.iter().filter(|c| c.name.eq_ignore_ascii_case("Capacity")).collect();
            // 2.0's drafts put the counts into the block itself.
            if counts.is_empty() && child.children.iter().any(|c| c.name.to_ascii_lowercase().ends_with("count")) {
                counts.push(child);
            }
            blocks.push(((!types.is_empty() || !subs.is_empty()).then_some((types, subs)), child, counts));
        } else {
            let named = is("service") || is("serviceListItem");
            let own = child.children.iter().find(|c| c.name.eq_ignore_ascii_case("serviceName") || c.name.eq_ignore_ascii_case("name"));
            gather(child, if named { own.or(service) } else { service }, blocks);
        }
    }
}

fn join(parent: Option<&String>, sub: &str) -> String {
    parent.map_or_else(|| sub.to_owned(), |p| format!("{p}/{sub}"))
}

// Numbers that would be counted twice as readings stay visible as attributes.
fn keep(counts: &[&Element], name: &str, a: &mut Attributes) {
    for c in counts.iter().flat_map(|c| &c.children) {
        if let Some(text) = c.own_text() {
            add(a, &format!("{name}.{}", c.name), text);
        }
    }
}

fn one(capacity: &Element, name: Option<&str>, span: Span, of: &Of, a: &mut Attributes, out: &mut Decoded) {
    let get = |n: &str| capacity.children.iter().find(|c| c.name.eq_ignore_ascii_case(n));
    let status = get("CapacityStatus").or(get("status")).map(words).unwrap_or_default();
    let closed = status.eq_ignore_ascii_case("NotAvailable");
    let what = name.unwrap_or("all beds");
    let free = get("AvailableCount").map(|c| count(c, what, of, out));
    let total = get("BaselineCount").map(|c| count(c, what, of, out));
    // The status alone answers "none" in full and "some" not at all: a value that is not known is said to be so.
    let free = free.or((!status.is_empty()).then_some(Ok(closed.then_some(0.0))));
    if let (Some(Ok(Some(f))), true) = (&free, closed)
        && *f > 0.0
    {
        out.find(&rules::CONTRADICTION, of.entity, format!("{what}: {f} free, but its status is {status}"));
    }
    if let (Some(Ok(Some(f))), Some(Ok(Some(t)))) = (&free, &total)
        && f > t
    {
        out.find(&rules::MORE_FREE, of.entity, format!("{what}: {f} free of {t}"));
    }
    for (quantity, value) in [(Quantity::BedsFree, free), (Quantity::BedsTotal, total)] {
        if let Some(Ok(value)) = value {
            out.reports.push(of.reading(quantity, name, value, span));
        }
    }
    for extra in ["CapacityStatus", "AdditionalCapacityCount24Hr", "AdditionalCapacityCount72Hr"] {
        get(extra).map(words).into_iter().for_each(|w| add(a, &format!("{what}.{extra}"), &w));
    }
}

// A count; `Ok(None)` when the element is there and empty, which is how publishers say they do not know.
fn count(e: &Element, what: &str, of: &Of, out: &mut Decoded) -> Result<Option<f64>, ()> {
    let Some(text) = e.own_text() else { return Ok(None) };
    match text.parse::<i64>() {
        Ok(n) if (0..=MOST).contains(&n) => Ok(Some(n as f64)),
        _ => {
            out.reject(&rules::COUNT, of.entity, format!("{what}: {} `{text}` is not a count", e.name));
            Err(())
        }
    }
}

/// Reads the emergency department's triage counts: patients there now are readings, patients it could take are attributes.
pub fn patients(hospital: &Element, of: &Of, a: &mut Attributes, out: &mut Decoded) {
    let mut seen = HashSet::new();
    for (block, now) in [("EMSCensus", true), ("EMSCapacity", false)] {
        let codes = hospital.find(block).into_iter().flat_map(Element::descendants).filter(|e| e.name.eq_ignore_ascii_case("TriageCode"));
        for code in codes {
            let all = |n: &'static str| code.children.iter().filter(move |c| c.name.eq_ignore_ascii_case(n));
            for (colour, quantity) in all("TriageCodeValue").zip(all("TriageCountQuantity")) {
                let colour = clip(&words(colour), 100);
                let Ok(value) = count(quantity, &format!("{block} {colour}"), of, out) else { continue };
                if !now {
                    add(a, &format!("{block}.{colour}"), &words(quantity));
                } else if seen.insert(colour.clone()) {
                    out.reports.push(of.reading(Quantity::Patients, Some(&colour), value, code.span));
                } else {
                    out.reject(&rules::TWICE, of.entity, format!("{block} {colour} stands twice; the first is kept"));
                }
            }
        }
    }
}
