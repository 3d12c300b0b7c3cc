//! Which nodes a pod may run on, as far as that says which GPU it gets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::candidates::{GKE_PARTITION, PRODUCT};
use super::fields::{join, list, object, part, text, text_map, texts};
use super::sharing::Sharing;
use super::spelling::Spelling;
use crate::order;
use crate::problem::Problem;

/// What a pod wants of its node. Only what must hold; preferences prove nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeWish {
    /// Labels with the values that are allowed for each.
    pub labels: Labels,
}

/// Labels with the values that are allowed for each.
type Labels = BTreeMap<String, BTreeSet<String>>;

impl NodeWish {
    /// The values allowed for `label`, ascending; none where the pod does not say.
    pub fn values(&self, label: &str) -> impl Iterator<Item = &str> {
        self.labels.get(label).into_iter().flatten().map(String::as_str)
    }

    /// Insists on `value` of `label`, unless the pod says something of it already.
    pub(super) fn insist(&mut self, label: &str, value: &str) {
        self.labels.entry(label.to_owned()).or_insert_with(|| order::set([value.to_owned()]));
    }

    /// How `nvidia.com/gpu` is spelled on such nodes.
    pub(super) fn spelling(&self) -> Spelling {
        if self.values(GKE_PARTITION).next().is_some() {
            return Spelling::Gke;
        }
        let mut products = self.values(PRODUCT).peekable();
        if products.peek().is_some() && products.all(|product| product.contains("-MIG-")) {
            return Spelling::Single;
        }
        Spelling::Gpu
    }

    /// Who shares devices on such nodes that are otherwise shared as `said`.
    pub(super) fn sharing(&self, said: Sharing) -> Sharing {
        Sharing::on(self, said)
    }
}

/// Node selector and required node affinity of the pod spec at `path`.
pub(super) fn wish(spec: &Map<String, Value>, path: &str) -> Result<NodeWish, Problem> {
    let selector = text_map(spec, path, "nodeSelector")?;
    let mut labels = affinity(spec, path)?;
    for (label, value) in selector {
        labels.insert(label, order::set([value]));
    }
    Ok(NodeWish { labels })
}

/// The labels on which every term of the required affinity insists, with the values of all terms together:
/// terms are alternatives.
fn affinity(spec: &Map<String, Value>, path: &str) -> Result<Labels, Problem> {
    let steps = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    let (mut map, mut path) = (spec, path.to_owned());
    for step in steps {
        let Some(next) = part(map, &path, step)? else {
            return Ok(BTreeMap::new());
        };
        (map, path) = (next, join(&path, step));
    }
    let mut all: Option<Labels> = None;
    for (place, value) in list(map, &path, "nodeSelectorTerms")?.iter().enumerate() {
        let one = term(value, &format!("{path}.nodeSelectorTerms[{place}]"))?;
        all = Some(match all {
            None => one,
            Some(before) => either(before, &one),
        });
    }
    Ok(all.unwrap_or_default())
}

fn either(mut before: Labels, one: &Labels) -> Labels {
    before.retain(|label, values| {
        let more = one.get(label);
        values.extend(more.into_iter().flatten().cloned());
        more.is_some()
    });
    before
}

fn term(value: &Value, path: &str) -> Result<Labels, Problem> {
    let map = object(value, path)?;
    let mut labels = BTreeMap::new();
    for (place, value) in list(map, path, "matchExpressions")?.iter().enumerate() {
        let path = format!("{path}.matchExpressions[{place}]");
        let map = object(value, &path)?;
        if text(map, &path, "operator")? != Some("In") {
            continue;
        }
        let values = texts(map, &path, "values")?;
        if let Some(label) = text(map, &path, "key")? {
            labels.insert(label.to_owned(), order::set(values));
        }
    }
    Ok(labels)
}
