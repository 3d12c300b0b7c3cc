//! What Kubewarden's tools read in a policy module: a custom section, as `kwctl annotate` writes it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use walrus::Module;
use wasm_encoder::{CustomSection, Section as _};

/// Section with the metadata as JSON.
pub(crate) const METADATA: &str = "io.kubewarden.metadata";
/// Annotation with the README.
pub(crate) const USAGE: &str = "io.kubewarden.policy.usage";

/// How a host runs a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As functions over waPC; the protocol is the one that the guest answers with.
    Wapc,
    /// As a program; `kwctl annotate` knows no protocol of it.
    Wasi,
}

/// `metadata.yml`. Strict: Kubewarden ignores a misspelt name without a word.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol_version: Option<String>,
    rules: Vec<Rule>,
    annotations: BTreeMap<String, String>,
    mutating: bool,
    background_audit: bool,
    context_aware_resources: Vec<Resource>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    host_capabilities: Vec<String>,
    execution_mode: String,
    policy_type: String,
    minimum_kubewarden_version: String,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rule {
    api_groups: Vec<String>,
    api_versions: Vec<String>,
    resources: Vec<String>,
    operations: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Resource {
    api_version: String,
    kind: String,
}

/// `module` with its metadata, the YAML of `metadata.yml`, and its `readme`.
///
/// # Errors
/// Where the metadata are not Kubewarden's or the module is not valid.
pub(crate) fn annotate(module: &[u8], metadata: &str, readme: &str, form: Form) -> Result<Vec<u8>> {
    Module::from_buffer(module).context("the policy module")?;
    let data = json(metadata, readme, form)?;
    // Put behind the others: `kwctl annotate` writes the whole module anew, with its functions in another order, which
    // is 17 kB larger.
    let mut annotated = module.to_vec();
    CustomSection { name: METADATA.into(), data: data.into() }.append_to(&mut annotated);
    Ok(annotated)
}

/// The metadata as the section holds them.
fn json(metadata: &str, readme: &str, form: Form) -> Result<Vec<u8>> {
    let mut metadata: Metadata = serde_saphyr::from_str(metadata).context("metadata.yml")?;
    metadata.annotations.insert(USAGE.to_owned(), readme.to_owned());
    match form {
        Form::Wapc => metadata.protocol_version = Some("v1".to_owned()),
        Form::Wasi => {
            // A program cannot ask its host.
            metadata.context_aware_resources.clear();
            metadata.host_capabilities.clear();
            metadata.protocol_version = Some("Unknown".to_owned());
            "wasi".clone_into(&mut metadata.execution_mode);
        }
    }
    Ok(serde_json::to_vec(&metadata)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA_YML: &str = "\
rules:
  - apiGroups: [\"\"]
    apiVersions: [\"v1\"]
    resources: [\"pods\"]
    operations: [\"CREATE\"]
mutating: false
backgroundAudit: true
contextAwareResources: [{apiVersion: v1, kind: Node}]
executionMode: kubewarden-wapc
policyType: kubernetes
minimumKubewardenVersion: 1.30.0
annotations:
  io.kubewarden.policy.title: migfit
";

    #[test]
    fn writes_the_section_that_kubewarden_reads() {
        let empty = b"\0asm\x01\0\0\0";
        let annotated = annotate(empty, METADATA_YML, "# usage", Form::Wapc).unwrap();
        let module = Module::from_buffer(&annotated).unwrap();
        let sections: Vec<(String, String)> = module
            .customs
            .iter()
            .map(|(_, section)| {
                let data = section.data(&Default::default()).into();
                (section.name().to_owned(), String::from_utf8(data).unwrap())
            })
            .collect();
        let data = r##"{"protocolVersion":"v1","rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"],"operations":["CREATE"]}],"annotations":{"io.kubewarden.policy.title":"migfit","io.kubewarden.policy.usage":"# usage"},"mutating":false,"backgroundAudit":true,"contextAwareResources":[{"apiVersion":"v1","kind":"Node"}],"executionMode":"kubewarden-wapc","policyType":"kubernetes","minimumKubewardenVersion":"1.30.0"}"##;
        assert_eq!(sections, [(METADATA.to_owned(), data.to_owned())]);
    }

    #[test]
    fn a_program_asks_its_host_nothing() {
        let text = String::from_utf8(json(METADATA_YML, "", Form::Wasi).unwrap()).unwrap();
        assert!(text.starts_with(r#"{"protocolVersion":"Unknown","#), "{text}");
        assert!(text.contains(r#""contextAwareResources":[],"executionMode":"wasi""#), "{text}");
    }

    #[test]
    fn refuses_a_name_that_kubewarden_does_not_know() {
        let misspelt = METADATA_YML.replace("mutating", "mutation");
        let error = format!("{:#}", json(&misspelt, "", Form::Wapc).unwrap_err());
        assert!(error.starts_with("metadata.yml: "), "{error}");
        assert!(error.contains("unknown field `mutation`"), "{error}");
    }
}
