//! Word documents (.docx of Word, WPS and LibreOffice) → blocks.
//!
//! Steps: unpack the parts that matter under a cap, parse each to a tree, resolve styles and
//! numbering, then walk the body. Tracked changes are taken as accepted; hidden text, comments and
//! running heads are noted, not imported. Tables keep their spans; nested ones are settled in
//! [`super::nest`].

mod body;
mod numbering;
mod parts;
mod styles;
mod table;

use super::block::{Document, NoteKind, Place};
use super::fault::{Fault, Format};
use super::package::Package;
use super::xml::{Element, Tree};

use body::Walk;
use numbering::Numbering;
use parts::Parts;
use styles::Styles;

/// Reads a .docx.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, Fault> {
    let mut package = Package::open(bytes, Format::Docx)?;
    let parts = Parts::load(&mut package)?;
    let main = Tree::parse(&parts.document, Format::Docx)?;
    let styles = parse(&parts.styles)?;
    let numbers = parse(&parts.numbering)?;
    let mut walk = Walk::new(Styles::read(styles.as_ref()), Numbering::read(numbers.as_ref()), &parts);
    walk.footnotes = footnotes(&parts)?;
    let body = main.top().find("body").ok_or_else(|| Fault::damaged(Format::Docx, "no w:body"))?;
    let blocks = walk.blocks(body)?;
    let mut document = Document { blocks, notes: walk.notes, ..Document::default() };
    note_margins(&parts, &mut document)?;
    Ok(document)
}

fn parse(part: &Option<String>) -> Result<Option<Tree<'_>>, Fault> {
    part.as_deref().map(|source| Tree::parse(source, Format::Docx)).transpose()
}

/// Footnotes by id, so that they can stand in the text where they are referred to.
fn footnotes(parts: &Parts) -> Result<Vec<(String, String)>, Fault> {
    let mut notes = Vec::new();
    for source in &parts.footnotes {
        let tree = Tree::parse(source, Format::Docx)?;
        let found = tree.top().descendants().filter(|e| matches!(e.name(), "footnote" | "endnote"));
        notes.extend(found.filter_map(|note| Some((note.attribute("id")?, plain_text(note).trim().to_owned()))));
    }
    Ok(notes)
}

/// Running heads and comments are no part of the report, but they are said.
fn note_margins(parts: &Parts, document: &mut Document) -> Result<(), Fault> {
    for (kind, sources) in [(NoteKind::RunningHead, &parts.margins), (NoteKind::Comment, &parts.comments)] {
        for source in sources {
            let tree = Tree::parse(source, Format::Docx)?;
            let text = plain_text(tree.top()).trim().to_owned();
            if text.chars().any(char::is_alphabetic) {
                document.note(kind, text, Place::Unknown);
            }
        }
    }
    Ok(())
}

/// All text of a part, paragraphs apart by line feeds.
fn plain_text(element: Element<'_>) -> String {
    let mut text = String::new();
    for inner in element.descendants() {
        match inner.name() {
            "t" => text.push_str(&inner.own_text()),
            "p" if !text.is_empty() => text.push('\n'),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests;
