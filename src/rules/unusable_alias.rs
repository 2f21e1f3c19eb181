//! 以前的网址不能转到这里。
//!
//! A former address cannot lead here.
//!
//! # 查什么
//!
//! 年报的 aliases、机关的 moved_from 写明以前的网址，网站在那里放一页，把人带到现在的网址。写的不是网站之内的路径，或者那里现在就有网页、附件，或者别的年报、机关先写了同一个网址，就不能照办。这一条总使构建失败。
//!
//! # 为什么
//!
//! 同一网址只能有一页；旧链接被带到别处，比打不开更糟。
//!
//! # 例
//!
//! ```text
//! aliases = ["shili/2023/"]      # 那里现在就有年报
//! ```
//!
//! # 怎么改
//!
//! 写网站根目录下的路径，如 aliases = ["old/wanshi/2020/", "zwgk/t2021_1.html"]；两处写了同一个网址的，删去一处。
//!
//! # 依据
//!
//! 《政府网站发展指引》（国办发〔2017〕47号）：网页地址变更应保证原有链接可用；本程序的文件格式（README）。

use std::borrow::Cow;

use super::{AgencyContext, Check, Group, Rule, Subject};
use crate::archive::Kept;
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "unusable-alias",
    group: Group::File,
    level: Level::Error,
    source: include_str!("unusable_alias.rs"),
    check: Check::Agency(check),
};

fn check(context: &AgencyContext<'_>, faults: &mut Vec<(Subject, Fault)>) {
    let archive = context.archive;
    for lost in archive.moved().lost_of(archive, context.agency) {
        let number = lost.number;
        let (subject, key) = match lost.of {
            Kept::Agency(index) => (Subject::Card(index), "moved_from".into()),
            Kept::Report(index) => (Subject::Report(index), Cow::Owned(format!("aliases.{number}"))),
        };
        let hint = words!(
            "写网站根目录下、现在没有网页的路径；删去写不成的",
            "write a path below the site's root where there is no page now, or delete it"
        );
        faults.push((subject, Fault::new(RULE.name, Place::Key(key), lost.reason.clone()).with_hint(hint)));
    }
}
