//! `[gov]`: what 国办发〔2017〕47号 asks of every page of a government website.

use crate::front_matter::Fields;

/// Page labels and footer. Empty fields are left out of the pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Gov {
    /// SiteName.
    pub site_name: String,
    /// SiteDomain.
    pub site_domain: String,
    /// SiteIDCode, the ten-digit 网站标识码.
    pub site_id_code: String,
    /// 主办单位.
    pub host: String,
    /// 承办单位.
    pub operator: String,
    /// 联系方式.
    pub contact: String,
    /// ICP number.
    pub icp: String,
    /// 公安备案 number.
    pub police_record: String,
    /// ColumnName of the disclosure column that holds the site.
    pub column_name: String,
    /// ColumnType of the disclosure column.
    pub column_type: String,
    /// Address of the portal that the site belongs to.
    pub portal_url: String,
}

impl Gov {
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        let mut text = |key: &str| fields.string(key).unwrap_or_default();
        Self {
            site_name: text("site_name"),
            site_domain: text("site_domain"),
            site_id_code: text("site_id_code"),
            host: text("host"),
            operator: text("operator"),
            contact: text("contact"),
            icp: text("icp"),
            police_record: text("police_record"),
            column_name: text("column_name"),
            column_type: text("column_type"),
            portal_url: text("portal_url"),
        }
    }
}
