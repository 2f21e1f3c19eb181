//! 文字里的数字与表格不符。
//!
//! A figure in the prose differs from the tables.
//!
//! # 查什么
//!
//! 正文里写明了含义的数字——新收、上年结转、结转下年度、办结、予以公开、部分公开、不予公开、无法提供、不予处理、其他处理，各占百分之几，行政复议和行政诉讼及其结果——与表中对应的格是否一致；“没有发生行政诉讼”即为零；“其中：甲 n 条，乙 n 条”各项之和是否等于前面的总数（各渠道公开数之和可以大于总数）。“收到”“受理”含不含上年结转，两种写法都认。别的年度、别的单位、“约”“较上年”之类的数字不管。认得哪些词，写在格式文件旁的 narrative-*.toml 里。
//!
//! # 为什么
//!
//! 文字往往先写、表格后改，读者和检查组最先看到的就是两处对不上。
//!
//! # 例
//!
//! ```markdown
//! 全年新收政府信息公开申请9件，上年结转1件。   <!-- 表中新收总计为 7 -->
//! ```
//!
//! # 怎么改
//!
//! 核对登记台账，改正文字或表格；口径确有不同的，在文中说明，并用 [[waive]] 写明理由。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；国办公开办函〔2021〕30号：数据应当准确、前后一致。

use super::prose::{Claim, Line, List, Meaning, Outlook, Paragraph, claims, lists};
use super::{Check, Group, ReportContext, Rule, relations};
use crate::diagnostic::{Fault, Level, Place};
use crate::form::{Term, Vocabulary};
use crate::number::Number;
use crate::report::{Report, Scope};
use crate::text::Words;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "narrative-mismatch",
    group: Group::Prose,
    level: Level::Warning,
    source: include_str!("narrative_mismatch.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let narrative = &context.report.form.narrative;
    if narrative.statements.is_empty() {
        return;
    }
    let outlook = Outlook {
        narrative,
        vocabulary: Vocabulary::chinese(),
        one_body: context.report.scope == Scope::Own
            && context.card.is_some_and(|card| card.kind != crate::archive::AgencyKind::Government),
        names: context.card.into_iter().flat_map(|card| card.names()).collect(),
    };
    let years = years_in_words(context.report.year);
    let mut on_topic = false;
    for paragraph in &context.words.paragraphs {
        if paragraph.heading {
            on_topic = narrative.lexicon.is_on_topic(&paragraph.text);
            continue;
        }
        let paragraph = paragraph.with_years(&years);
        let Some(line) = Line::telling(&paragraph.text, &narrative.lexicon) else { continue };
        let wrong: Vec<Claim> = claims(&line, &outlook, on_topic).into_iter().filter(|claim| !holds(claim, context.report)).collect();
        let is_told = |list: &List| wrong.iter().any(|claim| list.figures.iter().any(|figure| claim.quote.end == figure.end));
        let sums: Vec<List> = lists(&line, narrative).into_iter().filter(|list| !is_told(list)).collect();
        faults.extend(wrong.iter().map(|claim| claim_fault(claim, &paragraph, context)));
        faults.extend(sums.iter().map(|list| list_fault(list, &paragraph, context)));
    }
}

/// The report year and its neighbours by their numbers, and as words: 2022年结转 is 上年结转.
fn years_in_words(year: u16) -> [(String, &'static str); 3] {
    [(format!("{year}年"), "本年"), (format!("{}年", year.saturating_sub(1)), "上年"), (format!("{}年", year.saturating_add(1)), "下年")]
}

/// Whether one reading of a claim fits, or it cannot be judged since a cell has no figure.
fn holds(claim: &Claim, report: &Report) -> bool {
    let mut judged = false;
    for reading in &claim.readings {
        match reading {
            Meaning::Sum(terms) => {
                let Some(sum) = report.sum(terms) else { return true };
                let difference = (sum - claim.value).abs();
                if difference.is_zero() || claim.precision > Number::ONE && difference < claim.precision {
                    return true;
                }
            }
            Meaning::Share(part, whole) => {
                let (Some(part), Some(whole)) = (report.sum(part), report.sum(whole)) else { return true };
                if whole.is_zero() {
                    continue;
                }
                // |part × 100 − share × whole| < precision × whole: without dividing, so without rounding.
                let scaled = |a: Number, b: Number| a.checked_mul(b).unwrap_or(Number::ZERO);
                let difference = (scaled(part, 100.into()) - scaled(claim.value, whole)).abs();
                if difference < scaled(claim.precision, whole) {
                    return true;
                }
            }
        }
        judged = true;
    }
    !judged
}

fn claim_fault(claim: &Claim, paragraph: &Paragraph, context: &ReportContext<'_>) -> Fault {
    let place = paragraph.in_file(claim.quote.clone(), context.text);
    let quoted = shortened(&context.text[place.clone()]);
    let (terms, tables) = in_tables(&claim.readings, context.report);
    let (zh, en) = (tables.zh, tables.en);
    let message = words!("文中写“{quoted}”，{zh}", "the text says `{quoted}`, {en}");
    let hint = words!(
        "核对台账，改正文字或表格；口径不同的，用 [[waive]] 写明理由",
        "compare with the records and correct the text or the table; if they count different things, waive it with the reason"
    );
    let cells = terms.iter().map(|term| context.report.form.cell_key(term.cell)).collect();
    Fault::new(RULE.name, Place::Span(place), message).with_hint(hint).with_cells(cells)
}

/// What the tables have for the first reading, and the cells it is made of.
fn in_tables<'c>(readings: &'c [Meaning], report: &Report) -> (&'c [Term], Words) {
    match readings.first() {
        Some(Meaning::Sum(terms)) => {
            let mut words = sum_in_words(terms, report);
            if let Some(Meaning::Sum(other)) = readings.get(1)
                && let Some(sum) = report.sum(other).filter(|sum| Some(*sum) != report.sum(terms))
            {
                let expansion = relations::expansion(report, other, sum);
                words.zh += &format!("（连同其他口径为 {expansion}）");
                words.en += &format!(" (or {expansion} the other way of counting)");
            }
            (terms, words)
        }
        Some(Meaning::Share(part, whole)) => {
            let (sum, all) = (report.sum(part).unwrap_or_default(), report.sum(whole).unwrap_or_default());
            let hundred = sum.checked_mul(100.into()).and_then(|scaled| scaled.ratio(all, 1)).unwrap_or_default();
            (part, words!("按表中数字是 {sum} ÷ {all} = {hundred}%", "by the tables it is {sum} of {all}, {hundred} %"))
        }
        None => (&[], Words::default()),
    }
}

fn sum_in_words(terms: &[Term], report: &Report) -> Words {
    let sum = report.sum(terms).unwrap_or_default();
    if let [term] = terms {
        let label = report.form.cell_label(term.cell);
        return words!("表中“{label}”为 {sum}", "the table has {sum} for `{label}`");
    }
    let (count, expansion) = (terms.len(), relations::expansion(report, terms, sum));
    words!("表中对应的 {count} 格合计为 {expansion}", "the {count} cells of the table add up to {expansion}")
}

fn list_fault(list: &List, paragraph: &Paragraph, context: &ReportContext<'_>) -> Fault {
    let place = paragraph.in_file(list.quote.clone(), context.text);
    let List { whole, sum, unit, .. } = list;
    let difference = (*sum - *whole).abs();
    let message = words!(
        "“其中”各项之和为 {sum}{unit}，前面写的是 {whole}{unit}，相差 {difference}",
        "the parts add up to {sum}{unit}, the text before says {whole}{unit}: {difference} apart"
    );
    let hint = words!("核对各项；只列举一部分的，写明“等”或“主要有”", "check the parts; if only some are listed, say so");
    Fault::new(RULE.name, Place::Span(place), message).with_hint(hint)
}

/// Long quotations are cut in the middle; line breaks go.
fn shortened(quoted: &str) -> String {
    let quoted: String = quoted.split_whitespace().collect();
    let count = quoted.chars().count();
    if count <= 40 {
        return quoted;
    }
    let head: String = quoted.chars().take(18).collect();
    let tail: String = quoted.chars().skip(count - 18).collect();
    format!("{head}……{tail}")
}
