//! The burden ratio (負担割合) and its sources (claims-rules §6, checkin-rules §7.5). Nothing is decided silently: every
//! source is shown with its dates, and a contradiction is said.

use crate::age::{AgeBand, AgeRatio, age_band, age_ratio};
use crate::case::StoredPatient;
use crate::circumstance::Circumstances;
use crate::coverage::Coverage;
use crate::date::Date;
use crate::decision::{RatioBasis, RatioDecision, RatioSource};
use crate::text::Text;

/// Works out the ratio of a case.
pub(crate) fn settle(seen: &Circumstances<'_>) -> RatioDecision {
    let birth = birth_date(seen);
    if assistance_alone(seen) {
        return only(RatioSource { basis: RatioBasis::Ticket, tenths: 0, valid_from: None, valid_to: None });
    }
    let by_age = birth.map(|birth| age_ratio(birth, seen.day()));
    let sources = sources(seen, birth, by_age);
    let strongest = sources.first();
    RatioDecision {
        tenths: strongest.map(|s| s.tenths),
        basis: strongest.map(|s| s.basis),
        mismatch: contradict(&sources, by_age),
        ask: ask(&sources, by_age),
        sources,
    }
}

/// The birth date of the person: as shown at the desk, else as in the answer.
fn birth_date(seen: &Circumstances<'_>) -> Option<Date> {
    let returned = || seen.answer.and_then(|a| a.main_result()).and_then(|r| r.person.birth_date);
    seen.case.person.birth_date.or_else(returned)
}

fn assistance_alone(seen: &Circumstances<'_>) -> bool {
    let online = seen.valid_answer().is_some_and(|a| a.insurance().is_none() && a.medical_assistance().is_some());
    online
        || (seen.presented_numbers().is_none()
            && seen.valid_answer().is_none()
            && seen.case.presented(crate::evidence::EvidenceKind::MedicalAssistanceTicket).is_some())
}

fn only(source: RatioSource) -> RatioDecision {
    RatioDecision {
        tenths: Some(source.tenths),
        basis: Some(source.basis),
        sources: vec![source],
        mismatch: false,
        ask: Some(Text::new(
            "医療券の本人支払額がある場合は券面の額に従ってください。",
            "If the ticket states an amount the patient pays, follow the ticket.",
        )),
    }
}

/// All sources, strongest first: a valid online answer, papers valid on the day (the latest issued first), the
/// declaration, the file as far as nothing changed since, and age.
fn sources(seen: &Circumstances<'_>, birth: Option<Date>, by_age: Option<AgeRatio>) -> Vec<RatioSource> {
    let day = seen.day();
    let online = seen.valid_answer().and_then(|a| a.insurance()).map(|result| &result.coverage);
    let mut papers: Vec<&Coverage> = seen
        .case
        .presented
        .iter()
        .map(|p| &p.coverage)
        .filter(|c| c.covers(day) && c.stated_ratio(day).is_some())
        .collect();
    papers.sort_by_key(|c| std::cmp::Reverse(c.issued_on.or(c.valid_from)));
    let declared = seen.case.declaration.as_ref().and_then(|d| d.ratio_tenths);
    let on_file = seen.case.stored.as_ref().filter(|stored| still_holds(stored, birth, day));

    let mut sources = Vec::new();
    sources.extend(online.and_then(|c| stated(c, RatioBasis::Online, day)));
    sources.extend(papers.into_iter().filter_map(|c| stated(c, RatioBasis::Document, day)));
    sources.extend(declared.map(|tenths| bare(RatioBasis::Declared, tenths)));
    if online.is_none() {
        sources.extend(on_file.and_then(|stored| stated(&stored.coverage, RatioBasis::OnFile, day)));
    }
    if let Some(AgeRatio::Known(tenths)) = by_age {
        sources.push(bare(RatioBasis::Age, tenths));
    }
    sources
}

fn stated(coverage: &Coverage, basis: RatioBasis, day: Date) -> Option<RatioSource> {
    let elderly = coverage.elderly.as_ref().filter(|e| e.ratio_tenths.is_some());
    let (valid_from, valid_to) =
        elderly.map_or((coverage.valid_from, coverage.valid_to), |e| (e.valid_from, e.valid_to));
    coverage.stated_ratio(day).map(|tenths| RatioSource { basis, tenths, valid_from, valid_to })
}

fn bare(basis: RatioBasis, tenths: u8) -> RatioSource {
    RatioSource { basis, tenths, valid_from: None, valid_to: None }
}

/// A ratio on file is used again only in the same age band, and for people of 70 and more only until the next 1 August,
/// when ratios are judged anew.
fn still_holds(stored: &StoredPatient, birth: Option<Date>, day: Date) -> bool {
    let (Some(birth), Some(confirmed_on)) = (birth, stored.confirmed_on) else { return false };
    let band = age_band(birth, day);
    let judged_yearly = matches!(band, AgeBand::From70To74 | AgeBand::LateElderly);
    band == age_band(birth, confirmed_on) && (!judged_yearly || next_first_of_august(confirmed_on) > day)
}

fn next_first_of_august(after: Date) -> Date {
    let this_year = Date::new(after.year(), 8, 1).unwrap_or(after);
    if this_year > after { this_year } else { this_year.plus_years(1) }
}

fn contradict(sources: &[RatioSource], by_age: Option<AgeRatio>) -> bool {
    let disagree = sources.windows(2).any(|pair| pair[0].tenths != pair[1].tenths);
    let impossible = match by_age {
        Some(AgeRatio::NeedsDocument { choices }) => sources.iter().any(|s| !choices.contains(&s.tenths)),
        _ => false,
    };
    disagree || impossible
}

fn ask(sources: &[RatioSource], by_age: Option<AgeRatio>) -> Option<Text> {
    match (sources.is_empty(), by_age) {
        (_, None) => Some(Text::new("生年月日を確認してください。", "Ask for the birth date.")),
        (true, Some(AgeRatio::NeedsDocument { choices: [2, 3] })) => Some(Text::new(
            "70〜74歳：高齢受給者証（または負担割合の分かる書面）を確認してください。2割と決めつけないでください。",
            "Aged 70 to 74: ask for the elderly recipient certificate or another paper with the ratio. Do not assume 20 %.",
        )),
        (true, Some(_)) => Some(Text::new(
            "75歳以上：負担割合（1〜3割）の分かる書面を確認してください。",
            "Aged 75 or more: ask for a paper that states the ratio (10 to 30 %).",
        )),
        _ => None,
    }
}
