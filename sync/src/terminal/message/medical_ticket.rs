//! Medical aid (医療扶助): tickets for treatment and dispensing.

use super::reading::wire_struct;

wire_struct! {
    /// `MedicalTicketInfo` 医療券・調剤券情報 (oqs-interface §2.4).
    MedicalTicketInfo {
        /// OQSCD018.
        ticket_type: "TicketType",
        /// 有効開始年月日, `yyyyMMdd`.
        valid_from: "MedicalTicketValidDate",
        /// 有効終了年月日, `yyyyMMdd`.
        valid_to: "MedicalTicketExpirationDate",
        /// 交付番号.
        issue_number: "IssueNumber",
        /// 診療年月, `yyyyMM`.
        medical_treatment_month: "MedicalTreatmentMonth",
        /// 指定医療機関コード.
        designated_institution_code: "DesignatedMedicalInstitutionCode",
        /// OQSCD026.
        designated_institution_flag: "DesignatedMedicalInstitutionFlag",
        /// 指定医療機関名.
        designated_institution_name: "DesignatedMedicalInstitutionName",
        /// 処方箋発行医療機関コード.
        prescription_issuer_code: "PrescriptionIssuerMedicalInstitutionCode",
        /// 処方箋発行医療機関名.
        prescription_issuer_name: "PrescriptionIssuerMedicalInstitutionName",
        /// 傷病名1.
        injury_name1: "InjuryName1",
        /// 傷病名2.
        injury_name2: "InjuryName2",
        /// 傷病名3.
        injury_name3: "InjuryName3",
        /// OQSCD019.
        medical_treatment_type: "MedicalTreatmentType",
        /// 本人支払額, yen.
        self_pay_amount: "SelfPayAmount",
        /// 地区担当員.
        district_contact_name: "DistrictContactName",
        /// 取扱担当者.
        handling_contact_name: "HandlingContactName",
        /// 単独・併用, OQSCD020.
        single_or_combined_use: "SingleOrCombinedUse",
        /// 社会保険の状況, OQSCD021.
        status_of_social_insurance: "StatusOfSocialInsurance",
        /// OQSCD022.
        consistency_flag: "ConsistencyFlag",
        /// 感染症の状況, OQSCD023. The tag itself lacks the second "i".
        status_of_infection: "StatusOfInfecton",
        /// 後期高齢者医療の状況, OQSCD024.
        status_of_elderly_medical_care: "StatusOfElderlyMedicalCare",
        /// 都道府県費の状況, OQSCD025.
        status_of_prefectural_expenses: "StatusOfPrefecturalExpenses",
        /// 備考1.
        remarks1: "Remarks1",
        /// 備考2.
        remarks2: "Remarks2",
        /// 備考3.
        remarks3: "Remarks3",
    }
}
