//! The first settings of a box that comes out of its carton: one file, checked whole, of which nothing is applied unless all of it is right.
//!
//! The file is an ordinary settings file with one more section, `[provision]`, which says what is done once and never kept: who the
//! first person is, and the password for the first time. Doing it again does nothing; a power cut in the middle is made good by
//! doing it again.

use crate::config::Config;
use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const SECTION: &str = "provision";
const SECRET: &str = "one_time_password";
/// Fewest characters of the password for the first time.
const FEWEST_CHARACTERS: usize = 12;

/// A checked file.
#[derive(Debug)]
pub struct Provision {
    /// the settings as they are kept, with the line numbers of the file
    settings: String,
    /// the first person, when the file names one
    pub first_account: Option<FirstAccount>,
}

/// The first person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstAccount {
    /// name to sign in with
    pub account: String,
    /// password for the first time
    pub one_time_password: String,
}

impl std::fmt::Debug for FirstAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FirstAccount({} characters)", self.account.chars().count())
    }
}

impl Provision {
    /// Checks the whole file.
    ///
    /// # Errors
    /// Line, key and what is allowed.
    pub fn parse(text: &str) -> anyhow::Result<Provision> {
        let mut whole: toml::Table = toml::from_str(text)?;
        let section = whole.remove(SECTION);
        let settings = without_section(text);
        let rest: toml::Table =
            toml::from_str(&settings).context("[provision] has to stand as a section of its own")?;
        ensure!(rest == whole, "[provision] has to stand as a section of its own, with one line for each key");
        Config::parse(&settings)?;
        let first_account = section.map(first_account).transpose().context("[provision]")?;
        Ok(Provision { settings, first_account })
    }

    /// Keeps the settings in a data folder. Whole or not at all, and durable before it returns.
    pub fn keep_settings(&self, data: &Path) -> anyhow::Result<()> {
        let (place, new) = (data.join("uketsuke.toml"), data.join("uketsuke.toml.new"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(self.settings.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, &place)?;
        File::open(data)?.sync_all()?;
        Ok(())
    }
}

fn first_account(section: toml::Value) -> anyhow::Result<FirstAccount> {
    let first: FirstAccount = section.try_into().context("allowed are account and one_time_password, both together")?;
    if first.account.trim().is_empty() || first.account.chars().count() > 40 {
        bail!("account: 1 to 40 characters");
    }
    if first.one_time_password.chars().count() < FEWEST_CHARACTERS {
        bail!("one_time_password: at least {FEWEST_CHARACTERS} characters");
    }
    Ok(first)
}

/// The text with the lines of the section left empty, so that every other line keeps its number.
fn without_section(text: &str) -> String {
    let mut inside = false;
    let mut settings = String::with_capacity(text.len());
    for line in text.lines() {
        let start = line.trim_start();
        if start.starts_with('[') {
            let name = start.trim_start_matches('[').split(']').next().unwrap_or_default().trim();
            inside = name == SECTION;
        }
        if !inside {
            settings += line;
        }
        settings.push('\n');
    }
    settings
}

/// Overwrites the password on the medium, in its place, so that it can be read nowhere on it any more. A medium that cannot be
/// written to is an error: somebody has to take it away.
pub fn wipe_secret(path: &Path) -> anyhow::Result<()> {
    let mut bytes = std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let mut start = 0;
    let mut is_changed = false;
    for line in bytes.clone().split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii_start().starts_with(SECRET.as_bytes()) {
            let end = start + line.trim_ascii_end().len();
            bytes[start..end].fill(b'#');
            is_changed = true;
        }
        start += line.len();
    }
    if is_changed {
        let mut file =
            OpenOptions::new().write(true).open(path).context("the medium cannot be written to; take it away")?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&bytes)?;
        file.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[site]\nname = \"見本医院\"\nkind = \"clinic\"\ninstitution_code = \"1319999999\"\n\n\
        [provision]\naccount = \"院長\"\none_time_password = \"once upon a time\"\n\n[web]\nlisten = \"0.0.0.0:9443\"\n";

    #[test]
    fn settings_are_kept_without_what_is_done_once() {
        let provision = Provision::parse(GOOD).expect("right");
        let first = provision.first_account.as_ref().expect("a first person");
        assert_eq!((first.account.as_str(), first.one_time_password.as_str()), ("院長", "once upon a time"));
        assert!(!format!("{provision:?}").contains("once upon"), "a secret is not printed");
        let folder = tempfile::tempdir().expect("a folder");
        provision.keep_settings(folder.path()).expect("kept");
        provision.keep_settings(folder.path()).expect("kept again");
        let kept = std::fs::read_to_string(folder.path().join("uketsuke.toml")).expect("read");
        assert!(!kept.contains("once upon") && kept.contains("9443"), "{kept}");
        Config::parse(&kept).expect("settings");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_nothing_is_applied() {
        let unknown = GOOD.replace("listen", "lisen");
        let told = format!("{:#}", Provision::parse(&unknown).expect_err("wrong"));
        assert!(told.contains("line 11") && told.contains("lisen"), "{told}");
        let short = GOOD.replace("once upon a time", "short");
        let told = format!("{:#}", Provision::parse(&short).expect_err("wrong"));
        assert!(told.contains("one_time_password: at least 12"), "{told}");
        let strange = GOOD.replace("account =", "acount =");
        let told = format!("{:#}", Provision::parse(&strange).expect_err("wrong"));
        assert!(told.contains("[provision]") && told.contains("acount"), "{told}");
        let inline = "provision = { account = \"a\", one_time_password = \"once upon a time\" }\n".to_owned()
            + &GOOD.replace("[provision]\naccount = \"院長\"\none_time_password = \"once upon a time\"\n", "");
        assert!(Provision::parse(&inline).is_err(), "it would be kept");
    }

    #[test]
    fn a_box_may_be_provisioned_without_a_first_person() {
        let provision = Provision::parse(
            &GOOD.replace("[provision]\naccount = \"院長\"\none_time_password = \"once upon a time\"\n", ""),
        );
        assert!(provision.expect("right").first_account.is_none());
    }

    #[test]
    fn the_password_is_wiped_in_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let medium = folder.path().join("provision.toml");
        std::fs::write(&medium, GOOD).expect("written");
        wipe_secret(&medium).expect("wiped");
        wipe_secret(&medium).expect("nothing left to wipe");
        let left = std::fs::read_to_string(&medium).expect("read");
        assert_eq!(left.len(), GOOD.len());
        assert!(!left.contains("once upon") && left.contains("account = \"院長\""), "{left}");
    }
}
