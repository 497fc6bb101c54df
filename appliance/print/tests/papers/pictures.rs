//! Every page is compared with its picture in the tree. After a change that is meant: `UPDATE_PICTURES=1 cargo test -p
//! uketsuke-print`, and look at what changed.

use crate::samples;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use typst_render::RenderOptions;

/// Dots per point: enough to see a word move, small enough for the tree.
const DOTS: f64 = 0.75;
/// How far a dot may be off, of 255, and how many dots may be further off than that, of a thousand: rounding differs between machines.
const NEAR: u8 = 48;
const FAR_PER_THOUSAND: usize = 2;

/// A page in sixteen shades of gray.
struct Picture {
    width: u32,
    height: u32,
    shades: Vec<u8>,
}

impl Picture {
    fn of(page: &typst_layout::Page) -> Picture {
        let options = RenderOptions { pixel_per_pt: DOTS.into(), ..RenderOptions::default() };
        let dots = typst_render::render(page, &options);
        let shade = |dot: &[u8]| {
            let [red, green, blue] = [0, 1, 2].map(|at| u32::from(dot[at]));
            u8::try_from((red * 299 + green * 587 + blue * 114) / 1000 / 16).unwrap()
        };
        Picture { width: dots.width(), height: dots.height(), shades: dots.data().chunks(4).map(shade).collect() }
    }

    fn write(&self, path: &Path) {
        let mut encoder = png::Encoder::new(File::create(path).unwrap(), self.width, self.height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Four);
        encoder.set_compression(png::Compression::High);
        let rows = self.shades.chunks(self.width as usize);
        let packed: Vec<u8> =
            rows.flat_map(|row| row.chunks(2).map(|two| two[0] << 4 | two.get(1).copied().unwrap_or(0))).collect();
        encoder.write_header().unwrap().write_image_data(&packed).unwrap();
    }

    fn read(path: &Path) -> Option<Picture> {
        let decoder = png::Decoder::new(std::io::BufReader::new(File::open(path).ok()?));
        let mut reader = decoder.read_info().ok()?;
        let mut bytes = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut bytes).ok()?;
        let row = |row: &[u8]| {
            let shades = row.iter().flat_map(|two| [two >> 4, two & 15]).take(info.width as usize);
            shades.collect::<Vec<_>>()
        };
        let shades = bytes.chunks(info.line_size).flat_map(row).collect();
        Some(Picture { width: info.width, height: info.height, shades })
    }

    /// How many of a thousand dots are clearly different.
    fn differs_from(&self, other: &Picture) -> Option<usize> {
        if (self.width, self.height) != (other.width, other.height) {
            return None;
        }
        let far = |(a, b): (&u8, &u8)| a.abs_diff(*b) * 16 > NEAR;
        let differing = self.shades.iter().zip(&other.shades).filter(|pair| far(*pair)).count();
        Some(differing * 1000 / self.shades.len())
    }
}

fn in_tree(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(name)
}

#[test]
fn every_paper_looks_like_its_picture() {
    let update = std::env::var_os("UPDATE_PICTURES").is_some();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    for (paper, order) in samples::all() {
        let typeset = print::typeset(&order).unwrap_or_else(|unset| panic!("{paper}: {unset:?}"));
        for (at, page) in typeset.pages().iter().enumerate() {
            let name = format!("{paper}-{}.png", at + 1);
            let drawn = Picture::of(page);
            let expected = Picture::read(&in_tree(&name));
            let far = expected.as_ref().and_then(|expected| drawn.differs_from(expected));
            if update {
                if far != Some(0) {
                    drawn.write(&in_tree(&name));
                }
            } else if far.is_none_or(|far| far > FAR_PER_THOUSAND) {
                fs::create_dir_all(&kept).unwrap();
                drawn.write(&kept.join(format!("new-{name}")));
                if let Some(expected) = &expected {
                    expected.write(&kept.join(format!("old-{name}")));
                }
                wrong.push(format!("{name}: {far:?} of a thousand dots differ"));
            }
            names.push(name);
        }
    }
    assert!(wrong.is_empty(), "both pictures of each are kept in {}:\n{}", kept.display(), wrong.join("\n"));
    let in_tree = fs::read_dir(in_tree("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left_over: Vec<String> = in_tree.filter(|name| !names.contains(name)).collect();
    assert!(left_over.is_empty(), "pictures of pages that are not there any more: {left_over:?}");
}

#[test]
fn a_paper_is_the_same_every_time() {
    let pdf = || print::typeset(&samples::declaration()).unwrap().pdf().unwrap();
    assert_eq!(pdf(), pdf());
}
