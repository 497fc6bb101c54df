//! From the declaration's form to the declaration, with the hash of what was signed.

use crate::form::Typed;
use crate::form::fields::*;
use crate::lang::Lang;
use crate::words::DeclarationWords;
use domain::coverage::Sex;
use domain::declaration::{Declaration, DocumentIssued, InsuranceKind, PaperForm, Signature, Signer};
use domain::number::{InsuredNumber, InsuredSymbol};
use domain::text::Text;
use domain::{Date, Timestamp};
use sha2::{Digest, Sha256};

/// Which text the patient saw; counts up whenever a word of it changes.
const TEXT_VERSION: &str = "uketsuke-1";
/// The field a signature is written in.
const FIELD: (u32, u32) = (600, 200);
/// Longest time a form may lie open before its signing time is taken from the clock instead.
const LONGEST_OPEN_MS: i64 = 24 * 3600 * 1000;

/// The text above a signature.
pub struct TextSeen {
    /// which text, and in which language
    pub version: String,
    /// the lines that were shown
    pub lines: Vec<String>,
}

impl TextSeen {
    /// The page at the desk.
    pub fn at_desk(lang: Lang) -> TextSeen {
        let w = DeclarationWords::of(lang);
        let lines = [w.title, w.intro, w.gaps_ok, w.later].map(str::to_owned).into();
        TextSeen { version: format!("{TEXT_VERSION}-{}", lang.code()), lines }
    }
}

/// Reads the form; complaints go to the fields.
pub fn read(typed: &mut Typed, now: Timestamp, seen: &TextSeen) -> Option<Declaration> {
    let name = typed.required(&NAME);
    let birth_date = read_birth(typed);
    let insurance_kind = typed.required_code(&INSURANCE_KIND, InsuranceKind::from_code);
    let on_paper = typed.is_ticked(ON_PAPER.name);
    let (printed, kept_at) = (typed.text(&PAPER_FORM_NO).filter(|_| on_paper), typed.text(&KEPT_AT));
    let form_no = printed.unwrap_or_else(|| form_no(typed.value("form_no"), now.date_in_japan(), typed.value("key")));
    let declaration = Declaration {
        form_no,
        text_version: seen.version.clone(),
        document_issued: typed.code(&DOCUMENT_ISSUED, DocumentIssued::from_code),
        insurance_kind: insurance_kind.unwrap_or(InsuranceKind::Unknown),
        insurer_name: typed.text(&INSURER_NAME),
        workplace: typed.text(&WORKPLACE),
        issued_when: typed.text(&ISSUED_WHEN),
        ratio_tenths: typed.tenths(&RATIO),
        name: name.clone().unwrap_or_default(),
        name_kana: typed.text(&NAME_KANA),
        birth_date: birth_date.unwrap_or(Date::literal(1900, 1, 1)),
        sex: typed.code(&SEX, Sex::from_code),
        address: typed.text(&ADDRESS),
        postal_code: typed.text(&POSTAL_CODE),
        phone: typed.text(&PHONE),
        other_contact: typed.text(&OTHER_CONTACT),
        remembered_symbol: read_number(typed, &REMEMBERED_SYMBOL, |t| InsuredSymbol::parse(t).map(|c| c.value)),
        remembered_number: read_number(typed, &REMEMBERED_NUMBER, |t| InsuredNumber::parse(t).map(|c| c.value)),
        consent_contact: typed.is_ticked(CONSENT_CONTACT.name),
        consent_requery: typed.is_ticked(CONSENT_REQUERY.name),
        signature: None,
        paper: None,
    };
    let signed = read_signer(typed);
    let signed = if on_paper {
        Declaration { paper: Some(Box::new(on_file(signed, kept_at))), ..declaration }
    } else {
        Declaration { signature: read_signature(typed, &declaration, signed, now, seen), ..declaration }
    };
    if let Some((at, why)) = signed.unsigned_by_name() {
        typed.refuse(at, why);
    }
    let complete = name.is_some() && birth_date.is_some() && insurance_kind.is_some();
    complete.then_some(signed)
}

fn read_birth(typed: &mut Typed) -> Option<Date> {
    let birth = typed.date(&BIRTH_DATE);
    if birth.is_none() && typed.problem(BIRTH_DATE.name).is_none() {
        typed.refuse(BIRTH_DATE.name, BIRTH_DATE.empty());
    }
    birth
}

fn read_number<T>(
    typed: &mut Typed,
    field: &crate::form::Field,
    parse: impl Fn(&str) -> Result<T, domain::number::NumberError>,
) -> Option<T> {
    let text = typed.text(field)?;
    parse(&text).map_err(|error| typed.refuse(field.name, Text::new(error.ja(), error.en()))).ok()
}

/// Who signs, with name and relation when it is not the patient.
struct SignedBy {
    signer: Signer,
    name: Option<String>,
    relation: Option<String>,
}

fn read_signer(typed: &mut Typed) -> SignedBy {
    let signer = typed.code(&SIGNER, Signer::from_code).unwrap_or(Signer::Patient);
    SignedBy { signer, name: typed.text(&SIGNER_NAME), relation: typed.text(&RELATION) }
}

/// The paper that was signed and put on file.
fn on_file(signed: SignedBy, kept_at: Option<String>) -> PaperForm {
    let SignedBy { signer, name, relation } = signed;
    PaperForm { signer, signer_name: name, relation, kept_at }
}

/// A signature on the screen.
fn read_signature(
    typed: &mut Typed,
    declaration: &Declaration,
    signed: SignedBy,
    now: Timestamp,
    seen: &TextSeen,
) -> Option<Signature> {
    match clean_strokes(typed.value(STROKES.name)) {
        Some(strokes) => Some(Signature {
            signer: signed.signer,
            signer_name: signed.name,
            relation: signed.relation,
            strokes,
            signed_at: signed_at(typed, now),
            content_hash: content_hash(declaration, seen),
        }),
        None => {
            let text = Text::new(
                "署名がありません。枠の中に書くか、「紙に署名した」を選んでください。",
                "There is no signature. Sign in the box, or tick “signed on paper”.",
            );
            typed.refuse(STROKES.name, text);
            None
        }
    }
}

/// Strokes as the page writes them: `M12 34L13 36…` with whole numbers inside the field.
pub fn clean_strokes(text: &str) -> Option<String> {
    let strokes = text.trim();
    let fine = !strokes.is_empty() && strokes.len() <= STROKES.max && strokes.starts_with('M');
    let points = strokes.split(['M', 'L']).skip(1).all(is_point);
    (fine && points).then(|| strokes.to_owned())
}

fn is_point(point: &str) -> bool {
    let Some((x, y)) = point.trim().split_once(' ') else { return false };
    let inside = |text: &str, most: u32| text.len() <= 3 && text.parse::<u32>().is_ok_and(|value| value <= most);
    inside(x, FIELD.0) && inside(y, FIELD.1)
}

/// When it was signed: so long after the page was shown, as the page says; the clock when that cannot be. The same form sent
/// twice gives the same time.
fn signed_at(typed: &Typed, now: Timestamp) -> Timestamp {
    let number = |name| typed.value(name).parse::<i64>().ok().filter(|ms| *ms >= 0);
    let said = number("rendered_ms").zip(number("signed_after_ms").or(Some(0)));
    let signed = said.map(|(rendered, after)| Timestamp::from_ms(rendered.saturating_add(after)));
    signed.filter(|at| *at <= now && now.since_ms(*at) <= LONGEST_OPEN_MS).unwrap_or(now)
}

/// The number on the form: as it was shown, or a new one of the day.
pub fn form_no(shown: &str, today: Date, key: &str) -> String {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    if (5..=20).contains(&shown.len()) && shown.bytes().all(allowed) {
        return shown.to_owned();
    }
    let tail: String = key.chars().filter(char::is_ascii_lowercase).take(5).collect();
    format!("{}-{}", today.compact(), tail.to_ascii_uppercase())
}

/// SHA-256 of the text the patient saw and the answers above the signature, in a fixed order.
pub fn content_hash(declaration: &Declaration, seen: &TextSeen) -> String {
    let mut hash = Sha256::new();
    for line in &seen.lines {
        hash.update(line);
        hash.update(b"\n");
    }
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let answers = [
        ("form_no", declaration.form_no.clone()),
        ("text_version", declaration.text_version.clone()),
        ("document_issued", declaration.document_issued.map_or("", DocumentIssued::code).to_owned()),
        ("insurance_kind", declaration.insurance_kind.code().to_owned()),
        ("insurer_name", text(&declaration.insurer_name)),
        ("workplace", text(&declaration.workplace)),
        ("issued_when", text(&declaration.issued_when)),
        ("ratio_tenths", declaration.ratio_tenths.map(|tenths| tenths.to_string()).unwrap_or_default()),
        ("name", declaration.name.clone()),
        ("name_kana", text(&declaration.name_kana)),
        ("birth_date", declaration.birth_date.to_string()),
        ("sex", declaration.sex.map_or("", Sex::code).to_owned()),
        ("address", text(&declaration.address)),
        ("postal_code", text(&declaration.postal_code)),
        ("phone", text(&declaration.phone)),
        ("other_contact", text(&declaration.other_contact)),
        ("symbol", declaration.remembered_symbol.as_ref().map_or("", |s| s.as_str()).to_owned()),
        ("number", declaration.remembered_number.as_ref().map_or("", |n| n.as_str()).to_owned()),
        ("consent_contact", declaration.consent_contact.to_string()),
        ("consent_requery", declaration.consent_requery.to_string()),
    ];
    for (name, answer) in answers {
        hash.update(format!("{name}={answer}\n"));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_are_whole_numbers_inside_the_field() {
        assert_eq!(clean_strokes("M1 2L300 200M600 0").as_deref(), Some("M1 2L300 200M600 0"));
        for wrong in ["", "L1 2", "M1", "M601 2", "M1 201", "M1 2L<script>", "M1 2Z", "M1234 5"] {
            assert!(clean_strokes(wrong).is_none(), "{wrong}");
        }
        assert!(clean_strokes(&format!("M1 2{}", "L3 4".repeat(6000))).is_none());
    }

    #[test]
    fn the_signing_time_lies_between_the_page_and_now() {
        let now = Timestamp::from_ms(1_000_000);
        let typed = |rendered: &str, after: &str| {
            Typed::prefilled([("rendered_ms", rendered.to_owned()), ("signed_after_ms", after.to_owned())])
        };
        assert_eq!(signed_at(&typed("900000", "5000"), now).as_ms(), 905_000);
        assert_eq!(signed_at(&typed("900000", "500000"), now), now);
        assert_eq!(signed_at(&typed("x", "5"), now), now);
    }

    #[test]
    fn a_form_keeps_its_number() {
        let day = Date::literal(2026, 3, 2);
        assert_eq!(form_no("20260302-ABCDE", day, "zz"), "20260302-ABCDE");
        assert_eq!(form_no("<b>", day, "abcdefgh"), "20260302-ABCDE");
    }
}
