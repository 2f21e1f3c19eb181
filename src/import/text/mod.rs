//! Plain text → blocks.
//!
//! Three habits of writers are told apart line by line: Apache Tika prints the cells of a Word table
//! one a line, each after a tab, rows apart by an empty line; copies from a browser print a row a
//! line, cells apart by tabs; `pdftotext` prints lines with positions, of which the placer and
//! [`super::lines`] make tables and paragraphs.

mod tabbed;

use super::block::{Block, Document, NoteKind, Place, Runs};
use super::decode::{Foreign, decode};
use super::fault::{Fault, Measure};
use super::lines::{TextLine, Token};
use super::pdf::{is_page_number, page_offset, pattern, plain, repeated};
use crate::text::display_width;

/// Lines of a text beyond which it is no report.
const MAX_LINES: usize = 50_000;

/// Reads a text file.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, Fault> {
    let Foreign { text, lossy } = decode(bytes);
    let text: String = text.chars().map(plain).collect();
    let mut document = Document::default();
    if lossy {
        document.note(NoteKind::Undecodable, "", Place::Unknown);
    }
    document.blocks = if text.contains('\t') { tabbed::blocks(&text)? } else { set_lines(&text, &mut document)? };
    Ok(document)
}

/// Lines of text without tabs: kept as lines if they were set by a program, else a paragraph each.
fn set_lines(text: &str, document: &mut Document) -> Result<Vec<Block>, Fault> {
    let pages: Vec<&str> = text.split('\u{c}').collect();
    let edges: Vec<Vec<String>> = pages.iter().map(|page| edges(page)).collect();
    let offset = page_offset(&edges);
    let heads = repeated(&edges);
    let mut lines = Vec::new();
    let mut number = 0;
    for (index, page) in pages.iter().enumerate() {
        let edge = &edges[index];
        let mut blank_above = 0.0;
        for line in page.split('\n') {
            number += 1;
            let place = Place::Line(number);
            let trimmed = line.trim();
            if trimmed.is_empty() {
                blank_above += 1.0;
            } else if pages.len() > 1
                && edge.iter().any(|text| text == trimmed)
                && (is_page_number(trimmed, index, offset) || heads.contains_key(&pattern(trimmed)))
            {
                document.note(NoteKind::RunningHead, trimmed, place);
            } else {
                lines.push(TextLine { gap: blank_above, place, tokens: tokens(line) });
                blank_above = 0.0;
            }
        }
        // A page ends with the line feed before its form feed.
        number = number.saturating_sub(1);
    }
    if lines.len() > MAX_LINES {
        return Err(Fault::TooLarge { what: Measure::Elements, limit: MAX_LINES as u64 });
    }
    Ok(vec![Block::Lines(lines)])
}

fn edges(page: &str) -> Vec<String> {
    let mut lines = page.lines().map(str::trim).filter(|line| !line.is_empty());
    [lines.next(), lines.next_back()].into_iter().flatten().map(str::to_owned).collect()
}

/// Words apart by at least two columns of white space, or by an ideographic space.
fn tokens(line: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut column = 0;
    let mut blank = 2;
    for c in line.chars() {
        let width = display_width(c.encode_utf8(&mut [0; 4]));
        if super::block::is_blank_char(c) {
            blank += width;
        } else {
            let at = column as f32 / 2.0;
            match tokens.last_mut() {
                Some(token) if blank < 2 => {
                    token.text.extend((blank > 0).then_some(' '));
                    token.text.push(c);
                }
                _ => tokens.push(Token { left: at, right: at, text: c.to_string() }),
            }
            if let Some(token) = tokens.last_mut() {
                token.right = (column + width) as f32 / 2.0;
            }
            blank = 0;
        }
        column += width;
    }
    tokens
}

/// A paragraph of one line of text.
fn paragraph(text: &str, line: u32) -> Option<Block> {
    (!text.trim().is_empty()).then(|| Block::Paragraph { runs: Runs::plain(text), place: Place::Line(line) })
}

#[cfg(test)]
mod tests;
