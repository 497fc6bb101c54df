//! Insurance schemes.

use serde::Serialize;

/// Insurance schemes (`claims-rules §5.2`) and medical aid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Scheme {
    /// One of the schemes with a two-digit code (法別番号), for instance `06`.
    Coded(&'static str),
    /// 市町村国保: six digits, no code.
    Kokuho,
    /// 国保組合: six digits, third digit 3.
    KokuhoSociety,
}

impl Scheme {
    /// 医療扶助 (生活保護).
    pub const MEDICAL_AID: Scheme = Scheme::Coded("12");
    /// 後期高齢者医療
    pub const LATE_ELDERLY: Scheme = Scheme::Coded("39");
    /// Every scheme of `claims-rules §5.2`, and medical aid.
    pub const ALL: [Scheme; 20] = [
        Scheme::Coded("01"),
        Scheme::Coded("02"),
        Scheme::Coded("03"),
        Scheme::Coded("04"),
        Scheme::Coded("06"),
        Scheme::Coded("07"),
        Scheme::Coded("31"),
        Scheme::Coded("32"),
        Scheme::Coded("33"),
        Scheme::Coded("34"),
        Scheme::LATE_ELDERLY,
        Scheme::Coded("63"),
        Scheme::Coded("67"),
        Scheme::Coded("72"),
        Scheme::Coded("73"),
        Scheme::Coded("74"),
        Scheme::Coded("75"),
        Scheme::Kokuho,
        Scheme::KokuhoSociety,
        Scheme::MEDICAL_AID,
    ];
}
