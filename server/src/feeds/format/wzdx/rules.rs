//! The numbered rules by which WZDx feeds are judged. Names in code are the requirement that was broken.

use super::super::Rule;
use app::model::Judgement;

const fn rule(id: &'static str, severity: Judgement, title: &'static str, text: &'static str) -> Rule {
    Rule { id, severity, title, text }
}

/// The feed describes itself.
pub const NO_FEED_INFO: Rule = rule(
    "WZDX-001",
    Judgement::Error,
    "The feed describes itself",
    "A feed carries `feed_info` (in 3.x `road_event_feed_info`): who publishes it, when, in which version, from \
     which sources (WorkZoneFeed object, required). Without it nobody can be asked about an error. The features are \
     still read, as version 4.",
);
/// The publisher is named.
pub const NO_PUBLISHER: Rule = rule(
    "WZDX-002",
    Judgement::Error,
    "The publisher is named",
    "`feed_info.publisher` is required: the organisation that answers for the feed. A breach is shown on the feed; \
     its features are still read.",
);
/// The version is given as major.minor.
pub const NO_VERSION: Rule = rule(
    "WZDX-003",
    Judgement::Error,
    "The version is given as major.minor",
    "`feed_info.version` is required and written `major.minor` (FeedInfo object). It decides how features are read; \
     when it cannot be read itself, 4 is assumed.",
);
/// The version is one that is known.
pub const OTHER_VERSION: Rule = rule(
    "WZDX-004",
    Judgement::Error,
    "The version is one that is known",
    "Versions 3.0, 3.1 and 4.0 to 4.2 are read. Another one may have changed what a field means, so it is said \
     aloud; the features are read by the nearest known layout.",
);
/// The feed says when it was made.
pub const NO_UPDATE_DATE: Rule = rule(
    "WZDX-005",
    Judgement::Error,
    "The feed says when it was made",
    "`feed_info.update_date` is required. It is the age of every feature without a date of its own: without it \
     those have no age, and are shown as not known rather than as fresh.",
);
/// At least one data source is listed.
pub const NO_SOURCES: Rule = rule(
    "WZDX-006",
    Judgement::Error,
    "At least one data source is listed",
    "`feed_info.data_sources` lists the organisations that the events come from, each with an id (FeedInfo and \
     FeedDataSource objects). Without one no event can be traced to its owner.",
);
/// A feature is a readable GeoJSON Feature.
pub const NOT_A_FEATURE: Rule = rule(
    "WZDX-007",
    Judgement::Error,
    "A feature is a readable GeoJSON Feature",
    "Each element of `features` is an object of type `Feature` with `properties` (RFC 7946, section 3.2). One that \
     is not is set aside; the others are read.",
);
/// A feature has an id.
pub const NO_ID: Rule = rule(
    "WZDX-008",
    Judgement::Error,
    "A feature has an id",
    "`id` is required (3.x: `id` or `road_event_id`). Without one an event cannot be followed from message to \
     message, acknowledged or closed, so it is set aside.",
);
/// An id stands for one feature.
pub const DUPLICATE_ID: Rule = rule(
    "WZDX-009",
    Judgement::Error,
    "An id stands for one feature",
    "Ids are unique within a feed. Of two features with one id the first is kept and the other set aside, since \
     nothing says which of them is right.",
);
/// A feature has core details.
pub const NO_CORE: Rule = rule(
    "WZDX-010",
    Judgement::Error,
    "A feature has core details",
    "From 4.0 `properties.core_details` holds what all events, and all devices, share. Without it the feature says \
     neither what it is nor where, and is set aside.",
);
/// The core details are complete.
pub const MISSING_CORE: Rule = rule(
    "WZDX-011",
    Judgement::Error,
    "The core details are complete",
    "Road events require event_type, data_source_id, direction and road_names; field devices require device_type, \
     data_source_id, device_status, update_date and has_automatic_location. The feature is kept; what is missing is \
     shown as not known.",
);
/// A feature names a listed source.
pub const UNKNOWN_SOURCE: Rule = rule(
    "WZDX-012",
    Judgement::Error,
    "A feature names a listed source",
    "`data_source_id` points into `feed_info.data_sources`. When it points nowhere the owner of the event is not \
     known; the event is kept.",
);
/// The geometry is of the required kind.
pub const GEOMETRY: Rule = rule(
    "WZDX-013",
    Judgement::Error,
    "The geometry is of the required kind",
    "A road event is a LineString or MultiPoint of at least two positions, its start and its end (RoadEventFeature \
     object); a field device is a Point. Anything else cannot be drawn truthfully, and the feature is set aside.",
);
/// Coordinates lie on the globe.
pub const RANGE: Rule = rule(
    "WZDX-014",
    Judgement::Error,
    "Coordinates lie on the globe",
    "Positions are WGS 84 longitude, then latitude (RFC 7946, section 3.1.1), within 180 and 90 degrees. A feature \
     with one that is not is set aside.",
);
/// Longitude stands before latitude.
pub const SWAPPED: Rule = rule(
    "WZDX-015",
    Judgement::Warning,
    "Longitude stands before latitude",
    "A position in Antarctica or exactly at 0, 0 is possible and never meant: nearly always the two numbers were \
     swapped, or a receiver had no fix. The report is kept without its place, so that nothing is drawn where it is \
     not.",
);
/// An event says from when to when.
pub const DATE: Rule = rule(
    "WZDX-016",
    Judgement::Error,
    "An event says from when to when",
    "`start_date` and `end_date` are required RFC 3339 times. A missing start is shown as already begun, a missing \
     end as until further notice.",
);
/// An event does not end before it starts.
pub const ENDS_FIRST: Rule = rule(
    "WZDX-017",
    Judgement::Error,
    "An event does not end before it starts",
    "Such an event would never be in force, and would vanish from the picture in silence. It is set aside and shown \
     here instead.",
);
/// A work zone says how it affects traffic.
pub const MISSING_WORK: Rule = rule(
    "WZDX-018",
    Judgement::Error,
    "A work zone says how it affects traffic",
    "From 4.0 `vehicle_impact` and `location_method` are required of a work zone (WorkZoneRoadEvent object). \
     Without the first its severity is not known.",
);
/// A work zone says what was verified.
pub const UNVERIFIED: Rule = rule(
    "WZDX-019",
    Judgement::Warning,
    "A work zone says what was verified",
    "For the start and end, in time and in place, a work zone says whether it was verified: `is_..._verified`, or \
     its older `..._accuracy`. Without it the certainty is not known.",
);
/// Enumerated values are the standard's.
pub const UNKNOWN_VALUE: Rule = rule(
    "WZDX-020",
    Judgement::Warning,
    "Enumerated values are the standard's",
    "A value outside the enumeration of its field is kept in the details in the feed's own words; what would be \
     derived from it (severity, kind) is not known.",
);
/// Numbers make sense and have a unit.
pub const BAD_VALUE: Rule = rule(
    "WZDX-021",
    Judgement::Warning,
    "Numbers make sense and have a unit",
    "A speed limit is between 0 and 300 km/h, a share between 0 and 100 %, and a restriction with a value names its \
     unit (Restriction object). A number that does not is left out.",
);
/// An id is text.
pub const NUMBER_ID: Rule = rule(
    "WZDX-022",
    Judgement::Warning,
    "An id is text",
    "GeoJSON allows a number for `id`, WZDx asks for text. The number is read as it is written, so that the event \
     can still be followed.",
);

/// All of them, in order.
pub const RULES: &[Rule] = &[
    NO_FEED_INFO,
    NO_PUBLISHER,
    NO_VERSION,
    OTHER_VERSION,
    NO_UPDATE_DATE,
    NO_SOURCES,
    NOT_A_FEATURE,
    NO_ID,
    DUPLICATE_ID,
    NO_CORE,
    MISSING_CORE,
    UNKNOWN_SOURCE,
    GEOMETRY,
    RANGE,
    SWAPPED,
    DATE,
    ENDS_FIRST,
    MISSING_WORK,
    UNVERIFIED,
    UNKNOWN_VALUE,
    BAD_VALUE,
    NUMBER_ID,
];
