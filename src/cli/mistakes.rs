//! Mistakes in the arguments, in the reader's language, with what was meant where that can be guessed.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::text::{Language, Words};
use crate::words;

/// The language that arguments ask for, although they cannot be parsed.
pub(super) fn language_of(arguments: &[OsString]) -> Language {
    let texts = arguments.iter().filter_map(|argument| argument.to_str());
    let pairs = texts.clone().zip(texts.clone().skip(1)).filter(|(name, _)| *name == "--lang").map(|(_, value)| value);
    let joined = texts.filter_map(|text| text.strip_prefix("--lang="));
    pairs.chain(joined).find_map(Language::parse).unwrap_or_default()
}

/// What is said of a mistake.
pub(super) fn explain(error: &clap::Error, language: Language) -> String {
    let message = message(error);
    let suggestions = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let suggested = suggestions.map(|kind| context(error, kind)).into_iter().find(|suggestion| !suggestion.is_empty());
    let suggestion = suggested.map(|meant| words!("\n建议: 是不是 {meant}？", "\nhint: did you mean {meant}?")).unwrap_or_default();
    let (zh, en) = (suggestion.zh, suggestion.en);
    let said = Words::new(
        format!("错误: {}{zh}\n用法见 gongkai --help\n", message.zh),
        format!("error: {}{en}\nFor usage see gongkai --help\n", message.en),
    );
    said.in_language(language).to_owned()
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    }
}

fn message(error: &clap::Error) -> Words {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with('-') => words!("没有选项 {argument}", "there is no option {argument}"),
        ErrorKind::UnknownArgument => words!("多余的参数 {argument}", "{argument} is one argument too many"),
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand);
            words!("没有命令 {name}", "there is no command {name}")
        }
        ErrorKind::MissingRequiredArgument => words!("缺少 {argument}", "{argument} is missing"),
        ErrorKind::InvalidValue if value.is_empty() => words!("{argument} 后面要有值", "{argument} needs a value"),
        ErrorKind::InvalidValue => {
            let valid = context(error, ContextKind::ValidValue);
            words!("{argument} 不能是 {value}；可用：{valid}", "{argument} cannot be {value}; there are {valid}")
        }
        ErrorKind::ValueValidation => {
            let due = due(&argument);
            let (zh, en) = (due.zh, due.en);
            words!("{argument} 的值“{value}”不对{zh}", "`{value}` is no value of {argument}{en}")
        }
        ErrorKind::ArgumentConflict => {
            let other = context(error, ContextKind::PriorArg);
            words!("{argument} 不能与 {other} 同用", "{argument} cannot be used with {other}")
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            words!("{argument} 的值太多：{value}", "{argument} has too many values: {value}")
        }
        _ => Words::same(error.to_string().trim_start_matches("error: ").trim_end()),
    }
}

/// What a value should be.
fn due(argument: &str) -> Words {
    const DUE: [(&str, &str, &str); 7] = [
        ("--lang", "：应为 zh 或 en", ": it is zh or en"),
        ("--today", "：应为 年-月-日，如 2024-01-20", ": it is a date such as 2024-01-20"),
        (
            "--shard",
            "：应为 第几份/份数，从 1 数起，如 2/4 是四份中的第二份",
            ": it is I/N with I from 1 to N, such as 2/4 for the second of four",
        ),
        ("--date", "：应为 年-月-日，如 2026-01-20", ": it is a date such as 2026-01-20"),
        ("--port", "：应为 0 到 65535 的端口号", ": it is a port from 0 to 65535"),
        ("--year", "：应为 2008 到 2199 的年份", ": it is a year from 2008 to 2199"),
        ("<年度>", "：应为 2008 到 2199 的年份", ": it is a year from 2008 to 2199"),
    ];
    let found = DUE.iter().find(|(name, ..)| argument.starts_with(name));
    found.map_or_else(Words::default, |(_, zh, en)| Words::new(*zh, *en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_known_before_anything_is_parsed() {
        let language = |arguments: &[&str]| language_of(&arguments.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(language(&["gongkai", "check", "--lang", "en", "--nonesuch"]), Language::English);
        assert_eq!(language(&["gongkai", "--lang=en-GB", "x"]), Language::English);
        assert_eq!(language(&["gongkai", "check", "--lang"]), Language::Chinese);
    }
}
