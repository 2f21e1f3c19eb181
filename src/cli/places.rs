//! The parts of a site that paths on the command line name.

use std::path::{Path, PathBuf};

use super::{Global, Terminal};
use crate::words;

/// Files and directories below the site's root; none means all of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(Vec<String>);

impl Places {
    /// Resolves paths as typed; what cannot be found is said, and `None` returned.
    pub(super) fn of(paths: &[PathBuf], global: &Global, terminal: &Terminal) -> Option<Self> {
        let mut places = Vec::new();
        for path in paths {
            let Some(place) = below_root(global, path) else {
                let path = path.display();
                terminal.error(&words!(
                    "找不到 {path}（应在年报库 content/ 里）",
                    "cannot find {path} (it must lie below content/ of the site)"
                ));
                return None;
            };
            places.push(place);
        }
        Some(Self(places))
    }

    /// Whether a file, by its path below the root, is at one of the places or below it.
    pub(super) fn holds(&self, path: &str) -> bool {
        let below = |place: &String| {
            path.strip_prefix(place.as_str()).is_some_and(|rest| place.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        self.0.is_empty() || self.0.iter().any(below)
    }
}

/// A path as typed, as a path below the root with `/` between its parts; also accepted without the
/// leading `content/`.
fn below_root(global: &Global, path: &Path) -> Option<String> {
    let root = global.root.canonicalize().ok()?;
    let candidates = [path.to_owned(), global.root.join(path), global.root.join("content").join(path)];
    let found = candidates.into_iter().find_map(|candidate| candidate.canonicalize().ok())?;
    let relative = found.strip_prefix(&root).ok()?;
    // Findings stand in what the site is made of; anywhere else "nothing found" would say nothing.
    let first = relative.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    if first.is_some_and(|first| !["content", "site.toml", "forms"].contains(&first.as_str())) {
        return None;
    }
    Some(relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}
