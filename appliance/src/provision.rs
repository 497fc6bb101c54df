//! The first settings of a box that comes out of its carton: one file, checked whole, of which nothing is applied unless all of it is right.
//!
//! The file is an ordinary settings file with one more section, `[provision]`, which says what is done once and never kept: what the
//! box becomes (`choice`: a new facility where nothing is said), who the first person is, and the password for the first time. Doing it
//! again does nothing; a power cut in the middle is made good by doing it again.

mod section;

use crate::config::Config;
use crate::desk::RunningDesk;
use crate::first_start::{self, Place, SETTINGS, Standing, found_with, keep_spare, prepare_to_join, standing};
use anyhow::{Context, bail, ensure};
use section::Wanted;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use web::port::{Desk, FirstPerson, JoinFacility, RestoreBackup, SiteSettings};

const SECTION: &str = "provision";
/// What is overwritten on the medium.
const SECRETS: [&str; 2] = ["one_time_password", "recovery_key"];

/// A checked file.
#[derive(Debug)]
pub struct Provision {
    /// the settings as they are kept, with the line numbers of the file
    settings: String,
    /// the site, where the file has settings
    site: Option<SiteSettings>,
    /// where its pages are
    place: Option<Place>,
    wanted: Wanted,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// the box has settings
    Settled,
    /// the box had settings before; nothing was done
    Before,
    /// the first start goes on at the box: the other box's code, and digits to compare
    AtTheBox,
    /// the box waits
    Spare,
}

impl Provision {
    /// Checks the whole file.
    ///
    /// # Errors
    /// Line, key and what is allowed.
    pub fn parse(text: &str) -> anyhow::Result<Provision> {
        let mut whole: toml::Table = toml::from_str(text)?;
        whole.remove(SECTION);
        let (settings, section) = apart(text);
        let rest: toml::Table =
            toml::from_str(&settings).context("[provision] has to stand as a section of its own")?;
        ensure!(rest == whole, "[provision] has to stand as a section of its own, with one line for each key");
        let wanted = section::wanted(&section)?;
        let config = match (&wanted, rest.keys().next()) {
            (Wanted::Spare(_), Some(other)) => {
                bail!("[{other}]: not with choice = \"spare\"; a spare box gets its settings when it is needed")
            }
            (Wanted::Spare(_) | Wanted::Restore(_), None) => None,
            _ => Some(Config::parse(&settings)?),
        };
        let place = config.as_ref().map(|config| Place { listen: config.listen, plain_http: config.plain_http });
        let site = config.map(|config| SiteSettings {
            name: config.site_name,
            kind: config.site.kind,
            institution_code: config.courier.maker.institution_code,
            phone: config.phone,
            terminal: None,
        });
        Ok(Provision { settings, site, place, wanted })
    }

    /// Makes the box what the file says, wholly or not at all. `beside`: where a backup is looked for that is named without a full path.
    ///
    /// # Errors
    /// Why nothing was applied.
    pub async fn apply(&self, data: &Path, beside: &Path) -> anyhow::Result<Applied> {
        std::fs::create_dir_all(data)?;
        let standing = standing(data)?;
        match (standing, &self.wanted, &self.site) {
            (Standing::Settled, ..) => return Ok(Applied::Before),
            (Standing::RecordAlone, Wanted::New(person), _) => self.give_settings_back(data, person.as_ref()).await?,
            (Standing::RecordAlone, ..) => bail!(
                "{} holds a record already; only choice = \"new\" gives it its settings back. Nothing was done",
                data.display()
            ),
            (Standing::New, Wanted::New(person), Some(site)) => {
                found_with(data, site, person.as_ref(), &self.settings).await?;
            }
            (Standing::New, Wanted::Join { address, box_name, person }, Some(site)) => {
                let join = JoinFacility {
                    address: address.clone(),
                    code: String::new(),
                    box_name: box_name.clone(),
                    site: site.clone(),
                    person: person.clone(),
                };
                let place = self.place.context("settings without an address")?;
                prepare_to_join(data, &join, Some(&self.settings), place).await?;
                return Ok(Applied::AtTheBox);
            }
            (Standing::New, Wanted::Restore(named), site) => {
                let wanted = RestoreBackup { from: beside.join(&named.from), ..named.clone() };
                let own = site.as_ref().map(|_| self.settings.as_str());
                let restored = first_start::restore(data, &wanted, own);
                restored.map_err(|failure| anyhow::anyhow!("{}", failure.told().why.en))?;
            }
            (Standing::New, Wanted::Spare(spare), _) => {
                keep_spare(data, spare)?;
                return Ok(Applied::Spare);
            }
            (Standing::New, Wanted::New(_) | Wanted::Join { .. }, None) => bail!("[site] is missing"),
        }
        Ok(Applied::Settled)
    }

    /// A record whose settings were lost gets them back; its people stay who they are.
    async fn give_settings_back(&self, data: &Path, person: Option<&FirstPerson>) -> anyhow::Result<()> {
        if let (Some(person), Some(site)) = (person, &self.site) {
            let desk = first_start::desk_in(data, site)?;
            let outcome = first_person(&desk, person).await;
            desk.stop().await;
            outcome?;
        }
        self.keep_settings(data)
    }

    /// Keeps the settings in a data folder. Whole or not at all, and durable before it returns.
    fn keep_settings(&self, data: &Path) -> anyhow::Result<()> {
        let (place, new) = (data.join(SETTINGS), data.join("uketsuke.toml.new"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(self.settings.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, &place)?;
        File::open(data)?.sync_all()?;
        Ok(())
    }
}

async fn first_person(desk: &RunningDesk, person: &FirstPerson) -> anyhow::Result<()> {
    if desk.has_accounts()? {
        return Ok(());
    }
    let made = desk.create_first_account(person.account.clone(), person.password.clone()).await;
    made.map_err(|refused| anyhow::anyhow!("[provision]: {}", refused.why.en))
}

/// The text without the lines of the section, and the section alone; what is left out is left empty, so that every line keeps its number.
fn apart(text: &str) -> (String, String) {
    let mut inside = false;
    let (mut settings, mut section) = (String::with_capacity(text.len()), String::new());
    for line in text.lines() {
        let start = line.trim_start();
        if start.starts_with('[') {
            let name = start.trim_start_matches('[').split(']').next().unwrap_or_default().trim();
            inside = name == SECTION;
        }
        *(if inside { &mut section } else { &mut settings }) += line;
        settings.push('\n');
        section.push('\n');
    }
    (settings, section)
}

/// Overwrites the secrets on the medium, in their place, so that they can be read nowhere on it any more. A medium that cannot be
/// written to is an error: somebody has to take it away.
pub fn wipe_secret(path: &Path) -> anyhow::Result<()> {
    let mut bytes = std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let mut start = 0;
    let mut is_changed = false;
    for line in bytes.clone().split_inclusive(|byte| *byte == b'\n') {
        if SECRETS.iter().any(|secret| line.trim_ascii_start().starts_with(secret.as_bytes())) {
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
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SITE: &str = "[site]\nname = \"見本医院\"\nkind = \"clinic\"\ninstitution_code = \"1319999999\"\n\n";
    const PERSON: &str = "account = \"院長\"\none_time_password = \"once upon a time\"\n";

    fn good() -> String {
        format!("{SITE}[provision]\n{PERSON}\n[web]\nlisten = \"127.0.0.1:9443\"\n")
    }

    fn why(text: &str) -> String {
        format!("{:#}", Provision::parse(text).expect_err("wrong"))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_new_box_keeps_the_settings_without_what_is_done_once() {
        let provision = Provision::parse(&good()).unwrap();
        assert!(!format!("{provision:?}").contains("once upon"), "a secret is not printed");
        let folder = tempfile::tempdir().unwrap();
        let (data, beside) = (folder.path().join("data"), Path::new("/nowhere"));
        assert_eq!(provision.apply(&data, beside).await.unwrap(), Applied::Settled);
        assert_eq!(provision.apply(&data, beside).await.unwrap(), Applied::Before, "once");
        let kept = std::fs::read_to_string(data.join(SETTINGS)).unwrap();
        assert!(!kept.contains("once upon") && kept.contains("9443"), "{kept}");
        Config::parse(&kept).unwrap();
        // settings that were lost come back to the record, and its people stay
        std::fs::remove_file(data.join(SETTINGS)).unwrap();
        assert_eq!(provision.apply(&data, beside).await.unwrap(), Applied::Settled);
        assert_eq!(std::fs::read_to_string(data.join(SETTINGS)).unwrap(), kept);
        let spare =
            Provision::parse("[provision]\nchoice = \"spare\"\nbox_name = \"予備\"\nkind = \"clinic\"\n").unwrap();
        std::fs::remove_file(data.join(SETTINGS)).unwrap();
        assert!(spare.apply(&data, beside).await.is_err(), "a record is not waited over");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_key() {
        let told = why(&good().replace("listen", "lisen"));
        assert!(told.contains("line 11") && told.contains("lisen"), "{told}");
        let told = why(&good().replace("once upon a time", "short"));
        assert!(told.contains("line 8, [provision] one_time_password: at least 12"), "{told}");
        let told = why(&good().replace("account =", "acount ="));
        assert!(told.contains("line 7") && told.contains("acount") && told.contains("one_time_password"), "{told}");
        let inline = format!("provision = {{ account = \"a\", one_time_password = \"once upon a time\" }}\n{SITE}");
        assert!(Provision::parse(&inline).is_err(), "it would be kept");
        for (section, named) in [
            ("choice = \"old\"\n", "line 7, [provision] choice: \"new\", \"join\", \"restore\" or \"spare\""),
            ("choice = \"join\"\naddress = \"192.168.1.20:8444\"\n", "account is missing; choice = \"join\" needs"),
            ("choice = \"restore\"\naccount = \"a\"\n", "line 8, [provision] account: not with choice = \"restore\""),
            ("choice = \"restore\"\nbackup = \"b\"\n", "recovery_key is missing"),
            (
                "choice = \"restore\"\nrecovery_key = \"U\"\nbackup = \"b\"\n",
                "line 8, [provision] recovery_key: That is not",
            ),
            ("choice = \"spare\"\nbox_name = \"予備\"\nkind = \"shop\"\n", "line 9, [provision] kind: one of clinic"),
            ("choice = \"spare\"\nbox_name = \"予備\"\nkind = \"clinic\"\n", "[site]: not with choice = \"spare\""),
        ] {
            let told = why(&format!("{SITE}[provision]\n{section}"));
            assert!(told.contains(named), "{told}");
        }
        let told = why(&format!(
            "{SITE}[provision]\nchoice = \"join\"\nbox_name = \"第2窓口\"\naddress = \"there\"\n{PERSON}"
        ));
        assert!(told.contains("line 9, [provision] address"), "{told}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_spare_box_waits_and_becomes_another_one_later() {
        let folder = tempfile::tempdir().unwrap();
        let beside = Path::new("/nowhere");
        let spare = "[provision]\nchoice = \"spare\"\nbox_name = \"予備\"\nkind = \"pharmacy\"\n";
        let applied = Provision::parse(spare).unwrap().apply(folder.path(), beside).await.unwrap();
        assert_eq!(applied, Applied::Spare);
        assert_eq!(first_start::spare_in(folder.path()).unwrap().name, "予備");
        let without_person = Provision::parse(SITE).unwrap();
        assert_eq!(without_person.apply(folder.path(), beside).await.unwrap(), Applied::Settled);
        assert!(first_start::spare_in(folder.path()).is_none() && folder.path().join(SETTINGS).exists());
    }

    #[test]
    fn secrets_are_wiped_in_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let medium = folder.path().join("provision.toml");
        let text = format!("{}[x]\nrecovery_key = \"ABCD\"\n", good());
        std::fs::write(&medium, &text).unwrap();
        wipe_secret(&medium).unwrap();
        wipe_secret(&medium).unwrap();
        let left = std::fs::read_to_string(&medium).unwrap();
        assert_eq!(left.len(), text.len());
        assert!(!left.contains("once upon") && !left.contains("ABCD") && left.contains("account = \"院長\""), "{left}");
    }
}
