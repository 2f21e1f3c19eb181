//! What stands above the first section: title, page data, date, introduction.

use crate::form::Forms;
use crate::import::block::Block;
use crate::import::identity::{Key, is_date, is_title, pairs, title_parts, year_in};

use super::signature::{is_agency_like, take_signature};
use super::{Prose, Residue, ResidueKind, leave_outside, plain};

/// Reads what stands above the first section: title, page data, date; what is left is prose.
pub(super) fn read_preface(blocks: &[Block], whole: bool, forms: &Forms, prose: &mut Prose) -> Vec<Block> {
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
                if year_in(&found.1).is_some() && is_whole(&found.1, blocks.get(start + length), forms) {
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
        Some(above) if title_parts(&text, forms).agency.is_none() => {
            (range.start - 1..range.end, format!("{}{text}", above.replace(' ', "")))
        }
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
