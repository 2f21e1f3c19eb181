//! A report's own words: its prose without headings, tables, figures, official labels, set phrases, set
//! sentences and its own name; letters only, each of which knows its place in the file.

use memchr::memmem;

use super::super::prose::{Paragraph, Prose};
use crate::archive::{Card, Sketch};
use crate::form::Form;
use crate::text::{Span, han_length, is_letter};

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
pub fn sketch(prose: &Prose, form: &Form, card: Option<&Card>) -> Sketch {
    let letters = Letters { text: String::new(), places: None };
    Sketch::of(&letters.of(prose, form).without(form, &names_of(card), &[], "").letters)
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
    let letters = Letters { text: String::new(), places: Some(Vec::new()) };
    letters.of(&Prose::of(text, prose), form).without(form, names, others, text)
}

/// The letters of sentences, and where each byte of them comes from, if that is wanted.
struct Letters {
    text: String,
    places: Option<Vec<u32>>,
}

impl Letters {
    /// The letters of a prose without headings and set sentences.
    fn of(mut self, prose: &Prose, form: &Form) -> Self {
        let phrases = &form.narrative.set_phrases;
        for paragraph in prose.paragraphs.iter().filter(|paragraph| !paragraph.heading) {
            // Few paragraphs have a set sentence: the others need not be looked at one by one.
            if !phrases.is_set_sentence(&paragraph.text) {
                self.take(paragraph, 0..paragraph.text.len());
                continue;
            }
            let mut start = 0;
            for sentence in paragraph.text.split_inclusive(['。', '！', '？', '；']) {
                if !phrases.is_set_sentence(sentence) {
                    self.take(paragraph, start..start + sentence.len());
                }
                start += sentence.len();
            }
        }
        self
    }

    fn take(&mut self, paragraph: &Paragraph, range: Span) {
        let text = &paragraph.text[..range.end];
        // The letters that come next begin at `start`.
        let (mut start, mut at) = (range.start, range.start);
        loop {
            at += han_length(&text[at..]);
            let next = text[at..].chars().next();
            if let Some(letter) = next.filter(|c| is_letter(*c) && !c.is_ascii_digit()) {
                at += letter.len_utf8();
                continue;
            }
            self.push(&text[start..at], paragraph, start);
            let Some(mark) = next else { return };
            if mark.is_ascii_digit() {
                // Figures change from year to year when nothing else does.
                self.push("0", paragraph, at);
                at += text[at..].bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'%')).count();
            } else {
                at += mark.len_utf8();
            }
            start = at;
        }
    }

    /// Adds letters, the first of which comes from a place in a paragraph and the others from behind it.
    fn push(&mut self, letters: &str, paragraph: &Paragraph, at: usize) {
        self.text.push_str(letters);
        if let Some(places) = &mut self.places {
            for (offset, c) in letters.char_indices() {
                let place = u32::try_from(paragraph.origin(at + offset)).unwrap_or(u32::MAX);
                places.extend(std::iter::repeat_n(place, c.len_utf8()));
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
        let place = |at: usize| self.places.as_ref().map(|places| places[at]);
        let mut words = OwnWords { letters: Vec::with_capacity(self.text.len() / 3 + 1), ..OwnWords::default() };
        let mut at = 0;
        let end = self.text.len();
        for (cut, is_name) in cuts.into_iter().chain(std::iter::once((end..end, false))) {
            let kept = &self.text[at..cut.start.max(at)];
            kept.chars().for_each(|c| words.letters.push(c));
            if let Some(places) = &self.places {
                words.places.extend(kept.char_indices().map(|(offset, _)| places[at + offset]));
            }
            if is_name && let (Some(first), Some(last)) = (place(cut.start), place(cut.end - 1)) {
                let (first, last) = (first as usize, last as usize);
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
        let found = memmem::find_iter(text.as_bytes(), name.as_str()).map(|at| at..at + name.len());
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures become a nought each, at the place of their first digit; marks go; letters know their places.
    #[test]
    fn letters_and_figures_are_taken_one_after_another() {
        let file = "新收 １2.5%件（ab3，é²）5..%6甲 7%、8";
        let mut letters = Letters { text: String::new(), places: Some(Vec::new()) };
        for paragraph in &Prose::of(file, 0..file.len()).paragraphs {
            letters.take(paragraph, 0..paragraph.text.len());
        }
        assert_eq!(letters.text, "新收0件ab0é²0甲00");
        let places = letters.places.unwrap_or_default();
        let from: String = letters.text.char_indices().filter_map(|(at, _)| file[places[at] as usize..].chars().next()).collect();
        assert_eq!(from, "新收１件ab3é²5甲78");
    }
}
