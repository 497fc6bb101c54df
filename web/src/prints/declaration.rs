//! The self-declaration on paper: filled, blank, and as the remark of the claim.

use super::{JA, day_of, person};
use crate::port::VisitView;
use crate::show;
use crate::tablet::RATIO_UNKNOWN;
use crate::words::DeclarationWords;
use domain::coverage::Sex;
use domain::declaration::{Declaration, DocumentIssued, InsuranceKind, Signer};
use paper::{BlankForms, Paper, Pick, Remark, Signed};

/// The text of the form; counts up whenever a word of the template changes.
const PAPER_VERSION: &str = "uketsuke-paper-1";

fn picks<T: PartialEq + Copy>(all: &[T], chosen: Option<T>, word: impl Fn(T) -> &'static str) -> Vec<Pick> {
    all.iter().map(|item| Pick { label: word(*item).to_owned(), picked: chosen == Some(*item) }).collect()
}

fn ratios(chosen: Option<u8>, unknown: bool) -> Vec<Pick> {
    let known = [3, 2, 1].map(|tenths| Pick { label: show::tenths(JA, tenths), picked: chosen == Some(tenths) });
    let words = DeclarationWords::of(JA);
    known.into_iter().chain([Pick { label: words.ratio_unknown.to_owned(), picked: unknown }]).collect()
}

/// A form on which nothing is chosen yet.
fn empty() -> paper::Declaration {
    paper::Declaration {
        text_version: PAPER_VERSION.to_owned(),
        issued: picks(DocumentIssued::ALL, None, |issued| show::document_issued(JA, issued)),
        insurance: picks(InsuranceKind::ALL, None, |kind| show::insurance_kind(JA, kind)),
        ratio: ratios(None, false),
        sex: picks(Sex::ALL, None, |sex| show::sex(JA, sex)),
        signed: Signed { signer: picks(Signer::ALL, None, |signer| show::signer(JA, signer)), ..Signed::default() },
        ..paper::Declaration::default()
    }
}

/// Blank forms.
pub(super) fn blank(numbers: Vec<String>, by_hand: Option<String>) -> BlankForms {
    BlankForms { form: empty(), numbers, by_hand }
}

/// One blank form to be copied as often as it is needed; the last two digits of its number are written by hand.
pub fn by_hand(space: String) -> Paper {
    Paper::BlankForms(blank(Vec::new(), Some(space)))
}

/// P-A.
pub(super) fn filled(view: &VisitView) -> Option<paper::Declaration> {
    let form = view.state.declaration.as_ref()?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Some(paper::Declaration {
        form_no: form.form_no.clone(),
        text_version: form.text_version.clone(),
        issued: picks(DocumentIssued::ALL, form.document_issued, |issued| show::document_issued(JA, issued)),
        insurance: picks(InsuranceKind::ALL, Some(form.insurance_kind), |kind| show::insurance_kind(JA, kind)),
        insurer: text(&form.insurer_name),
        workplace: text(&form.workplace),
        issued_when: text(&form.issued_when),
        ratio: ratios(form.ratio_tenths, form.ratio_tenths.is_none()),
        name: form.name.clone(),
        kana: text(&form.name_kana),
        birth: domain::era::kanji_form(form.birth_date),
        sex: picks(Sex::ALL, form.sex, |sex| show::sex(JA, sex)),
        postal: text(&form.postal_code),
        address: text(&form.address),
        phone: text(&form.phone),
        other_contact: text(&form.other_contact),
        signed: signed(form),
        day: day_of(view),
        reason: reason(view),
        symbol: form.remembered_symbol.as_ref().map_or("", |symbol| symbol.as_str()).to_owned(),
        number: form.remembered_number.as_ref().map_or("", |number| number.as_str()).to_owned(),
        contact: Some(form.consent_contact),
        requery: Some(form.consent_requery),
    })
}

/// P-A with what was answered so far; everything else stands open.
pub(super) fn half_filled(view: &VisitView, form_no: &str, answers: &[(String, String)]) -> paper::Declaration {
    let answer = |name: &str| answers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let text = |name: &str| answer(name).to_owned();
    let ratio = answer("ratio");
    let signer = Signer::from_code(answer("signer"));
    let birth = domain::Date::parse(answer("birth_date")).map(domain::era::kanji_form);
    paper::Declaration {
        form_no: form_no.to_owned(),
        issued: picks(DocumentIssued::ALL, DocumentIssued::from_code(answer("document_issued")), |issued| {
            show::document_issued(JA, issued)
        }),
        insurance: picks(InsuranceKind::ALL, InsuranceKind::from_code(answer("insurance_kind")), |kind| {
            show::insurance_kind(JA, kind)
        }),
        insurer: text("insurer_name"),
        workplace: text("workplace"),
        issued_when: text("issued_when"),
        ratio: ratios(ratio.parse().ok(), ratio == RATIO_UNKNOWN),
        name: text("name"),
        kana: text("name_kana"),
        birth: birth.unwrap_or_default(),
        sex: picks(Sex::ALL, Sex::from_code(answer("sex")), |sex| show::sex(JA, sex)),
        postal: text("postal_code"),
        address: text("address"),
        phone: text("phone"),
        other_contact: text("other_contact"),
        signed: Signed {
            signer: picks(Signer::ALL, signer, |signer| show::signer(JA, signer)),
            name: text("signer_name"),
            relation: text("relation"),
            ..Signed::default()
        },
        day: day_of(view),
        reason: reason(view),
        symbol: text("remembered_symbol"),
        number: text("remembered_number"),
        ..empty()
    }
}

fn signed(form: &Declaration) -> Signed {
    let by = form.signed_by();
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let signer = picks(Signer::ALL, by.map(|(signer, ..)| signer), |signer| show::signer(JA, signer));
    let (name, relation) = by.map(|(_, name, relation)| (text(name), text(relation))).unwrap_or_default();
    let on_paper = form.paper.as_ref().map(|paper| paper.kept_at.clone().unwrap_or_else(|| "保管済み".to_owned()));
    let on_screen = form.signature.as_ref();
    let at = on_screen.map(|signature| {
        let at = signature.signed_at;
        format!("{} {}", show::day(JA, at.date_in_japan()), show::time(at))
    });
    Signed {
        signer,
        name,
        relation,
        at: at.unwrap_or_default(),
        strokes: on_screen.map(|signature| strokes(&signature.strokes)).unwrap_or_default(),
        content_hash: on_screen.map(|signature| signature.content_hash.clone()).unwrap_or_default(),
        on_paper,
    }
}

/// The strokes of `M12 34L13 36…`; what is no point is left out.
fn strokes(path: &str) -> Vec<Vec<(u16, u16)>> {
    let point = |text: &str| {
        let (x, y) = text.trim().split_once(' ')?;
        Some((x.trim().parse().ok().filter(|x| *x <= 600)?, y.trim().parse().ok().filter(|y| *y <= 200)?))
    };
    path.split('M')
        .map(|stroke| stroke.split('L').filter_map(point).collect())
        .filter(|s: &Vec<_>| !s.is_empty())
        .collect()
}

/// Why it could not be confirmed at the time.
fn reason(view: &VisitView) -> String {
    let accepted = view.state.accepted.as_ref();
    let why = accepted.and_then(|accepted| accepted.acceptance.why_not_better.as_ref());
    why.map(|why| show::cause(JA, why.cause).to_owned()).unwrap_or_default()
}

/// P-E.
pub(super) fn remark(view: &VisitView) -> Remark {
    let claim = &view.decision.claim;
    let (name, kana, birth) = person(view);
    let provisional =
        if claim.provisional { "（暫定：後日の確認で変わることがあります）" } else { "" };
    Remark {
        form_no: view.state.declaration.as_ref().map(|form| form.form_no.clone()).unwrap_or_default(),
        day: day_of(view),
        name,
        kana,
        birth,
        basis: format!("{}{provisional}", show::claim_basis(JA, claim.basis)),
        lines: claim.remark_lines.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_read_stroke_by_stroke() {
        assert_eq!(strokes("M1 2L3 4M600 200"), [vec![(1, 2), (3, 4)], vec![(600, 200)]]);
        assert!(strokes("").is_empty() && strokes("M601 1").is_empty() && strokes("Mx y").is_empty());
    }

    #[test]
    fn a_blank_form_offers_every_choice_and_takes_none() {
        let form = empty();
        for choices in [&form.issued, &form.insurance, &form.ratio, &form.sex, &form.signed.signer] {
            assert!(choices.len() > 1 && choices.iter().all(|choice| !choice.picked && !choice.label.is_empty()));
        }
    }
}
