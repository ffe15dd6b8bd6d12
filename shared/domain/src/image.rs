//! Pictures that issuers send for their letterhead: PNG or JPEG, told by their content and never by their name.
//!
//! A picture that a typesetter cannot read would keep every invoice from being made, so it is looked through to its end
//! before it is taken: the chunks of a PNG with their check sums, the segments of a JPEG.

use crate::problem::Problem;

/// Most bytes of a logo.
pub const LOGO_LIMIT: usize = 200 * 1024;
/// Least width and height, in pixels.
const LEAST_SIDE: u32 = 16;
/// Most width and height, in pixels: at 300 dots per inch about 17 cm.
const MOST_SIDE: u32 = 2_000;

/// A kind of picture that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// Portable Network Graphics (ISO/IEC 15948).
    Png,
    /// JPEG (ISO/IEC 10918), grey or three colours.
    Jpeg,
}

impl ImageKind {
    /// Media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Ending of a file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// The kind that a file's name ends with.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg].into_iter().find(|kind| name.rsplit('.').next() == Some(kind.ending()))
    }
}

/// What a logo is, if it is one.
///
/// # Errors
/// [`Problem::Missing`], [`Problem::FileTooLarge`], [`Problem::NotAnImage`] or [`Problem::ImageSize`].
pub fn logo(bytes: &[u8]) -> Result<ImageKind, Problem> {
    if bytes.is_empty() {
        return Err(Problem::Missing);
    }
    if bytes.len() > LOGO_LIMIT {
        return Err(Problem::FileTooLarge { most_kilobytes: LOGO_LIMIT / 1024 });
    }
    let png = png_size(bytes).map(|size| (ImageKind::Png, size));
    let (kind, (width, height)) =
        png.or_else(|| jpeg_size(bytes).map(|size| (ImageKind::Jpeg, size))).ok_or(Problem::NotAnImage)?;
    let sides = LEAST_SIDE..=MOST_SIDE;
    if sides.contains(&width) && sides.contains(&height) {
        Ok(kind)
    } else {
        Err(Problem::ImageSize { least: LEAST_SIDE, most: MOST_SIDE })
    }
}

/// Width and height of a PNG whose chunks are whole.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let (mut size, mut has_data) = (None, false);
    // Each turn takes at least twelve bytes of a bounded file.
    loop {
        let length = usize::try_from(big_endian(rest.get(..4)?)).ok()?;
        let named = rest.get(4..length.checked_add(8)?)?;
        let sum = rest.get(length + 8..length + 12)?;
        if crc_32(named) != big_endian(sum) {
            return None;
        }
        let (name, data) = named.split_at_checked(4)?;
        match (name, size) {
            (b"IHDR", None) if data.len() == 13 => {
                size = Some((big_endian(data.get(..4)?), big_endian(data.get(4..8)?)));
            }
            // The head comes first, and once.
            (b"IHDR", _) | (_, None) => return None,
            (b"IDAT", _) => has_data = true,
            (b"IEND", size) => return size.filter(|_| has_data && rest.len() == length + 12),
            _ => {}
        }
        rest = rest.get(length + 12..)?;
    }
}

/// Width and height of a JPEG with a frame of one or three components, whose segments lead to its data and which has its end.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    const START_OF_SCAN: u8 = 0xda;
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    let mut size = None;
    loop {
        let marker = *rest.get(1).filter(|_| rest.first() == Some(&0xff))?;
        if marker == START_OF_SCAN {
            return size.filter(|_| bytes.ends_with(b"\xff\xd9"));
        }
        let length = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
        let segment = rest.get(4..length.checked_add(2)?)?;
        // Frames of Huffman coding: baseline, extended, progressive.
        if matches!(marker, 0xc0..=0xc2) {
            let components = *segment.get(5)?;
            let side =
                |from: usize| Some(u32::from(u16::from_be_bytes([*segment.get(from)?, *segment.get(from + 1)?])));
            size = Some((side(3)?, side(1)?)).filter(|_| matches!(components, 1 | 3));
        }
        rest = rest.get(length + 2..)?;
    }
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// The check sum of PNG (ISO 3309), bit by bit: a logo is small.
fn crc_32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let named = [&name[..], data].concat();
        let length = u32::try_from(data.len()).expect("short").to_be_bytes();
        [&length[..], &named, &crc_32(&named).to_be_bytes()].concat()
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &head), &chunk(b"IDAT", &[1, 2, 3]), &chunk(b"IEND", &[])].concat()
    }

    fn jpeg(width: u16, height: u16, components: u8) -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x0b\x08".to_vec();
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([components, 0, 0, 0]);
        bytes.extend(b"\xff\xda\x00\x02data\xff\xd9");
        bytes
    }

    #[test]
    fn the_check_sum_is_that_of_png() {
        // The empty last chunk ends every PNG with the same four bytes.
        assert_eq!(crc_32(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn logos_are_told_by_their_content() {
        let size = Problem::ImageSize { least: 16, most: 2_000 };
        let changed = |mut bytes: Vec<u8>, place: usize| {
            bytes[place] ^= 1;
            bytes
        };
        let cut = |bytes: Vec<u8>, less: usize| bytes[..bytes.len() - less].to_vec();
        for (name, bytes, expected) in [
            ("PNG", png(300, 100), Ok(ImageKind::Png)),
            ("largest PNG", png(2_000, 2_000), Ok(ImageKind::Png)),
            ("JPEG", jpeg(300, 100, 3), Ok(ImageKind::Jpeg)),
            ("grey JPEG", jpeg(16, 16, 1), Ok(ImageKind::Jpeg)),
            ("nothing", Vec::new(), Err(Problem::Missing)),
            ("too many bytes", vec![0; LOGO_LIMIT + 1], Err(Problem::FileTooLarge { most_kilobytes: 200 })),
            ("too wide", png(2_001, 100), Err(size.clone())),
            ("too low", jpeg(100, 15, 3), Err(size)),
            ("PNG with a wrong check sum", changed(png(300, 100), 20), Err(Problem::NotAnImage)),
            ("PNG that breaks off", cut(png(300, 100), 1), Err(Problem::NotAnImage)),
            ("PNG with something behind it", [png(300, 100), vec![0]].concat(), Err(Problem::NotAnImage)),
            (
                "PNG without a picture",
                [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IEND", &[])].concat(),
                Err(Problem::NotAnImage),
            ),
            ("JPEG that breaks off", cut(jpeg(300, 100, 3), 1), Err(Problem::NotAnImage)),
            ("JPEG for printing presses", jpeg(300, 100, 4), Err(Problem::NotAnImage)),
            ("start of a JPEG", b"\xff\xd8\xff".to_vec(), Err(Problem::NotAnImage)),
            ("GIF", b"GIF89a".to_vec(), Err(Problem::NotAnImage)),
            ("SVG", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), Err(Problem::NotAnImage)),
            ("a length beyond all", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR".to_vec(), Err(Problem::NotAnImage)),
        ] {
            assert_eq!(logo(&bytes), expected, "{name}");
        }
    }

    #[test]
    fn names_tell_the_kind_of_what_was_stored() {
        for (name, expected) in
            [("logos/1.png", Some(ImageKind::Png)), ("a.jpg", Some(ImageKind::Jpeg)), ("a.svg", None)]
        {
            assert_eq!(ImageKind::of_name(name), expected, "{name}");
        }
    }
}
