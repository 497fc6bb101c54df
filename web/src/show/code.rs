//! Code tables in words.

use super::Chip;
use crate::lang::Lang;
use crate::port::{DeviceLamp, Finding, ShelfReason};
use crate::words::DoctorWords;
use domain::case::{AttemptOutcome, Companion, Flow};
use domain::claim::ClaimBasis;
use domain::counter::CounterKind;
use domain::coverage::Sex;
use domain::decision::{Action, FollowUpKind, RatioBasis};
use domain::declaration::{DocumentIssued, InsuranceKind, Signer};
use domain::eligibility::EligibilityStatus;
use domain::evidence::{Confidence, EvidenceKind};
use domain::found_card::{FoundPlace, FoundThing, GivenTo, HandedHow};
use domain::link::{Cause, Link, LinkStatus};
use domain::lookup::{DisasterConsent, SearchedBy};
use domain::remote_consent::{ConsentDevice, ConsentEnd, ConsentHeard, IdentityChecked};
use domain::visit::{LateOutcome, QuestionPurpose, VisitStatus};
use domain::waiting::{ParkReason, TicketStatus};

/// Where a visit stands.
pub fn status(lang: Lang, status: VisitStatus) -> Chip {
    let (tone, icon, ja, en) = match status {
        VisitStatus::Open => ("open", "clock", "確認中", "In progress"),
        VisitStatus::Provisional => ("provisional", "half", "受付済・後で確認", "Received, to be confirmed"),
        VisitStatus::Confirmed => ("confirmed", "check", "確認済", "Confirmed"),
        VisitStatus::Changed => ("changed", "flag", "変更あり・要対応", "Changed, act on it"),
        VisitStatus::FullCharge => ("full", "yen", "10割預り", "100 % taken"),
        VisitStatus::LeftWithoutCare => ("left", "leave", "受診せず帰宅", "Left without care"),
        VisitStatus::Voided => ("voided", "cross", "取消", "Voided"),
        VisitStatus::Merged => ("left", "leave", "別の受付にまとめ済", "Goes on in another"),
    };
    Chip::new(tone, icon, lang.pick(ja, en))
}

/// The state of a link.
pub fn link_status(lang: Lang, status: LinkStatus) -> Chip {
    match status {
        LinkStatus::Up => Chip::new("confirmed", "check", lang.pick("使えます", "works")),
        LinkStatus::Down => Chip::new("changed", "cross", lang.pick("使えません", "down")),
        LinkStatus::Unknown => Chip::new("open", "question", lang.pick("未確認", "not known")),
    }
}

/// How a device stands.
pub fn device_lamp(lang: Lang, lamp: DeviceLamp) -> Chip {
    match lamp {
        DeviceLamp::Good => Chip::new("confirmed", "check", lang.pick("使えます", "works")),
        DeviceLamp::Working => Chip::new("provisional", "clock", lang.pick("準備・復旧中", "on its way")),
        DeviceLamp::Unknown => Chip::new("open", "question", lang.pick("未確認・不使用", "not known or not needed")),
        DeviceLamp::Bad => Chip::new("changed", "cross", lang.pick("使えません", "fault")),
    }
}

/// What a look at one part of the box came to.
pub fn finding(lang: Lang, finding: Finding) -> Chip {
    let w = DoctorWords::of(lang);
    match finding {
        Finding::Good => Chip::new("confirmed", "check", w.good),
        Finding::Aside => Chip::new("open", "question", w.aside),
        Finding::Look => Chip::new("provisional", "flag", w.look),
        Finding::Bad => Chip::new("changed", "cross", w.bad),
    }
}

pub fn link(lang: Lang, link: Link) -> &'static str {
    lang.pick(link.label_ja(), link.label_en())
}

pub fn evidence(lang: Lang, kind: EvidenceKind) -> &'static str {
    lang.pick(kind.label_ja(), kind.label_en())
}

pub fn cause(lang: Lang, cause: Cause) -> &'static str {
    lang.pick(cause.label_ja(), cause.label_en())
}

/// Declares the words of a code table.
macro_rules! words_of {
    ($( $(#[$meta:meta])* $name:ident: $table:ident { $( $variant:ident: $ja:literal, $en:literal; )* } )*) => {
        $(
            $(#[$meta])*
            pub fn $name(lang: Lang, value: $table) -> &'static str {
                match value { $( $table::$variant => lang.pick($ja, $en), )* }
            }
        )*
    };
}

words_of! {
    /// What to do, as a heading.
    action: Action {
        AskForCard: "マイナンバーカードがあるか聞く", "Ask for the My Number card";
        ReadCard: "カードを読み取る", "Read the card";
        ReadPhone: "スマートフォンを読み取る", "Read the phone";
        RegisterCard: "その場で利用登録する", "Register the card on the spot";
        UseConsentApp: "マイナ資格確認アプリで確認する", "Use the consent app";
        UseConsentWeb: "在宅受付Webを案内する", "Use remote consent by web";
        CallOutageLookup: "コールセンターに電話する（障害時モード）", "Phone the call centre (outage look-up)";
        UseDisasterMode: "災害時機能で照会する", "Use the disaster function";
        QueryByNumber: "番号で照会する", "Query by number";
        Retype: "番号を入れ直して照会する", "Type the numbers again";
        AddBranch: "枝番を足して照会する", "Add the branch number";
        TakeDocument: "書面・画面を見せてもらう", "Take down a paper or screen";
        AskUnchanged: "前回から変わりがないか聞く", "Ask whether anything changed";
        TakeDeclaration: "申立書を書いてもらう", "Take the self-declaration";
        TakePrescription: "処方箋で受け付ける", "Go by the prescription";
        AskWelfareOffice: "福祉事務所に確認する", "Ask the welfare office";
        StaffDecides: "職員が判断する（理由を記録）", "Staff decide and say why";
        AskFullCharge: "10割をお預かりする（最後の手段）", "Take 100 % (last resort)";
        AskAddOn: "追加の証を聞く", "Ask for an addition";
    }
    /// Something that remains to be done.
    follow_up: FollowUpKind {
        Recheck: "資格を照会し直す", "Ask again";
        ReportNumber: "患者さんから番号を聞く", "Get the number from the patient";
        DeclarationOpen: "申立書が未解決", "Declaration still open";
        CallInsurer: "保険者に電話する", "Phone the insurer";
        ReportPersonMismatch: "別人情報を報告する", "Report another person's data";
        SettleRatio: "負担割合を確かめる", "Settle the share";
        AskElderlyCertificate: "高齢受給者証を確認する", "See the elderly recipient certificate";
        AskWelfareOffice: "福祉事務所に確認する", "Ask the welfare office";
        CertificateSlip: "証明書更新の案内を渡す", "Hand out the renewal slip";
        BringCard: "次回カード等の持参を頼む", "Ask to bring the card next time";
        Refund: "返金する", "Refund";
        Collect: "不足分をいただく", "Collect the difference";
        InsurerChanged: "保険の変更を反映する", "Take over the new insurance";
        FormerClaim: "旧資格②で請求（送信前に確認）", "Claim as former (②), check first";
        UnknownClaim: "不詳③で請求（送信前に確認）", "Claim as unknown (③), check first";
        CheckInsurerNumber: "保険者番号を確かめる（検証番号）", "Make sure of the insurer number (check digit)";
        ReportLookup: "障害時モードの使用報告を送る", "Send the report of the outage look-up";
        ReviewDecision: "職員判断を確認する", "Review a decision of staff";
        AskSubsidy: "公費の受給者証を確認する", "Ask for the subsidy certificate";
        CardLost: "紛失カード：新しいカードか資格確認書を確かめる", "Lost card: see the new card or a certificate";
        StuckJob: "止まった照会を動かす", "A question is stuck";
    }
    /// What was found.
    found_thing: FoundThing {
        MyNumberCard: "マイナンバーカード", "My Number card";
        EligibilityCertificate: "資格確認書", "Eligibility certificate";
        PatientCard: "診察券", "Clinic card";
        Other: "その他のカード・書面", "Another card or paper";
    }
    /// Where it was found.
    found_place: FoundPlace {
        Reader: "カードリーダー", "Card reader";
        Counter: "窓口の台", "Counter";
        WaitingRoom: "待合室", "Waiting room";
        ConsultingRoom: "診察室・処置室", "Consulting room";
        Outside: "玄関先・駐車場", "Outside or car park";
        Other: "その他", "Elsewhere";
    }
    /// How somebody was identified who took a card back.
    handed_how: HandedHow {
        Photo: "カードの写真と顔を見比べた", "Photo compared with the face";
        NameAndBirth: "氏名と生年月日を言ってもらった", "Said name and birth date";
        KnownPerson: "顔なじみの方", "Clearly known";
        AgreedByOwner: "家族・付き添い（本人に電話で確認）", "Family or helper, agreed by the owner on the phone";
    }
    /// To which office a card was given.
    given_to: GivenTo {
        Police: "警察", "Police";
        Municipality: "市区町村", "Municipality";
        Insurer: "発行した保険者", "Insurer that issued it";
    }
    /// How sure the record is.
    confidence: Confidence {
        ConfirmedOnline: "オンラインで確認", "confirmed online";
        ConfirmedByDocument: "書面・画面で確認", "confirmed by a paper or screen";
        StatedByPatient: "患者さんの申告", "stated by the patient";
        Unconfirmed: "未確認", "not confirmed";
    }
    /// Where a share comes from.
    basis: RatioBasis {
        Online: "オンラインの回答", "online answer";
        Document: "書面", "paper";
        Age: "年齢", "age";
        Association: "国保組合（設定）", "association (setting)";
        Declared: "申立書", "declaration";
        OnFile: "前回の記録", "on file";
        Ticket: "医療券", "ticket";
    }
    /// Which numbers the claim carries.
    claim_basis: ClaimBasis {
        Current: "① 現在の資格", "① current";
        Former: "② 旧資格", "② former";
        Unknown: "③ 不詳", "③ unknown";
        Hold: "保留（送らない）", "Hold: do not send";
    }
    /// What the national service said.
    eligibility: EligibilityStatus {
        Valid: "有効", "valid";
        Invalid: "無効", "invalid (lost)";
        Superseded: "無効（新しい資格あり）", "superseded by a newer one";
        NotFound: "該当資格なし（無保険の証明ではありません）", "not found (no proof of being uninsured)";
        Ambiguous: "複数該当", "several match";
        ValidTicketMissing: "有効（医療券は未登録）", "entitled, ticket not registered yet";
    }
    sex: Sex { Male: "男", "male"; Female: "女", "female"; NotSet: "未設定", "not set"; }
    flow: Flow {
        Window: "窓口", "Window";
        FeverClinic: "発熱外来", "Fever clinic";
        Ward: "病棟", "Ward";
        DriveThrough: "ドライブスルー", "Drive-through";
        HomeVisit: "訪問", "Home visit";
        Car: "車内", "In the car";
        Facility: "施設の巡回", "Facility round";
    }
    counter_kind: CounterKind {
        MainDesk: "窓口", "Main desk";
        SecondCounter: "第2窓口", "Second counter";
        DriveThrough: "ドライブスルー", "Drive-through window";
        FeverTent: "発熱外来テント", "Fever tent";
        CarList: "車内待ちの一覧", "Car list";
        Bedside: "ベッドサイド", "Bedside";
        HomeVisit: "訪問", "Home visit";
        FacilityRound: "施設の巡回", "Facility round";
    }
    park_reason: ParkReason {
        ReaderBusy: "読取機が使用中", "reader busy";
        FetchingCard: "カードを取りに戻った", "went to fetch the card";
        WaitsForAnswer: "回答を待つ", "waits for an answer";
        FillsInForm: "用紙を記入中", "fills in a form";
        Unwell: "体調がすぐれない", "not feeling well";
        Other: "その他", "other";
    }
    ticket_status: TicketStatus {
        Waiting: "待っています", "waiting";
        Called: "呼び出し中", "called";
        Parked: "保留", "aside";
        Served: "対応済み", "served";
        NoShow: "不在", "did not come";
        Left: "帰られた", "left";
    }
    consent_heard: ConsentHeard {
        TerminalList: "端末の一覧で受信を確認", "seen on the terminal's list";
        PatientSays: "患者さんの申し出（一覧には未確認）", "the patient says so, not seen on the list";
    }
    consent_device: ConsentDevice {
        Own: "患者さんの端末（来院前・車内など）", "the patient's own device";
        Site: "施設の端末", "a device of the site";
    }
    identity_checked: IdentityChecked {
        PhotoId: "写真付き本人確認書類で確認", "checked by a photo ID";
        KnownPerson: "以前から面識がある（再診）", "clearly known from earlier visits";
    }
    consent_end: ConsentEnd {
        Withdrawn: "患者さんが取り消した", "taken back by the patient";
        NeverCame: "来られなかった", "never came";
        Mistake: "入力の間違い", "entered by mistake";
    }
    companion: Companion {
        Parent: "保護者が子どもを連れてきた", "A parent brings a child";
        NurseryStaff: "保育所等の職員", "Nursery staff";
        Teacher: "引率の教員（学校行事）", "Teacher on a school trip";
        Helper: "家族・介助者が付き添い", "A relative or helper";
        Proxy: "代理の方だけが来た", "Somebody instead of the patient";
    }
    attempt: AttemptOutcome {
        Failed: "うまくいかない", "did not work";
        Locked: "ロック", "locked";
        Forgotten: "忘れた", "forgotten";
        Unreadable: "カードが読み取れない", "card cannot be read";
        OtherPerson: "写真が別の人", "photo of another person";
    }
    searched_by: SearchedBy {
        Number: "保険者番号・記号・番号・生年月日", "Insurer, symbol, number, birth date";
        FourItems: "氏名・生年月日・性別・住所（券面の4項目）", "Name, birth date, sex, address (card face)";
        Other: "その他（コールセンターの案内どおり）", "Other, as the call centre said";
    }
    disaster_consent: DisasterConsent {
        Oral: "口頭で同意あり", "Given by word of mouth";
        LifeAtRisk: "意思表示ができず、生命・身体に危険がある", "Cannot express a will; life or body is at risk";
        NotGiven: "同意なし・聞いていない（資格だけ確認）", "Not given or not asked (eligibility only)";
    }
    insurance_kind: InsuranceKind {
        Employee: "会社・勤め先から（家族の勤め先も）", "From a workplace (also a family member's)";
        NationalHealth: "市区町村から（国民健康保険）", "From the city (national health insurance)";
        LateElderly: "75歳以上の方の保険（後期高齢者医療）", "The insurance of people over 75";
        Other: "その他", "Something else";
        Unknown: "わからない", "I do not know";
    }
    document_issued: DocumentIssued {
        Yes: "もらっている", "Yes";
        No: "もらっていない", "No";
        NotYetArrived: "手続き中でまだ届いていない", "Applied for, not yet arrived";
    }
    signer: Signer {
        Patient: "患者さん本人", "The patient";
        Guardian: "保護者", "Parent or guardian";
        Companion: "付き添いの方（代筆）", "Companion (writes for the patient)";
    }
    /// What a late answer did.
    late_outcome: LateOutcome {
        Confirmed: "受付のとおり確認できました", "Confirmed as received";
        InsurerChanged: "保険が変わっていました", "The insurance is another one";
        RatioChanged: "負担割合が違っていました", "The share is another one";
        FormerClaim: "無効：旧資格②で請求します", "Invalid: claim as former (②)";
        UnknownClaim: "該当なし：不詳③で請求します", "Not found: claim as unknown (③)";
        StillUnclear: "まだ確認できません", "Still unclear";
        PersonMismatch: "別の方の情報でした（保存していません）", "Another person's data (not kept)";
    }
    purpose: QuestionPurpose {
        Desk: "窓口の照会", "Question from the desk";
        Recheck: "受付後の再照会", "Check after receiving";
        History: "受診歴の照会", "Visit history";
    }
    /// Why an answer lies on the shelf.
    shelf_reason: ShelfReason {
        CardWithoutVisit: "カードを読み取ったが、合う受付がない", "A card was read and no open visit fits";
        CardFitsSeveral: "カードを読み取ったが、合う受付が複数ある", "A card was read and several visits fit";
        Unexpected: "待っていない回答が届いた", "An answer nobody waits for";
        Conflict: "同じ名前で違う内容が届いた", "The same name came again with other content";
        Unreadable: "読めないファイル", "A file that cannot be read";
    }
}
