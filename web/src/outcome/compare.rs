//! Several models side by side.

use migfit::matching::Verdict;
use migfit::units::grouped;

use super::{Judged, Outcome, Reading, reading};
use crate::state::{Gpus, Kept};
use crate::texts::compare as texts;

/// Models beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What each is called.
    pub heads: Vec<String>,
    /// What is compared, and what each has; empty where a model cannot be judged.
    pub rows: Vec<(&'static str, Vec<String>)>,
    /// Every device, and the verdict on each model.
    pub devices: Vec<(String, Vec<Option<Verdict>>)>,
}

/// `models`, read as `readings` say, each served as it was when it was kept, on the same GPUs.
#[must_use]
pub fn of(models: &[Kept], readings: &[Reading], gpus: &Gpus) -> Compared {
    let outcomes: Vec<(String, Outcome)> =
        models.iter().zip(readings).map(|(kept, reading)| judged(kept, reading, gpus)).collect();
    let judged: Vec<Option<&Judged>> = outcomes
        .iter()
        .map(|(_, outcome)| match outcome {
            Outcome::Judged(judged) => Some(&**judged),
            Outcome::Empty
            | Outcome::Waiting
            | Outcome::BadModel(_)
            | Outcome::BadSettings(_)
            | Outcome::NoGpus => None,
        })
        .collect();
    let row = |name: &'static str, value: fn(&Judged) -> String| {
        (name, judged.iter().map(|judged| judged.map(value).unwrap_or_default()).collect())
    };
    Compared {
        rows: vec![
            row(texts::PARAMETERS, |judged| reading::spoken(judged.model.facts.parameters.total)),
            row(texts::SERVED, |judged| {
                judged.report.quantization.clone().unwrap_or_else(|| judged.report.dtype.to_string())
            }),
            row(texts::SETTINGS, |judged| {
                let tokens = grouped(judged.report.max_model_len);
                format!("{} x {tokens}", grouped(judged.report.sequences))
            }),
            row(texts::NEED, |judged| chosen(judged, |offer| offer.estimate.total.to_string())),
            row(texts::SMALLEST, |judged| match judged.answer.verdict {
                Verdict::No => texts::NOWHERE.to_owned(),
                Verdict::Fits | Verdict::Tight | Verdict::Unknown => judged.answer.device.clone(),
            }),
            row(texts::RESOURCE, |judged| match judged.answer.verdict {
                Verdict::No => String::new(),
                Verdict::Fits | Verdict::Tight | Verdict::Unknown => judged.answer.resource.clone(),
            }),
            row(texts::LONGEST, |judged| chosen(judged, |offer| grouped(offer.capacity.max_context))),
            row(texts::MOST, |judged| {
                chosen(judged, |offer| offer.capacity.max_sequences.map_or(texts::ANY.to_owned(), grouped))
            }),
        ],
        devices: devices(&judged),
        heads: outcomes.into_iter().map(|(name, _)| name).collect(),
    }
}

fn judged(kept: &Kept, reading: &Reading, gpus: &Gpus) -> (String, Outcome) {
    let name = match reading {
        Reading::Model(model) => model.name.clone(),
        Reading::Nothing | Reading::Waiting | Reading::Bad(_) => reading::short(&kept.model).to_owned(),
    };
    (name, Outcome::of(reading, &kept.form, gpus))
}

fn chosen(judged: &Judged, value: impl Fn(&migfit::matching::Offer) -> String) -> String {
    judged.focused(None).map(value).unwrap_or_default()
}

fn devices(judged: &[Option<&Judged>]) -> Vec<(String, Vec<Option<Verdict>>)> {
    let Some(first) = judged.iter().flatten().next() else { return Vec::new() };
    let row = |(place, offer): (usize, &migfit::matching::Offer)| {
        let verdict = |judged: &Option<&Judged>| Some(judged.as_ref()?.report.offers.get(place)?.verdict);
        (offer.device.clone(), judged.iter().map(verdict).collect())
    };
    first.report.offers.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::here;
    use crate::state::examples::GRANITE_7B_BASE;
    use crate::state::{Action, Field, State};

    fn readings(state: &State) -> Vec<Reading> {
        state.kept.iter().map(|kept| Reading::of(&kept.model, here)).collect()
    }

    #[test]
    fn models_stand_beside_each_other_each_served_as_it_was_kept() {
        let open = State::default().apply(Action::Open("granite.json".to_owned(), GRANITE_7B_BASE.into()));
        let state = open
            .apply(Action::Keep)
            .apply(Action::Set(Field::Quantization, "fp8".to_owned()))
            .apply(Action::Keep)
            .apply(Action::Keep);
        assert_eq!(state.kept.len(), 2, "the same twice is kept once");
        let compared = of(&state.kept, &readings(&state), &Gpus::of(["h100-80gb-sxm"]));
        assert_eq!(compared.heads, ["granite", "granite"]);
        let row = |name: &str| compared.rows.iter().find(|row| row.0 == name).unwrap().1.clone();
        assert_eq!(row(texts::SERVED), ["bfloat16", "fp8"]);
        assert_eq!(row(texts::SMALLEST), ["H100-80GB 1g.20gb", "H100-80GB 1g.20gb"]);
        assert_eq!(compared.devices[0], ("H100-80GB".to_owned(), vec![Some(Verdict::Fits); 2]));
    }

    #[test]
    fn a_model_that_cannot_be_judged_leaves_its_column_empty() {
        let bad = State::default().apply(Action::Text("{}".into())).apply(Action::Keep);
        let compared = of(&bad.kept, &readings(&bad), &Gpus::default());
        assert_eq!(compared.rows[0].1, [""]);
        assert!(compared.devices.is_empty());
    }
}
