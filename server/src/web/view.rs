//! How a report is written as JSON: `kind`, `id`, `observed_at` first, then what the kind has. Used by `decode` and the API.

use app::model::{Body, Report};
use serde::Serialize;
use serde_json::{Map, Value};

/// A report as one JSON object.
pub fn report(r: &Report) -> Value {
    let rest = match &r.body {
        Body::Place(x) => fields(x),
        Body::Fix(x) => fields(x),
        Body::Reading(x) => fields(x),
        Body::Situation(x) => fields(x),
    };
    // What something is (hospital, bus, work-zone) is its `type` here: `kind` says which of the four reports it is.
    let mut out = Map::new();
    out.insert("kind".into(), r.body.kind().into());
    out.insert("id".into(), (&*r.id).into());
    out.insert("observed_at".into(), r.observed_at.map(|t| t.to_string()).into());
    out.extend(rest);
    Value::Object(out)
}

/// The fields of a thing, its `kind` renamed `type`, its attributes as one object.
pub fn fields(x: &impl Serialize) -> Map<String, Value> {
    let Ok(Value::Object(mut map)) = serde_json::to_value(x) else { return Map::new() };
    if let Some(kind) = map.remove("kind") {
        map.insert("type".into(), kind);
    }
    if let Some(Value::Array(pairs)) = map.remove("attributes") {
        let mut object = Map::new();
        for pair in pairs {
            if let Value::Array(kv) = pair
                && let [Value::String(k), v] = kv.as_slice()
            {
                object.insert(k.clone(), v.clone());
            }
        }
        map.insert("attributes".into(), Value::Object(object));
    }
    map
}
