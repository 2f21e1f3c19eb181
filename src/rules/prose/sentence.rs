//! A paragraph as a line of words and figures, and the questions that are asked of it: what stands
//! between two places, where a clause begins.

use super::figures::{Figure, figures};
use crate::form::{Hit, Lexicon, Role};

/// A paragraph's text with what was found in it.
pub(in crate::rules) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) figures: Vec<Figure>,
    /// Words with a meaning, none inside another, by their start.
    pub(super) words: Vec<Hit<'a>>,
    /// All words, by their start, the longer first.
    all: Vec<Hit<'a>>,
}

/// Marks that end a clause.
const CLAUSE_ENDS: [char; 13] = ['，', '。', '；', '：', '、', '！', '？', '（', '）', '—', '…', '“', '”'];
/// Marks that end a sentence.
pub(super) const SENTENCE_ENDS: [char; 3] = ['。', '！', '？'];
/// More than any words that stand between a verb and its figure, in bytes.
const LONGEST_GAP: usize = 150;
/// How far back the beginning of a clause is looked for, in bytes.
const LONGEST_CLAUSE: usize = 240;

impl<'a> Line<'a> {
    /// A paragraph that can say something of the tables or give a list; `None` for most, which have no
    /// word for it and need not be read closely.
    pub(in crate::rules) fn telling(text: &'a str, lexicon: &'a Lexicon) -> Option<Self> {
        let figures = figures(text);
        if figures.is_empty() && !lexicon.denies(text) {
            return None;
        }
        let all = lexicon.hits(text);
        let tells = |role: &Role| matches!(role, Role::Statement(_) | Role::None(_) | Role::OfWhich);
        let telling = all.iter().any(|hit| hit.roles.iter().any(tells));
        telling.then(|| Self { text, figures, words: outermost(&all), all })
    }

    /// Whether words without meaning fill all of a gap; with `also`, words of that role count too and
    /// one of them must be there.
    pub(super) fn is_filled(&self, start: usize, end: usize, also: Option<Role>) -> bool {
        if start == end {
            return also.is_none();
        }
        if end < start || end - start > LONGEST_GAP {
            return false;
        }
        // reached[at] tells whether words fill the text up to `at`, and whether `also` was among them.
        let mut reached = vec![(false, false); end - start + 1];
        reached[0].0 = true;
        let first = self.all.partition_point(|hit| hit.start < start);
        for hit in self.all[first..].iter().take_while(|hit| hit.start < end).filter(|hit| hit.end <= end) {
            let from = reached[hit.start - start];
            let wanted = also.is_some_and(|also| hit.is(also));
            if !(from.0 || from.1) || !(hit.is(Role::Neutral) || wanted) {
                continue;
            }
            let to = &mut reached[hit.end - start];
            to.1 |= from.1 || wanted;
            to.0 |= from.0 && !wanted;
        }
        let filled = reached[end - start];
        if also.is_some() { filled.1 } else { filled.0 }
    }

    /// How far words without meaning reach from a place, to the first place where they end before a
    /// mark or the end of the text.
    pub(super) fn reaches_end(&self, start: usize) -> bool {
        let stop = start + LONGEST_GAP.min(self.text.len() - start);
        let stop = self.text[start..].char_indices().map(|(at, _)| start + at).take_while(|at| *at <= stop).find(|at| self.ends_at(*at));
        let stop = stop.or((self.text.len() - start <= LONGEST_GAP).then_some(self.text.len()));
        stop.is_some_and(|stop| self.is_filled(start, stop, None))
    }

    /// Whether a clause ends at a place.
    pub(super) fn ends_at(&self, at: usize) -> bool {
        self.text[at..].chars().next().is_none_or(|c| CLAUSE_ENDS.contains(&c))
    }

    /// The words of a role that end or begin exactly at a place.
    pub(super) fn touches(&self, role: Role, at: usize, before: bool) -> bool {
        if before {
            let from = self.all.partition_point(|hit| hit.start + LONGEST_GAP < at);
            return self.all[from..].iter().take_while(|hit| hit.start < at).any(|hit| hit.end == at && hit.is(role));
        }
        let from = self.all.partition_point(|hit| hit.start < at);
        self.all[from..].iter().take_while(|hit| hit.start == at).any(|hit| hit.is(role))
    }

    /// All words of a role within a range, those inside others included.
    pub(super) fn within(&self, role: Role, start: usize, end: usize) -> impl Iterator<Item = &Hit<'a>> {
        let from = self.all.partition_point(|hit| hit.start < start);
        self.all[from..].iter().take_while(move |hit| hit.start < end).filter(move |hit| hit.end <= end && hit.is(role))
    }

    /// The figures within a range.
    pub(super) fn figures_within(&self, start: usize, end: usize) -> &[Figure] {
        let from = self.figures.partition_point(|figure| figure.span.start < start);
        let to = self.figures.partition_point(|figure| figure.span.end <= end);
        &self.figures[from..to.max(from)]
    }

    /// Where the clause around a place begins: behind the last mark or figure before it.
    pub(super) fn clause_start(&self, at: usize) -> usize {
        let figure =
            self.figures[..self.figures.partition_point(|figure| figure.span.end <= at)].last().map_or(0, |figure| figure.span.end);
        figure.max(self.mark_before(at))
    }

    /// Where the last mark before a place ends.
    pub(super) fn mark_before(&self, at: usize) -> usize {
        let floor = self.boundary(at.saturating_sub(LONGEST_CLAUSE));
        let mark = self.text[floor..at].rfind(CLAUSE_ENDS).map(|mark| floor + mark);
        mark.map_or(floor, |mark| mark + self.text[mark..].chars().next().map_or(1, char::len_utf8))
    }

    fn boundary(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

/// The words with a meaning that stand in no longer word.
fn outermost<'a>(all: &[Hit<'a>]) -> Vec<Hit<'a>> {
    let mut words: Vec<Hit<'a>> = Vec::new();
    let mut reached = 0;
    // By start, the longer first: a word that ends no later than one before it stands inside it.
    for hit in
        all.iter().filter(|hit| hit.roles.iter().any(|role| !matches!(role, Role::Neutral | Role::Share | Role::Rough | Role::RoughAfter)))
    {
        if hit.end > reached {
            reached = hit.end;
            words.push(*hit);
        }
    }
    words
}
