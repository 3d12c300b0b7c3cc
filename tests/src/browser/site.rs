//! A static site on the loopback interface, as small as the page may ask for.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Result, anyhow};
use tiny_http::{Request, Server};

/// Not the root: a page that works here works wherever it is put.
const BASE: &str = "/some/where/";

/// A folder served on a free port until dropped.
pub struct Site {
    url: String,
    server: Arc<Server>,
    asked: Arc<Mutex<Vec<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    /// Serves the files below `folder`.
    ///
    /// # Errors
    /// Where no port can be had.
    pub fn serve(folder: impl Into<PathBuf>) -> Result<Site> {
        Site::serve_with(folder, BTreeMap::new())
    }

    /// Serves the files below `folder`, and for the paths in `instead` a status and a text.
    ///
    /// # Errors
    /// Where no port can be had.
    pub fn serve_with(folder: impl Into<PathBuf>, instead: BTreeMap<String, (u16, String)>) -> Result<Site> {
        let server = Server::http((Ipv4Addr::LOCALHOST, 0)).map_err(|error| anyhow!("no port: {error}"))?;
        let server = Arc::new(server);
        let url = format!("http://{}{BASE}", server.server_addr());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (serving, noting, folder) = (Arc::clone(&server), Arc::clone(&asked), folder.into());
        let thread = std::thread::spawn(move || {
            for request in serving.incoming_requests() {
                noting.lock().unwrap_or_else(PoisonError::into_inner).push(request.url().to_owned());
                // A browser that has gone away in the meantime is no failure.
                drop(answer(request, &folder, &instead));
            }
        });
        Ok(Site { url, server, asked, thread: Some(thread) })
    }

    /// The address of `index.html`'s folder, with a base path and a `/` at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every path that was asked for so far, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn answer(request: Request, folder: &Path, instead: &BTreeMap<String, (u16, String)>) -> Result<()> {
    let path = request.url().split(['?', '#']).next().unwrap_or_default().to_owned();
    let name = match path.strip_prefix(BASE) {
        Some("") => Some("index.html"),
        Some(name) if !name.contains("..") => Some(name),
        Some(_) | None => None,
    };
    if let Some((status, text)) = name.and_then(|name| instead.get(name)) {
        let name = name.unwrap_or_default();
        return write(request, &status.to_string(), media_type(name), text.as_bytes());
    }
    let found = name.and_then(|name| Some((media_type(name), fs::read(folder.join(name)).ok()?)));
    let (status, (media_type, bytes)) = match found {
        Some(found) => ("200 OK", found),
        None => ("404 Not Found", ("text/plain", Vec::new())),
    };
    write(request, status, media_type, &bytes)
}

fn write(request: Request, status: &str, media_type: &str, bytes: &[u8]) -> Result<()> {
    // Written by hand for the sake of one header: tiny_http keeps a thread for every open connection, and with the
    // six that a browser opens at once a request can wait for a thread that is never free again.
    let mut writer = request.into_writer();
    write!(
        writer,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    )?;
    writer.write_all(bytes)?;
    Ok(writer.flush()?)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
