//! The Debian packages the build and the tests need: which are missing, and what to do about it.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use crate::refusal::Refusal;

/// A C toolchain for the bundled SQLite and OpenSSL (whose configuration is a Perl program) and for the TLS provider.
/// The client side of the card reader service, and what finds it.
pub const FOR_BUILDING: &[&str] = &["gcc", "libc6-dev", "libpcsclite-dev", "make", "perl", "pkg-config"];
/// A real browser with its remote control, and Japanese letters for the pages it shows.
pub const FOR_SYSTEM_TESTS: &[&str] = &["chromium", "chromium-driver", "fonts-ipaexfont", "fonts-noto-cjk"];

/// What fetches the judge of accessibility.
pub const FOR_ACCESS_TESTS: &[&str] = &["npm"];

/// Foreign eyes for the papers: what their text says when somebody copies it out of the PDF.
pub const FOR_PRINT_TESTS: &[&str] = &["poppler-utils"];

/// The card reader service with its virtual reader, foreign card tools as judges, a USB bus to plug readers into, a
/// D-Bus to find logind on, and what gives each test a world of its own.
pub const FOR_READER_TESTS: &[&str] = &[
    "dbus-daemon",
    "gir1.2-umockdev-1.0",
    "iproute2",
    "mount",
    "opensc",
    "openssl",
    "pcscd",
    "python3-gi",
    "umockdev",
    "util-linux",
    "vsmartcard-vpcd",
];

/// A database server for the hub, which the tests start themselves in scratch folders.
pub const FOR_HUB_TESTS: &[&str] = &["postgresql", "util-linux"];

/// What makes and judges the updates of a box: another maker's tool for signed bundles, and the vendor's keys.
pub const FOR_UPDATE_TESTS: &[&str] = &["openssl", "rauc", "squashfs-tools"];

/// What makes machines and the lines between them: network namespaces, a switch, and cuts.
pub const FOR_LINE_TESTS: &[&str] = &["iproute2", "nftables", "util-linux"];

/// The card reader service with its virtual reader, and what makes them a place of their own.
pub const FOR_VIRTUAL_READER: &[&str] = &["iproute2", "mount", "pcscd", "util-linux", "vsmartcard-vpcd"];

/// What to do about the packages somebody wants.
#[derive(Debug, PartialEq, Eq)]
pub enum Plan {
    /// Everything is there: apt is not even asked.
    Nothing,
    /// These are missing and we may install them.
    Install(Vec<String>),
    /// These are missing and only root may install them.
    AskForRoot(Vec<String>),
    /// No package database to ask: go on, and say what will be needed.
    NotDebian(Vec<String>),
}

/// Decides from the installed packages (`None`: there is no `dpkg`), the wanted ones, and whether we are root.
pub fn plan(installed: Option<&BTreeSet<String>>, wanted: &[&str], is_root: bool) -> Plan {
    let missing = |known: &BTreeSet<String>| {
        let missing: BTreeSet<&str> = wanted.iter().copied().filter(|name| !known.contains(*name)).collect();
        missing.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    match installed.map(missing) {
        None => Plan::NotDebian(wanted.iter().map(|name| (*name).to_owned()).collect()),
        Some(missing) if missing.is_empty() => Plan::Nothing,
        Some(missing) if is_root => Plan::Install(missing),
        Some(missing) => Plan::AskForRoot(missing),
    }
}

/// Makes sure that `wanted` is there, installing it when that is possible.
pub fn ensure(wanted: &[&str]) -> Result<(), Refusal> {
    let wanted: Vec<&str> = wanted.iter().copied().filter(|name| !comes_otherwise(name)).collect();
    match plan(installed(&wanted).as_ref(), &wanted, is_root()) {
        Plan::Nothing => Ok(()),
        Plan::Install(missing) => install(&missing),
        Plan::AskForRoot(missing) => Err(Refusal::failure(root_needed(&missing))),
        Plan::NotDebian(wanted) => {
            eprintln!("{}", not_debian(&wanted));
            Ok(())
        }
    }
}

/// npm often comes with a newer Node.js than Debian's, and Debian's own package would push that aside.
fn comes_otherwise(package: &str) -> bool {
    let answers = || Command::new(package).arg("--version").output().is_ok_and(|output| output.status.success());
    FOR_ACCESS_TESTS.contains(&package) && answers()
}

/// What dpkg says is completely installed, as far as asked; `None` without dpkg.
fn installed(wanted: &[&str]) -> Option<BTreeSet<String>> {
    let format = "--showformat=${db:Status-Status} ${Package}\n";
    // a package dpkg has never heard of makes it end with status 1; what it knows is still on standard output
    let answer = Command::new("dpkg-query").args(["--show", format]).args(wanted).output().ok()?;
    Some(installed_in(&String::from_utf8_lossy(&answer.stdout)))
}

/// Lines of `status package`: the packages whose status is `installed` (not `config-files`, not `half-installed`).
fn installed_in(listing: &str) -> BTreeSet<String> {
    listing.lines().filter_map(|line| line.strip_prefix("installed ")).map(|name| name.trim().to_owned()).collect()
}

/// The owner of our own entry in `/proc` is the user we act as.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0)
}

fn install(missing: &[String]) -> Result<(), Refusal> {
    println!("==> Installing {} (a minute or two)", missing.join(" "));
    println!("    必要なパッケージをインストールしています（1〜2分）");
    if !apt_get(&["update"])? {
        eprintln!("    apt-get update failed; trying with the package lists that are there");
    }
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(missing.iter().map(String::as_str));
    if apt_get(&arguments)? { Ok(()) } else { Err(Refusal::failure(install_failed(missing))) }
}

fn apt_get(arguments: &[&str]) -> Result<bool, Refusal> {
    Command::new("apt-get")
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .map(|status| status.success())
        .map_err(|error| Refusal::failure(format!("apt-get could not be started: {error}")))
}

fn root_needed(missing: &[String]) -> String {
    let names = missing.join(" ");
    format!(
        "These Debian packages are missing, and only root may install them. Run this line, then the same command again:\n\
         次のパッケージが足りません。管理者（root）として次の1行を実行してから、もう一度やり直してください。\n\n    \
         sudo sh -c 'apt-get update && apt-get install --yes --no-install-recommends {names}'\n"
    )
}

fn install_failed(missing: &[String]) -> String {
    let names = missing.join(" ");
    format!(
        "apt-get could not install: {names}\nIts own message is above; nothing else was changed. \
         Most often the network or the package source is not reachable: check that, then run the same command again.\n\
         パッケージをインストールできませんでした。理由は上の表示のとおりです。ほかには何も変更していません。\
         ネットワークとパッケージの入手先を確かめてから、同じコマンドをもう一度実行してください。"
    )
}

fn not_debian(wanted: &[String]) -> String {
    format!(
        "note: no dpkg here, so packages cannot be checked. What Debian calls {} will be needed.\n\
         注意：dpkg がないため確認できません。上の名前にあたるものを用意してください。",
        wanted.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn nothing_is_done_when_everything_is_there() {
        assert_eq!(plan(Some(&set(&["gcc", "make", "perl"])), &["perl", "gcc"], false), Plan::Nothing);
        assert_eq!(plan(Some(&set(&[])), &[], true), Plan::Nothing);
    }

    #[test]
    fn root_installs_exactly_what_is_missing_each_once() {
        let plan = plan(Some(&set(&["gcc"])), &["perl", "gcc", "make", "perl"], true);
        assert_eq!(plan, Plan::Install(vec!["make".into(), "perl".into()]));
    }

    #[test]
    fn another_user_is_told_the_one_line_in_both_languages() {
        let Plan::AskForRoot(missing) = plan(Some(&set(&["gcc"])), &["gcc", "make", "perl"], false) else {
            panic!("must ask for root");
        };
        let text = root_needed(&missing);
        assert!(text.contains("apt-get update && apt-get install --yes --no-install-recommends make perl'"), "{text}");
        assert!(text.contains("管理者（root）"), "{text}");
        assert!(text.contains("only root may install them"), "{text}");
    }

    #[test]
    fn without_dpkg_everything_wanted_is_named_and_nothing_is_refused() {
        assert_eq!(plan(None, &["gcc"], true), Plan::NotDebian(vec!["gcc".into()]));
        assert!(not_debian(&["gcc".into(), "make".into()]).contains("gcc, make"));
    }

    #[test]
    fn only_completely_installed_packages_count() {
        let listing = "installed gcc\nconfig-files chromium\nhalf-installed make\nnot-installed perl\n\n";
        assert_eq!(installed_in(listing), set(&["gcc"]));
    }

    #[test]
    fn a_failed_installation_says_what_is_safe_and_what_to_do() {
        let text = install_failed(&["make".into()]);
        assert!(text.contains("nothing else was changed") && text.contains("ほかには何も変更していません"), "{text}");
    }
}
