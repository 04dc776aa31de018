//! As much of GTFS-Realtime 2.0's `gtfs-realtime.proto` as the demo says.
//!
//! Kept apart from the decoder on purpose: a demo that shared its structs would share its mistakes.

use prost::Message;

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct FeedMessage {
    #[prost(message, required, tag = "1")]
    pub header: FeedHeader,
    #[prost(message, repeated, tag = "2")]
    pub entity: Vec<FeedEntity>,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct FeedHeader {
    #[prost(string, required, tag = "1")]
    pub gtfs_realtime_version: String,
    /// 0: the message is the whole picture.
    #[prost(int32, required, tag = "2")]
    pub incrementality: i32,
    #[prost(uint64, required, tag = "3")]
    pub timestamp: u64,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct FeedEntity {
    #[prost(string, required, tag = "1")]
    pub id: String,
    #[prost(message, optional, tag = "3")]
    pub trip_update: Option<TripUpdate>,
    #[prost(message, optional, tag = "4")]
    pub vehicle: Option<VehiclePosition>,
    #[prost(message, optional, tag = "5")]
    pub alert: Option<Alert>,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct TripUpdate {
    #[prost(message, required, tag = "1")]
    pub trip: TripDescriptor,
    #[prost(message, repeated, tag = "2")]
    pub stop_time_update: Vec<StopTimeUpdate>,
    #[prost(message, required, tag = "3")]
    pub vehicle: VehicleDescriptor,
    #[prost(uint64, required, tag = "4")]
    pub timestamp: u64,
    #[prost(int32, required, tag = "5")]
    pub delay: i32,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct StopTimeUpdate {
    #[prost(uint32, required, tag = "1")]
    pub stop_sequence: u32,
    #[prost(message, required, tag = "2")]
    pub arrival: StopTimeEvent,
    #[prost(message, required, tag = "3")]
    pub departure: StopTimeEvent,
    #[prost(string, required, tag = "4")]
    pub stop_id: String,
    /// 0: as planned.
    #[prost(int32, required, tag = "5")]
    pub schedule_relationship: i32,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct StopTimeEvent {
    #[prost(int32, required, tag = "1")]
    pub delay: i32,
    #[prost(int64, required, tag = "2")]
    pub time: i64,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct VehiclePosition {
    #[prost(message, required, tag = "1")]
    pub trip: TripDescriptor,
    #[prost(message, required, tag = "2")]
    pub position: Position,
    #[prost(uint32, required, tag = "3")]
    pub current_stop_sequence: u32,
    /// 1: stopped at, 2: in transit to.
    #[prost(int32, required, tag = "4")]
    pub current_status: i32,
    #[prost(uint64, required, tag = "5")]
    pub timestamp: u64,
    #[prost(string, required, tag = "7")]
    pub stop_id: String,
    #[prost(message, required, tag = "8")]
    pub vehicle: VehicleDescriptor,
    #[prost(uint32, required, tag = "10")]
    pub occupancy_percentage: u32,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct Position {
    #[prost(float, required, tag = "1")]
    pub latitude: f32,
    #[prost(float, required, tag = "2")]
    pub longitude: f32,
    #[prost(float, required, tag = "3")]
    pub bearing: f32,
    #[prost(float, required, tag = "5")]
    pub speed: f32,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct TripDescriptor {
    #[prost(string, required, tag = "1")]
    pub trip_id: String,
    #[prost(string, required, tag = "3")]
    pub start_date: String,
    /// 0: as planned.
    #[prost(int32, required, tag = "4")]
    pub schedule_relationship: i32,
    #[prost(string, required, tag = "5")]
    pub route_id: String,
    #[prost(uint32, required, tag = "6")]
    pub direction_id: u32,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct VehicleDescriptor {
    #[prost(string, required, tag = "1")]
    pub id: String,
    #[prost(string, required, tag = "2")]
    pub label: String,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct Alert {
    #[prost(message, repeated, tag = "1")]
    pub active_period: Vec<TimeRange>,
    #[prost(message, repeated, tag = "5")]
    pub informed_entity: Vec<EntitySelector>,
    #[prost(int32, required, tag = "6")]
    pub cause: i32,
    #[prost(int32, required, tag = "7")]
    pub effect: i32,
    #[prost(message, required, tag = "10")]
    pub header_text: TranslatedString,
    #[prost(message, required, tag = "11")]
    pub description_text: TranslatedString,
    #[prost(int32, required, tag = "14")]
    pub severity_level: i32,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct TimeRange {
    #[prost(uint64, required, tag = "1")]
    pub start: u64,
    #[prost(uint64, required, tag = "2")]
    pub end: u64,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct EntitySelector {
    #[prost(string, optional, tag = "2")]
    pub route_id: Option<String>,
    #[prost(string, optional, tag = "5")]
    pub stop_id: Option<String>,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct TranslatedString {
    #[prost(message, repeated, tag = "1")]
    pub translation: Vec<Translation>,
}

#[allow(missing_docs, reason = "each field is named as in the standard, which documents it")]
#[derive(Clone, PartialEq, Message)]
pub struct Translation {
    #[prost(string, required, tag = "1")]
    pub text: String,
    #[prost(string, required, tag = "2")]
    pub language: String,
}
