//! The patient's tablet, page by page.

mod door;

use crate::support::browser::{Browser, Page};
use crate::support::html::tags;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::prints::MemoryPrints;
use crate::support::people;
use crate::support::scenes::{card, open};
use domain::declaration::{Declaration, InsuranceKind, Signer};
use domain::fact::VisitId;
use domain::link::Link;
use http::StatusCode;
use paper::Paper;
use std::collections::BTreeMap;
use std::sync::Arc;
use web::port::{Desk, TabletForm, Tablets};

const TONGUES: [&str; 7] = ["ja", "easy", "en", "zh", "ko", "vi", "pt"];
const STROKES: &str = "M10 20L30 40M50 60L70 80";

/// A clinic with a visit that needs a declaration, somebody at the desk, and a paired tablet.
struct Room {
    desk: Arc<MemoryDesk>,
    staff: Browser,
    tablet: Browser,
    visit: VisitId,
}

fn visit_of(desk: &MemoryDesk) -> VisitId {
    desk.set_link(Link::Line, false);
    open(desk, None, people::taro(), vec![card()])
}

async fn digits(staff: &mut Browser, name: &str) -> String {
    let page = staff.open("/tablets").await;
    let form = page.form("/tablets");
    assert!(form.fields.contains(&("do".to_owned(), "pair".to_owned())), "the only form while no tablet is paired");
    let page = staff.submit(&page, "/tablets", &[("name", name)]).await;
    let at = page.html.find("id=\"pair-code\">").expect("digits") + "id=\"pair-code\">".len();
    page.html[at..at + 9].to_owned()
}

impl Room {
    async fn new() -> Room {
        let desk = MemoryDesk::new();
        let visit = visit_of(&desk);
        let mut staff = Browser::inside(&desk);
        // other browsers of the same box share its codes
        let mut tablet = staff.beside();
        let code = digits(&mut staff, "待合1").await;
        let page = tablet.open("/tablet").await;
        let page = tablet.submit(&page, "/tablet", &[("code", &code)]).await;
        assert_eq!(page.path, "/tablet/waiting");
        Room { desk, staff, tablet, visit }
    }

    async fn with_form() -> Room {
        let mut room = Room::new().await;
        room.hand_over().await;
        room
    }

    fn id(&self) -> String {
        self.desk.tablets().tablets().unwrap()[0].id.clone()
    }

    async fn hand_over(&mut self) -> Page {
        let (path, id) = (format!("/visits/{}/declaration", self.visit), self.id());
        let page = self.staff.open(&path).await;
        self.staff.press(&page, &path, &format!("/visits/{}/tablet", self.visit), &[("tablet", &id)]).await
    }

    fn form(&self) -> Option<TabletForm> {
        self.desk.tablets().forms().unwrap().into_iter().find(|form| form.visit == self.visit)
    }

    fn kept(&self) -> Option<Declaration> {
        self.desk.visit(&self.visit).unwrap().unwrap().state.declaration
    }

    async fn choose_language(&mut self, tongue: &str) -> Page {
        let page = self.tablet.open("/tablet/language").await;
        self.tablet.submit(&page, "/tablet/language", &[("lang", tongue)]).await
    }

    /// Answers the question the page asks and presses a button.
    async fn answer(&mut self, page: &Page, fields: &[(&str, &str)], go: &str) -> Page {
        let action = page.path.split('?').next().unwrap().to_owned();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("go", go)]).collect();
        self.tablet.submit(page, &action, &fields).await
    }

    /// Answers everything up to the review.
    async fn fill(&mut self, tongue: &str, other: &[(&str, &str)]) -> Page {
        let mut page = self.choose_language(tongue).await;
        let answers = BTreeMap::from([
            ("birth", vec![("birth_year", "1988"), ("birth_month", "2"), ("birth_day", "29")]),
            ("kind", vec![("insurance_kind", "employee")]),
            ("insurer", vec![("workplace", "架空商事")]),
            ("papers", vec![("document_issued", "not_yet_arrived")]),
            ("phone", vec![("phone", "090-0000-1234"), ("consent_contact", "yes")]),
        ]);
        for _ in 0..20 {
            let Some(step) = page.path.strip_prefix("/tablet/question/").map(str::to_owned) else { break };
            let own = answers.get(step.as_str()).cloned().unwrap_or_default();
            let fields: Vec<(&str, &str)> = own.into_iter().chain(other.iter().copied()).collect();
            page = self.answer(&page, &fields, "next").await;
        }
        assert_eq!(page.path, "/tablet/review");
        page
    }
}

#[tokio::test]
async fn every_page_of_the_tablet_is_safe_and_leads_nowhere_else() {
    let mut room = Room::with_form().await;
    let steps = ["intro", "name", "birth", "sex", "kind", "insurer", "papers", "address", "phone", "ratio", "signer"];
    for tongue in TONGUES {
        room.choose_language(tongue).await;
        let mut pages = vec!["/tablet/language".to_owned(), "/tablet/still-there".to_owned()];
        pages.extend(steps.iter().map(|step| format!("/tablet/question/{step}")));
        pages.extend(["/tablet/review".to_owned(), format!("/tablet/thanks?lang={tongue}")]);
        pages.push(format!("/tablet/guide?lang={tongue}"));
        for path in pages {
            let page = room.tablet.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {tongue}");
            is_sound(&page);
            assert!(page.has("id=\"call\""), "staff can be called from {path}");
            assert!(!page.has("{") && !page.has("undefined"), "{path} {tongue}");
        }
    }
    let missing = room.tablet.get("/tablet/question/nothing").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    is_sound(&missing);
}

/// Headers, one heading, no way out, nothing inline, one h1.
fn is_sound(page: &Page) {
    assert_eq!(page.header("cache-control"), "no-store", "{}", page.path);
    assert!(!page.header("content-security-policy").contains("unsafe"));
    let tags = tags(&page.html);
    assert_eq!(tags.iter().filter(|tag| tag.name == "h1").count(), 1, "{}", page.path);
    for tag in &tags {
        for way in [tag.get("href").filter(|_| tag.name == "a"), tag.get("action"), tag.get("formaction")] {
            assert!(way.is_none_or(|way| way.starts_with("/tablet")), "{way:?} on {}", page.path);
        }
        assert!(tag.name != "style" && !tag.has("style") && !tag.has("target"), "{}", page.path);
        assert!(tag.name != "script" || tag.has("src"), "{}", page.path);
        assert!(!tag.attributes.iter().any(|(name, _)| name.starts_with("on")), "{}", page.path);
    }
    for form in crate::support::html::forms(&page.html) {
        assert!(form.fields.iter().any(|(name, _)| name == "csrf"), "{} on {}", form.action, page.path);
    }
}

#[tokio::test]
async fn a_patient_fills_it_in_and_the_desk_has_it() {
    let mut room = Room::with_form().await;
    let form = room.form().expect("on the tablet");
    let prefilled = |name: &str| form.answers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(prefilled("name"), Some("架空 太郎"));
    assert_eq!(prefilled("birth_date"), Some("1988-02-29"));
    assert_eq!(prefilled("consent_contact"), None, "nobody consents for a patient");
    let review = room.fill("ja", &[]).await;
    for shown in ["架空 太郎", "架空商事", "090-0000-1234", "1988"] {
        assert!(review.has(shown), "{shown}");
    }
    let sign = room.tablet.open("/tablet/sign").await;
    let done = room.answer(&sign, &[("strokes", STROKES)], "hand-in").await;
    assert!(done.path.starts_with("/tablet/thanks"), "{}", done.path);
    let kept = room.kept().expect("kept");
    assert_eq!((kept.insurance_kind, kept.ratio_tenths), (InsuranceKind::Employee, Some(3)));
    assert_eq!(kept.form_no, form.form_no);
    assert_eq!((kept.consent_contact, kept.consent_requery), (true, false));
    assert_eq!(kept.text_version, "uketsuke-tablet-1-ja");
    let signature = kept.signature.expect("signed");
    assert_eq!((signature.signer, signature.strokes.as_str()), (Signer::Patient, STROKES));
    assert!(room.form().is_none(), "nothing stays on the tablet");
    assert_eq!(room.tablet.open("/tablet").await.path, "/tablet/waiting");
    let path = format!("/visits/{}", room.visit);
    assert!(room.staff.open(&path).await.has("受付できました"));
}

#[tokio::test]
async fn it_can_be_handed_in_in_every_language_and_the_text_is_named() {
    let mut hashes = Vec::new();
    for tongue in TONGUES {
        let mut room = Room::with_form().await;
        room.fill(tongue, &[]).await;
        let sign = room.tablet.open("/tablet/sign").await;
        room.answer(&sign, &[("strokes", STROKES)], "hand-in").await;
        let kept = room.kept().unwrap_or_else(|| panic!("kept in {tongue}"));
        assert_eq!(kept.text_version, format!("uketsuke-tablet-1-{tongue}"));
        hashes.push(kept.signature.unwrap().content_hash);
    }
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), TONGUES.len());
}

#[tokio::test]
async fn a_signature_counts_for_the_text_that_was_shown_and_no_other() {
    let mut room = Room::with_form().await;
    room.fill("en", &[]).await;
    let sign = room.tablet.open("/tablet/sign").await;
    // in another window of the tablet the phone number becomes another one
    room.desk.tablets().alter(|forms| {
        let phone = forms[0].answers.iter_mut().find(|(name, _)| name == "phone").unwrap();
        phone.1 = "090-9999-9999".to_owned();
    });
    let again = room.answer(&sign, &[("strokes", STROKES)], "hand-in").await;
    assert!(again.has("id=\"changed\"") && again.has("090-9999-9999"), "shown again");
    assert!(room.kept().is_none());
    let sign = room.tablet.open("/tablet/sign").await;
    let unsigned = room.answer(&sign, &[], "hand-in").await;
    assert!(unsigned.has("There is no signature yet") && room.kept().is_none());
    room.answer(&unsigned, &[("strokes", STROKES)], "hand-in").await;
    assert_eq!(room.kept().unwrap().phone.as_deref(), Some("090-9999-9999"));
}

#[tokio::test]
async fn bad_input_is_said_in_the_patients_language_and_what_was_typed_stays() {
    let mut room = Room::with_form().await;
    room.choose_language("vi").await;
    let page = room.tablet.open("/tablet/question/name").await;
    let page = room.answer(&page, &[("name", ""), ("name_kana", "カクウ")], "next").await;
    assert!(page.has("Xin ghi họ tên.") && page.has("カクウ"));
    let page = room.answer(&page, &[("name", "123456789018")], "next").await;
    assert!(page.has("My Number") && !page.has("123456789018") && page.has("カクウ"));
    assert!(!format!("{:?}", room.form().unwrap().answers).contains("123456789018"), "kept nowhere");
    let page = room.tablet.open("/tablet/question/birth").await;
    let birth = [("birth_year", "2001"), ("birth_month", "2"), ("birth_day", "30")];
    let page = room.answer(&page, &birth, "next").await;
    assert!(page.has("Không có ngày này") && page.has("<option value=\"2001\" selected"));
    let page = room.answer(&page, &[("birth_year", "2001"), ("birth_month", "2"), ("birth_day", "28")], "next").await;
    assert_eq!(page.path, "/tablet/question/sex");
    let page = room.tablet.open("/tablet/question/kind").await;
    assert!(room.answer(&page, &[], "next").await.has("Xin chọn một mục."));
    let page = room.tablet.open("/tablet/question/signer").await;
    let page = room.answer(&page, &[("signer", "guardian")], "next").await;
    assert!(page.has("Xin ghi tên người ký"));
    let page = room.answer(&page, &[("signer_name", "架空 花"), ("relation", "母")], "next").await;
    assert_eq!(page.path, "/tablet/review");
    assert!(page.has("/tablet/question/kind?review=1"), "what is missing is asked for before it can be signed");
    assert_eq!(room.tablet.open("/tablet/sign").await.path, "/tablet/review");
}

#[tokio::test]
async fn going_back_calling_and_correcting_lose_nothing() {
    let mut room = Room::with_form().await;
    room.fill("en", &[]).await;
    let page = room.tablet.open("/tablet/question/address?review=1").await;
    let page = room.answer(&page, &[("address", "架空市1-2-3")], "next").await;
    assert_eq!(page.path, "/tablet/review");
    assert!(page.has("架空市1-2-3"));
    let page = room.tablet.open("/tablet/question/phone").await;
    let page = room.answer(&page, &[("other_contact", "at work")], "call").await;
    assert_eq!(page.path, "/tablet/question/phone");
    assert!(page.has("at work") && page.has("Staff have been called"));
    let board = room.staff.open("/").await;
    assert!(board.has("タブレットから呼ばれています") && board.has("待合1"));
    room.staff.submit(&board, "/tablets", &[("do", "answer")]).await;
    assert!(!room.staff.open("/").await.has("タブレットから呼ばれています"));
    let page = room.tablet.open("/tablet/question/phone").await;
    assert!(!page.has("Staff have been called"));
    let page = room.answer(&page, &[("other_contact", "at home")], "back").await;
    assert_eq!(page.path, "/tablet/question/address");
    assert!(room.tablet.open("/tablet/question/phone").await.has("at home"));
}

#[tokio::test]
async fn left_alone_it_is_put_away_and_goes_on_elsewhere_under_the_same_number() {
    let mut room = Room::with_form().await;
    room.desk.print_with(&MemoryPrints::new());
    room.choose_language("ko").await;
    let page = room.tablet.open("/tablet/question/phone").await;
    let asked = room.answer(&page, &[("phone", "03-0000-0000")], "idle").await;
    assert_eq!(asked.path, "/tablet/still-there");
    let waiting = room.tablet.submit(&asked, "/tablet/put-away", &[]).await;
    assert_eq!(waiting.path, "/tablet/waiting");
    assert!(!waiting.has("架空") && !waiting.has("03-0000-0000"));
    let half = room.form().expect("half finished");
    assert_eq!(half.tablet, None);
    let list = room.staff.open("/tablets").await;
    assert!(list.has("架空 太郎") && list.has("書きかけ") && list.has(&half.form_no));
    let path = format!("/visits/{}/declaration", room.visit);
    let page = room.staff.open(&path).await;
    assert!(page.has("03-0000-0000") && page.has(&half.form_no), "goes on at the desk");
    room.hand_over().await;
    assert_eq!(room.tablet.open("/tablet").await.path, "/tablet/question/phone", "or on a tablet, where it was");
    assert_eq!(room.form().unwrap().form_no, half.form_no);
    let taken = room.staff.open(&path).await;
    let taken = room.staff.press(&taken, &path, &format!("/visits/{}/tablet", room.visit), &[("do", "take")]).await;
    assert_eq!(taken.path, path);
    assert_eq!(room.tablet.open("/tablet").await.path, "/tablet/waiting");
    let prints = MemoryPrints::new();
    room.desk.print_with(&prints);
    room.staff.get(&format!("/visits/{}/tablet/paper", room.visit)).await;
    let Paper::Declaration(paper) = prints.last().paper else { panic!("a declaration") };
    assert_eq!((paper.form_no.as_str(), paper.phone.as_str()), (half.form_no.as_str(), "03-0000-0000"));
    assert!(paper.insurance.iter().all(|pick| !pick.picked), "what was not answered stands open");
    let fields = [("insurance_kind", "unknown"), ("strokes", STROKES)];
    let page = room.staff.open(&path).await;
    assert!(room.staff.submit(&page, &path, &fields).await.has("受付できました"));
    assert_eq!(room.kept().unwrap().form_no, half.form_no);
    assert!(room.form().is_none(), "finished at the desk");
}

#[tokio::test]
async fn without_its_own_countdown_the_box_puts_it_away() {
    let mut room = Room::with_form().await;
    room.choose_language("ja").await;
    let later = |minutes: i64| room.desk.now().plus_ms(minutes * 60_000);
    let (soon, late) = (later(5), later(11));
    room.desk.set_now(soon);
    assert_eq!(room.tablet.get("/tablet/state?active=1").await.html, room.form().unwrap().form_no);
    room.desk.set_now(late);
    assert_eq!(room.tablet.open("/tablet").await.path, "/tablet/question/intro", "touched six minutes ago");
    room.desk.set_now(late.plus_ms(7 * 60_000));
    assert_eq!(room.tablet.get("/tablet/state").await.html, "none");
    assert_eq!(room.form().unwrap().tablet, None);
}

#[tokio::test]
async fn a_tablet_in_use_takes_no_second_patient_and_the_desk_keeps_what_was_typed() {
    let mut room = Room::with_form().await;
    let other = open(&room.desk, None, people::hanako(), vec![card()]);
    let (path, id) = (format!("/visits/{other}/declaration"), room.id());
    let page = room.staff.open(&path).await;
    assert!(!page.has("class=\"hand-over\""), "it is not offered");
    let fields = [("tablet", id.as_str()), ("phone", "03-1111-2222")];
    let page = room.staff.press(&page, &path, &format!("/visits/{other}/tablet"), &fields).await;
    assert!(page.has("使用中です") && page.has("03-1111-2222"));
    assert_eq!(room.desk.tablets().forms().unwrap().len(), 1);
}

#[tokio::test]
async fn guides_of_the_makers_that_stand_here_are_shown_in_the_patients_language() {
    let mut room = Room::new().await;
    assert!(room.tablet.open("/tablet/guide?lang=vi").await.has("Đặt thẻ"));
    assert!(room.tablet.open("/tablet/guide?lang=pt").await.has("Put the card into general"), "English stands in");
    room.desk.tablets().stand_here(&["almex", "atlas"]);
    let page = room.tablet.open("/tablet/guide").await;
    assert!(page.has("almex社") && page.has("model=atlas"));
    let page = room.tablet.open("/tablet/guide?model=atlas&lang=en").await;
    assert!(page.has("Put the card into atlas") && !page.has("almex"));
}
