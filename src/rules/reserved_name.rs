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
