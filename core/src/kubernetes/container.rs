//! A container, as far as a model's memory goes.

use serde_json::{Map, Value};

use super::claim::{Claim, claims};
use super::fields::{bad, list, object, part, text, texts};
use super::pod_claims::Held;
use super::server::Server;
use super::variables::Variables;
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

/// What the object around a container says of how it serves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The program that serves.
    pub server: Option<Server>,
    /// The model, as written.
    pub model: Option<String>,
    /// Words that are put before the container's own.
    pub words: Vec<String>,
    /// What stands in objects that are not given, or is decided by others.
    pub open: Vec<String>,
    /// Whether it serves together with containers of other pods.
    pub several_nodes: bool,
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
    /// Environment variables.
    pub env: Variables,
    /// The command that is run once it has started (`lifecycle.postStart.exec`).
    pub after_start: Vec<String>,
    /// What the object around it says.
    pub stated: Stated,
    /// The devices that it asks for, by resource name.
    pub claims: Vec<Claim>,
}

/// Every container of a pod: init containers first, in the order of the object.
pub(super) fn containers(held: &Held) -> Result<Vec<Container>, Vec<Problem>> {
    let (mut containers, mut problems) = (Vec::new(), Vec::new());
    for name in ["initContainers", "containers"] {
        let items = match list(held.spec, held.path, name) {
            Ok(items) => items,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for (place, item) in items.iter().enumerate() {
            let role = if name == "containers" { Role::Main } else { Role::Init };
            match container(item, &format!("{}.{name}[{place}]", held.path), role, held) {
                Ok(container) => containers.push(container),
                Err(several) => problems.extend(several),
            }
        }
    }
    if problems.is_empty() { Ok(containers) } else { Err(problems) }
}

/// Reads a container at `path`; one that restarts always is a sidecar where `role` is [`Role::Init`].
pub(super) fn container(
    value: &Value,
    path: &str,
    role: Role,
    held: &Held,
) -> Result<Container, Vec<Problem>> {
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
    let env = keep(Variables::read(map, path), &mut problems);
    let after_start = keep(after_start(map, path), &mut problems);
    let mut claims =
        claims(map, path, held.beside).map_err(|several| problems.extend(several)).unwrap_or_default();
    claims.extend(held.claims(map, path).map_err(|several| problems.extend(several)).unwrap_or_default());
    let (Some(name), Some(command), Some(args), Some(env), Some(after_start), true) =
        (name, command, args, env, after_start, problems.is_empty())
    else {
        return Err(problems);
    };
    let role = match (role, restart) {
        (Role::Init, Some("Always")) => Role::Sidecar,
        (role, _) => role,
    };
    let (path, image, stated) = (path.to_owned(), image.to_owned(), Stated::default());
    Ok(Container { name, path, role, image, command, args, env, after_start, stated, claims })
}

fn after_start(map: &Map<String, Value>, path: &str) -> Result<Vec<String>, Problem> {
    let (mut map, mut path) = (map, path.to_owned());
    for step in ["lifecycle", "postStart", "exec"] {
        let Some(next) = part(map, &path, step)? else { return Ok(Vec::new()) };
        (map, path) = (next, format!("{path}.{step}"));
    }
    texts(map, &path, "command")
}

fn keep<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}
