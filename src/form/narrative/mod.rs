//! What the prose of a report says in figures: a grammar of words and the cells they speak of.
//!
//! The grammar is data. A form names one that stands beside it (`narrative = "…"`) and may add
//! `[[statement]]`s of its own; the words of the language at large are a file for themselves. Here the
//! files are read and all words are put into one [`Lexicon`]; what a sentence means is for the rules.

mod lexicon;
mod set_phrases;
mod statement;
mod vocabulary;

use super::{INVALID_FORM, Section, Table};
use crate::front_matter::{Fields, parse};
use crate::words;

pub use lexicon::{Hit, Lexicon, Role};
pub use set_phrases::SetPhrases;
pub use statement::{Readings, Statement, Topic};
pub use vocabulary::Vocabulary;

/// The grammars beside the built-in forms, by name.
const GRAMMARS: [(&str, &str); 2] =
    [("cn-2014", include_str!("../editions/narrative-2014.toml")), ("cn-2019", include_str!("../editions/narrative-2019.toml"))];

/// A form's grammar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrative {
    /// The statements.
    pub statements: Vec<Statement>,
    /// Words for the form's subject: 申请.
    pub topic: Vec<String>,
    /// All words.
    pub lexicon: Lexicon,
    /// What is nobody's own words.
    pub set_phrases: SetPhrases,
}

impl Narrative {
    /// Reads the grammar that a form names and its own statements.
    pub(super) fn read(fields: &mut Fields<'_, '_>, sections: &[Section], tables: &[Table]) -> Self {
        let mut narrative = Self::default();
        if let Some(name) = fields.string("narrative") {
            match GRAMMARS.iter().find(|(known, _)| *known == name) {
                Some((_, text)) => narrative.include(fields, text, tables),
                None => {
                    let span = fields.span("narrative").unwrap_or(0..1);
                    let known = GRAMMARS.map(|(name, _)| name).join("、");
                    fields.fault(span, words!("没有文字规则 {name}，已有的是 {known}", "there is no grammar {name}; known: {known}"));
                }
            }
        }
        narrative.take(fields, tables);
        narrative.lexicon = Lexicon::of(&narrative.statements, &narrative.topic, Vocabulary::chinese());
        narrative.set_phrases = SetPhrases::of(sections, tables, Vocabulary::chinese());
        narrative
    }

    /// A built-in grammar; its faults would point into another file, but a test finds that it has none.
    fn include(&mut self, fields: &mut Fields<'_, '_>, text: &str, tables: &[Table]) {
        let (toml, faults) = parse(text, 0, INVALID_FORM);
        fields.absorb(faults);
        let mut grammar = Fields::new(toml.get_ref(), 0, INVALID_FORM);
        self.take(&mut grammar, tables);
        fields.absorb(grammar.finish());
    }

    fn take(&mut self, fields: &mut Fields<'_, '_>, tables: &[Table]) {
        self.topic.extend(fields.strings("narrative_topic"));
        for (mut statement, span) in fields.tables("statement") {
            self.statements.push(Statement::read(&mut statement, tables, &span));
            fields.absorb(statement.finish());
        }
        let keys: Vec<String> = self.statements.iter().map(|statement| statement.key.clone()).collect();
        let parents = self.statements.iter().flat_map(|statement| &statement.within).map(|(key, _)| key.clone());
        for unknown in parents.filter(|key| !keys.contains(key)).collect::<Vec<_>>() {
            let span = fields.span("statement").unwrap_or(0..1);
            fields.fault(
                span,
                words!("within 里的 {unknown} 不是任何 [[statement]] 的 key", "`within` names {unknown}, which is no statement's key"),
            );
        }
    }
}
