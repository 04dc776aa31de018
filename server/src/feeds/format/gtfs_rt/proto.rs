//! The messages of GTFS-Realtime 2.0, by the field numbers of its published schema.
//!
//! Owns: the shapes on the wire and the names of enum values. Must not know: what they mean. Three choices differ from what a
//! generator would write. Texts are bytes, because one Latin-1 letter must not cost a whole record. Required fields are
//! optional, because a missing one is a finding and not an end. Enums are numbers, because feeds are ahead of any list.

use prost::Message;

/// A protobuf text, judged only when it is used.
pub type Text = Option<Vec<u8>>;

/// `FeedHeader`.
#[derive(Clone, PartialEq, Message)]
pub struct FeedHeader {
    /// `gtfs_realtime_version`.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub version: Text,
    /// 0 full dataset, 1 differential.
    #[prost(int32, optional, tag = "2")]
    pub incrementality: Option<i32>,
    /// POSIX seconds.
    #[prost(uint64, optional, tag = "3")]
    pub timestamp: Option<u64>,
}

/// `FeedEntity`.
#[derive(Clone, PartialEq, Message)]
pub struct FeedEntity {
    /// Unique in the message.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub id: Text,
    /// Only for differential feeds.
    #[prost(bool, optional, tag = "2")]
    pub is_deleted: Option<bool>,
    /// A trip's progress.
    #[prost(message, optional, tag = "3")]
    pub trip_update: Option<TripUpdate>,
    /// A vehicle's place.
    #[prost(message, optional, tag = "4")]
    pub vehicle: Option<VehiclePosition>,
    /// Trouble.
    #[prost(message, optional, tag = "5")]
    pub alert: Option<Alert>,
}

/// `TripUpdate`.
#[derive(Clone, PartialEq, Message)]
pub struct TripUpdate {
    /// Which trip.
    #[prost(message, optional, tag = "1")]
    pub trip: Option<TripDescriptor>,
    /// In the order of the stops.
    #[prost(message, repeated, tag = "2")]
    pub stop_time_update: Vec<StopTimeUpdate>,
    /// Which vehicle serves it.
    #[prost(message, optional, tag = "3")]
    pub vehicle: Option<VehicleDescriptor>,
    /// POSIX seconds.
    #[prost(uint64, optional, tag = "4")]
    pub timestamp: Option<u64>,
    /// Seconds late.
    #[prost(int32, optional, tag = "5")]
    pub delay: Option<i32>,
}

/// `TripUpdate.StopTimeUpdate`.
#[derive(Clone, PartialEq, Message)]
pub struct StopTimeUpdate {
    /// As in `stop_times.txt`.
    #[prost(uint32, optional, tag = "1")]
    pub stop_sequence: Option<u32>,
    /// When it arrives.
    #[prost(message, optional, tag = "2")]
    pub arrival: Option<StopTimeEvent>,
    /// When it leaves.
    #[prost(message, optional, tag = "3")]
    pub departure: Option<StopTimeEvent>,
    /// As in `stops.txt`.
    #[prost(bytes = "vec", optional, tag = "4")]
    pub stop_id: Text,
    /// See [`stop_relationship`].
    #[prost(int32, optional, tag = "5")]
    pub schedule_relationship: Option<i32>,
}

/// `TripUpdate.StopTimeEvent`.
#[derive(Clone, Copy, PartialEq, Message)]
pub struct StopTimeEvent {
    /// Seconds late.
    #[prost(int32, optional, tag = "1")]
    pub delay: Option<i32>,
    /// POSIX seconds.
    #[prost(int64, optional, tag = "2")]
    pub time: Option<i64>,
    /// Seconds, either way.
    #[prost(int32, optional, tag = "3")]
    pub uncertainty: Option<i32>,
}

/// `VehiclePosition`.
#[derive(Clone, PartialEq, Message)]
pub struct VehiclePosition {
    /// Which trip it serves.
    #[prost(message, optional, tag = "1")]
    pub trip: Option<TripDescriptor>,
    /// Where it is.
    #[prost(message, optional, tag = "2")]
    pub position: Option<Position>,
    /// As in `stop_times.txt`.
    #[prost(uint32, optional, tag = "3")]
    pub current_stop_sequence: Option<u32>,
    /// See [`stop_status`].
    #[prost(int32, optional, tag = "4")]
    pub current_status: Option<i32>,
    /// POSIX seconds.
    #[prost(uint64, optional, tag = "5")]
    pub timestamp: Option<u64>,
    /// See [`congestion`].
    #[prost(int32, optional, tag = "6")]
    pub congestion_level: Option<i32>,
    /// As in `stops.txt`.
    #[prost(bytes = "vec", optional, tag = "7")]
    pub stop_id: Text,
    /// Which vehicle.
    #[prost(message, optional, tag = "8")]
    pub vehicle: Option<VehicleDescriptor>,
    /// See [`occupancy`].
    #[prost(int32, optional, tag = "9")]
    pub occupancy_status: Option<i32>,
    /// Per cent; may pass 100.
    #[prost(uint32, optional, tag = "10")]
    pub occupancy_percentage: Option<u32>,
}

/// `Position`.
#[derive(Clone, Copy, PartialEq, Message)]
pub struct Position {
    /// Degrees north.
    #[prost(float, optional, tag = "1")]
    pub latitude: Option<f32>,
    /// Degrees east.
    #[prost(float, optional, tag = "2")]
    pub longitude: Option<f32>,
    /// Degrees clockwise from north.
    #[prost(float, optional, tag = "3")]
    pub bearing: Option<f32>,
    /// Metres.
    #[prost(double, optional, tag = "4")]
    pub odometer: Option<f64>,
    /// Metres a second.
    #[prost(float, optional, tag = "5")]
    pub speed: Option<f32>,
}

/// `TripDescriptor`.
#[derive(Clone, PartialEq, Message)]
pub struct TripDescriptor {
    /// As in `trips.txt`.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub trip_id: Text,
    /// `HH:MM:SS`.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub start_time: Text,
    /// `YYYYMMDD`.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub start_date: Text,
    /// See [`trip_relationship`].
    #[prost(int32, optional, tag = "4")]
    pub schedule_relationship: Option<i32>,
    /// As in `routes.txt`.
    #[prost(bytes = "vec", optional, tag = "5")]
    pub route_id: Text,
    /// 0 or 1.
    #[prost(uint32, optional, tag = "6")]
    pub direction_id: Option<u32>,
}

/// `VehicleDescriptor`.
#[derive(Clone, PartialEq, Message)]
pub struct VehicleDescriptor {
    /// The system's own id.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub id: Text,
    /// What passengers read on it.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub label: Text,
    /// Number plate.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub license_plate: Text,
}

/// `Alert`.
#[derive(Clone, PartialEq, Message)]
pub struct Alert {
    /// When it is to be shown.
    #[prost(message, repeated, tag = "1")]
    pub active_period: Vec<TimeRange>,
    /// Whom it concerns.
    #[prost(message, repeated, tag = "5")]
    pub informed_entity: Vec<EntitySelector>,
    /// See [`cause`].
    #[prost(int32, optional, tag = "6")]
    pub cause: Option<i32>,
    /// See [`effect`].
    #[prost(int32, optional, tag = "7")]
    pub effect: Option<i32>,
    /// More about it.
    #[prost(message, optional, tag = "8")]
    pub url: Option<TranslatedString>,
    /// One line.
    #[prost(message, optional, tag = "10")]
    pub header_text: Option<TranslatedString>,
    /// All of it.
    #[prost(message, optional, tag = "11")]
    pub description_text: Option<TranslatedString>,
    /// See [`severity`].
    #[prost(int32, optional, tag = "14")]
    pub severity_level: Option<i32>,
}

/// `TimeRange`.
#[derive(Clone, Copy, PartialEq, Message)]
pub struct TimeRange {
    /// POSIX seconds.
    #[prost(uint64, optional, tag = "1")]
    pub start: Option<u64>,
    /// POSIX seconds.
    #[prost(uint64, optional, tag = "2")]
    pub end: Option<u64>,
}

/// `EntitySelector`.
#[derive(Clone, PartialEq, Message)]
pub struct EntitySelector {
    /// As in `agency.txt`.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub agency_id: Text,
    /// As in `routes.txt`.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub route_id: Text,
    /// As in `routes.txt`.
    #[prost(int32, optional, tag = "3")]
    pub route_type: Option<i32>,
    /// One trip.
    #[prost(message, optional, tag = "4")]
    pub trip: Option<TripDescriptor>,
    /// As in `stops.txt`.
    #[prost(bytes = "vec", optional, tag = "5")]
    pub stop_id: Text,
    /// 0 or 1.
    #[prost(uint32, optional, tag = "6")]
    pub direction_id: Option<u32>,
}

/// `TranslatedString`.
#[derive(Clone, PartialEq, Message)]
pub struct TranslatedString {
    /// One a language.
    #[prost(message, repeated, tag = "1")]
    pub translation: Vec<Translation>,
}

/// `TranslatedString.Translation`.
#[derive(Clone, PartialEq, Message)]
pub struct Translation {
    /// The text.
    #[prost(bytes = "vec", optional, tag = "1")]
    pub text: Text,
    /// BCP 47; missing for the feed's own language.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub language: Text,
}

macro_rules! names {
    ($($(#[$doc:meta])* $f:ident { $($n:literal = $name:literal),+ $(,)? })+) => { $(
        $(#[$doc])*
        pub fn $f(n: i32) -> Option<&'static str> {
            Some(match n { $($n => $name,)+ _ => return None })
        }
    )+ };
}
names! {
    /// `FeedHeader.Incrementality`.
    incrementality { 0 = "FULL_DATASET", 1 = "DIFFERENTIAL" }
    /// `TripDescriptor.ScheduleRelationship`.
    trip_relationship {
        0 = "SCHEDULED", 1 = "ADDED", 2 = "UNSCHEDULED", 3 = "CANCELED", 5 = "REPLACEMENT", 6 = "DUPLICATED", 7 = "DELETED",
        8 = "NEW",
    }
    /// `StopTimeUpdate.ScheduleRelationship`.
    stop_relationship { 0 = "SCHEDULED", 1 = "SKIPPED", 2 = "NO_DATA", 3 = "UNSCHEDULED" }
    /// `VehiclePosition.VehicleStopStatus`.
    stop_status { 0 = "INCOMING_AT", 1 = "STOPPED_AT", 2 = "IN_TRANSIT_TO" }
    /// `VehiclePosition.CongestionLevel`.
    congestion { 0 = "UNKNOWN_CONGESTION_LEVEL", 1 = "RUNNING_SMOOTHLY", 2 = "STOP_AND_GO", 3 = "CONGESTION", 4 = "SEVERE_CONGESTION" }
    /// `VehiclePosition.OccupancyStatus`.
    occupancy {
        0 = "EMPTY", 1 = "MANY_SEATS_AVAILABLE", 2 = "FEW_SEATS_AVAILABLE", 3 = "STANDING_ROOM_ONLY",
        4 = "CRUSHED_STANDING_ROOM_ONLY", 5 = "FULL", 6 = "NOT_ACCEPTING_PASSENGERS", 7 = "NO_DATA_AVAILABLE", 8 = "NOT_BOARDABLE",
    }
    /// `Alert.Cause`.
    cause {
        1 = "UNKNOWN_CAUSE", 2 = "OTHER_CAUSE", 3 = "TECHNICAL_PROBLEM", 4 = "STRIKE", 5 = "DEMONSTRATION", 6 = "ACCIDENT",
        7 = "HOLIDAY", 8 = "WEATHER", 9 = "MAINTENANCE", 10 = "CONSTRUCTION", 11 = "POLICE_ACTIVITY", 12 = "MEDICAL_EMERGENCY",
    }
    /// `Alert.Effect`.
    effect {
        1 = "NO_SERVICE", 2 = "REDUCED_SERVICE", 3 = "SIGNIFICANT_DELAYS", 4 = "DETOUR", 5 = "ADDITIONAL_SERVICE",
        6 = "MODIFIED_SERVICE", 7 = "OTHER_EFFECT", 8 = "UNKNOWN_EFFECT", 9 = "STOP_MOVED", 10 = "NO_EFFECT",
        11 = "ACCESSIBILITY_ISSUE",
    }
    /// `Alert.SeverityLevel`.
    severity { 1 = "UNKNOWN_SEVERITY", 2 = "INFO", 3 = "WARNING", 4 = "SEVERE" }
}
