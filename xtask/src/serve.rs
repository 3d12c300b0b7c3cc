//! A static file server on the loopback interface: enough to look at the page, and no more.

use std::fs;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, anyhow};
use tiny_http::{Method, Request, Response, Server};

use crate::shell::say;

/// Serves `folder` on `port` of the loopback interface (0: a free one) until the process ends.
///
/// # Errors
/// Where the port cannot be had.
pub(crate) fn serve(folder: &Path, port: u16) -> Result<()> {
    let server = Server::http((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| anyhow!("port {port} of the loopback interface: {error}"))?;
    println!("http://{}/", server.server_addr());
    say("serving the page, Ctrl-C ends it");
    for request in server.incoming_requests() {
        // A reader who goes away in the middle of a file is no reason to stop.
        drop(answer(request, folder));
    }
    Ok(())
}

fn answer(request: Request, folder: &Path) -> Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Ok(request.respond(Response::empty(405))?);
    }
    let found = located(folder, request.url())
        .filter(|file| file.is_file())
        .and_then(|path| Some((media_type(&path), fs::read(&path).ok()?)));
    let (status, (media_type, bytes)) = match found {
        Some(found) => ("200 OK", found),
        None => ("404 Not Found", ("text/plain; charset=utf-8", b"not found".to_vec())),
    };
    let body = if *request.method() == Method::Head { &[][..] } else { &bytes };
    // Written by hand for the sake of one header: tiny_http keeps a thread for every open connection, and with the
    // six that a browser opens at once a request can wait for a thread that is never free again.
    let mut writer = request.into_writer();
    write!(
        writer,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n",
        bytes.len()
    )?;
    writer.write_all(body)?;
    Ok(writer.flush()?)
}

/// The file that `url` names below `folder`; `None` where it would lead out of it.
fn located(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    match path {
        "" => Some(folder.join("index.html")),
        _ if !inside => None,
        _ if path.ends_with('/') => Some(folder.join(path).join("index.html")),
        _ => Some(folder.join(path)),
    }
}

/// What a browser must be told; without the right type for a module it refuses to run it.
fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json" | "webmanifest") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_inside_the_folder() {
        let folder = Path::new("page");
        let file = |url| located(folder, url);
        assert_eq!(file("/"), Some(PathBuf::from("page/index.html")));
        assert_eq!(file("/?a=1"), Some(PathBuf::from("page/index.html")));
        assert_eq!(file("/css/base.css?v=2"), Some("page/css/base.css".into()));
        assert_eq!(file("/css/"), Some(PathBuf::from("page/css/index.html")));
        assert_eq!(file("/../Cargo.toml"), None);
        assert_eq!(file("/css/../../Cargo.toml"), None);
    }

    #[test]
    fn a_module_is_served_as_one() {
        let typed = |name| media_type(Path::new(name));
        assert_eq!(typed("a_bg.wasm"), "application/wasm");
        assert_eq!(typed("a.js"), "text/javascript; charset=utf-8");
        assert_eq!(typed("a"), "application/octet-stream");
    }
}
