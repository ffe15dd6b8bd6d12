//! Public holidays of the German states.

/// A German state, or only what holds in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// The nine holidays of all states.
    Germany,
}
