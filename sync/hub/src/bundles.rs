//! Signed bundles, as files under their hashes, beside the store.

use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use sync::update::{Arch, BundleHash, PIECE_BYTES, Version};

/// A folder of bundles.
#[derive(Clone, Debug)]
pub struct Bundles(PathBuf);

/// What a bundle's signed manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// the version in it
    pub version: Version,
    /// for which processor
    pub arch: Arch,
    /// the newest migration of a box's record that it knows
    pub schema: u16,
}

/// Why a bundle is not published. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NotPublished {
    /// the file or the folder cannot be used
    #[error("the file or the folder of the bundles cannot be used")]
    File(#[from] io::Error),
    /// rauc refused it, or is not there
    #[error("the bundle does not verify: {0}")]
    NotVerified(String),
    /// its manifest lacks something
    #[error("the bundle does not say {0}")]
    Lacks(&'static str),
}

impl Bundles {
    /// The bundles in this folder.
    pub fn in_folder(folder: &Path) -> Bundles {
        Bundles(folder.to_owned())
    }

    fn path(&self, hash: BundleHash) -> PathBuf {
        self.0.join(format!("{hash}.raucb"))
    }

    /// Copies a bundle into the folder, durably, under its hash. Returns hash and length.
    ///
    /// # Errors
    /// The file's or the folder's; nothing new is under a hash then.
    pub fn take(&self, file: &Path) -> io::Result<(BundleHash, u64)> {
        std::fs::create_dir_all(&self.0)?;
        let half_made = self.0.join("half-made");
        let (mut from, mut to) = (File::open(file)?, File::create(&half_made)?);
        let (mut sum, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 1 << 20]);
        loop {
            let count = from.read(&mut piece)?;
            if count == 0 {
                break;
            }
            sum.update(&piece[..count]);
            to.write_all(&piece[..count])?;
            bytes += count as u64;
        }
        to.sync_all()?;
        let hash = BundleHash(sum.finalize().into());
        std::fs::rename(half_made, self.path(hash))?;
        File::open(&self.0)?.sync_all()?;
        Ok((hash, bytes))
    }

    /// A piece of a bundle, from a byte on.
    ///
    /// # Errors
    /// There is no such bundle, or it ends before.
    pub fn piece(&self, hash: BundleHash, from: u64) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.path(hash))?;
        file.seek(SeekFrom::Start(from))?;
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        file.take(PIECE_BYTES as u64).read_to_end(&mut piece)?;
        if piece.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(piece) }
    }
}

/// What is in a bundle that this authority's signer has signed.
///
/// # Errors
/// Why it cannot be published.
pub fn manifest(bundle: &Path, authority: &Path) -> Result<Manifest, NotPublished> {
    // as a box looks at it: a certificate for anything but signing programs does not count
    let conf = bundle.with_extension("rauc.conf");
    let keyring = authority.canonicalize()?;
    let text = format!(
        "[system]\ncompatible=any\nbootloader=noop\n[keyring]\npath={}\ncheck-purpose=codesign\n",
        keyring.display()
    );
    std::fs::write(&conf, text)?;
    let ran = Command::new("rauc")
        .arg("--conf")
        .arg(&conf)
        .args(["info", "--output-format=json"])
        .arg(bundle)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output();
    std::fs::remove_file(&conf)?;
    let ran = ran.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NotPublished::NotVerified("rauc is not installed: apt-get install rauc".to_owned()),
        _ => NotPublished::File(error),
    })?;
    if !ran.status.success() {
        let said = String::from_utf8_lossy(&ran.stderr);
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        return Err(NotPublished::NotVerified(last.to_owned()));
    }
    let said: serde_json::Value = serde_json::from_slice(&ran.stdout).map_err(io::Error::from)?;
    let text = |name: &str| said.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let arch = text("compatible").rsplit('-').next().and_then(Arch::from_code);
    let schema = text("description").split_whitespace().skip_while(|word| *word != "schema").nth(1);
    Ok(Manifest {
        version: Version::parse(text("version")).ok_or(NotPublished::Lacks("its version as three numbers"))?,
        arch: arch.ok_or(NotPublished::Lacks("its processor at the end of `compatible`"))?,
        schema: schema.and_then(|number| number.parse().ok()).ok_or(NotPublished::Lacks("its schema"))?,
    })
}
