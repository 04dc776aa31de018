//! What a GTFS-Realtime message is judged by, numbered as the MobilityData validator numbers them.
//!
//! Only what one message (and its static GTFS) can show is judged here. What needs two messages (E017, E018, W007) belongs to
//! whoever keeps the one before. Rules of our own are `GTFS-RT-NNN`.

use super::super::Rule;
use app::model::Judgement;

macro_rules! rules {
    ($($name:ident = $id:literal, $severity:ident, $title:literal, $text:literal;)+) => {
        $(#[doc = $title] pub const $name: Rule = Rule { id: $id, severity: Judgement::$severity, title: $title, text: $text };)+
        /// All of them.
        pub const RULES: &[Rule] = &[$($name),+];
    };
}

rules! {
    E001 = "E001", Error, "Not a POSIX time",
        "Every time is a count of seconds since 1970 began, in UTC. The usual slip is milliseconds, which puts a bus fifty thousand \
         years ahead. Times before the year 2000 or after 2100 are taken for such a slip: the time is treated as missing, so the record \
         has the header's age or none, and is never shown as new. Spec: FeedHeader, TripUpdate, VehiclePosition, TimeRange.";
    E002 = "E002", Error, "Stops out of order",
        "The stop time updates of a trip stand in the order in which it calls there, with growing stop_sequence. A reader that looks for \
         the next stop would otherwise pick a wrong one. The delay is still read, from the first stop that is not past in the order given. \
         Spec: TripUpdate.stop_time_update.";
    E003 = "E003", Error, "Trip not in the timetable",
        "A trip_id must exist in the static GTFS unless the trip is declared added, new or a duplicate. Most often the timetable at hand is \
         older or newer than the feed. The record counts, but has no route name and headsign of that trip. Judged only where a static \
         GTFS is configured. Spec: TripDescriptor.trip_id.";
    E004 = "E004", Error, "Route not in the timetable",
        "A route_id must exist in the static GTFS. Otherwise the map cannot name the line or draw its path; the id itself is shown instead. \
         Judged only where a static GTFS is configured. Spec: TripDescriptor.route_id, EntitySelector.route_id.";
    E011 = "E011", Error, "Stop not in the timetable",
        "A stop_id must exist in the static GTFS. Otherwise the stop has neither name nor place here, and the id is shown instead. Judged \
         only where a static GTFS is configured and has stops. Spec: StopTimeUpdate.stop_id, VehiclePosition.stop_id.";
    E012 = "E012", Error, "Header older than its content",
        "The header says when the message was made, so nothing in it can be newer. Where a record is, one of the two clocks is wrong, and \
         ages shown to people are wrong by as much. Both times are kept as given. Spec: FeedHeader.timestamp.";
    E016 = "E016", Error, "Added trip is in the timetable",
        "A trip declared ADDED runs besides the timetable and so must not be in it. If it is, either the declaration or the id is wrong, and \
         a reader may count the trip twice. It is read as given. Judged only where a static GTFS is configured. Spec: TripDescriptor.";
    E020 = "E020", Error, "start_time is not HH:MM:SS",
        "The start of a trip is written as in GTFS, hours first, past 24 for trips after midnight. Together with the date it tells two runs \
         of one trip apart. A start that cannot be read is shown as it stands and used for nothing. Spec: TripDescriptor.start_time.";
    E021 = "E021", Error, "start_date is not YYYYMMDD",
        "The service day of a trip is eight digits. Without it, delays worked out from absolute times take the service day that makes the \
         delay smallest. A date that cannot be read is shown as it stands and used for nothing. Spec: TripDescriptor.start_date.";
    E022 = "E022", Error, "Times run backwards from stop to stop",
        "A vehicle reaches one stop after the other, so the predicted times grow along a trip. Where they shrink, the prediction is wrong at \
         one of the two stops, and so may be the delay taken from it. It is read as given. Equal times, which whole minutes bring about, \
         are let pass here. Spec: TripUpdate.stop_time_update.";
    E025 = "E025", Error, "Leaves before it arrives",
        "At one stop the departure cannot come before the arrival. The arrival is taken for the delay, as the earlier event of the two on the \
         ground. Spec: StopTimeUpdate.arrival, StopTimeUpdate.departure.";
    E026 = "E026", Error, "Not a position on the globe",
        "Latitude lies within 90 degrees and longitude within 180, and both are numbers. A vehicle elsewhere is nowhere: the record is set \
         aside, and the vehicle keeps its last good position with its age. Spec: Position.latitude, Position.longitude.";
    E027 = "E027", Error, "Not a bearing",
        "A bearing lies between 0 and 360 degrees, clockwise from north. The position counts; the vehicle is drawn without a direction. \
         Spec: Position.bearing.";
    E032 = "E032", Error, "Alert concerns nobody",
        "An alert names at least one agency, route, trip or stop it concerns. One that does not cannot be put on the map or beside a line; \
         it is shown in the list all the same, since trouble unplaced is still trouble. Spec: Alert.informed_entity.";
    E033 = "E033", Error, "Selector selects nothing",
        "Each informed entity of an alert has at least one specifier. An empty one says neither everything nor nothing, so it is left out. \
         Spec: EntitySelector.";
    E034 = "E034", Error, "Agency not in the timetable",
        "An agency_id must exist in the static GTFS. The id is shown instead of a name. Judged only where a static GTFS is configured. \
         Spec: EntitySelector.agency_id.";
    E035 = "E035", Error, "Trip is of another route",
        "Where a record names both a trip and a route, the static GTFS must have that trip on that route. The route named in the record is \
         shown, because it is the newer statement. Judged only where a static GTFS is configured. Spec: TripDescriptor.";
    E036 = "E036", Error, "One stop_sequence twice in a row",
        "Two updates in a row for one call say two things about it. The first that is not past is used. Spec: TripUpdate.stop_time_update.";
    E038 = "E038", Error, "Unknown version",
        "The header names the version of the specification, 1.0 or 2.0. Another one, or none, means that fields may mean something else; the \
         message is read as 2.0, which has added to 1.0 and changed nothing in it. Spec: FeedHeader.gtfs_realtime_version.";
    E039 = "E039", Error, "Deletion in a full dataset",
        "A full dataset deletes by leaving out; is_deleted is for differential feeds. A record marked so says that the thing is gone, so it \
         is not reported. Spec: FeedEntity.is_deleted.";
    E040 = "E040", Error, "Stop time update without a stop",
        "Each stop time update says by stop_id or stop_sequence which call it is about. One that does not cannot be placed; a delay it \
         carries is used, because it still is the trip's. Spec: StopTimeUpdate.";
    E041 = "E041", Error, "Trip update without stops",
        "A trip that is not cancelled has at least one stop time update. Without one only the trip's own delay, if given, is known. \
         Spec: TripUpdate.stop_time_update.";
    E042 = "E042", Error, "Times where there is no data",
        "A stop declared NO_DATA has neither arrival nor departure. What is given there is not used. Spec: StopTimeUpdate.schedule_relationship.";
    E043 = "E043", Error, "Neither arrival nor departure",
        "A stop time update that is not skipped and not NO_DATA predicts an arrival or a departure. One that does not says nothing about the \
         delay, and the next one is asked. Spec: StopTimeUpdate.";
    E044 = "E044", Error, "Prediction without delay or time",
        "An arrival or departure holds a delay, a time, or both. An empty one says nothing, and the other of the two is asked. \
         Spec: StopTimeEvent.";
    E048 = "E048", Error, "Header without a timestamp",
        "From version 2.0 on the header must say when the message was made. Without it nobody can tell a live feed from a frozen one: \
         records without a time of their own have no age and are shown as not known. Spec: FeedHeader.timestamp.";
    E049 = "E049", Error, "Header without incrementality",
        "From version 2.0 on the header must say whether the message is complete. Left out, it means FULL_DATASET by the schema's own \
         default, and is read so. Spec: FeedHeader.incrementality.";
    E050 = "E050", Error, "Time lies in the future",
        "No record can be observed later than now. A minute is allowed for clocks that differ. Beyond that the time is kept as it is, and \
         freshness, which forgives five minutes, decides whether the value may be shown as fresh. Spec: FeedHeader.timestamp and others.";
    E052 = "E052", Error, "One vehicle twice",
        "A vehicle id is unique in a message. Of two positions for one vehicle a map can show one; both are passed on, and the later one in \
         the message wins. Spec: VehicleDescriptor.id.";
    W001 = "W001", Warning, "Record without a timestamp",
        "A vehicle position or trip update should say when it was measured. Without it the header's time is taken, which may be much later \
         than the measurement, so the value can look fresher than it is. Spec: VehiclePosition.timestamp, TripUpdate.timestamp.";
    W002 = "W002", Warning, "Record without a vehicle id",
        "Positions should name their vehicle. Without an id the label, else the entity's own id, stands in; if that one changes from message \
         to message, one bus looks like many. Spec: VehicleDescriptor.id.";
    W004 = "W004", Warning, "Unlikely speed",
        "Speeds below zero, above 26 m/s for what runs on streets, or above 100 m/s for trains come from a bad receiver or a wrong unit more \
         often than from a vehicle. A speed below zero or above 100 m/s is left out; others are shown as given. Spec: Position.speed.";
    W006 = "W006", Warning, "Trip update without a trip_id",
        "A trip update should name its trip. Without the id it can only be known by route, direction and start; the entity's id stands in \
         here. Spec: TripDescriptor.trip_id.";
    W008 = "W008", Warning, "Message older than 65 seconds",
        "A feed should be renewed at least twice a minute. An old header is the sign of a publisher that stopped while its web server goes on \
         answering; the feed's freshness is judged by this time, not by the answer's. Spec: FeedHeader.timestamp.";
    W009 = "W009", Warning, "Schedule relationship left open",
        "Trips and stop time updates should say how they relate to the timetable. Left out, SCHEDULED is assumed, which hides added and \
         cancelled trips of a careless feed. Said once for a whole message, with a count. Spec: TripDescriptor.schedule_relationship.";
    UNREADABLE = "GTFS-RT-001", Error, "Record cannot be read",
        "The bytes of one entity are no valid protobuf of the schema, are larger than a mebibyte, or stand beyond the two hundred thousandth \
         record. It is set aside and the others are read: one bad bus must not darken a city.";
    EMPTY = "GTFS-RT-002", Error, "Record says nothing",
        "An entity holds a trip update, a vehicle position or an alert. One that holds none of them, perhaps because it uses an extension, is \
         set aside. Spec: FeedEntity.";
    TEXT = "GTFS-RT-003", Error, "Text is not sound",
        "Texts are UTF-8, without control characters, and here at most 64 KiB long. Letters that cannot be read become the replacement sign, \
         control characters a space, and what is longer is cut. Spec: Protocol Buffers, string.";
    DIFFERENTIAL = "GTFS-RT-004", Error, "Differential message",
        "The specification leaves differential feeds unsupported and their behaviour undefined. The records of such a message are read, but \
         what it does not list is not taken as ended. Spec: FeedHeader.incrementality.";
    NO_POSITION = "GTFS-RT-005", Error, "Vehicle without a position",
        "A vehicle position that lacks the position, its latitude or its longitude says that a vehicle exists but not where. It is set aside \
         and its last good position ages on the map. Spec: VehiclePosition.position.";
    NULL_ISLAND = "GTFS-RT-006", Error, "Vehicle at 0, 0",
        "Latitude and longitude of exactly zero are what a receiver without a fix reports, a spot in the Gulf of Guinea. No city's bus is \
         there; the record is set aside.";
    CONTRADICTION = "GTFS-RT-007", Warning, "Trip and stop disagree about the delay",
        "The delay of a trip and that of its next stop may differ by what a driver can make up, not by more than a quarter of an hour. Where \
         they do, the stop's is taken: the specification gives stops precedence, and captures show trip delays that are hours off beside \
         stops that are right. Spec: TripUpdate.delay.";
}
