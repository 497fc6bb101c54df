//! The style sheet, the scripts and the icons, compiled in.

use crate::error::PageError;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const FILES: &[(&str, &str, &str)] = &[
    ("desk.css", "text/css; charset=utf-8", include_str!("../assets/desk.css")),
    ("dark.css", "text/css; charset=utf-8", include_str!("../assets/dark.css")),
    ("desk.js", "text/javascript; charset=utf-8", include_str!("../assets/desk.js")),
    ("first-start.js", "text/javascript; charset=utf-8", include_str!("../assets/first-start.js")),
    ("line.js", "text/javascript; charset=utf-8", include_str!("../assets/line.js")),
    ("passkey.js", "text/javascript; charset=utf-8", include_str!("../assets/passkey.js")),
    ("signature.js", "text/javascript; charset=utf-8", include_str!("../assets/signature.js")),
    ("tablet.css", "text/css; charset=utf-8", include_str!("../assets/tablet.css")),
    ("tablet.js", "text/javascript; charset=utf-8", include_str!("../assets/tablet.js")),
    ("icons.svg", "image/svg+xml", include_str!("../assets/icons.svg")),
    ("papers.svg", "image/svg+xml", include_str!("../assets/papers.svg")),
    ("mark.svg", "image/svg+xml", include_str!("../assets/mark.svg")),
];

/// Stands in the addresses of the files and changes with them, so that browsers may keep them for ever.
pub static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    FILES.iter().for_each(|(_, _, content)| hash.update(content));
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// `GET /assets/{version}/{name}`
pub async fn asset(Path((_version, name)): Path<(String, String)>) -> Response {
    match FILES.iter().find(|(known, ..)| *known == name) {
        None => PageError::NotFound.into_response(),
        Some((_, kind, content)) => {
            let headers =
                [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (headers, *content).into_response()
        }
    }
}
