//! Classes of people.

use serde::Serialize;

/// Classes of people the population covers (`claims-rules §5.2, §6.1`, `checkin-rules §5–§7`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// 就学前後の境目: school-age edge.
    PreschoolEdge,
    /// 70歳の境目: edge of 70.
    SeventyEdge,
    /// 75歳の境目: edge of 75.
    SeventyFiveEdge,
    /// 氏名に●: ● in the name.
    Kuromaru,
    /// 異体字がそのまま届く: variant character arrives intact.
    VariantIntact,
    /// 保険者は通常字体で登録: registered with the ordinary character.
    VariantReplaced,
    /// 第3水準漢字: third-level kanji.
    ThirdLevelKanji,
    /// カナの小書きが大文字で登録: small kana registered as large.
    LargeKana,
    /// 資格無効: eligibility lost.
    Invalid,
    /// 新しい資格あり: superseded.
    Superseded,
    /// 新しい資格が登録待ち: new eligibility not registered yet.
    RegistrationLag,
    /// 初めての資格が登録待ち: first eligibility not registered yet.
    NeverRegistered,
    /// 複数該当: several records match.
    Ambiguous,
    /// 別人の情報が返る: another person's data come back.
    WrongPerson,
    /// 医療券未登録: medical ticket not registered.
    TicketMissing,
    /// 保険と医療扶助の併用: insurance and medical aid.
    InsuranceAndAid,
    /// 負担割合が券面と違う: ratio differs from the paper.
    RatioDiffers,
    /// 有効終了日なし: no end of validity.
    ValidityEndMissing,
    /// 枝番の記載なし: no branch number on the paper.
    NoBranch,
    /// 自己情報不開示: disclosure blocked.
    Protected,
    /// スマホ保険証: card on the phone.
    Phone,
    /// カードなし: no card.
    NoCard,
    /// 利用登録なし: card not registered for insurance use.
    NotRegisteredForUse,
    /// 暗証番号ロック: PIN locked.
    PinLocked,
    /// 暗証番号を忘れた: PIN forgotten.
    PinForgotten,
    /// 暗証番号のないカード: card without PIN.
    NoPin,
    /// 顔認証が通らない: face does not match.
    FaceMismatch,
    /// 特定疾病: specific disease.
    SpecificDisease,
    /// 現役並み所得: high income.
    HighIncome,
    /// 65–74歳の障害認定: late elderly by disability.
    LateElderlyByDisability,
    /// 書類なし: no papers.
    NoPapers,
    /// 子どものいる家族: family with children.
    FamilyWithChildren,
    /// 限度額区分あり: limit class.
    LimitClass,
}

impl Feature {
    /// Every class.
    pub const ALL: [Feature; 33] = [
        Feature::PreschoolEdge,
        Feature::SeventyEdge,
        Feature::SeventyFiveEdge,
        Feature::Kuromaru,
        Feature::VariantIntact,
        Feature::VariantReplaced,
        Feature::ThirdLevelKanji,
        Feature::LargeKana,
        Feature::Invalid,
        Feature::Superseded,
        Feature::RegistrationLag,
        Feature::NeverRegistered,
        Feature::Ambiguous,
        Feature::WrongPerson,
        Feature::TicketMissing,
        Feature::InsuranceAndAid,
        Feature::RatioDiffers,
        Feature::ValidityEndMissing,
        Feature::NoBranch,
        Feature::Protected,
        Feature::Phone,
        Feature::NoCard,
        Feature::NotRegisteredForUse,
        Feature::PinLocked,
        Feature::PinForgotten,
        Feature::NoPin,
        Feature::FaceMismatch,
        Feature::SpecificDisease,
        Feature::HighIncome,
        Feature::LateElderlyByDisability,
        Feature::NoPapers,
        Feature::FamilyWithChildren,
        Feature::LimitClass,
    ];

    /// A few words in Japanese.
    pub const fn label_ja(self) -> &'static str {
        self.labels().0
    }

    /// A few words in English.
    pub const fn label_en(self) -> &'static str {
        self.labels().1
    }

    const fn labels(self) -> (&'static str, &'static str) {
        match self {
            Feature::PreschoolEdge => ("就学前後の境目", "school-age edge"),
            Feature::SeventyEdge => ("70歳の境目", "edge of 70"),
            Feature::SeventyFiveEdge => ("75歳の境目", "edge of 75"),
            Feature::Kuromaru => ("氏名に●", "● in the name"),
            Feature::VariantIntact => ("異体字がそのまま届く", "variant character arrives intact"),
            Feature::VariantReplaced => ("保険者は通常字体で登録", "registered with the ordinary character"),
            Feature::ThirdLevelKanji => ("第3水準漢字", "third-level kanji"),
            Feature::LargeKana => ("カナの小書きが大文字で登録", "small kana registered as large"),
            Feature::Invalid => ("資格無効", "eligibility lost"),
            Feature::Superseded => ("新しい資格あり", "superseded"),
            Feature::RegistrationLag => ("新しい資格が登録待ち", "new eligibility not registered yet"),
            Feature::NeverRegistered => ("初めての資格が登録待ち", "first eligibility not registered yet"),
            Feature::Ambiguous => ("複数該当", "several records match"),
            Feature::WrongPerson => ("別人の情報が返る", "another person's data come back"),
            Feature::TicketMissing => ("医療券未登録", "medical ticket not registered"),
            Feature::InsuranceAndAid => ("保険と医療扶助の併用", "insurance and medical aid"),
            Feature::RatioDiffers => ("負担割合が券面と違う", "ratio differs from the paper"),
            Feature::ValidityEndMissing => ("有効終了日なし", "no end of validity"),
            Feature::NoBranch => ("枝番の記載なし", "no branch number on the paper"),
            Feature::Protected => ("自己情報不開示", "disclosure blocked"),
            Feature::Phone => ("スマホ保険証", "card on the phone"),
            Feature::NoCard => ("カードなし", "no card"),
            Feature::NotRegisteredForUse => ("利用登録なし", "card not registered for insurance use"),
            Feature::PinLocked => ("暗証番号ロック", "PIN locked"),
            Feature::PinForgotten => ("暗証番号を忘れた", "PIN forgotten"),
            Feature::NoPin => ("暗証番号のないカード", "card without PIN"),
            Feature::FaceMismatch => ("顔認証が通らない", "face does not match"),
            Feature::SpecificDisease => ("特定疾病", "specific disease"),
            Feature::HighIncome => ("現役並み所得", "high income"),
            Feature::LateElderlyByDisability => ("65–74歳の障害認定", "late elderly by disability"),
            Feature::NoPapers => ("書類なし", "no papers"),
            Feature::FamilyWithChildren => ("子どものいる家族", "family with children"),
            Feature::LimitClass => ("限度額区分あり", "limit class"),
        }
    }
}
