//! A browser without a screen: keeps cookies, follows redirects, fills in the forms that stand on the page.

use super::html::{self, Form};
use super::memory_desk::MemoryDesk;
use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt;
use web::WebSettings;
use web::port::Desk;

pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
}

/// A page as it came.
pub struct Page {
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
}

impl Page {
    pub fn has(&self, text: &str) -> bool {
        self.html.contains(text)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("readable"))
    }

    /// The form with this action.
    pub fn form(&self, action: &str) -> Form {
        let forms = html::forms(&self.html);
        let found = forms.iter().find(|form| form.action == action);
        let actions: Vec<&str> = forms.iter().map(|form| form.action.as_str()).collect();
        found.cloned().unwrap_or_else(|| panic!("no form {action} on {}, but {actions:?}", self.path))
    }

    pub fn has_form(&self, action: &str) -> bool {
        html::forms(&self.html).iter().any(|form| form.action == action)
    }

    pub fn text(&self) -> String {
        html::text(&self.html)
    }
}

impl Browser {
    /// Somebody who is not signed in, over a connection that is not encrypted.
    pub fn outside(desk: Arc<MemoryDesk>) -> Browser {
        let settings =
            WebSettings { secure_cookies: false, site_name: "見本診療所".to_owned(), ..Default::default() };
        Browser::with(desk, settings)
    }

    pub fn with(desk: Arc<MemoryDesk>, settings: WebSettings) -> Browser {
        Browser { router: web::router(desk as Arc<dyn Desk>, settings), cookies: BTreeMap::new() }
    }

    /// At pages that are not those of a desk.
    pub fn at(router: Router) -> Browser {
        Browser { router, cookies: BTreeMap::new() }
    }

    /// Somebody who is signed in.
    pub fn inside(desk: &Arc<MemoryDesk>) -> Browser {
        let session = desk.add_session();
        let mut browser = Browser::outside(desk.clone());
        browser.cookies.insert("uketsuke".to_owned(), session.token.0);
        browser
    }

    /// Another browser at the same box, with nothing in it yet.
    pub fn beside(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    pub fn in_english(mut self) -> Browser {
        self.cookies.insert("lang".to_owned(), "en".to_owned());
        self
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Opens a page and follows redirects.
    pub async fn open(&mut self, path: &str) -> Page {
        let page = self.get(path).await;
        self.follow(page).await
    }

    /// Fills in the form with this action and sends it, as it stands but for the fields given; follows redirects.
    pub async fn submit(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let sent = self.send_form(page, action, fields).await;
        self.follow(sent).await
    }

    /// The same without following.
    pub async fn send_form(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        self.send_this(&page.form(action), fields).await
    }

    /// Presses a button of the form that sends it elsewhere; follows redirects.
    pub async fn press(&mut self, page: &Page, action: &str, elsewhere: &str, fields: &[(&str, &str)]) -> Page {
        let form = Form { action: elsewhere.to_owned(), ..page.form(action) };
        let sent = self.send_this(&form, fields).await;
        self.follow(sent).await
    }

    /// Sends this very form, where several on a page have one action.
    pub async fn send_this(&mut self, form: &Form, fields: &[(&str, &str)]) -> Page {
        let mut values: BTreeMap<String, String> = form.fields.iter().cloned().collect();
        values.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&form.action, &pairs).await
    }

    /// Sends fields without any page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(Method::POST, path, Some(encode(fields)), &[]).await
    }

    pub async fn send(&mut self, method: Method, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, "desk.example");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, line.join("; "));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(Body::from(body.unwrap_or_default())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        self.take_cookies(&parts.headers);
        let bytes = body.collect().await.expect("a body").to_bytes();
        let html = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Page { path: path.to_owned(), status: parts.status, headers: parts.headers, html }
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            if !page.status.is_redirection() {
                return page;
            }
            let next = page.header("location").to_owned();
            page = self.get(&next).await;
        }
        panic!("redirected for ever");
    }

    fn take_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("readable");
            let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect::<String>()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}
