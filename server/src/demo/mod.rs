//! The demo city: a small scripted Florence that speaks the real standards.
//!
//! Owns: every document that the demo's feeds serve, as pure functions of a moment and a seed. Must not know: the clock, the
//! network, or any decoder: the spine takes these documents in like anybody else's, over HTTP, so whatever works for the demo works
//! for a city. `city` is the ground, `traffic` who drives on it; the other files write one standard each.

mod cap;
mod city;
mod gtfs;
mod hospitals;
mod proto;
#[cfg(test)]
mod tests;
mod traffic;
mod transit;
mod works;

use app::model::Time;

/// A document as it is served.
pub struct Response {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// The paths that answer, apart from the warnings that the index points at.
pub const PATHS: &[&str] = &[
    "/gtfs.zip",
    "/gtfs-rt/vehicle-positions.pb",
    "/gtfs-rt/trip-updates.pb",
    "/gtfs-rt/alerts.pb",
    "/cap/index.atom",
    "/wzdx/feed.json",
    "/have/hospitals.xml",
];

/// The document at `path` at the moment `now`; `None` where there is none. `base` is the address the city is served at
/// (`http://127.0.0.1:4000`, no slash at its end); the index of warnings writes it into its links.
pub fn respond(path: &str, now: Time, seed: u64, base: &str) -> Option<Response> {
    const PROTOBUF: &str = "application/x-protobuf";
    let (media_type, body) = match path {
        "/gtfs.zip" => ("application/zip", gtfs_zip()),
        "/gtfs-rt/vehicle-positions.pb" => (PROTOBUF, transit::vehicle_positions(seed, now)),
        "/gtfs-rt/trip-updates.pb" => (PROTOBUF, transit::trip_updates(seed, now)),
        "/gtfs-rt/alerts.pb" => (PROTOBUF, transit::alerts(now)),
        "/cap/index.atom" => ("application/atom+xml", cap::index(now, base)),
        "/wzdx/feed.json" => ("application/geo+json", works::feed(now)),
        "/have/hospitals.xml" => ("application/xml", hospitals::document(seed, now)),
        _ => {
            let id = path.strip_prefix("/cap/")?.strip_suffix(".xml")?;
            ("application/cap+xml", cap::document(now, id)?)
        }
    };
    Some(Response { media_type, body })
}

/// The static GTFS that names the trips, routes and stops of the demo's realtime feeds. The same bytes every time, some
/// hundred thousand stop times long: build it once and keep it.
pub fn gtfs_zip() -> Vec<u8> {
    gtfs::zip()
}
