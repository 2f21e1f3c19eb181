//! The TOML parser's English messages in both languages, with what to do about each.

use crate::number::Number;
use crate::text::{Words, excerpt, is_han};
use crate::words;

/// A message of the parser about `culprit` (which may be empty), with what to do where that is known.
pub(super) fn explain(message: &str, culprit: &str) -> (Words, Option<Words>) {
    if message.starts_with("string values must be quoted") {
        return unquoted(culprit.trim());
    }
    if message.starts_with("invalid unquoted key") && culprit.contains(['＝', '：', '；', '，']) {
        let shown = excerpt(culprit);
        let hint = Some(Words::new("写成 键 = 值，等号用英文 =", "write key = value with a plain ="));
        return (words!("TOML 语法：这里不能用全角的“{shown}”", "TOML syntax: the full-width `{shown}` means nothing here"), hint);
    }
    match KNOWN.iter().find(|(prefix, ..)| message.starts_with(prefix)) {
        Some((_, zh, hint_zh, hint_en)) => {
            let hint = (!hint_zh.is_empty()).then(|| Words::new(*hint_zh, *hint_en));
            (Words::new(format!("TOML 语法：{zh}"), format!("TOML syntax: {message}")), hint)
        }
        None => (words!("TOML 语法有误（{message}）", "TOML syntax: {message}"), None),
    }
}

/// Year, month and day as people write them: 2026年1月26日, 2026/1/26.
fn date(text: &str) -> Option<[u16; 3]> {
    let text = crate::number::normalise(text);
    let parts: Vec<&str> = text.split(['年', '月', '日', '/', '.', '-']).filter(|part| !part.is_empty()).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    ((1900..=2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some([year, month, day])
}

/// Something that is neither a number nor quoted stands where a value is due.
fn unquoted(culprit: &str) -> (Words, Option<Words>) {
    if culprit.is_empty() {
        let hint = Words::new("未填的格写 \"\"，不要空着", "write an empty cell as \"\"");
        return (Words::new("TOML 语法：等号后面没有值", "TOML syntax: there is no value"), Some(hint));
    }
    let shown = excerpt(culprit);
    let message = words!("TOML 语法：“{shown}”不是数字，也没有加引号", "TOML syntax: `{shown}` is neither a number nor quoted");
    let digits = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    if let Some([year, month, day]) = date(culprit) {
        let hint = words!("写成 {year:04}-{month:02}-{day:02}", "write {year:04}-{month:02}-{day:02}");
        return (message, Some(hint));
    }
    let hint = match Number::read(culprit) {
        _ if culprit.contains(['“', '”', '‘', '’', '＂']) => Words::new("改用英文引号 \"", "use straight quotation marks \""),
        Ok(loose) if loose.unit.is_empty() => {
            let number = loose.number;
            words!("写成 {number}", "write {number}")
        }
        Ok(loose) if loose.unit.chars().all(|c| is_han(c) || matches!(c, '（' | '）' | '(' | ')')) => {
            let (number, unit) = (loose.number, loose.unit);
            words!(
                "去掉“{unit}”，写成 {number}；注意表中规定的单位",
                "drop `{unit}` and write {number}; mind the unit that the form prints"
            )
        }
        _ if culprit.contains(digits) && culprit.contains(['，', '、', '；', ';', ' ', '\t', '　']) => {
            Words::new("各格之间用英文逗号 , 隔开", "separate cells with commas")
        }
        Ok(_) => Words::new("只写数字；是文字的，两边加英文引号", "write the number alone, or quote it if it is text"),
        _ if ["/", "／", "-", "—", "——", "无"].contains(&culprit) => Words::new(
            "未填的格写 \"\"，不适用的写 \"/\"（都加引号）",
            "write \"\" for a cell left blank, \"/\" for one that does not apply",
        ),
        _ => Words::new("文字两边加英文引号，例如 title = \"…\"；未填的格写 \"\"", "quote it: title = \"…\"; an empty cell is \"\""),
    };
    (message, Some(hint))
}

/// Beginning of a message of the `toml` crate, its Chinese, and a hint in both languages. The first that
/// fits counts.
const KNOWN: &[(&str, &str, &str, &str)] = &[
    ("duplicate key", "同一个键写了两次", "删去或改名其中一个", "delete or rename one of them"),
    ("missing comma between array elements", "数组元素之间缺少逗号", "各格之间用英文逗号 , 隔开", "separate cells with commas"),
    ("missing comma", "两项之间缺少逗号", "用英文逗号 , 隔开", "separate them with commas"),
    ("extra comma in array", "数组里多了一个逗号", "空格子写 \"\"，不能只留逗号", "write an empty cell as \"\""),
    ("extra comma", "多了一个逗号", "删去它", "delete it"),
    ("unexpected `=` in array", "数组里多出一个等号", "检查上面的数组是否忘了写 ]", "look for a missing ] above"),
    ("unclosed array table", "表头没有结束", "在表头末尾补上 ]]", "close the header with ]]"),
    ("unclosed array", "数组没有结束", "在行末补上 ]", "close it with ]"),
    ("unclosed table", "表头没有结束", "在表头末尾补上 ]", "close the header with ]"),
    ("unclosed inline table", "内联表没有结束", "补上 }", "close it with }"),
    ("invalid unquoted key", "这个键要放在引号里", "键用英文字母、数字、_ 和 -；中文键要加引号", "bare keys are ASCII; quote others"),
    ("unquoted keys cannot be empty", "缺少键的名字", "写成 键 = 值，表头写成 [名字]", "write key = value, or [name]"),
    ("keys cannot be", "键不能写成多行文字", "键写在一行里", "write keys on one line"),
    (
        "unexpected leading zero",
        "数字不能以 0 开头",
        "去掉前面的 0；日期写成 2024-01-20",
        "drop the leading zero; a date is written 2024-01-20",
    ),
    (
        "invalid date",
        "日期写法有误，或没有这一天",
        "写成 年-月-日，月、日各两位，如 2024-01-20",
        "write YEAR-MONTH-DAY with two digits each, such as 2024-01-20",
    ),
    ("missing value", "等号后面没有值", "未填的格写 \"\"，不要空着", "write an empty cell as \"\""),
    ("missing assignment", "键和值之间缺少等号", "写成 键 = 值", "write key = value"),
    ("extra assignment", "多了一个等号", "写成 键 = 值", "write key = value"),
    ("extra `=`", "多了一个等号", "写成 键 = 值", "write key = value"),
    ("key with no value", "这一行不是 键 = 值", "写成 键 = 值，注释以 # 开头", "write key = value; a comment begins with #"),
    ("invalid value", "值写法有误", "数字直接写，文字加引号", "write numbers plainly, quote text"),
    ("missing opening quote", "缺少开头的引号", "文字两边都要有英文引号 \"", "put \" on both sides"),
    (
        "invalid multi-line",
        "多行文字没有结束，或里面有不许的字符",
        "在末尾补上三个引号；正文写在 +++ 之后，不必放进这里",
        "close it with three quotation marks",
    ),
    ("invalid basic string, expected `\"`", "字符串没有结束", "在行末补上引号 \"", "close it with \""),
    ("invalid literal string, expected `'`", "字符串没有结束", "在行末补上引号 '", "close it with '"),
    ("invalid basic string", "字符串里有不许的字符", "删去看不见的控制字符", "delete control characters"),
    ("invalid literal string", "字符串里有不许的字符", "删去看不见的控制字符", "delete control characters"),
    ("missing escaped value", "反斜杠 \\ 后面的写法有误", "要写 \\ 本身，写成 \\\\", "write \\ itself as \\\\"),
    ("too few unicode value digits", "反斜杠 \\ 后面的写法有误", "要写 \\ 本身，写成 \\\\", "write \\ itself as \\\\"),
    ("invalid comment character", "注释里有不许的字符", "删去看不见的控制字符", "delete control characters"),
    ("invalid boolean", "应写 true 或 false", "全用小写", "write it in small letters"),
    ("invalid", "数字写法有误", "写成普通十进制，如 1000、127.082", "write a plain decimal such as 1000 or 127.082"),
    ("unexpected content", "行尾有多余的内容", "一行只写一个 键 = 值", "one key = value a line"),
    ("unexpected key or value", "此处多出内容", "一行只写一个 键 = 值；各格之间用英文逗号", "one key = value a line; commas between cells"),
    ("unexpected sign", "多了一个正负号", "写成普通十进制", "write a plain decimal"),
    ("carriage return", "孤立的回车符", "把换行改为 LF 或 CRLF", "use LF or CRLF line breaks"),
    ("cannot extend value", "前面已经把这个键写成了值，不能再当表用", "检查是否重复了表头或键", "look for a repeated header or key"),
    ("cannot recurse", "括号嵌套得太深", "各格直接写成 [1, 2, 3]", "write cells as [1, 2, 3]"),
    ("recursion limit", "括号嵌套得太深", "各格直接写成 [1, 2, 3]", "write cells as [1, 2, 3]"),
    ("redundant", "数字写法有误", "写成普通十进制", "write a plain decimal"),
    ("radix must", "数字写法有误", "写成普通十进制", "write a plain decimal"),
    ("integers with a radix", "数字写法有误", "写成普通十进制", "write a plain decimal"),
    ("`_` may only", "数字里的下划线位置有误", "写成普通十进制，不加 _", "write a plain decimal"),
];
