//! The one place where pages are let through: who asks, how far their session has come, and whether their role has the right the
//! page names in the URL table.

use crate::app::App;
use crate::drafts::Draft;
use crate::error::PageError;
use crate::port::{Activity, Session, Stage, Viewed};
use crate::rights::{Right, home};
use crate::session::{activity, find_session, from_own_pages, page_of, read_form};
use crate::tablet;
use crate::token;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::fact::{PatientId, VisitId};
use http::{Method, StatusCode, Uri};

/// Lets a request through to its page, or says why not.
pub async fn guard(State((app, right)): State<(App, Right)>, mut request: Request, next: Next) -> Response {
    if let Some(elsewhere) = tablet::outside(&app, right, request.uri(), request.headers()).await {
        return elsewhere;
    }
    match right {
        Right::Anybody => return next.run(request).await,
        Right::Tablet => return tablet::enter(&app, request, next).await,
        _ => {}
    }
    let by = activity(request.uri(), request.headers());
    let session = match find_session(request.headers(), &app, by).await {
        Ok(Some(session)) => session,
        Ok(None) => return stranger(right, request, next).await,
        Err(error) => return error.into_response(),
    };
    let is_far_enough = match session.stage {
        Stage::Open => true,
        Stage::Incomplete => matches!(right, Right::Begun | Right::Own),
        Stage::Code | Stage::Locked => right == Right::Begun,
    };
    if !is_far_enough {
        return hold(&app, session, request).await.unwrap_or_else(PageError::into_response);
    }
    if !right.is_given_to(session.role) {
        let begins_elsewhere = request.uri().path() == "/" && home(session.role) != "/";
        return match begins_elsewhere {
            true => Redirect::to(home(session.role)).into_response(),
            false => {
                let mut refusal = PageError::NotAllowed(session.role).into_response();
                refusal.extensions_mut().insert(session.look);
                refusal
            }
        };
    }
    let viewed = viewed(request.method(), request.uri()).filter(|_| by == Activity::Person);
    let (account, look) = (session.account.clone(), session.look);
    request.extensions_mut().insert(session);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(look);
    if let (StatusCode::OK, Some(viewed)) = (response.status(), viewed) {
        app.desk.people().viewed(&account, viewed);
    }
    response
}

/// What was handed in goes on to where it is carried through the sign-in page.
async fn stranger(right: Right, request: Request, next: Next) -> Response {
    if right == Right::Begun || request.method() != Method::GET {
        return next.run(request).await;
    }
    PageError::SignInNeeded { next: page_of(request.method(), request.uri()), carried: None }.into_response()
}

/// A session that has not come far enough goes where it can go on. What somebody handed in at a locked counter waits for them.
async fn hold(app: &App, session: Session, request: Request) -> Result<Response, PageError> {
    match session.stage {
        Stage::Code => return Ok(Redirect::to("/sign-in/code").into_response()),
        Stage::Incomplete => return Ok(Redirect::to("/me").into_response()),
        Stage::Open | Stage::Locked => {}
    }
    let (parts, body) = request.into_parts();
    let back = page_of(&parts.method, &parts.uri);
    if parts.method == Method::POST {
        let typed = read_form(Request::from_parts(parts.clone(), body), app).await?;
        if !from_own_pages(&parts.headers) || !token::same(typed.value("csrf"), &session.csrf) {
            return Err(PageError::FormExpired);
        }
        let fields = typed.carried_fields();
        let draft = Draft { path: back.clone(), sent_to: Some(parts.uri.path().to_owned()), fields };
        app.drafts.keep(&session.account.author, draft);
    }
    Ok(Redirect::to(&format!("/unlock?next={}", crate::error::encode(&back))).into_response())
}

/// What of a patient a page shows, by its address.
pub fn viewed(method: &Method, uri: &Uri) -> Option<Viewed> {
    let path = uri.path().strip_prefix("/api/v1").unwrap_or(uri.path());
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    match (method, segments.as_slice()) {
        (_, ["check-in" | "patients", "search"]) if method == Method::POST => Some(Viewed::Search),
        (&Method::GET, ["visits", visit, ..]) => Some(Viewed::Visit(VisitId::new(*visit))),
        (&Method::GET, ["patients", patient, ..]) => Some(Viewed::Patient(PatientId::new(*patient))),
        (&Method::GET, [] | ["board"]) => Some(Viewed::Board),
        (
            &Method::GET,
            [
                "follow-ups" | "queue" | "shelf" | "scans" | "tablets" | "line" | "arrivals" | "consents"
                | "lost-cards" | "round" | "facility-rounds" | "statistics" | "claims" | "apart" | "forgetting",
            ],
        ) => Some(Viewed::List),
        (&Method::GET, ["claims", "file"] | ["prints", "day-list" | "month-end"]) => Some(Viewed::File),
        (&Method::GET, ["claims", visit, ..]) => Some(Viewed::Visit(VisitId::new(*visit))),
        (&Method::POST, ["support", "file"]) => Some(Viewed::Bundle),
        (&Method::GET, ["trail"]) => Some(Viewed::Trail),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_looked_at_stands_in_the_address() {
        let seen = |path: &'static str| viewed(&Method::GET, &Uri::from_static(path));
        assert_eq!(seen("/visits/v-1/slip"), Some(Viewed::Visit(VisitId::new("v-1"))));
        assert_eq!(seen("/api/v1/patients/p-1"), Some(Viewed::Patient(PatientId::new("p-1"))));
        assert_eq!(seen("/"), Some(Viewed::Board));
        assert_eq!(seen("/claims?month=2026-03"), Some(Viewed::List));
        assert_eq!(seen("/claims/file?layout=all"), Some(Viewed::File));
        assert_eq!(seen("/claims/v-1/text"), Some(Viewed::Visit(VisitId::new("v-1"))));
        assert_eq!(seen("/prints/month-end"), Some(Viewed::File));
        assert_eq!(seen("/prints/blank-day"), None);
        assert_eq!(seen("/rules"), None);
    }
}
