//! What a loader keeps of a site between two looks at it, and how it takes in what is different.
//!
//! Steps: listing → cards → reports → archive → judgement of agencies → findings. After an edit of
//! reports that were there before, each step does only what the edit asks for. When agencies or
//! reports come or go, or a card changes, the cheap steps run for all, since any agency may be
//! concerned; still only files that changed are read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Changed;
use super::listing::{Listing, ReportFile};
use super::record::Judged;
use super::reports::{Cards, KeptReport, Reader, lost_successions, read_cards, undescribed};
use super::settings::Settings;
use super::tree::{Difference, Tree};
use super::{Progress, Stages};
use crate::archive::{AgencyIndex, Archive, Filed, ReportIndex};
use crate::config::Config;
use crate::diagnostic::{Fault, Finding};
use crate::form::Forms;
use crate::rules::{Judge, Levels, Subject, Suspicion};
use crate::site::{Files, Findings};

/// What the rules of agencies have found from one agency.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    /// The faults, each with the agency and year of its report.
    pub(super) faults: Vec<(Arc<str>, u16, Fault)>,
    /// The same, placed.
    pub(super) findings: Vec<Finding>,
}

/// What is kept of a site.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) config: Arc<Config>,
    pub(super) forms: Arc<Forms>,
    pub(super) archive: Arc<Archive>,
    pub(super) findings: Arc<Findings>,
    tree: Tree,
    pub(super) listing: Listing,
    pub(super) cards: Cards,
    /// One for each of the listing's reports.
    pub(super) reports: Vec<KeptReport>,
    of_settings: Vec<Finding>,
    /// Findings that come from no report: of settings, listing and cards, by file.
    fixed: BTreeMap<String, Vec<Finding>>,
    /// By the agency that was judged; only where something was found.
    pub(super) judgements: FxHashMap<Arc<str>, Judgement>,
    /// Which reports' texts may come from which others.
    pub(super) suspicions: Vec<Suspicion>,
    /// What of that is true, by report.
    pub(super) copies: FxHashMap<ReportIndex, Vec<Finding>>,
    /// The places of reports that were read since all this was taken up; none if it was not, or is another listing now.
    pub(super) read_since: Option<BTreeSet<usize>>,
}

/// What was kept of a site when it was last read.
pub(super) struct Before {
    pub(super) config: Config,
    pub(super) forms: Arc<Forms>,
    pub(super) of_settings: Vec<Finding>,
    pub(super) tree: Tree,
    pub(super) listing: Listing,
    pub(super) cards: Cards,
    pub(super) reports: Vec<KeptReport>,
    pub(super) judged: Judged,
}

/// What the steps need to know of the world.
pub(super) struct World<'w> {
    pub(super) root: &'w Path,
    pub(super) files: &'w dyn Files,
    pub(super) today: Date,
    pub(super) progress: Progress<'w>,
}

impl Kept {
    /// Everything, read for the first time.
    pub(super) fn new(settings: Settings, world: &World<'_>, stages: &mut Stages) -> Self {
        let tree = stages.time("list", || Tree::of(world.root));
        Self::of(tree, settings, world, stages)
    }

    /// The same files, all read anew under other settings.
    pub(super) fn under(self, settings: Settings, world: &World<'_>, stages: &mut Stages) -> Self {
        Self::of(self.tree, settings, world, stages)
    }

    fn of(tree: Tree, settings: Settings, world: &World<'_>, stages: &mut Stages) -> Self {
        let mut kept = Self {
            config: Arc::new(settings.config),
            forms: Arc::new(settings.forms),
            archive: Arc::default(),
            findings: Arc::default(),
            tree,
            listing: Listing::default(),
            cards: Cards::default(),
            reports: Vec::new(),
            of_settings: settings.findings,
            fixed: BTreeMap::new(),
            judgements: FxHashMap::default(),
            suspicions: Vec::new(),
            copies: FxHashMap::default(),
            read_since: None,
        };
        kept.judge_all(world, stages);
        kept
    }

    /// The site as it was when this was kept: what follows from it is worked out, nothing is read.
    pub(super) fn taken_up(before: Before, world: &World<'_>) -> Self {
        let Before { config, forms, of_settings, tree, listing, cards, reports, judged } = before;
        let Judged { judgements, suspicions, copies } = judged;
        let (archive, findings, fixed) = (Arc::default(), Arc::default(), BTreeMap::new());
        let (config, read_since) = (Arc::new(config), Some(BTreeSet::new()));
        let mut kept = Self {
            config,
            forms,
            archive,
            findings,
            tree,
            listing,
            cards,
            reports,
            of_settings,
            fixed,
            judgements,
            suspicions,
            copies,
            read_since,
        };
        kept.file(&[], true);
        kept.fix(world);
        let judge = Judge::new(&kept.config, &kept.forms, world.files, world.today);
        kept.findings = Arc::new(kept.gather_all(&judge));
        kept
    }

    /// The tree as it is now; what is different in it is to be taken in.
    pub(super) fn is_now(&mut self, tree: Tree) {
        let before = std::mem::replace(&mut self.tree, tree);
        // Hundreds of thousands of names: nobody waits until they are freed.
        rayon::spawn(|| drop(before));
    }

    /// Takes in the tree as it is, and judges everything again.
    pub(super) fn judge_all(&mut self, world: &World<'_>, stages: &mut Stages) -> Changed {
        self.take_in(Difference { structure: true, ..Difference::default() }, world, stages)
    }

    /// Whether settings are those that everything was read under.
    pub(super) fn is_under(&self, settings: &Settings) -> bool {
        *self.config == settings.config && *self.forms == settings.forms && self.of_settings == settings.findings
    }

    /// What lies below `content/`.
    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The directories that were looked at, below the site's root.
    pub(super) fn directories(&self) -> impl Iterator<Item = String> {
        self.tree.directories().map(|(path, _)| if path.is_empty() { "content".to_owned() } else { format!("content/{path}") })
    }

    /// Looks at the disk again.
    pub(super) fn look<'p>(&mut self, everything: bool, touched: impl IntoIterator<Item = &'p str>) -> Difference {
        if everything { self.tree.refresh_all() } else { self.tree.refresh(touched) }
    }

    /// Takes in what is different.
    pub(super) fn take_in(&mut self, difference: Difference, world: &World<'_>, stages: &mut Stages) -> Changed {
        let card = |path: &String| path.ends_with("/agency.toml");
        let anew = difference.structure || difference.edited.iter().any(card);
        let stale = stages.time("read", || if anew { self.relist(&difference.edited, world) } else { self.restamp(&difference.edited) });
        self.read_since = self.read_since.take().filter(|_| !anew);
        self.read_since.iter_mut().for_each(|read| read.extend(&stale));
        let mut changed = Changed::default();
        let rebuilt = stages.time("read", || self.read(&stale, &mut changed, world)) || anew;
        let before = self.archive.clone();
        let rebuilt = stages.time("archive", || self.file(&stale, rebuilt));
        stages.time("check", || {
            self.judge(&stale, rebuilt, &mut changed, world);
            changed.files.extend(self.compare(&stale, &before, rebuilt, world));
            let mut changed = self.settle(&stale, changed, rebuilt, world);
            changed.edited = difference.edited.iter().map(|path| format!("content/{path}")).collect();
            changed.files.extend(changed.edited.iter().cloned());
            changed
        })
    }

    /// Tells apart anew what the tree holds, reads cards, and keeps of the reports what still holds.
    /// Returns the places of those that must be read.
    fn relist(&mut self, edited: &BTreeSet<String>, world: &World<'_>) -> Vec<usize> {
        let listing = Listing::of(&self.tree, self.config.second_root());
        let touched = |id: &str| edited.contains(&format!("{id}/agency.toml"));
        let renamed = read_cards(world.root, &listing, &self.config, &mut self.cards, touched);
        for (id, kept) in &self.cards {
            self.tree.was_read(&format!("{id}/agency.toml"), kept.hash);
        }
        let files = std::mem::replace(&mut self.listing, listing).reports;
        let mut before = files.into_iter().zip(std::mem::take(&mut self.reports)).peekable();
        let edited: FxHashSet<usize> = edited.iter().filter_map(|path| self.listing.find_report_at(path)).collect();
        let reader = reader(world.root, &self.config, &self.forms, &self.cards, &self.listing);
        let key = |file: &ReportFile| (file.agency.clone(), file.year, file.in_directory);
        let mut stale = Vec::new();
        let mut reports = Vec::with_capacity(self.listing.reports.len());
        for (place, file) in self.listing.reports.iter().enumerate() {
            while before.next_if(|(old, _)| key(old) < key(file)).is_some() {}
            let kept = before.next_if(|(old, _)| key(old) == key(file)).filter(|(old, kept)| {
                let touched = old.stamp != file.stamp || old.attachment_stamps != file.attachment_stamps || edited.contains(&place);
                !touched && !renamed.contains(&file.agency) && !reader.is_outdated(file, kept)
            });
            if kept.is_none() {
                stale.push(place);
            }
            reports.push(kept.map_or_else(KeptReport::default, |(_, kept)| kept));
        }
        self.reports = reports;
        self.fix(world);
        stale
    }

    /// Gathers the findings that come from no report.
    fn fix(&mut self, world: &World<'_>) {
        let of_files = self.of_settings.iter().chain(&self.listing.findings).cloned();
        let of_agencies = undescribed(&self.listing, &self.cards).into_iter().chain(lost_successions(world.root, &self.cards));
        let levelled = Levels::of(&self.config).0.of_files(of_files.chain(of_agencies));
        self.fixed = group(levelled.into_iter().chain(self.cards.values().flat_map(|kept| kept.findings.iter().cloned())));
    }

    /// Gives edited reports, and files beside them, their new stamps and returns the reports' places.
    fn restamp(&mut self, edited: &BTreeSet<String>) -> Vec<usize> {
        let mut stale = BTreeSet::new();
        for path in edited {
            let place = self.listing.find_report_at(path);
            let Some((place, stamp)) = place.zip(self.tree.stamp(path)) else { continue };
            let report = &mut self.listing.reports[place];
            let full = format!("content/{path}");
            match report.attachments.iter().position(|name| report.path_beside(name) == full) {
                Some(beside) => report.attachment_stamps[beside] = stamp,
                None if report.path() == full => report.stamp = stamp,
                // A stray file in the directory of the year.
                None => continue,
            }
            stale.insert(place);
        }
        stale.into_iter().collect()
    }

    /// Reads reports; says whether one that could be read before cannot be read now, or the other way
    /// round, and takes note of years and days that are concerned.
    fn read(&mut self, stale: &[usize], changed: &mut Changed, world: &World<'_>) -> bool {
        let files: Vec<&ReportFile> = stale.iter().map(|place| &self.listing.reports[*place]).collect();
        let read = reader(world.root, &self.config, &self.forms, &self.cards, &self.listing).read_all(&files, world.progress);
        let mut came_or_went = false;
        for (place, report) in stale.iter().zip(read) {
            let before = &self.reports[*place].filed;
            came_or_went |= before.is_some() != report.filed.is_some();
            changed.years.insert(self.listing.reports[*place].year);
            changed.days |= days(before) != days(&report.filed);
            self.tree.was_read(below_content(&self.listing.reports[*place].path()), report.hash);
            self.reports[*place] = report;
        }
        came_or_went
    }

    /// Makes the archive of what was read; says whether it is a new one that shares nothing with the one before.
    fn file(&mut self, stale: &[usize], rebuilt: bool) -> bool {
        let edited = || stale.iter().filter_map(|place| self.reports[*place].filed.clone()).collect::<Vec<_>>();
        let shared = if rebuilt { None } else { self.archive.with(&edited()) };
        let rebuilt = shared.is_none();
        self.archive = Arc::new(shared.unwrap_or_else(|| {
            let cards = self.cards.iter().map(|(id, kept)| (id.clone(), kept.card.clone())).collect();
            Archive::beside(cards, self.reports.iter().filter_map(|report| report.filed.clone()).collect(), self.config.second_root())
        }));
        rebuilt
    }

    /// Judges agencies again: all, or those that edited reports have part in. Takes note of them and of the
    /// files whose findings may be others now.
    fn judge(&mut self, stale: &[usize], all: bool, changed: &mut Changed, world: &World<'_>) {
        let archive = self.archive.clone();
        let edited: FxHashSet<(&str, u16)> =
            stale.iter().map(|place| (&*self.listing.reports[*place].agency, self.listing.reports[*place].year)).collect();
        let agencies: BTreeSet<AgencyIndex> = if all {
            archive.agencies().map(|(index, _)| index).collect()
        } else {
            let edited = edited.iter().filter_map(|(agency, _)| archive.find_agency(agency));
            edited.flat_map(|agency| Judge::concerned(&archive, agency)).collect()
        };
        let agencies: Vec<AgencyIndex> = agencies.into_iter().collect();
        let judge = Judge::new(&self.config, &self.forms, world.files, world.today);
        let before = &self.judgements;
        let judged: Vec<(Arc<str>, Option<Judgement>)> = agencies
            .par_iter()
            .map(|agency| {
                let id = archive.agency(*agency).id.clone();
                let judgement = judged(&judge, &archive, *agency, |faults| {
                    let same = before.get(&id).filter(|before| before.faults == faults);
                    same.filter(|_| !faults.iter().any(|(agency, year, _)| *year == 0 || edited.contains(&(&**agency, *year))))
                        .map(|before| before.findings.clone())
                });
                (id, judgement)
            })
            .collect();
        changed.everything = all;
        if all {
            self.judgements = judged.into_iter().filter_map(|(id, judgement)| Some((id, judgement?))).collect();
            return;
        }
        for (id, judgement) in judged {
            let before = self.judgements.remove(&id);
            let findings = before.iter().chain(&judgement).flat_map(|judgement| &judgement.findings);
            changed.files.extend(findings.map(|finding| finding.path.clone()));
            self.judgements.extend(judgement.map(|judgement| (id.clone(), judgement)));
            changed.agencies.insert(id);
        }
    }

    /// Sees again whose text stands in whose: of all, or of edited reports. Returns the files whose findings
    /// may be others.
    fn compare(&mut self, stale: &[usize], before: &Archive, all: bool, world: &World<'_>) -> BTreeSet<String> {
        let archive = self.archive.clone();
        let judge = Judge::new(&self.config, &self.forms, world.files, world.today);
        if all {
            self.suspicions = judge.suspicions(&archive);
            let about: Vec<&[Suspicion]> = self.suspicions.chunk_by(|a, b| a.report == b.report).collect();
            let judged = about.into_par_iter().map(|about| (about[0].report, judge.judge_copies(&archive, about)));
            self.copies = judged.filter(|(_, findings)| !findings.is_empty()).collect();
            return BTreeSet::new();
        }
        let edited: Vec<ReportIndex> = stale.iter().filter_map(|place| index_of(&archive, &self.listing.reports[*place])).collect();
        let suspicions = judge.suspicions_after(&archive, before, &self.suspicions, &edited);
        // What a text is copied from counts by its words; about a copy itself the places count, too.
        let rewritten =
            |report: &ReportIndex| edited.contains(report) && !archive.filed(*report).sketch.is_of_same_text(&before.filed(*report).sketch);
        let concerns = |suspicion: &&Suspicion| edited.contains(&suspicion.report) || rewritten(&suspicion.source);
        let again: BTreeSet<ReportIndex> =
            differing(&suspicions, &self.suspicions).chain(suspicions.iter().filter(concerns)).map(|suspicion| suspicion.report).collect();
        for report in &again {
            let from = suspicions.partition_point(|suspicion| suspicion.report < *report);
            let about: Vec<Suspicion> = suspicions[from..].iter().take_while(|suspicion| suspicion.report == *report).copied().collect();
            match judge.judge_copies(&archive, &about) {
                findings if findings.is_empty() => drop(self.copies.remove(report)),
                findings => drop(self.copies.insert(*report, findings)),
            }
        }
        self.suspicions = suspicions;
        again.iter().map(|report| archive.filed(*report).path()).collect()
    }

    /// Gathers findings: all, or those of edited reports and of the files that judging has touched.
    fn settle(&mut self, stale: &[usize], mut changed: Changed, all: bool, world: &World<'_>) -> Changed {
        let judge = Judge::new(&self.config, &self.forms, world.files, world.today);
        if all {
            self.findings = Arc::new(self.gather_all(&judge));
            return changed;
        }
        changed.files.extend(stale.iter().map(|place| self.listing.reports[*place].path()));
        let mut findings = (*self.findings).clone();
        let places: BTreeSet<usize> =
            changed.files.iter().filter_map(|path| self.listing.find_report_at(path.strip_prefix("content/")?)).collect();
        let mut gathered: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for path in changed.files.iter().filter(|path| path.ends_with("/agency.toml")) {
            gathered.insert(path.clone(), self.gather_card(path));
        }
        for place in &places {
            gathered.append(&mut self.gather(*place, &judge));
        }
        changed.agencies.extend(places.iter().map(|place| self.listing.reports[*place].agency.clone()));
        changed.files.extend(gathered.keys().cloned());
        for (path, found) in &mut gathered {
            crate::diagnostic::sort(found);
            let before = findings.of_file(path);
            if before != found.as_slice() {
                changed.rules.extend(before.iter().chain(&*found).map(|finding| finding.rule));
            }
        }
        findings.replace(gathered);
        self.findings = Arc::new(findings);
        changed
    }

    /// All findings. What was found in a report's file by looking at it alone is shared, not copied.
    fn gather_all(&self, judge: &Judge<'_>) -> Findings {
        let fixed = self.fixed.values().flatten();
        let judged = self.judgements.values().flat_map(|judgement| &judgement.findings);
        let mut files = group(fixed.chain(judged).chain(self.copies.values().flatten()).cloned());
        let mut shared: Vec<(&str, Arc<[Finding]>)> = Vec::new();
        for (place, report) in self.reports.iter().enumerate() {
            if report.filed.as_ref().is_some_and(|filed| !filed.report.details().waivers.is_empty()) {
                files.append(&mut self.gather(place, judge));
                continue;
            }
            let Some(first) = report.findings.first() else { continue };
            if report.findings.iter().all(|finding| finding.path == first.path) && !files.contains_key(&first.path) {
                shared.push((&first.path, report.findings.clone()));
            } else {
                report.findings.iter().for_each(|finding| files.entry(finding.path.clone()).or_default().push(finding.clone()));
            }
        }
        let mut findings = Findings::default();
        findings.replace(files);
        findings.share(&shared);
        findings
    }

    /// All findings about a report, in its file and beside it, waivers applied. Each of these files is
    /// there, with or without findings.
    fn gather(&self, place: usize, judge: &Judge<'_>) -> BTreeMap<String, Vec<Finding>> {
        let (file, report) = (&self.listing.reports[place], &self.reports[place]);
        let path = file.path();
        let mut found: Vec<Finding> = self.fixed.get(&path).cloned().unwrap_or_default();
        found.extend(report.findings.iter().cloned());
        if let Some(filed) = &report.filed {
            found.extend(self.judged_in(filed).filter(|finding| finding.path == path).cloned());
            found.extend(index_of(&self.archive, file).and_then(|index| self.copies.get(&index)).into_iter().flatten().cloned());
            judge.settle(&mut found, filed);
        }
        let mut files = group(found.into_iter());
        for path in file.attachments.iter().map(|name| file.path_beside(name)).chain(std::iter::once(path)) {
            // What the listing finds fault with stands in files that are no report's.
            files.entry(path).or_default();
        }
        files
    }

    /// All findings in an `agency.toml`.
    fn gather_card(&self, path: &str) -> Vec<Finding> {
        let mut found = self.fixed.get(path).cloned().unwrap_or_default();
        let id = path.strip_prefix("content/").and_then(|path| path.strip_suffix("/agency.toml"));
        let judged = id.and_then(|id| self.judgements.get(id)).into_iter().flat_map(|judgement| &judgement.findings);
        found.extend(judged.filter(|finding| finding.path == path).cloned());
        found
    }

    /// What was found from the agency of a report and from those above it.
    fn judged_in(&self, filed: &Filed) -> impl Iterator<Item = &Finding> {
        let agencies = self.archive.find_agency(&filed.agency).map(|agency| Judge::concerned(&self.archive, agency)).unwrap_or_default();
        let judgements = agencies.into_iter().filter_map(|agency| self.judgements.get(&self.archive.agency(agency).id));
        judgements.flat_map(|judgement| &judgement.findings)
    }
}

/// The days on which a report was published and revised.
fn days(filed: &Option<Arc<Filed>>) -> Option<(Option<Date>, Vec<Option<Date>>)> {
    let report = &filed.as_ref()?.report;
    Some((report.published, report.details().revisions.iter().map(|revision| revision.date).collect()))
}

/// A path below the root as one below `content/`.
pub(super) fn below_content(path: &str) -> &str {
    path.strip_prefix("content/").unwrap_or(path)
}

fn reader<'r>(root: &'r Path, config: &'r Config, forms: &'r Forms, cards: &'r Cards, listing: &'r Listing) -> Reader<'r> {
    Reader { root, config, forms, cards, listing }
}

/// Judges one agency. `known` gives the findings of faults that were placed before.
fn judged(
    judge: &Judge<'_>,
    archive: &Archive,
    agency: AgencyIndex,
    known: impl Fn(&[(Arc<str>, u16, Fault)]) -> Option<Vec<Finding>>,
) -> Option<Judgement> {
    let found = judge.judge(archive, agency);
    if found.is_empty() {
        return None;
    }
    let named = |(subject, fault): &(Subject, Fault)| match subject {
        Subject::Report(report) => (archive.filed(*report).agency.clone(), archive.report(*report).year, fault.clone()),
        Subject::Agency(agency, year) => (archive.agency(*agency).id.clone(), *year, fault.clone()),
        // No report is of the year 0: places in cards are looked up each time.
        Subject::Card(agency) => (archive.agency(*agency).id.clone(), 0, fault.clone()),
    };
    let faults: Vec<(Arc<str>, u16, Fault)> = found.iter().map(named).collect();
    let findings = known(&faults).unwrap_or_else(|| {
        let place =
            |faults: &[(Subject, Fault)]| judge.place_on(faults.iter().map(|(_, fault)| fault.clone()).collect(), archive, faults[0].0);
        found.chunk_by(|a, b| a.0 == b.0).flat_map(place).collect()
    });
    Some(Judgement { faults, findings })
}

/// What is in one of two ordered lists and not in the other.
fn differing<'s, T: Ord>(a: &'s [T], b: &'s [T]) -> impl Iterator<Item = &'s T> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    std::iter::from_fn(move || {
        loop {
            match (a.peek(), b.peek()) {
                (Some(x), Some(y)) if x == y => drop((a.next(), b.next())),
                (Some(x), Some(y)) => return if x < y { a.next() } else { b.next() },
                _ => return a.next().or_else(|| b.next()),
            }
        }
    })
}

/// The place in the archive of a report that is on file.
fn index_of(archive: &Archive, file: &ReportFile) -> Option<ReportIndex> {
    archive.find_report(archive.find_agency(&file.agency)?, file.year)
}

/// Findings by file.
fn group(findings: impl Iterator<Item = Finding>) -> BTreeMap<String, Vec<Finding>> {
    let mut files: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for finding in findings {
        match files.get_mut(&finding.path) {
            Some(found) => found.push(finding),
            None => drop(files.insert(finding.path.clone(), vec![finding])),
        }
    }
    files
}
