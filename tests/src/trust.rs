//! A private authority, as whoever runs a terminal over HTTPS has one.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::path::Path;

/// Writes an authority and a certificate for each end into a folder: `authority.pem`, `terminal.pem`, `terminal.key`, `box.pem`,
/// `box.key`.
pub fn write_into(folder: &Path) {
    let write = |name: &str, pem: String| std::fs::write(folder.join(name), pem).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    write("authority.pem", params.self_signed(&key).unwrap().pem());
    let authority = Issuer::new(params, key);
    for (file, name) in [("terminal", "localhost"), ("box", "box")] {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        write(&format!("{file}.pem"), certificate.pem());
        write(&format!("{file}.key"), key.serialize_pem());
    }
}
