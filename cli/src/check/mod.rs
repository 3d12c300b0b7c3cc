//! `migfit check`: what is wrong with manifests, before a cluster sees them.
//!
//! Exit status: 0 everything fits, 1 something does not, 2 something cannot be said. 1 wins over 2: a proof
//! stays a proof, whatever else could not be read.

mod admission;
mod annotations;
mod code_quality;
mod context;
mod explain;
mod files;
mod lines;
mod object;
mod outcome;
mod output;
mod sarif;
mod summary;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::report::{self, Failure};
use admission::Policy;
use context::Knowledge;
use outcome::{Outcome, review_all};
use output::{Form, Output};

/// What is wrong with manifests: does each model fit what its container asks for, and what else costs hours.
///
/// Reads Kubernetes objects as YAML or JSON, several in a file, and lists of them. What refers to each other
/// (a pod and its ResourceClaimTemplate) is checked together.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    migfit check deployment.yaml\n  \
    helm template chart | migfit check - --gpus H100-80GB\n  \
    migfit check manifests --format github --format summary=$GITHUB_STEP_SUMMARY\n  \
    migfit check --explain several-slices\n\n\
    Exit status: 0 everything fits or asks for no device, 1 something does not fit or an error was \
    found, 2 something cannot be said: a model that is not known, a template that was not rendered, a file that cannot \
    be read. 1 wins over 2. A tight fit, a warning and a note leave it at 0. With --settings: 1 the policy refuses an \
    object, 2 it accepts one that cannot be judged.")]
pub(crate) struct Check {
    /// Files, folders (every .yaml, .yml and .json in them), or `-` for standard input.
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    files: Vec<PathBuf>,
    /// Models by id, in JSON or YAML: {"org/name": {"config": {...}}}, as in the policy's settings; may be repeated.
    #[arg(long, value_name = "FILE")]
    models: Vec<PathBuf>,
    /// A model by id, and its config.json or the folder of it; may be repeated.
    #[arg(long, value_name = "ID=CONFIG")]
    model: Vec<String>,
    /// The GPUs that the cluster has; may be repeated, or several with commas.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    gpus: Vec<String>,
    /// The pools of the cluster: nodes, resource slices, or any other form that `migfit match` reads; may be repeated.
    #[arg(long, value_name = "FILE")]
    pools: Vec<PathBuf>,
    /// Settings of the admission policy, in YAML or JSON, or an object that deploys it: answers as the policy would.
    /// What it may look up is looked for among the files.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["models", "model", "gpus", "pools"])]
    settings: Option<PathBuf>,
    /// The namespace of objects that name none.
    #[arg(long, short, value_name = "NAME", default_value = "default", requires = "settings")]
    namespace: String,
    /// The user who stores the objects, as the policy is told.
    #[arg(long = "as", value_name = "USER", requires = "settings")]
    user: Option<String>,
    /// A group of that user; may be repeated.
    #[arg(long = "as-group", value_name = "GROUP", requires = "settings")]
    group: Vec<String>,
    /// How to answer, and where to: table, json, github, gitlab, sarif or summary, `=FILE` for a file; may be repeated.
    #[arg(long, value_name = "FORM[=FILE]", default_value = "table")]
    format: Vec<Output>,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Let warnings count as errors.
    #[arg(long)]
    strict: bool,
    /// Explain a finding by its id, and check nothing.
    #[arg(long, value_name = "ID", conflicts_with = "files")]
    explain: Option<String>,
}

impl Check {
    pub(crate) fn run(&self) -> ExitCode {
        if let Some(id) = &self.explain {
            return match explain::explain(id) {
                Ok(text) => report::print(&text),
                Err(failure) => fail(&[failure]),
            };
        }
        match self.check() {
            Ok(outcome) => self.answer(&outcome),
            Err(failures) => fail(&failures),
        }
    }

    fn check(&self) -> Result<Outcome, Vec<Failure>> {
        let policy = Policy::read(self)?;
        let knowledge = Knowledge::read(self)?;
        Ok(review_all(&self.files, &knowledge, policy.as_ref(), self.strict))
    }

    fn answer(&self, outcome: &Outcome) -> ExitCode {
        let json = Output { form: Form::Json, file: None };
        let outputs = if self.json { std::slice::from_ref(&json) } else { self.format.as_slice() };
        let failures: Vec<Failure> =
            outputs.iter().filter_map(|output| output.write(outcome).err()).collect();
        if failures.is_empty() { ExitCode::from(outcome.status.code()) } else { fail(&failures) }
    }
}

/// Nothing could be said.
fn fail(failures: &[Failure]) -> ExitCode {
    _ = report::fail(failures);
    ExitCode::from(2)
}
