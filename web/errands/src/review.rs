//! What is wrong with the objects of a manifest: the findings of `migfit check`.

use std::collections::BTreeMap;

use migfit::gpu::{self, Gpu};
use migfit::kubernetes::Beside;
use migfit::model::json::kind;
use migfit::problem::Problem;
use migfit::review::{Cluster, Config, Context, Finding, Known, Subject};
use migfit::yaml;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::admit::{self, Admission, Admitted, Given};
use crate::{Done, Progress};

/// Where models come from that a reader brings along.
const MODELS: &str = "the known models";

/// The answer for every object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviews {
    /// Objects of kinds that are reviewed, in the order of the manifest.
    pub objects: Vec<Reviewed>,
    /// How many objects of other kinds there are.
    pub others: BTreeMap<String, usize>,
    /// What the admission policy says against its settings.
    pub settings: Option<String>,
}

/// The answer for one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// `Deployment models/granite`.
    pub title: String,
    /// The word of the verdict, absent where nothing in it asks for a device.
    pub verdict: Option<String>,
    /// The most severe first.
    pub findings: Vec<Found>,
    /// What the admission policy answers, absent where it is not asked.
    pub admitted: Option<Admitted>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its id: `does-not-fit`.
    pub id: String,
    /// The word of its severity.
    pub severity: String,
    /// What was found, with the container in front.
    pub text: String,
    /// The lines below it: `need: 15.3 GiB …`.
    pub details: Vec<String>,
    /// Where in the object.
    pub at: Vec<String>,
}

impl From<&Finding> for Found {
    fn from(finding: &Finding) -> Found {
        Found {
            id: finding.lint.id().to_owned(),
            severity: finding.severity.word().to_owned(),
            text: finding.summary(),
            details: finding.details.iter().map(ToString::to_string).collect(),
            at: finding.at.clone(),
        }
    }
}

/// Reviews every object of `manifest`; `models` are configs by id, empty where none are brought along, and `gpus` the
/// cards of the cluster, none where any may be meant. The policy is asked as `admission` says.
pub(crate) fn review(
    manifest: &str,
    (models, gpus): (&str, &[String]),
    admission: &Admission,
    tell: &mut dyn FnMut(Progress),
) -> Result<Done, Problem> {
    tell(Progress { done: 0, total: 3, what: "reading the manifest".to_owned() });
    let mut given = Vec::new();
    for document in yaml::documents("manifest", manifest)? {
        unfold(document, &mut given)?;
    }
    let models = known(models)?;
    let settings = admission.settings(gpus, &models)?;
    let gpus: Vec<&'static Gpu> = gpus.iter().map(|name| gpu::find(name)).collect::<Result<_, _>>()?;
    tell(Progress { done: 1, total: 3, what: "reviewing its objects".to_owned() });
    let documents: Vec<Value> = given.iter().map(|given| Value::Object(given.object.clone())).collect();
    let context = Context {
        models: models.iter().map(|(id, config)| (id.as_str(), of_reader(id, config))).collect(),
        beside: Beside::of(&documents),
        cluster: Cluster { source: "the GPUs of the cluster", gpus, pools: &[] },
        ..Context::default()
    };
    let mut reviews = Reviews::default();
    let mut asked = Vec::new();
    for given in &given {
        match Subject::of(&given.object).ok().flatten() {
            Some(subject) => {
                let review = subject.review(&given.object, &context);
                reviews.objects.push(Reviewed {
                    title: title(&given.object),
                    verdict: review.verdict.map(|verdict| verdict.word().to_owned()),
                    findings: review.findings.iter().map(Found::from).collect(),
                    admitted: None,
                });
                asked.push(given);
            }
            None => *reviews.others.entry(other(&given.object)).or_default() += 1,
        }
    }
    tell(Progress { done: 2, total: 3, what: "asking the admission policy".to_owned() });
    reviews.settings = admit::check(&settings);
    if reviews.settings.is_none() {
        let bench = admit::Bench { admission, settings: &settings, cluster: &documents };
        for (object, given) in reviews.objects.iter_mut().zip(asked) {
            object.admitted = bench.ask(given);
        }
    }
    Ok(Done::Reviewed(Box::new(reviews)))
}

/// Lists taken apart.
fn unfold(document: Value, given: &mut Vec<Given>) -> Result<(), Problem> {
    let is_list = document.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    match document {
        Value::Object(mut map) if is_list && map.get("items").is_some_and(Value::is_array) => {
            match map.remove("items") {
                Some(Value::Array(items)) => items.into_iter().try_for_each(|item| unfold(item, given)),
                Some(_) | None => Ok(()),
            }
        }
        Value::Object(object) => {
            given.push(Given::of(object));
            Ok(())
        }
        other => Err(Problem::new("no-object", "manifest", kind(&other), "objects of Kubernetes")),
    }
}

/// The configs by id; each may stand in an object as `config`.
pub(crate) fn known(text: &str) -> Result<Vec<(String, Value)>, Problem> {
    let mut models = Vec::new();
    if text.trim().is_empty() {
        return Ok(models);
    }
    for document in yaml::documents("models", text)? {
        let Value::Object(entries) = document else {
            return Err(Problem::new("bad-model", "models", kind(&document), "an object of models by id"));
        };
        for (id, mut entry) in entries {
            let config = entry.get_mut("config").map(Value::take).unwrap_or(entry);
            models.push((id, config));
        }
    }
    Ok(models)
}

fn of_reader<'a>(id: &str, config: &'a Value) -> Known<'a> {
    Known { source: MODELS, place: format!("{MODELS}: {id:?}"), config: Config::Json(config) }
}

fn title(object: &Map<String, Value>) -> String {
    let word = |name: &str| object.get("metadata").and_then(|data| data.get(name)?.as_str());
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    let name = word("name").or_else(|| word("generateName")).unwrap_or_default();
    match word("namespace") {
        Some(namespace) => format!("{kind} {namespace}/{name}"),
        None => format!("{kind} {name}"),
    }
}

fn other(object: &Map<String, Value>) -> String {
    let kind = object.get("kind").and_then(Value::as_str).filter(|kind| !kind.is_empty());
    kind.unwrap_or("no kind").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::GRANITE;

    const POD: &str = "kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: front}}
- apiVersion: v1
  kind: Pod
  metadata: {name: own, namespace: models}
  spec:
    containers:
    - name: vllm
      image: vllm/vllm-openai:v0.33.0
      args: [--model, org/own]
      resources: {limits: {nvidia.com/mig-1g.10gb: 1}}
";

    fn reviewed(models: &str, gpus: &[&str]) -> Result<Reviews, Problem> {
        let gpus: Vec<String> = gpus.iter().map(|&name| name.to_owned()).collect();
        match review(POD, (models, &gpus), &Admission::default(), &mut |_| ())? {
            Done::Reviewed(reviews) => Ok(*reviews),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_object_has_its_verdict_and_findings() {
        let reviews = reviewed("", &[]).unwrap();
        assert_eq!(reviews.others, BTreeMap::from([("Service".to_owned(), 1)]));
        let [own] = reviews.objects.as_slice() else { panic!("{reviews:?}") };
        assert_eq!((own.title.as_str(), own.verdict.as_deref()), ("Pod models/own", Some("unknown")));
        assert_eq!(
            (own.findings[0].id.as_str(), own.findings[0].severity.as_str()),
            ("unknown-model", "warning")
        );
    }

    #[test]
    fn known_models_and_gpus_decide() {
        let models = format!("{{\"org/own\": {{\"config\": {GRANITE}}}}}");
        let reviews = reviewed(&models, &["H100-80GB"]).unwrap();
        assert_eq!(reviews.objects[0].verdict.as_deref(), Some("no"));
        let found = &reviews.objects[0].findings[0];
        assert_eq!((found.id.as_str(), found.severity.as_str()), ("does-not-fit", "error"));
        assert_eq!(found.at, ["spec.containers[0].resources.limits[\"nvidia.com/mig-1g.10gb\"]"]);
        assert!(found.text.starts_with("container vllm: "), "{found:?}");
        assert!(found.details.iter().any(|detail| detail.starts_with("need: ")), "{found:?}");
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let said = |models: &str, gpus: &[&str]| reviewed(models, gpus).unwrap_err().to_string();
        assert_eq!(said("[]", &[]), "models: found a list, expected an object of models by id");
        assert!(said("", &["H900"]).contains("H900"));
        let problem = review("hello", ("", &[]), &Admission::default(), &mut |_| ()).unwrap_err();
        assert_eq!(problem.to_string(), "manifest: found a text, expected objects of Kubernetes");
    }
}
