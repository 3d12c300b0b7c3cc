//! The admission request, as far as it is needed.

use crate::model::json::kind as json_kind;
use crate::problem::Problem;
use crate::review::Subject;
use serde_json::{Map, Value};

/// What a request asks of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked<'a> {
    /// Nothing that it judges: a deletion, a sub-resource, an object on its way out.
    Nothing,
    /// An object of a kind that it does not read.
    OtherKind(String),
    /// Whether this object may be stored.
    Object(Object<'a>),
    /// Whether a model fits a device, without any object.
    Fit(&'a Map<String, Value>),
}

/// An object that may be stored, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object<'a> {
    /// What it is.
    pub subject: Subject,
    /// The object.
    pub object: &'a Map<String, Value>,
    /// What it replaces, on an update.
    pub old: Option<&'a Map<String, Value>>,
    /// Its namespace, empty where it has none.
    pub namespace: &'a str,
    /// Who asks.
    pub who: Who<'a>,
}

/// Who asks for something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who<'a> {
    /// The name of the user, empty where the request names none.
    pub user: &'a str,
    /// The groups of the user.
    pub groups: Vec<&'a str>,
}

/// Reads an admission request, or a bare object as raw policies are given.
pub(super) fn read(request: &Value) -> Result<Asked<'_>, Problem> {
    let request = object("request", request)?;
    if !request.contains_key("operation") {
        if request.contains_key("device") {
            return Ok(Asked::Fit(request));
        }
        if request.contains_key("apiVersion") {
            return asked(Subject::of(request)?, request, (request, None), request);
        }
    }
    let operation = text(request, "operation")?;
    if !matches!(operation, "CREATE" | "UPDATE") {
        return match operation {
            "DELETE" | "CONNECT" => Ok(Asked::Nothing),
            other => Err(bad("request.operation", format!("{other:?}"), "CREATE, UPDATE, DELETE or CONNECT")),
        };
    }
    if request.get("subResource").and_then(Value::as_str).is_some_and(|name| !name.is_empty()) {
        return Ok(Asked::Nothing);
    }
    let gvk = object("request.kind", request.get("kind").unwrap_or(&Value::Null))?;
    let new = object("request.object", request.get("object").unwrap_or(&Value::Null))?;
    let old = match request.get("oldObject") {
        None | Some(Value::Null) => None,
        Some(old) => Some(object("request.oldObject", old)?),
    };
    let group = match gvk.get("group") {
        None | Some(Value::Null) => "",
        Some(_) => text_at(gvk, "group", "request.kind.group")?,
    };
    asked(Subject::find(group, text_at(gvk, "kind", "request.kind.kind")?), gvk, (new, old), request)
}

fn asked<'a>(
    subject: Option<Subject>,
    named: &'a Map<String, Value>,
    (object, old): (&'a Map<String, Value>, Option<&'a Map<String, Value>>),
    request: &'a Map<String, Value>,
) -> Result<Asked<'a>, Problem> {
    let Some(subject) = subject else {
        return Ok(Asked::OtherKind(text(named, "kind")?.to_owned()));
    };
    let leaving = object.get("metadata").and_then(|metadata| metadata.get("deletionTimestamp"));
    Ok(match leaving {
        Some(Value::String(_)) => Asked::Nothing,
        Some(_) | None => {
            let inside = object.get("metadata").and_then(|metadata| metadata.get("namespace"));
            let namespace = request.get("namespace").or(inside).and_then(Value::as_str).unwrap_or_default();
            Asked::Object(Object { subject, object, old, namespace, who: who(request) })
        }
    })
}

fn who(request: &Map<String, Value>) -> Who<'_> {
    let Some(info) = request.get("userInfo") else { return Who::default() };
    let groups = info.get("groups").and_then(Value::as_array).into_iter().flatten();
    Who {
        user: info.get("username").and_then(Value::as_str).unwrap_or_default(),
        groups: groups.filter_map(Value::as_str).collect(),
    }
}

fn object<'a>(path: &str, value: &'a Value) -> Result<&'a Map<String, Value>, Problem> {
    match value {
        Value::Object(map) => Ok(map),
        Value::Null => Err(bad(path, "nothing", "an object")),
        other => Err(bad(path, json_kind(other), "an object")),
    }
}

fn text<'a>(map: &'a Map<String, Value>, name: &str) -> Result<&'a str, Problem> {
    text_at(map, name, &format!("request.{name}"))
}

fn text_at<'a>(map: &'a Map<String, Value>, name: &str, path: &str) -> Result<&'a str, Problem> {
    match map.get(name) {
        Some(Value::String(text)) => Ok(text),
        Some(Value::Null) | None => Err(bad(path, "nothing", "a text")),
        Some(other) => Err(bad(path, json_kind(other), "a text")),
    }
}

fn bad(path: &str, found: impl Into<String>, expected: &str) -> Problem {
    Problem::new("bad-request", path, found, expected)
}
