//! The doors that a scenario goes through. Each takes a scenario and gives what it says of each device.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use migfit::gpu::{self, Device};
use migfit::matching;
use migfit::model;
use migfit_errands::{self as errands, Message as _, Question, answer};
use migfit_web::outcome::{Outcome, Read, Reading};
use migfit_web::state::{Action, Field, Gpus, State, link};
use serde_json::Value;

use crate::package::Project;
use crate::scenario::{Answer, Scenario};

/// What a door says, by device label, or why it says nothing.
pub type Said = Result<BTreeMap<String, Answer>, String>;

/// The library itself.
///
/// # Errors
/// The library's own message.
pub fn library(scenario: &Scenario) -> Said {
    let model = model::read(&scenario.config.to_string()).map_err(|problem| problem.to_string())?;
    let mut devices: Vec<Device> = Vec::new();
    for label in scenario.answers.keys() {
        devices.push(gpu::device(label).map_err(|problem| problem.to_string())?);
    }
    let report = matching::fit(&model, &scenario.serving, &devices)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    Ok(report.offers.iter().map(|offer| (offer.device.clone(), Answer::from(offer))).collect())
}

/// The `migfit` command: the config on standard input, JSON back.
///
/// # Errors
/// What the command printed to standard error, or that its answer is not the documented JSON.
pub fn terminal(scenario: &Scenario) -> Said {
    let serving = &scenario.serving;
    let mut command = Command::new(built("migfit"));
    command.args(["fit", "-", "--json"]);
    let mut flag = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            command.arg(format!("{name}={value}"));
        }
    };
    flag("--engine", Some(serving.engine.clone()));
    flag("--max-model-len", serving.max_model_len.map(|n| n.to_string()));
    flag("--sequences", Some(serving.sequences.to_string()));
    flag("--dtype", Some(serving.dtype.clone()));
    flag("--quantization", Some(serving.quantization.clone()));
    flag("--kv-cache-dtype", Some(serving.kv_cache_dtype.clone()));
    flag("--gpu-memory-utilization", serving.gpu_memory_utilization.map(|share| share.to_string()));
    flag("--max-num-seqs", serving.max_num_seqs.map(|n| n.to_string()));
    flag("--max-num-batched-tokens", serving.max_num_batched_tokens.map(|n| n.to_string()));
    if serving.enforce_eager {
        command.arg("--enforce-eager");
    }
    let printed = run(&mut command, &scenario.config.to_string())?;
    let answer: Value = serde_json::from_str(&printed).map_err(|error| format!("{error}: {printed}"))?;
    let mut said = BTreeMap::new();
    for offer in answer["offers"].as_array().ok_or("no offers")? {
        let label = offer["device"].as_str().ok_or("no device")?;
        if scenario.answers.contains_key(label) {
            said.insert(
                label.to_owned(),
                from_json(offer).ok_or_else(|| format!("{label}: a field is missing"))?,
            );
        }
    }
    Ok(said)
}

/// The four facts of an [`Answer`] from the JSON of an offer.
fn from_json(offer: &Value) -> Option<Answer> {
    let codes = offer["reasons"].as_array()?.iter().map(|reason| reason["code"].as_str().map(str::to_owned));
    Some(Answer {
        verdict: offer["verdict"].as_str()?.to_owned(),
        need: offer["estimate"]["total"].as_u64()?,
        usable: offer["usable"].as_u64()?,
        reasons: codes.collect::<Option<_>>()?,
    })
}

/// The JavaScript package, asked by a program for Node.
///
/// # Errors
/// What the program printed, or that its answer is not JSON.
pub fn package(scenario: &Scenario) -> Said {
    let project = Project::new()?;
    project.write("ask.mjs", include_str!("package.mjs"))?;
    let told = serde_json::json!({
        "config": scenario.config, "serving": scenario.serving, "answers": scenario.answers
    });
    let printed = project.node(Path::new("ask.mjs"), &[], &told.to_string())?;
    let answer: Value = serde_json::from_str(&printed).map_err(|error| format!("{error}: {printed}"))?;
    let offers = answer["offers"].as_array().ok_or("no offers")?;
    let said = offers.iter().map(|offer| {
        let label = offer["device"].as_str().ok_or("no device")?;
        Ok((label.to_owned(), from_json(offer).ok_or_else(|| format!("{label}: a field is missing"))?))
    });
    said.collect()
}

/// The page: the config pasted, the settings typed, sent as a link and opened again.
///
/// # Errors
/// What the page would show instead of an answer.
pub fn page(scenario: &Scenario) -> Said {
    let mut state = State::default().apply(Action::Text(scenario.config.to_string().into()));
    for (field, value) in typed(scenario) {
        state = state.apply(Action::Set(field, value));
    }
    state = state.apply(Action::Choose(Gpus::all()));
    let state = link::read(&link::write(&state).fragment).map_err(|problem| problem.to_string())?;
    let reading = Reading::of(&state.model, |text| Some(travelled(text)));
    match Outcome::of(&reading, &state.form, &state.gpus) {
        Outcome::Judged(judged) => {
            let asked =
                judged.report.offers.iter().filter(|offer| scenario.answers.contains_key(&offer.device));
            Ok(asked.map(|offer| (offer.device.clone(), Answer::from(offer))).collect())
        }
        other => Err(format!("{other:?}")),
    }
}

/// The model of `text` as the page's reader answers it.
fn travelled(text: &str) -> Read {
    let told = answer(&Question::Model { text: text.to_owned() });
    match errands::Answer::read(&errands::write(&told)) {
        errands::Answer::Model(model) => Ok(*model),
        errands::Answer::Refused(refusal) => Err(refusal.into()),
        other => Err(migfit::problem::Problem::new("reader", "reader", format!("{other:?}"), "a model")),
    }
}

/// What a reader would type into the form.
fn typed(scenario: &Scenario) -> Vec<(Field, String)> {
    let serving = &scenario.serving;
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        (Field::Engine, serving.engine.clone()),
        (Field::Context, number(serving.max_model_len)),
        (Field::Sequences, serving.sequences.to_string()),
        (Field::Dtype, serving.dtype.clone()),
        (Field::Quantization, serving.quantization.clone()),
        (Field::KvDtype, serving.kv_cache_dtype.clone()),
        (
            Field::Utilization,
            serving.gpu_memory_utilization.map(|share| share.to_string()).unwrap_or_default(),
        ),
        (Field::MaxNumSeqs, number(serving.max_num_seqs)),
        (Field::MaxBatchedTokens, number(serving.max_num_batched_tokens)),
        (Field::EnforceEager, if serving.enforce_eager { "true".to_owned() } else { String::new() }),
        (Field::TensorParallel, serving.tensor_parallel.to_string()),
        (Field::PipelineParallel, serving.pipeline_parallel.to_string()),
        (Field::DataParallel, serving.data_parallel.to_string()),
        (Field::ExpertParallel, if serving.expert_parallel { "true".to_owned() } else { String::new() }),
    ]
}

/// A program of this workspace, which `cargo test --workspace` builds beside the tests.
#[must_use]
pub fn built(program: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    let folder = here.parent().and_then(|deps| deps.parent()).map(PathBuf::from).unwrap_or_default();
    folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

fn run(command: &mut Command, input: &str) -> Result<String, String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{command:?}: {error}; build the workspace first"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(|error| error.to_string())?;
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
