//! Tests of the whole system; nothing to link.
