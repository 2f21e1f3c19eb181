//! A site → the same as others than its authors may see it: without the personal numbers that were found.
//!
//! Everything that is published of a site (pages, feeds, data, the index) is made of what is returned here, so that none
//! of it asks for itself. Nearly all reports have no such number; they are shared as they are. What a rule finds but an
//! agency has waived stays, and so do figures, and the addresses of files and pages: a changed one would lead nowhere.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::hidden::{Exposed, exposing};
use crate::archive::{Filed, ReportIndex};
use crate::diagnostic::Finding;
use crate::report::{Breakdown, Cell, Details, Figures, Original, Report, Review, Revision, Waiver};
use crate::site::Site;
use crate::text::decode;

/// A site as it may be shown.
#[must_use]
pub fn as_shown(mut site: Site) -> Site {
    let exposed: BTreeSet<ReportIndex> = exposing(site.findings.all()).filter_map(|finding| report_of(&site, finding)).collect();
    if exposed.is_empty() {
        return site;
    }
    let mut reports = Vec::with_capacity(exposed.len());
    let mut findings = Vec::with_capacity(exposed.len());
    for index in exposed {
        let filed = site.archive.filed(index);
        let path = filed.path();
        let found = site.findings.of_file(&path);
        let mut exposed = Exposed::of(found);
        // Without its file there is no page either; what is left of it is hidden by the rules alone.
        if let Ok(bytes) = site.files.read(&path) {
            exposed = exposed.in_text(&decode(bytes).text);
        }
        findings.push((path, found.iter().map(|finding| exposed.finding(finding)).collect()));
        reports.push(Arc::new(Filed { report: exposed.report(&filed.report), ..filed.clone() }));
    }
    // They have the agencies, years and addresses of those in whose place they stand.
    if let Some(archive) = site.archive.with(&reports) {
        site.archive = Arc::new(archive);
    }
    Arc::make_mut(&mut site.findings).replace(findings);
    site
}

/// The report in whose file a finding is, if it is in one.
fn report_of(site: &Site, finding: &Finding) -> Option<ReportIndex> {
    let agency = site.archive.find_agency(finding.agency.as_deref()?)?;
    let report = site.archive.find_report(agency, finding.year?)?;
    (site.archive.filed(report).path() == finding.path).then_some(report)
}

impl Exposed {
    fn text(&self, text: &str) -> String {
        self.hide(text).into_owned()
    }

    fn optional(&self, text: &Option<String>) -> Option<String> {
        text.as_ref().map(|text| self.text(text))
    }

    fn cell(&self, cell: &Cell) -> Cell {
        match cell {
            Cell::Text(text) => Cell::Text(self.text(text).into()),
            Cell::Number(_) | Cell::Blank | Cell::NotApplicable | Cell::Absent => cell.clone(),
        }
    }

    fn finding(&self, finding: &Finding) -> Finding {
        let mut shown = finding.clone();
        for words in std::iter::once(&mut shown.message).chain(&mut shown.hint) {
            words.zh = self.text(&words.zh);
            words.en = self.text(&words.en);
        }
        shown.waived = self.optional(&finding.waived);
        shown
    }

    fn report(&self, report: &Report) -> Report {
        let Report { form, year, title, published, scope, blank_is_zero, figures, details } = report;
        let has_text = figures.unusual().any(|(_, cell)| matches!(cell, Cell::Text(_)));
        Report {
            form: form.clone(),
            year: *year,
            title: title.as_ref().map(|title| self.text(title).into()),
            published: *published,
            scope: *scope,
            blank_is_zero: *blank_is_zero,
            figures: if has_text { Figures::new(figures.to_cells().iter().map(|cell| self.cell(cell)).collect()) } else { figures.clone() },
            details: details.as_ref().map(|details| Box::new(self.details(details))),
        }
    }

    fn details(&self, details: &Details) -> Details {
        let Details { aliases, document_number, index_number, contact, breakdowns, originals, revisions, review, waivers } = details;
        Details {
            aliases: aliases.clone(),
            document_number: self.optional(document_number),
            index_number: self.optional(index_number),
            contact: self.optional(contact),
            breakdowns: breakdowns.iter().map(|breakdown| self.breakdown(breakdown)).collect(),
            originals: originals.iter().map(|original| self.original(original)).collect(),
            revisions: revisions.iter().map(|Revision { date, note }| Revision { date: *date, note: self.text(note) }).collect(),
            review: review.as_ref().map(|Review { by, date }| Review { by: self.optional(by), date: *date }),
            waivers: waivers.iter().map(|waiver| Waiver { reason: self.text(&waiver.reason), ..waiver.clone() }).collect(),
        }
    }

    fn breakdown(&self, breakdown: &Breakdown) -> Breakdown {
        let Breakdown { label, total, unit, parts, partial } = breakdown;
        Breakdown {
            label: self.text(label),
            total: self.cell(total),
            unit: self.optional(unit),
            parts: parts.iter().map(|(label, cell)| (self.text(label), self.cell(cell))).collect(),
            partial: *partial,
        }
    }

    /// An original keeps its address. One without a title is called by it, and needs another name.
    fn original(&self, original: &Original) -> Original {
        let Original { file, url, sha256, title } = original;
        let called = title.as_ref().or(file.as_ref()).or(url.as_ref());
        Original { file: file.clone(), url: url.clone(), sha256: sha256.clone(), title: called.map(|name| self.text(name)) }
    }
}
