//! All a template can see: the other templates, the one font, and the order as plain data. No clock, no files, no packages.

use crate::{glyphs, symbol};
use paper::{Order, Paper};
use serde_json::{Value, json};
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// BIZ UDPGothic: made for reading at a glance and by weak eyes, complete for the characters of names in official records, and
/// free to be embedded (SIL Open Font Licence, `fonts/OFL.txt`). One weight: bold is drawn, which halves what has to be carried.
static FONT: LazyLock<Font> = LazyLock::new(|| {
    let bytes = Bytes::new(include_bytes!("../fonts/BIZUDPGothic-Regular.ttf"));
    Font::new(bytes, 0).expect("the font that is compiled in can be read: every paper of the tests is set in it")
});

macro_rules! templates {
    ($($name:literal),*) => { &[$(($name, include_str!(concat!("../templates/", $name)))),*] };
}

const TEMPLATES: &[(&str, &str)] = templates![
    "advice.typ",
    "blank_day.typ",
    "blank_forms.typ",
    "call_sheet.typ",
    "check_up.typ",
    "common.typ",
    "day_list.typ",
    "declaration.typ",
    "equipment_fault.typ",
    "explanation.typ",
    "fault_report.typ",
    "form.typ",
    "month_end.typ",
    "recovery_kit.typ",
    "refund.typ",
    "remark.typ",
    "take_home.typ"
];

/// The world of one order.
pub struct PaperWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    main: FileId,
    order: Bytes,
}

impl PaperWorld {
    pub fn of(order: &Order) -> PaperWorld {
        let mut written = json!(order);
        let missing = glyphs::replace_missing(&mut written, FONT.info());
        if let Value::Object(written) = &mut written {
            written.insert("missing".to_owned(), json!(missing));
            written.insert("code".to_owned(), json!(code_of(&order.paper).and_then(symbol::rows)));
        }
        PaperWorld {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts([&*FONT])),
            main: file(template_of(&order.paper)),
            order: Bytes::new(written.to_string().into_bytes()),
        }
    }
}

fn template_of(paper: &Paper) -> &'static str {
    match paper {
        Paper::Declaration(_) => "declaration.typ",
        Paper::Explanation => "explanation.typ",
        Paper::TakeHome(_) => "take_home.typ",
        Paper::BlankForms(_) => "blank_forms.typ",
        Paper::Remark(_) => "remark.typ",
        Paper::Advice(_) => "advice.typ",
        Paper::EquipmentFault => "equipment_fault.typ",
        Paper::CallSheet(_) => "call_sheet.typ",
        Paper::DayList(_) => "day_list.typ",
        Paper::BlankDay(_) => "blank_day.typ",
        Paper::FaultReport(_) => "fault_report.typ",
        Paper::Refund(_) => "refund.typ",
        Paper::MonthEnd(_) => "month_end.typ",
        Paper::CheckUp(_) => "check_up.typ",
        Paper::RecoveryKit(_) => "recovery_kit.typ",
    }
}

fn code_of(paper: &Paper) -> Option<&str> {
    match paper {
        Paper::TakeHome(slip) => slip.code.as_deref(),
        Paper::Refund(slip) => slip.code.as_deref(),
        _ => None,
    }
}

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of the templates are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

impl World for PaperWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let name = id.vpath().get_without_slash();
        let template =
            TEMPLATES.iter().find(|(template, _)| *template == name).filter(|_| *id.root() == VirtualRoot::Project);
        template.map(|(_, text)| Source::new(id, (*text).to_owned())).ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let is_order = *id.root() == VirtualRoot::Project && id.vpath().get_without_slash() == "order.json";
        if is_order { Ok(self.order.clone()) } else { Err(not_found(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        (index == 0).then(|| FONT.clone())
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
