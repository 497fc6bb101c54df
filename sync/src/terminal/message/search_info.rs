//! What was asked, as the terminal echoes it.

use super::reading::wire_struct;

wire_struct! {
    /// `QualificationConfirmSearchInfo` echoed in an answer (oqs-interface §2.2). Absent in face files.
    SearchInfo {
        /// 保険者番号, usually 8 characters, padded on the left with spaces or zeros.
        insurer_number: "InsurerNumber",
        /// 記号.
        insured_card_symbol: "InsuredCardSymbol",
        /// 番号, leading zeros significant.
        insured_identification_number: "InsuredIdentificationNumber",
        /// 枝番, 2 digits.
        insured_branch_number: "InsuredBranchNumber",
        /// 生年月日, `yyyyMMdd`.
        birthdate: "Birthdate",
        /// 限度額 提供同意フラグ, OQSCD001.
        limit_consent_flag: "LimitApplicationCertificateRelatedConsFlg",
        /// 任意の識別子, echoed; ties a person of a bulk request to the answer.
        arbitrary_identifier: "ArbitraryIdentifier",
    }
}
