//! What is printed at the start, at its edges, and formulas in words.

use super::{LARGE, granite, known, on, terms};
use crate::engine::Serving;
use crate::memory::{Plan, Startup};
use crate::model::Group;
use crate::units::Bytes;

#[test]
fn an_engine_starts_with_just_enough() {
    let (model, serving) = (granite(), Serving::default());
    let plan = Plan::new(&model, &serving).unwrap();
    let need = plan.estimate(LARGE, 1, 4096);
    let with = |usable: Bytes| Startup::of(&plan, LARGE, &need, usable);
    // 256 blocks of 8 MiB for one sequence, and the one that is never handed out.
    let just = need.fixed() + Bytes::from_mib(257 * 8);
    assert_eq!((with(just).error(), with(just).concurrency()), (None, Some(100)));
    assert_eq!(with(need.fixed() + Bytes::from_mib(512 * 8)).concurrency(), Some(200));
    let short = with(need.fixed() + Bytes::from_mib(256 * 8));
    assert!(short.error().unwrap().ends_with("the estimated maximum model length is 4080."));
    assert_eq!((short.lines(), short.concurrency()), (Vec::new(), None));
    let free = LARGE.memory.minus(Bytes::new(644_245_094));
    assert_eq!(with(free).error(), None);
    let more = with(free + Bytes::new(1)).error().unwrap();
    assert!(more.starts_with("Free memory on device cuda:0 (79.40/80.00 GiB)"), "{more}");
}

#[test]
fn the_formula_of_weights_names_what_there_is() {
    let said = |serving: &Serving| terms(&granite(), serving, LARGE).remove(0).2;
    assert_eq!(
        said(&Serving::default()),
        "6,738,415,616 parameters at bfloat16; 1.0 MiB for rotary positions, 0 B in pieces that the allocator does not cut"
    );
    let two = Serving { tensor_parallel: 2, cpu_offload_gb: Some(1), ..Serving::default() };
    assert!(
        said(&two).starts_with("6,738,415,616 parameters at bfloat16, one of 2 ranks; 1.0 MiB for rotary")
    );
    assert!(said(&two).ends_with("; 1.0 GiB of it in the host's memory"));
    let packed = Serving { quantization: "fp8".to_owned(), ..Serving::default() };
    assert!(said(&packed).starts_with("6,738,415,616 parameters, fp8, the rest at bfloat16; "));
    let mut still = granite();
    still.rotary.clear();
    assert_eq!(terms(&still, &Serving::default(), LARGE).remove(0).2, "6,738,415,616 parameters at bfloat16");
}

#[test]
fn text_alone_leaves_the_tower_out() {
    let model = known("Qwen/Qwen2.5-VL-7B-Instruct");
    let weights = |images_per_prompt, videos_per_prompt| {
        let serving = Serving { images_per_prompt, videos_per_prompt, ..on("vllm-0.33") };
        Plan::new(&model, &serving).unwrap().weights.bytes
    };
    let tower: u64 = model
        .parameters()
        .groups
        .iter()
        .filter(|row| matches!(row.group, Group::VisionTower | Group::Projector))
        .map(|row| row.parameters)
        .sum();
    let text = weights(Some(0), Some(0));
    assert_eq!(weights(None, None), text + Bytes::new(tower * 2));
    assert_eq!(weights(Some(0), None), weights(None, None), "videos pass it as well");
}
