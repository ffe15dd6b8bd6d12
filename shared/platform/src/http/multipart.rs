//! Forms that send files (RFC 7578), within bounds.

use lambda_http::Request;

use super::{body_within, header};
use crate::error::Error;

/// Most parts of a form that are read.
const PARTS: usize = 20;
const MEDIA_TYPE: &str = "multipart/form-data";

/// A field of a form, or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name of the field.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Parts of a form, in the order sent; the limit is that of the whole body, in bytes.
///
/// # Errors
/// [`Error::TooLarge`], [`Error::UnsupportedMediaType`], or [`Error::Malformed`].
pub fn multipart(request: &Request, limit: usize) -> Result<Vec<Part>, Error> {
    let body = body_within(request, MEDIA_TYPE, limit)?;
    let boundary = boundary(header(request, "content-type").unwrap_or_default());
    let boundary = boundary.ok_or_else(|| Error::Malformed("a form without a boundary".to_owned()))?;
    parts(body, boundary).ok_or_else(|| Error::Malformed("a form whose parts do not end".to_owned()))
}

/// Value of a part that is text; empty if it was not sent.
#[must_use]
pub fn text<'a>(parts: &'a [Part], name: &str) -> &'a str {
    let part = parts.iter().find(|part| part.name == name);
    part.and_then(|part| std::str::from_utf8(&part.bytes).ok()).unwrap_or_default()
}

/// The boundary that a Content-Type names, of 1 to 70 characters (RFC 2046 § 5.1.1).
fn boundary(content_type: &str) -> Option<&str> {
    let parameter =
        |text: &'_ str| text.trim().split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("boundary")).is_some();
    let found = content_type.split(';').skip(1).find(|text| parameter(text))?;
    let value = found.trim().split_once('=')?.1.trim_matches('"');
    (1..=70).contains(&value.len()).then_some(value)
}

/// What lies between the boundaries; `None` if one is missing.
fn parts(body: &[u8], boundary: &str) -> Option<Vec<Part>> {
    let first = format!("--{boundary}");
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        if parts.len() == PARTS {
            return None;
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, delimiter.as_bytes())?;
        let (part, after) = rest.split_at_checked(end)?;
        parts.push(read(part)?);
        rest = after.get(delimiter.len()..)?;
    }
    Some(parts)
}

/// Head and content of a part, parted by an empty line.
fn read(part: &[u8]) -> Option<Part> {
    let end = find(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(part.get(..end)?).ok()?;
    let disposition = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let name = disposition.split(';').find_map(|parameter| parameter.trim().strip_prefix("name="))?;
    Some(Part { name: name.trim_matches('"').to_owned(), bytes: part.get(end + 4..)?.to_vec() })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\nt1\r\n\
        --x\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"a; name=b.png\"\r\nContent-Type: image/png\r\n\r\n\
        \r\n--y\r\n\r\n\r\n--x--\r\n";

    #[test]
    fn parts_are_read_to_the_byte() {
        let parts = parts(FORM.as_bytes(), "x").expect("a form");
        assert_eq!(text(&parts, "form_token"), "t1");
        assert_eq!(text(&parts, "nothing"), "");
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["form_token", "logo"]);
        assert_eq!(parts[1].bytes, b"\r\n--y\r\n\r\n");
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let many = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n".repeat(21) + "--x--";
        for (name, body) in [
            ("nothing", String::new()),
            ("another boundary", FORM.replace("--x", "--z")),
            ("no end", FORM.replace("--x--", "")),
            ("cut off", FORM[..60].to_owned()),
            ("no name", FORM.replace("name=", "called=")),
            ("no empty line", FORM.replace("\r\n\r\n", "\r\n")),
            ("too many", many),
        ] {
            assert_eq!(parts(body.as_bytes(), "x"), None, "{name}");
        }
    }

    #[test]
    fn boundaries() {
        let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
        for (text, expected) in [
            ("multipart/form-data; boundary=x", Some("x")),
            ("multipart/form-data; charset=utf-8; Boundary=\"a b\"", Some("a b")),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
            (long.as_str(), None),
        ] {
            assert_eq!(boundary(text), expected, "{text}");
        }
    }
}
