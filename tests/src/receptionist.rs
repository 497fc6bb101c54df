//! What a receptionist does at the desk's own forms.

use crate::browser::Desk;
use crate::people::{Patient, Plan};

/// Name and password of the first account.
pub const ACCOUNT: (&str, &str) = ("受付", "monday-morning-0855");

/// Makes the first account and signs in.
pub async fn set_up(desk: &Desk) {
    set_up_as(desk, ACCOUNT.0).await;
}

/// The same for somebody of this name.
pub async fn set_up_as(desk: &Desk, name: &str) {
    desk.goto("/set-up").await;
    desk.fill("account", name).await;
    desk.fill("password", ACCOUNT.1).await;
    desk.fill("password_again", ACCOUNT.1).await;
    desk.send("main form button.primary").await;
    desk.goto("/").await;
    if desk.path().await == "/sign-in" {
        enter(desk, name).await;
    }
}

/// Signs in once more with the first account, on another screen.
pub async fn sign_in(desk: &Desk) {
    desk.goto("/sign-in").await;
    enter(desk, ACCOUNT.0).await;
}

async fn enter(desk: &Desk, name: &str) {
    desk.fill("account", name).await;
    desk.fill("password", ACCOUNT.1).await;
    desk.send("main form button.primary").await;
    desk.find("nav").await;
}

/// Says at which counter this screen stands.
pub async fn stands_at(desk: &Desk, name: &str) {
    desk.goto("/counters").await;
    desk.send(&format!("form:has(input[name='here'][value='{name}']) button")).await;
}

/// One patient over the desk's own forms. Returns the visit.
pub async fn receive(desk: &Desk, patient: &Patient) -> String {
    let visit = begin(desk, patient).await;
    match patient.plan {
        Plan::Certificate | Plan::CardAndNotice => write_down_paper(desk, patient).await,
        Plan::Declaration => declare(desk, patient, &visit).await,
    }
    desk.find("#flash:not(:empty)").await;
    visit
}

/// The first step of it: who it is, and what is shown.
pub async fn begin(desk: &Desk, patient: &Patient) -> String {
    desk.goto("/check-in").await;
    let shown = match patient.plan {
        Plan::Certificate => "certificate",
        Plan::CardAndNotice => "card_and_notice",
        Plan::Declaration => "card",
    };
    desk.press(&format!("input[name='presented'][value='{shown}']")).await;
    desk.press("#new > summary").await;
    let face = &patient.person.face;
    desk.fill("name", &face.name).await;
    desk.fill("name_kana", &face.reading).await;
    desk.fill("birth_date", &face.birth_date.to_string()).await;
    desk.fill("address", &face.address).await;
    desk.send("#new .actions button").await;
    desk.find("#ladder, .taking, .next").await;
    let path = desk.path().await;
    path.strip_prefix("/visits/").unwrap_or_else(|| panic!("not a visit: {path}")).to_owned()
}

async fn write_down_paper(desk: &Desk, patient: &Patient) {
    let paper = &patient.person.holds[0];
    let numbers = &paper.coverage;
    desk.fill("insurer_number", &numbers.insurer_number).await;
    desk.fill("insured_symbol", numbers.symbol.as_deref().unwrap_or("")).await;
    desk.fill("insured_number", &numbers.number).await;
    desk.fill("branch_number", numbers.branch.as_deref().unwrap_or("")).await;
    desk.fill("valid_to", &paper.valid_to.map(|day| day.to_string()).unwrap_or_default()).await;
    if let Some(tenths) = paper.share_tenths {
        desk.press(&format!(".taking input[name='ratio'][value='{tenths}']")).await;
    }
    desk.send(".taking .actions button.primary").await;
}

/// Fills in the declaration and has it signed on paper.
pub async fn declare(desk: &Desk, patient: &Patient, visit: &str) {
    desk.goto(&format!("/visits/{visit}/declaration")).await;
    desk.press("input[name='insurance_kind'][value='kokuho']").await;
    desk.fill("phone", &patient.person.telephone).await;
    desk.press("input[name='on_paper']").await;
    desk.send("#declaration-form .actions button.primary").await;
}
