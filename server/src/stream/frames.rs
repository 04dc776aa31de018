//! The last few frames, encoded once, shared by every client.
//!
//! A client is only a cursor into this ring: there is no queue a client could fill. One that reads too slowly falls off the end
//! of the ring and gets a fresh snapshot instead.

use super::Frozen;
use app::wire::{Down, pieces};
use bytes::Bytes;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A frame in the pieces it travels in.
pub type Frame = Arc<[Bytes]>;

/// So many frames can be caught up on.
const KEPT: usize = 256;
/// And no more bytes than this: beyond it a snapshot is cheaper.
const KEPT_BYTES: usize = 4 << 20;

/// The ring.
pub struct Frames {
    /// This run's mark: numbers of another run mean nothing.
    pub epoch: u64,
    /// Over when the engine is: no frame will follow, and nobody may be told that the server lives.
    pub ended: CancellationToken,
    ring: Mutex<Ring>,
    latest: watch::Sender<u64>,
}

#[derive(Default)]
struct Ring {
    // The number of the first frame in `frames`.
    first: u64,
    frames: VecDeque<Frame>,
    bytes: usize,
    // The whole picture, encoded on demand and kept until the next change.
    snapshot: Option<(u64, Frame)>,
}

/// What a client at some number needs next.
pub enum Next {
    /// These frames, in order; none when it is up to date.
    Frames(Vec<Frame>, u64),
    /// It is too far behind, or of another run.
    Snapshot,
}

impl Frames {
    /// An empty ring that continues after `seq`.
    pub fn new(epoch: u64, seq: u64) -> Self {
        Self {
            epoch,
            ended: CancellationToken::new(),
            ring: Mutex::new(Ring { first: seq + 1, ..Ring::default() }),
            latest: watch::Sender::new(seq),
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // Nothing under this lock can panic half-way; if it ever did, the ring is still a ring.
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the frame of number `seq`, one more than the last.
    pub fn push(&self, seq: u64, down: &Down) {
        let frame = cut(down);
        let size: usize = frame.iter().map(Bytes::len).sum();
        {
            let mut ring = self.ring();
            ring.frames.push_back(frame);
            ring.bytes += size;
            ring.snapshot = None;
            while ring.frames.len() > KEPT || (ring.bytes > KEPT_BYTES && ring.frames.len() > 1) {
                if let Some(old) = ring.frames.pop_front() {
                    ring.bytes -= old.iter().map(Bytes::len).sum::<usize>();
                    ring.first += 1;
                }
            }
        }
        self.latest.send_replace(seq);
    }

    /// What a client that has everything up to `seq` needs.
    pub fn after(&self, seq: u64) -> Next {
        let ring = self.ring();
        let end = ring.first + ring.frames.len() as u64;
        if seq == end {
            // The picture of number `end` is frozen and its frame about to be pushed: nothing to send yet.
            return Next::Frames(Vec::new(), seq);
        }
        match (seq + 1).checked_sub(ring.first) {
            Some(skip) if seq < end => Next::Frames(ring.frames.iter().skip(skip as usize).cloned().collect(), end - 1),
            _ => Next::Snapshot,
        }
    }

    /// The whole picture as a frame, with its number; encoded once for all who ask between two changes.
    pub fn snapshot(&self, frozen: &Frozen) -> (u64, Frame) {
        if let Some((seq, frame)) = &self.ring().snapshot
            && *seq == frozen.seq
        {
            return (*seq, frame.clone());
        }
        let frame = cut(&Down::Snapshot { epoch: self.epoch, seq: frozen.seq, at: frozen.at, picture: frozen.picture.clone() });
        self.ring().snapshot = Some((frozen.seq, frame.clone()));
        (frozen.seq, frame)
    }

    /// Wakes at every new number.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }
}

/// Encodes and cuts a message.
pub fn cut(down: &Down) -> Frame {
    pieces(&down.encode()).map(Bytes::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::model::Time;

    #[test]
    fn a_cursor_gets_what_follows_or_a_snapshot() {
        let frames = Frames::new(1, 10);
        for seq in 11..=11 + KEPT as u64 + 5 {
            frames.push(seq, &Down::Beat { seq, at: Time::default() });
        }
        let last = 11 + KEPT as u64 + 5;
        assert!(matches!(frames.after(last), Next::Frames(f, n) if f.is_empty() && n == last));
        assert!(matches!(frames.after(last - 3), Next::Frames(f, n) if f.len() == 3 && n == last));
        assert!(matches!(frames.after(10), Next::Snapshot), "fell off the ring");
        assert!(matches!(frames.after(last + 2), Next::Snapshot), "from the future: another run");
    }
}
