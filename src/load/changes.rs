//! What may have changed on disk, and which pages that can have changed.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;

/// What may have changed below a site's root since it was last looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Nobody knows what: everything is to be looked at.
    pub everything: bool,
    /// Files and directories where something happened, by their paths below the root with `/` between
    /// their parts.
    pub paths: BTreeSet<String>,
}

impl Changes {
    /// Everything may have changed.
    pub fn everything() -> Self {
        Self { everything: true, paths: BTreeSet::new() }
    }

    /// Whether nothing has.
    pub fn is_empty(&self) -> bool {
        !self.everything && self.paths.is_empty()
    }

    /// Whether something may have changed at or below one of some paths.
    pub fn touch(&self, places: &[&str]) -> bool {
        self.everything || self.paths.iter().any(|path| places.iter().any(|place| is_at(path, place)))
    }

    /// The changes below `content/`, by their paths there.
    pub(super) fn in_content(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().filter_map(|path| if path == "content" { Some("") } else { path.strip_prefix("content/") })
    }
}

/// Whether a path is at a place or below it.
fn is_at(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Which pages may be others than before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// All of them: settings, agencies' cards, what agencies and reports there are.
    pub everything: bool,
    /// Else those of these agencies and of their reports, and all that stand for no agency.
    pub agencies: FxHashSet<Arc<str>>,
    /// Files below the root whose content or findings may be others.
    pub files: BTreeSet<String>,
    /// Those of them that were there before and were edited.
    pub edited: BTreeSet<String>,
    /// The years of reports that were read again.
    pub years: BTreeSet<u16>,
    /// Whether a report's days of publication or revision are others.
    pub days: bool,
    /// The rules of which other findings, or findings elsewhere, are there now.
    pub rules: BTreeSet<&'static str>,
}

impl Changed {
    /// Whether all is as it was.
    pub fn is_empty(&self) -> bool {
        !self.everything && self.agencies.is_empty() && self.files.is_empty()
    }
}
