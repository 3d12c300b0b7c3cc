//! `cargo bench -p migfit --bench estimate`: reading and counting a config, and one model against every device of the
//! catalog. What was measured stands in `docs/benchmarks.md`.
#![allow(clippy::expect_used, reason = "a benchmark of a wrong input must not run")]

use divan::{Bencher, black_box};
use migfit::catalog;
use migfit::engine::Serving;
use migfit::gpu::devices;
use migfit::matching::{advise, fit};
use migfit::model::Model;

const MODELS: [&str; 3] =
    ["meta-llama/Llama-3.1-8B-Instruct", "openai/gpt-oss-120b", "deepseek-ai/DeepSeek-V3"];

fn main() {
    divan::main();
}

fn model(id: &str) -> Model {
    catalog::find(id).and_then(|entry| entry.model()).expect("a model of the catalog")
}

#[divan::bench(args = MODELS)]
fn read_and_count(bencher: Bencher<'_, '_>, id: &str) {
    let entry = catalog::find(id).expect("a model of the catalog");
    let text = serde_json::to_string(&entry.config().expect("its config")).expect("an object");
    bencher.bench(|| migfit::model::read(black_box(&text)).map(|model| model.parameters()));
}

#[divan::bench(args = MODELS)]
fn plan(bencher: Bencher<'_, '_>, id: &str) {
    let (model, serving) = (model(id), Serving { max_model_len: Some(8192), ..Serving::default() });
    bencher.bench(|| migfit::memory::Plan::new(black_box(&model), &serving).map(|plan| plan.loaded.bytes()));
}

#[divan::bench(args = MODELS)]
fn whole_catalog(bencher: Bencher<'_, '_>, id: &str) {
    let (model, serving) = (model(id), Serving { max_model_len: Some(8192), ..Serving::default() });
    bencher.bench(|| fit(black_box(&model), &serving, devices()));
}

#[divan::bench]
fn advice_for_one_device(bencher: Bencher<'_, '_>) {
    let (model, serving) = (model(MODELS[0]), Serving { max_model_len: Some(8192), ..Serving::default() });
    let device = migfit::gpu::device("H100-80GB 1g.10gb").expect("a device of the catalog");
    bencher.bench(|| advise(black_box(&model), &serving, &device));
}
