//! A policy server with a certificate of its own, ended with the run.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// A debug build takes minutes to compile a policy.
const PATIENCE: Duration = Duration::from_secs(600);

pub struct Server {
    child: Child,
    port: u16,
    certificate: String,
    /// Policies, certificate and key; deleted with the server.
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Server {
    /// Starts `program` with these policies and waits until it is ready.
    pub fn start(program: &Path, policies: &Value) -> Result<Server> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str| folder.path().join(name);
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        let certificate = own.cert.pem();
        fs::write(file("certificate.pem"), &certificate)?;
        fs::write(file("key.pem"), own.signing_key.serialize_pem())?;
        fs::write(file("policies.yml"), policies.to_string())?;
        let (port, probe) = (free()?, free()?);
        let mut command = Command::new(program);
        command.args(["--addr", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--readiness-probe-port", &probe.to_string(), "--log-level", "error"]);
        command.arg("--ignore-kubernetes-connection-failure");
        command.arg("--cert-file").arg(file("certificate.pem")).arg("--key-file").arg(file("key.pem"));
        command.arg("--policies").arg(file("policies.yml")).current_dir(folder.path());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let child = child.with_context(|| program.display().to_string())?;
        let mut server = Server { child, port, certificate, _folder: folder };
        let start = Instant::now();
        while !ready(probe) {
            ensure!(server.child.try_wait()?.is_none(), "the policy server ended");
            ensure!(start.elapsed() < PATIENCE, "the policy server is not ready after {PATIENCE:?}");
            sleep(Duration::from_millis(200));
        }
        println!("the policy server was ready after {:.1} s", start.elapsed().as_secs_f64());
        Ok(server)
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// A client that trusts this server's certificate alone.
    pub fn client(&self) -> Result<Agent> {
        let roots = RootCerts::Specific(Arc::new(vec![Certificate::from_pem(self.certificate.as_bytes())?]));
        let tls = TlsConfig::builder().root_certs(roots).build();
        let config = Agent::config_builder().tls_config(tls).http_status_as_error(false).https_only(true);
        Ok(config.timeout_global(Some(Duration::from_secs(60))).proxy(None).build().into())
    }

    /// KiB of its memory that are in use; 0 where the system does not tell it as Linux does.
    pub fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
    }
}

fn ready(probe: u16) -> bool {
    ureq::get(format!("http://127.0.0.1:{probe}/readiness")).call().is_ok()
}

/// A port that nobody listens on now.
fn free() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
