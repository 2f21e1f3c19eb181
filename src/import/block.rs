//! The neutral form of any foreign document: headings, paragraphs, list items and table grids, in
//! reading order, each with the place where it stands in the original.
//!
//! Readers make these, one file a format; nothing here knows a form, a section or an agency.

use std::collections::BTreeMap;

use super::grid::Grid;
use super::lines::TextLine;

/// Where something stands in the original, in the unit that its format has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Place {
    /// The format says nothing of places.
    #[default]
    Unknown,
    /// A page, from 1 (PDF).
    Page(u32),
    /// A line, from 1 (text, Markdown, CSV).
    Line(u32),
    /// A paragraph, from 1 (Word, HTML).
    Paragraph(u32),
    /// A row of a sheet, from 1 (spreadsheets).
    Row(u32),
}

/// Text of one style.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The text; `\n` is a line break inside the paragraph.
    pub text: String,
    /// Set in bold.
    pub strong: bool,
    /// Set in italics.
    pub emphasis: bool,
    /// The address that the text links to.
    pub link: Option<String>,
    /// The text is Markdown already and is kept as it is.
    pub raw: bool,
}

impl Run {
    /// Unstyled text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn styled_as(&self, other: &Self) -> bool {
        self.strong == other.strong && self.emphasis == other.emphasis && self.link == other.link && self.raw == other.raw
    }
}

/// Runs in reading order; neighbours of one style are joined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Runs(pub Vec<Run>);

impl Runs {
    /// Unstyled text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Run::plain(text)])
    }

    /// Appends a run, joining it to the last one where the style is the same.
    pub fn push(&mut self, run: Run) {
        if run.text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.styled_as(&run) => last.text.push_str(&run.text),
            _ => self.0.push(run),
        }
    }

    /// The text alone.
    pub fn text(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }

    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|run| run.text.chars().all(is_blank_char))
    }

    /// Whether every visible character is bold: the way plain paragraphs are made to look like heads.
    pub fn all_strong(&self) -> bool {
        !self.is_blank() && self.0.iter().all(|run| run.strong || run.text.chars().all(is_blank_char))
    }
}

/// Raised digits as characters of their own: the 2 of m², the mark of a footnote.
pub(crate) fn raised(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).and_then(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize)).unwrap_or(c)).collect()
}

/// White space of any width, and marks that show nothing.
pub(crate) fn is_blank_char(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{7}')
}

/// One piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading that the format marks as one.
    Heading {
        /// Depth, 1 the highest.
        level: u8,
        /// The words.
        runs: Runs,
        /// Where it stands.
        place: Place,
    },
    /// A paragraph.
    Paragraph {
        /// The words.
        runs: Runs,
        /// Where it stands.
        place: Place,
    },
    /// An item of a list.
    ListItem {
        /// What stands before the item: "1.", "（一）", or nothing for a bullet.
        marker: String,
        /// Nesting, 0 the outermost.
        depth: u8,
        /// The words.
        runs: Runs,
        /// Where it stands.
        place: Place,
    },
    /// A table.
    Table(Grid),
    /// Lines of set text, of which tables and paragraphs are still to be made.
    Lines(Vec<TextLine>),
}

impl Block {
    /// A plain paragraph.
    pub fn paragraph(text: impl Into<String>, place: Place) -> Self {
        Self::Paragraph { runs: Runs::plain(text), place }
    }

    /// Where the block stands.
    pub fn place(&self) -> Place {
        match self {
            Self::Heading { place, .. } | Self::Paragraph { place, .. } | Self::ListItem { place, .. } => *place,
            Self::Table(grid) => grid.place,
            Self::Lines(lines) => lines.first().map_or(Place::Unknown, |line| line.place),
        }
    }

    /// All text of the block, in reading order.
    pub fn text(&self) -> String {
        match self {
            Self::Heading { runs, .. } | Self::Paragraph { runs, .. } => runs.text(),
            Self::ListItem { marker, runs, .. } => format!("{marker}{}", runs.text()),
            Self::Table(grid) => grid.text(),
            Self::Lines(lines) => lines.iter().map(TextLine::text).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// Something that a reader passed over and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// The words concerned, as they stood; empty where there are none.
    pub text: String,
    /// Where it stood.
    pub place: Place,
}

/// Kinds of things that readers pass over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoteKind {
    /// A picture: its content cannot become text.
    Picture,
    /// A running head, running foot or page number.
    RunningHead,
    /// A deletion among tracked changes, taken as accepted.
    Deleted,
    /// A comment in the margin.
    Comment,
    /// Text formatted as hidden.
    Hidden,
    /// Text with a line through it.
    Struck,
    /// Undecodable bytes were replaced.
    Undecodable,
    /// A part of the file that could not be read (a damaged page, a missing part).
    Unread,
    /// The name of a sheet or another label of the container.
    Label,
}

/// What a reader makes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The content, in reading order.
    pub blocks: Vec<Block>,
    /// What the file says of itself: HTML meta tags by lower-case name.
    pub meta: BTreeMap<String, String>,
    /// What was passed over.
    pub notes: Vec<Note>,
}

impl Document {
    /// Adds a note.
    pub fn note(&mut self, kind: NoteKind, text: impl Into<String>, place: Place) {
        self.notes.push(Note { kind, text: text.into(), place });
    }

    /// All tables.
    pub fn grids(&self) -> impl Iterator<Item = &Grid> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(grid) => Some(grid),
            _ => None,
        })
    }
}
