//! One reader for every form in which pools are written.

use serde_json::Value;

use super::pool::Pools;
use super::{class, environment, live, own};
use crate::fleet::inventory::{from_nodes, from_resource_slices};
use crate::gpu::Gpu;
use crate::problem::Problem;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `{"pools": [...]}`.
    Own,
    /// `InferenceEnvironment`, or a bare `nodePools` or `spec.nodePools` with accelerators.
    Environment,
    /// `InferenceClass`.
    Class,
    /// `InferenceCluster`.
    Cluster,
    /// `Node`.
    Node,
    /// `ResourceSlice`.
    ResourceSlice,
}

impl Source {
    /// What `object` is, `None` where it describes no pool.
    #[must_use]
    pub fn of(object: &Value) -> Option<Source> {
        match object.get("kind").and_then(Value::as_str) {
            Some("InferenceEnvironment") => Some(Source::Environment),
            Some("InferenceClass") => Some(Source::Class),
            Some("InferenceCluster") => Some(Source::Cluster),
            Some("Node") => Some(Source::Node),
            Some("ResourceSlice") => Some(Source::ResourceSlice),
            Some(_) => None,
            None if object.get("pools").is_some() => Some(Source::Own),
            None if object.get("nodePools").is_some() || object.pointer("/spec/nodePools").is_some() => {
                Some(Source::Environment)
            }
            None => None,
        }
    }
}

/// Reads the pools of `documents`, each one of the forms or a list of such (`items`). Classes and clusters may
/// stand in any order. `cards` is the catalog, or the catalog with a user's own cards.
#[must_use]
pub fn read(cards: &[Gpu], documents: &[Value]) -> Pools {
    let mut objects = Vec::new();
    documents.iter().for_each(|document| unfold(document, &mut objects));
    let mut pools = Pools::default();
    let (mut classes, mut clusters, mut nodes, mut slices) = (vec![], vec![], vec![], vec![]);
    for object in objects {
        match Source::of(object) {
            Some(Source::Own) => pools.join(own::read(cards, object)),
            Some(Source::Environment) => pools.join(environment::read(cards, object)),
            Some(Source::Class) => classes.push(object),
            Some(Source::Cluster) => clusters.push(object),
            Some(Source::Node) => nodes.push(object.clone()),
            Some(Source::ResourceSlice) => slices.push(object.clone()),
            None => pools.problems.push(no_pool(object)),
        }
    }
    pools.join(class::read(cards, &classes, &clusters));
    if !nodes.is_empty() {
        let list = Value::Object([("items".to_owned(), Value::Array(nodes))].into_iter().collect());
        pools.join(live::from_inventory(cards, &from_nodes(cards, &list)));
    }
    if !slices.is_empty() {
        let list = Value::Object([("items".to_owned(), Value::Array(slices))].into_iter().collect());
        pools.join(live::from_inventory(cards, &from_resource_slices(cards, &list)));
    }
    pools.pools.sort_by(|a, b| (&a.cluster, &a.name).cmp(&(&b.cluster, &b.name)));
    pools.twice();
    pools
}

/// The objects of a list of objects, or the object itself; nothing for an empty document.
fn unfold<'a>(document: &'a Value, objects: &mut Vec<&'a Value>) {
    match (document, document.get("items").and_then(Value::as_array)) {
        (Value::Null, _) => {}
        (Value::Array(items), _) | (_, Some(items)) => items.iter().for_each(|item| unfold(item, objects)),
        (_, None) => objects.push(document),
    }
}

fn no_pool(object: &Value) -> Problem {
    let found = match object.get("kind").and_then(Value::as_str) {
        Some(kind) => format!("kind `{kind}`"),
        None => "neither `kind` nor `pools`".to_owned(),
    };
    Problem::new(
        "no-pools",
        "pools",
        found,
        "InferenceEnvironment, InferenceClass, InferenceCluster, Node, ResourceSlice, or a list `pools`",
    )
}

impl Pools {
    fn join(&mut self, mut others: Pools) {
        self.pools.append(&mut others.pools);
        self.problems.append(&mut others.problems);
    }

    /// Two pools of one name in one cluster cannot be told apart.
    fn twice(&mut self) {
        let pairs = self.pools.iter().zip(self.pools.iter().skip(1));
        let same: Vec<Problem> = pairs
            .filter(|(one, other)| (&one.cluster, &one.name) == (&other.cluster, &other.name))
            .map(|(one, _)| {
                let found = format!("two pools `{}`", one.name);
                Problem::new("twice", "pools", found, "one pool of a name in a cluster")
            })
            .collect();
        self.problems.extend(same);
    }
}
