//! Phrases that are looked for together, in one pass over a text.

use crate::text::{Finder, Span};

/// A list of phrases, ready to be found.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    phrases: Vec<String>,
    finder: Finder,
}

impl Phrases {
    /// Prepares phrases; empty ones are left out.
    pub fn new(phrases: Vec<String>) -> Self {
        let phrases: Vec<String> = phrases.into_iter().filter(|phrase| !phrase.is_empty()).collect();
        // Of two phrases that begin at one place the longer is meant: "XX年", not "XX".
        let finder = Finder::of(&phrases);
        Self { phrases, finder }
    }

    /// The phrases.
    pub fn as_slice(&self) -> &[String] {
        &self.phrases
    }

    /// Where phrases stand in a text, from left to right, and which.
    pub fn find<'p>(&'p self, text: &'p str) -> impl Iterator<Item = (Span, &'p str)> {
        self.finder.apart(text).map(|(span, phrase)| (span, self.phrases[phrase].as_str()))
    }
}

impl PartialEq for Phrases {
    fn eq(&self, other: &Self) -> bool {
        self.phrases == other.phrases
    }
}

impl Eq for Phrases {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_order() {
        let phrases = Phrases::new(vec!["XX年".into(), "（文字描述）".into(), String::new()]);
        let text = "（文字描述）XX年";
        let found: Vec<_> = phrases.find(text).map(|(span, phrase)| (text[span].to_owned(), phrase)).collect();
        let longer = Phrases::new(vec!["XX".into(), "XX年".into()]);
        assert_eq!(longer.find("XX年XX").map(|(_, phrase)| phrase).collect::<Vec<_>>(), ["XX年", "XX"]);
        assert_eq!(found, [("（文字描述）".to_owned(), "（文字描述）"), ("XX年".to_owned(), "XX年")]);
    }
}
