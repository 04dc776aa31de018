//! One CAP alert made a situation: sections 3.2.1 to 3.2.4, element by element.
//!
//! Owns: what each field means to Vedetta, and what happens when it is missing or wrong. Must not know how the alert arrived (alone,
//! or in an index).

use super::{area, rules};
use crate::feeds::format::{Decoded, clip, xml::Element};
use app::model::report::Attributes;
use app::model::{Body, Certainty, Geometry, Report, Severity, Shape, Situation, SituationKind, Span, Status, Time, Urgency};
use std::{collections::HashSet, sync::Arc};

const MSG_TYPES: &[&str] = &["Alert", "Update", "Cancel", "Ack", "Error"];
const SCOPES: &[&str] = &["Public", "Restricted", "Private"];
const CATEGORIES: &[&str] =
    &["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"];
const RESPONSES: &[&str] = &["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"];
// The elements of each block. In CAP 1.0 and 1.1 `password` stood in the alert; it is known, and kept to ourselves.
const IN_ALERT: &[&str] = &[
    "identifier",
    "sender",
    "sent",
    "status",
    "msgType",
    "source",
    "scope",
    "restriction",
    "addresses",
    "code",
    "note",
    "references",
    "incidents",
    "info",
    "password",
];
const IN_INFO: &[&str] = &[
    "language",
    "category",
    "event",
    "responseType",
    "urgency",
    "severity",
    "certainty",
    "audience",
    "eventCode",
    "effective",
    "onset",
    "expires",
    "senderName",
    "headline",
    "description",
    "instruction",
    "web",
    "contact",
    "parameter",
    "resource",
    "area",
];
const IN_RESOURCE: &[&str] = &["resourceDesc", "mimeType", "size", "uri", "derefUri", "digest"];
const IN_AREA: &[&str] = &["areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling"];

/// Reads an `<alert>` into a report, or sets it aside. `span` is where it stands in the raw message.
pub fn read(alert: &Element, span: Span, out: &mut Decoded) {
    let entity = clip(alert.text("identifier").unwrap_or(&alert.place()), 200);
    let Some(identifier) = alert.text("identifier") else {
        out.reject(&rules::IDENTIFIER, entity, "identifier is missing");
        return;
    };
    let Some(sent) = time(alert, "sent", &entity, out) else {
        out.reject(&rules::SENT, entity, "sent is missing or cannot be read");
        return;
    };
    let sender = alert.text("sender");
    if sender.is_none() {
        out.find(&rules::SENDER, &*entity, "sender is missing");
    }
    if [Some(identifier), sender].into_iter().flatten().any(|t| t.contains([' ', ',', '<', '&', '\n', '\t'])) {
        out.find(&rules::IDENTIFIER_FORM, &*entity, "identifier or sender holds a space, a comma, < or &");
    }
    if alert.ns.is_empty() {
        out.find(&rules::NAMESPACE, &*entity, "the alert stands in no namespace; read as CAP 1.2");
    }
    known(alert, IN_ALERT, &entity, out);

    let status = status(alert, &entity, out);
    let msg_type = alert.text("msgType").and_then(|t| word(t, MSG_TYPES));
    match (msg_type, alert.text("msgType")) {
        (None, Some(other)) => out.find(&rules::MSG_TYPE, &*entity, format!("msgType `{other}` is not known; read as Alert")),
        (None, None) => out.find(&rules::MSG_TYPE, &*entity, "msgType is missing; read as Alert"),
        _ => {}
    }
    let msg_type = msg_type.unwrap_or("Alert");
    scope(alert, &entity, out);
    let replaces = references(alert, msg_type, &entity, out);
    let mut infos: Vec<Info> = alert.children("info").map(|e| Info::read(e, alert, sent, &entity, out)).collect();
    if infos.is_empty() && matches!(msg_type, "Alert" | "Update") {
        out.find(&rules::NO_INFO, &*entity, format!("an {msg_type} without an info block"));
    }

    let mut a = Attributes::new();
    for name in ["sender", "msgType", "scope", "source", "restriction", "addresses", "code", "note", "incidents"] {
        alert.children(name).filter_map(Element::own_text).for_each(|t| add(&mut a, name, t));
    }
    let language: Option<Arc<str>> = infos.first().map(|i| i.language.into());
    for info in &infos {
        info.attributes(language.as_deref().filter(|l| *l != info.language).map(|_| info.language), &mut a);
    }
    // Words of the language shown; the shapes of all. Translations repeat both.
    let (mut words, mut shapes): (Vec<&str>, Vec<Shape>) = (Vec::new(), Vec::new());
    let (mut said, mut drawn) = (HashSet::new(), HashSet::new());
    for info in &mut infos {
        let mine = Some(info.language) == language.as_deref();
        words.extend(info.areas.iter().filter(|w| mine && said.insert(**w)));
        shapes.extend(std::mem::take(&mut info.shapes).into_iter().filter(|s| drawn.insert(area::numbers(s))));
    }
    let first = infos.first();
    let raw_headline = first.and_then(|i| i.e.text("headline").or(i.e.text("event"))).or(alert.text("note"));
    let headline = raw_headline.map_or_else(|| format!("{msg_type} {identifier}"), |t| line(t, &entity, out));
    let description = first.and_then(|i| i.e.text("description")).map(|t| paragraphs(t, &entity, out).into());

    let body = Body::Situation(Situation {
        kind: SituationKind::Alert,
        headline: headline.into(),
        description,
        language,
        // Acknowledgements and error reports talk to the sender's system, not to people.
        status: if matches!(msg_type, "Ack" | "Error") { Status::System } else { status },
        // One alert may have an info block a hazard or a district: the whole is as bad, as soon and as sure as its worst part.
        severity: infos.iter().map(|i| i.severity).max().unwrap_or_default(),
        urgency: infos.iter().map(|i| i.urgency).max().unwrap_or_default(),
        certainty: infos.iter().map(|i| i.certainty).max().unwrap_or_default(),
        geometry: Geometry(shapes),
        area: (!words.is_empty()).then(|| clip(&tidy(&words.join("; "), false).0, 4000).into()),
        from: Some(infos.iter().map(|i| i.effective).min().unwrap_or(sent)),
        // Until further notice if any part is.
        to: infos.iter().map(|i| i.expires).try_fold(Time::MIN, |latest, e| Some(latest.max(e?))).filter(|_| first.is_some()),
        replaces,
        cancels: msg_type == "Cancel",
        attributes: a,
    });
    out.reports.push(Report { id: clip(identifier, 300).into(), observed_at: Some(sent), span, body });
}

struct Info<'a> {
    e: &'a Element,
    language: &'a str,
    severity: Severity,
    urgency: Urgency,
    certainty: Certainty,
    effective: Time,
    expires: Option<Time>,
    areas: Vec<&'a str>,
    shapes: Vec<Shape>,
}

impl<'a> Info<'a> {
    fn read(e: &'a Element, alert: &Element, sent: Time, entity: &str, out: &mut Decoded) -> Self {
        known(e, IN_INFO, entity, out);
        // CAP 1.0 did not ask for a category.
        let required = ["category", "event", "urgency", "severity", "certainty"];
        let missing: Vec<&str> =
            required.into_iter().filter(|n| e.text(n).is_none() && (*n != "category" || !alert.ns.ends_with("1.0"))).collect();
        if !missing.is_empty() {
            out.find(&rules::INFO_REQUIRED, entity, format!("{} has no {}", e.place(), missing.join(", ")));
        }
        for (name, allowed) in [("category", CATEGORIES), ("responseType", RESPONSES)] {
            for text in e.children(name).filter_map(Element::own_text).filter(|t| word(t, allowed).is_none()) {
                out.find(&rules::VALUE, entity, format!("{name} `{text}` is not known"));
            }
        }
        // Section 3.2.2: effective is sent when it is not given. `onset` is when the event begins, which people must know before.
        let effective = time(e, "effective", entity, out).unwrap_or(sent);
        let expires = time(e, "expires", entity, out);
        time(e, "onset", entity, out);
        if expires.is_some_and(|t| t <= effective) {
            out.find(&rules::ORDER, entity, format!("{} expires before it takes effect", e.place()));
        }
        let mut info = Self {
            e,
            // Section 3.2.2: en-US when it is not given.
            language: e.text("language").unwrap_or("en-US"),
            severity: coded(e, "severity", Severity::parse, entity, out),
            urgency: coded(e, "urgency", Urgency::parse, entity, out),
            certainty: coded(e, "certainty", Certainty::parse, entity, out),
            effective,
            expires,
            areas: Vec::new(),
            shapes: Vec::new(),
        };
        for r in e.children("resource") {
            known(r, IN_RESOURCE, entity, out);
            let needs_type = !alert.ns.ends_with("1.1") && !alert.ns.ends_with("1.0");
            let missing = [("resourceDesc", true), ("mimeType", needs_type)].into_iter().find(|(n, must)| *must && r.text(n).is_none());
            if let Some((name, _)) = missing {
                out.find(&rules::RESOURCE_DESC, entity, format!("{} has no {name}", r.place()));
            }
        }
        for part in e.children("area") {
            known(part, IN_AREA, entity, out);
            match part.text("areaDesc") {
                Some(words) => info.areas.push(words),
                None => out.find(&rules::AREA_DESC, entity, format!("{} has no areaDesc", part.place())),
            }
            info.shapes.extend(area::shapes(part, entity, out));
        }
        info
    }

    // Everything the situation has no field for, under CAP's own names; with the language beside it when it is not the first one.
    fn attributes(&self, other: Option<&str>, a: &mut Attributes) {
        let suffix = other.map_or(String::new(), |l| format!("@{l}"));
        if other.is_some() {
            for name in ["headline", "description"] {
                self.e.text(name).into_iter().for_each(|t| add(a, &format!("{name}{suffix}"), t));
            }
            self.areas.iter().for_each(|words| add(a, &format!("areaDesc{suffix}"), words));
        }
        for name in ["event", "instruction", "senderName", "audience", "contact", "web"] {
            self.e.text(name).into_iter().for_each(|t| add(a, &format!("{name}{suffix}"), t));
        }
        for name in ["category", "responseType", "onset"] {
            self.e.children(name).filter_map(Element::own_text).for_each(|t| add(a, name, t));
        }
        pairs(self.e, "eventCode", a);
        pairs(self.e, "parameter", a);
        for r in self.e.children("resource") {
            let said = ["resourceDesc", "mimeType", "uri"].iter().filter_map(|n| r.text(n)).collect::<Vec<_>>().join(" ");
            let inline = r.text("derefUri").map(|d| format!(" ({} characters within)", d.len())).unwrap_or_default();
            add(a, &format!("resource{suffix}"), &format!("{said}{inline}"));
        }
        for part in self.e.children("area") {
            pairs(part, "geocode", a);
            for name in ["altitude", "ceiling"] {
                part.text(name).into_iter().for_each(|t| add(a, name, t));
            }
        }
    }
}

/// Adds an attribute unless it says the same again. Long ones are cut: the raw message keeps the whole.
pub fn add(a: &mut Attributes, name: &str, value: &str) {
    let (name, value) = (clip(name, 200), tidy(value, true).0.chars().take(8000).collect::<String>());
    // One message must not make a list so long that looking through it takes time.
    if a.len() < 500 && !value.is_empty() && !a.iter().any(|(n, v)| **n == *name && **v == *value) {
        a.push((name.into(), value.into()));
    }
}

/// Adds every `valueName`/`value` pair of that name: `geocode:FIPS6` is `048453`.
pub fn pairs(parent: &Element, name: &str, a: &mut Attributes) {
    for e in parent.children(name) {
        match (e.text("valueName"), e.text("value"), e.own_text()) {
            (Some(n), Some(v), _) => add(a, &format!("{name}:{n}"), v),
            // CAP 1.0 wrote `<geocode>FIPS6=048453</geocode>`.
            (.., Some(own)) => match own.split_once('=') {
                Some((n, v)) => add(a, &format!("{name}:{}", n.trim()), v),
                None => add(a, name, own),
            },
            _ => {}
        }
    }
}

/// The status; when it cannot be read, Actual.
pub fn status(e: &Element, entity: &str, out: &mut Decoded) -> Status {
    let text = e.text("status");
    let known = text.and_then(|t| Status::ALL.iter().copied().find(|s| s.title().eq_ignore_ascii_case(t)));
    known.unwrap_or_else(|| {
        let what = text.map_or("status is missing".into(), |t| format!("status `{t}` is not known"));
        out.find(&rules::STATUS, entity, format!("{what}; taken as Actual"));
        Status::Actual
    })
}

/// A coded value; Unknown when it is missing or not one of the standard's.
pub fn coded<T: Default>(e: &Element, name: &str, parse: fn(&str) -> Option<T>, entity: &str, out: &mut Decoded) -> T {
    let Some(text) = e.text(name) else { return T::default() };
    parse(text).unwrap_or_else(|| {
        // CAP 1.0 had one more word for certainty, and said what became of it: about as sure as Likely.
        let old = (name == "certainty" && text.eq_ignore_ascii_case("Very Likely")).then(|| parse("Likely")).flatten();
        old.unwrap_or_else(|| {
            out.find(&rules::VALUE, entity, format!("{name} `{text}` is not known; taken as Unknown"));
            T::default()
        })
    })
}

/// A time, if it is there and can be read; breaches of its form are found.
pub fn time(e: &Element, name: &str, entity: &str, out: &mut Decoded) -> Option<Time> {
    let text = e.text(name)?;
    let time = Time::parse(text);
    if time.is_none() {
        out.find(&rules::TIME, entity, format!("{name} `{text}` is not a time"));
    } else if !text.get(19..).is_some_and(|zone| zone.contains(['+', '-'])) {
        out.find(&rules::TIME_ZONE, entity, format!("{name} `{text}` has no numeric zone; read as UTC"));
    }
    time
}

/// The ids of the alerts it is about.
pub fn references(alert: &Element, msg_type: &str, entity: &str, out: &mut Decoded) -> Vec<Arc<str>> {
    let mut ids: Vec<Arc<str>> = Vec::new();
    for reference in alert.text("references").unwrap_or_default().split_whitespace() {
        let parts: Vec<&str> = reference.split(',').collect();
        match parts.as_slice() {
            [sender, id, sent] if !sender.is_empty() && !id.is_empty() && Time::parse(sent).is_some() => {
                let id: Arc<str> = clip(id, 300).into();
                // A thousand times more than anyone withdraws at once.
                if ids.len() < 1000 && !ids.contains(&id) {
                    ids.push(id);
                }
            }
            _ => out.find(&rules::REFERENCES, entity, format!("`{reference}` is not sender,identifier,sent")),
        }
    }
    if ids.is_empty() && msg_type != "Alert" {
        out.find(&rules::NO_REFERENCES, entity, format!("msgType {msg_type} without readable references"));
    }
    // Only these two change what came before. Ack and Error answer it, and an Alert's references are for reading on.
    if matches!(msg_type, "Update" | "Cancel") { ids } else { Vec::new() }
}

fn scope(alert: &Element, entity: &str, out: &mut Decoded) {
    let missing = |name: &str| alert.text(name).is_none();
    match alert.text("scope") {
        None => out.find(&rules::SCOPE, entity, "scope is missing"),
        Some(text) => match word(text, SCOPES) {
            None => out.find(&rules::SCOPE, entity, format!("scope `{text}` is not known")),
            Some("Restricted") if missing("restriction") => out.find(&rules::CONDITIONAL, entity, "scope Restricted without a restriction"),
            Some("Private") if missing("addresses") => out.find(&rules::CONDITIONAL, entity, "scope Private without addresses"),
            Some(_) => {}
        },
    }
}

fn known(e: &Element, names: &[&str], entity: &str, out: &mut Decoded) {
    for child in e.children.iter().filter(|c| c.ns == e.ns && !names.contains(&&*c.name)) {
        out.find(&rules::UNKNOWN_ELEMENT, entity, format!("{} is none of CAP's, in {}", child.place(), e.name));
    }
}

fn word(text: &str, allowed: &[&'static str]) -> Option<&'static str> {
    allowed.iter().copied().find(|w| w.eq_ignore_ascii_case(text))
}

/// Text without what cannot be seen, and whether anything was taken out. Lines are trimmed; kept apart only if `many`.
pub fn tidy(text: &str, many: bool) -> (String, bool) {
    let unseen = |c: char| (c.is_control() && !c.is_whitespace()) || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let had = text.contains(unseen);
    let seen = if had { text.replace(unseen, "") } else { text.to_owned() };
    let lines = seen.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "));
    let joined = if many {
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    } else {
        lines.filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ")
    };
    (joined, had)
}

/// Text as one line.
pub fn line(text: &str, entity: &str, out: &mut Decoded) -> String {
    let (text, had) = tidy(text, false);
    if had {
        out.find(&rules::TEXT, entity, "a text holds characters that cannot be seen; taken out");
    }
    clip(&text, 500)
}

/// Text as lines.
pub fn paragraphs(text: &str, entity: &str, out: &mut Decoded) -> String {
    let (text, had) = tidy(text, true);
    if had {
        out.find(&rules::TEXT, entity, "a text holds characters that cannot be seen; taken out");
    }
    text.chars().take(20_000).collect()
}
