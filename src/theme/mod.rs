//! Templates, static files and strings in memory, ready to render.
//!
//! A theme is laid from layers: the built-in default, the built-in theme that the site's one is based on,
//! the site's `themes/<name>/`, the site's root `templates/`. A later layer replaces single files of an
//! earlier one. Static files are published
//! under names that carry a hash of their content, so that they can be cached for ever.

mod error;
mod files;
mod filters;
mod inline;

use std::collections::BTreeMap;

use tera::{Context, Tera, Value};

use crate::config::Config;
use crate::text::Language;

pub use error::TemplateError;
pub use files::{BUILT_IN, ThemeFiles};
use inline::Constants;

/// A theme that is ready to render.
#[derive(Debug)]
pub struct Theme {
    tera: Tera,
    /// The same with what every page shows alike in the templates.
    quick: Option<Tera>,
    assets: BTreeMap<String, Vec<u8>>,
    strings: Strings,
}

/// The theme's strings in one language: `report.findings` → 数据核对.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    table: toml::Table,
    language: Language,
}

impl Strings {
    /// A string by its dotted name; the name itself if there is none, which shows where it is missing.
    pub fn get<'s>(&'s self, name: &'s str) -> &'s str {
        self.find(name).unwrap_or(name)
    }

    fn find(&self, name: &str) -> Option<&str> {
        let mut parts = name.split('.');
        let first = parts.next().and_then(|part| self.table.get(part));
        let found = parts.try_fold(first, |at, part| Some(at?.get(part)));
        found.flatten().and_then(toml::Value::as_str)
    }
}

impl Strings {
    /// The attribute of elements whose text is Chinese: titles, names, prose and official tables stay Chinese
    /// whatever the language of the page. Nothing on Chinese pages.
    pub fn zh(&self) -> &'static str {
        if self.language == Language::Chinese { "" } else { " lang=\"zh-CN\"" }
    }

    /// The attribute of elements in such a text that are in the language of the page again.
    pub fn own(&self) -> &'static str {
        match self.language {
            Language::Chinese => "",
            Language::English => " lang=\"en\"",
        }
    }

    /// A string with values in the place of `{name}`; what is filled in is not looked at again.
    pub fn fill(&self, name: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.get(name);
        let mut filled = String::with_capacity(rest.len() + 32);
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            filled.push_str(before);
            let value = from.find('}').and_then(|close| Some((close, values.iter().find(|(name, _)| *name == &from[1..close])?.1)));
            match value {
                Some((close, value)) => {
                    filled.push_str(value);
                    rest = &from[close + 1..];
                }
                None => {
                    filled.push('{');
                    rest = &from[1..];
                }
            }
        }
        filled + rest
    }
}

/// The name that a static file is published under: `style.1a2b3c4d.css`.
fn published_name(name: &str, bytes: &[u8]) -> String {
    let hash = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(bytes));
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{}.{extension}", &hash[..8]),
        None => format!("{name}.{}", &hash[..8]),
    }
}

impl Theme {
    /// Compiles a theme for a site.
    pub fn new(files: &ThemeFiles, config: &Config) -> Result<Self, TemplateError> {
        let mut tera = Tera::new();
        tera.autoescape_on(vec![".html", ".xml"]);
        filters::register(&mut tera, config.language);
        let search = config.search && files.offer_search();
        let published = || files.published(search).map(|(name, bytes)| (name, bytes, published_name(name, bytes)));
        let assets: BTreeMap<String, Vec<u8>> = published().map(|(_, bytes, published)| (published, bytes.clone())).collect();
        let names: BTreeMap<_, _> = published().map(|(name, _, published)| (name.clone(), format!("assets/{published}"))).collect();
        filters::register_asset(&mut tera, names.clone());
        let strings = Strings { table: files.strings(config.language)?, language: config.language };
        insert_globals(tera.global_context(), config, &strings, search);
        let templates = files.templates.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        tera.add_raw_templates(templates).map_err(|error| TemplateError::of(&error, files))?;
        let mut quick = tera.clone();
        let constants = Constants { strings: &strings, site: &site_fields(config), assets: &names };
        let inlined = inline::with_constants(&files.templates, &constants).and_then(|templates| quick.add_raw_templates(templates).ok());
        Ok(Self { quick: inlined.map(|()| quick), tera, assets, strings })
    }

    /// Renders a template with a page's context.
    pub fn render(&self, template: &str, context: &Context, files_for_errors: Option<&ThemeFiles>) -> Result<Vec<u8>, TemplateError> {
        let mut bytes = Vec::with_capacity(32 << 10);
        if self.quick.as_ref().is_some_and(|quick| quick.render_to(template, context, &mut bytes).is_ok()) {
            return Ok(bytes);
        }
        // What is wrong is said of the templates as they were written.
        bytes.clear();
        let rendered = self.tera.render_to(template, context, &mut bytes);
        let none = ThemeFiles::default();
        rendered.map(|()| bytes).map_err(|error| TemplateError::of(&error, files_for_errors.unwrap_or(&none)))
    }

    /// The static files by their published names.
    pub fn assets(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.assets
    }

    /// The theme's strings.
    pub fn strings(&self) -> &Strings {
        &self.strings
    }
}

/// A text as templates write it.
fn escaped(text: &str) -> String {
    let mut html = Vec::with_capacity(text.len() + 16);
    // Writing to memory cannot fail, and what is escaped is text still.
    let _ = tera::escape_html(text, &mut html);
    String::from_utf8(html).unwrap_or_default()
}

/// What templates know as `site`.
fn site_fields(config: &Config) -> BTreeMap<&'static str, &str> {
    [
        ("title", config.title.as_str()),
        ("description", config.description.as_str()),
        ("base_url", config.base_url.as_str()),
        ("base_path", config.base_path()),
        ("language", config.language.tag()),
    ]
    .into()
}

fn insert_globals(context: &mut Context, config: &Config, strings: &Strings, search: bool) {
    context.insert("t", &strings.table);
    context.insert("gov", &config.gov);
    context.insert("site", &site_fields(config));
    let menu: Vec<BTreeMap<&str, &str>> = crate::pages::menu(search).map(|(name, link)| [("name", name), ("link", link)].into()).collect();
    context.insert("menu", &menu);
    context.insert_value("search", Value::from(search));
    context.insert_value("zh", Value::safe_string(strings.zh()));
    context.insert_value("chinese", Value::from(config.language == Language::Chinese));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn theme(overrides: &[(&str, &str)]) -> Result<Theme, TemplateError> {
        let mut files = ThemeFiles::builtin();
        files.templates.extend(overrides.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        Theme::new(&files, &Config::default())
    }

    #[test]
    fn the_built_in_themes_compile_in_both_languages() {
        for (name, language) in BUILT_IN.iter().flat_map(|name| [(name, Language::Chinese), (name, Language::English)]) {
            let config = Config { language, ..Config::default() };
            Theme::new(&ThemeFiles::built_in(name).unwrap(), &config).unwrap();
        }
        assert!(ThemeFiles::built_in("nonesuch").is_none());
    }

    /// A portal's pages keep their look: all of the plain theme's rules are below one class, but for the
    /// sheet of paper.
    #[test]
    fn the_plain_theme_styles_nothing_outside_its_own_class() {
        let files = ThemeFiles::built_in("plain").unwrap();
        let style = String::from_utf8(files.statics["style.css"].clone()).unwrap();
        let (mut text, mut rest) = (String::new(), style.as_str());
        while let Some((before, after)) = rest.split_once("/*") {
            text.push_str(before);
            rest = after.split_once("*/").map_or("", |(_, after)| after);
        }
        text.push_str(rest);
        let selectors = text.split('{').filter_map(|before| before.rsplit(['}', ';']).next()).map(str::trim);
        let (at_rules, selectors): (Vec<&str>, Vec<&str>) =
            selectors.filter(|selector| !selector.is_empty()).partition(|selector| selector.starts_with('@'));
        assert!(at_rules.iter().all(|rule| ["@media", "@supports", "@page", "@bottom-center"].iter().any(|known| rule.starts_with(known))));
        let outside: Vec<&str> = selectors.iter().flat_map(|list| list.split(", ")).filter(|one| !one.starts_with(".gongkai")).collect();
        assert!(selectors.len() > 80 && outside.is_empty(), "{outside:?}");
    }

    /// No page of the plain theme runs a script.
    #[test]
    fn the_plain_theme_has_no_scripts() {
        let (plain, default) = (ThemeFiles::built_in("plain").unwrap(), ThemeFiles::builtin());
        let own = plain.templates.iter().filter(|(name, text)| default.templates.get(*name) != Some(text));
        let with_scripts: Vec<&String> = own.filter(|(_, text)| text.contains("<script")).map(|(name, _)| name).collect();
        assert!(with_scripts.is_empty(), "{with_scripts:?}");
    }

    /// The strings of the built-in themes are put into their templates.
    #[test]
    fn strings_of_the_built_in_themes_are_inlined() {
        for name in BUILT_IN {
            assert!(Theme::new(&ThemeFiles::built_in(name).unwrap(), &Config::default()).unwrap().quick.is_some(), "{name}");
        }
    }

    /// Both languages have the same strings, so that no page shows a name instead of a text.
    #[test]
    fn both_languages_have_the_same_strings() {
        fn names(table: &toml::Table, prefix: &str, out: &mut Vec<String>) {
            for (key, value) in table {
                match value.as_table() {
                    Some(below) => names(below, &format!("{prefix}{key}."), out),
                    None => out.push(format!("{prefix}{key}")),
                }
            }
        }
        let files = ThemeFiles::built_in("plain").unwrap();
        let [zh, en] = [Language::Chinese, Language::English].map(|language| {
            let mut all = Vec::new();
            names(&files.strings(language).unwrap(), "", &mut all);
            all.sort();
            all
        });
        assert_eq!(zh, en);
    }

    #[test]
    fn static_files_carry_their_content_in_their_names() {
        let theme = theme(&[]).unwrap();
        let name = theme.assets().keys().find(|name| name.starts_with("style.")).unwrap();
        assert!(name.ends_with(".css") && name.len() == "style.12345678.css".len(), "{name}");
    }

    /// A syntax error names the template, the line and the column.
    #[test]
    fn a_syntax_error_has_its_place() {
        let error = theme(&[("404.html", "一\n{% if x %}")]).unwrap_err();
        assert_eq!((error.template.as_str(), error.line), ("404.html", 2), "{error:?}");
    }

    #[test]
    fn an_unknown_variable_has_its_place() {
        let theme = theme(&[("404.html", "一\n二 {{ nonesuch }}")]).unwrap();
        let error = theme.render("404.html", &Context::new(), None).unwrap_err();
        assert_eq!((error.template.as_str(), error.line, error.column), ("404.html", 2, 6), "{error:?}");
        assert!(error.message.zh.contains("nonesuch"), "{error:?}");
    }

    #[test]
    fn an_unknown_filter_has_its_place() {
        let error = theme(&[("404.html", "一\n{{ site | nonesuch }}")]).unwrap_err();
        assert_eq!((error.template.as_str(), error.line), ("404.html", 2), "{error:?}");
    }
}
