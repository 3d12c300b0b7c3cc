//! What the policy says of itself must be what it does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use migfit::admission;
use migfit::review::{Served, Subject};
use serde_json::Value;

use crate::door::module;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-policy").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// One rule for each API group, in the order of the kinds.
fn rules(indent: &str) -> String {
    let mut groups: BTreeMap<&str, (BTreeSet<&str>, Vec<&str>)> = BTreeMap::new();
    for served in Subject::served() {
        let (versions, resources) = groups.entry(served.group).or_default();
        versions.extend(served.versions);
        resources.push(served.resource);
    }
    let rule = |(group, (versions, resources)): (&str, (BTreeSet<&str>, Vec<&str>))| {
        let versions: Vec<&str> = versions.into_iter().collect();
        format!(
            "{indent}- apiGroups: [\"{group}\"]\n{indent}  apiVersions: {versions:?}\n{indent}  resources: {resources:?}\n{indent}  operations: [\"CREATE\", \"UPDATE\"]\n",
        )
    };
    groups.into_iter().map(rule).collect()
}

#[test]
fn the_rules_name_every_kind_that_is_read() {
    let metadata = file("metadata.yml");
    let told = metadata.strip_prefix("rules:\n").and_then(|rest| rest.split_once("mutating:")).unwrap().0;
    assert_eq!(told, rules("  "));
    assert!(file("README.md").contains(&rules("    ")), "the README's example has other rules");
    let names: Vec<&str> = Subject::served().map(|served| served.name).collect();
    assert!(metadata.contains(&format!("io.artifacthub.resources: {}\n", names.join(", "))));
}

#[test]
fn the_version_is_that_of_the_workspace() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(file("metadata.yml").contains(&format!("io.kubewarden.policy.version: {version}\n")));
    assert!(file("README.md").contains(&format!("registry://ghcr.io/migfit/policies/migfit:v{version}\n")));
}

#[test]
fn artifact_hub_is_told_the_same() {
    let (hub, metadata) = (file("artifacthub-pkg.yml"), file("metadata.yml"));
    let version = env!("CARGO_PKG_VERSION");
    assert!(hub.contains(&format!("\nversion: {version}\n")));
    assert!(hub.contains(&format!("image: ghcr.io/migfit/policies/migfit:v{version}\n")));
    for (ours, theirs) in [
        ("io.kubewarden.policy.description", "description"),
        ("io.artifacthub.displayName", "displayName"),
        ("io.artifacthub.resources", "kubewarden/resources"),
        ("io.kubewarden.policy.license", "license"),
        ("io.kubewarden.policy.url", "homeURL"),
    ] {
        let line = metadata.lines().find_map(|line| line.strip_prefix(&format!("  {ours}: "))).unwrap();
        assert!(hub.contains(&format!("{theirs}: {line}\n")), "{ours}: {line}");
    }
}

/// Every kind that is looked up is declared, in the README as well, and nothing else is.
#[test]
fn context_aware_resources_are_those_that_are_looked_up() {
    let listed = |indent: &str| -> String {
        let one = |(version, kind): &(&str, &str)| {
            format!("{indent}- apiVersion: {version}\n{indent}  kind: {kind}\n")
        };
        admission::KINDS.iter().map(one).collect()
    };
    let metadata = file("metadata.yml");
    assert!(metadata.contains(&format!("contextAwareResources:\n{}hostCapabilities:", listed("  "))));
    assert!(file("README.md").contains(&format!("contextAwareResources:\n{}  # Keeps", listed("    "))));
}

/// Every host call that the policy makes is declared, and nothing else is.
#[test]
fn host_capabilities_are_those_that_are_used() {
    let used: Vec<String> =
        migfit_policy::OPERATIONS.iter().map(|operation| format!("\"kubernetes/{operation}\"")).collect();
    assert!(file("metadata.yml").contains(&format!("hostCapabilities: [{}]\n", used.join(", "))));
}

/// The schema, the form of Rancher and the README name the settings that there are.
#[test]
fn the_settings_are_documented() {
    let schema: Value = serde_json::from_str(&file("../docs/schema/policy-settings.json")).unwrap();
    let mut named: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    named.sort_unstable();
    assert_eq!(named, admission::settings::NAMES);
    let readme = file("README.md");
    for name in admission::settings::NAMES {
        assert!(readme.contains(&format!("| `{name}` |")), "{name}");
    }
    for line in file("questions-ui.yml").lines() {
        let Some(variable) = line.trim().strip_prefix("- variable: ") else { continue };
        let pointer = variable.split('.').collect::<Vec<_>>().join("/properties/");
        assert!(schema.pointer(&format!("/properties/{pointer}")).is_some(), "{variable}");
    }
}

/// What `cargo xtask policy` puts into the module, read back as Kubewarden does.
#[test]
fn the_module_carries_its_metadata() {
    let Some(section) = module().section("io.kubewarden.metadata") else {
        assert!(std::env::var_os("MIGFIT_POLICY_WASM").is_none(), "the module has no metadata");
        println!("a module as cargo builds it has no metadata: run `cargo xtask test`");
        return;
    };
    let metadata: Value = serde_json::from_slice(section).unwrap();
    assert_eq!(metadata["protocolVersion"], "v1");
    let resources = |rule: &Value| rule["resources"].as_array().unwrap().clone();
    let ruled: Vec<Value> = metadata["rules"].as_array().unwrap().iter().flat_map(resources).collect();
    let mut kinds: Vec<Served> = Subject::served().collect();
    kinds.sort_by_key(|served| served.group);
    assert_eq!(ruled, kinds.iter().map(|served| served.resource).collect::<Vec<&str>>());
    let source = file("metadata.yml");
    let (_, annotations) = source.split_once("annotations:\n").unwrap();
    let told: Vec<String> = annotations.lines().map(str::to_owned).collect();
    let mut carried = metadata["annotations"].as_object().unwrap().clone();
    assert_eq!(carried.remove("io.kubewarden.policy.usage"), Some(Value::String(file("README.md"))));
    let mut carried: Vec<String> =
        carried.iter().map(|(name, text)| format!("  {name}: {}", text.as_str().unwrap())).collect();
    carried.sort();
    let mut sorted = told.clone();
    sorted.sort();
    assert_eq!(carried, sorted);
    for name in ["mutating", "backgroundAudit", "executionMode", "policyType", "minimumKubewardenVersion"] {
        let value = metadata[name].to_string().replace('"', "");
        assert!(source.contains(&format!("\n{name}: {value}\n")), "{name}: {value}");
    }
}
