//! The demo's road works: a WZDx 4.2 work-zone feed on real streets.

use super::city::{Point, city, offset};
use app::model::Time;
use serde_json::{Value, json};

const DAY: i64 = 86_400;
const SOURCE: &str = "fi-strade";

/// A kind of site; street number `i` gets the `i`th.
struct Site {
    impact: &'static str,
    /// Status of each lane from the left; the last one is the pavement.
    lanes: &'static [&'static str],
    work: &'static str,
    limit: u32,
    description: &'static str,
}
const SITES: &[Site] = &[
    Site {
        impact: "some-lanes-closed",
        lanes: &["open", "closed", "open"],
        work: "surface-work",
        limit: 30,
        description: "Rifacimento del manto stradale, una corsia chiusa",
    },
    Site {
        impact: "alternating-one-way",
        lanes: &["alternating-flow", "closed", "open"],
        work: "below-road-work",
        limit: 30,
        description: "Sostituzione della rete idrica, senso unico alternato",
    },
    Site {
        impact: "all-lanes-open",
        lanes: &["open", "open", "closed"],
        work: "roadside-work",
        limit: 40,
        description: "Potatura dei platani, marciapiede chiuso",
    },
    Site {
        impact: "all-lanes-closed",
        lanes: &["closed", "closed", "open"],
        work: "barrier-work",
        limit: 30,
        description: "Consolidamento della spalletta, strada chiusa al traffico",
    },
    Site {
        impact: "some-lanes-closed-merge-left",
        lanes: &["open", "closed", "closed"],
        work: "below-road-work",
        limit: 30,
        description: "Posa di fibra ottica, corsia di destra chiusa",
    },
    Site {
        impact: "temporary-traffic-signal",
        lanes: &["alternating-flow", "closed", "open"],
        work: "maintenance",
        limit: 30,
        description: "Ripristino di un avvallamento, semaforo provvisorio",
    },
    Site {
        impact: "all-lanes-open-shift-right",
        lanes: &["shift-right", "shift-right", "closed"],
        work: "roadway-creation",
        limit: 40,
        description: "Nuova pista ciclabile, corsie spostate",
    },
    Site {
        impact: "some-lanes-closed",
        lanes: &["closed", "open", "open"],
        work: "painting",
        limit: 40,
        description: "Segnaletica orizzontale, corsia di sinistra chiusa",
    },
];

/// The feed. Sites open for a fortnight and make room for new ones (new ids) afterwards; one more is planned for tonight.
pub fn feed(now: Time) -> Vec<u8> {
    let s = now.millis().div_euclid(1000);
    let fortnight = s.div_euclid(14 * DAY);
    let start_of = |period: i64| s.div_euclid(period) * period;
    let mut features = Vec::new();
    for (i, (site, street)) in SITES.iter().zip(&city().works).enumerate() {
        let (start, end) = ((fortnight * 14 - 1) * DAY - i as i64 * 3600, (fortnight * 14 + 15) * DAY + i as i64 * 3600);
        let id = format!("fi-cantiere-{fortnight}-{i}");
        features.push(feature(&id, site, &street.street, &street.path, (start, end), start_of(HOURLY), s));
    }
    if let Some(street) = city().works.get(SITES.len()) {
        let day = start_of(DAY);
        let site = Site {
            impact: "all-lanes-closed",
            lanes: &["closed", "closed", "closed"],
            work: "overhead-work",
            limit: 30,
            description: "Chiusura notturna per il varo di una passerella",
        };
        let id = format!("fi-notturno-{}", day / DAY);
        features.push(feature(&id, &site, &street.street, &street.path, (day + 21 * 3600, day + 28 * 3600), day, s));
    }
    let feed = json!({
        "feed_info": {
            "publisher": "Comune di Firenze (demo)",
            "contact_name": "Sala operativa della mobilità",
            "contact_email": "mobilita@firenze.example",
            "update_frequency": 60,
            "update_date": date(start_of(60)),
            "version": "4.2",
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "data_sources": [{
                "data_source_id": SOURCE,
                "organization_name": "Direzione infrastrutture (demo)",
                "update_frequency": 60,
                "update_date": date(start_of(60)),
            }],
        },
        "type": "FeatureCollection",
        "features": features,
    });
    feed.to_string().into_bytes()
}

const HOURLY: i64 = 3600;

fn feature(id: &str, site: &Site, street: &str, path: &[Point], (start, end): (i64, i64), updated: i64, now: i64) -> Value {
    let begun = start <= now;
    let at_work = begun && (6..16).contains(&(now.rem_euclid(DAY) / 3600));
    let last = site.lanes.len();
    let lanes: Vec<Value> = site
        .lanes
        .iter()
        .enumerate()
        .map(|(i, status)| json!({ "order": i + 1, "status": status, "type": if i + 1 == last { "sidewalk" } else { "general" } }))
        .collect();
    json!({
        "id": id,
        "type": "Feature",
        "properties": {
            "core_details": {
                "event_type": "work-zone",
                "data_source_id": SOURCE,
                "road_names": [street],
                "direction": direction(path),
                "description": site.description,
                "creation_date": date(start - 7 * DAY),
                "update_date": date(updated),
            },
            "start_date": date(start),
            "end_date": date(end),
            "is_start_date_verified": begun,
            "is_end_date_verified": false,
            "is_start_position_verified": true,
            "is_end_position_verified": true,
            "work_zone_type": "static",
            "location_method": "channel-device-method",
            "vehicle_impact": site.impact,
            "worker_presence": { "are_workers_present": at_work, "method": "check-in-app", "confidence": "high" },
            "reduced_speed_limit_kph": site.limit,
            "restrictions": [{ "type": "no-parking" }],
            "types_of_work": [{ "type_name": site.work, "is_architectural_change": false }],
            "lanes": lanes,
        },
        "geometry": { "type": "LineString", "coordinates": path },
    })
}

fn direction(path: &[Point]) -> &'static str {
    let (Some(from), Some(to)) = (path.first(), path.last()) else { return "unknown" };
    let [east, north] = offset(*from, *to);
    match (east.abs() > north.abs(), east > 0.0, north > 0.0) {
        (true, true, _) => "eastbound",
        (true, false, _) => "westbound",
        (false, _, true) => "northbound",
        (false, _, false) => "southbound",
    }
}

fn date(secs: i64) -> String {
    Time::from_secs(secs).to_string()
}
