//! The QR symbol of a slip, as the dark runs of each of its rows.

use fast_qr::{ECL, QRBuilder};

/// The rows, each with start and length of its dark runs; `None` for a text no symbol holds. A quarter of it may be dirty or torn.
pub fn rows(text: &str) -> Option<Vec<Vec<(usize, usize)>>> {
    let symbol = QRBuilder::new(text).ecl(ECL::Q).build().ok()?;
    let row = |row: usize| (0..symbol.size).map(|column| symbol[row][column].value()).collect::<Vec<_>>();
    Some((0..symbol.size).map(|at| runs(&row(at))).collect())
}

fn runs(row: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_neighbours_are_one_run() {
        assert_eq!(runs(&[true, true, false, true]), [(0, 2), (3, 1)]);
        assert_eq!(runs(&[false, false]), []);
    }

    #[test]
    fn a_code_has_three_corners_and_an_essay_has_none() {
        let rows = rows("UKE1-7Q3K9ZD2-R").expect("it fits");
        assert_eq!(rows.len(), 21, "version 1 has 21 squares to a side");
        assert_eq!((rows[0][0], rows[0].last().copied(), rows[20][0]), ((0, 7), Some((14, 7)), (0, 7)));
        assert!(super::rows(&"1".repeat(9_000)).is_none());
    }
}
