//! Cards and reports of a listing → what the archive keeps of them, read and checked in parallel.
//!
//! What was read is kept with all that it depended on: the stamp of its file, the card of its agency,
//! the files beside it, the pages its links asked for. When none of these has changed it is not read
//! again.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Progress;
use super::listing::{Listing, ReportFile};
use super::settings::placed;
use super::stamp::Stamp;
use crate::archive::{AgencyKind, Card, Filed, INVALID_AGENCY};
use crate::config::Config;
use crate::diagnostic::{Fault, Finding, Level, Place, sort};
use crate::form::Forms;
use crate::pack::Hash;
use crate::report::read;
use crate::rules::{
    Levels, Prose, ReportContext, check_report, check_text, missing_agency, not_utf8, place, place_in_text, sketch, unreadable_file,
};
use crate::text::{Source, Words, decode, excerpt, reason};
use crate::words;

/// A report is text and some numbers; a larger file is something else under the name of one.
pub const LARGEST_FILE: u64 = 16 << 20;

/// An `agency.toml` that was read.
#[derive(Debug, Clone)]
pub(super) struct KeptCard {
    pub(super) stamp: Stamp,
    /// The hash of its file; none if that cannot be read.
    pub(super) hash: Option<Hash>,
    pub(super) card: Arc<Card>,
    pub(super) findings: Vec<Finding>,
}

/// All cards by the ids of their agencies.
pub(super) type Cards = FxHashMap<Arc<str>, KeptCard>;

/// A report that was read.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptReport {
    /// The hash of its file; none if that cannot be read.
    pub(super) hash: Option<Hash>,
    /// The report; `None` if its file cannot be read.
    pub(super) filed: Option<Arc<Filed>>,
    /// What reading it and looking at it alone has found, by file and place.
    pub(super) findings: Arc<[Finding]>,
    /// The pages that its links asked for, and whether they were there.
    pub(super) asked: Vec<(String, bool)>,
}

/// Reads the cards of a listing. Those whose stamps are as before are kept, unless `touched` names their
/// agencies; the ids of agencies whose cards have changed, come or gone are returned.
pub(super) fn read_cards(
    root: &Path,
    listing: &Listing,
    config: &Config,
    cards: &mut Cards,
    touched: impl Fn(&str) -> bool + Sync,
) -> FxHashSet<Arc<str>> {
    let before = std::mem::take(cards);
    let levels = Levels::of(config).0;
    let read = |(id, stamp): &(Arc<str>, Stamp)| {
        let kept = before.get(id).filter(|kept| kept.stamp == *stamp && !touched(id));
        (id.clone(), kept.cloned().unwrap_or_else(|| read_card(root, id, *stamp, &levels)))
    };
    cards.par_extend(listing.cards.par_iter().map(read));
    let differs = |id: &&Arc<str>| cards.get(*id).map(|kept| &kept.card) != before.get(*id).map(|kept| &kept.card);
    cards.keys().chain(before.keys()).filter(differs).cloned().collect()
}

fn read_card(root: &Path, id: &str, stamp: Stamp, levels: &Levels) -> KeptCard {
    let path = format!("content/{id}/agency.toml");
    let directory = id.rsplit('/').next().unwrap_or(id);
    let mut hash = None;
    let (card, mut findings) = match read_bytes(root, &path, stamp) {
        Ok(bytes) => {
            hash = Some(Hash::of(&bytes));
            let decoded = decode(bytes);
            let source = Source::new(path, decoded.text);
            let (card, mut faults) = Card::read(&source.text, directory);
            faults.extend(not_utf8::fault(decoded.encoding));
            check_text(&source.text, levels, &mut faults);
            (card, place_in_text(faults, &source, levels, (id, None)))
        }
        Err(fault) => (Card::named(directory, AgencyKind::Other), vec![Finding::at_file(Level::Error, path, *fault)]),
    };
    for finding in &mut findings {
        finding.agency = Some(id.to_owned());
    }
    KeptCard { stamp, hash, card: Arc::new(card), findings }
}

fn read_bytes(root: &Path, path: &str, stamp: Stamp) -> Result<Vec<u8>, Box<Fault>> {
    if stamp.length > LARGEST_FILE {
        let (megabytes, most) = (stamp.length >> 20, LARGEST_FILE >> 20);
        return Err(Box::new(unreadable_file::fault(&words!(
            "文件有 {megabytes} MB，超过 {most} MB",
            "it has {megabytes} MB, more than {most} MB"
        ))));
    }
    fs::read(root.join(path)).map_err(|error| Box::new(unreadable_file::fault(&reason(&error))))
}

/// Agencies that have reports but no card, reported once each.
pub(super) fn undescribed(listing: &Listing, cards: &Cards) -> Vec<Finding> {
    let mut last = None;
    let mut findings = Vec::new();
    for file in listing.reports.iter().filter(|file| !cards.contains_key(&file.agency)) {
        if last != Some(&file.agency) {
            last = Some(&file.agency);
            findings.push(about(file, missing_agency::fault(&file.agency)));
        }
    }
    findings
}

/// Agencies whose successors are not there, or are themselves in the end.
pub(super) fn lost_successions(root: &Path, cards: &Cards) -> Vec<Finding> {
    let successor = |id: &str| cards.get(id).and_then(|kept| kept.card.succeeded_by.as_deref());
    let message = |id: &Arc<str>| {
        let next = successor(id)?;
        let shown = excerpt(next);
        if !cards.contains_key(next) {
            return Some(words!("succeeded_by 指的机关“{shown}”不存在", "succeeded_by names no agency: `{shown}`"));
        }
        let mut line = std::iter::successors(Some(next), |at| successor(at)).take(cards.len() + 1);
        let returns = line.any(|at| at == &**id);
        returns.then(|| words!("succeeded_by 绕了一圈，又回到本机关", "succeeded_by leads back to this agency in the end"))
    };
    let mut found: Vec<Finding> = cards.keys().filter_map(|id| Some(at_successor(root, id, message(id)?))).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// A finding at the `succeeded_by` of a card, whose file is read again, since cards keep no places.
fn at_successor(root: &Path, id: &str, message: Words) -> Finding {
    let path = format!("content/{id}/agency.toml");
    let text = fs::read(root.join(&path)).map(|bytes| decode(bytes).text).unwrap_or_default();
    let hint = words!("写接续机关的目录，如 succeeded_by = \"shili/qingshi\"", "write the directory of the agency that took over");
    let fault = Fault::new(INVALID_AGENCY, Place::Span(Card::place_of(&text, "succeeded_by")), message).with_hint(hint);
    let mut finding = placed(vec![fault], &Source::new(path.as_str(), text)).remove(0);
    finding.agency = Some(id.to_owned());
    finding
}

/// A fault of a report's file as a whole.
fn about(file: &ReportFile, fault: Fault) -> Finding {
    let mut finding = Finding::at_file(Level::Error, file.path(), fault);
    finding.agency = Some(file.agency.to_string());
    finding.year = Some(file.year);
    finding
}

/// Reads reports of one site.
pub(super) struct Reader<'a> {
    pub(super) root: &'a Path,
    pub(super) config: &'a Config,
    pub(super) forms: &'a Forms,
    pub(super) cards: &'a Cards,
    /// What there is, for links in prose.
    pub(super) listing: &'a Listing,
}

impl Reader<'_> {
    /// Reads some reports in parallel.
    pub(super) fn read_all(&self, files: &[&ReportFile], progress: Progress<'_>) -> Vec<KeptReport> {
        let levels = Levels::of(self.config).0;
        let done = AtomicUsize::new(0);
        let read = |file: &&ReportFile| {
            let report = self.read(file, &levels);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
            report
        };
        files.par_iter().map(read).collect()
    }

    /// Whether what was kept of a report can have changed although its file is as it was.
    pub(super) fn is_outdated(&self, file: &ReportFile, kept: &KeptReport) -> bool {
        let attachments = kept.filed.as_ref().is_some_and(|filed| filed.attachments != file.attachments);
        attachments || kept.asked.iter().any(|(page, was_there)| self.listing.has_page(page) != *was_there)
    }

    fn read(&self, file: &ReportFile, levels: &Levels) -> KeptReport {
        let path = file.path();
        let bytes = match read_bytes(self.root, &path, file.stamp) {
            Ok(bytes) => bytes,
            Err(fault) => return KeptReport { findings: [about(file, *fault)].into(), ..KeptReport::default() },
        };
        let hash = Some(Hash::of(&bytes));
        let decoded = decode(bytes);
        let source = Source::new(path, decoded.text);
        let mut reading = read(&source.text, file.year, self.forms);
        let mut faults = std::mem::take(&mut reading.faults);
        faults.extend(not_utf8::fault(decoded.encoding));
        let prose = Prose::of(&source.text, reading.parts.body.clone());
        let asked = RefCell::new(Vec::new());
        // A file without front matter has said its one thing; a hundred missing rows would hide it.
        if reading.parts.has_front_matter() {
            let pages = |name: &str| {
                let there = self.listing.has_page(name);
                asked.borrow_mut().push((name.to_owned(), there));
                there
            };
            let context = ReportContext {
                report: &reading.report,
                text: &source.text,
                body: &reading.body,
                prose: reading.parts.body.clone(),
                words: &prose,
                locations: &reading.locations,
                agency: &file.agency,
                card: self.cards.get(&file.agency).map(|kept| &*kept.card),
                attachments: &file.attachments,
                pages: &pages,
                config: self.config,
            };
            check_report(&context, levels, &mut faults);
        }
        check_text(&source.text, levels, &mut faults);
        let mut findings = place(faults, &source, &reading.locations, &reading.report.form, levels, (&file.agency, file.year));
        findings.extend(
            file.attachments.iter().zip(&file.attachment_stamps).flat_map(|(name, stamp)| self.read_beside(file, name, *stamp, levels)),
        );
        let card = self.cards.get(&file.agency).map(|kept| &*kept.card);
        let sketch = sketch(&prose, &reading.report.form, card);
        let (agency, attachments) = (file.agency.clone(), file.attachments.clone());
        sort(&mut findings);
        let filed = Filed { agency, in_directory: file.in_directory, report: reading.report, attachments, sketch };
        KeptReport { hash, filed: Some(Arc::new(filed)), findings: findings.into(), asked: asked.into_inner() }
    }

    /// What is wrong with a text beside a report; other files are not looked into.
    fn read_beside(&self, file: &ReportFile, name: &str, stamp: Stamp, levels: &Levels) -> Vec<Finding> {
        let is_text = name.rsplit_once('.').is_some_and(|(_, ending)| TEXTS.iter().any(|text| ending.eq_ignore_ascii_case(text)));
        if !is_text || stamp.length > LARGEST_FILE {
            return Vec::new();
        }
        let path = file.path_beside(name);
        let Ok(bytes) = fs::read(self.root.join(&path)) else { return Vec::new() };
        let source = Source::new(path, decode(bytes).text);
        let mut faults = Vec::new();
        check_text(&source.text, levels, &mut faults);
        place_in_text(faults, &source, levels, (&file.agency, Some(file.year)))
    }
}

/// Endings of files that are published as they are and can be read as text.
const TEXTS: [&str; 9] = ["txt", "csv", "tsv", "md", "html", "htm", "json", "xml", "svg"];
