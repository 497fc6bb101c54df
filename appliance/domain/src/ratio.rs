//! The burden ratio (負担割合) and its sources (claims-rules §6, checkin-rules §7.5). Nothing is decided silently: every
//! source is shown with its dates, and a contradiction is said.

use crate::age::{AgeBand, AgeRatio, age_band, age_on, age_ratio};
use crate::case::StoredPatient;
use crate::circumstance::Circumstances;
use crate::coverage::Coverage;
use crate::date::Date;
use crate::decision::{RatioBasis, RatioDecision, RatioSource};
use crate::eligibility::OnlineAnswer;
use crate::evidence::EvidenceKind;
use crate::scheme::Scheme;
use crate::text::Text;

/// The age rule from school age to 69, in tenths (claims-rules §6).
const SCHOOL_TO_69: u8 = 3;

/// Works out the ratio of a case.
pub(crate) fn settle(seen: &Circumstances<'_>) -> RatioDecision {
    if assistance_alone(seen) {
        return only(RatioSource { basis: RatioBasis::Ticket, tenths: 0, valid_from: None, valid_to: None });
    }
    let birth = seen.birth_date();
    let by_age = birth.map(|birth| by_age(seen, birth));
    let sources = sources(seen, birth, by_age);
    let mismatch = contradict(seen, &sources, by_age);
    let strongest = sources.first();
    RatioDecision {
        tenths: strongest.map(|s| s.tenths),
        basis: strongest.map(|s| s.basis),
        ask: ask(seen, &sources, by_age, mismatch),
        mismatch,
        sources,
    }
}

/// The insurer pays its part first and medical assistance the patient's (checkin-rules §3.6): the share is the insurance's, for the
/// claim, and the patient pays what the ticket says.
fn assistance_beside_insurance(seen: &Circumstances<'_>) -> bool {
    let insured = seen.valid_answer().and_then(OnlineAnswer::insurance).is_some() || seen.presented_numbers().is_some();
    let assisted = seen.valid_answer().and_then(OnlineAnswer::medical_assistance).is_some();
    let ticket = || {
        let ticket = seen.case.presented(EvidenceKind::MedicalAssistanceTicket);
        ticket.is_some_and(|ticket| ticket.coverage.covers(seen.day()))
    };
    insured && (assisted || ticket())
}

/// What age alone says. In 後期高齢者医療 before 75 (recognised disability) it says nothing.
fn by_age(seen: &Circumstances<'_>, birth: Date) -> AgeRatio {
    let by_disability = seen.scheme() == Scheme::LateElderly && age_on(birth, seen.day()) >= 65;
    if by_disability { AgeRatio::NeedsDocument { choices: &[1, 2, 3] } } else { age_ratio(birth, seen.day()) }
}

fn assistance_alone(seen: &Circumstances<'_>) -> bool {
    let online = seen.valid_answer().is_some_and(|a| a.insurance().is_none() && a.medical_assistance().is_some());
    let on_paper = seen.valid_answer().is_none()
        && seen.presented_numbers().is_none()
        && seen.case.presented(EvidenceKind::MedicalAssistanceTicket).is_some();
    online || on_paper || seen.ticket_missing()
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
    let states = |kind: EvidenceKind| kind.is_document() || kind.is_phone() || kind == EvidenceKind::ElderlyRecipient;
    let mut papers: Vec<&Coverage> = seen
        .case
        .presented
        .iter()
        .filter(|p| states(p.kind))
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
    match by_age {
        Some(AgeRatio::Known(SCHOOL_TO_69)) => sources.push(of_age_or_association(seen)),
        Some(AgeRatio::Known(tenths)) => sources.push(bare(RatioBasis::Age, tenths)),
        _ => {}
    }
    sources
}

/// The age rule of people from school age to 69, unless the site's table has another share for their 国保組合.
fn of_age_or_association(seen: &Circumstances<'_>) -> RatioSource {
    let association = seen.known_coverages().find(|c| c.scheme() == Scheme::NationalHealthAssociation);
    let own = association.and_then(|coverage| seen.rules.choices().association_ratio(coverage, seen.day()));
    own.map_or_else(|| bare(RatioBasis::Age, SCHOOL_TO_69), |tenths| bare(RatioBasis::Association, tenths))
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

/// Whether the sources contradict each other. A 国保組合 may have a ratio of its own, so age does not contradict it.
fn contradict(seen: &Circumstances<'_>, sources: &[RatioSource], by_age: Option<AgeRatio>) -> bool {
    let own_ratio = seen.scheme() == Scheme::NationalHealthAssociation;
    let weighed: Vec<u8> =
        sources.iter().filter(|s| !own_ratio || s.basis != RatioBasis::Age).map(|s| s.tenths).collect();
    let disagree = weighed.windows(2).any(|pair| pair[0] != pair[1]);
    let impossible = match by_age {
        Some(AgeRatio::NeedsDocument { choices }) if !own_ratio => weighed.iter().any(|t| !choices.contains(t)),
        _ => false,
    };
    disagree || impossible
}

fn ask(seen: &Circumstances<'_>, sources: &[RatioSource], by_age: Option<AgeRatio>, mismatch: bool) -> Option<Text> {
    if mismatch {
        return Some(Text::new(
            "負担割合の情報が食い違っています。出どころと期間を見比べて職員が選び、保険者に確認してください。",
            "The sources of the ratio disagree. Compare where they come from and their dates, choose, and ask the insurer.",
        ));
    }
    if assistance_beside_insurance(seen) {
        return Some(Text::new(
            "保険の負担分は医療扶助が支払います。患者さんからは医療券の本人支払額（なければ0円）だけをいただきます。",
            "Medical assistance pays the share of the insurance. From the patient take only the amount on the ticket, if there is one.",
        ));
    }
    let by_age_alone = sources.first().is_some_and(|strongest| strongest.basis == RatioBasis::Age);
    match (sources.is_empty(), by_age) {
        (false, _) if by_age_alone && seen.scheme() == Scheme::NationalHealthAssociation => Some(Text::new(
            "国保組合は負担割合が独自のことがあります。書面の割合を確認し、違えば割合を変えてください（設定に登録できます）。",
            "A 国保組合 may have a share of its own. Look at the paper and change the share if it differs (it can be kept as a setting).",
        )),
        (false, _) => None,
        (true, None) => Some(Text::new("生年月日を確認してください。", "Ask for the birth date.")),
        (true, Some(AgeRatio::NeedsDocument { choices: [2, 3] })) => Some(Text::new(
            "70〜74歳：高齢受給者証（または負担割合の分かる書面）を確認してください。2割と決めつけないでください。",
            "Aged 70 to 74: ask for the elderly recipient certificate or another paper with the ratio. Do not assume 20 %.",
        )),
        (true, Some(_)) => Some(Text::new(
            "後期高齢者医療：負担割合（1〜3割）の分かる書面を確認してください。",
            "Late elderly scheme: ask for a paper that states the ratio (10 to 30 %).",
        )),
    }
}
