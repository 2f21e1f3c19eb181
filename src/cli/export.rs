//! `gongkai export`: the figures of the whole archive as data.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::beside::write_beside;
use super::{ExitStatus, Global, Terminal, cannot_write, load};
use crate::export::{export_csv, export_json};
use crate::rules::as_shown;
use crate::words;

/// What `export` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 格式：json、csv
    #[arg(long, value_enum, value_name = "格式", hide_possible_values = true)]
    format: Format,
    /// 写到文件，而不是标准输出
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
}

/// What data is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object.
    Json,
    /// One line a cell.
    Csv,
}

/// Extensions by which programs take a file for data of some format.
const ENDINGS: [&str; 7] = ["csv", "json", "tsv", "xlsx", "xls", "et", "ods"];

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    /// Whether a file's name says that it holds another format: a program that goes by it would not open it.
    fn is_hidden_by(self, path: &Path) -> bool {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).unwrap_or_default();
        ENDINGS.contains(&&*ending) && ending != self.ending()
    }
}

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let Options { format, output } = options;
    if let Some(path) = output.as_deref().filter(|path| format.is_hidden_by(path)) {
        let (shown, ending, name) = (path.display(), format.ending(), format.ending().to_uppercase());
        terminal.error(&words!(
            "{shown} 的扩展名说的是另一种格式，要写的却是 {name}；请把扩展名改成 .{ending}",
            "the extension of {shown} names another format than {name}; let it end in .{ending}"
        ));
        return ExitStatus::CouldNotRun;
    }
    let Some(loaded) = load(global, terminal) else { return ExitStatus::CouldNotRun };
    let archive = as_shown(loaded.site).archive;
    let data = match format {
        Format::Json => export_json(&archive),
        Format::Csv => export_csv(&archive),
    };
    let Some(path) = output else {
        terminal.text(&data);
        return ExitStatus::Clean;
    };
    let (shown, reports) = (path.display(), archive.reports().len());
    match write_beside(path, data.as_bytes()) {
        Ok(()) => {
            terminal.news(&words!("已把 {reports} 份年报的数据写到 {shown}", "Wrote the figures of {reports} reports to {shown}"));
            ExitStatus::Clean
        }
        Err(error) => {
            terminal.error(&cannot_write(&shown, &error));
            ExitStatus::CouldNotRun
        }
    }
}
