//! What remains beside the tables → title, sections as Markdown, signature, and a list of all that was
//! taken out.
//!
//! Steps: break paragraphs at their line breaks, take out converters' marks and the form's hints; find
//! the section titles ([`sections`]); read the title and the page's data above the first section and the
//! signature below the last; write each section ([`write`]).

mod residue;
mod sections;
mod write;

use jiff::civil::Date;

use crate::form::{Form, Forms};

use super::block::{Block, Place, Run, Runs};
use super::identity::{Key, contact_in, date_in, is_date, is_title, pairs, period_year, title_parts};
use sections::Title;
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

/// Reads what stands above the first section: title, page data, date; what is left is prose.
fn read_preface(blocks: &[Block], whole: bool, forms: &Forms, prose: &mut Prose) -> Vec<Block> {
    let title = find_title(blocks, forms).map(|found| with_agency_above(found, blocks, forms));
    if let Some((range, text)) = &title {
        prose.residue.push(Residue::new(ResidueKind::Title, text.clone(), blocks[range.start].place()));
        prose.title = Some(text.clone());
    }
    let mut kept = Vec::new();
    // What stands under another heading than the title is no introduction.
    let after_title = title.as_ref().map_or(0, |(range, _)| range.end);
    let foreign = blocks.iter().rposition(|block| matches!(block, Block::Heading { .. })).filter(|at| *at >= after_title && !whole);
    for (at, block) in blocks.iter().enumerate() {
        let text = plain(block);
        if title.as_ref().is_some_and(|(range, _)| range.contains(&at)) {
            continue;
        }
        let found = page_data(block);
        if !found.is_empty() {
            prose.pairs.extend(found);
            prose.residue.push(Residue::new(ResidueKind::Metadata, text, block.place()));
        } else if is_date(&text) {
            prose.pairs.push((Key::Published, text.clone()));
            prose.residue.push(Residue::new(ResidueKind::Signature, text, block.place()));
        } else if is_title(&text, forms) {
            prose.residue.push(Residue::new(ResidueKind::Title, text, block.place()));
        } else if foreign.is_some() {
            leave_outside(vec![block.clone()], prose);
        } else if whole || text.chars().count() > 30 || text.contains('。') || matches!(block, Block::Table(_)) {
            kept.push(block.clone());
        } else if is_agency_like(&text) {
            prose.pairs.push((Key::Source, text.clone()));
            prose.residue.push(Residue::new(ResidueKind::Signature, text, block.place()));
        } else {
            leave_outside(vec![block.clone()], prose);
        }
    }
    if whole {
        take_signature(&mut kept, prose);
    }
    kept
}

fn plain(block: &Block) -> String {
    match block {
        Block::Table(grid) => grid.text(),
        Block::Heading { runs, .. } | Block::Paragraph { runs, .. } => plain_text(runs),
        other => other.text(),
    }
}

/// The title: one to three blocks in a row whose words together are one, the shortest run that holds a year.
fn find_title(blocks: &[Block], forms: &Forms) -> Option<(std::ops::Range<usize>, String)> {
    let mut fallback = None;
    for length in 1..=3 {
        for start in 0..blocks.len().saturating_sub(length - 1) {
            let run = &blocks[start..start + length];
            if run.iter().any(|block| matches!(block, Block::Table(_)) || !page_data(block).is_empty()) {
                continue;
            }
            let text: String = run.iter().map(|block| plain(block).replace(' ', "")).collect();
            if is_title(&text, forms) {
                let found = (start..start + length, text);
                if super::identity::year_in(&found.1).is_some() && is_whole(&found.1, blocks.get(start + length), forms) {
                    return Some(found);
                }
                fallback = fallback.or(Some(found));
            }
        }
    }
    fallback
}

/// A title without an agency has it in the line above.
fn with_agency_above((range, text): (std::ops::Range<usize>, String), blocks: &[Block], forms: &Forms) -> (std::ops::Range<usize>, String) {
    let above = range.start.checked_sub(1).map(|at| plain(&blocks[at])).filter(|above| is_agency_like(above));
    match above {
        Some(above) if title_parts(&text, forms).agency.is_none() => (range.start - 1..range.end, format!("{}{text}", above.replace(' ', ""))),
        _ => (range, text),
    }
}

/// Whether a title is complete: it ends with a report's words, and the next line does not go on with it.
fn is_whole(text: &str, next: Option<&Block>, forms: &Forms) -> bool {
    let ends = text.ends_with("报告") || text.ends_with("年报") || text.ends_with(['）', ')', '》']);
    ends || !next.is_some_and(|next| is_title(&format!("{text}{}", plain(next)), forms) && plain(next).chars().count() <= 8)
}

/// Page data in a paragraph, or in a small table of keys and values.
fn page_data(block: &Block) -> Vec<(Key, String)> {
    match block {
        Block::Table(grid) if grid.cells.len() <= 40 => {
            let mut found = pairs(&grid.text().replace(['\t', '\n'], " "));
            found.retain(|(key, _)| *key != Key::Other || grid.cells.len() <= 24);
            found
        }
        Block::Table(_) => Vec::new(),
        other => {
            let text = plain(other);
            if text.chars().count() > 160 || text.contains('。') { Vec::new() } else { pairs(&text) }
        }
    }
}

/// A line that names a body: short, no sentence, ending as names of bodies do.
fn is_agency_like(text: &str) -> bool {
    const ENDS: [&str; 18] =
        ["政府", "局", "委员会", "办公室", "办事处", "中心", "厅", "委", "办", "院", "所", "处", "部", "社", "会", "站", "公司", "队"];
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_end_matches(['）', ')']).trim_end_matches("公章").trim_end_matches(['（', '(']);
    let count = plain.chars().count();
    (3..=30).contains(&count) && !plain.contains(['。', '，', '；', '：', ':', '、']) && ENDS.iter().any(|end| plain.ends_with(end))
}

/// Takes agency and date off the end; what follows them is no part of the report.
fn take_signature(content: &mut Vec<Block>, prose: &mut Prose) {
    let from = content.len().saturating_sub(12);
    let date_at = (from..content.len()).rev().find(|at| is_signed_date(&plain(&content[*at])));
    let Some(at) = date_at else {
        if content.len() > 1 && content.last().is_some_and(|last| is_agency_like(&plain(last))) {
            sign(content.split_off(content.len() - 1), prose);
        }
        return;
    };
    let after = content.split_off(at + 1);
    let tail = content.len() - 1;
    let named = (tail.saturating_sub(2)..tail).rev().take_while(|at| is_agency_like(&plain(&content[*at]))).last();
    sign(content.split_off(named.unwrap_or(tail)), prose);
    leave_outside(after, prose);
}

/// A date alone, or an agency and a date on one line.
fn is_signed_date(text: &str) -> bool {
    let short = text.chars().count() <= 45 && !text.contains(['。', '，', '；']);
    is_date(text) || short && text.trim_end().ends_with('日') && agency_before_date(text).is_some()
}

fn agency_before_date(text: &str) -> Option<String> {
    let (_, span) = super::identity::year_in(text)?;
    let before = text[..span.start].trim();
    is_agency_like(before).then(|| before.to_owned())
}

fn sign(blocks: Vec<Block>, prose: &mut Prose) {
    for block in blocks {
        let text = plain(&block);
        if let Some(date) = date_in(&text) {
            prose.signed_on = Some(date);
            prose.signed_by = agency_before_date(&text).or(prose.signed_by.take());
        } else {
            prose.signed_by = Some(text.replace(' ', ""));
        }
        prose.residue.push(Residue::new(ResidueKind::Signature, text, block.place()));
    }
}

#[cfg(test)]
mod tests;
