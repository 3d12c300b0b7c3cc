//! A pool holds a model exactly where `fit` says that its device does.

use migfit::catalog;
use migfit::engine::Serving;
use migfit::fleet::pools::{Origin, Pool, Supply, Unit};
use migfit::gpu::devices;
use migfit::matching::fit;
use migfit::matching::pools::{Ledger, Matcher};
use migfit::matching::requirement::Requirement;
use migfit::memory::Plan;

#[test]
fn every_device_has_the_verdict_that_fit_gives_it() {
    let pool = |device| Pool {
        nodes: 1,
        max_nodes: 1,
        supplies: vec![Supply::plain(Unit::of(device), 1)],
        ..Pool::empty(&device.label(), Origin::Own)
    };
    let pools: Vec<Pool> = devices().iter().map(pool).collect();
    let (ledger, _) = Ledger::new(&pools);
    let matcher = Matcher::new(&pools);
    let mut seen = std::collections::BTreeSet::new();
    for id in ["meta-llama/Llama-3.1-8B-Instruct", "google/gemma-3-27b-it", "Qwen/Qwen2.5-0.5B-Instruct"] {
        let model = catalog::find(id).unwrap().model().unwrap();
        for (engine, tokens, sequences) in
            [("vllm-0.33", 4096, 1), ("vllm-0.9", 8192, 16), ("sglang-0.5", 32_768, 4)]
        {
            let serving = Serving {
                engine: engine.to_owned(),
                max_model_len: Some(tokens),
                sequences,
                ..Serving::default()
            };
            let report = fit(&model, &serving, devices()).unwrap();
            let requirement = Requirement::estimated(id, Plan::new(&model, &serving).unwrap());
            let answer = matcher.answer(&requirement, &ledger);
            assert_eq!(answer.ranked.len(), report.offers.len());
            for placement in &answer.ranked {
                let offer = &report.offers[placement.pool];
                assert_eq!(placement.verdict, offer.verdict, "{id} {engine} {}", offer.device);
                let judged = &answer.kinds[placement.choices[0].kind];
                assert_eq!(judged.need, Some(offer.estimate.total + offer.estimate.beside()));
                assert_eq!(judged.shortfall, offer.shortfall);
                seen.insert(offer.verdict);
            }
        }
    }
    assert!(seen.len() >= 3, "only {seen:?} came up");
}
