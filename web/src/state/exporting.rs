//! What is to be written for a cluster, as chosen.

use migfit::engine::Serving;
use migfit_errands::Wanted;

use super::ModelInput;

/// The kind that is shown first.
const FIRST: &str = "deployment";
/// How a device is asked for at first.
const SPELLING: &str = "mixed";

/// GPUs of one node: as many as most machines that can be rented have.
const GPUS: &str = "8";

/// An untouched choice.
#[must_use]
pub fn untouched() -> Wanted {
    Wanted {
        kind: FIRST.to_owned(),
        spelling: SPELLING.to_owned(),
        gpus: GPUS.to_owned(),
        ..Wanted::default()
    }
}

/// `chosen` for this model, served so on `device`, whose GPU is cut as `card` says.
#[must_use]
pub fn wanted(
    chosen: &Wanted,
    model: &ModelInput,
    serving: &Serving,
    device: &str,
    card: Option<&str>,
) -> Wanted {
    let id = if chosen.id.trim().is_empty() { model.name.clone() } else { chosen.id.trim().to_owned() };
    Wanted {
        id,
        config: model.text.to_string(),
        serving: serving.clone(),
        device: device.to_owned(),
        layout: card.unwrap_or_default().to_owned(),
        ..chosen.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_for_the_open_model_and_device() {
        let model = ModelInput { text: "{}".into(), name: "org/own".to_owned(), ..ModelInput::default() };
        let serving = Serving { sequences: 3, ..Serving::default() };
        let wanted = |chosen: &Wanted| wanted(chosen, &model, &serving, "H100-80GB", Some("3g.40gb@0"));
        let first = wanted(&untouched());
        assert_eq!((first.kind.as_str(), first.id.as_str(), first.config.as_str()), (FIRST, "org/own", "{}"));
        assert_eq!((first.device.as_str(), first.layout.as_str()), ("H100-80GB", "3g.40gb@0"));
        assert_eq!(first.serving, serving);
        let own = Wanted { id: " org/other ".to_owned(), ..untouched() };
        assert_eq!(wanted(&own).id, "org/other");
    }
}
