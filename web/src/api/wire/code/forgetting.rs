//! Codes of deletion.

use super::code_table;

code_table! {
    /// Why a patient is deleted; no free text, since the note of it outlives the record.
    ForgetReasonCode, crate::port::ForgetReason, "ForgetReason", {
        Request: "the patient asked for it",
        Mistake: "entered by mistake, or for practice",
        Double: "the same person is on file twice",
        Other: "anything else",
    }
}
