//! Stage 1: collect and normalise. `source` moves bytes and knows no format; `format` reads bytes and knows no I/O.
pub mod format;
