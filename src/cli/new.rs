//! `gongkai new`: a report with commented, aligned, blank tables and the sections to write.

use std::fmt::Write as _;
use std::fs;

use clap::Args;

use super::beside::write_anew;
use super::{ExitStatus, Global, Terminal, cannot_write, show_trouble};
use crate::archive::Card;
use crate::form::Form;
use crate::load::read_settings;
use crate::report::{Cell, Figures, Report, Scope, print};
use crate::rules::reserved_name;
use crate::text::{Words, decode};
use crate::words;

/// What `new` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 机关目录，如 shili/gongan
    #[arg(value_name = "机关")]
    agency: String,
    /// 报告年度，如 2025
    #[arg(value_name = "年度", value_parser = clap::value_parser!(u16).range(2008..2200))]
    year: u16,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let settings = match read_settings(&global.root) {
        Ok(settings) => settings,
        Err(trouble) => {
            show_trouble(&trouble, terminal);
            return ExitStatus::CouldNotRun;
        }
    };
    let agency = options.agency.trim_matches('/').trim_start_matches("content/");
    let year = options.year;
    if let Some(fault) = reserved_name::of_agency(agency, &settings.config) {
        let hint = fault.hint.unwrap_or_default();
        let (zh, en) = (fault.message.zh, fault.message.en);
        terminal.error(&Words::new(format!("{zh}；{}", hint.zh), format!("{en}; {}", hint.en)));
        return ExitStatus::CouldNotRun;
    }
    let card_path = global.root.join("content").join(agency).join("agency.toml");
    let Ok(bytes) = fs::read(&card_path) else {
        let card_path = card_path.display();
        terminal.error(&words!(
            "没有机关 {agency}：找不到 {card_path}；先写 agency.toml",
            "there is no agency {agency}: {card_path} is missing; write it first"
        ));
        return ExitStatus::CouldNotRun;
    };
    let (card, _) = Card::read(&decode(bytes).text, agency);
    let path = global.root.join("content").join(agency).join(format!("{year}.md"));
    let shown = path.display();
    let taken = path.exists() || path.with_extension("").join("index.md").exists();
    if taken {
        terminal
            .error(&words!("{agency} 已有 {year} 年度的报告，不覆盖", "{agency} has a report for {year} already; it is not overwritten"));
        return ExitStatus::CouldNotRun;
    }
    match write_anew(&path, &template(&card, year, settings.forms.for_year(year))) {
        Ok(()) => {
            terminal.news(&words!(
                "已写 {shown}。填好各表和正文后运行 gongkai check",
                "Wrote {shown}. Fill in the tables and the text, then run `gongkai check`"
            ));
            ExitStatus::Clean
        }
        Err(error) => {
            terminal.error(&cannot_write(&shown, &error));
            ExitStatus::CouldNotRun
        }
    }
}

/// The report with every cell blank and a heading for every section of prose.
fn template(card: &Card, year: u16, form: &std::sync::Arc<Form>) -> String {
    let report = Report {
        form: form.clone(),
        year,
        title: Some(format!("{}{year}年{}", card.name, form.report_title.text).into()),
        published: None,
        scope: Scope::Own,
        blank_is_zero: false,
        figures: Figures::new(vec![Cell::Blank; form.cell_count()]),
        details: None,
    };
    let mut body = String::new();
    for section in form.sections.iter().filter(|section| section.prose && section.number.is_some()) {
        let number = section.number.as_deref().unwrap_or_default();
        let _ = write!(body, "\n## {number}、{}\n", section.title.text);
        for (subhead, number) in section.subheads.iter().zip(["一", "二", "三", "四", "五", "六", "七", "八"]) {
            let _ = write!(body, "\n### （{number}）{subhead}\n");
        }
    }
    let text = print(&report, &body);
    let note = "# 未填的格是 \"\"，不是零；全部为零的表可删去各行，在第一张表之前写 表名 = 0。\n# 发布后写上日期：published = ";
    text.replacen("+++\n", &format!("+++\n{note}{}-01-20\n", year + 1), 1)
}
