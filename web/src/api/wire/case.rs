//! The written form of a case, for the description. The domain reads it (`Case::read`) and refuses what it does not know; these
//! types only say what may stand in it, and a test holds a filled case against them. See `appliance/domain/CASES.md`.

use super::code::{
    AskedByCode, AttemptOutcomeCode, CauseCode, CompanionCode, ConfidenceCode, ConsentTopicCode, DisasterConsentCode,
    DocumentIssuedCode, EligibilityStatusCode, EvidenceKindCode, FlowCode, InsuranceKindCode, LinkStatusCode,
    SearchedByCode, SexCode, SignerCode, SiteKindCode,
};
use super::coverage::CoverageShown;
use super::person::Person;
use super::time::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything the rules may know about one visit at one moment. Only `visit_date` is required; fields that are not known are
/// refused by name.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// the day of the visit; decides which rules are in force
    pub visit_date: Day,
    /// now, for consents that run out after hours; absent = the consents are fresh
    pub at: Option<CaseInstant>,
    /// the site; absent = a clinic with a face reader and nothing more
    pub site: Option<CaseSite>,
    /// short for a site of this kind with a face reader and nothing more
    pub site_kind: Option<SiteKindCode>,
    /// where the patient is received; absent = at the window
    pub flow: Option<FlowCode>,
    /// the person as the card face, a paper or the patient says
    pub person: Option<Person>,
    /// short for `person.birth_date`
    pub birth_date: Option<Day>,
    /// what was presented
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub presented: Vec<CasePresented>,
    /// what was tried and did not work
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub attempts: Vec<CaseAttempt>,
    /// who came with or instead of the patient
    pub companion: Option<CompanionCode>,
    /// the links; a link that is not named works
    pub links: Option<CaseLinks>,
    /// expiry of the user certificate on the card
    pub certificate_expiry: Option<Day>,
    /// the card is registered for insurance use; absent = nobody knows
    pub card_registered: Option<bool>,
    /// the patient said that the card is lost
    #[serde(default)]
    pub card_lost: bool,
    /// the answer of the national service, if there is one
    pub online: Option<CaseAnswer>,
    /// what the site has on file
    pub stored: Option<CaseStored>,
    /// the patient said that nothing changed since the last visit
    #[serde(default)]
    pub unchanged_said: bool,
    /// the filled self-declaration
    pub declaration: Option<CaseDeclaration>,
    /// staff take the person in by their own decision
    #[serde(default)]
    pub staff_accepts: bool,
    /// a question that could not be asked; counts like the broken link behind it
    pub could_not_ask: Option<CaseCouldNotAsk>,
    /// what staff read on an official outage or disaster screen, when that is newer than `online`
    pub lookup: Option<CaseLookup>,
    /// an answer about another person came and was not kept
    #[serde(default)]
    pub answer_withheld: bool,
    /// how the withheld answer was asked for; absent = by card when one was shown, else by number
    pub withheld_asked_by: Option<AskedByCode>,
    /// the check-in was already accepted on this evidence
    pub settled: Option<CaseAcceptance>,
}

/// An instant: RFC 3339 text, or milliseconds since 1970.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CaseInstant {
    /// RFC 3339
    Text(String),
    /// milliseconds since 1970
    Ms(i64),
}

/// What the site has.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseSite {
    /// kind of site; absent = `site_kind`
    pub kind: Option<SiteKindCode>,
    /// no face reader at all
    #[serde(default)]
    pub without_reader: bool,
    /// an external reader for phones
    #[serde(default)]
    pub phone_reader: bool,
    /// a registered device with the マイナ資格確認アプリ
    #[serde(default)]
    pub home_consent_app: bool,
    /// マイナ在宅受付Web is in use
    #[serde(default)]
    pub home_consent_web: bool,
    /// one of the exempt sites that may use 資格確認限定型
    #[serde(default)]
    pub limited_check_exempt: bool,
    /// the ministry has opened the disaster function for this region now
    #[serde(default)]
    pub disaster_mode_open: bool,
}

/// Something presented: its code alone, or with what it says.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CasePresented {
    /// nothing was written down yet
    Bare(EvidenceKindCode),
    /// with what it says
    Full(Box<CaseDocument>),
}

/// A paper, screen, card or word and what it says.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseDocument {
    /// what it is
    pub kind: EvidenceKindCode,
    /// a copy rather than the original
    #[serde(default)]
    pub is_copy: bool,
    /// which paper this is a copy of
    pub copy_of: Option<EvidenceKindCode>,
    /// what it says
    pub coverage: Option<CoverageShown>,
}

/// Something that was tried and did not work.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseAttempt {
    /// what was tried
    pub kind: EvidenceKindCode,
    /// how it went wrong
    pub outcome: AttemptOutcomeCode,
}

/// The links.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseLinks {
    /// 顔認証付きカードリーダー
    pub reader: Option<CaseLink>,
    /// 資格確認端末
    pub terminal: Option<CaseLink>,
    /// 回線
    pub line: Option<CaseLink>,
    /// 全国システム
    pub national_service: Option<CaseLink>,
}

/// The state of a link: its status alone, or with since when and why.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CaseLink {
    /// the status alone
    Bare(LinkStatusCode),
    /// with since when and why
    Full(CaseLinkState),
}

/// The state of a link, since when and why.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseLinkState {
    /// what is known
    pub status: LinkStatusCode,
    /// since when
    pub since: Option<CaseInstant>,
    /// the cause that was found, when it is not the link itself
    pub cause: Option<CauseCode>,
}

/// An answer of the national service.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseAnswer {
    /// the business answer
    pub status: EligibilityStatusCode,
    /// how it was asked; absent = by card
    pub asked_by: Option<AskedByCode>,
    /// the day whose eligibility was asked; absent = the day of the visit
    pub confirmed_for: Option<Day>,
    /// when the national service worked it out
    pub obtained_at: Option<CaseInstant>,
    /// zero, one or several results
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub results: Vec<CaseResult>,
    /// consents for medical data
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub consents: Vec<CaseConsent>,
    /// 照会番号
    pub reference_number: Option<String>,
    /// message beside a normal end
    pub note: Option<String>,
}

/// A question that came back without a business answer.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseCouldNotAsk {
    /// the class of the cause
    pub cause: CauseCode,
    /// since when nobody could ask
    pub since: Option<CaseInstant>,
    /// code given by the other side, opaque
    pub code: Option<String>,
    /// the question was taken and is still out: its answer may come, so it is not put once more
    #[serde(default)]
    pub still_out: bool,
}

/// What staff read on an official outage or disaster screen, and how it was obtained.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseLookup {
    /// `OUTAGE_LOOKUP` or `DISASTER_MODE`
    pub kind: EvidenceKindCode,
    /// what the screen said
    pub answer: CaseAnswer,
    /// what it was searched by
    pub searched_by: SearchedByCode,
    /// staff compared name, birth date and sex on the screen with the patient; it does not count otherwise
    #[serde(default)]
    pub person_compared: bool,
    /// who looked
    pub looked_up_by: String,
    /// when it was on the screen
    pub looked_up_at: CaseInstant,
    /// disaster function: consent to look at medical data
    pub consent: Option<DisasterConsentCode>,
}

/// One result of an answer.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseResult {
    /// who the national service says this is
    pub person: Option<Person>,
    /// the insurance
    pub coverage: Option<CoverageShown>,
}

/// A consent for one kind of medical data.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseConsent {
    /// which kind
    pub topic: ConsentTopicCode,
    /// given or refused
    #[serde(default)]
    pub given: bool,
    /// when it was given
    pub at: Option<CaseInstant>,
    /// until when data may be viewed
    pub available_until: Option<CaseInstant>,
}

/// What the site has on file.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseStored {
    /// the insurance on file
    pub coverage: Option<CoverageShown>,
    /// when it was last confirmed
    pub confirmed_on: Option<Day>,
    /// how it was last confirmed
    pub confirmed_how: Option<EvidenceKindCode>,
    /// when the card or certificate was last shown
    pub document_shown_on: Option<Day>,
    /// the patient was shown as 無効 without being so, first on this day
    pub false_invalid_since: Option<Day>,
    /// when a subsidy certificate was last compared at a visit
    pub subsidy_shown_on: Option<Day>,
    /// days on which the renewal slip of the certificate was handed out, oldest first
    #[serde(default)]
    pub slips_given_on: Vec<Day>,
    /// the patient said on this day that the card is lost, and nothing has come instead
    pub card_lost_on: Option<Day>,
}

/// The filled self-declaration.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseDeclaration {
    /// number printed on the form
    pub form_no: String,
    /// which text the patient saw
    pub text_version: String,
    /// item 1
    pub document_issued: Option<DocumentIssuedCode>,
    /// item 2
    pub insurance_kind: InsuranceKindCode,
    /// item 3
    pub insurer_name: Option<String>,
    /// item 4
    pub workplace: Option<String>,
    /// item 5
    pub issued_when: Option<String>,
    /// item 6, tenths
    pub ratio_tenths: Option<u8>,
    /// item 7
    pub name: String,
    /// item 7, reading
    pub name_kana: Option<String>,
    /// item 8
    pub birth_date: Day,
    /// item 9
    pub sex: Option<SexCode>,
    /// item 10
    pub address: Option<String>,
    /// item 10
    pub postal_code: Option<String>,
    /// item 11
    pub phone: Option<String>,
    /// item 11, another way
    pub other_contact: Option<String>,
    /// item 17
    pub remembered_symbol: Option<String>,
    /// item 17
    pub remembered_number: Option<String>,
    /// item 18
    #[serde(default)]
    pub consent_contact: bool,
    /// item 18
    #[serde(default)]
    pub consent_requery: bool,
    /// item 12, on screen
    pub signature: Option<CaseSignature>,
    /// item 12, on paper that is kept on file
    pub paper: Option<CasePaperForm>,
}

/// The paper that was signed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CasePaperForm {
    /// who signed
    pub signer: SignerCode,
    /// name of the signer when it is not the patient
    pub signer_name: Option<String>,
    /// relation to the patient
    pub relation: Option<String>,
    /// where the paper lies
    pub kept_at: Option<String>,
}

/// A handwritten signature.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseSignature {
    /// who signed
    pub signer: SignerCode,
    /// name of the signer when it is not the patient
    pub signer_name: Option<String>,
    /// relation to the patient
    pub relation: Option<String>,
    /// strokes as an SVG path
    pub strokes: String,
    /// when it was signed
    pub signed_at: CaseInstant,
    /// SHA-256 of what stood above the signature, hexadecimal
    pub content_hash: String,
}

/// The evidence a check-in was already accepted on.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseAcceptance {
    /// how eligibility was confirmed
    pub evidence: EvidenceKindCode,
    /// how sure that is
    pub confidence: ConfidenceCode,
    /// a later answer must still confirm it
    #[serde(default)]
    pub provisional: bool,
    /// why a better way was not available
    pub why_not_better: Option<CaseWhy>,
}

/// Why a better way was not available.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseWhy {
    /// the class of the cause
    pub cause: CauseCode,
    /// since when
    pub since: Option<CaseInstant>,
}
