//! A sample of a report's own words, small enough to keep for a hundred thousand reports, by which it is
//! seen how much of one text stands in another.
//!
//! All passages of forty-eight characters are hashed and the smallest hashes are kept. Of two texts the same
//! passages have the same hashes, so the share of one sample that is found in the other estimates the
//! share of the text (Broder's bottom sketches).

use crate::pack::{Hash, Pack, Unpacker};

/// The length of the passages that are compared, in characters. Set phrases and single sentences are
/// shorter; a text that was copied and lightly edited still has most of its passages.
pub const PASSAGE: usize = 48;

const FEWEST_KEPT: usize = 48;
const MOST_KEPT: usize = 96;
const ONE_IN: usize = 8;

/// A sample of the hashes of a text's passages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sketch {
    /// The smallest hashes, in order.
    hashes: Box<[u32]>,
    /// Passages with hashes above this were not kept.
    limit: u32,
    /// Characters of the text.
    length: u32,
    /// A hash of the whole text.
    digest: u64,
}

impl Pack for Sketch {
    fn pack(&self, to: &mut Vec<u8>) {
        self.hashes.len().pack(to);
        self.hashes.iter().for_each(|hash| to.extend(hash.to_le_bytes()));
        (self.limit, (self.length, Hash(self.digest))).pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let count = from.count()?;
        let (hashes, _) = from.bytes(count.checked_mul(4)?)?.as_chunks();
        let hashes = hashes.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        let (limit, (length, Hash(digest))) = from.get()?;
        Some(Self { hashes, limit, length, digest })
    }
}

impl Sketch {
    /// The sketch of a text.
    pub fn of(text: &[char]) -> Self {
        let count = (text.len() + 1).saturating_sub(PASSAGE);
        let keep = (count / ONE_IN).clamp(FEWEST_KEPT, MOST_KEPT);
        let top = |hash: u64| u32::try_from(hash >> 32).unwrap_or(u32::MAX);
        let below = |limit: u32| {
            let mut hashes = Vec::new();
            passages(text).map(top).filter(|hash| *hash <= limit).for_each(|hash| hashes.push(hash));
            hashes
        };
        let mut limit = u32::MAX;
        let mut hashes = if count > keep {
            // Hashes lie evenly: the smallest are below this, unless much of the text is said twice.
            below(u32::try_from(u64::from(u32::MAX) * (keep as u64) * 3 / 2 / (count as u64)).unwrap_or(u32::MAX))
        } else {
            below(limit)
        };
        if hashes.len() < keep.min(count) {
            hashes = below(limit);
        }
        if count > keep {
            // The smallest are brought to the front, without sorting the others.
            limit = *hashes.select_nth_unstable(keep - 1).1;
            hashes.truncate(keep);
        }
        hashes.sort_unstable();
        hashes.dedup();
        let digest = text.iter().fold(0, |digest: u64, c| digest.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(*c)) + 1));
        Self { hashes: hashes.into_boxed_slice(), limit, length: u32::try_from(text.len()).unwrap_or(u32::MAX), digest }
    }

    /// Whether both are of the same text.
    pub fn is_of_same_text(&self, other: &Self) -> bool {
        (self.length, self.digest) == (other.length, other.digest)
    }

    /// The kept hashes, in order.
    pub fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    /// Characters of the text.
    pub fn length(&self) -> usize {
        self.length as usize
    }

    /// How many kept passages also stand in `other`, of how many that it would have kept too.
    pub fn found_in(&self, other: &Self) -> (usize, usize) {
        let limit = self.limit.min(other.limit);
        let comparable = self.hashes.partition_point(|hash| *hash <= limit);
        let mut there = other.hashes.iter().peekable();
        let mut found = 0;
        for hash in &self.hashes[..comparable] {
            while there.next_if(|other| *other < hash).is_some() {}
            found += usize::from(there.peek() == Some(&hash));
        }
        (found, comparable)
    }
}

/// What rolling hashes are multiplied by.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hashes of all passages of a text, by where they begin.
pub fn passages(text: &[char]) -> impl Iterator<Item = u64> + '_ {
    let value = |c: &char| u64::from(u32::from(*c)) + 1;
    let (begun, ends) = text.split_at(text.len().min(PASSAGE - 1));
    let mut hash = begun.iter().fold(0u64, |hash, c| hash.wrapping_mul(BASE).wrapping_add(value(c)));
    // BASE to the power of what stands behind the first character, to take that out again.
    let leading = (1..PASSAGE).fold(1u64, |power, _| power.wrapping_mul(BASE));
    ends.iter().zip(text).map(move |(last, first)| {
        let passage = hash.wrapping_mul(BASE).wrapping_add(value(last));
        hash = passage.wrapping_sub(leading.wrapping_mul(value(first)));
        mixed(passage)
    })
}

/// Spreads a rolling hash over all bits.
#[inline]
fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn letters(seed: u32, count: usize) -> Vec<char> {
        let mut state = u64::from(seed) + 1;
        (0..count)
            .map(|_| {
                state = mixed(state.wrapping_add(0x9e37_79b9));
                char::from_u32(0x4e00 + u32::try_from(state % 3000).unwrap()).unwrap()
            })
            .collect()
    }

    /// The same passage has the same hash wherever it stands.
    #[test]
    fn passages_do_not_depend_on_their_place() {
        let text = letters(1, 100);
        let moved: Vec<char> = letters(2, 17).into_iter().chain(text.iter().copied()).collect();
        let (here, there): (Vec<u64>, Vec<u64>) = (passages(&text).collect(), passages(&moved).collect());
        assert_eq!(here.len(), 100 - PASSAGE + 1);
        assert_eq!(here, there[17..]);
        assert_eq!(passages(&text[..PASSAGE - 1]).count(), 0);
    }

    /// The smallest hashes are kept whatever was guessed of them, also where they are many times the same.
    #[test]
    fn the_smallest_hashes_are_kept() {
        for (seed, length, again) in [(1, 47, 1), (1, 48, 1), (2, 95, 1), (3, 96, 1), (4, 300, 3), (5, 900, 1), (6, 5000, 2), (7, 1, 500)] {
            let text = letters(seed, length).repeat(again);
            let mut all: Vec<u32> = passages(&text).map(|hash| u32::try_from(hash >> 32).unwrap()).collect();
            all.sort_unstable();
            let keep = (all.len() / ONE_IN).clamp(FEWEST_KEPT, MOST_KEPT);
            let limit = if all.len() > keep { all[keep - 1] } else { u32::MAX };
            all.truncate(keep);
            all.dedup();
            let sketch = Sketch::of(&text);
            assert_eq!((sketch.hashes(), sketch.limit), (&*all, limit), "{length} letters");
        }
    }

    /// A sketch takes a few hundred bytes, however long the text.
    #[test]
    fn a_sketch_is_small() {
        assert_eq!(Sketch::of(&letters(1, 100_000)).hashes().len(), MOST_KEPT);
        assert_eq!(Sketch::of(&letters(1, 400)).hashes().len(), FEWEST_KEPT);
    }

    proptest! {
        /// The estimate is near the true share, also between texts of very different length.
        #[test]
        fn shares_are_estimated(seed in 0u32..1000, length in 600usize..3000, part in 0usize..=10, more in 0usize..20_000) {
            let own = letters(seed, length);
            let copied = length * part / 10;
            let source: Vec<char> = own[..copied].iter().copied().chain(letters(seed + 5000, more + 500)).collect();
            let (found, of) = Sketch::of(&own).found_in(&Sketch::of(&source));
            let mut bytes = Vec::new();
            Sketch::of(&own).pack(&mut bytes);
            prop_assert_eq!(Unpacker::new(&bytes).get(), Some(Sketch::of(&own)));
            prop_assume!(of >= 20);
            let truth = copied.saturating_sub(PASSAGE - 1) as f64 / (length - PASSAGE + 1) as f64;
            // Five standard deviations of a sample of that size.
            let tolerance = 5.0 * (0.25 / of as f64).sqrt();
            prop_assert!((found as f64 / of as f64 - truth).abs() <= tolerance, "{found}/{of}, truth {truth}");
        }
    }
}
