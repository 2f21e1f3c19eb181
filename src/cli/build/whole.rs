//! All of a site, or a shard's share of it, written anew.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Terminal;
use super::super::progress::Progress;
use super::Failure;
use crate::load::Stages;
use crate::pages::{Route, Shard, Share};
use crate::render::Renderer;
use crate::text::Words;
use crate::words;
use crate::write::{Output, Puts, Written};

/// What was made.
pub(super) struct Made {
    /// The files that lie in the output now.
    pub(super) files: FxHashSet<String>,
    /// What was done to them.
    pub(super) written: Written,
    /// What is known of those that were put.
    pub(super) puts: Puts,
}

/// Renders and writes every route, or a shard's share of them. One page of each kind is rendered before anything
/// is written, so that a fault in a template leaves the output as it was, and stops every shard. The index comes
/// last: pages do without it.
pub(super) fn write_site(
    renderer: &Renderer,
    output: PathBuf,
    shard: Option<Shard>,
    terminal: &Terminal,
    stages: &mut Stages,
) -> Result<Made, Failure> {
    let (routes, tried) = stages.time("write", || {
        let routes = renderer.routes();
        try_each_kind(renderer, &routes).map(|tried| (routes, tried))
    })?;
    let (Share { routes, index }, tried) = match shard {
        // Its routes stand in other places.
        Some(shard) => (shard.share(renderer.site(), routes), FxHashMap::default()),
        None => (Share { routes, index: renderer.site().config.search }, tried),
    };
    let mut files: FxHashSet<String> = routes.par_iter().map(Route::file).collect();
    if files.len() < routes.len() {
        return Err(Failure::Words(claimed_twice(&routes)));
    }
    // Shards that begin together may be written to one new place.
    let output = if shard.is_none() { Output::open_alone(output) } else { Output::open(output) };
    let output = output.map_err(Failure::Write)?;
    let progress = Progress::new(terminal, Words::new("生成网页", "Writing"));
    let done = AtomicUsize::new(0);
    let write = |(place, route): (usize, &Route)| -> Result<(), Failure> {
        match tried.get(&place) {
            Some(bytes) => output.put(&route.file(), bytes).map_err(Failure::Write)?,
            None => put(renderer, &output, route)?,
        }
        progress.set(done.fetch_add(1, Ordering::Relaxed) + 1, routes.len());
        Ok(())
    };
    let result = stages.time("write", || routes.par_iter().enumerate().try_for_each(write));
    progress.clear();
    result?;
    if index {
        files.extend(stages.time("index", || write_index(renderer, &output))?.iter().map(Route::file));
    }
    let puts = output.puts();
    let written = output.finish(&files).map_err(Failure::Write)?;
    Ok(Made { files, written, puts })
}

/// Says that two pages would be one file.
fn claimed_twice(routes: &[Route]) -> Words {
    let mut files = FxHashSet::default();
    let twice = routes.iter().map(Route::file).find(|file| !files.insert(file.clone())).unwrap_or_default();
    words!(
        "有两个网页要写到同一个文件 {twice}，没有生成网站；请改 aliases、moved_from、附件名或主题里的文件名",
        "two pages would be the file {twice}: nothing was written; change an alias, moved_from, an attachment or a file of the theme"
    )
}

/// Writes the index to search in, and returns its routes.
pub(super) fn write_index(renderer: &Renderer, output: &Output) -> Result<Vec<Route>, Failure> {
    let routes = renderer.index_routes()?;
    routes.par_iter().try_for_each(|route| match renderer.render(route)? {
        Some(bytes) => output.put(&route.file(), &bytes).map_err(Failure::Write),
        None => Ok(()),
    })?;
    Ok(routes)
}

/// Renders and writes a route. The data of a year is written as it is made: a year may have more than
/// memory should.
pub(super) fn put(renderer: &Renderer, output: &Output, route: &Route) -> Result<(), Failure> {
    if matches!(route, Route::YearData { .. }) {
        return output.put_with(&route.file(), |out| renderer.write_data(route, out).map(|_| ())).map_err(Failure::Write);
    }
    if let Some(bytes) = renderer.render(route)? {
        output.put(&route.file(), &bytes).map_err(Failure::Write)?;
    }
    Ok(())
}

/// Renders a page of each kind that a template makes, and returns them by their places among the routes.
fn try_each_kind(renderer: &Renderer, routes: &[Route]) -> Result<FxHashMap<usize, Vec<u8>>, Failure> {
    let mut kinds = FxHashSet::default();
    let mut is_first = |route: &Route| kinds.insert((std::mem::discriminant(route), std::mem::discriminant(route.page())));
    let first = routes.iter().enumerate().filter(|(_, route)| route.is_of_template() && is_first(route));
    let first: Vec<(usize, &Route)> = first.collect();
    let tried: Vec<_> = first.par_iter().map(|(place, route)| (*place, renderer.render(route))).collect();
    let mut pages = FxHashMap::default();
    for (place, page) in tried {
        pages.extend(page?.map(|bytes| (place, bytes)));
    }
    Ok(pages)
}
