//! The same page in the site's other languages: links for readers, addresses for machines.

use std::fmt::Write as _;

use serde::Serialize;

use crate::config::Config;
use crate::pages::Route;

/// A link to the page in another language.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct OtherLanguage {
    /// The language's tag.
    tag: &'static str,
    /// What its speakers call it.
    name: &'static str,
    /// The link from the page.
    link: String,
}

/// The links from a page; none in a site of one language. From the page for unknown addresses they lead home.
pub(super) fn switch(config: &Config, route: &Route) -> Vec<OtherLanguage> {
    let up = if config.prefix().is_empty() { "" } else { "../" };
    let page = if route.has_languages() { route.path() } else { String::new() };
    let root = route.root(config.base_path());
    let other = |language| {
        let link = format!("{root}{up}{}{page}", config.in_language(language).prefix());
        OtherLanguage { tag: language.tag(), name: language.own_name(), link: if link.is_empty() { "./".to_owned() } else { link } }
    };
    config.other_languages().map(other).collect()
}

/// The lines of a page's head that name it in all languages.
pub(super) fn alternates(config: &Config, route: &Route) -> String {
    let mut html = String::new();
    if config.languages.len() > 1 && route.has_languages() {
        let configs: Vec<Config> = config.languages.iter().map(|language| config.in_language(*language)).collect();
        for (tag, address) in addresses(&configs, &route.path()) {
            let _ = writeln!(html, "<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{}\">", super::xml::escaped(&address));
        }
    }
    html
}

/// The full addresses of a page, given the settings of the site in each of its languages: by the language's tag,
/// and last by `x-default`, for readers of any other language. Empty where `base_url` names no host.
pub(super) fn addresses(configs: &[Config], path: &str) -> impl Iterator<Item = (&'static str, String)> {
    let tagged = configs.iter().map(|config| (config.language.tag(), config));
    let all = tagged.chain(configs.first().map(|first| ("x-default", first)));
    all.filter_map(move |(tag, config)| Some((tag, config.address(path)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn each_page_knows_itself_in_the_other_language() {
        let config =
            Config { languages: vec![Language::Chinese, Language::English], base_url: "https://x.cn/a/".to_owned(), ..Config::default() };
        let links = |config: &Config, route: &Route| switch(config, route).into_iter().map(|other| other.link).collect::<Vec<_>>();
        let english = config.in_language(Language::English);
        assert_eq!(links(&config, &Route::Year(2023)), ["../../en/years/2023/"]);
        assert_eq!(links(&english, &Route::Year(2023)), ["../../../years/2023/"]);
        assert_eq!((links(&config, &Route::Home), links(&english, &Route::Home)), (vec!["en/".to_owned()], vec!["../".to_owned()]));
        assert_eq!(links(&config, &Route::NotFound), ["/a/en/"]);
        assert!(alternates(&english, &Route::Years).contains("hreflang=\"x-default\" href=\"https://x.cn/a/years/\""));
        assert_eq!(alternates(&Config::default(), &Route::Years), "");
    }
}
