//! Cells, and how a report keeps two hundred of them in little more than two hundred bytes.

use crate::form::CellId;
use crate::number::Number;
use crate::pack::{Pack, Unpacker};

/// One cell as the original has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A figure.
    Number(Number),
    /// Left blank (`""`). Not zero.
    Blank,
    /// Marked as not applicable (`"/"`).
    NotApplicable,
    /// Its row is not in the file.
    Absent,
    /// Something that is not a figure, kept as printed.
    Text(Box<str>),
}

impl Cell {
    /// The figure, if it is one.
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl Pack for Cell {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::Number(number) => (0u8, *number).pack(to),
            Self::Blank => 1u8.pack(to),
            Self::NotApplicable => 2u8.pack(to),
            Self::Absent => 3u8.pack(to),
            Self::Text(text) => (4u8, text.clone()).pack(to),
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(match from.get::<u8>()? {
            0 => Self::Number(from.get()?),
            1 => Self::Blank,
            2 => Self::NotApplicable,
            3 => Self::Absent,
            4 => Self::Text(from.get()?),
            _ => return None,
        })
    }
}

/// All cells of a report, by [`CellId`].
///
/// Nearly all figures are small counts: one byte each. The rest stand in a side table sorted by cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    codes: Box<[u8]>,
    wide: Box<[(u16, Cell)]>,
}

impl Pack for Figures {
    fn pack(&self, to: &mut Vec<u8>) {
        self.codes.len().pack(to);
        to.extend_from_slice(&self.codes);
        self.wide.len().pack(to);
        self.wide.iter().for_each(|wide| wide.clone().pack(to));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let count = from.count()?;
        let codes = from.bytes(count)?.into();
        let wide: Vec<(u16, Cell)> = from.get()?;
        Some(Self { codes, wide: wide.into_boxed_slice() })
    }
}

const LARGEST_CODED: i64 = 251;
const BLANK: u8 = 252;
const NOT_APPLICABLE: u8 = 253;
const ABSENT: u8 = 254;
const WIDE: u8 = 255;

impl Figures {
    /// Packs cells given in the form's order.
    pub fn new(cells: Vec<Cell>) -> Self {
        let mut wide = Vec::new();
        let code = |(index, cell): (usize, Cell)| {
            let code = match &cell {
                Cell::Blank => Some(BLANK),
                Cell::NotApplicable => Some(NOT_APPLICABLE),
                Cell::Absent => Some(ABSENT),
                Cell::Number(number) => coded(*number),
                Cell::Text(_) => None,
            };
            code.unwrap_or_else(|| {
                wide.push((u16::try_from(index).unwrap_or(u16::MAX), cell));
                WIDE
            })
        };
        let codes = cells.into_iter().enumerate().map(code).collect();
        Self { codes, wide: wide.into_boxed_slice() }
    }

    /// A cell. One that the form does not have is absent.
    pub fn get(&self, cell: CellId) -> Cell {
        match self.codes.get(cell.index()).copied() {
            Some(BLANK) => Cell::Blank,
            Some(NOT_APPLICABLE) => Cell::NotApplicable,
            Some(ABSENT) | None => Cell::Absent,
            Some(WIDE) => self.wide(cell).cloned().unwrap_or(Cell::Absent),
            Some(small) => Cell::Number(Number::from(i64::from(small))),
        }
    }

    /// A cell as a small whole number, without making a [`Number`]: the fast way for sums.
    pub fn small(&self, cell: CellId) -> Option<i64> {
        match self.codes.get(cell.index()).copied() {
            Some(BLANK | NOT_APPLICABLE | ABSENT) | None => None,
            Some(WIDE) => self.wide(cell)?.number()?.as_small(),
            Some(small) => Some(i64::from(small)),
        }
    }

    /// The cells that are no small counts, in order: the few that can be blank, below zero or broken.
    pub fn unusual(&self) -> impl Iterator<Item = (CellId, Cell)> {
        let cells = self.codes.iter().enumerate().filter(|(_, code)| i64::from(**code) > LARGEST_CODED);
        let cells = cells.filter_map(|(index, _)| u16::try_from(index).ok()).map(CellId);
        cells.map(|cell| (cell, self.get(cell)))
    }

    /// The cells that need not be the same as those of another report in the same form: nearly all others are told
    /// by a byte each.
    pub fn unlike<'f>(&'f self, other: &'f Self) -> impl Iterator<Item = CellId> + 'f {
        let others = other.codes.iter().chain(std::iter::repeat(&ABSENT));
        let codes = self.codes.iter().zip(others).enumerate().filter(|(_, (own, other))| own != other || **own == WIDE);
        codes.filter_map(|(index, _)| u16::try_from(index).ok().map(CellId))
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// All cells, in the form's order.
    pub fn to_cells(&self) -> Vec<Cell> {
        (0..self.codes.len()).map(|index| self.get(CellId(u16::try_from(index).unwrap_or(u16::MAX)))).collect()
    }

    fn wide(&self, cell: CellId) -> Option<&Cell> {
        let found = self.wide.binary_search_by_key(&cell.0, |(id, _)| *id).ok()?;
        Some(&self.wide[found].1)
    }
}

fn coded(number: Number) -> Option<u8> {
    let small = number.as_small()?;
    (0..=LARGEST_CODED).contains(&small).then(|| u8::try_from(small).ok()).flatten()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn any_cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            (-300i64..300).prop_map(|n| Cell::Number(n.into())),
            (any::<i64>(), 0u32..6).prop_map(|(n, places)| {
                let digits = (n.unsigned_abs() % 1_000_000_000_000_000).to_string();
                let text = if places == 0 { digits } else { format!("{digits}.{}", "5".repeat(places as usize)) };
                Cell::Number(Number::parse(&text).unwrap())
            }),
            Just(Cell::Blank),
            Just(Cell::NotApplicable),
            Just(Cell::Absent),
            "[一-龥]{1,4}".prop_map(|text| Cell::Text(text.into())),
        ]
    }

    proptest! {
        /// Packing loses nothing, whatever the cells hold.
        #[test]
        fn unpacking_undoes_packing(cells in prop::collection::vec(any_cell(), 0..300)) {
            let figures = Figures::new(cells.clone());
            let is_small = |cell: &Cell| cell.number().is_some_and(|number| coded(number).is_some());
            let unusual = cells.iter().cloned().enumerate().filter(|(_, cell)| !is_small(cell));
            prop_assert!(figures.unusual().map(|(cell, value)| (cell.index(), value)).eq(unusual));
            prop_assert_eq!(figures.to_cells(), cells);
            let mut bytes = Vec::new();
            figures.pack(&mut bytes);
            prop_assert_eq!(Unpacker::new(&bytes).get::<Figures>(), Some(figures));
        }
    }

    proptest! {
        /// No cell that says something else is passed over, and none that is blank in both is looked at.
        #[test]
        fn unlike_cells_are_found(cells in prop::collection::vec((any_cell(), any_cell(), any::<bool>()), 0..60)) {
            let own: Vec<Cell> = cells.iter().map(|(own, ..)| own.clone()).collect();
            let other: Vec<Cell> = cells.into_iter().map(|(own, other, same)| if same { own } else { other }).collect();
            let unlike: Vec<usize> = Figures::new(own.clone()).unlike(&Figures::new(other.clone())).map(CellId::index).collect();
            for at in 0..own.len() {
                prop_assert!(own[at] == other[at] || unlike.contains(&at));
                prop_assert!(own[at] != other[at] || own[at] != Cell::Blank || !unlike.contains(&at));
            }
        }
    }

    /// The usual report takes one byte a cell.
    #[test]
    fn small_counts_take_no_side_table() {
        let figures = Figures::new((0..200).map(|n| Cell::Number(n.into())).collect());
        assert_eq!((figures.codes.len(), figures.wide.len()), (200, 0));
    }
}
