//! Reports and their originals → `content/<agency>/<year>/`, one after another, never over anything
//! unless told.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, UnifiedDiffConfig};

use crate::config::Config;
use crate::import::{AgencyMatch, Imported, kind_by_name, official_name, perhaps_short_for};
use crate::report::{Details, Original, Report, Scope};
use crate::rules::reserved_name;
use crate::site::Site;
use crate::text::{Words, decode};
use crate::words;

use super::super::beside::{write_anew, write_beside};
use super::super::cannot_write;
use super::outcome::{Outcome, State};
use super::reading::sha256;
use super::{Global, Options};

/// Where reports are put.
pub(super) struct Store<'a> {
    options: &'a Options,
    global: &'a Global,
    site: &'a Site,
    /// Paths written in this run, with the file they came from.
    taken: BTreeMap<String, String>,
    /// Agencies made in this run: name by id.
    made: BTreeMap<String, String>,
}

/// An agency id as typed, without `content/` and slashes at its ends.
pub(super) fn agency_id(typed: &str) -> String {
    typed.trim_matches('/').trim_start_matches("content/").trim_matches('/').to_owned()
}

impl<'a> Store<'a> {
    /// A store for one run.
    pub(super) fn new(options: &'a Options, global: &'a Global, site: &'a Site) -> Self {
        Self { options, global, site, taken: BTreeMap::new(), made: BTreeMap::new() }
    }

    /// Puts all that was read.
    pub(super) fn put_all(&mut self, outcomes: &mut [Outcome]) {
        for outcome in outcomes {
            if let Some(imported) = outcome.imported.clone() {
                outcome.state = self.put(&imported, outcome);
            }
        }
    }

    fn put(&mut self, imported: &Imported, outcome: &mut Outcome) -> State {
        if let Some(path) = self.same_original(&outcome.sha256) {
            outcome.target = Some(path);
            if !self.options.force {
                return State::Same;
            }
        }
        if imported.found == 0 && imported.sections.is_empty() && self.options.agency.is_none() {
            return State::Undecided(Words::new(
                "里面没有年报的表格，也没有各部分的标题，不像年度报告，没有写入；确是年报的，用 --agency 指定机关",
                "it has neither a table nor a heading of a report, so it was not written; if it is one, give its agency with --agency",
            ));
        }
        let (id, name) = match self.agency(imported).and_then(|found| usable(&found.0, &self.site.config).map(|()| found)) {
            Ok(agency) => agency,
            Err(message) => return State::Undecided(message),
        };
        outcome.agency = Some((id.clone(), name.clone()));
        let Some(year) = imported.year else {
            return State::Undecided(Words::new("没有找到报告年度；用 --year 指定", "the report year was not found; give it with --year"));
        };
        let target = format!("content/{id}/{year}/index.md");
        outcome.target = Some(target.clone());
        if let Some(other) = self.taken.get(&target) {
            return State::Failed(
                words!("与 {other} 是同一机关同一年度，没有写入", "{other} is of the same agency and year; not written"),
                Some(Words::new(
                    "只导入其中一份，或用 --agency、--year 区分",
                    "import one of them, or tell them apart with --agency and --year",
                )),
            );
        }
        let existing = self.existing(&id, year);
        let old = existing.as_ref().map(|(_, text)| crate::report::read(text, year, &self.site.forms).report);
        let report = self.report(imported, outcome, &name, year, old.as_ref());
        if (existing.is_none() || self.options.force)
            && let Some(foreign) = foreign_file(&self.global.root.join(&target), outcome, old.as_ref())
        {
            return State::Failed(
                words!(
                    "{foreign} 已有内容不同的文件，也不是这份年报以前的原件，没有写入",
                    "{foreign} is another file and no former original of this report; nothing was written"
                ),
                Some(Words::new(
                    "给要导入的文件改名，或先移走那里的文件",
                    "rename the file to be imported, or move away the one that is there",
                )),
            );
        }
        let markdown = imported.markdown(&report);
        if self.options.dry_run {
            let old = existing.as_ref().map_or("", |(_, text)| text.as_str());
            outcome.diff = existing.as_ref().map(|(path, _)| diff(path, old, &target, &markdown));
            outcome.markdown = Some(markdown);
            return if existing.is_some() && !self.options.force { State::Exists } else { State::WouldWrite };
        }
        if let Some((path, _)) = &existing
            && !self.options.force
        {
            outcome.target = Some(path.clone());
            return State::Exists;
        }
        self.taken.insert(target.clone(), outcome.file.display().to_string());
        match self.write(&id, &name, (&target, &markdown), outcome, existing.as_ref()) {
            Ok(()) if existing.is_some() => State::Replaced,
            Ok(()) => State::Written,
            Err(error) => State::Failed(cannot_write(&target, &error), None),
        }
    }

    /// The report whose `[[source]]` has this hash.
    fn same_original(&self, sha256: &str) -> Option<String> {
        let is_same = |original: &Original| original.sha256.as_deref().is_some_and(|hash| hash.eq_ignore_ascii_case(sha256));
        let found = self.site.archive.reports().find(|(_, filed)| filed.report.details().originals.iter().any(is_same));
        found.map(|(_, filed)| filed.path())
    }

    /// The agency: as told, as found, or to be made.
    fn agency(&self, imported: &Imported) -> Result<(String, String), Words> {
        let archive = &self.site.archive;
        let of_index = |index| {
            let agency = archive.agency(index);
            (agency.id.to_string(), agency.name().to_owned())
        };
        if let Some(id) = self.options.agency.as_deref().map(agency_id) {
            if let Some(index) = archive.find_agency(&id) {
                return Ok(of_index(index));
            }
            let name = self
                .made
                .get(&id)
                .cloned()
                .unwrap_or_else(|| official_name(&imported.names).map(str::to_owned).unwrap_or_else(|| id.clone()));
            return Ok((id, name));
        }
        match &imported.agency {
            AgencyMatch::Found(index, _) => Ok(of_index(*index)),
            AgencyMatch::Several(several) => {
                let ids: Vec<&str> = several.iter().map(|index| &*archive.agency(*index).id).collect();
                let ids = ids.join("、");
                Err(words!("不止一个机关符合：{ids}；用 --agency 指定", "several agencies fit: {ids}; choose one with --agency"))
            }
            AgencyMatch::None => self.new_agency(imported),
        }
    }

    fn new_agency(&self, imported: &Imported) -> Result<(String, String), Words> {
        let Some(name) = official_name(&imported.names).map(str::to_owned) else {
            return Err(Words::new("文中没有机关名称；用 --agency 指定", "the document names no agency; give it with --agency"));
        };
        if let Some(index) = perhaps_short_for(&imported.names, &self.site.archive) {
            let agency = self.site.archive.agency(index);
            let (id, full) = (&agency.id, agency.name());
            return Err(words!(
                "“{name}”不在年报库中，可能就是 {full}（{id}）；是的话在 content/{id}/agency.toml 的 aliases 里写上，或用 --agency {id} 指定；不是的话用 --agency 另取目录，加 --create-agency 新建",
                "the site has no “{name}”, perhaps it is {full} ({id}): add it to the aliases in content/{id}/agency.toml or give --agency {id}; if not, name another directory with --agency and --create-agency"
            ));
        }
        if !self.options.create_agency {
            return Err(words!(
                "年报库中没有机关“{name}”；用 --agency 指定，或加 --create-agency 新建",
                "the site has no agency “{name}”; choose one with --agency, or add --create-agency"
            ));
        }
        let id: String = name.chars().filter(|c| !matches!(c, '/' | '\\' | '.' | ':') && !c.is_whitespace() && !c.is_control()).collect();
        Ok((id, name))
    }

    /// The report that is there: its path and text.
    fn existing(&self, id: &str, year: u16) -> Option<(String, String)> {
        let paths = [format!("content/{id}/{year}/index.md"), format!("content/{id}/{year}.md")];
        paths.into_iter().find_map(|path| {
            let bytes = fs::read(self.global.root.join(&path)).ok()?;
            Some((path, decode(bytes).text))
        })
    }

    /// The report with its original. What people added to a report that is replaced (review, revisions,
    /// waivers, breakdowns) is no part of the original and stays.
    fn report(&self, imported: &Imported, outcome: &Outcome, name: &str, year: u16, old: Option<&Report>) -> Report {
        let original = Original { file: Some(original_name(&outcome.file)), sha256: Some(outcome.sha256.clone()), ..Original::default() };
        let scope = old.map(|old| old.scope).or_else(|| self.usual_scope(outcome)).unwrap_or(Scope::Own);
        let mut report = imported.report(name, year, scope, original);
        if let (Some(details), Some(old)) = (&mut report.details, old) {
            let Details { aliases, breakdowns, revisions, review, waivers, .. } = old.details().clone();
            **details = Details { aliases, breakdowns, revisions, review, waivers, ..(**details).clone() };
        }
        report
    }

    /// Whose figures the agency's other reports give.
    fn usual_scope(&self, outcome: &Outcome) -> Option<Scope> {
        let (id, _) = outcome.agency.as_ref()?;
        let agency = self.site.archive.agency(self.site.archive.find_agency(id)?);
        agency.reports.last().map(|report| self.site.archive.report(*report).scope)
    }

    fn write(
        &mut self,
        id: &str,
        name: &str,
        (target, markdown): (&str, &str),
        outcome: &Outcome,
        existing: Option<&(String, String)>,
    ) -> io::Result<()> {
        let root = &self.global.root;
        if self.site.archive.find_agency(id).is_none_or(|index| self.site.archive.agency(index).card.is_none())
            && !self.made.contains_key(id)
        {
            self.made.insert(id.to_owned(), name.to_owned());
            write_card(&root.join("content").join(id).join("agency.toml"), name)?;
        }
        let path = root.join(target);
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder)?;
        put_original(&outcome.file, &folder.join(original_name(&outcome.file)))?;
        put_text(&path, markdown, existing.is_some())?;
        if let Some((old, _)) = existing.filter(|(old, _)| old != target) {
            fs::remove_file(root.join(old))?;
        }
        Ok(())
    }
}

/// Whether a directory can be an agency's; else what a build would say of it.
pub(super) fn usable(id: &str, config: &Config) -> Result<(), Words> {
    let Some(fault) = reserved_name::of_agency(id, config) else { return Ok(()) };
    let Words { zh, en } = fault.message;
    Err(words!("{zh}；用 --agency 另取", "{en}; give another with --agency"))
}

/// The name under which the original is kept: its own, but never that of the report.
fn original_name(file: &Path) -> String {
    let name = file.file_name().map_or_else(|| "original".to_owned(), |name| name.to_string_lossy().into_owned());
    if name.eq_ignore_ascii_case("index.md") || name.eq_ignore_ascii_case("agency.toml") { format!("original-{name}") } else { name }
}

/// The file in the place of an original that is none of the program's business: it has other bytes, and no source of the
/// report that is there has their hash. What cannot be read is no former original either.
fn foreign_file(report: &Path, outcome: &Outcome, old: Option<&Report>) -> Option<String> {
    let name = original_name(&outcome.file);
    let hash = match fs::read(report.with_file_name(&name)) {
        Ok(bytes) => sha256(&bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(_) => return Some(name),
    };
    let known = old.into_iter().flat_map(|old| &old.details().originals).filter_map(|original| original.sha256.as_deref());
    let is_known = known.chain([outcome.sha256.as_str()]).any(|known| known.eq_ignore_ascii_case(&hash));
    (!is_known).then_some(name)
}

/// Copies the original over what is there: the same bytes, or those of a former original.
fn put_original(from: &Path, to: &Path) -> io::Result<()> {
    let bytes = fs::read(from)?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    write_beside(to, &bytes)
}

fn put_text(path: &Path, text: &str, replace: bool) -> io::Result<()> {
    if replace && path.exists() {
        return write_beside(path, text.as_bytes());
    }
    write_anew(path, text)
}

fn write_card(path: &Path, name: &str) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    let kind = kind_by_name(name).name();
    let text = format!("# 由 gongkai import 新建，请核对名称和类别。\nname = {}\nkind = \"{kind}\"\n", crate::front_matter::quote(name));
    write_anew(path, &text)
}

fn diff(old_path: &str, old: &str, new_path: &str, new: &str) -> String {
    let input = InternedInput::new(old, new);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let mut config = UnifiedDiffConfig::default();
    config.context_len(2);
    format!("--- {old_path}\n+++ {new_path}\n{}", diff.unified_diff(&BasicLineDiffPrinter(&input.interner), config, &input))
}
