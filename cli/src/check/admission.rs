//! What the admission policy would answer, with its settings and without a cluster: what it may look up is looked for
//! among the files.

use std::path::Path;

use migfit::admission::{self, Object, Query, Response, Settings, Which, Who};
use migfit::problem::Problem;
use migfit::review::Subject;
use migfit::yaml;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Check;
use crate::input;
use crate::report::Failure;

/// A policy that is tried.
#[derive(Debug)]
pub(super) struct Policy {
    settings: Value,
    namespace: String,
    user: String,
    groups: Vec<String>,
}

/// What the policy answers for an object.
#[derive(Debug, Serialize)]
pub(super) struct Admission {
    /// The namespace that the object is stored in, empty where it has none.
    pub(super) namespace: String,
    /// `monitor`, `warn` or `enforce`, as it is there.
    pub(super) mode: &'static str,
    /// Why the policy leaves the object alone, where it does.
    pub(super) exempt: Option<String>,
    /// The answer itself.
    pub(super) response: Response,
}

impl Policy {
    /// The policy that the command line names, if any.
    pub(super) fn read(check: &Check) -> Result<Option<Policy>, Vec<Failure>> {
        let Some(path) = &check.settings else { return Ok(None) };
        let failed = |problem| Failure { file: path.display().to_string(), problem };
        let settings = settings(path).map_err(|problem| vec![failed(problem)])?;
        let problems = admission::settings::check(&settings);
        if !problems.is_empty() {
            return Err(problems.into_iter().map(failed).collect());
        }
        Ok(Some(Policy {
            settings,
            namespace: check.namespace.clone(),
            user: check.user.clone().unwrap_or_default(),
            groups: check.group.clone(),
        }))
    }

    /// The settings, which were read before.
    pub(super) fn settings(&self) -> Result<Settings<'_>, Vec<Problem>> {
        Settings::read(&self.settings)
    }

    /// What becomes of `object`, with `others` in the cluster.
    pub(super) fn rule(
        &self,
        subject: Subject,
        object: &Map<String, Value>,
        others: &[Value],
        settings: &Settings,
    ) -> (migfit::review::Review, Admission) {
        let own = metadata(object, "namespace").unwrap_or(&self.namespace);
        let namespace = if subject.is_namespaced() { own } else { "" };
        let groups = self.groups.iter().map(String::as_str).collect();
        let asked = Object { subject, object, old: None, namespace, who: Who { user: &self.user, groups } };
        let ruling = asked.rule(settings, &|query| self.find(query, others));
        let admission = Admission {
            namespace: namespace.to_owned(),
            mode: ruling.mode.word(),
            exempt: ruling.exempt,
            response: ruling.response,
        };
        (ruling.review, admission)
    }

    /// Answers from the files as a cluster would that has their objects.
    fn find(&self, query: &Query, others: &[Value]) -> Result<Value, String> {
        let group = |version: &str| version.split_once('/').map_or("", |(group, _)| group).to_owned();
        let is = |object: &&Value| {
            let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
            object.get("kind").and_then(Value::as_str) == Some(query.kind)
                && group(version) == group(query.api_version)
        };
        let mut found = others.iter().filter(is);
        match query.which {
            Which::All => {
                let items: Vec<&Value> = found.collect();
                Ok(json!({"items": items}))
            }
            Which::One(namespace, name) => {
                let here = |object: &&Value| {
                    let Some(object) = object.as_object() else { return false };
                    let own = metadata(object, "namespace").unwrap_or(&self.namespace);
                    metadata(object, "name") == Some(name) && (namespace.is_empty() || own == namespace)
                };
                found.find(here).cloned().ok_or_else(|| "not among the files".to_owned())
            }
        }
    }
}

/// The settings in a file: alone, or in an object that deploys the policy.
fn settings(path: &Path) -> Result<Value, Problem> {
    let text = input::text(path)?;
    let mut documents = yaml::documents("settings", &text)?.into_iter();
    let first = documents.next().unwrap_or_else(|| json!({}));
    if documents.next().is_some() {
        return Err(Problem::new("bad-setting", "settings", "several documents", "one"));
    }
    let deploys =
        first.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("AdmissionPolicy"));
    if !deploys {
        return Ok(first);
    }
    let inside = first.get("spec").and_then(|spec| spec.get("settings"));
    Ok(inside.cloned().unwrap_or_else(|| json!({})))
}

fn metadata<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get("metadata")?.get(name)?.as_str()
}
