//! Pages' identities and addresses, each computed from the other.

use super::days::has_news;
use super::year::part_bodies;
use crate::archive::{ReportIndex, year_of};
use crate::rules::RULES;
use crate::site::Site;
use crate::text::{Language, percent_decode, percent_encode};

/// The name of feeds.
const FEED: &str = "feed.xml";

/// What data is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DataFormat {
    /// A line a cell.
    Csv,
    /// An object a report.
    Json,
}

impl DataFormat {
    const ALL: [Self; 2] = [Self::Csv, Self::Json];

    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// Splits a file's name into what stands before the ending and the format.
    fn split(name: &str) -> Option<(&str, Self)> {
        let (stem, ending) = name.rsplit_once('.')?;
        Some((stem, Self::ALL.into_iter().find(|format| format.ending() == ending)?))
    }
}

/// One page or file of the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Route {
    /// The home page.
    Home,
    /// All years.
    Years,
    /// One report year.
    Year(u16),
    /// The reports of a year that stand below one body, where a year has too many for one page.
    YearPart {
        /// The report year.
        year: u16,
        /// The body's id.
        agency: String,
    },
    /// The tree of agencies.
    Agencies,
    /// An agency or a group, by its id.
    Agency(String),
    /// A report.
    Report {
        /// The agency's id.
        agency: String,
        /// The report year.
        year: u16,
    },
    /// A file beside a report.
    Attachment {
        /// The agency's id.
        agency: String,
        /// The report year.
        year: u16,
        /// The file's name, with `/` if it lies deeper.
        name: String,
    },
    /// All findings.
    Quality,
    /// The manual page of a rule, by its name.
    Rule(String),
    /// What data there is.
    Data,
    /// The data of all reports of a year.
    YearData {
        /// The report year.
        year: u16,
        /// What it is written as.
        format: DataFormat,
    },
    /// The data of all reports of an agency.
    AgencyData {
        /// The agency's id.
        agency: String,
        /// What it is written as.
        format: DataFormat,
    },
    /// A former address that is no directory: `old/t2021_1.html`. Those that are look like agencies, reports or
    /// files beside reports, and only the archive knows that they lead on.
    Moved(String),
    /// News of the site as Atom.
    Feed,
    /// News of an agency and of the bodies below it as Atom.
    AgencyFeed(String),
    /// The list of all pages for robots, and its parts from 1 on where one file cannot hold it.
    Sitemap(u32),
    /// What robots may read.
    Robots,
    /// The page to search in.
    Search,
    /// A file of the index that is searched, by its name.
    SearchFile(String),
    /// A page in the site's second language, which lies below that language's tag.
    Translated(Language, Box<Route>),
    /// What is shown for addresses that do not exist.
    NotFound,
    /// A file of the theme, by its published name.
    Asset(String),
}

impl Route {
    /// The address below the site's root, percent-encoded: `fuyang/wanshi/2020/`.
    pub fn path(&self) -> String {
        match self {
            Self::Home => String::new(),
            Self::Years => "years/".to_owned(),
            Self::Year(year) => format!("years/{year}/"),
            Self::YearPart { year, agency } => format!("years/{year}/{}/", percent_encode(agency)),
            Self::Agencies => "agencies/".to_owned(),
            Self::Agency(id) => percent_encode(id) + "/",
            Self::Report { agency, year } => percent_encode(agency) + "/" + &year.to_string() + "/",
            Self::Attachment { agency, year, name } => format!("{}/{year}/{}", percent_encode(agency), percent_encode(name)),
            Self::Quality => "quality/".to_owned(),
            Self::Rule(name) => format!("quality/{}/", percent_encode(name)),
            Self::Data => "data/".to_owned(),
            Self::YearData { year, format } => format!("data/{year}.{}", format.ending()),
            Self::AgencyData { agency, format } => percent_encode(agency) + "/data." + format.ending(),
            Self::Moved(file) => percent_encode(file),
            Self::Feed => FEED.to_owned(),
            Self::AgencyFeed(id) => percent_encode(id) + "/" + FEED,
            Self::Sitemap(0) => "sitemap.xml".to_owned(),
            Self::Sitemap(part) => format!("sitemap-{part}.xml"),
            Self::Robots => "robots.txt".to_owned(),
            Self::Translated(language, page) => format!("{}/{}", language.tag(), page.path()),
            Self::Search => "search/".to_owned(),
            Self::SearchFile(name) => format!("search/{}", percent_encode(name)),
            Self::NotFound => "404.html".to_owned(),
            Self::Asset(name) => format!("assets/{}", percent_encode(name)),
        }
    }

    /// The file below the output directory: `fuyang/wanshi/2020/index.html`.
    pub fn file(&self) -> String {
        match self {
            Self::Agency(id) => format!("{id}/index.html"),
            Self::YearPart { year, agency } => format!("years/{year}/{agency}/index.html"),
            Self::Report { agency, year } => format!("{agency}/{year}/index.html"),
            Self::Attachment { agency, year, name } => format!("{agency}/{year}/{name}"),
            Self::Asset(name) => format!("assets/{name}"),
            Self::Rule(name) => format!("quality/{name}/index.html"),
            Self::AgencyFeed(id) => format!("{id}/{FEED}"),
            Self::AgencyData { agency, format } => format!("{agency}/data.{}", format.ending()),
            Self::Moved(file) => file.clone(),
            Self::SearchFile(name) => format!("search/{name}"),
            Self::Translated(language, page) => format!("{}/{}", language.tag(), page.file()),
            Self::NotFound | Self::YearData { .. } | Self::Feed | Self::Sitemap(_) | Self::Robots => self.path(),
            other => other.path() + "index.html",
        }
    }

    /// The way from the page up to the site's root: `../../../`. The page for unknown addresses can be
    /// shown at any of them: it is given the absolute path of the root instead.
    pub fn root(&self, base_path: &str) -> String {
        match self {
            Self::NotFound => base_path.to_owned(),
            other => "../".repeat(other.path().matches('/').count()),
        }
    }

    /// The route of an address below the site's root. The address need not exist in any archive.
    pub fn parse(path: &str) -> Option<Self> {
        let whole = percent_decode(path)?;
        let stripped = whole.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/'));
        match stripped.map(Self::of_path) {
            // A page is an index.html; what lies deeper in a report's directory is a file of that name.
            None | Some(Some(Self::Attachment { .. })) => Self::of_path(&whole),
            Some(page) => page,
        }
    }

    fn of_path(path: &str) -> Option<Self> {
        let trimmed = path.strip_suffix('/').unwrap_or(path);
        let parts: Vec<&str> = trimmed.split('/').collect();
        if trimmed.is_empty() {
            return Some(Self::Home);
        }
        if parts.iter().any(|part| part.is_empty() || *part == "." || *part == ".." || part.contains(['\\', '\0'])) {
            return None;
        }
        let slashed = trimmed.len() < path.len();
        match parts.as_slice() {
            ["data"] => Some(Self::Data),
            ["data", name] => {
                let (year, format) = DataFormat::split(name)?;
                Some(Self::YearData { year: year_of(year)?, format })
            }
            ["years"] => Some(Self::Years),
            ["years", year] => year_of(year).map(Self::Year),
            ["years", year, agency @ ..] => year_of(year).map(|year| Self::YearPart { year, agency: agency.join("/") }),
            ["agencies"] => Some(Self::Agencies),
            ["quality"] => Some(Self::Quality),
            ["quality", rule] => Some(Self::Rule((*rule).to_owned())),
            ["search"] => Some(Self::Search),
            ["search", name @ ..] => Some(Self::SearchFile(name.join("/"))),
            ["404.html"] => Some(Self::NotFound),
            [FEED] => Some(Self::Feed),
            ["robots.txt"] => Some(Self::Robots),
            [name] if is_sitemap(name) => sitemap_part(name).map(Self::Sitemap),
            ["assets", name @ ..] if !name.is_empty() => Some(Self::Asset(name.join("/"))),
            parts => Some(Self::of_agency(parts, slashed)),
        }
    }

    /// The first part that is a year, other than the first of all, ends the agency's id. A slash at the end says
    /// that it is a directory.
    fn of_agency(parts: &[&str], slashed: bool) -> Self {
        let year = parts.iter().enumerate().skip(1).find_map(|(at, part)| Some((at, year_of(part)?)));
        let (last, above) = parts.split_last().unwrap_or((&"", &[]));
        let data = DataFormat::split(last).filter(|(stem, _)| *stem == "data" && !above.is_empty());
        let is_file = [".html", ".htm"].iter().any(|ending| last.to_ascii_lowercase().ends_with(ending));
        match year {
            None if *last == FEED && !above.is_empty() => Self::AgencyFeed(above.join("/")),
            None if data.is_some() => {
                let format = data.map_or(DataFormat::Csv, |(_, format)| format);
                Self::AgencyData { agency: above.join("/"), format }
            }
            None if is_file && !slashed => Self::Moved(parts.join("/")),
            None => Self::Agency(parts.join("/")),
            Some((at, year)) if at + 1 == parts.len() => Self::Report { agency: parts[..at].join("/"), year },
            Some((at, year)) => {
                let name = parts[at + 1..].join("/") + if slashed { "/index.html" } else { "" };
                Self::Attachment { agency: parts[..at].join("/"), year, name }
            }
        }
    }

    /// The route of an address in a site with these languages: what lies below the tag of the second is a
    /// page in that language, as far as pages have languages.
    pub fn parse_in(path: &str, languages: &[Language]) -> Option<Self> {
        let second = languages.get(1).filter(|_| languages.len() > 1);
        let below = second.and_then(|language| Some((*language, path.strip_prefix(language.tag())?)));
        match below {
            Some((language, rest)) if rest.is_empty() || rest.starts_with('/') => {
                let page = Self::parse(rest.trim_start_matches('/'))?;
                page.has_languages().then(|| Self::Translated(language, Box::new(page)))
            }
            _ => Self::parse(path),
        }
    }

    /// The page, whatever its language.
    pub fn page(&self) -> &Self {
        match self {
            Self::Translated(_, page) => page,
            page => page,
        }
    }

    /// Whether there is one for each language; all others are shared, and the page for unknown addresses, of
    /// which a host shows one for all, is in the first.
    pub fn has_languages(&self) -> bool {
        match self {
            Self::Home | Self::Years | Self::Year(_) | Self::YearPart { .. } | Self::Agencies | Self::Agency(_) | Self::Report { .. } => {
                true
            }
            Self::Quality | Self::Rule(_) | Self::Data | Self::Search => true,
            Self::Attachment { .. } | Self::YearData { .. } | Self::AgencyData { .. } | Self::Moved(_) | Self::SearchFile(_) => false,
            Self::Feed | Self::AgencyFeed(_) | Self::Sitemap(_) | Self::Robots | Self::NotFound | Self::Asset(_) | Self::Translated(..) => {
                false
            }
        }
    }

    /// Whether a template makes it.
    pub fn is_of_template(&self) -> bool {
        self.page().has_languages() || matches!(self, Self::Moved(_) | Self::NotFound)
    }

    /// Whether it is a page that robots should know of.
    pub fn is_listed(&self) -> bool {
        !matches!(self, Self::Attachment { .. } | Self::NotFound) && self.file().ends_with("index.html")
    }

    /// The route of a report in the archive.
    pub fn of_report(site: &Site, index: ReportIndex) -> Self {
        let filed = site.archive.filed(index);
        Self::Report { agency: filed.agency.to_string(), year: filed.report.year }
    }
}

/// Whether a name is that of a sitemap or of one of its parts.
fn is_sitemap(name: &str) -> bool {
    name.strip_prefix("sitemap").is_some_and(|rest| rest == ".xml" || rest.starts_with('-')) && name.ends_with(".xml")
}

/// The part that a sitemap's name stands for.
fn sitemap_part(name: &str) -> Option<u32> {
    let number = name.strip_prefix("sitemap")?.strip_suffix(".xml")?;
    if number.is_empty() {
        return Some(0);
    }
    let part = number.strip_prefix('-')?.parse().ok().filter(|part| *part > 0)?;
    (Route::Sitemap(part).path() == name).then_some(part)
}

/// Pages as sitemaps hold them: at most 50,000 addresses in one file, each page having one in every language.
pub fn sitemap_parts<T>(pages: &[T], languages: usize) -> impl ExactSizeIterator<Item = &[T]> {
    pages.chunks(50_000 / languages.max(1))
}

/// All routes of a site but the theme's files and those of the index: large files first, then pages, then
/// reports by agency.
pub fn routes(site: &Site) -> Vec<Route> {
    let archive = &site.archive;
    let of_year = |year| DataFormat::ALL.map(|format| Route::YearData { year, format });
    let mut routes: Vec<Route> = archive.years().flat_map(of_year).collect();
    let pages = pages(site);
    let found =
        if site.config.address("").is_some() { found(site, pages.iter().filter(|route| route.is_listed()).count()) } else { Vec::new() };
    routes.extend(pages);
    routes.extend(found);
    routes.push(Route::Robots);
    let with_reports = archive.agencies().filter(|(_, agency)| !agency.reports.is_empty());
    routes.extend(with_reports.flat_map(|(_, agency)| {
        let agency = agency.id.to_string();
        DataFormat::ALL.map(|format| Route::AgencyData { agency: agency.clone(), format })
    }));
    routes.extend(archive.moved().files().filter_map(|file| Route::parse(&percent_encode(file))));
    routes
}

/// The pages that robots should know of, in the order of the sitemap, without those in a second language.
pub fn listed(site: &Site) -> Vec<Route> {
    let mut pages = pages(site);
    pages.retain(Route::is_listed);
    pages
}

/// Pages and the files beside reports.
fn pages(site: &Site) -> Vec<Route> {
    let archive = &site.archive;
    let mut routes = vec![Route::Home, Route::Years, Route::Agencies, Route::Quality, Route::Data, Route::NotFound];
    routes.extend(RULES.iter().map(|rule| Route::Rule(rule.name.to_owned())));
    for year in archive.years() {
        routes.push(Route::Year(year));
        let part = |body| Route::YearPart { year, agency: archive.agency(body).id.to_string() };
        routes.extend(part_bodies(archive, year).into_iter().map(part));
    }
    routes.extend(archive.agencies().map(|(_, agency)| Route::Agency(agency.id.to_string())));
    for (_, filed) in archive.reports() {
        let (agency, year) = (filed.agency.to_string(), filed.report.year);
        let attachment = |name: &String| Route::Attachment { agency: agency.clone(), year, name: name.clone() };
        routes.extend(filed.attachments.iter().map(attachment));
        routes.push(Route::Report { agency, year });
    }
    routes.extend(site.config.search.then_some(Route::Search));
    routes
}

/// What needs full addresses: sitemaps of so many pages, and feeds.
fn found(site: &Site, pages: usize) -> Vec<Route> {
    let parts = u32::try_from(sitemap_parts(&vec![(); pages], site.config.languages.len()).len()).unwrap_or(0);
    let mut routes = vec![Route::Sitemap(0)];
    routes.extend((1..=parts).filter(|_| parts > 1).map(Route::Sitemap));
    if has_news(site, None) {
        routes.push(Route::Feed);
        let with_news = site.archive.agencies().filter(|(index, _)| has_news(site, Some(*index)));
        routes.extend(with_news.map(|(_, agency)| Route::AgencyFeed(agency.id.to_string())));
    }
    routes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An agency's id: no part is a year, the first is no name of the site's own.
    fn any_agency() -> impl Strategy<Value = String> {
        let part = "[a-z一-龥%_ .#?&\"'<>:-]{1,6}[a-z一-龥]|20[0-9]{2}年|[a-z]{1,3}\\.(md|toml)|[0-9]{5}";
        prop::collection::vec(part, 1..4)
            .prop_map(|parts| parts.join("/"))
            .prop_filter("reserved", |id| !crate::archive::is_reserved(id.split('/').next().unwrap_or_default()))
    }

    fn any_format() -> impl Strategy<Value = DataFormat> {
        prop::sample::select(DataFormat::ALL.to_vec())
    }

    fn any_route() -> impl Strategy<Value = Route> {
        prop_oneof![
            Just(Route::Home),
            Just(Route::Years),
            Just(Route::Agencies),
            Just(Route::Quality),
            Just(Route::Search),
            "(docs|text)-[0-9]{1,3}\\.bin".prop_map(Route::SearchFile),
            Just(Route::NotFound),
            (2000u16..2100).prop_map(Route::Year),
            Just(Route::Feed),
            Just(Route::Data),
            (2000u16..2100, any_format()).prop_map(|(year, format)| Route::YearData { year, format }),
            (any_agency(), any_format()).prop_map(|(agency, format)| Route::AgencyData { agency, format }),
            (any_agency(), "[a-z0-9]{1,4}\\.(html?|HTM)").prop_map(|(above, name)| Route::Moved(format!("{above}/{name}"))),
            Just(Route::Robots),
            (0u32..70_000).prop_map(Route::Sitemap),
            any_agency().prop_map(Route::AgencyFeed),
            any_agency().prop_map(Route::Agency),
            (2000u16..2100, any_agency()).prop_map(|(year, agency)| Route::YearPart { year, agency }),
            (any_agency(), 2000u16..2100).prop_map(|(agency, year)| Route::Report { agency, year }),
            (any_agency(), 2000u16..2100, "([a-z一-龥 #?%]{1,5}\\.pdf|[a-z]{1,3}/index\\.html|20[0-9]{2}\\.xlsx)")
                .prop_map(|(agency, year, name)| Route::Attachment { agency, year, name }),
            "[a-z]{1,5}\\.[0-9a-f]{8}\\.css".prop_map(Route::Asset),
            "[a-z-]{1,20}".prop_map(Route::Rule),
        ]
    }

    proptest! {
        /// An address leads back to its page, and is plain ASCII.
        #[test]
        fn addresses_lead_back_to_their_pages(route in any_route()) {
            let path = route.path();
            prop_assert!(path.is_ascii());
            prop_assert_eq!(Route::parse(&path), Some(route.clone()));
            prop_assert_eq!(Route::parse(&percent_encode(&route.file())), Some(route));
        }

        /// No address leads out of the site.
        #[test]
        fn no_address_leads_out_of_the_site(path in "(\\.\\.|%2e|%5c|%00|/|a|\\\\|\\.){0,8}") {
            if let Some(route) = Route::parse(&path) {
                let file = route.file();
                prop_assert!(!file.split('/').any(|part| part == ".." || part == "."), "{file}");
            }
        }
    }

    /// A sitemap holds at most 50,000 addresses: one more begins another.
    #[test]
    fn sitemaps_are_cut_at_fifty_thousand() {
        let lengths = |pages: usize, languages| sitemap_parts(&vec![(); pages], languages).map(<[()]>::len).collect::<Vec<_>>();
        assert_eq!((lengths(50_000, 1), lengths(100_001, 1)), (vec![50_000], vec![50_000, 50_000, 1]));
        assert_eq!(lengths(25_001, 2), [25_000, 1], "each page has two addresses");
    }

    #[test]
    fn the_way_up_is_relative() {
        let report = Route::Report { agency: "fuyang/wanshi".into(), year: 2020 };
        assert_eq!(report.root("/zwgk/"), "../../../");
        assert_eq!(Route::Home.root("/zwgk/"), "");
        assert_eq!(Route::NotFound.root("/zwgk/"), "/zwgk/");
    }

    #[test]
    fn chinese_directories_are_encoded() {
        assert_eq!(Route::Agency("shili/青石乡".into()).path(), "shili/%E9%9D%92%E7%9F%B3%E4%B9%A1/");
    }
}
