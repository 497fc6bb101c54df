//! The header every answer of the terminal carries.

use super::reading::wire_struct;

wire_struct! {
    /// `MessageHeader` of an answer (oqs-interface §2.3, §4). One structure for all answers: what a message does not
    /// carry is absent.
    Header {
        /// 処理実行日時, `yyyyMMddHHmmss`.
        process_execution_time: "ProcessExecutionTime",
        /// 資格確認日, `yyyyMMdd`.
        qualification_confirmation_date: "QualificationConfirmationDate",
        /// 医療機関コード, 10 digits.
        medical_institution_code: "MedicalInstitutionCode",
        /// 任意のファイル識別子, echoed from the request; made by the terminal in face files.
        arbitrary_file_identifier: "ArbitraryFileIdentifier",
        /// 照会区分, OQSCD002.
        reference_classification: "ReferenceClassification",
        /// 処理結果区分, OQSCD003.
        segment_of_result: "SegmentOfResult",
        /// エラーコード, opaque.
        error_code: "ErrorCode",
        /// エラーメッセージ.
        error_message: "ErrorMessage",
        /// 文字コード識別, OQSCD005.
        character_code_identifier: "CharacterCodeIdentifier",
        /// 受付番号 of a bulk request.
        reception_number: "ReceptionNumber",
        /// 処理結果件数 of a bulk result.
        number_of_processing_result: "NumberOfProcessingResult",
        /// 正常処理件数 of a bulk result.
        number_of_normal_processing: "NumberOfNormalProcessing",
        /// エラー件数 of a bulk result.
        number_of_error: "NumberOfError",
    }
}
