//! What to change in a workload so that its model fits what it asks for, and nothing more.
//!
//! A correction touches the resource name of a container (in limits and requests alike), flags of vLLM that are
//! absent, and the node selector and tolerations of its pod. It is idempotent, and it is made only where a review of
//! the result finds no error: otherwise the object stays as it is.

mod change;
mod edit;
mod flags;
mod placement;
mod pool;
mod size;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use change::Change;
pub use pool::{Pool, Spelling};

use crate::kubernetes::{self, Kind};
use crate::review::{Context, Severity, review};
use crate::units::Bytes;

/// What may be changed, and towards what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Whether a container is moved to the smallest device of the pools that holds its model.
    pub right_size: bool,
    /// Whether the node selector and the tolerations of the pool are added.
    pub placement: bool,
    /// Whether flags that are absent are written out on slices.
    pub flags: bool,
    /// The devices that there are.
    pub pools: Vec<Pool<'a>>,
    /// The shortest context that is enough. Without it a context is never cut.
    pub context: Option<u64>,
    /// Sequences that must be held at the same time.
    pub sequences: u64,
    /// Memory that must be left over.
    pub headroom: Bytes,
}

/// The most containers of one object that are corrected; keeps a call short.
const MOST_CONTAINERS: usize = 8;

/// A corrected object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The whole object.
    pub object: Map<String, Value>,
    /// What was changed, in the order of the object.
    pub changes: Vec<Change>,
}

/// Corrects `object`, which is of `kind`; `None` where there is nothing to correct, or no correction would do.
#[must_use]
pub fn correct(
    kind: Kind,
    object: &Map<String, Value>,
    context: &Context,
    wish: &Wish,
) -> Option<Correction> {
    let pods = kubernetes::pods_beside(kind, object, &context.beside).ok()?;
    let mut corrected = Value::Object(object.clone());
    let mut changes = Vec::new();
    for pod in &pods {
        let asking = pod.containers.iter().filter(|container| !container.claims.is_empty());
        for container in asking.take(MOST_CONTAINERS) {
            if let Some(sized) = size::size(pod, container, context, wish) {
                sized.write(pod, container, wish, &mut corrected, &mut changes)?;
            }
        }
    }
    let Value::Object(object) = corrected else { return None };
    let accepted = !changes.is_empty() && review(kind, &object, context).of(Severity::Error).next().is_none();
    accepted.then_some(Correction { object, changes })
}
