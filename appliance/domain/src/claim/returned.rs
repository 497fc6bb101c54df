//! Claims that came back (返戻): why, and what became of them (claims-rules §9).

use crate::date::{Date, Timestamp};
use crate::fact::{Author, VisitId};
use crate::text::Text;
use crate::{codes, record};

codes! {
    /// Why a claim came back.
    pub enum ReturnReason {
        /// 資格喪失後の受診
        AfterLoss = "after_loss",
        /// 記号・番号の誤り
        NumberWrong = "number_wrong",
        /// 該当者なし・保険者番号の誤り
        InsurerWrong = "insurer_wrong",
        /// 生年月日相違・個人相違
        PersonDiffers = "person_differs",
        /// 本人・家族の誤り
        FamilyWrong = "family_wrong",
        /// 給付（負担）割合の誤り
        RatioWrong = "ratio_wrong",
        /// 枝番違い
        BranchWrong = "branch_wrong",
        /// 重複請求
        SentTwice = "sent_twice",
        /// 一部負担金の記載
        CoPayment = "co_payment",
        /// 公費の期限切れ・番号誤り
        Subsidy = "subsidy",
        /// 不詳の請求先違い
        UnknownWrongBody = "unknown_wrong_body",
        /// 使えない文字
        Characters = "characters",
        /// 摘要欄の不足
        RemarkMissing = "remark_missing",
        /// その他
        Other = "other",
    }
}

codes! {
    /// What became of a returned claim.
    pub enum ReturnOutcome {
        /// corrected and sent again
        SentAgain = "sent_again",
        /// the patient pays, and asks the right insurer
        PatientPays = "patient_pays",
        /// given up
        GivenUp = "given_up",
        /// entered by mistake
        Mistake = "mistake",
    }
}

record! {
    /// A claim came back.
    pub struct ReturnEntered {
        /// its id
        pub id: String,
        /// the visit it is traced back to
        pub visit: VisitId,
        /// when it came back
        pub on: Date,
        /// why
        pub reason: ReturnReason,
        /// what the payer body wrote
        pub note: Option<String>,
    }
}

record! {
    /// What became of a returned claim.
    pub struct ReturnSettled {
        /// which
        pub id: String,
        /// what
        pub outcome: ReturnOutcome,
        /// how
        pub note: String,
    }
}

record! {
    /// A returned claim as it stands.
    pub struct ReturnedClaim {
        /// its id
        pub id: String,
        /// when it was entered
        pub at: Timestamp,
        /// by whom
        pub by: Author,
        /// what came back
        pub entered: ReturnEntered,
        /// what became of it; absent = open
        pub settled: Option<ReturnSettled>,
        /// when it was settled
        pub settled_at: Option<Timestamp>,
    }
}

impl ReturnedClaim {
    /// Whether something is still to be done.
    pub fn is_open(&self) -> bool {
        self.settled.is_none()
    }
}

impl ReturnReason {
    /// In words.
    pub fn words(self) -> Text {
        let (ja, en) = match self {
            ReturnReason::AfterLoss => ("資格喪失後の受診", "visit after the loss of eligibility"),
            ReturnReason::NumberWrong => ("記号・番号の誤り", "wrong symbol or number"),
            ReturnReason::InsurerWrong => ("該当者なし・保険者番号の誤り", "nobody found, or wrong insurer number"),
            ReturnReason::PersonDiffers => ("生年月日・個人の相違", "birth date or person differs"),
            ReturnReason::FamilyWrong => ("本人・家族の誤り", "insured and family mixed up"),
            ReturnReason::RatioWrong => ("給付（負担）割合の誤り", "wrong share"),
            ReturnReason::BranchWrong => ("枝番違い", "wrong branch number"),
            ReturnReason::SentTwice => ("重複請求", "sent twice"),
            ReturnReason::CoPayment => ("一部負担金の記載", "co-payment"),
            ReturnReason::Subsidy => ("公費の期限切れ・番号誤り", "subsidy expired or wrong number"),
            ReturnReason::UnknownWrongBody => ("不詳の請求先違い", "unknown claim sent to the wrong body"),
            ReturnReason::Characters => ("使えない文字", "unusable characters"),
            ReturnReason::RemarkMissing => ("摘要欄の不足", "remarks incomplete"),
            ReturnReason::Other => ("その他", "other"),
        };
        Text::new(ja, en)
    }

    /// What the window can look at next time so that it does not come back again.
    pub fn prevented_by(self) -> Text {
        let (ja, en) = match self {
            ReturnReason::AfterLoss => (
                "受付のたびに照会し、月が変わったら再確認します。",
                "Query at each visit, and again when the month changes.",
            ),
            ReturnReason::NumberWrong | ReturnReason::FamilyWrong => (
                "番号は回答から取り込み、手入力は見比べます。",
                "Take the data from the answer; compare what is typed by hand.",
            ),
            ReturnReason::InsurerWrong => (
                "検証番号と、表示される保険者名を見比べます。",
                "Look at the check digit and the name of the insurer shown.",
            ),
            ReturnReason::PersonDiffers => {
                ("カナ・生年月日・性別を回答と見比べます。", "Compare kana, birth date and sex with the answer.")
            }
            ReturnReason::RatioWrong => {
                ("年齢の区切り（就学前・70歳・75歳）と8月1日に注意します。", "Mind school age, 70, 75 and 1 August.")
            }
            ReturnReason::BranchWrong => (
                "高齢受給者証ではなく資格確認書等の枝番を使います。",
                "Use the branch of the certificate, not of the elderly recipient certificate.",
            ),
            ReturnReason::SentTwice => ("限度額の区分はひと月に一つにします。", "One class of the ceiling per month."),
            ReturnReason::CoPayment | ReturnReason::Subsidy => (
                "受給者証を毎月確かめ、期限と番号を見ます。",
                "Ask for the certificate every month; look at dates and digits.",
            ),
            ReturnReason::UnknownWrongBody => (
                "会社の保険か市区町村の保険かを尋ね、送信前に再照会します。",
                "Ask whether it is from work or from the city, and query again before sending.",
            ),
            ReturnReason::Characters => {
                ("氏名の正しい表記を一度登録して使います。", "Enter the true spelling of the name once.")
            }
            ReturnReason::RemarkMissing => (
                "住所か事業所名と連絡先を申立書で必ず聞きます。",
                "Ask for address or workplace and a contact on the form.",
            ),
            ReturnReason::Other => {
                ("証拠の一覧で受付時の確認を見直します。", "Look through the evidence of the visit.")
            }
        };
        Text::new(ja, en)
    }
}

impl ReturnOutcome {
    /// In words.
    pub fn words(self) -> Text {
        let (ja, en) = match self {
            ReturnOutcome::SentAgain => ("訂正して再請求", "corrected and sent again"),
            ReturnOutcome::PatientPays => ("患者さんに請求", "the patient pays"),
            ReturnOutcome::GivenUp => ("請求をやめた", "given up"),
            ReturnOutcome::Mistake => ("入力の誤り", "entered by mistake"),
        };
        Text::new(ja, en)
    }
}
