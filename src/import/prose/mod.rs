//! What remains beside the tables → title, sections as Markdown, signature, and a list of all that was
//! taken out.
//!
//! Steps: break paragraphs at their line breaks, take out converters' marks and the form's hints; find
//! the section titles (`sections`); read the title and the page's data above the first section and the
//! signature below the last; write each section (`write`).

mod preface;
mod residue;
mod sections;
mod signature;
mod write;

use jiff::civil::Date;

use crate::form::{Form, Forms};

use super::block::{Block, Place, Run, Runs};
use super::identity::{Key, contact_in, pairs, period_year};
use preface::read_preface;
use sections::Title;
use signature::take_signature;
use write::{markdown, plain_text};

pub(crate) use residue::of_reader;
pub use residue::{Residue, ResidueKind};
use residue::{is_furniture, is_placeholder, without_marks};

/// The prose of a report and what it says of the report's identity.
#[derive(Debug, Clone, Default)]
pub struct Prose {
    /// The title as printed, without line breaks.
    pub title: Option<String>,
    /// Markdown of the body: preface and sections.
    pub body: String,
    /// The form's sections found, in order.
    pub sections: Vec<usize>,
    /// Who signed.
    pub signed_by: Option<String>,
    /// The date of the signature.
    pub signed_on: Option<Date>,
    /// The year of the statistical period named in the text.
    pub period_year: Option<u16>,
    /// Where to ask.
    pub contact: Option<String>,
    /// The page's data.
    pub(crate) pairs: Vec<(Key, String)>,
    /// What was taken out.
    pub residue: Vec<Residue>,
}

/// Makes prose of what remains of a document.
pub fn prose(rest: Vec<Block>, form: &Form, forms: &Forms) -> Prose {
    let mut prose = Prose::default();
    let blocks = single_lines(rest, &mut prose.residue);
    prose.period_year = blocks.iter().find_map(|block| period_year(&block.text()));
    let titles = sections::titles(&blocks, form);
    let first = titles.first().map_or(blocks.len(), |title| title.block);
    let preface = read_preface(&blocks[..first], titles.is_empty(), forms, &mut prose);
    prose.body = markdown(&preface);
    prose.contact = preface.iter().find_map(|block| contact_in(&block.text()));
    for (index, title) in titles.iter().enumerate() {
        let end = titles.get(index + 1).map_or(blocks.len(), |next| next.block);
        let mut content = content(title, &blocks[title.block + 1..end]);
        take_captions(&mut content, title.section, form, &mut prose);
        if index + 1 == titles.len() {
            cut_at_heading(&mut content, &blocks[title.block], &mut prose);
            take_signature(&mut content, &mut prose);
        }
        prose.contact = prose.contact.take().or_else(|| content.iter().find_map(|block| contact_in(&block.text())));
        write_section(title, &content, form, blocks[title.block].place(), &mut prose);
    }
    prose
}

fn content(title: &Title, blocks: &[Block]) -> Vec<Block> {
    let rest = title.rest.iter().map(|runs| Block::Paragraph { runs: runs.clone(), place: Place::Unknown });
    rest.chain(blocks.iter().cloned()).collect()
}

/// Takes out repeated titles and captions of the section's table.
fn take_captions(content: &mut Vec<Block>, section: usize, form: &Form, prose: &mut Prose) {
    content.retain(|block| {
        let caption = sections::is_caption(block, section, form);
        if caption {
            prose.residue.push(Residue::new(ResidueKind::Label, plain(block), block.place()));
        }
        !caption
    });
}

/// A heading of the rank of the section titles that is none of them ends the report.
fn cut_at_heading(content: &mut Vec<Block>, title: &Block, prose: &mut Prose) {
    let Block::Heading { level: rank, .. } = title else { return };
    let foreign = |block: &Block| matches!(block, Block::Heading { level, .. } if level <= rank);
    if let Some(at) = content.iter().position(foreign) {
        leave_outside(content.split_off(at), prose);
    }
}

/// Blocks outside the report: links are furniture, all else has to be looked at.
fn leave_outside(blocks: Vec<Block>, prose: &mut Prose) {
    for block in blocks {
        let linked = match &block {
            Block::Heading { runs, .. } | Block::Paragraph { runs, .. } | Block::ListItem { runs, .. } => {
                runs.0.iter().all(|run| run.link.is_some() || run.text.trim().is_empty())
            }
            Block::Table(_) | Block::Lines(_) => false,
        };
        let kind = if linked { ResidueKind::Furniture } else { ResidueKind::Outside };
        let (text, place) = (plain(&block), block.place());
        prose.residue.push(Residue::new(kind, text, place));
    }
}

fn write_section(title: &Title, content: &[Block], form: &Form, place: Place, prose: &mut Prose) {
    let section = &form.sections[title.section];
    let text = markdown(content);
    prose.sections.push(title.section);
    let number = section.number.as_ref().map(|due| heading_number(title, due, place, &mut prose.residue)).unwrap_or_default();
    if !prose.body.is_empty() {
        prose.body.push('\n');
    }
    prose.body.push_str(&format!("## {number}{}\n", title.words));
    if !text.is_empty() {
        prose.body.push('\n');
        prose.body.push_str(&text);
    }
}

/// The form's number in the form's notation; a number of another value is kept as printed.
fn heading_number(title: &Title, due: &str, place: Place, residue: &mut Vec<Residue>) -> String {
    let Some(printed) = &title.number else { return format!("{due}、") };
    let digits = crate::number::normalise(printed);
    let value = "一二三四五六七八九十".chars().position(|c| due.chars().eq([c])).map(|at| (at + 1).to_string());
    if *printed == due || Some(digits) != value {
        return format!("{printed}、");
    }
    residue.push(Residue::new(ResidueKind::Numbering, format!("{printed}、{}", title.words), place));
    format!("{due}、")
}

/// Breaks paragraphs at line breaks and takes out marks, hints and empty ones.
fn single_lines(rest: Vec<Block>, residue: &mut Vec<Residue>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for block in rest {
        match block {
            Block::Paragraph { runs, place } => {
                for runs in lines_of(runs) {
                    keep(runs, place, residue, |runs| Block::Paragraph { runs, place }, &mut blocks);
                }
            }
            Block::ListItem { marker, depth, runs, place } => {
                let mut lines = lines_of(runs).into_iter();
                if let Some(first) = lines.next() {
                    keep(first, place, residue, |runs| Block::ListItem { marker, depth, runs, place }, &mut blocks);
                }
                for runs in lines {
                    keep(runs, place, residue, |runs| Block::Paragraph { runs, place }, &mut blocks);
                }
            }
            Block::Heading { level, runs, place } => {
                let joined = runs.0.into_iter().map(|run| Run { text: run.text.replace('\n', ""), ..run }).collect();
                keep(Runs(joined), place, residue, |runs| Block::Heading { level, runs, place }, &mut blocks);
            }
            Block::Lines(lines) => blocks.extend(single_lines(super::lines::paragraphs(&lines), residue)),
            Block::Table(grid) => blocks.push(Block::Table(grid)),
        }
    }
    blocks
}

fn keep(runs: Runs, place: Place, residue: &mut Vec<Residue>, make: impl FnOnce(Runs) -> Block, blocks: &mut Vec<Block>) {
    let mut clean = Runs::default();
    for run in runs.0 {
        clean.push(Run { text: without_marks(&run.text, place, residue), ..run });
    }
    if clean.is_blank() {
        return;
    }
    let text = plain_text(&clean);
    if is_placeholder(&text) {
        residue.push(Residue::new(ResidueKind::Placeholder, text, place));
    } else if is_furniture(&text) && pairs(&text).iter().all(|(key, _)| *key == Key::Other) {
        residue.push(Residue::new(ResidueKind::Furniture, text, place));
    } else {
        blocks.push(make(clean));
    }
}

/// The lines of a paragraph's runs. Markdown keeps its own line breaks.
fn lines_of(runs: Runs) -> Vec<Runs> {
    let mut lines = vec![Runs::default()];
    for run in runs.0 {
        if run.raw {
            if let Some(line) = lines.last_mut() {
                line.push(run);
            }
            continue;
        }
        for (index, text) in run.text.split('\n').enumerate() {
            if index > 0 {
                lines.push(Runs::default());
            }
            if let Some(line) = lines.last_mut() {
                line.push(Run { text: text.to_owned(), ..run.clone() });
            }
        }
    }
    lines
}

/// A block's text, trimmed, with single spaces.
fn plain(block: &Block) -> String {
    match block {
        Block::Table(grid) => grid.text(),
        Block::Heading { runs, .. } | Block::Paragraph { runs, .. } => plain_text(runs),
        other => other.text(),
    }
}

#[cfg(test)]
mod tests;
