//! The settings file that the first start writes.

use super::FirstStartFailure;
use crate::config::Config;
use domain::case::SiteKind;
use domain::text::Text;
use std::net::SocketAddr;
use toml::{Table, Value};
use web::port::{NotDone, SiteSettings};

/// Where the pages are served: the reception takes over the address of the first start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// the address
    pub listen: SocketAddr,
    /// without TLS
    pub plain_http: bool,
}

/// The text of the settings, checked as the reception will read it.
///
/// # Errors
/// What the reception would refuse.
pub(super) fn settings_text(site: &SiteSettings, place: Place) -> Result<String, FirstStartFailure> {
    let mut table = Table::new();
    let mut part = Table::new();
    part.insert("name".to_owned(), site.name.clone().into());
    part.insert("kind".to_owned(), site.kind.code().into());
    part.insert("institution_code".to_owned(), site.institution_code.clone().into());
    if !site.phone.is_empty() {
        part.insert("phone".to_owned(), site.phone.clone().into());
    }
    table.insert("site".to_owned(), Value::Table(part));
    let mut pages = Table::new();
    pages.insert("listen".to_owned(), place.listen.to_string().into());
    if place.plain_http {
        pages.insert("plain_http".to_owned(), true.into());
    }
    table.insert("web".to_owned(), Value::Table(pages));
    if let Some(folders) = &site.terminal {
        let mut terminal = Table::new();
        terminal.insert("door".to_owned(), "folder".into());
        let all = [("req", Some(&folders.req)), ("res", Some(&folders.res)), ("face", folders.face.as_ref())];
        for (name, folder) in all {
            if let Some(folder) = folder {
                terminal.insert(name.to_owned(), folder.to_string_lossy().into_owned().into());
            }
        }
        table.insert("terminal".to_owned(), Value::Table(terminal));
    }
    let text = toml::to_string_pretty(&table).map_err(|error| refused(&error.to_string()))?;
    Config::parse(&text).map_err(|error| refused(&format!("{error:#}")))?;
    Ok(text)
}

fn refused(why: &str) -> FirstStartFailure {
    FirstStartFailure::Refused(NotDone {
        at: "",
        why: Text::new(
            format!("この内容では設定を作れません（{why}）。何も変更していません。"),
            format!("No settings can be made of this ({why}). Nothing was changed."),
        ),
    })
}

/// What should be looked at again: it works, and may not be what was meant.
pub(super) fn warnings(site: &SiteSettings) -> Vec<Text> {
    let mut warnings = Vec::new();
    if let Ok(checked) = domain::number::InstitutionCode::parse(&site.institution_code) {
        let said = checked.warnings.iter();
        warnings.extend(said.map(|one| Text::new(format!("医療機関コード：{}", one.ja()), one.en())));
        let of_pharmacy = checked.value.fee_table() == Some(domain::number::FeeTable::Pharmacy);
        if of_pharmacy != (site.kind == SiteKind::Pharmacy) {
            warnings.push(Text::new(
                "医療機関コードの3桁目（点数表）と施設の種別が合いません。どちらかが違っていないか確かめてください。",
                "The third digit of the institution code (the fee table) does not fit the kind of site. See which is wrong.",
            ));
        }
    }
    let folders = site.terminal.iter().flat_map(|all| [Some(&all.req), Some(&all.res), all.face.as_ref()]);
    for folder in folders.flatten().filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        warnings.push(Text::new(
            format!("フォルダ {folder} は今は見えません。端末の電源と共有を確かめてください。始めることはできます。"),
            format!(
                "The folder {folder} cannot be seen now. Check the terminal and its share; you can begin all the same."
            ),
        ));
    }
    warnings
}
