//! A mover, a place, a situation or a feed: every field as its source said it, its age, its owner and licence, what was measured at it,
//! and the raw record, so that nobody has to believe the screen.

use crate::live::Live;
use crate::model::{Freshness, Key, Severity, Status, time::ago};
use crate::port::{self, Details, Field, Measured};
use crate::ui::{DASH, Mark, age_text, kept};
use crate::ui::{says, shows};
use crate::wire::FeedView;
use leptos::prelude::*;
use std::sync::Arc;

/// A moving thing is asked about at most this often, in seconds.
const ASK_EVERY_S: i64 = 3;

#[derive(Clone)]
enum Asked {
    Asking,
    Here(Arc<Details>),
    Gone,
    Failed(String),
}

#[component]
pub(super) fn Facts(
    kind: Arc<str>,
    key: Arc<str>,
    /// Whether it stands under something that already has the title.
    #[prop(optional)]
    within: bool,
) -> impl IntoView {
    let live = Live::get();
    let asked = RwSignal::new(Asked::Asking);
    let again = RwSignal::new(0u32);
    // What is known of the thing without asking: when it changes, the details are asked for anew.
    let version = {
        let (kind, key) = (kind.clone(), key.clone());
        kept(move || {
            let k = Key::from(&*key);
            match &*kind {
                "mover" => {
                    let _ = live.now.get().millis().div_euclid(ASK_EVERY_S * 1000);
                    live.with_movers(|m| m.get(&k).and_then(|m| m.observed_at)).map(|t| t.millis().div_euclid(ASK_EVERY_S * 1000))
                }
                "place" => live.places.with(|m| m.get(&k).map(|p| p.badge.as_ref().map_or(0, |b| sum(b)))),
                "situation" => live.situations.with(|m| m.get(&k).map(|s| s.observed_at.map_or(0, |t| t.millis()) ^ sum(&s.headline))),
                "feed" => live.feeds.with(|f| {
                    f.iter().find(|f| f.feed.id.as_str() == &*key).map(|f| f.health.messages as i64 + i64::from(f.health.failures))
                }),
                _ => None,
            }
        })
    };
    Effect::new({
        let (kind, key) = (kind.clone(), key.clone());
        move |_| {
            // Read, not only tracked: a memo nobody reads is never computed, and so never changes.
            let _ = version.get();
            again.track();
            let (kind, key) = (kind.to_string(), key.to_string());
            leptos::task::spawn_local(async move {
                let answer = match port::details(kind, key).await {
                    Ok(Some(d)) => Asked::Here(Arc::new(d)),
                    Ok(None) => Asked::Gone,
                    Err(e) => Asked::Failed(e.to_string()),
                };
                // The drawer may be closed by now.
                asked.try_set(answer);
            });
        }
    });
    let retry = move |_| {
        asked.set(Asked::Asking);
        again.update(|n| *n += 1);
    };
    let feed = (&*kind == "feed").then(|| key.clone());
    shows(move || {
        let head = feed.clone().map(|id| view! { <FeedFacts id=id /> });
        let body = match asked.get() {
            Asked::Asking => view! { <p class="asking" role="status">"Asking for the details\u{2026}"</p> }.into_any(),
            Asked::Gone if head.is_some() => ().into_any(),
            Asked::Gone => view! { <h2>"It is gone"</h2><p class="empty">"Its source no longer reports it."</p> }.into_any(),
            Asked::Failed(why) => view! {
                <p class="failed" role="alert">{format!("The details could not be had: {why}")}</p>
                <button type="button" class="small" on:click=retry>"Ask again"</button>
            }
            .into_any(),
            Asked::Here(d) => facts(live, &d, head.is_some(), within).into_any(),
        };
        view! { {head}{body} }
    })
}

fn sum(text: &str) -> i64 {
    text.bytes().fold(7i64, |h, b| h.wrapping_mul(31).wrapping_add(i64::from(b)))
}

fn facts(live: Live, d: &Details, is_feed: bool, within: bool) -> impl IntoView + use<> {
    let offset = live.city.with_untracked(|c| c.offset_s);
    let feed = live.feeds.with_untracked(|f| f.iter().find(|f| f.feed.id.as_str() == &*d.feed).cloned());
    let promise = feed.as_ref().map(|f| f.feed.promise);
    let observed = d.observed_at;
    let judged = move || promise.map_or(Freshness::Unknown, |p| p.judge(observed, live.now.get()));
    let age = move || {
        let mark = match judged() {
            Freshness::Fresh => "",
            Freshness::Stale => "◔ ",
            Freshness::Unknown => "? ",
        };
        format!("{mark}{}", age_text(observed, live.now.get()))
    };
    let drill = d.status.filter(|s| *s != Status::Actual).map(|s| view! { <b class="drill">{s.title().to_uppercase()}</b> });
    let title = (!is_feed).then(|| {
        let severity = d.severity.map(|s| view! { <Mark severity=Signal::stored(s) />{format!("{} · ", if s == Severity::Unknown { "Severity not known" } else { s.word() })} });
        view! {
            <p class="tag">{severity}{d.kind.clone()}{drill}</p>
            {(!within).then(|| view! { <h2>{d.title.clone()}</h2> })}
        }
    });
    let measured = |m: &Measured| {
        let at = m.observed_at;
        view! { <dt>{m.title.clone()}</dt><dd class="num">{m.value.clone()}<span class="age">{shows(move || age_text(at, live.now.get()))}</span></dd> }
    };
    let field = |f: &Field| view! { <dt>{f.name.clone()}</dt><dd>{f.value.clone()}</dd> };
    let position = d.position.map(|p| view! { <dt>"Position"</dt><dd class="num">{format!("{:.5}, {:.5}", p.lat(), p.lon())}</dd> });
    let source = feed.map(|f| {
        view! {
            <dt>"Source"</dt><dd>{f.feed.title.to_string()}</dd>
            <dt>"Owner"</dt><dd>{f.feed.department.to_string()}</dd>
            <dt>"Licence"</dt><dd>{f.feed.licence.to_string()}</dd>
            <dt>"Access"</dt><dd>{f.feed.classification.to_string()}</dd>
        }
    });
    let received = d.received_at.clock(offset);
    let said = observed.map_or("not said by the source".to_owned(), |t| t.local(offset));
    let raw = (!d.raw.sha256.is_empty()).then(|| {
        let href = format!("/api/v1/raw/{}", d.raw.sha256);
        let size = if d.raw.size == 0 { "no longer kept".to_owned() } else { format!("{} bytes", d.raw.size) };
        let (from, to) = d.raw.span;
        view! {
            <details class="raw">
                <summary>"Raw record"</summary>
                <p class="num"><a href=href rel="external" download="">"The whole message"</a>{format!(" · {size} · this record: bytes {from} to {to}")}</p>
                <pre tabindex="0">{d.raw.record.clone()}</pre>
                <p class="hash num">{format!("SHA-256 {}", d.raw.sha256)}</p>
            </details>
        }
    });
    view! {
        {title}
        <dl class="facts">
            <dt>"Observed"</dt>
            <dd class="num">{said}<span class=says(move || format!("age {}", judged().token()))>{shows(age)}</span></dd>
            <dt>"Received"</dt>
            <dd class="num">{received}</dd>
            {d.readings.iter().map(measured).collect_view()}
            // A feed's own fields stand above already.
            {(!is_feed).then(|| d.fields.iter().map(field).collect_view())}
            {position.filter(|_| !is_feed)}
            {source}
        </dl>
        {raw}
    }
}

/// A feed's own state, known without asking.
#[component]
fn FeedFacts(id: Arc<str>) -> impl IntoView {
    let live = Live::get();
    let feed = kept(move || live.feeds.with(|f| f.iter().find(|f| f.feed.id.as_str() == &*id).cloned()));
    shows(move || {
        let Some(f) = feed.get() else { return view! { <h2>"There is no such feed"</h2> }.into_any() };
        let FeedView { feed, health: h, .. } = f;
        let promise = feed.promise;
        let (basis, good) = (h.basis(), h.last_good);
        let word = move || promise.judge(basis, live.now.get()).word();
        let good = move || good.map_or("never".to_owned(), |t| format!("{} ago", ago(t.age(live.now.get()))));
        let findings = h.findings.iter().map(|x| {
            view! {
                <li>
                    <b>{x.rule.to_string()}</b>
                    <span>{match x.severity {
                        crate::model::Judgement::Error => "error",
                        crate::model::Judgement::Warning => "warning",
                    }}</span>
                    <span>{x.message.to_string()}</span>
                    <small>{x.entity.to_string()}</small>
                </li>
            }
        });
        let shown = h.findings.len();
        let found = (h.finding_count > 0).then(|| {
            view! {
                <h3>{format!("Findings {}", h.finding_count)}</h3>
                <ul class="findings">{findings.collect_view()}</ul>
                {(h.finding_count as usize > shown).then(|| view! { <p class="empty">{format!("The first {shown} are shown.")}</p> })}
            }
        });
        let failure = h.failure.as_ref().map(|w| w.to_string()).unwrap_or_else(|| DASH.to_owned());
        view! {
            <p class="tag">{format!("Feed · {}", feed.format)}</p>
            <h2>{feed.title.to_string()}</h2>
            <dl class="facts">
                <dt>"State"</dt>
                <dd>{shows(move || format!("{}, {} old", word(), age_text(basis, live.now.get())))}</dd>
                <dt>"Last good"</dt>
                <dd class="num">{shows(good)}</dd>
                <dt>"Promised"</dt>
                <dd class="num">{format!("every {}, stale after {}", ago(promise.every), ago(promise.stale_after))}</dd>
                <dt>"Failure"</dt>
                <dd>{failure}{(h.failures > 0).then(|| format!(" ({} in a row)", h.failures))}</dd>
                <dt>"Messages"</dt>
                <dd class="num">{format!("{}; the last had {} reports, {} set aside", h.messages, h.reports, h.rejected)}</dd>
            </dl>
            {found}
        }
        .into_any()
    })
}
