//! What the people who look after the hub see: pages, an API, metrics. On this machine only; a web server with TLS stands before it.

mod metrics;
mod pages;
pub mod password;
mod sign_in;
mod updates;

use crate::alert::Thresholds;
use crate::enrolment::Enrolment;
use crate::fleet::{FacilityView, look};
use crate::hub::Hub;
use crate::registry::Registry;
use crate::store::{Store, Stored};
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::StatusCode;
use sign_in::SignedIn;
use std::num::NonZeroU32;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Attempts to sign in each minute, with one name and with all.
const WITH_ONE_NAME: NonZeroU32 = NonZeroU32::new(6).unwrap();
const WITH_ALL_NAMES: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Names remembered before the idle ones are forgotten.
const REMEMBERED: usize = 1_000;
/// Longest form.
const FORM_BYTES: usize = 8 << 10;

/// Shared by all handlers.
#[derive(Clone)]
struct App(Arc<Shared>);

struct Shared {
    registry: Arc<Registry>,
    enrolment: Arc<Enrolment>,
    with_one_name: DefaultKeyedRateLimiter<String>,
    with_all_names: DefaultDirectRateLimiter,
}

/// Why a page is not shown.
enum Refused {
    SignInFirst,
    NotFromHere,
    TooOften,
    NotFound,
    NotUnderstood,
    NotNow,
}

/// Serves the pages until told to stop.
pub async fn serve(hub: Arc<Hub>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
    if let Err(failure) = axum::serve(listener, router(&hub)).with_graceful_shutdown(stopped).await {
        tracing::error!(%failure, "the pages ended");
    }
}

/// Everything there is.
pub fn router(hub: &Hub) -> Router {
    let app = App(Arc::new(Shared {
        registry: hub.registry().clone(),
        enrolment: hub.enrolment().clone(),
        with_one_name: RateLimiter::keyed(Quota::per_minute(WITH_ONE_NAME)),
        with_all_names: RateLimiter::direct(Quota::per_minute(WITH_ALL_NAMES)),
    }));
    Router::new()
        .route("/", get(pages::fleet))
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/enrolment", get(pages::enrolment).post(pages::make_code))
        .route("/facilities/{id}/quota", post(pages::change_quota))
        .route("/updates", get(updates::page).post(updates::roll_out))
        .route("/updates/wish", post(updates::want))
        .route("/api/v1/updates", get(updates::api))
        .route("/api/v1/fleet", get(fleet))
        .route("/metrics", get(metrics::metrics))
        .route("/healthz", get(health))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .with_state(app)
}

async fn fleet(State(app): State<App>, _: SignedIn) -> Result<Json<Vec<FacilityView>>, Refused> {
    app.look().await.map(Json)
}

/// Well when the store answers.
async fn health(State(app): State<App>) -> Result<&'static str, Refused> {
    app.read(|store| store.read(|sql| sql.query("SELECT step FROM schema_step", &[]).map(drop))).await?;
    Ok("ok\n")
}

impl App {
    /// Uses the store, beside the runtime.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Stored<T> + Send + 'static,
    ) -> Result<T, Refused> {
        let store = self.registry.store().clone();
        match tokio::task::spawn_blocking(move || work(&store)).await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(failure)) => {
                tracing::error!(%failure, "a page could not be made");
                Err(Refused::NotNow)
            }
            Err(_panicked) => Err(Refused::NotNow),
        }
    }

    async fn look(&self) -> Result<Vec<FacilityView>, Refused> {
        let registry = self.registry.clone();
        self.read(move |_| look(&registry, &Thresholds::default())).await
    }

    fn may_try(&self, name: &str) -> bool {
        if self.with_one_name.len() > REMEMBERED {
            self.with_one_name.retain_recent();
        }
        self.with_all_names.check().is_ok() && self.with_one_name.check_key(&name.to_owned()).is_ok()
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Refused::SignInFirst => return Redirect::to("/sign-in").into_response(),
            Refused::NotFromHere => (
                StatusCode::FORBIDDEN,
                "別の画面から送られた操作です。実行していません。\nSent from another site; nothing was done.",
            ),
            Refused::TooOften => (
                StatusCode::TOO_MANY_REQUESTS,
                "サインインの試行が多すぎます。1分待ってからやり直してください。\nToo many attempts. Wait a minute, then try again.",
            ),
            Refused::NotFound => (StatusCode::NOT_FOUND, "見つかりません。\nNot found."),
            Refused::NotUnderstood => (
                StatusCode::BAD_REQUEST,
                "版は 1.4.0 のような3つの数字、チャンネルは32文字までの名前です。何も変わっていません。\nA version is three numbers such as 1.4.0, a channel a name of at most 32 letters. Nothing was changed.",
            ),
            Refused::NotNow => (
                StatusCode::SERVICE_UNAVAILABLE,
                "保存先が応答しません。記録は無事です。データベースを確認してください。\nThe store does not answer. What was kept is safe. Check the database.",
            ),
        };
        (status, text).into_response()
    }
}
