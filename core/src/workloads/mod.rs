//! Workloads as people give them, made into what [matching](crate::matching) takes: declared ones, and the containers
//! and claims of manifests.
//!
//! Knows the order in which a model's facts are looked for; who has files, caches or settings hands them in.

mod manifest;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::matching::requirement::{Condition, ModelRef, Requirement, Topology, Workload};
use crate::model::{self, Model};
use crate::problem::Problem;
use crate::review::Context;
use crate::units::grouped;

/// One workload, with its model found.
#[derive(Clone, Debug)]
pub struct Asked {
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
    /// Whether it is decided elsewhere how many replicas there are.
    elsewhere: bool,
}

/// Every workload in `documents`: those that are declared, then those of objects, which are read beside one another.
///
/// `place` is what a workload is called that has no name. `find` is asked for the models that declared workloads name;
/// what containers serve is looked for where a review looks: annotations, the models of `context`, the catalog. A
/// container whose model is not known is a workload of which nothing is promised.
///
/// # Errors
/// Everything that cannot be used.
pub fn read(
    documents: &[Value],
    place: &str,
    find: &dyn Fn(&str) -> Result<Model, Vec<Problem>>,
    context: &Context<'_>,
) -> Result<Vec<Asked>, Vec<Problem>> {
    let (own, objects): (Vec<&Value>, Vec<&Value>) =
        documents.iter().partition(|one| one.get("kind").is_none() || states_topology(one));
    let (mut asked, mut problems) = (Vec::new(), Vec::new());
    for document in own {
        match Asked::declared(document, place, find) {
            Ok(one) => asked.push(one),
            Err(mut own) => problems.append(&mut own),
        }
    }
    if !objects.is_empty() {
        let objects: Vec<Value> = objects.into_iter().cloned().collect();
        match manifest::read(&objects, context) {
            Ok(mut found) => asked.append(&mut found),
            Err(mut own) => problems.append(&mut own),
        }
    }
    if problems.is_empty() { Ok(asked) } else { Err(problems) }
}

impl Asked {
    fn declared(
        document: &Value,
        place: &str,
        find: &dyn Fn(&str) -> Result<Model, Vec<Problem>>,
    ) -> Result<Asked, Vec<Problem>> {
        let workload = Workload::read(document, place)?;
        let model = match &workload.model {
            Some(ModelRef::Named(name)) => Some(find(name)?),
            Some(ModelRef::Config(text)) => Some(model::read(text).map_err(|problem| vec![problem])?),
            None => None,
        };
        Ok(Asked { model, ..Asked::of(workload) })
    }

    fn of(workload: Workload) -> Asked {
        Asked {
            workload,
            model: None,
            resource: None,
            conditions: Vec::new(),
            pods: None,
            open: Vec::new(),
            elsewhere: false,
        }
    }

    /// What it requires.
    ///
    /// # Errors
    /// Every setting of the serving that cannot be used, and a topology that is not that of the engine.
    pub fn requirement(&self) -> Result<Requirement<'_>, Vec<Problem>> {
        let mut requirement = Requirement {
            resource: self.resource.clone(),
            conditions: self.conditions.clone(),
            open: self.open.clone(),
            elsewhere: self.elsewhere,
            ..self.workload.requirement(self.model.as_ref())?
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

    /// What is served, for a reader; `None` where no model is known.
    #[must_use]
    pub fn served(&self) -> Option<String> {
        let model = self.model.as_ref()?;
        let serving = &self.workload.serving;
        let tokens = serving.max_model_len.unwrap_or(model.context.tokens);
        let plural = if serving.sequences == 1 { "" } else { "s" };
        Some(format!(
            "{}, {} parameters, {} sequence{plural} of {} tokens under {}",
            if model.architecture.is_empty() { &model.model_type } else { &model.architecture },
            grouped(model.parameters().total),
            grouped(serving.sequences),
            grouped(tokens),
            serving.engine
        ))
    }
}

fn states_topology(document: &Value) -> bool {
    ["/spec/replicaTopology", "/spec/template/spec/replicaTopology"]
        .iter()
        .any(|path| document.pointer(path).is_some())
}
