//! `migfit hub` against a server of our own, which answers as the Hub does.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::mpsc::{Receiver, Sender, channel};

const CONFIG: &str = r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64,
    "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 1000,
    "max_position_embeddings": 512, "torch_dtype": "bfloat16"}"#;
const HEADER: &str =
    r#"{"lm_head.weight": {"dtype": "BF16", "shape": [1000, 64], "data_offsets": [0, 128000]}}"#;

/// A Hub on the loopback interface; what it was asked comes through the channel.
fn hub() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (asked, questions) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &asked);
        }
    });
    (address, questions)
}

fn answer(mut stream: TcpStream, asked: &Sender<String>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let header = |name: &str| headers.iter().find(|line| line.to_lowercase().starts_with(name)).cloned();
    _ = asked.send(path.clone());
    let whole = [&(HEADER.len() as u64).to_le_bytes()[..], HEADER.as_bytes(), &[0; 999]].concat();
    let (status, more, body): (&str, &str, Vec<u8>) = match path.as_str() {
        "/org/open/resolve/main/config.json" => ("200 OK", "", CONFIG.into()),
        "/org/open/resolve/main/model.safetensors" => {
            let range = header("range:").unwrap_or_default();
            let last: usize = range.rsplit('-').next().and_then(|last| last.trim().parse().ok()).unwrap();
            ("206 Partial Content", "", whole[..=last].to_vec())
        }
        "/org/gated/resolve/main/config.json" if header("authorization: bearer good").is_some() => {
            ("200 OK", "", CONFIG.into())
        }
        path if path.starts_with("/org/gated/resolve/main/config") => {
            ("401 Unauthorized", "X-Error-Code: GatedRepo\r\n", Vec::new())
        }
        path if path.starts_with("/org/none/") => {
            ("401 Unauthorized", "X-Error-Code: RepoNotFound\r\n", Vec::new())
        }
        path if path.starts_with("/org/busy/") => ("429 Too Many Requests", "", Vec::new()),
        path if path.starts_with("/org/open/resolve/v9/") => {
            ("404 Not Found", "X-Error-Code: RevisionNotFound\r\n", Vec::new())
        }
        _ => ("404 Not Found", "X-Error-Code: EntryNotFound\r\n", Vec::new()),
    };
    let head =
        format!("HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
    _ = stream.read(&mut [0; 64]);
}

fn migfit(endpoint: &str, cache: &Path, arguments: &[&str], token: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_migfit"));
    command
        .args(arguments)
        .env("HF_ENDPOINT", endpoint)
        .env("MIGFIT_CACHE", cache)
        .env("NO_PROXY", "127.0.0.1");
    for name in
        ["HF_HUB_OFFLINE", "HF_TOKEN", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "SSL_CERT_FILE"]
    {
        command.env_remove(name);
    }
    if let Some(token) = token {
        command.env("HF_TOKEN", token);
    }
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn fetches_once_and_answers_from_the_cache() {
    let (endpoint, questions) = hub();
    let cache = tempfile::tempdir().unwrap();
    let output = migfit(&endpoint, cache.path(), &["hub", "org/open"], None);
    assert!(output.status.success(), "{}", told(&output));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("config.json (") && said.contains("model.safetensors.head ("), "{said}");
    assert!(said.ends_with("now: migfit fit org/open\n"));
    let asked: Vec<String> = questions.try_iter().collect();
    assert_eq!(asked.iter().filter(|path| path.ends_with("model.safetensors")).count(), 2);
    assert_eq!(asked.len(), 5, "{asked:?}");

    let output = migfit(&endpoint, cache.path(), &["hub", "org/open", "--offline", "--json"], None);
    assert!(output.status.success(), "{}", told(&output));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["files"][0]["from"], "cache");
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schema/hub.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(schema.is_valid(&answer), "{answer}");
    let mut bad = answer.clone();
    bad["files"][0]["from"] = "elsewhere".into();
    assert!(!schema.is_valid(&bad));
    assert_eq!(questions.try_iter().count(), 0);

    // The model is known by its id from now on, and its tensors are compared.
    let output = migfit(&endpoint, cache.path(), &["inspect", "org/open"], None);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("evidence   128,000 bytes in the checkpoint"), "{said}");
}

#[test]
fn says_why_there_is_nothing() {
    let (endpoint, _questions) = hub();
    let cache = tempfile::tempdir().unwrap();
    for (id, token, message) in [
        (
            "org/gated",
            None,
            format!("error: org/gated: model: found a gated or private model, expected a token that may read it\n  hint: ask for \
                     access at {endpoint}/org/gated and set HF_TOKEN\n"),
        ),
        (
            "org/gated",
            Some("bad"),
            format!("error: org/gated: model: found a gated or private model, expected a token that may read it\n  hint: ask for \
                     access at {endpoint}/org/gated; the token in HF_TOKEN has none\n"),
        ),
        (
            "org/none",
            None,
            format!("error: org/none: model: found \"org/none\", expected a model of {endpoint}, or HF_TOKEN where it is private\n"),
        ),
        (
            "org/gguf",
            None,
            "error: org/gguf: model: found no config.json, expected a model with a config.json\n  hint: GGUF files and adapters \
             have none: name the model that they were made from\n"
                .to_owned(),
        ),
        (
            "org/busy",
            None,
            format!("error: org/busy: {endpoint}: found too many requests, expected an answer\n  hint: wait, or set HF_TOKEN or a \
                     mirror in HF_ENDPOINT\n"),
        ),
        (
            "../etc",
            None,
            "error: ../etc: model: found \"../etc\", expected an id such as ibm-granite/granite-7b-base\n".to_owned(),
        ),
    ] {
        let output = migfit(&endpoint, cache.path(), &["hub", id], token);
        assert_eq!(told(&output), message);
        assert_eq!(output.status.code(), Some(1));
    }
    assert!(migfit(&endpoint, cache.path(), &["hub", "org/gated"], Some("good")).status.success());
    let output = migfit(&endpoint, cache.path(), &["hub", "org/open", "--revision", "v9"], None);
    assert!(told(&output).contains("revision: found nothing of that name"), "{}", told(&output));
    let output = migfit(&endpoint, cache.path(), &["hub", "org/open", "--offline"], None);
    assert!(told(&output).contains("cache: found nothing, expected the model's config.json, fetched before"));
    // Nobody listens on the port of discard.
    let output = migfit("http://127.0.0.1:9", cache.path(), &["hub", "org/open"], None);
    assert!(told(&output).starts_with("error: org/open: http://127.0.0.1:9: found "), "{}", told(&output));
}
