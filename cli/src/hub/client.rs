//! Fetching one file at a time.

use std::time::Duration;

use migfit::model::json::MAX_TEXT_BYTES;
use migfit::problem::Problem;
use ureq::http::{Response, StatusCode};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

/// What of a file is wanted.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// All of a small file.
    All(&'static str),
    /// The header of a safetensors file: its length in 8 bytes, then so many.
    Head(&'static str),
}

/// The Hub, or a mirror of it.
pub(super) struct Client {
    agent: Agent,
    endpoint: String,
    token: Option<String>,
}

const PATIENCE: Duration = Duration::from_secs(60);

impl Client {
    /// # Errors
    /// `bad-endpoint`, `bad-certificates`.
    pub(super) fn new() -> Result<Client, Problem> {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let endpoint = text("HF_ENDPOINT").unwrap_or_else(|| "https://huggingface.co".to_owned());
        if !endpoint.starts_with("https://") && !endpoint.starts_with("http://") {
            let expected = "an address that begins with https:// or http://";
            return Err(Problem::new("bad-endpoint", "HF_ENDPOINT", format!("{endpoint:?}"), expected));
        }
        let tls = match text("SSL_CERT_FILE") {
            Some(file) => {
                TlsConfig::builder().root_certs(RootCerts::new_with_certs(&certificates(&file)?)).build()
            }
            None => TlsConfig::default(),
        };
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .user_agent(concat!("migfit/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls);
        Ok(Client {
            agent: config.build().into(),
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            token: text("HF_TOKEN"),
        })
    }

    /// `part` of a file of the model, `None` where the model has no such file.
    ///
    /// # Errors
    /// `unreachable`, `no-model`, `no-revision`, `gated`, `refused`, `too-large`, `hub-error`.
    pub(super) fn fetch(&self, id: &str, revision: &str, part: Part) -> Result<Option<Vec<u8>>, Problem> {
        let (name, first) = match part {
            Part::All(name) => (name, None),
            Part::Head(name) => (name, Some((0, 7))),
        };
        let address = format!("{}/{id}/resolve/{revision}/{name}", self.endpoint);
        let Some(start) = self.get(id, &address, first)? else { return Ok(None) };
        if first.is_none() {
            return Ok(Some(start));
        }
        let Some((length, _)) = start.split_first_chunk::<8>() else { return Ok(None) };
        let length = u64::from_le_bytes(*length);
        if length > MAX_TEXT_BYTES as u64 {
            let expected = format!("a header of at most {MAX_TEXT_BYTES} bytes");
            return Err(Problem::new("too-large", name, format!("a header of {length} bytes"), expected));
        }
        self.get(id, &address, Some((0, length.saturating_add(7))))
    }

    fn get(&self, id: &str, address: &str, range: Option<(u64, u64)>) -> Result<Option<Vec<u8>>, Problem> {
        let mut request = self.agent.get(address);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some((first, last)) = range {
            request = request.header("Range", format!("bytes={first}-{last}"));
        }
        let answer = request.call().map_err(|error| self.unreachable(&error))?;
        match answer.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => self.body(answer, range).map(Some),
            _ => self.refusal(id, &answer),
        }
    }

    /// The body; of a server that does not know ranges, no more than was asked for.
    fn body(&self, answer: Response<Body>, range: Option<(u64, u64)>) -> Result<Vec<u8>, Problem> {
        use std::io::Read as _;
        let most = MAX_TEXT_BYTES as u64 + 8;
        let wanted = range.map_or(most, |(_, last)| last.saturating_add(1));
        let mut bytes = Vec::new();
        let mut reader = answer.into_body().into_reader().take(wanted.min(most).saturating_add(1));
        reader.read_to_end(&mut bytes).map_err(|error| self.unreachable(&ureq::Error::Io(error)))?;
        match range {
            Some(_) => bytes.truncate(usize::try_from(wanted).unwrap_or(usize::MAX)),
            None if bytes.len() as u64 > most => {
                let expected = format!("at most {MAX_TEXT_BYTES} bytes");
                return Err(Problem::new("too-large", "file", "more", expected));
            }
            None => {}
        }
        Ok(bytes)
    }

    /// Why the Hub does not answer: it says so in a header, mirrors by the status alone.
    fn refusal(&self, id: &str, answer: &Response<Body>) -> Result<Option<Vec<u8>>, Problem> {
        let code =
            answer.headers().get("x-error-code").and_then(|code| code.to_str().ok()).unwrap_or_default();
        let status = answer.status().as_u16();
        let page = format!("{}/{id}", self.endpoint);
        let gated = || {
            let problem =
                Problem::new("gated", "model", "a gated or private model", "a token that may read it");
            match self.token {
                Some(_) => problem.hint(format!("ask for access at {page}; the token in HF_TOKEN has none")),
                None => problem.hint(format!("ask for access at {page} and set HF_TOKEN")),
            }
        };
        Err(match (code, status) {
            ("EntryNotFound", _) | ("", 404) => return Ok(None),
            ("RepoNotFound", _) => {
                let expected = format!("a model of {}, or HF_TOKEN where it is private", self.endpoint);
                Problem::new("no-model", "model", format!("{id:?}"), expected)
            }
            ("RevisionNotFound", _) => {
                Problem::new("no-revision", "revision", "nothing of that name", "a branch, a tag or a commit")
            }
            ("GatedRepo", _) | (_, 401 | 403) => gated(),
            (_, 429) => Problem::new("refused", &self.endpoint, "too many requests", "an answer")
                .hint("wait, or set HF_TOKEN or a mirror in HF_ENDPOINT"),
            _ => Problem::new("hub-error", &self.endpoint, format!("status {status}"), "an answer"),
        })
    }

    fn unreachable(&self, error: &ureq::Error) -> Problem {
        Problem::new("unreachable", &self.endpoint, error.to_string(), "an answer")
            .hint("set a mirror in HF_ENDPOINT or a proxy in HTTPS_PROXY, or read the cache with --offline")
    }
}

/// The certificates in a PEM file.
fn certificates(file: &str) -> Result<Vec<Certificate<'static>>, Problem> {
    let bad = |found: String| Problem::new("bad-certificates", file, found, "certificates in the form PEM");
    let text = std::fs::read(file).map_err(|error| bad(error.to_string()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&text) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| bad(error.to_string()))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() { Err(bad("none".to_owned())) } else { Ok(certificates) }
}
