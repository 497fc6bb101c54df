//! Papers on the wire.

use super::Text;
use super::time::Instant;
use crate::api::body::{Form, Place};
use crate::lang::Lang;
use crate::port::{PackView, Prints};
use crate::prints::{SitePrint, VisitPrint};
use paper::MOST_FORMS;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The papers of this box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Papers {
    /// whether papers can be set at all
    pub available: bool,
    /// papers of the site
    pub of_site: Vec<PaperShown>,
    /// papers of a visit; which of them have something to say depends on the visit
    pub of_visit: Vec<PaperShown>,
    /// what lies ready on the disk; absent when nothing is kept ready
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<Pack>,
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Paper)]
pub struct PaperShown {
    /// for the address
    pub print: String,
    /// its name
    pub name: Text,
}

/// What lies ready on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DowntimePack)]
pub struct Pack {
    /// the folder
    pub folder: String,
    /// the files in it
    pub files: Vec<String>,
    /// when they were last written
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Instant>,
    /// why they are not up to date
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Text>,
}

impl Papers {
    /// What is told of them.
    pub fn of(prints: Option<&dyn Prints>) -> Papers {
        let of_site = SitePrint::ALL.iter().map(|print| shown(print.code(), |lang| print.name(lang)));
        let of_visit = VisitPrint::ALL.iter().map(|print| shown(print.code(), |lang| print.name(lang)));
        Papers {
            available: prints.is_some(),
            of_site: of_site.collect(),
            of_visit: of_visit.collect(),
            pack: prints.and_then(|prints| prints.pack()).map(Pack::of),
        }
    }
}

fn shown(code: &str, name: impl Fn(Lang) -> &'static str) -> PaperShown {
    let name = domain::text::Text::new(name(Lang::Ja), name(Lang::En));
    PaperShown { print: code.to_owned(), name: (&name).into() }
}

impl Pack {
    fn of(pack: PackView) -> Pack {
        Pack {
            folder: pack.folder,
            files: pack.files,
            written_at: pack.written_at.map(Instant::of),
            problem: pack.problem.as_ref().map(Text::from),
        }
    }
}

/// How many blank forms.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BlankForms)]
pub struct BlankFormsForm {
    /// 1 to 50
    #[schema(minimum = 1, maximum = 50)]
    pub count: u32,
}

impl Form for BlankFormsForm {
    type Meaning = u32;

    fn meaning(self, at: &Place<'_>) -> Option<u32> {
        let fits = (1..=MOST_FORMS as u32).contains(&self.count);
        if !fits {
            at.field("count").wrong("out_of_range", "1から50までです。", "From 1 to 50.");
        }
        fits.then_some(self.count)
    }
}
