//! What the policy says of itself must be what it does.

use std::collections::BTreeMap;
use std::path::Path;

use migfit::kubernetes::Kind;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-policy").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// One rule for each API group, in the order of the kinds.
fn rules(indent: &str) -> String {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kind in Kind::ALL {
        groups.entry(kind.group()).or_default().push(format!("{:?}", kind.resource()));
    }
    let rule = |(group, resources): (&str, Vec<String>)| {
        format!(
            "{indent}- apiGroups: [\"{group}\"]\n{indent}  apiVersions: [\"v1\"]\n{indent}  resources: [{}]\n{indent}  operations: [\"CREATE\", \"UPDATE\"]\n",
            resources.join(", ")
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
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert!(metadata.contains(&format!("io.artifacthub.resources: {}\n", names.join(", "))));
}

#[test]
fn the_version_is_that_of_the_workspace() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(file("metadata.yml").contains(&format!("io.kubewarden.policy.version: {version}\n")));
    assert!(file("README.md").contains(&format!("registry://ghcr.io/migfit/policies/migfit:v{version}\n")));
}

#[test]
fn the_readme_shows_the_real_answer() {
    let answer = include_str!("answers/too-small.txt");
    let message = answer.strip_prefix("refused\n").unwrap();
    assert!(file("README.md").contains(message), "the README's message is not the policy's:\n{message}");
}
