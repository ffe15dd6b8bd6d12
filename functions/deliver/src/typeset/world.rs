//! What the typesetter may see: three files of a template, one JSON file, two fonts, one logo. No disk, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::layout::Abs;
use typst::syntax::{DiagSpan, FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

use super::{Logo, TypesetError};

/// The files of the template, the one that the others belong to first.
const TEMPLATE: [(&str, &str); 3] = [
    ("invoice.typ", include_str!("../../assets/invoice.typ")),
    ("parts.typ", include_str!("../../assets/parts.typ")),
    ("usage.typ", include_str!("../../assets/usage.typ")),
];
/// Liberation Sans 2.1.5, SIL Open Font License 1.1; the licence lies beside the files.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf"),
    include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf"),
];

/// Which of the fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// What every invoice shares, built once in a process.
pub(super) struct Setup {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    faces: Vec<FontInstance>,
    template: Source,
    parts: Vec<Source>,
    data_id: FileId,
    logo_ids: [FileId; 2],
}

impl Setup {
    /// The one instance.
    pub(super) fn shared() -> Result<&'static Self, TypesetError> {
        static SHARED: LazyLock<Result<Setup, String>> = LazyLock::new(Setup::build);
        SHARED.as_ref().map_err(|message| TypesetError::Setup(message.clone()))
    }

    /// Whether every font has a glyph for the character.
    pub(super) fn can_print(&self, character: char) -> bool {
        self.fonts.iter().all(|font| font.info().coverage.contains(character.into()))
    }

    /// How wide a text is at most when it is set in a line, in micrometres. Kerning is left out; what it may add is in the
    /// allowance of two in a hundred.
    pub(super) fn width(&self, text: &str, weight: Weight, tenths_of_a_point: u64) -> u64 {
        let Some(face) = self.faces.get(weight as usize).map(FontInstance::ttf) else { return u64::MAX };
        let em = u64::from(face.units_per_em());
        let advance = |character| face.glyph_index(character).and_then(|glyph| face.glyph_hor_advance(glyph));
        let units: u64 = text.chars().map(|character| advance(character).map_or(em, u64::from)).sum();
        // A point is 352.778 µm.
        units * tenths_of_a_point * 352_778 * 102 / (em * 10 * 1_000 * 100)
    }

    fn build() -> Result<Self, String> {
        let fonts = FONTS
            .iter()
            .map(|data| Font::new(Bytes::new(*data), 0).ok_or("a font file is damaged"))
            .collect::<Result<Vec<_>, _>>()?;
        let sources = TEMPLATE.map(|(name, text)| Ok::<_, String>(Source::new(file_id(name)?, text.to_owned())));
        let mut sources = sources.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter();
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            faces: fonts.iter().cloned().map(face).collect(),
            fonts,
            template: sources.next().ok_or("there is no template")?,
            parts: sources.collect(),
            data_id: file_id("invoice.json")?,
            logo_ids: [file_id(Logo::PNG)?, file_id(Logo::JPEG)?],
        })
    }
}

/// A font at the shape it is set in.
fn face(font: Font) -> FontInstance {
    font.instantiate(FontVariant::default(), Abs::zero(), &FontVariations::default())
}

fn file_id(name: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(name).map_err(|error| format!("{name}: {error}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The world of one invoice.
pub(super) struct InvoiceWorld {
    setup: &'static Setup,
    data: Bytes,
    logo: Option<Logo>,
}

impl InvoiceWorld {
    /// A world in which `invoice.json` has this content.
    pub(super) fn new(setup: &'static Setup, data: Vec<u8>, logo: Option<Logo>) -> Self {
        Self { setup, data: Bytes::new(data), logo }
    }

    /// The line of its file of the template that the span points to, counted from one.
    pub(super) fn line_of(&self, span: DiagSpan) -> Option<usize> {
        let source = self.source(span.id()?).ok()?;
        let line = source.lines().byte_to_line(self.range(span)?.start)?;
        Some(line + 1)
    }
}

impl World for InvoiceWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.setup.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.setup.book
    }

    fn main(&self) -> FileId {
        self.setup.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let sources = std::iter::once(&self.setup.template).chain(&self.setup.parts);
        sources.into_iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match &self.logo {
            _ if id == self.setup.data_id => Ok(self.data.clone()),
            Some(logo) if self.setup.logo_ids.contains(&id) => Ok(logo.bytes()),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.setup.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
