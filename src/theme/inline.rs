//! Templates with what is the same on every page already in them.
//!
//! A page shows a hundred strings, and asks a dozen times for the site's title or the address of a static file;
//! looking each up takes as long as everything else that a template does. So `{{ t.common.none }}` is replaced by
//! its text before templates are compiled, and `{{ t.common.year | fill(year=page.year) }}` by the text around
//! `{{ page.year }}`, wherever nothing else can be meant. The templates as they were written are kept for
//! messages: lines and columns are theirs.

use std::collections::BTreeMap;

use super::{Strings, escaped};
use crate::text::Language;

/// What every page of a site shows alike.
pub(super) struct Constants<'a> {
    /// The theme's strings.
    pub(super) strings: &'a Strings,
    /// The fields of `site`.
    pub(super) site: &'a BTreeMap<&'static str, &'a str>,
    /// The addresses of static files by their names.
    pub(super) assets: &'a BTreeMap<String, String>,
}

/// The templates with constants in them; `None` where a template has another `t` than the theme's.
pub(super) fn with_constants(templates: &BTreeMap<String, String>, constants: &Constants<'_>) -> Option<Vec<(String, String)>> {
    let squeezed: Vec<String> = templates.values().map(|text| squeezed(text)).collect();
    let is_the_themes = |text: &String| {
        !is_set(text, "t")
            && !["raw %}", "raw%}", "raw -%}", "raw-%}"].iter().any(|end| text.contains(end))
            // What is spread out there may have any name.
            && !text.contains("{...")
            && text
                .match_indices("t={")
                .all(|(at, _)| text[at..].starts_with("t={t}") || text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let globals =
        !squeezed.iter().any(|text| ["site", "zh", "asset"].iter().any(|name| is_set(text, name) || text.contains(&format!("{name}={{"))));
    let plain_values = !squeezed.iter().any(|text| has_html_values(text));
    let inlined = |(name, text): (&String, &String)| {
        // Components see what they are given.
        let globals = globals && !text.contains("{% component") && !text.contains("{%- component");
        let inliner = Inliner { constants, globals, plain_values };
        (name.clone(), if name.ends_with(".html") { inliner.inlined(text) } else { text.clone() })
    };
    squeezed.iter().all(is_the_themes).then(|| templates.iter().map(inlined).collect())
}

/// A template with no more white space than tells words apart.
fn squeezed(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace(" =", "=").replace("= ", "=").replace(" ,", ",").replace(", ", ",")
}

/// Whether a template gives a name another meaning: by `set` with a value or a block, or in a loop.
fn is_set(squeezed: &str, name: &str) -> bool {
    let stands_behind = |before: &str, ends: fn(&str) -> bool| {
        squeezed.match_indices(before).any(|(at, _)| squeezed[at + before.len()..].strip_prefix(name).is_some_and(ends))
    };
    let as_whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    ["set ", "set_global ", "for "].iter().any(|before| stands_behind(before, as_whole))
        || stands_behind(",", |rest| rest.starts_with(" in "))
}

/// Whether a template keeps HTML in a variable or gives it to a component: such values are written as they are,
/// but escaped as part of a text.
fn has_html_values(squeezed: &str) -> bool {
    let is_written = |at: usize| {
        let before = &squeezed[..at];
        let open = before.rfind("{{").filter(|open| !before[*open..].contains("}}"));
        open.is_some_and(|open| !before[open..].contains("={"))
    };
    let kept = squeezed.match_indices("| safe").any(|(at, _)| !is_written(at));
    // `set` with a block, or with what a filter makes.
    let made = |tag: &str| tag.split("%}").next().is_some_and(|tag| !tag.contains('=') || tag.contains('|'));
    let captured = squeezed.split("{% set ").skip(1).any(made);
    kept || captured || ["{%set", "{%- set", "{%-set", "{% set_global", "|safe"].iter().any(|other| squeezed.contains(other))
}

struct Inliner<'a> {
    constants: &'a Constants<'a>,
    /// Whether the site's own names mean what they mean everywhere.
    globals: bool,
    /// Whether what strings are filled with is text.
    plain_values: bool,
}

impl Inliner<'_> {
    fn inlined(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{ ") {
            out.push_str(before);
            match after.split_once(" }}").and_then(|(expression, after)| Some((self.constant(expression)?, after))) {
                Some((source, after)) if source.trim() == source && !source.is_empty() || !is_trimmed(&out, after) => {
                    out.push_str(&source);
                    rest = after;
                }
                _ => {
                    out.push_str("{{ ");
                    rest = after;
                }
            }
        }
        out + rest
    }

    /// What can stand in a template in the place of an expression.
    fn constant(&self, expression: &str) -> Option<String> {
        let chinese = self.constants.strings.language == Language::Chinese;
        // On Chinese pages the filter changes nothing.
        if let Some(unmarked) = expression.strip_suffix(" | han").filter(|_| chinese) {
            return Some(self.constant(unmarked).unwrap_or_else(|| format!("{{{{ {unmarked} }}}}")));
        }
        if let Some((name, values)) = expression.split_once(" | fill(") {
            return self.filled(name.strip_prefix("t.")?, values.strip_suffix(')')?);
        }
        if let Some(name) = expression.strip_prefix("t.") {
            return plain_text(self.string(name)?);
        }
        if !self.globals {
            return None;
        }
        match expression {
            "zh" => Some(self.constants.strings.zh().to_owned()),
            _ if expression.starts_with("site.") => plain_text(self.constants.site.get(&expression["site.".len()..])?),
            _ => plain_text(self.constants.assets.get(expression.strip_prefix("asset(name=\"")?.strip_suffix("\")")?)?),
        }
    }

    fn string(&self, name: &str) -> Option<&str> {
        let is_name = name.split('.').all(is_name);
        self.constants.strings.find(name).filter(|_| is_name)
    }

    /// A string with expressions in the place of `{name}`.
    fn filled(&self, name: &str, values: &str) -> Option<String> {
        let values: Option<Vec<(&str, &str)>> = values.split(", ").map(|value| value.split_once('=')).collect();
        let values = values
            .filter(|values| self.plain_values && values.iter().all(|(name, value)| is_name(name) && *name != "from" && is_path(value)))?;
        let string = self.string(name).filter(|string| string.trim().len() == string.len())?;
        let mut source = String::new();
        let mut rest = string;
        while let Some((before, after)) = rest.split_once('{') {
            source.push_str(&plain_piece(before)?);
            let (name, after) = after.split_once('}')?;
            let (_, value) = values.iter().find(|(given, _)| *given == name)?;
            source.push_str(&self.constant(value).unwrap_or_else(|| format!("{{{{ {value} }}}}")));
            rest = after;
        }
        Some(source + &plain_piece(rest)?)
    }
}

/// Whether white space goes that stands between two pieces of a template: a tag with a minus takes that of texts, but not
/// that of what an expression writes.
fn is_trimmed(before: &str, after: &str) -> bool {
    let (before, after) = (before.trim_end(), after.trim_start());
    ["-%}", "-}}", "-#}"].iter().any(|tag| before.ends_with(tag)) || ["{%-", "{{-", "{#-"].iter().any(|tag| after.starts_with(tag))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether an expression is a field of something, or how many there are of it: `page.span[0]`, `page.late | length`.
/// What is HTML, and strings of the theme, are none.
fn is_path(expression: &str) -> bool {
    let path = expression.strip_suffix(" | length").unwrap_or(expression);
    let indexed = |part: &str| {
        let (name, index) = part.strip_suffix(']').and_then(|part| part.split_once('[')).unwrap_or((part, "0"));
        is_name(name) && index.bytes().all(|b| b.is_ascii_digit())
    };
    let root = path.split(['.', '[']).next().unwrap_or_default();
    path.split('.').all(indexed) && !["t", "zh", "found", "body"].contains(&root)
}

/// A text as the template would write it; `None` for texts that a template would read otherwise once they stand
/// in it.
fn plain_text(text: &str) -> Option<String> {
    plain_piece(text).filter(|_| text.trim().len() == text.len())
}

fn plain_piece(text: &str) -> Option<String> {
    (!text.contains(['{', '}'])).then(|| escaped(text))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::text::Language;

    fn strings() -> Strings {
        let table = toml::from_str("[a]\nb = \"甲 & <乙> '丙/丁'\"\ncount = \"{count} 份 <{of}>\"\nspace = \"：\\u0020\"\n").unwrap();
        Strings { table, language: Language::Chinese }
    }

    fn assets() -> BTreeMap<String, String> {
        [("a.css".to_owned(), "assets/a.1234.css".to_owned())].into()
    }

    fn inlined_with(text: &str, language: Language) -> Option<String> {
        let templates = [("x.html".to_owned(), text.to_owned())].into();
        let (strings, site, assets) = (Strings { language, ..strings() }, [("title", "年报 & 库")].into(), assets());
        let constants = Constants { strings: &strings, site: &site, assets: &assets };
        with_constants(&templates, &constants).map(|mut templates| templates.remove(0).1)
    }

    fn inlined_in(text: &str) -> Option<String> {
        inlined_with(text, Language::Chinese)
    }

    #[test]
    fn only_mere_strings_are_put_in() {
        let text = "{{ t.a.b }} {{ t.a.b | upper }} {{ t.a.count }} {{ t.a.space }} {{ t.a.nonesuch }} {{ t[x] }} {{ t.a.b";
        let inlined = inlined_in(text).unwrap();
        assert!(!inlined.starts_with("{{ t.a.b }}") && inlined.starts_with("甲 &amp; &lt;乙&gt;"), "{inlined}");
        assert!(inlined.ends_with(&text["{{ t.a.b }}".len()..]), "{inlined}");
    }

    /// What is put in is what the template would have written.
    #[test]
    fn a_string_reads_the_same_either_way() {
        let text = "<p title=\"{{ t.a.b }}\">{{ t.a.b | han }}</p> {{ t.a.count | fill(count=list | length, of=of.it[0]) }}\
                    {{ t.a.count | fill(count=none, of=site.title) | han }} {{ of.it[0] | han }}{{ zh }}{{ asset(name=\"a.css\") }}";
        for language in [Language::Chinese, Language::English] {
            let render = |text: &str| {
                let mut tera = tera::Tera::new();
                tera.autoescape_on(vec![".html"]);
                super::super::filters::register(&mut tera, language);
                super::super::filters::register_asset(&mut tera, assets());
                tera.add_raw_templates([("x.html", text)]).unwrap();
                let mut context = tera::Context::new();
                context.insert("t", &strings().table);
                context.insert("site", &BTreeMap::from([("title", "年报 & 库")]));
                context.insert("list", &["一", "二"]);
                context.insert("none", &None::<u8>);
                context.insert("of", &BTreeMap::from([("it", vec!["<b>'\"", "{count}"])]));
                context.insert_value("zh", tera::Value::safe_string(Strings { language, ..strings() }.zh()));
                tera.render("x.html", &context).unwrap()
            };
            let inlined = inlined_with(text, language).unwrap();
            assert_eq!(render(text), render(&inlined), "{inlined}");
            assert_eq!(inlined.matches("t.a.").count(), usize::from(language == Language::English) * 2, "{inlined}");
            assert!(!inlined.contains("asset(") && !inlined.contains("{{ zh }}"), "{inlined}");
        }
    }

    /// HTML is written as it is, but escaped as part of a text.
    #[test]
    fn strings_are_not_filled_with_html() {
        let filled = "{{ t.a.count | fill(count=x, of=y) }}";
        assert_eq!(inlined_in(filled).unwrap(), "{{ x }} 份 &lt;{{ y }}&gt;");
        for before in ["{% set x = y | safe %}", "{% set x %}<b>{% endset %}", "{%set x %}<b>{% endset %}", "{{ <c x={y | safe} /> }}"] {
            assert_eq!(inlined_in(&format!("{before}{filled}")).unwrap(), format!("{before}{filled}"));
        }
        assert!(inlined_in(&format!("{{{{ x | safe }}}}{filled}")).unwrap().ends_with("&gt;"));
        for left in ["fill(from=x)", "fill(count=t.a.b, of=y)", "fill(count=x)", "fill(count=x, of=y) | upper", "fill(count=\"1\", of=y)"] {
            let left = format!("{{{{ t.a.count | {left} }}}}");
            assert_eq!(inlined_in(&left).unwrap(), left);
        }
    }

    /// Components see only what they are given, and a theme may call something else `site`.
    #[test]
    fn names_of_the_site_are_left_alone_where_they_may_be_others() {
        assert_eq!(inlined_in("{{ site.title }}{{ site.nonesuch }}").unwrap(), "年报 &amp; 库{{ site.nonesuch }}");
        for text in [
            "{% component c(site) %}{{ site.title }}{% endcomponent c %}",
            "{% set site = x %}{{ site.title }}{{ zh }}",
            "{% set zh %} lang=\"zh\"{% endset %}{{ site.title }}{{ zh }}",
            "{% for id,site in x %}{{ site.title }}{% endfor %}",
            "{% for id , site in x %}{{ site.title }}{% endfor %}",
            "{{ <c site = {x} /> }}{{ site.title }}",
        ] {
            assert_eq!(inlined_in(text).unwrap(), text);
        }
    }

    /// A tag with a minus takes the white space of the template, not that of an expression: ` lang="zh-CN"` keeps its own.
    #[test]
    fn white_space_of_constants_is_not_trimmed() {
        for text in ["<a {%- if x -%}{{ zh }}", "{{ zh }} {%- if x %}", "{{- x -}} {{ zh }}", "{# c -#}{{ zh }}"] {
            assert_eq!(inlined_with(text, Language::English).unwrap(), text);
        }
        assert_eq!(inlined_with("<a{{ zh }}>", Language::English).unwrap(), "<a lang=\"zh-CN\">");
        // Where nothing is written, the white space on both sides would be one.
        assert_eq!(inlined_in("x -%}{{ zh }} y").unwrap(), "x -%}{{ zh }} y");
        assert_eq!(inlined_in("{%- if x -%} {{ t.a.b }} {%- endif %}").unwrap().matches("t.a").count(), 0);
    }

    #[test]
    fn another_t_is_left_alone() {
        for text in [
            "{% set t = 1 %}{{ t.a.b }}",
            "{% for t in x %}{{ t.a.b }}{% endfor %}",
            "{{ <x t={other} /> }}",
            "{{ <x t = {other} /> }}",
            "{{ <x {...page.given} /> }}",
            "{% for k,t in x %}{{ t.a.b }}{% endfor %}",
            "{% for t ,v in x %}{{ t.a.b }}{% endfor %}",
            "{% raw %}{{ t.a.b }}{% endraw %}",
            "{%raw%}{{ t.a.b }}{%- endraw -%}",
        ] {
            assert_eq!(inlined_in(text), None, "{text}");
        }
        assert!(inlined_in("{{ <x t={t} /> }}{{ <x last={1} /> }}<div class=\"drawer\">").is_some());
    }
}
