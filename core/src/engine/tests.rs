//! Rules of the profiles.

use super::*;
use crate::ratio::Ratio;
use crate::units::Bytes;

#[test]
fn a_version_finds_the_profile_that_stands_for_it() {
    let vllm = |version| for_version(Maker::Vllm, version).unwrap().id;
    assert_eq!(vllm("0.33.0"), "vllm-0.33");
    assert_eq!(vllm("1.2"), "vllm-0.33");
    assert_eq!(vllm("0.27.1"), "vllm-0.21");
    assert_eq!(vllm("0.20.2rc1.dev249+glm"), "vllm-0.14");
    assert_eq!(vllm("v0.11.1rc3.dev29"), "vllm-0.9");
    assert_eq!(vllm("0.8.5.post1"), "vllm-0.6");
    assert_eq!(vllm("0.4.2"), "vllm-0.6");
    assert_eq!(vllm("nightly"), "vllm-0.6");
    assert_eq!(for_version(Maker::Sglang, "0.4.4").unwrap().id, "sglang-0.5");
}

#[test]
fn ids_are_apart_and_tiers_end_with_every_device() {
    for (place, engine) in ENGINES.iter().enumerate() {
        assert_eq!(find(engine.id).unwrap().name, engine.name);
        assert!(ENGINES[..place].iter().all(|earlier| earlier.id != engine.id), "{}", engine.id);
        assert_eq!(engine.tiers.last().unwrap().from, Bytes::ZERO, "{}", engine.id);
        assert!(engine.tiers.is_sorted_by(|larger, smaller| larger.from > smaller.from), "{}", engine.id);
    }
}

/// 81,559 MiB: 512 + 1.5 x 8,192 + 2 x 256 + 128 are 13,440, so (81,559 - 13,440) / 81,559 = 0.835.
#[test]
fn sglang_reserves_by_batch() {
    let engine = find("sglang-0.5").unwrap();
    let share = |mib, tokens, seqs, ranks| {
        engine.default_share(Bytes::from_mib(mib), tokens, seqs, ranks).to_string()
    };
    assert_eq!(share(81_559, 8192, 256, 1), "0.835");
    // 512 + 3,072 + 48 + 128 of 24,564.
    assert_eq!(share(24_564, 2048, 24, 1), "0.847");
    // Above 60 GiB at least 10 GiB: 71,319 of 81,559.
    assert_eq!(share(81_559, 2048, 8, 1), "0.874");
    assert_eq!(share(1000, 2048, 8, 1), Ratio::percent(1).to_string());
    assert_eq!(find("vllm-0.9").unwrap().default_share(Bytes::from_gib(80), 1, 1, 1), Ratio::percent(90));
}
