//! `migfit check` as a person and a pipeline see it.
#![allow(clippy::unwrap_used, reason = "a test")]

mod forms;
mod settings;
mod status;

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A Deployment that does not fit, a quota on a dead key, and a Service, which is not looked at.
const MANIFEST: &str = "\
# what a team would apply
apiVersion: apps/v1
kind: Deployment
metadata: {name: llama, namespace: models}
spec:
  template:
    spec:
      nodeSelector: {nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3}
      containers:
      - name: vllm
        image: vllm/vllm-openai:v0.33.0
        args: [--model, meta-llama/Llama-3.1-8B-Instruct, --max-model-len, \"8192\"]
        resources:
          limits:
            nvidia.com/mig-1g.10gb: 1
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: team}
spec:
  hard:
    limits.nvidia.com/gpu: 2
---
apiVersion: v1
kind: Service
metadata: {name: llama}
";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Exit status, standard output and standard error of `migfit check` in `folder`.
fn check(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_migfit"))
        .current_dir(folder)
        .arg("check")
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Compares `answer` with `answers/<name>.txt`; with `MIGFIT_BLESS` set, writes that file instead.
fn golden(name: &str, answer: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/check/answers/{name}.txt"));
    let answer = format!("{}\n", answer.trim_end());
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        std::fs::write(&path, answer).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(answer, expected, "answers/{name}.txt differs; where that is meant, run with MIGFIT_BLESS=1");
}
