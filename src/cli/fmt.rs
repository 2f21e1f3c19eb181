//! `gongkai fmt`: aligns the tables of reports under their column comments.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::beside::write_beside_if;
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

/// A report's file before and after.
struct Alignment {
    before: Vec<u8>,
    after: Vec<u8>,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let Some(loaded) = load(global, terminal) else { return ExitStatus::CouldNotRun };
    let Some(places) = Places::of(&options.paths, global, terminal) else { return ExitStatus::CouldNotRun };
    let paths: Vec<String> = loaded.site.archive.reports().map(|(_, filed)| filed.path()).filter(|path| places.holds(path)).collect();
    // One after the other is read, aligned and put back, so that hardly any time passes between.
    let align = |path: &String| align_report(path, &loaded.site).and_then(|aligned| aligned.put(&global.root.join(path), options.check));
    let outcomes: Vec<Result<bool, Words>> = paths.par_iter().map(align).collect();
    let (mut changed, mut refused) = (0, 0);
    for (path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Ok(false) => {}
            Ok(true) => {
                changed += 1;
                let verb = if options.check { words!("未整理", "not aligned") } else { words!("已整理", "aligned") };
                terminal.news(&Words::new(format!("{} {path}", verb.zh), format!("{} {path}", verb.en)));
            }
            Err(why) => {
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

/// Aligns a report. `Err` says why it is left alone.
fn align_report(path: &str, site: &Site) -> Result<Alignment, Words> {
    let before = site.files.read(path).map_err(|error| {
        let Words { zh, en } = reason(&error);
        words!("读不出来：{zh}", "cannot be read: {en}")
    })?;
    let mark = before.starts_with("\u{feff}".as_bytes());
    let decoded = decode(before.clone());
    if decoded.encoding != Encoding::Utf8 {
        return Err(words!("不是 UTF-8，先转换编码再整理", "is not UTF-8; convert it first"));
    }
    let aligned = align(&decoded.text, &site.forms);
    if aligned == decoded.text {
        return Ok(Alignment { after: before.clone(), before });
    }
    // Aligning moves spaces only; were it ever to touch a figure, the file stays as it is.
    let year = path.rsplit('/').find_map(|name| name.trim_end_matches(".md").parse().ok()).unwrap_or(0);
    if read(&aligned, year, &site.forms).report != read(&decoded.text, year, &site.forms).report {
        return Err(words!("整理会改变内容，没有动", "aligning would change what it says; it was left alone"));
    }
    let after = if mark { format!("\u{feff}{aligned}") } else { aligned }.into_bytes();
    Ok(Alignment { before, after })
}

impl Alignment {
    /// Puts the report back if it is another now; says whether it is.
    fn put(&self, path: &Path, only_look: bool) -> Result<bool, Words> {
        if self.after == self.before || only_look {
            return Ok(self.after != self.before);
        }
        match self.replace(path) {
            Ok(true) => Ok(true),
            Ok(false) => Err(words!("整理时被别人改过，没有动；请再运行一次", "was changed meanwhile and left alone; run it again")),
            Err(error) => {
                let Words { zh, en } = reason(&error);
                Err(words!("写不了：{zh}", "cannot be written: {en}"))
            }
        }
    }

    /// Puts what is aligned in the place of what was read. `false` if the file is neither any longer.
    fn replace(&self, path: &Path) -> io::Result<bool> {
        let mut is_aligned = false;
        let is_replaced = write_beside_if(path, &self.after, |place| {
            let there = fs::read(place)?;
            // Several links may lead to one file at the same time.
            is_aligned = there == self.after;
            Ok(there == self.before)
        })?;
        Ok(is_replaced || is_aligned)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// What an editor saves while a report is aligned is not overwritten with what was read before.
    #[test]
    fn an_edit_made_meanwhile_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("2023.md");
        let alignment = Alignment { before: b"a = [1,2]".to_vec(), after: b"a = [1, 2]".to_vec() };
        fs::write(&path, "a = [1,3]").unwrap();
        assert!(alignment.put(&path, false).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"a = [1,3]");
        fs::write(&path, &alignment.before).unwrap();
        assert!(alignment.put(&path, false).unwrap());
        assert_eq!(fs::read(&path).unwrap(), alignment.after);
        assert!(alignment.put(&path, false).unwrap(), "another link to the file was first");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
