//! The rules EDXL-HAVE messages are judged by. Sections are those of EDXL-HAVE 1.0 (OASIS, with errata, 22 December 2009).

use crate::feeds::format::Rule;
use app::model::Judgement::{self, Error, Warning};

const fn rule(id: &'static str, severity: Judgement, title: &'static str, text: &'static str) -> Rule {
    Rule { id, severity, title, text }
}

pub const NAMELESS: Rule = rule(
    "HAVE-001",
    Error,
    "a hospital has a name or an id",
    "Section 3.2.2 asks every Organization for its name. A report of free beds that nobody can attribute to a hospital helps no dispatcher, and next time it could not be told from another. Vedetta sets it aside.",
);
pub const NO_ID: Rule = rule(
    "HAVE-002",
    Warning,
    "a hospital has an id",
    "CIQ's OrganisationName carries an OrganisationID attribute, and HAVE 2.0 a facility id. Without one, Vedetta knows the hospital by its name; when the name is spelt another way the next time, it will look like another hospital.",
);
pub const NO_TIME: Rule = rule(
    "HAVE-003",
    Error,
    "a hospital says when its report was last updated",
    "Section 3.2 makes LastUpdateTime required: beds free last night say nothing about now. Without a time that can be read, Vedetta keeps the numbers with their age not known, so nothing made of them is ever shown as fresh.",
);
pub const COUNT: Rule = rule(
    "HAVE-004",
    Error,
    "counts are whole numbers, zero or more",
    "Section 3.2.4 and the schema make AvailableCount, BaselineCount and triage quantities integers. A negative, broken or absurd count (above 100000) is set aside and shown here; the hospital's other numbers stay.",
);
pub const MORE_FREE: Rule = rule(
    "HAVE-005",
    Warning,
    "no more beds are free than there are",
    "Section 3.2.4: BaselineCount is the maximum number of beds that can be staffed and used, AvailableCount those of them vacant. More free than there are is most often the two swapped. Vedetta keeps both as published.",
);
pub const BED_TYPE: Rule = rule(
    "HAVE-006",
    Warning,
    "bed types are those of the standard",
    "Section 3.2.4 lists fourteen bed types, AdultICU to OperatingRooms. Vedetta keeps any other under the name it was given, but numbers of several hospitals can only be added up type by type when they use the same words.",
);
pub const STATUS: Rule = rule(
    "HAVE-007",
    Warning,
    "status words are those of the standard",
    "Sections 3.2.3 to 3.2.7 list the words for the status of EMS traffic, clinic, facility, security, decontamination, morgue, staffing and supplies. Vedetta shows any other word as it was written, and nothing is concluded from it.",
);
pub const NO_PLACE: Rule = rule(
    "HAVE-008",
    Warning,
    "a hospital says where it is",
    "Section 3.2.2 has OrganizationGeoLocation for its position. It is optional there; without it the hospital is in every list and number, but on no map, and its distance to an incident is not known.",
);
pub const PLACE: Rule = rule(
    "HAVE-009",
    Error,
    "a position is latitude and longitude on the globe",
    "Section 3.2.2: a gml:Point whose gml:pos is two numbers in WGS 84, latitude first unless its srsName says CRS84. One that cannot be read, or lies off the globe, is left out and not guessed at.",
);
pub const TWICE: Rule = rule(
    "HAVE-010",
    Error,
    "a hospital, and a bed type of a hospital, stands once",
    "Two counts of one bed type of one hospital contradict each other, and adding them up could count beds twice. The same goes for a hospital that stands twice in a message. Vedetta keeps the first and sets the second aside.",
);
pub const CONTRADICTION: Rule = rule(
    "HAVE-011",
    Warning,
    "CapacityStatus and the count agree",
    "Section 3.2.4: NotAvailable says that no bed of the type is free. When AvailableCount says otherwise, one of the two is out of date. Vedetta keeps the count, which is the more exact, and says so here.",
);
pub const NAMESPACE: Rule = rule(
    "HAVE-012",
    Warning,
    "a message stands in a HAVE namespace",
    "HAVE 1.0 has the namespace urn:oasis:names:tc:emergency:EDXL:HAVE:1.0, HAVE 2.0 urn:oasis:names:tc:emergency:edxl:have:2.0. Vedetta reads a message in another one by its element names, and what it knows of either version.",
);
pub const PAIRS: Rule = rule(
    "HAVE-013",
    Warning,
    "every bed type has its capacity",
    "Section 3.2.4 puts a bed type, its sub-categories and their Capacity blocks into one BedCapacity, in the same order. When there are more of one than of the other, which count belongs to which is not certain; Vedetta pairs them from the first.",
);
pub const EMPTY: Rule = rule(
    "HAVE-014",
    Error,
    "a message reports at least one hospital",
    "Section 3.2.1: HospitalStatus contains one or more Hospital. An empty one is far more likely a fault of its sender than the end of all hospitals, so Vedetta takes nothing off the map because of it.",
);

/// All of them, in order.
pub const ALL: &[Rule] =
    &[NAMELESS, NO_ID, NO_TIME, COUNT, MORE_FREE, BED_TYPE, STATUS, NO_PLACE, PLACE, TWICE, CONTRADICTION, NAMESPACE, PAIRS, EMPTY];
