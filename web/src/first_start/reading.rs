//! Forms of the first start, read once into what the box is asked to become.

use super::Wizard;
use super::fields::{
    ADDRESS, BACKUP, BOX_NAME, FACE, INSTITUTION_CODE, JOIN_CODE, KIND, PHONE, RECOVERY_KEY, REQ, RES, SITE_NAME,
};
use crate::form::fields::{ACCOUNT_NAME, PASSWORD, PASSWORD_AGAIN};
use crate::form::{Field, Typed};
use crate::pages::sign_in::new_password;
use crate::port::{
    FirstChoice, FirstPerson, JoinFacility, NewFacility, RestoreBackup, SiteSettings, SpareBox, TerminalFolders,
};
use domain::case::SiteKind;
use domain::number::InstitutionCode;
use domain::text::Text;
use std::path::PathBuf;

/// A new facility; none when something is wrong.
pub(super) fn new(wizard: &Wizard, typed: &mut Typed) -> Option<FirstChoice> {
    let (site, person) = (site(typed), person(wizard, typed));
    typed.is_fine().then_some(())?;
    Some(FirstChoice::New(NewFacility { site: site?, person: person? }))
}

/// One more box of a facility.
pub(super) fn join(wizard: &Wizard, typed: &mut Typed) -> Option<FirstChoice> {
    let (address, code, box_name) = (typed.required(&ADDRESS), typed.required(&JOIN_CODE), typed.required(&BOX_NAME));
    let (site, person) = (site(typed), person(wizard, typed));
    typed.is_fine().then_some(())?;
    let (address, code, box_name) = (address?, code?, box_name?);
    Some(FirstChoice::Join(JoinFacility { address, code, box_name, site: site?, person: person? }))
}

/// A box from its backup. The site is read where somebody began to fill it in.
pub(super) fn restore(typed: &mut Typed) -> Option<FirstChoice> {
    let (from, key) = (path(typed, &BACKUP, true), typed.required(&RECOVERY_KEY));
    let filled = [&SITE_NAME, &KIND, &INSTITUTION_CODE].iter().any(|field| !typed.value(field.name).trim().is_empty());
    let site = if filled { site(typed) } else { None };
    typed.is_fine().then_some(())?;
    Some(FirstChoice::Restore(RestoreBackup { from: from?, key: key?, site }))
}

/// A box that waits.
pub(super) fn spare(typed: &mut Typed) -> Option<FirstChoice> {
    let (name, kind) = (typed.required(&BOX_NAME), typed.required_code(&KIND, SiteKind::from_code));
    typed.is_fine().then_some(())?;
    Some(FirstChoice::Spare(SpareBox { name: name?, kind: kind? }))
}

fn site(typed: &mut Typed) -> Option<SiteSettings> {
    let name = typed.required(&SITE_NAME);
    let kind = typed.required_code(&KIND, SiteKind::from_code);
    let code = typed.required(&INSTITUTION_CODE).and_then(|code| match InstitutionCode::parse(&code) {
        Ok(checked) => Some(checked.value.as_str().to_owned()),
        Err(error) => {
            typed.refuse(INSTITUTION_CODE.name, Text::new(error.ja(), error.en()));
            None
        }
    });
    let phone = typed.text(&PHONE).unwrap_or_default();
    if !phone.chars().all(|letter| letter.is_ascii_digit() || "+-() ".contains(letter)) {
        let text = Text::new(
            "電話番号は半角の数字とハイフンで入力してください（例：03-1234-5678）。",
            "Give the phone number in digits and hyphens, such as 03-1234-5678.",
        );
        typed.refuse(PHONE.name, text);
    }
    let terminal = terminal(typed);
    Some(SiteSettings { name: name?, kind: kind?, institution_code: code?, phone, terminal })
}

/// Both folders or none.
fn terminal(typed: &mut Typed) -> Option<TerminalFolders> {
    let face = path(typed, &FACE, false);
    let is_wanted = face.is_some() || [&REQ, &RES].iter().any(|field| !typed.value(field.name).trim().is_empty());
    let (req, res) = (path(typed, &REQ, is_wanted), path(typed, &RES, is_wanted));
    Some(TerminalFolders { req: req?, res: res?, face })
}

fn path(typed: &mut Typed, field: &'static Field, is_needed: bool) -> Option<PathBuf> {
    let text = if is_needed { typed.required(field) } else { typed.text(field) };
    let path = PathBuf::from(text?);
    if path.is_absolute() {
        return Some(path);
    }
    let text = Text::new(
        format!("{}は「/」で始まる完全なパスで入力してください（例：/mnt/terminal/req）。", field.label.0),
        format!("{}: give the full path, beginning with “/”, such as /mnt/terminal/req.", field.label.1),
    );
    typed.refuse(field.name, text);
    None
}

/// A password that was right stays, whatever else was wrong: nobody types it a third time.
fn person(wizard: &Wizard, typed: &mut Typed) -> Option<FirstPerson> {
    let account = typed.required(&ACCOUNT_NAME);
    let is_untouched = typed.value(PASSWORD.name).is_empty() && typed.value(PASSWORD_AGAIN.name).is_empty();
    let kept = wizard.held().password.clone().filter(|_| is_untouched);
    let password = match kept {
        Some(kept) => Some(kept),
        None => new_password(typed),
    };
    if let Some(password) = &password {
        wizard.held().password = Some(password.clone());
    }
    Some(FirstPerson { account: account?, password: password? })
}
