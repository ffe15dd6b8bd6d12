//! Files that survive being killed in the middle of a write.
//!
//! What is written here is small, so plain blocking calls are used: they cost microseconds, and the rename that
//! makes a write final is then done before the caller's reply goes out. Nothing is flushed to the disk itself: a
//! killed process loses nothing, a power cut may.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Ending of what is still being written; the dot in front keeps it out of [`names`].
const UNFINISHED: &str = ".part";

/// Tells two writers of the same path apart within this process.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// Makes `folder` if it is missing and clears away writes that an earlier process did not finish.
pub(crate) fn open_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Puts `bytes` at `path`: whoever reads it, now or after a kill, finds the old content or the new, never a part.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_then_rename(path, bytes, fs::OpenOptions::new().write(true).create_new(true))
}

/// As [`replace`], readable by the owner alone.
pub(crate) fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    write_then_rename(path, bytes, &options)
}

/// The content of `path`, or `None` if there is no such file.
pub(crate) fn read_if_present(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Names of the finished files in `folder` that end in `suffix`, without it and sorted.
pub(crate) fn names(folder: &Path, suffix: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if let Some(name) = name.strip_suffix(suffix).filter(|name| !name.starts_with('.')) {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn write_then_rename(path: &Path, bytes: &[u8], options: &fs::OpenOptions) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let write = WRITES.fetch_add(1, Ordering::Relaxed);
    // Beside its destination, because a rename is atomic only within one file system.
    let unfinished = path.with_file_name(format!(".{name}.{write}{UNFINISHED}"));
    let written = options
        .open(&unfinished)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        // The first error is the one to report; a leftover is cleared at the next start.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A folder of one test, gone when the test ends.
    pub(crate) struct Folder(std::path::PathBuf);

    impl Folder {
        /// Made empty; `name` is unique among this crate's tests.
        pub(crate) fn new(name: &str) -> io::Result<Folder> {
            let path = std::env::temp_dir().join(format!("einlass-{name}-{}", std::process::id()));
            fs::create_dir_all(&path)?;
            Ok(Folder(path))
        }

        pub(crate) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_replaced_file_is_whole_and_alone() -> io::Result<()> {
        let folder = Folder::new("files-replace")?;
        let path = folder.path().join("a.json");
        for content in ["one", "two, longer", ""] {
            replace(&path, content.as_bytes())?;
            assert_eq!(fs::read_to_string(&path)?, content);
        }
        assert_eq!(names(folder.path(), ".json")?, ["a"]);
        assert_eq!(fs::read_dir(folder.path())?.count(), 1, "nothing unfinished is left");
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_readable_by_its_owner_alone() -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("files-private")?;
        let path = folder.path().join("secrets.json");
        replace_private(&path, b"{}")?;
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
        Ok(())
    }
}
