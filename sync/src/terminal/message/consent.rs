//! Consent blocks: what the patient allowed on the reader, until when.

use super::reading::Reading;
use crate::terminal::element::Element;
use crate::terminal::unreadable::Unreadable;
use std::fmt;

/// A topic of consent (oqs-interface §2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConsentTopic {
    /// 特定健診情報.
    Checkup,
    /// 薬剤情報.
    Drug,
    /// 診療情報.
    Diagnosis,
    /// 手術情報.
    Operation,
    /// 傷病名.
    DiagnosisName,
    /// 感染症.
    Infection,
    /// その他アレルギー等.
    Allergy,
    /// 薬剤アレルギー等.
    Contraindication,
    /// 検査.
    Test,
    /// 処方.
    Prescription,
}

impl ConsentTopic {
    /// Every topic. The last six are confirmed as names of another interface only; in these files they are inferred.
    pub const ALL: [ConsentTopic; 10] = [
        ConsentTopic::Checkup,
        ConsentTopic::Drug,
        ConsentTopic::Diagnosis,
        ConsentTopic::Operation,
        ConsentTopic::DiagnosisName,
        ConsentTopic::Infection,
        ConsentTopic::Allergy,
        ConsentTopic::Contraindication,
        ConsentTopic::Test,
        ConsentTopic::Prescription,
    ];

    /// Beginning of the element names.
    pub fn prefix(self) -> &'static str {
        match self {
            ConsentTopic::Checkup => "SpecificHealthCheckupsInfo",
            ConsentTopic::Drug => "PharmacistsInfo",
            ConsentTopic::Diagnosis => "DiagnosisInfo",
            ConsentTopic::Operation => "OperationInfo",
            ConsentTopic::DiagnosisName => "DiagnosisName",
            ConsentTopic::Infection => "InfectiousInfo",
            ConsentTopic::Allergy => "AllergyInfo",
            ConsentTopic::Contraindication => "ContraindicationInfo",
            ConsentTopic::Test => "TestInfo",
            ConsentTopic::Prescription => "PrescriptionInfo",
        }
    }
}

/// One consent block.
#[derive(Clone, PartialEq, Eq)]
pub struct Consent {
    /// What it is about.
    pub topic: ConsentTopic,
    /// OQSCD016; with `0` the times are usually missing.
    pub flag: Option<String>,
    /// When it was given, `yyyyMMddHHmmss`.
    pub time: Option<String>,
    /// Until when the data may be viewed, `yyyyMMddHHmmss`.
    pub available_until: Option<String>,
}

/// All consent blocks of one record, in the order of [`ConsentTopic::ALL`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Consents(pub Vec<Consent>);

impl Consents {
    /// The block about this topic.
    pub fn about(&self, topic: ConsentTopic) -> Option<&Consent> {
        self.0.iter().find(|consent| consent.topic == topic)
    }

    pub(crate) fn read(reading: &mut Reading, element: &mut Element) -> Result<Consents, Unreadable> {
        let mut consents = Vec::new();
        for topic in ConsentTopic::ALL {
            let consent = Consent {
                topic,
                flag: reading.text(element, &format!("{}ConsFlg", topic.prefix()))?,
                time: reading.text(element, &format!("{}ConsTime", topic.prefix()))?,
                available_until: reading.text(element, &format!("{}AvailableTime", topic.prefix()))?,
            };
            if consent.flag.is_some() || consent.time.is_some() || consent.available_until.is_some() {
                consents.push(consent);
            }
        }
        Ok(Consents(consents))
    }
}

impl fmt::Debug for Consents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} consents", self.0.len())
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Consent({:?})", self.topic)
    }
}
