//! What everybody must see about people: the emergency envelope is open, a vendor is allowed in, a second factor is due.

use crate::app::App;
use crate::lang::Lang;
use crate::port::Session;
use crate::show;
use crate::words::FrameWords;

/// The lines above every page.
pub fn of(app: &App, lang: Lang, session: Option<&Session>) -> Vec<String> {
    let (w, today) = (FrameWords::of(lang), app.desk.today());
    let Some(session) = session else { return Vec::new() };
    let said = app.desk.people().notices();
    let emergency = said.emergency.map(|used| {
        format!("{} {} {} {}", w.emergency_used, show::moment(lang, used.at, today), used.who, used.counter)
    });
    let vendors = said.vendors.into_iter().map(|(name, until)| {
        let until = show::moment(lang, until, today);
        format!("{} {name}{}", w.vendor_in, lang.pick(format!(" {until}{}", w.until), format!(" {} {until}", w.until)))
    });
    let due = session.second_factor_by.map(|by| format!("{} {}", w.second_factor_due, show::moment(lang, by, today)));
    emergency.into_iter().chain(vendors).chain(due).collect()
}
