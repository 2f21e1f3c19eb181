//! Former addresses of reports and agencies: where each leads now, and which cannot be kept.
//!
//! A report names its own in `aliases`; an agency names the directories it had before in `moved_from`,
//! which holds for its reports and for the bodies below it, too. Each former address becomes a file that
//! leads on. What a page of today has, or another has claimed before, is not given away.

use std::collections::BTreeMap;

use super::{AgencyIndex, Archive, ReportIndex, is_reserved, is_reserved_below};
use crate::text::{Words, excerpt, percent_decode};
use crate::words;

/// What a former address stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// An agency.
    Agency(AgencyIndex),
    /// A report.
    Report(ReportIndex),
}

/// A former address that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Whose it was: the report, or the agency whose `moved_from` it follows from.
    pub of: Kept,
    /// Its place among the `aliases` or the `moved_from`.
    pub number: usize,
    /// Why.
    pub reason: Words,
}

/// All former addresses of an archive.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Moved {
    files: BTreeMap<String, Kept>,
    lost: Vec<Lost>,
}

impl Moved {
    /// The former addresses of an archive whose pages in a second language, if there are any, lie below `second_root`.
    pub(super) fn of(archive: &Archive, second_root: &str) -> Self {
        let mut claims = Claims { archive, second_root, moved: Self::default() };
        for (index, agency) in archive.agencies() {
            let directories = agency.card.as_ref().map(|card| card.moved_from.as_slice()).unwrap_or_default();
            for (number, directory) in directories.iter().enumerate() {
                claims.agency(index, number, directory);
            }
        }
        for (index, filed) in archive.reports() {
            for (number, alias) in filed.report.details().aliases.iter().enumerate() {
                let of = Kept::Report(index);
                match file_of(alias, second_root) {
                    Ok(file) => claims.claim(file, of, (of, number)),
                    Err(reason) => claims.moved.lost.push(Lost { of, number, reason }),
                }
            }
        }
        claims.moved
    }

    /// What a file of the output leads on to, by its path: `old/2020/index.html`.
    pub fn find(&self, file: &str) -> Option<Kept> {
        self.files.get(file).copied()
    }

    /// The files that lead on.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// What an agency, or its reports, named that cannot be kept.
    pub fn lost_of<'m>(&'m self, archive: &'m Archive, agency: AgencyIndex) -> impl Iterator<Item = &'m Lost> {
        self.lost.iter().filter(move |lost| match lost.of {
            Kept::Agency(index) => index == agency,
            Kept::Report(index) => archive.agency_of(index) == agency,
        })
    }
}

/// Former addresses as they are claimed, one after the other.
struct Claims<'a> {
    archive: &'a Archive,
    second_root: &'a str,
    moved: Moved,
}

impl Claims<'_> {
    /// Claims what a former directory of an agency held: itself, the bodies below it, their reports.
    fn agency(&mut self, index: AgencyIndex, number: usize, directory: &str) {
        let archive = self.archive;
        let of = Kept::Agency(index);
        let directory = match path_of(directory, self.second_root) {
            Ok(directory) => directory,
            Err(reason) => return self.moved.lost.push(Lost { of, number, reason }),
        };
        let now = archive.agency(index).id.len();
        for below in std::iter::once(index).chain(archive.descendants(index)) {
            let agency = archive.agency(below);
            let place = format!("{directory}{}", &agency.id[now..]);
            self.claim(format!("{place}/index.html"), Kept::Agency(below), (of, number));
            for report in &agency.reports {
                self.claim(format!("{place}/{}/index.html", archive.report(*report).year), Kept::Report(*report), (of, number));
            }
        }
    }

    fn claim(&mut self, file: String, leads_to: Kept, (of, number): (Kept, usize)) {
        let said = |lost: &Lost| (lost.of, lost.number) == (of, number);
        match self.taken(&file) {
            None => drop(self.moved.files.insert(file, leads_to)),
            // Once is enough for a directory whose pages are all taken.
            Some(_) if self.moved.lost.last().is_some_and(said) => {}
            Some(reason) => self.moved.lost.push(Lost { of, number, reason }),
        }
    }

    /// Why a file cannot be written: what is there, above it or below it.
    fn taken(&self, file: &str) -> Option<Words> {
        let shown = format!("/{}", file.strip_suffix("index.html").unwrap_or(file));
        if is_page(self.archive, file) {
            return Some(words!("网址 {shown} 现在就有网页，不能再转到别处", "there is a page at {shown} now: it cannot lead elsewhere"));
        }
        let other = self.moved.files.get(file).copied().or_else(|| {
            // A file stands where a directory would have to be, or the other way round.
            let above = file.match_indices('/').find_map(|(at, _)| self.moved.files.get(&file[..at]).copied());
            let prefix = format!("{file}/");
            let below = || self.moved.files.range(prefix.clone()..).next().filter(|(other, _)| other.starts_with(&prefix));
            above.or_else(|| below().map(|(_, kept)| *kept))
        })?;
        let holder = match other {
            Kept::Agency(index) => self.archive.agency(index).id.to_string(),
            Kept::Report(index) => self.archive.filed(index).path(),
        };
        Some(words!("网址 {shown} 已经转到 {holder}，不能再转到这里", "{shown} leads to {holder} already"))
    }
}

/// Whether a page or a file beside a report is at a path, or a directory of such files.
fn is_page(archive: &Archive, file: &str) -> bool {
    let page = file.strip_suffix("/index.html");
    if page.is_some_and(|page| archive.find_agency(page).is_some()) {
        return true;
    }
    let starts = file.match_indices('/').map(|(at, _)| at);
    let report = starts.into_iter().find_map(|at| {
        let (agency, rest) = (&file[..at], &file[at + 1..]);
        let (year, name) = rest.split_once('/')?;
        let year = Some(year).filter(|year| year.len() == 4).and_then(|year| year.parse().ok())?;
        Some((archive.find_report(archive.find_agency(agency)?, year)?, name))
    });
    let Some((report, name)) = report else { return false };
    let touches = |beside: &String| {
        let under = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        under(name, beside) || under(beside, name)
    };
    name == "index.html" || archive.filed(report).attachments.iter().any(touches)
}

/// The file that a former address of a page is written to: `/old/2020/` → `old/2020/index.html`, `/a/b.html` → itself.
fn file_of(address: &str, second_root: &str) -> Result<String, Words> {
    let path = path_of(address, second_root)?;
    let is_file = [".html", ".htm"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending));
    let is_directory = address.trim().ends_with(['/']) || address.trim().ends_with("/index.html");
    Ok(if is_file && !is_directory { path } else { format!("{path}/index.html") })
}

/// A former address as a path below the site's root, without slashes at its ends.
fn path_of(address: &str, second_root: &str) -> Result<String, Words> {
    let shown = excerpt(address);
    let below = || {
        words!(
            "以前的网址应写成网站根目录下的路径，如 old/2020/，不是“{shown}”",
            "a former address is a path below the site's root such as old/2020/, not `{shown}`"
        )
    };
    if address.contains(['?', '#', '\\']) || address.contains("://") || address.starts_with("//") {
        return Err(below());
    }
    let decoded = percent_decode(address.trim()).ok_or_else(below)?;
    let path = decoded.trim_start_matches('/').trim_end_matches('/');
    let path = path.strip_suffix("/index.html").unwrap_or(path);
    let fits = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(|c: char| c == '\\' || c.is_control());
    if !path.split('/').all(fits) {
        return Err(below());
    }
    let is_own = |top: &str| is_reserved(top) || top.eq_ignore_ascii_case(second_root);
    let own = path.split('/').next().is_some_and(is_own) || path.split('/').any(is_reserved_below);
    if own {
        return Err(words!("“{shown}”是网站自用的网址", "`{shown}` is an address of the site's own"));
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::archive::{AgencyKind, Card, Filed};
    use crate::form::Forms;
    use crate::report::read;

    fn filed(agency: &str, year: u16, aliases: &str) -> Arc<Filed> {
        let report = read(&format!("+++\naliases = [{aliases}]\n+++\n"), year, &Forms::builtin()).report;
        let attachments = vec!["原件.pdf".to_owned(), "a/b.html".to_owned()];
        Arc::new(Filed { agency: agency.into(), in_directory: true, report, attachments, sketch: Default::default() })
    }

    fn card(id: &str, moved_from: &[&str]) -> (Arc<str>, Arc<Card>) {
        let mut card = Card::named(id, AgencyKind::Department);
        card.moved_from = moved_from.iter().map(|text| (*text).to_owned()).collect();
        (id.into(), Arc::new(card))
    }

    fn files(archive: &Archive) -> Vec<&str> {
        archive.moved().files().collect()
    }

    fn lost(archive: &Archive) -> Vec<(Kept, usize)> {
        archive.moved().lost.iter().map(|lost| (lost.of, lost.number)).collect()
    }

    /// However a former address is written, it is one file; what is a file on the old host stays one.
    #[test]
    fn former_addresses_are_files() {
        for (address, file) in [
            ("/old/2020/", "old/2020/index.html"),
            ("old/2020", "old/2020/index.html"),
            ("old/2020/index.html", "old/2020/index.html"),
            ("/%E5%B9%B4%E6%8A%A5/t2021_1.html", "年报/t2021_1.html"),
            ("a/B.HTM", "a/B.HTM"),
            ("a/b.html/", "a/b.html/index.html"),
            ("2020/a.jsp", "2020/a.jsp/index.html"),
        ] {
            assert_eq!(file_of(address, "").as_deref(), Ok(file), "{address}");
        }
    }

    #[test]
    fn what_is_no_path_below_the_site_is_refused() {
        for address in ["", "/", "..", "a/../b", "a//b", "//x.cn/a", "https://x.cn/a", "a?id=1", "a#b", "a\\b", "%2e%2e/a", "%FF", "a/%00"]
        {
            assert!(file_of(address, "").is_err(), "{address}");
        }
        for address in ["years/2020/", "Assets/x", "sitemap-1.xml", "a/feed.xml", "404.html", "/EN/a/2020/"] {
            assert!(file_of(address, "en").unwrap_err().zh.contains("自用"), "{address}");
        }
    }

    proptest! {
        /// No alias leads a file out of the output.
        #[test]
        fn no_alias_leads_out(address in "(\\.\\.|%2e|%2f|%5c|/|a|\\\\|\\.|index.html){0,8}") {
            if let Ok(file) = file_of(&address, "") {
                prop_assert!(!file.starts_with('/') && !file.contains('\\') && !file.split('/').any(|part| matches!(part, "" | "." | "..")), "{file}");
            }
        }
    }

    /// A directory that moved takes its reports and the bodies below it along.
    #[test]
    fn a_moved_agency_takes_everything_below_it_along() {
        let cards = vec![card("xian", &["old/xian"]), card("xian/ju", &[])];
        let archive = Archive::new(cards, vec![filed("xian", 2020, ""), filed("xian/ju", 2021, "\"b.html\"")]);
        let all = ["b.html", "old/xian/2020/index.html", "old/xian/index.html", "old/xian/ju/2021/index.html", "old/xian/ju/index.html"];
        assert_eq!(files(&archive), all);
        assert_eq!(archive.moved().find("old/xian/ju/2021/index.html"), Some(Kept::Report(ReportIndex(1))));
        assert_eq!(lost(&archive), []);
    }

    /// Pages and attachments of today keep their addresses; of two claims the first holds; a file cannot be a
    /// directory.
    #[test]
    fn what_is_taken_is_not_given_away() {
        let aliases = "\"b/2021/\", \"a\", \"a/2020/原件.pdf/x.html\", \"a/2020/a/\", \"old/1.html\", \"old/1.html/2/\", \"free/\"";
        let archive = Archive::new(vec![card("a", &["b"])], vec![filed("a", 2020, aliases), filed("b", 2021, "\"/free\", \"a/2021/\"")]);
        let (a, b) = (Kept::Report(ReportIndex(0)), Kept::Report(ReportIndex(1)));
        assert_eq!(lost(&archive), [(Kept::Agency(AgencyIndex(0)), 0), (a, 0), (a, 1), (a, 2), (a, 5), (b, 0)]);
        assert_eq!(files(&archive), ["a/2020/a/index.html", "a/2021/index.html", "b/2020/index.html", "free/index.html", "old/1.html"]);
        assert!(archive.moved().lost.last().unwrap().reason.zh.contains("content/a/2020/index.md"));
    }
}
