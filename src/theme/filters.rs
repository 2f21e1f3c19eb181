//! The functions and filters that templates can use; all of them pure.

use std::collections::BTreeMap;

use tera::{Kwargs, State, Tera, TeraResult, Value};

/// Registers the filters.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("fill", fill);
    tera.register_filter("json", json);
}

/// `{{ t.year.lede | fill(year=2023) }}`: puts values in the place of `{year}`; `fill(from=map)` takes
/// them from a map.
fn fill(text: &str, values: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let mut filled = text.to_owned();
    for (name, value) in values.iter() {
        match value.as_map() {
            Some(map) => {
                for (name, value) in map {
                    filled = filled.replace(&format!("{{{name}}}"), &value.to_string());
                }
            }
            None => filled = filled.replace(&format!("{{{name}}}"), &value.to_string()),
        }
    }
    Ok(filled)
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
