//! A choice in words, line by line, for the check.

use crate::form::fields::ACCOUNT_NAME;
use crate::lang::Lang;
use crate::port::{FirstChecked, FirstChoice, FirstPerson, SiteSettings};
use crate::show;
use crate::words::FirstStartWords;
use domain::Date;
use domain::case::SiteKind;

/// A line of the check: what it is, and what was typed.
pub(super) type Line = (&'static str, String);

/// The kind of a site in words.
pub(super) fn kind_words(w: &FirstStartWords, kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::Clinic => w.clinic,
        SiteKind::Dental => w.dental,
        SiteKind::Hospital => w.hospital,
        SiteKind::Pharmacy => w.pharmacy,
    }
}

/// What is about to happen.
pub(super) fn lines(lang: Lang, choice: &FirstChoice, checked: &FirstChecked) -> Vec<Line> {
    let w = FirstStartWords::of(lang);
    let mut lines = Vec::new();
    match choice {
        FirstChoice::New(new) => {
            lines.push((w.choice, w.new.to_owned()));
            site(w, &new.site, &mut lines);
            person(lang, w, &new.person, &mut lines);
        }
        FirstChoice::Join(join) => {
            lines.push((w.choice, w.join.to_owned()));
            lines.push((w.address, join.address.clone()));
            lines.push((w.box_name, join.box_name.clone()));
            site(w, &join.site, &mut lines);
            person(lang, w, &join.person, &mut lines);
        }
        FirstChoice::Restore(restore) => {
            lines.push((w.choice, w.restore.to_owned()));
            if let Some(found) = &checked.backup {
                lines.push((w.backup, found.file.clone()));
                lines.push((w.made_at, show::moment(lang, found.made_at, Date::literal(1900, 1, 1))));
                lines.push((w.key, found.key_name.clone()));
                lines.push((w.records, format!("{}{}", found.records, w.compared)));
            }
            match (&restore.site, &checked.backup) {
                (Some(given), _) => site(w, given, &mut lines),
                (None, Some(found)) => lines.push((w.site, found.site_name.clone())),
                (None, None) => {}
            }
        }
        FirstChoice::Spare(spare) => {
            lines.push((w.choice, w.spare.to_owned()));
            lines.push((w.box_name, spare.name.clone()));
            lines.push((w.kind, kind_words(w, spare.kind).to_owned()));
        }
    }
    lines
}

fn site(w: &FirstStartWords, site: &SiteSettings, lines: &mut Vec<Line>) {
    lines.push((w.site_name, site.name.clone()));
    lines.push((w.kind, kind_words(w, site.kind).to_owned()));
    lines.push((w.code, site.institution_code.clone()));
    if !site.phone.is_empty() {
        lines.push((w.phone, site.phone.clone()));
    }
    let folders = site.terminal.as_ref().map(|terminal| {
        let all = [Some(&terminal.req), Some(&terminal.res), terminal.face.as_ref()];
        let all: Vec<String> = all.into_iter().flatten().map(|folder| folder.display().to_string()).collect();
        all.join(" / ")
    });
    lines.push((w.terminal, folders.unwrap_or_else(|| w.no_terminal.to_owned())));
}

fn person(lang: Lang, w: &FirstStartWords, person: &FirstPerson, lines: &mut Vec<Line>) {
    lines.push((ACCOUNT_NAME.label(lang), person.account.clone()));
    lines.push((w.password, w.not_shown.to_owned()));
}
