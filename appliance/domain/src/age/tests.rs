use super::*;
use crate::scheme::Scheme;

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

#[test]
fn preschool_rows_of_the_table() {
    // birth, reaches 6, preschool ratio to (claims-rules §6.1)
    let rows = [
        ("2019-04-01", "2025-03-31", "2025-03-31"),
        ("2019-04-02", "2025-04-01", "2026-03-31"),
        ("2019-03-31", "2025-03-30", "2025-03-31"),
        ("2019-12-31", "2025-12-30", "2026-03-31"),
        ("2020-02-29", "2026-02-28", "2026-03-31"),
    ];
    for (birth, six, until) in rows.map(|(a, b, c)| (day(a), day(b), day(c))) {
        assert_eq!(reaches(birth, 6), six);
        assert_eq!(preschool_until(birth), until);
        assert_eq!(age_band(birth, until), AgeBand::Preschool);
        assert_eq!(age_ratio(birth, until), AgeRatio::Known(2));
        assert_eq!(age_band(birth, until.plus_days(1)), AgeBand::SchoolTo69);
        assert_eq!(age_ratio(birth, until.plus_days(1)), AgeRatio::Known(3));
    }
}

#[test]
fn elderly_rows_of_the_table() {
    let rows = [
        ("1955-11-30", "2025-11-29", "2025-12-01"),
        ("1955-12-01", "2025-11-30", "2025-12-01"),
        ("1955-12-02", "2025-12-01", "2026-01-01"),
        ("1956-01-01", "2025-12-31", "2026-01-01"),
    ];
    for (birth, seventy, from) in rows.map(|(a, b, c)| (day(a), day(b), day(c))) {
        assert_eq!(reaches(birth, 70), seventy);
        assert_eq!(elderly_from(birth), from);
        assert_eq!(age_ratio(birth, from.plus_days(-1)), AgeRatio::Known(3));
        assert_eq!(age_band(birth, from), AgeBand::From70To74);
        assert_eq!(age_ratio(birth, from), AgeRatio::NeedsDocument { choices: &[2, 3] });
    }
}

#[test]
fn late_elderly_begins_on_the_birthday_itself() {
    let birth = day("1950-12-31");
    let start = day("2025-12-31");
    assert_eq!(late_elderly_from(birth), LateElderlyStart::Day(start));
    assert_eq!(age_band(birth, start.plus_days(-1)), AgeBand::From70To74);
    assert_eq!(age_band(birth, start), AgeBand::LateElderly);
    assert_eq!(age_ratio(birth, start), AgeRatio::NeedsDocument { choices: &[1, 2, 3] });
    // 1 March births reach 75 on the last day of February, whichever it is
    assert_eq!(late_elderly_from(day("1949-03-01")), LateElderlyStart::Day(day("2024-03-01")));
    assert_eq!(reaches(day("1949-03-01"), 75), day("2024-02-29"));
}

#[test]
fn nobody_but_the_insurer_knows_for_the_29th_of_february() {
    let birth = day("1952-02-29");
    let (earliest, latest) = (day("2027-02-28"), day("2027-03-01"));
    assert_eq!(late_elderly_from(birth), LateElderlyStart::InsurerDecides { earliest, latest });
    assert_eq!(age_ratio(birth, day("2027-02-27")), AgeRatio::NeedsDocument { choices: &[2, 3] });
    assert_eq!(age_ratio(birth, earliest), AgeRatio::NeedsDocument { choices: &[1, 2, 3] });
    assert_eq!(age_band(birth, earliest), AgeBand::From70To74);
    assert_eq!(age_band(birth, latest), AgeBand::LateElderly);
    for scheme in [Scheme::NationalHealth, Scheme::LateElderly] {
        assert_eq!(consistency(birth, earliest, scheme), [AgeSchemeIssue::StartDayOpen]);
    }
    assert_eq!(consistency(birth, latest, Scheme::LateElderly), []);
}

#[test]
fn age_in_law_is_one_day_ahead_of_spoken_age() {
    let birth = day("2000-05-10");
    let rows =
        [("2000-05-09", 0, 0), ("2000-05-10", 0, 0), ("2001-05-08", 0, 0), ("2001-05-09", 1, 0), ("2001-05-10", 1, 1)];
    for (on, law, spoken) in rows {
        assert_eq!((age_on(birth, day(on)), spoken_age(birth, day(on))), (law, spoken), "{on}");
    }
    let leap = day("2004-02-29");
    let rows =
        [("2005-02-27", 0, 0), ("2005-02-28", 1, 0), ("2005-03-01", 1, 1), ("2008-02-28", 4, 3), ("2008-02-29", 4, 4)];
    for (on, law, spoken) in rows {
        assert_eq!((age_on(leap, day(on)), spoken_age(leap, day(on))), (law, spoken), "{on}");
    }
    assert_eq!(age_on(day("2000-01-01"), day("1999-12-31")), 0);
    assert_eq!(age_on(day("2000-01-01"), day("1700-01-01")), 0);
    assert_eq!(age_on(day("1000-01-01"), day("9999-01-01")), 255);
}

#[test]
fn ages_and_bands_only_grow_and_agree_with_each_other() {
    for offset in (0..366 * 8).step_by(3) {
        let birth = day("1948-01-01").plus_days(offset);
        for years in 1..100 {
            let reached = reaches(birth, years);
            assert_eq!(age_on(birth, reached), years, "{birth}");
            assert_eq!(age_on(birth, reached.plus_days(-1)), years - 1, "{birth}");
        }
        let edges = [preschool_until(birth).plus_days(1), elderly_from(birth), late_elderly_from(birth).latest()];
        let bands = [AgeBand::SchoolTo69, AgeBand::From70To74, AgeBand::LateElderly];
        let mut before = AgeBand::Preschool;
        for (edge, band) in edges.into_iter().zip(bands) {
            assert_eq!(age_band(birth, edge.plus_days(-1)), before, "{birth}");
            assert_eq!(age_band(birth, edge), band, "{birth}");
            before = band;
        }
        assert_eq!((edges[0].month(), edges[0].day()), (4, 1));
        assert_eq!(edges[1].day(), 1);
    }
}

#[test]
fn everybody_born_in_one_school_year_ends_preschool_together() {
    let mut birth = day("2018-04-02");
    while birth <= day("2019-04-01") {
        assert_eq!(preschool_until(birth), day("2025-03-31"), "{birth}");
        birth = birth.plus_days(1);
    }
}

#[test]
fn age_and_scheme_contradict_each_other_as_the_sheet_says() {
    use AgeSchemeIssue::*;
    let visit = day("2026-04-01");
    let born = |years: i32| visit.plus_years(-years).plus_days(-40);
    let cases = [
        (born(80), Scheme::KyokaiKenpo, Some(NotLateElderly)),
        (born(80), Scheme::NationalHealth, Some(NotLateElderly)),
        (born(80), Scheme::PublicAssistance, None),
        (born(80), Scheme::Unknown, None),
        (born(80), Scheme::LateElderly, None),
        (born(64), Scheme::LateElderly, Some(TooYoungForLateElderly)),
        (born(65), Scheme::LateElderly, Some(LateElderlyByDisability)),
        (born(72), Scheme::LateElderly, Some(LateElderlyByDisability)),
        (born(72), Scheme::NationalHealth, Some(RatioDocumentNeeded)),
        (born(72), Scheme::PublicAssistance, None),
        (born(40), Scheme::SocietyManaged, None),
        (born(3), Scheme::SocietyManaged, None),
        (visit.plus_days(1), Scheme::SocietyManaged, Some(BornAfterVisit)),
        (visit, Scheme::SocietyManaged, None),
    ];
    for (birth, scheme, issue) in cases {
        assert_eq!(consistency(birth, visit, scheme), Vec::from_iter(issue), "{birth} {scheme:?}");
    }
    // 65 is reached on the day before the birthday
    assert_eq!(consistency(day("1961-04-02"), visit, Scheme::LateElderly), [LateElderlyByDisability]);
    assert_eq!(consistency(day("1961-04-03"), visit, Scheme::LateElderly), [TooYoungForLateElderly]);
    assert!(AgeSchemeIssue::ALL.iter().all(|issue| !issue.ja().is_empty() && issue.en().is_ascii()));
    assert!(TooYoungForLateElderly.is_contradiction() && !NotLateElderly.is_contradiction());
}
