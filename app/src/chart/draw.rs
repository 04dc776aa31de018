//! The drawing itself, without a word about where it ends up.

use crate::model::{Kpi, Unit};
use plotters::prelude::*;

/// What is drawn: values with gaps, and the scale they are drawn on.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Values, oldest first, one a step; none where not known.
    pub values: Vec<Option<f64>>,
    /// How many steps the whole width stands for.
    pub slots: usize,
    /// A target, limit or normal to measure against, and its word.
    pub reference: Option<(&'static str, f64)>,
    /// The levels of the scale, lowest first; the first and last are its ends.
    pub ticks: Vec<f64>,
}
impl Default for Trend {
    fn default() -> Self {
        Self::new(Vec::new(), 2, None, false)
    }
}
impl Trend {
    /// Of `values`, drawn over `slots` steps; `whole` numbers get no levels between them.
    pub fn new(values: Vec<Option<f64>>, slots: usize, reference: Option<(&'static str, f64)>, whole: bool) -> Self {
        let values: Vec<_> = values.into_iter().map(|v| v.filter(|v| v.is_finite())).collect();
        let all = values.iter().flatten().copied().chain(reference.map(|r| r.1));
        let (low, high) = all.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        let ticks = if low > high { levels(0.0, 1.0, whole) } else { levels(low, high, whole) };
        Self { slots: slots.max(values.len()).max(2), values, reference, ticks }
    }
    /// Of a KPI's past.
    pub fn of(kpi: &Kpi) -> Self {
        let whole = matches!(kpi.unit, Unit::One | Unit::Percent);
        Self::new(kpi.trend.iter().map(|v| v.map(f64::from)).collect(), Kpi::TREND_LEN, reference(&kpi.note), whole)
    }
}

/// The target, limit or normal a KPI's note states: `target 90 %` is ("target", 90).
fn reference(note: &str) -> Option<(&'static str, f64)> {
    const WORDS: [&str; 3] = ["target", "limit", "normal"];
    let mut words = note.split_whitespace();
    let word = words.by_ref().find_map(|w| WORDS.into_iter().find(|k| w.eq_ignore_ascii_case(k)))?;
    let number = words.next()?.trim_end_matches([',', ';', '.', '%']);
    number.parse().ok().filter(|v: &f64| v.is_finite()).map(|v| (word, v))
}

// Between three and six round levels that enclose low and high.
fn levels(low: f64, high: f64, whole: bool) -> Vec<f64> {
    // A line that does not move runs through the middle, but nothing that cannot be negative gets a scale below zero.
    let flat = high - low <= 1e-9 * high.abs().max(1.0);
    let pad = if flat { (high.abs() * 0.05).max(if whole || high == 0.0 { 1.0 } else { 0.0 }) } else { 0.0 };
    let (low, high) = (if low >= 0.0 { (low - pad).max(0.0) } else { low - pad }, high + pad);
    let span = high - low;
    let rough = (span / 3.0).max(if whole { 1.0 } else { f64::MIN_POSITIVE });
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough).unwrap_or(rough);
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    let last = if last <= first { first + 1.0 } else { last };
    (0..=((last - first) as usize).min(8)).map(|i| (first + i as f64) * step).collect()
}

/// Red, green, blue.
type Rgb = (u8, u8, u8);

/// The colours of a chart.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Behind it; none leaves what is there.
    pub ground: Option<Rgb>,
    /// The values.
    pub line: Rgb,
    /// The levels.
    pub grid: Rgb,
    /// The target, limit or normal.
    pub reference: Rgb,
}
impl Palette {
    /// Readable on dark and light ground alike: for where the theme is not known.
    pub const ANY: Self = Self { ground: None, line: (112, 134, 156), grid: (128, 142, 156), reference: (56, 140, 190) };
}

/// Draws `trend` through `backend`, with lines `px` device pixels wide for each pixel of the design.
pub fn draw<DB: DrawingBackend>(backend: DB, trend: &Trend, palette: &Palette, px: f64) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let wide = |w: f64| (w * px).round().max(1.0) as u32;
    let color = |(r, g, b): Rgb| RGBColor(r, g, b);
    let area = backend.into_drawing_area();
    if let Some(ground) = palette.ground {
        area.fill(&color(ground))?;
    }
    let (low, high) = (trend.ticks.first().copied().unwrap_or(0.0), trend.ticks.last().copied().unwrap_or(1.0));
    let right = (trend.slots - 1) as f64;
    let mut chart = ChartBuilder::on(&area).margin(wide(5.0)).build_cartesian_2d(0.0..right, low..high)?;
    let grid = color(palette.grid).mix(0.5).stroke_width(wide(1.0));
    chart.draw_series(trend.ticks.iter().map(|y| PathElement::new(vec![(0.0, *y), (right, *y)], grid)))?;
    if let Some((_, y)) = trend.reference {
        let dash = color(palette.reference).stroke_width(wide(1.5));
        let step = right / 40.0;
        chart.draw_series((0..40).map(|i| {
            let x = f64::from(i) * step;
            PathElement::new(vec![(x, y), (x + step * 0.55, y)], dash)
        }))?;
    }
    let line = color(palette.line).stroke_width(wide(2.0));
    let start = trend.slots - trend.values.len();
    for run in runs(&trend.values) {
        let points: Vec<(f64, f64)> = run.iter().map(|(i, v)| ((start + i) as f64, *v)).collect();
        match points.as_slice() {
            [alone] => chart.draw_series(std::iter::once(Circle::new(*alone, wide(1.5), line.filled())))?,
            _ => chart.draw_series(std::iter::once(PathElement::new(points, line)))?,
        };
    }
    if let Some(Some(last)) = trend.values.last() {
        chart.draw_series(std::iter::once(Circle::new((right, *last), wide(3.0), line.filled())))?;
    }
    area.present()
}

// The stretches without a gap: index and value.
fn runs(values: &[Option<f64>]) -> Vec<Vec<(usize, f64)>> {
    let mut out: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut open = false;
    for (i, v) in values.iter().enumerate() {
        match (v, out.last_mut()) {
            (Some(v), Some(run)) if open => run.push((i, *v)),
            (Some(v), _) => {
                out.push(vec![(i, *v)]);
                open = true;
            }
            (None, _) => open = false,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notes_say_what_to_measure_against() {
        assert_eq!(reference("target 90 %"), Some(("target", 90.0)));
        assert_eq!(reference("below the Limit 50, yearly"), Some(("limit", 50.0)));
        assert_eq!(reference("8 of 9 hospitals reporting"), None);
        assert_eq!(reference("target soon"), None);
    }

    #[test]
    fn gaps_part_the_line() {
        assert_eq!(runs(&[Some(1.0), None, Some(2.0), Some(3.0), None]), [vec![(0, 1.0)], vec![(2, 2.0), (3, 3.0)]]);
    }

    proptest! {
        #[test]
        fn the_scale_encloses_the_values(a in -1e6..1e6f64, b in -1e6..1e6f64, whole: bool) {
            let (low, high) = (a.min(b), a.max(b));
            let t = levels(low, high, whole);
            prop_assert!(t.len() >= 2 && t.len() <= 7, "{t:?}");
            let slack = (t[1] - t[0]) * 1e-6;
            prop_assert!(t[0] <= low + slack && t[t.len() - 1] >= high - slack, "{t:?} for {low}..{high}");
        }
    }

    #[test]
    fn a_count_that_does_not_move_stands_in_the_middle() {
        assert_eq!(levels(4.0, 4.0, true), [3.0, 4.0, 5.0]);
        assert_eq!(levels(0.0, 0.0, true), [0.0, 1.0]);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn draws_as_svg_whatever_the_values() {
        for values in [vec![], vec![None; 3], vec![Some(1.0)], vec![Some(5.0), None, Some(f64::NAN), Some(7.0), Some(6.0)]] {
            let mut svg = String::new();
            draw(
                plotters_svg::SVGBackend::with_string(&mut svg, (300, 100)),
                &Trend::new(values, 40, Some(("target", 6.0)), false),
                &Palette::ANY,
                1.0,
            )
            .unwrap();
            assert!(svg.contains("<svg") && svg.contains("</svg>") && !svg.contains("NaN"), "{svg}");
        }
    }
}
