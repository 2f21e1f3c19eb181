//! Office packages (zip files of XML parts), read under a cap so that zip bombs cost nothing.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::fault::{Fault, Format, Measure};

/// Unpacked bytes of one part; a real report has under one MiB.
const MAX_PART: u64 = 48 << 20;

/// An open package.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    format: Format,
}

impl<'a> Package<'a> {
    /// Opens a package.
    pub(crate) fn open(bytes: &'a [u8], format: Format) -> Result<Self, Fault> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| Fault::damaged(format, error))?;
        Ok(Self { archive, format })
    }

    /// The names of all parts.
    pub(crate) fn names(&self) -> Vec<String> {
        self.archive.file_names().flatten().map(|name| name.into_owned()).collect()
    }

    /// A part as text, or `None` if there is no such part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let format = self.format;
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(Fault::damaged(format, error)),
        };
        let mut bytes = Vec::new();
        file.take(MAX_PART + 1).read_to_end(&mut bytes).map_err(|error| Fault::damaged(format, error))?;
        if bytes.len() as u64 > MAX_PART {
            return Err(Fault::TooLarge { what: Measure::UnpackedBytes, limit: MAX_PART });
        }
        Ok(Some(super::decode::decode(&bytes).text))
    }

    /// Unpacks everything into nowhere, to learn that no part exceeds the cap.
    pub(crate) fn check_sizes(&mut self) -> Result<(), Fault> {
        let mut total = 0;
        for index in 0..self.archive.len() {
            let file = self.archive.by_index(index).map_err(|error| Fault::damaged(self.format, error))?;
            let mut limited = file.take(MAX_PART + 1);
            total += std::io::copy(&mut limited, &mut std::io::sink()).map_err(|error| Fault::damaged(self.format, error))?;
            if total > MAX_PART {
                return Err(Fault::TooLarge { what: Measure::UnpackedBytes, limit: MAX_PART });
            }
        }
        Ok(())
    }
}
