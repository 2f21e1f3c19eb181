//! What lies below `content/`, told apart: agencies, reports and their attachments, and what is none of
//! these.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::stamp::Stamp;
use super::tree::{Obstacle, Tree};
use crate::archive::year_of;
use crate::diagnostic::{Fault, Finding, Level};
use crate::rules::{duplicate_report, reserved_name, stray_file, unreadable_file};
use crate::words;

/// One report's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportFile {
    /// The id of its agency.
    pub agency: Arc<str>,
    /// The report year, from the file's name.
    pub year: u16,
    /// Whether it is `<year>/index.md`.
    pub in_directory: bool,
    /// When it was changed and how long it is.
    pub stamp: Stamp,
    /// Names of the files beside it, in order.
    pub attachments: Vec<String>,
    /// Their stamps.
    pub attachment_stamps: Vec<Stamp>,
}

impl ReportFile {
    /// Its path below the site's root.
    pub(super) fn path(&self) -> String {
        let (agency, year) = (&self.agency, self.year);
        if self.in_directory { format!("content/{agency}/{year}/index.md") } else { format!("content/{agency}/{year}.md") }
    }

    /// The path of a file beside it.
    pub(super) fn path_beside(&self, name: &str) -> String {
        let (agency, year) = (&self.agency, self.year);
        format!("content/{agency}/{year}/{name}")
    }
}

/// What lies below `content/`.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    /// Ids of the directories that have an `agency.toml`, with its stamp, in order.
    pub cards: Vec<(Arc<str>, Stamp)>,
    /// The reports, by agency and year.
    pub reports: Vec<ReportFile>,
    /// What is wrong with the directory itself.
    pub findings: Vec<Finding>,
    /// The years that have reports.
    years: BTreeSet<u16>,
}

/// Pages of the site that stand for no agency, year or rule; the first is the home page.
const OWN_PAGES: [&str; 7] = ["", "years", "agencies", "quality", "search", "data", "rules"];

impl Listing {
    /// Tells apart what a tree holds.
    pub(super) fn of(tree: &Tree, second_root: &'static str) -> Self {
        let mut lister = Lister { second_root, ..Lister::default() };
        for (path, directory) in tree.directories() {
            lister.directory(path);
            for (name, file) in &directory.files {
                lister.file(path, name, file.stamp);
            }
            for (name, obstacle) in &directory.obstacles {
                lister.obstacle(path, name, obstacle);
            }
        }
        lister.finish()
    }

    /// The place of a report among [`reports`](Self::reports), by its path below `content/`.
    pub(super) fn find_report(&self, path: &str) -> Option<usize> {
        let (directory, name) = path.rsplit_once('/')?;
        let (agency, year) = match directory.rsplit_once('/') {
            Some((agency, year)) if name == "index.md" => (agency, year_of(year)?),
            _ => (directory, year_of(name.strip_suffix(".md")?)?),
        };
        let key = (agency, year, name == "index.md");
        self.reports.binary_search_by(|file| (&*file.agency, file.year, file.in_directory).cmp(&key)).ok()
    }
}

impl Listing {
    /// The place of the report that a file is, or stands beside, by its path below `content/`.
    pub(super) fn find_report_at(&self, path: &str) -> Option<usize> {
        let beside = || {
            let (directory, _) = path.rsplit_once('/')?;
            let ends = directory.match_indices('/').map(|(at, _)| at).chain(std::iter::once(directory.len()));
            // The nearest directory named for a year, as the lister takes it.
            ends.filter_map(|end| self.find_report(&format!("{}/index.md", &directory[..end]))).next()
        };
        self.find_report(path).or_else(beside)
    }

    /// Whether the site has a page that a link can lead to, by its path below the site's root: an agency's or a group's, a
    /// report's, one of its own.
    pub(super) fn has_page(&self, path: &str) -> bool {
        let of_year = || {
            let (above, year) = path.rsplit_once('/')?;
            let year = year_of(year)?;
            let at = self.reports.partition_point(|file| (&*file.agency, file.year) < (above, year));
            let is_report = self.reports.get(at).is_some_and(|file| (&*file.agency, file.year) == (above, year));
            Some(is_report || above == "years" && self.years.contains(&year))
        };
        OWN_PAGES.contains(&path) || of_year().unwrap_or_default() || self.has_agency(path)
    }

    /// Whether there is an agency of an id, or one below it.
    fn has_agency(&self, id: &str) -> bool {
        let below = format!("{id}/");
        let is_it = |other: Option<&str>| other.is_some_and(|other| other == id || other.starts_with(&below));
        // Between an id and those below it others may stand, such as `a-b` between `a` and `a/b`.
        [id, &below].iter().any(|from| {
            let card = self.cards.partition_point(|(other, _)| **other < **from);
            let report = self.reports.partition_point(|file| *file.agency < **from);
            is_it(self.cards.get(card).map(|(other, _)| &**other)) || is_it(self.reports.get(report).map(|file| &*file.agency))
        })
    }
}

#[derive(Default)]
struct Lister {
    listing: Listing,
    /// The directory that is looked at, where it may be an agency's.
    here: Arc<str>,
    /// The agency and year of that directory, if it lies in `<agency>/<year>/`.
    in_year: Option<(String, u16)>,
    /// Below this name lie the pages in the site's second language, if it has one.
    second_root: &'static str,
    /// Files in directories named for years, by agency and year.
    in_years: BTreeMap<(String, u16), Vec<(String, Stamp)>>,
}

impl Lister {
    fn directory(&mut self, path: &str) {
        self.here = path.into();
        self.in_year = year_directory(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        let top = !path.contains('/') && !path.is_empty();
        let taken = top && reserved_name::is_taken(name, self.second_root);
        if taken || reserved_name::is_unfit(name) && self.in_year.is_none() {
            self.finding(path, reserved_name::fault(name), Level::Error);
        }
    }

    fn file(&mut self, directory: &str, name: &str, stamp: Stamp) {
        if let Some((agency, year)) = &self.in_year {
            let inside = &directory[directory_length(directory, agency, *year)..];
            let file = join(inside, name);
            self.in_years.entry((agency.clone(), *year)).or_default().push((file, stamp));
            return;
        }
        if name == "agency.toml" && !directory.is_empty() {
            self.listing.cards.push((self.here.clone(), stamp));
            return;
        }
        match name.strip_suffix(".md").and_then(year_of) {
            Some(year) if !directory.is_empty() => {
                let agency = self.here.clone();
                self.listing.reports.push(ReportFile {
                    agency,
                    year,
                    in_directory: false,
                    stamp,
                    attachments: Vec::new(),
                    attachment_stamps: Vec::new(),
                });
            }
            _ if name.eq_ignore_ascii_case("readme.md") => {}
            Some(_) => self.finding(name, stray_file::outside(), Level::Warning),
            None if name == "agency.toml" => self.finding(name, stray_file::outside(), Level::Warning),
            _ => self.finding(&join(directory, name), stray_file::fault(), Level::Warning),
        }
    }

    fn obstacle(&mut self, directory: &str, name: &str, obstacle: &Obstacle) {
        let reason = match obstacle {
            Obstacle::Loop(above) => {
                let above = join("content", above);
                words!("目录成环，链接回到 {above}", "a link leads back to {above}")
            }
            Obstacle::Outside => words!("链接指向年报库之外；把文件本身放进来", "the link leads out of the site; put the file itself here"),
            Obstacle::Special => words!("不是普通文件", "not a regular file"),
            Obstacle::Name => words!("名字不是 UTF-8 编码（多半出自旧压缩包）；请改名", "its name is not written in UTF-8; rename it"),
            Obstacle::System(reason) => reason.clone(),
        };
        self.finding(&join(directory, name), unreadable_file::fault(&reason), Level::Error);
    }

    fn finding(&mut self, path: &str, fault: Fault, level: Level) {
        self.listing.findings.push(Finding::at_file(level, join("content", path), fault));
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
            files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            let (beside, stray): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| may_stand_beside(name));
            for (name, _) in stray {
                self.finding(&format!("{agency}/{year}/{name}"), stray_file::fault(), Level::Warning);
            }
            let (attachments, attachment_stamps): (Vec<String>, Vec<Stamp>) = beside.into_iter().unzip();
            self.listing.reports.push(ReportFile {
                agency: agency.into(),
                year,
                in_directory: true,
                stamp,
                attachments,
                attachment_stamps,
            });
        }
        let reports = &mut self.listing.reports;
        reports.sort_by(|a, b| (&a.agency, a.year, a.in_directory).cmp(&(&b.agency, b.year, b.in_directory)));
        let twice: Vec<(String, String)> = reports
            .windows(2)
            .filter(|pair| (&pair[0].agency, pair[0].year) == (&pair[1].agency, pair[1].year))
            .map(|pair| (pair[0].path(), pair[1].path()))
            .collect();
        reports.dedup_by(|b, a| (&a.agency, a.year) == (&b.agency, b.year));
        self.listing.years = self.listing.reports.iter().map(|file| file.year).collect();
        for (first, second) in twice {
            self.listing.findings.push(Finding::at_file(Level::Error, second, duplicate_report::fault(&first)));
        }
        self.listing
    }
}

/// The agency and year of a path inside `<agency>/<year>/`.
fn year_directory(directory: &str) -> Option<(String, u16)> {
    let mut before = 0;
    for part in directory.split('/') {
        if let Some(year) = year_of(part).filter(|_| before > 0) {
            return Some((directory[..before - 1].to_owned(), year));
        }
        before += part.len() + 1;
    }
    None
}

/// Whether a file can be published beside a report. The report's own page is `index.html`; an agency's
/// card or a report of another year has been put into the wrong directory.
fn may_stand_beside(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let report = name.strip_suffix(".md").and_then(year_of).is_some();
    file != "index.html" && name != "agency.toml" && !report
}

/// The length of `<agency>/<year>`, and of the slash behind it, if anything follows.
fn directory_length(directory: &str, agency: &str, year: u16) -> usize {
    (agency.len() + 1 + year.to_string().len() + 1).min(directory.len())
}

fn join(directory: &str, name: &str) -> String {
    match (directory, name) {
        ("", name) => name.to_owned(),
        (directory, "") => directory.to_owned(),
        (directory, name) => format!("{directory}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Pages are those of agencies and all above them, of reports, of years, and the site's own; nothing that only begins
    /// alike is one.
    #[test]
    fn pages_are_found_without_a_list_of_them() {
        let root = tempfile::tempdir().unwrap();
        for file in ["a/2022.md", "a/b/c/agency.toml", "a-b/x/2023/index.md", "a-b/x/2023/photo.png", "d/agency.toml"] {
            let path = root.path().join("content").join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let listing = Listing::of(&Tree::of(root.path()), "en");
        let there = ["", "a", "a/2022", "a/b", "a/b/c", "a-b", "a-b/x", "a-b/x/2023", "d", "years/2022", "years/2023", "quality"];
        let absent = ["a/2021", "a/b/2022", "b", "a-", "a-b/y", "a/b/c/d", "a/", "/a", "d/2022", "years/2021", "years/22", "2022"];
        assert_eq!(there.map(|page| listing.has_page(page)), [true; 12]);
        assert_eq!(absent.map(|page| listing.has_page(page)), [false; 12]);
    }
}
