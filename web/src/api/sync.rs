//! The other boxes and the hub: how exchange stands, who comes in and who goes out.

use super::body::Body;
use super::caller::Caller;
use super::problem::{FieldNote, Problem, ProblemKind};
use super::state::Api;
use super::wire::sync::{AnswerForm, HubForm, JoinForm, NameForm, PutOutForm, SyncShown};
use crate::port::{Facility, NotDone};
use axum::Json;
use axum::extract::State;
use domain::text::Text;
use std::sync::Arc;

type Shown = Result<Json<SyncShown>, Problem>;

/// The other boxes and the hub
///
/// Who belongs to the facility, what is not yet elsewhere and since when, what went wrong last.
#[utoipa::path(get, path = "/sync", tag = "sync", operation_id = "sync",
    responses((status = 200, description = "how it stands", body = SyncShown)))]
pub async fn sync(State(api): State<Api>) -> Shown {
    shown(&*facility(&api)?)
}

/// Call every member now
///
/// Returns at once; how it went shows in `GET /sync`.
#[utoipa::path(post, path = "/sync/now", tag = "sync", operation_id = "sync_now",
    responses((status = 200, description = "they are being called", body = SyncShown)))]
pub async fn now(State(api): State<Api>) -> Shown {
    let facility = facility(&api)?;
    facility.sync_now();
    shown(&*facility)
}

/// Make a code for another box
///
/// One made before is void. Good for ten minutes and one box.
#[utoipa::path(post, path = "/sync/code", tag = "sync", operation_id = "make_code",
    responses((status = 200, description = "with the code", body = SyncShown)))]
pub async fn make_code(State(api): State<Api>) -> Shown {
    let facility = facility(&api)?;
    facility.make_code().await.map_err(refused)?;
    shown(&*facility)
}

/// Say whether the digits are the same on both screens
///
/// A person compares them. Nobody comes in before both sides have said yes.
#[utoipa::path(post, path = "/sync/answer", tag = "sync", operation_id = "answer_digits",
    request_body(content = AnswerForm, example = json!({"question": "q-1", "same": true})),
    responses((status = 200, description = "taken", body = SyncShown),
        (status = 409, description = "that question is over", body = super::ProblemDocument, content_type = "application/problem+json")))]
pub async fn answer(State(api): State<Api>, body: Body<AnswerForm>) -> Shown {
    let facility = facility(&api)?;
    let (question, same) = body.meaning;
    if facility.answer(&question, same) {
        return shown(&*facility);
    }
    let words = Text::new(
        "その確認はもう終わっています。GET /sync で今の状態を確かめてください。",
        "That question is over. Look at GET /sync for how it stands.",
    );
    Err(Problem::said(ProblemKind::StateChanged, words))
}

/// Bring this box into the facility of another
///
/// Returns when the digits are there to be compared. Once in, the box starts anew by itself.
#[utoipa::path(post, path = "/sync/join", tag = "sync", operation_id = "join_facility",
    request_body(content = JoinForm, example = json!({"address": "192.168.1.20:8444", "code": "123-456-782", "name": "第2窓口"})),
    responses((status = 200, description = "begun", body = SyncShown)))]
pub async fn join(State(api): State<Api>, body: Body<JoinForm>) -> Shown {
    let facility = facility(&api)?;
    let (address, code, name) = body.meaning;
    facility.join(&address, &code, &name).await.map_err(refused)?;
    shown(&*facility)
}

/// Use a hub
///
/// Returns when the digits are there to be compared.
#[utoipa::path(post, path = "/sync/hub", tag = "sync", operation_id = "enrol_hub",
    request_body(content = HubForm, example = json!({"address": "hub.example.jp:8944", "code": "123-456-782"})),
    responses((status = 200, description = "begun", body = SyncShown)))]
pub async fn hub(State(api): State<Api>, body: Body<HubForm>) -> Shown {
    let facility = facility(&api)?;
    let (address, code) = body.meaning;
    facility.enrol_hub(&address, &code).await.map_err(refused)?;
    shown(&*facility)
}

/// Put a member out, or leave a hub
///
/// It is cut off from boxes and hub, and the keys it knew are replaced. This cannot be undone: with the same identity it never comes
/// back.
#[utoipa::path(post, path = "/sync/put-out", tag = "sync", operation_id = "put_out",
    request_body(content = PutOutForm, example = json!({"member": "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2", "reason": "lost"})),
    responses((status = 200, description = "done", body = SyncShown)))]
pub async fn put_out(State(api): State<Api>, body: Body<PutOutForm>) -> Shown {
    let facility = facility(&api)?;
    let (member, reason) = body.meaning;
    facility.put_out(&member, reason).await.map_err(refused)?;
    shown(&*facility)
}

/// Give a box or hub another name
///
/// Every box shows it from then on.
#[utoipa::path(post, path = "/sync/name", tag = "sync", operation_id = "rename_member",
    request_body(content = NameForm, example = json!({"member": "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2", "name": "ドライブスルー"})),
    responses((status = 200, description = "done", body = SyncShown)))]
pub async fn rename(State(api): State<Api>, caller: Caller, body: Body<NameForm>) -> Shown {
    let facility = facility(&api)?;
    let (member, name) = body.meaning;
    facility.rename(Some(&caller.account), &member, &name).await.map_err(refused)?;
    shown(&*facility)
}

fn facility(api: &Api) -> Result<Arc<dyn Facility>, Problem> {
    api.desk.facility().ok_or_else(|| Problem::of(ProblemKind::NotFound))
}

fn shown(facility: &dyn Facility) -> Shown {
    Ok(Json(SyncShown::of(&facility.view())))
}

fn refused(refused: NotDone) -> Problem {
    let NotDone { at, why } = refused;
    let pointer = match at {
        "" => String::new(),
        "id" => "/member".to_owned(),
        field => format!("/{field}"),
    };
    Problem::said(ProblemKind::Refused, why.clone()).at(vec![FieldNote::new(pointer, "refused", why)])
}
