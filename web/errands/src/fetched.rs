//! What the Hub gave for an id: a config, perhaps a file beside it, and what it says of the checkpoint.

use migfit::inspect::{Comparison, compare};
use migfit::model::{self, evidence};
use migfit::problem::Problem;
use migfit::units::grouped;
use serde::{Deserialize, Serialize};

use crate::{Done, Progress, read};

/// The texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The id.
    pub id: String,
    /// `config.json`.
    pub config: String,
    /// The file beside it that says how weights are packed: its name and text.
    pub side: Option<(String, String)>,
    /// The Hub's own answer about the model.
    pub about: String,
}

/// The model, with a note of how the count stands to the checkpoint.
pub(crate) fn done(fetched: &Fetched, tell: &mut dyn FnMut(Progress)) -> Result<Done, Problem> {
    let read = match &fetched.side {
        // A config that tells the packing itself is believed before a file beside it.
        Some((name, side)) if !fetched.config.contains("\"quantization_config\"") => {
            read::read(name, side, &fetched.config, tell)?
        }
        _ => read::read("config.json", &fetched.config, "", tell)?,
    };
    let Done::Model { text, mut notes, .. } = read else {
        return Err(Problem::new("not-a-config", "config.json", "something else", "a model's config"));
    };
    if let (Ok(model), Ok(evidence)) = (model::read(&text), evidence::read(fetched.about.as_bytes())) {
        notes.extend(note(&compare(&model, evidence)));
    }
    Ok(Done::Model { name: fetched.id.clone(), text, same: false, notes })
}

fn note(compared: &Comparison) -> Option<String> {
    let stored = grouped(compared.evidence.elements?);
    let difference = compared.difference_elements?;
    if difference == 0 {
        return Some(format!("its files hold {stored} parameters, exactly those counted here"));
    }
    let side = if difference > 0 { "more" } else { "fewer" };
    let why = if compared.explained_by.is_empty() {
        String::new()
    } else {
        format!(" ({})", compared.explained_by.join(", "))
    };
    Some(format!(
        "its files hold {stored} parameters, {} {side} than counted here{why}",
        grouped(difference.unsigned_abs())
    ))
}

/// The file beside a config that says how weights are packed, among the `files` of a repository; `None` for both
/// where the Hub does not list them.
///
/// # Errors
/// `no-config` where there is no config among them.
pub fn side_file(files: Option<&[String]>) -> Result<Option<&'static str>, Problem> {
    let has = |name: &str| files.into_iter().flatten().any(|file| file == name);
    if files.is_some() && !has("config.json") {
        return Err(Problem::new(
            "no-config",
            "repository",
            "no config.json",
            "a model in the format of transformers",
        )
        .hint("files for other programs, such as GGUF, do not say what is needed here"));
    }
    Ok(["hf_quant_config.json", "quantize_config.json"].into_iter().find(|name| has(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::GRANITE;

    fn fetched(about: &str, side: Option<&str>) -> Done {
        let side = side.map(|side| ("hf_quant_config.json".to_owned(), side.to_owned()));
        let fetched =
            Fetched { id: "ibm/granite".into(), config: GRANITE.into(), side, about: about.to_owned() };
        done(&fetched, &mut |_| ()).unwrap()
    }

    #[test]
    fn the_count_is_held_against_the_checkpoint() {
        let exact = r#"{"safetensors": {"parameters": {"F32": 6738415616}, "total": 6738415616}}"#;
        let Done::Model { name, notes, .. } = fetched(exact, None) else { panic!("no model") };
        assert_eq!(name, "ibm/granite");
        assert_eq!(notes, ["its files hold 6,738,415,616 parameters, exactly those counted here"]);
        let more = r#"{"safetensors": {"parameters": {"F32": 6738415617}}}"#;
        let Done::Model { notes, .. } = fetched(more, None) else { panic!("no model") };
        assert_eq!(notes, ["its files hold 6,738,415,617 parameters, 1 more than counted here"]);
        let Done::Model { notes, .. } = fetched("{}", None) else { panic!("no model") };
        assert_eq!(notes, Vec::<String>::new());
    }

    #[test]
    fn a_file_beside_the_config_says_how_weights_are_packed() {
        let side = r#"{"quantization": {"quant_algo": "FP8"}}"#;
        let Done::Model { text, .. } = fetched("{}", Some(side)) else { panic!("no model") };
        assert_eq!(model::read(&text).unwrap().quantization.unwrap().method, "modelopt FP8");
    }

    #[test]
    fn the_files_of_a_repository_tell_which_are_beside_the_config() {
        let side = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            side_file(Some(&names))
        };
        assert_eq!(side(&["config.json", "hf_quant_config.json"]), Ok(Some("hf_quant_config.json")));
        assert_eq!(side(&["config.json"]), Ok(None));
        assert_eq!(side(&["a.gguf"]).unwrap_err().code, "no-config");
        assert_eq!(side_file(None), Ok(None));
    }
}
