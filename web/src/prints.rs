//! What stands on each paper: from the views of the desk to typed documents. Papers are Japanese, because the people and offices
//! they go to are; slips for patients also speak English.

mod declaration;
mod inside;
mod lists;
mod slips;

pub use declaration::by_hand;
pub(crate) use inside::recovery_kit;
pub use lists::{blank_day, day_list};

use crate::lang::Lang;
use crate::pages::devices::report::on_paper;
use crate::port::{Desk, Reading, VisitView};
use crate::rights::Right;
use crate::settings::WebSettings;
use crate::show;
use domain::Date;
use domain::evidence::EvidenceKind;
use domain::fact::VisitId;
use domain::visit::VisitStatus;
use paper::{Order, Paper, Site, Topic};

/// The language of papers.
const JA: Lang = Lang::Ja;

macro_rules! prints {
    ($(#[$meta:meta])* pub enum $name:ident { $( $(#[$doc:meta])* $print:ident = $code:literal, $ja:literal, $en:literal; )* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$doc])* $print, )* }

        impl $name {
            /// Every one of them, in the order of the page.
            pub const ALL: &'static [$name] = &[ $( $name::$print, )* ];

            /// For addresses.
            pub const fn code(self) -> &'static str {
                match self { $( $name::$print => $code, )* }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|print| print.code() == code)
            }

            /// On its button.
            pub(crate) fn name(self, lang: Lang) -> &'static str {
                match self { $( $name::$print => lang.pick($ja, $en), )* }
            }
        }
    };
}

prints! {
    /// A paper about one visit.
    pub enum VisitPrint {
        /// P-A
        Declaration = "declaration", "申立書", "Declaration";
        /// P-C
        TakeHome = "take-home", "お持ち帰り票", "Take-home slip";
        /// P-E
        Remark = "remark", "摘要欄の控え", "Remark of the claim";
        /// the certificate on the card
        Certificate = "certificate", "電子証明書の案内", "Certificate slip";
        /// the PIN of the card
        Pin = "pin", "暗証番号の案内", "PIN slip";
        /// money that goes back
        Refund = "refund", "返金票", "Refund slip";
    }
}

prints! {
    /// A paper about nobody in particular, or about everybody of a day or month.
    pub enum SitePrint {
        /// the fault is in the equipment
        EquipmentFault = "equipment-fault", "機器の不具合のお知らせ", "“The fault is in the equipment”";
        /// P-B
        Explanation = "explanation", "申立書のご説明", "About the declaration";
        /// the certificate on the card, for anybody
        Certificate = "certificate", "電子証明書の案内", "Certificate slip";
        /// the PIN of the card, for anybody
        Pin = "pin", "暗証番号の案内", "PIN slip";
        /// the city office
        CityOffice = "city-office", "市区町村の窓口の案内", "City office slip";
        /// who came today
        DayList = "day-list", "今日の受付一覧", "Today's list";
        /// a day by hand
        BlankDay = "blank-day", "受付票（手書き用）", "Blank day sheet";
        /// what to say on the phone
        CallSheet = "call-sheet", "問い合わせ票", "Call sheet";
        /// which part stopped
        FaultReport = "fault-report", "障害報告書", "Fault report";
        /// the whole box, looked over
        CheckUp = "check-up", "点検表", "Check-up";
        /// every visit of a month
        MonthEnd = "month-end", "月末一覧", "Month-end list";
    }
}

impl SitePrint {
    /// What somebody may do who may have this paper.
    pub const fn right(self) -> Right {
        match self {
            SitePrint::MonthEnd => Right::Claims,
            _ => Right::Look,
        }
    }
}

/// Puts the site and the moment around a paper.
pub fn order(desk: &dyn Desk, settings: &WebSettings, paper: Paper) -> Order {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (now, today) = (desk.now(), desk.today());
    Order {
        site: Site {
            name: settings.site_name.clone(),
            institution_code: given(&settings.institution_code),
            phone: given(&settings.phone),
        },
        made: format!("{} {}", show::day(JA, today), show::time(now)),
        practice: settings.demo,
        paper,
    }
}

/// The papers a visit has something to say on.
pub fn of_visit(view: &VisitView) -> Vec<VisitPrint> {
    VisitPrint::ALL.iter().copied().filter(|print| has_content(view, *print)).collect()
}

fn has_content(view: &VisitView, print: VisitPrint) -> bool {
    if view.status == VisitStatus::Voided {
        return false;
    }
    match print {
        VisitPrint::Declaration => view.state.declaration.is_some(),
        VisitPrint::TakeHome => true,
        VisitPrint::Remark => !view.decision.claim.remark_lines.is_empty(),
        VisitPrint::Certificate => slips::needs_renewal(view),
        VisitPrint::Pin => slips::pin_failed(view),
        VisitPrint::Refund => slips::refund_is_due(view),
    }
}

/// A paper about a visit; `None` when there is no such visit, or nothing to print about it.
pub fn visit_paper(desk: &dyn Desk, visit: &VisitId, print: VisitPrint) -> Reading<Option<Paper>> {
    let Some(view) = desk.visit(visit)?.filter(|view| has_content(view, print)) else { return Ok(None) };
    let today = desk.today();
    Ok(match print {
        VisitPrint::Declaration => declaration::filled(&view).map(|form| Paper::Declaration(Box::new(form))),
        VisitPrint::TakeHome => Some(Paper::TakeHome(slips::take_home(&view, number_of(desk, &view)?, today))),
        VisitPrint::Remark => Some(Paper::Remark(declaration::remark(&view))),
        VisitPrint::Certificate => Some(Paper::Advice(slips::advice(Topic::Certificate, Some(&view), today))),
        VisitPrint::Pin => Some(Paper::Advice(slips::advice(Topic::Pin, Some(&view), today))),
        VisitPrint::Refund => Some(Paper::Refund(slips::refund(&view, number_of(desk, &view)?))),
    })
}

/// A paper of the site. `staff` is who is signed in; `month` counts for the month-end list only.
pub fn site_paper(
    desk: &dyn Desk,
    settings: &WebSettings,
    staff: &str,
    print: SitePrint,
    month: Option<Date>,
) -> Reading<Paper> {
    let today = desk.today();
    Ok(match print {
        SitePrint::EquipmentFault => Paper::EquipmentFault,
        SitePrint::Explanation => Paper::Explanation,
        SitePrint::Certificate => Paper::Advice(slips::advice(Topic::Certificate, None, today)),
        SitePrint::Pin => Paper::Advice(slips::advice(Topic::Pin, None, today)),
        SitePrint::CityOffice => Paper::Advice(slips::advice(Topic::CityOffice, None, today)),
        SitePrint::DayList => day_list(desk, today)?,
        SitePrint::BlankDay => blank_day(desk, today)?,
        SitePrint::CallSheet => Paper::CallSheet(on_paper::call_sheet(desk, settings, staff)?),
        SitePrint::FaultReport => Paper::FaultReport(on_paper::fault_report(desk, settings)?),
        SitePrint::CheckUp => Paper::CheckUp(inside::check_up(desk)),
        SitePrint::MonthEnd => Paper::MonthEnd(lists::month_end(desk, month.unwrap_or(today))?),
    })
}

/// P-A as far as it was written on a tablet, to be finished and signed by hand under the same number.
pub fn half_filled(view: &VisitView, form_no: &str, answers: &[(String, String)]) -> Paper {
    Paper::Declaration(Box::new(declaration::half_filled(view, form_no, answers)))
}

/// Blank forms with these numbers.
pub fn blank_forms(numbers: Vec<String>) -> Paper {
    Paper::BlankForms(declaration::blank(numbers, None))
}

/// The running number of its day.
fn number_of(desk: &dyn Desk, view: &VisitView) -> Reading<Option<u32>> {
    let Some(day) = view.state.visit_date() else { return Ok(None) };
    Ok(desk.board(day)?.rows.iter().find(|row| row.visit == view.visit).map(|row| row.number))
}

/// Name, kana and birth date as they stand on a paper.
fn person(view: &VisitView) -> (String, String, String) {
    let person = view.state.person.clone().unwrap_or(domain::eligibility::PersonFace::EMPTY);
    let birth = person.birth_date.map(domain::era::kanji_form).unwrap_or_default();
    (person.name.unwrap_or_default(), person.name_kana.unwrap_or_default(), birth)
}

fn day_of(view: &VisitView) -> String {
    view.state.visit_date().map(|day| show::day(JA, day)).unwrap_or_default()
}

fn evidence(kind: Option<EvidenceKind>) -> String {
    kind.map_or("", |kind| show::evidence(JA, kind)).to_owned()
}
