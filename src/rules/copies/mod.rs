//! Which report's text stands in which other: from the sketches that the archive keeps to the few pairs
//! that are worth reading again.
//!
//! Within a body every report is compared with those before it. Between bodies all kept hashes are
//! sorted once, and each report is credited with the earliest reports that share a hash; so the work
//! grows with the archive and not with its square. After an edit only the edited reports are compared
//! with all others, which is one pass over the sketches.

mod compare;
mod own_words;

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::archive::{AgencyIndex, Archive, ReportIndex, Sketch};
use crate::config::CopiedText;

pub(super) use compare::{Comparison, compare};
pub use own_words::sketch;
pub(super) use own_words::{OwnWords, names_of, own_words};

/// A report and another that its text may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Suspicion {
    /// The report.
    pub report: ReportIndex,
    /// Where its text may come from.
    pub source: ReportIndex,
}

/// Reports with fewer own words say nothing of their own, copied or not.
const SHORTEST_TEXT: usize = 120;
/// Sketches miss what light editing has cut up, and may be wrong besides, by this many points of a
/// hundred; the texts decide.
const DOUBT: usize = 30;
/// From this share on, text of another body is worth reading again for that body's name.
const WORTH_A_LOOK: usize = 15;
/// Fewer shared passages are chance.
const FEWEST_SHARED: usize = 3;
/// How many of the reports that share a hash, the earliest, are taken for its source.
const MOST_SOURCES: usize = 4;

/// All suspicions of an archive, by report.
pub(in crate::rules) fn suspicions(archive: &Archive, thresholds: CopiedText) -> Vec<Suspicion> {
    let mut found: Vec<Suspicion> = from_other_bodies(archive);
    let indexes: Vec<ReportIndex> = archive.reports().map(|(index, _)| index).collect();
    found.par_extend(indexes.par_iter().flat_map_iter(|report| from_own_reports(archive, *report, thresholds)));
    found.sort_unstable();
    found
}

/// The suspicions after some reports were edited, all others being as before. `old` holds the sketches
/// that the edited reports had.
pub(in crate::rules) fn suspicions_after(
    archive: &Archive,
    thresholds: CopiedText,
    before: &[Suspicion],
    edited: &[ReportIndex],
    old: &[Sketch],
) -> Vec<Suspicion> {
    let sketches: Vec<&Sketch> = edited.iter().map(|report| &archive.filed(*report).sketch).chain(old).collect();
    // Whose source may be another now: the edited bodies' reports among themselves, and of all reports
    // those that share a passage with an edited one, as it is or as it was.
    let bodies: FxHashSet<AgencyIndex> = edited.iter().map(|report| archive.agency_of(*report)).collect();
    let related = sharing(archive, &sketches);
    let concerned: FxHashSet<ReportIndex> = related.iter().chain(edited).copied().collect();
    let stands = |suspicion: &&Suspicion| {
        let own = archive.agency_of(suspicion.report);
        if own == archive.agency_of(suspicion.source) { !bodies.contains(&own) } else { !concerned.contains(&suspicion.report) }
    };
    let mut found: Vec<Suspicion> = before.iter().filter(stands).copied().collect();
    found.extend(
        bodies.iter().flat_map(|body| &archive.agency(*body).reports).flat_map(|report| from_own_reports(archive, *report, thresholds)),
    );
    let again: Vec<ReportIndex> = concerned.into_iter().collect();
    found.par_extend(again.par_iter().filter_map(|report| match edited.contains(report) {
        true => from_others(archive, *report, related.clone()),
        false => from_others(archive, *report, sharing(archive, &[&archive.filed(*report).sketch])),
    }));
    found.sort_unstable();
    found
}

/// The same body's earlier reports that much of a text may come from: last year's, and of the older ones
/// the one with most of it.
fn from_own_reports(archive: &Archive, report: ReportIndex, thresholds: CopiedText) -> impl Iterator<Item = Suspicion> + use<> {
    let (own, year) = (&archive.filed(report).sketch, archive.report(report).year);
    let earlier = archive.agency(archive.agency_of(report)).reports.iter().filter(|other| archive.report(**other).year < year);
    let (mut last, mut older) = (None, None);
    for source in earlier.filter(|_| own.length() >= SHORTEST_TEXT) {
        let share = percent(own.found_in(&archive.filed(*source).sketch));
        if archive.report(*source).year + 1 == year {
            last = (share + DOUBT >= usize::from(thresholds.last_year)).then_some((share, *source));
        } else if share + DOUBT >= usize::from(thresholds.earlier) {
            older = older.max(Some((share, *source)));
        }
    }
    last.into_iter().chain(older).map(move |(_, source)| Suspicion { report, source })
}

fn percent((found, of): (usize, usize)) -> usize {
    (found * 100).checked_div(of).unwrap_or(0)
}

/// When a report appeared: by year, day of publication, place in the archive. Whose text was first there
/// is nobody's copy.
type Appearance = (u16, bool, Option<Date>, ReportIndex);

fn appearance(archive: &Archive, index: ReportIndex) -> Appearance {
    let report = archive.report(index);
    (report.year, report.published.is_none(), report.published, index)
}

/// For each report the other body's report that most of its passages come from.
fn from_other_bodies(archive: &Archive) -> Vec<Suspicion> {
    let mut order: Vec<ReportIndex> = archive.reports().map(|(index, _)| index).collect();
    order.sort_by_cached_key(|index| appearance(archive, *index));
    let mut holders: Vec<(u32, u32)> = Vec::new();
    for (rank, index) in (0u32..).zip(&order) {
        let sketch = &archive.filed(*index).sketch;
        if sketch.length() >= SHORTEST_TEXT {
            holders.extend(sketch.hashes().iter().map(|hash| (*hash, rank)));
        }
    }
    holders.par_sort_unstable();
    let mut credits: Vec<(u32, u32)> = Vec::new();
    for holders in holders.chunk_by(|a, b| a.0 == b.0).filter(|holders| holders.len() > 1) {
        let agency = |rank: u32| archive.agency_of(order[rank as usize]);
        credit(holders.iter().map(|(_, rank)| *rank), agency, |report, source| credits.push((report, source)));
    }
    drop(holders);
    credits.par_sort_unstable();
    let of_report = credits.chunk_by(|a, b| a.0 == b.0);
    let most = |credits: &[(u32, u32)]| {
        let sources = credits.chunk_by(|a, b| a.1 == b.1).map(|same| (order[same[0].1 as usize], same.len()));
        most_credited(archive, order[credits[0].0 as usize], sources)
    };
    of_report.filter_map(most).collect()
}

/// Credits the holders of one hash, by appearance, to the earliest holders of other bodies. A passage that
/// the body itself has used before is its own.
fn credit<R: Copy>(holders: impl Iterator<Item = R>, agency: impl Fn(R) -> AgencyIndex, mut give: impl FnMut(R, R)) {
    let mut first: Vec<R> = Vec::with_capacity(MOST_SOURCES);
    let mut seen: FxHashSet<AgencyIndex> = FxHashSet::default();
    for holder in holders.filter(|holder| seen.insert(agency(*holder))) {
        first.iter().for_each(|source| give(holder, *source));
        if first.len() < MOST_SOURCES {
            first.push(holder);
        }
    }
}

/// The source with most credits, the earliest of equals, if it is worth reading.
fn most_credited(archive: &Archive, report: ReportIndex, credits: impl Iterator<Item = (ReportIndex, usize)>) -> Option<Suspicion> {
    let (source, shared) = credits.max_by_key(|(source, shared)| (*shared, std::cmp::Reverse(appearance(archive, *source))))?;
    let (found, of) = archive.filed(report).sketch.found_in(&archive.filed(source).sketch);
    (shared >= FEWEST_SHARED && percent((found, of)) >= WORTH_A_LOOK).then_some(Suspicion { report, source })
}

/// The same for one report, given all that share a passage with it.
fn from_others(archive: &Archive, report: ReportIndex, mut others: Vec<ReportIndex>) -> Option<Suspicion> {
    let sketch = &archive.filed(report).sketch;
    others.sort_by_cached_key(|other| appearance(archive, *other));
    let mut holders: FxHashMap<u32, Vec<ReportIndex>> = sketch.hashes().iter().map(|hash| (*hash, Vec::new())).collect();
    for other in others {
        for hash in archive.filed(other).sketch.hashes() {
            if let Some(holders) = holders.get_mut(hash) {
                holders.push(other);
            }
        }
    }
    let mut credits: FxHashMap<ReportIndex, usize> = FxHashMap::default();
    for holders in holders.into_values() {
        credit(
            holders.into_iter(),
            |other| archive.agency_of(other),
            |holder, source| {
                if holder == report {
                    *credits.entry(source).or_default() += 1;
                }
            },
        );
    }
    most_credited(archive, report, credits.into_iter())
}

/// The reports that share a kept passage with one of some sketches, in order; one pass over all sketches.
fn sharing(archive: &Archive, sketches: &[&Sketch]) -> Vec<ReportIndex> {
    // A filter of the low bits keeps the pass over millions of hashes out of the hash table.
    let mut filter = vec![0u64; 1024];
    let mut wanted: FxHashSet<u32> = FxHashSet::default();
    for hash in sketches.iter().filter(|sketch| sketch.length() >= SHORTEST_TEXT).flat_map(|sketch| sketch.hashes()) {
        filter[(hash % 65_536 / 64) as usize] |= 1 << (hash % 64);
        wanted.insert(*hash);
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    let is_wanted = |hash: &u32| filter[(hash % 65_536 / 64) as usize] & (1 << (hash % 64)) != 0 && wanted.contains(hash);
    let reports: Vec<ReportIndex> = archive.reports().map(|(index, _)| index).collect();
    let shares = |index: &ReportIndex| {
        let sketch = &archive.filed(*index).sketch;
        sketch.length() >= SHORTEST_TEXT && sketch.hashes().iter().any(is_wanted)
    };
    reports.into_par_iter().with_min_len(1024).filter(shares).collect()
}
