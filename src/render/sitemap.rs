//! The pages of a site → `sitemap.xml`, in parts where there are many, and `robots.txt`.
//!
//! A page in two languages stands there in each, and names both, as it does in its own head.

use std::fmt::Write as _;

use super::languages;
use super::xml::escaped;
use crate::config::Config;
use crate::pages::{Route, days, listed, sitemap_parts};
use crate::site::Site;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// A sitemap: of all pages, or, where they are too many for one, the index (part 0) and its parts. `None` if
/// there is no such part, or no host that addresses could begin with.
pub(super) fn sitemap(site: &Site, part: u32) -> Option<Vec<u8>> {
    let pages = listed(site);
    let parts: Vec<&[Route]> = sitemap_parts(&pages, site.config.languages.len()).collect();
    let xml = match (part, parts.as_slice()) {
        (0, [only]) => url_set(site, only)?,
        (0, parts) => index(site, parts)?,
        (part, [_, _, ..]) => url_set(site, parts.get(usize::try_from(part).ok()?.checked_sub(1)?)?)?,
        _ => return None,
    };
    Some(xml.into_bytes())
}

fn url_set(site: &Site, pages: &[Route]) -> Option<String> {
    let configs: Vec<Config> = site.config.languages.iter().map(|language| site.config.in_language(*language)).collect();
    let space = if configs.len() > 1 { " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"" } else { "" };
    let mut xml = format!("{HEAD}<urlset xmlns=\"{SPACE}\"{space}>\n");
    for page in pages {
        let path = page.path();
        let day = days::last_change_of(site, page).map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        let alternates = if configs.len() > 1 { alternates(&configs, &path) } else { String::new() };
        for config in &configs {
            let url = escaped(&config.address(&path)?);
            let _ = writeln!(xml, "<url><loc>{url}</loc>{day}{alternates}</url>");
        }
    }
    xml.push_str("</urlset>\n");
    Some(xml)
}

/// The addresses of a page in all languages.
fn alternates(configs: &[Config], path: &str) -> String {
    let link =
        |(tag, address): (&str, String)| format!("<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{}\"/>", escaped(&address));
    languages::addresses(configs, path).map(link).collect()
}

fn index(site: &Site, parts: &[&[Route]]) -> Option<String> {
    let mut xml = format!("{HEAD}<sitemapindex xmlns=\"{SPACE}\">\n");
    for (part, pages) in (1..).zip(parts) {
        let url = escaped(&site.config.address(&Route::Sitemap(part).path())?);
        let day = pages.iter().filter_map(|page| days::last_change_of(site, page)).max();
        let day = day.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        let _ = writeln!(xml, "<sitemap><loc>{url}</loc>{day}</sitemap>");
    }
    xml.push_str("</sitemapindex>\n");
    Some(xml)
}

/// `robots.txt`: everything may be read. Robots look for it at the root of a host only, so that below a portal's
/// directory it is a note to whoever looks after the portal's own.
pub(super) fn robots(site: &Site) -> Vec<u8> {
    let mut text = String::new();
    let map = site.config.address(&Route::Sitemap(0).path());
    let base = site.config.base_path();
    if base != "/" {
        let _ = writeln!(
            text,
            "# 爬虫只读网站根目录下的 /robots.txt。本站发布在 {base}，请把下面的 Sitemap 一行加进门户网站的 /robots.txt。\n# Robots read /robots.txt at the root of a host only. This site lies at {base}:\n# copy the Sitemap line below into the portal's own /robots.txt."
        );
    }
    text.push_str("User-agent: *\nDisallow:\n");
    if let Some(map) = map {
        let _ = writeln!(text, "Sitemap: {map}");
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::found::tests::{FRONT, SITE, site};
    use super::*;

    /// Where pages do not fit into one sitemap, an index names the parts, and each page is in one of them.
    #[test]
    fn an_index_names_the_parts() {
        let site = site(SITE, FRONT);
        let pages = listed(&site);
        let parts: Vec<&[Route]> = pages.chunks(3).collect();
        let index = index(&site, &parts).unwrap();
        assert_eq!(index.matches("<sitemap>").count(), parts.len());
        assert!(index.contains("<loc>https://www.example.gov.cn/zwgk/nianbao/sitemap-1.xml</loc><lastmod>2024-03-05</lastmod>"), "{index}");
        let urls: usize = parts.iter().map(|part| url_set(&site, part).unwrap().matches("<url>").count()).sum();
        assert_eq!(urls, pages.len());
        assert!(sitemap(&site, 1).is_none(), "what fits into one has no parts");
    }
}
