//! Tables of Word documents: rows, `gridSpan`, `vMerge`, and rows or cells deleted in tracked changes.

use crate::import::block::{Block, NoteKind};
use crate::import::fault::Fault;
use crate::import::nest::{RawCell, RawTable};
use crate::import::xml::Element;

use super::body::{Walk, chosen};

impl Walk<'_> {
    /// Reads a table into blocks: itself, or its content where it only serves as a frame.
    pub(super) fn table(&mut self, table: Element<'_>) -> Result<Vec<Block>, Fault> {
        let mut raw = RawTable::new(self.place());
        let mut rows = Vec::new();
        collect(table, "tr", &mut rows);
        for row in rows {
            let properties = row.child("trPr");
            if properties.is_some_and(|p| p.child("del").is_some()) {
                self.deleted(row);
                continue;
            }
            self.row(row, properties, &mut raw)?;
        }
        raw.settle()
    }

    fn row(&mut self, row: Element<'_>, properties: Option<Element<'_>>, raw: &mut RawTable) -> Result<(), Fault> {
        let before = properties.and_then(|p| p.child("gridBefore")).and_then(|g| g.attribute("val"));
        raw.next_row();
        let mut col = before.and_then(|n| n.parse().ok()).unwrap_or(0);
        let mut cells = Vec::new();
        collect(row, "tc", &mut cells);
        for cell in cells {
            let properties = cell.child("tcPr");
            if properties.is_some_and(|p| p.child("cellDel").is_some()) {
                self.deleted(cell);
                continue;
            }
            let span = properties.and_then(|p| p.child("gridSpan")).and_then(|g| g.attribute("val"));
            let colspan: u32 = span.and_then(|n| n.parse().ok()).unwrap_or(1).max(1);
            self.cell(cell, col, colspan, raw)?;
            col = col.saturating_add(colspan);
        }
        Ok(())
    }

    fn cell(&mut self, cell: Element<'_>, col: u32, colspan: u32, raw: &mut RawTable) -> Result<(), Fault> {
        let properties = cell.child("tcPr");
        let merge = |name: &str| properties.and_then(|p| p.child(name));
        let continues = |name: &str| merge(name).is_some_and(|m| m.attribute("val").as_deref() != Some("restart"));
        let place = self.place();
        let blocks = self.blocks(cell)?;
        let covered = (continues("vMerge") && raw.extend_down(col)) || (continues("hMerge") && raw.extend_right(colspan));
        if !covered {
            return raw.add(RawCell { col, colspan, blocks, place });
        }
        // Word keeps, but does not show, what stood in a cell before it was merged.
        let hidden: String = blocks.iter().map(Block::text).collect();
        if !hidden.trim().is_empty() {
            self.notes.push(crate::import::block::Note { kind: NoteKind::Hidden, text: hidden, place });
        }
        Ok(())
    }
}

/// Rows of a table, or cells of a row, also those inside content controls and insertions.
fn collect<'t>(parent: Element<'t>, name: &str, found: &mut Vec<Element<'t>>) {
    for child in parent.children() {
        match child.name() {
            own if own == name => found.push(child),
            "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" => collect(child, name, found),
            "AlternateContent" => {
                if let Some(chosen) = chosen(child) {
                    collect(chosen, name, found);
                }
            }
            _ => {}
        }
    }
}
