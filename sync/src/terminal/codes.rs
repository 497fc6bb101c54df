//! Code values of the interface (別紙5-1, tables OQSCD0nn) as far as reading and writing need them (oqs-interface §3).

/// OQSCD001 and OQSCD016: consent given on the card reader or asked for in a request.
pub mod consent {
    /// 同意なし.
    pub const NOT_GIVEN: &str = "0";
    /// 同意あり.
    pub const GIVEN: &str = "1";
    /// 期限切れ (home-visit and online interfaces only).
    pub const EXPIRED: &str = "2";
    /// 取得不可 (emergency interface only).
    pub const NOT_OBTAINABLE: &str = "3";
}

/// OQSCD002 照会区分.
pub mod reference_classification {
    /// My Number card.
    pub const MY_NUMBER_CARD: &str = "1";
    /// Data of the insurance card.
    pub const INSURANCE_DATA: &str = "2";
}

/// OQSCD003 処理結果区分.
pub mod segment_of_result {
    /// 正常終了.
    pub const NORMAL_END: &str = "1";
    /// 処理中.
    pub const IN_PROGRESS: &str = "2";
    /// 異常終了.
    pub const ABNORMAL_END: &str = "9";
}

/// OQSCD004 処理結果状況, per person.
pub mod processing_result_status {
    /// 正常.
    pub const NORMAL: &str = "1";
    /// エラー.
    pub const ERROR: &str = "2";
}

/// OQSCD005 文字コード識別.
pub mod character_code_identifier {
    /// UTF-8.
    pub const UTF_8: &str = "0";
    /// Shift_JIS.
    pub const SHIFT_JIS: &str = "1";
}

/// OQSCD006 資格有効性.
pub mod qualification_validity {
    /// 有効.
    pub const VALID: &str = "1";
    /// 無効.
    pub const INVALID: &str = "2";
    /// 無効(新しい資格あり).
    pub const SUPERSEDED: &str = "3";
    /// 該当資格なし: not "uninsured".
    pub const NOT_FOUND: &str = "4";
    /// 複数該当.
    pub const AMBIGUOUS: &str = "5";
    /// 有効(未登録), medical aid only.
    pub const VALID_TICKET_MISSING: &str = "6";
}

/// OQSCD010 被保険者証区分.
pub mod insured_card_classification {
    /// 医療扶助.
    pub const MEDICAL_AID: &str = "A1";
}

/// OQSCD017 処方箋発行形態.
pub mod prescription_issue_select {
    /// 電子処方箋.
    pub const ELECTRONIC: &str = "1";
    /// 紙の処方箋.
    pub const PAPER: &str = "2";
}
