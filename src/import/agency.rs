//! Names in a document → an agency of the archive.
//!
//! Title, signature and source name the body in different ways: 富阳区万市镇, 万市镇人民政府. A name fits an
//! agency if it is one of its names, perhaps behind the names of bodies above it. What fits several, or
//! fits only in part, is said.

use crate::archive::{Agency, AgencyIndex, AgencyKind, Archive};
use crate::text::Words;
use crate::words;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgencyMatch {
    /// One agency, and why it is not certain.
    Found(AgencyIndex, Option<Words>),
    /// Several fit.
    Several(Vec<AgencyIndex>),
    /// None fits.
    None,
}

/// How well a name fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The name goes on, or has something before it that is not known.
    Part,
    /// The same behind the names of bodies above.
    Full,
    /// The same.
    Same,
}

/// Finds the agency that the names, most trusted first, speak of.
pub fn find_agency(names: &[String], archive: &Archive) -> AgencyMatch {
    let mut partial: Option<(String, Vec<AgencyIndex>)> = None;
    let mut certain: Option<(AgencyIndex, String)> = None;
    for name in names {
        let name = plain(name);
        let fits: Vec<(AgencyIndex, Fit)> =
            archive.agencies().filter_map(|(index, agency)| Some((index, fit(&name, index, agency, archive)?))).collect();
        let Some(best) = fits.iter().map(|(_, fit)| *fit).max() else { continue };
        let best_of: Vec<AgencyIndex> = fits.into_iter().filter(|(_, fit)| *fit == best).map(|(index, _)| index).collect();
        match (best, best_of.as_slice()) {
            (Fit::Same | Fit::Full, [only]) => match &certain {
                Some((other, by)) if other != only => {
                    let (a, b) = (archive.agency(*other).name().to_owned(), archive.agency(*only).name().to_owned());
                    let doubt = words!("“{by}”是 {a}，“{name}”是 {b}；取前者", "“{by}” is {a}, “{name}” is {b}; the former was taken");
                    return AgencyMatch::Found(*other, Some(doubt));
                }
                Some(_) => {}
                None => certain = Some((*only, name)),
            },
            _ if partial.is_none() => partial = Some((name, best_of)),
            _ => {}
        }
    }
    match (certain, partial) {
        (Some((index, _)), _) => AgencyMatch::Found(index, None),
        (None, Some((name, candidates))) => match candidates.as_slice() {
            [only] => {
                let full = archive.agency(*only).name().to_owned();
                AgencyMatch::Found(*only, Some(words!("“{name}”当作 {full}，请核对", "“{name}” was taken for {full}; please check")))
            }
            _ => AgencyMatch::Several(candidates),
        },
        (None, None) => AgencyMatch::None,
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '（' | '）' | '(' | ')')).collect()
}

fn fit(name: &str, index: AgencyIndex, agency: &Agency, archive: &Archive) -> Option<Fit> {
    let card = agency.card.as_ref()?;
    card.names().filter_map(|own| fit_one(name, &plain(own), index, archive)).max()
}

fn fit_one(name: &str, own: &str, index: AgencyIndex, archive: &Archive) -> Option<Fit> {
    if name == own {
        return Some(Fit::Same);
    }
    if own.chars().count() < 2 || name.chars().count() < 2 {
        return None;
    }
    if let Some(before) = name.strip_suffix(own) {
        return Some(if is_above(before, index, archive) { Fit::Full } else { Fit::Part });
    }
    // 富阳区万市镇 for 万市镇人民政府: the name without the words that say "government".
    let stem =
        own.strip_suffix("人民政府").or_else(|| own.strip_suffix("街道办事处").and_then(|stem| own.get(..stem.len() + "街道".len())))?;
    let before = name.strip_suffix(stem)?;
    (stem.chars().count() >= 2).then_some(if before.is_empty() || is_above(before, index, archive) { Fit::Full } else { Fit::Part })
}

/// Whether a text is made of the beginnings of names of bodies above: 浙江省杭州市富阳区.
fn is_above(mut text: &str, index: AgencyIndex, archive: &Archive) -> bool {
    let lineage = archive.lineage(index);
    let above = &lineage[..lineage.len().saturating_sub(1)];
    while !text.is_empty() {
        let part = above.iter().filter_map(|at| archive.agency(*at).card.as_ref()).flat_map(|card| card.names()).find_map(|name| {
            let place = name.trim_end_matches("人民政府");
            let short = place.trim_end_matches(['省', '市', '县', '区']);
            [place, short].into_iter().find(|part| part.chars().count() >= 2 && text.starts_with(part))
        });
        match part {
            Some(part) => text = &text[part.len()..],
            None => return false,
        }
    }
    true
}

/// The one agency that a name which fits none may be short for: 青溪县卫健局 for 青溪县卫生健康局. Its characters are all of
/// the name's, in order, with the same beginning and end.
pub fn perhaps_short_for(names: &[String], archive: &Archive) -> Option<AgencyIndex> {
    const MOST_LEFT_OUT: usize = 4;
    let name: Vec<char> = plain(names.first()?).chars().collect();
    let is_short_for = |full: &str| {
        let full: Vec<char> = full.chars().collect();
        let mut rest = full.iter();
        let in_order = name.iter().all(|c| rest.any(|other| other == c));
        let ends = name.last() == full.last() && name.get(..2) == full.get(..2);
        name.len() >= 4 && in_order && ends && (1..=MOST_LEFT_OUT).contains(&(full.len() - name.len().min(full.len())))
    };
    let fits = |agency: &Agency| agency.card.as_ref().is_some_and(|card| card.names().any(|own| is_short_for(&plain(own))));
    let mut found = archive.agencies().filter(|(_, agency)| fits(agency)).map(|(index, _)| index);
    found.next().filter(|_| found.next().is_none())
}

/// The full name of a new agency, of the names in a document, most trusted first: the first that ends as names
/// of bodies do, or what another name makes of it. 富阳区万市镇 in the title is 万市镇人民政府 in the signature.
pub fn official_name(names: &[String]) -> Option<&str> {
    let usual = names.iter().find(|name| kind_by_name(name) != AgencyKind::Other);
    let first = usual.or(names.first())?;
    let makes_full = |name: &&String| {
        let stem = name.strip_suffix("人民政府").or_else(|| name.strip_suffix("办事处"));
        stem.is_some_and(|stem| stem.chars().count() >= 2 && first.ends_with(stem))
    };
    Some(names.iter().find(makes_full).unwrap_or(first))
}

/// The kind of a body by its name, for a new `agency.toml`.
pub fn kind_by_name(name: &str) -> AgencyKind {
    const VERTICAL: [&str; 6] = ["税务局", "气象局", "海关", "统计调查队", "消防救援", "烟草专卖局"];
    if VERTICAL.iter().any(|word| name.contains(word)) {
        AgencyKind::Vertical
    } else if name.contains("政府办公") {
        AgencyKind::Office
    } else if name.ends_with("街道办事处") || name.ends_with("街道") {
        AgencyKind::Subdistrict
    } else if name.contains("镇") && name.ends_with("政府") || name.contains("乡") && name.ends_with("政府") || name.ends_with(['镇', '乡'])
    {
        AgencyKind::Township
    } else if name.ends_with("人民政府") {
        AgencyKind::Government
    } else if name.ends_with(['局', '委', '厅', '会', '院', '办', '部']) || name.ends_with("办公室") {
        AgencyKind::Department
    } else {
        AgencyKind::Other
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::archive::Card;

    fn archive() -> Archive {
        let card = |text: &str| Arc::new(Card::read(text, "x").0);
        Archive::new(
            vec![
                ("fuyang".into(), card("name = \"杭州市富阳区人民政府\"\naliases = [\"富阳区\"]")),
                ("fuyang/wanshi".into(), card("name = \"万市镇人民政府\"")),
                ("fuyang/shuiwu".into(), card("name = \"富阳区水务局\"\nshort_name = \"区水务局\"\naliases = [\"水务局\"]")),
                ("shili".into(), card("name = \"示例县人民政府\"")),
                ("shili/shuiwu".into(), card("name = \"示例县水务局\"\naliases = [\"水务局\"]")),
            ],
            Vec::new(),
        )
    }

    fn found(names: &[&str]) -> (String, bool) {
        let archive = archive();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        match find_agency(&names, &archive) {
            AgencyMatch::Found(index, doubt) => (archive.agency(index).id.to_string(), doubt.is_some()),
            AgencyMatch::Several(several) => (format!("{} fit", several.len()), true),
            AgencyMatch::None => ("none".into(), true),
        }
    }

    #[test]
    fn names_lead_to_their_agency() {
        assert_eq!(found(&["万市镇人民政府"]), ("fuyang/wanshi".into(), false));
        assert_eq!(found(&["富阳区万市镇"]), ("fuyang/wanshi".into(), false));
        assert_eq!(found(&["杭州市富阳区万市镇人民政府"]), ("fuyang/wanshi".into(), false));
        assert_eq!(found(&["临安区万市镇"]), ("fuyang/wanshi".into(), true));
        assert_eq!(found(&["示例县水务局", "示例县人民政府"]), ("shili/shuiwu".into(), true));
    }

    #[test]
    fn what_fits_several_or_none_is_said() {
        assert_eq!(found(&["水务局"]), ("2 fit".into(), true));
        assert_eq!(found(&["不详"]), ("none".into(), true));
    }

    /// An office's usual short name is not taken for a new body, but only where one body alone can be meant.
    #[test]
    fn a_short_name_is_known_for_one() {
        let card = |name: &str| Arc::new(Card::read(&format!("name = \"{name}\""), "x").0);
        let archive = Archive::new(
            vec![
                ("a".into(), card("青溪县卫生健康局")),
                ("b".into(), card("青溪县交通运输局")),
                ("c".into(), card("青溪县交通执法局")),
                ("d".into(), card("青溪县财政局国库支付中心")),
            ],
            Vec::new(),
        );
        let short_for = |name: &str| perhaps_short_for(&[name.to_owned()], &archive).map(|index| archive.agency(index).id.to_string());
        assert_eq!(short_for("青溪县卫健局").as_deref(), Some("a"));
        for name in ["青溪县交通局", "青溪县财政局", "青溪县水利局", "卫健局", "青溪县卫生健康局"] {
            assert_eq!(short_for(name), None, "{name}");
        }
    }

    /// The signature makes the title's name full; of another body it says nothing.
    #[test]
    fn a_signature_makes_a_name_full() {
        let name = |names: &[&str]| official_name(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).map(str::to_owned);
        assert_eq!(name(&["富阳区万市镇", "万市镇人民政府"]).as_deref(), Some("万市镇人民政府"));
        assert_eq!(name(&["示例县城关街道", "城关街道办事处"]).as_deref(), Some("城关街道办事处"));
        assert_eq!(name(&["示例县水务局", "示例县人民政府"]).as_deref(), Some("示例县水务局"));
        assert_eq!(name(&[]), None);
    }

    #[test]
    fn kinds_follow_from_names() {
        assert_eq!(kind_by_name("示例县旧河镇人民政府"), AgencyKind::Township);
        assert_eq!(kind_by_name("示例县人民政府办公室"), AgencyKind::Office);
        assert_eq!(kind_by_name("国家税务总局示例县税务局"), AgencyKind::Vertical);
    }
}
