//! One report as the index takes it: what is shown of it, and its characters in a row.

use std::io;

use super::{normal, paragraphs};
use crate::archive::ReportIndex;
use crate::front_matter::split;
use crate::pages::{Route, section_sources, shown_text};
use crate::report::read_body;
use crate::site::Site;

/// Stands between two pieces of text in a report's characters; no text contains it.
pub(super) const END: char = '\0';

/// One report of the index.
#[derive(Debug)]
pub(super) struct Entry {
    /// What is shown: `["path", "title", ["name", …], [["s1", "heading\nparagraph\n…"], …]]`.
    pub(super) json: Vec<u8>,
    /// Title, names, headings and paragraphs in their normal form, an [`END`] behind each.
    pub(super) characters: Vec<char>,
    /// How many of them belong to title and names.
    pub(super) head: usize,
}

impl Entry {
    /// Reads a report's file again: the archive keeps no prose.
    pub(super) fn of(site: &Site, index: ReportIndex, to_html: &(dyn Fn(&str) -> String + Sync)) -> Result<Self, (String, io::Error)> {
        let archive = &site.archive;
        let text = shown_text(site, index)?;
        let agency = archive.agency(archive.agency_of(index));
        let names: Vec<&str> = agency.card.as_ref().map_or_else(|| vec![agency.name()], |card| card.names().collect());
        let title = archive.title(index);
        let sections = sections(site, index, &text, to_html);
        let mut characters = Vec::with_capacity(text.len() / 3);
        let mut take = |piece: &str| {
            characters.extend(normal(piece));
            characters.push(END);
            characters.len()
        };
        let head = std::iter::once(title.as_str()).chain(names.iter().copied()).map(&mut take).last().unwrap_or_default();
        for line in sections.iter().flat_map(|(_, text)| text.lines()) {
            take(line);
        }
        let shown = (Route::of_report(site, index).path(), title, names, sections);
        Ok(Self { json: serde_json::to_vec(&shown).unwrap_or_default(), characters, head })
    }
}

/// The sections as the page has them: anchor, then heading and paragraphs a line each.
fn sections(site: &Site, index: ReportIndex, text: &str, to_html: &(dyn Fn(&str) -> String + Sync)) -> Vec<(String, String)> {
    let report = site.archive.report(index);
    let body = read_body(text, split(text).0.body, &report.form);
    let mut sections = Vec::new();
    for (id, title, prose) in section_sources(report, text, &body) {
        let mut lines = title.split_whitespace().collect::<Vec<_>>().join(" ");
        paragraphs::end_line(&mut lines);
        if let Some(prose) = prose {
            paragraphs::append(&to_html(&text[prose]), &mut lines);
        }
        sections.push((id, lines));
    }
    sections
}
