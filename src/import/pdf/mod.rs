//! PDFs with text → ruled tables as grids, all else as lines.
//!
//! Steps: refuse encrypted, cut and scanned files; read characters and rules page by page; find ruled
//! tables ([`lattice`]); group what is outside them into lines; note page numbers and running heads.
//! Tables that go on over a page stay separate grids here: the placer reads all rows as one sequence.

mod glyphs;
mod lattice;
mod running;
mod strike;

use pdfni::{PagePart, ReaderSettings, read_pages_with};

use super::block::{Block, Document, NoteKind, Place};
use super::fault::{Fault, Format, Measure};
use super::grid::{Grid, GridBuilder, GridCell};
use super::lines::TextLine;

pub(crate) use glyphs::plain;
use glyphs::{em, lines_of, text_line};
use lattice::RuledTable;
pub(crate) use running::{is_page_number, page_offset, pattern, repeated};

const MAX_PAGES: usize = 400;
const MAX_GLYPHS: usize = 1_500_000;

/// Reads a PDF.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, Fault> {
    check_end(bytes)?;
    let settings = ReaderSettings { max_decoded_bytes: 96 << 20, ..ReaderSettings::default() };
    let pages = read_pages_with(bytes, None, &settings).map_err(|error| match error {
        pdfni::Error::BadPassword | pdfni::Error::SecurityRestricted => Fault::Encrypted(Format::Pdf),
        other => Fault::damaged(Format::Pdf, other),
    })?;
    check_size(&pages)?;
    let mut document = Document::default();
    let pages: Vec<PagePart> = (1..).zip(pages).map(|(at, page)| without_struck(page, at, &mut document)).collect();
    let pieces: Vec<Vec<Piece>> = pages.iter().enumerate().map(|(at, page)| page_pieces(page, at + 1)).collect();
    note_gaps(&pages, &mut document);
    document.blocks = blocks(running::without(pieces, &mut document))?;
    Ok(document)
}

/// A PDF ends with `%%EOF`; one that was not downloaded to its end does not.
fn check_end(bytes: &[u8]) -> Result<(), Fault> {
    let tail = &bytes[bytes.len().saturating_sub(8 << 10)..];
    let ends = tail.windows(5).any(|window| window == b"%%EOF");
    if ends { Ok(()) } else { Err(Fault::damaged(Format::Pdf, "no %%EOF")) }
}

fn check_size(pages: &[PagePart]) -> Result<(), Fault> {
    if pages.len() > MAX_PAGES {
        return Err(Fault::TooLarge { what: Measure::Pages, limit: MAX_PAGES as u64 });
    }
    let glyphs: usize = pages.iter().map(|page| page.glyphs.len()).sum();
    if glyphs > MAX_GLYPHS {
        return Err(Fault::TooLarge { what: Measure::Elements, limit: MAX_GLYPHS as u64 });
    }
    if glyphs < 10 * pages.len().min(3) {
        return Err(Fault::NoTextLayer { pages: pages.len() });
    }
    Ok(())
}

fn without_struck(page: PagePart, number: u32, document: &mut Document) -> PagePart {
    let (page, struck) = strike::without_struck(page);
    if !struck.trim().is_empty() {
        document.note(NoteKind::Struck, struck, Place::Page(number));
    }
    page
}

/// Pages without text among pages with text are pictures; text set askew is a watermark.
fn note_gaps(pages: &[PagePart], document: &mut Document) {
    for (index, page) in pages.iter().enumerate() {
        let place = Place::Page(number(index + 1));
        if page.glyphs.is_empty() {
            document.note(NoteKind::Unread, "", place);
        }
        let askew: String = page.glyphs.iter().filter(|glyph| !glyph.upright).map(|glyph| glyph.ch).collect();
        if !askew.trim().is_empty() {
            document.note(NoteKind::RunningHead, askew.trim(), place);
        }
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What stands on a page, from top to bottom.
enum Piece {
    Line(TextLine),
    Table(RuledTable, Place),
}

fn page_pieces(page: &PagePart, page_number: usize) -> Vec<Piece> {
    let place = Place::Page(number(page_number));
    let tables = lattice::tables(&page.edges, &page.glyphs);
    let outside = page.glyphs.iter().filter(|glyph| {
        let (x, y) = ((glyph.left + glyph.right) / 2.0, (glyph.top + glyph.bottom) / 2.0);
        glyph.upright && !tables.iter().any(|t| x >= t.left && x < t.right && y >= t.top && y < t.bottom)
    });
    let lines = lines_of(outside);
    let size = body_size(page);
    let origin = lines.iter().filter_map(|line| line.glyphs.first()).map(|g| g.left).fold(f64::INFINITY, f64::min);
    let mut pieces: Vec<(f64, Piece)> = tables.into_iter().map(|table| (table.top, Piece::Table(table, place))).collect();
    let mut above: Option<f64> = None;
    let usual = usual_pitch(&lines, size);
    for line in &lines {
        let gap = above.map_or(0.0, |bottom| ((line.top - bottom) - usual) / size);
        above = Some(line.bottom);
        let text = TextLine { gap: gap as f32, place, ..text_line(line, size, origin) };
        pieces.push((line.top, Piece::Line(text)));
    }
    pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
    pieces.into_iter().map(|(_, piece)| piece).collect()
}

/// The commonest font size of a page.
fn body_size(page: &PagePart) -> f64 {
    let mut sizes: Vec<f64> = page.glyphs.iter().map(em).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(12.0)
}

/// The usual white space between two lines.
fn usual_pitch(lines: &[glyphs::GlyphLine<'_>], size: f64) -> f64 {
    let mut gaps: Vec<f64> = lines.windows(2).map(|pair| pair[1].top - pair[0].bottom).filter(|gap| *gap < size * 2.5).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or(0.0)
}

fn blocks(pieces: Vec<Piece>) -> Result<Vec<Block>, Fault> {
    let mut blocks = Vec::new();
    let mut lines = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Line(line) => lines.push(line),
            Piece::Table(table, place) => {
                if !lines.is_empty() {
                    blocks.push(Block::Lines(std::mem::take(&mut lines)));
                }
                blocks.push(Block::Table(grid(&table, place)?));
            }
        }
    }
    if !lines.is_empty() {
        blocks.push(Block::Lines(lines));
    }
    Ok(blocks)
}

/// Column numbers from the edges of the cells.
fn grid(table: &RuledTable, place: Place) -> Result<Grid, Fault> {
    let mut edges: Vec<f64> = table.cells.iter().map(|cell| cell.left).collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup_by(|a, b| (*a - *b).abs() < 0.5);
    let column = |x: f64| number(edges.partition_point(|edge| *edge < x - 0.25));
    let mut builder = GridBuilder::new(place);
    for cell in &table.cells {
        let (col, end) = (column(cell.left), column(cell.right));
        let (row, rowspan, text) = (cell.row, cell.rowspan, cell.text.clone());
        builder.add(GridCell { row, col, rowspan, colspan: (end - col).max(1), text, place })?;
    }
    let mut grid = builder.finish();
    grid.rows = grid.rows.max(table.rows);
    Ok(grid)
}

#[cfg(test)]
mod tests;
