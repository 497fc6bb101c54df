//! Contradictions between age and scheme (claims-rules §6.1).

use super::{AgeBand, age_band, age_on, late_elderly_from};
use crate::codes;
use crate::date::Date;
use crate::scheme::{Scheme, SchemeGroup};

codes! {
    /// What does not go together, or what age leaves open.
    pub enum AgeSchemeIssue {
        /// The birth date is after the visit.
        BornAfterVisit = "born_after_visit",
        /// 75 or over, but the insurer is not 後期高齢者医療.
        NotLateElderly = "not_late_elderly",
        /// Under 65 in 後期高齢者医療.
        TooYoungForLateElderly = "too_young_for_late_elderly",
        /// 65–74 in 後期高齢者医療: by recognised disability; the ratio does not follow from age.
        LateElderlyByDisability = "late_elderly_by_disability",
        /// 70–74: without a ratio from an answer or document, ask for 高齢受給者証.
        RatioDocumentNeeded = "ratio_document_needed",
        /// Born on 29 February and 75 these days: the insurer knows the first day.
        StartDayOpen = "start_day_open",
    }
}

/// What stands out about this age in this scheme on this day. 生活保護 is exempt from the check at 75, and an unknown
/// scheme contradicts nothing.
pub fn consistency(birth: Date, date: Date, scheme: Scheme) -> Vec<AgeSchemeIssue> {
    if date < birth {
        return vec![AgeSchemeIssue::BornAfterVisit];
    }
    let insured_by_age = !matches!(scheme.group(), SchemeGroup::PublicAssistance | SchemeGroup::Unknown);
    if !insured_by_age {
        return Vec::new();
    }
    if late_elderly_from(birth).is_open_on(date) {
        return vec![AgeSchemeIssue::StartDayOpen];
    }
    let issue = match (age_band(birth, date), scheme) {
        (AgeBand::LateElderly, Scheme::LateElderly) => None,
        (AgeBand::LateElderly, _) => Some(AgeSchemeIssue::NotLateElderly),
        (_, Scheme::LateElderly) if age_on(birth, date) < 65 => Some(AgeSchemeIssue::TooYoungForLateElderly),
        (_, Scheme::LateElderly) => Some(AgeSchemeIssue::LateElderlyByDisability),
        (AgeBand::From70To74, _) => Some(AgeSchemeIssue::RatioDocumentNeeded),
        _ => None,
    };
    issue.into_iter().collect()
}

impl AgeSchemeIssue {
    /// Whether one of the facts must be wrong; the others ask a question.
    pub const fn is_contradiction(self) -> bool {
        matches!(self, AgeSchemeIssue::BornAfterVisit | AgeSchemeIssue::TooYoungForLateElderly)
    }

    /// For staff: what stands out and what to do.
    pub const fn ja(self) -> &'static str {
        match self {
            AgeSchemeIssue::BornAfterVisit => "生年月日が受診日より後です。生年月日を確かめて入力し直してください。",
            AgeSchemeIssue::NotLateElderly => {
                "75歳以上ですが後期高齢者医療の保険者番号ではありません。新しい資格確認書などがないかお尋ねのうえ、照会してください。"
            }
            AgeSchemeIssue::TooYoungForLateElderly => {
                "65歳未満ですが後期高齢者医療の保険者番号です。生年月日と保険者番号を証と見比べてください。"
            }
            AgeSchemeIssue::LateElderlyByDisability => {
                "75歳未満の後期高齢者医療（障害認定）です。負担割合は年齢で決めず、照会結果か証のとおりにしてください。"
            }
            AgeSchemeIssue::RatioDocumentNeeded => {
                "70～74歳です。負担割合が照会結果にないときは高齢受給者証などで2割か3割かを確かめてください。"
            }
            AgeSchemeIssue::StartDayOpen => {
                "2月29日生まれで、後期高齢者医療の開始日が保険者により決まる日です。照会結果か証の日付に従ってください。"
            }
        }
    }

    /// The same in English.
    pub const fn en(self) -> &'static str {
        match self {
            AgeSchemeIssue::BornAfterVisit => "The birth date is after the visit. Check and enter it again.",
            AgeSchemeIssue::NotLateElderly => {
                "Aged 75 or over, but the insurer is not the late elderly scheme. Ask for a new certificate and query."
            }
            AgeSchemeIssue::TooYoungForLateElderly => {
                "Under 65, but the insurer is the late elderly scheme. Compare birth date and insurer number with the \
                 certificate."
            }
            AgeSchemeIssue::LateElderlyByDisability => {
                "Under 75 in the late elderly scheme (recognised disability). Take the ratio from the answer or the \
                 certificate, not from age."
            }
            AgeSchemeIssue::RatioDocumentNeeded => {
                "Aged 70-74. If the answer has no ratio, look at the elderly recipient certificate: 20% or 30%."
            }
            AgeSchemeIssue::StartDayOpen => {
                "Born on 29 February: the first day in the late elderly scheme is the insurer's. Follow the answer or \
                 the certificate."
            }
        }
    }
}
