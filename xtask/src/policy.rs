//! The policy's modules: one for Kubewarden, one for WASI hosts, each with its metadata in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::annotate::{Form, annotate};
use crate::build::module_with;
use crate::shell::{on_path, root, run, say};

/// What rustc and the standard library use of WebAssembly by default; hosts of Kubewarden know it all.
const FEATURES: [&str; 6] = [
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// Those but for bulk memory: Kubewarden's hosts carry out `memory.copy` outside of the module, which takes longer than
/// a short copy does. `wasm-policy/src/bytes.rs` has what is called instead.
const FLAGS: [&str; 2] = [
    "-Ctarget-cpu=mvp",
    "-Ctarget-feature=+multivalue,+mutable-globals,+nontrapping-fptoint,+reference-types,+sign-ext",
];

/// The modules in `dist/policy`.
#[derive(Debug)]
pub(crate) struct Modules {
    /// For Kubewarden, over waPC.
    pub(crate) wapc: PathBuf,
    /// For WASI hosts.
    pub(crate) wasi: PathBuf,
}

/// Builds both modules into `dist/policy`.
///
/// # Errors
/// Where cargo fails, the metadata are not Kubewarden's, or a file cannot be written.
pub(crate) fn build() -> Result<Modules> {
    // The one that everybody wants comes last: cargo leaves its plain form behind.
    let wasi = one(Form::Wasi, "migfit-policy-wasi.wasm", &["--no-default-features", "--features", "wasi"])?;
    let wapc = one(Form::Wapc, "migfit-policy.wasm", &[])?;
    Ok(Modules { wapc, wasi })
}

fn one(form: Form, name: &str, words: &[&str]) -> Result<PathBuf> {
    let module = module_with("migfit-policy", "wasm", "migfit_policy.wasm", words, &FLAGS)?;
    let text = |name: &str| {
        let file = root().join("wasm-policy").join(name);
        fs::read_to_string(&file).with_context(|| file.display().to_string())
    };
    let folder = root().join("dist").join("policy");
    fs::create_dir_all(&folder)?;
    let file = folder.join(name);
    optimise(&module, &file)?;
    let annotated = annotate(&fs::read(&file)?, &text("metadata.yml")?, &text("README.md")?, form)?;
    fs::write(&file, &annotated)?;
    say(&format!("{name}: {} bytes with its metadata", annotated.len()));
    Ok(file)
}

/// Lets Binaryen's `wasm-opt` make the module smaller where it is installed; a release has it.
fn optimise(module: &Path, file: &Path) -> Result<()> {
    let Some(program) = on_path(&["wasm-opt"]) else {
        say("wasm-opt is not installed: the module stays about a tenth larger than in a release");
        fs::copy(module, file)?;
        return Ok(());
    };
    let mut command = Command::new(program);
    let features = FEATURES.map(|feature| format!("--enable-{feature}"));
    run(command.args(["-Oz", "--converge"]).args(features).arg(module).arg("-o").arg(file))
}
