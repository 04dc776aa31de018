//! The chart of a KPI's recent past. [`draw`] draws it through any plotters backend: on a canvas in the browser, as SVG in the page the
//! server renders and in tests. Words are left to HTML: text on a canvas is slow and cannot be read aloud.

mod draw;

pub use draw::{Palette, Trend, draw};

use crate::browser;
use crate::desk::Desk;
use crate::model::{Kpi, time::ago};
use crate::ui::number;
use crate::ui::{flag, kept, says, shows};
use leptos::{html, prelude::*};
use std::time::Duration;

/// A KPI's past with its scale; the newest value at the right edge.
#[component]
pub fn KpiChart(
    /// The KPI.
    #[prop(into)]
    kpi: Signal<Option<Kpi>>,
) -> impl IntoView {
    let desk = Desk::get();
    let trend = kept(move || kpi.with(|k| k.as_ref().map(Trend::of).unwrap_or_default()));
    let node = NodeRef::<html::Canvas>::new();
    let size = RwSignal::new(0u32);
    let due = StoredValue::new(false);
    let drawn = RwSignal::new(false);
    // Once per frame at most, and never while the page is hidden: browsers then give no frames.
    let redraw = move || {
        if due.try_get_value() != Some(false) {
            return;
        }
        due.set_value(true);
        request_animation_frame(move || {
            if due.try_set_value(false).is_none()
                && let (Some(canvas), Some(trend)) = (node.try_get_untracked().flatten(), trend.try_get_untracked())
                && paint(canvas, &trend)
            {
                drawn.set(true);
            }
        });
    };
    Effect::new(move |_| {
        let _ = trend.get();
        desk.look.track();
        size.track();
        node.track();
        redraw();
    });
    Effect::new(move |_| {
        let resized = window_event_listener(leptos::ev::resize, move |_| size.update(|n| *n += 1));
        on_cleanup(move || resized.remove());
    });
    let unit = move || kpi.with(|k| k.as_ref().map_or(crate::model::Unit::One, |k| k.unit));
    let levels = move || trend.get().ticks.into_iter().rev().map(|t| view! { <span>{number(t, unit())}</span> }).collect_view();
    let span = ago(Duration::from_secs((Kpi::TREND_STEP_S * (Kpi::TREND_LEN as i64 - 1)).unsigned_abs()));
    let said = move || {
        let values: Vec<f64> = trend.with(|t| t.values.iter().flatten().copied().collect());
        let sign = unit().sign();
        match (values.first(), values.last()) {
            (Some(a), Some(b)) => {
                let (low, high) = values.iter().fold((*a, *a), |(l, h), v| (l.min(*v), h.max(*v)));
                let n = |v| number(v, unit());
                format!(
                    "From {} to {}{}; lowest {}, highest {}.",
                    n(*a),
                    n(*b),
                    if sign.is_empty() { String::new() } else { format!(" {sign}") },
                    n(low),
                    n(high)
                )
            }
            _ => "No values yet.".to_owned(),
        }
    };
    let reference = move || trend.with(|t| t.reference.clone()).map(|(word, v)| format!("{word} {}", number(v, unit())));
    view! {
        <figure class="chart" class:drawn=flag(move || drawn.get())>
            <div class="chart-levels num" aria-hidden="true">{shows(levels)}</div>
            <div class="chart-plot" role="img" aria-label=says(said)>
                <div class="chart-svg" inner_html=server_svg(&trend.get_untracked())></div>
                <canvas node_ref=node></canvas>
            </div>
            <div class="chart-times num" aria-hidden="true">
                <span>{format!("{span} ago")}</span>
                <span>{shows(reference)}</span>
                <span>"now"</span>
            </div>
            <figcaption>{shows(said)}</figcaption>
        </figure>
    }
}

#[cfg(feature = "ssr")]
fn server_svg(trend: &Trend) -> String {
    let mut svg = String::new();
    let drawn = draw(plotters_svg::SVGBackend::with_string(&mut svg, (480, 140)), trend, &Palette::ANY, 1.0);
    // The size comes from the style sheet.
    if drawn.is_ok() { svg.replacen("width=\"480\" height=\"140\"", "preserveAspectRatio=\"none\"", 1) } else { String::new() }
}
#[cfg(not(feature = "ssr"))]
fn server_svg(_: &Trend) -> String {
    String::new()
}

#[cfg(feature = "hydrate")]
fn paint(canvas: leptos::web_sys::HtmlCanvasElement, trend: &Trend) -> bool {
    // plotters knows nothing of device pixels: the canvas gets as many as the screen has, and every width is multiplied.
    let ratio = window().device_pixel_ratio().max(1.0);
    let (w, h) = (f64::from(canvas.client_width()) * ratio, f64::from(canvas.client_height()) * ratio);
    if w < 40.0 || h < 20.0 {
        return false;
    }
    let ink = |name, or| browser::token_color(&canvas, name).unwrap_or(or);
    let any = Palette::ANY;
    let palette = Palette {
        ground: Some(ink("surface", (16, 22, 29))),
        line: ink("ink-2", any.line),
        grid: ink("line", any.grid),
        reference: ink("accent", any.reference),
    };
    canvas.set_width(w as u32);
    canvas.set_height(h as u32);
    plotters_canvas::CanvasBackend::with_canvas_object(canvas).is_some_and(|b| draw(b, trend, &palette, ratio).is_ok())
}
#[cfg(not(feature = "hydrate"))]
fn paint(canvas: leptos::web_sys::HtmlCanvasElement, _: &Trend) -> bool {
    browser::token_color(&canvas, "surface").is_some()
}
