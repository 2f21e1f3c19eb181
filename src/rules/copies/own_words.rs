//! A report's own words: its prose without headings, tables, figures, official labels, set phrases, set
//! sentences and its own name; letters only, each of which knows its place in the file.

use super::super::prose::{Paragraph, paragraphs};
use crate::archive::{Card, Sketch};
use crate::form::Form;
use crate::text::Span;

/// What remains of a prose.
#[derive(Debug, Clone, Default)]
pub(in crate::rules) struct OwnWords {
    /// The letters.
    pub(in crate::rules) letters: Vec<char>,
    /// Where each stands in the file.
    pub(in crate::rules) places: Vec<u32>,
    /// Where names were taken out that were asked for: how many letters stand before, and the place in
    /// the file.
    pub(in crate::rules) names: Vec<(usize, Span)>,
}

/// The sketch of a report's own words.
pub fn sketch(text: &str, prose: Span, form: &Form, card: Option<&Card>) -> Sketch {
    Sketch::of(&own_words(text, prose, form, &names_of(card), &[]).letters)
}

/// Names by which a body may be called, long ones first; without a card it has none.
pub(in crate::rules) fn names_of(card: Option<&Card>) -> Vec<String> {
    const ENDS: [&str; 4] = ["人民政府办公室", "人民政府", "街道办事处", "办事处"];
    let mut names: Vec<String> = Vec::new();
    for name in card.into_iter().flat_map(|card| card.names()) {
        let shorter = ENDS.iter().filter_map(|end| name.strip_suffix(end));
        names.extend(std::iter::once(name).chain(shorter).filter(|name| name.chars().count() >= 3).map(str::to_owned));
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    names
}

/// Takes out of a prose all that is not its own: `names` silently, `others` noting where they stood.
pub(in crate::rules) fn own_words(text: &str, prose: Span, form: &Form, names: &[String], others: &[String]) -> OwnWords {
    let mut all = Letters::default();
    for paragraph in paragraphs(text, prose).iter().filter(|paragraph| !paragraph.heading) {
        let mut start = 0;
        for sentence in paragraph.text.split_inclusive(['。', '！', '？', '；']) {
            if !form.narrative.set_phrases.is_set_sentence(sentence) {
                all.take(paragraph, start..start + sentence.len());
            }
            start += sentence.len();
        }
    }
    all.without(form, names, others, text)
}

/// The letters of sentences, and where each byte of them comes from.
#[derive(Default)]
struct Letters {
    text: String,
    places: Vec<u32>,
}

impl Letters {
    fn take(&mut self, paragraph: &Paragraph, range: Span) {
        let mut in_number = false;
        for (at, c) in paragraph.text[range.clone()].char_indices() {
            // Figures change from year to year when nothing else does.
            let figure = c.is_ascii_digit() || in_number && matches!(c, '.' | '%');
            let letter = if figure { (!in_number).then_some('0') } else { (is_han(c) || c.is_alphanumeric()).then_some(c) };
            in_number = figure;
            if let Some(letter) = letter {
                self.text.push(letter);
                let place = u32::try_from(paragraph.origin(range.start + at)).unwrap_or(u32::MAX);
                self.places.extend(std::iter::repeat_n(place, letter.len_utf8()));
            }
        }
    }

    /// What remains when names and set phrases are cut out.
    fn without(self, form: &Form, names: &[String], others: &[String], file: &str) -> OwnWords {
        let own = cuts(&self.text, names, &[]);
        let foreign = cuts(&self.text, others, &own);
        let phrases = form.narrative.set_phrases.find(&self.text).into_iter();
        let mut cuts: Vec<(Span, bool)> = phrases
            .filter(|cut| !overlaps(cut, &own) && !overlaps(cut, &foreign))
            .chain(own.iter().cloned())
            .map(|cut| (cut, false))
            .collect();
        cuts.extend(foreign.iter().cloned().map(|cut| (cut, true)));
        cuts.sort_unstable_by_key(|(cut, _)| cut.start);
        let mut words = OwnWords::default();
        let mut at = 0;
        let end = self.text.len();
        for (cut, is_name) in cuts.into_iter().chain(std::iter::once((end..end, false))) {
            for (offset, c) in self.text[at..cut.start.max(at)].char_indices() {
                words.letters.push(c);
                words.places.push(self.places[at + offset]);
            }
            if is_name {
                let (first, last) = (self.places[cut.start] as usize, self.places[cut.end - 1] as usize);
                words.names.push((words.letters.len(), first..last + file[last..].chars().next().map_or(0, char::len_utf8)));
            }
            at = cut.end.max(at);
        }
        words
    }
}

/// Where names stand in a text, none overlapping another or what is `taken`; in order.
fn cuts(text: &str, names: &[String], taken: &[Span]) -> Vec<Span> {
    let mut cuts: Vec<Span> = Vec::new();
    for name in names {
        let found = text.match_indices(name.as_str()).map(|(at, _)| at..at + name.len());
        let free: Vec<Span> = found.filter(|cut| !overlaps(cut, &cuts) && !overlaps(cut, taken)).collect();
        cuts.extend(free);
        cuts.sort_unstable_by_key(|cut| cut.start);
    }
    cuts
}

/// Whether a span overlaps one of some, which stand in order.
fn overlaps(span: &Span, spans: &[Span]) -> bool {
    let next = spans.partition_point(|other| other.end <= span.start);
    spans.get(next).is_some_and(|other| other.start < span.end)
}

/// The characters that nearly all prose is made of.
fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}
