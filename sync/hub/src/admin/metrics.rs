//! Figures for Prometheus, in its text form. Names of facilities are their random ids.

use super::{App, Refused};
use crate::alert::Alert;
use crate::fleet::FacilityView;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use std::fmt::Write;

pub async fn metrics(State(app): State<App>) -> Result<Response, Refused> {
    let text = write(&app.look().await?);
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// A figure of each facility: name, kind, what it says.
type Figure = (&'static str, &'static str, &'static str, fn(&FacilityView) -> u64);

const OF_FACILITIES: [Figure; 6] = [
    ("stored_bytes", "gauge", "Bytes of a facility's records.", |it| it.stored_bytes),
    ("quota_stored_bytes", "gauge", "Bytes a facility's records may have.", |it| it.quota_stored_bytes),
    ("day_bytes", "gauge", "Bytes a facility moved today.", |it| it.day_bytes),
    ("connections", "gauge", "A facility's connections to this process.", |it| it.connections),
    ("refused_records_total", "counter", "Records this process refused.", |it| it.refused_records),
    ("boxes", "gauge", "Boxes of a facility.", |it| it.boxes.len() as u64),
];

fn write(facilities: &[FacilityView]) -> String {
    let mut text = String::new();
    let out = &mut text;
    // Writing into a text cannot fail.
    let _ = writeln!(out, "# HELP uketsuke_hub_facilities Enrolled facilities.\n# TYPE uketsuke_hub_facilities gauge");
    let _ = writeln!(out, "uketsuke_hub_facilities {}", facilities.len());
    for (name, kind, help, figure) in OF_FACILITIES {
        let _ = writeln!(out, "# HELP uketsuke_hub_{name} {help}\n# TYPE uketsuke_hub_{name} {kind}");
        for facility in facilities {
            let _ = writeln!(out, "uketsuke_hub_{name}{{facility=\"{}\"}} {}", facility.id, figure(facility));
        }
    }
    let _ =
        writeln!(out, "# HELP uketsuke_hub_alerts Boxes and facilities to look at.\n# TYPE uketsuke_hub_alerts gauge");
    for kind in Alert::KINDS {
        let _ = writeln!(out, "uketsuke_hub_alerts{{kind=\"{kind}\"}} {}", count(facilities, kind));
    }
    text
}

fn count(facilities: &[FacilityView], kind: &str) -> usize {
    let of_boxes = facilities.iter().flat_map(|facility| facility.boxes.iter().flat_map(|one| &one.alerts));
    let all = of_boxes.chain(facilities.iter().flat_map(|facility| &facility.alerts));
    all.filter(|alert| alert.kind() == kind).count()
}
