//! Looking at a whole bundle before anything is written: signature, content, machine, age.

use super::refusal::Refusal;
use super::verity::{Verity, is_the_tree};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, Stdio};
use sync::update::{BundleHash, Version};

/// Bytes behind the signature that tell its length.
const LENGTH_BYTES: u64 = 8;

/// What the signed manifest of a whole bundle says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// the version in it
    pub version: Version,
    /// the newest migration of the record that it knows; 0 when it does not say
    pub schema: u16,
    /// for which machines it is
    pub compatible: String,
    /// its length
    pub bytes: u64,
    /// over all of it
    pub hash: BundleHash,
}

/// Checks a bundle with the program that will install it, then its content by ourselves: the signature covers only the root of the
/// tree over the content.
///
/// # Errors
/// What is wrong with it.
pub fn check(bundle: &Path, program: &Path, conf: &Path) -> Result<Checked, Refusal> {
    let mut file = File::open(bundle).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    let said = info(bundle, program, conf)?;
    let field = |name: &str| value(&said, name);
    if let Some(verity) = verity(&said)
        && !is_whole(&mut file, bytes, &verity)?
    {
        return Err(Refusal::Damaged);
    }
    let schema = field("Description:").unwrap_or_default();
    let schema = schema.split_whitespace().skip_while(|word| *word != "schema").nth(1);
    Ok(Checked {
        version: field("Version:").and_then(|text| Version::parse(&text)).ok_or(Refusal::NoVersion)?,
        schema: schema.and_then(|number| number.parse().ok()).unwrap_or(0),
        compatible: field("Compatible:").unwrap_or_default(),
        bytes,
        hash: hash_of(&mut file).map_err(unreadable)?,
    })
}

/// For which machines the settings of the installer say this one is.
pub fn compatible_of(conf: &Path) -> Option<String> {
    let text = std::fs::read_to_string(conf).ok()?;
    let line = text.lines().find_map(|line| line.trim().strip_prefix("compatible="))?;
    Some(line.trim().to_owned())
}

/// SHA-256 over a whole file.
///
/// # Errors
/// The file's.
pub fn hash_of(file: &mut File) -> io::Result<BundleHash> {
    file.seek(SeekFrom::Start(0))?;
    let mut sum = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(BundleHash(sum.finalize().into())),
            count => sum.update(&piece[..count]),
        }
    }
}

fn info(bundle: &Path, program: &Path, conf: &Path) -> Result<String, Refusal> {
    let ran = Command::new(program)
        .arg("--conf")
        .arg(conf)
        .arg("info")
        .arg(bundle)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output();
    let ran = ran.map_err(|error| Refusal::NoChecker(error.kind().to_string()))?;
    if ran.status.success() {
        return Ok(String::from_utf8_lossy(&ran.stdout).into_owned());
    }
    Err(refusal(&String::from_utf8_lossy(&ran.stderr)))
}

/// What the program's words mean.
fn refusal(said: &str) -> Refusal {
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let lower = last.to_lowercase();
    match () {
        () if lower.contains("signature verification failed") || lower.contains("verify error") => {
            Refusal::ForeignSignature
        }
        () if ["invalid bundle format", "signature size", "identifier"].iter().any(|words| lower.contains(words)) => {
            Refusal::Truncated
        }
        () if lower.contains("failed to parse signature") || lower.contains("asn1") || lower.contains("cms") => {
            Refusal::Damaged
        }
        () if lower.starts_with("no such file") => Refusal::Unreadable(ErrorKind::NotFound.to_string()),
        () => Refusal::NoChecker(last.chars().take(200).collect()),
    }
}

fn unreadable(error: io::Error) -> Refusal {
    Refusal::Unreadable(error.kind().to_string())
}

/// The quoted or plain value behind a name at the beginning of a line.
fn value(said: &str, name: &str) -> Option<String> {
    let line = said.lines().find_map(|line| line.trim_start().strip_prefix(name))?;
    Some(line.trim().trim_matches('\'').to_owned())
}

fn verity(said: &str) -> Option<Verity> {
    let root = BundleHash::from_hex(&value(said, "Verity Hash:")?)?.0;
    let salt = value(said, "Verity Salt:")?;
    let salt: Option<Vec<u8>> =
        salt.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    Some(Verity { root, salt: salt?, tree_bytes: value(said, "Verity Size:")?.parse().ok()? })
}

/// Content, tree, signature, length of the signature: in this order.
fn is_whole(file: &mut File, bytes: u64, verity: &Verity) -> Result<bool, Refusal> {
    let behind = bytes.checked_sub(LENGTH_BYTES).ok_or(Refusal::Truncated)?;
    file.seek(SeekFrom::Start(behind)).map_err(unreadable)?;
    let mut length = [0; LENGTH_BYTES as usize];
    file.read_exact(&mut length).map_err(unreadable)?;
    let signature = u64::from_be_bytes(length);
    let content = behind.checked_sub(signature).and_then(|rest| rest.checked_sub(verity.tree_bytes));
    let content = content.ok_or(Refusal::Truncated)?;
    is_the_tree(file, content, verity).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_installer_are_understood() {
        for (said, meant) in [
            ("signature verification failed: Verify error: self-signed certificate", Refusal::ForeignSignature),
            ("note\nInvalid bundle format: Signature size (48) exceeds bundle size\n", Refusal::Truncated),
            ("No such file: /nonexist", Refusal::Unreadable("entity not found".to_owned())),
            ("Failed to initialize: x", Refusal::NoChecker("Failed to initialize: x".to_owned())),
        ] {
            assert_eq!(refusal(said), meant, "{said}");
        }
        let said = "Compatible: \t'box-amd64'\n  Verity Size: \t28672\n";
        assert_eq!(value(said, "Compatible:").as_deref(), Some("box-amd64"));
        assert_eq!(value(said, "Verity Size:").as_deref(), Some("28672"));
    }
}
