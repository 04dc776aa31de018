//! Everything known about a selected thing, in words, with the record it came from.

use super::Web;
use crate::{feeds::format, ledger::City};
use app::model::{Fix, Geometry, Key, Observed, Place, Quantity, Reading, Shape, Situation, Source, Time, Unit, time::ago};
use app::port::{Details, Field, Measured, Raw};

/// The shown part of a record is at most this long.
const MAX_RECORD: usize = 20_000;

/// Details of the thing of that kind and key.
pub async fn details(web: &Web, kind: &str, key: &str) -> Option<Details> {
    let frozen = web.engine.frozen();
    let city = &frozen.city;
    let offset = frozen.picture.city.offset_s;
    let k = Key::from(key);
    match kind {
        "mover" => {
            let o = city.fixes.get(&k)?;
            let f = o.dated().0;
            let title = f.label.as_deref().unwrap_or(k.local());
            let route = f.trip.as_ref().and_then(|t| t.route.as_deref());
            let mut d = blank(web, f.kind.title(), route.map_or(title.to_owned(), |r| format!("{r} · {title}")), o).await;
            d.position = Some(f.position);
            d.fields = fix_fields(&k, f);
            d.readings = readings(city, &k);
            if let Some(trip) = f.trip.as_ref().and_then(|t| t.trip_id.as_deref()) {
                d.readings.extend(readings(city, &Key::new(k.namespace(), &format!("trip:{trip}"))));
            }
            Some(d)
        }
        "place" => {
            let o = city.places.get(&k)?;
            let p = o.dated().0;
            let mut d = blank(web, p.kind.title(), p.name.to_string(), o).await;
            d.position = p.geometry.anchor();
            d.fields = place_fields(&k, p);
            d.readings = readings(city, &k);
            Some(d)
        }
        "situation" => {
            let o = city.situations.get(&k)?;
            let s = o.dated().0;
            let mut d = blank(web, s.kind.title(), s.headline.to_string(), o).await;
            (d.severity, d.status, d.position) = (Some(s.severity), Some(s.status), s.geometry.anchor());
            d.fields = situation_fields(&k, s, offset);
            Some(d)
        }
        "feed" => {
            let f = city.feeds.iter().find(|f| f.feed.id.as_str() == key)?;
            let h = &f.health;
            let say = |t: Option<Time>| t.map_or("never".to_owned(), |t| t.local(offset));
            let mut fields = Fields::default();
            fields.add("Id", f.feed.id.as_str());
            fields.add("Format", &*f.feed.format);
            fields.add("Promised every", ago(f.feed.promise.every));
            fields.add("Stale after", ago(f.feed.promise.stale_after));
            fields.add("Last message read", say(h.last_good));
            fields.add("Last heard", say(h.last_contact));
            if h.content_at.is_some() {
                fields.add("Content is of", say(h.content_at));
            }
            fields.some("Failure", h.failure.as_deref());
            if h.failures > 0 {
                fields.add("Failed attempts", h.failures.to_string());
            }
            fields.add("Messages read", h.messages.to_string());
            fields.add("Reports in the last one", h.reports.to_string());
            fields.add("Set aside in it", h.rejected.to_string());
            fields.add("Findings in it", h.finding_count.to_string());
            for x in &h.findings {
                fields.add(&x.rule, format!("{}: {}", x.entity, x.message));
            }
            let sha = h.last_raw.clone().unwrap_or_else(|| "".into());
            let source = Source { feed: f.feed.id.clone(), raw: sha, span: app::model::Span::default() };
            Some(Details {
                kind: "Feed".into(),
                title: f.feed.title.to_string(),
                severity: None,
                status: None,
                position: f.bounds.map(|b| b.center()),
                fields: fields.0,
                readings: Vec::new(),
                observed_at: h.basis(),
                received_at: h.last_contact.unwrap_or_default(),
                feed: f.feed.id.as_str().into(),
                raw: raw(web, &source).await,
            })
        }
        _ => None,
    }
}

async fn blank<T>(web: &Web, kind: &str, title: String, o: &Observed<T>) -> Details {
    Details {
        kind: kind.into(),
        title,
        severity: None,
        status: None,
        position: None,
        fields: Vec::new(),
        readings: Vec::new(),
        observed_at: o.observed_at(),
        received_at: o.received_at(),
        feed: o.source().feed.as_str().into(),
        raw: raw(web, o.source()).await,
    }
}

// The record, cut from the raw message by its span and shown by its format.
async fn raw(web: &Web, source: &Source) -> Raw {
    let kept = web.archive.raw(&source.raw).await.ok().flatten();
    let format_id = web.engine.frozen().city.feed(&source.feed).map(|f| f.feed.format.clone());
    let span = (source.span.start, source.span.end);
    let (size, record) = match (kept, format_id.and_then(|id| format::by_id(&id))) {
        (Some((_, bytes)), Some(format)) => (bytes.len(), (format.show)(source.span.of(&bytes))),
        (Some((_, bytes)), None) => (bytes.len(), String::from_utf8_lossy(source.span.of(&bytes)).into_owned()),
        (None, _) => (0, String::new()),
    };
    let record = match record.char_indices().nth(MAX_RECORD) {
        Some((at, _)) => format!("{}\n… ({} characters in all)", &record[..at], record.chars().count()),
        None => record,
    };
    Raw { sha256: source.raw.clone(), size, record, span }
}

#[derive(Default)]
struct Fields(Vec<Field>);
impl Fields {
    fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push(Field { name: name.into(), value: value.into() });
    }
    fn some(&mut self, name: &str, value: Option<impl Into<String>>) {
        if let Some(v) = value {
            self.add(name, v);
        }
    }
    fn rest(&mut self, attributes: &app::model::report::Attributes) {
        for (name, value) in attributes {
            self.add(name, value.to_string());
        }
    }
}

fn fix_fields(k: &Key, f: &Fix) -> Vec<Field> {
    let mut fields = Fields::default();
    fields.add("Id", k.local());
    fields.some("Label", f.label.as_deref());
    if let Some(t) = &f.trip {
        fields.some("Route", t.route.as_deref());
        fields.some("To", t.headsign.as_deref());
        fields.some("Trip", t.trip_id.as_deref());
        fields.some("Route id", t.route_id.as_deref());
    }
    fields.add("Position", format!("{:.5}, {:.5}", f.position.lon(), f.position.lat()));
    fields.some("Heading", f.heading.map(|h| format!("{h:.0}°")));
    fields.some(
        "Speed",
        f.speed.and_then(|s| Unit::MetrePerSecond.convert(f64::from(s), Unit::KilometrePerHour)).map(|v| format!("{v:.0} km/h")),
    );
    fields.rest(&f.attributes);
    fields.0
}

fn place_fields(k: &Key, p: &Place) -> Vec<Field> {
    let mut fields = Fields::default();
    fields.add("Id", k.local());
    fields.some("Position", place_words(&p.geometry));
    fields.rest(&p.attributes);
    fields.0
}

fn situation_fields(k: &Key, s: &Situation, offset: i32) -> Vec<Field> {
    let mut fields = Fields::default();
    fields.some("Description", s.description.as_deref());
    fields.add("Severity", s.severity.word());
    fields.add("Urgency", s.urgency.word());
    fields.add("Certainty", s.certainty.word());
    fields.add("Status", s.status.title());
    fields.some("Area", s.area.as_deref());
    fields.some("Place", place_words(&s.geometry));
    fields.some("From", s.from.map(|t| t.local(offset)));
    fields.add("Until", s.to.map_or("further notice".to_owned(), |t| t.local(offset)));
    fields.some("Language", s.language.as_deref());
    fields.add("Id", k.local());
    if !s.replaces.is_empty() {
        fields.add("Replaces", s.replaces.join(", "));
    }
    fields.rest(&s.attributes);
    fields.0
}

fn place_words(g: &Geometry) -> Option<String> {
    let at = g.anchor()?;
    let what = match g.0.as_slice() {
        [Shape::Point(_)] => String::new(),
        [Shape::Circle { radius, .. }] => format!(", {:.1} km around", radius / 1000.0),
        [one] => format!(", {} of {} positions", if matches!(one, Shape::Line(_)) { "line" } else { "area" }, g.positions().count()),
        many => format!(", {} shapes", many.len()),
    };
    Some(format!("{:.5}, {:.5}{what}", at.lon(), at.lat()))
}

fn readings(city: &City, of: &Key) -> Vec<Measured> {
    city.readings_of(of).map(|o| measured(o)).collect()
}

fn measured(o: &Observed<Reading>) -> Measured {
    let (r, observed_at) = o.dated();
    let title = match &r.qualifier {
        Some(q) => format!("{} · {q}", r.quantity.title()),
        None => r.quantity.title().to_owned(),
    };
    let value = match r.value.and_then(|v| r.unit.convert(v, r.quantity.unit())) {
        None => "—".to_owned(),
        Some(v) if r.quantity == Quantity::Delay => late(v),
        Some(v) => format!("{} {}", (v * 10.0).round() / 10.0, r.quantity.unit().sign()).trim_end().to_owned(),
    };
    Measured { title, value, observed_at, feed: o.source().feed.as_str().into() }
}

// A delay as people say it.
fn late(s: f64) -> String {
    match s {
        s if s.abs() < 30.0 => "on time".to_owned(),
        s if s > 0.0 => format!("{:.0} min late", (s / 60.0).max(1.0)),
        s => format!("{:.0} min early", (-s / 60.0).max(1.0)),
    }
}
