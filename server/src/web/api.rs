//! The API for others: JSON, GeoJSON for what has a place, Prometheus text. Reads only frozen pictures.

use super::{Web, view};
use crate::{feeds::format, ledger::City};
use app::model::{Bounds, Freshness, Geometry, Key, Observed, Shape, Time, feed::FeedId, geo::circle};
use axum::{
    Json,
    body::Body,
    extract::{ConnectInfo, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::{fmt::Write, net::SocketAddr, sync::atomic::Ordering};

/// The filters of a list.
#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    bbox: Option<String>,
    kind: Option<String>,
    department: Option<String>,
    since: Option<String>,
}

/// An error as people and programs read it.
fn refuse(status: StatusCode, why: impl Into<String>) -> Response {
    (status, Json(json!({ "error": why.into() }))).into_response()
}

/// `GET /readyz`: 200 when the picture is served and written down, 503 with the reason when not.
pub async fn ready(State(web): State<Web>) -> Response {
    if web.engine.frames.ended.is_cancelled() {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping");
    }
    match &web.engine.frozen().trouble {
        None => "ready\n".into_response(),
        Some(why) => refuse(StatusCode::SERVICE_UNAVAILABLE, format!("the journal cannot be written: {why}")),
    }
}

/// `GET /api/v1/feeds`.
pub async fn feeds(State(web): State<Web>, Query(filter): Query<Filter>) -> Response {
    let (frozen, now) = (web.engine.frozen(), web.clock.now());
    let list: Vec<Value> = frozen
        .city
        .feeds
        .iter()
        .filter(|f| filter.department.as_deref().is_none_or(|d| *f.feed.department == *d))
        .map(|f| {
            let (feed, h) = (&f.feed, &f.health);
            json!({
                "id": feed.id, "title": feed.title, "department": feed.department, "format": feed.format,
                "licence": feed.licence, "classification": feed.classification,
                "every_s": feed.promise.every.as_secs_f64(), "stale_after_s": feed.promise.stale_after.as_secs_f64(),
                "freshness": h.judge(&feed.promise, now), "last_good": h.last_good, "last_contact": h.last_contact,
                "content_at": h.content_at, "failure": h.failure, "failures": h.failures, "messages": h.messages,
                "reports": h.reports, "rejected": h.rejected, "finding_count": h.finding_count, "findings": h.findings,
                "last_raw": h.last_raw,
            })
        })
        .collect();
    Json(json!({ "at": now, "feeds": list })).into_response()
}

struct Item {
    key: Key,
    kind: &'static str,
    feed: FeedId,
    geometry: Geometry,
    since: Time,
    json: Map<String, Value>,
}

fn item<T: Serialize>(city: &City, key: &Key, kind: &'static str, o: &Observed<T>, geometry: Geometry, now: Time, lasting: bool) -> Item {
    let source = o.source();
    let freshness = city.feed(&source.feed).map_or(Freshness::Unknown, |f| {
        // What lasts until withdrawn is as fresh as the feed that keeps it up; what is measured, as its own measurement.
        if lasting { f.health.judge(&f.feed.promise, now) } else { f.feed.promise.judge(o.observed_at(), now) }
    });
    let mut json = Map::new();
    json.insert("id".into(), key.as_str().into());
    json.insert("observed_at".into(), json!(o.observed_at()));
    json.insert("received_at".into(), json!(o.received_at()));
    json.insert("freshness".into(), json!(freshness));
    json.insert("feed".into(), json!(source.feed));
    json.insert("raw".into(), format!("/api/v1/raw/{}", source.raw).into());
    json.extend(view::fields(o.dated().0));
    Item { key: key.clone(), kind, feed: source.feed.clone(), geometry, since: o.received_at(), json }
}

fn list(web: &Web, headers: &HeaderMap, filter: &Filter, name: &str, items: impl FnOnce(&City, Time) -> Vec<Item>) -> Response {
    let bbox = match filter.bbox.as_deref().map(parse_bbox) {
        None => None,
        Some(Some(b)) => Some(b),
        Some(None) => return refuse(StatusCode::BAD_REQUEST, "bbox must be west,south,east,north in degrees"),
    };
    let since = match filter.since.as_deref().map(Time::parse) {
        None => None,
        Some(Some(t)) => Some(t),
        Some(None) => return refuse(StatusCode::BAD_REQUEST, "since must be an RFC 3339 time"),
    };
    let (frozen, now) = (web.engine.frozen(), web.clock.now());
    let city = &frozen.city;
    let wanted = items(city, now).into_iter().filter(|i| {
        filter.kind.as_deref().is_none_or(|k| k == i.kind)
            && since.is_none_or(|t| i.since >= t)
            && bbox.is_none_or(|b| i.geometry.bounds().is_some_and(|g| b.meets(&g)))
            && filter.department.as_deref().is_none_or(|d| city.feed(&i.feed).is_some_and(|f| *f.feed.department == *d))
    });
    let geojson = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("application/geo+json"));
    if geojson {
        let features: Vec<Value> = wanted
            .map(|mut i| {
                i.json.remove("geometry");
                i.json.remove("position");
                json!({ "type": "Feature", "id": i.key, "geometry": rfc7946(&i.geometry), "properties": i.json })
            })
            .collect();
        let body = json!({ "type": "FeatureCollection", "features": features });
        ([(header::CONTENT_TYPE, "application/geo+json")], body.to_string()).into_response()
    } else {
        let items: Vec<Value> = wanted.map(|i| Value::Object(i.json)).collect();
        Json(json!({ "at": now, name: items })).into_response()
    }
}

fn parse_bbox(text: &str) -> Option<Bounds> {
    let n: Vec<f64> = text.split(',').map(|p| p.trim().parse().ok()).collect::<Option<_>>()?;
    let [w, s, e, n] = n[..] else { return None };
    (w <= e && s <= n && w.is_finite() && s.is_finite() && e.is_finite() && n.is_finite()).then_some(Bounds([w, s, e, n]))
}

/// A geometry as RFC 7946 says it.
pub fn rfc7946(g: &Geometry) -> Value {
    let one = |s: &Shape| match s {
        Shape::Point(p) => json!({ "type": "Point", "coordinates": p }),
        Shape::Line(l) => json!({ "type": "LineString", "coordinates": l }),
        Shape::Polygon(r) => json!({ "type": "Polygon", "coordinates": [r] }),
        Shape::Circle { center, radius } => json!({ "type": "Polygon", "coordinates": [circle(*center, *radius, 48)] }),
    };
    match g.0.as_slice() {
        [] => Value::Null,
        [shape] => one(shape),
        many => json!({ "type": "GeometryCollection", "geometries": many.iter().map(one).collect::<Vec<_>>() }),
    }
}

/// `GET /api/v1/movers`.
pub async fn movers(State(web): State<Web>, headers: HeaderMap, Query(filter): Query<Filter>) -> Response {
    list(&web, &headers, &filter, "movers", |city, now| {
        let one = |(k, o): (&Key, &std::sync::Arc<Observed<app::model::Fix>>)| {
            let fix = o.dated().0;
            item(city, k, fix.kind.token(), o, Geometry::point(fix.position), now, false)
        };
        city.fixes.iter().map(one).collect()
    })
}
/// `GET /api/v1/places`.
pub async fn places(State(web): State<Web>, headers: HeaderMap, Query(filter): Query<Filter>) -> Response {
    list(&web, &headers, &filter, "places", |city, now| {
        let mut out = Vec::new();
        for (k, o) in &city.places {
            let place = o.dated().0;
            let mut i = item(city, k, place.kind.token(), o, place.geometry.clone(), now, true);
            let readings: Vec<Value> = city
                .readings_of(k)
                .map(|r| {
                    let fresh = city.feed(&r.source().feed).map_or(Freshness::Unknown, |f| r.judged(&f.feed.promise, now).1);
                    let mut map = view::fields(r.dated().0);
                    map.insert("observed_at".into(), json!(r.observed_at()));
                    map.insert("freshness".into(), json!(fresh));
                    Value::Object(map)
                })
                .collect();
            i.json.insert("readings".into(), readings.into());
            out.push(i);
        }
        out
    })
}
/// `GET /api/v1/situations`.
pub async fn situations(State(web): State<Web>, headers: HeaderMap, Query(filter): Query<Filter>) -> Response {
    list(&web, &headers, &filter, "situations", |city, now| {
        let shown = city.situations.iter().filter(|(_, o)| !o.dated().0.cancels);
        shown
            .map(|(k, o)| {
                let s = o.dated().0;
                item(city, k, s.kind.token(), o, s.geometry.clone(), now, true)
            })
            .collect()
    })
}

/// `GET /api/v1/kpis`.
pub async fn kpis(State(web): State<Web>) -> Response {
    Json(json!({ "at": web.clock.now(), "kpis": web.engine.frozen().picture.kpis })).into_response()
}
/// `GET /api/v1/alarms`.
pub async fn alarms(State(web): State<Web>) -> Response {
    let frozen = web.engine.frozen();
    Json(json!({ "at": web.clock.now(), "alarms": frozen.picture.alarms.values().collect::<Vec<_>>() })).into_response()
}
/// `GET /api/v1/incidents`.
pub async fn incidents(State(web): State<Web>) -> Response {
    let frozen = web.engine.frozen();
    Json(json!({ "at": web.clock.now(), "incidents": frozen.picture.incidents.values().collect::<Vec<_>>() })).into_response()
}

/// `GET /api/v1/picture`: the number and hash of the present picture. A client that applied every frame has the same hash.
pub async fn picture(State(web): State<Web>) -> Response {
    let frozen = web.engine.frozen();
    Json(json!({ "epoch": web.engine.frames.epoch.to_string(), "seq": frozen.seq, "hash": format!("{:016x}", frozen.picture.hash()) }))
        .into_response()
}

/// The span and step of a series.
#[derive(Debug, Default, Deserialize)]
pub struct Range {
    from: Option<String>,
    to: Option<String>,
    step: Option<String>,
}

/// `GET /api/v1/kpis/{id}/series?from=&to=&step=`: means over `step`, as JSON or CSV.
pub async fn series(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap, Query(range): Query<Range>) -> Response {
    if !crate::rules::kpi::KPIS.iter().any(|k| k.id == id) {
        return refuse(StatusCode::NOT_FOUND, format!("there is no KPI `{id}`"));
    }
    let now = web.clock.now();
    let read = |text: Option<&str>, default: Time| text.map_or(Some(default), Time::parse);
    let (Some(from), Some(to)) = (read(range.from.as_deref(), now.shifted(-3_600_000)), read(range.to.as_deref(), now)) else {
        return refuse(StatusCode::BAD_REQUEST, "from and to must be RFC 3339 times");
    };
    let Some(step) = range.step.as_deref().map_or(Some(std::time::Duration::from_secs(15)), crate::config::parse_duration) else {
        return refuse(StatusCode::BAD_REQUEST, "step must be a time span such as 1m");
    };
    let samples = match web.archive.series(&id, from, to).await {
        Ok(s) => s,
        Err(e) => return refuse(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()),
    };
    // Mean of a step, as fresh as its worst sample; no value when none was known.
    let step = (step.as_millis() as i64).max(1);
    let mut rows: Vec<(i64, f64, u32, i64)> = Vec::new();
    for (at, value, fresh) in samples {
        let bucket = at.millis().div_euclid(step) * step;
        if rows.last().is_none_or(|r| r.0 != bucket) {
            rows.push((bucket, 0.0, 0, 0));
        }
        if let Some(row) = rows.last_mut() {
            row.1 += value.unwrap_or(0.0);
            row.2 += u32::from(value.is_some());
            row.3 = row.3.max(fresh);
        }
    }
    let fresh = |f: i64| [Freshness::Fresh, Freshness::Stale, Freshness::Unknown][f.clamp(0, 2) as usize].token();
    let rows = rows.into_iter().map(|(t, sum, n, f)| (Time::from_millis(t), (n > 0).then(|| sum / f64::from(n)), fresh(f)));
    if headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/csv")) {
        let mut csv = String::from("time,value,freshness\n");
        for (t, v, f) in rows {
            let _ = writeln!(csv, "{t},{},{f}", v.map_or(String::new(), |v| v.to_string()));
        }
        return ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response();
    }
    let points: Vec<Value> = rows.map(|(t, v, f)| json!({ "at": t, "value": v, "freshness": f })).collect();
    Json(json!({ "kpi": id, "points": points })).into_response()
}

/// `POST /api/v1/ingest/{feed}`.
pub async fn ingest(
    State(web): State<Web>,
    Path(feed): Path<String>,
    peer: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(pushed) = web.push.get(&feed) else {
        return refuse(StatusCode::NOT_FOUND, format!("there is no push feed `{feed}`"));
    };
    let given = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let allowed = match &pushed.token {
        Some(token) => given.is_some_and(|g| same(g.as_bytes(), token.as_bytes())),
        None => peer.0.ip().is_loopback(),
    };
    if !allowed {
        return refuse(StatusCode::UNAUTHORIZED, format!("feed `{feed}` wants its bearer token"));
    }
    match pushed.intake.pushed(body).await {
        Ok(t) => {
            (StatusCode::ACCEPTED, Json(json!({ "reports": t.reports, "rejected": t.rejected, "findings": t.findings }))).into_response()
        }
        Err(refusal) => refuse(StatusCode::BAD_REQUEST, refusal.to_string()),
    }
}

// Takes the same time wherever two tokens begin to differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

/// `GET /api/v1/raw/{sha256}`: the message as it came, never as a page.
pub async fn raw(State(web): State<Web>, Path(sha): Path<String>) -> Response {
    if sha.len() != 64 || !sha.bytes().all(|b| b.is_ascii_hexdigit()) {
        return refuse(StatusCode::BAD_REQUEST, "a raw message is named by its SHA-256: 64 hex digits");
    }
    match web.archive.raw(&sha.to_ascii_lowercase()).await {
        Ok(Some((feed, bytes))) => {
            let frozen = web.engine.frozen();
            let id = frozen.city.feed(&FeedId::from(feed.as_str())).map(|f| f.feed.format.clone());
            let media = id.and_then(|id| format::by_id(&id)).and_then(|f| f.media_types.first()).unwrap_or(&"application/octet-stream");
            let mut response = Response::new(Body::from(bytes));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
            // Feed text must never run in our pages' name, whatever it claims to be.
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
            if let Ok(v) = HeaderValue::from_str(&format!("attachment; filename=\"{feed}-{}\"", &sha[..12])) {
                headers.insert(header::CONTENT_DISPOSITION, v);
            }
            response
        }
        Ok(None) => refuse(StatusCode::NOT_FOUND, "no such message is kept"),
        Err(e) => refuse(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()),
    }
}

/// `GET /metrics`: Prometheus text.
pub async fn metrics(State(web): State<Web>) -> Response {
    let (frozen, now) = (web.engine.frozen(), web.clock.now());
    let mut out = String::new();
    let gauge = |out: &mut String, name: &str, help: &str| {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
    };
    gauge(&mut out, "vedetta_live_clients", "Open live sockets.");
    let _ = writeln!(out, "vedetta_live_clients {}", web.clients.load(Ordering::Relaxed));
    gauge(&mut out, "vedetta_sequence", "Number of the last published change.");
    let _ = writeln!(out, "vedetta_sequence {}", frozen.seq);
    gauge(&mut out, "vedetta_journal_ok", "1 while the journal can be written.");
    let _ = writeln!(out, "vedetta_journal_ok {}", u8::from(frozen.trouble.is_none()));
    gauge(&mut out, "vedetta_known", "Things known, by kind of report.");
    let c = &frozen.city;
    for (kind, n) in [("place", c.places.len()), ("fix", c.fixes.len()), ("reading", c.readings.len()), ("situation", c.situations.len())] {
        let _ = writeln!(out, "vedetta_known{{kind=\"{kind}\"}} {n}");
    }
    gauge(&mut out, "vedetta_feed_freshness", "0 fresh, 1 stale, 2 unknown.");
    for f in &c.feeds {
        let _ = writeln!(out, "vedetta_feed_freshness{{feed=\"{}\"}} {}", f.feed.id, f.health.judge(&f.feed.promise, now) as u8);
    }
    gauge(&mut out, "vedetta_feed_messages_total", "Messages read.");
    for f in &c.feeds {
        let _ = writeln!(out, "vedetta_feed_messages_total{{feed=\"{}\"}} {}", f.feed.id, f.health.messages);
    }
    gauge(&mut out, "vedetta_feed_failures", "Failed attempts in a row.");
    for f in &c.feeds {
        let _ = writeln!(out, "vedetta_feed_failures{{feed=\"{}\"}} {}", f.feed.id, f.health.failures);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response()
}
