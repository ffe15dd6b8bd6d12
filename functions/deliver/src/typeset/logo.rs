//! The issuer's logo.

use typst::foundations::Bytes;

/// A logo as PNG or JPEG.
#[derive(Clone, Debug)]
pub struct Logo {
    file_name: &'static str,
    bytes: Bytes,
}

impl Logo {
    pub(super) const PNG: &str = "logo.png";
    pub(super) const JPEG: &str = "logo.jpg";

    /// A file that begins like one of both; `None` for anything else.
    #[must_use]
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let file_name = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', ..] => Self::PNG,
            [0xff, 0xd8, 0xff, ..] => Self::JPEG,
            _ => return None,
        };
        Some(Self { file_name, bytes: Bytes::new(bytes) })
    }

    /// The name the template finds it by, which tells its format.
    #[must_use]
    pub(super) const fn file_name(&self) -> &'static str {
        self.file_name
    }

    pub(super) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}
