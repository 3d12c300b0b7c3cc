//! Kubewarden's own programs, where they are installed: `MIGFIT_KWCTL` and `MIGFIT_POLICY_SERVER` name them, and
//! without them each test says so in a line. What they answer must be what the library answers.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use migfit_policy::Host;
use migfit_tests::wapc::{Policy, module_path};
use migfit_tests::wasi;
use serde_json::{Map, Value, json};

use crate::examples::{EXAMPLES, policy, read, session};
use crate::patch::applied;

pub(crate) fn program(variable: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    if named.is_none() {
        println!("{variable} names no program");
    }
    named
}

/// What the library answers.
pub(crate) fn native(settings: &Value, request: &Value) -> Value {
    let payload = json!({"settings": settings, "request": request}).to_string();
    serde_json::from_slice(&migfit_policy::validate(payload.as_bytes(), Host::default())).unwrap()
}

/// An admission response as the policy would have worded it.
fn told(answer: &Value, request: &Value) -> Value {
    let mut told = Map::from_iter([("accepted".to_owned(), answer["allowed"].clone())]);
    let mut keep = |name: &str, value: Value| {
        if !value.is_null() {
            told.insert(name.to_owned(), value);
        }
    };
    keep("message", answer["status"]["message"].clone());
    keep("warnings", answer["warnings"].clone());
    keep("audit_annotations", answer["auditAnnotations"].clone());
    if let Some(patch) = answer["patch"].as_str() {
        keep("mutated_object", applied(&request["object"], patch));
    }
    Value::Object(told)
}

pub(crate) fn module() -> PathBuf {
    fs::canonicalize(module_path().unwrap()).unwrap()
}

fn output(command: &mut Command) -> String {
    let output = command.env("RUST_BACKTRACE", "0").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn kwctl_gives_the_answers_of_the_examples() {
    let Some(kwctl) = program("MIGFIT_KWCTL") else { return };
    for name in EXAMPLES {
        let file = |part: &str| policy().join("examples").join(format!("{name}.{part}"));
        let mut command = Command::new(&kwctl);
        command.arg("run").arg("--settings-path").arg(file("settings.json"));
        command.arg("--request-path").arg(file("request.json"));
        if name == "raw" {
            command.arg("--raw");
        }
        let (settings, request) =
            (read(&format!("{name}.settings.json")), read(&format!("{name}.request.json")));
        let expected = match session(name) {
            Some(_) => {
                command.args(["--allow-context-aware", "--replay-host-capabilities-interactions"]);
                command.arg(file("session.yml"));
                crate::examples::answer(name)
            }
            None => native(&settings, &request),
        };
        let printed = output(command.arg(module()));
        let answer: Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
        assert_eq!(told(&answer, &request), expected, "{name}");
    }
}

/// The form for WASI hosts, which ask their cluster nothing.
#[test]
fn kwctl_runs_the_program_as_well() {
    let Some(kwctl) = program("MIGFIT_KWCTL") else { return };
    for name in ["too-small", "corrected"] {
        let file = |part: &str| policy().join("examples").join(format!("{name}.{part}"));
        let (settings, request) =
            (read(&format!("{name}.settings.json")), read(&format!("{name}.request.json")));
        let mut command = Command::new(&kwctl);
        command.args(["run", "--execution-mode", "wasi"]).arg("--settings-path").arg(file("settings.json"));
        command.arg("--request-path").arg(file("request.json"));
        let printed = output(command.arg(fs::canonicalize(wasi::module_path().unwrap()).unwrap()));
        let answer: Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
        assert_eq!(told(&answer, &request), native(&settings, &request), "{name}");
    }
}

/// The metadata that the module carries are those that `kwctl annotate` writes, but for the version of kwctl.
#[test]
fn kwctl_annotates_as_the_release_does() {
    let Some(kwctl) = program("MIGFIT_KWCTL") else { return };
    let plain = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/wasm32-unknown-unknown/wasm/migfit_policy.wasm");
    let annotated = std::env::temp_dir().join(format!("migfit-annotated-{}.wasm", std::process::id()));
    let mut command = Command::new(&kwctl);
    command.arg("annotate").arg("--metadata-path").arg(policy().join("metadata.yml"));
    command.arg("--usage-path").arg(policy().join("README.md")).arg("--output-path").arg(&annotated);
    output(command.arg(plain));
    let section = |file: &Path| -> Value {
        let module = Policy::read(file).unwrap();
        serde_json::from_slice(module.section("io.kubewarden.metadata").unwrap()).unwrap()
    };
    let (mut theirs, ours) = (section(&annotated), section(&module()));
    fs::remove_file(&annotated).unwrap();
    theirs["annotations"].as_object_mut().unwrap().remove("io.kubewarden.kwctl");
    let (theirs, ours) = (theirs.as_object().unwrap(), ours.as_object().unwrap());
    for (name, value) in theirs.iter().filter(|(_, value)| !value.is_null()) {
        assert_eq!(ours.get(name), Some(value), "{name}");
    }
    let known: Vec<&String> = ours.keys().filter(|name| !theirs.contains_key(*name)).collect();
    assert_eq!(known, [""; 0]);
}

/// A policy server that is ended with the test.
struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}

impl Server {
    fn start(program: &Path, policies: &Value) -> Server {
        let folder = std::env::temp_dir().join(format!("migfit-policies-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("policies.yml"), policies.to_string()).unwrap();
        let port = 20_000 + (std::process::id() % 20_000) as u16;
        let mut command = Command::new(program);
        command.args([
            "--addr",
            "127.0.0.1",
            "--ignore-kubernetes-connection-failure",
            "--log-level",
            "error",
        ]);
        command.args(["--port", &port.to_string(), "--readiness-probe-port", &(port + 1).to_string()]);
        command.arg("--policies").arg(folder.join("policies.yml")).current_dir(&folder);
        let child =
            command.env("RUST_BACKTRACE", "0").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Server { child, port, folder };
        let start = Instant::now();
        while !ready(port + 1) {
            assert!(server.child.try_wait().unwrap().is_none(), "the policy server ended");
            assert!(start.elapsed() < Duration::from_secs(120), "the policy server does not start");
            std::thread::sleep(Duration::from_millis(200));
        }
        server
    }

    /// The response to a review by the policy `name`.
    fn ask(&self, path: &str, body: &Value) -> Value {
        let answer = http(self.port, "POST", path, &body.to_string()).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        serde_json::from_str::<Value>(body).unwrap()["response"].clone()
    }
}

fn ready(port: u16) -> bool {
    http(port, "GET", "/readiness", "").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn http(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A policy by its name, what it is asked and what it must answer.
struct Asked {
    path: String,
    body: Value,
    request: Value,
    expected: Value,
}

/// Policies of the server, and what they are asked: the examples, and requests of a real API server.
fn questions() -> (Value, Vec<Asked>) {
    let mut policies = Map::new();
    let mut asked = Vec::new();
    let policy = |settings: &Value, mutates: bool| json!({"module": format!("file://{}", module().display()), "settings": settings, "allowedToMutate": mutates});
    let review = |request: &Value| json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request});
    for name in EXAMPLES.into_iter().filter(|name| session(name).is_none()) {
        let (settings, request) =
            (read(&format!("{name}.settings.json")), read(&format!("{name}.request.json")));
        policies.insert(name.to_owned(), policy(&settings, name == "corrected"));
        let raw = name == "raw";
        asked.push(Asked {
            path: format!("/validate{}/{name}", if raw { "_raw" } else { "" }),
            body: if raw { json!({"request": request}) } else { review(&request) },
            expected: native(&settings, &request),
            request,
        });
    }
    let mut settings = crate::door::models();
    settings["gpus"] = json!(["H100-80GB"]);
    policies.insert("reviews".to_owned(), policy(&settings, false));
    for (_, request) in crate::reviews::requests() {
        let expected = native(&settings, &request);
        asked.push(Asked { path: "/validate/reviews".to_owned(), body: review(&request), request, expected });
    }
    (Value::Object(policies), asked)
}

/// How often each question is asked by each of several at once.
const ROUNDS: usize = 10;
const CLIENTS: usize = 8;

#[test]
fn a_policy_server_gives_the_same_answers_to_several_at_once() {
    let Some(program) = program("MIGFIT_POLICY_SERVER") else { return };
    let (policies, asked) = questions();
    let server = Server::start(&program, &policies);
    let client = || -> Vec<Duration> {
        let mut times = Vec::new();
        for one in (0..ROUNDS).flat_map(|_| &asked) {
            let start = Instant::now();
            let answer = server.ask(&one.path, &one.body);
            times.push(start.elapsed());
            assert_eq!(told(&answer, &one.request), one.expected, "{}", one.path);
        }
        times
    };
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    times.sort_unstable();
    let (count, middle, late) = (times.len(), times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{count} requests of {} kinds: p50 {middle:?}, p99 {late:?}", asked.len());
}
