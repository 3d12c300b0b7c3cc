//! The text form of a fleet, strict: `docs/schema/fleet.json` describes it.
//!
//! ```yaml
//! nodes:
//! - {name: a, instanceType: p5.48xlarge, count: 2, pricePerHour: 98.32}
//! - name: b
//!   gpu: A100-40GB
//!   gpus: 2
//!   today:
//!   - {gpu: 0, instances: [{profile: 3g.20gb, start: 4, holder: chat}]}
//! workloads:
//! - {name: chat, model: meta-llama/Llama-3.1-8B-Instruct, serving: {max_model_len: 8192}, replicas: 3}
//! - {name: embed, memory: 4Gi, replicas: 2, tenant: alpha, spread: {perGpu: 1}}
//! alone: [alpha]
//! ```

mod build;
mod rows;
#[cfg(test)]
mod tests;

use serde_json::Value;

use rows::{File, NodeRow, WorkloadRow};

use crate::problem::Problem;

/// A fleet as it was written.
#[derive(Clone, Debug)]
pub struct Document {
    nodes: Vec<NodeRow>,
    workloads: Vec<WorkloadRow>,
    alone: Vec<String>,
    keep: bool,
}

/// What would be otherwise: a question about the same fleet.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WhatIf {
    /// Every GPU would be this card, unused.
    pub gpu: Option<String>,
    /// Every model would be packed so.
    pub quantization: Option<String>,
    /// Every model would be served at this length, in tokens.
    pub max_model_len: Option<u64>,
    /// Every cache would be of this format.
    pub kv_cache_dtype: Option<String>,
}

impl Document {
    /// Reads what YAML or JSON text holds.
    ///
    /// # Errors
    /// One [`Problem`] for every row that cannot be used, of code `bad-fleet`, `bad-node` or `bad-workload`.
    pub fn read(value: &Value) -> Result<Document, Vec<Problem>> {
        if !value.is_object() {
            let found = crate::model::json::kind(value);
            return Err(vec![Problem::new(
                "bad-fleet",
                "fleet",
                found,
                "an object with the lists `nodes` and `workloads`",
            )]);
        }
        let (value, mut problems) = known_lists(value);
        let file: File = serde_json::from_value(value).map_err(|error| {
            let expected = "an object with the lists `nodes` and `workloads`";
            let mut problems = problems.clone();
            problems.push(Problem::new("bad-fleet", "fleet", error.to_string(), expected));
            problems
        })?;
        let nodes = rows(&file.nodes, ("nodes", "bad-node", rows::NODE), &mut problems);
        let workloads = rows(&file.workloads, ("workloads", "bad-workload", rows::WORKLOAD), &mut problems);
        if problems.is_empty() {
            Ok(Document { nodes, workloads, alone: file.alone, keep: file.keep })
        } else {
            Err(problems)
        }
    }

    /// The models that are named, each once: ids of the catalog, or what else a door reads models from.
    #[must_use]
    pub fn models(&self) -> Vec<&str> {
        let mut models: Vec<&str> = self.workloads.iter().filter_map(|row| row.model.as_deref()).collect();
        models.sort_unstable();
        models.dedup();
        models
    }

    /// The same fleet, were it as `change` says.
    #[must_use]
    pub fn what_if(&self, change: &WhatIf) -> Document {
        let mut changed = self.clone();
        if let Some(gpu) = &change.gpu {
            for row in &mut changed.nodes {
                row.replace(gpu);
            }
        }
        for row in changed.workloads.iter_mut().filter(|row| row.model.is_some()) {
            if let Some(quantization) = &change.quantization {
                row.serving.quantization.clone_from(quantization);
            }
            if let Some(tokens) = change.max_model_len {
                row.serving.max_model_len = Some(tokens);
            }
            if let Some(dtype) = &change.kv_cache_dtype {
                row.serving.kv_cache_dtype.clone_from(dtype);
            }
        }
        changed
    }

    /// The same fleet, with replicas that run today kept where they are.
    #[must_use]
    pub fn keeping(mut self) -> Document {
        self.keep = true;
        self
    }
}

/// The fields that there are, so that a misspelt one hides nothing that is wrong with the others.
fn known_lists(value: &Value) -> (Value, Vec<Problem>) {
    let (mut known, mut problems) = (value.clone(), Vec::new());
    if let Value::Object(fields) = &mut known {
        let expected = format!("one of `{}`", rows::FIELDS.join("`, `"));
        fields.retain(|name, _| {
            let stays = rows::FIELDS.contains(&name.as_str());
            if !stays {
                let found = format!("unknown field `{name}`");
                let problem = Problem::new("bad-fleet", "fleet", found, &expected);
                problems.push(problem.nearest(name, rows::FIELDS));
            }
            stays
        });
    }
    (known, problems)
}

/// Every row that can be read; what is wrong with the others is noted.
fn rows<T: serde::de::DeserializeOwned>(
    values: &[Value],
    (list, code, expected): (&str, &'static str, &str),
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    let mut found = Vec::new();
    for (place, value) in values.iter().enumerate() {
        match serde_json::from_value(value.clone()) {
            Ok(row) => found.push(row),
            Err(error) => {
                let name = value.get("name").and_then(Value::as_str);
                let name = name.map_or(String::new(), |name| format!(" (`{name}`)"));
                problems.push(Problem::new(
                    code,
                    format!("{list}[{place}]{name}"),
                    error.to_string(),
                    expected,
                ));
            }
        }
    }
    found
}
