//! What of a site is written again after some edits: the pages that can be others, and what is not as it was
//! written.
//!
//! After edits of reports, the pages that can be others are those of the agencies concerned and all that stand
//! for no agency.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Failure;
use super::whole::{Made, put, write_index};
use crate::load::Changed;
use crate::pages::Route;
use crate::render::Renderer;
use crate::site::Files;
use crate::write::{Inventory, Output, Tampered, Written};

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
    let moved = renderer.site().archive.moved();
    if moved.files().next().is_some() && moved.find(&route.file()).is_some() {
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
        // The charts of a year show those before it, its rows what was found.
        Route::Year(year) => changed.years.first().is_some_and(|first| first <= year) || !changed.rules.is_empty(),
        Route::YearData { year, .. } => changed.years.contains(year),
        Route::Rule(rule) => changed.rules.contains(rule.as_str()),
        Route::Quality => !changed.rules.is_empty(),
        Route::Sitemap(_) => changed.days,
        Route::Agencies | Route::Asset(_) | Route::Robots | Route::NotFound => false,
        Route::Home | Route::Years | Route::Data | Route::Feed | Route::Search | Route::SearchFile(_) | Route::Moved(_) => true,
        // The page within it is what counts.
        Route::Translated(..) => true,
    }
}

/// Writes the routes that can be others after a change, then the index, and removes what is no more of the files
/// that were `there`.
pub(super) fn write_some(renderer: &Renderer, output: &Path, changed: &Changed, there: &FxHashSet<String>) -> Result<Made, Failure> {
    let output = Output::open(output).map_err(Failure::Write)?;
    let mut routes = renderer.routes();
    let all = has_other_feed(&routes, |feed| there.contains(feed));
    let due: Vec<&Route> = routes.par_iter().filter(|route| all || is_concerned(route, renderer, changed)).collect();
    due.par_iter().try_for_each(|route| put(renderer, &output, route))?;
    routes.extend(write_index(renderer, &output)?);
    let files: FxHashSet<String> = routes.par_iter().map(Route::file).collect();
    let puts = output.puts();
    let written = output.finish_without(there.difference(&files)).map_err(Failure::Write)?;
    Ok(Made { files, written, puts })
}

/// Whether there is a feed now and was none, or the other way round: every page names it.
fn has_other_feed(routes: &[Route], had: impl Fn(&str) -> bool) -> bool {
    routes.contains(&Route::Feed) != had(&Route::Feed.file())
}

/// The same for what lies there since the last build: what is not as it was written is written again, too.
/// Returns what lies there now; no inventory if something is missing all the same.
pub(super) fn write_again(
    renderer: &Renderer,
    root: &Path,
    changed: &Changed,
    before: Before,
) -> Result<(Written, Option<Inventory>), Failure> {
    let Before { inventory, tampered } = before;
    let output = Output::open(root).map_err(Failure::Write)?;
    let routes = renderer.routes();
    let all = has_other_feed(&routes, |feed| inventory.place(feed).is_some());
    let look = |route: &Route| {
        let file = route.file();
        let place = inventory.place(&file);
        let is_due = all || place.is_none() || tampered.files.contains(&file) || is_concerned(route, renderer, changed);
        (place, is_due.then_some(file))
    };
    let (places, due): (Vec<Option<usize>>, Vec<Option<String>>) = routes.par_iter().map(look).unzip();
    let due_routes: Vec<&Route> = routes.iter().zip(&due).filter(|(_, file)| file.is_some()).map(|(route, _)| route).collect();
    due_routes.par_iter().try_for_each(|route| put(renderer, &output, route))?;
    let index: Vec<String> = write_index(renderer, &output)?.iter().map(Route::file).collect();
    let files = routes.len() + index.len();
    let mut is_there = vec![false; inventory.len()];
    places.into_iter().chain(index.iter().map(|file| inventory.place(file))).flatten().for_each(|place| is_there[place] = true);
    let gone: FxHashSet<String> = inventory.paths().zip(is_there).filter(|(_, there)| !there).map(|(path, _)| path.to_owned()).collect();
    let puts = output.puts();
    let written = if tampered.more {
        output.finish(&routes.iter().map(Route::file).chain(index.iter().cloned()).collect())
    } else {
        output.finish_without(&gone)
    };
    let written = written.map_err(Failure::Write)?;
    let put: Vec<String> = due.into_iter().flatten().chain(index).collect();
    let inventory = inventory.after(root, &put, &gone, &puts).filter(|inventory| inventory.len() == files);
    let bytes = inventory.as_ref().map_or(written.bytes, Inventory::bytes);
    Ok((Written { unchanged: files - written.written, bytes, ..written }, inventory))
}

/// The files of a site, with note taken of those that are read.
pub(super) struct Witness {
    files: Arc<dyn Files>,
    read: Mutex<BTreeSet<String>>,
}

impl Witness {
    /// Takes note of what is read of some files.
    pub(super) fn of(files: Arc<dyn Files>) -> Self {
        Self { files, read: Mutex::default() }
    }

    /// What was read so far.
    pub(super) fn read_so_far(&self) -> BTreeSet<String> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Files for Witness {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        self.files.read(path)
    }
}
