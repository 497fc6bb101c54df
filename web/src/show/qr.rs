//! A QR symbol as the path of a drawing: squares of one unit, inside the quiet zone the standard asks for.

use fast_qr::{ECL, QRBuilder};

/// A symbol to draw.
pub struct QrSymbol {
    /// length of a side with the quiet zone, in squares
    pub side: usize,
    /// the dark squares, as the `d` of an SVG path
    pub path: String,
}

/// Light squares around a symbol (ISO/IEC 18004: four).
const QUIET: usize = 4;

impl QrSymbol {
    /// The symbol of a short text; `None` when it does not fit into one. A quarter of it may be dirty or torn.
    pub fn of(text: &str) -> Option<QrSymbol> {
        let symbol = QRBuilder::new(text).ecl(ECL::Q).build().ok()?;
        let is_dark = |(row, column): &(usize, usize)| symbol[*row][*column].value();
        let squares = (0..symbol.size).flat_map(|row| (0..symbol.size).map(move |column| (row, column)));
        let path = squares.filter(is_dark).map(|(row, column)| format!("M{} {}h1v1h-1z", column + QUIET, row + QUIET));
        Some(QrSymbol { side: symbol.size + 2 * QUIET, path: path.collect() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_symbol_has_its_quiet_zone_and_its_three_corners() {
        let symbol = QrSymbol::of("UKE1-7Q3K9ZD2-R").unwrap();
        assert_eq!(symbol.side, 29, "version 1 has 21 squares to a side");
        for corner in ["M4 4h", "M24 4h", "M4 24h"] {
            assert!(symbol.path.contains(corner), "{corner}");
        }
        assert!(!symbol.path.contains("M3 ") && !symbol.path.contains("M25 ") && !symbol.path.contains(" 25h"));
        assert!(QrSymbol::of(&"1".repeat(9_000)).is_none());
    }
}
