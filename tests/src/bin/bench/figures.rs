//! All figures in their order.

use crate::clinic::{Clinic, Place};
use crate::sizes::Sizes;
use crate::table::Table;
use crate::{acceptance, fresh, history, search, together};

/// Fills the records and measures everything.
pub fn measure_all(place: &Place, sizes: Sizes, table: &mut Table) -> anyhow::Result<()> {
    let large = Clinic::open(&place.folder().join("large"), sizes.patients)?;
    large.check_what_is_measured()?;
    table.add(acceptance::measure(&large, place.folder(), sizes)?);
    table.add(together::measure(&large, place.folder(), sizes)?);
    let small = Clinic::open(&place.folder().join("small"), sizes.few_visits)?;
    table.add(history::measure(&small, &large, sizes)?);
    table.add(search::measure(&large, sizes)?);
    drop((small, large));
    table.add(fresh::measure(&place.folder().join("large"), sizes)?);
    Ok(())
}
