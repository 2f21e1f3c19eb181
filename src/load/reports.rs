//! Cards and reports of a listing → what the archive keeps of them, read and checked in parallel.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::listing::{Listing, ReportFile, Stamp};
use super::settings::{Settings, placed};
use super::Progress;
use crate::archive::{Card, Filed};
use crate::diagnostic::{Fault, Finding, Level};
use crate::report::read;
use crate::rules::{Levels, ReportContext, check_report, missing_agency, not_utf8, place, unreadable_file};
use crate::text::{Source, decode};

/// A report is text and some numbers; a larger file is something else under the name of one.
pub const LARGEST_FILE: u64 = 16 << 20;

/// What was read of `content/`.
pub(super) struct ReadContent {
    pub(super) cards: Vec<(Arc<str>, Arc<Card>)>,
    pub(super) reports: Vec<Arc<Filed>>,
    pub(super) findings: Vec<Finding>,
}

/// What is known of the reports that were read before.
#[derive(Debug, Default)]
pub struct ReportCache {
    read: FxHashMap<String, CachedReport>,
}

#[derive(Debug, Clone)]
struct CachedReport {
    stamp: Stamp,
    filed: Option<Arc<Filed>>,
    findings: Vec<Finding>,
}

impl ReportCache {
    /// Reads the cards and reports of a listing; unchanged reports are taken from the cache.
    pub(super) fn read(&mut self, root: &Path, settings: &Settings, listing: &Listing, progress: Progress<'_>) -> ReadContent {
        let (cards, mut findings) = read_cards(root, listing);
        let reader = Reader::new(root, settings, listing, &cards);
        let done = AtomicUsize::new(0);
        let total = listing.reports.len();
        let read: Vec<CachedReport> = listing
            .reports
            .par_iter()
            .map(|file| {
                let report = reader.read(file);
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
                report
            })
            .collect();
        findings.extend(undescribed(listing, &cards));
        findings.extend(read.iter().flat_map(|report| report.findings.iter().cloned()));
        let reports = read.iter().filter_map(|report| report.filed.clone()).collect();
        let cards = cards.into_iter().map(|(id, card)| (id.into(), card)).collect();
        ReadContent { cards, reports, findings }
    }
}

type Cards = FxHashMap<String, Arc<Card>>;

fn read_cards(root: &Path, listing: &Listing) -> (Cards, Vec<Finding>) {
    let read: Vec<(String, Arc<Card>, Vec<Finding>)> = listing.cards.par_iter().map(|(id, stamp)| read_card(root, id, *stamp)).collect();
    let mut cards = Cards::default();
    let mut findings = Vec::new();
    for (id, card, faults) in read {
        cards.insert(id, card);
        findings.extend(faults);
    }
    (cards, findings)
}

fn read_card(root: &Path, id: &str, stamp: Stamp) -> (String, Arc<Card>, Vec<Finding>) {
    let path = format!("content/{id}/agency.toml");
    let directory = id.rsplit('/').next().unwrap_or(id);
    let about = |mut finding: Finding| {
        finding.agency = Some(id.to_owned());
        finding
    };
    match read_bytes(root, &path, stamp) {
        Ok(bytes) => {
            let source = Source::new(path, decode(bytes).text);
            let (card, faults) = Card::read(&source.text, directory);
            (id.to_owned(), Arc::new(card), placed(faults, &source).into_iter().map(about).collect())
        }
        Err(fault) => {
            let card = Card::named(directory, crate::archive::AgencyKind::Other);
            (id.to_owned(), Arc::new(card), vec![about(Finding::at_file(Level::Error, path, fault))])
        }
    }
}

fn read_bytes(root: &Path, path: &str, stamp: Stamp) -> Result<Vec<u8>, Fault> {
    if stamp.length > LARGEST_FILE {
        let (megabytes, most) = (stamp.length >> 20, LARGEST_FILE >> 20);
        return Err(unreadable_file::fault(&format!("文件有 {megabytes} MB，超过 {most} MB")));
    }
    fs::read(root.join(path)).map_err(|error| unreadable_file::fault(&error.to_string()))
}

/// Agencies that have reports but no card, reported once each.
fn undescribed(listing: &Listing, cards: &Cards) -> Vec<Finding> {
    let mut last = None;
    let mut findings = Vec::new();
    for file in listing.reports.iter().filter(|file| !cards.contains_key(&file.agency)) {
        if last != Some(&file.agency) {
            last = Some(&file.agency);
            let mut finding = Finding::at_file(Level::Error, file.path(), missing_agency::fault(&file.agency));
            finding.agency = Some(file.agency.clone());
            finding.year = Some(file.year);
            findings.push(finding);
        }
    }
    findings
}

/// Reads reports of one listing.
struct Reader<'a> {
    root: &'a Path,
    settings: &'a Settings,
    levels: Levels,
    cards: &'a Cards,
    ids: FxHashMap<&'a str, Arc<str>>,
    pages: FxHashSet<String>,
}

impl<'a> Reader<'a> {
    fn new(root: &'a Path, settings: &'a Settings, listing: &'a Listing, cards: &'a Cards) -> Self {
        let ids = listing.reports.iter().map(|file| (file.agency.as_str(), Arc::from(file.agency.as_str()))).collect();
        let (levels, _) = Levels::of(&settings.config);
        Self { root, settings, levels, cards, ids, pages: page_names(listing) }
    }

    fn read(&self, file: &ReportFile) -> CachedReport {
        let path = file.path();
        let about = (file.agency.as_str(), file.year);
        let bytes = match read_bytes(self.root, &path, file.stamp) {
            Ok(bytes) => bytes,
            Err(fault) => {
                let mut finding = Finding::at_file(Level::Error, path, fault);
                finding.agency = Some(file.agency.clone());
                finding.year = Some(file.year);
                return CachedReport { stamp: file.stamp, filed: None, findings: vec![finding] };
            }
        };
        let decoded = decode(bytes);
        let source = Source::new(path, decoded.text);
        let mut reading = read(&source.text, file.year, &self.settings.forms);
        let mut faults = std::mem::take(&mut reading.faults);
        faults.extend(not_utf8::fault(decoded.encoding));
        // A file without front matter has said its one thing; a hundred missing rows would hide it.
        if !reading.parts.toml.is_empty() {
            self.check(file, &source, &reading, &mut faults);
        }
        let findings = place(faults, &source, &reading.locations, &reading.report.form, &self.levels, about);
        let agency = self.ids.get(file.agency.as_str()).cloned().unwrap_or_else(|| file.agency.as_str().into());
        let filed = Filed { agency, in_directory: file.in_directory, report: reading.report, attachments: file.attachments.clone() };
        CachedReport { stamp: file.stamp, filed: Some(Arc::new(filed)), findings }
    }

    fn check(&self, file: &ReportFile, source: &Source, reading: &crate::report::Reading, faults: &mut Vec<Fault>) {
        let context = ReportContext {
            report: &reading.report,
            text: &source.text,
            body: &reading.body,
            prose: reading.parts.body.clone(),
            locations: &reading.locations,
            agency: &file.agency,
            card: self.cards.get(&file.agency).map(|card| &**card),
            attachments: &file.attachments,
            pages: &|name| self.pages.contains(name),
            config: &self.settings.config,
        };
        check_report(&context, &self.levels, faults);
    }
}

/// All pages that links can lead to: agencies and groups, reports, the site's own.
fn page_names(listing: &Listing) -> FxHashSet<String> {
    let mut pages: FxHashSet<String> = ["", "years", "agencies", "quality", "search", "data", "rules"].map(str::to_owned).into_iter().collect();
    for file in &listing.reports {
        pages.insert(format!("{}/{}", file.agency, file.year));
        pages.insert(format!("years/{}", file.year));
        insert_lineage(&mut pages, &file.agency);
    }
    for (id, _) in &listing.cards {
        insert_lineage(&mut pages, id);
    }
    pages
}

fn insert_lineage(pages: &mut FxHashSet<String>, id: &str) {
    let mut at = Some(id);
    while let Some(id) = at {
        if !pages.insert(id.to_owned()) {
            return;
        }
        at = id.rsplit_once('/').map(|(above, _)| above);
    }
}
