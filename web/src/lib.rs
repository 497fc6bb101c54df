//! Pages and API of the desk: axum and askama over one port, [`port::Desk`].
//!
//! `web` cannot write and cannot reach hardware or network: it asks the port. The browser holds nothing.

pub mod api;
mod cookie;
pub mod port;
pub mod settings;
mod token;
