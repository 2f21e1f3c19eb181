//! TOML text → a table of spanned raw values, with every syntax error in plain words.

use toml::Spanned;
use toml::de::DeTable;

use crate::diagnostic::{Fault, Place};
use crate::text::Words;
use crate::words;

/// One broken line can make the parser stumble many times; what follows is seldom worth reading.
const MOST_SYNTAX_ERRORS: usize = 10;

/// Parses TOML that stands at `offset` in its file. The table holds all that could be read; spans in
/// it are relative to `toml`.
pub fn parse<'t>(toml: &'t str, offset: usize, rule: &'static str) -> (Spanned<DeTable<'t>>, Vec<Fault>) {
    let (table, errors) = DeTable::parse_recoverable(toml);
    let mut faults: Vec<Fault> = Vec::new();
    let mut last_line = usize::MAX;
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let line = toml[..floor(toml, span.start)].matches('\n').count();
        // One message a line: the first names the cause, the rest are its echoes.
        if line == last_line || faults.len() == MOST_SYNTAX_ERRORS {
            continue;
        }
        last_line = line;
        let (message, hint) = explain(error.message());
        let place = Place::Span(span.start + offset..span.end + offset);
        let mut fault = Fault::new(rule, place, message);
        fault.hint = hint;
        faults.push(fault);
    }
    (table, faults)
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The parser's English message in both languages, with what to do where that is known.
fn explain(message: &str) -> (Words, Option<Words>) {
    let known = KNOWN.iter().find(|(prefix, ..)| message.starts_with(prefix));
    match known {
        Some((_, zh, hint_zh, hint_en)) => (
            Words::new(format!("TOML 语法：{zh}"), format!("TOML syntax: {message}")),
            (!hint_zh.is_empty()).then(|| Words::new(*hint_zh, *hint_en)),
        ),
        None => (words!("TOML 语法有误（{message}）", "TOML syntax: {message}"), None),
    }
}

/// Message prefix of the `toml` crate, its Chinese, and a hint in both languages.
const KNOWN: &[(&str, &str, &str, &str)] = &[
    ("duplicate key", "同一个键写了两次", "删去或改名其中一个", "delete or rename one of them"),
    ("missing comma between array elements", "数组元素之间缺少逗号", "各格之间用英文逗号 , 隔开", "separate cells with commas"),
    ("extra comma in array", "数组里多了一个逗号", "空格子写 \"\"，不能只留逗号", "write an empty cell as \"\""),
    ("unclosed array", "数组没有结束", "在行末补上 ]", "close it with ]"),
    ("unclosed table", "表头没有结束", "在表头末尾补上 ]", "close the header with ]"),
    ("unclosed inline table", "内联表没有结束", "补上 }", "close it with }"),
    ("string values must be quoted", "文字要放在引号里", "例如 title = \"…\"；未填的格写 \"\"", "quote it: title = \"…\"; an empty cell is \"\""),
    ("invalid unquoted key", "这个键要放在引号里", "键用英文字母、数字、_ 和 -；中文键要加引号", "bare keys are ASCII; quote others"),
    ("unexpected leading zero", "数字不能以 0 开头", "去掉前面的 0", "drop the leading zero"),
    ("missing value", "等号后面没有值", "未填的格写 \"\"，不要空着", "write an empty cell as \"\""),
    ("missing assignment", "键和值之间缺少等号", "写成 键 = 值", "write key = value"),
    ("key with no value", "这一行不是 键 = 值", "写成 键 = 值，注释以 # 开头", "write key = value; a comment begins with #"),
    ("invalid value", "值写法有误", "数字直接写，文字加引号", "write numbers plainly, quote text"),
    ("missing opening quote", "缺少开头的引号", "文字两边都要有英文引号 \"", "put \" on both sides"),
    ("invalid basic string", "字符串没有结束", "在行末补上引号 \"", "close it with \""),
    ("invalid", "写法有误", "", ""),
    ("unexpected content", "行尾有多余的内容", "一行只写一个 键 = 值", "one key = value a line"),
    ("unexpected key or value", "此处多出内容", "一行只写一个 键 = 值；各格之间用英文逗号", "one key = value a line; commas between cells"),
    ("carriage return", "孤立的回车符", "把换行改为 LF 或 CRLF", "use LF or CRLF line breaks"),
    ("cannot extend value", "前面已经把这个键写成了值，不能再当表用", "检查是否重复了表头或键", "look for a repeated header or key"),
    ("redundant", "数字写法有误", "写成普通十进制", "write a plain decimal"),
    ("`_` may only", "数字里的下划线位置有误", "写成普通十进制，不加 _", "write a plain decimal"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front_matter::INVALID_FRONT_MATTER;

    /// One bad line does not hide the good ones, and its place is in the file, not in the TOML.
    #[test]
    fn errors_have_places_and_the_rest_is_read() {
        let toml = "a = 1\nb = [1,, 2]\nc = 3\n";
        let (table, faults) = parse(toml, 100, INVALID_FRONT_MATTER);
        assert!(table.get_ref().contains_key("a") && table.get_ref().contains_key("c"));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].message.zh.contains("多了一个逗号"), "{:?}", faults[0]);
        assert!(matches!(&faults[0].place, Place::Span(s) if s.start > 100 + 6 && s.start < 100 + 16));
    }
}
