//! Troubles in the categories of the national survey of early 2025 (`field-troubles` §1.1), so that a site can compare
//! itself with 9,741 others and prove faults to vendors (REQ-03).

use super::machine::Notice;
use super::state::HealthState;
use crate::reader::Bilingual;

/// One row of the survey's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SurveyTrouble {
    /// ● in a name or address.
    UnprintableName,
    /// Reader connection or recognition error.
    Reader,
    /// Eligibility shown as invalid.
    ShownInvalid,
    /// Certificate or card expired.
    Expired,
    /// Name or address does not match.
    NameMismatch,
    /// Anything else.
    Other,
    /// No such insured number.
    NoSuchNumber,
    /// Burden ratio does not match.
    RatioMismatch,
    /// Ceiling (限度額) wrong.
    CeilingWrong,
    /// Another person's data linked.
    OtherPerson,
}

impl SurveyTrouble {
    /// The rows in the survey's order.
    pub const ALL: [Self; 10] = [
        Self::UnprintableName,
        Self::Reader,
        Self::ShownInvalid,
        Self::Expired,
        Self::NameMismatch,
        Self::Other,
        Self::NoSuchNumber,
        Self::RatioMismatch,
        Self::CeilingWrong,
        Self::OtherPerson,
    ];

    /// A short name that never changes, for counters and interfaces.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnprintableName => "unprintable_name",
            Self::Reader => "reader",
            Self::ShownInvalid => "shown_invalid",
            Self::Expired => "expired",
            Self::NameMismatch => "name_mismatch",
            Self::Other => "other",
            Self::NoSuchNumber => "no_such_number",
            Self::RatioMismatch => "ratio_mismatch",
            Self::CeilingWrong => "ceiling_wrong",
            Self::OtherPerson => "other_person",
        }
    }

    /// The row in words.
    pub fn name(self) -> Bilingual {
        let (ja, en) = match self {
            Self::UnprintableName => ("氏名・住所の●表示", "● in name or address"),
            Self::Reader => ("カードリーダーの接続不良・認証エラー", "reader connection or recognition error"),
            Self::ShownInvalid => ("資格情報が無効", "eligibility shown as invalid"),
            Self::Expired => ("電子証明書・カードの有効期限切れ", "certificate or card expired"),
            Self::NameMismatch => ("氏名・住所の相違", "name or address mismatch"),
            Self::Other => ("その他", "other"),
            Self::NoSuchNumber => ("該当の被保険者番号がない", "no such insured number"),
            Self::RatioMismatch => ("負担割合の齟齬", "burden ratio mismatch"),
            Self::CeilingWrong => ("限度額の誤り", "ceiling wrong"),
            Self::OtherPerson => ("他人の情報の紐づけ", "another person's data linked"),
        };
        Bilingual { ja, en }
    }

    /// Sites of the survey that met this trouble from December 2024 on, per thousand of 9,741.
    pub fn sites_per_thousand(self) -> u16 {
        match self {
            Self::UnprintableName => 651,
            Self::Reader => 439,
            Self::ShownInvalid => 384,
            Self::Expired => 310,
            Self::NameMismatch => 202,
            Self::Other => 174,
            Self::NoSuchNumber => 117,
            Self::RatioMismatch => 78,
            Self::CeilingWrong => 45,
            Self::OtherPerson => 18,
        }
    }

    /// The row a device's notice belongs to: a reading that failed or never came, or a fault that began. The faults
    /// that a row of failed readings adds up to were counted one by one, and a step that did not help is no new trouble.
    pub fn of(notice: &Notice) -> Option<Self> {
        let counts = match notice {
            Notice::ReadFailed { .. } | Notice::ReadMissed => true,
            Notice::Changed { from, to: HealthState::Faulted { fault } } => {
                from.fault().is_none() && !fault.needs_a_good_read()
            }
            _ => false,
        };
        counts.then_some(Self::Reader)
    }
}

/// How often each trouble was met in a period that the owner of the counter chooses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveyCounts {
    counts: [u32; SurveyTrouble::ALL.len()],
}

impl SurveyCounts {
    /// Counts one trouble.
    pub fn count(&mut self, trouble: SurveyTrouble) {
        self.add(trouble, 1);
    }

    /// Adds troubles counted elsewhere, or before a restart.
    pub fn add(&mut self, trouble: SurveyTrouble, times: u32) {
        let count = &mut self.counts[trouble as usize];
        *count = count.saturating_add(times);
    }

    /// How often this trouble was met.
    pub fn of(&self, trouble: SurveyTrouble) -> u32 {
        self.counts[trouble as usize]
    }

    /// All rows in the survey's order.
    pub fn rows(&self) -> impl Iterator<Item = (SurveyTrouble, u32)> + '_ {
        SurveyTrouble::ALL.into_iter().map(|trouble| (trouble, self.of(trouble)))
    }
}
