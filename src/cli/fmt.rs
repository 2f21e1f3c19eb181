//! `gongkai fmt`: aligns the tables of reports under their column comments.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;

use super::places::Places;
use super::{ExitStatus, Global, Terminal, load};
use crate::report::{align, read};
use crate::site::Site;
use crate::text::{Encoding, Words, decode, reason};
use crate::words;

/// What `fmt` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 只整理这些文件或目录
    #[arg(value_name = "路径")]
    paths: Vec<PathBuf>,
    /// 只检查，不改文件；有未整理的以 1 退出
    #[arg(long)]
    check: bool,
}

/// What became of one report.
enum Outcome {
    Aligned,
    Changed(String),
    Refused(Words),
}

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let Some(loaded) = load(global, terminal) else { return ExitStatus::CouldNotRun };
    let Some(places) = Places::of(&options.paths, global, terminal) else { return ExitStatus::CouldNotRun };
    let paths: Vec<String> = loaded.site.archive.reports().map(|(_, filed)| filed.path()).filter(|path| places.holds(path)).collect();
    let outcomes: Vec<Outcome> = paths.par_iter().map(|path| look_at(path, &loaded.site)).collect();
    let (mut changed, mut refused) = (0, 0);
    for (path, outcome) in paths.iter().zip(outcomes) {
        let outcome = match outcome {
            Outcome::Changed(text) if !options.check => match put(global, path, &text) {
                Ok(()) => Outcome::Changed(text),
                Err(why) => Outcome::Refused(why),
            },
            outcome => outcome,
        };
        match outcome {
            Outcome::Aligned => {}
            Outcome::Changed(_) => {
                changed += 1;
                let verb = if options.check { words!("未整理", "not aligned") } else { words!("已整理", "aligned") };
                terminal.news(&Words::new(format!("{} {path}", verb.zh), format!("{} {path}", verb.en)));
            }
            Outcome::Refused(why) => {
                refused += 1;
                terminal.error(&Words::new(format!("{path} {}", why.zh), format!("{path}: {}", why.en)));
            }
        }
    }
    let count = paths.len();
    terminal.news(&if options.check {
        words!("看过 {count} 份年报，{changed} 份未整理", "{count} reports looked at, {changed} not aligned")
    } else {
        words!("看过 {count} 份年报，整理了 {changed} 份", "{count} reports looked at, {changed} aligned")
    });
    match (refused, options.check && changed > 0) {
        (0, false) => ExitStatus::Clean,
        (0, true) => ExitStatus::Findings,
        _ => ExitStatus::CouldNotRun,
    }
}

fn look_at(path: &str, site: &Site) -> Outcome {
    let bytes = match site.files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let Words { zh, en } = reason(&error);
            return Outcome::Refused(words!("读不出来：{zh}", "cannot be read: {en}"));
        }
    };
    let mark = bytes.starts_with("\u{feff}".as_bytes());
    let decoded = decode(bytes);
    if decoded.encoding != Encoding::Utf8 {
        return Outcome::Refused(words!("不是 UTF-8，先转换编码再整理", "is not UTF-8; convert it first"));
    }
    let aligned = align(&decoded.text, &site.forms);
    if aligned == decoded.text {
        return Outcome::Aligned;
    }
    // Aligning moves spaces only; were it ever to touch a figure, the file stays as it is.
    let year = path.rsplit('/').find_map(|name| name.trim_end_matches(".md").parse().ok()).unwrap_or(0);
    if read(&aligned, year, &site.forms).report != read(&decoded.text, year, &site.forms).report {
        return Outcome::Refused(words!("整理会改变内容，没有动", "aligning would change what it says; it was left alone"));
    }
    Outcome::Changed(if mark { format!("\u{feff}{aligned}") } else { aligned })
}

/// Writes beside the file and puts that in its place, so that nobody ever reads half of it.
fn put(global: &Global, path: &str, text: &str) -> Result<(), Words> {
    let target = global.root.join(path);
    let beside = target.with_extension("md.tmp");
    let keep_mode = fs::metadata(&target).and_then(|metadata| {
        fs::write(&beside, text)?;
        fs::set_permissions(&beside, metadata.permissions())
    });
    keep_mode.and_then(|()| fs::rename(&beside, &target)).map_err(|error| {
        let _ = fs::remove_file(&beside);
        let Words { zh, en } = reason(&error);
        words!("写不了：{zh}", "cannot be written: {en}")
    })
}
