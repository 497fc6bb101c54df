//! The kinds of problems: their URI, status and words.

use domain::text::Text;
use http::StatusCode;

macro_rules! kinds {
    ($( $(#[$doc:meta])* $kind:ident = $uri:literal, $status:ident, $title_ja:literal / $title_en:literal, $ja:literal / $en:literal; )*) => {
        /// What went wrong, by what the caller does next.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ProblemKind {
            $( $(#[$doc])* $kind, )*
        }

        impl ProblemKind {
            /// Every kind.
            pub const ALL: &'static [ProblemKind] = &[ $( ProblemKind::$kind, )* ];

            /// Stable relative URI.
            pub const fn uri(self) -> &'static str {
                match self { $( ProblemKind::$kind => concat!("/problems/", $uri), )* }
            }

            /// HTTP status.
            pub const fn status(self) -> StatusCode {
                match self { $( ProblemKind::$kind => StatusCode::$status, )* }
            }

            /// The kind in a few words.
            pub fn title(self) -> Text {
                match self { $( ProblemKind::$kind => Text::new($title_ja, $title_en), )* }
            }

            /// What happened, what is safe and what to do now, when there is nothing more particular to say.
            pub fn detail(self) -> Text {
                match self { $( ProblemKind::$kind => Text::new($ja, $en), )* }
            }
        }
    };
}

kinds! {
    /// the body is no JSON
    InvalidJson = "invalid-json", BAD_REQUEST, "JSONとして読めません" / "Not JSON",
        "本文をJSON（UTF-8）として読めませんでした。何も保存していません。" / "The body could not be read as JSON in UTF-8. Nothing was kept.";
    /// a part of the address or a header cannot be used
    InvalidParameter = "invalid-parameter", BAD_REQUEST, "アドレスまたはヘッダーの値が使えません" / "Unusable parameter or header",
        "アドレスまたはヘッダーの値が使えません。何も保存していません。" / "A parameter of the address or a header cannot be used. Nothing was kept.";
    /// any other malformed call
    BadRequest = "bad-request", BAD_REQUEST, "リクエストを読めません" / "Unreadable request",
        "リクエストを読めませんでした。何も保存していません。" / "The request could not be read. Nothing was kept.";
    /// no token, or not a good one
    NotSignedIn = "not-signed-in", UNAUTHORIZED, "サインインしていません" / "Not signed in",
        "サインインが必要です（期限切れの場合もあります）。APIトークンを Authorization: Bearer で送るか、POST /session でサインインしてください。" / "Sign in first; a session may also have run out. Send an API token as Authorization: Bearer, or sign in with POST /session.";
    /// wrong name or password
    SignInRefused = "sign-in-refused", UNAUTHORIZED, "サインインできません" / "Sign-in refused",
        "サインインできませんでした。" / "Signing in was refused.";
    /// a session cookie without its token
    Csrf = "csrf", FORBIDDEN, "X-CSRF-Token がありません" / "X-CSRF-Token missing or wrong",
        "クッキーで認証する変更には X-CSRF-Token ヘッダーが必要です（GET /session の csrf）。何も保存していません。" / "Changes authorised by the session cookie must carry the header X-CSRF-Token (csrf of GET /session). Nothing was kept.";
    /// not with this role
    NotAllowed = "not-allowed", FORBIDDEN, "この役割ではできません" / "Not for this role",
        "あなたの役割ではできません。何も変わっていません。責任者に頼んでください。" / "Your role may not do this. Nothing was changed. Ask a manager.";
    /// no such thing
    NotFound = "not-found", NOT_FOUND, "見つかりません" / "Not found",
        "その受付・患者・照会・回答・機器・コードはありません。" / "There is no such visit, patient, job, answer, device or code.";
    /// no such address
    NoSuchRoute = "no-such-route", NOT_FOUND, "その宛先はありません" / "No such address",
        "このAPIにその宛先はありません。/openapi.json に一覧があります。" / "This API has no such address. See /openapi.json for those it has.";
    /// the address does not know the method
    MethodNotAllowed = "method-not-allowed", METHOD_NOT_ALLOWED, "そのメソッドは使えません" / "Method not allowed",
        "この宛先ではそのメソッドは使えません。Allow ヘッダーを見てください。" / "This address does not know the method. See the Allow header.";
    /// the caller accepts nothing that is offered
    NotAcceptable = "not-acceptable", NOT_ACCEPTABLE, "求められた形式では返せません" / "Not acceptable",
        "Accept ヘッダーの形式では返せません。この宛先の形式は /openapi.json にあります。" / "The reply cannot be given in a form the Accept header allows; see /openapi.json for the form of this address.";
    /// the same key for another command
    KeyReused = "idempotency-key-reused", CONFLICT, "Idempotency-Key が別の内容で使われています" / "Idempotency-Key used for something else",
        "同じ Idempotency-Key が別の内容に使われています。何も保存していません。新しいキーで送ってください。" / "The same Idempotency-Key belongs to another command. Nothing was kept. Send a new key.";
    /// the visit is not in the state the command needs
    StateChanged = "state-changed", CONFLICT, "状態が変わっています" / "State changed",
        "受付の状態が変わっています。読み直してからやり直してください。何も保存していません。" / "The state has changed. Read it again and retry. Nothing was kept.";
    /// a device cannot do it now
    DeviceRefused = "device-refused", CONFLICT, "機器が応じられません" / "The device cannot do it now",
        "機器が今は応じられません。記録は何も変わっていません。" / "The device cannot do it now. Nothing on record was changed.";
    /// body over the limit
    TooLarge = "too-large", PAYLOAD_TOO_LARGE, "大きすぎます" / "Too large",
        "本文が大きすぎます（256 KiBまで、rules/decide の複数行は4 MiBまで）。何も保存していません。" / "The body is too large (at most 256 KiB; 4 MiB for many lines at rules/decide). Nothing was kept.";
    /// other media type
    UnsupportedMediaType = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "本文の形式が違います" / "Unsupported media type",
        "Content-Type: application/json で送ってください。何も保存していません。" / "Send Content-Type: application/json. Nothing was kept.";
    /// a field is wrong
    InvalidField = "invalid-field", UNPROCESSABLE_ENTITY, "項目に誤りがあります" / "Invalid field",
        "項目に誤りがあります。何も保存していません。errors の箇所を直して送り直してください。" / "A field is wrong. Nothing was kept. Correct what errors names and send again.";
    /// something that looks like a My Number
    MyNumber = "my-number-refused", UNPROCESSABLE_ENTITY, "マイナンバーは受け取れません" / "My Number refused",
        "マイナンバー（個人番号12桁）と思われる数字が含まれています。保存していません。マイナンバーは受付では使えません。取り除いて送り直してください。" / "The call seems to hold a 12-digit individual number (My Number). It was not kept. The desk may not use it: remove it and send again.";
    /// the rules refuse it
    Refused = "refused", UNPROCESSABLE_ENTITY, "規則により受け付けられません" / "Refused by the rules",
        "規則により受け付けられません。何も保存していません。" / "The rules refuse it. Nothing was kept.";
    /// a case that cannot be read
    InvalidCase = "invalid-case", UNPROCESSABLE_ENTITY, "ケースを読めません" / "Invalid case",
        "ケースを読めませんでした。errors の箇所を直してください。" / "The case could not be read. Correct what errors names.";
    /// too often
    TooManyRequests = "too-many-requests", TOO_MANY_REQUESTS, "回数が多すぎます" / "Too many requests",
        "回数が多すぎます。Retry-After の秒数を待ってからやり直してください。" / "Too many calls. Wait for the seconds in Retry-After and try again.";
    /// a fault of the program
    Internal = "internal", INTERNAL_SERVER_ERROR, "内部エラー" / "Internal error",
        "プログラムの内部エラーです。確定していない操作は同じ Idempotency-Key でやり直せます。" / "A fault inside the program. What was not acknowledged can be sent again with the same Idempotency-Key.";
    /// the store is gone
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "記録を読み書きできません" / "Record unavailable",
        "記録を読み書きできませんでした。何も保存していません。少し待ってやり直してください。続く場合は保守担当に連絡してください。" / "The record could not be read or written. Nothing was kept. Wait a little and try again; call the technician if it goes on.";
    /// a paper cannot be set now
    NotPrinted = "not-printed", SERVICE_UNAVAILABLE, "紙を組めません" / "No paper",
        "紙を組めませんでした。記録は何も変わっていません。印刷の部品（uketsuke-print）が入っているか確かめ、少し待ってやり直してください。" / "The paper could not be set; no record was changed. See that uketsuke-print is installed, wait a little and try again.";
}

impl ProblemKind {
    /// The kind for a refusal that something else made, by its status.
    pub fn of_status(status: StatusCode) -> ProblemKind {
        match status {
            StatusCode::NOT_FOUND => ProblemKind::NoSuchRoute,
            _ if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE => ProblemKind::Internal,
            _ => ProblemKind::ALL
                .iter()
                .copied()
                .find(|kind| kind.status() == status && *kind != ProblemKind::InvalidJson)
                .unwrap_or(ProblemKind::BadRequest),
        }
    }

    /// Seconds after which trying again makes sense.
    pub const fn retry_after_s(self) -> Option<u32> {
        match self {
            ProblemKind::TooManyRequests => Some(60),
            ProblemKind::Unavailable | ProblemKind::NotPrinted => Some(5),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_a_refusal_with_its_own_uri_and_words_in_both_languages() {
        for (index, kind) in ProblemKind::ALL.iter().enumerate() {
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            assert!(ProblemKind::ALL[..index].iter().all(|other| other.uri() != kind.uri()));
            for text in [kind.title(), kind.detail()] {
                assert!(!text.ja.is_ascii() && text.en.is_ascii(), "{}", kind.uri());
            }
        }
    }

    #[test]
    fn a_foreign_refusal_gets_the_kind_of_its_status() {
        assert_eq!(ProblemKind::of_status(StatusCode::METHOD_NOT_ALLOWED), ProblemKind::MethodNotAllowed);
        assert_eq!(ProblemKind::of_status(StatusCode::NOT_FOUND), ProblemKind::NoSuchRoute);
        assert_eq!(ProblemKind::of_status(StatusCode::BAD_GATEWAY), ProblemKind::Internal);
        assert_eq!(ProblemKind::of_status(StatusCode::IM_A_TEAPOT), ProblemKind::BadRequest);
        assert_eq!(ProblemKind::of_status(StatusCode::PAYLOAD_TOO_LARGE), ProblemKind::TooLarge);
    }
}
