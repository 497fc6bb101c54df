//! What a paper did not say, and whether the claim goes without it (REQ-49).

use crate::coverage::Coverage;
use crate::scheme::SchemeGroup;
use crate::text::Text;

/// One thing that was not on the paper, or was not written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// what
    pub field: Text,
    /// the claim can be sent all the same
    pub claim_goes: bool,
    /// what to do
    pub what_to_do: Text,
}

/// Everything a claim could use that is not there; `elderly` = the share depends on more than the age.
pub fn missing(coverage: &Coverage, elderly: bool) -> Vec<Missing> {
    let group = coverage.scheme().group();
    let share = coverage.elderly.as_ref().and_then(|elderly| elderly.ratio_tenths).or(coverage.ratio_tenths);
    let employee_or_national = matches!(group, SchemeGroup::Employee | SchemeGroup::National | SchemeGroup::Unknown);
    let rows = [
        (
            coverage.insurer_number.is_none(),
            ("保険者番号", "insurer number"),
            false,
            (
                "請求に必要です。書面をもう一度見るか、保険者に電話します。分からなければ申立書に切り替えられます。",
                "The claim needs it. Look again, or phone the insurer; the declaration is the way if nobody knows.",
            ),
        ),
        (
            coverage.insured_number.is_none(),
            ("番号", "number"),
            false,
            (
                "請求に必要です。書面をもう一度見るか、患者さんに後日知らせてもらいます。",
                "The claim needs it. Look again, or let the patient report it later.",
            ),
        ),
        (
            coverage.insured_symbol.is_none() && employee_or_national,
            ("記号", "symbol"),
            true,
            (
                "記号のない保険者もあります。あれば次回に入れてください。",
                "Some insurers have none. Add it next time if there is one.",
            ),
        ),
        (
            coverage.branch_number.is_none() && employee_or_national,
            ("枝番", "branch number"),
            true,
            ("なくても請求できます。照会の回答で補われます。", "The claim goes without it; an answer fills it in."),
        ),
        (
            share.is_none(),
            ("負担割合", "share"),
            !elderly,
            if elderly {
                (
                    "70歳以上は年齢だけでは決まりません。高齢受給者証を見せてもらうか、照会します。",
                    "From 70 the age alone does not decide: see 高齢受給者証, or ask by number.",
                )
            } else {
                ("年齢から決めます。", "It follows from the age.")
            },
        ),
        (
            coverage.valid_to.is_none(),
            ("有効期限", "date of expiry"),
            true,
            (
                "「不明」として扱い、受診のたびに確かめます。",
                "Kept as not known, which is not endless: it is checked at each visit.",
            ),
        ),
    ];
    let row = |(_, field, claim_goes, what): (bool, (&str, &str), bool, (&str, &str))| Missing {
        field: Text::new(field.0, field.1),
        claim_goes,
        what_to_do: Text::new(what.0, what.1),
    };
    rows.into_iter().filter(|(is_missing, ..)| *is_missing).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::{InsuredNumber, InsurerNumber};

    fn fields(coverage: &Coverage, elderly: bool) -> Vec<(String, bool)> {
        missing(coverage, elderly).into_iter().map(|missing| (missing.field.ja, missing.claim_goes)).collect()
    }

    #[test]
    fn numbers_hold_the_claim_and_the_rest_does_not() {
        let nothing = fields(&Coverage::EMPTY, false);
        assert_eq!(nothing.iter().filter(|(_, goes)| !goes).count(), 2, "{nothing:?}");
        let late_elderly = Coverage {
            insurer_number: InsurerNumber::parse_overridden("39130014").ok().map(|checked| checked.value),
            insured_number: InsuredNumber::parse("12345678").ok().map(|checked| checked.value),
            ..Coverage::EMPTY
        };
        assert_eq!(fields(&late_elderly, true), [("負担割合".to_owned(), false), ("有効期限".to_owned(), true)]);
        assert_eq!(fields(&late_elderly, false)[0], ("負担割合".to_owned(), true));
    }
}
