//! Whose report, of which year, published when: read from the title, the signature and what the page
//! says of itself.

use jiff::civil::Date;

use crate::form::Forms;

/// Digits of years in words: 二〇二一年.
const HAN_DIGITS: &str = "〇一二三四五六七八九";

/// A year of four digits or four Han digits followed by 年: the year and its bytes.
pub(crate) fn year_in(text: &str) -> Option<(u16, std::ops::Range<usize>)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for start in 0..chars.len() {
        let Some(four) = chars.get(start..start + 4) else { break };
        let Some(year) = four.iter().try_fold(0_u16, |year, (_, c)| Some(year * 10 + digit(*c)?)) else { continue };
        let after = chars.get(start + 4..).unwrap_or_default().iter().find(|(_, c)| !c.is_whitespace());
        let before = start.checked_sub(1).and_then(|at| digit(chars[at].1));
        if (1999..=2100).contains(&year) && before.is_none() && after.is_some_and(|(_, c)| *c == '年') {
            let end = after.map_or(text.len(), |(at, c)| at + c.len_utf8());
            return Some((year, chars[start].0..end));
        }
    }
    None
}

fn digit(c: char) -> Option<u16> {
    let c = if matches!(c, '○' | 'Ｏ' | '０' | '零' | 'О' | 'O') { '〇' } else { c };
    if let Some(value) = c.to_digit(10) {
        return u16::try_from(value).ok();
    }
    let wide = ('０'..='９').contains(&c).then(|| c as u32 - '０' as u32);
    let han = HAN_DIGITS.chars().position(|h| h == c);
    wide.and_then(|value| u16::try_from(value).ok()).or_else(|| u16::try_from(han?).ok())
}

/// A date: 2021年1月20日, 2021-01-20, 2021/1/20, 2021.1.20, 二〇二一年一月二十日.
pub(crate) fn date_in(text: &str) -> Option<Date> {
    dates(text).next()
}

fn dates(text: &str) -> impl Iterator<Item = Date> {
    let plain: Vec<char> = crate::number::normalise(text).chars().collect();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < plain.len() {
            let found = date_at(&plain[at..]);
            at += 1;
            if let Some((date, length)) = found {
                at += length - 1;
                return Some(date);
            }
        }
        None
    })
}

fn date_at(chars: &[char]) -> Option<(Date, usize)> {
    let year = chars.get(..4)?.iter().try_fold(0_i16, |year, c| Some(year * 10 + i16::try_from(digit(*c)?).ok()?))?;
    let first = *chars.get(4)?;
    if !matches!(first, '年' | '-' | '/' | '.') || !(1999..=2100).contains(&year) {
        return None;
    }
    let (month, length) = small_number(&chars[5..])?;
    let second = *chars.get(5 + length)?;
    let pair = (first == '年' && second == '月') || (first != '年' && second == first);
    let (day, day_length) = small_number(chars.get(6 + length..)?)?;
    let end = 6 + length + day_length;
    let closed = first != '年' || matches!(chars.get(end), Some('日' | '号'));
    let date = Date::new(year, month, day).ok()?;
    (pair && closed).then_some((date, end + usize::from(first == '年')))
}

/// A number up to 31 in digits or in words: 20, 二十, 十二.
fn small_number(chars: &[char]) -> Option<(i8, usize)> {
    let digits = chars.iter().take(2).take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        let text: String = chars[..digits].iter().collect();
        return Some((text.parse().ok()?, digits));
    }
    let length = chars.iter().take(3).take_while(|c| **c == '十' || HAN_DIGITS.contains(**c)).count();
    let words = &chars[..length];
    let value = |c: &char| i8::try_from(digit(*c)?).ok();
    let number = match words.iter().position(|c| *c == '十') {
        Some(at) => {
            let tens = if at == 0 { 1 } else { value(words.first()?)? };
            let ones = words.get(at + 1).and_then(value).unwrap_or(0);
            tens * 10 + ones
        }
        None if length == 1 => value(words.first()?)?,
        None => return None,
    };
    Some((number, length))
}

/// Whether a text is nothing but a date, perhaps in brackets.
pub(crate) fn is_date(text: &str) -> bool {
    let trimmed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let core = trimmed.trim_matches(['（', '）', '(', ')']);
    core.chars().count() <= 12 && date_in(core).is_some()
}

/// What a title says: 富阳区万市镇2020年政府信息公开工作年度报告.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TitleParts {
    /// The year.
    pub(crate) year: Option<u16>,
    /// What stands for the agency, without year and fixed words.
    pub(crate) agency: Option<String>,
}

/// Whether a text is a report's title: it names the kind of report.
pub(crate) fn is_title(text: &str, forms: &Forms) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    // "…年度报告的通知" is about reports, and is none.
    let is_about = |(at, words): (usize, String)| plain[at + words.len()..].starts_with('的') || words.ends_with("通知");
    plain.chars().count() <= 80 && !plain.contains(['。', '；', '，']) && fixed_words(&plain, forms).is_some_and(|found| !is_about(found))
}

/// The fixed words of a title and where they begin; the longest variant counts.
fn fixed_words(plain: &str, forms: &Forms) -> Option<(usize, String)> {
    let labels = forms.iter().flat_map(|form| std::iter::once(form.report_title.text.clone()).chain(form.report_title.variants.clone()));
    let found = labels.filter_map(|words| Some((plain.find(&words)?, words)));
    found.max_by_key(|(_, words)| words.len()).or_else(|| {
        let at = plain.find("年度报告").or_else(|| plain.find("年报"))?;
        let tail = &plain[at..];
        let about = plain.contains("信息公开") || plain.contains("政务公开");
        about.then(|| (at, tail.to_owned()))
    })
}

/// Takes a title apart.
pub(crate) fn title_parts(title: &str, forms: &Forms) -> TitleParts {
    let plain: String = title.chars().filter(|c| !c.is_whitespace()).collect();
    let year = year_in(&plain);
    let Some((at, _)) = fixed_words(&plain, forms) else { return TitleParts { year: year.map(|y| y.0), agency: None } };
    let agency = match &year {
        // 2019年示例县…年度报告: the agency stands between.
        Some((_, span)) if span.start == 0 => plain.get(span.end..at),
        Some((_, span)) => plain.get(..span.start.min(at)),
        None => plain.get(..at),
    };
    let agency = agency.map(|text| text.trim_start_matches('度').trim_start_matches("关于").trim_end_matches('的').to_owned());
    TitleParts { year: year.map(|(year, _)| year), agency: agency.filter(|text| !text.is_empty() && !text.contains("格式模板")) }
}

/// The year of the period that the text names: "自2023年1月1日起至2023年12月31日止".
pub(crate) fn period_year(text: &str) -> Option<u16> {
    let at = text.find("统计期限").or_else(|| text.find("1月1日"))?;
    let from = text[..at].char_indices().rev().nth(12).map_or(0, |(at, _)| at);
    let window: String = text[from..].chars().take(60).collect();
    let mut dates = dates(&window);
    let (start, end) = (dates.next()?, dates.next()?);
    let whole = start.month() == 1 && start.day() == 1 && end.month() == 12 && end.day() == 31 && start.year() == end.year();
    whole.then(|| u16::try_from(start.year()).ok()).flatten()
}

/// A piece of page data: its key, and its value.
pub(crate) fn pairs(text: &str) -> Vec<(Key, String)> {
    let mut found: Vec<(usize, usize, Key)> = Vec::new();
    let plain: String = text
        .chars()
        .map(|c| if c == '：' { ':' } else { c })
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{feff}'))
        .collect();
    for (key, names) in KEYS {
        for name in *names {
            let with_colon = format!("{name}:");
            if let Some(at) = plain.find(&with_colon)
                && !found.iter().any(|(start, end, _)| at < *end && at + with_colon.len() > *start)
            {
                found.push((at, at + with_colon.len(), *key));
            }
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    let ends: Vec<usize> = found.iter().skip(1).map(|(at, ..)| *at).chain([plain.len()]).collect();
    let value = |from: usize, to: usize| plain.get(from..to).unwrap_or("").trim_matches(['|', '[', ']', '【', '】']).to_owned();
    found.iter().zip(ends).map(|((_, from, key), to)| (*key, value(*from, to))).collect()
}

/// What page data is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    Published,
    Source,
    Index,
    Document,
    Title,
    Other,
}

/// Keys as portals write them, longer ones first where one contains another.
const KEYS: &[(Key, &[&str])] = &[
    (
        Key::Published,
        &["发布日期", "发布时间", "公开日期", "公开时间", "发文日期", "成文日期", "生成日期", "公布日期", "信息时间", "日期", "时间"],
    ),
    (Key::Source, &["信息来源", "文章来源", "发布机构", "发布单位", "发文机关", "发文单位", "公开主体", "责任单位", "来源"]),
    (Key::Index, &["索引号", "索取号", "信息索引号"]),
    (Key::Document, &["发文字号", "文件编号", "文号", "文件号"]),
    (Key::Title, &["信息名称", "文件名称", "标题", "名称"]),
    (
        Key::Other,
        &[
            "浏览次数",
            "阅读次数",
            "点击次数",
            "点击数",
            "访问次数",
            "浏览量",
            "主题分类",
            "体裁分类",
            "信息分类",
            "主题词",
            "关键词",
            "有效性",
            "公开方式",
            "公开范围",
            "公开属性",
            "字号",
            "作者",
            "责任编辑",
            "编辑",
            "服务对象",
        ],
    ),
];

/// The sentence that tells where to ask: "…联系电话：0571-1234567".
pub(crate) fn contact_in(text: &str) -> Option<String> {
    let marks = ["联系电话", "联系方式", "咨询电话", "电话：", "电话:"];
    let sentences = text.split_inclusive('。');
    let found = sentences
        .map(str::trim)
        .find(|sentence| marks.iter().any(|mark| sentence.contains(mark)) && sentence.chars().any(|c| c.is_ascii_digit()))?;
    Some(found.trim_end_matches('。').split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<String> {
        date_in(text).map(|date| date.to_string())
    }

    #[test]
    fn dates_are_read_in_all_notations() {
        for text in [
            "2021年1月20日",
            "发布日期：2021-01-20 09:30",
            "2021/1/20",
            "2021.1.20",
            "二〇二一年一月二十日",
            "２０２１年１月２０日",
            "二○二一年一月二十日",
        ] {
            assert_eq!(date(text).as_deref(), Some("2021-01-20"), "{text}");
        }
        for text in ["2021年", "2021年13月1日", "2021年1月", "0571-2021"] {
            assert_eq!(date(text), None, "{text}");
        }
        assert!(is_date("（2021年1月20日）") && !is_date("自2021年1月1日起至2021年12月31日止"));
    }

    #[test]
    fn titles_are_taken_apart() {
        let forms = Forms::builtin();
        let parts = |title: &str| {
            let parts = title_parts(title, &forms);
            (parts.year, parts.agency)
        };
        assert_eq!(parts("富阳区万市镇2020年政府信息公开工作 年度报告"), (Some(2020), Some("富阳区万市镇".into())));
        assert_eq!(parts("2019年示例县水务局政务信息公开年度报告"), (Some(2019), Some("示例县水务局".into())));
        assert_eq!(parts("示例县人民政府二〇二三年度政府信息公开工作年度报告"), (Some(2023), Some("示例县人民政府".into())));
        assert!(is_title("示例市人民政府2024年政府信息公开工作年度报告", &forms));
        assert!(!is_title("现将示例县2024年政府信息公开工作年度报告公布如下。", &forms));
        assert!(!is_title("关于报送2025年政府信息公开工作年度报告的通知", &forms));
        assert!(!is_title("关于做好政务公开2025年年报编制工作的通知", &forms));
    }

    #[test]
    fn the_period_tells_the_year() {
        assert_eq!(period_year("数据的统计期限自2023年1月1日起至2023年12月31日止。"), Some(2023));
        assert_eq!(period_year("统计期限自2023年1月1日起至2023年11月30日止。"), None);
    }

    #[test]
    fn page_data_is_read_in_pairs() {
        let pairs = pairs("索 引 号：001008/2021-12345　发布日期：2021-01-20 09:30 来源： 示例县水务局 浏览次数：12");
        assert_eq!(pairs[0], (Key::Index, "001008/2021-12345".into()));
        assert_eq!((pairs[1].0, pairs[2].clone()), (Key::Published, (Key::Source, "示例县水务局".into())));
        assert_eq!(pairs[3].0, Key::Other);
    }
}
