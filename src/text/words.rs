//! Messages in two languages: Chinese first, English second.

use crate::pack::packed;

/// The language in which messages and pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Reads `zh`, `zh-CN`, `en`, `en-GB` …; anything else is `None`.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next() {
            Some("zh") => Some(Self::Chinese),
            Some("en") => Some(Self::English),
            _ => None,
        }
    }

    /// What its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Chinese => "中文",
            Self::English => "English",
        }
    }

    /// The language tag for HTML's `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// One message in both languages. The reader's language is known only at the rim, so both are made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Words {
    /// The Chinese text.
    pub zh: String,
    /// The English text.
    pub en: String,
}

packed!(Words { zh, en });

impl Words {
    /// A message from its two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The same text in both languages (a name, a quotation).
    pub fn same(text: impl Into<String>) -> Self {
        let zh = text.into();
        Self { en: zh.clone(), zh }
    }

    /// The text in the reader's language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// Makes [`Words`] from a Chinese and an English format string over the same captured names:
/// `words!("第 {n} 行", "line {n}")`.
#[macro_export]
macro_rules! words {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::text::Words::new(format!($zh), format!($en))
    };
}
pub use words;
