//! Which paragraphs are the titles of the form's sections.
//!
//! A title counts by its words (the form's variants) and its number: "（二）依申请公开情况" is a sub-head of
//! section 一, not the title of section 三. Where titles come twice (a table of contents, a caption), those
//! with text below them are taken.

use crate::form::{Form, normalise_label, strip_numbering};
use crate::import::block::{Block, Runs};
use crate::report::printed_number;

/// More titles than this have only texts made to be a nuisance.
const MOST_TITLES: usize = 300;

/// A title found: the block, its section, and what followed the title in the same paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title {
    pub(super) block: usize,
    pub(super) section: usize,
    /// The title's words without number.
    pub(super) words: String,
    /// The number as printed, if any.
    pub(super) number: Option<String>,
    /// What stood behind the title in its paragraph.
    pub(super) rest: Option<Runs>,
}

/// The titles in order, one for each section found: the chain of rising sections with the most text
/// below its titles. A table of contents has titles too, but nothing below them.
pub(super) fn titles(blocks: &[Block], form: &Form) -> Vec<Title> {
    let all = blocks.iter().enumerate().filter_map(|(at, block)| title(at, block, form));
    let mut candidates: Vec<Title> = all.take(MOST_TITLES).collect();
    // A title and the caption right below it are one.
    candidates.dedup_by(|next, kept| next.section == kept.section && next.block == kept.block + 1 && next.rest.is_none());
    let weight = |at: usize| {
        let end = candidates.get(at + 1).map_or(blocks.len(), |next| next.block);
        let below: usize = blocks[candidates[at].block + 1..end].iter().map(|block| block.text().chars().count()).sum();
        let heading = usize::from(matches!(blocks[candidates[at].block], Block::Heading { .. }));
        1_000 + below.min(900) + 40 * heading
    };
    let mut best: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let before = (0..at).filter(|other| candidates[*other].section < candidate.section);
        let previous = before.max_by_key(|other| best[*other].0);
        best.push((weight(at) + previous.map_or(0, |other| best[other].0), previous));
    }
    let mut chain = Vec::new();
    let mut at = (0..candidates.len()).max_by_key(|at| best[*at].0);
    while let Some(index) = at {
        chain.push(candidates[index].clone());
        at = best[index].1;
    }
    chain.reverse();
    chain
}

/// Whether a block only repeats a section's title or its table's caption: "…情况 单位：件".
pub(super) fn is_caption(block: &Block, section: usize, form: &Form) -> bool {
    let (Block::Paragraph { runs, .. } | Block::Heading { runs, .. }) = block else { return false };
    let text = super::write::plain_text(runs);
    let words = text.split("单位").next().unwrap_or(&text).trim_end_matches(['（', '(', ' ']);
    let caption = form.sections[section].table.map(|table| normalise_label(&form.tables[table].caption));
    form.section_titled(words) == Some(section) || caption.is_some_and(|caption| caption == normalise_label(words))
}

fn title(at: usize, block: &Block, form: &Form) -> Option<Title> {
    let (text, strong) = match block {
        Block::Heading { runs, .. } => (super::write::plain_text(runs), true),
        Block::Paragraph { runs, .. } => (super::write::plain_text(runs), runs.all_strong()),
        Block::ListItem { marker, runs, .. } => (format!("{marker}{}", super::write::plain_text(runs)), runs.all_strong()),
        Block::Table(_) | Block::Lines(_) => return None,
    };
    let text = text.trim_start_matches('#').trim();
    whole(at, text, strong, form).or_else(|| run_in(at, block, text, form))
}

/// A paragraph that is nothing but a title.
fn whole(at: usize, text: &str, strong: bool, form: &Form) -> Option<Title> {
    if text.chars().count() > 50 {
        return None;
    }
    let words = strip_numbering(text).trim_end_matches(['：', ':', '。', '，']).trim();
    let section = form.section_titled(words)?;
    let number = printed_number(text).map(str::to_owned);
    fits(text, number.as_deref(), words, section, strong, form).then(|| Title {
        block: at,
        section,
        words: words.replace(' ', ""),
        number,
        rest: None,
    })
}

/// Whether a text with a section's words is that section's title.
fn fits(text: &str, number: Option<&str>, words: &str, section: usize, strong: bool, form: &Form) -> bool {
    let of_form = &form.sections[section];
    let own_words = normalise_label(words) == normalise_label(&of_form.title.text);
    let long = words.chars().count() >= 8;
    let bracketed = text.starts_with(['（', '(']);
    match number {
        Some(number) => match &of_form.number {
            Some(due) if same_number(number, due) => !bracketed || own_words,
            // A wrong number before the form's own long title is a misnumbered title.
            _ => own_words && long && !bracketed,
        },
        None => own_words || (long && strong),
    }
}

fn same_number(printed: &str, due: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十";
    let value = |text: &str| {
        let han = NUMERALS.chars().position(|c| text.chars().eq([c])).map(|at| at + 1);
        han.or_else(|| crate::number::normalise(text).parse().ok())
    };
    printed == due || value(printed).is_some() && value(printed) == value(due)
}

/// A title with its text in the same paragraph: "六、其他需要报告的事项：无。" The title must be numbered.
fn run_in(at: usize, block: &Block, text: &str, form: &Form) -> Option<Title> {
    let number = printed_number(text)?.to_owned();
    let (Block::Paragraph { runs, .. } | Block::ListItem { runs, .. } | Block::Heading { runs, .. }) = block else { return None };
    let body = strip_numbering(text);
    let end = body.char_indices().take(46).find(|(_, c)| matches!(c, '：' | ':' | '。' | ' '))?.0;
    let words = body[..end].trim();
    let section = form.section_titled(words)?;
    if !fits(text, Some(&number), words, section, false, form) {
        return None;
    }
    let rest = behind(runs, words)?;
    Some(Title { block: at, section, words: words.replace(' ', ""), number: Some(number), rest: Some(rest) })
}

/// The runs behind a title's words and the mark after them.
fn behind(runs: &Runs, words: &str) -> Option<Runs> {
    let wanted: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest = Runs::default();
    let (mut matched, mut marked) = (0, false);
    for run in &runs.0 {
        let mut kept = String::new();
        for c in run.text.chars() {
            if matched == wanted.len() {
                let mark = !marked && matches!(c, '：' | ':' | '。') || (kept.is_empty() && rest.0.is_empty() && c.is_whitespace());
                marked |= mark;
                if !mark {
                    kept.push(c);
                }
            } else if wanted.get(matched) == Some(&c) {
                matched += 1;
            } else if matched > 0 && !c.is_whitespace() {
                matched = usize::from(wanted.first() == Some(&c));
            }
        }
        rest.push(crate::import::block::Run { text: kept, ..run.clone() });
    }
    (!rest.is_blank()).then_some(rest)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::form::Forms;
    use crate::import::block::Place;

    fn found(texts: &[&str]) -> Vec<(usize, usize, Option<String>)> {
        let forms = Forms::builtin();
        let blocks: Vec<Block> = texts.iter().map(|text| Block::paragraph(*text, Place::Unknown)).collect();
        let titles = titles(&blocks, forms.get("cn-2021").unwrap());
        titles.into_iter().map(|t| (t.block, t.section, t.rest.map(|rest| rest.text()))).collect()
    }

    /// Numbers of another kind, variants, and sub-heads with the words of a section.
    #[test]
    fn titles_are_told_from_sub_heads() {
        let texts = [
            "一、总体情况",
            "（一）主动公开情况",
            "（二）依申请公开情况",
            "2.依申请公开情况",
            "二、行政机关主动公开政府信息情况",
            "5、 存在的主要问题及改进情况",
        ];
        assert_eq!(found(&texts), [(0, 0, None), (4, 1, None), (5, 4, None)]);
    }

    #[test]
    fn a_table_of_contents_is_passed_over() {
        let texts = ["一、总体情况", "六、其他需要报告的事项", "一、总体情况", "正文", "六、其他需要报告的事项"];
        assert_eq!(found(&texts), [(2, 0, None), (4, 5, None)]);
    }

    #[test]
    fn text_may_follow_in_the_same_paragraph() {
        assert_eq!(found(&["六、其他需要报告的事项：无。"]), [(0, 5, Some("无。".into()))]);
        assert_eq!(found(&["六、其他需要报告的事项。本年度收费：0元。"]), [(0, 5, Some("本年度收费：0元。".into()))]);
    }
}
