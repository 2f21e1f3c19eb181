//! `site.toml`: the site's title, address, language and theme, government labels, levels of rules.

mod check;
mod data;
mod gov;

use std::ops::Range;

use crate::diagnostic::Fault;
use crate::front_matter::{Fields, parse};
use crate::text::Language;
use crate::words;

pub use check::{Check, CopiedText, Deadline, DeadlineRule, Override, RuleLevel, SharpChange};
pub use data::Terms;
pub use gov::Gov;

/// The rule that reports faults of `site.toml`.
pub const INVALID_CONFIG: &str = "invalid-config";

/// The years that a report can be of.
pub const YEARS: Range<u16> = 1900..2200;

/// What `site.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The site's name.
    pub title: String,
    /// One sentence about the site.
    pub description: String,
    /// The address of the site's root, with a trailing slash.
    pub base_url: String,
    /// The language of the pages that are spoken of.
    pub language: Language,
    /// All languages of the site: the first at its root, another one below its tag (`en/`).
    pub languages: Vec<Language>,
    /// The theme's name.
    pub theme: String,
    /// Labels and footer of a government website.
    pub gov: Gov,
    /// On what terms the data may be used.
    pub data: Terms,
    /// How reports are checked.
    pub check: Check,
    /// Whether there is an index to search in.
    pub search: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: "政府信息公开年报库".to_owned(),
            description: String::new(),
            base_url: "/".to_owned(),
            language: Language::Chinese,
            languages: vec![Language::Chinese],
            theme: "default".to_owned(),
            gov: Gov::default(),
            data: Terms::default(),
            check: Check::default(),
            search: true,
        }
    }
}

impl Config {
    /// Reads `site.toml`. What is wrong keeps its default and is said.
    pub fn read(text: &str) -> (Self, Vec<Fault>) {
        let (toml, mut faults) = parse(text, 0, INVALID_CONFIG);
        let mut fields = Fields::new(toml.get_ref(), 0, INVALID_CONFIG);
        let mut config = Self::default();
        if let Some(title) = fields.filled_string("title") {
            config.title = title;
        }
        config.description = fields.string("description").unwrap_or_default();
        config.base_url = read_base_url(&mut fields).unwrap_or(config.base_url);
        config.languages = read_languages(&mut fields);
        config.language = config.languages.first().copied().unwrap_or_default();
        if let Some(theme) = fields.string("theme") {
            config.theme = theme;
        }
        if let Some(mut gov) = fields.table("gov") {
            config.gov = Gov::read(&mut gov);
            fields.absorb(gov.finish());
        }
        if let Some(mut data) = fields.table("data") {
            config.data = Terms::read(&mut data);
            fields.absorb(data.finish());
        }
        if let Some(mut check) = fields.table("check") {
            config.check = Check::read(&mut check);
            fields.absorb(check.finish());
        }
        if let Some(mut search) = fields.table("search") {
            config.search = search.boolean("enabled").unwrap_or(config.search);
            fields.absorb(search.finish());
        }
        faults.extend(fields.finish());
        (config, faults)
    }

    /// The path of the site's root on its host: `/zwgk/nianbao/`.
    pub fn base_path(&self) -> &str {
        let after_scheme = self.base_url.find("://").map_or(0, |at| at + 3);
        self.base_url[after_scheme..].find('/').map_or("/", |slash| &self.base_url[after_scheme + slash..])
    }
}

impl Config {
    /// Where the pages of the language lie below the site's root: nowhere else, or below `en/`.
    pub fn prefix(&self) -> &'static str {
        match (self.languages.first() == Some(&self.language), self.language) {
            (true, _) => "",
            (false, Language::Chinese) => "zh-CN/",
            (false, Language::English) => "en/",
        }
    }

    /// The same for the pages in another of the site's languages, whose root lies below that of the first.
    #[must_use]
    pub fn in_language(&self, language: Language) -> Self {
        let own = self.base_url.len() - self.prefix().len();
        let mut config = Self { language, ..self.clone() };
        config.base_url.truncate(own);
        config.base_url.push_str(config.prefix());
        config
    }

    /// The languages that the pages are not in.
    pub fn other_languages(&self) -> impl Iterator<Item = Language> + '_ {
        self.languages.iter().copied().filter(|language| *language != self.language)
    }

    /// The name below which the pages in the site's second language lie; empty if it has none.
    pub fn second_root(&self) -> &'static str {
        self.other_languages().next().map_or("", |language| self.in_language(language).prefix()).trim_end_matches('/')
    }

    /// The full address of what lies at `path` below the site's root; `None` if `base_url` names no host.
    pub fn address(&self, path: &str) -> Option<String> {
        let host = self.base_url.find("://")? + 3;
        let behind = self.base_url[host..].find('/').map_or(self.base_url.len(), |slash| host + slash);
        let mut address = String::with_capacity(self.base_url.len() + path.len());
        address.push_str(&self.base_url[..behind]);
        for c in self.base_url[behind..].chars() {
            match c.is_ascii() {
                true => address.push(c),
                false => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| address.push_str(&format!("%{byte:02X}"))),
            }
        }
        address.push_str(path);
        Some(address)
    }
}

fn read_base_url(fields: &mut Fields<'_, '_>) -> Option<String> {
    let url = fields.string("base_url")?;
    if !is_address(&url) {
        let span = fields.span("base_url").unwrap_or(0..1);
        fields.fault(
            span,
            words!(
                "base_url 应为完整网址，如 https://www.example.gov.cn/zwgk/nianbao/",
                "base_url must be a full address such as https://www.example.gov.cn/zwgk/nianbao/"
            ),
        );
        return None;
    }
    Some(if url.ends_with('/') { url } else { url + "/" })
}

/// Whether a text is an address on the web, or a path on a host, as pages can carry it.
fn is_address(url: &str) -> bool {
    let scheme =
        ["https://", "http://"].into_iter().find(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let path = match scheme {
        Some(scheme) => {
            let (host, path) = url[scheme.len()..].split_once('/').unwrap_or((&url[scheme.len()..], ""));
            if host.is_empty() {
                return false;
            }
            path
        }
        None => match url.strip_prefix('/') {
            Some(path) if !path.starts_with('/') => path,
            _ => return false,
        },
    };
    let unfit = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '"' | '<' | '>' | '\\');
    !url.contains(unfit) && !path.split('/').any(|part| part == ".." || part == ".")
}

fn read_language(fields: &mut Fields<'_, '_>) -> Language {
    let Some(tag) = fields.string("language") else { return Language::default() };
    Language::parse(&tag).unwrap_or_else(|| {
        let span = fields.span("language").unwrap_or(0..1);
        fields.fault(span, words!("language 应为 zh-CN 或 en，不是 {tag}", "language must be zh-CN or en, not {tag}"));
        Language::default()
    })
}

/// `languages = ["zh-CN", "en"]`, or `language` alone.
fn read_languages(fields: &mut Fields<'_, '_>) -> Vec<Language> {
    let first = fields.raw("language").is_some().then(|| read_language(fields));
    let listed = fields.spanned_strings("languages");
    let Some(span) = fields.span("languages") else { return vec![first.unwrap_or_default()] };
    let mut languages = Vec::new();
    for (tag, span) in listed {
        match Language::parse(&tag) {
            Some(language) if languages.contains(&language) => {
                fields.fault(span, words!("languages 里 {tag} 重复", "languages has {tag} twice"));
            }
            Some(language) => languages.push(language),
            None => fields.fault(span, words!("languages 里应为 zh-CN 或 en，不是 {tag}", "languages can have zh-CN and en, not {tag}")),
        }
    }
    if languages.is_empty() {
        fields.fault(
            span,
            words!("languages 至少要有一种语言，如 [\"zh-CN\", \"en\"]", "languages needs at least one, as in [\"zh-CN\", \"en\"]"),
        );
        return vec![first.unwrap_or_default()];
    }
    if first.is_some_and(|first| first != languages[0]) {
        fields.fault(
            span,
            words!(
                "languages 的第一种应与 language 相同；有 languages 时可以删去 language",
                "the first of languages must be that of language; with languages, language can go"
            ),
        );
    }
    languages
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without a host there is no full address; Chinese directories are encoded, a Chinese host is not.
    #[test]
    fn addresses_need_a_host() {
        let address = |url: &str| Config::read(&format!("base_url = \"{url}\"")).0.address("a/2020/");
        assert_eq!(address("/nianbao/"), None);
        assert_eq!(address("https://example.gov.cn").as_deref(), Some("https://example.gov.cn/a/2020/"));
        assert_eq!(address("https://例子.中国/公开/").as_deref(), Some("https://例子.中国/%E5%85%AC%E5%BC%80/a/2020/"));
    }

    #[test]
    fn the_base_path_is_the_part_behind_the_host() {
        let path = |url: &str| Config::read(&format!("base_url = \"{url}\"")).0.base_path().to_owned();
        assert_eq!(path("https://example.gov.cn/zwgk/nianbao"), "/zwgk/nianbao/");
        assert_eq!(path("https://example.gov.cn"), "/");
        assert_eq!(path("/nianbao/"), "/nianbao/");
    }

    /// What cannot be the address of a site is refused, whatever it looks like.
    #[test]
    fn addresses_that_are_none_are_refused() {
        for url in [
            "https://",
            "https:///a",
            "//x",
            "/a/../b",
            "https://x.cn/a b",
            "https://x.cn/\\\"><b>",
            "ftp://x",
            "x.cn",
            "",
            "https://x.cn/?a",
        ] {
            let (config, faults) = Config::read(&format!("base_url = \"{url}\""));
            assert_eq!((faults.len(), config.base_url.as_str()), (1, "/"), "{url}: {faults:?}");
        }
        for url in ["/", "HTTPS://X.CN", "https://例子.中国/公开", "http://x.cn:8080/a/"] {
            assert_eq!(Config::read(&format!("base_url = \"{url}\"")).1, [], "{url}");
        }
    }

    /// One language or two; the pages of the second have a root of their own.
    #[test]
    fn languages_are_read() {
        let read = |text: &str| Config::read(&format!("base_url = \"https://x.cn/a\"\n{text}"));
        let (config, faults) = read("languages = [\"zh-CN\", \"en\"]");
        assert_eq!((faults, config.language, config.prefix()), (Vec::new(), Language::Chinese, ""));
        let english = config.in_language(Language::English);
        assert_eq!((english.prefix(), &*english.base_url), ("en/", "https://x.cn/a/en/"));
        assert_eq!(english.in_language(Language::Chinese), config);
        assert_eq!(read("languages = [\"en\", \"zh-CN\"]").0.in_language(Language::Chinese).base_path(), "/a/zh-CN/");
        assert_eq!(read("language = \"en\"").0.languages, [Language::English]);
        assert_eq!(read("language = \"en\"\nlanguages = [\"en\"]").1, []);
        for wrong in [
            "languages = []",
            "languages = [\"zh\", \"fr\"]",
            "languages = [\"en\", \"en-GB\"]",
            "language = \"en\"\nlanguages = [\"zh-CN\"]",
        ] {
            let faults = read(wrong).1;
            assert_eq!(faults.len(), 1, "{wrong}: {faults:?}");
        }
    }

    #[test]
    fn faults_are_said_and_the_rest_is_kept() {
        let (config, faults) = Config::read("title = \"年报\"\nbase_url = \"example\"\nlanguage = \"fr\"\nthem = \"x\"\n");
        assert_eq!(config.title, "年报");
        assert_eq!(config.base_url, "/");
        assert_eq!(faults.len(), 3, "{faults:#?}");
    }

    #[test]
    fn levels_and_deadlines_are_read() {
        let text = "[check]\nfirst_year = 2016\nlevels = { sharp-change = \"off\" }\ndeadlines = { government = \"03-31\" }\n";
        let (config, faults) = Config::read(text);
        assert!(faults.is_empty(), "{faults:#?}");
        assert_eq!(config.check.levels[0].0, "sharp-change");
        assert_eq!(config.check.deadline("government", 2023), jiff::civil::date(2024, 3, 31));
        assert_eq!(config.check.deadline("township", 2023), jiff::civil::date(2024, 1, 31));
    }

    /// The later and the narrower deadline wins; February 29 falls on the 28th in other years.
    #[test]
    fn deadlines_hold_for_kinds_and_years() {
        let text = "[check]\ndeadlines = { township = { \"2019\" = \"02-29\", \"2020\" = \"02-29\" } }\n[[check.deadline]]\nfrom = 2023\ndate = \"02-15\"\n[[check.deadline]]\nkind = \"vertical\"\nfrom = 2024\nuntil = 2024\ndate = \"03-01\"\n";
        let (config, faults) = Config::read(text);
        assert!(faults.is_empty(), "{faults:#?}");
        let deadline = |kind, year| config.check.deadline(kind, year).to_string();
        assert_eq!(deadline("township", 2019), "2020-02-29");
        assert_eq!(deadline("township", 2020), "2021-02-28");
        assert_eq!(deadline("township", 2021), "2022-01-31");
        assert_eq!(deadline("government", 2023), "2024-02-15");
        assert_eq!(deadline("vertical", 2024), "2025-03-01");
        assert_eq!(deadline("vertical", 2025), "2026-02-15");
    }

    /// Each fault of `[check]` is said where it stands.
    #[test]
    fn faults_of_check_are_said() {
        let text = "[check]\ncopied_text = { last_year = 0 }\ndeadlines = { township = \"1.31\" }\n[[check.override]]\npath = \"a\"\n[[check.deadline]]\nkind = \"township\"\n";
        let (config, faults) = Config::read(text);
        assert_eq!(faults.len(), 4, "{faults:#?}");
        assert_eq!(config.check, Check { overrides: config.check.overrides.clone(), ..Check::default() });
    }
}
