//! The functions and filters that templates can use; all of them pure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tera::{Kwargs, State, Tera, TeraResult, Value};

/// Registers the filters.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("fill", fill);
    tera.register_filter("json", json);
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
