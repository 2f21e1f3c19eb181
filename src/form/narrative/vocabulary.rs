//! The words of the language that every form's statements are read with: units, comparisons, other
//! years, negations, and words that stand between without meaning anything.
//!
//! They are data too (`editions/prose-zh.toml`), since each of them was met in a report.

use std::sync::LazyLock;

use super::statement::spellings;
use crate::diagnostic::Fault;
use crate::form::INVALID_FORM;
use crate::front_matter::{Fields, parse};

const CHINESE: &str = include_str!("../editions/prose-zh.toml");

/// The words of a language of reports, optional parts written out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Units of cases: 件, 宗.
    pub units: Vec<String>,
    /// Further units, by which figures of other things are known: 条, 次, 人.
    pub other_units: Vec<String>,
    /// Words that may stand between a statement's words and its figure: 共计, 政府信息公开申请.
    pub neutral: Vec<String>,
    /// Words before a share: 占, 占比.
    pub share: Vec<String>,
    /// Words behind which a figure is a difference or a mean: 较上年, 同比, 平均.
    pub comparison: Vec<String>,
    /// Words that put a sentence into another time: 去年, 上半年.
    pub elsewhere: Vec<String>,
    /// Words that bring it back: 本年, 全年.
    pub here: Vec<String>,
    /// Words that mean more than one body: 全县. They are foreign only to a body's own report.
    pub area: Vec<String>,
    /// Ends of names of bodies: 局, 街道.
    pub body_ends: Vec<String>,
    /// Words for the reporting body itself: 我局, 本镇.
    pub itself: Vec<String>,
    /// Words that open the parts of a whole: 其中.
    pub of_which: Vec<String>,
    /// Words that leave a list of parts open: 等, 主要.
    pub open_list: Vec<String>,
    /// Words that close it: 其他.
    pub rest: Vec<String>,
    /// Words that say, before a statement's words, that there is none: 没有, 未发生.
    pub nothing: Vec<String>,
    /// The same behind them: 均未发生, 为零.
    pub nothing_after: Vec<String>,
    /// Marks of a rough figure before it: 约.
    pub rough: Vec<String>,
    /// Marks of a rough figure behind it: 余.
    pub rough_after: Vec<String>,
    /// Things that are no subject of any form: 投诉, 提案.
    pub foreign: Vec<String>,
    /// Compounds in which a statement's words mean nothing: 办结率, 申请人.
    pub aside: Vec<String>,
    /// Kinds that documents are sorted into when they are made: 主动公开, 依申请公开.
    pub attributes: Vec<String>,
    /// Ways of publishing, in several of which one thing may be counted: 网站, 微信.
    pub channels: Vec<String>,
    /// Set phrases of reports that are nobody's own words.
    pub set_phrases: Vec<String>,
    /// Words that mark a sentence as one that every report has: 统计期限, 联系电话.
    pub set_sentences: Vec<String>,
}

impl Vocabulary {
    /// The language of the built-in forms.
    pub fn chinese() -> &'static Self {
        static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::read(CHINESE).0);
        &VOCABULARY
    }

    fn read(text: &str) -> (Self, Vec<Fault>) {
        let (toml, mut faults) = parse(text, 0, INVALID_FORM);
        let mut fields = Fields::new(toml.get_ref(), 0, INVALID_FORM);
        let mut list =
            |key: &str| -> Vec<String> { fields.strings(key).iter().flat_map(|pattern| spellings(pattern).unwrap_or_default()).collect() };
        let language = Self {
            units: list("units"),
            other_units: list("other_units"),
            neutral: list("neutral"),
            share: list("share"),
            comparison: list("comparison"),
            elsewhere: list("elsewhere"),
            here: list("here"),
            area: list("area"),
            body_ends: list("body_ends"),
            itself: list("itself"),
            of_which: list("of_which"),
            open_list: list("open_list"),
            rest: list("rest"),
            nothing: list("nothing"),
            nothing_after: list("nothing_after"),
            rough: list("rough"),
            rough_after: list("rough_after"),
            foreign: list("foreign"),
            aside: list("aside"),
            attributes: list("attributes"),
            channels: list("channels"),
            set_phrases: list("set_phrases"),
            set_sentences: list("set_sentences"),
        };
        faults.extend(fields.finish());
        (language, faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file has no fault, and no list of it is empty.
    #[test]
    fn the_words_of_chinese_are_whole() {
        let (language, faults) = Vocabulary::read(CHINESE);
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(!format!("{language:?}").contains(": []"), "{language:#?}");
    }
}
