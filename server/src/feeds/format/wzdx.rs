//! Work Zone Data Exchange: road works, detours and the devices that guard them, as GeoJSON.
//!
//! Owns: reading WZDx 4.x work-zone and device feeds, and 3.x work-zone feeds, which kept an event's core details beside the
//! rest of its properties. Must not know: where the bytes came from, or what the rules later make of a closed road.
//! Features are read one by one, so that a bad one costs only itself; each keeps the bytes it was read from.

mod device;
mod event;
mod json;
mod rules;
#[cfg(test)]
mod tests;

use super::{Context, Decoded, Format, Refusal};
use app::model::{Position, Span, Time};
use json::{list, text};
use serde::de::{DeserializeSeed, Deserializer as _, SeqAccess, Visitor};
use serde_json::{Value, value::RawValue};
use std::{collections::HashSet, fmt};

/// Work Zone Data Exchange.
pub const FORMAT: Format = Format {
    id: "wzdx",
    title: "Work Zone Data Exchange",
    media_types: &["application/geo+json", "application/json"],
    rules: rules::RULES,
    decode,
    show: json::show,
};

/// A whole country's feed is some 20 MiB; three times that is a mistake or an attack.
const MAX_BYTES: usize = 64 << 20;

/// Nothing a road event or the feed's head says fills a mebibyte. As parsed values it could fill twenty.
const MAX_RECORD: usize = 1 << 20;

/// What the standard calls the head of a feed, as far as reading its features needs it.
struct Feed<'a> {
    // The message as it came, byte order mark included: spans count from its first byte.
    raw: &'a [u8],
    now: Time,
    // Major version; 4 unless the feed says otherwise.
    major: u32,
    sources: HashSet<String>,
    update_date: Option<Time>,
}

#[derive(serde::Deserialize)]
struct Document<'a> {
    #[serde(rename = "type", borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    feed_info: Option<&'a RawValue>,
    // 3.x, and allowed beside feed_info in 4.x.
    #[serde(borrow)]
    road_event_feed_info: Option<&'a RawValue>,
    #[serde(borrow)]
    features: Option<&'a RawValue>,
}

fn decode(bytes: &[u8], cx: &Context) -> Result<Decoded, Refusal> {
    let text = json::check(bytes, MAX_BYTES)?;
    if !text.trim_start().starts_with('{') {
        return Err(Refusal::new("line 1", "a WZDx feed is one JSON object; this is something else"));
    }
    let doc: Document = serde_json::from_str(text).map_err(|e| json::refusal(&e))?;
    if doc.kind.is_none_or(|kind| kind.get() != "\"FeatureCollection\"") {
        return Err(Refusal::new("type", "not a GeoJSON FeatureCollection"));
    }
    let Some(features) = doc.features else {
        return Err(Refusal::new("features", "missing: there is nothing to read"));
    };
    let mut out = Decoded { complete: true, ..Decoded::default() };
    let feed = feed_info(doc.feed_info.or(doc.road_event_feed_info), bytes, cx.now, &mut out);
    let mut seen = HashSet::new();
    let each = Each(|index, feature: &RawValue| read_feature(&feed, index, feature, &mut seen, &mut out));
    let mut stream = serde_json::Deserializer::from_str(features.get());
    stream.deserialize_seq(each).map_err(|e| Refusal::new(format!("features, {}", json::place(&e)), e.to_string()))?;
    Ok(out)
}

// Hands each element over as it is met: a list of millions of them must not stand in memory first.
struct Each<F>(F);
impl<'de, F: FnMut(usize, &'de RawValue)> Visitor<'de> for Each<F> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of GeoJSON features")
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(raw) = seq.next_element_seed(Borrowed)? {
            (self.0)(index, raw);
            index += 1;
        }
        Ok(())
    }
}
struct Borrowed;
impl<'de> DeserializeSeed<'de> for Borrowed {
    type Value = &'de RawValue;
    fn deserialize<D: serde::Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        serde::Deserialize::deserialize(d)
    }
}

fn feed_info<'a>(info: Option<&RawValue>, raw: &'a [u8], now: Time, out: &mut Decoded) -> Feed<'a> {
    let mut feed = Feed { raw, now, major: 4, sources: HashSet::new(), update_date: None };
    let info = info.filter(|i| i.get().len() <= MAX_RECORD).and_then(|i| serde_json::from_str::<Value>(i.get()).ok());
    let Some(info) = info.filter(Value::is_object) else {
        out.find(&rules::NO_FEED_INFO, "feed", "no feed_info: publisher, version and sources are not known");
        return feed;
    };
    if text(&info, "publisher").is_none() {
        out.find(&rules::NO_PUBLISHER, "feed_info", "publisher is missing");
    }
    match text(&info, "version").map(|v| (v, major_minor(v))) {
        None => out.find(&rules::NO_VERSION, "feed_info", "version is missing; read as 4.x"),
        Some((v, None)) => out.find(&rules::NO_VERSION, "feed_info", format!("version `{v}` is not `major.minor`; read as 4.x")),
        Some((v, Some((major, minor)))) => {
            if !matches!((major, minor), (3, 0..=1) | (4, 0..=2)) {
                out.find(&rules::OTHER_VERSION, "feed_info", format!("version {v} is not one of 3.0, 3.1, 4.0, 4.1, 4.2"));
            }
            feed.major = major;
        }
    }
    feed.update_date = text(&info, "update_date").and_then(Time::parse);
    if feed.update_date.is_none() {
        out.find(&rules::NO_UPDATE_DATE, "feed_info", "update_date is missing or not an RFC 3339 time");
    }
    feed.sources = list(&info, "data_sources").filter_map(|s| text(s, "data_source_id")).map(str::to_owned).collect();
    if feed.sources.is_empty() {
        out.find(&rules::NO_SOURCES, "feed_info", "data_sources names no source");
    }
    feed
}

fn major_minor(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// A feature on its way to a report.
struct Feature<'a> {
    feed: &'a Feed<'a>,
    id: &'a str,
    properties: &'a Value,
    core: &'a Value,
    geometry: &'a Value,
    span: Span,
}

fn read_feature(feed: &Feed, index: usize, raw: &RawValue, seen: &mut HashSet<String>, out: &mut Decoded) {
    let place = format!("features[{index}]");
    // Both are slices of one message, so the difference of their addresses is the offset.
    let start = (raw.get().as_ptr() as usize).saturating_sub(feed.raw.as_ptr() as usize);
    let span = Span::new(start, start + raw.get().len());
    if raw.get().len() > MAX_RECORD {
        return out.reject(
            &rules::NOT_A_FEATURE,
            place,
            format!("at byte {start}: larger than the {MAX_RECORD} bytes that are read of a feature"),
        );
    }
    let value: Value = match serde_json::from_str(raw.get()) {
        Ok(value) => value,
        Err(e) => {
            return out.reject(&rules::NOT_A_FEATURE, place, format!("at byte {start}: {e}"));
        }
    };
    let properties = &value["properties"];
    if value["type"].as_str() != Some("Feature") || !properties.is_object() {
        return out.reject(&rules::NOT_A_FEATURE, place, "not a GeoJSON Feature with properties");
    }
    let number = value["id"].as_number().map(ToString::to_string);
    if let Some(id) = &number {
        out.find(&rules::NUMBER_ID, id, "the id is a number; read as text");
    }
    let Some(id) = number.as_deref().or_else(|| text(&value, "id")).or_else(|| text(properties, "road_event_id")) else {
        return out.reject(&rules::NO_ID, place, "the feature has no id");
    };
    if !seen.insert(id.to_owned()) {
        return out.reject(&rules::DUPLICATE_ID, id, format!("{place} repeats this id; the first one is kept"));
    }
    let core = match &properties["core_details"] {
        core @ Value::Object(_) => core,
        // 3.x has no core_details; leniently, neither need a feed that mixes its versions.
        _ if feed.major < 4 || properties.get("event_type").is_some() => properties,
        _ => return out.reject(&rules::NO_CORE, id, "core_details is missing"),
    };
    let feature = Feature { feed, id, properties, core, geometry: &value["geometry"], span };
    if core.get("device_type").is_some() { device::read(&feature, out) } else { event::read(&feature, out) }
}

impl Feature<'_> {
    /// Notes what the core details of events and devices both need.
    fn check_core(&self, required: &[&str], out: &mut Decoded) {
        for name in required {
            let there = match &self.core[*name] {
                Value::String(s) => !s.trim().is_empty(),
                Value::Array(a) => !a.is_empty(),
                Value::Null => false,
                _ => true,
            };
            if !there {
                out.find(&rules::MISSING_CORE, self.id, format!("core_details.{name} is missing"));
            }
        }
        if let Some(source) = text(self.core, "data_source_id").filter(|s| !self.feed.sources.contains(*s)) {
            out.find(&rules::UNKNOWN_SOURCE, self.id, format!("data_source_id `{source}` is not among feed_info.data_sources"));
        }
    }

    /// The value of an enumeration; one that the standard does not list is noted and still returned, in the feed's words.
    fn one_of<'v>(&self, of: &'v Value, name: &str, known: &[&str], out: &mut Decoded) -> Option<&'v str> {
        let value = text(of, name)?;
        if !known.contains(&value) {
            out.find(&rules::UNKNOWN_VALUE, self.id, format!("{name} `{value}` is not one of the standard's"));
        }
        Some(value)
    }

    /// When the record was last so: its own update date, else the feed's.
    fn observed_at(&self) -> Option<Time> {
        text(self.core, "update_date").and_then(Time::parse).or(self.feed.update_date)
    }

    /// The positions of the geometry, if it is of one of the `allowed` types. `Err` when the feature has to be set aside (it has
    /// been noted); `Ok` and empty when only its place cannot be trusted.
    fn positions(&self, allowed: &[(&str, usize)], out: &mut Decoded) -> Result<Vec<Position>, ()> {
        let kind = text(self.geometry, "type").unwrap_or("no");
        let Some((_, least)) = allowed.iter().find(|(name, _)| *name == kind) else {
            let wanted = allowed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" or ");
            out.reject(&rules::GEOMETRY, self.id, format!("{kind} geometry where {wanted} is required"));
            return Err(());
        };
        let coordinates = &self.geometry["coordinates"];
        let pairs: Vec<&Value> = if kind == "Point" { vec![coordinates] } else { coordinates.as_array().into_iter().flatten().collect() };
        let mut positions = Vec::with_capacity(pairs.len());
        for (i, pair) in pairs.iter().enumerate() {
            let (Some(lon), Some(lat)) = (pair.get(0).and_then(Value::as_f64), pair.get(1).and_then(Value::as_f64)) else {
                out.reject(&rules::GEOMETRY, self.id, format!("position {i} is not a pair of numbers"));
                return Err(());
            };
            let Some(position) = Position::new(lon, lat) else {
                let hint = if Position::new(lat, lon).is_some() { "; longitude and latitude are probably swapped" } else { "" };
                out.reject(&rules::RANGE, self.id, format!("position {i} ({lon}, {lat}) is not a longitude and latitude{hint}"));
                return Err(());
            };
            positions.push(position);
        }
        if positions.len() < *least {
            out.reject(&rules::GEOMETRY, self.id, format!("{kind} of {} positions where {least} are required", positions.len()));
            return Err(());
        }
        // No public road stands south of 60 degrees south, but the longitudes of the Americas do when taken for latitudes.
        if positions.iter().any(|p| p.lat() < -60.0 || p.is_null_island()) {
            out.find(
                &rules::SWAPPED,
                self.id,
                "lies in Antarctica or at 0, 0: longitude and latitude are probably swapped; shown without a place",
            );
            positions.clear();
        }
        Ok(positions)
    }
}
