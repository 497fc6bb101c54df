//! `[provision]`: what is done once and never kept.

use anyhow::{Context, bail};
use domain::case::SiteKind;
use serde::Deserialize;
use std::path::PathBuf;
use web::port::{FirstPerson, RestoreBackup, SpareBox};

/// Fewest characters of the password for the first time.
const FEWEST_CHARACTERS: usize = 12;
/// Most characters of a name.
const MOST_CHARACTERS: usize = 40;

/// What the box is to become.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// a new facility; the first person may be made later, at the box
    New(Option<FirstPerson>),
    /// one more box of a facility: the code and the digits are for people, at the box
    Join { address: String, box_name: String, person: FirstPerson },
    /// the box a backup was made of
    Restore(RestoreBackup),
    /// a box that waits
    Spare(SpareBox),
}

#[derive(Deserialize)]
struct File {
    provision: Option<Section>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    choice: Option<String>,
    account: Option<String>,
    one_time_password: Option<String>,
    address: Option<String>,
    box_name: Option<String>,
    backup: Option<PathBuf>,
    recovery_key: Option<String>,
    kind: Option<String>,
}

/// The keys each choice takes.
const KEYS: [(&str, &[&str]); 4] = [
    ("new", &["account", "one_time_password"]),
    ("join", &["address", "box_name", "account", "one_time_password"]),
    ("restore", &["backup", "recovery_key"]),
    ("spare", &["box_name", "kind"]),
];

/// Reads the section. `lines`: the file with every line outside it left empty.
pub(super) fn wanted(lines: &str) -> anyhow::Result<Wanted> {
    let file: File = toml::from_str(lines).context("[provision]")?;
    let section = file.provision.unwrap_or_default();
    let said = section.choice.as_deref().unwrap_or("new");
    let Some((choice, keys)) = KEYS.iter().find(|(choice, _)| *choice == said) else {
        bail!("{}: \"new\", \"join\", \"restore\" or \"spare\"", at(lines, "choice"));
    };
    for key in section.given() {
        if !keys.contains(&key) {
            bail!("{}: not with choice = \"{choice}\"; that takes {}", at(lines, key), keys.join(", "));
        }
    }
    let missing = |key: &str| {
        format!("{}: {key} is missing; choice = \"{choice}\" needs {}", at(lines, "choice"), keys.join(", "))
    };
    match *choice {
        "new" if section.account.is_none() && section.one_time_password.is_none() => Ok(Wanted::New(None)),
        "new" => Ok(Wanted::New(Some(section.person(lines, &missing)?))),
        "join" => {
            let person = section.person(lines, &missing)?;
            let address = section.address.with_context(|| missing("address"))?;
            if let Err(why) = crate::enrolment::place(&address) {
                bail!("{}: {}", at(lines, "address"), why.en);
            }
            Ok(Wanted::Join { address, box_name: name(lines, section.box_name, &missing)?, person })
        }
        "restore" => {
            let recovery_key = section.recovery_key.with_context(|| missing("recovery_key"))?;
            if let Err(failure) = crate::backup::RecoveryKey::parse(recovery_key.trim()) {
                bail!("{}: {}", at(lines, "recovery_key"), failure.text().en);
            }
            let from = section.backup.with_context(|| missing("backup"))?;
            Ok(Wanted::Restore(RestoreBackup { from, key: recovery_key, site: None }))
        }
        _ => {
            let kind = section.kind.as_deref().with_context(|| missing("kind"))?;
            let known = || SiteKind::ALL.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", ");
            let kind =
                SiteKind::from_code(kind).with_context(|| format!("{}: one of {}", at(lines, "kind"), known()))?;
            Ok(Wanted::Spare(SpareBox { name: name(lines, section.box_name, &missing)?, kind }))
        }
    }
}

impl Section {
    fn given(&self) -> Vec<&'static str> {
        let all = [
            ("account", self.account.is_some()),
            ("one_time_password", self.one_time_password.is_some()),
            ("address", self.address.is_some()),
            ("box_name", self.box_name.is_some()),
            ("backup", self.backup.is_some()),
            ("recovery_key", self.recovery_key.is_some()),
            ("kind", self.kind.is_some()),
        ];
        all.into_iter().filter(|(_, is_given)| *is_given).map(|(key, _)| key).collect()
    }

    fn person(&self, lines: &str, missing: &impl Fn(&str) -> String) -> anyhow::Result<FirstPerson> {
        let account = self.account.clone().with_context(|| missing("account"))?;
        let password = self.one_time_password.clone().with_context(|| missing("one_time_password"))?;
        if account.trim().is_empty() || account.chars().count() > MOST_CHARACTERS {
            bail!("{}: 1 to {MOST_CHARACTERS} characters", at(lines, "account"));
        }
        if password.chars().count() < FEWEST_CHARACTERS {
            bail!("{}: at least {FEWEST_CHARACTERS} characters", at(lines, "one_time_password"));
        }
        Ok(FirstPerson { account, password })
    }
}

fn name(lines: &str, name: Option<String>, missing: &impl Fn(&str) -> String) -> anyhow::Result<String> {
    let name = name.with_context(|| missing("box_name"))?;
    let is_fine = !name.trim().is_empty() && name.len() <= sync::facility::statement::MAX_NAME;
    if is_fine && !name.chars().any(char::is_control) {
        return Ok(name.trim().to_owned());
    }
    bail!("{}: a name of at most {} bytes", at(lines, "box_name"), sync::facility::statement::MAX_NAME)
}

/// Where a key stands; the section's own line where it does not.
fn at(lines: &str, key: &str) -> String {
    let line_of = |wanted: &dyn Fn(&str) -> bool| lines.lines().position(|line| wanted(line.trim_start()));
    let is_key = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    let line = line_of(&is_key).or_else(|| line_of(&|line: &str| line.starts_with('[')));
    match line {
        Some(line) => format!("line {}, [provision] {key}", line + 1),
        None => format!("[provision] {key}"),
    }
}
