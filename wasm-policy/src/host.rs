//! What the policy asks of the cluster, through the host: Kubewarden's context-aware calls.
//!
//! Source: `kubewarden-policy-sdk` 0.17, `host_capabilities/kubernetes.rs`.

use migfit::admission::{Query, Which};
use serde::Serialize;
use serde_json::Value;

/// Calls an operation of the host's `kubernetes` capability with a payload.
pub type Call<'a> = &'a dyn Fn(&str, &[u8]) -> Result<Vec<u8>, String>;

/// The host, where it can be asked.
#[derive(Clone, Copy, Default)]
pub struct Host<'a> {
    call: Option<Call<'a>>,
}

#[derive(Serialize)]
struct Get<'a> {
    api_version: &'a str,
    kind: &'a str,
    name: &'a str,
    namespace: Option<&'a str>,
    disable_cache: bool,
    field_masks: &'a [&'a str],
}

#[derive(Serialize)]
struct List<'a> {
    api_version: &'a str,
    kind: &'a str,
    label_selector: Option<&'a str>,
    field_selector: Option<&'a str>,
    field_masks: &'a [&'a str],
}

/// The capability and the operations that are used, as `metadata.yml` declares them.
pub const OPERATIONS: [&str; 2] = ["get_resource", "list_resources_all"];

impl<'a> Host<'a> {
    /// A host that is asked by `call`.
    #[must_use]
    pub const fn new(call: Call<'a>) -> Host<'a> {
        Host { call: Some(call) }
    }

    /// What the cluster says.
    pub(crate) fn answer(self, query: &Query) -> Result<Value, String> {
        let Query { api_version, kind, which, fields: field_masks } = *query;
        match which {
            Which::One(namespace, name) => {
                let namespace = Some(namespace).filter(|namespace| !namespace.is_empty());
                let get = Get { api_version, kind, name, namespace, disable_cache: false, field_masks };
                self.ask("get_resource", &get)
            }
            Which::All => {
                let list =
                    List { api_version, kind, label_selector: None, field_selector: None, field_masks };
                self.ask("list_resources_all", &list)
            }
        }
    }

    fn ask(self, operation: &str, payload: &impl Serialize) -> Result<Value, String> {
        let Some(call) = self.call else {
            return Err("this host cannot be asked".to_owned());
        };
        let payload = serde_json::to_vec(payload).map_err(|error| error.to_string())?;
        let answer = call(operation, &payload)?;
        serde_json::from_slice(&answer).map_err(|error| format!("an answer that is not JSON ({error})"))
    }
}
