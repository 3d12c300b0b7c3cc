//! Workloads as they are given: declared, claimed, or objects of Kubernetes.

mod manifest;

use std::path::Path;

use migfit::matching::requirement::{Condition, ModelRef, Requirement, Topology, Workload};
use migfit::model::Model;
use migfit::problem::Problem;
use migfit::units::grouped;
use serde_json::Value;

use crate::input;
use crate::report::Failure;

/// One workload, with its model found.
pub(super) struct Asked {
    file: String,
    workload: Workload,
    model: Option<Model>,
    /// What its containers ask for, where that is a resource by name.
    resource: Option<String>,
    /// What its devices must be, where a claim says so.
    conditions: Vec<Condition>,
    /// Pods of one replica and the units of each, where containers claim them.
    pods: Option<(u64, u64)>,
    /// What the answer leaves out.
    open: Vec<String>,
}

impl Asked {
    /// Every workload in the documents of `file`; several objects stand beside one another.
    pub(super) fn read(documents: &[Value], file: &str) -> Result<Vec<Asked>, Vec<Failure>> {
        let (own, objects): (Vec<&Value>, Vec<&Value>) =
            documents.iter().partition(|one| one.get("kind").is_none() || states_topology(one));
        let (mut asked, mut failures) = (Vec::new(), Vec::new());
        for document in own {
            match Asked::declared(document, file) {
                Ok(one) => asked.push(one),
                Err(mut problems) => failures.append(&mut problems),
            }
        }
        if !objects.is_empty() {
            let objects: Vec<Value> = objects.into_iter().cloned().collect();
            match manifest::read(&objects, file) {
                Ok(mut found) => asked.append(&mut found),
                Err(mut problems) => failures.append(&mut problems),
            }
        }
        if failures.is_empty() { Ok(asked) } else { Err(failures) }
    }

    fn declared(document: &Value, file: &str) -> Result<Asked, Vec<Failure>> {
        let failed = |problems| failures(file, problems);
        let workload = Workload::read(document, file).map_err(failed)?;
        let model = match &workload.model {
            Some(ModelRef::Named(name)) => Some(input::model(Path::new(name))?),
            Some(ModelRef::Config(text)) => {
                Some(migfit::model::read(text).map_err(|problem| failures(file, vec![problem]))?)
            }
            None => None,
        };
        Ok(Asked { workload, model, ..Asked::empty(file) })
    }

    fn empty(file: &str) -> Asked {
        Asked {
            file: file.to_owned(),
            workload: Workload::default(),
            model: None,
            resource: None,
            conditions: Vec::new(),
            pods: None,
            open: Vec::new(),
        }
    }

    /// What it requires.
    pub(super) fn requirement(&self) -> Result<Requirement<'_>, Vec<Failure>> {
        let base = self.workload.requirement(self.model.as_ref());
        let base = base.map_err(|problems| failures(&self.file, problems))?;
        let mut requirement = Requirement {
            resource: self.resource.clone(),
            conditions: self.conditions.clone(),
            open: self.open.clone(),
            ..base
        };
        // What is claimed is what is scheduled; an engine with more ranks than that asks for more.
        if let Some((nodes, units_per_node)) = self.pods {
            let claimed = Topology::Stated { nodes, units_per_node };
            if requirement.plan.is_none() || requirement.topology.units() <= claimed.units() {
                requirement.topology = claimed;
            }
        }
        Ok(requirement)
    }

    /// What is served, for a reader.
    pub(super) fn what(&self) -> String {
        let Some(model) = &self.model else { return String::new() };
        let serving = &self.workload.serving;
        let tokens = serving.max_model_len.unwrap_or(model.context.tokens);
        let plural = if serving.sequences == 1 { "" } else { "s" };
        format!(
            ": {}, {} parameters, {} sequence{plural} of {} tokens under {}",
            if model.architecture.is_empty() { &model.model_type } else { &model.architecture },
            grouped(model.parameters().total),
            grouped(serving.sequences),
            grouped(tokens),
            serving.engine
        )
    }
}

fn failures(file: &str, problems: Vec<Problem>) -> Vec<Failure> {
    problems.into_iter().map(|problem| Failure { file: file.to_owned(), problem }).collect()
}

fn states_topology(document: &Value) -> bool {
    ["/spec/replicaTopology", "/spec/template/spec/replicaTopology"]
        .iter()
        .any(|path| document.pointer(path).is_some())
}
