//! The self-declaration (被保険者資格申立書), blank forms of it, and the remark it becomes on a claim.

use serde::{Deserialize, Serialize};

/// One choice of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// its words
    pub label: String,
    /// whether it was chosen
    pub picked: bool,
}

/// P-A: the items of the form in their order; what nobody filled in is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// number of the form
    pub form_no: String,
    /// which text the patient saw
    pub text_version: String,
    /// item 1
    pub issued: Vec<Pick>,
    /// item 2
    pub insurance: Vec<Pick>,
    /// item 3
    pub insurer: String,
    /// item 4
    pub workplace: String,
    /// item 5
    pub issued_when: String,
    /// item 6
    pub ratio: Vec<Pick>,
    /// item 7
    pub name: String,
    /// item 7, reading
    pub kana: String,
    /// item 8
    pub birth: String,
    /// item 9
    pub sex: Vec<Pick>,
    /// item 10
    pub postal: String,
    /// item 10
    pub address: String,
    /// item 11
    pub phone: String,
    /// item 11, another way
    pub other_contact: String,
    /// items 12 and 14
    pub signed: Signed,
    /// item 13, and the day of the visit
    pub day: String,
    /// item 16
    pub reason: String,
    /// item 17
    pub symbol: String,
    /// item 17
    pub number: String,
    /// item 18, may the site contact the patient; `None` on a blank form
    pub contact: Option<bool>,
    /// item 18, may the site ask the national service again; `None` on a blank form
    pub requery: Option<bool>,
}

/// Who signed, and the signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// patient, guardian or companion
    pub signer: Vec<Pick>,
    /// name of the signer when it is not the patient
    pub name: String,
    /// relation of the signer
    pub relation: String,
    /// when it was signed on screen
    pub at: String,
    /// the strokes in a field of 600 × 200
    pub strokes: Vec<Vec<(u16, u16)>>,
    /// SHA-256 of the text and answers above the signature
    pub content_hash: String,
    /// signed on paper: where the paper lies
    pub on_paper: Option<String>,
}

/// P-D: blank forms for times when nothing works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlankForms {
    /// the choices of the questions; everything else of it stays empty
    pub form: Declaration,
    /// one form per number
    pub numbers: Vec<String>,
    /// the number space of a form that is copied as often as it is needed: its last two digits are written by hand
    pub by_hand: Option<String>,
}

/// P-E: the remark (摘要) of the claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// number of the form, when there is one
    pub form_no: String,
    /// day of the visit
    pub day: String,
    /// name
    pub name: String,
    /// reading
    pub kana: String,
    /// birth date
    pub birth: String,
    /// claim basis in words
    pub basis: String,
    /// the lines, none wider than the record
    pub lines: Vec<String>,
}
