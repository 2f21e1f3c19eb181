//! 日期不可能。
//!
//! A date cannot be true.
//!
//! # 查什么
//!
//! published 早于报告年度结束、晚于今天、早于机关成立；[[revision]] 的日期早于公布或晚于今天；[review] 的日期早于报告年度结束或晚于公布。
//!
//! # 为什么
//!
//! 年度没过完就“公布”，多半是日期照抄上年，也可能是倒填。
//!
//! # 例
//!
//! ```toml
//! published = 2023-01-20   # 写在 2023.md 里，应为 2024 年
//! ```
//!
//! # 怎么改
//!
//! 查网页发布记录，改成实际的日期。
//!
//! # 依据
//!
//! 《政府信息公开条例》第十七条、第四十九条：先审查，后公开。

use jiff::civil::Date;

use super::{AgencyContext, Check, Group, Rule, Subject};
use crate::archive::Card;
use crate::diagnostic::{Fault, Level, Place};
use crate::report::Report;
use crate::text::Words;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "impossible-date",
    group: Group::Dates,
    level: Level::Warning,
    source: include_str!("impossible_date.rs"),
    check: Check::Agency(check),
};

fn check(context: &AgencyContext<'_>, faults: &mut Vec<(Subject, Fault)>) {
    let agency = context.archive.agency(context.agency);
    for index in &agency.reports {
        let found = impossible(context.archive.report(*index), agency.card.as_deref(), context.today);
        let fault = |(key, message)| {
            let hint = words!("查发布记录，改成实际的日期", "look the real date up");
            (Subject::Report(*index), Fault::new(RULE.name, Place::Key(String::into(key)), message).with_hint(hint))
        };
        faults.extend(found.into_iter().map(fault));
    }
}

/// The keys whose dates cannot be, and why.
fn impossible(report: &Report, card: Option<&Card>, today: Date) -> Vec<(String, Words)> {
    let mut found = Vec::new();
    let details = report.details();
    let published = report.published;
    if let Some(reason) = published.and_then(|day| unpublishable(day, report.year, card, today)) {
        found.push(("published".to_owned(), reason));
    }
    for (number, date) in details.revisions.iter().enumerate().filter_map(|(number, revision)| Some((number, revision.date?))) {
        let key = format!("revision.{number}");
        if date > today {
            found.push((
                key,
                words!("更正日期 {date} 还没有到（今天是 {today}）", "the revision's date {date} is in the future (today is {today})"),
            ));
        } else if let Some(day) = published.filter(|day| date < *day) {
            found.push((key, words!("更正日期 {date} 早于公布日期 {day}", "the revision's date {date} is before publication ({day})")));
        }
    }
    let reviewed = details.review.as_ref().and_then(|review| review.date);
    if let Some(date) = reviewed.filter(|date| is_early(*date, report.year, card)) {
        let year = report.year;
        found.push((
            "review.date".to_owned(),
            words!("保密审查日期 {date} 时 {year} 年度还没有结束", "on {date}, the day of the review, the year {year} was not over"),
        ));
    }
    if let (Some(date), Some(day)) = (reviewed, published)
        && date > day
    {
        found.push((
            "review.date".to_owned(),
            words!(
                "保密审查日期 {date} 晚于公布日期 {day}，应先审查后公布",
                "the review of {date} was after publication ({day}); it must come before"
            ),
        ));
    }
    found
}

fn unpublishable(day: Date, year: u16, card: Option<&Card>, today: Date) -> Option<Words> {
    if is_early(day, year, card) {
        return Some(words!("公布日期 {day} 时 {year} 年度还没有结束", "on {day}, the day of publication, the year {year} was not over"));
    }
    if day > today {
        return Some(words!(
            "公布日期 {day} 还没有到（今天是 {today}）",
            "the day of publication {day} is in the future (today is {today})"
        ));
    }
    let since = card.and_then(|card| card.since).filter(|since| day < *since)?;
    Some(words!("公布日期 {day} 早于机关成立（{since}）", "published on {day}, before the body was founded ({since})"))
}

/// Whether a day is before the end of the reported year. A body that was abolished within the year reports
/// when it ends.
fn is_early(day: Date, year: u16, card: Option<&Card>) -> bool {
    let reported = i16::try_from(year).unwrap_or(i16::MAX);
    let ended = card.and_then(|card| card.until).filter(|until| until.year() == reported && day >= *until);
    day.year() <= reported && ended.is_none()
}
