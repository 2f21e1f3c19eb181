//! `(site, route) → bytes`: page structs put into templates, prose and official tables put in as HTML.
//!
//! A [`Renderer`] prepares what all pages of a site share (compiled theme, table skeletons). Rendering
//! a route touches nothing but the site's files: `build` renders all routes in parallel, `serve` the
//! one asked for.

mod changes;
mod feed;
mod found;
mod languages;
mod last_read;
mod markdown;
mod official;
mod shared;
mod sitemap;
mod xml;
mod years;

use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use serde::Serialize;
use tera::{Context, Value};

use crate::archive::{AgencyIndex, Kept, ReportIndex};
use crate::config::Config;
use crate::export::{Shapes, write_agency_csv, write_json, write_year_csv};
use crate::form::Form;
use crate::front_matter::split;
use crate::pages::{
    AgenciesPage, AgencyPage, Compared, DataFormat, DataPage, Frame, QualityPage, ReportPage, Route, RuleCounts, RulePage, SearchPage,
    Written, YearPage, Yearbook, days, home_page, menu, rule_counts, shown_text, years_page,
};
use crate::report::read_body;
use crate::rules::{Rule, as_shown};
use crate::search::SearchIndex;
use crate::site::Site;
use crate::theme::{TemplateError, Theme, ThemeFiles};

use last_read::{LastRead, ReportText};
pub use markdown::to_html;
use official::TableSkeleton;
use years::YearsTable;

/// Why a page cannot be rendered.
#[derive(Debug)]
pub enum RenderError {
    /// A template is wrong.
    Template(TemplateError),
    /// A file that the page needs cannot be read.
    Read(String, io::Error),
}

impl From<TemplateError> for RenderError {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

/// What is made once of the forms and the theme.
#[derive(Debug)]
struct Prepared {
    skeletons: FxHashMap<String, Vec<TableSkeleton>>,
    years_table: YearsTable,
    shapes: Shapes,
}

impl Prepared {
    fn of(site: &Site, theme: &Theme) -> Self {
        let skeletons = |form: &Arc<Form>| {
            let tables = form.tables.iter().map(|table| TableSkeleton::of(form, table, theme.strings())).collect();
            (form.key.clone(), tables)
        };
        Self {
            skeletons: site.forms.iter().map(skeletons).collect(),
            years_table: YearsTable::of(theme.strings()),
            shapes: Shapes::of(site.forms.iter().map(|form| &**form)),
        }
    }
}

/// Renders the pages of one site with one theme.
#[derive(Debug, Clone)]
pub struct Renderer {
    site: Site,
    /// What `site.toml` says, before it was fitted to the theme.
    settings: Arc<Config>,
    theme: Arc<Theme>,
    files: Arc<ThemeFiles>,
    prepared: Arc<Prepared>,
    /// Whether any report is dated, so that there is a feed.
    has_news: bool,
    book: OnceLock<Yearbook>,
    counts: OnceLock<RuleCounts>,
    /// Made when it is first asked for. Pages do without it.
    index: Arc<Mutex<Option<Arc<SearchIndex>>>>,
    /// Renders the pages of the site's second language.
    second: Option<Box<Renderer>>,
    last_read: LastRead,
}

impl Renderer {
    /// A renderer; `files` are those that `theme` was made of, for the messages of its errors.
    pub fn new(site: Site, theme: Arc<Theme>, files: Arc<ThemeFiles>) -> Self {
        Self::of_shown(as_shown(site), theme, files)
    }

    /// The same of a site that is fit to be shown.
    fn of_shown(site: Site, theme: Arc<Theme>, files: Arc<ThemeFiles>) -> Self {
        let prepared = Arc::new(Prepared::of(&site, &theme));
        Self::with_prepared(site, theme, files, prepared)
    }

    fn with_prepared(site: Site, theme: Arc<Theme>, files: Arc<ThemeFiles>, prepared: Arc<Prepared>) -> Self {
        let (site, settings) = fitted(site, &files);
        let has_news = days::has_news(&site, None);
        let (book, counts, last_read, index, second) = (OnceLock::new(), OnceLock::new(), LastRead::new(), Arc::default(), None);
        Self { site, settings, theme, files, prepared, has_news, book, counts, index, second, last_read }
    }

    /// The same with the pages of the site's second language, if it has one.
    pub fn in_all_languages(self) -> Result<Self, TemplateError> {
        let Some(language) = self.site.config.other_languages().next() else { return Ok(self) };
        let mut site = self.site.clone();
        site.config = Arc::new(site.config.in_language(language));
        let theme = Theme::new(&self.files, &site.config)?;
        let second = Some(Box::new(Self::of_shown(site, Arc::new(theme), self.files.clone())));
        Ok(Self { second, ..self })
    }

    /// The same renderer for a site as it is after an edit.
    #[must_use]
    pub fn with_site(&self, site: Site) -> Self {
        self.with_shown(as_shown(site))
    }

    fn with_shown(&self, site: Site) -> Self {
        let second = self.second.as_ref().map(|second| Box::new(second.with_shown(in_language_of(site.clone(), &second.site))));
        let same_forms = Arc::ptr_eq(&site.forms, &self.site.forms);
        let prepared = if same_forms { self.prepared.clone() } else { Arc::new(Prepared::of(&site, &self.theme)) };
        Self { second, ..Self::with_prepared(site, self.theme.clone(), self.files.clone(), prepared) }
    }

    /// The theme.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// What the renderer was made for.
    pub fn settings(&self) -> &Config {
        &self.settings
    }

    /// The site that is rendered: as it may be shown.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Coverage and totals of all years, worked out when the first page asks for them.
    fn book(&self) -> &Yearbook {
        self.book.get_or_init(|| Yearbook::of(&self.site))
    }

    /// The index to search in; none if `site.toml` wants none. Made when it is first asked for.
    pub fn index(&self) -> Result<Option<Arc<SearchIndex>>, RenderError> {
        if !self.site.config.search {
            return Ok(None);
        }
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if index.is_none() {
            let made = SearchIndex::of(&self.site, &|prose| to_html(prose, "")).map_err(|(path, error)| RenderError::Read(path, error))?;
            *index = Some(Arc::new(made));
        }
        Ok(index.clone())
    }

    /// The routes of the index.
    pub fn index_routes(&self) -> Result<Vec<Route>, RenderError> {
        let index = self.index()?;
        Ok(index.iter().flat_map(|index| index.names()).map(|name| Route::SearchFile(name.to_owned())).collect())
    }

    /// All routes but those of the index: pages, reports, attachments, the theme's files.
    pub fn routes(&self) -> Vec<Route> {
        let mut routes = crate::pages::routes(&self.site);
        if let Some(second) = &self.second {
            let language = second.site.config.language;
            let moved = self.site.archive.moved();
            let translated = |page: &Route| Route::Translated(language, Box::new(page.clone()));
            let pages: Vec<Route> =
                routes.iter().filter(|page| page.has_languages() && moved.find(&page.file()).is_none()).map(translated).collect();
            routes.extend(pages);
        }
        routes.extend(self.theme.assets().keys().cloned().map(Route::Asset));
        routes
    }

    /// The bytes of a route; `None` if the site has no such page.
    pub fn render(&self, route: &Route) -> Result<Option<Vec<u8>>, RenderError> {
        let archive = &self.site.archive;
        match route {
            Route::Home => self.page("home.html", route, &home_page(&self.site, self.book())).map(Some),
            Route::Years => self.page("years.html", route, &years_page(&self.site, self.book())).map(Some),
            Route::Year(year) if archive.reports_of_year(*year).is_empty() => Ok(None),
            Route::Year(year) => self.page("year.html", route, &YearPage::of(&self.site, self.book(), *year)).map(Some),
            Route::YearPart { year, agency } => {
                let part = archive.find_agency(agency).and_then(|body| YearPage::part(&self.site, *year, body));
                part.map(|page| self.page("year.html", route, &page)).transpose()
            }
            Route::Agencies => self.page("agencies.html", route, &AgenciesPage::of(&self.site)).map(Some),
            Route::Agency(id) => match archive.find_agency(id) {
                Some(index) => self.agency(route, index).map(Some),
                None => self.moved(route),
            },
            Route::Quality => self.page("quality.html", route, &QualityPage::of(&self.site)).map(Some),
            Route::Rule(name) => crate::rules::find(name).map(|rule| self.rule(route, rule)).transpose(),
            Route::Search if !self.site.config.search => Ok(None),
            Route::Search => self.page("search.html", route, &SearchPage::of(&self.site)).map(Some),
            Route::SearchFile(name) => Ok(self.index()?.and_then(|index| index.file(name).map(<[u8]>::to_vec))),
            Route::NotFound => self.page("404.html", route, &self.not_found()).map(Some),
            Route::Report { agency, year } => match self.find(agency, *year) {
                Some(index) => self.report(route, index).map(Some),
                None => self.moved(route),
            },
            Route::Moved(_) => self.moved(route),
            Route::Data => self.page("data.html", route, &DataPage::of(&self.site)).map(Some),
            Route::YearData { .. } | Route::AgencyData { .. } => {
                let mut bytes = Vec::new();
                // Writing to memory cannot fail.
                Ok(self.write_data(route, &mut bytes).is_ok_and(|there| there).then_some(bytes))
            }
            Route::Feed => Ok(feed::feed(&self.site, self.theme.strings(), None)),
            Route::AgencyFeed(id) => {
                Ok(archive.find_agency(id).and_then(|agency| feed::feed(&self.site, self.theme.strings(), Some(agency))))
            }
            Route::Sitemap(part) => Ok(sitemap::sitemap(&self.site, *part)),
            Route::Robots => Ok(Some(sitemap::robots(&self.site))),
            Route::Translated(language, page) => {
                let second = self.second.as_ref().filter(|second| second.site.config.language == *language && page.has_languages());
                let html = second.map(|second| second.render(page)).transpose()?.flatten();
                Ok(second.zip(html).map(|(second, html)| shared::lead_to_shared(&html, page, &second.site.config)))
            }
            Route::Attachment { .. } => self.attachment(route),
            Route::Asset(name) => Ok(self.theme.assets().get(name).cloned()),
        }
    }

    fn find(&self, agency: &str, year: u16) -> Option<ReportIndex> {
        let archive = &self.site.archive;
        archive.find_report(archive.find_agency(agency)?, year)
    }

    /// Whether there is a feed of the site.
    fn has_feed(&self) -> bool {
        self.has_news && self.site.config.address("").is_some()
    }

    fn page(&self, template: &str, route: &Route, page: &impl Serialize) -> Result<Vec<u8>, RenderError> {
        let mut context = Context::new();
        context.insert_value("page", Value::from_serializable(page));
        context.insert_value("root", Value::from(route.root(self.site.config.base_path())));
        context.insert_value("feed", Value::from(self.has_feed()));
        let head = found::head(&self.site, self.theme.strings(), route, self.has_news) + &languages::alternates(&self.site.config, route);
        context.insert_value("found", Value::safe_string(&head));
        context.insert("languages", &languages::switch(&self.site.config, route));
        Ok(self.theme.render(template, &context, Some(&self.files))?)
    }

    /// The manual page of a rule.
    fn rule(&self, route: &Route, rule: &'static Rule) -> Result<Vec<u8>, RenderError> {
        let counts = self.counts.get_or_init(|| rule_counts(&self.site));
        let mut page = RulePage::of(&self.site, rule, counts);
        for part in &mut page.parts {
            part.html = to_html(&part.markdown, part.name);
        }
        self.page("rule.html", route, &page)
    }

    /// The page of an agency, with its years side by side.
    fn agency(&self, route: &Route, index: AgencyIndex) -> Result<Vec<u8>, RenderError> {
        let archive = &self.site.archive;
        let mut page = AgencyPage::of(&self.site, index);
        let root = route.root(self.site.config.base_path());
        for table in &mut page.years {
            table.html = self.prepared.years_table.write(table, archive, archive.agency(index), &root);
        }
        self.page("agency.html", route, &page)
    }

    /// The text of a report's file and its sections: the archive keeps no prose.
    fn text(&self, index: ReportIndex) -> Result<Arc<ReportText>, RenderError> {
        self.last_read.get(index, || self.read(index))
    }

    fn read(&self, index: ReportIndex) -> Result<ReportText, RenderError> {
        let text = shown_text(&self.site, index).map_err(|(path, error)| RenderError::Read(path, error))?;
        let filed = self.site.archive.filed(index);
        let (parts, _) = split(&text);
        let body = read_body(&text, parts.body, &filed.report.form);
        Ok(ReportText::new(text, body))
    }

    /// The page of a report.
    fn report(&self, route: &Route, index: ReportIndex) -> Result<Vec<u8>, RenderError> {
        let filed = self.site.archive.filed(index);
        // Last year's first: this year's is what the next page asks for.
        let last = self.site.archive.previous(index).map(|last| Ok::<_, RenderError>((last, self.text(last)?))).transpose()?;
        let written = self.text(index)?;
        let ReportText { text, body, .. } = &*written;
        let mut page = ReportPage::of(&self.site, index, text, body);
        let skeletons = self.prepared.skeletons.get(&filed.report.form.key).map_or(&[][..], Vec::as_slice);
        for section in &mut page.sections {
            if let Some(prose) = &section.source.prose {
                section.prose = to_html(&text[prose.clone()], &section.id);
            }
            let skeleton = section.source.table.and_then(|table| skeletons.get(table));
            section.table = skeleton.map(|skeleton| skeleton.fill(&filed.report, &page.findings));
        }
        if let Some((last, read)) = &last {
            let both = [(self.site.archive.report(*last), read), (&filed.report, &written)];
            let [last, now] = both.map(|(report, read)| Written { report, sentences: read.sentences(&report.form) });
            page.changes = Some(changes::written(&Compared::between(last, now), self.theme.strings()));
        }
        self.page("report.html", route, &page)
    }

    /// Writes a file of data piece by piece, since that of a year may be large; says whether there is such a file.
    pub fn write_data(&self, route: &Route, out: &mut dyn io::Write) -> io::Result<bool> {
        let (archive, shapes) = (&self.site.archive, &self.prepared.shapes);
        let (reports, format) = match route {
            Route::YearData { year, format } => (archive.reports_of_year(*year), format),
            Route::AgencyData { agency, format } => {
                (archive.find_agency(agency).map(|index| archive.agency(index).reports.as_slice()).unwrap_or_default(), format)
            }
            _ => return Ok(false),
        };
        match (format, route) {
            _ if reports.is_empty() => return Ok(false),
            (DataFormat::Json, _) => write_json(archive, shapes, reports.iter().copied(), out)?,
            (DataFormat::Csv, Route::YearData { .. }) => write_year_csv(archive, shapes, reports, out)?,
            (DataFormat::Csv, _) => write_agency_csv(archive, shapes, reports, out)?,
        }
        Ok(true)
    }

    /// The page for addresses that do not exist: a host shows one for all languages.
    fn not_found(&self) -> NotFoundPage {
        let second = self.second.as_ref().map(|second| {
            let (strings, config) = (second.theme.strings(), &second.site.config);
            let own = |name: &str| strings.get(name).to_owned();
            NotFoundWords {
                language: config.language.tag(),
                title: own("not_found.title"),
                lede: own("not_found.lede"),
                menu: menu(config.search)
                    .map(|(name, link)| (own(&format!("menu.{name}")), format!("{}{link}", config.prefix())))
                    .collect(),
            }
        });
        NotFoundPage { frame: Frame::not_found(), second }
    }

    /// The page at a former address, which leads to where the report or agency is now.
    fn moved(&self, route: &Route) -> Result<Option<Vec<u8>>, RenderError> {
        let archive = &self.site.archive;
        let Some(kept) = archive.moved().find(&route.file()) else { return Ok(None) };
        let (title, now) = match kept {
            Kept::Agency(index) => (archive.agency(index).name().to_owned(), Route::Agency(archive.agency(index).id.to_string())),
            Kept::Report(index) => (archive.title(index), Route::of_report(&self.site, index)),
        };
        let page = MovedPage { title, link: now.path(), address: self.site.config.address(&now.path()) };
        self.page("moved.html", route, &page).map(Some)
    }

    /// The file that an attachment's route stands for, below the site's root.
    pub fn attachment_path(&self, route: &Route) -> Option<String> {
        let Route::Attachment { agency, year, name } = route else { return None };
        let filed = self.site.archive.filed(self.find(agency, *year)?);
        filed.attachments.contains(name).then(|| format!("content/{agency}/{year}/{name}"))
    }

    fn attachment(&self, route: &Route) -> Result<Option<Vec<u8>>, RenderError> {
        let Some(path) = self.attachment_path(route) else { return self.moved(route) };
        self.site.files.read(&path).map(Some).map_err(|error| RenderError::Read(path, error))
    }
}

/// The site as a theme can show it, and its settings before: not every theme offers to search.
fn fitted(site: Site, files: &ThemeFiles) -> (Site, Arc<Config>) {
    let settings = site.config.clone();
    (if files.offer_search() { site } else { site.without_search() }, settings)
}

/// A site in the language of another.
fn in_language_of(mut site: Site, other: &Site) -> Site {
    site.config = Arc::new(site.config.in_language(other.config.language));
    site
}

/// The page at a former address.
#[derive(Debug, Serialize)]
struct MovedPage {
    /// The title of the page it leads to.
    title: String,
    /// The address of that page below the site's root.
    link: String,
    /// Its full address.
    address: Option<String>,
}

/// The page for addresses that do not exist.
#[derive(Debug, Serialize)]
struct NotFoundPage {
    frame: Frame,
    /// What it says in the site's second language.
    second: Option<NotFoundWords>,
}

/// What the page for addresses that do not exist says in another language than its own.
#[derive(Debug, Serialize)]
struct NotFoundWords {
    /// The language's tag.
    language: &'static str,
    /// The heading.
    title: String,
    /// What a reader may do.
    lede: String,
    /// The names of the site's own pages and their addresses below the site's root.
    menu: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::mpsc;
    use std::time::Duration;

    use rayon::prelude::*;

    use super::found::tests::{FRONT, SITE, site};
    use super::*;
    use crate::archive::{Archive, Filed};
    use crate::report::read;

    /// A thread that waits for others while the years are added up may take up another page, which wants them, too.
    #[test]
    fn pages_that_want_the_same_do_not_wait_for_each_other_for_ever() {
        let mut site = site(SITE, FRONT);
        let filed = |year| {
            let report = read("+++\n+++\n", year, &site.forms).report;
            Arc::new(Filed { agency: "shili".into(), in_directory: false, report, attachments: vec![], sketch: Default::default() })
        };
        site.archive = Arc::new(Archive::new(Vec::new(), (2009..2026).map(filed).collect()));
        let files = Arc::new(ThemeFiles::builtin());
        let theme = Arc::new(Theme::new(&files, &site.config).unwrap());
        let renderer = Renderer::new(site, theme, files);
        let routes: Vec<Route> = [Route::Home, Route::Years].into_iter().chain((2009..2026).map(Route::Year)).collect();
        let (done, is_done) = mpsc::channel();
        std::thread::spawn(move || {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build().unwrap();
            for _ in 0..800 {
                // A copy has worked out nothing yet.
                let copy = renderer.with_site(renderer.site().clone());
                pool.install(|| routes.par_iter().for_each(|route| drop(copy.render(route).unwrap())));
            }
            done.send(()).unwrap();
        });
        assert!(is_done.recv_timeout(Duration::from_secs(120)).is_ok());
    }
}
