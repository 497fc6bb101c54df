//! Serves the pages over a desk in memory, for looking at them: `cargo run -p web --example memory_desk -- [PORT]`.
//! Sign in as `uketsuke` with `practice-password`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::net::{Ipv4Addr, SocketAddr};
use support::memory_desk::MemoryDesk;
use support::memory_desk::devices::{MemoryDevices, hanakos_card, notebook, prescription, slip, with_payers};
use support::people;
use support::scenes;
use web::WebSettings;

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8480);
    let desk = MemoryDesk::with_practice();
    let session = desk.add_session();
    let morning = scenes::monday_morning(&desk);
    let devices = MemoryDevices::of_a_clinic();
    devices.lay_on(hanakos_card("2026-04-10"));
    devices.scan(notebook("scan-2"));
    devices.scan(with_payers(prescription("scan-1", people::hanako(), people::kenpo("1234567"))));
    devices.scan(slip("scan-3", Some(morning.oral.clone()), "scanner-1"));
    desk.watch(&devices);
    let settings =
        WebSettings {
            secure_cookies: false, demo: true, site_name: "見本診療所".to_owned(), ..WebSettings::default()
        };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    println!("http://{address}/ cookie uketsuke={}", session.token.0);
    for (name, visit) in [
        ("confirmed", &morning.confirmed),
        ("open_card", &morning.open_card),
        ("changed", &morning.changed),
        ("oral", &morning.oral),
        ("outage_new", &morning.outage_new),
        ("invalid", &morning.invalid),
        ("nothing", &morning.nothing),
        ("mismatch", &morning.mismatch),
    ] {
        println!("{name} /visits/{visit}");
    }
    axum::serve(listener, web::router(desk, settings)).await.unwrap();
}
