//! The routes of a site → the share of them that one of several machines writes.
//!
//! What is shared out are units: the pages and files of one body together (a report's page needs the text of the
//! year before), every other page by itself, and the index to search in, which can only be made whole. The
//! dearest go first, each to the shard that has least to do by then. That depends on nothing but the site, so
//! that machines that see the same files agree without a word.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;
use std::str::FromStr;

use rustc_hash::FxHashSet;

use super::Route;
use crate::site::Site;

/// One of several machines that write a site together: the second of four is `2/4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1 on.
    number: usize,
    of: usize,
}

/// What a shard writes.
#[derive(Debug)]
pub struct Share {
    /// Its routes, in the order in which they were given.
    pub routes: Vec<Route>,
    /// Whether it writes the index to search in.
    pub index: bool,
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const DUE: &str = "I/N, with I from 1 to N";
        let (number, of) = text.split_once('/').ok_or(DUE)?;
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten().ok_or(DUE);
        let (number, of) = (plain(number)?, plain(of)?);
        if number == 0 || number > of { Err(DUE) } else { Ok(Self { number, of }) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Shard {
    /// The shard's share of all `routes` of a site and of its index. Each is in the share of one shard.
    pub fn share(self, site: &Site, mut routes: Vec<Route>) -> Share {
        let mut costs: BTreeMap<Unit<'_>, u64> = BTreeMap::new();
        if site.config.search {
            costs.insert(Unit::Index, INDEX * count(site.archive.reports().len()));
        }
        for route in &routes {
            *costs.entry(Unit::of(route)).or_default() += cost(site, route);
        }
        let mine = self.pick(costs);
        let index = mine.contains(&Unit::Index);
        let mut kept: Vec<bool> = routes.iter().rev().map(|route| mine.contains(&Unit::of(route))).collect();
        drop(mine);
        routes.retain(|_| kept.pop().unwrap_or_default());
        Share { routes, index }
    }

    /// The units of the shard.
    fn pick<U: Ord + std::hash::Hash>(self, costs: BTreeMap<U, u64>) -> FxHashSet<U> {
        let mut units: Vec<(U, u64)> = costs.into_iter().collect();
        units.sort_by_key(|(_, cost)| Reverse(*cost));
        // A shard beyond the number of units has nothing to do, whatever stands before.
        let mut loads: BinaryHeap<Reverse<(u64, usize)>> = (1..=self.of.min(units.len())).map(|number| Reverse((0, number))).collect();
        let mut mine = FxHashSet::default();
        for (unit, cost) in units {
            let Some(Reverse((load, number))) = loads.pop() else { break };
            loads.push(Reverse((load + cost, number)));
            if number == self.number {
                mine.insert(unit);
            }
        }
        mine
    }
}

/// What is written by one machine.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Unit<'r> {
    /// The index to search in.
    Index,
    /// All of one body, by its id.
    Body(&'r str),
    /// A page or file that belongs to no body.
    Single(&'r Route),
}

impl<'r> Unit<'r> {
    fn of(route: &'r Route) -> Self {
        match route.page() {
            Route::Agency(agency)
            | Route::AgencyFeed(agency)
            | Route::AgencyData { agency, .. }
            | Route::Report { agency, .. }
            | Route::Attachment { agency, .. } => Self::Body(agency),
            _ => Self::Single(route),
        }
    }
}

/// What the index takes for a report.
const INDEX: u64 = 190;

/// About how long a route takes, in microseconds of one processor: measured on 10,000 reports of
/// `make_archive.py`, and only good for comparing.
fn cost(site: &Site, route: &Route) -> u64 {
    let archive = &site.archive;
    let all = || count(archive.reports().len());
    let of_year = |year: u16| count(archive.reports_of_year(year).len());
    let of_body = |id: &str| archive.find_agency(id).map_or(0, |index| count(archive.agency(index).reports.len()));
    match route.page() {
        Route::Report { .. } => 360,
        Route::Agency(id) => 150 + 55 * of_body(id),
        Route::AgencyData { agency, .. } => 10 + 3 * of_body(agency),
        Route::YearData { year, .. } => 100 + 3 * of_year(*year),
        Route::Year(year) => 100 + 5 * of_year(*year),
        Route::YearPart { .. } | Route::Rule(_) => 1_000,
        Route::Quality => 1_000 + 2 * count(site.findings.all().count()),
        Route::Home | Route::Years | Route::Agencies | Route::Feed | Route::Sitemap(_) => 100 + all(),
        _ => 30,
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX >> 20)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Every unit is one shard's, and no shard has much more to do than another.
    #[test]
    fn shards_share_out_everything_evenly() {
        let costs: BTreeMap<usize, u64> = (0..500).map(|unit| (unit, if unit < 10 { 3_000 } else { 100 + unit as u64 % 7 })).collect();
        for of in [1, 2, 3, 7, 600] {
            let shares: Vec<FxHashSet<usize>> = (1..=of).map(|number| Shard { number, of }.pick(costs.clone())).collect();
            let mut all: Vec<usize> = shares.iter().flatten().copied().collect();
            all.sort_unstable();
            assert_eq!(all, (0..500).collect::<Vec<_>>(), "{of}");
            let loads: Vec<u64> = shares.iter().map(|share| share.iter().map(|unit| costs[unit]).sum()).collect();
            let (least, most) = (loads.iter().min().unwrap(), loads.iter().max().unwrap());
            assert!(of > 10 || most - least <= 110, "{of}: {loads:?}");
        }
    }

    #[test]
    fn only_shards_that_there_are_can_be_asked_for() {
        let read = |text: &str| text.parse::<Shard>().ok().map(|shard| shard.to_string());
        assert_eq!((read("1/1"), read("4/4"), read("02/4")), (Some("1/1".into()), Some("4/4".into()), Some("2/4".into())));
        for wrong in
            ["0/4", "5/4", "a/b", "1/0", "0/0", "", "/", "1", "1/", "/1", "+1/2", "1/2/3", "-1/4", " 1/2", "1/99999999999999999999"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
