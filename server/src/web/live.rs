//! The browser's socket. A client is a cursor into the shared frames: it is written at most once a tick, holds no queue, and
//! one that reads too slowly gets a fresh picture instead of what it missed.

use super::Web;
use crate::stream::{
    engine::BEAT,
    frames::{Frame, Next, cut},
};
use app::wire::Down;
use axum::{
    extract::{
        Query, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use serde::Deserialize;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep_until, timeout};

/// A client that takes nothing for so long is gone.
const STUCK: Duration = Duration::from_secs(60);
/// The largest message a client may send; it has nothing to say but that it lives.
const MAX_INBOUND: usize = 4 << 10;
/// A silent client is asked this often whether it lives.
const PING: Duration = Duration::from_secs(30);

/// From where a client resumes.
#[derive(Debug, Default, Deserialize)]
pub struct Resume {
    epoch: Option<u64>,
    seq: Option<u64>,
}

/// `GET /live`.
pub async fn upgrade(ws: WebSocketUpgrade, Query(resume): Query<Resume>, State(web): State<Web>) -> Response {
    // Small buffers: the library's own would cost 128 KiB a client.
    ws.read_buffer_size(4 << 10)
        .write_buffer_size(0)
        .max_write_buffer_size(64 << 10)
        .max_message_size(MAX_INBOUND)
        .max_frame_size(MAX_INBOUND)
        .on_upgrade(move |socket| serve(socket, web, resume))
}

struct Counted(Arc<AtomicUsize>);
impl Counted {
    fn new(count: Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}
impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn serve(mut socket: WebSocket, web: Web, resume: Resume) {
    let _counted = Counted::new(web.clients.clone());
    let frames = web.engine.frames.clone();
    let mut latest = frames.watch();
    let mut cursor = match resume {
        Resume { epoch: Some(epoch), seq: Some(seq) } if epoch == frames.epoch => Some(seq),
        _ => None,
    };
    let mut beat = Instant::now() + BEAT;
    let mut heard = Instant::now();
    let mut pinged = heard;
    // A client that resumes hears at once that the line stands, even when nothing changed.
    if let Some(seq) = cursor
        && send(&mut socket, &cut(&Down::Beat { seq, at: web.clock.now() })).await.is_err()
    {
        return;
    }
    loop {
        latest.mark_unchanged();
        let next = match cursor {
            Some(seq) => frames.after(seq),
            None => Next::Snapshot,
        };
        let sent = match next {
            Next::Frames(list, end) => {
                for frame in &list {
                    if send(&mut socket, frame).await.is_err() {
                        return;
                    }
                }
                cursor = Some(end);
                !list.is_empty()
            }
            Next::Snapshot => {
                let (seq, frame) = frames.snapshot(&web.engine.frozen());
                if send(&mut socket, &frame).await.is_err() {
                    return;
                }
                cursor = Some(seq);
                true
            }
        };
        if sent {
            beat = Instant::now() + BEAT;
        }
        tokio::select! {
            changed = latest.changed() => if changed.is_err() { return },
            () = frames.ended.cancelled() => return,
            () = sleep_until(beat) => {
                let seq = cursor.unwrap_or(0);
                if send(&mut socket, &cut(&Down::Beat { seq, at: web.clock.now() })).await.is_err() {
                    return;
                }
                beat = Instant::now() + BEAT;
                if heard.elapsed() > PING * 3 {
                    return;
                }
                if pinged.elapsed() > PING {
                    pinged = Instant::now();
                    let ping = socket.send(Message::Ping(bytes::Bytes::new()));
                    if !matches!(timeout(STUCK, ping).await, Ok(Ok(()))) {
                        return;
                    }
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => heard = Instant::now(),
            },
        }
    }
}

async fn send(socket: &mut WebSocket, frame: &Frame) -> Result<(), ()> {
    for piece in frame.iter() {
        let sending = socket.send(Message::Binary(piece.clone()));
        timeout(STUCK, sending).await.map_err(|_| ())?.map_err(|_| ())?;
    }
    Ok(())
}
