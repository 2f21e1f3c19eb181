//! Cards and reports → the tree and the indexes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Agency, AgencyIndex, Archive, Card, Filed, Moved, ReportIndex, Tree};

/// One directory while the tree is built.
#[derive(Default)]
struct Directory {
    card: Option<Arc<Card>>,
    reports: Vec<Arc<Filed>>,
    children: Vec<Arc<str>>,
}

impl Archive {
    /// Builds the archive. Directories above those with cards or reports become groups. Of two
    /// reports of one agency and year the first is kept; the loader reports the second.
    pub fn new(cards: Vec<(Arc<str>, Arc<Card>)>, reports: Vec<Arc<Filed>>) -> Self {
        Self::beside(cards, reports, "")
    }

    /// The same where pages in a second language lie below `second_root`, which no former address can be.
    pub fn beside(cards: Vec<(Arc<str>, Arc<Card>)>, reports: Vec<Arc<Filed>>, second_root: &str) -> Self {
        let mut directories: FxHashMap<Arc<str>, Directory> = FxHashMap::default();
        directories.reserve(cards.len());
        for (id, card) in cards {
            directories.entry(id).or_default().card = Some(card);
        }
        let mut builder = Builder { reports: Vec::with_capacity(reports.len()), ..Builder::default() };
        let mut reports = reports.into_iter().peekable();
        while let Some(filed) = reports.next() {
            let agency = filed.agency.clone();
            let here = &mut directories.entry(agency.clone()).or_default().reports;
            here.push(filed);
            // An agency's reports mostly stand together.
            here.extend(std::iter::from_fn(|| reports.next_if(|next| next.agency == agency)));
        }
        let roots = connect(&mut directories);
        for root in roots {
            builder.take(root, None, 0, &mut directories);
        }
        builder.succeed();
        let mut archive = Self { tree: Arc::new(builder.tree), reports: builder.reports, moved: Arc::default() };
        archive.moved = Arc::new(Moved::of(&archive, second_root));
        archive
    }

    /// The archive with other versions of reports that it has. `None` if one of them is not in it, or names
    /// other former addresses: then a new archive is to be built.
    pub fn with(&self, edited: &[Arc<Filed>]) -> Option<Self> {
        let mut reports = self.reports.clone();
        for filed in edited {
            let index = self.find_report(self.find_agency(&filed.agency)?, filed.report.year)?;
            let place = reports.get_mut(index.0 as usize)?;
            if place.in_directory != filed.in_directory
                || place.report.details().aliases != filed.report.details().aliases
                || place.attachments != filed.attachments
            {
                return None;
            }
            *place = filed.clone();
        }
        Some(Self { tree: self.tree.clone(), reports, moved: self.moved.clone() })
    }
}

#[derive(Default)]
struct Builder {
    tree: Tree,
    reports: Vec<Arc<Filed>>,
}

impl Builder {
    /// Moves a directory and those below it into the archive, in tree order.
    fn take(&mut self, id: Arc<str>, parent: Option<AgencyIndex>, depth: u16, directories: &mut FxHashMap<Arc<str>, Directory>) {
        let Some(mut directory) = directories.remove(&id) else { return };
        let index = AgencyIndex(u32::try_from(self.tree.agencies.len()).unwrap_or(u32::MAX));
        directory.reports.sort_by_key(|filed| (filed.report.year, filed.in_directory));
        directory.reports.dedup_by_key(|filed| filed.report.year);
        let reports = directory.reports.into_iter().map(|filed| self.file(index, filed)).collect();
        self.tree.by_id.insert(id.clone(), index);
        if let Some(parent) = parent {
            self.tree.agencies[parent.0 as usize].children.push(index);
        }
        self.tree.agencies.push(Agency { id, card: directory.card, parent, children: Vec::new(), reports, depth });
        for child in directory.children {
            self.take(child, Some(index), depth + 1, directories);
        }
    }

    /// Takes note of which agencies took over from which.
    fn succeed(&mut self) {
        for (index, agency) in (0..).map(AgencyIndex).zip(&self.tree.agencies) {
            let successor = self.tree.successor(agency);
            let _ = successor.map(|successor| self.tree.predecessors.entry(successor).or_default().push(index));
        }
    }

    fn file(&mut self, agency: AgencyIndex, filed: Arc<Filed>) -> ReportIndex {
        let index = ReportIndex(u32::try_from(self.reports.len()).unwrap_or(u32::MAX));
        self.tree.by_year.entry(filed.report.year).or_default().push(index);
        self.tree.agency_of.push(agency);
        self.reports.push(filed);
        index
    }
}

/// Adds the directories above, lists children in order, and returns the top ones.
fn connect(directories: &mut FxHashMap<Arc<str>, Directory>) -> Vec<Arc<str>> {
    let mut ids: Vec<Arc<str>> = directories.keys().cloned().collect();
    let mut at = 0;
    while at < ids.len() {
        if let Some((above, _)) = ids[at].rsplit_once('/')
            && !directories.contains_key(above)
        {
            let above: Arc<str> = above.into();
            directories.insert(above.clone(), Directory::default());
            ids.push(above);
        }
        at += 1;
    }
    let order = |id: &Arc<str>| {
        let order = directories[id].card.as_ref().and_then(|card| card.order);
        (order.is_none(), order, id.clone())
    };
    ids.sort_by_cached_key(order);
    let mut roots = Vec::new();
    for id in ids {
        match id.rsplit_once('/') {
            Some((above, _)) => directories.get_mut(above).into_iter().for_each(|above| above.children.push(id.clone())),
            None => roots.push(id),
        }
    }
    roots
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::archive::AgencyKind;
    use crate::form::Forms;
    use crate::report::read;

    fn filed(agency: &str, year: u16) -> Arc<Filed> {
        let report = read("+++\n+++\n", year, &Forms::builtin()).report;
        Arc::new(Filed { agency: agency.into(), in_directory: false, report, attachments: Vec::new(), sketch: Default::default() })
    }

    fn card(id: &str, name: &str, order: Option<i64>) -> (Arc<str>, Arc<Card>) {
        let mut card = Card::named(name, AgencyKind::Department);
        card.order = order;
        (id.into(), Arc::new(card))
    }

    /// A county with two bodies, one of them in a plain group; reports come in any order.
    fn county() -> Archive {
        let cards = vec![
            card("shili/ju/gongan", "示例县公安局", None),
            card("shili", "示例县人民政府", None),
            card("shili/ju/jiaoyu", "示例县教育局", Some(1)),
        ];
        Archive::new(cards, vec![filed("shili/ju/gongan", 2022), filed("shili/ju/jiaoyu", 2021), filed("shili/ju/gongan", 2021)])
    }

    #[test]
    fn the_tree_follows_the_directories_and_their_order() {
        let archive = county();
        let names: Vec<_> = archive.agencies().map(|(_, agency)| (agency.depth, agency.name(), agency.is_group())).collect();
        assert_eq!(names, [(0, "示例县人民政府", false), (1, "ju", true), (2, "示例县教育局", false), (2, "示例县公安局", false)]);
        assert_eq!(archive.descendants(AgencyIndex(1)).count(), 2);
        assert_eq!(archive.lineage(AgencyIndex(3)), [AgencyIndex(0), AgencyIndex(1), AgencyIndex(3)]);
    }

    /// Who took over from whom is known wherever in the tree both are; an agency that is not there took over nothing.
    #[test]
    fn predecessors_are_found_anywhere_in_the_tree() {
        let gone = |id: &str, successor: &str| {
            let mut card = Card::named(id, AgencyKind::Department);
            card.succeeded_by = Some(successor.into());
            (id.into(), Arc::new(card))
        };
        let archive = Archive::new(vec![gone("a/x", "b/y"), card("b/y", "y", None), gone("b/z", "b/y"), gone("c", "d")], Vec::new());
        let of = |id: &str| archive.predecessors(archive.find_agency(id).unwrap());
        let names: Vec<&str> = of("b/y").iter().map(|index| &*archive.agency(*index).id).collect();
        assert_eq!(names, ["a/x", "b/z"]);
        assert_eq!(of("c"), []);
    }

    /// An edited report takes the place of the one it was; a report that is new needs a new archive.
    #[test]
    fn an_edited_report_takes_its_place() {
        let archive = county();
        let mut edited = (*filed("shili/ju/gongan", 2022)).clone();
        edited.report.title = Some("更正".into());
        let after = archive.with(&[Arc::new(edited.clone())]).unwrap();
        let at = |archive: &Archive| archive.find_report(archive.find_agency("shili/ju/gongan").unwrap(), 2022).unwrap();
        assert_eq!(after.report(at(&after)).title.as_deref(), Some("更正"));
        assert_eq!(archive.report(at(&archive)).title, None, "the old archive is as it was");
        edited.report.year = 2023;
        assert!(archive.with(&[Arc::new(edited)]).is_none());
    }

    #[test]
    fn reports_are_found_by_agency_and_by_year() {
        let archive = county();
        assert_eq!(archive.years().collect::<Vec<_>>(), [2021, 2022]);
        assert_eq!(archive.reports_of_year(2021).len(), 2);
        let police = archive.find_agency("shili/ju/gongan").unwrap();
        let latest = archive.find_report(police, 2022).unwrap();
        assert_eq!(archive.report(archive.previous(latest).unwrap()).year, 2021);
        assert_eq!(archive.title(latest), "示例县公安局2022年政府信息公开工作年度报告");
        assert_eq!(archive.filed(latest).path(), "content/shili/ju/gongan/2022.md");
    }
}
