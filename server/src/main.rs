//! The `vedetta` binary.
fn main() {}
