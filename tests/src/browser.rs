//! A real Chromium, driven as a receptionist would use it.

use crate::process::{Running, free_port};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A browser window at the desk.
pub struct Desk {
    /// the WebDriver session
    pub client: Client,
    url: String,
    _driver: Running,
    _profile: tempfile::TempDir,
}

impl Desk {
    /// Opens a window of the size of a reception screen.
    pub async fn open(url: &str) -> Desk {
        let port = free_port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}"));
        let driver = Running::start(&mut command, "started successfully");
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-breakpad".to_owned(),
            "--ignore-certificate-errors".to_owned(),
            "--lang=ja".to_owned(),
            "--window-size=1280,720".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let capabilities = json!({ "goog:chromeOptions": { "args": arguments } });
        let serde_json::Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Desk { client, url: url.to_owned(), _driver: driver, _profile: profile }
    }

    /// Goes to the desk of another box; who is signed in there stays so.
    pub fn turn_to(&mut self, url: &str) {
        url.clone_into(&mut self.url);
    }

    /// Goes to a page.
    pub async fn goto(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.url)).await.unwrap();
    }

    /// The element with this selector; waits for it, on a loaded machine for long.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(Duration::from_secs(60)).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css} is not on the page ({error}):\n{}", self.text().await),
        }
    }

    /// Whether there is such an element now.
    pub async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.unwrap().is_empty()
    }

    /// Types into a field, replacing what stands there.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find(&format!("[name='{name}']:not([type='hidden'])")).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Types into what has this selector, replacing what stands there.
    pub async fn fill_in(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses what has this selector.
    pub async fn press(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Presses what sends a form, and waits until the next page is there.
    pub async fn send(&self, css: &str) {
        let mark = "document.body.dataset.before = '1'";
        self.client.execute(mark, Vec::new()).await.unwrap();
        self.press(css).await;
        self.find("body:not([data-before])").await;
    }

    /// What the page says.
    pub async fn text(&self) -> String {
        self.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    /// Where the browser is.
    pub async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// Closes the window; a browser outlives the driver that started it.
    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }

    /// Keeps a picture of the window.
    pub async fn picture(&self, file: &Path) {
        let png = self.client.screenshot().await.unwrap();
        std::fs::write(file, png).unwrap();
    }
}
