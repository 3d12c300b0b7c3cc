//! A container, as far as a model's memory goes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::claim::{Claim, claims};
use super::fields::{bad, field, gather, list, object, text, texts};
use crate::problem::Problem;

/// When a container runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Before the others, to its end.
    Init,
    /// Started before the others and kept beside them (`initContainers` with `restartPolicy: Always`).
    Sidecar,
    /// For the life of the pod.
    Main,
}

/// A container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its name, unique in the pod.
    pub name: String,
    /// Where it stands: `spec.template.spec.containers[0]`.
    pub path: String,
    /// When it runs.
    pub role: Role,
    /// Its image, empty where the object names none.
    pub image: String,
    /// `command`, which replaces the image's entry point.
    pub command: Vec<String>,
    /// `args`.
    pub args: Vec<String>,
    /// Environment variables; `None` where the value comes from elsewhere.
    pub env: BTreeMap<String, Option<String>>,
    /// The devices that it asks for, by resource name.
    pub claims: Vec<Claim>,
}

/// Every container of the pod spec at `path`: init containers first, in the order of the object.
pub(super) fn containers(spec: &Map<String, Value>, path: &str) -> Result<Vec<Container>, Vec<Problem>> {
    let (mut containers, mut problems) = (Vec::new(), Vec::new());
    for name in ["initContainers", "containers"] {
        let items = match list(spec, path, name) {
            Ok(items) => items,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for (place, item) in items.iter().enumerate() {
            match container(item, &format!("{path}.{name}[{place}]"), name == "containers") {
                Ok(container) => containers.push(container),
                Err(several) => problems.extend(several),
            }
        }
    }
    if problems.is_empty() { Ok(containers) } else { Err(problems) }
}

fn container(value: &Value, path: &str, main: bool) -> Result<Container, Vec<Problem>> {
    let map = object(value, path).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let name = keep(
        text(map, path, "name").and_then(|name| {
            name.map(str::to_owned).ok_or_else(|| bad(&format!("{path}.name"), "nothing", "a text"))
        }),
        &mut problems,
    );
    let image = keep(text(map, path, "image"), &mut problems).flatten().unwrap_or_default();
    let restart = keep(text(map, path, "restartPolicy"), &mut problems).flatten();
    let command = keep(texts(map, path, "command"), &mut problems);
    let args = keep(texts(map, path, "args"), &mut problems);
    let env = keep(env(map, path), &mut problems);
    let claims = claims(map, path).map_err(|several| problems.extend(several)).ok();
    let (Some(name), Some(command), Some(args), Some(env), Some(claims), true) =
        (name, command, args, env, claims, problems.is_empty())
    else {
        return Err(problems);
    };
    let role = match (main, restart) {
        (true, _) => Role::Main,
        (false, Some("Always")) => Role::Sidecar,
        (false, _) => Role::Init,
    };
    Ok(Container { name, path: path.to_owned(), role, image: image.to_owned(), command, args, env, claims })
}

fn keep<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn env(map: &Map<String, Value>, path: &str) -> Result<BTreeMap<String, Option<String>>, Problem> {
    let item = |(place, value): (usize, &Value)| {
        let path = format!("{path}.env[{place}]");
        let map = object(value, &path)?;
        let name =
            text(map, &path, "name")?.ok_or_else(|| bad(&format!("{path}.name"), "nothing", "a text"))?;
        let value = match field(map, "valueFrom") {
            Some(_) => None,
            None => Some(text(map, &path, "value")?.unwrap_or_default().to_owned()),
        };
        Ok((name.to_owned(), value))
    };
    gather(list(map, path, "env")?.iter().enumerate().map(item))
}
