//! Disagreements, possible doubles and merges, as the list and the pages of a visit and a patient show them.

use crate::assets;
use crate::form::fields::REASON;
use crate::form::{Input, Typed};
use crate::frame::Frame;
use crate::lang::Lang;
use crate::port::{
    ApartMatter, ApartReport, BoardRow, Disputed, MergedWith, PatientApart, PatientHit, Thing, VisitApart, VisitView,
};
use crate::show;
use crate::words::ApartWords;
use askama::Template;
use domain::Date;
use domain::fact::PatientId;
use domain::text::Text;

/// Everything that is to be said about what was written apart; nothing when there is nothing.
#[derive(Template)]
#[template(path = "part/apart.html")]
pub struct ApartPanel {
    w: &'static ApartWords,
    version: &'static str,
    csrf: String,
    from: &'static str,
    kind: &'static str,
    goes_on: Option<(&'static str, String)>,
    merged: Vec<Merged>,
    matters: Vec<MatterShown>,
    pairs: Vec<Pair>,
}

/// For whom it is shown, and what was typed before.
pub struct Asked<'a> {
    frame: &'a Frame,
    from: &'static str,
    typed: &'a Typed,
}

impl<'a> Asked<'a> {
    /// On a page, with what was typed into one of its forms.
    pub fn of(frame: &'a Frame, from: &'static str, typed: &'a Typed) -> Asked<'a> {
        Asked { frame, from, typed }
    }

    fn reason(&self, form: &str) -> Input {
        let nothing = Typed::default();
        let mine = self.typed.value("form") == form;
        Input::of(&REASON, form, if mine { self.typed } else { &nothing }, self.frame.lang)
    }

    fn panel(&self, kind: &'static str) -> ApartPanel {
        ApartPanel {
            w: ApartWords::of(self.frame.lang),
            version: assets::VERSION.as_str(),
            csrf: self.frame.csrf.clone(),
            from: self.from,
            kind,
            goes_on: None,
            merged: Vec::new(),
            matters: Vec::new(),
            pairs: Vec::new(),
        }
    }

    fn key(&self, form: &str) -> String {
        format!("{}-{form}", self.frame.key)
    }
}

struct Merged {
    title: &'static str,
    one: String,
    other: String,
    merge: String,
    form: String,
    key: String,
    reason: Input,
}

struct MatterShown {
    kind: &'static str,
    id: String,
    href: String,
    whose: String,
    matter: String,
    title: String,
    sides: Vec<SideShown>,
    form: String,
    key: String,
    reason: Input,
}

struct SideShown {
    fact: String,
    value: String,
    source: &'static str,
    recorded: String,
    in_force: bool,
}

struct Pair {
    kind: &'static str,
    title: &'static str,
    why: &'static str,
    apart: &'static str,
    sides: [Half; 2],
    form: String,
    key: String,
    reason: Input,
}

struct Half {
    id: String,
    href: String,
    name: String,
    lines: Vec<String>,
}

impl ApartPanel {
    /// For the page of a visit.
    pub fn of_visit(asked: &Asked<'_>, view: &VisitView) -> ApartPanel {
        let w = ApartWords::of(asked.frame.lang);
        let VisitApart { matters, own, doubles, goes_on_in, merged_here } = &view.apart;
        let thing = Thing::Visit(view.visit.clone());
        let mut panel = asked.panel("visit");
        panel.goes_on = goes_on_in.as_ref().map(|with| (w.goes_on_visit, format!("/visits/{}", with.other)));
        let here = goes_on_in.iter().chain(merged_here);
        panel.merged = merges(asked, &thing, w.merged_visit, here.map(|with| with_text(with, |id| id.to_string())));
        panel.matters = show_matters(asked, &thing, "", matters, 0);
        let pair = |own: &BoardRow| -> Vec<Pair> {
            doubles.iter().enumerate().map(|(at, row)| visit_pair(asked, at, own, row)).collect()
        };
        panel.pairs = own.as_ref().map(pair).unwrap_or_default();
        panel
    }

    /// For the page of a patient.
    pub fn of_patient(asked: &Asked<'_>, patient: &PatientId, own: &PatientHit, apart: &PatientApart) -> ApartPanel {
        let w = ApartWords::of(asked.frame.lang);
        let thing = Thing::Patient(patient.clone());
        let mut panel = asked.panel("patient");
        panel.goes_on = apart.goes_on_in.as_ref().map(|with| (w.goes_on_patient, format!("/patients/{}", with.other)));
        let here = apart.goes_on_in.iter().chain(&apart.merged_here);
        panel.merged = merges(asked, &thing, w.merged_patient, here.map(|with| with_text(with, |id| id.to_string())));
        panel.matters = show_matters(asked, &thing, "", &apart.matters, 0);
        panel.pairs = apart.doubles.iter().enumerate().map(|(at, hit)| patient_pair(asked, at, own, hit)).collect();
        panel
    }

    /// Everything.
    pub fn of_report(asked: &Asked<'_>, report: &ApartReport) -> ApartPanel {
        let mut panel = asked.panel("visit");
        for Disputed { thing, name, day, matters } in &report.disputed {
            let day = day.map(|day| show::day(asked.frame.lang, day)).unwrap_or_default();
            let name = name.clone().unwrap_or_else(|| panel.w.nameless.to_owned());
            let at = panel.matters.len();
            panel.matters.extend(show_matters(asked, thing, format!("{name} {day}").trim(), matters, at));
        }
        let visits = report.visits.iter().enumerate();
        panel.pairs = visits.map(|(at, (_, [one, two]))| visit_pair(asked, at, one, two)).collect();
        let patients = report.patients.iter().enumerate();
        panel.pairs.extend(patients.map(|(at, [one, two])| patient_pair(asked, at, one, two)));
        panel
    }

    /// Nothing is to be said.
    pub fn is_empty(&self) -> bool {
        self.goes_on.is_none() && self.merged.is_empty() && self.matters.is_empty() && self.pairs.is_empty()
    }
}

/// Where the page of a record is.
pub fn path_of(thing: &Thing) -> String {
    match thing {
        Thing::Visit(visit) => format!("/visits/{visit}"),
        Thing::Patient(patient) => format!("/patients/{patient}"),
    }
}

fn parts_of(thing: &Thing) -> (&'static str, String) {
    match thing {
        Thing::Visit(visit) => ("visit", visit.to_string()),
        Thing::Patient(patient) => ("patient", patient.to_string()),
    }
}

fn with_text<I>(with: &MergedWith<I>, text: impl Fn(&I) -> String) -> (String, String) {
    (with.merge.to_string(), text(&with.other))
}

fn merges(
    asked: &Asked<'_>,
    thing: &Thing,
    title: &'static str,
    with: impl Iterator<Item = (String, String)>,
) -> Vec<Merged> {
    let one = |(at, (merge, other)): (usize, (String, String))| {
        let form = format!("undo{at}");
        Merged { title, one: parts_of(thing).1, other, merge, key: asked.key(&form), reason: asked.reason(&form), form }
    };
    with.enumerate().map(one).collect()
}

fn show_matters(
    asked: &Asked<'_>,
    thing: &Thing,
    whose: &str,
    matters: &[ApartMatter],
    first: usize,
) -> Vec<MatterShown> {
    let (lang, today) = (asked.frame.lang, asked.frame.today);
    let shown = |(at, ApartMatter { matter, sides }): (usize, &ApartMatter)| {
        let form = format!("settle{}", first + at);
        let (kind, id) = parts_of(thing);
        MatterShown {
            kind,
            id,
            href: path_of(thing),
            whose: whose.to_owned(),
            title: lang.of(&title_of(matter.as_str())),
            matter: matter.to_string(),
            sides: sides
                .iter()
                .map(|side| SideShown {
                    fact: side.fact.to_string(),
                    value: lang.of(&side.value),
                    source: side.source.map_or("", |kind| show::evidence(lang, kind)),
                    recorded: format!("{} · {} · {}", show::moment(lang, side.at, today), side.counter, side.by),
                    in_force: side.in_force,
                })
                .collect(),
            key: asked.key(&form),
            reason: asked.reason(&form),
            form,
        }
    };
    matters.iter().enumerate().map(shown).collect()
}

/// What a matter is called.
fn title_of(matter: &str) -> Text {
    let (ja, en) = match matter {
        "person.name" => ("氏名", "Name"),
        "person.kana" => ("カナ氏名", "Kana"),
        "person.birth_date" => ("生年月日", "Birth date"),
        "person.sex" => ("性別", "Sex"),
        "person.address" => ("住所", "Address"),
        "card.expiry" => ("電子証明書の有効期限", "Expiry of the certificate"),
        "card.registered" => ("利用登録", "Registration of the card"),
        "declaration" => ("申立書", "Self-declaration"),
        "public_payers" => ("公費", "Public payers"),
        "lookup" => ("公式画面の結果", "Result of the official screen"),
        "ratio" => ("負担割合", "Share"),
        "ending" => ("受付の取り消し・終了", "Whether the visit ended"),
        "patient_number" => ("診察券番号", "Clinic number"),
        "coverage" => ("保険", "Insurance"),
        "corrected_name" => ("正しい氏名（●の訂正）", "Corrected name"),
        "care_note" => ("配慮メモ", "Care note"),
        _ if matter.starts_with("document.") => ("見せてもらったもの", "What was shown"),
        _ if matter.starts_with("merge.") => ("同じものか、別々か", "One, or two"),
        _ => ("内容", "Content"),
    };
    Text::new(ja, en)
}

fn visit_pair(asked: &Asked<'_>, at: usize, one: &BoardRow, two: &BoardRow) -> Pair {
    let (lang, w) = (asked.frame.lang, ApartWords::of(asked.frame.lang));
    let form = format!("visits{at}");
    Pair {
        kind: "visit",
        title: w.double_visits,
        why: w.double_visits_why,
        apart: w.two_visits,
        sides: [one, two].map(|row| visit_half(lang, w, row, asked.frame.today)),
        key: asked.key(&form),
        reason: asked.reason(&form),
        form,
    }
}

fn visit_half(lang: Lang, w: &'static ApartWords, row: &BoardRow, today: Date) -> Half {
    let number = lang.pick(format!("{}{}", row.number, w.number), format!("{} {}", w.number, row.number));
    let counter = row.counter.clone().unwrap_or_default();
    Half {
        id: row.visit.to_string(),
        href: format!("/visits/{}", row.visit),
        name: row.name.clone().unwrap_or_else(|| w.nameless.to_owned()),
        lines: [
            format!("{number} {} {counter}", show::moment(lang, row.opened_at, today)),
            show::status(lang, row.status).word.to_owned(),
            row.evidence.map_or("", |kind| show::evidence(lang, kind)).to_owned(),
            row.ratio_tenths.map(|share| show::tenths(lang, share)).unwrap_or_default(),
        ]
        .into_iter()
        .filter(|line| !line.trim().is_empty())
        .collect(),
    }
}

fn patient_pair(asked: &Asked<'_>, at: usize, one: &PatientHit, two: &PatientHit) -> Pair {
    let (lang, w) = (asked.frame.lang, ApartWords::of(asked.frame.lang));
    let form = format!("patients{at}");
    Pair {
        kind: "patient",
        title: w.double_patients,
        why: w.double_patients_why,
        apart: w.two_patients,
        sides: [one, two].map(|hit| patient_half(lang, w, hit, asked.frame.today)),
        key: asked.key(&form),
        reason: asked.reason(&form),
        form,
    }
}

fn patient_half(lang: Lang, w: &'static ApartWords, hit: &PatientHit, today: Date) -> Half {
    let person = &hit.person;
    let number = hit.patient_number.as_ref().map(|number| format!("{} {number}", w.patient_number));
    let lines = [
        person.name_kana.clone(),
        person.birth_date.map(|birth| show::birth(lang, birth, today)),
        person.address.clone(),
        number,
        hit.insurer_name.clone(),
        hit.last_visit.map(|day| show::day(lang, day)),
    ];
    Half {
        id: hit.patient.to_string(),
        href: format!("/patients/{}", hit.patient),
        name: person.name.clone().unwrap_or_else(|| w.nameless.to_owned()),
        lines: lines.into_iter().flatten().collect(),
    }
}
