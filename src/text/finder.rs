//! Many words looked for together: text → places, in one pass.
//!
//! The words stand in a tree of characters. A [`Sieve`] passes over all places of a text where none of them
//! begins, which are nearly all; from the others the tree is followed as far as the text goes along.

use rustc_hash::FxHashMap;

use super::{Sieve, Span};

/// Finds words of a list, by their index in it.
#[derive(Debug, Clone, Default)]
pub struct Finder {
    beginnings: Sieve,
    steps: Steps,
    /// The nodes; the root is the first.
    nodes: Vec<Node>,
}

/// The nodes below each node, by the characters that lead to them: a table that is never more than half full, in which
/// a step stands at the place that its hash names or at one of the next.
#[derive(Debug, Clone, Default)]
struct Steps {
    places: Vec<(u64, u32)>,
}

/// The key of no step.
const NONE: u64 = u64::MAX;

impl Steps {
    fn of(steps: &FxHashMap<u64, u32>) -> Self {
        let mut places = vec![(NONE, 0); (2 * steps.len() + 1).next_power_of_two()];
        for (key, node) in steps {
            let mut at = Self::hash(*key, places.len());
            while places[at].0 != NONE {
                at = (at + 1) & (places.len() - 1);
            }
            places[at] = (*key, *node);
        }
        Self { places }
    }

    fn get(&self, key: u64) -> Option<u32> {
        let mut at = Self::hash(key, self.places.len());
        loop {
            let (found, node) = *self.places.get(at)?;
            if found == key {
                return Some(node);
            }
            if found == NONE {
                return None;
            }
            at = (at + 1) & (self.places.len() - 1);
        }
    }

    fn hash(key: u64, places: usize) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & places.wrapping_sub(1)
    }
}

/// What is known where a word, or the beginning of one, ends.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    /// The word that ends here.
    word: Option<u32>,
    /// Whether longer words go on from here.
    goes_on: bool,
}

impl Finder {
    /// A finder of words. Empty words are nowhere; of equal ones the first is found.
    pub fn of<'w>(words: impl IntoIterator<Item = &'w String>) -> Self {
        let words: Vec<(u32, &str)> = (0u32..).zip(words.into_iter().map(String::as_str)).filter(|(_, word)| !word.is_empty()).collect();
        let beginnings = words.iter().map(|(_, word)| *word).collect();
        let mut steps: FxHashMap<u64, u32> = FxHashMap::default();
        let mut finder = Self { beginnings, nodes: vec![Node::default()], ..Self::default() };
        for (index, word) in words {
            let mut node = 0;
            for c in word.chars() {
                finder.nodes[node as usize].goes_on = true;
                let new = u32::try_from(finder.nodes.len()).unwrap_or(u32::MAX);
                node = *steps.entry(step(node, c)).or_insert(new);
                if node == new {
                    finder.nodes.push(Node::default());
                }
            }
            finder.nodes[node as usize].word.get_or_insert(index);
        }
        finder.steps = Steps::of(&steps);
        finder
    }

    /// Every word at every place, those inside others included: from left to right, and of those that begin at
    /// one place the longest first.
    pub fn everywhere(&self, text: &str) -> Vec<(Span, usize)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(first) = self.beginnings.next(text, at) {
            let before = found.len();
            self.follow(text, first.start, |span, word| found.push((span, word)));
            found[before..].reverse();
            at = first.end;
        }
        found
    }

    /// Words from left to right, none overlapping another; of those that begin at one place the longest.
    pub fn apart<'t>(&self, text: &'t str) -> impl Iterator<Item = (Span, usize)> + use<'_, 't> {
        let mut at = 0;
        std::iter::from_fn(move || {
            while let Some(first) = self.beginnings.next(text, at) {
                at = first.end;
                if let Some(found) = self.longest_at(text, first.start) {
                    at = found.0.end;
                    return Some(found);
                }
            }
            None
        })
    }

    /// Whether any of the words stands in a text.
    pub fn is_in(&self, text: &str) -> bool {
        self.apart(text).next().is_some()
    }

    /// The longest word that begins at a place.
    pub fn longest_at(&self, text: &str, start: usize) -> Option<(Span, usize)> {
        let mut longest = None;
        self.follow(text, start, |span, word| longest = Some((span, word)));
        longest
    }

    /// Gives all words that begin at a place, the shortest first.
    fn follow(&self, text: &str, start: usize, mut give: impl FnMut(Span, usize)) {
        let mut node = 0;
        for (at, c) in text[start..].char_indices() {
            let Some(next) = self.steps.get(step(node, c)) else { return };
            node = next;
            let Some(Node { word, goes_on }) = self.nodes.get(node as usize) else { return };
            if let Some(word) = word {
                give(start..start + at + c.len_utf8(), *word as usize);
            }
            if !goes_on {
                return;
            }
        }
    }
}

/// A node and a character that leads on from it, as one key.
fn step(node: u32, c: char) -> u64 {
    u64::from(node) << 32 | u64::from(u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_found_where_they_stand() {
        let words = ["公开", "信息公开", "", "公开", "开"].map(str::to_owned);
        let finder = Finder::of(&words);
        assert_eq!(finder.everywhere("信息公开了"), [(0..12, 1), (6..12, 0), (9..12, 4)]);
        assert_eq!(finder.apart("公开信息公开").collect::<Vec<_>>(), [(0..6, 0), (6..18, 1)]);
        assert!(finder.is_in("召开") && !finder.is_in("信息"));
        assert!(!Finder::of(&[]).is_in("开") && Finder::default().apart("开").next().is_none());
    }

    proptest! {
        /// What is found in one pass is what is found by looking for each word at each place.
        #[test]
        fn each_word_is_found_as_if_alone(words in prop::collection::vec("[公开信息aX，]{0,4}", 0..8), text in "[公开信息aX，é]{0,40}") {
            let finder = Finder::of(&words);
            let mut naive = Vec::new();
            for (start, _) in text.char_indices() {
                let mut here: Vec<&String> = words.iter().filter(|word| !word.is_empty() && text[start..].starts_with(*word)).collect();
                here.sort_by_key(|word| std::cmp::Reverse(word.len()));
                here.dedup();
                naive.extend(here.iter().map(|word| (start..start + word.len(), words.iter().position(|w| w == *word).unwrap_or_default())));
            }
            prop_assert_eq!(finder.everywhere(&text), naive.clone());
            let mut end = 0;
            naive.retain(|(span, _)| span.start >= end && { end = span.end; true });
            prop_assert_eq!(finder.is_in(&text), !naive.is_empty());
            prop_assert_eq!(finder.apart(&text).collect::<Vec<_>>(), naive);
        }
    }
}
