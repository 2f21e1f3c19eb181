//! 标题与机关或年度不符。
//!
//! The title names another agency or year.
//!
//! # 查什么
//!
//! title 和正文大标题中的年份应为报告年度；应出现机关的全称、简称或别名；应有“政府信息公开工作年度报告”一类的固定名称。不写 title 时由程序生成。
//!
//! # 为什么
//!
//! 拿去年的文件改数字，标题忘了改，是最常见也最显眼的错误。
//!
//! # 例
//!
//! ```toml
//! title = "示例县公安局2022年政府信息公开工作年度报告"   # 写在 2023.md 里
//! ```
//!
//! # 怎么改
//!
//! 改正标题，或删去 title 由程序生成；机关有旧名的，写进 agency.toml 的 aliases。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, ReportContext, Rule};
use crate::archive::Card;
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "title-mismatch",
    group: Group::Form,
    level: Level::Error,
    source: include_str!("title_mismatch.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    headings(context, faults);
    let Some(title) = context.report.title.as_deref() else { return };
    let mut report = |message, hint| faults.push(Fault::new(RULE.name, Place::key("title"), message).with_hint(hint));
    let (year, years) = (context.report.year, years_in(title));
    if !years.contains(&year) {
        let found = years.iter().map(u16::to_string).collect::<Vec<_>>().join("、");
        let message = match found.as_str() {
            "" => words!("标题里没有年度 {year}", "the title does not name the year {year}"),
            _ => words!("标题写的是 {found} 年，这是 {year} 年度的报告", "the title says {found}, this is the report of {year}"),
        };
        report(message, words!("改为 {year}年，或删去 title 由程序生成", "write {year}, or delete the title"));
    }
    if let Some(name) = context.card.filter(|card| !names_agency(title, card)).map(|card| &card.name) {
        let message = words!("标题里没有机关的名称“{name}”或其简称、别名", "the title does not name the agency `{name}`");
        report(message, words!("改正标题；旧名可写进 agency.toml 的 aliases", "correct it; former names go into `aliases` of agency.toml"));
    }
    let form = &context.report.form;
    let squeezed: String = title.split_whitespace().collect();
    let words_of_form = std::iter::once(&form.report_title.text).chain(&form.report_title.variants);
    if !words_of_form.clone().any(|words| squeezed.contains(words.as_str())) && !squeezed.contains("年度报告") {
        let due = &form.report_title.text;
        report(
            words!("标题里没有“{due}”", "the title lacks `{due}`"),
            words!("标题应为 机关 + 年度 + {due}", "a title is agency, year, {due}"),
        );
    }
}

/// Headings of the prose that are titles of a report: of another year than this one.
fn headings(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let form = &context.report.form;
    for section in context.body.sections.iter().filter(|section| section.section.is_none()) {
        let heading = &context.text[section.heading.clone()];
        let squeezed: String = heading.split_whitespace().collect();
        let is_title =
            std::iter::once(&form.report_title.text).chain(&form.report_title.variants).any(|words| squeezed.ends_with(words.as_str()));
        let (year, years) = (context.report.year, years_in(&squeezed));
        if is_title && !years.is_empty() && !years.contains(&year) {
            let found = years.iter().map(u16::to_string).collect::<Vec<_>>().join("、");
            let message =
                words!("正文标题写的是 {found} 年，这是 {year} 年度的报告", "the heading says {found}, this is the report of {year}");
            let hint = words!("改为 {year}年；正文也核对一遍", "write {year}, and read the text again");
            faults.push(Fault::new(RULE.name, Place::Span(section.heading.clone()), message).with_hint(hint));
        }
    }
}

/// The four-digit numbers of a title that are years; full-width and Chinese digits count.
fn years_in(title: &str) -> Vec<u16> {
    let folded = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '零' | '○' | '〇' => '0',
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        c => c,
    };
    let title: String = title.chars().map(folded).collect();
    let digits = title.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    digits.filter_map(|digits| digits.parse().ok()).filter(|year| (1990..2100).contains(year)).collect()
}

/// Endings of names of bodies: a title that goes on to one of them names somebody else.
const BODIES: [&str; 24] = [
    "局",
    "委",
    "委员会",
    "办",
    "办公室",
    "厅",
    "院",
    "队",
    "中心",
    "研究所",
    "管理处",
    "署",
    "镇",
    "乡",
    "街道",
    "联合会",
    "馆",
    "站",
    "镇人民政府",
    "乡人民政府",
    "街道办事处",
    "管委会",
    "管理委员会",
    "海关",
];

/// Whether a title names the agency: by one of its names, or by its name without 人民政府 and the like. The
/// name of a county does not name the county where it begins that of one of its bodies.
fn names_agency(title: &str, card: &Card) -> bool {
    let squeezed: String = title.split_whitespace().collect();
    let names = card.names().flat_map(|name| {
        let core = ["人民政府办公室", "人民政府", "办事处"].iter().find_map(|suffix| name.strip_suffix(suffix));
        [Some(name), core.filter(|core| !core.is_empty())]
    });
    names.flatten().any(|name| squeezed.match_indices(name).any(|(at, _)| !goes_on(&squeezed[at + name.len()..])))
}

/// Whether what follows a name, up to the year or the fixed words, makes it the name of another body.
fn goes_on(rest: &str) -> bool {
    let fixed = ["政府信息", "政务", "信息公开", "年度报告", "关于"].iter().filter_map(|words| rest.find(words));
    let other = rest.find(|c: char| c.is_ascii_digit() || !c.is_alphanumeric());
    let end = fixed.chain(other).min().unwrap_or(rest.len());
    // "二〇二三年": the year may be written in Chinese digits.
    let name = rest[..end]
        .trim_end_matches(['年', '度'])
        .trim_end_matches(['〇', '零', '○', '一', '二', '三', '四', '五', '六', '七', '八', '九']);
    BODIES.iter().any(|body| name.ends_with(body))
}
