//! `gongkai export`: the figures of the whole archive as data.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

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

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let Some(loaded) = load(global, terminal) else { return ExitStatus::CouldNotRun };
    let archive = as_shown(loaded.site).archive;
    let data = match options.format {
        Format::Json => export_json(&archive),
        Format::Csv => export_csv(&archive),
    };
    let Some(path) = &options.output else {
        terminal.text(&data);
        return ExitStatus::Clean;
    };
    let (shown, reports) = (path.display(), archive.reports().len());
    match fs::write(path, data) {
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
