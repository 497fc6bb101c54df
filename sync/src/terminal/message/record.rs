//! One eligibility as registered with an insurer.

use super::consent::Consents;
use super::medical_ticket::MedicalTicketInfo;
use super::reading::{Reading, wire_struct};
use crate::terminal::codes::insured_card_classification;
use crate::terminal::element::Element;
use crate::terminal::unreadable::Unreadable;

wire_struct! {
    /// `ResultOfQualificationConfirmation` (oqs-interface §2.3). All text as received; absent and empty are the same.
    EligibilityRecord {
        /// 被保険者証区分, OQSCD010; `A1` is medical aid.
        insured_card_classification: "InsuredCardClassification",
        /// 保険者番号, padded on the left. In medical aid the 公費負担者番号.
        insurer_number: "InsurerNumber",
        /// 記号.
        insured_card_symbol: "InsuredCardSymbol",
        /// 番号, leading zeros significant. In medical aid the 受給者番号.
        insured_identification_number: "InsuredIdentificationNumber",
        /// 枝番.
        insured_branch_number: "InsuredBranchNumber",
        /// 本人・家族の別, OQSCD009.
        personal_family_classification: "PersonalFamilyClassification",
        /// 被保険者氏名(世帯主氏名): not the patient.
        insured_name: "InsuredName",
        /// 氏名; `●` stands for one character the service cannot carry.
        name: "Name",
        /// 氏名(その他).
        name_of_other: "NameOfOther",
        /// 氏名カナ, half-width.
        name_kana: "NameKana",
        /// 氏名カナ(その他), half-width.
        name_of_other_kana: "NameOfOtherKana",
        /// 性別1, OQSCD007.
        sex1: "Sex1",
        /// 性別2, OQSCD007.
        sex2: "Sex2",
        /// 生年月日, `yyyyMMdd`.
        birthdate: "Birthdate",
        /// 住所 as registered with the insurer.
        address: "Address",
        /// 郵便番号, `nnn-nnnn`.
        post_number: "PostNumber",
        /// 資格取得年月日, `yyyyMMdd`.
        qualification_date: "QualificationDate",
        /// 資格喪失年月日, `yyyyMMdd`.
        disqualification_date: "DisqualificationDate",
        /// 被保険者証交付年月日, `yyyyMMdd`.
        insured_certificate_issuance_date: "InsuredCertificateIssuanceDate",
        /// 有効開始年月日, `yyyyMMdd`.
        insured_card_valid_date: "InsuredCardValidDate",
        /// 有効終了年月日, `yyyyMMdd`; absence is not endlessness.
        insured_card_expiration_date: "InsuredCardExpirationDate",
        /// 一部負担金割合 of 後期高齢, 3-digit percent.
        insured_partial_contribution_ratio: "InsuredPartialContributionRatio",
        /// 未就学区分, OQSCD015.
        preschool_classification: "PreschoolClassification",
        /// 資格喪失事由, OQSCD008.
        reason_of_loss: "ReasonOfLoss",
        /// 保険者名称.
        insurer_name: "InsurerName",
        /// 限度額 提供同意フラグ, OQSCD001.
        limit_consent_flag: "LimitApplicationCertificateRelatedConsFlg",
        /// 限度額 同意日時, `yyyyMMddHHmmss`.
        limit_consent_time: "LimitApplicationCertificateRelatedConsTime",
        /// 特定疾病 提供同意フラグ, OQSCD016.
        specific_diseases_consent_flag: "SpecificDiseasesCertificateRelatedConsFlg",
        /// 特定疾病 同意日時, `yyyyMMddHHmmss`.
        specific_diseases_consent_time: "SpecificDiseasesCertificateRelatedConsTime",
        /// Limit certificate changed since last asked, OQSCD014 (bulk only).
        limit_certificate_changed: "LimitApplicationCertificateChanged",
        /// 照会番号 as registered by this clinic, ≤ 50 characters.
        reference_number: "ReferenceNumber",
        /// Meaning not publicly known; kept, never interpreted.
        qualification_confirmation_key: "QualificationConfirmationKey",
        ;
        /// 高齢受給者証情報.
        elderly_recipient_certificate: Option<ElderlyRecipientCertificate> = |reading: &mut Reading, element: &mut Element| {
            reading.group(element, "ElderlyRecipientCertificateInfo", ElderlyRecipientCertificate::read)
        },
        /// 限度額適用認定証関連情報.
        limit_certificate: Option<LimitCertificate> = |reading: &mut Reading, element: &mut Element| {
            reading.group(element, "LimitApplicationCertificateRelatedInfo", LimitCertificate::read)
        },
        /// 特定疾病療養受療証.
        specific_diseases: Vec<SpecificDiseasesCertificate> = |reading: &mut Reading, element: &mut Element| {
            within_list(reading, element, "SpecificDiseasesCertificateList", "SpecificDiseasesCertificateInfo",
                SpecificDiseasesCertificate::read)
        },
        /// 医療券・調剤券情報.
        medical_tickets: Vec<MedicalTicketInfo> = |reading: &mut Reading, element: &mut Element| {
            within_list(reading, element, "PublicExpenseResultList", "MedicalTicketInfo", MedicalTicketInfo::read)
        },
        /// Consents given on the reader, by topic.
        consents: Consents = Consents::read,
    }
}

impl EligibilityRecord {
    /// 医療扶助 rather than health insurance (oqs-interface §2.4).
    pub fn is_medical_aid(&self) -> bool {
        self.insured_card_classification.as_deref().map(str::trim) == Some(insured_card_classification::MEDICAL_AID)
    }
}

wire_struct! {
    /// `ElderlyRecipientCertificateInfo` 高齢受給者証情報 (70–74).
    ElderlyRecipientCertificate {
        /// 交付年月日, `yyyyMMdd`.
        issued_on: "ElderlyRecipientCertificateDate",
        /// 有効開始年月日, `yyyyMMdd`.
        valid_from: "ElderlyRecipientValidStartDate",
        /// 有効終了年月日, `yyyyMMdd`.
        valid_to: "ElderlyRecipientValidEndDate",
        /// 一部負担金割合, 3-digit percent.
        contribution_ratio: "ElderlyRecipientContributionRatio",
    }
}

wire_struct! {
    /// `LimitApplicationCertificateRelatedInfo` 限度額適用認定証関連情報.
    LimitCertificate {
        /// 証区分, OQSCD011.
        classification: "LimitApplicationCertificateClassification",
        /// 適用区分, OQSCD012 (`A01`…`B10`).
        classification_flag: "LimitApplicationCertificateClassificationFlag",
        /// 交付年月日, `yyyyMMdd`.
        issued_on: "LimitApplicationCertificateDate",
        /// 有効開始年月日, `yyyyMMdd`.
        valid_from: "LimitApplicationCertificateValidStartDate",
        /// 有効終了年月日, `yyyyMMdd`.
        valid_to: "LimitApplicationCertificateValidEndDate",
        /// 長期入院該当年月日, `yyyyMMdd`.
        long_term_from: "LimitApplicationCertificateLongTermDate",
    }
}

wire_struct! {
    /// `SpecificDiseasesCertificateInfo` 特定疾病療養受療証.
    SpecificDiseasesCertificate {
        /// 認定疾病区分, OQSCD013.
        disease_category: "SpecificDiseasesDiseaseCategory",
        /// 交付年月日, `yyyyMMdd`.
        issued_on: "SpecificDiseasesCertificateDate",
        /// 有効開始年月日, `yyyyMMdd`.
        valid_from: "SpecificDiseasesValidStartDate",
        /// 有効終了年月日, `yyyyMMdd`.
        valid_to: "SpecificDiseasesValidEndDate",
        /// 自己負担限度額, yen per month.
        self_pay: "SpecificDiseasesSelfPay",
    }
}

/// The items of a list element that stands at most once.
pub(crate) fn within_list<T>(
    reading: &mut Reading,
    element: &mut Element,
    list: &str,
    item: &str,
    read: impl FnMut(&mut Reading, &mut Element) -> Result<T, Unreadable>,
) -> Result<Vec<T>, Unreadable> {
    let items = reading.group(element, list, |reading, element| reading.list(element, item, read))?;
    Ok(items.unwrap_or_default())
}
