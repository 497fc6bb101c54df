//! A vendor that signs bundles with the real program, as the image is built.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// For which machines the bundles are.
pub const COMPATIBLE: &str = "uketsuke-box-amd64";

/// An authority and its signer.
pub struct Vendor {
    folder: TempDir,
}

impl Vendor {
    pub fn new() -> Vendor {
        let folder = tempfile::tempdir().unwrap();
        let vendor = Vendor { folder };
        let at = |name: &str| vendor.path(name).display().to_string();
        let openssl = |arguments: &[&str]| run("openssl", arguments);
        openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "3650",
            "-subj",
            "/CN=authority",
            "-keyout",
            &at("authority.key"),
            "-out",
            &at("authority.pem"),
        ]);
        openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=signer",
            "-keyout",
            &at("signer.key"),
            "-out",
            &at("signer.csr"),
        ]);
        std::fs::write(vendor.path("use"), "keyUsage=digitalSignature\nextendedKeyUsage=codeSigning\n").unwrap();
        openssl(&[
            "x509",
            "-req",
            "-in",
            &at("signer.csr"),
            "-CA",
            &at("authority.pem"),
            "-CAkey",
            &at("authority.key"),
            "-CAcreateserial",
            "-days",
            "3650",
            "-extfile",
            &at("use"),
            "-out",
            &at("signer.pem"),
        ]);
        let conf = format!(
            "[system]\ncompatible={COMPATIBLE}\nbootloader=noop\nstatusfile={}\n[keyring]\npath={}\ncheck-purpose=codesign\n",
            at("status"),
            at("authority.pem")
        );
        std::fs::write(vendor.conf(), conf).unwrap();
        vendor
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The settings of a box that trusts this vendor.
    pub fn conf(&self) -> PathBuf {
        self.path("system.conf")
    }

    /// A signed bundle.
    pub fn bundle(&self, into: &Path, version: &str, schema: u32) {
        self.bundle_for(into, version, schema, COMPATIBLE);
    }

    /// The same for other machines.
    pub fn bundle_for(&self, into: &Path, version: &str, schema: u32, compatible: &str) {
        let content = tempfile::tempdir().unwrap();
        // what does not compress, and is the same every time
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random as u8
        };
        let image: Vec<u8> = (0..600_000).map(|_| next()).collect();
        std::fs::write(content.path().join("rootfs.img"), image).unwrap();
        let manifest = format!(
            "[update]\ncompatible={compatible}\nversion={version}\ndescription=schema {schema}\nbuild=test\n\n\
             [bundle]\nformat=verity\n\n[image.rootfs]\nfilename=rootfs.img\n"
        );
        std::fs::write(content.path().join("manifest.raucm"), manifest).unwrap();
        let at = |path: PathBuf| path.display().to_string();
        run(
            "rauc",
            &[
                "--cert",
                &at(self.path("signer.pem")),
                "--key",
                &at(self.path("signer.key")),
                "bundle",
                &at(content.path().to_owned()),
                &at(into.to_owned()),
            ],
        );
    }
}

fn run(program: &str, arguments: &[&str]) {
    let ran = Command::new(program).args(arguments).output();
    let ran = ran.unwrap_or_else(|error| panic!("{program}: {error}; apt-get install rauc openssl squashfs-tools"));
    assert!(ran.status.success(), "{program}: {}", String::from_utf8_lossy(&ran.stderr));
}
