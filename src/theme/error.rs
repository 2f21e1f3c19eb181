//! Errors of templates: name, line, column, in plain words.

use tera::ErrorKind;

use super::ThemeFiles;
use crate::text::Words;
use crate::words;

/// What is wrong with a template, or with the theme's strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The template's name.
    pub template: String,
    /// Its line, from 1; 0 if it is about the whole template.
    pub line: usize,
    /// The column in characters, from 1; 0 if it is about the whole template.
    pub column: usize,
    /// What is wrong.
    pub message: Words,
    /// The line concerned, if it is known.
    pub source: Option<String>,
}

impl TemplateError {
    /// From what Tera says. It keeps the place of some errors only in their text.
    pub(super) fn of(error: &tera::Error, files: &ThemeFiles) -> Self {
        let (template, line, column, message) = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let span = report.span();
                (report.filename().to_owned(), span.start_line, span.start_col + 1, report.message().to_owned())
            }
            _ => placed_in_text(&error.to_string()),
        };
        let template = if template.is_empty() { named_in(&message) } else { template };
        let source = files.templates.get(&template).and_then(|text| text.lines().nth(line.checked_sub(1)?)).map(str::to_owned);
        Self { template, line, column, message: explain(&message), source }
    }

    /// About a file as a whole.
    pub(super) fn at_file(name: impl Into<String>, message: Words) -> Self {
        Self { template: name.into(), line: 0, column: 0, message, source: None }
    }

    /// The place for people: `report.html:12:5`.
    pub fn place(&self) -> String {
        match self.line {
            0 => self.template.clone(),
            line => format!("{}:{line}:{}", self.template, self.column),
        }
    }
}

/// The template that a message without a place names first: "Circular include … template 'home.html'".
fn named_in(message: &str) -> String {
    message.split('\'').nth(1).unwrap_or_default().to_owned()
}

/// Finds `--> name:line:column` in an error's text.
fn placed_in_text(text: &str) -> (String, usize, usize, String) {
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
    let mut parts = place.unwrap_or_default().rsplitn(3, ':');
    let column = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    let line = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    (parts.next().unwrap_or_default().to_owned(), line, column, message)
}

/// The first that fits counts.
const KNOWN: [(&str, &str); 19] = [
    ("Circular", "模板互相套用，没有尽头"),
    ("recursion depth", "组件互相套用，没有尽头"),
    ("which doesn't exist", "没有这个模板"),
    ("Unknown template", "没有这个模板"),
    ("Template", "没有这个模板"),
    ("Unexpected end", "模板没有写完（缺少 {% endif %}、{% endfor %}、{% endblock %} 或 }}）"),
    ("would produce", "循环太长"),
    ("Field", "没有这个字段"),
    ("Variable", "没有这个变量"),
    ("undefined", "没有这个变量"),
    ("Unknown filter", "没有这个过滤器"),
    ("Filter", "没有这个过滤器"),
    ("Unknown function", "没有这个函数"),
    ("Function", "没有这个函数"),
    ("divide by 0", "除数为零"),
    ("Invalid type", "值的类型不对"),
    ("requires both operands", "值的类型不对"),
    ("Missing keyword argument", "缺少参数"),
    ("Found", "写法有误"),
];

fn explain(message: &str) -> Words {
    let zh = KNOWN.iter().find(|(sign, _)| message.contains(sign)).map_or("模板有误", |(_, zh)| zh);
    let en = message;
    words!("{zh}：{en}", "{en}")
}
