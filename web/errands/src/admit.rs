//! What the admission policy answers, asked as a policy server asks it.

use std::collections::BTreeMap;

use migfit::admission::{self, Query, Response, Which};
use migfit::kubernetes::Kind;
use migfit::model::json::kind;
use migfit::problem::Problem;
use migfit::yaml;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::diff::{self, Line};

/// How the policy is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// Its settings, YAML or JSON; or the whole policy object that holds them.
    pub settings: String,
    /// The mode in place of that of the settings, empty where those decide.
    pub mode: String,
    /// The namespace that objects without one are created in, empty for `default`.
    pub namespace: String,
    /// Who creates them.
    pub user: String,
}

/// What the policy answers about one object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    /// Whether the object may be stored.
    pub accepted: bool,
    /// Why not.
    pub message: Option<String>,
    /// What the user is told besides.
    pub warnings: Vec<String>,
    /// Figures for the audit log.
    pub audit: BTreeMap<String, String>,
    /// What the policy changes in the object.
    pub changes: Vec<Line>,
}

/// An object, and the request that brought it where an admission review was given.
pub(crate) struct Given {
    /// The object.
    pub(crate) object: Map<String, Value>,
    request: Option<Value>,
}

impl Given {
    /// `object`, or what is inside it where it is an admission review.
    pub(crate) fn of(mut object: Map<String, Value>) -> Given {
        let review = object.get("kind").and_then(Value::as_str) == Some("AdmissionReview");
        let request = if review { object.remove("request") } else { None };
        match request.as_ref().and_then(|request| request.get("object")) {
            Some(Value::Object(inside)) => Given { object: inside.clone(), request },
            Some(_) | None => Given { object, request: None },
        }
    }
}

impl Admission {
    /// The settings with what stands beside them; what they say themselves holds.
    pub(crate) fn settings(&self, gpus: &[String], models: &[(String, Value)]) -> Result<Value, Problem> {
        let mut documents = yaml::documents("settings", &self.settings)?;
        let found = documents.pop().unwrap_or_else(|| json!({}));
        if !documents.is_empty() {
            let found = format!("{} documents", documents.len() + 1);
            return Err(Problem::new("bad-settings", "settings", found, "one document"));
        }
        let policy = found.get("spec").filter(|_| found.get("kind").is_some());
        let inside = policy.and_then(|spec| spec.get("settings")).cloned();
        let mut settings = match inside.unwrap_or(found) {
            Value::Object(map) => map,
            other => return Err(Problem::new("bad-settings", "settings", kind(&other), "an object")),
        };
        if !self.mode.is_empty() {
            settings.insert("mode".to_owned(), Value::from(self.mode.as_str()));
        }
        if !gpus.is_empty() && !settings.contains_key("pools") {
            settings.entry("gpus").or_insert_with(|| Value::from(gpus));
        }
        if !models.is_empty() {
            let configs = models.iter().map(|(id, config)| (id.clone(), json!({ "config": config })));
            settings.entry("models").or_insert_with(|| Value::Object(configs.collect()));
        }
        Ok(Value::Object(settings))
    }
}

/// What the policy says against its settings.
pub(crate) fn check(settings: &Value) -> Option<String> {
    let checked = admission::validate_settings(settings.to_string().as_bytes());
    checked.message.filter(|_| !checked.valid)
}

/// Everything that the policy is asked with.
pub(crate) struct Bench<'a> {
    pub(crate) admission: &'a Admission,
    pub(crate) settings: &'a Value,
    /// What stands for the objects of the cluster.
    pub(crate) cluster: &'a [Value],
}

impl Bench<'_> {
    /// The answer about `given`; `None` for a kind that the policy is not asked about.
    pub(crate) fn ask(&self, given: &Given) -> Option<Admitted> {
        let kind = Kind::of(&given.object).ok().flatten()?;
        let request = given.request.clone().unwrap_or_else(|| self.request(kind, &given.object));
        let payload = json!({ "request": request, "settings": self.settings }).to_string();
        let response = admission::validate(payload.as_bytes(), &|query| self.look(query));
        Some(told(response, &given.object))
    }

    /// Objects of the manifest stand for those of the cluster.
    fn look(&self, query: &Query) -> Result<Value, String> {
        let mut of_kind = self.cluster.iter().filter(|object| {
            object.get("apiVersion").and_then(Value::as_str) == Some(query.api_version)
                && object.get("kind").and_then(Value::as_str) == Some(query.kind)
        });
        let Which::One(namespace, name) = query.which else {
            return Ok(json!({ "items": of_kind.collect::<Vec<_>>() }));
        };
        let here = |object: &&Value| {
            let word = |name: &str| object.get("metadata").and_then(|data| data.get(name)?.as_str());
            let own = word("namespace").unwrap_or("default");
            word("name") == Some(name) && (namespace.is_empty() || own == namespace)
        };
        of_kind.find(here).cloned().ok_or_else(|| "not among the objects of the manifest".to_owned())
    }

    /// The request of an API server to create `object`, as far as the policy reads it.
    fn request(&self, kind: Kind, object: &Map<String, Value>) -> Value {
        let metadata = object.get("metadata");
        let word = |name: &str| metadata.and_then(|data| data.get(name)?.as_str());
        let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
        let version = version.rsplit('/').next().unwrap_or_default();
        let own = Some(self.admission.namespace.as_str()).filter(|name| !name.is_empty());
        let user = Some(self.admission.user.as_str()).filter(|name| !name.is_empty());
        json!({
            "uid": "",
            "kind": { "group": kind.group(), "version": version, "kind": kind.name() },
            "operation": "CREATE",
            "name": word("name").unwrap_or_default(),
            "namespace": word("namespace").or(own).unwrap_or("default"),
            "userInfo": { "username": user.unwrap_or("kubernetes-admin"), "groups": ["system:authenticated"] },
            "object": object,
        })
    }
}

fn told(response: Response, object: &Map<String, Value>) -> Admitted {
    let changes = response.mutated_object.as_ref().map(|after| {
        let texts = yaml_of(object).and_then(|before| Ok((before, yaml_of(after)?)));
        texts.map(|(before, after)| diff::lines(&before, &after))
    });
    let (changes, unwritten) = match changes {
        Some(Ok(changes)) => (changes, None),
        Some(Err(why)) => (Vec::new(), Some(why)),
        None => (Vec::new(), None),
    };
    Admitted {
        accepted: response.accepted,
        message: response.message.or(unwritten),
        warnings: response.warnings,
        audit: response.audit_annotations.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        changes,
    }
}

fn yaml_of(value: &impl Serialize) -> Result<String, String> {
    serde_saphyr::to_string(value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Side;

    fn settings(text: &str, mode: &str) -> Result<Value, Problem> {
        let admission =
            Admission { settings: text.to_owned(), mode: mode.to_owned(), ..Admission::default() };
        admission.settings(&["H100-80GB".to_owned()], &[("org/own".to_owned(), json!({"a": 1}))])
    }

    #[test]
    fn settings_hold_before_what_stands_beside_them() {
        let beside = json!({"gpus": ["H100-80GB"], "models": {"org/own": {"config": {"a": 1}}}});
        assert_eq!(settings("", "").unwrap(), beside);
        let own = settings("{mode: warn, gpus: [L40S], models: {}}", "monitor").unwrap();
        assert_eq!(own, json!({"mode": "monitor", "gpus": ["L40S"], "models": {}}));
        let whole = "kind: ClusterAdmissionPolicy\nspec: {settings: {models: {}, pools: []}}";
        assert_eq!(settings(whole, "").unwrap(), json!({"models": {}, "pools": []}));
    }

    #[test]
    fn what_is_no_settings_is_said() {
        let said = |text: &str| settings(text, "").unwrap_err().to_string();
        assert_eq!(said("[]"), "settings: found a list, expected an object");
        assert_eq!(said("a: 1\n---\nb: 2"), "settings: found 2 documents, expected one document");
    }

    fn asked(admission: &Admission, cluster: &[Value], object: &Value) -> Admitted {
        let settings = admission.settings(&[], &[]).unwrap();
        assert_eq!(check(&settings), None);
        let Value::Object(object) = object.clone() else { panic!("no object") };
        Bench { admission, settings: &settings, cluster }.ask(&Given::of(object)).unwrap()
    }

    fn pod(model: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{
            "name": "vllm", "image": "vllm/vllm-openai:v0.33.0", "args": ["--model", model, "--max-model-len=4096"],
            "resources": {"limits": {"nvidia.com/mig-1g.10gb": 1}}}]}})
    }

    #[test]
    fn what_the_policy_changes_is_shown() {
        let settings =
            "pools: [{name: mig, gpu: H100-80GB, devices: [1g.10gb, 1g.20gb]}]\nmutate: {rightSize: true}";
        let admission = Admission { settings: settings.to_owned(), ..Admission::default() };
        let admitted = asked(&admission, &[], &pod("ibm-granite/granite-7b-base"));
        assert!(admitted.accepted, "{admitted:?}");
        let of = |side| -> Vec<&str> {
            let lines = admitted.changes.iter().filter(|line| line.side == side);
            lines.map(|line| line.text.trim()).collect()
        };
        assert_eq!(of(Side::Before), ["nvidia.com/mig-1g.10gb: 1"]);
        assert_eq!(of(Side::After)[0], "nvidia.com/mig-1g.20gb: 1");
    }

    #[test]
    fn the_mode_decides_and_the_manifest_answers_look_ups() {
        let settings = "gpus: [H100-80GB]\nlookups: {models: {configMap: known}}";
        let mut admission =
            Admission { settings: settings.to_owned(), namespace: "team".to_owned(), ..Admission::default() };
        let known = json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "known", "namespace": "team"}, "data": {"org__own": crate::tests::GRANITE}});
        let refused = asked(&admission, std::slice::from_ref(&known), &pod("org/own"));
        assert!(
            !refused.accepted && refused.message.as_ref().unwrap().contains("org/own needs"),
            "{refused:?}"
        );
        let unknown = asked(&admission, &[], &pod("org/own"));
        assert!(unknown.accepted && unknown.audit.contains_key("lookups"), "{unknown:?}");
        admission.mode = "monitor".to_owned();
        let noted = asked(&admission, &[known], &pod("org/own"));
        assert!(
            noted.accepted && noted.warnings.is_empty() && noted.audit.contains_key("refusal"),
            "{noted:?}"
        );
    }

    #[test]
    fn an_admission_review_brings_its_own_request() {
        let review =
            json!({"kind": "AdmissionReview", "request": {"operation": "DELETE", "object": pod("a/b")}});
        assert_eq!(
            asked(&Admission::default(), &[], &review),
            Admitted { accepted: true, ..Admitted::default() }
        );
        assert!(check(&json!({"mode": "sometimes"})).unwrap().contains("sometimes"));
    }
}
