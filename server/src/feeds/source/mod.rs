//! Transports: where bytes come from. A source knows addresses, files and waiting; it knows no format.

pub mod file;
pub mod http;
pub mod replay;

use app::model::Time;
use bytes::Bytes;

/// A message a source brought.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its bytes, decompressed.
    pub bytes: Bytes,
    /// Set when it is a capture that is played, and not of now.
    pub capture: Option<Capture>,
    /// How long until the next one is due, where the source knows better than the configuration.
    pub next: Option<std::time::Duration>,
}

/// That a message is a capture being played.
#[derive(Clone, Copy, Debug)]
pub struct Capture {
    /// When it was taken, if the configuration says; else its content does.
    pub taken_at: Option<Time>,
}

/// How a poll ended.
#[derive(Clone, Debug)]
pub enum Polled {
    /// A message.
    Message(Message),
    /// Nothing new since the last one.
    Unchanged,
    /// Nothing could be had; why.
    Failed(String),
}

/// Something that is asked for messages.
#[async_trait::async_trait]
pub trait Source: Send {
    /// Asks once. Ends within the source's own time limit.
    async fn poll(&mut self) -> Polled;
    /// The last message was of no use: the next poll brings it again, though nothing changed.
    fn again(&mut self) {}
    /// Fetches a further message an index points at. Only sources with addresses can.
    async fn follow(&mut self, _link: &str) -> Result<Bytes, String> {
        Err("this source cannot follow links".into())
    }
}

/// The largest message, counted after decompression.
pub const MAX_BYTES: usize = 64 << 20;
