//! What stands in every report and is nobody's own words: the form's labels, set phrases, and sentences
//! such as the one about the period of the figures.

use std::sync::OnceLock;

use super::Vocabulary;
use crate::form::{Section, Table, normalise_label};
use crate::text::{Finder, Span};

/// Finds set phrases in text of letters and digits only, and set sentences in any text. Two are equal
/// when they know the same phrases.
#[derive(Debug, Clone, Default)]
pub struct SetPhrases {
    known: Vec<String>,
    phrases: OnceLock<Finder>,
    sentences: OnceLock<Finder>,
}

impl PartialEq for SetPhrases {
    fn eq(&self, other: &Self) -> bool {
        self.known == other.known
    }
}

impl Eq for SetPhrases {}

/// Shorter labels (其他, 总计) are words of the language.
const SHORTEST_LABEL: usize = 4;

impl SetPhrases {
    pub(in crate::form) fn of(sections: &[Section], tables: &[Table], vocabulary: &Vocabulary) -> Self {
        let titles = sections
            .iter()
            .flat_map(|section| std::iter::once(&section.title.text).chain(&section.title.variants).chain(&section.subheads));
        let rows = tables.iter().flat_map(|table| &table.rows).map(|row| &row.label);
        let columns = tables.iter().flat_map(|table| &table.blocks).flat_map(|block| &block.columns).map(|column| &column.label);
        let labels = rows.chain(columns).flat_map(|label| std::iter::once(&label.text).chain(&label.variants));
        let mut known: Vec<String> = titles.chain(labels).chain(&vocabulary.set_phrases).map(|text| normalise_label(text)).collect();
        known.retain(|text| text.chars().count() >= SHORTEST_LABEL);
        known.sort_unstable();
        known.dedup();
        Self { known, ..Self::default() }
    }

    /// Where set phrases stand in a text of letters and digits.
    pub fn find(&self, text: &str) -> Vec<Span> {
        self.phrases.get_or_init(|| Finder::of(&self.known)).apart(text).map(|(span, _)| span).collect()
    }

    /// Whether a text holds, or is, a sentence that every report has.
    pub fn is_set_sentence(&self, sentence: &str) -> bool {
        self.sentences.get_or_init(|| Finder::of(&Vocabulary::chinese().set_sentences)).is_in(sentence)
    }
}
