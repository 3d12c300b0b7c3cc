//! Where the facts of a container's model come from.

use migfit::kubernetes::{Container, Launch, PodSpec};
use migfit::model::{self, Model};
use migfit::problem::Problem;

use crate::settings::{self, Settings};

/// Annotation with the id of the model, to be found in the settings.
const MODEL: &str = "migfit.io/model";
/// Annotation with the text of the model's `config.json`.
const CONFIG: &str = "migfit.io/config";

/// A model and where it was found.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The model.
    pub(crate) model: Model,
    /// Its id, or its architecture where it has none.
    pub(crate) name: String,
    /// Where it was found: `annotation migfit.io/config`.
    pub(crate) source: String,
}

/// The model of `container`; `Ok(Err(name))` where none is named, or the named one is not known.
///
/// # Errors
/// The problem of a config that is there and cannot be read.
pub(crate) fn find(
    pod: &PodSpec,
    container: &Container,
    launch: &Launch,
    settings: &Settings,
) -> Result<Result<Facts, Option<String>>, Problem> {
    let annotated = annotation(pod, container, MODEL);
    let name = annotated.as_ref().map(|(_, name)| (*name).to_owned()).or_else(|| launch.model.clone());
    if let Some((key, text)) = annotation(pod, container, CONFIG) {
        let source = format!("annotation {key}");
        let model = model::read(text).map_err(|problem| settings::at(&source, problem))?;
        let name = name.unwrap_or_else(|| title(&model));
        return Ok(Ok(Facts { model, name, source }));
    }
    let Some(name) = name else {
        return Ok(Err(None));
    };
    match settings.models.and_then(|models| models.get(&name)) {
        Some(entry) => {
            let model = settings::read_model(&name, entry)?;
            Ok(Ok(Facts { model, name, source: "settings".to_owned() }))
        }
        None => Ok(Err(Some(name))),
    }
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
