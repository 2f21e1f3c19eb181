//! Two sequences of texts, part by part: what stands in both, in the same order, is as much as can be.
//!
//! Sentences of a section and words of a sentence come in dozens, so that the table of what is common (one
//! bit for each text of one with each of the other) is worked out a row at a time, sixty-four texts at once:
//! Hyyrö, "Bit-parallel LCS-length computation revisited", 2004.

use std::collections::hash_map::Entry;
use std::hash::BuildHasher;
use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::text::Span;

/// A text of a sequence, and the key that it is found by: the same for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) span: Span,
    key: u64,
}

/// In the keys of all texts but single characters, whose key says all.
const LONG: u64 = 1 << 63;

impl Text {
    /// The text that stands at `span` of `whole`.
    pub(super) fn at(span: Span, whole: &str) -> Self {
        let key = FxBuildHasher.hash_one(&whole[span.clone()]) | LONG;
        Self { span, key }
    }

    /// A single character, as most words are: it is its own key.
    pub(super) fn character(character: char, at: usize) -> Self {
        Self { span: at..at + character.len_utf8(), key: u64::from(u32::from(character)) }
    }
}

/// A sequence of texts that follow upon each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts<'t, 'e> {
    /// What they stand in.
    pub(super) whole: &'t str,
    /// Each of them, in order.
    pub(super) each: &'e [Text],
}

impl<'t> Texts<'t, '_> {
    /// One of them.
    pub(super) fn get(self, at: usize) -> Option<&'t str> {
        Some(&self.whole[self.each.get(at)?.span.clone()])
    }

    /// Some of them.
    pub(super) fn some(self, range: Range<usize>) -> Self {
        Self { each: &self.each[range], ..self }
    }

    /// All of them as one text.
    pub(super) fn joined(self) -> &'t str {
        let ends = self.each.first().zip(self.each.last());
        ends.map_or("", |(first, last)| &self.whole[first.span.start..last.span.end])
    }

    /// How many of them are the same as those of another at the start.
    fn same_start(self, other: Self) -> usize {
        self.each.iter().zip(other.each).take_while(|(a, b)| self.is_same(a, other, b)).count()
    }

    /// How many of them are the same as those of another at the end.
    fn same_end(self, other: Self) -> usize {
        self.each.iter().rev().zip(other.each.iter().rev()).take_while(|(a, b)| self.is_same(a, other, b)).count()
    }

    fn is_same(self, text: &Text, other: Self, of_other: &Text) -> bool {
        let is_character = text.key & LONG == 0;
        text.key == of_other.key && (is_character || self.whole[text.span.clone()] == other.whole[of_other.span.clone()])
    }
}

/// A part of two sequences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Stands in both; its place in the second.
    Same(Range<usize>),
    /// What stands in the first and, in its place, in the second; one of them may be empty.
    Other(Range<usize>, Range<usize>),
}

/// More texts than this, and all between the equal ends is told as changed: sixteen thousand sentences in a section are no
/// report, and the table takes a bit for each with each.
const MOST_TEXTS: usize = 1 << 14;

/// Finds the parts of sequences; what it takes for one serves for the next.
#[derive(Debug, Default)]
pub(super) struct Comparer {
    /// The number of each text of the second, by its key, and where the first of them stands.
    numbers: FxHashMap<u64, (usize, usize)>,
    /// The texts of the second that have a number, as a row of bits for each number, the last text first.
    places: Vec<u64>,
    /// The numbers of the first and of the second.
    tokens: [Vec<Option<usize>>; 2],
    /// The rows of the table, that of the first's last text first. The bit of a text of the second is clear where
    /// what is common to the rest of both sequences is longer with the text than without it.
    rows: Vec<u64>,
}

impl Comparer {
    /// Two sequences part by part, from the first to the last.
    pub(super) fn parts(&mut self, first: Texts<'_, '_>, second: Texts<'_, '_>) -> Vec<Part> {
        let start = first.same_start(second);
        let [old, new] = [first, second].map(|texts| texts.some(start..texts.each.len()));
        let rest = old.same_end(new);
        let [old, new] = [old, new].map(|texts| texts.some(0..texts.each.len() - rest));
        let mut parts = Parts { first, second, parts: Vec::new(), same: 0 };
        // The place where the part begins that stands in one of them only.
        let [mut gone, mut added] = [start; 2];
        for (before, after) in self.common(old, new) {
            let (before, after) = (start + before, start + after);
            parts.other(gone..before, added..after);
            (gone, added) = (before + 1, after + 1);
        }
        parts.other(gone..first.each.len() - rest, added..second.each.len() - rest);
        parts.end(second.each.len())
    }

    /// The places of what is common.
    fn common(&mut self, old: Texts<'_, '_>, new: Texts<'_, '_>) -> impl Iterator<Item = (usize, usize)> {
        let (before, after) = (old.each.len(), new.each.len());
        let width = after.div_ceil(64);
        let fits = before.max(after) <= MOST_TEXTS;
        if fits {
            self.number(old, new, width);
            self.fill(width);
        }
        let (rows, [olds, news]) = (&self.rows, &self.tokens);
        let (mut i, mut j) = if fits { (0, 0) } else { (before, after) };
        std::iter::from_fn(move || {
            while i < before && j < after {
                if olds[i] == news[j] {
                    (i, j) = (i + 1, j + 1);
                    return Some((i - 1, j - 1));
                }
                let at = after - 1 - j;
                let without = rows[(before - 1 - i) * width + at / 64] >> (at % 64) & 1 == 1;
                (i, j) = if without { (i, j + 1) } else { (i + 1, j) };
            }
            None
        })
    }

    /// Numbers in the place of texts.
    fn number(&mut self, old: Texts<'_, '_>, new: Texts<'_, '_>, width: usize) {
        self.numbers.clear();
        self.places.clear();
        let [olds, news] = &mut self.tokens;
        news.clear();
        for (at, text) in new.each.iter().enumerate() {
            let next = self.places.len() / width;
            let number = match self.numbers.entry(text.key) {
                Entry::Occupied(known) if new.is_same(&new.each[known.get().1], new, text) => known.get().0,
                // Another text with the same key, which is not met in a lifetime: it is like no other.
                Entry::Occupied(_) => next,
                Entry::Vacant(free) => free.insert((next, at)).0,
            };
            if number == next {
                self.places.resize(self.places.len() + width, 0);
            }
            let place = new.each.len() - 1 - at;
            self.places[number * width + place / 64] |= 1 << (place % 64);
            news.push(Some(number));
        }
        olds.clear();
        olds.extend(old.each.iter().map(|text| {
            let (number, at) = self.numbers.get(&text.key)?;
            old.is_same(text, new, &new.each[*at]).then_some(*number)
        }));
    }

    /// The table, from the last text of the first to its first.
    fn fill(&mut self, width: usize) {
        self.rows.clear();
        let mut row = vec![u64::MAX; width];
        for number in self.tokens[0].iter().rev() {
            if let Some(number) = number {
                let mut carry = false;
                for (bits, places) in row.iter_mut().zip(&self.places[number * width..]) {
                    let common = *bits & places;
                    let (sum, over) = bits.carrying_add(common, carry);
                    (*bits, carry) = (sum | (*bits - common), over);
                }
            }
            self.rows.extend_from_slice(&row);
        }
    }
}

/// Parts while they are put together.
struct Parts<'t, 'e> {
    first: Texts<'t, 'e>,
    second: Texts<'t, 'e>,
    parts: Vec<Part>,
    /// The place in the second where what stands in both begins.
    same: usize,
}

impl Parts<'_, '_> {
    fn other(&mut self, gone: Range<usize>, new: Range<usize>) {
        if gone.is_empty() && new.is_empty() || self.joins(&gone, &new) {
            return;
        }
        let end = new.end;
        self.same_to(new.start);
        self.same = end;
        self.parts.push(Part::Other(gone, new));
    }

    /// Whether what is only gone or only new can as well stand right behind the change before, and now does: in 甲乙丙乙丙丁,
    /// as much is new if it is the first 乙丙 as if it is the second. One change is easier to read than two.
    fn joins(&mut self, gone: &Range<usize>, new: &Range<usize>) -> bool {
        let between = new.start - self.same;
        let slides = |texts: Texts<'_, '_>, range: &Range<usize>| {
            let [start, end] = [range.start, range.end].map(|end| texts.some(end - between..end));
            start.same_start(end) == between
        };
        let Some(Part::Other(gone_before, new_before)) = self.parts.last_mut() else { return false };
        if gone.is_empty() && slides(self.second, new) {
            new_before.end += new.len();
            self.same = new_before.end;
            return true;
        }
        let joins = new.is_empty() && slides(self.first, gone);
        gone_before.end += if joins { gone.len() } else { 0 };
        joins
    }

    fn same_to(&mut self, end: usize) {
        self.parts.extend((self.same < end).then_some(Part::Same(self.same..end)));
    }

    fn end(mut self, end: usize) -> Vec<Part> {
        self.same_to(end);
        self.parts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Characters as texts; a digit is one whose key is that of all other digits.
    fn texts(whole: &str) -> Vec<Text> {
        let text = |(at, character): (usize, char)| {
            let text = Text::character(character, at);
            if character.is_ascii_digit() { Text { key: LONG, ..text } } else { text }
        };
        whole.char_indices().map(text).collect()
    }

    fn parts(first: &str, second: &str) -> Vec<Part> {
        let [old, new] = [first, second].map(texts);
        Comparer::default().parts(Texts { whole: first, each: &old }, Texts { whole: second, each: &new })
    }

    /// How long what is common is, by the book.
    fn longest(first: &str, second: &str) -> usize {
        let second: Vec<char> = second.chars().collect();
        let mut row = vec![0; second.len() + 1];
        for a in first.chars() {
            let before = row.clone();
            for (at, b) in second.iter().enumerate() {
                row[at + 1] = if a == *b { before[at] + 1 } else { row[at].max(before[at + 1]) };
            }
        }
        row[second.len()]
    }

    /// Puts the second sequence together from the first and the parts; says how much of it is common.
    fn told_again(first: &str, second: &str, parts: &[Part]) -> (String, usize) {
        let [old, new] = [first, second].map(|text| text.chars().collect::<Vec<char>>());
        let (mut told, mut common, mut at) = (String::new(), 0, 0);
        for part in parts {
            match part {
                Part::Same(range) => {
                    told.extend(&old[at..at + range.len()]);
                    (common, at) = (common + range.len(), at + range.len());
                }
                Part::Other(gone, added) => {
                    assert!(gone.start == at && !(gone.is_empty() && added.is_empty()), "{parts:?}");
                    told.extend(&new[added.clone()]);
                    at = gone.end;
                }
            }
        }
        assert_eq!(at, old.len(), "{parts:?}");
        (told, common)
    }

    #[test]
    fn parts_of_short_texts() {
        assert_eq!(parts("甲乙丙", "甲丁丙"), [Part::Same(0..1), Part::Other(1..2, 1..2), Part::Same(2..3)]);
        assert_eq!(parts("", "甲"), [Part::Other(0..0, 0..1)]);
        assert_eq!(parts("甲", ""), [Part::Other(0..1, 0..0)]);
        assert_eq!(parts("甲甲", "甲甲"), [Part::Same(0..2)]);
        assert!(parts("", "").is_empty());
    }

    /// A change that could as well stand somewhere else stands beside another.
    #[test]
    fn a_change_joins_the_one_before() {
        assert_eq!(parts("甲乙丙丁", "戊乙丙乙丙丁"), [Part::Other(0..1, 0..3), Part::Same(3..6)]);
        assert_eq!(parts("戊乙丙乙丙丁", "甲乙丙丁"), [Part::Other(0..3, 0..1), Part::Same(1..4)]);
    }

    /// What is too long to compare is told as changed between its equal ends, however short the other is.
    #[test]
    fn what_is_too_long_is_changed_as_a_whole() {
        let long = format!("甲{}丁", "乙丙".repeat(MOST_TEXTS / 2 + 1));
        let all = long.chars().count();
        assert_eq!(parts("甲丙戊丁", &long), [Part::Same(0..1), Part::Other(1..3, 1..all - 1), Part::Same(all - 1..all)]);
    }

    /// Texts with the same key are not taken for the same.
    #[test]
    fn a_key_alone_makes_no_text_the_same() {
        assert_eq!(told_again("a1b2c", "x2b1y", &parts("a1b2c", "x2b1y")).0, "x2b1y");
    }

    proptest! {
        /// The parts lead from the first to the second, and what they have in common is as much as can be: within
        /// a word of bits and across several.
        #[test]
        fn what_is_common_is_as_much_as_can_be(first in "[甲乙丙丁a-e]{0,200}", second in "[甲乙丙丁c-g]{0,200}") {
            let parts = parts(&first, &second);
            let (told, common) = told_again(&first, &second, &parts);
            prop_assert_eq!(told, second.as_str());
            prop_assert_eq!(common, longest(&first, &second));
        }

        /// Keys that fall together cost some of what is common, never the truth.
        #[test]
        fn keys_may_fall_together(first in "[0-9a]{0,12}", second in "[0-9a]{0,12}") {
            let (told, _) = told_again(&first, &second, &parts(&first, &second));
            prop_assert_eq!(told, second);
        }
    }
}
