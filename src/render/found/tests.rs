#![expect(clippy::unwrap_used, reason = "tests")]
//! What the heads of pages say, by kind of page.

use std::sync::Arc;

use super::*;
use crate::archive::{AgencyKind, Card, Filed};
use crate::config::Config;
use crate::form::Forms;
use crate::report::read;
use crate::site::{Files, Findings};
use crate::text::Language;
use crate::theme::{Theme, ThemeFiles};

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::Error::other(path.to_owned()))
    }
}

pub(in crate::render) const SITE: &str = "title = \"示例县年报库\"\nbase_url = \"https://www.example.gov.cn/zwgk/nianbao/\"\n[gov]\nsite_name = \"示例县人民政府\"\nsite_domain = \"www.example.gov.cn\"\nsite_id_code = \"0000000000\"\ncolumn_name = \"政府信息公开年报\"\n";

/// A county with a body whose name tries to break out of wherever it is written, and its report of 2023.
pub(in crate::render) fn site(config: &str, front: &str) -> Site {
    let (config, faults) = Config::read(config);
    assert!(faults.is_empty(), "{faults:?}");
    let forms = Forms::builtin();
    let report = read(&format!("+++\n{front}+++\n"), 2023, &forms).report;
    let cards = vec![
        ("shili".into(), Arc::new(Card::named("示例县人民政府", AgencyKind::Government))),
        ("shili/ju".into(), Arc::new(Card::named("局\"</script><!--&", AgencyKind::Department))),
    ];
    let filed = Filed { agency: "shili/ju".into(), in_directory: false, report, attachments: vec![], sketch: Default::default() };
    Site {
        config: Arc::new(config),
        forms: Arc::new(forms),
        archive: Arc::new(Archive::new(cards, vec![Arc::new(filed)])),
        findings: Arc::new(Findings::default()),
        today: jiff::civil::date(2026, 6, 1),
        files: Arc::new(NoFiles),
    }
}

fn strings(language: Language) -> Theme {
    Theme::new(&ThemeFiles::builtin(), &Config { language, ..Config::default() }).unwrap()
}

fn head_of(site: &Site, route: &Route) -> String {
    head(site, strings(Language::Chinese).strings(), route, days::has_news(site, None))
}

fn report_route() -> Route {
    Route::Report { agency: "shili/ju".into(), year: 2023 }
}

/// The names of the labels on a page, in order; `og:` and the like are no labels.
fn names(head: &str) -> Vec<String> {
    head.split("<meta name=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn linked(head: &str) -> serde_json::Value {
    let script = head.split("<script type=\"application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    serde_json::from_str(script).unwrap()
}

pub(in crate::render) const FRONT: &str =
    "published = 2024-01-20\n[applications]\nreceived = [2, 1, 0, 0, 0, 0, 3]\n[[revision]]\ndate = 2024-03-05\nnote = \"更正\"\n";

/// The list of 国办发〔2017〕47号, by kind of page: three labels of the site on every page, four of the column on
/// pages of the column and on articles, and those of the article on reports.
#[test]
fn every_kind_of_page_has_the_labels_that_the_notice_demands() {
    let site = site(SITE, FRONT);
    let of_site = ["SiteName", "SiteDomain", "SiteIDCode"];
    let of_column = ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"];
    let general = ["Keywords", "Description"];
    let of_article = ["ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Url"];
    let columns = [
        Route::Home,
        Route::Years,
        Route::Year(2023),
        Route::YearPart { year: 2023, agency: "shili".into() },
        Route::Agencies,
        Route::Agency("shili".into()),
        Route::Agency("shili/ju".into()),
        Route::Quality,
        Route::Rule("blank-cell".into()),
        Route::Data,
    ];
    for route in columns {
        assert_eq!(names(&head_of(&site, &route)), [&of_site[..], &of_column, &general].concat(), "{route:?}");
    }
    assert_eq!(names(&head_of(&site, &report_route())), [&of_site[..], &of_column, &of_article].concat());
    assert_eq!(names(&head_of(&site, &Route::NotFound)), of_site);
}

/// What the labels of an article say: the day in the notice's own writing, the agency as source, the full address.
#[test]
fn labels_of_a_report_are_about_that_report() {
    let head = head_of(&site(SITE, FRONT), &report_route());
    for line in [
        "<meta name=\"SiteIDCode\" content=\"0000000000\">",
        "<meta name=\"ColumnName\" content=\"政府信息公开年报\">",
        "<meta name=\"PubDate\" content=\"2024-01-20 00:00\">",
        "<meta name=\"ContentSource\" content=\"局&quot;&lt;/script&gt;&lt;!--&amp;\">",
        "<meta name=\"Url\" content=\"https://www.example.gov.cn/zwgk/nianbao/shili/ju/2023/\">",
        "<link rel=\"canonical\" href=\"https://www.example.gov.cn/zwgk/nianbao/shili/ju/2023/\">",
        "<meta property=\"og:type\" content=\"article\">",
        "<meta property=\"article:modified_time\" content=\"2024-03-05\">",
        "href=\"../../../shili/ju/feed.xml\"",
    ] {
        assert!(head.contains(line), "{line}\n{head}");
    }
}

/// Names are other people's text: none ends the script element or opens a comment in it.
#[test]
fn linked_data_cannot_break_out_of_its_element() {
    let site = site(SITE, FRONT);
    for route in [report_route(), Route::Agency("shili/ju".into()), Route::Year(2023), Route::Home] {
        let head = head_of(&site, &route);
        assert_eq!((head.matches("<script").count(), head.matches("</script").count(), head.matches("<!--").count()), (1, 1, 0));
        assert_eq!(linked(&head)["@context"], "https://schema.org");
    }
}

#[test]
fn linked_data_says_what_a_page_is_about() {
    let site = site(SITE, FRONT);
    let types = |route: &Route| -> Vec<String> {
        let graph = linked(&head_of(&site, route))["@graph"].as_array().unwrap().clone();
        graph.iter().map(|item| item["@type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(types(&report_route()), ["Report", "BreadcrumbList"]);
    assert_eq!(types(&Route::Agency("shili/ju".into())), ["GovernmentOrganization", "BreadcrumbList"]);
    assert_eq!(types(&Route::Year(2023)), ["Dataset", "BreadcrumbList"]);
    let data = linked(&head_of(&site, &report_route()));
    let report = &data["@graph"][0];
    assert_eq!((&report["datePublished"], &report["dateModified"]), (&"2024-01-20".into(), &"2024-03-05".into()));
    assert_eq!(report["publisher"]["name"], "局\"</script><!--&");
    let steps = data["@graph"][1]["itemListElement"].as_array().unwrap();
    assert_eq!(steps.len(), 5, "home, agencies, county, body, year");
    assert_eq!(steps[2]["item"], "https://www.example.gov.cn/zwgk/nianbao/shili/");
}

/// What is not known is left out: no label is empty, no address is made up.
#[test]
fn what_is_not_known_is_left_out() {
    let site = site("title = \"年报\"\nbase_url = \"/nianbao/\"\n", "");
    let head = head_of(&site, &report_route());
    assert!(!head.contains("content=\"\"") && !head.contains("PubDate") && !head.contains("SiteName"), "{head}");
    assert!(!head.contains("canonical") && !head.contains("ld+json") && !head.contains("feed.xml"), "{head}");
}
