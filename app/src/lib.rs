//! Vedetta's shared half: the nouns, the wire, and everything on screen.
pub mod model;
