//! What a loader keeps of a site ⇄ bytes: reports with what was found in them, cards, and what was found
//! by comparing them. A later run takes it up where this one ended, with nothing read again.
//!
//! Reports stand in the order of the listing, which is made anew from the tree of files: names and years
//! are not repeated. A rule is named; one that there is no more makes the record mean nothing, as a form does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::inputs::Pieces;
use super::kept::{Before, Judgement, Kept, World};
use super::listing::{Listing, ReportFile};
use super::reports::{Cards, KeptCard, KeptReport};
use super::settings::Settings;
use super::stamp::Stamp;
use super::tree::Tree;
use crate::archive::{Filed, ReportIndex};
use crate::diagnostic::{Fault, Finding};
use crate::form::Forms;
use crate::pack::{Pack, Unpacker, pack_text};
use crate::report::Report;
use crate::rules::{Suspicion, find};

/// How many reports stand in a piece.
const REPORTS: usize = 256;

/// How many pieces are packed at a time: together they are a few megabytes.
const AT_A_TIME: usize = 16;

/// What a finding is most often about: the report, or card, that it was found in.
#[derive(Clone, Copy)]
struct About<'a> {
    path: &'a str,
    agency: &'a str,
    year: Option<u16>,
}

/// What of a finding is as its report has it.
const PATH: u8 = 1;
const AGENCY: u8 = 2;
const YEAR: u8 = 4;

fn pack_finding(finding: &Finding, about: About<'_>, to: &mut Vec<u8>) {
    let Finding { rule, level, path, start, end, message, hint, agency, year, cells, waived } = finding;
    let same = |flag: u8, same: bool| if same { flag } else { 0 };
    let flags = same(PATH, path == about.path) | same(AGENCY, agency.as_deref() == Some(about.agency)) | same(YEAR, *year == about.year);
    to.push(flags);
    if flags & PATH == 0 {
        path.pack(to);
    }
    if flags & AGENCY == 0 {
        agency.pack(to);
    }
    if flags & YEAR == 0 {
        year.pack(to);
    }
    pack_text(rule, to);
    level.pack(to);
    (*start, *end).pack(to);
    message.pack(to);
    hint.pack(to);
    cells.pack(to);
    waived.pack(to);
}

fn unpack_finding(from: &mut Unpacker<'_>, about: About<'_>) -> Option<Finding> {
    let [flags] = from.bytes(1)? else { return None };
    let path = if flags & PATH == 0 { from.get()? } else { about.path.to_owned() };
    let agency = if flags & AGENCY == 0 { from.get()? } else { Some(about.agency.to_owned()) };
    let year = if flags & YEAR == 0 { from.get()? } else { about.year };
    let rule = find(from.text()?)?.name;
    let level = from.get()?;
    let (start, end) = from.get()?;
    let (message, hint, cells, waived) = (from.get()?, from.get()?, from.get()?, from.get()?);
    Some(Finding { rule, level, path, start, end, message, hint, agency, year, cells, waived })
}

fn pack_findings(findings: &[Finding], about: About<'_>, to: &mut Vec<u8>) {
    findings.len().pack(to);
    findings.iter().for_each(|finding| pack_finding(finding, about, to));
}

fn unpack_findings(from: &mut Unpacker<'_>, about: About<'_>) -> Option<Vec<Finding>> {
    let count = from.count()?;
    (0..count).map(|_| unpack_finding(from, about)).collect()
}

fn pack_fault(fault: &Fault, to: &mut Vec<u8>) {
    let Fault { rule, place, message, hint, cells, level } = fault;
    pack_text(rule, to);
    place.pack(to);
    message.pack(to);
    hint.pack(to);
    cells.pack(to);
    level.pack(to);
}

fn unpack_fault(from: &mut Unpacker<'_>) -> Option<Fault> {
    let rule = find(from.text()?)?.name;
    Some(Fault { rule, place: from.get()?, message: from.get()?, hint: from.get()?, cells: from.get()?, level: from.get()? })
}

fn pack_report(file: &ReportFile, kept: &KeptReport, to: &mut Vec<u8>) {
    let KeptReport { hash, filed, findings, asked } = kept;
    let path = file.path();
    hash.pack(to);
    filed.is_some().pack(to);
    if let Some(filed) = filed {
        filed.report.pack(to);
        filed.sketch.pack(to);
    }
    pack_findings(findings, About { path: &path, agency: &file.agency, year: Some(file.year) }, to);
    asked.pack(to);
}

fn unpack_report(file: &ReportFile, forms: &Forms, from: &mut Unpacker<'_>) -> Option<KeptReport> {
    let path = file.path();
    let hash = from.get()?;
    let filed = if from.get()? {
        let report = Report::unpack(from, forms)?;
        let (agency, attachments) = (file.agency.clone(), file.attachments.clone());
        Some(Arc::new(Filed { agency, in_directory: file.in_directory, report, attachments, sketch: from.get()? }))
    } else {
        None
    };
    let findings = unpack_findings(from, About { path: &path, agency: &file.agency, year: Some(file.year) })?;
    Some(KeptReport { hash, filed, findings: findings.into(), asked: from.get()? })
}

fn pack_card(id: &str, kept: &KeptCard, to: &mut Vec<u8>) {
    kept.hash.pack(to);
    kept.card.pack(to);
    let path = format!("content/{id}/agency.toml");
    pack_findings(&kept.findings, About { path: &path, agency: id, year: None }, to);
}

fn unpack_card(id: &str, stamp: Stamp, from: &mut Unpacker<'_>) -> Option<KeptCard> {
    let (hash, card) = (from.get()?, Arc::new(from.get()?));
    let path = format!("content/{id}/agency.toml");
    let findings = unpack_findings(from, About { path: &path, agency: id, year: None })?;
    Some(KeptCard { stamp, hash, card, findings })
}

fn pack_judgement(id: &str, judgement: &Judgement, to: &mut Vec<u8>) {
    pack_text(id, to);
    judgement.faults.len().pack(to);
    for (agency, year, fault) in &judgement.faults {
        pack_text(agency, to);
        year.pack(to);
        pack_fault(fault, to);
    }
    pack_findings(&judgement.findings, About { path: "", agency: id, year: None }, to);
}

fn unpack_judgement(from: &mut Unpacker<'_>) -> Option<(Arc<str>, Judgement)> {
    let id: Arc<str> = from.get()?;
    let count = from.count()?;
    let faults: Option<Vec<_>> = (0..count).map(|_| Some((from.get()?, from.get()?, unpack_fault(from)?))).collect();
    let findings = unpack_findings(from, About { path: "", agency: &id, year: None })?;
    Some((id, Judgement { faults: faults?, findings }))
}

impl Kept {
    /// Gives all that is kept but the tree, packed in pieces, to `piece`.
    pub(super) fn pack<E>(&self, mut piece: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut bytes = Vec::new();
        self.pack_cards(&mut bytes);
        piece(&bytes)?;
        bytes.clear();
        self.pack_judged(&mut bytes);
        piece(&bytes)?;
        let parts: Vec<usize> = (0..self.reports.len().div_ceil(REPORTS)).collect();
        for parts in parts.chunks(AT_A_TIME) {
            let packed = |part: &usize| {
                let mut bytes = Vec::new();
                self.pack_reports(*part, &mut bytes);
                bytes
            };
            let pieces: Vec<Vec<u8>> = parts.par_iter().map(packed).collect();
            pieces.iter().try_for_each(|bytes| piece(bytes))?;
        }
        Ok(())
    }

    /// Gives those pieces that are others than they were when they were taken up to `piece`, each with its place. `false` if
    /// all may be.
    pub(super) fn pack_changes(&self, mut piece: impl FnMut(usize, &[u8])) -> bool {
        let Some(read) = &self.read_since else { return false };
        let mut bytes = Vec::new();
        self.pack_judged(&mut bytes);
        piece(1, &bytes);
        let parts: BTreeSet<usize> = read.iter().map(|place| place / REPORTS).collect();
        for part in parts {
            bytes.clear();
            self.pack_reports(part, &mut bytes);
            piece(part + 2, &bytes);
        }
        true
    }

    fn pack_cards(&self, bytes: &mut Vec<u8>) {
        let cards: Vec<(&Arc<str>, &KeptCard)> = self.listing.cards.iter().filter_map(|(id, _)| Some((id, self.cards.get(id)?))).collect();
        cards.len().pack(bytes);
        cards.into_iter().for_each(|(id, kept)| pack_card(id, kept, bytes));
    }

    fn pack_judged(&self, bytes: &mut Vec<u8>) {
        let judgements: BTreeMap<&Arc<str>, &Judgement> = self.judgements.iter().collect();
        judgements.len().pack(bytes);
        judgements.into_iter().for_each(|(id, judgement)| pack_judgement(id, judgement, bytes));
        self.suspicions.len().pack(bytes);
        self.suspicions.iter().for_each(|suspicion| (suspicion.report.0, suspicion.source.0).pack(bytes));
        let copies: BTreeMap<ReportIndex, &Vec<Finding>> = self.copies.iter().map(|(report, found)| (*report, found)).collect();
        copies.len().pack(bytes);
        for (report, found) in copies {
            report.0.pack(bytes);
            pack_findings(found, About { path: "", agency: "", year: None }, bytes);
        }
    }

    fn pack_reports(&self, part: usize, bytes: &mut Vec<u8>) {
        let reports = self.listing.reports.iter().zip(&self.reports).skip(part * REPORTS).take(REPORTS);
        reports.for_each(|(file, kept)| pack_report(file, kept, bytes));
    }

    /// Takes up what was packed of a site whose files were `tree`, under the settings that it was read under.
    pub(super) fn unpack(tree: Tree, settings: Settings, (count, piece): Pieces<'_>, world: &World<'_>) -> Option<Self> {
        let listing = Listing::of(&tree, settings.config.second_root());
        let files: Vec<&[ReportFile]> = listing.reports.chunks(REPORTS).collect();
        if count != files.len() + 2 {
            return None;
        }
        let forms = Arc::new(settings.forms);
        let unpack = |(part, files): (usize, &&[ReportFile])| -> Option<Vec<KeptReport>> {
            let bytes = piece(part + 2)?;
            let mut from = Unpacker::new(&bytes);
            files.iter().map(|file| unpack_report(file, &forms, &mut from)).collect()
        };
        let (of_agencies, reports) = rayon::join(
            || Some((unpack_cards(&listing, &piece(0)?)?, unpack_judged(&piece(1)?)?)),
            || files.par_iter().enumerate().map(unpack).collect::<Option<Vec<_>>>(),
        );
        let (cards, judged) = of_agencies?;
        let reports: Vec<KeptReport> = reports?.into_iter().flatten().collect();
        let (config, of_settings) = (settings.config, settings.findings);
        Some(Self::taken_up(Before { config, forms, of_settings, tree, listing, cards, reports, judged }, world))
    }
}

fn unpack_cards(listing: &Listing, piece: &[u8]) -> Option<Cards> {
    let mut from = Unpacker::new(piece);
    let is_whole = from.count()? == listing.cards.len();
    let cards = listing.cards.iter().filter(|_| is_whole).map(|(id, stamp)| Some((id.clone(), unpack_card(id, *stamp, &mut from)?)));
    cards.collect::<Option<Cards>>().filter(|_| is_whole)
}

/// What was found by comparing.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) judgements: FxHashMap<Arc<str>, Judgement>,
    pub(super) suspicions: Vec<Suspicion>,
    pub(super) copies: FxHashMap<ReportIndex, Vec<Finding>>,
}

fn unpack_judged(piece: &[u8]) -> Option<Judged> {
    let mut from = Unpacker::new(piece);
    let count = from.count()?;
    let judgements: Option<_> = (0..count).map(|_| unpack_judgement(&mut from)).collect();
    let suspicions: Vec<(u32, u32)> = from.get()?;
    let suspicions = suspicions.into_iter().map(|(report, source)| Suspicion { report: ReportIndex(report), source: ReportIndex(source) });
    let count = from.count()?;
    let copies: Option<_> = (0..count)
        .map(|_| Some((ReportIndex(from.get()?), unpack_findings(&mut from, About { path: "", agency: "", year: None })?)))
        .collect();
    Some(Judged { judgements: judgements?, suspicions: suspicions.collect(), copies: copies? })
}
