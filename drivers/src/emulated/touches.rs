//! Who asked for what nobody may ask for.

use std::collections::BTreeMap;

/// An object of the card that reception has no business with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SensitiveObject {
    /// The individual number (TEXT `0001`).
    IndividualNumber,
    /// Its digest (TEXT `0003`).
    NumberDigest,
    /// 照合番号A, whose value is the number (TEXT `0014`, FACE `0013`).
    NumberKey,
    /// The picture of the number (FACE `0005`).
    NumberImage,
    /// The opaque object that may be an encrypted reference number (FACE `0003`, `DF35`).
    OpaqueReference,
    /// The application of the resident register.
    ResidentRegister,
    /// The secured channel that would only serve to hide such reading.
    SecureMessaging,
    /// The signature certificate (JPKI `0001`) with name, address, birth date and sex. Not forbidden by law, but of no
    /// use to a reception.
    SignatureCertificate,
    /// The signature key (JPKI `001A`).
    SignatureKey,
}

impl SensitiveObject {
    /// Whether a reception must never touch it (`my-number-card §1.1`), rather than having no use for it.
    pub fn is_forbidden(self) -> bool {
        !matches!(self, Self::SignatureCertificate | Self::SignatureKey)
    }
}

/// How often each sensitive object was asked for, whether or not the card gave it, and what else tests want to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TouchLog {
    /// Commands that addressed each object.
    pub objects: BTreeMap<SensitiveObject, u32>,
    /// How often any secret was presented: `VERIFY` with a body.
    pub secrets_presented: u32,
    /// How many commands the card carried out or refused.
    pub commands: u64,
}

impl TouchLog {
    /// How many commands addressed an object that must never be touched.
    pub fn forbidden(&self) -> u32 {
        self.objects.iter().filter(|(object, _)| object.is_forbidden()).map(|(_, count)| count).sum()
    }

    pub(super) fn touch(&mut self, object: SensitiveObject) {
        *self.objects.entry(object).or_default() += 1;
    }
}
