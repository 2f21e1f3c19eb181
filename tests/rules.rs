//! Every rule, told by documents: `tests/rules/<rule>/*.txt` are small sites with the expected finding
//! written on the line it concerns.
//!
//! A document begins with a sentence about its idea. `=== path` begins a file; `# ~ rule` at the end of
//! a TOML line, `<!-- ~ rule -->` at the end of a Markdown line, or `~ rule` on the `===` line (for
//! the file's first line) say what is found there; `~ rule: words` also says what the message holds.
//! The marks are taken out before the file is written. All findings of the directory's rule, and of
//! any rule that is marked, must be marked; other rules may find what they like, so that a document
//! needs no more of a report than its idea.
//!
//! A path may be followed by `(gb18030)`, `(dangling)` for a link that leads nowhere, `(directory)`, `(size N)`
//! for so many spaces, or `(no card)`.
//! Without a `site.toml` or an `agency.toml` of its own a document gets a plain one. It is always
//! 2026-11-24.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use gongkai::diagnostic::Finding;
use gongkai::load::Loader;
use gongkai::rules::RULES;

/// A mark: file, line, rule, words of the message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    path: String,
    line: u32,
    rule: String,
    words: String,
}

#[derive(Debug)]
struct File {
    path: String,
    option: String,
    text: String,
}

struct Document {
    name: String,
    rule: String,
    files: Vec<File>,
    marks: Vec<Mark>,
}

impl Document {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let rule = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let mut document = Self { name: path.display().to_string(), rule, files: Vec::new(), marks: Vec::new() };
        for line in text.lines() {
            document.line(line);
        }
        assert!(!document.files.is_empty(), "{} holds no file", document.name);
        document
    }

    fn line(&mut self, line: &str) {
        if let Some(header) = line.strip_prefix("=== ") {
            let (header, marks) = split_marks(header);
            let (path, option) = header.trim().split_once(" (").unwrap_or((header.trim(), ""));
            self.files.push(File { path: path.to_owned(), option: option.trim_end_matches(')').to_owned(), text: String::new() });
            self.mark(1, marks);
            return;
        }
        let Some(file) = self.files.last_mut() else { return };
        let (line, marks) = split_marks(line);
        file.text.push_str(line);
        file.text.push('\n');
        let number = file.text.matches('\n').count();
        self.mark(u32::try_from(number).unwrap(), marks);
    }

    fn mark(&mut self, line: u32, marks: Vec<(String, String)>) {
        let path = self.files.last().unwrap().path.clone();
        self.marks.extend(marks.into_iter().map(|(rule, words)| Mark { path: path.clone(), line, rule, words }));
    }

    fn write(&self, root: &Path) {
        let has = |path: &str| self.files.iter().any(|file| file.path == path);
        if !has("site.toml") {
            write(root, "site.toml", b"title = \"t\"\n");
        }
        for file in &self.files {
            let agency = agency_of(&file.path);
            if let Some(agency) = agency.filter(|agency| !has(&format!("{agency}/agency.toml")) && !file.option.contains("no card")) {
                let name = agency.rsplit('/').next().unwrap();
                write(root, &format!("{agency}/agency.toml"), format!("name = \"{name}\"\nkind = \"township\"\n").as_bytes());
            }
        }
        for file in &self.files {
            match file.option.split_once(' ').unwrap_or((&file.option, "")) {
                ("gb18030", _) => write(root, &file.path, &encoding_rs::GB18030.encode(&file.text).0),
                ("dangling", _) => {
                    fs::create_dir_all(root.join(&file.path).parent().unwrap()).unwrap();
                    std::os::unix::fs::symlink(root.join("nowhere"), root.join(&file.path)).unwrap();
                }
                ("directory", _) => fs::create_dir_all(root.join(&file.path)).unwrap(),
                ("size", size) => write(root, &file.path, &vec![b' '; size.parse().unwrap()]),
                _ => write(root, &file.path, file.text.as_bytes()),
            }
        }
    }

    /// What differs between the marks and the findings.
    fn check(&self) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        self.write(root.path());
        let today = jiff::civil::date(2026, 11, 24);
        let loaded = Loader::new(root.path(), today).load(&|_, _| {});
        let findings: Vec<Finding> = match loaded {
            Ok(loaded) => loaded.site.findings.all().filter(|finding| finding.counts()).cloned().collect(),
            Err(trouble) => trouble.findings,
        };
        let rules: BTreeSet<&str> = self.marks.iter().map(|mark| mark.rule.as_str()).chain([self.rule.as_str()]).collect();
        let mut left = self.marks.clone();
        let mut wrong = Vec::new();
        for finding in findings.iter().filter(|finding| rules.contains(finding.rule)) {
            let fits = |mark: &Mark| {
                (mark.rule.as_str(), mark.path.as_str(), mark.line) == (finding.rule, finding.path.as_str(), finding.start.line)
                    && finding.message.zh.contains(&mark.words)
            };
            match left.iter().position(fits) {
                Some(found) => drop(left.remove(found)),
                None => wrong.push(format!(
                    "{}: not expected: {}:{} {} {}",
                    self.name, finding.path, finding.start.line, finding.rule, finding.message.zh
                )),
            }
        }
        wrong.extend(left.iter().map(|mark| format!("{}: not found: {mark:?}", self.name)));
        wrong
    }
}

/// The directory of the report or card at a path.
fn agency_of(path: &str) -> Option<&str> {
    let (directory, name) = path.rsplit_once('/')?;
    let year = |name: &str| name.len() >= 4 && name[..4].bytes().all(|byte| byte.is_ascii_digit());
    if name == "index.md" {
        return directory.rsplit_once('/').map(|(agency, _)| agency);
    }
    (path.starts_with("content/") && name.ends_with(".md") && name.get(..4).is_some_and(year)).then_some(directory)
}

/// Takes the marks off the end of a line.
fn split_marks(line: &str) -> (&str, Vec<(String, String)>) {
    let at = ["# ~ ", "<!-- ~ "].iter().filter_map(|sign| line.find(sign)).min().or_else(|| {
        line.find(" ~ ").filter(|_| line.starts_with("content/") || line.starts_with("site.toml") || line.starts_with("forms/"))
    });
    let Some(at) = at else { return (line, Vec::new()) };
    let marks = line[at..].trim_end_matches("-->").split('~').skip(1);
    let marks = marks.map(|mark| {
        let (rule, words) = mark.trim().split_once(": ").unwrap_or((mark.trim(), ""));
        (rule.to_owned(), words.trim().to_owned())
    });
    (line[..at].trim_end(), marks.collect())
}

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let mut paths: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .flat_map(|rule| fs::read_dir(rule.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths
}

/// Each document finds what is marked in it and nothing else of those rules.
#[test]
fn documents_find_what_is_marked() {
    let wrong: Vec<String> = documents().iter().flat_map(|path| Document::read(path).check()).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// No rule goes untold: each has a document in which it finds something and one in which it must not.
#[test]
fn every_rule_fires_somewhere_and_stays_silent_elsewhere() {
    let documents: Vec<Document> = documents().iter().map(|path| Document::read(path)).collect();
    let fires = |rule: &str| documents.iter().any(|document| document.rule == rule && document.marks.iter().any(|mark| mark.rule == rule));
    let silent = |rule: &str| documents.iter().any(|document| document.rule == rule && document.marks.iter().all(|mark| mark.rule != rule));
    let untold: Vec<&str> = RULES.iter().map(|rule| rule.name).filter(|rule| !fires(rule) || !silent(rule)).collect();
    assert!(untold.is_empty(), "{untold:?}");
}
