//! Templates with the theme's strings already in them.
//!
//! A page shows a hundred strings that are the same on every page; looking each up takes as long as
//! everything else that a template does. So `{{ t.common.none }}` is replaced by its text before templates are
//! compiled, wherever nothing but the string can be meant. The templates as they were written are kept for
//! messages: lines and columns are theirs.

use std::collections::BTreeMap;

use super::{Strings, escaped};

/// The templates with strings in them; `None` where a template has another `t` than the theme's.
pub(super) fn with_strings(templates: &BTreeMap<String, String>, strings: &Strings) -> Option<Vec<(String, String)>> {
    let is_the_themes = |text: &String| {
        let squeezed: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let others =
            ["set t =", "set t=", "set_global t", "for t in", "for t,", ", t in", "raw"].iter().any(|other| squeezed.contains(other));
        !others
            && text
                .match_indices("t={")
                .all(|(at, _)| text[at..].starts_with("t={t}") || text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let inlined =
        |(name, text): (&String, &String)| (name.clone(), if name.ends_with(".html") { inlined(text, strings) } else { text.clone() });
    templates.values().all(is_the_themes).then(|| templates.iter().map(inlined).collect())
}

fn inlined(text: &str, strings: &Strings) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{ t.") {
        out.push_str(before);
        match after.split_once(" }}").and_then(|(name, after)| Some((plain_text(name, strings)?, after))) {
            Some((string, after)) => {
                out.push_str(&string);
                rest = after;
            }
            None => {
                out.push_str("{{ t.");
                rest = after;
            }
        }
    }
    out + rest
}

/// The string of a name as the template would write it; `None` for what is no mere name, and for strings that
/// a template would read otherwise once they stand in it.
fn plain_text(name: &str, strings: &Strings) -> Option<String> {
    let is_name = name.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    let string = Some(strings.get(name)).filter(|string| is_name && *string != name)?;
    let is_plain = string.trim().len() == string.len() && !string.contains(['{', '}']);
    is_plain.then(|| escaped(string))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::text::Language;

    fn strings() -> Strings {
        let table = toml::from_str("[a]\nb = \"甲 & <乙> '丙/丁'\"\ncount = \"{count} 份\"\nspace = \"：\\u0020\"\n").unwrap();
        Strings { table, language: Language::Chinese }
    }

    fn inlined_in(text: &str) -> Option<String> {
        let templates = [("x.html".to_owned(), text.to_owned())].into();
        with_strings(&templates, &strings()).map(|mut templates| templates.remove(0).1)
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
        let render = |text: &str| {
            let mut tera = tera::Tera::new();
            tera.autoescape_on(vec![".html"]);
            tera.add_raw_templates([("x.html", text)]).unwrap();
            let mut context = tera::Context::new();
            context.insert("t", &strings().table);
            tera.render("x.html", &context).unwrap()
        };
        let text = "<p title=\"{{ t.a.b }}\">{{ t.a.b }}</p>";
        assert_eq!(render(text), render(&inlined_in(text).unwrap()));
    }

    #[test]
    fn another_t_is_left_alone() {
        for text in [
            "{% set t = 1 %}{{ t.a.b }}",
            "{% for t in x %}{{ t.a.b }}{% endfor %}",
            "{{ <x t={other} /> }}",
            "{% raw %}{{ t.a.b }}{% endraw %}",
        ] {
            assert_eq!(inlined_in(text), None, "{text}");
        }
        assert!(inlined_in("{{ <x t={t} /> }}{{ <x last={1} /> }}").is_some());
    }
}
