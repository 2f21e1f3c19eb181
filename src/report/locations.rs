//! Where in the file the parts of a report stand, for findings about them.

use crate::diagnostic::Place;
use crate::form::Form;
use crate::text::Span;

/// The places of cells and keys in one file. Made when a file is read; the archive does not keep it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locations {
    /// The first line of the front matter: where what is absent is missed.
    pub front: Span,
    /// Each cell's place, in the form's order.
    pub cells: Vec<Span>,
    /// Keys of the front matter and their values' places.
    pub keys: Vec<(String, Span)>,
}

impl Locations {
    /// The byte range of a place; what has none of its own is missed at the front matter's first line.
    pub fn resolve(&self, place: &Place, form: &Form) -> Span {
        let found = match place {
            Place::Span(span) => Some(span.clone()),
            Place::Cell(key) => form.cell(key).and_then(|cell| self.cells.get(cell.index()).cloned()),
            Place::Key(key) => self.key(key),
            Place::File => None,
        };
        found.unwrap_or_else(|| self.front.clone())
    }

    /// The place of a key's value.
    pub fn key(&self, name: &str) -> Option<Span> {
        self.keys.iter().find(|(key, _)| key == name).map(|(_, span)| span.clone())
    }
}
