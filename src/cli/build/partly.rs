//! What of a site is written again after some edits: the pages that can be others, and what is not as it was
//! written.
//!
//! After edits of reports, the pages that can be others are those of the agencies concerned and all that stand
//! for no agency.

use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{Failure, Made, put, write_index};
use crate::load::Changed;
use crate::pages::Route;
use crate::render::Renderer;
use crate::write::{Inventory, Output, Tampered};

/// What lies in the output since it was last written.
pub(super) struct Before {
    /// What was written.
    pub(super) inventory: Inventory,
    /// What of that is not there, and whether there is more.
    pub(super) tampered: Tampered,
}

/// Whether a route can give other bytes after a change of some agencies' reports. What agencies, reports and
/// cards there are is as it was.
fn is_concerned(route: &Route, renderer: &Renderer, changed: &Changed) -> bool {
    if renderer.site().archive.moved().find(&route.file()).is_some() {
        return true;
    }
    match route.page() {
        Route::Agency(agency) | Route::Report { agency, .. } | Route::AgencyData { agency, .. } => {
            changed.agencies.contains(agency.as_str())
        }
        Route::Attachment { .. } => changed.files.contains(&format!("content/{}", route.file())),
        // A feed names the reports of an agency and of the bodies below it.
        Route::AgencyFeed(above) => changed
            .agencies
            .iter()
            .any(|agency| agency.strip_prefix(above.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))),
        // The reports of a year that stand directly below a body, or are its own.
        Route::YearPart { agency: body, .. } => changed.agencies.iter().any(|agency| agency.starts_with(body.as_str())),
        Route::YearData { year, .. } => changed.years.contains(year),
        Route::Rule(rule) => changed.rules.contains(rule.as_str()),
        Route::Quality => !changed.rules.is_empty(),
        Route::Sitemap(_) => changed.days,
        Route::Agencies | Route::Asset(_) | Route::Robots | Route::NotFound => false,
        _ => true,
    }
}

/// The files that lie in an output.
pub(super) trait There: Sync {
    /// Whether a file lies there as it was written.
    fn has(&self, file: &str) -> bool;

    /// Whether a file was written, whatever lies there now.
    fn had(&self, file: &str) -> bool;

    /// The files that were written and are none of these.
    fn without(&self, files: &FxHashSet<String>) -> Vec<String>;

    /// Whether something lies there that was not written.
    fn has_more(&self) -> bool;
}

impl There for FxHashSet<String> {
    fn has(&self, file: &str) -> bool {
        self.contains(file)
    }

    fn had(&self, file: &str) -> bool {
        self.contains(file)
    }

    fn without(&self, files: &FxHashSet<String>) -> Vec<String> {
        self.difference(files).cloned().collect()
    }

    fn has_more(&self) -> bool {
        false
    }
}

impl There for Before {
    fn has(&self, file: &str) -> bool {
        self.had(file) && !self.tampered.files.contains(file)
    }

    fn had(&self, file: &str) -> bool {
        self.inventory.hash(file).is_some()
    }

    fn without(&self, files: &FxHashSet<String>) -> Vec<String> {
        self.inventory.paths().filter(|path| !files.contains(*path)).map(str::to_owned).collect()
    }

    fn has_more(&self) -> bool {
        self.tampered.more
    }
}

/// Writes the routes that can be others after a change or that are not `there`, then the index, and removes what is no
/// more of the files there.
pub(super) fn write_some(renderer: &Renderer, output: &Path, changed: &Changed, there: &impl There) -> Result<Made, Failure> {
    let output = Output::open(output).map_err(Failure::Write)?;
    let mut routes = renderer.routes();
    // Every page says whether there is a feed.
    let feed = Route::Feed.file();
    let all = routes.contains(&Route::Feed) != there.had(&feed);
    let is_due = |route: &&Route| all || is_concerned(route, renderer, changed) || !there.has(&route.file());
    let due: Vec<&Route> = routes.par_iter().filter(is_due).collect();
    due.par_iter().try_for_each(|route| -> Result<(), Failure> { put(renderer, &output, route) })?;
    routes.extend(write_index(renderer, &output)?);
    let files: FxHashSet<String> = routes.par_iter().map(Route::file).collect();
    let hashes = output.hashes();
    let written = if there.has_more() { output.finish(&files) } else { output.finish_without(&there.without(&files)) };
    Ok(Made { files, written: written.map_err(Failure::Write)?, hashes })
}
