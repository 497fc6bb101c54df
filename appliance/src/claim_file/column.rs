//! What a column of a file holds.

use domain::Date;
use domain::codes;
use domain::scheme::PayerBody;
use web::port::{ClaimItem, SinceFreeze};

codes! {
    /// Everything a column may hold. The codes are what layouts are written with, and never change their meaning.
    pub enum Field {
        /// day of the visit
        VisitDate = "visit_date",
        /// id of the visit
        Visit = "visit",
        /// 診察券番号
        PatientNumber = "patient_number",
        /// 氏名
        Name = "name",
        /// カナ氏名
        NameKana = "name_kana",
        /// 生年月日
        BirthDate = "birth_date",
        /// 性別 1, 2, 3
        Sex = "sex",
        /// current, former, unknown, hold, or why there is no claim
        Basis = "basis",
        /// ①, ②, ③ in words
        BasisWords = "basis_words",
        /// 審査支払機関 1 or 2; empty = the institution chooses
        PayerBody = "payer_body",
        /// 保険者番号
        InsurerNumber = "insurer_number",
        /// 記号
        InsuredSymbol = "insured_symbol",
        /// 番号
        InsuredNumber = "insured_number",
        /// 枝番
        BranchNumber = "branch_number",
        /// 本人・家族 1 or 2
        PersonalFamily = "personal_family",
        /// patient's share in tenths
        Ratio = "ratio",
        /// 第一公費 負担者番号
        Payer1 = "payer_1",
        /// 第一公費 受給者番号
        Recipient1 = "recipient_1",
        /// 第二公費 負担者番号
        Payer2 = "payer_2",
        /// 第二公費 受給者番号
        Recipient2 = "recipient_2",
        /// 第三公費 負担者番号
        Payer3 = "payer_3",
        /// 第三公費 受給者番号
        Recipient3 = "recipient_3",
        /// 第四公費 負担者番号
        Payer4 = "payer_4",
        /// 第四公費 受給者番号
        Recipient4 = "recipient_4",
        /// 摘要欄, first record
        Remark1 = "remark_1",
        /// second record
        Remark2 = "remark_2",
        /// third record
        Remark3 = "remark_3",
        /// all records, separated by a vertical bar
        Remarks = "remarks",
        /// how eligibility was confirmed, code
        Evidence = "evidence",
        /// 確認区分: 01 = at the window
        ConfirmedAt = "confirmed_at",
        /// 1 = confirmed by the national service
        ConfirmedOnline = "confirmed_online",
        /// 1 = a later answer may still change it
        Provisional = "provisional",
        /// codes of the warnings, separated by spaces
        Warnings = "warnings",
        /// warnings in words
        WarningWords = "warning_words",
        /// changed or added after the month was frozen
        SinceFreeze = "since_freeze",
        /// columns and letters that could not be written
        Replaced = "replaced",
        /// nothing: the column stays empty, or has the fixed text of the layout
        Fixed = "fixed",
    }
}

codes! {
    /// How a day is written.
    pub enum DayForm {
        /// 2026-03-01
        Iso = "iso",
        /// 20260301
        Compact = "compact",
        /// 5080301: era code, year, month, day, as claims have it
        Era = "era",
    }
}

/// One column of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// title
    pub title: String,
    /// what it holds
    pub field: Field,
    /// how days are written
    pub day: DayForm,
    /// at least so many characters, filled from the left
    pub width: usize,
    /// with what it is filled
    pub fill: char,
    /// the fixed text
    pub text: String,
}

impl Column {
    /// Whether it tells what could not be written.
    pub(super) fn names_replaced(&self) -> bool {
        self.field == Field::Replaced
    }

    /// What it holds of a visit. An empty value stays empty, whatever the width: a number nobody knows is no number of zeros.
    pub(super) fn value(&self, item: &ClaimItem) -> String {
        let value = self.bare(item);
        let missing = self.width.saturating_sub(value.chars().count());
        if value.is_empty() { value } else { format!("{}{value}", self.fill.to_string().repeat(missing)) }
    }

    fn bare(&self, item: &ClaimItem) -> String {
        let line = &item.line;
        let coverage = line.coverage.as_ref();
        let payer = |nth: usize| line.public_payers.get(nth).map(|payer| payer.payer.as_str().to_owned());
        let recipient = |nth: usize| {
            line.public_payers.get(nth).and_then(|p| p.recipient.as_ref()).map(|number| number.as_str().to_owned())
        };
        let flag = |yes: bool| Some(if yes { "1" } else { "0" }.to_owned());
        let value = match self.field {
            Field::VisitDate => Some(self.written(item.visit_date)),
            Field::Visit => Some(item.visit.to_string()),
            Field::PatientNumber => item.patient_number.clone(),
            Field::Name => item.name.clone(),
            Field::NameKana => item.name_kana.clone(),
            Field::BirthDate => item.birth_date.map(|day| self.written(day)),
            Field::Sex => item.sex.map(|sex| sex.code().to_owned()),
            Field::Basis => Some(line.not_claimed.map_or(line.basis.code(), |none| none.code()).to_owned()),
            Field::BasisWords => Some(line.not_claimed.map_or_else(|| line.basis.words().ja, |none| none.words().ja)),
            Field::PayerBody => line.payer_body.map(|body| PayerBody::code(body).to_owned()),
            Field::InsurerNumber => coverage.and_then(|c| c.insurer_number.as_ref()).map(|n| n.as_str().to_owned()),
            Field::InsuredSymbol => coverage.and_then(|c| c.insured_symbol.as_ref()).map(|n| n.as_str().to_owned()),
            Field::InsuredNumber => coverage.and_then(|c| c.insured_number.as_ref()).map(|n| n.as_str().to_owned()),
            Field::BranchNumber => coverage.and_then(|c| c.branch_number.as_ref()).map(|n| n.as_str().to_owned()),
            Field::PersonalFamily => coverage.and_then(|c| c.personal_family).map(|code| code.code().to_owned()),
            Field::Ratio => line.ratio_tenths.map(|tenths| tenths.to_string()),
            Field::Payer1 => payer(0),
            Field::Payer2 => payer(1),
            Field::Payer3 => payer(2),
            Field::Payer4 => payer(3),
            Field::Recipient1 => recipient(0),
            Field::Recipient2 => recipient(1),
            Field::Recipient3 => recipient(2),
            Field::Recipient4 => recipient(3),
            Field::Remark1 => line.remark_lines.first().cloned(),
            Field::Remark2 => line.remark_lines.get(1).cloned(),
            Field::Remark3 => line.remark_lines.get(2).cloned(),
            Field::Remarks => Some(line.remark_lines.join("|")),
            Field::Evidence => line.evidence.map(|kind| kind.code().to_owned()),
            Field::ConfirmedAt => line.is_confirmed().then(|| "01".to_owned()),
            Field::ConfirmedOnline => flag(line.is_confirmed() && line.not_claimed.is_none()),
            Field::Provisional => flag(line.provisional),
            Field::Warnings => Some(line.warnings.iter().map(|w| w.code()).collect::<Vec<_>>().join(" ")),
            Field::WarningWords => Some(line.warnings.iter().map(|w| w.label().ja).collect::<Vec<_>>().join("・")),
            Field::SinceFreeze => match item.since_freeze {
                SinceFreeze::Same => None,
                SinceFreeze::Changed => Some("changed".to_owned()),
                SinceFreeze::Added => Some("added".to_owned()),
            },
            Field::Replaced => None,
            Field::Fixed => Some(self.text.clone()),
        };
        value.unwrap_or_default()
    }

    fn written(&self, day: Date) -> String {
        match self.day {
            DayForm::Iso => day.to_string(),
            DayForm::Compact => day.compact(),
            DayForm::Era => domain::era::claim_form(day).unwrap_or_default(),
        }
    }
}
