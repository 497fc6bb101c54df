//! All figures in their order.

use crate::clinic::{Clinic, Place};
use crate::sizes::Sizes;
use crate::table::Table;
use crate::{acceptance, cards, fresh, history, pages, screens, search, together};
use clap::ValueEnum;

/// A group of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Figure {
    /// one desk, one check-in after the other
    Acceptance,
    /// pages a check-in writes, by what they belong to
    Pages,
    /// eight desks at once
    Together,
    /// little history against much
    History,
    /// patient search
    Search,
    /// start and memory of a fresh process
    Fresh,
    /// every page of the desk, and the screens of ten counters
    Screens,
    /// card reading, insertion, and readers doing nothing; needs pcscd and vsmartcard-vpcd
    Cards,
}

/// Fills the records and measures; nothing named means everything.
pub fn measure(place: &Place, sizes: Sizes, only: &[Figure], table: &mut Table) -> anyhow::Result<()> {
    let wanted = |figure| only.is_empty() || only.contains(&figure);
    if only != [Figure::Cards] {
        measure_the_desk(place, sizes, &wanted, table)?;
    }
    if wanted(Figure::Cards) {
        table.add(cards::measure()?);
    }
    Ok(())
}

fn measure_the_desk(
    place: &Place,
    sizes: Sizes,
    wanted: &dyn Fn(Figure) -> bool,
    table: &mut Table,
) -> anyhow::Result<()> {
    let folder = place.folder();
    let large = Clinic::open(&folder.join("large"), sizes.patients)?;
    large.check_what_is_measured()?;
    if wanted(Figure::Acceptance) {
        table.add(acceptance::measure(&large, folder, sizes)?);
    }
    if wanted(Figure::Pages) {
        table.add(pages::measure(&large)?);
    }
    if wanted(Figure::Together) {
        table.add(together::measure(&large, folder, sizes)?);
    }
    if wanted(Figure::History) {
        let small = Clinic::open(&folder.join("small"), sizes.few_visits)?;
        table.add(history::measure(&small, &large, sizes)?);
    }
    if wanted(Figure::Search) {
        table.add(search::measure(&large, sizes)?);
    }
    drop(large);
    if wanted(Figure::Fresh) {
        table.add(fresh::measure(&folder.join("large"), sizes)?);
    }
    if wanted(Figure::Screens) {
        table.add(screens::measure(&folder.join("large"))?);
    }
    Ok(())
}
