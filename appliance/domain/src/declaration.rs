//! The self-declaration (被保険者資格申立書): the last lawful step before anybody is asked for more than the usual share.
//! Items and numbering after the sheet on the form; gaps are allowed, only what the claim needs is warned about.

use crate::coverage::Sex;
use crate::date::{Date, Timestamp};
use crate::number::{InsuredNumber, InsuredSymbol};
use crate::scheme::PayerBody;
use crate::text::Text;
use crate::{codes, record};

codes! {
    /// 保険種別, asked as plain questions: from your workplace, from the city, or as a person over 75?
    pub enum InsuranceKind {
        /// 社保（被用者）: from the workplace
        Employee = "employee",
        /// 国保: from the city
        NationalHealth = "kokuho",
        /// 後期高齢: as a person over 75
        LateElderly = "late_elderly",
        /// something else
        Other = "other",
        /// わからない
        Unknown = "unknown",
    }
}

codes! {
    /// Who signed.
    pub enum Signer {
        /// the patient
        Patient = "patient",
        /// a parent or guardian
        Guardian = "guardian",
        /// a companion for a person who cannot write (代筆)
        Companion = "companion",
    }
}

codes! {
    /// 有効な保険証等の交付の有無
    pub enum DocumentIssued {
        /// issued
        Yes = "yes",
        /// not issued
        No = "no",
        /// applied for, not yet arrived
        NotYetArrived = "not_yet_arrived",
    }
}

record! {
    /// A handwritten signature: strokes, bound to the text that was on the screen.
    pub struct Signature {
        /// who signed
        pub signer: Signer,
        /// name of the signer when it is not the patient
        pub signer_name: Option<String>,
        /// relation of the signer to the patient
        pub relation: Option<String>,
        /// strokes as an SVG path in a 600 × 200 field, no more than 20,000 characters
        pub strokes: String,
        /// when it was signed
        pub signed_at: Timestamp,
        /// SHA-256 of the text and answers that stood above the signature, hexadecimal
        pub content_hash: String,
    }
}

record! {
    /// The form was signed on paper, and the paper is kept on file under the form's number.
    pub struct PaperForm {
        /// who signed
        pub signer: Signer,
        /// name of the signer when it is not the patient
        pub signer_name: Option<String>,
        /// relation of the signer to the patient
        pub relation: Option<String>,
        /// where the paper lies
        pub kept_at: Option<String>,
    }
}

record! {
    /// The filled form.
    pub struct Declaration {
        /// number printed on the form and on the patient's slip
        pub form_no: String,
        /// which text the patient saw
        pub text_version: String,
        /// item 1
        pub document_issued: Option<DocumentIssued>,
        /// item 2
        pub insurance_kind: InsuranceKind,
        /// item 3
        pub insurer_name: Option<String>,
        /// item 4
        pub workplace: Option<String>,
        /// item 5, free text
        pub issued_when: Option<String>,
        /// item 6, tenths; absent = the patient does not know
        pub ratio_tenths: Option<u8>,
        /// item 7
        pub name: String,
        /// item 7, reading
        pub name_kana: Option<String>,
        /// item 8
        pub birth_date: Date,
        /// item 9
        pub sex: Option<Sex>,
        /// item 10
        pub address: Option<String>,
        /// item 10
        pub postal_code: Option<String>,
        /// item 11
        pub phone: Option<String>,
        /// item 11, another way
        pub other_contact: Option<String>,
        /// item 17
        pub remembered_symbol: Option<InsuredSymbol>,
        /// item 17
        pub remembered_number: Option<InsuredNumber>,
        /// item 18: may the site contact the patient
        pub consent_contact: bool,
        /// item 18: may the site ask the national service again later
        pub consent_requery: bool,
        /// item 12, on screen
        pub signature: Option<Signature>,
        /// item 12, on paper: the paper with the number `form_no` is kept on file
        pub paper: Option<Box<PaperForm>>,
    }
}

impl Declaration {
    /// The contact that goes on a 不詳 claim.
    pub fn contact(&self) -> Option<&str> {
        self.phone.as_deref().or(self.other_contact.as_deref())
    }

    /// What a 不詳 claim would lack (form requirement F12): an address or a workplace, and a contact.
    pub fn gaps(&self) -> Vec<Text> {
        let mut gaps = Vec::new();
        if self.address.is_none() && self.workplace.is_none() {
            gaps.push(Text::new("住所か事業所名のどちらかが必要です。", "An address or a workplace is needed."));
        }
        if self.contact().is_none() {
            gaps.push(Text::new(
                "連絡先（電話など）が必要です。",
                "A contact (a phone number, for instance) is needed.",
            ));
        }
        if self.signed_by().is_none() {
            gaps.push(Text::new(
                "署名がありません。画面か紙に署名してもらってください。",
                "There is no signature. Have the form signed, on screen or on paper.",
            ));
        }
        gaps
    }

    /// Who signed, with name and relation when it is not the patient; on screen or on paper.
    pub fn signed_by(&self) -> Option<(Signer, Option<&str>, Option<&str>)> {
        let on_screen = self.signature.as_ref().map(|s| (s.signer, s.signer_name.as_deref(), s.relation.as_deref()));
        on_screen.or(self.paper.as_ref().map(|p| (p.signer, p.signer_name.as_deref(), p.relation.as_deref())))
    }

    /// What is missing when somebody else signed for the patient: the name, then the relation (form sheet §3). The field, and
    /// what to do.
    pub fn unsigned_by_name(&self) -> Option<(&'static str, Text)> {
        let (signer, name, relation) = self.signed_by()?;
        let empty = |text: Option<&str>| text.is_none_or(|text| text.trim().is_empty());
        match signer {
            Signer::Patient => None,
            _ if empty(name) => Some((
                "signer_name",
                Text::new(
                    "患者さん以外の方が署名したときは、その方のお名前が必要です。",
                    "When somebody else signs for the patient, the signer's name is needed.",
                ),
            )),
            _ if empty(relation) => Some((
                "relation",
                Text::new(
                    "患者さん以外の方が署名したときは、続柄（母、施設職員など）が必要です。",
                    "When somebody else signs for the patient, the relation is needed (mother, carer and the like).",
                ),
            )),
            _ => None,
        }
    }

    /// Which payer body the claim would go to, by the kind the patient named; `None` when nobody knows, then the
    /// institution chooses (claims-rules §1).
    pub fn payer_body(&self) -> Option<PayerBody> {
        match self.insurance_kind {
            InsuranceKind::Employee => Some(PayerBody::EmployeesFund),
            InsuranceKind::NationalHealth | InsuranceKind::LateElderly => Some(PayerBody::Kokuhoren),
            InsuranceKind::Other | InsuranceKind::Unknown => None,
        }
    }
}
