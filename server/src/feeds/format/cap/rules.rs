//! The rules CAP messages are judged by. Section numbers are those of Common Alerting Protocol 1.2 (OASIS, 1 July 2010).

use crate::feeds::format::Rule;
use app::model::Judgement::{self, Error, Warning};

const fn rule(id: &'static str, severity: Judgement, title: &'static str, text: &'static str) -> Rule {
    Rule { id, severity, title, text }
}

pub const IDENTIFIER: Rule = rule(
    "CAP-001",
    Error,
    "an alert has an identifier",
    "Section 3.2.1 asks every alert for an identifier, unique among its sender's. Updates and cancellations name the alert they mean by it, so an alert without one could never be taken back. Vedetta sets it aside.",
);
pub const IDENTIFIER_FORM: Rule = rule(
    "CAP-002",
    Error,
    "identifier and sender hold no space, comma, < or &",
    "Section 3.2.1 forbids spaces, commas and the characters < and & in identifier and sender, because references list them separated by commas and spaces. Vedetta keeps the alert, but an update or cancellation may not find it.",
);
pub const SENDER: Rule = rule(
    "CAP-003",
    Error,
    "an alert names its sender",
    "Section 3.2.1 asks for a globally unique name of the sender. Without one nobody can be asked whether the alert is true. Vedetta keeps the alert, since the feed it came by is known, and says what is missing.",
);
pub const SENT: Rule = rule(
    "CAP-004",
    Error,
    "an alert says when it was sent",
    "Section 3.2.1 asks for the moment of sending. Without it nothing tells an alert of today from one of last year, nor which of two versions is the later. Vedetta sets an alert aside whose sent is missing or cannot be read.",
);
pub const STATUS: Rule = rule(
    "CAP-005",
    Error,
    "an alert says whether it is real",
    "Section 3.2.1 asks for a status: Actual, Exercise, System, Test or Draft. When it is missing or not one of these, Vedetta takes the alert as Actual: showing a drill too much does less harm than hiding a warning.",
);
pub const MSG_TYPE: Rule = rule(
    "CAP-006",
    Error,
    "an alert says what kind of message it is",
    "Section 3.2.1 asks for a msgType: Alert, Update, Cancel, Ack or Error. When it is missing or not one of these, Vedetta takes the message as a new Alert that replaces nothing.",
);
pub const SCOPE: Rule = rule(
    "CAP-007",
    Error,
    "an alert says whom it is for",
    "Section 3.2.1 asks for a scope: Public, Restricted or Private. It decides who may be told. Vedetta keeps the alert and shows that its scope is not known, so that it is not passed on as if it were public.",
);
pub const INFO_REQUIRED: Rule = rule(
    "CAP-008",
    Error,
    "an info says what, how bad, how soon, how sure",
    "Section 3.2.2 asks every info block for category (from CAP 1.1 on), event, urgency, severity and certainty. Vedetta keeps the alert; what is missing of the last three is Unknown, which is drawn as not known and never as harmless.",
);
pub const AREA_DESC: Rule = rule(
    "CAP-009",
    Error,
    "an area has a description in words",
    "Section 3.2.4 asks every area block for areaDesc, because not everyone who must act has a map. Vedetta keeps the alert and its shapes.",
);
pub const RESOURCE_DESC: Rule = rule(
    "CAP-010",
    Error,
    "a resource says what it is and of what type",
    "Section 3.2.3 asks every resource block for resourceDesc, and CAP 1.2 also for mimeType: a picture or sound nobody can name cannot be judged before it is opened. Vedetta keeps the alert and lists the resource with what it has.",
);
pub const VALUE: Rule = rule(
    "CAP-011",
    Error,
    "coded values are those of the standard",
    "Sections 3.2.1 and 3.2.2 list the allowed words for category, responseType, urgency, severity, certainty, scope and more. Vedetta reads them whatever their case; of any other word it makes Unknown, and says which word it was.",
);
pub const TIME: Rule = rule(
    "CAP-012",
    Error,
    "times can be read",
    "Section 3.3.2 asks for times as 2026-11-22T10:41:32+01:00. A time that cannot be read is left out: an unreadable expires means until further notice, never already over.",
);
pub const TIME_ZONE: Rule = rule(
    "CAP-013",
    Warning,
    "times carry a numeric zone",
    "Section 3.3.2 asks for a numeric offset in every time (-00:00 for UTC) and forbids letters such as Z. Vedetta reads Z as UTC, and also takes a time without any zone as UTC, which may be hours off: the sender should be told.",
);
pub const ORDER: Rule = rule(
    "CAP-014",
    Error,
    "an info expires after it takes effect",
    "Sections 3.2.2: expires is when the information ends, so it lies after effective (which is sent when it is not given). Vedetta keeps the times as published; such an alert is never in force, which is why it must be seen here.",
);
pub const POLYGON: Rule = rule(
    "CAP-015",
    Error,
    "a polygon has four positions or more",
    "Section 3.2.4: a polygon is a list of latitude,longitude pairs separated by white space, at least four, the last repeating the first. One that cannot be read is left out; the alert and its other shapes stay.",
);
pub const POLYGON_OPEN: Rule = rule(
    "CAP-016",
    Error,
    "a polygon ends where it begins",
    "Section 3.2.4 asks that the last pair repeat the first. Vedetta closes the ring itself, since the area meant is not in doubt, and says so: other readers may drop it.",
);
pub const RANGE: Rule = rule(
    "CAP-017",
    Error,
    "coordinates lie on the globe",
    "Section 3.2.4 takes WGS 84 latitudes from -90 to 90 and longitudes from -180 to 180. A shape with any position beyond them is left out: a part of a wrong shape is a wrong shape.",
);
pub const SWAPPED: Rule = rule(
    "CAP-018",
    Error,
    "latitude comes before longitude",
    "Section 3.2.4 writes latitude first. Here the first number cannot be a latitude while the second could be, so the two were most likely swapped. Vedetta leaves the shape out and does not guess: an alert drawn in the wrong place is worse than one described in words only.",
);
pub const CIRCLE: Rule = rule(
    "CAP-019",
    Error,
    "a circle is a position and a radius",
    "Section 3.2.4 writes a circle as latitude,longitude, white space, and a radius in kilometres, not negative. Vedetta keeps it in metres and takes a radius of 0 as a point. One that cannot be read is left out.",
);
pub const REFERENCES: Rule = rule(
    "CAP-020",
    Error,
    "a reference is sender,identifier,sent",
    "Section 3.2.1 writes references as sender,identifier,sent, separated by white space. One that is not so written may name no alert or another one; Vedetta leaves it out and follows the rest.",
);
pub const NO_REFERENCES: Rule = rule(
    "CAP-021",
    Error,
    "an update or cancellation says of what",
    "Section 3.2.1: Update, Cancel, Ack and Error are about the messages in references. Without any, an update stands beside what it should replace, and a cancellation ends nothing; an operator must look.",
);
pub const TEXT: Rule = rule(
    "CAP-022",
    Warning,
    "texts hold only characters that can be seen",
    "Control characters and those that turn the direction of writing can make a warning read as something else. They are taken out of what is shown; the raw message keeps them.",
);
pub const NAMESPACE: Rule = rule(
    "CAP-023",
    Warning,
    "an alert stands in a CAP namespace",
    "Section 3.4 gives CAP 1.2 the namespace urn:oasis:names:tc:emergency:cap:1.2; 1.1 and 1.0 have their own. An alert without any is read as CAP 1.2, since its form is not in doubt.",
);
pub const UNKNOWN_ELEMENT: Rule = rule(
    "CAP-024",
    Warning,
    "elements are those of the standard",
    "An element in CAP's or Atom's own namespace that the standard does not have is most often a misspelt one, and then what it says is lost. Vedetta reads on without it. Elements of other namespaces are extensions and are fine.",
);
pub const TWICE: Rule = rule(
    "CAP-025",
    Warning,
    "an identifier stands for one alert",
    "Section 3.2.1: identifiers are unique. When one message holds the same identifier twice, Vedetta keeps the alert sent last, and of two sent at once the later in the message.",
);
pub const INDEX: Rule = rule(
    "CAP-026",
    Warning,
    "an index has its id, title and date",
    "RFC 4287 section 4.1.1 asks an Atom feed for id, title and updated; RSS 2.0 asks a channel for title, link and description. They are needed to know whose list this is. Vedetta reads the entries all the same.",
);
pub const ENTRY: Rule = rule(
    "CAP-027",
    Error,
    "an entry has its id, title and date",
    "RFC 4287 section 4.1.2 asks an Atom entry for id, title and updated; RSS 2.0 asks an item for a title or a description. Vedetta keeps what the entry says or points to, unless it says an alert itself and nothing identifies it.",
);
pub const EMPTY_ENTRY: Rule = rule(
    "CAP-028",
    Error,
    "an entry says or points to an alert",
    "An entry of an index holds an alert, or elements of one, or an address to fetch it from. One with none of these says that something is wrong somewhere and not what. Vedetta sets it aside, where an operator sees it.",
);
pub const LINK: Rule = rule(
    "CAP-029",
    Error,
    "a link is an absolute web address",
    "Alerts are fetched over http or https from an address that is complete. Any other kind (a file, a script, a path without its host) is not followed.",
);
pub const CONDITIONAL: Rule = rule(
    "CAP-030",
    Error,
    "a restricted alert says how, a private one to whom",
    "Section 3.2.1: scope Restricted needs a restriction, and scope Private needs addresses. Without them nobody knows who may be told. Vedetta keeps the alert for its own operators.",
);
pub const NO_INFO: Rule = rule(
    "CAP-031",
    Warning,
    "an alert says something",
    "Section 3.2.1 lets an alert have no info block, which is meant for acknowledgements and cancellations. A new alert or an update without one warns of nothing. Vedetta shows it with its note as headline and everything else Unknown.",
);

/// All of them, in order.
pub const ALL: &[Rule] = &[
    IDENTIFIER,
    IDENTIFIER_FORM,
    SENDER,
    SENT,
    STATUS,
    MSG_TYPE,
    SCOPE,
    INFO_REQUIRED,
    AREA_DESC,
    RESOURCE_DESC,
    VALUE,
    TIME,
    TIME_ZONE,
    ORDER,
    POLYGON,
    POLYGON_OPEN,
    RANGE,
    SWAPPED,
    CIRCLE,
    REFERENCES,
    NO_REFERENCES,
    TEXT,
    NAMESPACE,
    UNKNOWN_ELEMENT,
    TWICE,
    INDEX,
    ENTRY,
    EMPTY_ENTRY,
    LINK,
    CONDITIONAL,
    NO_INFO,
];
