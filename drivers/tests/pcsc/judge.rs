//! OpenSC, which knows the card from elsewhere, as the judge of the emulated one.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use drivers::emulated::{PRACTICE_PASSWORD, PRACTICE_PIN, Profile, SensitiveObject};

use crate::world::{CardInSlot, World, alone};

/// The card is in and the service runs.
fn court(world: &World, profile: Profile) -> CardInSlot {
    world.start_service();
    let card = world.card(profile);
    let watch = world.watch();
    let slot = crate::world::reader(&watch, crate::world::SLOTS[0]);
    crate::world::listener_once(&slot, "a card", |state| matches!(state, drivers::ReaderState::CardPresent { .. }));
    card
}

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// What a program that must succeed says.
fn says(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {}\n{told}", output.status);
    told
}

/// How often each line of OpenSC's listing of PINs says how many tries are left.
fn tries_left() -> Vec<String> {
    let told = says("pkcs15-tool", &["--list-pins"]);
    let tries = told.lines().filter_map(|line| line.trim().strip_prefix("Tries left"));
    tries.map(|line| line.trim_start_matches([' ', ':', '\t']).to_owned()).collect()
}

fn scratch(name: &str) -> PathBuf {
    std::path::Path::new("/run").join(name)
}

#[test]
fn opensc_names_the_card_and_lists_what_is_on_it() {
    alone(|world| {
        let _card = court(world, Profile::Normal);
        assert!(says("opensc-tool", &["--name"]).contains("jpki"));
        let certificates = says("pkcs15-tool", &["--list-certificates"]);
        assert_eq!(certificates.matches("X.509 Certificate").count(), 4, "{certificates}");
        let keys = says("pkcs15-tool", &["--list-keys"]);
        assert_eq!(keys.matches("Private RSA Key").count(), 2, "{keys}");
        assert_eq!(tries_left(), ["3", "5"]);
    });
}

#[test]
fn opensc_reads_the_free_certificate_as_it_is_and_openssl_understands_it() {
    alone(|world| {
        let card = court(world, Profile::Normal);
        let (pem, der) = (scratch("read.pem"), scratch("read.der"));
        let (pem, der) = (pem.to_str().unwrap(), der.to_str().unwrap());
        says("pkcs15-tool", &["--read-certificate", "01", "--output", pem]);
        says("openssl", &["x509", "-in", pem, "-outform", "DER", "-out", der]);
        assert_eq!(fs::read(der).unwrap(), card.knobs.authentication_certificate());
        let text = says("openssl", &["x509", "-in", pem, "-noout", "-text", "-nameopt", "oneline"]);
        for part in [
            "O = JPKI-TEST, OU = JPKI for user authentication, OU = Japan Agency for Local Authority Information Systems",
            "14:59:59",
            "1.2.392.200149.8.5.1.0.30",
            "TLS Web Client Authentication",
            "Digital Signature",
            "sha256WithRSAEncryption",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    });
}

#[test]
fn opensc_reads_the_signature_certificate_with_its_password_only() {
    alone(|world| {
        let card = court(world, Profile::Normal);
        let read = ["--read-certificate", "02"];
        assert!(!run("pkcs15-tool", &read).status.success(), "it needs the password");
        let with_password = [&read[..], &["--verify-pin", "--auth-id", "02", "--pin", PRACTICE_PASSWORD]].concat();
        assert!(says("pkcs15-tool", &with_password).contains("BEGIN CERTIFICATE"));
        assert!(card.knobs.log().objects[&SensitiveObject::SignatureCertificate] > 0);
        assert_eq!(card.knobs.log().forbidden(), 0, "OpenSC touches nothing that is forbidden either");
    });
}

#[test]
fn signatures_made_through_opensc_are_verified_by_openssl() {
    alone(|world| {
        let _card = court(world, Profile::Normal);
        let path = |name: &str| scratch(name).to_str().unwrap().to_owned();
        let (data, digest, signature) = (path("data"), path("digest"), path("signature"));
        fs::write(&data, "challenge").unwrap();
        says("openssl", &["dgst", "-sha256", "-binary", "-out", &digest, &data]);
        for (key, secret) in [("01", PRACTICE_PIN), ("02", PRACTICE_PASSWORD)] {
            let (certificate, public) = (path("certificate"), path("public"));
            let mut read = vec!["--read-certificate", key, "--output", &certificate];
            if key == "02" {
                read.extend(["--verify-pin", "--auth-id", "02", "--pin", secret]);
            }
            says("pkcs15-tool", &read);
            let sign = ["--sign", "--sha-256", "--pkcs1", "--key", key, "--pin", secret];
            says("pkcs15-crypt", &[&sign[..], &["--input", &digest, "--output", &signature, "--raw"]].concat());
            says("openssl", &["x509", "-in", &certificate, "-pubkey", "-noout", "-out", &public]);
            let verdict = says("openssl", &["dgst", "-sha256", "-verify", &public, "-signature", &signature, &data]);
            assert!(verdict.contains("Verified OK"), "key {key}: {verdict}");
        }
    });
}

#[test]
fn counters_go_down_with_a_wrong_pin_and_up_with_the_right_one() {
    alone(|world| {
        let card = court(world, Profile::Normal);
        let verify = |pin| run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", pin]).status.success();
        assert!(!verify("0000"));
        assert_eq!(tries_left(), ["2", "5"]);
        assert!(verify(PRACTICE_PIN));
        assert_eq!(tries_left(), ["3", "5"]);
        for left in ["2", "1", "0"] {
            assert!(!verify("0000"));
            assert_eq!(tries_left(), [left, "5"]);
        }
        assert!(!verify(PRACTICE_PIN), "locked is locked");
        assert!(card.knobs.log().secrets_presented >= 5);
    });
}

#[test]
fn the_cards_without_working_pins_are_named_and_readable() {
    alone(|world| {
        let card = court(world, Profile::Locked);
        for profile in [Profile::Locked, Profile::FaceOnly] {
            card.knobs.swap(&crate::world::order(profile, 3)).unwrap();
            crate::world::until("the other card", || {
                let named = run("opensc-tool", &["--name"]);
                String::from_utf8_lossy(&named.stdout).contains("jpki").then_some(())
            });
            assert_eq!(tries_left(), ["0", "0"], "{profile}");
            assert!(says("pkcs15-tool", &["--read-certificate", "01"]).contains("BEGIN CERTIFICATE"));
        }
    });
}

#[test]
fn a_phone_gives_its_certificate_only_with_its_pin() {
    alone(|world| {
        let _card = court(world, Profile::PhoneAndroid);
        assert!(!run("pkcs15-tool", &["--read-certificate", "01"]).status.success());
        let read = ["--read-certificate", "01", "--verify-pin", "--auth-id", "01", "--pin", PRACTICE_PIN];
        assert!(says("pkcs15-tool", &read).contains("BEGIN CERTIFICATE"));
    });
}

#[test]
fn a_foreign_card_is_not_taken_for_one() {
    alone(|world| {
        let _card = court(world, Profile::Foreign);
        let named = run("opensc-tool", &["--name"]);
        assert!(!String::from_utf8_lossy(&named.stdout).contains("jpki"));
    });
}

#[test]
fn certificates_end_when_their_profile_says_in_the_last_second_of_the_day_in_japan() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate");
    for (profile, end) in [
        (Profile::Expiring, "Dec 20 14:59:59 2026 GMT"),
        (Profile::InGrace, "Oct 21 14:59:59 2026 GMT"),
        (Profile::PastGrace, "Jun 23 14:59:59 2026 GMT"),
    ] {
        let chip = drivers::emulated::Chip::issue(&crate::world::order(profile, 4)).unwrap();
        fs::write(&file, chip.authentication_certificate()).unwrap();
        let told = says("openssl", &["x509", "-inform", "DER", "-in", file.to_str().unwrap(), "-noout", "-enddate"]);
        assert_eq!(told.trim(), format!("notAfter={end}"), "{profile}");
    }
}
