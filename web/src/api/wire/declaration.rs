//! The self-declaration (被保険者資格申立書) on the wire.

use super::code::{DocumentIssuedCode, InsuranceKindCode, SexCode, SignerCode};
use super::coverage::tenths;
use super::number::issued;
use super::text::{
    Address, BodyName, Contact, IssuedNumber, PersonName, PostalCode, Sha256, ShortText, Strokes, optional, required,
};
use super::time::{Day, Instant, optional_day};
use crate::api::body::{Form, Place};
use domain::declaration::{Declaration, PaperForm, Signature};
use domain::number::{InsuredNumber, InsuredSymbol};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A handwritten signature: strokes, bound to the text that was on the screen.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureForm {
    /// who signed
    pub signer: SignerCode,
    /// name of the signer; must be there when it is not the patient
    pub signer_name: Option<PersonName>,
    /// relation of the signer to the patient; must be there when it is not the patient
    pub relation: Option<ShortText>,
    /// strokes as an SVG path
    pub strokes: Strokes,
    /// when it was signed
    pub signed_at: Instant,
    /// SHA-256 of the text and answers that stood above the signature, hexadecimal
    pub content_hash: Sha256,
}

/// The form was signed on paper, and the paper is kept on file under `form_no`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperFormForm {
    /// who signed
    pub signer: SignerCode,
    /// name of the signer; must be there when it is not the patient
    pub signer_name: Option<PersonName>,
    /// relation of the signer to the patient; must be there when it is not the patient
    pub relation: Option<ShortText>,
    /// where the paper lies
    pub kept_at: Option<ShortText>,
}

/// The filled form. Numbers of items are those of the form.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationForm {
    /// number printed on the form and on the patient's slip
    pub form_no: ShortText,
    /// which text the patient saw
    pub text_version: ShortText,
    /// item 1: was a valid paper issued
    pub document_issued: Option<DocumentIssuedCode>,
    /// item 2: kind of insurance
    pub insurance_kind: InsuranceKindCode,
    /// item 3: insurer
    pub insurer_name: Option<BodyName>,
    /// item 4: workplace
    pub workplace: Option<BodyName>,
    /// item 5: since when, in free words
    pub issued_when: Option<ShortText>,
    /// item 6: share in tenths; absent = the patient does not know
    #[schema(maximum = 10)]
    pub ratio_tenths: Option<u8>,
    /// item 7
    pub name: PersonName,
    /// item 7, reading
    pub name_kana: Option<PersonName>,
    /// item 8
    pub birth_date: Day,
    /// item 9
    pub sex: Option<SexCode>,
    /// item 10
    pub address: Option<Address>,
    /// item 10
    pub postal_code: Option<PostalCode>,
    /// item 11
    pub phone: Option<Contact>,
    /// item 11, another way
    pub other_contact: Option<Contact>,
    /// item 17: 記号 as remembered
    pub remembered_symbol: Option<IssuedNumber>,
    /// item 17: 番号 as remembered
    pub remembered_number: Option<IssuedNumber>,
    /// item 18: may the site contact the patient
    #[serde(default)]
    pub consent_contact: bool,
    /// item 18: may the site ask the national service again later
    #[serde(default)]
    pub consent_requery: bool,
    /// item 12, on screen
    pub signature: Option<SignatureForm>,
    /// item 12, on paper; either this or `signature`
    pub paper: Option<PaperFormForm>,
}

impl Form for DeclarationForm {
    type Meaning = Declaration;

    fn meaning(self, at: &Place<'_>) -> Option<Declaration> {
        let form_no = required(self.form_no, at.field("form_no"));
        let text_version = required(self.text_version, at.field("text_version"));
        let name = required(self.name, at.field("name"));
        let birth_date = optional_day(&Some(self.birth_date), at.field("birth_date"));
        let rest = Declaration {
            form_no: form_no.unwrap_or_default(),
            text_version: text_version.unwrap_or_default(),
            document_issued: self.document_issued.map(|code| code.0),
            insurance_kind: self.insurance_kind.0,
            insurer_name: optional(self.insurer_name, at.field("insurer_name")),
            workplace: optional(self.workplace, at.field("workplace")),
            issued_when: optional(self.issued_when, at.field("issued_when")),
            ratio_tenths: tenths(self.ratio_tenths, at.field("ratio_tenths")),
            name: name.unwrap_or_default(),
            name_kana: optional(self.name_kana, at.field("name_kana")),
            birth_date: birth_date.unwrap_or(domain::Date::literal(1970, 1, 1)),
            sex: self.sex.map(|code| code.0),
            address: optional(self.address, at.field("address")),
            postal_code: optional(self.postal_code, at.field("postal_code")),
            phone: optional(self.phone, at.field("phone")),
            other_contact: optional(self.other_contact, at.field("other_contact")),
            remembered_symbol: issued(self.remembered_symbol, at.field("remembered_symbol"), InsuredSymbol::parse),
            remembered_number: issued(self.remembered_number, at.field("remembered_number"), InsuredNumber::parse),
            consent_contact: self.consent_contact,
            consent_requery: self.consent_requery,
            signature: self.signature.and_then(|form| form.meaning(&at.field("signature"))),
            paper: self.paper.and_then(|form| form.meaning(&at.field("paper"))).map(Box::new),
        };
        if rest.signature.is_some() && rest.paper.is_some() {
            at.field("paper").wrong(
                "choose_one",
                "画面の署名と紙の署名は、どちらか一つです。",
                "Signed on screen or on paper: one of them.",
            );
        }
        birth_date.map(|_| rest)
    }
}

impl Form for PaperFormForm {
    type Meaning = PaperForm;

    fn meaning(self, at: &Place<'_>) -> Option<PaperForm> {
        Some(PaperForm {
            signer: self.signer.0,
            signer_name: optional(self.signer_name, at.field("signer_name")),
            relation: optional(self.relation, at.field("relation")),
            kept_at: optional(self.kept_at, at.field("kept_at")),
        })
    }
}

impl Form for SignatureForm {
    type Meaning = Signature;

    fn meaning(self, at: &Place<'_>) -> Option<Signature> {
        let signer_name = optional(self.signer_name, at.field("signer_name"));
        let relation = optional(self.relation, at.field("relation"));
        let strokes = required(self.strokes, at.field("strokes"));
        let hash = required(self.content_hash, at.field("content_hash"));
        let signed_at = self.signed_at.checked(at.field("signed_at"));
        Some(Signature {
            signer: self.signer.0,
            signer_name,
            relation,
            strokes: strokes.filter(|strokes| is_path(strokes, &at.field("strokes")))?,
            signed_at: signed_at?,
            content_hash: hash.filter(|hash| is_hash(hash, &at.field("content_hash")))?,
        })
    }
}

fn is_path(strokes: &str, at: &Place<'_>) -> bool {
    let fits = strokes.bytes().all(|b| b.is_ascii_digit() || b"MmLlHhVvCcSsQqTtZz .,-".contains(&b));
    if !fits {
        at.wrong("format", "SVGのパス（M L C … と数字）だけです。", "Only an SVG path (M, L, C … and numbers).");
    }
    fits
}

fn is_hash(hash: &str, at: &Place<'_>) -> bool {
    let fits = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    if !fits {
        at.wrong("format", "16進数64桁です。", "64 hexadecimal digits.");
    }
    fits
}

/// A handwritten signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Signature)]
pub struct SignatureShown {
    /// who signed
    pub signer: SignerCode,
    /// name of the signer when it is not the patient
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer_name: Option<String>,
    /// relation of the signer to the patient
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// strokes as an SVG path in a field of 600 × 200
    pub strokes: String,
    /// when it was signed
    pub signed_at: Instant,
    /// SHA-256 of the text and answers that stood above the signature, hexadecimal
    pub content_hash: String,
}

/// The filled form. Numbers of items are those of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Declaration)]
pub struct DeclarationShown {
    /// number printed on the form and on the patient's slip
    pub form_no: String,
    /// which text the patient saw
    pub text_version: String,
    /// item 1: was a valid paper issued
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_issued: Option<DocumentIssuedCode>,
    /// item 2: kind of insurance
    pub insurance_kind: InsuranceKindCode,
    /// item 3: insurer
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer_name: Option<String>,
    /// item 4: workplace
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workplace: Option<String>,
    /// item 5: since when, in free words
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_when: Option<String>,
    /// item 6: share in tenths; absent = the patient does not know
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_tenths: Option<u8>,
    /// item 7
    pub name: String,
    /// item 7, reading
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<String>,
    /// item 8
    pub birth_date: Day,
    /// item 9
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<SexCode>,
    /// item 10
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// item 10
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// item 11
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// item 11, another way
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_contact: Option<String>,
    /// item 17: 記号 as remembered
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remembered_symbol: Option<String>,
    /// item 17: 番号 as remembered
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remembered_number: Option<String>,
    /// item 18: may the site contact the patient
    pub consent_contact: bool,
    /// item 18: may the site ask the national service again later
    pub consent_requery: bool,
    /// item 12, on screen
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureShown>,
    /// item 12, on paper
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<PaperFormShown>,
}

/// The paper that was signed and is kept on file under `form_no`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PaperForm)]
pub struct PaperFormShown {
    /// who signed
    pub signer: SignerCode,
    /// name of the signer when it is not the patient
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer_name: Option<String>,
    /// relation of the signer to the patient
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// where the paper lies
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_at: Option<String>,
}

impl From<&PaperForm> for PaperFormShown {
    fn from(paper: &PaperForm) -> PaperFormShown {
        PaperFormShown {
            signer: SignerCode(paper.signer),
            signer_name: paper.signer_name.clone(),
            relation: paper.relation.clone(),
            kept_at: paper.kept_at.clone(),
        }
    }
}

impl From<&Declaration> for DeclarationShown {
    fn from(form: &Declaration) -> DeclarationShown {
        DeclarationShown {
            form_no: form.form_no.clone(),
            text_version: form.text_version.clone(),
            document_issued: form.document_issued.map(DocumentIssuedCode),
            insurance_kind: InsuranceKindCode(form.insurance_kind),
            insurer_name: form.insurer_name.clone(),
            workplace: form.workplace.clone(),
            issued_when: form.issued_when.clone(),
            ratio_tenths: form.ratio_tenths,
            name: form.name.clone(),
            name_kana: form.name_kana.clone(),
            birth_date: Day::of(form.birth_date),
            sex: form.sex.map(SexCode),
            address: form.address.clone(),
            postal_code: form.postal_code.clone(),
            phone: form.phone.clone(),
            other_contact: form.other_contact.clone(),
            remembered_symbol: form.remembered_symbol.as_ref().map(|symbol| symbol.as_str().to_owned()),
            remembered_number: form.remembered_number.as_ref().map(|number| number.as_str().to_owned()),
            consent_contact: form.consent_contact,
            consent_requery: form.consent_requery,
            signature: form.signature.as_ref().map(SignatureShown::from),
            paper: form.paper.as_deref().map(PaperFormShown::from),
        }
    }
}

impl From<&Signature> for SignatureShown {
    fn from(signature: &Signature) -> SignatureShown {
        SignatureShown {
            signer: SignerCode(signature.signer),
            signer_name: signature.signer_name.clone(),
            relation: signature.relation.clone(),
            strokes: signature.strokes.clone(),
            signed_at: Instant::of(signature.signed_at),
            content_hash: signature.content_hash.clone(),
        }
    }
}
