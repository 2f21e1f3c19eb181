//! `(site, route) → bytes`: page structs put into templates, prose and official tables put in as HTML.
//!
//! A [`Renderer`] prepares what all pages of a site share (compiled theme, table skeletons). Rendering
//! a route touches nothing but the site's files: `build` renders all routes in parallel, `serve` the
//! one asked for.

mod markdown;
mod official;

use std::io;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Serialize;
use tera::{Context, Value};

use crate::archive::ReportIndex;
use crate::front_matter::split;
use crate::pages::{AgenciesPage, AgencyPage, Frame, QualityPage, ReportPage, Route, YearPage, home_page, years_page};
use crate::report::read_body;
use crate::site::Site;
use crate::text::decode;
use crate::theme::{TemplateError, Theme, ThemeFiles};

pub use markdown::to_html;
use official::TableSkeleton;

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

/// Renders the pages of one site with one theme.
#[derive(Debug, Clone)]
pub struct Renderer {
    site: Site,
    theme: Arc<Theme>,
    files: Arc<ThemeFiles>,
    skeletons: Arc<FxHashMap<String, Vec<TableSkeleton>>>,
}

impl Renderer {
    /// A renderer; `files` are those that `theme` was made of, for the messages of its errors.
    pub fn new(site: Site, theme: Arc<Theme>, files: Arc<ThemeFiles>) -> Self {
        let prepare = |form: &Arc<crate::form::Form>| {
            let tables = form.tables.iter().map(|table| TableSkeleton::of(form, table, theme.strings())).collect();
            (form.key.clone(), tables)
        };
        let skeletons = Arc::new(site.forms.iter().map(prepare).collect());
        Self { site, theme, files, skeletons }
    }

    /// The same renderer for a site as it is after an edit.
    #[must_use]
    pub fn with_site(&self, site: Site) -> Self {
        if !Arc::ptr_eq(&site.forms, &self.site.forms) {
            return Self::new(site, self.theme.clone(), self.files.clone());
        }
        Self { site, theme: self.theme.clone(), files: self.files.clone(), skeletons: self.skeletons.clone() }
    }

    /// The theme.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// The site that is rendered.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// All routes: pages, reports, attachments, the theme's files.
    pub fn routes(&self) -> Vec<Route> {
        let mut routes = crate::pages::routes(&self.site);
        routes.extend(self.theme.assets().keys().cloned().map(Route::Asset));
        routes
    }

    /// The bytes of a route; `None` if the site has no such page.
    pub fn render(&self, route: &Route) -> Result<Option<Vec<u8>>, RenderError> {
        let archive = &self.site.archive;
        match route {
            Route::Home => self.page("home.html", route, &home_page(&self.site)).map(Some),
            Route::Years => self.page("years.html", route, &years_page(&self.site)).map(Some),
            Route::Year(year) if archive.reports_of_year(*year).is_empty() => Ok(None),
            Route::Year(year) => self.page("year.html", route, &YearPage::of(&self.site, *year)).map(Some),
            Route::Agencies => self.page("agencies.html", route, &AgenciesPage::of(&self.site)).map(Some),
            Route::Agency(id) => match archive.find_agency(id) {
                Some(index) => self.page("agency.html", route, &AgencyPage::of(&self.site, index)).map(Some),
                None => Ok(None),
            },
            Route::Quality => self.page("quality.html", route, &QualityPage::of(&self.site)).map(Some),
            Route::NotFound => self.page("404.html", route, &NotFoundPage { frame: Frame::not_found() }).map(Some),
            Route::Report { agency, year } => match self.find(agency, *year) {
                Some(index) => self.report(route, index).map(Some),
                None => Ok(None),
            },
            Route::Attachment { .. } => self.attachment(route),
            Route::Asset(name) => Ok(self.theme.assets().get(name).cloned()),
        }
    }

    fn find(&self, agency: &str, year: u16) -> Option<ReportIndex> {
        let archive = &self.site.archive;
        archive.find_report(archive.find_agency(agency)?, year)
    }

    fn page(&self, template: &str, route: &Route, page: &impl Serialize) -> Result<Vec<u8>, RenderError> {
        let mut context = Context::new();
        context.insert_value("page", Value::from_serializable(page));
        context.insert_value("root", Value::from(route.root(self.site.config.base_path())));
        Ok(self.theme.render(template, &context, Some(&self.files))?)
    }

    /// The page of a report: its file is read again, since the archive keeps no prose.
    fn report(&self, route: &Route, index: ReportIndex) -> Result<Vec<u8>, RenderError> {
        let filed = self.site.archive.filed(index);
        let path = filed.path();
        let bytes = self.site.files.read(&path).map_err(|error| RenderError::Read(path, error))?;
        let text = decode(bytes).text;
        let (parts, _) = split(&text);
        let body = read_body(&text, parts.body, &filed.report.form);
        let mut page = ReportPage::of(&self.site, index, &text, &body);
        let skeletons = self.skeletons.get(&filed.report.form.key).map_or(&[][..], Vec::as_slice);
        for section in &mut page.sections {
            if let Some(prose) = &section.source.prose {
                section.prose = to_html(&text[prose.clone()], &section.id);
            }
            let skeleton = section.source.table.and_then(|table| skeletons.get(table));
            section.table = skeleton.map(|skeleton| skeleton.fill(&filed.report, &page.findings));
        }
        self.page("report.html", route, &page)
    }

    /// The file that an attachment's route stands for, below the site's root.
    pub fn attachment_path(&self, route: &Route) -> Option<String> {
        let Route::Attachment { agency, year, name } = route else { return None };
        let filed = self.site.archive.filed(self.find(agency, *year)?);
        filed.attachments.contains(name).then(|| format!("content/{agency}/{year}/{name}"))
    }

    fn attachment(&self, route: &Route) -> Result<Option<Vec<u8>>, RenderError> {
        let Some(path) = self.attachment_path(route) else { return Ok(None) };
        self.site.files.read(&path).map(Some).map_err(|error| RenderError::Read(path, error))
    }
}

/// The page for addresses that do not exist.
#[derive(Debug, Serialize)]
struct NotFoundPage {
    frame: Frame,
}
