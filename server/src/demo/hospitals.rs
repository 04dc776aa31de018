//! The demo's hospitals: an EDXL-HAVE 1.0 document, the version whose schema is at hand.
//!
//! Names are real, positions are those of OpenStreetMap (ODbL, see README.md); every number is made up.

use super::{
    cap::escape,
    city::{Point, chance},
};
use app::model::Time;
use std::fmt::Write as _;

/// A bed type of the standard, and how many of them there are.
type Beds = (&'static str, u32);

struct Hospital {
    id: &'static str,
    name: &'static str,
    at: Point,
    /// Whether ambulances bring patients here.
    emergency: bool,
    trauma: Option<&'static str>,
    /// Every how many seconds it updates its record.
    every: i64,
    beds: &'static [Beds],
}

const HOSPITALS: &[Hospital] = &[
    Hospital {
        id: "careggi",
        name: "Azienda Ospedaliero-Universitaria Careggi",
        at: [11.2476, 43.8036],
        emergency: true,
        trauma: Some("Level1"),
        every: 60,
        beds: &[
            ("AdultICU", 64),
            ("EmergencyDepartment", 70),
            ("MedicalSurgical", 780),
            ("NegativeFlowIsolation", 18),
            ("OperatingRooms", 32),
        ],
    },
    Hospital {
        id: "smn",
        name: "Ospedale Santa Maria Nuova",
        at: [11.2604, 43.7738],
        emergency: true,
        trauma: None,
        every: 60,
        beds: &[("AdultICU", 10), ("EmergencyDepartment", 28), ("MedicalSurgical", 150), ("OperatingRooms", 6)],
    },
    Hospital {
        id: "meyer",
        name: "Ospedale Pediatrico Meyer",
        at: [11.2524, 43.8105],
        emergency: true,
        trauma: Some("Level2"),
        every: 60,
        beds: &[("PediatricICU", 16), ("NeonatalICU", 14), ("EmergencyDepartment", 24), ("Pediatrics", 190), ("OperatingRooms", 8)],
    },
    Hospital {
        id: "torregalli",
        name: "Ospedale San Giovanni di Dio",
        at: [11.2051, 43.7597],
        emergency: true,
        trauma: None,
        every: 60,
        beds: &[("AdultICU", 12), ("EmergencyDepartment", 34), ("MedicalSurgical", 260), ("NurseryBeds", 20), ("OperatingRooms", 8)],
    },
    Hospital {
        id: "ponte-a-niccheri",
        name: "Ospedale Santa Maria Annunziata",
        at: [11.3043, 43.7320],
        emergency: true,
        trauma: None,
        every: 60,
        beds: &[("AdultICU", 10), ("EmergencyDepartment", 30), ("MedicalSurgical", 240), ("AdultPsychiatric", 15), ("OperatingRooms", 8)],
    },
    Hospital {
        id: "palagi",
        name: "Presidio Piero Palagi",
        at: [11.2723, 43.7562],
        emergency: false,
        trauma: None,
        every: 300,
        beds: &[("MedicalSurgical", 40), ("RehabLongTermCare", 60), ("OperatingRooms", 4)],
    },
    Hospital {
        id: "villa-donatello",
        name: "Villa Donatello",
        at: [11.2678, 43.7791],
        emergency: false,
        trauma: None,
        every: 3600,
        beds: &[("MedicalSurgical", 90), ("OperatingRooms", 7)],
    },
];

const NAMESPACES: &str = "xmlns=\"urn:oasis:names:tc:emergency:EDXL:HAVE:1.0\" \
     xmlns:xnl=\"urn:oasis:names:tc:ciq:xnl:3\" xmlns:gml=\"http://www.opengis.net/gml\"";

/// The state of all hospitals.
pub fn document(seed: u64, now: Time) -> Vec<u8> {
    let mut xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HospitalStatus {NAMESPACES}>\n");
    for h in HOSPITALS {
        hospital(&mut xml, h, seed, now.millis().div_euclid(1000).div_euclid(h.every) * h.every);
    }
    xml += "</HospitalStatus>\n";
    xml.into_bytes()
}

fn hospital(xml: &mut String, h: &Hospital, seed: u64, at: i64) {
    let [lon, lat] = h.at;
    let _ = write!(
        xml,
        "  <Hospital>\n    <Organization>\n      <OrganizationInformation>\n        \
         <xnl:OrganisationName xnl:OrganisationID=\"{}\"><xnl:NameElement>{}</xnl:NameElement></xnl:OrganisationName>\n      </OrganizationInformation>\n      \
         <OrganizationGeoLocation>\n        <gml:Point gml:id=\"{}\" srsName=\"EPSG:4326\"><gml:pos>{lat:.4} {lon:.4}</gml:pos></gml:Point>\n      \
         </OrganizationGeoLocation>\n    </Organization>\n",
        h.id,
        escape(h.name),
        h.id,
    );
    let load = load(seed, h.id, at);
    if h.emergency {
        emergency(xml, h, seed, at, load);
    }
    *xml += "    <HospitalBedCapacityStatus>\n";
    for (kind, baseline) in h.beds {
        // Each kind of bed breathes with the house and a little for itself.
        let own = load + 0.08 * wave(seed, &format!("{} {kind}", h.id), at, 5.3);
        let free = ((1.0 - own.clamp(0.0, 1.0)) * f64::from(*baseline)).round() as u32;
        let _ = write!(
            xml,
            "      <BedCapacity>\n        <BedType>{kind}</BedType>\n        <Capacity>\n          <CapacityStatus>{}</CapacityStatus>\n          \
             <AvailableCount>{free}</AvailableCount>\n          <BaselineCount>{baseline}</BaselineCount>\n        </Capacity>\n      </BedCapacity>\n",
            if free > 0 { "Vacant/Available" } else { "NotAvailable" },
        );
    }
    *xml += "    </HospitalBedCapacityStatus>\n";
    if let Some(level) = h.trauma {
        let _ = write!(
            xml,
            "    <ServiceCoverageStatus>\n      <EmergencyDepartment>true</EmergencyDepartment>\n      <TraumaCenterServicesIndicator>\n        \
             <TraumaCenterServices>true</TraumaCenterServices>\n        <TraumaCenterServicesLevel>{level}</TraumaCenterServicesLevel>\n      \
             </TraumaCenterServicesIndicator>\n    </ServiceCoverageStatus>\n",
        );
    }
    let _ = write!(
        xml,
        "    <HospitalFacilityStatus>\n      <ClinicalStatus>{}</ClinicalStatus>\n      <FacilityStatus>Normal</FacilityStatus>\n    \
         </HospitalFacilityStatus>\n    <HospitalResourcesStatus>\n      <Staffing>{}</Staffing>\n    </HospitalResourcesStatus>\n    \
         <LastUpdateTime>{}</LastUpdateTime>\n  </Hospital>\n",
        if load > 0.97 { "Full" } else { "Normal" },
        if load > 0.93 { "Insufficient" } else { "Adequate" },
        Time::from_secs(at),
    );
}

fn emergency(xml: &mut String, h: &Hospital, seed: u64, at: i64, load: f64) {
    let places = h.beds.iter().find(|(kind, _)| *kind == "EmergencyDepartment").map_or(20, |(_, n)| *n);
    let traffic = if load > 0.94 { "Advisory" } else { "Normal" };
    let _ = write!(
        xml,
        "    <EmergencyDepartmentStatus>\n      <EMSTraffic>\n        <EMSTrafficStatus>{traffic}</EMSTrafficStatus>\n      </EMSTraffic>\n      <EMSCensus>\n"
    );
    for (colour, share) in [("Red", 0.06), ("Yellow", 0.34), ("Green", 0.55)] {
        let own = 1.0 + 0.3 * wave(seed, &format!("{} {colour}", h.id), at, 2.1);
        let count = (f64::from(places) * load * share * own).round().max(0.0) as u32;
        let _ = write!(
            xml,
            "        <TriageCode>\n          <TriageCodeValue>{colour}</TriageCodeValue>\n          \
             <TriageCountQuantity>{count}</TriageCountQuantity>\n        </TriageCode>\n"
        );
    }
    let minutes = (8.0 + 60.0 * (load - 0.75).max(0.0)).round() as u32;
    let _ = write!(
        xml,
        "      </EMSCensus>\n      <EMSAmbulanceStatus>\n        <EMSOffloadStatus>{}</EMSOffloadStatus>\n        \
         <EMSOffloadMinutes>{minutes}</EMSOffloadMinutes>\n      </EMSAmbulanceStatus>\n    </EmergencyDepartmentStatus>\n",
        if minutes > 15 { "Delayed" } else { "Normal" },
    );
}

// How full a house is, from 0.66 to nearly 1: its own level, the rhythm of the day, and a slow drift.
fn load(seed: u64, id: &str, at: i64) -> f64 {
    let day = ((at.rem_euclid(86_400)) as f64 / 86_400.0 - 0.42) * std::f64::consts::TAU;
    (0.80 + 0.10 * chance(seed, id) + 0.05 * day.cos() + 0.05 * wave(seed, id, at, 7.0)).clamp(0.0, 0.99)
}

// From -1 to 1, once around in `hours`, from a start of its own.
fn wave(seed: u64, of: &str, at: i64, hours: f64) -> f64 {
    ((at as f64 / (hours * 3600.0) + chance(seed, of)) * std::f64::consts::TAU).sin()
}
