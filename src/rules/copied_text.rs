//! 文字大半照抄往年或别的机关的报告。
//!
//! Much of the text stands in an earlier report or in another body's.
//!
//! # 查什么
//!
//! 正文去掉标题、表格、数字、官定标签、套话和机关名称以后，与同一机关往年的报告、或别的机关更早的报告有多少相同：要有连续 48 字以上一字不差的段落，从它往前往后小改小动的也算。超过 site.toml 中 [check] copied_text = { last_year = 50, earlier = 50, others = 50 } 的百分比就指出来源、比例和最长的一段。照抄的段落里留着原机关的名称，按错误论。
//!
//! # 为什么
//!
//! 年报雷同过半的要退回重写、通报扣分；留着别人的名称最失体面。
//!
//! # 例
//!
//! ```markdown
//! 建房牌插在宅基地前，写明层数、面积、四邻签字，完工前不得拔掉。   <!-- 与上年报告逐字相同 -->
//! ```
//!
//! # 怎么改
//!
//! 按本年度的实际工作重写；确有必要沿用的，用 [[waive]] 写明理由。
//!
//! # 依据
//!
//! 《政府信息公开条例》第四十七条、第五十条；各地年报编制通知：与上年重复率不得超过一半。

use super::copies::{Comparison, OwnWords, Suspicion, compare, names_of, own_words};
use super::{Check, Group, Rule};
use crate::archive::{Archive, ReportIndex};
use crate::config::Config;
use crate::diagnostic::{Fault, Level, Place};
use crate::front_matter::split;
use crate::report::Scope;
use crate::site::Files;
use crate::text::{Span, Words, decode};
use crate::words;

/// The rule.
pub(super) const RULE: Rule =
    Rule { name: "copied-text", group: Group::Prose, level: Level::Warning, source: include_str!("copied_text.rs"), check: Check::Copies };

/// Reads the texts of one report's suspicions again and says what of them is true.
pub(super) fn judge(suspicions: &[Suspicion], archive: &Archive, config: &Config, files: &dyn Files) -> Vec<Fault> {
    let Some(first) = suspicions.first() else { return Vec::new() };
    let Some(text) = read(archive, first.report, files) else { return Vec::new() };
    let mut faults = Vec::new();
    let mut own_found: Option<(u16, Fault)> = None;
    for suspicion in suspicions {
        let pair = Pair { archive, report: suspicion.report, source: suspicion.source };
        let Some(source) = read(archive, pair.source, files) else { continue };
        let (own, other) = (pair.own_words(&text, pair.report, &pair.other_names()), pair.own_words(&source, pair.source, &[]));
        let Some(comparison) = compare(&own, &other) else { continue };
        faults.extend(comparison.names.iter().map(|name| pair.name_left(&text, name.clone())));
        if comparison.percent < pair.threshold(config) {
            continue;
        }
        let fault = pair.copied(&comparison, &text);
        let year = archive.report(pair.source).year;
        match &own_found {
            // What stands in last year's report and in older ones is told once, of the latest.
            _ if !pair.same_body() => faults.push(fault),
            Some((known, _)) if *known > year => {}
            _ => own_found = Some((year, fault)),
        }
    }
    faults.extend(own_found.map(|(_, fault)| fault));
    faults
}

fn read(archive: &Archive, report: ReportIndex, files: &dyn Files) -> Option<String> {
    files.read(&archive.filed(report).path()).ok().map(|bytes| decode(bytes).text)
}

/// A report and its supposed source.
struct Pair<'a> {
    archive: &'a Archive,
    report: ReportIndex,
    source: ReportIndex,
}

impl Pair<'_> {
    fn same_body(&self) -> bool {
        self.archive.agency_of(self.report) == self.archive.agency_of(self.source)
    }

    fn own_words(&self, text: &str, report: ReportIndex, others: &[String]) -> OwnWords {
        let agency = self.archive.agency(self.archive.agency_of(report));
        own_words(text, split(text).0.body, &self.archive.report(report).form, &names_of(agency.card.as_deref()), others)
    }

    /// The names of the source's body that have no business in the report: none if one body stands above
    /// the other, or if the report speaks for an area.
    fn other_names(&self) -> Vec<String> {
        let (own, other) = (self.archive.agency_of(self.report), self.archive.agency_of(self.source));
        let related = self.archive.lineage(own).contains(&other) || self.archive.lineage(other).contains(&own);
        if related || self.archive.report(self.report).scope == Scope::Area {
            return Vec::new();
        }
        names_of(self.archive.agency(other).card.as_deref())
    }

    fn threshold(&self, config: &Config) -> usize {
        let thresholds = config.check.copied_text;
        let last_year = self.archive.report(self.source).year + 1 == self.archive.report(self.report).year;
        usize::from(match (self.same_body(), last_year) {
            (true, true) => thresholds.last_year,
            (true, false) => thresholds.earlier,
            (false, _) => thresholds.others,
        })
    }

    /// The source for people: "2022 年度报告", "旧河镇 2019 年度报告".
    fn source_name(&self) -> Words {
        let year = self.archive.report(self.source).year;
        if self.same_body() {
            return words!("本机关 {year} 年度报告", "this body's report of {year}");
        }
        let name = self.archive.agency(self.archive.agency_of(self.source)).name();
        words!("{name} {year} 年度报告", "the report of {name} for {year}")
    }

    fn copied(&self, comparison: &Comparison, text: &str) -> Fault {
        let (from_zh, from_en) = {
            let name = self.source_name();
            (name.zh, name.en)
        };
        let (percent, letters, path) = (comparison.percent, comparison.letters, self.archive.filed(self.source).path());
        let quoted = quoted(&text[whole_characters(text, &comparison.longest)]);
        let message = Words::new(
            format!("正文有 {percent}% 与{from_zh}（{path}）相同，最长的一段 {letters} 字：“{quoted}”"),
            format!("{percent} % of the text stands in {from_en} ({path}); the longest passage has {letters} characters: `{quoted}`"),
        );
        let hint = words!(
            "按本年度的实际工作重写；确需沿用的，用 [[waive]] 写明理由",
            "rewrite it for this year; if it must be the same, waive it with the reason"
        );
        Fault::new(RULE.name, Place::Span(whole_characters(text, &comparison.longest)), message).with_hint(hint)
    }

    fn name_left(&self, text: &str, name: Span) -> Fault {
        let from = self.source_name();
        let (from_zh, from_en, left) = (from.zh, from.en, &text[name.clone()]);
        let message = words!("照抄自{from_zh}的段落里留着“{left}”", "a passage taken from {from_en} still names `{left}`");
        let hint = words!(
            "改成本机关的名称，并核对这一段说的是不是本机关的事",
            "put the own name there, and see whether the passage is true of this body"
        );
        Fault::new(RULE.name, Place::Span(name), message).with_hint(hint).at_level(Level::Error)
    }
}

/// A span that ends behind its last character instead of before it.
fn whole_characters(text: &str, span: &Span) -> Span {
    span.start..span.end + text[span.end..].chars().next().map_or(0, char::len_utf8)
}

/// The beginning of a passage, without headings and line breaks.
fn quoted(passage: &str) -> String {
    let passage: String = passage.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    if passage.chars().count() <= 60 {
        return passage;
    }
    passage.chars().take(58).collect::<String>() + "……"
}
