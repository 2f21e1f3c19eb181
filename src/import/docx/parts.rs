//! The parts of a Word package that matter, found by the package's relationships.

use std::collections::BTreeMap;

use crate::import::fault::{Fault, Format};
use crate::import::package::Package;
use crate::import::xml::Tree;

/// The parts as text.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The main document.
    pub(super) document: String,
    /// Styles, where there are any.
    pub(super) styles: Option<String>,
    /// Numbering, where there is any.
    pub(super) numbering: Option<String>,
    /// Footnotes and endnotes.
    pub(super) footnotes: Vec<String>,
    /// Comments.
    pub(super) comments: Vec<String>,
    /// Headers and footers.
    pub(super) margins: Vec<String>,
    /// Addresses of hyperlinks by relationship id.
    pub(super) links: BTreeMap<String, String>,
}

struct Relationship {
    id: String,
    kind: String,
    target: String,
    external: bool,
}

impl Parts {
    /// Reads them from a package.
    pub(super) fn load(package: &mut Package<'_>) -> Result<Self, Fault> {
        let main = main_part(package)?;
        let document = package.part(&main)?.ok_or_else(|| Fault::damaged(Format::Docx, format!("no {main}")))?;
        let mut parts = Self { document, ..Self::default() };
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        for relationship in relationships(package, &format!("{folder}/_rels/{file}.rels"))? {
            parts.take(package, folder, relationship)?;
        }
        Ok(parts)
    }

    fn take(&mut self, package: &mut Package<'_>, folder: &str, relationship: Relationship) -> Result<(), Fault> {
        if relationship.external {
            self.links.insert(relationship.id, relationship.target);
            return Ok(());
        }
        let path = match relationship.target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{folder}/{}", relationship.target).trim_start_matches('/').to_owned(),
        };
        match relationship.kind.as_str() {
            "styles" => self.styles = package.part(&path)?,
            "numbering" => self.numbering = package.part(&path)?,
            "footnotes" | "endnotes" => self.footnotes.extend(package.part(&path)?),
            "comments" => self.comments.extend(package.part(&path)?),
            "header" | "footer" => self.margins.extend(package.part(&path)?),
            _ => {}
        }
        Ok(())
    }
}

/// The path of the main document: by relationship, else where every writer puts it.
fn main_part(package: &mut Package<'_>) -> Result<String, Fault> {
    let found = relationships(package, "_rels/.rels")?.into_iter().find(|r| r.kind == "officeDocument");
    Ok(found.map_or_else(|| "word/document.xml".to_owned(), |r| r.target.trim_start_matches('/').to_owned()))
}

fn relationships(package: &mut Package<'_>, path: &str) -> Result<Vec<Relationship>, Fault> {
    let Some(source) = package.part(path.trim_start_matches('/'))? else { return Ok(Vec::new()) };
    let tree = Tree::parse(&source, Format::Docx)?;
    let read = |element: crate::import::xml::Element<'_>| {
        Some(Relationship {
            id: element.attribute("Id")?,
            kind: element.attribute("Type")?.rsplit('/').next()?.to_owned(),
            target: element.attribute("Target")?,
            external: element.attribute("TargetMode").is_some_and(|mode| mode == "External"),
        })
    };
    Ok(tree.top().descendants().filter(|e| e.name() == "Relationship").filter_map(read).collect())
}
