//! Pairs of characters → the reports that have them, and where.
//!
//! The list of a pair: for each report, in order, the distance from the report before (from −1 at the
//! start) times two, plus one if the pair stands in title or names. Its places: for each report of the
//! list the distances between them (from −1 at the start), then 0. All numbers are [`varint`]s.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::entry::{END, Entry};

/// Places are kept of pairs that more reports have; fewer reports are told apart by their texts.
pub(super) const FEW: u32 = 8;

/// A pair: the first character times 2²¹, plus the second.
pub(super) type Pair = u64;

/// The key of a pair.
pub(super) fn pair(first: char, second: char) -> Pair {
    u64::from(u32::from(first)) << 21 | u64::from(u32::from(second))
}

/// The pairs of all reports so far, parted among threads.
#[derive(Debug)]
pub(super) struct Postings {
    parts: Vec<FxHashMap<Pair, Posting>>,
}

#[derive(Debug, Default)]
struct Posting {
    docs: Vec<u8>,
    places: Vec<u8>,
    /// One more than the last report; 0 before the first.
    after: u32,
    /// One more than the last place in it.
    place: u64,
    reports: u32,
}

/// Bytes by pair, in order.
pub(super) type Lists = Vec<(Pair, Vec<u8>)>;

impl Postings {
    /// No pairs yet; reports will be taken in by so many threads.
    pub(super) fn new(threads: usize) -> Self {
        Self { parts: (0..threads.max(1)).map(|_| FxHashMap::default()).collect() }
    }

    /// Takes in reports that follow those before; `first` is the number of the first.
    pub(super) fn add(&mut self, first: u32, entries: &[Entry]) {
        let count = self.parts.len() as u64;
        self.parts.par_iter_mut().enumerate().for_each(|(which, part)| {
            for (entry, report) in entries.iter().zip(first..) {
                for (window, place) in entry.characters.windows(2).zip(0u64..) {
                    let [one, two] = [window[0], window[1]];
                    let key = pair(one, two);
                    // The last character of a piece is kept with its end: so single characters can be found.
                    if one != END && (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) % count == which as u64 {
                        part.entry(key).or_default().add(report, place, place < entry.head as u64);
                    }
                }
            }
        });
    }

    /// The lists of reports, and the places of pairs that are not rare.
    pub(super) fn finish(self) -> (Lists, Lists) {
        let mut all: Vec<(Pair, Posting)> = self.parts.into_iter().flatten().collect();
        all.par_sort_unstable_by_key(|(pair, _)| *pair);
        let (mut docs, mut places) = (Vec::with_capacity(all.len()), Vec::new());
        for (pair, mut posting) in all {
            posting.places.push(0);
            // Nobody asks where a piece of text ends.
            if posting.reports > FEW && pair & 0x1f_ffff != u64::from(u32::from(END)) {
                places.push((pair, posting.places));
            }
            docs.push((pair, posting.docs));
        }
        (docs, places)
    }
}

impl Posting {
    fn add(&mut self, report: u32, place: u64, in_head: bool) {
        if self.after != report + 1 {
            if self.reports > 0 {
                self.places.push(0);
            }
            varint(&mut self.docs, u64::from(report + 1 - self.after) << 1 | u64::from(in_head));
            (self.after, self.place) = (report + 1, 0);
            self.reports += 1;
        }
        varint(&mut self.places, place + 1 - self.place);
        self.place = place + 1;
    }
}

/// Appends a number, seven bits a byte, the lowest first; all bytes but the last have their highest bit set.
pub(super) fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}
