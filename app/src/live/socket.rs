//! The browser's end of `/live`: connects, reads frames into [`Live`], notices silence, comes back.

use super::{Link, Live};
use crate::model::Time;
use crate::wire::{Down, Joiner, Unreadable};
use futures_util::{StreamExt, future::Either};
use gloo_net::websocket::{Message, futures::WebSocket};
use leptos::prelude::*;
use std::{cell::Cell, rc::Rc, time::Duration};

/// What this page knows of the stream: from which run of the server, up to which number, and how its clock stands to ours.
#[derive(Default)]
struct Cursor {
    epoch: Cell<u64>,
    seq: Cell<u64>,
    /// Server time minus this machine's, in ms.
    ahead: Cell<Option<i64>>,
    /// This machine's time of the last frame.
    heard: Cell<f64>,
    open: Cell<bool>,
}

/// Starts the clock and the endless connection.
pub fn start(live: Live) {
    let cursor = Rc::new(Cursor::default());
    cursor.heard.set(js_sys::Date::now());
    let ticking = cursor.clone();
    set_interval(move || tick(live, &ticking), Duration::from_secs(1));
    wasm_bindgen_futures::spawn_local(async move {
        let mut attempt = 0;
        loop {
            if listen(live, &cursor).await {
                attempt = 0;
            }
            cursor.open.set(false);
            live.link.maybe_update(|l| std::mem::replace(l, Link::Lost) != Link::Lost);
            sleep(Link::backoff(attempt, js_sys::Math::random())).await;
            attempt += 1;
        }
    });
}

// Once a second: the picture's clock moves, and silence is noticed.
fn tick(live: Live, cursor: &Cursor) {
    let local = js_sys::Date::now();
    if let Some(ahead) = cursor.ahead.get() {
        live.now.set(Time::from_millis(local as i64 + ahead));
    }
    if cursor.open.get() {
        let silence = Duration::from_millis((local - cursor.heard.get()).max(0.0) as u64);
        let link = Link::after_silence(silence);
        live.link.maybe_update(|l| std::mem::replace(l, link) != link);
    }
}

// One connection, until it ends. True when it ever delivered.
async fn listen(live: Live, cursor: &Cursor) -> bool {
    let Some(url) = address(cursor) else { return false };
    let Ok(mut socket) = WebSocket::open(&url) else { return false };
    let (mut delivered, mut joiner) = (false, Joiner::default());
    loop {
        let silence = std::pin::pin!(sleep(Link::DEAD_AFTER));
        let frame = match futures_util::future::select(socket.next(), silence).await {
            Either::Left((Some(Ok(Message::Bytes(piece))), _)) => match joiner.push(&piece) {
                Some(frame) => frame,
                None => continue,
            },
            Either::Left((Some(Ok(Message::Text(_))), _)) => continue,
            // Closed, failed, or silent for too long: what came before stays on screen, marked Lost.
            _ => return delivered,
        };
        match Down::decode(&frame) {
            Ok(down) => {
                if !take(live, cursor, down) {
                    return delivered;
                }
                delivered = true;
            }
            Err(Unreadable::Version) => {
                crate::rescue::reload_once("the server was updated");
                return false;
            }
            Err(Unreadable::Damaged) => {
                cursor.seq.set(0);
                return delivered;
            }
        }
    }
}

// Takes a frame in. False when numbers do not follow: the connection is dropped and starts from a whole picture.
fn take(live: Live, cursor: &Cursor, down: Down) -> bool {
    let (seq, at) = match down {
        Down::Snapshot { epoch, seq, at, picture } => {
            cursor.epoch.set(epoch);
            live.replace(picture);
            (seq, at)
        }
        Down::Delta { seq, at, changes } => {
            if seq != cursor.seq.get() + 1 {
                cursor.seq.set(0);
                return false;
            }
            live.apply(changes);
            (seq, at)
        }
        Down::Beat { seq, at } => (seq, at),
    };
    cursor.seq.set(seq);
    cursor.open.set(true);
    let local = js_sys::Date::now();
    cursor.heard.set(local);
    // The fastest frame tells the clocks' difference best; let it drift back slowly so that a corrected clock is followed.
    let seen = at.millis() - local as i64;
    cursor.ahead.set(Some(cursor.ahead.get().map_or(seen, |a| if seen > a { seen } else { a - (a - seen) / 50 })));
    live.heard_at.set(at);
    live.link.maybe_update(|l| std::mem::replace(l, Link::Live) != Link::Live);
    true
}

fn address(cursor: &Cursor) -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    let host = location.host().ok()?;
    let resume = match cursor.seq.get() {
        0 => String::new(),
        seq => format!("?epoch={}&seq={seq}", cursor.epoch.get()),
    };
    Some(format!("{scheme}://{host}/live{resume}"))
}

async fn sleep(time: Duration) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, time.as_millis() as i32);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
