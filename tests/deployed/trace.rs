//! What `strace` wrote about a start: the files, the connections and the requests, up to the first question for an
//! event.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The request that ends a start.
const NEXT: &str = "GET /2018-06-01/runtime/invocation/next ";
/// Calls that name a file.
const OF_FILES: [&str; 13] = [
    "open",
    "openat",
    "openat2",
    "creat",
    "access",
    "faccessat",
    "faccessat2",
    "stat",
    "lstat",
    "newfstatat",
    "statx",
    "readlink",
    "readlinkat",
];
/// What opens a file for writing.
const WRITING: [&str; 4] = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"];

/// What a process asked of the kernel until it asked for its first event.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// How many calls there were.
    pub(crate) calls: usize,
    /// Files that were looked for, there or not.
    pub(crate) files: BTreeSet<String>,
    /// Files that were opened for writing.
    pub(crate) written: BTreeSet<String>,
    /// Addresses connected to, with how often.
    pub(crate) connections: BTreeMap<String, usize>,
    /// Methods and paths of HTTP requests, in order.
    pub(crate) requests: Vec<String>,
}

impl Trace {
    pub(crate) fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let mut trace = Self::default();
        for line in text.lines() {
            // A process id comes first; what was interrupted is continued on a line of its own.
            let Some((_, line)) = line.split_once(' ') else { continue };
            let line = line.trim_start();
            let Some((call, arguments)) = line.split_once('(').filter(|_| !line.starts_with(['+', '-', '<'])) else {
                continue;
            };
            trace.calls += 1;
            trace.note(call, arguments);
            if arguments.contains(NEXT) {
                return trace;
            }
        }
        panic!("the trace does not reach the first event:\n{text}");
    }

    fn note(&mut self, call: &str, arguments: &str) {
        if OF_FILES.contains(&call) {
            // An empty name stands for the open file that comes with it.
            if let Some(name) = quoted(arguments).filter(|name| !name.is_empty()) {
                self.files.insert(name.to_owned());
                if WRITING.iter().any(|flag| arguments.contains(flag)) {
                    self.written.insert(name.to_owned());
                }
            }
        }
        if call == "connect" {
            *self.connections.entry(address(arguments)).or_default() += 1;
        }
        if let Some(request) = request(arguments).filter(|_| call.starts_with("send") || call.starts_with("write")) {
            self.requests.push(request);
        }
    }
}

fn quoted(arguments: &str) -> Option<&str> {
    arguments.split('"').nth(1)
}

/// `127.0.0.1:80` of `{…, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}`; anything else as it is.
fn address(arguments: &str) -> String {
    let between = |start: &str, end: char| arguments.split_once(start)?.1.split(end).next();
    match (between("htons(", ')'), between("inet_addr(\"", '"')) {
        (Some(port), Some(host)) => format!("{host}:{port}"),
        _ => arguments.to_owned(),
    }
}

/// Method and path of a request that is written out.
fn request(arguments: &str) -> Option<String> {
    let head = quoted(arguments)?;
    let (request, _) = head.split_once(" HTTP/1.1")?;
    Some(request.to_owned())
}
