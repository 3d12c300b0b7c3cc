//! NIMService of NVIDIA's NIM operator.
//!
//! Source: NVIDIA/k8s-nim-operator f63f74d, `api/apps/v1alpha1/nimservice_types.go` and `dra_types.go`.

use serde_json::{Map, Value, json};

use super::super::claim::{Asked, Claim};
use super::super::container::Role;
use super::super::dra::{self, Alternative};
use super::super::fields::{bad, field, join, list, object, part, text};
use super::super::pod::{Source, number, objects};
use super::super::pod_claims::Held;
use super::super::server::Server;
use super::super::sharing::Sharing;
use super::super::spelling::Spelling;
use super::{Assembled, Pods, container_of, spec};
use crate::problem::Problem;

/// The image that serves any model: the model is named apart.
const ANY_MODEL: &str = "llm-nim";

/// NIMService.
pub(crate) fn nim_service(source: &Source<'_>) -> Pods {
    let one = |problem: Problem| vec![problem];
    let (spec, path) = spec(source)?;
    let image = part(spec, &path, "image").map_err(one)?;
    let at = join(&path, "image");
    let word = |name: &str| image.map(|image| text(image, &at, name)).transpose().map(Option::flatten);
    let (repository, tag) = (word("repository").map_err(one)?, word("tag").map_err(one)?);
    let mut main = container_of(spec, &["command", "args", "env", "resources"]);
    if let (Some(main), Some(repository)) = (main.as_object_mut(), repository) {
        let image = tag.map_or_else(|| repository.to_owned(), |tag| format!("{repository}:{tag}"));
        main.insert("image".to_owned(), json!(image));
        // "Any DRA claim references are ignored. Use DRAResources instead for those."
        if let Some(resources) = main.get_mut("resources").and_then(Value::as_object_mut) {
            resources.remove("claims");
        }
    }
    let mut parts = Assembled::new(&path);
    parts.take(spec, &["nodeSelector", "affinity"]);
    parts.add("containers", &main, &path, "nim");
    for (from, to) in [("initContainers", "initContainers"), ("sidecarContainers", "containers")] {
        for (place, other) in list(spec, &path, from).map_err(one)?.iter().enumerate() {
            parts.add(to, &plain_image(other), &format!("{path}.{from}[{place}]"), "other");
        }
    }
    let mut pod = parts.read(source)?;
    let claims = resources(source, spec, &path)?;
    let multi = part(spec, &path, "multiNode").map_err(one)?;
    let sizes = multi.and_then(|multi| multi.get("parallelism")).and_then(Value::as_object);
    let size = |name: &str| sizes.and_then(|sizes| number(sizes, name));
    pod.nodes = size("pipeline").unwrap_or(1).max(1);
    pod.of_copy = pod.nodes;
    pod.replicas = match field(spec, "scale").and_then(|scale| scale.get("enabled")).and_then(Value::as_bool)
    {
        Some(true) => None,
        Some(false) | None => Some(number(spec, "replicas").unwrap_or(1).saturating_mul(pod.nodes)),
    };
    if let Some(nim) = pod.containers.iter_mut().find(|one| one.name == "nim" && one.role == Role::Main) {
        nim.claims.extend(claims);
        nim.stated.server = Some(Server::Nim);
        nim.stated.model = model(source, spec, repository, nim.env.get("NIM_MODEL_NAME"));
        for (name, flag) in [("tensor", "--tensor-parallel-size"), ("pipeline", "--pipeline-parallel-size")] {
            nim.stated
                .words
                .extend(size(name).into_iter().flat_map(|size| [flag.to_owned(), size.to_string()]));
        }
    }
    Ok(vec![pod])
}

/// A container whose image is told in parts, as a pod spec has it.
fn plain_image(container: &Value) -> Value {
    let mut container = container.clone();
    let part = |name: &str| container.get("image").and_then(|image| image.get(name)?.as_str());
    let image = part("repository")
        .map(|name| part("tag").map_or_else(|| name.to_owned(), |tag| format!("{name}:{tag}")));
    if let (Some(map), Some(image)) = (container.as_object_mut(), image) {
        map.insert("image".to_owned(), json!(image));
    }
    container
}

/// The model: what a variable names, what the cache was filled from, else what the image is made for.
fn model(
    source: &Source<'_>,
    spec: &Map<String, Value>,
    repository: Option<&str>,
    variable: Option<Option<&str>>,
) -> Option<String> {
    if let Some(variable) = variable {
        return variable.map(str::to_owned);
    }
    let cache = spec.get("storage").and_then(|storage| storage.get("nimCache")?.get("name")?.as_str());
    let cache = cache.and_then(|name| source.beside.find("NIMCache", source.namespace, name));
    let cached =
        cache.and_then(|cache| cache.get("spec")?.get("source")?.get("hf")?.get("modelName")?.as_str());
    let own = repository.and_then(|name| name.rsplit('/').next()).filter(|name| *name != ANY_MODEL);
    cached.or(own).map(str::to_owned)
}

/// The claims of `draResources`.
fn resources(source: &Source<'_>, spec: &Map<String, Value>, path: &str) -> Result<Vec<Claim>, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let mut claims = Vec::new();
    for (resource, at) in objects(spec, path, "draResources").map_err(one)? {
        if let Some(made) = part(resource, &at, "claimCreationSpec").map_err(one)? {
            let at = join(&at, "claimCreationSpec");
            for (device, at) in objects(made, &at, "devices").map_err(one)? {
                claims.push(created(source, device, &at).map_err(one)?);
            }
            continue;
        }
        // As a pod holds it: under a name, and a container that refers to it.
        let mut held = resource.clone();
        held.insert("name".to_owned(), json!("dra"));
        let pod = Map::from_iter([("resourceClaims".to_owned(), json!([held]))]);
        let requests = list(resource, &at, "requests").map_err(one)?;
        let refer = |request: Option<&Value>| match request {
            Some(request) => json!({"name": "dra", "request": request}),
            None => json!({"name": "dra"}),
        };
        let refers: Vec<Value> = if requests.is_empty() {
            vec![refer(None)]
        } else {
            requests.iter().map(|one| refer(Some(one))).collect()
        };
        let container = json!({"resources": {"claims": refers}});
        let held = Held { spec: &pod, path: &at, namespace: source.namespace, beside: source.beside };
        let found = held.claims(object(&container, &at).map_err(one)?, &at)?;
        claims.extend(found.into_iter().map(|claim| {
            let asked = match claim.asked {
                Asked::Open(problem) => Asked::Open(problem.about(at.clone())),
                asked => asked,
            };
            Claim { path: at.clone(), asked, ..claim }
        }));
    }
    for claim in &mut claims {
        claim.spelling = Spelling::Nim;
    }
    Ok(claims)
}

/// The claim that the operator makes of one item of `devices`.
fn created(source: &Source<'_>, device: &Map<String, Value>, path: &str) -> Result<Claim, Problem> {
    let class = text(device, path, "deviceClassName")?.unwrap_or("gpu.nvidia.com").to_owned();
    let driver = text(device, path, "driverName")?.unwrap_or("gpu.nvidia.com");
    let count =
        device.get("count").map_or(Ok(1), |count| super::super::claim::count(count, &join(path, "count")))?;
    let mut texts = Vec::new();
    for (sort, fields) in [("attributes", "attributeSelectors"), ("capacity", "capacitySelectors")] {
        for (item, at) in objects(device, path, fields)? {
            texts.push((condition(item, &at, sort, driver)?, at));
        }
    }
    for (place, item) in list(device, path, "celExpressions")?.iter().enumerate() {
        let at = format!("{path}.celExpressions[{place}]");
        let text = item.as_str().ok_or_else(|| bad(&at, crate::model::json::kind(item), "a text"))?;
        texts.push((text.to_owned(), at));
    }
    let mut asked = dra::by_class(&class, path, source.beside);
    for (text, at) in texts {
        match (dra::selector(&text, &at), &mut asked) {
            (Ok(selector), Asked::Selected(ways)) => {
                ways.iter_mut().for_each(|way: &mut Alternative| way.selectors.push(selector.clone()));
            }
            (Ok(_), _) => {}
            (Err(problem), _) => asked = Asked::Open(problem),
        }
    }
    let (resource, path) = (class, path.to_owned());
    Ok(Claim { resource, path, asked, count: count.max(1), spelling: Spelling::Nim, sharing: Sharing::Alone })
}

/// A selector as the operator writes it in CEL.
fn condition(item: &Map<String, Value>, path: &str, sort: &str, driver: &str) -> Result<String, Problem> {
    let key = text(item, path, "key")?.unwrap_or_default();
    let (domain, name) = key.rsplit_once('/').unwrap_or((driver, key));
    let sign = match text(item, path, "op")?.unwrap_or("Equal") {
        "Equal" => "==",
        "NotEqual" => "!=",
        "GreaterThan" => ">",
        "GreaterThanOrEqual" => ">=",
        "LessThan" => "<",
        "LessThanOrEqual" => "<=",
        other => return Err(bad(&join(path, "op"), format!("{other:?}"), "a comparison such as Equal")),
    };
    let member = format!("device.{sort}['{domain}'].{name}");
    let value = field(item, "value").unwrap_or(&Value::Null);
    let typed = |name: &str| value.get(name);
    let quoted = |value: &Value| {
        value.as_str().map(|text| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")))
    };
    if sort == "capacity" {
        let amount = match value {
            Value::Number(number) => Some(format!("'{number}'")),
            other => quoted(other),
        };
        let amount =
            amount.ok_or_else(|| bad(&join(path, "value"), crate::model::json::kind(value), "a quantity"))?;
        return Ok(format!("{member}.compareTo(quantity({amount})) {sign} 0"));
    }
    if let Some(version) = typed("versionValue").and_then(quoted) {
        return Ok(format!("{member}.compareTo(semver({version})) {sign} 0"));
    }
    let plain = typed("boolValue").or_else(|| typed("intValue")).map(Value::to_string);
    match typed("stringValue").and_then(quoted).or(plain) {
        Some(value) => Ok(format!("{member} {sign} {value}")),
        None => {
            Err(bad(&join(path, "value"), "nothing", "one of stringValue, intValue, boolValue, versionValue"))
        }
    }
}
