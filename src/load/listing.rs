//! What lies below `content/`: agencies, reports and their attachments, and what is none of these.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use walkdir::WalkDir;

use crate::archive::RESERVED_NAMES;
use crate::diagnostic::{Fault, Finding, Level};
use crate::rules::{duplicate_report, reserved_name, stray_file, unreadable_file};

/// When a file was changed and how long it is: what tells whether it must be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When it was changed.
    pub modified: Option<SystemTime>,
    /// Its length in bytes.
    pub length: u64,
}

/// One report's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// The id of its agency.
    pub agency: String,
    /// The report year, from the file's name.
    pub year: u16,
    /// Whether it is `<year>/index.md`.
    pub in_directory: bool,
    /// When it was changed and how long it is.
    pub stamp: Stamp,
    /// Names of the files beside it, in order.
    pub attachments: Vec<String>,
}

impl ReportFile {
    /// Its path below the site's root.
    pub fn path(&self) -> String {
        let (agency, year) = (&self.agency, self.year);
        if self.in_directory { format!("content/{agency}/{year}/index.md") } else { format!("content/{agency}/{year}.md") }
    }
}

/// What lies below `content/`.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Ids of the directories that have an `agency.toml`, with its stamp, in order.
    pub cards: Vec<(String, Stamp)>,
    /// The reports, by agency and year.
    pub reports: Vec<ReportFile>,
    /// What is wrong with the directory itself.
    pub findings: Vec<Finding>,
}

/// Lists `content/` below `root`. Links are followed; a link that leads back is reported.
pub fn list(root: &Path) -> Listing {
    let content = root.join("content");
    let mut lister = Lister::default();
    if !content.exists() {
        return lister.listing;
    }
    let walk = WalkDir::new(&content).follow_links(true).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|entry| !is_hidden(&entry.file_name().to_string_lossy())) {
        match entry {
            Ok(entry) => {
                let relative = entry.path().strip_prefix(&content).unwrap_or(entry.path());
                let path = slashed(relative);
                if entry.file_type().is_dir() {
                    lister.directory(&path);
                } else {
                    let metadata = entry.metadata().ok();
                    let stamp = Stamp {
                        modified: metadata.as_ref().and_then(|metadata| metadata.modified().ok()),
                        length: metadata.map_or(0, |metadata| metadata.len()),
                    };
                    lister.file(&path, stamp);
                }
            }
            Err(error) => lister.unreadable(&content, &error),
        }
    }
    lister.finish()
}

/// Files that editors and systems leave behind are no one's mistake.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".tmp")
        || name == "Thumbs.db" || name.starts_with('#') && name.ends_with('#')
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A report year, if a name is one.
fn year_of(name: &str) -> Option<u16> {
    let digits = name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| name.parse().ok()).flatten().filter(|year| (1900..2200).contains(year))
}

#[derive(Default)]
struct Lister {
    listing: Listing,
    /// Files in directories named for years, by agency and year.
    in_years: BTreeMap<(String, u16), Vec<(String, Stamp)>>,
}

impl Lister {
    fn directory(&mut self, path: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let top = !path.contains('/');
        if top && (RESERVED_NAMES.contains(&name) || year_of(name).is_some()) {
            self.finding(path, reserved_name::fault(name), Level::Error);
        }
    }

    fn file(&mut self, path: &str, stamp: Stamp) {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        if let Some((agency, year)) = self.year_directory(directory) {
            let file = path[directory_length(&agency, year)..].to_owned();
            self.in_years.entry((agency, year)).or_default().push((file, stamp));
            return;
        }
        if name == "agency.toml" && !directory.is_empty() {
            self.listing.cards.push((directory.to_owned(), stamp));
            return;
        }
        match name.strip_suffix(".md").and_then(year_of) {
            Some(year) if !directory.is_empty() => {
                let agency = directory.to_owned();
                self.listing.reports.push(ReportFile { agency, year, in_directory: false, stamp, attachments: Vec::new() });
            }
            _ if name.eq_ignore_ascii_case("readme.md") => {}
            _ => self.finding(path, stray_file::fault(), Level::Warning),
        }
    }

    /// The agency and year of a path inside `<agency>/<year>/`.
    fn year_directory(&self, directory: &str) -> Option<(String, u16)> {
        let mut before = 0;
        for part in directory.split('/') {
            if let Some(year) = year_of(part).filter(|_| before > 0) {
                return Some((directory[..before - 1].to_owned(), year));
            }
            before += part.len() + 1;
        }
        None
    }

    fn unreadable(&mut self, content: &Path, error: &walkdir::Error) {
        let path = error.path().map(|path| slashed(path.strip_prefix(content).unwrap_or(path))).unwrap_or_default();
        let reason = match error.loop_ancestor() {
            Some(ancestor) => {
                let back = slashed(ancestor.strip_prefix(content).unwrap_or(ancestor));
                format!("目录成环，链接回到 content/{back}")
            }
            None => error.io_error().map_or_else(|| error.to_string(), ToString::to_string),
        };
        self.finding(&path, unreadable_file::fault(&reason), Level::Error);
    }

    fn finding(&mut self, path: &str, fault: Fault, level: Level) {
        self.listing.findings.push(Finding::at_file(level, format!("content/{path}"), fault));
    }

    /// Turns directories named for years into reports with attachments.
    fn finish(mut self) -> Listing {
        for ((agency, year), mut files) in std::mem::take(&mut self.in_years) {
            let Some(index) = files.iter().position(|(name, _)| name == "index.md") else {
                for (name, _) in files {
                    self.finding(&format!("{agency}/{year}/{name}"), stray_file::fault(), Level::Warning);
                }
                continue;
            };
            let (_, stamp) = files.remove(index);
            let attachments = files.into_iter().map(|(name, _)| name).collect();
            self.listing.reports.push(ReportFile { agency, year, in_directory: true, stamp, attachments });
        }
        let reports = &mut self.listing.reports;
        reports.sort_by(|a, b| (&a.agency, a.year, a.in_directory).cmp(&(&b.agency, b.year, b.in_directory)));
        let twice: Vec<(String, String)> = reports
            .windows(2)
            .filter(|pair| (&pair[0].agency, pair[0].year) == (&pair[1].agency, pair[1].year))
            .map(|pair| (pair[0].path(), pair[1].path()))
            .collect();
        reports.dedup_by(|b, a| (&a.agency, a.year) == (&b.agency, b.year));
        for (first, second) in twice {
            self.listing.findings.push(Finding::at_file(Level::Error, second, duplicate_report::fault(&first)));
        }
        self.listing
    }
}

fn directory_length(agency: &str, year: u16) -> usize {
    agency.len() + 1 + year.to_string().len() + 1
}
