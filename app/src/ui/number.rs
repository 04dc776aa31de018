//! Numbers as people read them: as many digits as mean something, the unit beside them. The same on both sides of the wire.

use crate::model::{Kpi, Unit};

/// A dash for a number that is not known.
pub const DASH: &str = "\u{2014}";

/// The number alone.
pub fn number(value: f64, unit: Unit) -> String {
    let digits = match (unit, value.abs()) {
        (Unit::Percent, _) => 0,
        (Unit::Second, v) if v >= 90.0 => return minutes(value),
        (Unit::Second, _) => 0,
        (Unit::One, _) if (value - value.round()).abs() < 0.05 => 0,
        (_, v) if v < 10.0 => 2,
        (_, v) if v < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    // A true minus sign, and no minus before zero.
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        Some(rest) => format!("\u{2212}{rest}"),
        None => text,
    }
}

fn minutes(seconds: f64) -> String {
    let s = seconds.round() as i64;
    format!("{}{}:{:02}", if s < 0 { "\u{2212}" } else { "" }, s.abs() / 60, s.abs() % 60)
}

/// A KPI's number and what stands small beside it.
pub fn quantity(kpi: &Kpi) -> (String, String) {
    let Some(value) = kpi.value else { return (DASH.to_owned(), String::new()) };
    let sign = match kpi.unit {
        Unit::Second if value.abs() >= 90.0 => "min",
        u => u.sign(),
    };
    let beside = match kpi.of {
        Some(of) => format!("of {} {sign}", number(of, kpi.unit)).trim_end().to_owned(),
        None => sign.to_owned(),
    };
    (number(value, kpi.unit), beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
        for (v, u, want) in [
            (24.64, Unit::KilometrePerHour, "24.6"),
            (3.0, Unit::One, "3"),
            (3.42, Unit::Metre, "3.42"),
            (80.6, Unit::Percent, "81"),
            (-0.001, Unit::Metre, "0.00"),
            (-18.0, Unit::Percent, "\u{2212}18"),
            (550.0, Unit::Second, "9:10"),
            (1234.5, Unit::Kilowatt, "1234"),
        ] {
            assert_eq!(number(v, u), want);
        }
    }
}
