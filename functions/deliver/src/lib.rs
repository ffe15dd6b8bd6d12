//! Stub.
pub mod typeset;
