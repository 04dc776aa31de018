//! Quantities and their units. Units are UCUM codes; a quantity knows the one unit it is kept in.

use serde::{Deserialize, Serialize};

/// A unit of measure, written as its UCUM code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// A pure number or a count.
    #[serde(rename = "1")]
    One,
    /// Per cent.
    #[serde(rename = "%")]
    Percent,
    /// Seconds.
    #[serde(rename = "s")]
    Second,
    /// Minutes.
    #[serde(rename = "min")]
    Minute,
    /// Metres.
    #[serde(rename = "m")]
    Metre,
    /// Kilometres.
    #[serde(rename = "km")]
    Kilometre,
    /// Miles (international).
    #[serde(rename = "[mi_i]")]
    Mile,
    /// Metres a second.
    #[serde(rename = "m/s")]
    MetrePerSecond,
    /// Kilometres an hour.
    #[serde(rename = "km/h")]
    KilometrePerHour,
    /// Miles an hour.
    #[serde(rename = "[mi_i]/h")]
    MilePerHour,
    /// Degrees Celsius.
    #[serde(rename = "Cel")]
    Celsius,
    /// Degrees Fahrenheit.
    #[serde(rename = "[degF]")]
    Fahrenheit,
    /// Micrograms a cubic metre.
    #[serde(rename = "ug/m3")]
    MicrogramPerCubicMetre,
    /// Kilowatts.
    #[serde(rename = "kW")]
    Kilowatt,
}

/// What a unit measures: only units of one dimension convert into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Numbers and shares.
    Number,
    /// Time.
    Duration,
    /// Length.
    Length,
    /// Speed.
    Speed,
    /// Temperature.
    Temperature,
    /// Mass concentration.
    Concentration,
    /// Power.
    Power,
}

impl Unit {
    /// Every unit.
    pub const ALL: &'static [Unit] = &[
        Self::One,
        Self::Percent,
        Self::Second,
        Self::Minute,
        Self::Metre,
        Self::Kilometre,
        Self::Mile,
        Self::MetrePerSecond,
        Self::KilometrePerHour,
        Self::MilePerHour,
        Self::Celsius,
        Self::Fahrenheit,
        Self::MicrogramPerCubicMetre,
        Self::Kilowatt,
    ];

    // Code, sign, dimension, and value in the dimension's base unit = value * factor + offset.
    const fn facts(self) -> (&'static str, &'static str, Dimension, f64, f64) {
        use Dimension as D;
        match self {
            Self::One => ("1", "", D::Number, 1.0, 0.0),
            Self::Percent => ("%", "%", D::Number, 0.01, 0.0),
            Self::Second => ("s", "s", D::Duration, 1.0, 0.0),
            Self::Minute => ("min", "min", D::Duration, 60.0, 0.0),
            Self::Metre => ("m", "m", D::Length, 1.0, 0.0),
            Self::Kilometre => ("km", "km", D::Length, 1000.0, 0.0),
            Self::Mile => ("[mi_i]", "mi", D::Length, 1609.344, 0.0),
            Self::MetrePerSecond => ("m/s", "m/s", D::Speed, 1.0, 0.0),
            Self::KilometrePerHour => ("km/h", "km/h", D::Speed, 1.0 / 3.6, 0.0),
            Self::MilePerHour => ("[mi_i]/h", "mph", D::Speed, 0.44704, 0.0),
            Self::Celsius => ("Cel", "°C", D::Temperature, 1.0, 0.0),
            Self::Fahrenheit => ("[degF]", "°F", D::Temperature, 5.0 / 9.0, -160.0 / 9.0),
            Self::MicrogramPerCubicMetre => ("ug/m3", "µg/m³", D::Concentration, 1.0, 0.0),
            Self::Kilowatt => ("kW", "kW", D::Power, 1.0, 0.0),
        }
    }
    /// The UCUM code.
    pub const fn code(self) -> &'static str {
        self.facts().0
    }
    /// The sign shown beside a number; empty for a count.
    pub const fn sign(self) -> &'static str {
        self.facts().1
    }
    /// What it measures.
    pub const fn dimension(self) -> Dimension {
        self.facts().2
    }
    /// The unit of a UCUM code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|u| u.code() == code)
    }
    /// `value` of this unit in `to`; `None` across dimensions or when not finite.
    pub fn convert(self, value: f64, to: Self) -> Option<f64> {
        let ((.., d1, f1, o1), (.., d2, f2, o2)) = (self.facts(), to.facts());
        let out = if self == to { value } else { (value * f1 + o1 - o2) / f2 };
        (d1 == d2 && out.is_finite()).then_some(out)
    }
}

/// What a [`super::Reading`] measures: one controlled vocabulary over all standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// How late a trip runs (early is negative). GTFS-Realtime `delay`.
    Delay,
    /// Beds that can take a patient now. EDXL-HAVE `AvailableCount`.
    BedsFree,
    /// Beds in all. EDXL-HAVE `BaselineCount`.
    BedsTotal,
    /// How full a vehicle is. GTFS-Realtime `occupancy_percentage`.
    Occupancy,
    /// How fast something moves.
    Speed,
    /// Length of a queue or a work zone.
    Length,
    /// How many patients wait or are held. EDXL-HAVE emergency department census.
    Patients,
}

impl Quantity {
    /// The unit it is kept and shown in.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Delay => Unit::Second,
            Self::BedsFree | Self::BedsTotal | Self::Patients => Unit::One,
            Self::Occupancy => Unit::Percent,
            Self::Speed => Unit::KilometrePerHour,
            Self::Length => Unit::Metre,
        }
    }
    /// The words for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Delay => "Delay",
            Self::BedsFree => "Beds free",
            Self::BedsTotal => "Beds in all",
            Self::Occupancy => "Occupancy",
            Self::Speed => "Speed",
            Self::Length => "Length",
            Self::Patients => "Patients",
        }
    }
    /// The token used in ids and JSON.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::BedsFree => "beds-free",
            Self::BedsTotal => "beds-total",
            Self::Occupancy => "occupancy",
            Self::Speed => "speed",
            Self::Length => "length",
            Self::Patients => "patients",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_and_back_is_the_same(a in 0..Unit::ALL.len(), b in 0..Unit::ALL.len(), v in -1e6..1e6f64) {
            let (a, b) = (Unit::ALL[a], Unit::ALL[b]);
            match a.convert(v, b).and_then(|w| b.convert(w, a)) {
                Some(back) => prop_assert!((back - v).abs() <= 1e-6 * v.abs().max(1.0)),
                None => prop_assert!(a.dimension() != b.dimension()),
            }
        }
    }

    #[test]
    fn known_values_and_codes() {
        assert_eq!(Unit::Fahrenheit.convert(212.0, Unit::Celsius).map(f64::round), Some(100.0));
        assert_eq!(Unit::KilometrePerHour.convert(36.0, Unit::MetrePerSecond), Some(10.0));
        assert_eq!(Unit::Metre.convert(f64::NAN, Unit::Metre), None);
        for u in Unit::ALL {
            assert_eq!(Unit::parse(u.code()), Some(*u));
            assert_eq!(serde_json::to_value(u).unwrap(), u.code());
        }
    }
}
