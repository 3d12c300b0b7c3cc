//! An API server and a policy server on this machine, with certificates of their own.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The programs and the folder of one cluster, which end with it.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: Vec<Child>,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for program in &mut self.programs {
            _ = program.kill();
            _ = program.wait();
        }
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// What `kubectl` printed.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) done: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Cluster {
    pub(crate) fn new() -> Cluster {
        let folder = std::env::temp_dir().join(format!("migfit-cluster-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let cluster = Cluster { folder, programs: Vec::new() };
        let openssl = |words: &str| {
            let mut command = Command::new("openssl");
            command.args(words.split(' ')).current_dir(&cluster.folder);
            assert!(command.stderr(Stdio::null()).status().unwrap().success(), "openssl {words}");
        };
        fs::write(cluster.folder.join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
        fs::write(cluster.folder.join("tokens"), "secret,admin,admin,\"system:masters\"\n").unwrap();
        openssl("genrsa -out account.key 2048");
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=ca");
        openssl("req -newkey rsa:2048 -nodes -keyout tls.key -out tls.csr -subj /CN=127.0.0.1");
        openssl(
            "x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out tls.crt -days 2 -extfile names",
        );
        cluster
    }

    fn run(&mut self, program: &Path, words: &str) {
        let mut command = Command::new(program);
        command.args(words.split(' ')).current_dir(&self.folder);
        command.env("KUBECONFIG", self.folder.join("config")).env("RUST_BACKTRACE", "0");
        self.programs.push(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    }

    /// Starts the API server, and waits for it.
    pub(crate) fn serve(&mut self, etcd: &Path, server: &Path) {
        let (store, peer, port) = (free_port(), free_port(), free_port());
        let (store, peer) = (format!("http://127.0.0.1:{store}"), format!("http://127.0.0.1:{peer}"));
        self.run(
            etcd,
            &format!(
                "--data-dir store --listen-client-urls {store} --advertise-client-urls {store} --listen-peer-urls {peer} \
                 --initial-advertise-peer-urls {peer} --initial-cluster default={peer}"
            ),
        );
        let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "c", "cluster":
                {"server": format!("https://127.0.0.1:{port}"), "certificate-authority": "ca.crt"}}],
            "users": [{"name": "c", "user": {"token": "secret"}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}]});
        fs::write(self.folder.join("config"), config.to_string()).unwrap();
        self.run(
            server,
            &format!(
                "--etcd-servers={store} --secure-port={port} --tls-cert-file=tls.crt --tls-private-key-file=tls.key \
                 --service-cluster-ip-range=10.0.0.0/24 --service-account-key-file=account.key \
                 --service-account-signing-key-file=account.key --service-account-issuer=https://127.0.0.1:{port} \
                 --token-auth-file=tokens --authorization-mode=AlwaysAllow --disable-admission-plugins=ServiceAccount"
            ),
        );
        self.wait("namespaces", &["get", "namespace", "default"]);
    }

    /// Starts the policy server with `policies`, and tells the API server of them: each judges the namespace of its name.
    pub(crate) fn enforce(&mut self, server: &Path, policies: &Value) {
        fs::write(self.folder.join("policies.yml"), policies.to_string()).unwrap();
        let (port, ready) = (free_port(), free_port());
        self.run(
            server,
            &format!(
                "--addr 127.0.0.1 --port {port} --readiness-probe-port {ready} --cert-file tls.crt --key-file tls.key \
                 --policies policies.yml --log-level error"
            ),
        );
        let bundle = self.output("openssl", &["base64", "-A", "-in", "ca.crt"], "").out;
        let hooks = |mutates: bool| -> Vec<Value> {
            let of = |(_, policy): &(&String, &Value)| policy.get("allowedToMutate").is_some() == mutates;
            let hook = |(name, _): (&String, &Value)| {
                json!({"name": format!("{name}.migfit.io"), "admissionReviewVersions": ["v1"], "sideEffects": "None",
                    "timeoutSeconds": 10, "failurePolicy": "Fail", "namespaceSelector": {"matchLabels": {"policy": name}},
                    "clientConfig": {"url": format!("https://127.0.0.1:{port}/validate/{name}"), "caBundle": bundle},
                    "rules": [{"apiGroups": ["", "apps", "batch"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"],
                        "resources": ["pods", "deployments", "jobs", "configmaps"]}]})
            };
            policies.as_object().unwrap().iter().filter(of).map(hook).collect()
        };
        for (kind, mutates) in
            [("ValidatingWebhookConfiguration", false), ("MutatingWebhookConfiguration", true)]
        {
            let object = json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind,
                "metadata": {"name": "migfit"}, "webhooks": hooks(mutates)});
            assert!(self.apply("default", &object).done);
        }
        for name in policies.as_object().unwrap().keys() {
            let namespace = json!({"apiVersion": "v1", "kind": "Namespace",
                "metadata": {"name": name, "labels": {"policy": name}}});
            assert!(self.apply("default", &namespace).done);
            let nothing =
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "nothing"}}).to_string();
            fs::write(self.folder.join("nothing"), nothing).unwrap();
            self.wait(name, &["apply", "-n", name, "-f", "nothing"]);
        }
    }

    /// Tries until it is done.
    fn wait(&self, what: &str, words: &[&str]) {
        let start = Instant::now();
        while !self.output("kubectl", words, "").done {
            assert!(start.elapsed() < Duration::from_secs(120), "{what} does not come");
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    pub(crate) fn output(&self, program: &str, words: &[&str], input: &str) -> Told {
        let mut command = Command::new(program);
        command.args(words).current_dir(&self.folder).env("KUBECONFIG", self.folder.join("config"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim_end().to_owned();
        Told { done: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
    }

    pub(crate) fn kubectl(&self, namespace: &str, words: &[&str]) -> Told {
        self.output("kubectl", &[&["-n", namespace], words].concat(), "")
    }

    pub(crate) fn apply(&self, namespace: &str, object: &Value) -> Told {
        self.output("kubectl", &["apply", "-n", namespace, "-f", "-"], &object.to_string())
    }

    pub(crate) fn get(&self, namespace: &str, words: &[&str]) -> Value {
        let told = self.kubectl(namespace, &[&["get", "-o", "json"], words].concat());
        serde_json::from_str(&told.out).unwrap()
    }
}
