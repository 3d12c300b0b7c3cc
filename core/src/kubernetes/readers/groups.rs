//! Groups of pods: LeaderWorkerSet, JobSet, PyTorchJob.

use serde_json::Value;

use super::super::fields::{join, object, part, text};
use super::super::pod::{Source, number, objects};
use super::{Pods, all, spec};
use crate::order;
use crate::problem::Problem;

/// LeaderWorkerSet: a leader and `size - 1` workers serve together; without a template of its own the leader is
/// like the workers.
pub(crate) fn leader_worker_set(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (spec, _) = spec(source)?;
    let (template, path) = source.walk(&["spec", "leaderWorkerTemplate"]).map_err(one)?;
    let copies = number(spec, "replicas").unwrap_or(1);
    let size = number(template, "size").unwrap_or(1).max(1);
    let leader = part(template, &path, "leaderTemplate").map_err(one)?;
    let (worker, worker_path) =
        source.walk(&["spec", "leaderWorkerTemplate", "workerTemplate"]).map_err(one)?;
    let read = |template, path: &str, role: &str, each: u64| {
        let mut pod = source.template(template, path)?;
        pod.role = role.to_owned();
        pod.replicas = Some(copies.saturating_mul(each));
        (pod.nodes, pod.of_copy) = (size, each);
        Ok(pod)
    };
    match leader {
        None => all([read(worker, &worker_path, "", size)]),
        Some(leader) => all([
            read(leader, &join(&path, "leaderTemplate"), "leader", 1),
            read(worker, &worker_path, "worker", size.saturating_sub(1)),
        ]),
    }
}

/// JobSet: one template for each replicated job.
pub(crate) fn job_set(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (spec, path) = spec(source)?;
    let jobs = objects(spec, &path, "replicatedJobs").map_err(one)?;
    all(jobs.into_iter().map(|(job, path)| {
        let (mut map, mut at) = (job, path.clone());
        for step in ["template", "spec", "template"] {
            at = join(&at, step);
            map = object(map.get(step).unwrap_or(&Value::Null), &at).map_err(one)?;
        }
        let mut pod = source.template(map, &at)?;
        pod.role = text(job, &path, "name").map_err(one)?.unwrap_or_default().to_owned();
        pod.replicas = Some(number(job, "replicas").unwrap_or(1));
        Ok(pod)
    }))
}

/// PyTorchJob: one template for each sort of replica.
pub(crate) fn pytorch_job(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (specs, path) = source.walk(&["spec", "pytorchReplicaSpecs"]).map_err(one)?;
    let mut names: Vec<&String> = specs.keys().collect();
    order::sort(&mut names);
    all(names.into_iter().filter_map(|name| Some((name, specs.get(name)?))).map(|(name, value)| {
        let path = join(&path, name);
        let replica = object(value, &path).map_err(one)?;
        let at = join(&path, "template");
        let template = object(replica.get("template").unwrap_or(&Value::Null), &at).map_err(one)?;
        let mut pod = source.template(template, &at)?;
        pod.role = name.to_ascii_lowercase();
        pod.replicas = Some(number(replica, "replicas").unwrap_or(1));
        Ok(pod)
    }))
}
