//! 目录名是网站自用的名字。
//!
//! A directory has a name that the site uses itself.
//!
//! # 查什么
//!
//! content/ 下第一层目录不能叫 years、agencies、search、quality、assets 等（不分大小写），也不能是四位数字的年份；任何一层都不能叫 index.html、feed.xml、data.csv、data.json，名字里不能有反斜杠或换行。这一条总使构建失败。
//!
//! # 为什么
//!
//! 机关页的网址就是目录路径，会与网站自己的页面相争。
//!
//! # 例
//!
//! ```text
//! content/years/agency.toml
//! ```
//!
//! # 怎么改
//!
//! 换一个目录名，如机关名的拼音。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；本程序的文件格式（README）。

use super::{Check, Group, Rule};
use crate::archive::{is_reserved, is_reserved_below, year_of};
use crate::config::Config;
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "reserved-name",
    group: Group::File,
    level: Level::Error,
    source: include_str!("reserved_name.rs"),
    check: Check::Reading,
};

/// Whether the site uses a name itself at its top, where the pages in a second language lie below `second_root`.
pub(crate) fn is_taken(name: &str, second_root: &str) -> bool {
    is_reserved(name) || name.eq_ignore_ascii_case(second_root) || year_of(name).is_some()
}

/// Whether no directory of an agency can have a name. A page is an index.html in its directory, with a feed and
/// data beside it; with a backslash or a line break in it a name cannot stand in an address.
pub(crate) fn is_unfit(name: &str) -> bool {
    is_reserved_below(name) || name.contains(|c: char| c == '\\' || c.is_control())
}

/// The fault of an agency that is to be made, by its path below `content/`: what a build would say of its directory
/// and of those above it, or of names that it would not look at.
pub(crate) fn of_agency(id: &str, config: &Config) -> Option<Fault> {
    let (top, below) = id.split_once('/').map_or((id, None), |(top, below)| (top, Some(below)));
    let fits = |name: &&str| !is_unfit(name) && !name.is_empty() && !name.starts_with('.');
    if is_taken(top, config.second_root()) || !fits(&top) {
        return Some(fault(top));
    }
    // Below an agency a year is the directory of a report.
    below?.split('/').find(|name| !fits(name) || year_of(name).is_some()).map(fault)
}

/// The fault of a directory.
pub(crate) fn fault(directory: &str) -> Fault {
    let shown = crate::text::excerpt(directory);
    let message = words!(
        "目录名 {shown} 留给网站自用，或不能作网址，不能作机关目录",
        "the directory name {shown} is used by the site itself or cannot stand in an address"
    );
    let hint = words!("换一个目录名，例如机关名的拼音", "rename the directory");
    Fault::new(RULE.name, Place::File, message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn agencies_cannot_be_made_where_the_site_lies() {
        let two = Config { languages: vec![Language::Chinese, Language::English], ..Config::default() };
        let wrong = |id: &str| of_agency(id, &two).is_some();
        for id in ["en", "EN", "en/a", "years", "Search", "2020", "shili/2020", "shili/feed.xml", "shili//a", "", ".git", "a/..", "a\\b"] {
            assert!(wrong(id), "{id}");
        }
        assert!(!wrong("shili") && !wrong("shili/en") && !wrong("english") && !wrong("shili/years"));
        assert!(of_agency("en", &Config::default()).is_none(), "only a site in two languages has pages there");
    }
}
