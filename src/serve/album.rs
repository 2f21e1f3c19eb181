//! The last good versions of pages that were looked at, for while they cannot be rendered.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::pages::Route;

/// How many bytes of pages are kept; those not looked at for the longest time go first.
const MOST_BYTES: usize = 24 << 20;

/// Pages as they were when they could be rendered.
#[derive(Debug, Default)]
pub(super) struct Album {
    pages: FxHashMap<Route, (u64, Arc<[u8]>)>,
    bytes: usize,
    clock: u64,
}

impl Album {
    /// Keeps a page.
    pub(super) fn keep(&mut self, route: &Route, page: &[u8]) {
        self.forget(route);
        if page.len() > MOST_BYTES {
            return;
        }
        while self.bytes + page.len() > MOST_BYTES {
            let Some(oldest) = self.pages.iter().min_by_key(|(_, (used, _))| *used).map(|(route, _)| route.clone()) else { break };
            self.forget(&oldest);
        }
        self.clock += 1;
        self.bytes += page.len();
        self.pages.insert(route.clone(), (self.clock, page.into()));
    }

    /// The page that was kept last.
    pub(super) fn find(&mut self, route: &Route) -> Option<Arc<[u8]>> {
        self.clock += 1;
        let (used, page) = self.pages.get_mut(route)?;
        *used = self.clock;
        Some(page.clone())
    }

    /// Forgets a page that is no more.
    pub(super) fn forget(&mut self, route: &Route) {
        if let Some((_, page)) = self.pages.remove(route) {
            self.bytes -= page.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However many pages are looked at, what is kept stays small, and it is what was seen last.
    #[test]
    fn old_pages_make_room() {
        let mut album = Album::default();
        let page = vec![b'x'; MOST_BYTES / 4];
        for year in 2000..2020 {
            album.keep(&Route::Year(year), &page);
            album.find(&Route::Year(2000));
        }
        assert!(album.bytes <= MOST_BYTES);
        assert_eq!(album.pages.len(), 4);
        assert!(album.find(&Route::Year(2000)).is_some() && album.find(&Route::Year(2019)).is_some());
        assert!(album.find(&Route::Year(2010)).is_none());
        album.keep(&Route::Year(2019), &vec![b'x'; MOST_BYTES + 1]);
        assert!(album.find(&Route::Year(2019)).is_none(), "an old version must not outlive a new one");
    }
}
