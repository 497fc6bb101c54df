//! Issuing an emulated card: what its memory holds.

use std::fmt;

use jiff::civil::Date;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;

use super::certificates::{self, AUTHENTICATION_KEY, Chain, Purpose, SIGNATURE_KEY};
use super::memory::{Access, Application, Body, File};
use super::order::{CardOrder, Days};
use super::printed::Printed;
use super::profile::Profile;
use super::tlv;
use super::touches::SensitiveObject as Object;

/// The four digits that open an emulated card.
pub const PRACTICE_PIN: &str = "1234";
/// Its signature password.
pub const PRACTICE_PASSWORD: &str = "PRACTICE1";

/// Stands where the individual number would: as long, and no number.
const NO_NUMBER: &[u8; 12] = b"NOT-A-NUMBER";

pub(super) const JPKI: &[u8] = &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
pub(super) const TEXT: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];
pub(super) const FACE: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
pub(super) const REGISTER: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01];
const COMMON: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00];
const CARD_MANAGER: &[u8] = &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00];

/// The certificates or keys could not be made, which is a fault of this program.
#[derive(Debug)]
pub struct IssueFailed(Box<dyn std::error::Error + Send + Sync>);

/// A card fresh from the printer.
pub(super) struct Issued {
    pub(super) applications: Vec<Application>,
    pub(super) printed: Printed,
    pub(super) authentication_certificate: Vec<u8>,
}

struct Chains {
    authentication: Chain,
    signature: Chain,
}

/// Makes what the order describes.
pub(super) fn issue(order: &CardOrder) -> Result<Issued, IssueFailed> {
    let mut random = order.random();
    let (days, holder) = order.days_and_holder(&mut random);
    let printed = Printed::new(holder, days, &mut random);
    let chains = chains(days, &mut random)?;
    let authentication_certificate = chains.authentication.holder.clone();
    let applications = match order.profile {
        Profile::Foreign => Vec::new(),
        profile if profile.is_phone() => vec![jpki(profile, chains)?, card_manager()],
        profile => vec![
            jpki(profile, chains)?,
            text(profile, &printed),
            face(&printed),
            resident_register(),
            common(printed.card_expiry, &mut random),
            card_manager(),
        ],
    };
    Ok(Issued { applications, printed, authentication_certificate })
}

fn chains(days: Days, random: &mut ChaCha8Rng) -> Result<Chains, IssueFailed> {
    let subject = format!("PRACTICE{:016X}", random.random::<u64>());
    let mut chain =
        |purpose| certificates::chain(purpose, days, random.random_range(0x0100_0000..0x7FFF_FFFF), &subject);
    Ok(Chains { authentication: chain(Purpose::Authentication)?, signature: chain(Purpose::Signature)? })
}

fn jpki(profile: Profile, chains: Chains) -> Result<Application, IssueFailed> {
    const PIN: u16 = 0x0018;
    const PASSWORD: u16 = 0x001B;
    let own_access = if profile.is_phone() { Access::OneOf(&[PIN]) } else { Access::Free };
    let has_signature = profile != Profile::FaceOnly;
    let mut files = vec![
        File::free(0x0002, chains.signature.authority),
        File::free(0x0006, token_information(profile)),
        File::free(0x0008, vec![if has_signature { 0x8F } else { 0x00 }, 0x8F, 0x00]),
        File::guarded(0x000A, chains.authentication.holder, own_access),
        File::free(0x000B, chains.authentication.authority),
        File::key(0x0017, RsaPrivateKey::from_pkcs8_pem(AUTHENTICATION_KEY)?, PIN),
        File::secret(PIN, pin(profile), tries_left(profile, 3), 3),
        File::secret(PASSWORD, has_signature.then_some(PRACTICE_PASSWORD), tries_left(profile, 5), 5),
    ];
    if has_signature {
        let certificate = File::guarded(0x0001, chains.signature.holder, Access::OneOf(&[PASSWORD]));
        let key = File::key(0x001A, RsaPrivateKey::from_pkcs8_pem(SIGNATURE_KEY)?, PASSWORD);
        files.push(certificate.sensitive(Object::SignatureCertificate, 0));
        files.push(key.sensitive(Object::SignatureKey, 0));
    }
    Ok(Application::new(JPKI, files))
}

fn text(profile: Profile, printed: &Printed) -> Application {
    const PIN: u16 = 0x0011;
    const KEY_A: u16 = 0x0014;
    const KEY_B: u16 = 0x0015;
    let number = tlv::object(0xFF10, NO_NUMBER);
    let digests = tlv::indexed(0xFF30, &[tlv::object(0xDF31, &[0; 32]), tlv::object(0xDF32, &[0; 32])]);
    Application::new(
        TEXT,
        vec![
            File::guarded(0x0001, number, Access::OneOf(&[PIN, KEY_A])).sensitive(Object::IndividualNumber, 0),
            File::guarded(0x0002, attributes(printed), Access::OneOf(&[PIN, KEY_B])),
            File::guarded(0x0003, digests, Access::OneOf(&[PIN, KEY_A, KEY_B])).sensitive(Object::NumberDigest, 0),
            File::free(0x0005, tlv::object(0xFF40, &tlv::object(0xDF41, b"0001"))),
            File::secret(PIN, pin(profile), tries_left(profile, 3), 3),
            File::secret(0x0012, None, 0, 3),
            File::secret(KEY_A, None, 10, 10).sensitive(Object::NumberKey, 0),
            File::secret(KEY_B, Some(&printed.surface_code()), 10, 10),
        ],
    )
}

fn face(printed: &Printed) -> Application {
    const KEY_B: u16 = 0x0012;
    const KEY_A: u16 = 0x0013;
    let basic = tlv::object(0xDF31, b"0001");
    let municipality = tlv::object(0xDF34, b"00000");
    let opaque = tlv::object(0xDF35, &[0; 272]);
    let harmless = basic.len() + municipality.len();
    let contents = tlv::object(0xFF30, &[basic, municipality, opaque].concat());
    let outer = contents.len() - harmless - 272 - 5;
    Application::new(
        FACE,
        vec![
            File::guarded(0x0002, card_face(printed), Access::OneOf(&[KEY_A, KEY_B])),
            File::free(0x0003, contents).sensitive(Object::OpaqueReference, outer + harmless),
            File::guarded(0x0005, tlv::object(0xFF40, NO_NUMBER), Access::OneOf(&[KEY_A]))
                .sensitive(Object::NumberImage, 0),
            File::secret(KEY_B, Some(&printed.surface_code()), 10, 10),
            File::secret(KEY_A, None, 10, 10).sensitive(Object::NumberKey, 0),
        ],
    )
}

fn resident_register() -> Application {
    Application { sensitive: Some(Object::ResidentRegister), ..Application::new(REGISTER, Vec::new()) }
}

/// Record 1: card serial, municipality, card expiry (`my-number-card §4.4`). No municipality has the number 00000.
fn common(card_expiry: Date, random: &mut ChaCha8Rng) -> Application {
    let serial: u32 = random.random_range(0..1_000_000);
    let digits = format!("{serial:015}00000{}", card_expiry.strftime("%Y%m%d"));
    let record = [&[0x01, 0x1C], digits.as_bytes()].concat();
    Application::new(COMMON, vec![File { id: 0x0001, body: Body::Records(vec![record]), sensitive: None }])
}

fn card_manager() -> Application {
    Application::new(CARD_MANAGER, Vec::new())
}

/// A card without PINs has none that could ever fit.
fn pin(profile: Profile) -> Option<&'static str> {
    (profile != Profile::FaceOnly).then_some(PRACTICE_PIN)
}

fn tries_left(profile: Profile, tries: u8) -> u8 {
    if matches!(profile, Profile::Locked | Profile::FaceOnly) { 0 } else { tries }
}

/// 160 bytes, the first 32 of them the token's name (`my-number-card §4.1`).
fn token_information(profile: Profile) -> Vec<u8> {
    let name: &[u8] = match profile {
        Profile::PhoneAndroid => b"JPKIAPGPSETOKEN",
        Profile::PhoneIphone => b"JPKIAPIOSTOKEN",
        _ => b"JPKIAPICCTOKEN2",
    };
    let mut bytes = name.to_vec();
    bytes.resize(96, b' ');
    bytes.resize(160, 0);
    bytes
}

/// The four attributes (`my-number-card §8.1`), with filler behind them.
fn attributes(printed: &Printed) -> Vec<u8> {
    let holder = &printed.holder;
    let members = [
        tlv::object(0xDF22, holder.name.as_bytes()),
        tlv::object(0xDF23, holder.address.as_bytes()),
        tlv::object(0xDF24, holder.birth.strftime("%Y%m%d").to_string().as_bytes()),
        tlv::object(0xDF25, &[holder.sex.digit()]),
    ];
    let mut bytes = tlv::indexed(0xFF20, &members);
    bytes.resize(bytes.len().next_multiple_of(64), 0xFF);
    bytes
}

/// The face (`my-number-card §8.2`) without pictures: nobody practises on a photograph.
fn card_face(printed: &Printed) -> Vec<u8> {
    let birth = printed.holder.birth.strftime("%Y%m%d").to_string();
    let expiry = printed.card_expiry.strftime("%Y%m%d").to_string();
    let contents: [(u16, &[u8]); 9] = [
        (0xDF22, birth.as_bytes()),
        (0xDF23, &[printed.holder.sex.digit()]),
        (0xDF24, &[]),
        (0xDF25, &[]),
        (0xDF26, &[]),
        (0xDF27, &[]),
        (0xDF28, &[]),
        (0xDF29, expiry.as_bytes()),
        (0xDF2A, &[]),
    ];
    tlv::indexed(0xFF20, &contents.map(|(tag, value)| tlv::object(tag, value)))
}

impl From<rcgen::Error> for IssueFailed {
    fn from(error: rcgen::Error) -> Self {
        Self(Box::new(error))
    }
}

impl From<rsa::pkcs8::Error> for IssueFailed {
    fn from(error: rsa::pkcs8::Error) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for IssueFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "練習用カードを作れませんでした。ほかには影響ありません。開発元にお知らせください。 / The practice card could not be made. Nothing else is affected: please tell the maker.",
        )
    }
}

impl std::error::Error for IssueFailed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
