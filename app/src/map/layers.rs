//! The layers of the map, in one table: what can be switched, what the legend says, what the bridge draws under the same id
//! (`public/map-marks.js` has one group of drawings for each).

/// A layer of the map.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// Its id, also that of its source and drawings.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The class of its symbol in the legend.
    pub symbol: &'static str,
    /// Whether it can be switched off. What asks for a response cannot.
    pub switchable: bool,
}

const fn layer(id: &'static str, title: &'static str, symbol: &'static str) -> Layer {
    Layer { id, title, symbol, switchable: true }
}

/// Every layer, in the order of the switches.
pub const LAYERS: &[Layer] = &[
    layer("movers", "Vehicles", "arrow"),
    layer("roads", "Roads", "road"),
    layer("alerts", "Alerts", "area"),
    layer("events", "Calls", "call"),
    layer("hospitals", "Hospitals", "hospital"),
    layer("sites", "Sites", "site"),
    layer("routes", "Routes", "route"),
    layer("districts", "Districts", "district"),
    Layer { id: "alarms", title: "Alarms", symbol: "alarm", switchable: false },
];

/// What a wall shows in one of its scenes.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// Its name in the address: `/wall/{id}`.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Layers it leaves out.
    pub without: &'static [&'static str],
}

/// The scenes; the first is shown at `/wall`.
pub const SCENES: &[Scene] = &[
    Scene { id: "city", title: "The whole city", without: &[] },
    Scene { id: "traffic", title: "Roads and transit", without: &["hospitals", "events"] },
    Scene { id: "health", title: "Health and rescue", without: &["routes", "sites"] },
    Scene { id: "warnings", title: "Warnings", without: &["movers", "routes", "sites"] },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_the_bridge_knows_them() {
        let marks = include_str!("../../../public/map-marks.js");
        for (i, l) in LAYERS.iter().enumerate() {
            assert!(LAYERS[..i].iter().all(|o| o.id != l.id), "{}", l.id);
            assert!(marks.contains(&format!("of(\"{}\", ", l.id)), "the bridge draws no {}", l.id);
        }
        for s in SCENES {
            assert!(s.without.iter().all(|id| LAYERS.iter().any(|l| l.id == *id && l.switchable)), "{}", s.id);
        }
    }
}
