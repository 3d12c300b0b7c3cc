//! `cargo bench -p migfit --bench matching`: workloads against pools, estimates included.
#![allow(clippy::expect_used, reason = "a benchmark of a wrong input must not run")]

use divan::{Bencher, black_box};
use migfit::catalog;
use migfit::engine::Serving;
use migfit::fleet::pools::{Cut, Origin, Pool, Supply, Unit};
use migfit::gpu::{Device, devices};
use migfit::matching::pools::{Ledger, Matcher};
use migfit::matching::requirement::Requirement;
use migfit::memory::Plan;
use migfit::model::Model;

/// Workloads and pools: 10^3 to 10^7 pairs.
const SIZES: [(usize, usize); 5] = [(10, 100), (100, 100), (100, 1000), (1000, 1000), (10_000, 1000)];

const MODELS: [&str; 5] = [
    "meta-llama/Llama-3.1-8B-Instruct",
    "google/gemma-3-27b-it",
    "openai/gpt-oss-120b",
    "Qwen/Qwen2.5-7B-Instruct",
    "deepseek-ai/DeepSeek-V3",
];

fn main() {
    divan::main();
}

/// Pools that go through every device of the catalog, each with a price of its own.
fn pools(count: usize) -> Vec<Pool> {
    let pool = |(at, device): (usize, &Device<'static>)| Pool {
        nodes: 1 + at as u64 % 7,
        max_nodes: 8,
        supplies: vec![Supply::plain(Unit::of(device), 8)],
        cuts: vec![Cut { card: device.gpu.key.to_string(), gpus: 8, layout: Vec::new() }],
        multi_node: Some(at % 2 == 0),
        ..Pool::empty(&format!("pool-{at}"), Origin::Own)
    };
    devices().iter().cycle().take(count).enumerate().map(pool).collect()
}

/// Workloads of one model, no two served alike.
fn workloads(count: usize) -> Vec<(usize, Serving)> {
    let serving = |at: usize| Serving {
        max_model_len: Some(1024 + 16 * (at as u64 % 64)),
        sequences: 1 + at as u64 / 64 % 32,
        tensor_parallel: [1, 1, 1, 2, 4][at % 5],
        ..Serving::default()
    };
    (0..count).map(|at| (at % MODELS.len(), serving(at))).collect()
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn workloads_by_pools(bencher: Bencher<'_, '_>, (asked, there): (usize, usize)) {
    let models: Vec<Model> = MODELS
        .iter()
        .map(|id| catalog::find(id).and_then(|entry| entry.model()).expect("a model of the catalog"))
        .collect();
    let (pools, workloads) = (pools(there), workloads(asked));
    let (ledger, _) = Ledger::new(&pools);
    bencher.counter(divan::counter::ItemsCount::new(asked * there)).bench(|| {
        let matcher = Matcher::new(black_box(&pools));
        let mut best = 0;
        for (model, serving) in &workloads {
            let plan = Plan::new(&models[*model], serving).expect("a serving that can be used");
            let answer = matcher.answer(&Requirement::estimated("w", plan), &ledger);
            best += answer.ranked.first().map_or(0, |one| one.pool);
        }
        best
    });
}
