//! The data of the archive: what files there are, what stands in their columns, on what terms.

use serde::Serialize;

use super::route::DataFormat;
use super::{Frame, Route};
use crate::config::Terms;
use crate::export::{AGENCY_COLUMNS, YEAR_COLUMNS};
use crate::site::Site;

/// The page of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataPage {
    /// Its frame.
    pub frame: Frame,
    /// How many reports there are.
    pub reports: usize,
    /// The years, latest first.
    pub years: Vec<DataYear>,
    /// The names of the first columns of a year's CSV, in order; one a cell of the form follows. The theme
    /// says what they hold.
    pub year_columns: Vec<&'static str>,
    /// The names of the first columns of an agency's CSV; one a year follows.
    pub agency_columns: Vec<&'static str>,
    /// The editions of the form that reports are in: key and title.
    pub forms: Vec<(String, String)>,
    /// The terms of use.
    pub terms: Terms,
}

/// The data of one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataYear {
    /// The report year.
    pub year: u16,
    /// The address of its page.
    pub link: String,
    /// How many reports it has.
    pub reports: usize,
    /// The address of its CSV.
    pub csv: String,
    /// The address of its JSON.
    pub json: String,
}

impl DataPage {
    /// The data of a site.
    pub fn of(site: &Site) -> Self {
        let archive = &site.archive;
        let year = |year: u16| DataYear {
            year,
            link: Route::Year(year).path(),
            reports: archive.reports_of_year(year).len(),
            csv: Route::YearData { year, format: DataFormat::Csv }.path(),
            json: Route::YearData { year, format: DataFormat::Json }.path(),
        };
        let is_used = |key: &str| archive.reports().any(|(_, filed)| filed.report.form.key == key);
        let forms = site.forms.iter().filter(|form| is_used(&form.key));
        Self {
            frame: Frame::new("", "data", &Route::Data).below(&["data"]).ending_here(),
            reports: archive.reports().len(),
            years: archive.years().rev().map(year).collect(),
            year_columns: YEAR_COLUMNS.to_vec(),
            agency_columns: AGENCY_COLUMNS.to_vec(),
            forms: forms.map(|form| (form.key.clone(), form.title.in_language(site.config.language).to_owned())).collect(),
            terms: site.config.data.clone(),
        }
    }
}
