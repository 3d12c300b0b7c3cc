//! From a state to what is shown, without a browser.

use migfit::matching::Verdict;

use super::bar::{Bar, Part};
use super::rows::rows;
use super::*;
use crate::state::examples::{GRANITE_7B_BASE, GRANITE_FILE};
use crate::state::{Action, Column, State, Table};
use crate::texts;

/// Reads a text at once.
pub(crate) fn here(text: &Rc<str>) -> Option<Read> {
    Some(migfit::model::read(text))
}

fn granite() -> State {
    State::default().apply(Action::Open(GRANITE_FILE.to_owned(), GRANITE_7B_BASE.into()))
}

fn outcome(state: &State) -> Outcome {
    Outcome::of(&Reading::of(&state.model, here), &state.form, &state.gpus)
}

fn judged(state: &State) -> Rc<Judged> {
    match outcome(state) {
        Outcome::Judged(judged) => judged,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_sentence_answers_before_anything_is_touched() {
    let judged = judged(&granite());
    let offer = &judged.report.offers[judged.answer.place.unwrap()];
    assert_eq!(
        judged.answer.text(),
        format!(
            "granite-7b-base at bfloat16 needs {} for 1 sequence of 4,096 tokens: \
             the smallest that holds it is A100-40GB 3g.20gb ({}, {} of it usable).",
            offer.estimate.total, offer.memory, offer.usable
        )
    );
    assert_eq!(judged.answer.resource, "nvidia.com/mig-3g.20gb");
    assert_eq!(judged.answer.verdict, Verdict::Fits);
}

#[test]
fn where_nothing_holds_it_the_nearest_is_named() {
    let mut state = granite();
    state.gpus = Gpus::of(["a30-24gb"]);
    state.form.set(Field::Sequences, "32");
    let judged = judged(&state);
    assert_eq!(judged.answer.verdict, Verdict::No);
    let offer = &judged.report.offers[judged.answer.place.unwrap()];
    assert_eq!(
        judged.answer.text(),
        format!(
            "granite-7b-base at bfloat16 needs {} for 32 sequences of 4,096 tokens: \
             none of these devices holds it. Nearest is A30-24GB ({}, {} of it usable). {} are missing.",
            offer.estimate.total, offer.memory, offer.usable, offer.shortfall
        )
    );
}

#[test]
fn no_model_bad_model_no_gpu_and_bad_settings_are_told_apart() {
    assert_eq!(outcome(&State::default()), Outcome::Empty);
    let bad = outcome(&State::default().apply(Action::Text("{".into())));
    assert!(matches!(bad, Outcome::BadModel(problem) if problem.code == "not-json"));
    assert_eq!(outcome(&granite().apply(Action::Choose(Gpus::none()))), Outcome::NoGpus);
    let long = outcome(&granite().apply(Action::Set(Field::Context, "5000".to_owned())));
    let said: Vec<String> = long.problems().of(Field::Context).map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["max_model_len: found 5,000 tokens, expected at most 4,096 (max_position_embeddings of the model)"]
    );
    assert_eq!(long.problems().of(Field::Sequences).count(), 0);
}

#[test]
fn every_device_has_a_row_and_every_misfit_a_reason() {
    let judged = judged(&granite());
    let rows = rows(&judged.report, judged.answer.place, &Table::default());
    assert_eq!(rows.len(), judged.report.offers.len());
    assert!(rows.iter().all(|row| (row.verdict == Verdict::Fits) == row.reasons.is_empty()));
    assert_eq!(rows.iter().filter(|row| row.answer).count(), 1);
    assert_eq!(rows[0].device, "A100-40GB");
}

#[test]
fn rows_are_sorted_and_filtered() {
    let judged = judged(&granite());
    let shown = |table: &Table| rows(&judged.report, None, table);
    let spare = shown(&Table::default().sorted_by(Column::Spare).sorted_by(Column::Spare));
    assert_eq!(spare[0].device, "H200-141GB");
    assert!(spare[spare.len() - 1].missing);
    let fitting = shown(&Table { fitting: true, ..Table::default() });
    assert!(!fitting.is_empty() && fitting.iter().all(|row| row.verdict != Verdict::No));
    let slices = shown(&Table { filter: " H100-80GB 1G".to_owned(), ..Table::default() });
    assert!(slices.iter().all(|row| row.device.starts_with("H100-80GB 1g")) && slices.len() >= 2);
}

#[test]
fn the_bar_is_the_device_and_what_goes_beyond_it() {
    let judged = judged(&granite());
    let whole = Bar::of(judged.focused(Some("H100-80GB")).unwrap(), "vllm-0.33");
    assert_eq!(whole.device, 1000);
    assert_eq!(whole.usable, 920);
    let words: Vec<&str> = whole.segments.iter().map(|segment| segment.part.word()).collect();
    assert_eq!(words, ["weights", "kv-cache", "activations", "cuda-graphs", "non-torch", "free", "outside"]);
    assert_eq!(whole.segments.iter().map(|segment| segment.width).sum::<u64>(), 1000);
    let small = Bar::of(judged.focused(Some("H100-80GB 1g.10gb")).unwrap(), "vllm-0.33");
    assert!(small.device < 1000);
    assert!(small.segments.iter().all(|segment| segment.part != Part::Free));
}

#[test]
fn the_open_device_is_the_chosen_one_else_the_answer() {
    let judged = judged(&granite());
    let label = |wanted| judged.focused(wanted).map(|offer| offer.device.clone());
    assert_eq!(label(Some("A100-40GB 1g.5gb")).as_deref(), Some("A100-40GB 1g.5gb"));
    assert_eq!(label(Some("no such device")), Some(judged.answer.device.clone()));
    assert_eq!(label(None), Some(judged.answer.device.clone()));
}

#[test]
fn the_parts_of_a_model_stand_largest_first() {
    let Reading::Model(model) = Reading::of(&granite().model, here) else { panic!("no model") };
    let parts = breakdown::parts(&model);
    assert_eq!((parts[0].name.as_str(), parts[0].percent.as_str()), ("dense mlp", "64.2"));
    assert_eq!(parts.iter().map(|part| part.parameters).sum::<u64>(), 6_738_415_616);
}

#[test]
fn advice_is_for_the_open_misfit_else_for_the_next_smaller_device() {
    let judged = judged(&granite());
    let small = advised::of(&judged, None).unwrap();
    let offer =
        |label: &str| judged.report.offers.iter().find(|offer| offer.device == label).unwrap().clone();
    assert_eq!(offer(&small.device).verdict, Verdict::No);
    assert!(offer(&small.device).memory < offer(&judged.answer.device).memory);
    assert_eq!(advised::of(&judged, Some("H100-80GB 1g.10gb")).unwrap().device, "H100-80GB 1g.10gb");
    let way = &small.ways[0];
    let state = granite().apply(Action::Serve(Box::new(way.serving.clone())));
    let after = super::tests::judged(&state);
    let same = after.report.offers.iter().find(|offer| offer.device == small.device).unwrap();
    assert_eq!((same.verdict, same.spare), (way.verdict, way.spare));
}

#[test]
fn the_chart_shows_where_each_profile_of_the_open_gpu_ends() {
    let judged = judged(&granite());
    let chart = chart::of(&judged, judged.focused(Some("H100-80GB")).unwrap()).unwrap();
    assert_eq!(chart.gpu, "H100-80GB");
    assert_eq!(chart.lines.iter().map(|line| line.sequences).collect::<Vec<_>>(), [1, 4, 16]);
    assert_eq!(
        chart.across.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(),
        ["0", "1,024", "2,048", "3,072", "4,096"]
    );
    for limit in &chart.limits {
        let own = |offer: &&Offer| offer.gpu == "h100-80gb-sxm" && offer.capacity.cache_bytes == limit.cache;
        let offer = judged.report.offers.iter().find(own).unwrap();
        assert_eq!(limit.longest[0], offer.capacity.max_context, "{}", limit.label);
    }
    assert!(chart.limits.windows(2).all(|pair| pair[0].at < pair[1].at));
    let one = &chart.lines[0];
    assert_eq!((one.points[0], one.asked), ((0, 0), true));
}

#[test]
fn the_card_is_filled_with_the_open_profile_until_it_is_cut_otherwise() {
    let judged = judged(&granite());
    let open = judged.focused(Some("H100-80GB 3g.40gb")).unwrap();
    let own = card::of(&judged, open, None).unwrap();
    assert_eq!((own.slices, own.holding, own.cells.len()), (8, 2, 2));
    assert!(own.choices.iter().all(|choice| choice.starts.iter().all(|start| start.then.is_err())));
    let cut = card::of(&judged, open, Some("3g.40gb@4")).unwrap();
    assert_eq!(cut.holding, 1);
    let three = cut.choices.iter().find(|choice| choice.name == "3g.40gb").unwrap();
    assert_eq!(three.starts[0].then.as_deref(), Ok("3g.40gb@0, 3g.40gb@4"));
    assert_eq!(three.starts[1].then.as_ref().unwrap_err().code, "no-placement");
    let bad = card::of(&judged, open, Some("9g.99gb@0")).unwrap();
    assert_eq!((bad.cells, bad.refused.is_some()), (own.cells, true));
    let none = card::of(&judged, open, Some(card::NOTHING)).unwrap();
    assert!(none.cells.iter().all(|cell| cell.what == card::What::Free));
}

#[test]
fn every_full_layout_of_the_card_can_be_drawn() {
    let judged = judged(&granite());
    let open = judged.focused(Some("H100-80GB 3g.40gb")).unwrap();
    let card = card::of(&judged, open, None).unwrap();
    assert_eq!(card.layouts.len(), 78);
    for layout in &card.layouts {
        let drawn = card::of(&judged, open, Some(layout)).unwrap();
        assert_eq!(drawn.refused, None, "{layout}");
        assert!(drawn.cells.iter().all(|cell| cell.what != card::What::Free), "{layout} is not full");
    }
}

#[test]
fn what_is_shown_before_the_program_is_loaded_is_what_it_shows() {
    let page = include_str!("../../../www/index.html");
    for text in [texts::TITLE, texts::TAGLINE, texts::ANSWER, texts::EMPTY_TITLE, texts::EMPTY_TEXT] {
        assert!(page.contains(&format!(">{text}</")), "index.html lacks {text:?}");
    }
}
