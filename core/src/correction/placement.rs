//! Whether a pod may run in a pool, and what it takes to get there.

use serde_json::{Map, Value};

use super::change::Change;
use super::edit;
use super::pool::{GKE_PARTITION, PRODUCT, Pool, Spelling};
use crate::gpu::Device;
use crate::kubernetes::PodSpec;

/// Whether what the pod wants of its node is no contradiction to a node of `pool` with `device`. The label that
/// spells a profile is part of what is asked for, not of where: it may change.
pub(super) fn admits(pod: &PodSpec, pool: &Pool, device: &Device) -> bool {
    pool.labels(device).iter().all(|(label, value)| {
        let mut wanted = pod.node.values(label).peekable();
        wanted.peek().is_none() || spells(pool, label) || wanted.any(|one| one == value)
    })
}

fn spells(pool: &Pool, label: &str) -> bool {
    match pool.spelling {
        Spelling::Mixed => false,
        Spelling::Single => label == PRODUCT,
        Spelling::Gke => label == GKE_PARTITION,
    }
}

/// Writes the labels of the pool into the node selector, and its tolerations where the pod lacks them.
pub(super) fn write(
    pod: &PodSpec,
    pool: &Pool,
    device: &Device,
    object: &mut Value,
    changes: &mut Vec<Change>,
) -> Option<()> {
    let spec = edit::part(object, &pod.path)?;
    for (label, value) in pool.labels(device) {
        select(pod, spec, (&label, &value), spells(pool, &label), changes)?;
    }
    for toleration in &pool.tolerations {
        tolerate(pod, spec, toleration, changes)?;
    }
    Some(())
}

fn select(
    pod: &PodSpec,
    spec: &mut Map<String, Value>,
    (label, value): (&str, &str),
    replace: bool,
    changes: &mut Vec<Change>,
) -> Option<()> {
    let known = spec.get("nodeSelector").and_then(|selector| selector.get(label));
    let from = known.and_then(Value::as_str).map(str::to_owned);
    let in_affinity = from.is_none() && pod.node.values(label).next().is_some();
    if from.as_deref() == Some(value) || (in_affinity && !replace) {
        return Some(());
    }
    // An affinity that names another profile is the author's; it cannot be reconciled with a selector.
    if in_affinity && !pod.node.values(label).any(|one| one == value) {
        return None;
    }
    // Nor can what another container of the pod was moved to.
    if from.is_some() && !replace {
        return None;
    }
    edit::below(spec, "nodeSelector")?.insert(label.to_owned(), value.into());
    changes.push(Change { at: format!("{}.nodeSelector[{label:?}]", pod.path), from, to: value.to_owned() });
    Some(())
}

fn tolerate(
    pod: &PodSpec,
    spec: &mut Map<String, Value>,
    toleration: &Value,
    changes: &mut Vec<Change>,
) -> Option<()> {
    let known = spec.get("tolerations").and_then(Value::as_array);
    if known.into_iter().flatten().any(|known| covers(known, toleration)) {
        return Some(());
    }
    edit::list(spec, "tolerations")?.push(toleration.clone());
    let at = format!("{}.tolerations", pod.path);
    changes.push(Change { at, from: None, to: spelled(toleration) });
    Some(())
}

/// A toleration in words that do not depend on the order in which a host hands settings over.
fn spelled(toleration: &Value) -> String {
    let fields = ["key", "operator", "value", "effect", "tolerationSeconds"];
    let fields = fields.iter().filter_map(|name| Some(format!("{name:?}:{}", toleration.get(name)?)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

/// Whether whoever tolerates `known` tolerates `wanted`.
/// Source: `ToleratesTaint` in k8s.io/component-helpers, read as a relation of tolerations.
fn covers(known: &Value, wanted: &Value) -> bool {
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let same = |name: &str| text(known, name) == text(wanted, name);
    let for_all_time = known.get("tolerationSeconds").is_none_or(Value::is_null);
    let effect = text(known, "effect").is_empty() || same("effect");
    let exists = text(known, "operator") == "Exists";
    let key = same("key") || (exists && text(known, "key").is_empty());
    let value = exists || (text(wanted, "operator") != "Exists" && same("value"));
    (for_all_time && effect && key && value) || known == wanted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_toleration_covers_what_it_tolerates_for_all_time() {
        let wanted = json!({"key": "gpu", "operator": "Equal", "value": "h100", "effect": "NoSchedule"});
        let any = json!({"key": "gpu", "operator": "Exists", "effect": "NoSchedule"});
        for (known, covered) in [
            (json!({"key": "gpu", "operator": "Equal", "value": "h100", "effect": "NoSchedule"}), true),
            (json!({"key": "gpu", "value": "h100"}), true),
            (json!({"key": "gpu", "operator": "Exists"}), true),
            (json!({"operator": "Exists"}), true),
            (json!({"value": "h100"}), false),
            (json!({"key": "other", "operator": "Exists"}), false),
            (json!({"key": "gpu", "value": "l4"}), false),
            (json!({"key": "gpu", "operator": "Exists", "effect": "NoExecute"}), false),
            (json!({"key": "gpu", "operator": "Exists", "tolerationSeconds": 60}), false),
            (json!({"key": "gpu", "operator": "Exists", "tolerationSeconds": null}), true),
        ] {
            assert_eq!(covers(&known, &wanted), covered, "{known}");
        }
        // One value is less than any.
        assert!(!covers(&json!({"key": "gpu", "operator": "Equal", "effect": "NoSchedule"}), &any));
        assert!(covers(&any, &any));
        let timed = json!({"key": "gpu", "operator": "Exists", "tolerationSeconds": 60});
        assert!(covers(&timed, &timed), "the same for as long");
    }
}
