//! Two texts letter by letter: how much of one stands in the other, the longest passage, names left in.
//!
//! Passages that are the same word for word are the anchors. From their ends the texts are followed on
//! as long as they find together again after a word was changed, so that light editing hides nothing;
//! without an anchor nothing counts, so that set phrases in another order are no copy.

use rustc_hash::FxHashMap;

use super::OwnWords;
use crate::archive::{PASSAGE, passages};
use crate::text::Span;

/// What of a text stands in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct Comparison {
    /// The share of its own words, in per cent, rounded down.
    pub(in crate::rules) percent: usize,
    /// The longest passage, in the file: from its first letter to its last.
    pub(in crate::rules) longest: Span,
    /// How many own words it has.
    pub(in crate::rules) letters: usize,
    /// Names of the other body inside what is the same, in the file.
    pub(in crate::rules) names: Vec<Span>,
}

/// A passage that is the same in both texts.
#[derive(Debug, Clone)]
struct Anchor {
    here: Span,
    /// Where it begins and ends in the source.
    there: Span,
}

/// Compares a text with a source; `None` if no passage of it stands there.
pub(in crate::rules) fn compare(text: &OwnWords, source: &OwnWords) -> Option<Comparison> {
    let anchors = anchors(&text.letters, &source.letters);
    let longest = anchors.iter().max_by_key(|anchor| (anchor.here.len(), std::cmp::Reverse(anchor.here.start)))?.here.clone();
    let mut same = vec![false; text.letters.len()];
    for anchor in &anchors {
        same[anchor.here.clone()].fill(true);
    }
    for anchor in &anchors {
        follow(&text.letters, &source.letters, (anchor.here.end, anchor.there.end), &mut same);
        follow_back(&text.letters, &source.letters, (anchor.here.start, anchor.there.start), &mut same);
    }
    let count = same.iter().filter(|same| **same).count();
    let is_inside = |at: &usize| *at > 0 && same[at - 1] && same.get(*at) == Some(&true);
    Some(Comparison {
        percent: count * 100 / text.letters.len().max(1),
        longest: text.places[longest.start] as usize..text.places[longest.end - 1] as usize,
        letters: longest.len(),
        names: text.names.iter().filter(|(at, _)| is_inside(at)).map(|(_, span)| span.clone()).collect(),
    })
}

fn anchors(text: &[char], source: &[char]) -> Vec<Anchor> {
    let mut places: FxHashMap<u64, usize> = FxHashMap::default();
    for (at, hash) in passages(source).enumerate() {
        places.entry(hash).or_insert(at);
    }
    let mut anchors: Vec<Anchor> = Vec::new();
    for (start, hash) in passages(text).enumerate() {
        let Some(there) = places.get(&hash).copied() else { continue };
        match anchors.last_mut() {
            Some(anchor) if start <= anchor.here.end => {
                anchor.here.end = start + PASSAGE;
                anchor.there.end = there + PASSAGE;
            }
            _ => anchors.push(Anchor { here: start..start + PASSAGE, there: there..there + PASSAGE }),
        }
    }
    anchors
}

/// How many letters may be skipped, in both texts together, to find together again.
const LONGEST_CHANGE: usize = 24;
/// How many letters must then be the same.
const SHORTEST_AGAIN: usize = 12;

/// Marks what is the same from a place on.
fn follow(text: &[char], source: &[char], (mut here, mut there): (usize, usize), same: &mut [bool]) {
    while let Some((skip_here, skip_there, length)) =
        together_again(&mut text[here.min(text.len())..].iter(), &mut source[there.min(source.len())..].iter())
    {
        let found = here + skip_here..here + skip_here + length;
        if same[found.start] {
            return;
        }
        same[found.clone()].fill(true);
        (here, there) = (found.end, there + skip_there + length);
    }
}

/// The same backwards.
fn follow_back(text: &[char], source: &[char], (mut here, mut there): (usize, usize), same: &mut [bool]) {
    while let Some((skip_here, skip_there, length)) = together_again(&mut text[..here].iter().rev(), &mut source[..there].iter().rev()) {
        let end = here - skip_here;
        let found = end - length..end;
        if same[found.end - 1] {
            return;
        }
        same[found.clone()].fill(true);
        (here, there) = (found.start, there - skip_there - length);
    }
}

/// After how many letters of each the two go on alike, and how far; the least change first.
fn together_again<'t>(
    text: &mut (impl Iterator<Item = &'t char> + Clone),
    source: &mut (impl Iterator<Item = &'t char> + Clone),
) -> Option<(usize, usize, usize)> {
    let window = LONGEST_CHANGE + SHORTEST_AGAIN;
    let (a, b): (Vec<char>, Vec<char>) = (text.clone().take(window).copied().collect(), source.clone().take(window).copied().collect());
    for change in 1..=LONGEST_CHANGE {
        for skip in 0..=change {
            let (from_a, from_b) = (skip.min(a.len()), (change - skip).min(b.len()));
            let alike = a[from_a..].iter().zip(&b[from_b..]).take(SHORTEST_AGAIN).take_while(|(a, b)| a == b).count();
            if alike == SHORTEST_AGAIN {
                let (rest_a, rest_b) = (text.clone().skip(from_a), source.clone().skip(from_b));
                return Some((from_a, from_b, rest_a.zip(rest_b).take_while(|(a, b)| a == b).count()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn words(text: &str) -> OwnWords {
        let letters: Vec<char> = text.chars().collect();
        OwnWords { places: (0..u32::try_from(letters.len()).unwrap()).collect(), letters, names: Vec::new() }
    }

    const TEXT: &str = "山背后的三个组一年只去过两次这是去年年底开院坝会时村民当面提的意见乡里没有回避把三个组的名字去的日子带去的公告一件一件列在石板墙上让没有去到的干部自己对照着看看完在旁边写下打算哪一天去去了讲什么事";

    /// Two changes close to each other leave one anchor, from which the rest is found again.
    #[test]
    fn light_editing_hides_nothing() {
        let edited = TEXT.replace("没有回避", "没有一点回避的意思").replace("开院坝会时", "开会时");
        let comparison = compare(&words(&edited), &words(TEXT)).unwrap();
        assert!(comparison.percent >= 90, "{comparison:?}");
        assert_eq!(compare(&words(TEXT), &words(TEXT)).unwrap().percent, 100);
    }

    /// Sentences in another order are no copy, however well known each of them is.
    #[test]
    fn without_an_anchor_there_is_no_copy() {
        let sentences = [
            "加强政策解读采用图表和问答形式",
            "对历史文件进行清理标注有效性",
            "主动接受社会监督公布投诉举报渠道",
            "组织业务培训提高经办人员能力",
        ];
        let one = [0, 1, 2, 3, 1, 0].map(|at: usize| sentences[at]).concat();
        let other = [3, 2, 0, 1, 3, 2].map(|at: usize| sentences[at]).concat();
        assert_eq!(compare(&words(&one), &words(&other)), None);
    }
}
