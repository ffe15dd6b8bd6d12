//! Binding offers (O1): items, prices and a delivery date; accepted, delivered and invoiced.

pub mod policy;
