//! The last hand on every reply: problems are written out, nothing is cached.

use super::{Problem, ProblemKind};
use crate::api::language::Language;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE, VARY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue};

/// Headers of a bare refusal that its problem document keeps.
const KEPT: [HeaderName; 2] = [ALLOW, SET_COOKIE];

/// Middleware: writes problems in the caller's language, makes problems of refusals that axum itself gave, and forbids
/// keeping any reply.
pub async fn finish(request: Request, next: Next) -> Response {
    let language = Language::preferred(request.headers());
    let mut response = next.run(request).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        response = written(response, language);
    }
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn written(mut bare: Response, language: Language) -> Response {
    let problem =
        bare.extensions_mut().remove::<Problem>().unwrap_or_else(|| Problem::of(ProblemKind::of_status(bare.status())));
    let body = serde_json::to_vec(&problem.document(language)).unwrap_or_default();
    let mut response = (problem.kind().status(), body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
    for name in KEPT {
        if let Some(value) = bare.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    if let Some(seconds) = problem.kind().retry_after_s() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if problem.kind() == ProblemKind::NotSignedIn {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"uketsuke\""));
    }
    response
}
