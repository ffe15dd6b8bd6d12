//! The pages that show what is in the object store: invoices, badges, exports.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::page;

/// The list shows the newest; whoever looks for older ones opens the folder.
const SHOWN: usize = 1_000;

/// The documents in one bucket's folder.
#[derive(Clone)]
pub struct Documents {
    folder: Arc<Path>,
}

/// One stored object.
struct Document {
    key: String,
    bytes: u64,
    stored: SystemTime,
}

impl Documents {
    /// Shows what lies in `folder`, the folder of one bucket.
    #[must_use]
    pub fn new(folder: &Path) -> Documents {
        Documents { folder: Arc::from(folder) }
    }

    /// The pages below `/_local/documents`.
    pub fn pages(&self) -> Router {
        Router::new()
            .route("/_local/documents", get(list))
            .route("/_local/documents/{*key}", get(document))
            .with_state(self.clone())
    }
}

async fn list(State(documents): State<Documents>) -> Response {
    // Walking a folder waits for the disk, which an async thread should not.
    let found = tokio::task::spawn_blocking(move || find(&documents.folder)).await;
    match found.map_err(io::Error::other).flatten() {
        Ok(found) => page::answer(page::layout("Documents", list_body(&found))),
        Err(error) => failed(&error),
    }
}

fn list_body(documents: &[Document]) -> Markup {
    html! {
        div.bar {
            h1 { "Documents" }
            p.quiet.small { (documents.len()) @if documents.len() == 1 { " document" } @else { " documents" } }
        }
        @if documents.is_empty() {
            div.card { p.empty { "No documents yet. They appear when a month has been invoiced." } }
        } @else {
            ul.list.files.card {
                @for document in documents.iter().take(SHOWN) {
                    @let stored: DateTime<Utc> = document.stored.into();
                    li { a href=(address(&document.key)) {
                        span.what { (document.key) }
                        span.size { (page::size(document.bytes)) }
                        time datetime=(stored.to_rfc3339()) { (stored.format("%-d %b %Y, %H:%M UTC")) }
                    } }
                }
            }
            @if documents.len() > SHOWN { p.quiet.small { "Only the newest " (SHOWN) " are listed." } }
            p.quiet.small { "Times are those of this machine, not of the clock that can be moved." }
        }
    }
}

async fn document(State(documents): State<Documents>, UrlPath(key): UrlPath<String>) -> Response {
    let read = tokio::task::spawn_blocking(move || {
        let Some(path) = locate(&documents.folder, &key) else { return Ok(None) };
        let name = key.rsplit('/').next().unwrap_or_default().to_owned();
        fs::read(path).map(|bytes| Some((name, bytes)))
    });
    match read.await.map_err(io::Error::other).flatten() {
        Ok(Some((name, bytes))) => page::file(content_type(&name), &name, bytes),
        Ok(None) => page::missing("Documents", "There is no such document."),
        Err(error) => failed(&error),
    }
}

/// All documents, newest first.
fn find(folder: &Path) -> io::Result<Vec<Document>> {
    let mut documents = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current)? {
            let entry = entry?;
            let path = entry.path();
            // A link could lead out of the folder; the store itself makes none.
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file()
                && let Some(key) = path.strip_prefix(folder).ok().and_then(Path::to_str)
            {
                let metadata = entry.metadata()?;
                let stored = metadata.modified()?;
                documents.push(Document { key: key.to_owned(), bytes: metadata.len(), stored });
            }
        }
    }
    documents.sort_by(|one, other| other.stored.cmp(&one.stored).then_with(|| one.key.cmp(&other.key)));
    Ok(documents)
}

/// The file of `key`, or `None` if it is not a file inside `folder`.
fn locate(folder: &Path, key: &str) -> Option<PathBuf> {
    let inside = Path::new(key).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside || key.contains(['\\', '\0']) {
        return None;
    }
    // Resolved, because a link inside may point outside.
    let path = folder.join(key).canonicalize().ok()?;
    let folder = folder.canonicalize().ok()?;
    (path.starts_with(folder) && path.is_file()).then_some(path)
}

fn address(key: &str) -> String {
    let parts: Vec<String> = key.split('/').map(page::percent_encode).collect();
    format!("/_local/documents/{}", parts.join("/"))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("pdf") => "application/pdf",
        Some("xml") => "application/xml",
        Some("json") => "application/json",
        Some("csv") => "text/csv; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("ics") => "text/calendar; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("zip") => "application/zip",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

fn failed(error: &io::Error) -> Response {
    tracing::error!(%error, "the documents could not be read");
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::tests::Folder;

    #[test]
    fn only_files_inside_the_folder_are_found() -> io::Result<()> {
        let folder = Folder::new("documents-inside")?;
        let bucket = folder.path().join("documents");
        fs::create_dir_all(bucket.join("a/2026"))?;
        fs::write(bucket.join("a/2026/Rechnung 1.pdf"), "%PDF")?;
        fs::write(folder.path().join("secrets.json"), "{}")?;
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secrets.json"), bucket.join("link.json"))?;

        assert!(locate(&bucket, "a/2026/Rechnung 1.pdf").is_some());
        for key in [
            "",
            ".",
            "..",
            "../secrets.json",
            "a/../../secrets.json",
            "a/2026/../../../secrets.json",
            "/etc/passwd",
            "//etc/passwd",
            "a\\..\\..\\secrets.json",
            "a/2026",
            "a/2026/missing.pdf",
            "a/2026/Rechnung 1.pdf\0",
            "link.json",
        ] {
            assert_eq!(locate(&bucket, key), None, "{key:?}");
        }
        let keys: Vec<String> = find(&bucket)?.into_iter().map(|document| document.key).collect();
        assert_eq!(keys, ["a/2026/Rechnung 1.pdf"], "a link is not listed");
        assert_eq!(address(&keys[0]), "/_local/documents/a/2026/Rechnung%201.pdf");
        Ok(())
    }
}
