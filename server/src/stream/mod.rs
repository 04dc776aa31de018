//! Stage 4: publish. One task owns the city ([`engine`]); what screens see is cut from it ([`publish`]) and encoded once for all
//! of them ([`frames`]). Knows ledger and rules; knows nothing of HTTP.

pub mod engine;
pub mod frames;
pub mod publish;
pub mod trend;

pub use engine::{Engine, Frozen, Handle, Input};
pub use frames::Frames;
