//! Which report's text stands in which other: from the sketches that the archive keeps to the few pairs
//! that are worth reading again.
//!
//! Within a body every report is compared with those before it. Between bodies all kept hashes are
//! sorted once, which shows the few that bodies share and the earliest reports that have each; then every
//! report counts from which of these most of its own come. So the work grows with the archive and not with its
//! square. After an edit of words one pass over the sketches finds who had the edited passages first; only where
//! an edited report is among these are others looked at.

mod compare;
mod own_words;

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::archive::{AgencyIndex, Archive, ReportIndex};
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

/// The suspicions after some reports were edited, all others being as they were in the archive `old`,
/// whose suspicions are `before`.
pub(in crate::rules) fn suspicions_after(
    archive: &Archive,
    thresholds: CopiedText,
    old: &Archive,
    before: &[Suspicion],
    edited: &[ReportIndex],
) -> Vec<Suspicion> {
    let bodies: FxHashSet<AgencyIndex> = edited.iter().map(|report| archive.agency_of(*report)).collect();
    let others = Others::after(archive, old, edited);
    let stands = |suspicion: &&Suspicion| {
        let own = archive.agency_of(suspicion.report);
        if own == archive.agency_of(suspicion.source) { !bodies.contains(&own) } else { !others.concerned.contains(&suspicion.report) }
    };
    let mut found: Vec<Suspicion> = before.iter().filter(stands).copied().collect();
    found.extend(
        bodies.iter().flat_map(|body| &archive.agency(*body).reports).flat_map(|report| from_own_reports(archive, *report, thresholds)),
    );
    let mut counts = Counts::of(archive);
    found.extend(others.concerned.iter().filter_map(|report| {
        let (own, mine) = (archive.agency_of(*report), appearance(archive, *report));
        let before = move |(appearance, agency): &&(Appearance, AgencyIndex)| *agency != own && *appearance < mine;
        let sources = |hash| Some(others.firsts.get(&hash)?.0.iter().filter(before).map(|((.., source), _)| *source));
        from_others(archive, *report, sources, &mut counts)
    }));
    found.sort_unstable();
    found
}

/// Whose source in another body may be another after an edit, and who had their passages first.
#[derive(Default)]
struct Others {
    concerned: FxHashSet<ReportIndex>,
    firsts: FxHashMap<u32, Firsts>,
}

impl Others {
    fn after(archive: &Archive, old: &Archive, edited: &[ReportIndex]) -> Self {
        // Figures are no words: most edits leave the sketch as it was.
        let is_same = |report: &ReportIndex| {
            appearance(archive, *report) == appearance(old, *report) && archive.filed(*report).sketch == old.filed(*report).sketch
        };
        let edited: FxHashSet<ReportIndex> = edited.iter().filter(|report| !is_same(report)).copied().collect();
        if edited.is_empty() {
            return Self::default();
        }
        let hashes = |archive: &Archive| -> Vec<u32> { edited.iter().flat_map(|report| kept(archive, *report)).copied().collect() };
        let wanted = Wanted::new([hashes(archive), hashes(old)].concat());
        let untouched = firsts(archive, &wanted, &edited);
        let with_edited = |archive: &Archive| {
            let mut all = untouched.clone();
            edited.iter().for_each(|report| all.take(archive, *report, &wanted));
            all.0
        };
        let (mut now, then) = (with_edited(archive), with_edited(old));
        // Others are credited to an edited report, or were, only where it is among the first.
        let leads = |firsts: &FxHashMap<u32, Firsts>, hash: &u32| firsts.get(hash).is_some_and(|first| first.holds(&edited));
        let led: Vec<u32> = wanted.hashes.iter().filter(|hash| leads(&now, hash) || leads(&then, hash)).copied().collect();
        let mut concerned = edited.clone();
        // The same body's later reports are nobody's copy where an edited one came first.
        let bodies = edited.iter().flat_map(|report| &archive.agency(archive.agency_of(*report)).reports);
        concerned.extend(bodies.filter(|report| kept(archive, **report).iter().any(|hash| wanted.has(*hash))));
        concerned.extend(holders(archive, &Wanted::new(led)));
        let more =
            Wanted::new(concerned.iter().flat_map(|report| kept(archive, *report)).copied().filter(|hash| !wanted.has(*hash)).collect());
        now.extend(firsts(archive, &more, &FxHashSet::default()).0);
        Self { concerned, firsts: now }
    }
}

/// The hashes by which a report takes part in comparisons: none if it is too short.
fn kept(archive: &Archive, report: ReportIndex) -> &[u32] {
    let sketch = &archive.filed(report).sketch;
    if sketch.length() >= SHORTEST_TEXT { sketch.hashes() } else { &[] }
}

/// Hashes that are looked for in millions of others.
struct Wanted {
    hashes: FxHashSet<u32>,
    /// A filter of the low bits, which keeps most of the millions out of the hash table.
    filter: Vec<u64>,
}

impl Wanted {
    fn new(hashes: Vec<u32>) -> Self {
        let mut filter = vec![0u64; 1024];
        for hash in &hashes {
            filter[(hash % 65_536 / 64) as usize] |= 1 << (hash % 64);
        }
        Self { hashes: hashes.into_iter().collect(), filter }
    }

    fn has(&self, hash: u32) -> bool {
        self.filter[(hash % 65_536 / 64) as usize] & (1 << (hash % 64)) != 0 && self.hashes.contains(&hash)
    }
}

/// The first reports that have a passage, one of a body, the earliest first; no more than are credited.
#[derive(Debug, Clone, Default)]
struct Firsts(Vec<(Appearance, AgencyIndex)>);

impl Firsts {
    fn take(&mut self, holder: (Appearance, AgencyIndex)) {
        // Nearly all of the many that share a set sentence come too late.
        if self.0.len() == MOST_SOURCES && self.0.last().is_some_and(|last| holder > *last) {
            return;
        }
        match self.0.iter_mut().find(|(_, agency)| *agency == holder.1) {
            Some(same) => *same = holder.min(*same),
            None => self.0.push(holder),
        }
        self.0.sort_unstable();
        self.0.truncate(MOST_SOURCES);
    }

    fn holds(&self, reports: &FxHashSet<ReportIndex>) -> bool {
        self.0.iter().any(|((.., report), _)| reports.contains(report))
    }
}

/// The first reports for each of some hashes.
#[derive(Debug, Clone, Default)]
struct AllFirsts(FxHashMap<u32, Firsts>);

impl AllFirsts {
    fn take(&mut self, archive: &Archive, report: ReportIndex, wanted: &Wanted) {
        let mut shared = kept(archive, report).iter().filter(|hash| wanted.has(**hash)).peekable();
        if shared.peek().is_none() {
            return;
        }
        let holder = (appearance(archive, report), archive.agency_of(report));
        shared.for_each(|hash| self.0.entry(*hash).or_default().take(holder));
    }

    fn and(mut self, other: Self) -> Self {
        for (hash, firsts) in other.0 {
            let here = self.0.entry(hash).or_default();
            firsts.0.into_iter().for_each(|holder| here.take(holder));
        }
        self
    }
}

/// The first reports that have some passages, those in `without` left out; one pass over all sketches.
fn firsts(archive: &Archive, wanted: &Wanted, without: &FxHashSet<ReportIndex>) -> AllFirsts {
    if wanted.hashes.is_empty() {
        return AllFirsts::default();
    }
    let reports: Vec<ReportIndex> = archive.reports().map(|(index, _)| index).collect();
    let each = |mut all: AllFirsts, report: &ReportIndex| {
        if !without.contains(report) {
            all.take(archive, *report, wanted);
        }
        all
    };
    reports.par_iter().with_min_len(1024).fold(AllFirsts::default, each).reduce(AllFirsts::default, AllFirsts::and)
}

/// The reports that have one of some passages; one pass over all sketches.
fn holders(archive: &Archive, wanted: &Wanted) -> Vec<ReportIndex> {
    if wanted.hashes.is_empty() {
        return Vec::new();
    }
    let reports: Vec<ReportIndex> = archive.reports().map(|(index, _)| index).collect();
    let holds = |report: &ReportIndex| kept(archive, *report).iter().any(|hash| wanted.has(*hash));
    reports.into_par_iter().with_min_len(1024).filter(holds).collect()
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
    let ranks = u32::try_from(order.len()).unwrap_or(u32::MAX);
    let mut holders = holders_of_all(archive, &order);
    holders.par_sort_unstable();
    let agency = |rank: u32| archive.agency_of(order[rank as usize]);
    let of_one = holders.par_chunk_by(|a, b| a.hash() == b.hash());
    let shared = Shared::of(of_one.filter_map(|holders| Some((holders[0].hash(), sources(holders, agency)?))).collect());
    drop(holders);
    let order = &order;
    let suspicion = |counts: &mut Counts, rank: u32| {
        let before = move |source: &&u32| **source < rank;
        let sources = |hash| Some(shared.get(hash)?.iter().filter(before).map(|source| order[*source as usize]));
        from_others(archive, order[rank as usize], sources, counts)
    };
    (0..ranks).into_par_iter().with_min_len(256).map_init(|| Counts::of(archive), suspicion).flatten().collect()
}

/// A passage's hash and the rank of a report that has it, as one number: millions are sorted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Holder(u64);

impl Holder {
    fn new(hash: u32, rank: u32) -> Self {
        Self(u64::from(hash) << 32 | u64::from(rank))
    }

    fn hash(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn rank(self) -> u32 {
        (self.0 & u64::from(u32::MAX)) as u32
    }
}

/// All passages with who has them, by rank. They are millions: each is written where it stays.
fn holders_of_all(archive: &Archive, order: &[ReportIndex]) -> Vec<Holder> {
    let counts: Vec<usize> = order.iter().map(|report| kept(archive, *report).len()).collect();
    let mut all = vec![Holder(0); counts.iter().sum()];
    let mut rest = all.as_mut_slice();
    let mut places = Vec::with_capacity(order.len());
    for (rank, count) in (0u32..).zip(counts) {
        let (place, behind) = rest.split_at_mut(count);
        places.push((rank, place));
        rest = behind;
    }
    places.into_par_iter().with_min_len(256).for_each(|(rank, place)| {
        for (holder, hash) in place.iter_mut().zip(kept(archive, order[rank as usize])) {
            *holder = Holder::new(*hash, rank);
        }
    });
    all
}

/// The first reports that have a passage, of bodies that are all different, by rank; [`NOBODY`] behind the last.
type Sources = [u32; MOST_SOURCES];

const NOBODY: u32 = u32::MAX;

/// The sources among the holders of one hash, which stand by rank; none if no other body has it.
fn sources(holders: &[Holder], agency: impl Fn(u32) -> AgencyIndex) -> Option<Sources> {
    let mut sources = [NOBODY; MOST_SOURCES];
    let mut count = 0;
    for rank in holders.iter().map(|holder| holder.rank()) {
        if count == MOST_SOURCES {
            break;
        }
        if !sources[..count].iter().any(|source| agency(*source) == agency(rank)) {
            sources[count] = rank;
            count += 1;
        }
    }
    (count > 1).then_some(sources)
}

/// The passages that bodies share, by hash, with their sources.
struct Shared {
    passages: Vec<(u32, Sources)>,
    /// Where the passages begin whose hashes have the same upper bits: about one each.
    starts: Vec<u32>,
    /// How many lower bits there are.
    lower: u32,
}

impl Shared {
    /// Of passages in order.
    fn of(passages: Vec<(u32, Sources)>) -> Self {
        let largest = passages.last().map_or(0, |(hash, _)| *hash);
        let lower = (u32::BITS - largest.leading_zeros()).saturating_sub(passages.len().max(1).ilog2()).min(u32::BITS - 1);
        let mut starts = vec![0u32; (largest >> lower) as usize + 2];
        for (hash, _) in &passages {
            starts[(hash >> lower) as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { passages, starts, lower }
    }

    fn get(&self, hash: u32) -> Option<&Sources> {
        let upper = (hash >> self.lower) as usize;
        let (start, end) = (*self.starts.get(upper)?, *self.starts.get(upper + 1)?);
        let near = self.passages.get(start as usize..end as usize)?;
        near.iter().find(|(other, _)| *other == hash).map(|(_, sources)| sources)
    }
}

/// How many passages of one report come from each other.
struct Counts {
    /// By the other's index.
    counts: Vec<u16>,
    /// Those that were counted.
    counted: Vec<ReportIndex>,
}

impl Counts {
    fn of(archive: &Archive) -> Self {
        Self { counts: vec![0; archive.reports().len()], counted: Vec::new() }
    }

    fn add(&mut self, source: ReportIndex) {
        let count = &mut self.counts[source.0 as usize];
        if *count == 0 {
            self.counted.push(source);
        }
        *count = count.saturating_add(1);
    }

    /// What was counted; then all counts begin anew.
    fn drain(&mut self) -> impl Iterator<Item = (ReportIndex, usize)> {
        let counts = &mut self.counts;
        self.counted.drain(..).map(|source| (source, usize::from(std::mem::take(&mut counts[source.0 as usize]))))
    }
}

/// The other body's report that most passages of one report come from; `sources` gives the first of other bodies that had
/// a passage before it, by hash.
fn from_others<S: Iterator<Item = ReportIndex>>(
    archive: &Archive,
    report: ReportIndex,
    sources: impl Fn(u32) -> Option<S>,
    counts: &mut Counts,
) -> Option<Suspicion> {
    let mine = appearance(archive, report);
    let mut earlier: Option<Vec<&[u32]>> = None;
    for hash in kept(archive, report) {
        let Some(sources) = sources(*hash) else { continue };
        // A passage that the body itself has used before is its own.
        let earlier = earlier.get_or_insert_with(|| {
            let own = &archive.agency(archive.agency_of(report)).reports;
            own.iter().filter(|other| appearance(archive, **other) < mine).map(|other| kept(archive, *other)).collect()
        });
        if !earlier.iter().any(|hashes| hashes.binary_search(hash).is_ok()) {
            sources.for_each(|source| counts.add(source));
        }
    }
    most_credited(archive, report, counts.drain())
}

/// The source with most credits, the earliest of equals, if it is worth reading.
fn most_credited(archive: &Archive, report: ReportIndex, credits: impl Iterator<Item = (ReportIndex, usize)>) -> Option<Suspicion> {
    let (source, shared) = credits.max_by_key(|(source, shared)| (*shared, std::cmp::Reverse(appearance(archive, *source))))?;
    let (found, of) = archive.filed(report).sketch.found_in(&archive.filed(source).sketch);
    (shared >= FEWEST_SHARED && percent((found, of)) >= WORTH_A_LOOK).then_some(Suspicion { report, source })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::archive::{Filed, Sketch};
    use crate::form::Forms;
    use crate::report::read;

    /// A report of an agency whose text is made of some of ten blocks of sixty letters, so that texts share
    /// passages in all ways; without a day it was not published.
    type Text = (Vec<u32>, Option<i8>);

    fn filed(agency: usize, year: u16, (blocks, day): &Text, forms: &Forms) -> Arc<Filed> {
        let letters = blocks.iter().flat_map(|block| (0..60).map(move |at| char::from_u32(0x4e00 + block * 97 + at * at % 89).unwrap()));
        let mut report = read("+++\n+++\n", year, forms).report;
        report.published = day.map(|day| jiff::civil::date(2024, 1, day));
        let agency = format!("a{agency}").into();
        Arc::new(Filed { agency, in_directory: false, report, attachments: Vec::new(), sketch: Sketch::of(&letters.collect::<Vec<_>>()) })
    }

    fn any_text() -> impl Strategy<Value = Text> {
        (prop::collection::vec(0u32..10, 0..8), prop::option::of(1i8..5))
    }

    /// What is shared is found, and nothing else, however few or many passages there are.
    #[test]
    fn shared_passages_are_found_by_their_hash() {
        for (count, step) in [(0u32, 1), (1, 1), (1, u32::MAX), (3, 1), (7, 613_566_756), (1000, 4_000_037), (1000, 1)] {
            let passages = (0..count).map(|place| (place * step.min(u32::MAX / count.max(1)), [place; MOST_SOURCES])).collect();
            let shared = Shared::of(passages);
            for (hash, sources) in &shared.passages {
                assert_eq!(shared.get(*hash), Some(sources), "{count} {step}");
            }
            let others =
                [1, 2, 5, 99, 613_566_755, u32::MAX].into_iter().filter(|hash| !shared.passages.iter().any(|(other, _)| other == hash));
            assert!(others.into_iter().all(|hash| shared.get(hash).is_none()), "{count} {step}");
        }
    }

    proptest! {
        /// After any edits the suspicions are those of the archive as it is now.
        #[test]
        fn after_edits_the_suspicions_are_those_of_the_whole(
            texts in prop::collection::vec(any_text(), 30),
            edits in prop::collection::vec(prop::collection::btree_map(0usize..30, any_text(), 1..4), 1..4),
        ) {
            let forms = Forms::builtin();
            let place = |at: usize| (at / 3, 2021 + u16::try_from(at % 3).unwrap());
            let file = |at: usize, text: &Text| filed(place(at).0, place(at).1, text, &forms);
            let mut archive = Archive::new(Vec::new(), texts.iter().enumerate().map(|(at, text)| file(at, text)).collect());
            let thresholds = crate::config::Config::default().check.copied_text;
            let mut known = suspicions(&archive, thresholds);
            for edit in edits {
                let edited: Vec<Arc<Filed>> = edit.iter().map(|(at, text)| file(*at, text)).collect();
                let after = archive.with(&edited).unwrap();
                let find = |filed: &Arc<Filed>| after.find_report(after.find_agency(&filed.agency).unwrap(), filed.report.year).unwrap();
                let indexes: Vec<ReportIndex> = edited.iter().map(find).collect();
                known = suspicions_after(&after, thresholds, &archive, &known, &indexes);
                prop_assert_eq!(&known, &suspicions(&after, thresholds));
                archive = after;
            }
        }
    }
}
