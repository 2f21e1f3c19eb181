//! A baseline: the findings that an old archive starts with, so that only new ones are shown and fail.
//!
//! A finding is known again by its rule, its file, its year, and the cells or words that it is about —
//! not by its line, which moves, nor by its message, which a new version may word otherwise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::Finding;
use crate::text::Words;
use crate::words;

/// Known findings and how often each is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Key, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    rule: String,
    about: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Item>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    path: String,
    rule: String,
    about: String,
    count: usize,
}

const VERSION: u32 = 1;

impl Baseline {
    /// The baseline of some findings. `quote` gives the words a finding points at.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>, mut quote: impl FnMut(&Finding) -> String) -> Self {
        let mut baseline = Self::default();
        for finding in findings.into_iter().filter(|finding| finding.counts()) {
            *baseline.known.entry(key(finding, &mut quote)).or_default() += 1;
        }
        baseline
    }

    /// Reads the file of a baseline.
    pub fn read(text: &str) -> Result<Self, Words> {
        let file: File = serde_json::from_str(text).map_err(|error| {
            words!("不是基线文件：{error}；用 --write-baseline 重新生成", "not a baseline: {error}; write it anew with --write-baseline")
        })?;
        let version = file.version;
        if version != VERSION {
            return Err(words!("基线文件的版本是 {version}，应为 {VERSION}", "the baseline has version {version}, it must be {VERSION}"));
        }
        let known = file.findings.into_iter().map(|item| (Key { path: item.path, rule: item.rule, about: item.about }, item.count));
        Ok(Self { known: known.collect() })
    }

    /// Prints the file of a baseline, one finding a line, in order.
    pub fn print(&self) -> String {
        let mut out = format!("{{\n\"version\": {VERSION},\n\"findings\": [");
        for (index, (key, count)) in self.known.iter().enumerate() {
            let item = Item { path: key.path.clone(), rule: key.rule.clone(), about: key.about.clone(), count: *count };
            out.push_str(if index == 0 { "\n" } else { ",\n" });
            // Serialising a plain struct of strings and integers cannot fail.
            out.push_str(&serde_json::to_string(&item).unwrap_or_default());
        }
        out.push_str("\n]\n}\n");
        out
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.known.values().sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Takes the known findings out. Returns those that are new, and how many known ones were not met.
    pub fn sift(mut self, findings: Vec<Finding>, mut quote: impl FnMut(&Finding) -> String) -> (Vec<Finding>, usize) {
        let is_new = |finding: &Finding| {
            if !finding.counts() {
                return true;
            }
            match self.known.get_mut(&key(finding, &mut quote)) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                _ => true,
            }
        };
        let new = findings.into_iter().filter(is_new).collect();
        let gone = self.len();
        (new, gone)
    }
}

fn key(finding: &Finding, quote: &mut impl FnMut(&Finding) -> String) -> Key {
    let year = finding.year.map(|year| year.to_string()).unwrap_or_default();
    // Words may be somebody's number: only their hash goes into the file.
    let about = match finding.cells.first() {
        Some(cell) => format!("{year} {cell}"),
        None => format!("{year} {:016x}", xxh3_64(quote(finding).split_whitespace().collect::<String>().as_bytes())),
    };
    Key { path: finding.path.clone(), rule: finding.rule.to_owned(), about }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::diagnostic::{Fault, Level, Place};
    use crate::text::LineColumn;

    fn finding(line: u32, cell: Option<&str>) -> Finding {
        let at = LineColumn { line, column: 1 };
        let fault = Fault::new("blank-cell", Place::File, Words::same("x")).with_cells(cell.map(str::to_owned).into_iter().collect());
        Finding::at(Level::Error, "content/a/2023.md", (at, at), fault)
    }

    /// A known finding stays known when lines move, and a second one of its kind is new.
    #[test]
    fn known_findings_are_known_again() {
        let before = [finding(3, Some("a.b.c")), finding(9, None)];
        let baseline = Baseline::read(&Baseline::of(&before, |_| "甲".to_owned()).print()).unwrap();
        assert_eq!(baseline.len(), 2);
        let now = vec![finding(4, Some("a.b.c")), finding(5, Some("a.b.c")), finding(12, None), finding(13, Some("a.b.d"))];
        let (new, gone) = baseline.clone().sift(now, |_| "甲".to_owned());
        assert_eq!(new.iter().map(|finding| finding.start.line).collect::<Vec<_>>(), [5, 13]);
        assert_eq!(gone, 0);
        assert_eq!(baseline.sift(vec![], |_| String::new()), (vec![], 2));
    }

    #[test]
    fn other_files_are_refused() {
        for text in ["", "{}", "{\"version\": 2, \"findings\": []}", "[]"] {
            assert!(Baseline::read(text).is_err(), "{text}");
        }
        assert!(Baseline::read(&Baseline::default().print()).unwrap().is_empty());
    }
}
