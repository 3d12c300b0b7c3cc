//! Where the facts of a container's model come from.

use serde_json::Value;

use super::context::Context;
use crate::catalog::{self, Entry};
use crate::kubernetes::{Container, Launch, PodSpec};
use crate::model::json::kind;
use crate::model::{self, Model};
use crate::problem::Problem;

/// Annotation with the id of the model.
const MODEL: &str = "migfit.io/model";
/// Annotation with the text of the model's `config.json`.
const CONFIG: &str = "migfit.io/config";

/// A `config.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Config<'a> {
    /// Parsed.
    Json(&'a Value),
    /// As text.
    Text(&'a str),
    /// Of a well-known model.
    Catalog(Entry),
}

/// A model that a door knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// Where it was found, for the reader: `settings`.
    pub source: &'a str,
    /// Where its config stands, in front of the subject of a problem: `settings.models["a"].config`.
    pub place: String,
    /// Its config. Read when it is needed.
    pub config: Config<'a>,
}

impl Known<'_> {
    /// The model.
    ///
    /// # Errors
    /// The problem of the config, with its place.
    pub fn model(&self) -> Result<Model, Problem> {
        let read = match self.config {
            Config::Json(Value::Object(config)) => model::read_object(config),
            Config::Json(other) => return Err(self.no_config(other)),
            Config::Text(text) => model::read(text),
            Config::Catalog(entry) => entry.model(),
        };
        read.map_err(|problem| at(&self.place, problem))
    }

    fn no_config(&self, found: &Value) -> Problem {
        let found = if found.is_null() { "nothing" } else { kind(found) };
        Problem::new("bad-setting", &self.place, found, "the object of a config.json")
    }
}

/// A model and where it was found.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// The model.
    pub(super) model: Model,
    /// Its id, or its architecture where it has none.
    pub(super) name: String,
    /// Where it was found: `annotation migfit.io/config`.
    pub(super) source: String,
    /// The smaller model that drafts for it, where one is named and known.
    pub(super) draft: Option<Model>,
}

/// The model of `container`; `Ok(Err(name))` where none is named, or the named one is not known.
///
/// # Errors
/// The problem of a config that is there and cannot be read.
pub(super) fn find(
    pod: &PodSpec,
    container: &Container,
    launch: &Launch,
    context: &Context,
) -> Result<Result<Facts, Option<String>>, Problem> {
    let annotated = annotation(pod, container, MODEL);
    let name = annotated.as_ref().map(|(_, name)| (*name).to_owned()).or_else(|| launch.model.clone());
    if let Some((key, text)) = annotation(pod, container, CONFIG) {
        let source = format!("annotation {key}");
        let model = model::read(text).map_err(|problem| at(&source, problem))?;
        let name = name.unwrap_or_else(|| title(&model));
        return Ok(Ok(Facts { model, name, source, draft: draft(launch, context)? }));
    }
    let Some(name) = name else {
        return Ok(Err(None));
    };
    match named(&name, context)? {
        Some((model, source)) => Ok(Ok(Facts { model, name, source, draft: draft(launch, context)? })),
        None => Ok(Err(Some(name))),
    }
}

/// The model of an id and where it was found: among those that the door knows, else in the catalog.
fn named(name: &str, context: &Context) -> Result<Option<(Model, String)>, Problem> {
    if let Some(known) = context.models.get(name) {
        return Ok(Some((known.model()?, known.source.to_owned())));
    }
    catalog::entry(name).map(|entry| Ok((entry.model()?, "the catalog".to_owned()))).transpose()
}

/// The smaller model that drafts.
fn draft(launch: &Launch, context: &Context) -> Result<Option<Model>, Problem> {
    let Some(name) = &launch.draft else { return Ok(None) };
    Ok(named(name, context)?.map(|(model, _)| model))
}

/// The name of the model of `container`, where its facts are not on the object itself.
#[must_use]
pub fn model_name(pod: &PodSpec, container: &Container, launch: &Launch) -> Option<String> {
    if annotation(pod, container, CONFIG).is_some() {
        return None;
    }
    let annotated = annotation(pod, container, MODEL).map(|(_, name)| name.to_owned());
    annotated.or_else(|| launch.model.clone())
}

/// The model of `container`, `None` where none is named or the named one is not known.
///
/// # Errors
/// The problem of a config that is there and cannot be read.
pub fn find_model(
    pod: &PodSpec,
    container: &Container,
    launch: &Launch,
    context: &Context,
) -> Result<Option<Model>, Problem> {
    Ok(find(pod, container, launch, context)?.ok().map(|facts| facts.model))
}

/// The annotation `key` for this container (`key.<container>`), or for the whole pod.
fn annotation<'a>(pod: &'a PodSpec, container: &Container, key: &str) -> Option<(String, &'a str)> {
    [format!("{key}.{}", container.name), key.to_owned()]
        .into_iter()
        .find_map(|key| pod.annotations.get(&key).map(|text| (key, text.as_str())))
}

fn title(model: &Model) -> String {
    if model.architecture.is_empty() { model.model_type.clone() } else { model.architecture.clone() }
}

/// `problem` with the place of the config in front of its subject.
fn at(place: &str, problem: Problem) -> Problem {
    let subject = format!("{place}: {}", problem.subject);
    problem.about(subject)
}
