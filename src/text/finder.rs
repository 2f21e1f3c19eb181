//! Many words looked for together: text → places, in one pass.

use std::fmt;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use rustc_hash::FxHashSet;

use super::Span;

/// Finds words of a list, by their index in it. It goes from character to character and not from byte to
/// byte, of which a Han character has three.
#[derive(Clone, Default)]
pub struct Finder(Option<CharwiseDoubleArrayAhoCorasick<u32>>);

impl fmt::Debug for Finder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finder").finish_non_exhaustive()
    }
}

impl Finder {
    /// A finder of all words, those inside others included: for [`everywhere`](Self::everywhere) and
    /// [`is_in`](Self::is_in).
    pub fn of_all<'w>(words: impl IntoIterator<Item = &'w String>) -> Self {
        Self::of(words, MatchKind::Standard)
    }

    /// A finder of words that do not overlap, of those that begin at one place the longest: for
    /// [`apart`](Self::apart).
    pub fn of_longest<'w>(words: impl IntoIterator<Item = &'w String>) -> Self {
        Self::of(words, MatchKind::LeftmostLongest)
    }

    /// Empty words are nowhere; of equal ones the first is found.
    fn of<'w>(words: impl IntoIterator<Item = &'w String>, kind: MatchKind) -> Self {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let words = (0u32..).zip(words).filter(|(_, word)| !word.is_empty() && seen.insert(word));
        let words: Vec<(&String, u32)> = words.map(|(index, word)| (word, index)).collect();
        // Building fails for no words, and for lists far larger than any form has; then nothing is found.
        Self(CharwiseDoubleArrayAhoCorasickBuilder::new().match_kind(kind).build_with_values(words).ok())
    }

    /// Every word at every place, by where it ends.
    pub fn everywhere(&self, text: &str) -> impl Iterator<Item = (Span, usize)> {
        self.0.iter().flat_map(move |finder| finder.find_overlapping_iter(text)).map(|found| place(&found))
    }

    /// Words from left to right, none overlapping another.
    pub fn apart(&self, text: &str) -> impl Iterator<Item = (Span, usize)> {
        self.0.iter().flat_map(move |finder| finder.leftmost_find_iter(text)).map(|found| place(&found))
    }

    /// Whether any of the words stands in a text.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|finder| finder.find_iter(text).next().is_some())
    }
}

fn place(found: &daachorse::Match<u32>) -> (Span, usize) {
    (found.start()..found.end(), found.value() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_stand() {
        let words = ["公开", "信息公开", "", "公开", "开"].map(str::to_owned);
        let all: Vec<(Span, usize)> = Finder::of_all(&words).everywhere("信息公开了").collect();
        assert_eq!(
            all.iter().map(|(span, word)| (span.start, *word)).collect::<std::collections::BTreeSet<_>>(),
            [(0, 1), (6, 0), (9, 4)].into()
        );
        let longest: Vec<(Span, usize)> = Finder::of_longest(&words).apart("公开信息公开").collect();
        assert_eq!(longest, [(0..6, 0), (6..18, 1)]);
        assert!(Finder::of_all(&words).is_in("召开") && !Finder::of_all(&words).is_in("信息"));
        assert!(!Finder::of_all(&[]).is_in("开") && Finder::of_longest(&[]).apart("开").next().is_none());
    }
}
