//! All words of a form's grammar and of the vocabulary as one automaton: text → hits, in one pass.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Statement, Vocabulary};
use crate::text::{Finder, Span};

/// What a word does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Words of a statement, by its index.
    Statement(u16),
    /// Words that say that there is none of a statement.
    None(u16),
    /// The form's subject.
    Topic,
    /// A subject that no form has.
    Foreign,
    /// A compound without meaning here.
    Aside,
    /// Stands between without meaning.
    Neutral,
    /// Before a share.
    Share,
    /// Before a difference.
    Comparison,
    /// Another time.
    Elsewhere,
    /// This year.
    Here,
    /// More than one body.
    Area,
    /// The parts of a whole follow.
    OfWhich,
    /// The list of parts is open.
    OpenList,
    /// What is left of a whole.
    Rest,
    /// There is none, before.
    Nothing,
    /// There is none, behind.
    NothingAfter,
    /// A rough figure follows.
    Rough,
    /// A rough figure stands before.
    RoughAfter,
}

/// One word found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<'l> {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it does; a word may do several things.
    pub roles: &'l [Role],
}

impl Hit<'_> {
    /// Whether it does this.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The statements whose words it is.
    pub fn statements(&self) -> impl Iterator<Item = usize> {
        self.roles.iter().filter_map(|role| if let Role::Statement(index) = role { Some(usize::from(*index)) } else { None })
    }
}

/// The automaton. Two are equal when they know the same words.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    words: Vec<(String, Vec<Role>)>,
    automaton: OnceLock<Finder>,
    denials: OnceLock<Finder>,
    topics: OnceLock<Finder>,
}

impl PartialEq for Lexicon {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Eq for Lexicon {}

impl Lexicon {
    /// Collects the words. Of two statements with the same word in a grammar both are kept: which one
    /// is meant follows from what the sentence speaks of.
    pub(super) fn of(statements: &[Statement], topic: &[String], vocabulary: &Vocabulary) -> Self {
        let mut roles: FxHashMap<String, Vec<Role>> = FxHashMap::default();
        let mut order: Vec<String> = Vec::new();
        let mut add = |words: &[String], role: Role| {
            for word in words {
                let known = roles.entry(word.clone()).or_insert_with(|| {
                    order.push(word.clone());
                    Vec::new()
                });
                if !known.contains(&role) {
                    known.push(role);
                }
            }
        };
        for (index, statement) in (0u16..).zip(statements) {
            add(&statement.words, Role::Statement(index));
            add(&statement.none, Role::None(index));
        }
        add(topic, Role::Topic);
        let lists: [(&[String], Role); 16] = [
            (&vocabulary.foreign, Role::Foreign),
            (&vocabulary.aside, Role::Aside),
            (&vocabulary.neutral, Role::Neutral),
            (topic, Role::Neutral),
            (&vocabulary.share, Role::Share),
            (&vocabulary.comparison, Role::Comparison),
            (&vocabulary.elsewhere, Role::Elsewhere),
            (&vocabulary.here, Role::Here),
            (&vocabulary.area, Role::Area),
            (&vocabulary.of_which, Role::OfWhich),
            (&vocabulary.open_list, Role::OpenList),
            (&vocabulary.rest, Role::Rest),
            (&vocabulary.nothing, Role::Nothing),
            (&vocabulary.nothing_after, Role::NothingAfter),
            (&vocabulary.rough, Role::Rough),
            (&vocabulary.rough_after, Role::RoughAfter),
        ];
        for (words, role) in lists {
            add(words, role);
        }
        let words: Vec<(String, Vec<Role>)> =
            order.into_iter().map(|word| (word.clone(), roles.remove(&word).unwrap_or_default())).collect();
        Self { words, ..Self::default() }
    }

    /// Whether a text says of anything that there was none.
    pub fn denies(&self, text: &str) -> bool {
        let denies = |role: &Role| matches!(role, Role::None(_) | Role::Nothing | Role::NothingAfter);
        self.denials.get_or_init(|| self.finder(denies)).is_in(text)
    }

    /// Whether a text names the form's subject.
    pub fn is_on_topic(&self, text: &str) -> bool {
        self.topics.get_or_init(|| self.finder(|role| *role == Role::Topic)).is_in(text)
    }

    /// A finder of the words that have one of some roles.
    fn finder(&self, is_sought: impl Fn(&Role) -> bool) -> Finder {
        Finder::of(self.words.iter().filter(|(_, roles)| roles.iter().any(&is_sought)).map(|(word, _)| word))
    }

    /// All words in a text, those inside longer ones included, by start and then longest first.
    pub fn hits(&self, text: &str) -> Vec<Hit<'_>> {
        let automaton = self.automaton.get_or_init(|| Finder::of(self.words.iter().map(|(word, _)| word)));
        let hit = |(span, word): (Span, usize)| Hit { start: span.start, end: span.end, roles: &self.words[word].1 };
        automaton.everywhere(text).into_iter().map(hit).collect()
    }
}
