//! `bench sync`: how boxes and hubs exchange records. Every figure that has a bar against another store is a ratio within one run:
//! the other store is started here, keeps its data on the same disk, and is called through the same kind of line.

mod box_pair;
mod fill;
mod hub;
mod line;
mod lines;
mod newcomer;
mod peer_store;
mod reconnect;
mod simulated;
mod visible;

use crate::clinic::Place;
use crate::machine;
use crate::table::Table;
use clap::ValueEnum;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to measure, and how much.
#[derive(clap::Args)]
pub struct Arguments {
    /// the sizes that were promised: 30,000 patients, 1,000 boxes at a hub, ten minutes of eight counters; hours
    #[arg(long, env = "UKETSUKE_BENCH_FULL")]
    full: bool,
    /// patients of the largest record, instead of what `--full` or its absence says
    #[arg(long, value_parser = clap::value_parser!(u32).range(200..=100_000))]
    patients: Option<u32>,
    /// boxes connected to a hub, likewise
    #[arg(long, value_parser = clap::value_parser!(u32).range(3..=5_000))]
    boxes: Option<u32>,
    /// measure only these
    #[arg(long, value_delimiter = ',')]
    only: Vec<Figure>,
    /// where `tests/peers/install.sh` has put the other stores; without it they are left out, and that is said
    #[arg(long, env = "UKETSUKE_BENCH_PEERS")]
    peers: Option<PathBuf>,
}

/// A group of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Figure {
    /// a few changed records among few and many patients
    Reconnect,
    /// the first fill of a new box
    Fill,
    /// a new box in a clinic of some age, with and without snapshots
    Newcomer,
    /// from a check-in at one counter until the other shows it
    Visible,
    /// memory and work of a hub with many boxes
    Hub,
    /// reconnect over slow, far and broken lines
    Lines,
}

/// How much is measured.
pub struct Sizes {
    /// patients of the reconnect figures, rising
    pub patients: Vec<u32>,
    /// records changed while apart
    pub changed: u32,
    /// patients beside automerge-repo
    pub beside_automerge: u32,
    /// patients beside PouchDB
    pub beside_pouch: u32,
    /// patients of the first fill, beside PouchDB
    pub fill: u32,
    /// patients of the first fill beside automerge-repo
    pub fill_beside_automerge: u32,
    /// visits in the clinic that a new box comes to
    pub newcomer: u32,
    /// how long eight counters write
    pub writing: Duration,
    /// boxes connected to a hub
    pub boxes: u32,
    /// records pushed to a hub by each of eight boxes
    pub pushes: u32,
    /// patients at a slow line
    pub at_lines: u32,
}

impl Sizes {
    fn of(arguments: &Arguments) -> Sizes {
        let mut sizes = Sizes::promised_or_small(arguments.full);
        if let Some(patients) = arguments.patients {
            sizes.patients = vec![(patients / 4).max(100), patients];
            sizes.beside_automerge = patients;
            sizes.beside_pouch = patients;
            sizes.fill = patients;
            sizes.fill_beside_automerge = patients;
            sizes.newcomer = patients;
            sizes.at_lines = patients;
        }
        sizes.boxes = arguments.boxes.unwrap_or(sizes.boxes);
        sizes
    }

    fn promised_or_small(full: bool) -> Sizes {
        if full {
            Sizes {
                patients: vec![1_000, 3_000, 10_000, 30_000],
                changed: 50,
                beside_automerge: 3_000,
                beside_pouch: 10_000,
                fill: 10_000,
                fill_beside_automerge: 10_000,
                newcomer: 1_000,
                writing: Duration::from_secs(600),
                boxes: 1_000,
                pushes: 2_000,
                at_lines: 3_000,
            }
        } else {
            Sizes {
                patients: vec![300, 1_200],
                changed: 50,
                beside_automerge: 300,
                beside_pouch: 1_200,
                fill: 1_200,
                fill_beside_automerge: 300,
                newcomer: 300,
                writing: Duration::from_secs(20),
                boxes: 200,
                pushes: 300,
                at_lines: 300,
            }
        }
    }
}

/// Measures and prints the table.
pub fn measure(arguments: &Arguments, data: Option<&Path>, json: Option<&Path>) -> anyhow::Result<()> {
    let sizes = Sizes::of(arguments);
    let place = Place::find(data)?;
    let how_much = if arguments.full { "full sizes" } else { "small sizes, for orientation" };
    println!("measuring in {}, {how_much}", place.folder().display());
    if arguments.peers.is_none() {
        println!("without other stores to compare with: run tests/peers/install.sh FOLDER and give --peers FOLDER");
    }
    let facts = machine::facts(place.folder())?;
    let mut table =
        Table::new(facts, how_much.to_owned(), json!({ "full": arguments.full, "patients": sizes.patients }));
    let wanted = |figure| arguments.only.is_empty() || arguments.only.contains(&figure);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stage = Stage { folder: place.folder().to_owned(), peers: arguments.peers.clone(), sizes, runtime };
    if wanted(Figure::Reconnect) {
        table.add(reconnect::measure(&stage)?);
    }
    if wanted(Figure::Fill) {
        table.add(fill::measure(&stage)?);
    }
    if wanted(Figure::Newcomer) {
        table.add(newcomer::measure(&stage)?);
    }
    if wanted(Figure::Visible) {
        table.add(visible::measure(&stage)?);
    }
    if wanted(Figure::Hub) {
        table.add(hub::measure(&stage)?);
    }
    if wanted(Figure::Lines) {
        table.add(lines::measure(&stage)?);
    }
    table.tell(json)
}

/// What all figures share.
pub struct Stage {
    /// where data may be kept while measuring
    pub folder: PathBuf,
    /// where the other stores are installed
    pub peers: Option<PathBuf>,
    /// how much is measured
    pub sizes: Sizes,
    /// runs both ends
    pub runtime: tokio::runtime::Runtime,
}

impl Stage {
    /// A new folder that goes when it is dropped.
    pub fn passing(&self) -> anyhow::Result<tempfile::TempDir> {
        Ok(tempfile::Builder::new().prefix("exchange-").tempdir_in(&self.folder)?)
    }
}
