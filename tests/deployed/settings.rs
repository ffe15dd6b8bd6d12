//! What a run is told by its environment.

use std::path::PathBuf;

use platform::config::Variables;

/// How large a package may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SizeLimits {
    /// What is released.
    Final,
    /// A build that was made quickly: only what Lambda itself refuses.
    Fast,
}

fn variable(name: &str) -> Option<String> {
    Variables::from_environment().optional(name)
}

/// The binary of a function, where `sam build` puts it.
pub(crate) fn bootstrap(id: &str) -> PathBuf {
    let folder = variable("EINLASS_BUILD").unwrap_or_else(|| panic!("EINLASS_BUILD must name the built functions"));
    let file = PathBuf::from(folder).join(id).join("bootstrap");
    assert!(file.is_file(), "not built: {}", file.display());
    std::path::absolute(file).unwrap()
}

/// The bare runtime.
pub(crate) fn bare() -> PathBuf {
    let file = variable("EINLASS_BARE").unwrap_or_else(|| panic!("EINLASS_BARE must name the bare runtime"));
    let file = PathBuf::from(file);
    assert!(file.is_file(), "not built: {}", file.display());
    std::path::absolute(file).unwrap()
}

pub(crate) fn size_limits() -> SizeLimits {
    match variable("EINLASS_SIZE_LIMITS").as_deref() {
        Some("final") => SizeLimits::Final,
        Some("fast") => SizeLimits::Fast,
        other => panic!("EINLASS_SIZE_LIMITS must be final or fast, not {other:?}"),
    }
}

/// Whether a part that cannot be run here is a failure.
pub(crate) fn is_strict() -> bool {
    variable("EINLASS_STRICT").as_deref() == Some("1")
}
