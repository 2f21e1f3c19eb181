//! The functions and filters that templates can use; all of them pure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::escaped;
use crate::text::{Language, is_han};

/// Registers the filters of a theme whose pages are in a language.
pub(super) fn register(tera: &mut Tera, language: Language) {
    tera.register_filter("fill", fill);
    tera.register_filter("json", json);
    // As Tera's own, which copies the text: most of a page goes through it.
    tera.register_filter("safe", |value: Value, _: Kwargs, _: &State<'_>| -> Value { value.mark_safe() });
    tera.register_filter("han", move |value: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> { Ok(han(value, language)) });
}

/// `{{ finding.message | han }}`: on a page in another language the Chinese words of a text are marked as such, so
/// that they are read out and set in Chinese; on a Chinese page nothing is changed.
fn han(value: Value, language: Language) -> Value {
    match value.as_str() {
        Some(text) if language != Language::Chinese && text.contains(is_han) => Value::safe_string(&marked(text)),
        _ => value,
    }
}

/// A text as HTML with each stretch of Chinese in an element of its own. A stretch goes on to the last Chinese
/// character before a space: `信访·总计`, `国办发〔2014〕32号`.
fn marked(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    for word in text.split_inclusive(char::is_whitespace) {
        let stretch = word.find(is_han).zip(word.rfind(is_han));
        let stretch = stretch.and_then(|(from, last)| Some(from..last + word[last..].chars().next()?.len_utf8()));
        match stretch {
            Some(stretch) => {
                html.push_str(&escaped(&word[..stretch.start]));
                html.push_str("<span lang=\"zh-CN\">");
                html.push_str(&escaped(&word[stretch.clone()]));
                html.push_str("</span>");
                html.push_str(&escaped(&word[stretch.end..]));
            }
            None => html.push_str(&escaped(word)),
        }
    }
    html
}

/// `{{ t.year.lede | fill(year=2023) }}`: puts values in the place of `{year}`; `fill(from=map)` takes
/// them from a map.
fn fill(text: &str, values: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let given: Vec<(&str, &Value)> = values.iter().filter_map(|(name, value)| Some((name.as_str()?, value))).collect();
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
        filled.push_str(before);
        match find(&given, name) {
            Some(value) => {
                let _ = write!(filled, "{value}");
            }
            None => filled.extend(["{", name, "}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The value of a name, given by itself or in a map.
fn find<'v>(given: &[(&str, &'v Value)], wanted: &str) -> Option<&'v Value> {
    given.iter().find_map(|(name, value)| match value.as_map() {
        Some(map) => map.iter().find_map(|(name, value)| (name.as_str() == Some(wanted)).then_some(value)),
        None => (*name == wanted).then_some(*value),
    })
}

/// A value as JSON that can stand inside a script element.
fn json(value: Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let text = serde_json::to_string(&value).map_err(tera::Error::message)?;
    Ok(Value::safe_string(&text.replace("</", "<\\/")))
}

/// `asset(name="style.css")`: the address of a static file below the site's root.
pub(super) fn register_asset(tera: &mut Tera, published: BTreeMap<String, String>) {
    tera.register_function("asset", move |arguments: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let name = arguments.must_get::<&str>("name")?;
        published.get(name).cloned().ok_or_else(|| tera::Error::message(format!("主题里没有静态文件 static/{name}")))
    });
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// What is safe is written as it is, text or not, and nothing else is.
    #[test]
    fn safe_text_is_not_escaped() {
        let mut tera = Tera::new();
        tera.autoescape_on(vec![".html"]);
        register(&mut tera, Language::Chinese);
        tera.add_raw_templates([("x.html", "{{ html | safe }}{{ html }}{{ number | safe }}")]).unwrap();
        let mut context = tera::Context::new();
        context.insert("html", "<b>甲</b>");
        context.insert("number", &3);
        assert_eq!(tera.render("x.html", &context).unwrap(), "<b>甲</b>&lt;b&gt;甲&lt;/b&gt;3");
    }

    #[test]
    fn chinese_words_in_english_are_marked() {
        let marks = |text: &str| marked(text).replace("<span lang=\"zh-CN\">", "[").replace("</span>", "]");
        assert_eq!(marks("row `信访·总计`: 3 < 4"), "row `[信访·总计]`: 3 &lt; 4");
        assert_eq!(marks("Host: 示例县人民政府 办公室"), "Host: [示例县人民政府] [办公室]");
        assert_eq!(marks("uses cn-2021 (国办发〔2014〕32号); it’s"), "uses cn-2021 ([国办发〔2014〕32号]); it’s");
        assert_eq!(marks("“Data quality” & <b>"), "“Data quality” &amp; &lt;b&gt;");
        assert_eq!(han(Value::from("总计 <"), Language::Chinese), Value::from("总计 <"));
    }
}
