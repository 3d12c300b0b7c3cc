//! A cluster that answers the policy's look-ups as Kubewarden's host does, and keeps them.

use std::sync::Mutex;

use serde_json::{Map, Value, json};

/// Objects, and the look-ups that were made.
#[derive(Debug, Default)]
pub struct Cluster {
    objects: Vec<Value>,
    refused: Vec<String>,
    absent: Option<String>,
    asked: Mutex<Vec<String>>,
}

impl Cluster {
    /// A cluster with these objects.
    #[must_use]
    pub fn new(objects: Vec<Value>) -> Cluster {
        Cluster { objects, ..Cluster::default() }
    }

    /// The same, which grants no access to objects of `kind`.
    #[must_use]
    pub fn refusing(mut self, kind: &str) -> Cluster {
        self.refused.push(kind.to_owned());
        self
    }

    /// The same, which says `words` of what it does not have.
    #[must_use]
    pub fn saying(self, words: &str) -> Cluster {
        Cluster { absent: Some(words.to_owned()), ..self }
    }

    /// The same objects, of which nothing was asked.
    #[must_use]
    pub fn twin(&self) -> Cluster {
        Cluster {
            refused: self.refused.clone(),
            absent: self.absent.clone(),
            ..Cluster::new(self.objects.clone())
        }
    }

    /// What was asked so far: `get_resource v1 ConfigMap models/migfit-models`.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }

    /// Answers a call of the capability `kubernetes`.
    ///
    /// # Errors
    /// What the host would say.
    pub fn answer(&self, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        let payload: Value = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
        let word = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
        let (version, kind, name) = (word("api_version"), word("kind"), word("name"));
        let place = [word("namespace"), name.clone()].into_iter().filter(|word| !word.is_empty());
        let place = place.collect::<Vec<_>>().join("/");
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(format!("{operation} {version} {kind} {place}").trim_end().to_owned());
        }
        if self.refused.contains(&kind) {
            return Err(format!(
                "Policy has not been granted access to Kubernetes {version}/{kind} resources."
            ));
        }
        let masks: Vec<&str> =
            payload["field_masks"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        // Whatever version an object was stored as, it is served as the one that is asked for.
        let group = |version: &str| version.split_once('/').map_or("", |(group, _)| group).to_owned();
        let is = |object: &&Value| {
            let own = object["apiVersion"].as_str().unwrap_or_default();
            object["kind"] == json!(kind) && group(own) == group(&version)
        };
        let mut found = self.objects.iter().filter(is);
        let answer = match operation {
            "list_resources_all" => {
                let items: Vec<Value> = found.map(|object| pruned(object, &masks)).collect();
                json!({"apiVersion": version, "kind": format!("{kind}List"), "metadata": {}, "items": items})
            }
            "get_resource" => {
                let here = |object: &&Value| {
                    let metadata = &object["metadata"];
                    metadata["name"] == json!(name)
                        && metadata["namespace"].as_str().unwrap_or_default() == word("namespace")
                };
                match found.find(here) {
                    Some(object) => pruned(object, &masks),
                    None => {
                        let usual = || format!("Cannot find {kind} named '{name}' inside of namespace");
                        return Err(self.absent.clone().unwrap_or_else(usual));
                    }
                }
            }
            other => {
                return Err(format!(
                    "Policy has not been granted access to the 'kubernetes/{other}' host capability."
                ));
            }
        };
        serde_json::to_vec(&answer).map_err(|error| error.to_string())
    }
}

/// `object` with the fields of `masks` alone.
fn pruned(object: &Value, masks: &[&str]) -> Value {
    if masks.is_empty() {
        return object.clone();
    }
    let mut kept = Value::Object(Map::new());
    for mask in masks {
        let value = mask.split('.').try_fold(object, |value, step| value.get(step));
        let mut place = &mut kept;
        for step in mask.split('.') {
            place = &mut place[step];
        }
        if let Some(value) = value {
            *place = value.clone();
        }
    }
    kept
}
