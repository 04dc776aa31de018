//! Stage 1: collect and normalise. [`source`] moves bytes and knows no format; [`format`] reads bytes and knows no I/O;
//! [`intake`] joins the two, one task a feed, so that a feed can fail and nothing else does.

pub mod format;
pub mod intake;
pub mod source;
