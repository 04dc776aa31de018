//! A trend in a line of text: inline SVG, drawn by the server too, with a gap where the value was not known.

use super::kept;
use super::says;
use leptos::prelude::*;

const WIDTH: f32 = 120.0;
const HEIGHT: f32 = 28.0;
const MARGIN: f32 = 3.0;

/// The SVG path of a trend in a box of `width` by `height`, and where it ends. Points are spread over `slots` places, newest at the
/// right end, so that a young trend does not pretend to be long.
pub fn trend_path(trend: &[Option<f32>], slots: usize, width: f32, height: f32) -> (String, Option<(f32, f32)>) {
    use std::fmt::Write;
    let known = || trend.iter().flatten().filter(|v| v.is_finite()).map(|v| f64::from(*v));
    let (low, high) = known().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return (String::new(), None);
    }
    // A flat line runs through the middle.
    let span = if high - low > 1e-6 * high.abs().max(1.0) { high - low } else { 0.0 };
    let slots = slots.max(trend.len()).max(2);
    let x = |i: usize| MARGIN + (width - 2.0 * MARGIN) * (slots - trend.len() + i) as f32 / (slots - 1) as f32;
    let y = |v: f32| {
        let part = if span > 0.0 { ((f64::from(v) - low) / span) as f32 } else { 0.5 };
        height - MARGIN - (height - 2.0 * MARGIN) * part
    };
    let mut path = String::new();
    let mut pen_down = false;
    let mut end = None;
    for (i, v) in trend.iter().enumerate() {
        match v {
            Some(v) if v.is_finite() => {
                let (px, py) = (x(i), y(*v));
                let _ = write!(path, "{}{px:.1} {py:.1}", if pen_down { 'L' } else { 'M' });
                pen_down = true;
                end = (i + 1 == trend.len()).then_some((px, py));
            }
            _ => pen_down = false,
        }
    }
    (path, end)
}

/// A small trend. The number it belongs to says it in words.
#[component]
pub fn Sparkline(
    /// Values, oldest first; none where not known.
    #[prop(into)]
    trend: Signal<Vec<Option<f32>>>,
) -> impl IntoView {
    let drawn = kept(move || trend.with(|t| trend_path(t, crate::model::Kpi::TREND_LEN, WIDTH, HEIGHT)));
    view! {
        <svg class="spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path d=says(move || drawn.with(|d| d.0.clone())) vector-effect="non-scaling-stroke"></path>
            <path
                class="end"
                d=says(move || drawn.with(|d| d.1.map(|(x, y)| format!("M{x:.1} {y:.1}h.01")).unwrap_or_default()))
                vector-effect="non-scaling-stroke"
            ></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_gap_lifts_the_pen() {
        let (path, end) = trend_path(&[Some(1.0), None, Some(2.0), Some(3.0)], 4, 100.0, 20.0);
        assert_eq!(path.matches('M').count(), 2);
        assert!(end.is_some());
        assert_eq!(trend_path(&[None, None], 4, 100.0, 20.0), (String::new(), None));
        assert_eq!(trend_path(&[Some(1.0), None], 4, 100.0, 20.0).1, None, "no dot on a value that is not known");
    }

    proptest! {
        #[test]
        fn never_outside_its_box(trend in prop::collection::vec(prop::option::of(any::<f32>()), 0..50)) {
            let (path, _) = trend_path(&trend, 40, 100.0, 20.0);
            for n in path.split(|c: char| c == 'M' || c == 'L' || c == ' ').filter(|s| !s.is_empty()) {
                let n: f32 = n.parse().unwrap();
                prop_assert!((0.0..=100.0).contains(&n), "{path}");
            }
        }
    }
}
